"""The four tables of the form: guests, meals, lodging, further costs (R93, R94, R103, R107, R108)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.form import Form, FormGuest, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.policy.model import ITEMS
from models.words.dates import parse_date, say_weekday
from models.words.diets import common
from models.words.listed import is_table, people
from models.words.money import parse_money, say_money
from screens.kit.typed import parse_number, parse_quantity
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import FormColumn, Spec, Texts

PAYERS = ("company", "guest")


def specs(facts: FormFacts, form: Form) -> dict[str, Spec[Any]]:
    """The tables by the field of the form they fill."""
    return {each.id: each for each in (guests(facts), meals(facts, form), lodging(facts, form), costs(facts, form))}


def guests(facts: FormFacts) -> Spec[FormGuest]:
    """R103: name and post; how to address them, phone, who is the principal (A19), what they may not eat."""
    columns = [
        _column(facts, "name", 14),
        _column(facts, "post", 14),
        _column(facts, "address", 8),
        FormColumn("principal", facts.w("wizard.column.principal"), 4, "mark"),
        FormColumn("phone", facts.w("wizard.column.phone"), 14, data=True),
        FormColumn("diet", facts.w("wizard.column.diet"), 30, more=True, offers=tuple(common(facts.w))),
    ]
    if facts.entries("rank") and facts.uses("guest_rank"):
        ranks = (("", ""), *facts.options("rank"))
        columns.append(FormColumn("rank", facts.w("wizard.column.rank"), 12, "choice", ranks, more=True))
    return Spec(
        "guests",
        tuple(columns),
        lambda row: {"name": row.name, "post": row.post, "address": row.address, "phone": row.phone,
                     "principal": "x" * row.principal, "rank": row.rank or "", "diet": row.diet},
        lambda texts: FormGuest(texts["name"], texts["post"], texts["address"], texts["phone"],
                                bool(texts["principal"]), texts.get("rank") or None, diet=texts["diet"]),
        lambda rows: {"principal": "" if any(row.get("principal") for row in rows) else "x"},
        lambda row: not (row.name or row.post or row.address or row.phone or row.diet),
        lambda text, table: people(text) if not table or is_table(text) else (),
    )  # fmt: skip


def meals(facts: FormFacts, form: Form) -> Spec[FormMeal]:
    """R107: one meal a row; the price of a head, of a bottle and a packet where it is not the standard's."""
    count = _number(facts)
    day = first_day(facts, form).isoformat()
    columns = (
        _day_column(facts, day),
        *_listed(facts, "meal", "meal", 8),
        *_listed(facts, "venue", "venue", 8),
        FormColumn("guests", facts.w("wizard.column.guests"), 6, read=count, blank=str(form.headcount or 1)),
        FormColumn("companions", facts.w("wizard.column.companions"), 6, read=count, blank="0"),
        FormColumn("bottles", facts.w("wizard.column.bottles"), 7, read=count, show=_or_dash, blank="0"),
        FormColumn("packs", facts.w("wizard.column.packs"), 7, read=count, show=_or_dash, blank="0"),
        _column(facts, "place", 14, more=True),
        _money_column(facts, "price"),
        _money_column(facts, "bottle_price"),
        _money_column(facts, "pack_price"),
        _column(facts, "note", 14, more=True),
    )

    def texts(row: FormMeal) -> Texts:
        return {"on": row.on.isoformat(), "meal": row.meal or "", "venue": row.venue or "", "place": row.place,
                "guests": str(row.guests), "companions": str(row.companions), "bottles": str(row.bottles),
                "packs": str(row.packs), "price": _say(facts, row.price), "note": row.note,
                "bottle_price": _say(facts, row.bottle_price), "pack_price": _say(facts, row.pack_price),
                "ours": " ".join(map(str, row.ours))}  # fmt: skip

    def build(t: Texts) -> FormMeal:
        ours = tuple(map(int, t.get("ours", "").split()))
        return FormMeal(
            on=date.fromisoformat(t["on"]), guests=int(t["guests"]), ours=ours,
            companions=max(int(t["companions"]), len(ours)),
            meal=t.get("meal") or None, venue=t.get("venue") or None, place=t["place"],
            price=_amount(facts, t["price"]), bottles=int(t["bottles"]),
            bottle_price=_amount(facts, t["bottle_price"]), packs=int(t["packs"]),
            pack_price=_amount(facts, t["pack_price"]), note=t["note"],
        )  # fmt: skip

    def new(rows: Sequence[Texts]) -> Texts:
        on, meal = next_meal(facts, form, rows)
        last = rows[-1] if rows else {}
        venues = facts.options("venue")
        return {
            "on": on.isoformat(), "meal": meal, "venue": last.get("venue") or (venues[0][0] if venues else ""),
            "guests": str(form.headcount or 1), "companions": last.get("companions") or str(len(form.diners)),
            "bottles": "0", "packs": "0", "place": last.get("place", ""), "ours": " ".join(map(str, form.diners)),
        }  # fmt: skip

    return Spec("meals", columns, texts, build, new, hidden=("ours",))


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
    count = _number(facts)
    day = first_day(facts, form).isoformat()
    payers = tuple([(payer, facts.w(f"wizard.payer.{payer}")) for payer in PAYERS])
    columns = (
        _day_column(facts, day),
        FormColumn("nights", facts.w("wizard.column.nights"), 6, read=count, blank="1"),
        FormColumn("people", facts.w("wizard.column.people"), 6, read=count, blank=str(form.headcount or 1)),
        *_listed(facts, "grade", "lodging", 16, blank=True),
        _money_column(facts, "room_price", more=False),
        FormColumn("payer", facts.w("wizard.column.payer"), 8, "choice", payers, blank=PAYERS[0]),
        *(_listed(facts, "city", "city", 12, blank=True, more=True) if facts.uses("city") else ()),
    )

    def build(t: Texts) -> PlannedLodging:
        return PlannedLodging(
            on=date.fromisoformat(t["on"]), people=int(t["people"]), nights=int(t["nights"]),
            grade=t.get("grade") or None, price=_amount(facts, t["room_price"]), city=t.get("city") or None,
            payer=t["payer"],
        )  # fmt: skip

    def new(rows: Sequence[Texts]) -> Texts:
        grade = next((cap.most for cap in facts.verdict.answer.caps if cap.item == ("lodging",)), None)
        return {
            "on": day, "nights": str(nights(form)), "people": str(form.headcount or 1), "payer": PAYERS[0],
            "grade": grade if isinstance(grade, str) else "",
        }  # fmt: skip

    return Spec(
        "lodging",
        columns,
        lambda row: {"on": row.on.isoformat(), "nights": str(row.nights), "people": str(row.people), "payer": row.payer,
                     "grade": row.grade or "", "room_price": _say(facts, row.price), "city": row.city or ""},
        build,
        new,
    )  # fmt: skip


