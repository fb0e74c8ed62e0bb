"""The request form 接待申请表 as one immutable value (R99 to R112): what the wizard edits and a visit stores.

Persons are ids of the register. Times are naive local wall clock; money is in minor units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from models.frozen import NO_ENTRIES, record
from models.policy.case import (
    COST_FIELDS,
    GUEST_FIELDS,
    LODGING_FIELDS,
    MEAL_FIELDS,
    Fields,
    FieldSpec,
    PlannedCost,
    PlannedLodging,
    PlannedMeal,
    of_kinds,
)


@record
class FormGuest:
    """R103: a guest's name and post; one is the principal (A19). `diet`: what they may not eat, as said."""

    name: str = ""
    post: str = ""
    address: str = ""
    phone: str = ""
    principal: bool = False
    rank: str | None = None
    counts: bool = True
    diet: str = ""


GUEST: Fields = {
    **GUEST_FIELDS,
    "address": FieldSpec("line", "guest_address"),
    "phone": FieldSpec("line", "phone"),
    "diet": FieldSpec("line", "diet"),
}


@record
class FormMeal(PlannedMeal):
    """R107: a meal with those of ours who are known to dine, by id; `companions` counts them and the further ones."""

    ours: tuple[int, ...] = ()

    @property
    def further(self) -> int:
        """How many more of ours dine than are named."""
        return max(0, self.companions - len(self.ours))

    def dined_by(self, ours: Sequence[int]) -> FormMeal:
        """This meal with these of ours: as many as before, of whom they are some, and as many as they are where just
        those named came or fewer than these."""
        number = len(ours) if not self.further else max(self.companions, len(ours))
        return replace(self, ours=tuple(ours), companions=number)


MEAL: Fields = {
    **MEAL_FIELDS,
    "companion_posts": FieldSpec("posts", "meal_companions"),
    "ours": FieldSpec("people", "ours"),
}
REMARKS = tuple([name for name in of_kinds(MEAL, "line") if name != "place"])
"""What is written of a meal beside where it is."""


@record
class FormLeg:
    """How the guests come or go: `mode` plane, train, car or other; plates for the gate (R62)."""

    mode: str = ""
    number: str = ""
    place: str = ""
    at: datetime | None = None
    plates: str = ""


MODES = ("plane", "train", "car", "other")
"""How guests come or go."""

LEG: Fields = {
    "mode": FieldSpec("line", "leg_mode"),
    "number": FieldSpec("line", "leg_number"),
    "place": FieldSpec("line", "leg_place"),
    "plates": FieldSpec("line", "plates"),
}
FORM: Fields = {
    "kind": FieldSpec("choice", "kind", "kind"),
    "tier": FieldSpec("choice", "tier", "tier"),
    "department": FieldSpec("choice", "department", "department"),
    "city": FieldSpec("place", "city", "city"),
    "area": FieldSpec("place", "area", "area"),
    "reason": FieldSpec("line", "reason"),
    "purposes": FieldSpec("choices", "purposes", "purpose"),
    "purpose_text": FieldSpec("line", "purpose_text"),
    "services": FieldSpec("choices", "services", "service"),
    "services_text": FieldSpec("line", "services_text"),
    "wants": FieldSpec("choices", "wants", "want"),
    "other_text": FieldSpec("line", "other_text"),
    "documents": FieldSpec("choices", "documents", "@need"),
}
"""The form's own fields that hold words or are chosen; `@need` are the documents of the policy's `need`."""

ROWS: Mapping[str, Fields] = {
    "guests": GUEST,
    "meals": MEAL,
    "lodging": LODGING_FIELDS,
    "costs": COST_FIELDS,
}
"""The fields of the rows of each table of the form."""


