"""The keys of `config.toml`, table by table. The reference for people is the comments of `config.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.frozen import record
from models.policy.model import (
    CLASHES,
    ENDS,
    ITEMS,
    LIST_AXES,
    OWN_LISTS,
    UNITS,
    BookingRule,
    CalendarRows,
    Cap,
    CapColumn,
    ChangeRule,
    Check,
    Companions,
    Conduct,
    Currency,
    Department,
    Duty,
    DutyPart,
    Group,
    Holiday,
    Kind,
    LeadHost,
    LimitKind,
    Linear,
    ListEntry,
    Moment,
    Need,
    Notice,
    Path,
    Policy,
    Post,
    Propose,
    Route,
    RouteStep,
    Sign,
    Span,
    StageRule,
    known_item,
)
from models.policy.notation import (
    COLUMN_AXES,
    OTHER_AXES,
    WHEN,
    Key,
    Reader,
    Reading,
    Wrong,
    always_or_when,
    attempt,
    axis_ids,
    choice,
    choice_fields,
    clock,
    day,
    day_of,
    ends,
    flag,
    id_axis,
    identifier,
    ids_of,
    is_id,
    items,
    known,
    linear,
    listed,
    many,
    may,
    moment,
    must,
    name,
    nearest,
    one_or_many,
    ref,
    refuse_quoted,
    row_of,
    shown,
    signed_span,
    span,
    span_of,
    table,
    text,
    unique,
    whole,
)
from models.policy.right import RIGHT_KEYS, right
from models.words import Name, clean

# The notation of `config.toml`: what the organisation is. One `…_KEYS` is one table.

DEPARTMENTS = ("@owner", "@department")
"""What may stand for a department: that which owns the kind, and that of the request."""

RESERVED_LISTS = frozenset([*COLUMN_AXES, *OTHER_AXES, "not"]) - OWN_LISTS
"""Names that a `when` already uses, so that no choice field may."""

LABELS = ("tier", "visit", "guest", "host", "applicant", "coordinator", "services", "department")

NAME = may(name, what=lambda s, row: s.w.name(row.name))
ENTRY_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "means": may(name, said=lambda s, row: row.means and s.w.name(row.means), last=True),
}


def named(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make` of a row whose name is its id where it has none."""

    def made(**row: Any) -> Any:
        row["name"] = row["name"] or Name.of(row["id"] or "?")
        return make(**row)

    return made


def entry(r: Reading, at: Path, value: object) -> ListEntry:
    """An entry of a list: an id, or a table with a name."""
    if isinstance(value, str):
        return ListEntry(identifier(r, at, value), Name.of(value))
    made: ListEntry = named(ListEntry)(**table(r, at, value, ENTRY_KEYS))
    return made


def _item(r: Reading, at: Path, value: object) -> ListEntry:
    """An entry of the list `item`: one that every plan has is called as we call it where it has no name."""
    made = entry(r, at, value)
    unnamed = isinstance(value, str) or (isinstance(value, dict) and "name" not in value)
    return ListEntry(made.id, known_item(made.id), made.means) if unnamed and made.id in ITEMS else made


MEAL_KEYS = {**ENTRY_KEYS, "at": may(clock, said=lambda s, row: row.at and f"{row.at:%H:%M}")}


def _meal(r: Reading, at: Path, value: object) -> ListEntry:
    """An entry of the list `meal`: it may say at which hour that meal usually is."""
    if isinstance(value, str):
        return entry(r, at, value)
    made: ListEntry = named(ListEntry)(**table(r, at, value, MEAL_KEYS))
    return made


_ENTRIES = {"item": _item, "meal": _meal}
"""Lists whose entries are read in another way than those of all others."""


def _owner(r: Reading, at: Path, value: object) -> str:
    """The department that owns a kind of visitor, or that of each request."""
    return value if value == "@department" else known(value, r.ids["department"], '"@department", [[department]]')


KIND_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "owner": may(_owner, said=lambda s, row: s.party(row.owner)),
    "applicants": may(
        one_or_many(ref("post")),
        (),
        said=lambda s, row: row.applicants and s.w("listing.applicants", posts=s.parties(row.applicants)),
    ),
    "see": may(
        one_or_many(ref("post")), (), said=lambda s, row: row.see and s.w("listing.see", posts=s.parties(row.see))
    ),
}