def costs(facts: FormFacts, form: Form) -> Spec[PlannedCost]:
    """R93, R94: gifts, activities, car trips and whatever else the policy has items for."""
    items = tuple([option for option in facts.options("item") if option[0] not in ITEMS])
    graded = [item for item, _ in items if facts.entries(item)]
    grades = tuple([option for item in graded for option in facts.options(item)])
    caps = [cap for cap in facts.policy.caps if cap.count_over is None and not set(cap.items) <= set(ITEMS)]
    pers = tuple(dict.fromkeys([cap.per for cap in caps]))
    columns = [
        FormColumn("item", facts.w("wizard.column.item"), 10, "choice", items, blank=items[0][0] if items else ""),
        FormColumn("quantity", facts.w("wizard.column.quantity"), 6, read=_quantity, blank="1"),
        FormColumn(
            "unit", facts.w("wizard.column.unit"), 14, "choice", tuple([(per, _per(facts, per)) for per in pers])
        ),
        _money_column(facts, "unit_price", more=False),
        _column(facts, "to", 14),
        _day_column(facts, first_day(facts, form).isoformat()),
    ]
    if grades:
        columns.append(
            FormColumn("grade", facts.w("wizard.column.class"), 12, "choice", (("", ""), *grades), more=True)
        )

    def build(t: Texts) -> PlannedCost:
        return PlannedCost(
            item=t["item"], quantity=Decimal(t["quantity"]), unit=t["unit"], price=_amount(facts, t["unit_price"]),
            on=date.fromisoformat(t["on"]), to=t["to"],
            grade=(t.get("grade") or None) if t["item"] in graded else None,
        )  # fmt: skip

    def new(rows: Sequence[Texts]) -> Texts:
        item = items[min(len(rows), len(items) - 1)][0] if items else ""
        pers = (cap.per for cap in facts.policy.caps if item in cap.items and cap.count_over is None)
        unit = next(pers, "")
        return {"item": item, "quantity": "1", "unit": unit, "on": first_day(facts, form).isoformat()}

    return Spec(
        "costs",
        tuple(columns),
        lambda row: {"item": row.item, "quantity": f"{row.quantity:f}", "unit": row.unit, "to": row.to,
                     "unit_price": _say(facts, row.price), "on": row.on.isoformat() if row.on else "",
                     "grade": row.grade or ""},
        build,
        new,
    )  # fmt: skip


