"""Verbs on the meals of a visit: when and where, who sits there, what they may not eat.

The place decides whose duty a meal is (A22): another venue goes through `amend`, and the tasks follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from models.errors import Refused
from models.form import Form, Meal
from models.schema import arrangements, journal
from models.schema.store import write
from models.schema.tables import Guest, Visit
from models.services import typed
from models.services.arranging import Reasons, change, keep_beside, place_of, visit_of, with_row
from models.services.clients import keep_guests
from models.services.desk import Desk
from models.services.effects import watched
from models.services.forms import posts_held
from models.services.names import guest_names
from models.services.people import insist_registered
from models.services.policies import policy_of
from models.services.rights import allow
from models.services.visits import Done, done, touch, visit_row


@dataclass(frozen=True, slots=True)
class MealEntry:
    """A meal as it is arranged: `price` a head, minor units; `at` a local time of day. `diners` are the guests by name,
    empty where only their number is known; `ours` those of the companions that are known, by id; `diet` what those who
    are not named may not eat."""

    on: date
    guests: int
    companions: int = 0
    at: time | None = None
    meal: str | None = None
    venue: str | None = None
    place: str = ""
    price: int | None = None
    bottles: int = 0
    packs: int = 0
    diners: tuple[str, ...] = ()
    ours: tuple[int, ...] = ()
    diet: str = ""
    note: str = ""


def save_meal(
    desk: Desk, visit: int, meal: int | None, entry: MealEntry, *, seen: int, reasons: Reasons = None
) -> Done:
    """Arrange a meal, a new one where `meal` is None. Companions who are known count by their posts (A28).

    Refused `diners_more` and `ours_more` where more are named than come.
    """
    if len(entry.diners) > entry.guests:
        raise Refused("diners_more", named=len(entry.diners), n=entry.guests)
    if len(entry.ours) > entry.companions:
        raise Refused("ours_more", named=len(entry.ours), n=entry.companions)
    diet = typed.line("diet", entry.diet)
    insist_registered(entry.ours)
    at = datetime.combine(entry.on, entry.at) if entry.at is not None else None
    place = -1

    def shape(form: Form) -> Form:
        nonlocal place
        place = place_of(arrangements.Meal, visit, meal)
        return with_meal(desk, form, visit, meal, entry)

    def keep(row: Visit) -> dict[str, object]:
        beside = {"at": at, "diners": guest_names(row.id, entry.diners), "ours": list(entry.ours), "diet": diet}
        return keep_beside(arrangements.Meal, visit, place, "meal", beside)

    return change(desk, visit, "meal", shape, keep, seen=seen, reasons=reasons)


def remove_meal(desk: Desk, meal: int, *, seen: int, reasons: Reasons = None) -> Done:
    """Take a meal out of the visit, and what it was to cost out of the plan."""
    visit = visit_of(arrangements.Meal, meal)
    return change(
        desk, visit, "meal", lambda form: with_meal(desk, form, visit, meal, None), seen=seen, reasons=reasons
    )


def with_meal(desk: Desk, form: Form, visit: int, meal: int | None, entry: MealEntry | None) -> Form:
    """The form of a visit with a meal as in the entry, a new one where `meal` is None, or without it."""
    place = place_of(arrangements.Meal, visit, meal)
    if entry is None:
        return replace(form, meals=with_row(form.meals, place, None))
    old = form.meals[place] if meal is not None else Meal(entry.on, entry.guests)
    posts = old.companion_posts if entry.companions == old.companions else ()
    if entry.ours:
        policy = policy_of(desk, visit_row(visit))
        held = posts_held(policy, form, entry.ours, entry.on)
        posts = tuple(held[person][0] for person in entry.ours if held[person])
    return replace(form, dining=True, meals=with_row(form.meals, place, _of_form(old, entry, posts)))


def set_diet(desk: Desk, guest: int, diet: str) -> Done:
    """Say what a guest may not eat, on this visit and in the client's record; also while a change is being decided."""
    text = typed.line("diet", diet)
    with write():
        found = Guest.get_or_none(Guest.id == guest)
        if found is None:
            raise Refused("no_arrangement")
        row = visit_row(visit_of(Guest, guest))
        allow(desk, "arrange", row)
        with watched(desk, row) as change:
            found.diet = text
            found.save()
            if row.before is not None:
                row.before = {**row.before, "guests": _with_diet(row.before["guests"], found.name, text)}
        keep_guests(row)
        touch(desk, row)
        journal.record(desk, "diet", row.id, {"text": f"{found.name} {text}".strip(), "changed": change.said})
        return done(row, "diet", who=found.name)


def _of_form(old: Meal, entry: MealEntry, posts: tuple[str, ...]) -> Meal:
    """What the form says of a meal; the prices of bottles and packets stay."""
    return replace(
        old, on=entry.on, meal=entry.meal, venue=entry.venue, place=typed.line("meal_place", entry.place),
        guests=entry.guests, companions=entry.companions, companion_posts=posts, price=entry.price,
        bottles=entry.bottles, packs=entry.packs, note=typed.line("meal_note", entry.note),
    )  # fmt: skip


def _with_diet(guests: Sequence[dict[str, object]], name: str, diet: str) -> list[dict[str, object]]:
    return [{**guest, "diet": diet} if guest["name"] == name else guest for guest in guests]
