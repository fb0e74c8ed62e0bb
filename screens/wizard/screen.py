"""The request wizard (R99 to R111): keys, fields, rows, and the policy's word while one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.events import DescendantBlur, DescendantFocus, Key
from textual.timer import Timer
from textual.widget import Widget

from models.queries import request_preview as queries
from models.queries.request_preview import Verdict
from screens.kit.commands import by_key
from screens.kit.dialogs import PickOne
from screens.kit.fields import Checks, Field
from screens.kit.linelist import Column
from screens.kit.moment import MomentField
from screens.kit.told import Goto, Submit, Told
from screens.wizard import client, filling, foot, people, plan, review, times
from screens.wizard.keeping import Keeping
from screens.wizard.rows import put
from screens.wizard.table import Table

SAVE_AFTER = 1.0
"""Seconds of quiet typing until the draft is saved; leaving a field saves at once."""


class Wizard(Keeping):
    """A request from the first field to its submission."""

    # -- keys and fields -----------------------------------------------------------------------------------------

    async def on_key(self, event: Key) -> None:
        focused = self.focused
        if not self.ready and event.key not in ("escape", "f10"):
            event.stop()
            event.prevent_default()
        elif event.key in ("pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            await self.run_command(by_key(self.WHERE)[event.key])
        elif event.key == "enter" and isinstance(focused, Goto):
            event.stop()
            event.prevent_default()
            await self._go_to(focused.field)
        elif event.key == "enter" and not isinstance(focused, Submit) and not getattr(focused, "takes_text", False):
            event.stop()
            event.prevent_default()
            self.focus_next()

    async def _go_to(self, field: str) -> None:
        """To a field that must be filled in, on its page."""
        await self.turn(next(page for page, asked in filling.MUST.items() if field in asked))
        for there in self.query(f"#{field}").results(Widget):
            there.focus()

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """The next field; at the page's end there is only the rest of it to see, and a word how to go on."""
        chain = self.focus_chain
        if chain and self.focused is chain[-1]:
            self._scroll_by(3)
            if self.here is not review:
                self.say(self.w("wizard.page_end"))
            return None
        return super().focus_next(selector)

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """The field before; at the page's beginning only what stands above it comes in sight."""
        chain = self.focus_chain
        if chain and self.focused is chain[0]:
            self._scroll_by(-3)
            return None
        return super().focus_previous(selector)

    def _scroll_by(self, lines: int) -> None:
        self.query_one("#sheet").scroll_relative(y=lines, animate=False)

    def on_field_entered(self, event: Field.Entered) -> None:
        self.focus_next()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        widget = event.widget
        if not isinstance(widget, (Table, Submit)) and not isinstance(widget.parent, Table):
            self.query_one("#sheet").scroll_to_widget(widget, animate=False)

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        field = event.widget.parent
        if isinstance(field, MomentField) and field.id == "arrive":
            self._move()
        if self.touched:
            self.save()

    def on_field_changed(self, event: Field.Changed) -> None:
        """Any field: the form is another one from now on."""
        self.touched = True
        field = event.field
        self.form = filling.taken(self.here, self.form, field)
        if field.id in ("categories", "purposes", "services"):
            self._show_fields()
        self.ask_policy(self.judge_after)
        self._later("save", SAVE_AFTER, self.save)

    def _move(self) -> None:
        """The day of arrival changed: everything dated moves along."""
        self.form = filling.moved(self.form, self.settled_arrival)
        self.settled_arrival = self.form.arrive or self.settled_arrival
        for name, value in (("depart", self.form.depart), ("arrival-at", self.form.arrival.at)):
            for field in self.query(f"#{name}").results(MomentField):
                if field.value != value and (value is not None or name not in self.form.raw):
                    field.value = value
                    field.repaint()

    def _show_fields(self) -> None:
        """A box was ticked: what belongs to it is there."""
        page = times if self.here is times else plan
        for field in self.query("#sheet Field").results(Field):
            field.display = page.shows(self.form, self.facts, field.id)
            if isinstance(field, Table) and field.id in plan.FLAGS.values() and field.display and not field.texts:
                self._renew(field)
                field.append()

    # -- rows ----------------------------------------------------------------------------------------------------

    def _table(self) -> Table | None:
        return next((each for each in self.query("#sheet Table").results(Table) if each.active), None)

    def _list(self) -> None:
        return None

    def _ticked(self) -> Checks | None:
        focused = self.focused
        return focused if isinstance(focused, Checks) and focused.id in people.LISTS else None

    def _renew(self, table: Table) -> None:
        """Let the table's defaults follow the form as it is now."""
        table.spec = filling.spec(table.spec.id, self.facts, self.form)

    def why_not_add(self) -> str | None:
        """There must be something to add a row to."""
        fits = self.here in (client, plan) or self._ticked() is not None
        return None if fits else self.w("wizard.no_rows")

    async def do_add(self) -> None:
        """F4: a row more where one is; else a guest, a meal, a person."""
        ticked = self._ticked()
        if ticked is not None:
            await self._add_person(ticked)
            return
        table = self._table() or self.query_one("#guests" if self.here is client else "#meals", Table)
        if not table.display:
            boxes = self.query_one("#categories", Checks)
            boxes.value = boxes.value | {flag for flag, opens in plan.FLAGS.items() if opens == table.id}
            self.form = filling.taken(plan, self.form, boxes)
            table.display = True
        self._renew(table)
        table.add()

    async def _add_person(self, ticked: Checks) -> None:
        title = self.w("wizard.add_person", list=ticked.label)
        key = await self.answer(PickOne(title, self.facts.person_rows(), (Column("", 12), Column())))
        if key is not None:
            name = str(ticked.id)
            form = put(self.form, {name: (*getattr(self.form, name), int(key))})
            ticked.set_options(people.people(self.facts, form, name))
            ticked.value = ticked.value | {key}
            ticked.post_message(Field.Changed(ticked))

    def why_not_remove(self) -> str | None:
        """One must be at a row."""
        table = self._table()
        return None if table is not None and table.texts else self.w("wizard.no_row_here")

    def do_remove(self) -> None:
        """F5: take the row out; F9 puts it back."""
        table = self._table()
        if table is not None:
            self.removed = (table.spec.id, [dict(row) for row in table.texts])
            table.take_out()
            self.say(self.w("wizard.removed"))

    def do_undo(self) -> None:
        """F9: the row taken out last is back."""
        if self.removed:
            name, texts = self.removed
            table = self.query_one(f"#{name}", Table)
            table.set_texts(texts)
            table.changed()
            table.enter()
            self.removed = None

    # -- the verdict ---------------------------------------------------------------------------------------------

    def _later(self, name: str, seconds: float, do: Callable[[], object]) -> None:
        waits: dict[str, Timer] = self.__dict__.setdefault("_waits", {})
        if name in waits:
            waits[name].stop()
        waits[name] = self.set_timer(seconds, do)

    def ask_policy(self, seconds: float) -> None:
        self._later("judge", seconds, self._judge)

    def _judge(self) -> None:
        session, form, visit = self.session, self.form, self.amended
        self.read(lambda: queries.verdict(session, form, visit), self.judged, group="judge")

    def judged(self, verdict: Verdict) -> None:
        before = self.facts
        self._facts = replace(before, policy=verdict.policy, verdict=verdict, w=self.w)
        if self.here in (people, review):
            form = people.prefilled(self.form, self.facts)
            if form != self.form:
                self.form = form
                self.ask_policy(0)
        if self.here is client:
            for told in self.query("#known").results(Told):
                told.set_texts(client.record(self.facts))
        elif self.here is plan:
            foot.show(self, self.form, self.facts)
        elif self.here is people:
            foot.show_people(self, self.form, self.facts)
        elif self.here is review:
            self._review(before.verdict)
        self.show()

    def _review(self, before: Verdict) -> None:
        """The review anew: in place while the same reasons are asked for."""
        if filling.shape(before) != filling.shape(self.facts.verdict):
            self.run_worker(self._fill_again(), group="turn", exclusive=True)
            return
        for summary in self.query("#summary").results(Told):
            summary.set_texts(review.summary(self.form, self.facts))
        for stops in self.query("#stops").results(Told):
            stops.set_texts(["", *review.conclusion(self.form, self.facts, filling.unread(self.form))])

    async def _fill_again(self) -> None:
        field = self.focused.parent if self.focused is not None else None
        name = field.id if isinstance(field, Field) else "submit"
        await self.fill()
        for again in self.query(f"#{name}").results(Widget) or self.query("#submit").results(Widget):
            again.focus(scroll_visible=False)