def kind(r: Reading, at: Path, value: object) -> Kind:
    """A kind of visitor; the first department owns those that name none."""
    row = table(r, at, value, KIND_KEYS)
    row["owner"] = row["owner"] or next(iter(r.ids["department"]), "")
    made: Kind = named(Kind)(**row)
    return made


DEPARTMENT_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "alias": may(name, said=lambda s, row: row.alias and s.w.name(row.alias), last=True),
    "head": may(ref("post"), said=lambda s, row: row.head and s.name(row.head)),
}


def rank(r: Reading, at: Path, value: object) -> str:
    """A rank of the list `rank`."""
    return known(value, r.lists.get("rank", ()), "[list] rank")


POST_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "up": may(ref("post"), said=lambda s, row: row.up and s.w("listing.up", post=s.name(row.up)), last=True),
    "department": may(ref("department"), said=lambda s, row: row.department and s.name(row.department)),
    "rank": may(rank, said=lambda s, row: row.rank and s.value("guest_rank", row.rank), last=True),
    "per_visit": may(flag, False, said=lambda s, row: row.per_visit and s.w("listing.per_visit"), last=True),
}
GROUP_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "leader": must(ref("post"), said=lambda s, row: s.name(row.leader)),
    "deputy": may(ref("post"), said=lambda s, row: row.deputy and s.name(row.deputy)),
    "posts": may(one_or_many(ref("post")), (), said=lambda s, row: s.joined(map(s.name, row.posts))),
}
TEXT = must(name, what=lambda s, row: s.w.name(row.text))
CONDUCT_KEYS = {"id": must(identifier), "text": TEXT}
CURRENCY_KEYS = {"code": must(text), "minor": may(whole(0, 4), 2)}


def labels(r: Reading, at: Path, value: object) -> Mapping[str, Name]:
    """What this organisation calls a tier, a visit …"""
    read = table(r, at, value, {label: may(name) for label in LABELS})
    return {label: said for label, said in read.items() if said is not None}


def lists(r: Reading, at: Path, value: object) -> Mapping[str, tuple[ListEntry, ...]]:
    """The organisation's own words, by list."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed([*LIST_AXES.values(), "…"]))
    read = table(r, at, value, {list_id: may(many(_ENTRIES.get(list_id, entry)), ()) for list_id in value})
    for list_id, entries in read.items():
        if list_id in RESERVED_LISTS or not is_id(list_id):
            r.note((*at, list_id), "bad_list_name", value=clean(list_id))
        unique(r, (*at, list_id), [one.id for one in entries])
    return read


def number_format(r: Reading, at: Path, value: object) -> str:
    """The format of a visit's number, from its `year` and its place `n` in the year."""
    written = text(r, at, value)
    plain, fields = re.subn(r"\{year\}|\{n(:0[1-9])?\}", "", written)
    if len(written) > 40 or not fields or "{n" not in written or "{" in plain or "}" in plain:
        raise Wrong("bad_number_format", value=shown(value))
    return written


def _days(r: Reading, at: Path, value: object) -> tuple[date, date]:
    both = ends(value) if isinstance(value, str) else None
    if both is None:
        only = day_of(value)
        return only, only
    first, last = day_of(both.low), day_of(both.high)
    if first > last or both.low_open or both.high_open:
        raise Wrong("reversed_range", value=shown(value))
    return first, last


def _holiday(name: Name | None, days: tuple[date, date] | None) -> Holiday:
    first, last = days or (date.min, date.min)
    return Holiday(name or Name.of("?"), first, last)


HOLIDAY_KEYS = {"name": must(name), "days": must(_days)}
CALENDAR_KEYS = {
    "holidays": may(many(row_of(HOLIDAY_KEYS, _holiday)), ()),
    "workdays": may(many(day), ()),
    "only": may(flag, False),
}


def calendar(r: Reading, at: Path, value: object) -> CalendarRows:
    """The organisation's own holidays and shifted working days."""
    read = table(r, at, value, CALENDAR_KEYS)
    return CalendarRows(read["holidays"], frozenset(read["workdays"]), read["only"])


def currency(r: Reading, at: Path, value: object) -> Currency:
    """The currency and the digits of its minor unit."""
    return Currency(**table(r, at, value, CURRENCY_KEYS))


