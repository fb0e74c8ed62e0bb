"""What can be done on the tab of arrangements: change, tick, add, take out; texts written anew or put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.form import Form
from models.policy.model import ITEMS, item_name
from models.queries.visit_arrangements import DietLine, GiftLine, MealLine, RoomLine, TextLine, TicketLine, offered
from models.queries.visit_detail import VisitDetail
from models.services import arrangement_verbs, day_verbs, displays
from models.services.arrangement_verbs import touches
from models.services.visit_record import Done
from screens.kit.dialogs import Note, PickOne
from screens.kit.entry import FormDialog
from screens.kit.fields import TextField
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.sheet import Look, Save, looking
from screens.touched import Touches
from screens.visit.arrangements import Chosen, chosen, columns, detail, named, rows
from screens.visit.base import VisitTab
from screens.visit.boxes import CostForm, DietForm, MealForm, RoomForm, TextForm


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
                session, self.page.visit_id, row, form.entry(), seen=self.page.seen, reasons=reasons
            )

        def shape(old: Form) -> Form:
            return arrangement_verbs.with_meal(old, self.page.visit_id, row, form.entry())

        await self._filled(form.dialog(title, save, self._looking(shape, save)))

    async def _room(self, line: RoomLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("hotel"))
        form = RoomForm(self.w, self.whole, found, self.page.shell.now().date(), line)
        title = self.w("arrange.room_title") if line is None else named(self.page, line)

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_room(
                session, self.page.visit_id, row, form.entry(), seen=self.page.seen, reasons=reasons
            )

        def shape(old: Form) -> Form:
            return arrangement_verbs.with_room(old, self.page.visit_id, row, form.entry())

        await self._filled(form.dialog(title, save, self._looking(shape, save)))

    async def _gift(self, item: str, line: GiftLine | None) -> None:
        if self.whole is None:
            return
        session, found = self.session, await self.page.shell.thread(lambda: offered("restaurant"))
        form = CostForm(self.w, self.whole, found, self.page.shell.now().date(), item, line)
        title = self.w.name(item_name(self.whole.policy, item))

        row = line.id if line else None

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.save_cost(
                session, self.page.visit_id, row, form.entry(), seen=self.page.seen, reasons=reasons
            )

        def shape(old: Form) -> Form:
            return arrangement_verbs.with_cost(old, self.page.visit_id, row, form.entry())

        await self._filled(form.dialog(title, save, self._looking(shape, save)))

    def _looking(self, shape: Callable[[Form], Form], save: Save) -> Look:
        """What saving would touch, of the form as `shape` makes it and beside it."""
        session, visit = self.session, self.page.visit_id
        return lambda reasons: touches(session, visit, shape, lambda: save(reasons), reasons)

    async def _text(self, line: TextLine) -> None:
        """A text is made where there is none yet, else written anew, or only read where that may not be."""
        session = self.session
        if line.id and self.barred("arrange"):
            await self.page.answer(Note(named(self.page, line), line.texts.get(self.w.language, "")))
            return
        if not line.id:
            self.page.write(lambda: displays.make(session, self.page.visit_id), self.page.done)
            return
        form = TextForm(self.w, line)

        def save() -> Done:
            zh, en = form.texts()
            return displays.edit(session, line.id, seen=line.version, zh=zh, en=en)

        await self._filled(form.box(named(self.page, line), save))

    async def _diet(self, line: DietLine) -> None:
        session = self.session
        form = DietForm(self.w, line)
        title = self.w("arrange.diet_title", who=line.name)

        def save(reasons: Mapping[str, str]) -> Done:
            return arrangement_verbs.set_diet(session, line.id, form.diet())

        await self._filled(form.dialog(title, save, looking(session, self.page.visit_id, save)))

    async def _ticket(self, line: TicketLine) -> None:
        session = self.session
        ticket = TextField(self.w("arrange.ticket"), line.ticket, id="ticket")
        await self.page.entered(
            self.w("arrange.ticket_title"), [ticket],
            lambda: day_verbs.ticket(session, line.id, ticket.value, seen=self.page.seen),
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
            self._write(lambda: displays.set_out(session, line.id, seen=line.version, there=there))
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
        session, line, visit = self.session, self.chosen_line(), self.page.visit_id
        if isinstance(line, MealLine):
            await self._without(
                lambda old: arrangement_verbs.with_meal(old, visit, line.id, None),
                lambda seen: arrangement_verbs.remove_meal(session, line.id, seen=seen),
            )
        elif isinstance(line, RoomLine):
            await self._without(
                lambda old: arrangement_verbs.with_room(old, visit, line.id, None),
                lambda seen: arrangement_verbs.remove_room(session, line.id, seen=seen),
            )
        elif isinstance(line, GiftLine):
            await self._without(
                lambda old: arrangement_verbs.with_cost(old, visit, line.id, None),
                lambda seen: arrangement_verbs.remove_cost(session, line.id, seen=seen),
            )

    async def _without(self, shape: Callable[[Form], Form], verb: Callable[[int], Done]) -> None:
        if self.whole is None:
            return
        session, seen = self.session, self.page.seen
        shown = await self.page.shell.thread(
            lambda: touches(session, self.page.visit_id, shape, lambda: verb(seen)), write=True
        )
        if shown is None or await self.page.answer(Touches(self.w("change.touches"), shown)):
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
            self._write(lambda: displays.reset(session, line.id, seen=line.version))
        elif isinstance(line, TextLine):
            self._write(lambda: displays.make(session, self.page.visit_id))
