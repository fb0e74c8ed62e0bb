"""What a form may choose: each value of a closed set is one that the regulation, or the program, knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from models.errors import Refused
from models.form import Form
from models.policy.case import PAYERS
from models.policy.model import ITEMS, Policy, known_item
from models.schema.arrangements import Leg
from models.schema.base import allowed as words_of
from models.services import typed
from models.words import Name, clean

T = TypeVar("T")
Allowed = Mapping[str, Name]
Keeps = Callable[[str, str, Allowed], bool]
"""Whether a value that is none of those allowed may stay all the same; asked with the field's name before it."""

MODES = words_of(Leg.mode)
"""How guests come or go; empty while nobody said."""


def insist_known(policies: Sequence[Policy], form: Form, had: Callable[[], Form]) -> None:
    """Refused (`not_one_of`) where the form chooses what none of these policies has, or (`not_per_visit`) names
    somebody for a post that is not given per visit (A24): who may name themselves for any could approve all.

    What stood in the form already (`had`) may stay, whichever regulation it is from.
    """
    odd = {(field, value): allowed for field, value, allowed in _odd(policies[0], form)}
    for other in policies[1:]:
        odd = {key: odd[key] for field, value, _ in _odd(other, form) if (key := (field, value)) in odd}
    if not odd:
        return
    stood = had()
    before = {(field, value) for field, value, _ in _odd(policies[0], stood)}
    for (field, value), allowed in odd.items():
        if field == "per_visit":
            if stood.per_visit.get(value) != form.per_visit[value]:
                named = typed.joined(allowed.values())
                raise Refused("not_per_visit", post=policies[0].name_of(clean(value)), posts=named)
        elif (field, value) not in before:
            raise not_one_of(field, value, allowed.values())


def known_to(policy: Policy, form: Form) -> Form:
    """The form without what the policy does not know: chosen under another regulation, it is to be chosen anew."""
    return _kept(policy, form, lambda field, value, allowed: False)


def not_one_of(field: str, value: str, allowed: Iterable[Name]) -> Refused:
    """The refusal of a value that is not in its closed set."""
    return Refused("not_one_of", field=typed.label(field), value=clean(value), allowed=typed.joined(allowed))


def one_of(field: str, value: str, allowed: Collection[str]) -> str:
    """A value of one of the program's own closed sets as it is; Refused (`not_one_of`) where it is none."""
    if value not in allowed:
        raise not_one_of(field, value, [Name.of(each) for each in allowed if each])
    return value


def _odd(policy: Policy, form: Form) -> list[tuple[str, str, Allowed]]:
    """The fields, values and what is allowed there, of all that the policy does not know."""
    found: list[tuple[str, str, Allowed]] = []

    def noted(field: str, value: str, allowed: Allowed) -> bool:
        found.append((field, value, allowed))
        return True

    _kept(policy, form, noted)
    return found


def _kept(policy: Policy, form: Form, keeps: Keeps) -> Form:
    """The form with the values that are allowed and those that may stay."""
    sets = _sets(policy)

    def one(field: str, value: str | None, table: str) -> str | None:
        allowed = sets.get(table)
        fits = value is None or allowed is None or value in allowed or keeps(field, value, allowed)
        return value if fits else None

    def many(field: str, values: Iterable[str], table: str) -> tuple[str, ...]:
        return tuple([value for value in values if one(field, value, table) is not None])

    def row(each: T, **values: object) -> T:
        fresh = {name: value for name, value in values.items() if getattr(each, name) != value}
        return replace(each, **fresh) if fresh else each  # type: ignore[type-var]  # a record is as good as a dataclass

    def own(key: str, value: object) -> object:
        """A value of the organisation's own fields: of the list of that name, where there is one."""
        if isinstance(value, (tuple, list)):
            return many("fields", map(str, value), key)
        return one("fields", value, key) if isinstance(value, str) else value

    values: dict[str, Any] = {
        field: one(field, getattr(form, field), field) for field in ("kind", "tier", "department", "city", "area")
    }
    for field, table in (("purposes", "purpose"), ("services", "service"), ("wants", "want"), ("documents", "@need")):
        values[field] = many(field, getattr(form, field), table)
    values["guests"] = tuple([row(each, rank=one("guest_rank", each.rank, "rank")) for each in form.guests])
    values["meals"] = tuple([
        row(each, meal=one("meal", each.meal, "meal"), venue=one("meal_place", each.venue, "venue"),
            companion_posts=many("meal_companions", each.companion_posts, "post"), city=one("city", each.city, "city"))
        for each in form.meals
    ])  # fmt: skip
    values["lodging"] = tuple([
        row(each, grade=one("grade", each.grade, "lodging"), city=one("city", each.city, "city"),
            payer=one("payer", each.payer, "@payer") or PAYERS[0])
        for each in form.lodging
    ])  # fmt: skip
    values["costs"] = tuple([
        row(each, grade=one("grade", each.grade, each.item), city=one("city", each.city, "city"))
        for each in form.costs if one("cost", each.item, "item") is not None
    ])  # fmt: skip
    for way in ("arrival", "departure"):
        leg = getattr(form, way)
        values[way] = row(leg, mode=one("leg_mode", leg.mode, "@mode") or "")
    values["per_visit"] = {
        post: who for post, who in form.per_visit.items() if one("per_visit", post, "@per_visit") is not None
    }
    values["scores"] = {
        score: band for score, band in form.scores.items()
        if one("scores", score, "score") is not None and one("scores", band, "band") is not None
    }  # fmt: skip
    values["fields"] = {
        key: kept for key, value in form.fields.items() if (kept := own(key, value)) is not None or value is None
    }  # fmt: skip
    return replace(form, **{field: value for field, value in values.items() if value != getattr(form, field)})


def _sets(policy: Policy) -> dict[str, Allowed]:
    """Every closed set by the name of its table or list; what has no list here may be any word."""
    sets: dict[str, Allowed] = {key: {entry.id: entry.name for entry in entries}
                                for key, entries in policy.lists.items() if entries}  # fmt: skip
    if "item" in sets:
        sets["item"] = {**{item: known_item(item) for item in ITEMS}, **sets["item"]}
    tables = {"kind": policy.kinds, "tier": policy.tiers, "department": policy.departments, "post": policy.posts}
    sets |= {key: {row.id: row.name for row in rows} for key, rows in tables.items()}  # type: ignore[attr-defined]  # all have both
    sets["@per_visit"] = {post.id: post.name for post in policy.posts if post.id in policy.named_posts}
    documents = {need.id: need.name for need in policy.needs if need.type == "document"}
    sets |= {"@need": documents} if documents else {}
    sets["@payer"] = {payer: Name.of(payer) for payer in PAYERS}
    sets["@mode"] = {mode: Name.of(mode) for mode in MODES}
    return sets
