"""The terms of the notation: readers that take one raw TOML value and give one typed one.

A reader that cannot make sense of its value raises `Wrong`; `attempt` notes that with its place and goes on, so
that all problems of a file come at once. Readers of many values note each one's problem by themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from models.frozen import record
from models.policy.model import (
    ITEMS,
    LIST_AXES,
    OWN_LISTS,
    SHOWN,
    Clause,
    Linear,
    Moment,
    Path,
    Range,
    Span,
    Test,
    When,
)
from models.words import Name, Phrase, clean

# The small readers a policy file is read with: each takes one raw TOML value and gives one typed one.
#
# A reader that cannot make sense of its value raises `Wrong`; `attempt` notes that with its place and goes on, so
# that all problems of a file come at once. Readers of many values note each one's problem by themselves.

if TYPE_CHECKING:
    from models.policy.wording import Wording

T = TypeVar("T")


class Wrong(Exception):
    """A value cannot be what its key wants; `problem` is the sentence in `policy.*`, `facts` fill it."""

    def __init__(self, problem: str, /, **facts: object) -> None:
        super().__init__(problem)
        self.phrase = Phrase(f"policy.{problem}", facts)


class Reading:
    """What readers share: the ids that the file declares, how many digits money has, and what is wrong so far.

    `ids` by table, `lists` by list, `fields` the type of each extra field of the form.
    """

    def __init__(
        self,
        ids: Mapping[str, tuple[str, ...]],
        lists: Mapping[str, tuple[str, ...]],
        fields: Mapping[str, str],
        minor: int,
    ) -> None:
        self.ids = ids
        self.lists = lists
        self.fields = fields
        self.minor = minor
        self.wrong: list[tuple[Path, Phrase]] = []

    def note(self, at: Path, problem: str, /, **facts: object) -> None:
        """Something is wrong at `at`: `problem` is the sentence in `policy.*`, `facts` fill it."""
        self.wrong.append((at, Phrase(f"policy.{problem}", facts)))


Reader = Callable[[Reading, Path, object], T]
Saying = Callable[["Wording", Any], object]
"""Says something of a row; what is empty or false is left out."""
Edit = Literal["money", "count", "share", "grade", "span", "signed", "posts"]


def attempt(r: Reading, at: Path, reader: Reader[T], value: object, fallback: Any = None) -> T | Any:
    """What `reader` makes of `value`; when it cannot, that is noted and `fallback` taken."""
    try:
        return reader(r, at, value)
    except Wrong as wrong:
        r.wrong.append((at, wrong.phrase))
        return fallback


@record
class Key:
    """One key of a table: how its value is read, whether it must be there, and what it is when absent.

    How a row reads to people: `what` says what it is about, `said` one part of how much or who (nothing where there is
    nothing to say), after those of all other keys with `last`. `edit`: as what a form reads a new value.
    """

    reader: Reader[Any]
    default: Any = None
    needed: bool = False
    what: Saying | None = None
    said: Saying | None = None
    last: bool = False
    edit: Edit | None = None


def must(
    reader: Reader[Any], *, what: Saying | None = None, said: Saying | None = None, edit: Edit | None = None
) -> Key:
    """A key that has to be there."""
    return Key(reader, None, True, what, said, False, edit)


def may(
    reader: Reader[Any],
    default: Any = None,
    *,
    what: Saying | None = None,
    said: Saying | None = None,
    last: bool = False,
    edit: Edit | None = None,
) -> Key:
    """A key that may be absent, and is `default` then."""
    return Key(reader, default, False, what, said, last, edit)


def table(r: Reading, at: Path, value: object, keys: Mapping[str, Key]) -> dict[str, Any]:
    """The values of a TOML table by `keys`; unknown, missing and bad ones are noted. Raises Wrong if it is none."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed(keys))
    for name in value:
        if name not in keys:
            near = nearest(name, keys) if len(r.wrong) < SHOWN else ""  # looking for it takes longer than all the rest
            r.note((*at, name), "unknown_key", value=clean(name), allowed=listed(keys), nearest=near)
    read: dict[str, Any] = {}
    for name, key in keys.items():
        if name in value:
            read[name] = attempt(r, (*at, name), key.reader, value[name], key.default)
        else:
            if key.needed:
                r.note(at, "missing_key", key=name)
            read[name] = key.default
    return read


