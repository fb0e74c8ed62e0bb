"""Readers of what is counted or measured: numbers, money, limits, spans, moments, dates and the ends of ranges."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from models.policy.model import Linear, Moment, Span
from models.policy.notation.readers import Reader, Reading, Wrong, listed, may, nearest, shown, table
from models.policy.problem import Path
from models.policy.record import record

MOST = 10**12
"""No number of a policy is as large as this; what is larger is a slip, and would not fit the store."""

ANCHORS = ("arrive", "depart", "submit", "close")
LONGEST_DAYS = 36_600


def refuse_quoted(value: object) -> None:
    """Wrong where a text is nothing but a number, with a unit behind it or not: it is to stand without quotes."""
    if not isinstance(value, str) or len(value) > 30:
        return
    plain = unicodedata.normalize("NFKC", value).strip()
    found = re.fullmatch(r"[¥$]?\s*([+-]?\d[\d,_]*(?:\.\d+)?)\s*(万?)(?:元|块|圆|人|名|次|瓶|包|条|晚)?", plain)
    if found:
        figure = Decimal(re.sub("[,_]", "", found[1])) * (10_000 if found[2] else 1)
        said = f"{figure.normalize():f}" if found[2] else re.sub("[,_]", "", found[1])
        raise Wrong("quoted_number", value=shown(value), number=said)


def number(value: object) -> Fraction:
    """A TOML number as a fraction; Wrong for anything else, for infinity and for what is absurdly large."""
    refuse_quoted(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Wrong("bad_number", value=shown(value))
    if isinstance(value, Decimal) and (not value.is_finite() or not -20 < value.adjusted() < 20):
        if value.is_finite() and value == 0:
            return Fraction(0)
        raise Wrong("bad_number", value=shown(value))
    if not -MOST < value < MOST:
        raise Wrong("number_too_large", value=shown(value), most=MOST)
    return Fraction(value)


def whole(low: int, high: int = 10**6) -> Reader[int]:
    """A reader of a whole number within bounds."""

    def read(r: Reading, at: Path, value: object) -> int:
        refuse_quoted(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Wrong("bad_whole", value=shown(value), low=low, high=high)
        return value

    return read


def money(r: Reading, value: object) -> Fraction:
    """Main units made minor ones; Wrong when there are more decimals than the currency has."""
    minor: Fraction = number(value) * 10**r.minor
    if minor.denominator != 1:
        raise Wrong("too_many_decimals", value=shown(value), minor=r.minor)
    return minor


def _plain(r: Reading, value: object) -> Fraction:
    return number(value)


def _share(r: Reading, at: Path, value: object) -> Fraction:
    """A number, or a fraction written as text: "1/2"."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
        if found and int(found[2]):
            return Fraction(int(found[1]), int(found[2]))
        refuse_quoted(value)
        raise Wrong("bad_share", value=shown(value))
    return number(value)


def linear(in_money: bool = False) -> Reader[Linear]:
    """A reader of a limit: a number, or `{ base, over, each }`; of money it gives minor units."""
    amount, scale = (money, True) if in_money else (_plain, False)

    def base(r: Reading, at: Path, value: object) -> Fraction:
        return amount(r, value)

    def each(r: Reading, at: Path, value: object) -> Fraction:
        return _share(r, at, value) * (10**r.minor if scale else 1)

    keys = {"base": may(base, Fraction(0)), "over": may(whole(0), 0), "each": may(each, Fraction(0))}

    def read(r: Reading, at: Path, value: object) -> Linear:
        if isinstance(value, dict):
            if not value:
                raise Wrong("bad_limit", value=shown(value))
            if "over" in value and "each" not in value:
                r.note((*at, "over"), "goes_with", key="over", other="each")
            return Linear(**table(r, at, value, keys))
        limit = amount(r, value)
        if limit < 0:
            raise Wrong("negative", value=shown(value))
        return Linear(limit)

    return read


# times

_DAYS = {"m": 1 / 1440, "h": 1 / 24, "d": 1, "wd": 1, "w": 7, "mo": 31, "y": 366}


def span_of(value: object, *, signed: bool = False) -> Span:
    """`"3d"`, `"30m"` … as a span; Wrong for anything else, and for a sign where `signed` is false."""
    found = re.fullmatch(r"([+-]?)(\d{1,7})(m|h|d|wd|w|mo|y)", value) if isinstance(value, str) else None
    if not found or (found[1] and not signed):
        raise Wrong("bad_signed_span" if signed else "bad_span", value=shown(value))
    amount, unit = int(found[2]), found[3]
    if amount * _DAYS[unit] > LONGEST_DAYS:
        raise Wrong("span_too_long", value=shown(value))
    return Span(-amount if found[1] == "-" else amount, unit)  # type: ignore[arg-type]  # the pattern has the units


def span(r: Reading, at: Path, value: object) -> Span:
    """A length of time."""
    return span_of(value)


def signed_span(r: Reading, at: Path, value: object) -> Span:
    """A length of time that may be negative."""
    return span_of(value, signed=True)


def moment(r: Reading, at: Path, value: object) -> Moment:
    """Anchor, offset, clock, the last two where wanted: `"arrive -1d 17:00"`."""
    if not isinstance(value, str) or not value.split():
        raise Wrong("bad_moment", value=shown(value))
    anchor, *rest = value.split()
    anchors = (*ANCHORS, *r.ids["stage"])
    if anchor not in anchors:
        raise Wrong("bad_anchor", value=shown(anchor), allowed=listed(anchors), nearest=nearest(anchor, anchors))
    hour = _clock(rest.pop()) if rest and ":" in rest[-1] else None
    offset = span_of(rest.pop(), signed=True) if rest else None
    if rest:
        raise Wrong("bad_moment", value=shown(value))
    return Moment(anchor, offset, hour)


def clock(r: Reading, at: Path, value: object) -> time:
    """A time of day, as TOML writes it or as `"12:00"`."""
    return value.replace(second=0, microsecond=0) if isinstance(value, time) else _clock(str(value))


def _clock(value: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)", value)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Wrong("bad_clock", value=shown(value))
    return time(int(found[1]), int(found[2]))


def day(r: Reading, at: Path, value: object) -> date:
    """A date, as TOML writes it or as text."""
    return day_of(value)


def day_of(value: object) -> date:
    """A date from a TOML date or `"2026-12-01"`; Wrong for anything else, a time of day too, and far-off years."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise Wrong("no_such_day", value=shown(value)) from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Wrong("bad_day", value=shown(value))
    if not 1900 <= value.year <= 2200:
        raise Wrong("far_off_day", value=shown(value))
    return value


@record
class Ends:
    """The two ends of a written range, not read yet: `">300..500"`."""

    low: str
    high: str
    low_open: bool
    high_open: bool


def ends(value: str) -> Ends | None:
    """The ends of `low..high`, with `>` and `<` for an open end; None where there is no `..`; Wrong for a bare one."""
    low, dots, high = (part.strip() for part in value.partition(".."))
    if not dots:
        return None
    low_open, high_open = low.startswith(">"), high.startswith("<")
    low, high = low.removeprefix(">").strip(), high.removeprefix("<").strip()
    if not (low or high) or (low_open and not low) or (high_open and not high):
        raise Wrong("bad_range", value=shown(value))
    return Ends(low, high, low_open, high_open)
