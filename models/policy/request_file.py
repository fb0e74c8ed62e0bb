"""From the text of a request (`jiedai try REQUEST.toml`) to a `Request`, or to all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.policy.answer import Finding
from models.policy.case import (
    COST_FIELDS,
    GUEST_FIELDS,
    LODGING_FIELDS,
    MEAL_FIELDS,
    MOST_PEOPLE,
    Decided,
    Fields,
    FieldSpec,
    Hold,
    Past,
    PlannedCost,
    PlannedGuest,
    PlannedLodging,
    PlannedMeal,
    Request,
    axes,
)
from models.policy.judge import prepared
from models.policy.keys import RULES
from models.policy.load import line_of, parsed, positions
from models.policy.model import (
    CLASHES,
    ENDS,
    ITEMS,
    Department,
    ListEntry,
    Need,
    Path,
    Policy,
    PolicyErrors,
    Problem,
    When,
    known_item,
    spelt,
)
from models.policy.notation import (
    Key,
    Reader,
    Reading,
    Wrong,
    attempt,
    choice,
    day_of,
    flag,
    known,
    listed,
    many,
    may,
    money,
    must,
    nearest,
    number,
    shown,
    table,
    text,
    whole,
)
from models.policy.programme import equipment_of, programme, span_of, times_for
from models.words import Phrase, alike, clean

# What a request may call the things of a policy: each by its id, or by its name in any language.

CODES = (
    "late", "lead_host", "companions", "cap", "grade", "least", "count", "need", "check", "own_request", "vacancy",
    "booking", "input",
)  # fmt: skip
"""The codes of findings."""


class Naming:
    """The names a policy gives to ids, and `unused`: the places of a request that the policy has no use for."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.unused: list[Path] = []
        self.axes = used_axes(policy)
        self.tables: dict[str, Mapping[str, str]] = {
            "tier": names_of(policy.tiers),
            "kind": names_of(policy.kinds),
            "department": names_of(policy.departments),
            "post": names_of(policy.posts),
            **{key: names_of(entries) for key, entries in policy.lists.items()},
        }
        if self.tables.get("item"):
            known = names_of(ListEntry(item, known_item(item)) for item in ITEMS)
            self.tables["item"] = {**known, **self.tables["item"]}

    def one(self, table: str) -> Reader[str | None]:
        """A reader of one thing of a table or list; where the policy has none of these, it is noted as unused."""

        def read(r: Reading, at: Path, value: object) -> str | None:
            names = self.tables.get(table)
            if names:
                return _known(value, names, table)
            self.pass_over(at)
            return None

        return read

    def several(self, table: str) -> Reader[tuple[str, ...]]:
        """A reader of an array of such things."""

        def read(r: Reading, at: Path, value: object) -> tuple[str, ...]:
            if not isinstance(value, list):
                raise Wrong("bad_list", value=shown(value))
            names = self.tables.get(table)
            if not names:
                if value:
                    self.pass_over(at)
                return ()
            found: dict[str, None] = {}
            for index, each in enumerate(value):
                try:
                    found[_known(each, names, table)] = None
                except Wrong as wrong:
                    r.wrong.append(((*at, index), wrong.phrase))
            return tuple(found)

        return read

    def pass_over(self, at: Path) -> None:
        """Note a place that the policy has no use for."""
        self.unused.append(at)


def _known(value: object, names: Mapping[str, str], table: str) -> str:
    if isinstance(value, str):
        found = names.get(value) or names.get(value.strip().casefold())
        if found is not None:
            return found
    ids = list(dict.fromkeys(names.values()))
    raise Wrong("unknown_id", value=shown(value), what=table, allowed=listed(ids), nearest=nearest(value, names))


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """Every way to say a row, an id before any name."""
    rows = tuple(rows)
    said = {row.id: row.id for row in rows}
    for row in rows:
        for each in _said(row):
            said.setdefault(each, row.id)
            said.setdefault(each.strip().casefold(), row.id)
    return said


def _said(row: Any) -> Iterator[str]:
    yield row.id
    yield from row.name.all()
    if isinstance(row, Department) and row.alias is not None:
        yield from row.alias.all()


