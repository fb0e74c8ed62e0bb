"""Verbs on what is arranged: meals, rooms, gifts, activities, texts; changes to an arranged visit (A33)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from models.errors import Refused
from models.form import CostEntry, Form, FormMeal, MealEntry, RoomEntry, with_meals
from models.frozen import record
from models.policy.case import PlannedCost, PlannedLodging
from models.schema import arrangements
from models.schema.base import Table
from models.schema.store import reading, trial
from models.schema.tables import Expense, Guest
from models.services import capacity, consequences, displays, validate
from models.services.consequences import (
    DutyChange,
    keep_guests,
    put_back,
)
from models.services.form_change import ChangedForm, change_form
from models.services.frame import (
    MarkedChange,
    Owned,
    Preview,
    VisitChange,
    changing,
    fresh,
    marking,
    preview_of,
    waiting,
)
from models.services.person_register import require_registered
from models.services.rights import require
from models.services.session import Session
from models.services.visit_diff import Difference
from models.services.visit_form import beside_form, of_form
from models.services.visit_record import VisitRecord
from models.services.visits import Done, post_names, state_detail, visit_row
from models.words import Phrase


@record
class Amended:
    """What a change did: duties added and removed (A33), and the fields for which it must be decided again.

    `differences`: what is different now, or will be once it is decided.
    """

    done: Done
    added: tuple[DutyChange, ...]
    removed: tuple[DutyChange, ...]
    asks: tuple[str, ...]
    differences: tuple[Difference, ...] = ()


def amend(
    session: Session,
    visit: int,
    form: Form,
    *,
    expected: int,
    words: str = "",
    tier: str | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Amended:
    """Change an approved visit; its own policy version judges it still.

    Stages, tasks and planned costs are rebuilt at once, ticks that still apply stay (A33). The tier is `tier`, or the
    form's where that is not the proposed one, else the one in force. A change of substance (the policy's `change`
    table) is written down, and the deciding step is asked again: the visit is `submitted` until then, its tasks stay
    as they are and are rebuilt by that decision; not agreed to, the visit goes on as it was approved.
    Raises Refused: `findings` for what is newly wrong, `change_refused`.
    """
    with changing(session, visit, "amend", right="amend", expected=expected) as v:
        made = change_form(v, form, tier, capacity.given(reasons or {}), strict=True)
        why = validate.text("words", words)
        v.details = lambda now: _told(v, made, why)
    done, rebuilt = _amended(v, made), made.rebuilt
    return Amended(done, rebuilt.added, rebuilt.removed, made.asks, made.differences)


def preview(
    session: Session, visit: int, form: Form, tier: str | None = None, reasons: Mapping[str, str] | None = None
) -> Preview:
    """What `amend` would do: it is done, looked at, and undone. Findings do not stand in the way of looking.

    Raises Refused as `amend` does otherwise: fields that are missing, `change_refused`, who may not.
    """
    with trial():
        waited = waiting(visit)
        with changing(session, visit, "amend", right="amend", expected=None) as v:
            made = change_form(v, form, tier, capacity.given(reasons or {}), strict=False)
        step = v.step if made.asks else None
        policy = v.record.policy
        posts = post_names(policy, step.posts) if step else None
        now = made.waiting if made.asks else waiting(visit)
        return Preview(policy, made.differences, fresh(waited, now), made.asks, posts, made.notices, tuple(made.unmet))


def take_change_back(session: Session, visit: int, *, expected: int) -> Done:
    """Withdraw a change that is still being decided, by who made it: the visit goes on as it was approved."""
    with changing(session, visit, "take_change_back", right="take_change_back", expected=expected) as v:
        consequences.halt(v.row)
        v.plan = put_back(v.record)
        v.details = state_detail(v.row)
    return v.done("change_taken_back")


def _told(v: VisitChange, made: ChangedForm, why: str) -> dict[str, object]:
    """What the journal keeps of it."""
    duties = (made.rebuilt.added, made.rebuilt.removed)
    added, removed = ([duty.duty for duty in each if not duty.part] for each in duties)
    return {"words": why, "asks": list(made.asks), "added": added, "removed": removed, **state_detail(v.row)}


def _amended(v: VisitChange, made: ChangedForm) -> Done:
    rebuilt = made.rebuilt
    if made.asks and v.step is not None:
        return v.done("amended_asks", posts=post_names(v.record.policy, v.step.posts))
    added, removed = (sum(not duty.part for duty in duties) for duties in (rebuilt.added, rebuilt.removed))
    said = "both" if added and removed else "added" if added else "removed" if removed else ""
    return v.done(f"amended_{said}" if said else "amended", added=added, removed=removed)


# -- what these verbs share -------------------------------------------------------------------------------------------

T = TypeVar("T")
Reasons = Mapping[str, str] | None
Shape = Callable[[VisitRecord], Form]
"""Gives the form of a visit as it is to be."""


Keep = Callable[[VisitRecord], Mapping[str, object]]
"""Changes what the form does not know of a visit, as it is by then, and gives what it changed, for the journal."""


def change(
    session: Session, visit: int | Owned, verb: str, shape: Shape, keep: Keep = lambda record: {}, *, expected: int,
    reasons: Reasons = None,
) -> Done:  # fmt: skip
    """Change the form as `shape` says, and what stands beside it as `keep` does: one change, and one entry of the
    journal, `amend` where the form is another.

    Raises Refused as `amend` does: `findings` wants `reasons` by code.
    """
    with changing(session, visit, verb, right="arrange", expected=expected) as v:
        form, made = shape(v.record), None
        if form != v.record.asked_form:
            require(session, "amend", v.row, v.context)
            made = change_form(v, form, None, capacity.given(reasons or {}), strict=True)
        kept = keep(v.renewed())
        v.verb = "amend" if made is not None else verb if kept else ""
        v.details = lambda now: {**(_told(v, made, "") if made is not None else {}), **kept}
    return _amended(v, made) if made is not None else v.done("arranged")


def impact(
    session: Session, visit: int, shape: Shape, save: Callable[[], object], reasons: Reasons = None
) -> Preview | None:
    """Preview of `save`, which edits one arrangement, together with `amend` of the form as `shape` makes it.

    None where neither changes anything. Where findings still lack a reason it is the preview of `amend` alone."""
    with reading():
        record = VisitRecord(session, visit_row(visit))
        new = shape(record)
        old = record.asked_form
    asked = preview(session, visit, new, reasons=reasons) if new != old else None
    if asked is not None and asked.findings:
        return asked
    whole = preview_of(session, visit, save)
    if asked is None or whole is None:
        return asked or whole
    return replace(
        asked, differences=whole.differences, notifications=asked.notifications if asked.asks else whole.notifications
    )


def place_of(rows: Sequence[Table], row: int | None) -> int:
    """At which place of its list in the form a row stands; behind the last where there is none yet."""
    ids = [each.id for each in rows]
    if row is not None and row not in ids:
        raise Refused("no_arrangement")
    return len(ids) if row is None else ids.index(row)


def with_row(rows: tuple[T, ...], place: int, new: T | None) -> tuple[T, ...]:
    """The rows with another at a place, or with none there."""
    return (*rows[:place], *([] if new is None else [new]), *rows[place + 1 :])


def save_row(
    session: Session, visit: int, table: str, row: int | None, entry: MealEntry | RoomEntry | CostEntry, verb: str,
    item: str, shape: Shape, *, expected: int, reasons: Reasons,
) -> Done:  # fmt: skip
    """Arrange a row of a table of the form as `entry` says, a new one where `row` is None: in the form as `shape` makes
    it, and beside it what the form does not know; the journal says `item` of that."""
    place = -1

    def placed(record: VisitRecord) -> Form:
        nonlocal place
        place = place_of(getattr(record, table), row)
        return shape(record)

    def keep(record: VisitRecord) -> dict[str, object]:
        told = keep_beside(getattr(record, table)[place], item, beside_form(table, entry, record.guests))
        if "decided_by" in told.get("after", {}):
            _name_at_cost(visit, place, told["before"]["decided_by"], told["after"]["decided_by"])
        return told

    return change(session, visit, verb, placed, keep, expected=expected, reasons=reasons)


def keep_beside(row: Table, item: str, values: Mapping[str, object]) -> dict[str, Any]:
    """Keep what the form does not know of a row; what of it is new, for the journal."""
    fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not fresh:
        return {}
    before = {name: getattr(row, name) for name in fresh}
    for name, value in fresh.items():
        setattr(row, name, value)
    row.save()
    return {"item": item, "before": before, "after": fresh}


# -- meals ------------------------------------------------------------------------------------------------------------


def save_meal(
    session: Session, visit: int, meal: int | None, entry: MealEntry, *, expected: int, reasons: Reasons = None
) -> Done:
    """Arrange a meal, a new one where `meal` is None. Companions who are known count by their posts (A28).

    Refused `diners_more` where more guests are named than come.
    """
    if len(entry.diners) > entry.guests:
        raise Refused("diners_more", named=len(entry.diners), n=entry.guests)
    require_registered(entry.ours)
    shape = partial(with_meal, meal=meal, entry=entry)
    return save_row(session, visit, "meals", meal, entry, "meal", "meal", shape, expected=expected, reasons=reasons)


def remove_meal(session: Session, meal: int, *, expected: int, reasons: Reasons = None) -> Done:
    """Take a meal out of the visit, and what it was to cost out of the plan."""
    owned = (arrangements.Meal, meal)
    return change(
        session, owned, "meal", lambda record: with_meal(record, meal, None), expected=expected, reasons=reasons
    )


def with_meal(record: VisitRecord, meal: int | None, entry: MealEntry | None) -> Form:
    """The form of a visit with a meal as in the entry, a new one where `meal` is None, or without it."""
    form, place = record.asked_form, place_of(record.meals, meal)
    if entry is None:
        return with_meals(form, with_row(form.meals, place, None))
    new = FormMeal(**of_form("meals", entry))
    old = form.meals[place] if meal is not None else None
    kept = old is not None and old.companions == new.companions and not new.ours
    new = replace(new, companion_posts=old.companion_posts if old is not None and kept else ())
    return with_meals(replace(form, dining=True), with_row(form.meals, place, new))


def set_diet(session: Session, guest: int, diet: str) -> Done:
    """Say what a guest may not eat, on this visit and in the client's record; also while a change is being decided."""
    text = validate.line("diet", diet)
    with changing(
        session, (Guest, guest), "diet", right="arrange", expected=None, reschedule=False, with_seats=False
    ) as v:
        found, row = v.found(Guest), v.row
        found.diet = text
        found.save()
        if row.before is not None:
            row.before = {**row.before, "guests": _with_diet(row.before["guests"], found.name, text)}
        keep_guests(v.renewed())
        v.details = {"text": f"{found.name} {text}".strip()}
    return v.done("diet", who=found.name)


