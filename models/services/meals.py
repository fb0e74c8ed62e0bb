"""Verbs on the meals of a visit: when and where, who sits there, what they may not eat.

The place decides whose duty a meal is (A22): another venue goes through `amend`, and the tasks follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from models.errors import Refused
from models.form import Form, Meal, with_meals
from models.schema import arrangements, journal
from models.schema.store import write
from models.schema.tables import Guest, Visit
from models.services import typed
from models.services.arranging import Reasons, change, keep_beside, place_of, visit_of, with_row
from models.services.clients import keep_guests
from models.services.effects import watched
from models.services.names import guest_names
from models.services.people import insist_registered
from models.services.rights import allow
from models.services.session import Session
from models.services.visits import Done, done, touch, visit_row


@dataclass(frozen=True, slots=True)
class MealEntry:
    """A meal as it is arranged: `price` a head, minor units; `at` a local time of day. `diners` are the guests by name,
    empty where only their number is known; `ours` those of us who are known, by id, and `further` how many more of us
    there are; `diet` what those who are not named may not eat."""

    on: date
    guests: int
    further: int = 0
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
    session: Session, visit: int, meal: int | None, entry: MealEntry, *, seen: int, reasons: Reasons = None
) -> Done:
    """Arrange a meal, a new one where `meal` is None. Companions who are known count by their posts (A28).

    Refused `diners_more` where more guests are named than come.
    """
    if len(entry.diners) > entry.guests:
        raise Refused("diners_more", named=len(entry.diners), n=entry.guests)
    diet = typed.line("diet", entry.diet)
    insist_registered(entry.ours)
    at = datetime.combine(entry.on, entry.at) if entry.at is not None else None
    place = -1

    def shape(form: Form) -> Form:
        nonlocal place
        place = place_of(arrangements.Meal, visit, meal)
        return with_meal(form, visit, meal, entry)

    def keep(row: Visit) -> dict[str, object]:
        beside = {"at": at, "diners": guest_names(row.id, entry.diners), "diet": diet}
        return keep_beside(arrangements.Meal, visit, place, "meal", beside)

    return change(session, visit, "meal", shape, keep, seen=seen, reasons=reasons)


def remove_meal(session: Session, meal: int, *, seen: int, reasons: Reasons = None) -> Done:
    """Take a meal out of the visit, and what it was to cost out of the plan."""
    visit = visit_of(arrangements.Meal, meal)
    return change(session, visit, "meal", lambda form: with_meal(form, visit, meal, None), seen=seen, reasons=reasons)


def with_meal(form: Form, visit: int, meal: int | None, entry: MealEntry | None) -> Form:
    """The form of a visit with a meal as in the entry, a new one where `meal` is None, or without it."""
    place = place_of(arrangements.Meal, visit, meal)
    if entry is None:
        return with_meals(form, with_row(form.meals, place, None))
    old = form.meals[place] if meal is not None else Meal(entry.on, entry.guests)
    return with_meals(replace(form, dining=True), with_row(form.meals, place, _of_form(old, entry)))


def set_diet(session: Session, guest: int, diet: str) -> Done:
    """Say what a guest may not eat, on this visit and in the client's record; also while a change is being decided."""
    text = typed.line("diet", diet)
    with write():
        found = Guest.get_or_none(Guest.id == guest)
        if found is None:
            raise Refused("no_arrangement")
        row = visit_row(visit_of(Guest, guest))
        allow(session, "arrange", row)
        with watched(session, row) as change:
            found.diet = text
            found.save()
            if row.before is not None:
                row.before = {**row.before, "guests": _with_diet(row.before["guests"], found.name, text)}
        keep_guests(row)
        touch(session, row)
        journal.record(session, "diet", row.id, {"text": f"{found.name} {text}".strip(), "changed": change.said})
        return done(row, "diet", who=found.name)


def _of_form(old: Meal, entry: MealEntry) -> Meal:
    """What the form says of a meal; the prices of bottles and packets stay, and while as many of us come of whom nobody
    is named the posts they were given."""
    companions = len(entry.ours) + entry.further
    posts = old.companion_posts if companions == old.companions and not entry.ours else ()
    return replace(
        old, on=entry.on, meal=entry.meal, venue=entry.venue, place=typed.line("meal_place", entry.place),
        guests=entry.guests, ours=entry.ours, companions=companions, companion_posts=posts, price=entry.price,
        bottles=entry.bottles, packs=entry.packs, note=typed.line("meal_note", entry.note),
    )  # fmt: skip


def _with_diet(guests: Sequence[dict[str, object]], name: str, diet: str) -> list[dict[str, object]]:
    return [{**guest, "diet": diet} if guest["name"] == name else guest for guest in guests]
