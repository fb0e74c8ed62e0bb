"""Amounts of money as people type them and as the program says them; always integer minor units."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from models.words.catalogue import Phrase, Unreadable
from models.words.clean import clean
from models.words.width import cut

MOST = 999_999_999  # main units
# Patterns are compiled when they are first used, which no start waits for.
_NUMBER = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.[0-9]+)?"
_TIMES = {"": 1, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "萬": 10_000, "百万": 1_000_000, "亿": 100_000_000}
_AMOUNT = (
    r"(?:¥|rmb|cny)?\s*(?P<minus>-?)\s*(?:¥|rmb|cny)?\s*(?P<number>[0-9., ]*[0-9])\s*"
    rf"(?P<times>{'|'.join(each for each in _TIMES if each)}|)\s*(?:元|块|圆|人民币|rmb|cny|yuan)?(?:钱|整|正)?"
)


class NotMoney(Unreadable):
    """What was typed is no amount; `phrase` names it and says what may be written."""


def say_money(minor: int, digits: int = 2) -> str:
    """Minor units (`digits` decimals to one main unit) as `1,760`, or `1,760.50` where it is not whole."""
    main, rest = divmod(abs(minor), int(10**digits))
    sign = "-" if minor < 0 else ""
    return f"{sign}{main:,}.{rest:0{digits}d}" if rest else f"{sign}{main:,}"


def parse_money(text: str, digits: int = 2) -> int:
    """The minor units of an amount typed in main units: `1,760`, `1 760`, `1760.5`, `¥1760`, `1760元`, `120块`,
    `1.2万`, full-width too. Raises NotMoney for what is none or negative, too many decimals and more than MOST."""
    typed = _folded(text)
    found = re.fullmatch(_AMOUNT, typed)
    number = plain_number(found["number"]) if found else None
    if found is None or number is None:
        raise _refused("money.not_money", text)
    if found["minus"]:
        raise _refused("money.negative", text)
    amount = Decimal(number) * _TIMES[found["times"]]
    if amount.as_tuple().exponent < -digits and amount != round(amount, digits):  # type: ignore[operator]  # it is finite
        raise _refused("money.decimals" if digits else "money.whole", text, digits=digits)
    if amount >= MOST + 1:
        raise _refused("money.too_much", text, most=f"{MOST:,}")
    return int(amount.scaleb(digits))


def plain_number(text: str) -> str | None:
    """The digits of a number that may be written in groups of three (`1,200`, `1 200`), with decimals and in full
    width; None for what is none."""
    typed = _folded(text)
    return re.sub("[, ]", "", typed) if re.fullmatch(_NUMBER, typed) else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text).replace("。", ".")).strip().casefold()


def _refused(key: str, text: str, **facts: object) -> NotMoney:
    return NotMoney(Phrase(key, {"value": cut(clean(text).strip(), 30, ellipsis=True), **facts}))