# The table `booking`: how long things are held, and what counts as a clash of them.


def purpose(r: Reading, at: Path, value: object) -> str:
    """Arrival, departure or a stage of the file."""
    return known(value, (*ENDS, *r.ids["stage"]), f"{', '.join(ENDS)}, [[stage]]")


def equipment(r: Reading, at: Path, value: object) -> str:
    """A piece of equipment of the file."""
    return known(value, r.lists.get("equipment", ()), "[list] equipment")


BOOKING_KEYS: dict[str, Key] = {
    "id": may(identifier),
    "thing": must(one_or_many(choice(*CLASHES)), what=lambda s, row: s.held(row)),
    "for": may(one_or_many(purpose), ()),
    "before": may(span, said=lambda s, row: not row.clash and s.since(row.before)),
    "after": may(span, said=lambda s, row: not row.clash and s.until(row.after)),
    "clash": may(choice(*dict.fromkeys(clash for each in CLASHES.values() for clash in each))),
    "least": may(span, said=lambda s, row: row.least and s.w("listing.at_least", limit=s.span(row.least))),
    "breach": may(
        choice("info", "warn", "reason", "block"),
        "reason",
        said=lambda s, row: row.clash and s.w(f"matrix.breach.{row.breach}"),
    ),
    "when": WHEN,
}
GOES_WITH = {"before": "for", "after": "for", "least": "clash", "breach": "clash"}
"""Keys that say nothing without another."""


def booking(r: Reading, at: Path, value: object) -> BookingRule:
    """A row of the table: either how long a thing is held, or a clash."""
    row = table(r, at, value, BOOKING_KEYS)
    given = value if isinstance(value, dict) else {}
    if ("for" in given) == ("clash" in given):
        raise Wrong("one_of_keys", keys="for, clash")
    for key, other in GOES_WITH.items():
        if key in given and other not in given:
            r.note((*at, key), "goes_with", key=key, other=other)
    _clash(r, at, row["thing"] or (), row["clash"], given)
    purposes = row.pop("for")
    return BookingRule(things=row.pop("thing") or (), purposes=purposes, **row)


def _clash(r: Reading, at: Path, things: tuple[str, ...], clash: str | None, given: dict[str, object]) -> None:
    """Notes what is wrong with the clash of a row."""
    if clash is None:
        return
    for thing in things:
        if clash not in CLASHES[thing]:
            r.note((*at, "clash"), "no_such_clash", value=clash, thing=thing, allowed=listed(CLASHES[thing]))
    if clash == "gap" and "least" not in given:
        r.note(at, "missing_key", key="least")
    if clash != "gap" and "least" in given:
        r.note((*at, "least"), "goes_with", key="least", other='clash = "gap"')


# Reading of a row of the `cap` table: what is limited, by which columns, how far.

WHOSE = ("client", "guest", "department")
LIMITS: tuple[LimitKind, ...] = ("money", "grade", "count", "text")


def item(r: Reading, at: Path, value: object) -> str:
    """An item of the list `item`, or one that every plan has."""
    return known(value, items(r), "[list] item")


