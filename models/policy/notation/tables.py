"""The notation of `config.toml`, table by table: which keys a row has and how each is read.

This is the reference in code; the one for people is the comments of `config.toml`. Every `…_KEYS` is one table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.policy.model import (
    CalendarRows,
    Change,
    Check,
    Companions,
    Conduct,
    Currency,
    Department,
    Duty,
    Entry,
    Group,
    Holiday,
    Kind,
    LeadHost,
    Moment,
    Need,
    Notice,
    Part,
    Post,
    Propose,
    Route,
    RouteStep,
    Sign,
    Stage,
)
from models.policy.notation.caps import cap
from models.policy.notation.clauses import (
    COLUMN_AXES,
    LIST_AXES,
    OTHER_AXES,
    OWN_LISTS,
    WHEN,
    always_or_when,
    choice_fields,
)
from models.policy.notation.consistency import unique
from models.policy.notation.readers import (
    Key,
    Reader,
    Reading,
    Wrong,
    choice,
    day,
    day_of,
    ends,
    flag,
    identifier,
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
    rows_of,
    shown,
    signed_span,
    span,
    table,
    text,
    whole,
)
from models.policy.problem import Path
from models.policy.request import Request
from models.words import Name, clean

REFERENCES = ("@owner_head", "@department_head", "@applicant", "@lead_host", "@guest_rank")
DEPARTMENT = "@department"
RESERVED_LISTS = frozenset([*COLUMN_AXES, *OTHER_AXES, "not"]) - OWN_LISTS
"""Names that a `when` already uses, so that no choice field may."""

REQUEST_KEYS = (*Request.__dataclass_fields__, "lead_host", "total")
"""What may change after approval: keys of the request, the lead host, and the plan's total."""

RISING = ("tier", "headcount", "total")
LABELS = ("tier", "visit", "guest", "host", "applicant", "coordinator", "services", "department")

breach = may(choice("info", "warn", "reason", "block"), "reason")


def office(r: Reading, at: Path, value: object) -> str:
    """A post, or a reference to one: `@owner_head`, `@lead_host.up` …"""
    if isinstance(value, str) and value.startswith("@"):
        if value.removesuffix(".up") in REFERENCES:
            return value
        raise Wrong("bad_reference", value=shown(value), allowed=listed(REFERENCES), nearest=nearest(value, REFERENCES))
    return known(value, r.ids["post"], "[[post]]")


def party(r: Reading, at: Path, value: object) -> str:
    """A department, a post, or a reference to either."""
    if value == DEPARTMENT:
        return DEPARTMENT
    if isinstance(value, str) and value.startswith("@"):
        return office(r, at, value)
    return known(value, (*r.ids["department"], *r.ids["post"]), "[[department]], [[post]]")


# what the organisation is

ENTRY_KEYS = {"id": must(identifier), "name": may(name), "means": may(name)}


