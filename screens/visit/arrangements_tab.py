"""The tab of arrangements: its list, its commands, and the boxes in which something is arranged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from models.form import REMARKS, CostEntry, Form, MealEntry, RoomEntry
from models.policy.model import ITEMS, Policy, item_name
from models.queries.visit_arrangements import (
    Arranged,
    DietLine,
    GiftLine,
    MealLine,
    RoomLine,
    TextLine,
    TicketLine,
    offered,
)
from models.queries.visit_detail import VisitDetail
from models.services import arrangement_verbs, day_verbs
from models.services.arrangement_verbs import Shape, impact
from models.services.visit_record import VisitRecord
from models.services.visits import Done, overtaken
from models.words import cell_len, cut, diets
from models.words.dates import say_day, say_moment
from models.words.wrapping import wrap
from screens.kit.dialogs import PickOne, TextDialog
from screens.kit.fields import TextField
from screens.kit.form_dialog import FormDialog, Freshness, Impact, Previewing, Save, previewing
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.arrangement_forms import CostForm, DietForm, MealForm, RoomForm, TextForm
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
        return f"{line.when:%m-%d %H:%M}" if line.when else f"{line.on:%m-%d}" if line.on else ""
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
        return [line.place, needs(page, line), *_remarks(line)]
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


def _remarks(line: MealLine) -> list[str]:
    return [getattr(line, field) for field in REMARKS]


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
            [needs(page, line), *_meal_names(page, line), *_remarks(line)],
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
    at = line.when if isinstance(line, (MealLine, GiftLine)) else getattr(line, "at", None)
    on = getattr(line, "on", None)
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
        today, form = self.page.shell.now().date(), self.whole.form
        new = MealEntry(self.whole.nearest(today), form.headcount or 1, len(form.diners), ours=form.diners)
        box = MealForm(self.w, self.whole, found, today, line or new)
        title = self.w("arrange.meal_title") if line is None else named(self.page, line)

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_meal(
                session, self.page.visit_id, row, box.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_meal(record, row, box.entry())

        await self._filled(box.dialog(title, save, self._previewing(shape, save)))

    async def _room(self, line: RoomLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("hotel"))
        today = self.page.shell.now().date()
        new = RoomEntry(self.whole.nearest(today), self.whole.form.headcount or 1)
        box = RoomForm(self.w, self.whole, found, today, line or new)
        title = self.w("arrange.room_title") if line is None else named(self.page, line)

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_room(
                session, self.page.visit_id, row, box.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_room(record, row, box.entry())

        await self._filled(box.dialog(title, save, self._previewing(shape, save)))

    async def _gift(self, item: str, line: GiftLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("restaurant"))
        today = self.page.shell.now().date()
        new = CostEntry(item, unit=_unit(self.whole.policy, item), on=self.whole.nearest(today))
        box = CostForm(self.w, self.whole, found, today, line or new)
        title = self.w.name(item_name(self.whole.policy, item))

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_cost(
                session, self.page.visit_id, row, box.entry(), expected=self.page.seen, reasons=reasons
            )

        def shape(record: VisitRecord) -> Form:
            return arrangement_verbs.with_cost(record, row, box.entry())

        await self._filled(box.dialog(title, save, self._previewing(shape, save)))

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
            self.page.write(lambda: arrangement_verbs.make_texts(session, self.page.visit_id), self.page.done)
            return
        form = TextForm(self.w, line)

        def save() -> Done:
            zh, en = form.texts()
            return arrangement_verbs.edit_text(session, line.id, expected=seen(), zh=zh, en=en)

        def seen() -> int:
            texts = self.whole.arranged.texts if self.whole else ()
            return next((each for each in texts if each.id == line.id), line).version

        box = form.box(named(self.page, line), save)
        box.freshness = Freshness(seen, lambda: overtaken(self.page.visit_id))
        await self._filled(box)

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
        box.freshness = box.freshness or self.page.freshness()
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
            self._write(lambda: arrangement_verbs.set_out(session, line.id, expected=line.version, there=there))
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
        if shown is None or await self.page.answer(Impact(self.w("change.impact"), shown)):
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
            self._write(lambda: arrangement_verbs.reset_text(session, line.id, expected=line.version))
        elif isinstance(line, TextLine):
            self._write(lambda: arrangement_verbs.make_texts(session, self.page.visit_id))


def _unit(policy: Policy, item: str) -> str:
    """In what the policy's standard of an item is measured."""
    return next((cap.per for cap in policy.caps if item in cap.items and cap.count_over is None), "")
