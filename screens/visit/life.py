"""The verbs on a whole visit, from its submission to its end: in the F2 menu of every tab."""

from __future__ import annotations

from collections.abc import Mapping

from models.papers.host_brief import host_brief
from models.queries.client_records import Brief, brief
from models.queries.visit_detail import heirs
from models.services import arrangement_verbs, cost_verbs, day_verbs, decision_verbs, request_verbs
from models.services.frame import Preview
from models.services.visit_record import Done
from screens.kit.copy import CopyNote
from screens.kit.dialogs import Confirm, Note, PickOne
from screens.kit.fields import TextField
from screens.kit.linelist import Column, Row
from screens.requests import said_line, void
from screens.sheet import VisitFormDialog
from screens.visit.base import VisitPage


class Life(VisitPage):
    """Commands that depend on the visit's state; each says why it does not apply."""

    def why_not_amend(self) -> str | None:
        """A draft can be filled in, an arranged visit changed."""
        return self.barred("edit" if self.whole and self.whole.edited else "amend")

    def do_brief(self) -> None:
        """One page for the hosts: who comes, earlier visits, what to raise, who is where when."""
        session, visit = self.session, self.visit_id
        self.read(lambda: brief(session, visit), self._show_brief, group="brief")

    def _show_brief(self, found: Brief) -> None:
        text = host_brief(found, self.w, self.session.policy.currency.minor)
        self.ask(CopyNote(self.w("clients.brief.title", name=found.client), text), lambda _: None)

    async def do_take_change_back(self) -> None:
        """The visit goes on as it was approved; nothing of the change was in force yet, so nothing is touched but what
        others have signed of it."""
        session, seen = self.session, self.seen
        if await void(self, self.visit_id):
            self.write(lambda: arrangement_verbs.take_change_back(session, self.visit_id, seen=seen), self.done)

    def do_urge(self) -> None:
        """Ask those at whom it lies to decide."""
        self._do(request_verbs.urge)

    async def do_withdraw(self) -> None:
        """Back to a draft; what others have signed is asked about first."""
        session, seen = self.session, self.seen
        if await void(self, self.visit_id):
            self.write(lambda: request_verbs.withdraw(session, self.visit_id, seen=seen), self.done)

    async def do_confirm(self) -> None:
        """What was recorded for me is what I said."""
        if self.whole is None or not self.whole.unconfirmed:
            return
        session, said = self.session, self.whole.unconfirmed[0]
        box = Confirm(
            self.w("visit.confirm_asked"), self.w("visit.confirm_yes"), self.w("kit.no"), said_line(said, self)
        )
        if await self.answer(box):
            self.write(lambda: decision_verbs.confirm_recorded(session, said.id), self.done)

    def do_met(self) -> None:
        """The first guest is met."""
        self._do(day_verbs.met)

    def do_seen_off(self) -> None:
        """The last guest is gone; said by mistake, it can be taken back."""
        self._do(day_verbs.seen_off)

    def why_not_no_show(self) -> str | None:
        """The guests must be due."""
        legs = self.whole.travel if self.whole is not None else ()
        coming = [leg.at for leg in legs if leg.way == "arrival" and leg.at is not None]
        early = any(at > self.shell.now() for at in coming)
        return self.w("refused.not_yet_due") if early else None

    def do_no_show(self) -> None:
        """Nobody came; said by mistake, it can be taken back."""
        session, seen = self.session, self.seen
        self.write(lambda: day_verbs.no_show(session, self.visit_id, seen=seen), self.done)

    def do_take_back(self) -> None:
        """Met, seen off or nobody came was said by mistake."""
        self._do(day_verbs.take_back)

    async def do_cancel(self) -> None:
        """Call the visit off, with the reason; what that lets go and who is to be told is shown first."""
        session, client = self.session, self.whole.form.client if self.whole else ""
        why = TextField(self.w("checklist.why"), id="words", max_length=500)

        def save(reasons: Mapping[str, str]) -> Done:
            return day_verbs.cancel(session, self.visit_id, why.value, seen=self.seen)

        def look(reasons: Mapping[str, str]) -> Preview | None:
            return day_verbs.cancelling(session, self.visit_id, why.value, seen=self.seen)

        done = await self.answer(
            VisitFormDialog(self.w("visit.cancel_asked", client=client), [why], save, needed=[why], look=look)
        )
        if done is not None:
            self.done(done)

    def do_restore(self) -> None:
        """A cancelled visit is a draft again."""
        self._do(day_verbs.restore)

    async def do_hand_over(self) -> None:
        """Another one looks after the visit."""
        session = self.session
        found = await self.shell.thread(lambda: heirs(session, self.visit_id))
        rows = [Row(str(each.person), (each.name, " ".join(map(self.w.name, each.posts))), find=each.find)
                for each in found]  # fmt: skip
        key = await self.answer(PickOne(self.w("visit.hand_over_title"), rows, (Column("", 16), Column())))
        if key is not None:
            self.write(lambda: day_verbs.hand_over(session, self.visit_id, int(key), seen=self.seen), self.done)

    async def do_note(self) -> None:
        """A dated remark."""
        session = self.session
        await self.worded(
            self.w("visit.note_title"),
            self.w("visit.note"),
            lambda words: day_verbs.note(session, self.visit_id, words),
        )

    async def do_close(self) -> None:
        """Settle and close; what is still missing is listed, and gone to."""
        if self.whole is None:
            return
        lacks = [self.w.text(phrase) for line in self.whole.costs for phrase in line.lacks.values()]
        if lacks:
            self.go_tab("costs")
            self.list.key = next(str(line.id) for line in self.whole.costs if line.lacks)
            await self.answer(Note(self.w("visit.close_missing", n=len(lacks)), "\n".join(lacks)))
            return
        self._do(cost_verbs.close)

    async def do_reopen(self) -> None:
        """A late invoice: open again, with the reason."""
        session = self.session
        await self.worded(
            self.w("visit.reopen_title"), self.w("checklist.why"),
            lambda words: cost_verbs.reopen(session, self.visit_id, words, seen=self.seen),
        )  # fmt: skip

    def _do(self, verb: request_verbs.Verb) -> None:
        session, seen = self.session, self.seen
        self.write(lambda: verb(session, self.visit_id, seen=seen), self.done)