def _with_diet(guests: Sequence[dict[str, object]], name: str, diet: str) -> list[dict[str, object]]:
    return [{**guest, "diet": diet} if guest["name"] == name else guest for guest in guests]


# -- rooms for the night ----------------------------------------------------------------------------------------------


def save_room(
    session: Session, visit: int, room: int | None, entry: RoomEntry, *, expected: int, reasons: Reasons = None
) -> Done:
    """Arrange rooms, further ones where `room` is None."""
    shape = partial(with_room, room=room, entry=entry)
    return save_row(
        session, visit, "lodging", room, entry, "room.set", "lodging", shape, expected=expected, reasons=reasons
    )


def remove_room(session: Session, room: int, *, expected: int, reasons: Reasons = None) -> Done:
    """Take rooms out of the visit."""
    owned = (arrangements.Lodging, room)
    return change(
        session, owned, "room.set", lambda record: with_room(record, room, None), expected=expected, reasons=reasons
    )


def with_room(record: VisitRecord, room: int | None, entry: RoomEntry | None) -> Form:
    """The form of a visit with rooms as in the entry, further ones where `room` is None, or without them."""
    form, place = record.asked_form, place_of(record.lodging, room)
    if entry is None:
        return replace(form, lodging=with_row(form.lodging, place, None))
    validate.number("nights", entry.nights, low=1)
    validate.number("lodging_people", entry.people, low=1)
    if len(entry.guests) > entry.people:
        raise Refused("sleepers_more", named=len(entry.guests), n=entry.people)
    new = PlannedLodging(**of_form("lodging", entry))
    return replace(form, lodged=True, lodging=with_row(form.lodging, place, new))