def per(r: Reading, at: Path, value: object) -> tuple[str, tuple[str, ...], Span | None]:
    """What is counted, or whose sum over which span: as written, whose, the span."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("bad_text", value=shown(value))
    *whose, last = value.split()
    if not whose:
        if last in UNITS or re.fullmatch(r"[1-9]\d{0,4}ml", last):
            return last, (), None
        raise Wrong("bad_per", value=shown(value), allowed=listed([*UNITS, "500ml"]), nearest=nearest(last, UNITS))
    for index, one in enumerate(whose):
        if one not in WHOSE or one in whose[:index]:
            raise Wrong("bad_whose", value=shown(one), allowed=listed(WHOSE), nearest=nearest(one, WHOSE))
    span = span_of(last)
    if span.unit in ("m", "h") or span.number <= 0:
        raise Wrong("bad_sum_span", value=shown(last))
    return value, tuple(whose), span


def axis(r: Reading, at: Path, value: object) -> str:
    """An axis of ids, for columns."""
    if isinstance(value, str) and id_axis(r, value):
        return value
    allowed = [*COLUMN_AXES, *choice_fields(r)]
    raise Wrong("bad_by", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))


def _raw(r: Reading, at: Path, value: object) -> object:
    """Kept as it is, for `_columns` to read when the axis is known."""
    return value


CAP_KEYS: dict[str, Key] = {
    "id": may(_raw),
    "item": must(one_or_many(item), what=lambda s, row: s.capped(row.cap)),
    "per": must(per),
    "by": may(axis),
    "most": may(_raw, said=lambda s, row: s.most(row.cap, row.column), edit="money"),
    "least": may(_raw, said=lambda s, row: s.least(row.cap, row.column), edit="money"),
    "count": may(
        _raw, said=lambda s, row: row.column.count is not None and s.w("matrix.count", n=row.column.count), edit="count"
    ),
    "text": may(_raw, said=lambda s, row: row.column.text and s.w.name(row.column.text), last=True),
    "never": may(_raw, said=lambda s, row: s.never(row.cap, row.column), edit="money"),
    "breach": may(
        choice("info", "warn", "reason", "block", "guest_pays", "applicant_pays"),
        "reason",
        said=lambda s, row: row.column.limited and s.breach("beyond", row.cap.breach),
        last=True,
    ),
    "when": WHEN,
}
"""The keys of a cap; it reads column by column, a `CapLine` each."""
_LINEAR = frozenset(["base", "over", "each"])
_SHAPES: dict[str, frozenset[str]] = {
    "id": frozenset(),
    "most": _LINEAR,
    "least": _LINEAR,
    "count": frozenset(),
    "text": frozenset(["zh", "en"]),
    "never": _LINEAR,
}
"""The keys that may stand in columns, and the keys of a table that is one value and no columns."""

_money = linear(in_money=True)
_count = linear()


def cap(r: Reading, at: Path, value: object) -> Cap:
    """One row of the cap table."""
    row = table(r, at, value, CAP_KEYS)
    as_written, whose, span = row["per"] or ("", (), None)
    by = isinstance(value, dict) and "by" in value
    found = _columns(r, at, row) if by else _single(r, at, row)
    if row["never"] is not None and row["most"] is None and (row["count"] is None or row["least"] is not None):
        r.note((*at, "never"), "goes_with", key="never", other="most")
    return Cap(
        items=row["item"] or (),
        per=as_written,
        limits=_limits(found),
        by=row["by"],
        columns=found,
        breach=row["breach"],
        when=row["when"],
        count_over=span,
        count_by=whose,
    )


def _readers(row: Mapping[str, Any]) -> dict[str, Reader[Any]]:
    limit = _limit(row["item"] or ())
    only_counts = row["count"] is not None and row["most"] is None and row["least"] is None
    return {
        "id": identifier,
        "most": limit,
        "least": limit,
        "count": whole(0),
        "text": name,
        "never": _count if only_counts else limit,
    }


def _single(r: Reading, at: Path, row: Mapping[str, Any]) -> dict[str | None, CapColumn]:
    """The one column of a row without `by`."""
    given = {}
    for key, reader in _readers(row).items():
        if key != "text" and isinstance(row[key], dict) and not row[key].keys() & _SHAPES[key]:
            r.note((*at, key), "columns_without_by")
        elif row[key] is not None:
            given[key] = attempt(r, (*at, key), reader, row[key])
    return {None: CapColumn(**given)}


def _columns(r: Reading, at: Path, row: Mapping[str, Any]) -> dict[str | None, CapColumn]:
    """The columns of a row by an axis; a value that is no table of columns is for each of them."""
    if row["by"] is None:  # it was wrong, and is noted
        return {}
    cells: dict[str | None, dict[str, Any]] = {}
    shared: dict[str, Any] = {}
    for key, reader in _readers(row).items():
        raw = row[key]
        if _is_columns(r, row["by"], key, raw):
            for column, cell in _cells(r, (*at, key), row["by"], reader, raw):
                cells.setdefault(column, {})[key] = cell
        elif raw is not None:
            shared[key] = attempt(r, (*at, key), reader, raw)
    if shared.keys() - {"id"}:
        for one in ids_of(r, row["by"]) or ():
            cells.setdefault(one, {})
    return {column: CapColumn(**{**shared, **cell}) for column, cell in cells.items()}


def _is_columns(r: Reading, by: str, key: str, raw: object) -> bool:
    """Whether a value is a table of columns, not one limit or text for all of them."""
    if not isinstance(raw, dict) or not raw:
        return False
    ids = ids_of(r, by) or ()
    return not raw.keys() <= _SHAPES[key] or any(column in ids for column in raw)


def _cells(r: Reading, at: Path, by: str, reader: Reader[Any], raw: dict[str, object]) -> list[tuple[str, Any]]:
    """Each column with its value, in the axis's order; a column may be a range over the axis's list."""
    ids = axis_ids(by)
    found: dict[str, Any] = {}
    for column, value in raw.items():
        here = (*at, column)
        cell = attempt(r, here, reader, value)
        for one in attempt(r, here, ids, column, frozenset()):
            if one in found:
                r.note(here, "duplicate", value=one)
            found[one] = cell
    order = ids_of(r, by) or tuple(found)
    return sorted(found.items(), key=lambda pair: order.index(pair[0]))


def _limit(of: tuple[str, ...]) -> Reader[Linear | str]:
    """A reader of money, or of a grade of the list named like the one item."""

    def read(r: Reading, at: Path, value: object) -> Linear | str:
        if not isinstance(value, str):
            return _money(r, at, value)
        if len(of) != 1:
            refuse_quoted(value)
            raise Wrong("grade_of_many", value=shown(value))
        if value not in r.lists.get(of[0], ()):
            refuse_quoted(value)
        return known(value, r.lists.get(of[0], ()), f"[list] {of[0]}")

    return read


def _limits(found: Mapping[str | None, CapColumn]) -> frozenset[LimitKind]:
    """The kinds of limit a row closes; all where it has neither figure nor text."""
    kinds: set[LimitKind] = set()
    for column in found.values():
        if column.text is not None:
            kinds.add("text")
        if column.count is not None:
            kinds.add("count")
        figures = [column.most, column.least, None if column.count is not None else column.never]
        kinds |= {"grade" if isinstance(figure, str) else "money" for figure in figures if figure is not None}
    return frozenset(kinds or LIMITS)


# The notation of `config.toml`: the tables of its rules, and the whole file.

REFERENCES = ("@owner_head", "@department_head", "@applicant", "@lead_host", "@guest_rank")
"""What may stand for posts, each also with `.up`."""
REQUEST_KEYS = (
    "kind",
    "tier",
    "client",
    "headcount",
    "requested_at",
    "arrive",
    "depart",
    "guests",
    "purposes",
    "purpose_text",
    "services",
    "wants",
    "applicant",
    "department",
    "host",
    "city",
    "area",
    "scores",
    "meals",
    "lodging",
    "costs",
    "documents",
    "lead_host",
    "total",
)
"""What may change after approval: keys of the request, the lead host, and the plan's total."""

