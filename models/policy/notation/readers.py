"""The small readers a policy file is read with: each takes one raw TOML value and gives one typed one.

A reader that cannot make sense of its value raises `Wrong`; `attempt` notes that with its place and goes on, so
that all problems of a file come at once. Readers of many values note each one's problem by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from models.policy.model import Linear, Moment, Span
from models.policy.problem import Path
from models.words import Name, Phrase, clean

T = TypeVar("T")

MOST = 10**12
"""No number of a policy is as large as this; what is larger is a slip, and would not fit the store."""

ANCHORS = ("arrive", "depart", "submit", "close")
LONGEST_DAYS = 36_600


class Wrong(Exception):
    """A value cannot be what its key wants; `problem` is the sentence in `policy.*`, `facts` fill it."""

    def __init__(self, problem: str, /, **facts: object) -> None:
        super().__init__(problem)
        self.phrase = Phrase(f"policy.{problem}", facts)


@dataclass(slots=True)
class Reading:
    """What readers share: the ids that the file declares, how many digits money has, and what is wrong so far."""

    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    minor: int = 2
    wrong: list[tuple[Path, Phrase]] = field(default_factory=list)

    def note(self, at: Path, problem: str, /, **facts: object) -> None:
        """Something is wrong at `at`."""
        self.wrong.append((at, Phrase(f"policy.{problem}", facts)))


Reader = Callable[[Reading, Path, object], T]


def attempt(r: Reading, at: Path, reader: Reader[T], value: object, fallback: Any = None) -> T | Any:
    """What `reader` makes of `value`; when it cannot, that is noted and `fallback` taken."""
    try:
        return reader(r, at, value)
    except Wrong as wrong:
        r.wrong.append((at, wrong.phrase))
        return fallback


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: how its value is read, whether it must be there, and what it is when absent."""

    reader: Reader[Any]
    default: Any = None
    needed: bool = False


def must(reader: Reader[Any]) -> Key:
    """A key that has to be there."""
    return Key(reader, needed=True)


def may(reader: Reader[Any], default: Any = None) -> Key:
    """A key that may be absent, and is `default` then."""
    return Key(reader, default)


def table(r: Reading, at: Path, value: object, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a TOML table by `keys`; unknown, missing and bad ones are noted. Raises Wrong if it is none."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed(keys))
    for name in value:
        if name not in keys:
            r.note((*at, name), "unknown_key", value=clean(name), allowed=listed(keys), nearest=nearest(name, keys))
    read: dict[str, Any] = {}
    for name, key in keys.items():
        if name in value:
            read[name] = attempt(r, (*at, name), key.reader, value[name], key.default)
        else:
            if key.needed:
                r.note(at, "missing_key", key=name)
            read[name] = key.default
    return read


def rows_of(keys: Mapping[str, Key], make: Callable[..., T], *, least: int = 0) -> Reader[tuple[T, ...]]:
    """A reader of an array of at least so many tables, each read by `keys` and given to `make` by name."""

    def one(r: Reading, at: Path, value: object) -> T:
        return make(**table(r, at, value, keys))

    return many(one, least=least)


def many(reader: Reader[T], *, least: int = 0) -> Reader[tuple[T, ...]]:
    """A reader of an array, of at least so many."""

    def read(r: Reading, at: Path, value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong("bad_list", value=shown(value))
        if len(value) < least:
            raise Wrong("empty_list")
        return _each(r, at, reader, value)

    return read


def one_or_many(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of one value or an array of at least one."""

    def read(r: Reading, at: Path, value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            return (reader(r, at, value),)
        if not value:
            raise Wrong("empty_list")
        return _each(r, at, reader, value)

    return read


def _each(r: Reading, at: Path, reader: Reader[T], values: list[object]) -> tuple[T, ...]:
    missing = object()
    read = [attempt(r, (*at, index), reader, item, missing) for index, item in enumerate(values)]
    return tuple(item for item in read if item is not missing)


# words, flags, choices


def text(r: Reading, at: Path, value: object) -> str:
    """A text of at least one visible character."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("bad_text", value=shown(value))
    return value


LANGUAGES: dict[str, Key] = {"zh": may(text), "en": may(text)}


def name(r: Reading, at: Path, value: object) -> Name:
    """A text, or a table of texts by language."""
    if isinstance(value, str):
        return Name.of(text(r, at, value))
    if not isinstance(value, dict):
        raise Wrong("bad_name", value=shown(value))
    texts = {code: said for code, said in table(r, at, value, LANGUAGES).items() if said is not None}
    if not texts:
        raise Wrong("bad_name", value=shown(value))
    return Name(texts)


def identifier(r: Reading, at: Path, value: object) -> str:
    """An id: letters, digits and underscores."""
    if not isinstance(value, str) or not re.fullmatch(r"\w+", value):
        raise Wrong("bad_id", value=shown(value))
    return value


def flag(r: Reading, at: Path, value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise Wrong("bad_flag", value=shown(value))
    return value


def choice(*allowed: str) -> Reader[str]:
    """A reader of one of a few fixed words."""

    def read(r: Reading, at: Path, value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise Wrong("bad_choice", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))

    return read


def known(value: object, ids: Iterable[str], what: str) -> str:
    """`value` if it is one of `ids`, which are the `what` of the file; else Wrong with the nearest."""
    ids = tuple(ids)
    if isinstance(value, str) and value in ids:
        return value
    if not ids:
        raise Wrong("none_declared", value=shown(value), what=what)
    raise Wrong("unknown_id", value=shown(value), what=what, allowed=listed(ids), nearest=nearest(value, ids))


def ref(what: str) -> Reader[str]:
    """A reader of the id of a row of the table `what`."""
    return lambda r, at, value: known(value, r.ids[what], f"[[{what}]]")


# numbers


def number(value: object) -> Fraction:
    """A TOML number as a fraction; Wrong for anything else, for infinity and for what is absurdly large."""
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
    clock = _clock(rest.pop()) if rest and ":" in rest[-1] else None
    offset = span_of(rest.pop(), signed=True) if rest else None
    if rest:
        raise Wrong("bad_moment", value=shown(value))
    return Moment(anchor, offset, clock)


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


@dataclass(frozen=True, slots=True)
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


# saying


def shown(value: object) -> str:
    """A raw value as the file writes it, on one safe line, shortened."""
    if isinstance(value, bool):
        said = "true" if value else "false"
    elif isinstance(value, dict):
        said = "{ " + ", ".join(f"{key} = …" for key in list(value)[:4]) + " }"
    elif isinstance(value, list):
        said = "[…]" if value else "[]"
    elif isinstance(value, int):
        said = str(value) if -MOST * MOST < value < MOST * MOST else "…"
    else:
        said = str(value)
    said = clean(said[:200])
    return said if len(said) <= 60 else said[:59] + "…"


def listed(allowed: Iterable[str]) -> str:
    """What is allowed, one after the other, shortened where there is much."""
    said = [clean(word) for word in allowed]
    return ", ".join(said[:30]) + (" …" if len(said) > 30 else "")


def nearest(value: object, allowed: Iterable[str]) -> Phrase | str:
    """The nearest of what is allowed, to be put after it; empty where none is near."""
    import difflib

    words = {word.lower(): word for word in allowed}
    found = difflib.get_close_matches(str(value)[:60].lower(), words, n=1, cutoff=0.5)
    return Phrase("policy.nearest", {"id": clean(words[found[0]])}) if found else ""