def check_in(session: Session, room: int, *, there: bool = True) -> Done:
    """The guests are in their rooms, now; or were not after all."""
    verb = "room.checked_in" if there else "room.not_checked_in"
    with marking(session, (arrangements.Lodging, room), verb, right="arranged") as v:
        row = v.found(arrangements.Lodging)
        row.checked_in = session.now() if there else None
        v.details = {"place": row.place}
    return v.done(verb.replace(".", "_"))


# -- gifts, activities, further costs ---------------------------------------------------------------------------------


def save_cost(
    session: Session, visit: int, cost: int | None, entry: CostEntry, *, expected: int, reasons: Reasons = None
) -> Done:
    """Arrange a gift, an activity or the like, a new one where `cost` is None."""
    shape = partial(with_cost, cost=cost, entry=entry)
    return save_row(
        session, visit, "costs", cost, entry, "gift.set", entry.item, shape, expected=expected, reasons=reasons
    )


def remove_cost(session: Session, cost: int, *, expected: int, reasons: Reasons = None) -> Done:
    """Take a gift, an activity or the like out of the visit."""
    owned = (arrangements.Cost, cost)
    return change(
        session, owned, "gift.set", lambda record: with_cost(record, cost, None), expected=expected, reasons=reasons
    )


def with_cost(record: VisitRecord, cost: int | None, entry: CostEntry | None) -> Form:
    """The form of a visit with a gift or the like as in the entry, a new one where `cost` is None, or without it."""
    form, place = record.asked_form, place_of(record.costs, cost)
    if entry is None:
        return replace(form, costs=with_row(form.costs, place, None))
    if not entry.quantity:
        raise Refused("out_of_range", field=validate.label("quantity"), value=0, low=1, high=validate.COUNT)
    return replace(form, costs=with_row(form.costs, place, PlannedCost(**of_form("costs", entry))))