RISING = ("tier", "headcount", "total")

_levels = choice("info", "warn", "reason", "block")


def office(r: Reading, at: Path, value: object) -> str:
    """A post, or a reference to one: `@owner_head`, `@lead_host.up` …"""
    if not (isinstance(value, str) and value.startswith("@")):
        return known(value, r.ids["post"], "[[post]]")
    if value.removesuffix(".up") in REFERENCES:
        return value
    problem = "department_reference" if value in DEPARTMENTS else "bad_reference"
    raise Wrong(problem, value=shown(value), allowed=listed(REFERENCES), nearest=nearest(value, REFERENCES))


def party(r: Reading, at: Path, value: object) -> str:
    """A department, a post, or a reference to either."""
    if not (isinstance(value, str) and value.startswith("@")):
        return known(value, (*r.ids["department"], *r.ids["post"]), "[[department]], [[post]]")
    if value in DEPARTMENTS or value.removesuffix(".up") in REFERENCES:
        return value
    allowed = (*DEPARTMENTS, *REFERENCES)
    raise Wrong("bad_party", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))


def parties(r: Reading, at: Path, value: object) -> str | dict[str, str]:
    """A party, or a table of one for each kind of visitor (A35)."""
    if not isinstance(value, dict):
        return party(r, at, value)
    if not value:
        raise Wrong("empty_list")
    found: dict[str, str] = {}
    for of, said in value.items():
        attempt(r, (*at, of), ref("kind"), of)
        found[of] = attempt(r, (*at, of), party, said, "")
    return found


# choose tables

rule_id = may(identifier)
offices = one_or_many(office)


def tier(r: Reading, at: Path, value: object) -> str:
    """A tier of the file."""
    return known(value, r.ids["tier"], "[[tier]]")