def row_of(keys: Mapping[str, Key], make: Callable[..., T]) -> Reader[T]:
    """A reader of a table, read by `keys` and given to `make` by name."""
    return lambda r, at, value: make(**table(r, at, value, keys))


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


NAME_KEYS: dict[str, Key] = {"zh": may(text), "en": may(text)}


def name(r: Reading, at: Path, value: object) -> Name:
    """A text, or a table of texts by language."""
    if isinstance(value, str):
        return Name.of(text(r, at, value))
    if not isinstance(value, dict):
        raise Wrong("bad_name", value=shown(value))
    texts = {code: said for code, said in table(r, at, value, NAME_KEYS).items() if said is not None}
    if not texts:
        raise Wrong("bad_name", value=shown(value))
    return Name(texts)


def identifier(r: Reading, at: Path, value: object) -> str:
    """An id: letters, digits and underscores."""
    if not isinstance(value, str) or not is_id(value):
        raise Wrong("bad_id", value=shown(value))
    return value


def is_id(value: str) -> bool:
    """Whether a text is of letters, digits and underscores."""
    return value.replace("_", "a").isalnum()


def flag(r: Reading, at: Path, value: object) -> bool:
    """true or false."""
    if value in ("true", "false"):
        raise Wrong("quoted_flag", value=value)
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
    if isinstance(value, str) and value.startswith("@"):
        raise Wrong("no_reference", value=shown(value), what=what, allowed=listed(ids))
    if not ids:
        raise Wrong("none_declared", value=shown(value), what=what)
    raise Wrong("unknown_id", value=shown(value), what=what, allowed=listed(ids), nearest=nearest(value, ids))


def ref(what: str) -> Reader[str]:
    """A reader of the id of a row of the table `what`."""
    return lambda r, at, value: known(value, r.ids[what], f"[[{what}]]")


def unique(r: Reading, at: Path, ids: Iterable[str | None], key: str = "") -> None:
    """Notes every id that an earlier row has."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one is None:
            continue
        if one in seen:
            r.note((*at, index, key) if key else (*at, index), "duplicate", value=one)
        seen.add(one)


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
        said = str(value) if value.bit_length() < 80 else "…"
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


# Readers of what is counted or measured: numbers, money, limits, spans, moments, dates and the ends of ranges.

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


# Reading of `when`: one notation for every condition of a policy, made into `When`.

Ids = frozenset[str]

COLUMN_AXES = ("tier", "kind", *LIST_AXES, "host", "applicant", "area", "city", "item")
"""The axes of ids or words, which every file has; a cap may have columns by them."""

MOST_CLAUSES = 200

NOT_YET = {
    "propose": ("late", "of_cap", "total"),
    "notice": ("late", "of_cap", "total"),
    "cap": ("of_cap", "total"),
}
"""What is worked out only behind the rows of a table, so that a condition on it would never hold there."""


def when(r: Reading, at: Path, value: object) -> When:
    """A table (AND) or a list of tables (OR) as clauses, any of which holds."""
    if isinstance(value, dict):
        return tuple(_clauses(r, at, value))
    if not isinstance(value, list):
        raise Wrong("bad_when", value=shown(value))
    if not value:
        raise Wrong("empty_list")
    found: list[Clause] = []
    for index, item in enumerate(value):
        found += attempt(r, (*at, index), _clauses, item, [])
    if len(found) > MOST_CLAUSES:
        raise Wrong("too_many_clauses", most=MOST_CLAUSES)
    return tuple(found)


def always_or_when(r: Reading, at: Path, value: object) -> When | None:
    """A `when`, or `true` for always and `false` for never."""
    if isinstance(value, bool):
        return () if value else None
    return when(r, at, value)


def axes(r: Reading) -> tuple[str, ...]:
    """Every key that a `when` of this file may have."""
    return (*COLUMN_AXES, *OTHER_AXES, *choice_fields(r), "not")


def choice_fields(r: Reading) -> list[str]:
    """The lists that are choice fields of the organisation."""
    return [name for name in r.lists if name not in OWN_LISTS]


def id_axis(r: Reading, axis: str) -> bool:
    """Whether the values of this axis are ids or words, so that a cap may have columns by it."""
    return axis in COLUMN_AXES or axis in choice_fields(r)


def ids_of(r: Reading, axis: str) -> tuple[str, ...] | None:
    """The ids an axis takes, highest first where they have an order; None where any word will do."""
    if axis in ("tier", "kind"):
        return r.ids[axis]
    if axis in ("host", "applicant"):
        return r.ids["post"]
    if axis == "item":
        return items(r)
    if axis in ("area", "city"):
        return r.lists.get(axis)
    return r.lists.get(LIST_AXES.get(axis, axis), ())


def items(r: Reading) -> tuple[str, ...]:
    """The items a cost may be for."""
    own = r.lists.get("item", ())
    return (*own, *(item for item in ITEMS if item not in own))


def axis_ids(axis: str) -> Reader[Ids]:
    """A reader of one id, a list of ids, or a range over the axis's list, as the ids meant."""

    def read(r: Reading, at: Path, value: object) -> Ids:
        return frozenset().union(*one_or_many(one)(r, at, value))

    def one(r: Reading, at: Path, value: object) -> Ids:
        allowed = ids_of(r, axis)
        if isinstance(value, str) and ".." in value and axis not in ("host", "applicant", "kind"):
            return _between(value, allowed, axis)
        if allowed is None:
            return frozenset([text(r, at, value)])
        return frozenset([known(value, allowed, _declared_in(axis))])

    return read


