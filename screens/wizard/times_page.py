"""Page 2: why they come, when, and how (R100, R101, R105, R62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from textual.widget import Widget

from models.form import MODES, Form, FormLeg
from screens.kit.choices import Checks, Choice, Option
from screens.kit.fields import MomentField, PlateField, Rank, TextField, after, nearest
from screens.kit.text import heading
from screens.wizard import form_facts
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import put

NAME = "times"
ASKED = ("reason", "purposes", "arrive", "depart")
WAYS = ("arrival", "departure")
USUAL_END = time(17)
"""When guests leave of whom nobody said it."""
OFFERED = "offered-depart"
"""In `raw`: the departure that nobody typed; while it stands it follows the arrival."""


def fields(form: Form, facts: FormFacts, now: Any) -> Iterator[Widget]:
    """The page's widgets; `now` gives the form as it is by then."""
    yield TextField(facts.label("reason"), form.reason, id="reason")
    if facts.entries("purpose"):
        yield Checks(facts.label("purposes"), facts.boxes("purpose"), form.purposes, id="purposes")
    other = TextField(facts.label("purpose_text"), form.purpose_text, id="purpose_text")
    other.display = shows(form, facts, other.id)
    yield other
    yield MomentField(facts.must("arrive"), form.arrive, today=facts.today, id="arrive")
    depart = partial(_near, after, now, "arrive")
    yield MomentField(
        facts.must("depart"), form.depart, today=facts.today, id="depart", anchor=depart,
        assumed=lambda: assumed(now()),
    )  # fmt: skip
    yield from form_facts.place(form, facts, "city")
    yield from form_facts.place(form, facts, "area")
    modes = [Option(mode, facts.w(f"today.mode.{mode}")) for mode in MODES]
    for way, anchor in zip(WAYS, ("arrive", "depart"), strict=True):
        leg: FormLeg = getattr(form, way)
        yield heading(facts.w(f"wizard.field.{way}"))
        yield Choice(facts.label("leg_mode"), modes, leg.mode, inline=True, id=f"{way}-mode")
        yield TextField(facts.label("leg_number"), leg.number, id=f"{way}-number", room=30)
        yield TextField(facts.label(f"{way}_place"), leg.place, id=f"{way}-place")
        yield MomentField(
            facts.label(f"{way}_at"), leg.at, today=facts.today, id=f"{way}-at",
            anchor=partial(_near, nearest, now, anchor),
        )  # fmt: skip
        yield PlateField(facts.label("plates"), leg.plates, id=f"{way}-plates")


def shows(form: Form, facts: FormFacts, name: str | None) -> bool:
    """Whether a field of the page is there: a text of something else only where that is ticked."""
    return name != "purpose_text" or form_facts.other(facts, "purpose", form.purposes, form.purpose_text)


def assumed(form: Form) -> bool:
    """Whether the departure is the one that follows from the arrival, not one that somebody typed."""
    return form.depart is not None and form.raw.get(OFFERED) == form.depart.isoformat()


def with_departure(form: Form) -> Form:
    """The form with a departure as long as nobody typed one: at the usual end of the day of arrival; none where the
    guests come later."""
    if (form.depart is not None and not assumed(form)) or "depart" in form.raw:
        return form
    on_time = form.arrive is not None and form.arrive.time() < USUAL_END
    end = datetime.combine(form.arrive, USUAL_END) if form.arrive and on_time else None
    raw = {key: text for key, text in form.raw.items() if key != OFFERED}
    return replace(form, depart=end, raw={**raw, OFFERED: end.isoformat()} if end else raw)


def take(form: Form, field: Any) -> Form:
    """The form with what this field of the page now says."""
    name = field.id
    way, _, part = name.partition("-")
    if way in WAYS and part:
        return put(form, {way: replace(getattr(form, way), **{part: field.value})})
    if name == "purposes":
        return replace(form, purposes=tuple([each.key for each in field.options if each.key in field.value]))
    if name in ("city", "area"):
        return put(form, {name: field.value or None})
    if name == "arrive":
        return with_departure(replace(form, arrive=field.value))
    if name in ("reason", "purpose_text", "depart"):
        return put(form, {name: field.value})
    return form


def _near(how: Any, now: Any, field: str) -> tuple[date, Rank] | None:
    """What a time typed alone is meant of: how it lies to another field of the form as it is by then."""
    found: tuple[date, Rank] | None = how(getattr(now(), field))
    return found