def hand_out(session: Session, cost: int, *, there: bool = True) -> Done:
    """A gift is handed over, or an activity held, now and by whom the actor is; or was not after all."""
    verb = "gift.handed_out" if there else "gift.not_handed_out"
    with marking(session, (arrangements.Cost, cost), verb, right="arranged") as v:
        row = v.found(arrangements.Cost)
        row.done_at, row.done_by_id = (session.now(), session.actor.person) if there else (None, None)
        v.details = {"item": row.item, "text": f"{row.what} {row.to}".strip()}
    return v.done(verb.replace(".", "_"))


def _name_at_cost(visit: int, place: int, before: str, who: str) -> None:
    """Say at the line of costs who decided it, unless somebody else was named there by hand."""
    line = (Expense.visit == visit) & (Expense.line == f"cost{place + 1}") & Expense.decided_by.in_(["", before])
    Expense.update(decided_by=who, version=Expense.version + 1).where(line).execute()


# -- texts ------------------------------------------------------------------------------------------------------------


def make_texts(session: Session, visit: int) -> Done:
    """Make the texts of a visit that has none yet, and anew what was not written by hand."""
    with marking(session, visit, "display.made", right="arrange") as v:
        displays.refresh(v.record)
    return v.done("display_made")


def edit_text(session: Session, display: int, *, expected: int, zh: str, en: str) -> Done:
    """Write a text by hand; from now on it does not follow the guests, and is to be set out anew. Kept as it is, one
    that was outdated is so no longer. Refused `stale_display`."""
    texts = {"zh": validate.text("display", zh), "en": validate.text("display", en)}
    with marking(session, (arrangements.Display, display), right="arrange", expected=expected) as v:
        found, before = v.found(arrangements.Display), _texts_of(v)
        now = displays.made(found.what, displays.MADE_IN, displays.scene_of(v.record))
        if texts != before:
            found.zh, found.en = texts["zh"], texts["en"]
            found.edited, found.done_at, found.done_by = True, None, None
            _text_done(v, "edited", {"before": before, "after": texts})
        elif found.edited and found.made != now:
            _text_done(v, "checked")
        found.made = now
    return _text_said(v) if v.verb else v.done("display_same")


def reset_text(session: Session, display: int, *, expected: int) -> Done:
    """Put back the text as it is made from the visit; from now on it follows the guests again."""
    with marking(session, (arrangements.Display, display), right="arrange", expected=expected) as v:
        found, before = v.found(arrangements.Display), _texts_of(v)
        found.edited, found.made = False, ""
        displays.fill(found, displays.scene_of(v.record))
        _text_done(v, "reset", {"before": before, "after": _texts_of(v)})
    return _text_said(v)


def set_out(session: Session, display: int, *, expected: int, there: bool = True) -> Done:
    """A text is shown or set out, now and by whom the actor is; or was not after all. Refused `stale_display` where
    its words are others by now."""
    with marking(session, (arrangements.Display, display), right="arranged", expected=expected) as v:
        found = v.found(arrangements.Display)
        found.done_at, found.done_by_id = (session.now(), session.actor.person) if there else (None, None)
        shown = "shown" if found.what == "welcome" else "set_out"
        _text_done(v, shown if there else f"not_{shown}")
    return _text_said(v)


def _texts_of(v: MarkedChange) -> dict[str, str]:
    return {code: getattr(v.found(arrangements.Display), code) for code in displays.LANGUAGES}


def _text_done(v: MarkedChange, what: str, details: Mapping[str, object] | None = None) -> None:
    v.verb, v.details = f"display.{what}", {"display": v.found(arrangements.Display).what, **(details or {})}


def _text_said(v: MarkedChange) -> Done:
    what = Phrase(f"done.display.{v.found(arrangements.Display).what}")
    return v.done(v.verb.replace(".", "_"), what=what)
