"""The notation of `config.toml`: the tables of its rules, and the whole file. One `…_KEYS` is one table, what the
organisation is stands in `organisation`. The reference for people is the comments of `config.toml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.policy.model import (
    CalendarRows,
    Change,
    Check,
    Companions,
    Conduct,
    Department,
    Duty,
    Group,
    LeadHost,
    Linear,
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
from models.policy.notation.bookings import booking, equipment
from models.policy.notation.caps import cap
from models.policy.notation.clauses import (
    WHEN,
    always_or_when,
    choice_fields,
)
from models.policy.notation.organisation import (
    CONDUCT_KEYS,
    DEPARTMENT_KEYS,
    DEPARTMENTS,
    GROUP_KEYS,
    POST_KEYS,
    calendar,
    currency,
    entry,
    kind,
    labels,
    lists,
    named,
    number_format,
)
from models.policy.notation.quantities import day, linear, moment, signed_span, span, whole
from models.policy.notation.readers import (
    Key,
    Reader,
    Reading,
    Wrong,
    attempt,
    choice,
    flag,
    identifier,
    known,
    listed,
    many,
    may,
    must,
    name,
    nearest,
    one_or_many,
    ref,
    rows_of,
    shown,
    table,
)
from models.policy.problem import Path
from models.words import Name

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

breach = may(choice("info", "warn", "reason", "block"), "reason")


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


def bound(r: Reading, at: Path, value: object) -> Linear:
    """A limit of a field of the form: one number, which no number of people changes."""
    if isinstance(value, dict):
        raise Wrong("plain_limit", value=shown(value))
    return linear()(r, at, value)


SIGN_KEYS = {"id": rule_id, "by": must(offices), "do": may(choice("decide", "report"), "decide"), "when": WHEN}
NEED_KEYS = {
    "id": must(identifier),
    "name": may(name),
    "type": may(choice("text", "number", "date", "choice", "document"), "document"),
    "required": may(flag, True),
    "least": may(bound),
    "most": may(bound),
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
    made: Need = named(Need)(**row, values=values)
    return made


CHECK_KEYS = {"id": rule_id, "text": may(name), "breach": breach, "when": WHEN}


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
    "name": may(name),
    "at": may(moment),
    "lasts": may(span),
    "per": may(choice("meal")),
    "when": WHEN,
}
PART_KEYS = {"text": must(name), "when": WHEN, "may_drop": may(always_or_when)}


def duty_ref(r: Reading, at: Path, value: object) -> str:
    """A duty of the file."""
    return known(value, r.ids["duty"], "[[duty]]")


DUTY_KEYS = {
    "id": may(identifier),
    "party": must(parties),
    "text": may(name),
    "stage": may(ref("stage")),
    "parts": may(rows_of(PART_KEYS, Part), ()),
    "due": may(moment),
    "after": may(one_or_many(duty_ref), ()),
    "may_drop": may(always_or_when),
    "assignee": may(flag, False),
    "equipment": may(one_or_many(equipment), ()),
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
    "fields": must(one_or_many(changed)),
    "ask": may(choice("decide", "notify", "refuse"), "decide"),
    "when": WHEN,
}


# the whole file


def _rows(keys: Mapping[str, Key], make: Callable[..., Any]) -> Key:
    return may(rows_of(keys, make), ())


def _some(keys: Mapping[str, Key], make: Callable[..., Any]) -> Key:
    return must(rows_of(keys, make, least=1))


def _read(reader: Reader[Any]) -> Key:
    return may(many(reader), ())


FILE_KEYS: dict[str, Key] = {
    "effective": must(day),
    "judged_on": must(choice("request", "visit")),
    "currency": must(currency),
    "number": may(number_format, "{year}-{n:04}"),
    "own_request": may(choice("up", "flag"), "up"),
    "recorded": may(flag, True),
    "labels": may(labels, {}),
    "tier": _read(entry),
    "kind": must(many(kind, least=1)),
    "department": _some(DEPARTMENT_KEYS, named(Department)),
    "post": _some(POST_KEYS, named(Post)),
    "group": _rows(GROUP_KEYS, named(Group)),
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
    "stage": _rows(STAGE_KEYS, named(Stage)),
    "duty": _read(duty),
    "change": _rows(CHANGE_KEYS, Change),
    "booking": _read(booking),
}
"""Every key of the file's top level."""
