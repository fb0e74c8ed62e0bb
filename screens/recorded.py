"""Decisions recorded for others: those in one's own name to confirm or to object to, and those of one's visits."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.recorded_lists import RecordedLine, recorded
from models.services import decision_verbs
from models.services.visits import Done
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.fields import TextField
from screens.kit.form_dialog import FormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

DETAIL = 4


class RecordedScreen(Page):
    """One's own first, then those of the visits that one looks after."""

    WHERE = "recorded"
    popup = True

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[RecordedLine, ...] | None = None

    @property
    def listed(self) -> LineList:
        """The list of decisions."""
        return self.query_one("#recorded", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="recorded")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: recorded(session), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: tuple[RecordedLine, ...]) -> None:
        """Fill the list."""
        self.shown, w = found, self.w
        self.headline = w("recorded.title", n=len(found), mine=sum(line.mine for line in found))
        self.listed.set_columns([
            Column("", 2), Column(w("recorded.at"), 12, "data"), Column(w("recorded.client"), 14),
            Column(w("recorded.what"), 8), Column(w("recorded.who"), 0), Column(w("recorded.by"), 10, wide=78),
        ])  # fmt: skip
        self.listed.set_rows([self._row(line) for line in found], empty=w("recorded.empty"))
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _row(self, line: RecordedLine) -> Row:
        mark = "!" if line.objection else "?" if line.mine else ""
        at = say_moment(line.at, self.shell.now().date(), self.w)
        cells = (mark, at, line.client, self._what(line), self._who(line), line.recorded_by)
        style = "alert" if line.objection else "" if line.mine else "dim"
        return Row(str(line.decision), cells, style, find=(line.number,))

    def _what(self, line: RecordedLine) -> str:
        return self.w(f"requests.what.{'decide' if line.outcome == 'agree' else line.outcome}")

    def _who(self, line: RecordedLine) -> str:
        return line.who or self.w.name(line.policy.name_of(line.post))

    def line(self) -> RecordedLine | None:
        """The decision under the cursor."""
        return next((each for each in self.shown or () if str(each.decision) == self.listed.key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.line()
        said = [part for text in self._told(line) for part in wrap(text, self.size.width - 2)] if line else []
        self.query_one("#detail", Lines).set_lines([f" {each}" for each in said[:DETAIL]])

    def _told(self, line: RecordedLine) -> list[str]:
        w, tier = self.w, self.w.name(line.policy.name_of(line.tier)) if line.tier else ""
        words = f"“{line.words}”" if line.words else ""
        about = [line.number, line.client, self._who(line), self._what(line), tier, words]
        lines = ["  ".join(part for part in about if part)]
        lines.append(w("recorded.entered", who=line.recorded_by, medium=line.medium))
        return [*lines, w("recorded.objected", words=line.objection)] if line.objection else lines

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_own(self) -> str | None:
        """It must be recorded in the actor's name."""
        line = self.line()
        if line is None:
            return self.w("recorded.empty")
        return None if line.mine else self.w("refused.not_your_decision", who=self._who(line))

    def why_not_open(self) -> str | None:
        """There must be a decision under the cursor."""
        return None if self.line() else self.w("recorded.empty")

    def do_confirm(self) -> None:
        """Space: it is what I said."""
        line, session = self.line(), self.session
        if line is not None:
            self.write(lambda: decision_verbs.confirm_recorded(session, line.decision), self._done)

    async def do_object(self) -> None:
        """F5: it is not what I said, with the words; it stays flagged for who looks after the visit."""
        line, session = self.line(), self.session
        if line is None:
            return
        words = TextField(self.w("recorded.words"), id="words", max_length=500)
        box = FormDialog(
            self.w("recorded.object_title", client=line.client), [words],
            lambda: decision_verbs.object_recorded(session, line.decision, words.value), needed=[words],
        )  # fmt: skip
        done = await self.answer(box)
        if done is not None:
            self._done(done)

    def do_open(self) -> None:
        """Enter: the visit."""
        line = self.line()
        if line is not None:
            self.shell.open("visit", line.visit)

    def _done(self, done: Done) -> None:
        self.say(self.w.text(done.message))