def used_axes(policy: Policy) -> frozenset[str]:
    """Every axis that any row of the policy asks about, also by a reference to posts of the guests' rank; `department`
    where it matters of which one a request is."""
    whens: list[When] = [row.when for table in RULES.values() for row in table.of(policy)]
    for duty in policy.duties:
        whens += [
            duty.may_drop or (),
            *(part.when for part in duty.parts),
            *(part.may_drop or () for part in duty.parts),
        ]
    columns = frozenset(cap.by for cap in policy.caps if cap.by)
    rank = frozenset(["guest_rank"]) if any(post.startswith("@guest_rank") for post in _asked(policy)) else frozenset()
    asked = frozenset(["department"]) if _by_department(policy) else frozenset()
    return columns.union(rank, asked, *map(axes, whens))


def _by_department(policy: Policy) -> bool:
    """Whether it matters anywhere of which department a request is."""
    owned = any(kind.owner == "@department" for kind in policy.kinds)
    return (
        owned
        or any("department" in cap.count_by for cap in policy.caps)
        or any(party.startswith("@department") for party in _asked(policy))
    )


def _asked(policy: Policy) -> Iterator[str]:
    """Every post, department or reference that a row names."""
    for host in policy.lead_hosts:
        yield from (*host.posts, *host.instead)
    for route in policy.routes:
        yield from (post for step in route.steps for post in step.by)
    for few in policy.companions:
        yield from (*few.posts, *few.not_counted)
    yield from (post for sign in policy.signs for post in sign.by)
    yield from (party for duty in policy.duties for party in duty.parties())


# The single values of a request: texts, times, prices, quantities.

YEARS = range(2000, 2100)


def free_text(r: Reading, at: Path, value: object) -> str:
    """A text that may be empty."""
    if not isinstance(value, str):
        raise Wrong("bad_text", value=shown(value))
    return value


def not_empty(r: Reading, at: Path, value: object) -> str:
    """A text with something in it."""
    said = free_text(r, at, value)
    if not said.strip():
        r.wrong.append((at, Phrase("request.empty")))
    return said


def moment(r: Reading, at: Path, value: object) -> datetime:
    """A local date and time."""
    if isinstance(value, datetime) and value.tzinfo is None and value.year in YEARS:
        return value
    r.wrong.append((at, Phrase("request.bad_moment", {"value": shown(value)})))
    return datetime(YEARS[0], 1, 1)


def a_day(r: Reading, at: Path, value: object) -> date:
    """A day of our times."""
    day = day_of(value)
    if day.year not in YEARS:
        raise Wrong("far_off_day", value=shown(value))
    return day


def price(r: Reading, at: Path, value: object) -> int:
    """Main units, made minor ones."""
    return int(_not_negative(r, at, value, money(r, value)))


def _not_negative(r: Reading, at: Path, value: object, read: Fraction) -> Fraction:
    if read < 0:
        r.wrong.append((at, Phrase("request.negative", {"value": shown(value)})))
    return read


def any_number(r: Reading, at: Path, value: object) -> object:
    """A number of any kind, as it is."""
    number(value)
    return value


def quantity(r: Reading, at: Path, value: object) -> Decimal:
    """How many; a part of one, too."""
    amount = _not_negative(r, at, value, number(value))
    return Decimal(amount.numerator) / Decimal(amount.denominator)


# The holds of a request of `jiedai try`: `bookings` are to be held for it, `held` is held for other visits.

Raw = dict[str, Any]


def holds(naming: Naming, most: int) -> Reader[tuple[Raw, ...]]:
    """A reader of holds, still without what depends on the request; `most` people."""
    keys: dict[str, Key] = {
        "thing": must(choice(*CLASHES)),
        "name": must(not_empty),
        "for": may(_purpose(naming.policy)),
        "from": may(moment),
        "until": may(moment),
        "people": may(whole(0, most)),
        "seats": may(whole(0, most)),
        "grade": may(naming.one("car")),
        "equipment": may(naming.several("equipment"), ()),
        "firm": may(flag, True),
    }
    rows = many(lambda r, at, value: table(r, at, value, keys))

    def read(r: Reading, at: Path, value: object) -> tuple[Raw, ...]:
        found = rows(r, at, value)
        if found and not naming.policy.bookings:
            naming.pass_over(at)
            return ()
        return found

    return read


