"""Phone numbers as those see them who have no need of them: 138****5678."""

from __future__ import annotations

import re

FIRST, LAST = 3, 4
"""So many digits of a number of mobile phones stay to be seen at its beginning and at its end."""
MOBILE = 11
_NUMBER = (
    r"(?<![0-9+])(?:\+[0-9][0-9 ()\-]{6,}[0-9]|1[3-9][0-9][ \-]?[0-9]{4}[ \-]?[0-9]{4}"
    r"|0[0-9]{2,3}[ \-][0-9]{7,8}|[0-9]{7,})(?![0-9])"
)
"""With their country, of mobile phones, with their town, and whatever else has seven digits in a row; not a day."""
_HIDDEN = "*"


def mask(phone: str) -> str:
    """The number with its middle hidden: of fewer than eleven digits as many stay in proportion; whatever is no digit
    stays where it is."""
    digits = sum(char.isdigit() for char in phone)
    first, last = (FIRST, LAST) if digits >= MOBILE else (digits // 4, digits // 4)
    seen, found = 0, []
    for char in phone:
        seen += char.isdigit()
        hidden = char.isdigit() and first < seen <= digits - last
        found.append(_HIDDEN if hidden else char)
    return "".join(found)


def mask_numbers(text: str) -> str:
    """A text in which every number that may be a phone's or an identity paper's is masked."""
    return re.sub(_NUMBER, lambda found: mask(found[0]), text)


def kept(typed: str, stored: str) -> str:
    """What is to be stored for a number that was shown masked: the one that is, where it was left as it was."""
    return stored if stored and typed == mask(stored) else typed