def _declared_in(axis: str) -> str:
    if axis in ("tier", "kind"):
        return f"[[{axis}]]"
    if axis in ("host", "applicant"):
        return "[[post]]"
    return f"[list] {LIST_AXES.get(axis, axis)}"


def _between(value: str, allowed: tuple[str, ...] | None, axis: str) -> Ids:
    """The ids of a range; lists are written highest first, so the low end stands later in the list."""
    if allowed is None:
        raise Wrong("not_ordered", value=shown(value), axis=axis)
    both = ends(value)
    if both is None:
        raise Wrong("bad_range", value=shown(value))
    where = _declared_in(axis)
    last = allowed.index(known(both.low, allowed, where)) - both.low_open if both.low else len(allowed) - 1
    first = allowed.index(known(both.high, allowed, where)) + both.high_open if both.high else 0
    if first > last:
        raise Wrong("reversed_range", value=shown(value))
    return frozenset(allowed[first : last + 1])


def _clauses(r: Reading, at: Path, value: object) -> list[Clause]:
    """The clauses of one table: one, or as many as its lists of numbers and ranges have combinations."""
    if not isinstance(value, dict):
        raise Wrong("bad_when", value=shown(value))
    nots: tuple[When, ...] = ()
    tests: list[tuple[Test, ...]] = []
    for axis, wanted in value.items():
        here = (*at, axis)
        if axis == "not":
            nots = (attempt(r, here, when, wanted, ()),)
        elif id_axis(r, axis):
            tests.append((Test(axis, attempt(r, here, axis_ids(axis), wanted, frozenset())),))
        elif axis in NOT_YET.get(str(at[0]), ()):
            r.note(here, "not_yet", key=axis, table=f"[[{at[0]}]]")
        elif axis in OTHER_AXES:
            read = attempt(r, here, OTHER_AXES[axis], wanted, ())
            tests.append(tuple(Test(axis, one) for one in read))
        else:
            names = axes(r)
            r.note(here, "unknown_key", value=clean(axis), allowed=listed(names), nearest=nearest(axis, names))
    count = 1
    for alternatives in tests:
        count *= max(1, len(alternatives))
    if count > MOST_CLAUSES:
        raise Wrong("too_many_clauses", most=MOST_CLAUSES)
    return [Clause(combination, nots) for combination in product(*tests)]


