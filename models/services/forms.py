"""The form of a visit: from the store, into it, and as a request to the policy (R99 to R111)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from models.errors import Refused
from models.form import Form
from models.policy import case
from models.policy.case import Request
from models.policy.model import Policy
from models.schema.store import reading
from models.schema.tables import Client, Visit
from models.services import choices, form_rows, typed
from models.services.names import client_columns
from models.services.people import Register


class Incomplete(Refused):
    """What the policy must know is not filled in: `fields`, names of the form's fields in its order."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__("incomplete", fields=typed.labels(fields))
        self.fields = tuple(fields)


def read_form(visit: Visit) -> Form:
    """The form as stored with this visit."""
    with reading():
        return form_rows.read(visit)


def write_form(policies: Sequence[Policy], visit: Visit, form: Form) -> None:
    """Store the form with this visit, cleaned; inside a write transaction. The row is saved, `version` is the caller's.

    Refused names the field that is too long or out of range, or chooses what none of these policies knows, or a person
    the register does not have.
    """
    choices.insist_known(policies, form, lambda: form_rows.read(visit))
    form_rows.save(visit, form)


def keep_client(visit: Visit) -> None:
    """Enter the visit's client among the known ones, where it is not yet; inside a write transaction. The row is the
    caller's to save."""
    if visit.client_id is None and visit.client_name:
        visit.client = form_rows.known_client(visit.client_name) or Client.create(**client_columns(visit.client_name))


def as_request(
    policy: Policy, form: Form, *, requested_at: datetime, tier: str | None = None, register: Register | None = None
) -> Request:
    """The form as the policy is asked, at `tier` or the form's; hosts and who dines of ours by their posts.

    `register`: where it has been read already. Raises Incomplete when the policy cannot be asked yet. Meals and lodging
    count only where their box is ticked.
    """
    with reading():
        return _request(policy, choices.known_to(policy, form), requested_at, tier, register or Register())


def _request(policy: Policy, form: Form, requested_at: datetime, tier: str | None, register: Register) -> Request:
    kind = form.kind or (policy.kinds[0].id if len(policy.kinds) == 1 else None)
    tier = tier or form.tier
    arrive, depart = form.arrive, form.depart
    missing = _missing(policy, form, kind, tier, requested_at.date(), register)
    if missing or not (kind and form.headcount and arrive and depart):
        raise Incomplete(missing)
    day = arrive.date()
    posts = posts_held(policy, form, [*[who for meal in form.meals for who in meal.ours], *form.hosts], day, register)
    meals = [
        replace(meal, companion_posts=tuple([post for person in meal.ours for post in posts[person][:1]]))
        if meal.ours else meal
        for meal in form.meals
    ]  # fmt: skip
    return Request(
        kind=kind,
        tier=tier,
        client=form.client,
        headcount=form.headcount,
        requested_at=requested_at,
        arrive=arrive,
        depart=depart,
        guests=tuple(case.Guest(g.name, g.post, g.principal, g.rank, g.counts) for g in form.guests),
        purposes=form.purposes,
        purpose_text=form.purpose_text,
        services=form.services,
        wants=form.wants,
        applicant=applicant_post(policy, form, requested_at.date(), register),
        department=form.department,
        # Who holds no post is given by name, so that they do not pass for nobody.
        host=tuple([post for person in form.hosts for post in posts[person] or (register.called(person),)]),
        city=form.city,
        area=form.area,
        scores=form.scores,
        meals=tuple(meals) if form.dining else (),
        lodging=form.lodging if form.lodged else (),
        costs=form.costs,
        documents=form.documents,
        fields=form.fields,
        reasons=form.reasons,
        lands=form.arrival.at,
        leaves=form.departure.at,
    )


def applicant_post(policy: Policy, form: Form, on: date, register: Register) -> str | None:
    """The post in which the applicant asks, of those held on a day or on this visit: one that may ask for this kind of
    visitor, else the highest."""
    if form.applicant is None:
        return None
    own = posts_held(policy, form, [form.applicant], on, register)[form.applicant]
    asked = next((kind.applicants for kind in policy.kinds if kind.id == form.kind or len(policy.kinds) == 1), ())
    return next((post for post in asked if post in own), next(iter(own), None))


def department_of(policy: Policy, form: Form, on: date, register: Register) -> str | None:
    """The department of a request: the one chosen, else that of the applicant's post on a day."""
    post = None if form.department else applicant_post(policy, form, on, register)
    return form.department or (policy.post(post).department if post else None)


def owner_of(policy: Policy, form: Form, on: date, register: Register | None = None) -> str | None:
    """The department that owns the visit of this form (R6, R98), asked for on a day; inside `reading` or `write`."""
    return policy.owner(form.kind, department_of(policy, form, on, register or Register()))


def _tier_known(policy: Policy, tier: str | None) -> bool:
    return bool(tier or not policy.tiers or policy.propose)


def _missing(policy: Policy, form: Form, kind: str | None, tier: str | None, on: date, register: Register) -> list[str]:
    known = {
        "client": form.client,
        "headcount": form.headcount,
        "arrive": form.arrive,
        "depart": form.depart,
        "kind": kind,
        "tier": _tier_known(policy, tier),
        "department": kind is None or policy.owner(kind, department_of(policy, form, on, register)),
    }
    return [field for field, value in known.items() if not value]


def posts_held(
    policy: Policy, form: Form, persons: Sequence[int], on: date, register: Register
) -> dict[int, list[str]]:
    """The policy's posts that each of these people holds on a day or on this visit, highest first."""
    found = {}
    for person in persons:
        named = [post for post in policy.named_posts if form.per_visit.get(post) == person]
        posts = {*register.posts_of(person, on), *named}
        known = [post.id for post in policy.posts if post.id in posts]
        found[person] = sorted(known, key=lambda post: len(policy.above(post)))
    return found


def moved(form: Form, arrive: datetime) -> Form:
    """The form for another arrival: departure, meals, lodging, costs and the rest move by as many days.

    Of a form without arrival (one copied) the earliest of those days becomes the day of arrival.
    """
    dated = [*[meal.on for meal in form.meals], *[room.on for room in form.lodging], *[cost.on for cost in form.costs]]
    days = [day for day in dated if day is not None]
    first = form.arrive.date() if form.arrive else min(days, default=arrive.date())
    by = arrive.date() - first
    return replace(
        form,
        arrive=arrive,
        depart=form.depart and form.depart + by,
        arrival=replace(form.arrival, at=form.arrival.at and form.arrival.at + by),
        departure=replace(form.departure, at=form.departure.at and form.departure.at + by),
        other_from=form.other_from and form.other_from + by,
        other_until=form.other_until and form.other_until + by,
        meals=tuple([replace(meal, on=meal.on + by) for meal in form.meals]),
        lodging=tuple([replace(lodging, on=lodging.on + by) for lodging in form.lodging]),
        costs=tuple([replace(cost, on=cost.on and cost.on + by) for cost in form.costs]),
    )