def with_holds(r: Reading, policy: Policy, request: Request, raw: Mapping[str, Sequence[Raw]]) -> Request:
    """The request with its `bookings` and `held`; a booking without times has those of what it is for. What is wrong
    with their times is noted."""
    if not any(raw.values()):
        return request
    case = prepared(policy, request)
    stages = programme(case)
    made: dict[str, tuple[Hold, ...]] = {}
    for key, rows in raw.items():
        kept: list[Hold] = []
        for index, row in enumerate(rows):
            purpose, at = row["for"], (key, index)
            if key == "bookings" and purpose and row["from"] is None and row["until"] is None:
                spans = [span_of(case, row["thing"], purpose, time) for time in times_for(case, purpose, stages)]
                row["from"], row["until"] = next(iter(spans), None) or (None, None)
            if _timed(r, at, row):
                needs = equipment_of(case, purpose or "") if row["thing"] == "room" else frozenset[str]()
                kept.append(_hold(key, index, row, needs))
        made[key] = tuple(kept)
    return replace(request, bookings=made["bookings"], held=made["held"])


def _timed(r: Reading, at: Path, row: Raw) -> bool:
    """Whether a hold has its two times in order; notes what is wrong."""
    missing = [key for key in ("from", "until") if row[key] is None]
    for key in missing:
        r.note(at, "missing_key", key=key)
    if not missing and row["until"] <= row["from"]:
        r.wrong.append(((*at, "until"), Phrase("request.until", {"value": str(row["until"])})))
    return not missing


def _hold(key: str, index: int, row: Raw, needs: frozenset[str]) -> Hold:
    """A hold of this request, or of another: each of these is a visit of its own."""
    return Hold(
        key=f"{key}{index + 1}",
        thing=row["thing"],
        what=(alike.plate if row["thing"] == "car" else alike.key)(row["name"]),
        name=clean(row["name"].strip()),
        starts=row["from"],
        ends=row["until"],
        visit=key if key == "bookings" else f"{key}{index + 1}",
        firm=row["firm"],
        people=row["people"],
        seats=row["seats"],
        grade=row["grade"],
        equipment=frozenset(row["equipment"]),
        needs=needs,
    )


def _purpose(policy: Policy) -> Reader[str]:
    names = names_of(policy.stages)

    def read(r: Reading, at: Path, value: object) -> str:
        said = names.get(value, value) if isinstance(value, str) else value
        return known(said, (*ENDS, *dict.fromkeys(names.values())), f"{', '.join(ENDS)}, [[stage]]")

    return read


# From the text of a request (`jiedai try REQUEST.toml`) to a `Request`, or to all that is wrong with it at once.


class RequestErrors(PolicyErrors):
    """A request that cannot be answered; `problems` has all of them in the file's order."""


def read_request(policy: Policy, text: str, name: str = "request.toml") -> tuple[Request, list[Finding]]:
    """The request of a TOML text, and an info for each thing in it that the policy has no use for.

    Values are taken by id and by name in any language; prices in main units. Raises RequestErrors with every problem.
    """
    data = _parsed(text, name)
    r, naming = Reading({}, {}, {}, policy.currency.minor), Naming(policy)
    read = table(r, (), data, _keys(naming))
    request = None if r.wrong else _request(r, policy, read)
    if request is None or r.wrong:
        found = positions(text.removeprefix("\ufeff"))
        raise RequestErrors([Problem(line_of(found, at), clean(spelt(at)), what) for at, what in r.wrong], name)
    return request, [_unused(at) for at in naming.unused]


def days_of(text: str, name: str = "request.toml") -> tuple[date | None, date | None]:
    """The days of a request's making and of its visit, by which its policy is picked; None for one that is not
    there, or is wrong and will be named by `read_request`. Raises RequestErrors for a text that is no TOML."""
    data = _parsed(text, name)
    requested, arrives = (data.get(key) for key in ("requested_at", "arrive"))
    return (
        requested.date() if isinstance(requested, datetime) else None,
        arrives.date() if isinstance(arrives, datetime) else None,
    )


def _parsed(text: str, name: str) -> dict[str, object]:
    try:
        return parsed(text, name)
    except PolicyErrors as errors:
        raise RequestErrors(errors.problems, name) from None


def _unused(at: Path) -> Finding:
    return Finding("info", "input", Phrase("finding.unused", {"field": clean(spelt(at))}))


