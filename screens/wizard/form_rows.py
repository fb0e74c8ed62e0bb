"""The four tables of the form: guests, meals, lodging, further costs (R93, R94, R103, R107, R108)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from models.form import ROWS, Form, FormGuest, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.policy.model import ITEMS, LODGING
from models.words.dates import say_weekday
from models.words.diets import common
from models.words.listed import is_table, people
from screens.kit.cells import FormCell
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import Spec, Texts

R = TypeVar("R")


def specs(facts: FormFacts, form: Form) -> dict[str, Spec[Any]]:
    """The tables by the field of the form they fill."""
    return {each.id: each for each in (guests(facts), meals(facts, form), lodging(facts, form), costs(facts, form))}


def guests(facts: FormFacts) -> Spec[FormGuest]:
    """R103: name and post; how to address them, phone, who is the principal (A19), what they may not eat."""
    cells = facts.cells.all(ROWS["guests"])
    ranked = facts.entries("rank") and facts.uses("guest_rank")
    columns = [
        cells["name"],
        cells["post"],
        replace(cells["address"], width=8),
        cells["principal"],
        replace(cells["phone"], data=True),
        replace(cells["diet"], width=30, more=True, offers=tuple(common(facts.w))),
        *([_or_none(replace(cells["rank"], more=True))] if ranked else []),
    ]
    return _spec(
        "guests",
        _of(FormGuest),
        _and_others(columns, cells, hidden=("counts", "rank")),
        lambda rows: {"principal": "" if any(row.get("principal") for row in rows) else "x"},
        hidden=[cells["counts"], cells["rank"]],
        empty=lambda row: not (row.name or row.post or row.address or row.phone or row.diet),
        pasted=lambda text, table: people(text) if not table or is_table(text) else (),
    )


def meals(facts: FormFacts, form: Form) -> Spec[FormMeal]:
    """R107: one meal a row; the price of a head, of a bottle and a packet where it is not the standard's."""
    cells = facts.cells.all(ROWS["meals"])
    columns = [
        _day_column(facts, form, cells["on"]),
        replace(cells["meal"], width=8),
        replace(cells["venue"], width=8),
        replace(cells["guests"], blank=_everybody(form)),
        cells["companions"],
        replace(cells["bottles"], width=7, show=_or_dash),
        replace(cells["packs"], width=7, show=_or_dash),
        *[replace(cells[name], more=True) for name in ("place", "price", "bottle_price", "pack_price", "note")],
    ]

    def made(values: dict[str, Any]) -> FormMeal:
        values["companions"] = max(values["companions"], len(values.get("ours", ())))
        return FormMeal(**values)

    def new(rows: Sequence[Texts]) -> Texts:
        on, meal = next_meal(facts, form, rows)
        last = rows[-1] if rows else {}
        venues = facts.options("venue")
        return {
            "on": on.isoformat(), "meal": meal, "venue": last.get("venue") or (venues[0][0] if venues else ""),
            "guests": _everybody(form), "companions": last.get("companions") or str(len(form.diners)),
            "bottles": "0", "packs": "0", "place": last.get("place", ""), "ours": " ".join(map(str, form.diners)),
        }  # fmt: skip

    hidden = ("ours", "city")
    columns = _and_others(columns, cells, hidden=(*hidden, "companion_posts"))
    return _spec("meals", made, columns, new, hidden=[cells[name] for name in hidden])


def next_meal(facts: FormFacts, form: Form, rows: Sequence[Texts]) -> tuple[date, str]:
    """The day and meal a new row begins with: the first three of the list of meals are those of a day, in order.

    The first meal is the next after the arrival; each further one follows the last."""
    daily = [key for key, _ in facts.options("meal")][:3]
    if not daily:
        return first_day(facts, form), ""
    if not rows:
        hour = form.arrive.hour if form.arrive else 9
        at = 0 if hour < 8 else 1 if hour < 13 else 2
        return first_day(facts, form), daily[min(at, len(daily) - 1)]
    try:
        on = date.fromisoformat(rows[-1].get("on", ""))
    except ValueError:
        on = first_day(facts, form)
    last = rows[-1].get("meal", "")
    if last in daily[:-1]:
        return on, daily[daily.index(last) + 1]
    if form.depart is not None and on >= form.depart.date():
        return on, last  # there is no day left of the visit
    return on + timedelta(days=1), daily[0]


def lodging(facts: FormFacts, form: Form) -> Spec[PlannedLodging]:
    """R108: who sleeps where for how long, and who pays (A12)."""
    cells = facts.cells.all(ROWS["lodging"])
    city = [_or_none(replace(cells["city"], more=True))] if facts.uses("city") and facts.entries("city") else []
    columns = [
        _day_column(facts, form, cells["on"]),
        cells["nights"],
        replace(cells["people"], blank=_everybody(form)),
        _or_none(replace(cells["grade"], width=16)),
        cells["price"],
        replace(cells["payer"], width=8),
        *city,
    ]

    def new(rows: Sequence[Texts]) -> Texts:
        grade = next((cap.most for cap in facts.verdict.answer.caps if cap.item == (LODGING,)), None)
        return {
            "on": first_day(facts, form).isoformat(), "nights": str(nights(form)), "people": _everybody(form),
            "payer": cells["payer"].blank, "grade": grade if isinstance(grade, str) else "",
        }  # fmt: skip

    columns = _and_others(columns, cells, hidden=("city",))
    return _spec("lodging", _of(PlannedLodging), columns, new, hidden=[cells["city"]])