@record
class Form:
    """Every field of the form. None and empty mean not filled in; `raw` keeps typed text that is no value yet.

    R99 applicant; R100 arrive; R101 reason; R102 client; R103 guests; R104 headcount; R105 purposes; R106 tier;
    R107 dining, meals and diners, all of ours who sit at one; R108 lodged and lodging; R109 other with start and end;
    R110 services; R111 arrangements. R112, the decisions, is the visit's, not the form's.
    """

    kind: str | None = None
    tier: str | None = None
    client: str = ""
    client_id: int | None = None
    applicant: int | None = None
    reason: str = ""
    headcount: int | None = None
    guests: tuple[FormGuest, ...] = ()
    arrive: datetime | None = None
    depart: datetime | None = None
    arrival: FormLeg = FormLeg()
    departure: FormLeg = FormLeg()
    purposes: tuple[str, ...] = ()
    purpose_text: str = ""
    services: tuple[str, ...] = ()
    services_text: str = ""
    wants: tuple[str, ...] = ()
    dining: bool = False
    meals: tuple[FormMeal, ...] = ()
    diners: tuple[int, ...] = ()
    lodged: bool = False
    lodging: tuple[PlannedLodging, ...] = ()
    other: bool = False
    other_text: str = ""
    other_from: datetime | None = None
    other_until: datetime | None = None
    costs: tuple[PlannedCost, ...] = ()
    hosts: tuple[int, ...] = ()
    companions: tuple[int, ...] = ()
    per_visit: Mapping[str, int] = NO_ENTRIES
    arrangements: str = ""
    city: str | None = None
    area: str | None = None
    department: str | None = None
    scores: Mapping[str, str] = NO_ENTRIES
    documents: tuple[str, ...] = ()
    fields: Mapping[str, object] = NO_ENTRIES
    reasons: Mapping[str, str] = NO_ENTRIES
    raw: Mapping[str, str] = NO_ENTRIES


def dining_with(form: Form, diners: Sequence[int]) -> Form:
    """The form in which these of ours dine: who has come to be one sits at each meal, who is one no more at none."""
    came = [who for who in diners if who not in form.diners]
    meals = [meal.dined_by([*[who for who in meal.ours if who in diners], *came]) for meal in form.meals]
    return replace(form, diners=tuple(diners), meals=tuple(meals))


def with_meals(form: Form, meals: Sequence[FormMeal]) -> Form:
    """The form with these meals; who dines is who is named at them, while there are any."""
    named = dict.fromkeys([who for meal in meals for who in meal.ours])
    return replace(form, meals=tuple(meals), diners=tuple(named) if meals else form.diners)


# -- as it is arranged ------------------------------------------------------------------------------------------------


@record
class MealEntry(FormMeal):
    """A meal as it is arranged: `at` a local time of day. `diners` are the guests by name, empty where only their
    number is known; `diet` what those who are not named may not eat."""

    at: time | None = None
    diners: tuple[str, ...] = ()
    diet: str = ""


@record
class RoomEntry(PlannedLodging):
    """Rooms as they are arranged: `place` is the hotel, `guests` who sleeps there, as far as they are named."""

    place: str = ""
    guests: tuple[str, ...] = ()


@record
class CostEntry(PlannedCost):
    """A gift, an activity or the like as it is arranged: `what` it is, `at` a local time of day, `decided_by` who set
    it (R93, R94)."""

    what: str = ""
    at: time | None = None
    place: str = ""
    decided_by: str = ""


BESIDE: Mapping[str, Fields] = {
    "meals": {
        "at": FieldSpec("time", "at"),
        "diners": FieldSpec("names", "named_guests"),
        "diet": FieldSpec("line", "meal_diet"),
    },
    "lodging": {
        "place": FieldSpec("line", "place"),
        "guests": FieldSpec("names", "named_guests"),
    },
    "costs": {
        "what": FieldSpec("line", "gift_what"),
        "at": FieldSpec("time", "at"),
        "place": FieldSpec("line", "place"),
        "decided_by": FieldSpec("line", "decided_by"),
    },
}
"""What is arranged of the rows of a table beside what the form says of them."""