def _keys(naming: Naming) -> dict[str, Key]:
    """The keys of a request; what depends on others is filled in by `_request`."""
    policy = naming.policy
    kind = Key(naming.one("kind"), None, needed=len(policy.kinds) > 1)
    return {
        "kind": kind,
        "tier": may(naming.one("tier")),
        "client": must(not_empty),
        "headcount": must(whole(1, MOST_PEOPLE)),
        "requested_at": must(moment),
        "arrive": must(moment),
        "depart": must(moment),
        "guests": may(_rows(_row_keys(naming, PlannedGuest, GUEST_FIELDS), PlannedGuest), ()),
        "purposes": may(naming.several("purpose"), ()),
        "purpose_text": may(free_text, ""),
        "services": may(naming.several("service"), ()),
        "wants": may(naming.several("want"), ()),
        "applicant": may(naming.one("post")),
        "department": may(naming.one("department")),
        "host": may(naming.several("post"), ()),
        "city": may(_place(naming, "city")),
        "area": may(_place(naming, "area")),
        "scores": may(_scores(naming), {}),
        "meals": may(_rows(_meal_keys(naming)), ()),
        "lodging": may(_rows(_row_keys(naming, PlannedLodging, LODGING_FIELDS)), ()),
        "costs": may(_costs(naming), ()),
        "documents": may(_documents(naming), ()),
        "fields": may(_fields(naming), {}),
        "reasons": may(_reasons, {}),
        "history": may(_history(naming), ()),
        "bookings": may(holds(naming, MOST_PEOPLE), ()),
        "held": may(holds(naming, MOST_PEOPLE), ()),
        "decision": may(_decision(naming)),
    }


def _request(r: Reading, policy: Policy, read: dict[str, Any]) -> Request | None:
    """The request of values that are each right; notes what is wrong between them."""
    if read["depart"] < read["arrive"]:
        r.wrong.append((("depart",), Phrase("request.depart", {"value": str(read["depart"])})))
    read["kind"] = read["kind"] or policy.kinds[0].id
    day, guests = read["arrive"].date(), read["headcount"]
    read["meals"] = tuple(_meal(meal, day, guests) for meal in read["meals"])
    read["lodging"] = tuple(_lodging(stay, day, guests) for stay in read["lodging"])
    raw = {key: read.pop(key) for key in ("bookings", "held")}
    request = with_holds(r, policy, Request(**read), raw)
    if request.tier is None and policy.tiers and not _proposed(policy, request):
        r.note((), "missing_key", key="tier")
    return request


def _proposed(policy: Policy, request: Request) -> bool:
    from models.policy.judge import tier_of

    return tier_of(policy, request).by_rule is not None


def _meal(raw: dict[str, Any], day: date, guests: int) -> PlannedMeal:
    companions = raw.pop("companions")
    posts = companions if isinstance(companions, tuple) else ()
    raw["on"] = raw["on"] or day
    raw["guests"] = guests if raw["guests"] is None else raw["guests"]
    return PlannedMeal(**raw, companions=len(posts) if posts else companions or 0, companion_posts=posts)


def _lodging(raw: dict[str, Any], day: date, guests: int) -> PlannedLodging:
    raw["on"] = raw["on"] or day
    raw["people"] = guests if raw["people"] is None else raw["people"]
    return PlannedLodging(**raw)


def _row_keys(naming: Naming, row: type, fields: Fields) -> dict[str, Key]:
    """A key for each field of a row: what is not given is as the row has it, None where it must have something."""
    return {name: may(_value(naming, field), getattr(row, name, None)) for name, field in fields.items()}


def _value(naming: Naming, field: FieldSpec) -> Reader[Any]:
    """The reader of a field of a row."""
    match field.kind:
        case "count":
            return whole(field.least, field.most)
        case "choice":
            return choice(*field.options) if field.options else naming.one(field.listed)
        case "place":
            return _place(naming, field.listed)
    return {"line": free_text, "day": a_day, "money": price, "quantity": quantity, "mark": flag}[field.kind]


def _meal_keys(naming: Naming) -> dict[str, Key]:
    return {**_row_keys(naming, PlannedMeal, MEAL_FIELDS), "companions": may(_companions(naming), 0)}


def _costs(naming: Naming) -> Reader[tuple[PlannedCost, ...]]:
    """The other costs; the grade of each is of the list named like its item."""
    keys = {**_row_keys(naming, PlannedCost, COST_FIELDS), "item": must(_item(naming)), "grade": may(text)}

    def one(r: Reading, at: Path, value: object) -> PlannedCost:
        read = table(r, at, value, keys)
        if read["grade"] is not None and read["item"] is not None:
            read["grade"] = attempt(r, (*at, "grade"), naming.one(read["item"]), read["grade"])
        return PlannedCost(**read)

    return many(one)


def _item(naming: Naming) -> Reader[str]:
    """An item of the policy; any word where the policy lists none."""
    known = naming.one("item")

    def read(r: Reading, at: Path, value: object) -> str:
        return (known(r, at, value) or "") if naming.tables.get("item") else text(r, at, value)

    return read