def _named(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make` of a row whose name is its id where it has none."""

    def named(**row: Any) -> Any:
        row["name"] = row["name"] or Name.of(row["id"] or "?")
        return make(**row)

    return named


def entry(r: Reading, at: Path, value: object) -> Entry:
    """An entry of a list: an id, or a table with a name."""
    if isinstance(value, str):
        return Entry(identifier(r, at, value), Name.of(value))
    made: Entry = _named(Entry)(**table(r, at, value, ENTRY_KEYS))
    return made


KIND_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "owner": may(ref("department")),
    "applicants": may(one_or_many(ref("post")), ()),
    "see": may(one_or_many(ref("post")), ()),
}


def kind(r: Reading, at: Path, value: object) -> Kind:
    """A kind of visitor; the first department owns those that name none."""
    row = table(r, at, value, KIND_KEYS)
    row["owner"] = row["owner"] or next(iter(r.ids["department"]), "")
    made: Kind = _named(Kind)(**row)
    return made


DEPARTMENT_KEYS = {"id": must(identifier), "name": may(name), "alias": may(name), "head": may(ref("post"))}


def rank(r: Reading, at: Path, value: object) -> str:
    """A rank of the list `rank`."""
    return known(value, r.lists.get("rank", ()), "[list] rank")


POST_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "up": may(ref("post")),
    "department": may(ref("department")),
    "rank": may(rank),
    "per_visit": may(flag, False),
}
GROUP_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "leader": must(ref("post")),
    "deputy": may(ref("post")),
    "posts": may(one_or_many(ref("post")), ()),
}
CONDUCT_KEYS = {"id": must(identifier), "text": must(name)}
CURRENCY_KEYS = {"code": must(text), "minor": may(whole(0, 4), 2)}


def labels(r: Reading, at: Path, value: object) -> Mapping[str, Name]:
    """What this organisation calls a tier, a visit …"""
    read = table(r, at, value, {label: may(name) for label in LABELS})
    return {label: said for label, said in read.items() if said is not None}


def lists(r: Reading, at: Path, value: object) -> Mapping[str, tuple[Entry, ...]]:
    """The organisation's own words, by list."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed([*LIST_AXES.values(), "…"]))
    read = table(r, at, value, {list_id: may(many(entry), ()) for list_id in value})
    for list_id, entries in read.items():
        if list_id in RESERVED_LISTS or not re.fullmatch(r"\w+", list_id):
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
    "holidays": may(rows_of(HOLIDAY_KEYS, _holiday), ()),
    "workdays": may(many(day), ()),
    "only": may(flag, False),
}


def calendar(r: Reading, at: Path, value: object) -> CalendarRows:
    """The organisation's own holidays and shifted working days."""
    read = table(r, at, value, CALENDAR_KEYS)
    return CalendarRows(read["holidays"], frozenset(read["workdays"]), read["only"])


# choose tables

rule_id = may(identifier)
offices = one_or_many(office)


def tier(r: Reading, at: Path, value: object) -> str:
    """A tier of the file."""
    return known(value, r.ids["tier"], "[[tier]]")


PROPOSE_KEYS = {"id": rule_id, "tier": must(tier), "when": WHEN}
STEP_KEYS = {"by": may(offices), "all": may(offices), "do": may(choice("opinion", "decide", "report"), "decide")}


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


ROUTE_KEYS = {"id": rule_id, "steps": must(steps), "when": WHEN}
NOTICE_KEYS = {"id": rule_id, "least": may(span), "never": may(signed_span), "breach": breach, "when": WHEN}
LEAD_HOST_KEYS = {
    "id": rule_id,
    "posts": may(offices, ()),
    "instead": may(offices, ()),
    "at_least": may(whole(0, 99), 1),
    "higher": may(flag, False),
    "breach": breach,
    "when": WHEN,
}
COMPANIONS_KEYS = {
    "id": rule_id,
    "posts": may(offices, ()),
    "most": may(linear()),
    "never": may(linear()),
    "not_counted": may(one_or_many(ref("post")), ()),
    "breach": breach,
    "when": WHEN,
}

# collect tables

SIGN_KEYS = {"id": rule_id, "by": must(offices), "do": may(choice("decide", "report"), "decide"), "when": WHEN}
NEED_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "type": may(choice("text", "number", "date", "choice", "document"), "document"),
    "required": may(flag, True),
    "least": may(linear()),
    "most": may(linear()),
    "due": may(moment, Moment("submit")),
    "breach": breach,
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
    made: Need = _named(Need)(**row, values=values)
    return made


CHECK_KEYS = {"id": rule_id, "text": may(name), "breach": breach, "when": WHEN}


def check(r: Reading, at: Path, value: object) -> Check:
    """Anything else that is wrong."""
    row = table(r, at, value, CHECK_KEYS)
    if row["text"] is None:
        if row["id"] is None:
            raise Wrong("one_of_keys", keys="id, text")
        row["text"] = Name.of(row["id"])
    return Check(**row)


STAGE_KEYS = {"id": must(identifier), "name": may(name), "at": may(moment), "when": WHEN}
PART_KEYS = {"text": must(name), "when": WHEN, "may_drop": may(always_or_when)}


def duty_ref(r: Reading, at: Path, value: object) -> str:
    """A duty of the file."""
    return known(value, r.ids["duty"], "[[duty]]")


DUTY_KEYS = {
    "id": may(identifier),
    "party": must(party),
    "text": may(name),
    "stage": may(ref("stage")),
    "parts": may(rows_of(PART_KEYS, Part), ()),
    "due": may(moment),
    "after": may(one_or_many(duty_ref), ()),
    "may_drop": may(always_or_when),
    "assignee": may(flag, False),
    "when": WHEN,
}


def duty(r: Reading, at: Path, value: object) -> Duty:
    """What a party has to do; a row without an id is called after its place."""
    row = table(r, at, value, DUTY_KEYS)
    row["id"] = row["id"] or f"duty_{at[-1]}"
    row["text"] = row["text"] or Name.of(row["id"])
    return Duty(**row)


def changed(r: Reading, at: Path, value: object) -> str:
    """A key of the request, a need's id, `lead_host` or `total`; with `+` what can rise."""
    if not isinstance(value, str):
        raise Wrong("bad_text", value=shown(value))
    allowed = (*REQUEST_KEYS, *r.ids["need"], *choice_fields(r))
    field = value.removesuffix("+")
    known(field, allowed, "change")
    if field != value and field not in (*RISING, *(one for one, type_ in r.fields.items() if type_ == "number")):
        raise Wrong("cannot_rise", value=shown(value), allowed=listed(f"{key}+" for key in RISING))
    return value


CHANGE_KEYS = {
    "id": rule_id,
    "fields": must(one_or_many(changed)),
    "ask": may(choice("decide", "notify", "refuse"), "decide"),
    "when": WHEN,
}


# the whole file


def _currency(r: Reading, at: Path, value: object) -> Currency:
    return Currency(**table(r, at, value, CURRENCY_KEYS))


def _rows(keys: Mapping[str, Key], make: Callable[..., Any]) -> Key:
    return may(rows_of(keys, make), ())


def _some(keys: Mapping[str, Key], make: Callable[..., Any]) -> Key:
    return must(rows_of(keys, make, least=1))


def _read(reader: Reader[Any]) -> Key:
    return may(many(reader), ())


FILE_KEYS: dict[str, Key] = {
    "effective": must(day),
    "judged_on": must(choice("request", "visit")),
    "currency": must(_currency),
    "number": may(number_format, "{year}-{n:04}"),
    "own_request": may(choice("up", "flag"), "up"),
    "recorded": may(flag, True),
    "labels": may(labels, {}),
    "tier": _read(entry),
    "kind": must(many(kind, least=1)),
    "department": _some(DEPARTMENT_KEYS, _named(Department)),
    "post": _some(POST_KEYS, _named(Post)),
    "group": _rows(GROUP_KEYS, _named(Group)),
    "conduct": _rows(CONDUCT_KEYS, Conduct),
    "list": must(lists),
    "calendar": may(calendar, CalendarRows()),
    "propose": _rows(PROPOSE_KEYS, Propose),
    "route": _some(ROUTE_KEYS, Route),
    "notice": _rows(NOTICE_KEYS, Notice),
    "lead_host": _rows(LEAD_HOST_KEYS, LeadHost),
    "companions": _rows(COMPANIONS_KEYS, Companions),
    "cap": _read(cap),
    "sign": _rows(SIGN_KEYS, Sign),
    "need": _read(need),
    "check": _read(check),
    "stage": _rows(STAGE_KEYS, _named(Stage)),
    "duty": _read(duty),
    "change": _rows(CHANGE_KEYS, Change),
}
"""Every key of the file's top level."""