# the axes that are not ids: each gives its alternatives


def _ranges(of: Callable[[Reading, object], T], plain: Callable[[str], object]) -> Reader[tuple[Range, ...]]:
    """A reader of values or ranges of them: `of` reads one end, `plain` makes a text's end a raw value."""

    def one(r: Reading, at: Path, value: object) -> Range:
        both = ends(value) if isinstance(value, str) else None
        if both is None:
            end = of(r, plain(value) if isinstance(value, str) else value)
            return Range(end, end)
        low = of(r, plain(both.low)) if both.low else None
        high = of(r, plain(both.high)) if both.high else None
        _in_order(low, high, both.low_open or both.high_open, value)
        return Range(low, high, both.low_open, both.high_open)

    return one_or_many(one)


def _in_order(low: object, high: object, opened: bool, value: object) -> None:
    if low is None or high is None:
        return
    if isinstance(low, Span) and isinstance(high, Span):
        if low.unit != high.unit:
            return
        low, high = low.number, high.number
    if isinstance(low, date) is not isinstance(high, date):
        raise Wrong("mixed_range", value=shown(value))
    if isinstance(low, tuple):  # a season may run over the year's end
        return
    if low > high or (low == high and opened):  # type: ignore[operator]  # both ends came from one reader
        raise Wrong("reversed_range", value=shown(value))


def _numeral(value: str) -> object:
    """The number a text spells, else the text, for its reader to refuse."""
    from decimal import Decimal

    return Decimal(value) if re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", value) else value


def _whole(r: Reading, value: object) -> int:
    found = number(value)
    if found.denominator != 1:
        raise Wrong("not_whole", value=shown(value))
    return found.numerator


def _minor(r: Reading, value: object) -> int:
    return money(r, value).numerator


def _percent(r: Reading, value: object) -> Fraction:
    return number(value)


def _percent_numeral(value: str) -> object:
    return _numeral(value.removesuffix("%").strip())


def _span(r: Reading, value: object) -> Span:
    return span_of(value)


def _day_or_season(r: Reading, value: object) -> date | tuple[int, int]:
    found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
    if not found:
        return day_of(value)
    try:
        season = date(2000, int(found[1]), int(found[2]))
    except ValueError:
        raise Wrong("no_such_day", value=shown(value)) from None
    return season.month, season.day


def _flag(r: Reading, at: Path, value: object) -> tuple[bool]:
    return (flag(r, at, value),)


def _holiday(r: Reading, at: Path, value: object) -> tuple[bool | Span]:
    if isinstance(value, bool):
        return (value,)
    try:
        span = span_of(value)
    except Wrong:
        raise Wrong("bad_holiday", value=shown(value)) from None
    if span.unit != "wd":
        raise Wrong("bad_holiday", value=shown(value))
    return (span,)


def _bands(r: Reading, at: Path, value: object) -> tuple[tuple[tuple[str, int], ...]]:
    keys = {band: may(whole(1)) for band in r.lists.get("band", ())}
    if not keys:
        raise Wrong("none_declared", value=shown(value), what="[list] band")
    counts = table(r, at, value, keys)
    found = tuple((band, count) for band, count in counts.items() if count is not None)
    if not value:
        raise Wrong("empty_list")
    return (found,)


def _words(r: Reading, at: Path, value: object) -> tuple[tuple[str, ...]]:
    return (one_or_many(text)(r, at, value),)


OTHER_AXES: dict[str, Reader[Iterable[Any]]] = {
    "headcount": _ranges(_whole, _numeral),
    "day": _ranges(_whole, _numeral),
    "amount": _ranges(_minor, _numeral),
    "total": _ranges(_minor, _numeral),
    "of_cap": _ranges(_percent, _percent_numeral),
    "lead": _ranges(_span, str),
    "date": _ranges(_day_or_season, str),
    "late": _flag,
    "holiday": _holiday,
    "bands": _bands,
    "words": _words,
}
WHEN: Key = may(when, ())
"""The key `when` of any row."""