def _companions(naming: Naming) -> Reader[int | tuple[str, ...]]:
    """How many, or which posts."""
    posts = naming.several("post")

    def read(r: Reading, at: Path, value: object) -> int | tuple[str, ...]:
        return posts(r, at, value) if isinstance(value, list) else whole(0, MOST_PEOPLE)(r, at, value)

    return read


def _place(naming: Naming, axis: str) -> Reader[str | None]:
    """A city or area: of the list of that name where there is one, else any word."""

    def read(r: Reading, at: Path, value: object) -> str | None:
        if naming.tables.get(axis):
            return naming.one(axis)(r, at, value)
        said = text(r, at, value).strip()
        if axis not in naming.axes:
            naming.pass_over(at)
        return said

    return read


def _scores(naming: Naming) -> Reader[dict[str, str]]:
    """Attribute by attribute the band it scored."""

    def read(r: Reading, at: Path, value: object) -> dict[str, str]:
        names = naming.tables.get("score", {})
        if not isinstance(value, dict):
            raise Wrong("bad_table", value=shown(value), allowed=listed(dict.fromkeys(names.values())))
        found: dict[str, str] = {}
        for said, band in value.items():
            score = attempt(r, (*at, said), naming.one("score"), said)
            scored = attempt(r, (*at, said), naming.one("band"), band) if score else None
            if score and scored:
                found[score] = scored
        return found

    return read


def _documents(naming: Naming) -> Reader[tuple[str, ...]]:
    names = _needs(naming, "document")

    def read(r: Reading, at: Path, value: object) -> tuple[str, ...]:
        found = many(text)(r, at, value)
        for index, said in enumerate(found):
            if said not in names:
                naming.pass_over((*at, index))
        return tuple(names.get(said, said) for said in found)

    return read


def _needs(naming: Naming, *types: str) -> dict[str, str]:
    return {said: need.id for need in naming.policy.needs if need.type in types for said in (*need.name.all(), need.id)}


def _fields(naming: Naming) -> Reader[dict[str, object]]:
    """The organisation's own fields: by a need's type, or of a list that is a choice field."""
    needs = {need.id: need for need in naming.policy.needs}

    def read(r: Reading, at: Path, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise Wrong("bad_table", value=shown(value), allowed=listed((*needs, *naming.policy.lists)))
        found: dict[str, object] = {}
        for key, given in value.items():
            if key not in needs and key not in naming.policy.lists:
                naming.pass_over((*at, key))
            found[key] = attempt(r, (*at, key), _field(naming, key, needs.get(key)), given)
        return found

    return read


def _field(naming: Naming, key: str, need: Need | None) -> Reader[object]:
    if naming.tables.get(key):
        return lambda r, at, value: (
            naming.several(key)(r, at, value) if isinstance(value, list) else naming.one(key)(r, at, value)
        )
    match need.type if need else None:
        case "number":
            return any_number
        case "date":
            return a_day
        case "text" | "document":
            return text
    return lambda r, at, value: value


def _reasons(r: Reading, at: Path, value: object) -> dict[str, str]:
    """A reason for each code of a finding."""
    if not isinstance(value, dict):
        raise Wrong("bad_table", value=shown(value), allowed=listed(CODES))
    for key in value:
        if key not in CODES:
            r.note((*at, key), "unknown_key", value=clean(key), allowed=listed(CODES), nearest=nearest(key, CODES))
    return {key: attempt(r, (*at, key), free_text, said, "") for key, said in value.items() if key in CODES}


def _history(naming: Naming) -> Reader[tuple[Past, ...]]:
    """Earlier expenses; of no use where no cap looks back."""
    keys = {
        "on": must(a_day),
        "client": may(free_text, ""),
        "guest": may(free_text, ""),
        "department": may(naming.one("department")),
        "item": may(_item(naming)),
        "meal": may(naming.one("meal")),
        "amount": may(price, 0),
    }
    rows = _rows(keys, Past)

    def read(r: Reading, at: Path, value: object) -> tuple[Past, ...]:
        found = rows(r, at, value)
        if found and not any(cap.count_over for cap in naming.policy.caps):
            naming.pass_over(at)
        return found

    return read


def _decision(naming: Naming) -> Reader[Decided]:
    keys = {"by": must(naming.one("post")), "tier": may(naming.one("tier"))}
    return lambda r, at, value: Decided(**table(r, at, value, keys))


def _rows(keys: Mapping[str, Key], make: Any = dict) -> Reader[tuple[Any, ...]]:
    return many(lambda r, at, value: make(**table(r, at, value, keys)))
