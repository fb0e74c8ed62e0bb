"""From the text of a request (`jiedai try REQUEST.toml`) to a `Request`, or to all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.policy.answer import Finding
from models.policy.booked import holds, with_holds
from models.policy.load import parsed
from models.policy.model import Need, Policy
from models.policy.naming import CODES, PAYERS, Naming
from models.policy.notation.positions import line_of, positions
from models.policy.notation.quantities import whole
from models.policy.notation.readers import (
    Key,
    Reader,
    Reading,
    Wrong,
    attempt,
    choice,
    flag,
    listed,
    many,
    may,
    must,
    nearest,
    shown,
    table,
    text,
)
from models.policy.problem import Path, PolicyErrors, Problem, spelt
from models.policy.request import Cost, Decided, Guest, Lodging, Meal, Past, Request
from models.policy.values import a_day, any_number, free_text, moment, not_empty, price, quantity
from models.words import Phrase, clean

MOST_PEOPLE = 100_000


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
    city = may(_place(naming, "city"))
    kind = Key(naming.one("kind"), None, needed=len(policy.kinds) > 1)
    return {
        "kind": kind,
        "tier": may(naming.one("tier")),
        "client": must(not_empty),
        "headcount": must(whole(1, MOST_PEOPLE)),
        "requested_at": must(moment),
        "arrive": must(moment),
        "depart": must(moment),
        "guests": may(_rows(_guest_keys(naming), Guest), ()),
        "purposes": may(naming.several("purpose"), ()),
        "purpose_text": may(free_text, ""),
        "services": may(naming.several("service"), ()),
        "wants": may(naming.several("want"), ()),
        "applicant": may(naming.one("post")),
        "department": may(naming.one("department")),
        "host": may(naming.several("post"), ()),
        "city": city,
        "area": may(_place(naming, "area")),
        "scores": may(_scores(naming), {}),
        "meals": may(_rows(_meal_keys(naming, city)), ()),
        "lodging": may(_rows(_lodging_keys(naming, city)), ()),
        "costs": may(_costs(naming, city), ()),
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


def _meal(raw: dict[str, Any], day: date, guests: int) -> Meal:
    companions = raw.pop("companions")
    posts = companions if isinstance(companions, tuple) else ()
    raw["on"] = raw["on"] or day
    raw["guests"] = guests if raw["guests"] is None else raw["guests"]
    return Meal(**raw, companions=len(posts) if posts else companions or 0, companion_posts=posts)


def _lodging(raw: dict[str, Any], day: date, guests: int) -> Lodging:
    raw["on"] = raw["on"] or day
    raw["people"] = guests if raw["people"] is None else raw["people"]
    return Lodging(**raw)


def _guest_keys(naming: Naming) -> dict[str, Key]:
    return {
        "name": may(free_text, ""),
        "post": may(free_text, ""),
        "principal": may(flag, False),
        "rank": may(naming.one("rank")),
        "counts": may(flag, True),
    }


def _meal_keys(naming: Naming, city: Key) -> dict[str, Key]:
    return {
        "meal": may(naming.one("meal")),
        "venue": may(naming.one("venue")),
        "place": may(free_text, ""),
        "on": may(a_day),
        "guests": may(whole(0, MOST_PEOPLE)),
        "companions": may(_companions(naming), 0),
        "price": may(price),
        "bottles": may(whole(0), 0),
        "bottle_price": may(price),
        "packs": may(whole(0), 0),
        "pack_price": may(price),
        "city": city,
        "note": may(free_text, ""),
    }


def _lodging_keys(naming: Naming, city: Key) -> dict[str, Key]:
    return {
        "on": may(a_day),
        "people": may(whole(0, MOST_PEOPLE)),
        "nights": may(whole(1, 10_000), 1),
        "grade": may(naming.one("lodging")),
        "price": may(price),
        "city": city,
        "payer": may(choice(*PAYERS), "company"),
    }


def _costs(naming: Naming, city: Key) -> Reader[tuple[Cost, ...]]:
    """The other costs; the grade of each is of the list named like its item."""
    keys = {
        "item": must(_item(naming)),
        "quantity": may(quantity, Decimal(1)),
        "unit": may(free_text, ""),
        "price": may(price),
        "on": may(a_day),
        "grade": may(text),
        "to": may(free_text, ""),
        "city": city,
    }

    def one(r: Reading, at: Path, value: object) -> Cost:
        read = table(r, at, value, keys)
        if read["grade"] is not None and read["item"] is not None:
            read["grade"] = attempt(r, (*at, "grade"), naming.one(read["item"]), read["grade"])
        return Cost(**read)

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
