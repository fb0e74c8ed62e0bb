"""Visit: everything of one visit on ten tabs, and the commands on it as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.host_brief import host_brief
from models.papers.request_form import said_line
from models.queries.client_records import Brief, brief
from models.queries.visit_detail import VisitDetail, heirs, visit
from models.services import arrangement_verbs, cost_verbs, day_verbs, decision_verbs, request_verbs
from models.services.frame import Preview
from models.services.visits import Done
from models.words import cell_len, clean, cut
from models.words.dates import say_moments, say_span
from screens.kit.commands import Command
from screens.kit.dialogs import Confirm, CopyNote, PickOne, TextDialog
from screens.kit.fields import TextField
from screens.kit.form_dialog import VisitFormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.text import Line, Lines, Piece, block, wrapped
from screens.requests import void
from screens.visit.arrangements_tab import ArrangementsTab
from screens.visit.bookings_tab import BookingsTab
from screens.visit.costs_tab import CostsTab
from screens.visit.form_tab import FormTab, HistoryTab, NotesTab, PeopleTab
from screens.visit.programme_tabs import StagesTab, TasksTab
from screens.visit.tab import DETAIL, TABS, VisitPage, VisitTab
from screens.visit.travel_tab import TravelTab

# -- commands on the visit --------------------------------------------------------------------------------------------


LISTS: tuple[type[VisitTab], ...] = (
    FormTab, StagesTab, PeopleTab, TravelTab, BookingsTab, ArrangementsTab, TasksTab, CostsTab, NotesTab, HistoryTab,
)  # fmt: skip
"""The tabs, as in `TABS`."""

MOST_DETAIL = DETAIL + 2
"""So many lines are taken below a list where what is told of a row is longer than usual."""
READABLE = 10
"""So many cells of a part of the head are worth showing."""


ODD_IN = ("submitted", "approved", "under_way")
"""Of a visit in these states times that do not go together can still be put right."""


class VisitScreen(VisitPage):
    """One visit on its tabs. Commands that depend on its state are its own and say why they do not apply; what can be
    done on a tab is done by its widget."""

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
            self.write(lambda: arrangement_verbs.take_change_back(session, self.visit_id, expected=seen), self.done)

    def do_urge(self) -> None:
        """Ask those at whom it lies to decide."""
        self._do(request_verbs.urge)

    async def do_withdraw(self) -> None:
        """Back to a draft; what others have signed is asked about first."""
        session, seen = self.session, self.seen
        if await void(self, self.visit_id):
            self.write(lambda: request_verbs.withdraw(session, self.visit_id, expected=seen), self.done)

    def do_undo_agree(self) -> None:
        """One's own agreement, while nobody has decided since."""
        self._do(decision_verbs.undo_agree)

    async def do_confirm(self) -> None:
        """What was recorded for me is what I said."""
        if self.whole is None or not self.whole.unconfirmed:
            return
        session, said = self.session, self.whole.unconfirmed[0]
        box = Confirm(
            self.w("visit.confirm_asked"),
            self.w("visit.confirm_yes"),
            self.w("kit.no"),
            said_line(said, self.session.policy, self.w, self.shell.now().date()),
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
        self.write(lambda: day_verbs.no_show(session, self.visit_id, expected=seen), self.done)

    def do_take_back(self) -> None:
        """Met, seen off or nobody came was said by mistake."""
        self._do(day_verbs.take_back)

    async def do_cancel(self) -> None:
        """Call the visit off, with the reason; what that lets go and who is to be told is shown first."""
        session, client = self.session, self.whole.form.client if self.whole else ""
        why = TextField(self.w("checklist.why"), id="words", max_length=500)

        def save(reasons: Mapping[str, str]) -> Done:
            return day_verbs.cancel(session, self.visit_id, why.value, expected=self.seen)

        def preview(reasons: Mapping[str, str]) -> Preview | None:
            return day_verbs.cancelling(session, self.visit_id, why.value, expected=self.seen)

        done = await self.answer(
            VisitFormDialog(
                self.w("visit.cancel_asked", client=client),
                [why],
                save,
                needed=[why],
                preview=preview,
                freshness=self.freshness(),
            )
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
            self.write(lambda: day_verbs.hand_over(session, self.visit_id, int(key), expected=self.seen), self.done)

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
            await self.answer(TextDialog(self.w("visit.close_missing", n=len(lacks)), "\n".join(lacks)))
            return
        self._do(cost_verbs.close)

    async def do_reopen(self) -> None:
        """A late invoice: open again, with the reason."""
        session = self.session
        await self.worded(
            self.w("visit.reopen_title"), self.w("checklist.why"),
            lambda words: cost_verbs.reopen(session, self.visit_id, words, expected=self.seen),
        )  # fmt: skip

    def _do(self, verb: request_verbs.Verb) -> None:
        session, seen = self.session, self.seen
        self.write(lambda: verb(session, self.visit_id, expected=seen), self.done)

    # -- the screen --------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        yield block(1, id="about")
        for make in LISTS:
            listed = make(self)
            listed.display = self.tab == make.TAB
            if listed.display and self.key:
                listed.key, self.key = self.key, ""
            yield listed
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    async def on_screen_resume(self) -> None:
        if not isinstance(self.focused, LineList) or not self.focused.display:
            self.list.focus()  # the keys go to the tab that is shown, not to the first one

    def _list(self) -> LineList | None:
        return self.list if self.query(f"#{self.tab}") else None

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: visit(session, self.visit_id), self.show)

    def show(self, whole: VisitDetail | None) -> None:
        """Fill the tab with what was read; a visit that is gone is left."""
        if whole is None:
            self.back()
            return
        self.whole = whole
        number = whole.number or self.w("requests.draft")
        state = self.w(f"done.state.{whole.state}")
        self.headline = "  ".join(part for part in (number, whole.form.client, state) if part)
        self.show_tab()

    def on_resize(self, event: Resize) -> None:
        self.show_tab()

    def minute(self, now: object) -> None:
        self.show_tab()

    def show_tab(self) -> None:
        """Fill the tab that is shown."""
        if self.whole is None or not self.query("#about"):
            return
        shown = self.list
        wide = self.tab == "form"
        self.query_one("#rule").display = self.query_one("#detail").display = not wide
        shown.set_columns(shown.table_columns())
        shown.set_rows(shown.table_rows(self.whole), empty=self.w(f"visit.empty.{self.tab}"))
        self.query_one("#about", Lines).set_lines([self._about(self.whole)])
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        if self.whole is not None:
            told = self.list.row_detail(self.whole, self.list.key)
            lines = [part for line in told for part in wrapped(line, self.size.width)]
            detail = self.query_one("#detail", Lines)
            detail.styles.height = max(DETAIL, min(len(lines), MOST_DETAIL))
            detail.set_lines(lines[:MOST_DETAIL])

    def _about(self, whole: VisitDetail) -> Line:
        w = self.w
        tier = w.name(whole.policy.name_of(whole.tier)) if whole.tier and whole.policy.tiers else ""
        lies = ""
        if whole.posts:
            who = w.people(whole.waits_at) or " ".join(w.name(whole.policy.name_of(post)) for post in whole.posts)
            since = say_span((self.session.now_utc() - whole.since).total_seconds(), w) if whole.since else ""
            lies = w("visit.lies_at", who=who, since=since)
        host = w("visit.hosted", who=w.people(whole.hosts)) if whole.hosts else w("visit.no_host")
        runs = w("visit.run_by", who=whole.coordinator) if whole.coordinator else ""
        confirm = w("visit.to_confirm") if whole.unconfirmed else ""
        to_notify = w("visit.untold", n=whole.to_notify) if whole.to_notify else ""
        heads = w("visit.heads", n=whole.form.headcount) if whole.form.headcount else ""
        late = w("requests.late") if whole.late else ""
        odd = [f"! {w.text(each)}" for each in whole.odd[:1]] if whole.state in ODD_IN else []
        parts = (*odd, confirm, to_notify, lies, tier, self._stay(whole), host, heads, runs, late)
        return f" {_fitting([clean(part) for part in parts if part], self.size.width - 2)}"

    def _stay(self, whole: VisitDetail) -> str:
        """From when until when, as it is known now; a day that is the same is said once."""
        today = self.shell.now().date()
        times = [at for at in (whole.comes, whole.goes) if at]
        if self.size.width < 78:
            said = [f"{at:%m-%d %H:%M}" for at in times]
            return " - ".join(said[:1] + [at[6:] if at[:5] == said[0][:5] else at for at in said[1:]])
        return " - ".join(say_moments(times, today, self.w))

    def target(self, command: Command[Any]) -> Any:
        """The tab does what is offered on it alone."""
        return self.list if command.parts else self

    def short(self, command: Command[Any]) -> str:
        """What the line of keys says for a command; the tab may know which step is next."""
        return (self.list.short(command) if command.parts else None) or super().short(command)

    @property
    def day(self) -> date:
        """The day of the visit that is nearest to today: that of the lanes."""
        today = self.shell.now().date()
        return self.whole.nearest(today) if self.whole else today

    # -- tabs ----------------------------------------------------------------------------------------------

    def tab_line(self) -> Line:
        names = [f"{digit}{self.w(f'visit.tab.{tab}')}" for tab, digit in TABS.items()]
        counts = [f" {count} " if (count := self._count(tab)) else " " for tab in TABS]
        here = list(TABS).index(self.tab)
        widths = [cell_len(name + count) for name, count in zip(names, counts, strict=True)]
        first, last = _around(here, widths, self.size.width - 2)
        line: list[Piece] = [("<" if first else " ", "dim")]
        for at in range(first, last + 1):
            line += [(names[at], "cursor" if at == here else ""), (counts[at], "")]
        return [*line, (">", "dim")] if last + 1 < len(names) else line

    def _count(self, tab: str) -> str:
        whole = self.whole
        if whole is None:
            return ""
        if tab == "bookings":
            return whole.booked.worst
        if tab == "tasks" and whole.tasks:
            done = sum(each.state == "done" for each in whole.tasks)
            return f"{done}/{sum(each.state != 'dropped' for each in whole.tasks)}"
        if tab == "costs":
            owed = whole.state in ("done", "no_show") and any(each.lacks for each in whole.costs)
            return "!" if whole.totals.over or owed else ""
        if tab == "notes" and whole.notes:
            return f"{len(whole.notes)}{'!' if any(note.open for note in whole.notes) else ''}"
        return ""

    def go_tab(self, tab: str) -> None:
        """Show another tab; each keeps its own cursor."""
        self.tab = tab
        for each in TABS:
            self.query_one(f"#{each}").display = each == tab
        self.list.focus()
        self.show_tab()

    def _step(self, by: int) -> None:
        names = list(TABS)
        self.go_tab(names[(names.index(self.tab) + by) % len(names)])

    def do_previous(self) -> None:
        """Left: the tab before."""
        self._step(-1)

    def do_next(self) -> None:
        """Right: the next tab."""
        self._step(1)


def _fitting(parts: Sequence[str], width: int) -> str:
    """The parts side by side, as many as fit; the first that does not is cut where enough of it can be read."""
    line = parts[0] if parts else ""
    for part in parts[1:]:
        room = width - cell_len(line) - 2
        if cell_len(part) > room:
            return f"{line}  {cut(part, room, ellipsis=True)}" if room >= READABLE else line
        line = f"{line}  {part}"
    return line


def _around(here: int, widths: Sequence[int], room: int) -> tuple[int, int]:
    """The first and the last tab to show: all where there is room, else as many as fit around the current one."""
    first, last = 0, len(widths) - 1
    while first < last and sum(widths[first : last + 1]) > room:
        if here - first > last - here:
            first += 1
        else:
            last -= 1
    return first, last
