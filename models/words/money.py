"""Amounts of money as people type them and as the program says them; always integer minor units."""

from __future__ import annotations

import unicodedata

from models.words.catalogue import Phrase, Unreadable
from models.words.clean import clean
from models.words.width import cut

MOST = 999_999_999  # main units


class NotMoney(Unreadable):
    """What was typed is no amount; `phrase` names it and says what may be written."""


def say_money(minor: int, digits: int = 2) -> str:
    """Minor units (`digits` decimals to one main unit) as `1,760`, or `1,760.50` where it is not whole."""
    main, rest = divmod(abs(minor), int(10**digits))
    sign = "-" if minor < 0 else ""
    return f"{sign}{main:,}.{rest:0{digits}d}" if rest else f"{sign}{main:,}"


def parse_money(text: str, digits: int = 2) -> int:
    """The minor units of an amount typed in main units: `1,760`, `1760.5`, `¥1760`, `1760元`, full-width too.
    Raises NotMoney for anything else, negative amounts, too many decimals and more than MOST."""
    typed = unicodedata.normalize("NFKC", clean(text).replace("。", ".")).strip()
    number = typed.removeprefix("¥").removesuffix("元").strip()
    if number.startswith("-") and _plain(number[1:]):
        raise _refused("money.negative", text)
    if not _plain(number):
        raise _refused("money.not_money", text)
    main, _, decimals = number.replace(",", "").partition(".")
    if len(decimals) > digits:
        raise _refused("money.decimals" if digits else "money.whole", text, digits=digits)
    if len(main.lstrip("0")) > len(str(MOST)) or int(main) > MOST:
        raise _refused("money.too_much", text, most=f"{MOST:,}")
    return int(main + decimals.ljust(digits, "0"))


def _plain(number: str) -> bool:
    """Digits, perhaps in groups of three, perhaps with decimals."""
    main, point, decimals = number.partition(".")
    first, *groups = main.split(",")
    if not _digits(first) or (groups and len(first) > 3) or (point and not _digits(decimals)):
        return False
    return all(len(group) == 3 and _digits(group) for group in groups)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _refused(key: str, text: str, **facts: object) -> NotMoney:
    return NotMoney(Phrase(key, {"value": cut(clean(text).strip(), 30, ellipsis=True), **facts}))
