"""Page 2: why they come, when, and how (R100, R101, R105, R62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from textual.widget import Widget

from models.form import Form, Leg
from screens.kit.fields import Checks, Choice, Option, TextField
from screens.kit.moment import MomentField, Rank, after, nearest
from screens.kit.plate import PlateField
from screens.kit.told import heading
from screens.wizard import extra
from screens.wizard.facts import Facts
from screens.wizard.rows import put

NAME = "times"
ASKED = ("reason", "purposes", "arrive", "depart")
MODES = ("plane", "train", "car", "other")
WAYS = ("arrival", "departure")


def fields(form: Form, facts: Facts, now: Any) -> Iterator[Widget]:
    """The page's widgets; `now` gives the form as it is by then."""
    yield TextField(facts.label("reason"), form.reason, id="reason")
    if facts.entries("purpose"):
        yield Checks(facts.label("purposes"), facts.boxes("purpose"), form.purposes, id="purposes")
    yield TextField(facts.label("purpose_text"), form.purpose_text, id="purpose_text")
    yield MomentField(facts.must("arrive"), form.arrive, today=facts.today, id="arrive")
    depart = partial(_near, after, now, "arrive")
    yield MomentField(facts.must("depart"), form.depart, today=facts.today, id="depart", anchor=depart)
    yield from extra.place(form, facts, "city")
    yield from extra.place(form, facts, "area")
    modes = [Option(mode, facts.w(f"wizard.mode.{mode}")) for mode in MODES]
    for way, anchor in zip(WAYS, ("arrive", "depart"), strict=True):
        leg: Leg = getattr(form, way)
        yield heading(facts.w(f"wizard.field.{way}"))
        yield Choice(facts.label("leg_mode"), modes, leg.mode, inline=True, id=f"{way}-mode")
        yield TextField(facts.label("leg_number"), leg.number, id=f"{way}-number", room=30)
        yield TextField(facts.label(f"{way}_place"), leg.place, id=f"{way}-place")
        yield MomentField(
            facts.label(f"{way}_at"), leg.at, today=facts.today, id=f"{way}-at",
            anchor=partial(_near, nearest, now, anchor),
        )  # fmt: skip
        yield PlateField(facts.label("plates"), leg.plates, id=f"{way}-plates")


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
    if name in ("reason", "purpose_text", "arrive", "depart"):
        return put(form, {name: field.value})
    return form


def _near(how: Any, now: Any, field: str) -> tuple[date, Rank] | None:
    """What a time typed alone is meant of: how it lies to another field of the form as it is by then."""
    found: tuple[date, Rank] | None = how(getattr(now(), field))
    return found