def costs(facts: FormFacts, form: Form) -> Spec[PlannedCost]:
    """R93, R94: gifts, activities, car trips and whatever else the policy has items for."""
    cells = facts.cells.all(ROWS["costs"])
    items = tuple([option for option in cells["item"].options if option[0] not in ITEMS])
    graded = [item for item, _ in items if facts.entries(item)]
    grades = tuple([option for item in graded for option in facts.options(item)])
    caps = [cap for cap in facts.policy.caps if cap.count_over is None and not set(cap.items) <= set(ITEMS)]
    pers = tuple([(per, _per(facts, per)) for per in dict.fromkeys([cap.per for cap in caps])])
    columns = [
        replace(cells["item"], width=10, options=items, blank=items[0][0] if items else ""),
        cells["quantity"],
        replace(cells["unit"], kind="choice", options=pers),
        cells["price"],
        cells["to"],
        _day_column(facts, form, cells["on"]),
        *([_or_none(replace(cells["grade"], options=grades, more=True))] if grades else []),
    ]

    def made(values: dict[str, Any]) -> PlannedCost:
        return PlannedCost(**{**values, "grade": values.get("grade") if values["item"] in graded else None})

    def new(rows: Sequence[Texts]) -> Texts:
        item = items[min(len(rows), len(items) - 1)][0] if items else ""
        per = (cap.per for cap in facts.policy.caps if item in cap.items and cap.count_over is None)
        unit = next(per, "")
        return {"item": item, "quantity": "1", "unit": unit, "on": first_day(facts, form).isoformat()}

    columns = _and_others(columns, cells, hidden=("city", "grade"))
    return _spec("costs", made, columns, new, hidden=[cells["city"]])


def first_day(facts: FormFacts, form: Form) -> date:
    """The day of arrival; today while it is not known."""
    return form.arrive.date() if form.arrive else facts.today


def nights(form: Form) -> int:
    """How many nights lie between arrival and departure; at least one."""
    if form.arrive is None or form.depart is None:
        return 1
    return max(1, (form.depart.date() - form.arrive.date()).days)


# -- how a table is made of cells -------------------------------------------------------------------------------------


def _spec(
    table: str,
    made: Callable[[dict[str, Any]], R],
    columns: Sequence[FormCell],
    new: Callable[[Sequence[Texts]], Texts],
    *,
    hidden: Iterable[FormCell],
    **more: Any,
) -> Spec[R]:
    """The table of these columns; a choice of which there is nothing to choose has none. What is `hidden` stays as it
    is; `made` makes a row of its values."""
    shown = tuple([each for each in columns if each.kind != "choice" or each.options or each.key == "item"])
    known = {each.key: each for each in (*hidden, *shown)}

    def texts(row: R) -> Texts:
        return {name: cell.text(getattr(row, name)) for name, cell in known.items()}

    def build(texts: Texts) -> R:
        return made({name: cell.value(texts[name]) for name, cell in known.items() if name in texts})

    out_of_sight = tuple([name for name in known if name not in {each.key for each in shown}])
    return Spec(table, shown, texts, build, new, hidden=out_of_sight, **more)


def _of(kind: Callable[..., R]) -> Callable[[dict[str, Any]], R]:
    return lambda values: kind(**values)


def _and_others(
    columns: Sequence[FormCell], cells: Mapping[str, FormCell], *, hidden: Sequence[str]
) -> list[FormCell]:  # fmt: skip
    """These columns, and behind them the fields of a row that have no place of their own and are not `hidden`."""
    placed = {each.key for each in columns}.union(hidden)
    return [*columns, *[replace(cell, more=True) for name, cell in cells.items() if name not in placed]]


def _or_none(cell: FormCell) -> FormCell:
    """A choice that may stay empty."""
    return replace(cell, options=(("", ""), *cell.options) if cell.options else ())


def _day_column(facts: FormFacts, form: Form, cell: FormCell) -> FormCell:
    def show(text: str) -> str:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return facts.w("dates.day", date=text[5:], weekday=say_weekday(day, facts.w))

    return replace(cell, show=show, blank=first_day(facts, form).isoformat())


def _everybody(form: Form) -> str:
    return str(form.headcount or 1)


def _per(facts: FormFacts, per: str) -> str:
    key = f"finding.per.{per}"
    return facts.w(key) if facts.w.has(key) else per


def _or_dash(text: str) -> str:
    return "-" if text == "0" else text
