"""The tab of arrangements: its list, its commands, and the boxes in which something is arranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from textual.app import ComposeResult

from models.form import Form
from models.policy.model import ITEMS, Policy, item_name
from models.queries.visit_arrangements import (
    Arranged,
    DietLine,
    GiftLine,
    MealLine,
    NamedPlace,
    Offered,
    RoomLine,
    TextLine,
    TicketLine,
    offered,
)
from models.queries.visit_detail import VisitDetail
from models.services import arrangement_verbs, day_verbs, displays
from models.services.arrangement_verbs import CostEntry, MealEntry, RoomEntry, Shape, impact
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.words import Words, cell_len, cut, diets
from models.words.dates import say_day, say_moment
from models.words.diets import COMMON, common, listed
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.kit.dialogs import PickOne, TextDialog
from screens.kit.entry import FormDialog
from screens.kit.fields import (
    Checks,
    Choice,
    DayField,
    Field,
    LongText,
    MoneyField,
    NumberField,
    Option,
    ParsedField,
    Pick,
    TextField,
    TimeField,
)
from screens.kit.form_dialog import Impact, Previewing, Save, VisitFormDialog, previewing
from screens.kit.linelist import Column, Row
from screens.kit.text import Line, Submit
from screens.visit.costs_tab import read_quantity
from screens.visit.tab import DETAIL, VisitPage, VisitTab

Chosen = MealLine | RoomLine | GiftLine | TicketLine | TextLine | DietLine
SECTIONS = ("meals", "rooms", "gifts", "tickets", "texts", "diets")


def columns(page: VisitPage) -> list[Column]:
    """Whether it is done, when, what, for how many, the rest."""
    w, narrow = page.w, page.size.width < 78
    return [
        Column("", 3),
        Column(w("visit.when"), 11, "data"),
        Column(w("arrange.what"), 14 if narrow else 20),
        Column(w("arrange.how_many"), 5, "figure"),
        Column(w("visit.remark"), 0),
    ]


def rows(page: VisitPage, whole: VisitDetail) -> list[Row]:
    """The sections in which there is something, each line with its key."""
    found: list[Row] = []
    for section in SECTIONS:
        lines: Sequence[Chosen] = getattr(whole.arranged, section)
        if lines:
            found.append(Row("", (page.w(f"arrange.section.{section}", n=len(lines)),), heading=True))
        found += [_row(page, line) for line in lines]
    return found


def key_of(line: Chosen) -> str:
    """By what a line is found again."""
    return f"{type(line).__name__}:{line.what if isinstance(line, TextLine) else line.id}"


def chosen(arranged: Arranged, key: str) -> Chosen | None:
    """The line of that key."""
    lines = [line for section in SECTIONS for line in getattr(arranged, section)]
    return next((line for line in lines if key_of(line) == key), None)


def _row(page: VisitPage, line: Chosen) -> Row:
    done = _done(line)
    mark = "" if done is None else "[x]" if done else "[ ]"
    alert = (isinstance(line, MealLine) and line.over) or (isinstance(line, TextLine) and line.outdated)
    cells = (mark, _when(page, line), named(page, line), _number(line), "  ".join(t for t in _rest(page, line) if t))
    return Row(key_of(line), cells, "alert" if alert else "dim" if done else "")


def _done(line: Chosen) -> bool | None:
    """Whether it is done; None for what is never ticked."""
    if isinstance(line, (GiftLine, TextLine)):
        return line.done_at is not None
    if isinstance(line, RoomLine):
        return line.checked_in is not None
    return line.bought_at is not None if isinstance(line, TicketLine) else None


def _when(page: VisitPage, line: Chosen) -> str:
    if isinstance(line, (MealLine, GiftLine)):
        return f"{line.at:%m-%d %H:%M}" if line.at else f"{line.on:%m-%d}" if line.on else ""
    if isinstance(line, RoomLine):
        return f"{line.on:%m-%d} {page.w('arrange.nights', n=line.nights)}"
    return f"{line.at:%m-%d %H:%M}" if isinstance(line, TicketLine) and line.at else ""


def named(page: VisitPage, line: Chosen) -> str:
    """What the line is: 午餐 公司内."""
    w = page.w
    if isinstance(line, MealLine):
        return _joined(
            [w.name(line.name) if line.name else w("arrange.meal"), w.name(line.where) if line.where else ""]
        )
    if isinstance(line, RoomLine):
        return w.name(line.name) if line.name else w("arrange.room")
    if isinstance(line, GiftLine):
        return _joined([w.name(line.name), line.what])
    if isinstance(line, TicketLine):
        return w("arrange.ticket")
    return w(f"done.display.{line.what}") if isinstance(line, TextLine) else line.name


def _number(line: Chosen) -> str:
    if isinstance(line, MealLine):
        return f"{line.guests}+{line.companions}{'!' if line.over else ''}"
    if isinstance(line, RoomLine):
        return str(line.people)
    return f"{line.quantity.normalize():f}" if isinstance(line, GiftLine) else ""


def _rest(page: VisitPage, line: Chosen) -> Iterable[str]:
    w = page.w
    if isinstance(line, MealLine):
        return [line.place, needs(page, line), line.note]
    if isinstance(line, RoomLine):
        return [line.place, w(f"visit.payer.{line.payer}"), " ".join(line.guests)]
    if isinstance(line, GiftLine):
        return [line.to, line.place, *_decided(page, line)]
    if isinstance(line, TicketLine):
        return [line.ticket or w("arrange.no_ticket"), line.number, " ".join(line.guests)]
    if isinstance(line, TextLine):
        text = line.texts.get(w.language, "")
        mark = w("arrange.outdated") if line.outdated else w("arrange.edited") if line.edited else ""
        return [mark, " / ".join(text.splitlines()) or w("arrange.not_made")]
    diet, known = diets.said(line.diet, w), diets.said(line.known, w)
    return [diet or "-", w("arrange.known_diet", text=known) if known and known != diet else ""]


def needs(page: VisitPage, line: MealLine) -> str:
    """What the diners may not eat, summed; said so where it is not known who of the guests sits there."""
    said = diets.say(line.needs, page.w)
    return said if line.named or not said else page.w("arrange.perhaps", needs=said)


def detail(page: VisitPage, whole: VisitDetail, key: str) -> list[Line]:
    """The chosen line in full."""
    line = chosen(whole.arranged, key)
    if line is None:
        return []
    w, today = page.w, page.shell.now().date()
    head = [_full_time(page, line, today), named(page, line)]
    if isinstance(line, MealLine):
        told = [
            [*head, line.place, *_meal_numbers(page, line)],
            [needs(page, line), *_meal_names(page, line), line.note],
        ]
    elif isinstance(line, RoomLine):
        price = w("arrange.a_night", price=page.money(line.price)) if line.price is not None else ""
        there = w("arrange.checked_in", at=say_moment(line.checked_in, today, w)) if line.checked_in else ""
        told = [[*head, w("visit.form.nights", n=line.nights), w("visit.form.people", n=line.people), line.place],
                [price, w(f"visit.payer.{line.payer}"), " ".join(line.guests), there]]  # fmt: skip
    elif isinstance(line, GiftLine):
        price = w("arrange.each", price=page.money(line.price)) if line.price is not None else ""
        count = w("arrange.count", n=_number(line))
        told = [[*head, count, price, line.to, line.place], [*_decided(page, line), *_by(page, line)]]
    elif isinstance(line, TextLine):
        return _text_detail(page, line)
    else:
        told = [[*head, *_rest(page, line)]]
    lines = [piece for each in told for piece in wrap(_joined(each, "  "), page.size.width - 2)]
    return [f" {text}" for text in lines if text]


def _text_detail(page: VisitPage, line: TextLine) -> list[Line]:
    """Who showed it when, then the text with its lines behind one another; where it has no room, how to read it."""
    width, text = page.size.width - 2, line.texts.get(page.w.language, "")
    shown = "shown" if line.what == "welcome" else "set_out"
    head = [page.w("arrange.check_how")] if line.outdated else []
    head += [page.w(f"arrange.{shown}", done=done) for done in _by(page, line)]
    lines, room = wrap(" / ".join(text.splitlines()), width), DETAIL - len(head)
    if len(lines) > room:
        more = " " + page.w("arrange.read_all")
        lines = [*lines[: room - 1], f"{cut(lines[room - 1], width - cell_len(more), ellipsis=True)}{more}"]
    return [f" {each}" for each in [*head, *lines] if each]


def _full_time(page: VisitPage, line: Chosen, today: date) -> str:
    at, on = getattr(line, "at", None), getattr(line, "on", None)
    if isinstance(at, datetime):
        return say_moment(at, today, page.w)
    return say_day(on, today, page.w) if isinstance(on, date) else ""


def _meal_numbers(page: VisitPage, line: MealLine) -> list[str]:
    w = page.w
    heads = w("visit.form.heads", guests=line.guests, companions=line.companions)
    most = w("arrange.over" if line.over else "arrange.most", n=line.most) if line.most is not None else ""
    price = w("visit.form.price", price=page.money(line.price)) if line.price is not None else ""
    drinks = [w(f"visit.form.{what}", n=n) for what, n in (("bottles", line.bottles), ("packs", line.packs)) if n]
    return [heads, most, price, *drinks]


def _meal_names(page: VisitPage, line: MealLine) -> list[str]:
    names = page.whole.names if page.whole is not None else {}
    ours = [names[each] for each in line.ours if each in names]
    said = [page.w("arrange.diners", names=" ".join(line.diners))] if line.diners else []
    return [*said, page.w("arrange.ours", names=page.w.people(ours))] if ours else said


def _decided(page: VisitPage, line: GiftLine) -> list[str]:
    """Who set what the standard leaves to somebody, or that nobody is named yet (R93, R94)."""
    if line.undecided:
        return [page.w("visit.lack.decided_by")]
    return [page.w("visit.said.decided_by", text=line.decided_by)] if line.decided_by else []


def _by(page: VisitPage, line: GiftLine | TextLine) -> list[str]:
    """When and by whom it was done."""
    if line.done_at is None:
        return []
    return [page.w("arrange.done", at=say_moment(line.done_at, page.shell.now().date(), page.w), who=line.done_by)]


def _joined(parts: Iterable[str], between: str = " ") -> str:
    return between.join(part for part in parts if part)


# -- commands ---------------------------------------------------------------------------------------------------------


class ArrangementsTab(VisitTab):
    """What can be done with the chosen line, and what can be added."""

    TAB = "arrangements"

    def table_columns(self) -> list[Column]:
        return columns(self.page)

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        return rows(self.page, whole)

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        return detail(self.page, whole, key)

    def chosen_line(self) -> Chosen | None:
        """The line under the cursor."""
        return chosen(self.whole.arranged, self.key) if self.whole else None

    # -- change ----------------------------------------------------------------------------------------------

    def why_not_change(self) -> str | None:
        """There must be a line, and the visit be live; a text is read then, too."""
        line = self.chosen_line()
        if isinstance(line, TextLine) and line.id:
            return None
        verb = "arranged" if isinstance(line, TicketLine) else "arrange"
        return (None if line else self.w("arrange.nothing")) or self.barred(verb)

    async def do_change(self) -> None:
        """Enter: the line in its box."""
        line = self.chosen_line()
        if isinstance(line, MealLine):
            await self._meal(line)
        elif isinstance(line, RoomLine):
            await self._room(line)
        elif isinstance(line, GiftLine):
            await self._gift(line.item, line)
        elif isinstance(line, TextLine):
            await self._text(line)
        elif isinstance(line, TicketLine):
            await self._ticket(line)
        elif isinstance(line, DietLine):
            await self._diet(line)

    async def _meal(self, line: MealLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("restaurant"))
        form = MealForm(self.w, self.whole, found, self.page.shell.now().date(), line)
        title = self.w("arrange.meal_title") if line is None else named(self.page, line)

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_meal(
                session, self.page.visit_id, row, form.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_meal(record, row, form.entry())

        await self._filled(form.dialog(title, save, self._previewing(shape, save)))

    async def _room(self, line: RoomLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("hotel"))
        form = RoomForm(self.w, self.whole, found, self.page.shell.now().date(), line)
        title = self.w("arrange.room_title") if line is None else named(self.page, line)

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_room(
                session, self.page.visit_id, row, form.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_room(record, row, form.entry())

        await self._filled(form.dialog(title, save, self._previewing(shape, save)))

    async def _gift(self, item: str, line: GiftLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("restaurant"))
        form = CostForm(self.w, self.whole, found, self.page.shell.now().date(), item, line)
        title = self.w.name(item_name(self.whole.policy, item))

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_cost(
                session, self.page.visit_id, row, form.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_cost(record, row, form.entry())

        await self._filled(form.dialog(title, save, self._previewing(shape, save)))

    def _previewing(self, shape: Shape, save: Save) -> Previewing:
        """What saving would touch, of the form as `shape` makes it and beside it."""
        session, visit = self.session, self.page.visit_id
        return lambda reasons: impact(session, visit, shape, lambda: save(reasons), reasons)

    async def _text(self, line: TextLine) -> None:
        """A text is made where there is none yet, else written anew, or only read where that may not be."""
        session = self.session
        if line.id and self.barred("arrange"):
            await self.page.answer(TextDialog(named(self.page, line), line.texts.get(self.w.language, "")))
            return
        if not line.id:
            self.page.write(lambda: displays.make(session, self.page.visit_id), self.page.done)
            return
        form = TextForm(self.w, line)

        def save() -> Done:
            zh, en = form.texts()
            return displays.edit(session, line.id, expected=line.version, zh=zh, en=en)

        await self._filled(form.box(named(self.page, line), save))

    async def _diet(self, line: DietLine) -> None:
        session = self.session
        form = DietForm(self.w, line)
        title = self.w("arrange.diet_title", who=line.name)

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.set_diet(session, line.id, form.diet())

        await self._filled(form.dialog(title, save, previewing(session, self.page.visit_id, save)))

    async def _ticket(self, line: TicketLine) -> None:
        session = self.session
        ticket = TextField(self.w("arrange.ticket"), line.ticket, id="ticket")
        await self.page.entered(
            self.w("arrange.ticket_title"), [ticket],
            lambda: day_verbs.ticket(session, line.id, ticket.value, expected=self.page.seen),
        )  # fmt: skip

    async def _filled(self, box: FormDialog[Done]) -> None:
        done = await self.page.answer(box)
        if done is not None:
            self.page.done(done)

    # -- tick ------------------------------------------------------------------------------------------------

    def why_not_tick(self) -> str | None:
        """It must be something that is done one day."""
        line = self.chosen_line()
        if line is None:
            return self.w("arrange.nothing")
        if isinstance(line, (MealLine, DietLine)):
            return self.w("arrange.no_tick")
        return self.barred("arranged") or (
            self.w("arrange.not_made") if isinstance(line, TextLine) and not line.id else None
        )

    async def do_tick(self) -> None:
        """Space: checked in, handed over, held, set out; or not after all."""
        session, line = self.session, self.chosen_line()
        if isinstance(line, RoomLine):
            self._write(lambda: arrangement_verbs.check_in(session, line.id, there=line.checked_in is None))
        elif isinstance(line, GiftLine):
            self._write(lambda: arrangement_verbs.hand_out(session, line.id, there=line.done_at is None))
        elif isinstance(line, TextLine):
            there = line.done_at is None
            self._write(lambda: displays.set_out(session, line.id, expected=line.version, there=there))
        elif isinstance(line, TicketLine):
            await self._ticket(line)

    def _write(self, verb: Callable[[], Done]) -> None:
        self.page.write(verb, self.page.done)

    # -- add and take out ------------------------------------------------------------------------------------

    async def do_add(self) -> None:
        """F4: a meal, rooms, a gift, an activity or whatever else the policy has money for."""
        if self.whole is None:
            return
        policy, w = self.whole.policy, self.w
        items = [entry for entry in policy.lists.get("item", ()) if entry.id not in ITEMS]
        rows = [Row("meal", (w("arrange.meal"),)), Row("room", (w("arrange.room"),)),
                *[Row(f"item:{entry.id}", (w.name(entry.name),)) for entry in items]]  # fmt: skip
        key = await self.page.answer(PickOne(w("arrange.add_title"), rows, (Column("", 0),)))
        if key == "meal":
            await self._meal(None)
        elif key == "room":
            await self._room(None)
        elif key is not None:
            await self._gift(key.removeprefix("item:"), None)

    def why_not_remove(self) -> str | None:
        """Meals, rooms, gifts and the like can be taken out; the guests and the texts are the visit's."""
        line = self.chosen_line()
        if line is not None and not isinstance(line, (MealLine, RoomLine, GiftLine)):
            return self.w("arrange.stays")
        return None if line else self.w("arrange.nothing")

    async def do_remove(self) -> None:
        """Del: out of the visit, and out of its plan; what that touches is shown first."""
        session, line = self.session, self.chosen_line()
        if isinstance(line, MealLine):
            await self._without(
                lambda record: arrangement_verbs.with_meal(record, line.id, None),
                lambda seen: arrangement_verbs.remove_meal(session, line.id, expected=seen),
            )
        elif isinstance(line, RoomLine):
            await self._without(
                lambda record: arrangement_verbs.with_room(record, line.id, None),
                lambda seen: arrangement_verbs.remove_room(session, line.id, expected=seen),
            )
        elif isinstance(line, GiftLine):
            await self._without(
                lambda record: arrangement_verbs.with_cost(record, line.id, None),
                lambda seen: arrangement_verbs.remove_cost(session, line.id, expected=seen),
            )

    async def _without(self, shape: Shape, verb: Callable[[int], Done]) -> None:
        if self.whole is None:
            return
        session, seen = self.session, self.page.seen
        shown = await self.page.shell.thread(
            lambda: impact(session, self.page.visit_id, shape, lambda: verb(seen)), write=True
        )
        if shown is None or await self.page.answer(Impact(self.w("change.touches"), shown)):
            self._write(lambda: verb(seen))

    # -- texts -----------------------------------------------------------------------------------------------

    def why_not_reset(self) -> str | None:
        """It must be a text that was written by hand, or is not made yet."""
        line = self.chosen_line()
        if not isinstance(line, TextLine):
            return self.w("arrange.no_text")
        return self.barred("arrange") or (self.w("arrange.as_made") if line.id and not line.edited else None)

    def do_reset(self) -> None:
        """F5: the text as it is made from the visit."""
        session, line = self.session, self.chosen_line()
        if isinstance(line, TextLine) and line.id:
            self._write(lambda: displays.reset(session, line.id, expected=line.version))
        elif isinstance(line, TextLine):
            self._write(lambda: displays.make(session, self.page.visit_id))