PROPOSE_KEYS = {"id": rule_id, "tier": must(tier, what=lambda s, row: s.name(row.tier)), "when": WHEN}
STEP_KEYS = {
    "by": may(offices, edit="posts"),
    "all": may(offices, edit="posts"),
    "do": may(choice("opinion", "decide", "report"), "decide"),
}


def steps(r: Reading, at: Path, value: object) -> tuple[RouteStep, ...]:
    """The steps of a route; a step with `all` becomes as many."""
    found: list[RouteStep] = []
    for group in many(_step)(r, at, value):
        found += group
    return tuple(found)


def _step(r: Reading, at: Path, value: object) -> list[RouteStep]:
    row = table(r, at, value, STEP_KEYS)
    given = [key for key in ("by", "all") if key in value] if isinstance(value, dict) else []
    if len(given) != 1:
        raise Wrong("one_of_keys", keys="by, all")
    if row["by"] is not None:
        return [RouteStep(row["by"], row["do"])]
    return [RouteStep((post,), row["do"]) for post in row["all"] or ()]


ROUTE_KEYS = {"id": rule_id, "steps": must(steps, said=lambda s, row: s.steps(row.steps)), "when": WHEN}
NOTICE_KEYS = {
    "id": rule_id,
    "least": may(span, said=lambda s, row: s.least_notice(row), edit="span"),
    "never": may(signed_span, said=lambda s, row: row.never and s.never_notice(row.never), edit="signed"),
    "breach": may(_levels, "reason"),
    "when": WHEN,
}
LEAD_HOST_KEYS = {
    "id": rule_id,
    "posts": may(offices, (), said=lambda s, row: s.at_least_of(row.posts, row.at_least)),
    "instead": may(
        offices, (), said=lambda s, row: row.instead and s.w("listing.instead", posts=s.parties(row.instead)), last=True
    ),
    "at_least": may(whole(0, 99), 1),
    "higher": may(flag, False, said=lambda s, row: row.higher and s.w("listing.higher")),
    "breach": may(_levels, "reason", said=lambda s, row: s.breach("else", row.breach), last=True),
    "when": WHEN,
}
COMPANIONS_KEYS = {
    "id": rule_id,
    "posts": may(offices, (), what=lambda s, row: s.parties(row.posts)),
    "most": may(linear(), said=lambda s, row: row.most and s.w("listing.most", limit=s.limit(row.most))),
    "never": may(linear(), said=lambda s, row: row.never and s.w("listing.never", limit=s.limit(row.never)), last=True),
    "not_counted": may(
        one_or_many(ref("post")),
        (),
        said=lambda s, row: row.not_counted and s.w("listing.not_counted", posts=s.parties(row.not_counted)),
        last=True,
    ),
    "breach": may(_levels, "reason", said=lambda s, row: row.most and s.breach("beyond", row.breach)),
    "when": WHEN,
}

# collect tables


def bound(r: Reading, at: Path, value: object) -> Linear:
    """A limit of a field of the form: one number, which no number of people changes."""
    if isinstance(value, dict):
        raise Wrong("plain_limit", value=shown(value))
    return linear()(r, at, value)


SIGN_KEYS = {
    "id": rule_id,
    "by": must(offices, what=lambda s, row: s.parties(row.by), edit="posts"),
    "do": may(
        choice("decide", "report"),
        "decide",
        said=lambda s, row: s.w("trial.step.report" if row.do == "report" else "trial.step.sign"),
    ),
    "when": WHEN,
}
NEED_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "type": may(
        choice("text", "number", "date", "choice", "document"),
        "document",
        said=lambda s, row: s.w(f"listing.type.{row.type}"),
    ),
    "required": may(flag, True),
    "least": may(bound, said=lambda s, row: row.least and s.w("listing.at_least", limit=s.limit(row.least))),
    "most": may(bound, said=lambda s, row: row.most and s.w("listing.most", limit=s.limit(row.most))),
    "due": may(
        moment, Moment("submit"), said=lambda s, row: s.due(row.due) if row.required else s.w("listing.optional")
    ),
    "breach": may(_levels, "reason", said=lambda s, row: row.required and s.breach("else", row.breach)),
    "when": WHEN,
}


