"""The boxes in which something is arranged: their fields, filled from a line, and what is typed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from textual.app import ComposeResult

from models.policy.model import Policy
from models.queries.visit_arrangements import DietLine, GiftLine, MealLine, Offered, Place, RoomLine, TextLine
from models.queries.visit_detail import VisitDetail
from models.services.arrangement_verbs import CostEntry, MealEntry, RoomEntry
from models.services.visit_record import Done
from models.words import Words, diets
from models.words.diets import COMMON, common, listed
from models.words.money import say_money
from screens.kit.entry import FormDialog
from screens.kit.fields import (
    Checks,
    Choice,
    DateField,
    Field,
    LongText,
    MoneyField,
    NumberField,
    Option,
    ParsedField,
    Pick,
    TextField,
    TimeField,
)  # fmt: skip
from screens.kit.linelist import Column, Row
from screens.kit.told import Submit
from screens.sheet import Look, Save, VisitFormDialog
from screens.visit.costs import read_quantity

PAYERS = ("company", "guest")


class _Form:
    """Fields about one thing of a visit, with what they are filled from."""

    def __init__(self, w: Words, whole: VisitDetail, found: Offered, today: date) -> None:
        self.w, self.whole, self.found, self.today = w, whole, found, today
        self.policy: Policy = whole.policy
        self.names = tuple(dict.fromkeys(guest.name for guest in whole.form.guests if guest.name))

    def label(self, field: str) -> str:
        """What a field is called."""
        return self.w(f"arrange.field.{field}")

    def text(self, field: str, value: str) -> TextField:
        """A line of text."""
        return TextField(self.label(field), value, id=field)

    def day(self, value: date | None) -> DateField:
        """The day; of something new the day of arrival, or today while the guests are here."""
        return DateField(self.label("on"), value or self.first_day(), today=lambda: self.today, id="on")

    def at(self, value: time | None) -> TimeField:
        """The hour, as far as it is known."""
        return TimeField(self.label("at"), value, id="at")

    def money(self, field: str, value: int | None) -> MoneyField:
        """An amount; empty where the standard holds."""
        return MoneyField(self.label(field), value, digits=self.policy.currency.minor, id=field)

    def number(self, field: str, value: int, *, least: int = 0) -> NumberField:
        """A count."""
        return NumberField(self.label(field), value, least=least, id=field)

    def one_of(self, field: str, listed: str, value: str | None) -> Choice:
        """One of a list of the policy."""
        entries = self.policy.lists.get(listed, ())
        return Choice(self.label(field), [Option(entry.id, self.w.name(entry.name)) for entry in entries], value or "",
                      inline=True, id=field)  # fmt: skip

    def guests(self, value: Iterable[str]) -> Checks:
        """Guests by name; the keys are their places in the list, as a name may be anything."""
        keys = [str(at) for at, name in enumerate(self.names) if name in set(value)]
        options = [Option(str(at), name) for at, name in enumerate(self.names)]
        return Checks(self.label("names"), options, keys, id="names")

    def named(self, field: Checks) -> tuple[str, ...]:
        """The names that are ticked, in the order of the list."""
        return tuple(name for at, name in enumerate(self.names) if str(at) in field.value)

    def place(self, value: str) -> TextField:
        """Where: any text, with what the register has to choose from."""
        rows = [
            Row(str(each.id), (each.name, self.said(each), each.phone), find=each.find) for each in self.found.places
        ]
        return self.free("place", value, rows, (Column("", 24), Column("", 18), Column("", 0, "data")))

    def person(self, field: str, value: str, people: Iterable[tuple[str, tuple[str, str]]]) -> TextField:
        """Somebody by name: any text, with these to choose from."""
        return self.free(field, value, [Row(name, (name,), find=find) for name, find in people], (Column(),))

    def free(self, field: str, value: str, rows: Sequence[Row], columns: Sequence[Column]) -> TextField:
        """Any text, with rows to choose from where there are any."""
        if not rows:
            return self.text(field, value)
        taken = next((row.key for row in rows if row.cells[0] == value), "")
        return Pick(self.label(field), rows, taken, columns=columns, free=True, text=value, id=field, room=40)

    def said(self, place: Place) -> str:
        """What a place is and costs."""
        grade = self.w.name(self.policy.name_of(place.grade)) if place.grade else ""
        price = say_money(place.price, self.policy.currency.minor) if place.price is not None else ""
        return " ".join(part for part in (grade, price) if part)

    def taken(self, field: Field) -> Place | None:
        """The place of the register that was just chosen."""
        if not isinstance(field, Pick) or field.id != "place":
            return None
        return next((each for each in self.found.places if str(each.id) == field.value), None)

    def first_day(self) -> date:
        """The day of the visit that is nearest to today."""
        return self.whole.nearest(self.today)


class MealForm(_Form):
    """A meal: when, which, where, for whom, with what to drink, for how much."""

    def __init__(self, w: Words, whole: VisitDetail, found: Offered, today: date, line: MealLine | None) -> None:
        super().__init__(w, whole, found, today)
        form = whole.form
        guests = line.guests if line else form.headcount or 1
        self.on, self.hour = self.day(line.on if line else None), self.at(line.at.time() if line and line.at else None)
        self.meal = self.one_of("meal", "meal", line.meal if line else None)
        self.venue = self.one_of("venue", "venue", line.venue if line else None)
        self.where = self.place(line.place if line else "")
        self.heads = self.number("guests", guests)
        self.diners = self.guests(line.diners if line else ())
        sitting = line.ours if line else form.diners
        part = [*form.hosts, *form.companions, *form.diners, *form.per_visit.values(), *sitting]
        named = [Option(str(each), whole.names[each]) for each in dict.fromkeys(part) if each in whole.names]
        self.ours = Checks(self.label("ours"), named, [str(each) for each in sitting], id="ours")
        self.further = self.number("further", line.companions - len(line.ours) if line else 0)
        self.diet = self.text("diet", line.diet if line else "")
        self.price = self.money("price", line.price if line else None)
        self.bottles = self.number("bottles", line.bottles if line else 0)
        self.packs = self.number("packs", line.packs if line else 0)
        self.note = self.text("note", line.note if line else "")

    def fields(self) -> list[Field]:
        """The fields that there is something to choose or type in."""
        known: list[Field] = [
            self.on, self.hour, self.meal, self.venue, self.where, self.heads, self.diners, self.ours, self.further,
            self.diet, self.price, self.bottles, self.packs, self.note,
        ]  # fmt: skip
        return _filled(known)

    def dialog(self, title: str, save: Save, look: Look) -> VisitFormDialog:
        """The box; a restaurant that is chosen brings its price."""
        return VisitFormDialog(title, self.fields(), save, needed=[self.on, self.heads], follow=self._follow, look=look)

    def _follow(self, field: Field) -> None:
        place = self.taken(field)
        if place is not None and place.price is not None and not self.price.raw:
            self.price.value = place.price

    def entry(self) -> MealEntry:
        """What is typed."""
        return MealEntry(
            on=self.on.value or self.first_day(), at=self.hour.value, meal=self.meal.value or None,
            venue=self.venue.value or None, place=self.where.raw, guests=self.heads.value or 0,
            further=self.further.value or 0, diners=self.named(self.diners), diet=self.diet.value,
            ours=tuple(int(each.key) for each in self.ours.options if each.key in self.ours.value),
            price=self.price.value, bottles=self.bottles.value or 0, packs=self.packs.value or 0, note=self.note.value,
        )  # fmt: skip


class RoomForm(_Form):
    """Rooms: from when, how long, for whom, what grade, which hotel, who pays."""

    def __init__(self, w: Words, whole: VisitDetail, found: Offered, today: date, line: RoomLine | None) -> None:
        super().__init__(w, whole, found, today)
        self.on = self.day(line.on if line else None)
        self.nights = self.number("nights", line.nights if line else 1, least=1)
        self.people = self.number("people", line.people if line else whole.form.headcount or 1, least=1)
        self.sleepers = self.guests(line.guests if line else ())
        self.where = self.place(line.place if line else "")
        self.grade = self.one_of("grade", "lodging", line.grade if line else None)
        self.price = self.money("room_price", line.price if line else None)
        payers = [Option(payer, w(f"visit.payer.{payer}")) for payer in PAYERS]
        self.payer = Choice(self.label("payer"), payers, line.payer if line else PAYERS[0], inline=True, id="payer")

    def dialog(self, title: str, save: Save, look: Look) -> VisitFormDialog:
        """The box; a hotel that is chosen brings its grade and price."""
        fields = [self.on, self.nights, self.people, self.sleepers, self.where, self.grade, self.price, self.payer]
        needed: list[Field] = [self.on, self.nights, self.people]
        return VisitFormDialog(title, _filled(fields), save, needed=needed, follow=self._follow, look=look)

    def _follow(self, field: Field) -> None:
        place = self.taken(field)
        if place is None:
            return
        if place.price is not None and not self.price.raw:
            self.price.value = place.price
        if place.grade and any(option.key == place.grade for option in self.grade.options):
            self.grade.value = place.grade

    def entry(self) -> RoomEntry:
        """What is typed."""
        return RoomEntry(
            on=self.on.value or self.first_day(), nights=self.nights.value or 0, people=self.people.value or 0,
            guests=self.named(self.sleepers), place=self.where.raw, grade=self.grade.value or None,
            price=self.price.value, payer=self.payer.value,
        )  # fmt: skip


class CostForm(_Form):
    """A gift, an activity or the like: what, for whom, for how much, when, who set it (R93, R94)."""

    def __init__(
        self, w: Words, whole: VisitDetail, found: Offered, today: date, item: str, line: GiftLine | None
    ) -> None:
        super().__init__(w, whole, found, today)
        self.item = item
        self.unit = line.unit if line else _unit(self.policy, item)
        self.what = self.text("what", line.what if line else "")
        self.quantity = ParsedField[Decimal](
            self.label("quantity"), line.quantity if line else Decimal(1), read_quantity, _plain, room=8, id="quantity"
        )
        self.price = self.money("unit_price", line.price if line else None)
        self.to = self.person("to", line.to if line else "", [(name, ("", "")) for name in self.names])
        self.on, self.hour = self.day(line.on if line else None), self.at(line.at.time() if line and line.at else None)
        self.where = self.text("place", line.place if line else "")
        self.who = self.person("decided_by", line.decided_by if line else "", found.people)
        self.grade = self.one_of("grade", item, line.grade if line else None)

    def dialog(self, title: str, save: Save, look: Look) -> VisitFormDialog:
        """The box."""
        fields: list[Field] = [
            self.what, self.quantity, self.price, self.to, self.on, self.hour, self.where, self.who, self.grade,
        ]  # fmt: skip
        return VisitFormDialog(title, _filled(fields), save, needed=[self.quantity, self.on], look=look)

    def entry(self) -> CostEntry:
        """What is typed."""
        return CostEntry(
            item=self.item, quantity=self.quantity.value or Decimal(0), unit=self.unit, price=self.price.value,
            on=self.on.value, at=self.hour.value, grade=self.grade.value or None, what=self.what.value, to=self.to.raw,
            place=self.where.value, decided_by=self.who.raw,
        )  # fmt: skip


class DietForm:
    """What a guest may not eat: the common ones to tick, the others in words."""

    def __init__(self, w: Words, line: DietLine) -> None:
        self.w = w
        said = [w.text(need.what) for need in diets.needs(line.diet or line.known)]
        self.offered = common(w)
        ticked = [COMMON[self.offered.index(text)] for text in said if text in self.offered]
        options = [Option(need, text) for need, text in zip(COMMON, self.offered, strict=True)]
        self.ticks = Checks(w("arrange.field.needs"), options, ticked, id="needs")
        others = listed([text for text in said if text not in self.offered], w)
        self.others = TextField(w("arrange.field.others"), others, id="others")

    def dialog(self, title: str, save: Save, look: Look) -> VisitFormDialog:
        """The box."""
        return VisitFormDialog(title, [self.ticks, self.others], save, look=look)

    def diet(self) -> str:
        """What is ticked and typed, as one text."""
        ticked = [text for need, text in zip(COMMON, self.offered, strict=True) if need in self.ticks.value]
        return listed([*ticked, *([self.others.value] if self.others.value else [])], self.w)


class TextForm:
    """A text in both languages."""

    HEIGHT = 6

    def __init__(self, w: Words, line: TextLine) -> None:
        self.w = w
        self.fields = [
            LongText(w(f"arrange.field.{code}"), line.texts.get(code, ""), id=code, height=self.HEIGHT)
            for code in ("zh", "en")
        ]  # fmt: skip

    def box(self, title: str, save: Callable[[], Done]) -> FormDialog[Done]:
        """The box; Enter is a new line in the texts, and saves on the line below them."""
        return _Texts(title, self.fields, save)

    def texts(self) -> tuple[str, str]:
        """What is typed, Chinese and English."""
        zh, en = self.fields
        return zh.value, en.value


class _Texts(FormDialog[Done]):
    """Texts of several lines, with a line below on which Enter saves them."""

    DEFAULT_CSS = "_Texts > #box { width: 76; }"
    AUTO_FOCUS = "#box LongEditor"
    BOX = 72

    def body(self) -> ComposeResult:
        self.fit()
        yield from super().body()
        yield Submit(self.w("arrange.save"), id="save")

    def opened(self) -> None:
        self.say(self.w("arrange.texts_foot"))

    def fit(self) -> None:
        """Both texts in sight, in a low window too."""
        room = max(2, min(TextForm.HEIGHT, (self.app.size.height - 5) // 2))
        for field in self.fields:
            if isinstance(field, LongText):
                field.lines_shown = room
                field.editor.styles.height = room
                field.fit()


def _filled(fields: Iterable[Any]) -> list[Field]:
    """The fields in which there is something to choose, or to type."""
    return [field for field in fields if not isinstance(field, (Choice, Checks)) or field.options]


def _unit(policy: Policy, item: str) -> str:
    """In what the policy's standard of an item is measured."""
    return next((cap.per for cap in policy.caps if item in cap.items and cap.count_over is None), "")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