# -- boxes ------------------------------------------------------------------------------------------------------------

PAYERS = ("company", "guest")


class _ThingForm:
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

    def day(self, value: date | None) -> DayField:
        """The day; of something new the day of arrival, or today while the guests are here."""
        return DayField(self.label("on"), value or self.first_day(), today=lambda: self.today, id="on")

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

    def said(self, place: NamedPlace) -> str:
        """What a place is and costs."""
        grade = self.w.name(self.policy.name_of(place.grade)) if place.grade else ""
        price = say_money(place.price, self.policy.currency.minor) if place.price is not None else ""
        return " ".join(part for part in (grade, price) if part)

    def taken(self, field: Field) -> NamedPlace | None:
        """The place of the register that was just chosen."""
        if not isinstance(field, Pick) or field.id != "place":
            return None
        return next((each for each in self.found.places if str(each.id) == field.value), None)

    def first_day(self) -> date:
        """The day of the visit that is nearest to today."""
        return self.whole.nearest(self.today)


class MealForm(_ThingForm):
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

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box; a restaurant that is chosen brings its price."""
        return VisitFormDialog(
            title, self.fields(), save, needed=[self.on, self.heads], follow=self._follow, preview=preview
        )

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


class RoomForm(_ThingForm):
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

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box; a hotel that is chosen brings its grade and price."""
        fields = [self.on, self.nights, self.people, self.sleepers, self.where, self.grade, self.price, self.payer]
        needed: list[Field] = [self.on, self.nights, self.people]
        return VisitFormDialog(title, _filled(fields), save, needed=needed, follow=self._follow, preview=preview)

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


class CostForm(_ThingForm):
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

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box."""
        fields: list[Field] = [
            self.what, self.quantity, self.price, self.to, self.on, self.hour, self.where, self.who, self.grade,
        ]  # fmt: skip
        return VisitFormDialog(title, _filled(fields), save, needed=[self.quantity, self.on], preview=preview)

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

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box."""
        return VisitFormDialog(title, [self.ticks, self.others], save, preview=preview)

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