def need(r: Reading, at: Path, value: object) -> Need:
    """A document or an extra field of the form."""
    row = table(r, at, value, NEED_KEYS)
    values: tuple[str, ...] = ()
    if row["type"] == "choice":
        values = r.lists.get(row["id"], ())
        if not values and row["id"] is not None:
            r.note((*at, "type"), "choice_without_list", value=row["id"])
    if row["type"] != "number":
        for key in ("least", "most"):
            if row[key] is not None:
                r.note((*at, key), "only_for_numbers")
    made: Need = named(Need)(**row, values=values)
    return made


CHECK_KEYS = {
    "id": rule_id,
    "text": may(name, what=lambda s, row: s.w.name(row.text)),
    "breach": may(_levels, "reason", said=lambda s, row: s.w(f"matrix.breach.{row.breach}")),
    "when": WHEN,
}


def check(r: Reading, at: Path, value: object) -> Check:
    """Anything else that is wrong."""
    row = table(r, at, value, CHECK_KEYS)
    if row["text"] is None:
        if row["id"] is None:
            raise Wrong("one_at_least", keys="id, text")
        row["text"] = Name.of(row["id"])
    return Check(**row)


STAGE_KEYS = {
    "id": must(identifier),
    "name": NAME,
    "at": may(moment, said=lambda s, row: row.at and s.moment(row.at)),
    "lasts": may(span, said=lambda s, row: row.lasts and s.w("listing.lasts", span=s.span(row.lasts))),
    "per": may(choice("meal"), said=lambda s, row: row.per and s.w("listing.per_meal")),
    "when": WHEN,
}
PART_KEYS = {"text": must(name), "when": WHEN, "may_drop": may(always_or_when)}


def duty_ref(r: Reading, at: Path, value: object) -> str:
    """A duty of the file."""
    return known(value, r.ids["duty"], "[[duty]]")


DUTY_KEYS = {
    "id": may(identifier),
    "party": must(parties, said=lambda s, row: s.asked(row)),
    "text": may(name, what=lambda s, row: s.with_parts(row)),
    "stage": may(ref("stage"), said=lambda s, row: row.stage and s.name(row.stage)),
    "parts": may(many(row_of(PART_KEYS, DutyPart)), ()),
    "due": may(moment, said=lambda s, row: row.due and s.due(row.due)),
    "after": may(
        one_or_many(duty_ref), (), said=lambda s, row: row.after and s.w("listing.after", duties=" / ".join(row.after))
    ),
    "may_drop": may(always_or_when, said=lambda s, row: s.dropped(row.may_drop), last=True),
    "assignee": may(flag, False, said=lambda s, row: row.assignee and s.w("listing.assignee")),
    "equipment": may(
        one_or_many(equipment),
        (),
        said=lambda s, row: row.equipment and s.w("listing.equipment", what=s.pieces(row.equipment)),
    ),
    "when": WHEN,
}


def duty(r: Reading, at: Path, value: object) -> Duty:
    """What a party has to do; a row without an id is called after its place."""
    row = table(r, at, value, DUTY_KEYS)
    if row["equipment"] and row["stage"] is None:
        r.note((*at, "equipment"), "goes_with", key="equipment", other="stage")
    row["id"] = row["id"] or f"duty_{int(at[-1]) + 1}"
    row["text"] = row["text"] or Name.of(row["id"])
    return Duty(**row)


def changed(r: Reading, at: Path, value: object) -> str:
    """A key of the request, a need's id, `lead_host` or `total`; with `+` what can rise."""
    if not isinstance(value, str):
        raise Wrong("bad_text", value=shown(value))
    allowed = (*REQUEST_KEYS, *r.ids["need"], *choice_fields(r))
    field = value.removesuffix("+")
    rising = (*RISING, *(one for one, type_ in r.fields.items() if type_ == "number"))
    may_rise = listed(f"{key}+" for key in rising)
    if field not in allowed:
        near = nearest(field, allowed)
        raise Wrong("bad_change", value=shown(value), allowed=listed(allowed), rising=may_rise, nearest=near)
    if field != value and field not in rising:
        raise Wrong("cannot_rise", value=shown(value), allowed=may_rise)
    return value


