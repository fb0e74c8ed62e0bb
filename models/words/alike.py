"""Whether two texts that were written differently name the same thing, and finding things by what is typed.

Names, plates and phone numbers are compared by their keys, and nothing else is done with a key: what was typed is
stored and shown as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DOTS = "·•・‧∙⋅.。"
_DASHES = "-‐‑‒–—―−"
_BARE = dict.fromkeys(map(ord, f" \t\n{_DOTS}{_DASHES}"))
# Patterns are compiled when they are first used, which no start waits for.
_BETWEEN_DIGITS = rf"(?<=\d)\s*[{re.escape(_DOTS + _DASHES)}]\s*(?=\d)"
_PHONE = r"[+(]*\d[\d\s()./-]*\d"
_ON = "(?:(?:/[^ /]+)* (?:[^ /]+/)*)?"  # from a part of a spelling to the next, past other readings of both
_LEAST = 5  # digits of what is sought as part of a phone number, so that it is not found in every date
_PROVINCE = "[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
_PLATE = rf"(?i){_PROVINCE}[a-z][a-z0-9\s{re.escape(_DOTS + _DASHES)}]*[学警挂港澳领试超]?"
_PLATE_LENGTHS = (7, 8)


def fold(text: str) -> str:
    """The text with full-width characters and letter case made the same."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def key(name: str) -> str:
    """What the ways of writing one name have in common: of a person, a guest, a client, a room, a restaurant, a hotel.

    Letter case, full width, blanks, dots and hyphens make no difference (`李 明` is `李明`, `买买提•吐尔逊` is
    `买买提·吐尔逊`), except a dot or hyphen between two digits: rooms 1-11 and 11-1 are two.
    """
    folded = fold(name)
    parts = [part.translate(_BARE) for part in re.split(_BETWEEN_DIGITS, folded)]
    return fold("-".join(parts) if any(parts) else "".join(folded.split()))


def plate(text: str) -> str:
    """What the ways of writing one number plate have in common: `浙ap5218` is `浙A·P5218`."""
    return _bare(text)


def phone(text: str) -> str:
    """What the ways of writing one phone number have in common: its digits, without China's +86 and the 0 before an
    area code; `+86 139-0000-2001` is `13900002001`. A number of another country begins with `+`."""
    folded = fold(text).strip()
    digits = "".join([char for char in folded if char.isdecimal()])
    abroad = folded.lstrip("(").startswith("+") or digits.startswith("00")
    digits = digits.lstrip("0") if abroad else digits
    if digits.startswith("86") and (abroad or len(digits) == 13):
        return digits[2:].lstrip("0")
    return f"+{digits}" if abroad and digits else digits.lstrip("0")


def same(one: str, other: str) -> bool:
    """Whether two texts are one name (see `key`)."""
    return key(one) == key(other)


def odd_plates(text: str) -> list[str]:
    """The plates of the Chinese mainland in a text that have another number of characters than they must: seven, or
    eight of new-energy cars. Of other plates nothing is known."""
    runs = [run.strip() for run in re.findall(_PLATE, unicodedata.normalize("NFKC", text))]
    return [run for run in runs if len(_bare(run)) not in _PLATE_LENGTHS]


def named(typed: str, name: str, *spelt: str) -> bool:
    """Whether what is typed is a whole name, or the whole of a spelling of it (`spelt`, see `pinyin`)."""
    if not typed.strip():
        return False
    return same(typed, name) or any(_spelt_so(typed, whole=True).fullmatch(each) for each in spelt)


def found(typed: str, *texts: str, spelt: tuple[str, ...] = ()) -> bool:
    """Whether what is typed so far is part of one of the texts, of a phone number in one, or of one of the spellings,
    by any reading of its characters (`spelt`, see `pinyin`). Compared as by `key`; nothing typed finds everything."""
    wanted = _bare(typed)
    if not wanted:
        return not typed.strip() or any(fold(typed).strip() in fold(text) for text in texts)
    if any(wanted in _bare(text) for text in texts):
        return True
    sought = _spelt_so(typed)
    if any(sought.search(each) for each in spelt):
        return True
    number = re.fullmatch(_PHONE, fold(typed).strip())
    digits = phone(typed) if number else ""
    return len(digits) >= _LEAST and any(
        digits in phone(run) for text in texts for run in re.findall(_PHONE, fold(text))
    )


@lru_cache(64)
def _spelt_so(typed: str, *, whole: bool = False) -> re.Pattern[str]:
    """Finds the letters in a spelling: from the beginning of a part on, from each part to the next by any reading."""
    letters = _ON.join([re.escape(char) for char in _bare(typed).replace("ü", "v")])
    return re.compile(f"(?:[^ /]+/)*{letters}(?:/[^ /]+)*" if whole else f"(?<![^ /]){letters}")


def _bare(text: str) -> str:
    return fold(text).translate(_BARE)