def first_day(facts: FormFacts, form: Form) -> date:
    """The day of arrival; today while it is not known."""
    return form.arrive.date() if form.arrive else facts.today


def nights(form: Form) -> int:
    """How many nights lie between arrival and departure; at least one."""
    if form.arrive is None or form.depart is None:
        return 1
    return max(1, (_day(form.depart) - _day(form.arrive)).days)


def _day(at: datetime) -> date:
    return at.date()


def _per(facts: FormFacts, per: str) -> str:
    key = f"finding.per.{per}"
    return facts.w(key) if facts.w.has(key) else per


def _column(facts: FormFacts, key: str, width: int, *, more: bool = False) -> FormColumn:
    return FormColumn(key, facts.w(f"wizard.column.{key}"), width, more=more)


def _listed(
    facts: FormFacts, key: str, name: str, width: int, *, blank: bool = False, more: bool = False
) -> tuple[FormColumn, ...]:
    """A choice of the organisation's list `name`, with nothing before it where it may stay `blank`; no column where
    there is no such list."""
    options = facts.options(name)
    none = (("", ""),) if blank else ()
    title = facts.w(f"wizard.column.{key}") if key != "city" else facts.w("extra.city")
    return (FormColumn(key, title, width, "choice", (*none, *options), more=more),) if options else ()


def _day_column(facts: FormFacts, blank: str) -> FormColumn:
    def read(text: str) -> str:
        return parse_date(text, facts.today).isoformat()

    def show(text: str) -> str:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return facts.w("dates.day", date=text[5:], weekday=say_weekday(day, facts.w))

    return FormColumn("on", facts.w("wizard.column.on"), 10, read=read, show=show, blank=blank, most=20)


def _money_column(facts: FormFacts, key: str, *, more: bool = True) -> FormColumn:
    def read(text: str) -> str:
        return _say(facts, parse_money(text, facts.policy.currency.minor))

    return FormColumn(key, facts.w(f"wizard.column.{key}"), 8, read=read, more=more, most=16)


def _number(facts: FormFacts) -> Any:
    return lambda text: str(parse_number(text, 0, 9999))


def _quantity(text: str) -> str:
    return f"{parse_quantity(text, 0, 9999):f}"


def _or_dash(text: str) -> str:
    return "-" if text == "0" else text


def _say(facts: FormFacts, minor: int | None) -> str:
    return "" if minor is None else say_money(minor, facts.policy.currency.minor)


def _amount(facts: FormFacts, text: str) -> int | None:
    return parse_money(text, facts.policy.currency.minor) if text else None