CHANGE_KEYS = {
    "id": rule_id,
    "fields": must(one_or_many(changed), what=lambda s, row: s.joined(map(s.rising, row.fields))),
    "ask": may(choice("decide", "notify", "refuse"), "decide", said=lambda s, row: s.w(f"listing.ask.{row.ask}")),
    "when": WHEN,
}


# the whole file


@record
class TableKeys:
    """An array of tables in the file: the name its rows have in `Policy`, their keys, and the reader of one of them.

    `least`: how many there must be. `declares`: others name its rows, so that an id stands for one of them. `chosen`:
    the first row that holds wins, so that their order counts.
    """

    rows: str
    keys: Mapping[str, Key]
    reader: Reader[Any]
    least: int = 0
    declares: bool = False
    chosen: bool = False

    def key(self) -> Key:
        """The table as a key of the file."""
        return Key(many(self.reader, least=self.least), (), self.least > 0)

    def of(self, policy: Policy) -> tuple[Any, ...]:
        """Its rows in a policy."""
        return tuple(getattr(policy, self.rows))


def _plain(rows: str, keys: Mapping[str, Key], make: Callable[..., Any], least: int = 0, **more: bool) -> TableKeys:
    """A table of which the values of the keys make a row as they are."""
    return TableKeys(rows, keys, row_of(keys, make), least, **more)


ORGANISATION = {
    "tier": TableKeys("tiers", ENTRY_KEYS, entry, declares=True),
    "kind": TableKeys("kinds", KIND_KEYS, kind, least=1, declares=True),
    "department": _plain("departments", DEPARTMENT_KEYS, named(Department), least=1, declares=True),
    "post": _plain("posts", POST_KEYS, named(Post), least=1, declares=True),
    "group": _plain("groups", GROUP_KEYS, named(Group), declares=True),
    "conduct": _plain("conduct", CONDUCT_KEYS, Conduct, declares=True),
}
RULES = {
    "propose": _plain("propose", PROPOSE_KEYS, Propose, chosen=True),
    "route": _plain("routes", ROUTE_KEYS, Route, least=1, chosen=True),
    "notice": _plain("notices", NOTICE_KEYS, Notice, chosen=True),
    "lead_host": _plain("lead_hosts", LEAD_HOST_KEYS, LeadHost, chosen=True),
    "companions": _plain("companions", COMPANIONS_KEYS, Companions, chosen=True),
    "cap": TableKeys("caps", CAP_KEYS, cap, chosen=True),
    "sign": _plain("signs", SIGN_KEYS, Sign),
    "need": TableKeys("needs", NEED_KEYS, need, declares=True),
    "check": TableKeys("checks", CHECK_KEYS, check),
    "stage": _plain("stages", STAGE_KEYS, named(StageRule), declares=True),
    "duty": TableKeys("duties", DUTY_KEYS, duty, declares=True),
    "change": _plain("changes", CHANGE_KEYS, ChangeRule),
    "booking": TableKeys("bookings", BOOKING_KEYS, booking, chosen=True),
    "right": TableKeys("rights", RIGHT_KEYS, right),
}
"""The tables whose rows have a `when`."""
TABLES = {**ORGANISATION, **RULES}
DECLARING = [key for key, each in TABLES.items() if each.declares]

FILE_KEYS: dict[str, Key] = {
    "effective": must(day),
    "judged_on": must(choice("request", "visit"), said=lambda s, row: s.w(f"listing.judged_on.{row.judged_on}")),
    "currency": must(currency, said=lambda s, row: f"{row.currency.code} {row.currency.minor}"),
    "number": may(number_format, "{year}-{n:04}", said=lambda s, row: row.number),
    "own_request": may(choice("up", "flag"), "up", said=lambda s, row: s.w(f"listing.own.{row.own_request}")),
    "recorded": may(flag, True, said=lambda s, row: s.w(f"listing.recorded.{'yes' if row.recorded else 'no'}")),
    "vacant": may(choice("up", "coordinator"), "up", said=lambda s, row: s.w(f"listing.nobody.{row.vacant}")),
    "absent": may(choice("up", "coordinator"), "up", said=lambda s, row: s.w(f"listing.nobody.{row.absent}")),
    "labels": may(labels, {}),
    **{key: each.key() for key, each in ORGANISATION.items()},
    "list": must(lists),
    "calendar": may(calendar, CalendarRows()),
    **{key: each.key() for key, each in RULES.items()},
}
"""Every key of the file's top level."""
