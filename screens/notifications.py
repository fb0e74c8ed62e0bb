"""To tell: who must still hear of which change, of one visit or of all; a blank says that they were told."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.visit_history import NotificationLine, notifications
from models.services import day_verbs as verbs
from models.services.visits import Done
from models.words import cell_len
from models.words.dates import say_moment
from models.words.wrapping import wrap
from screens.kit.dialogs import CopyNote
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, block

DETAIL = 4


class Notifications(Page):
    """Opened over Today or a visit; Esc goes back there."""

    WHERE = "notifications"
    popup = True

    def __init__(self, visit: int | None = None) -> None:
        super().__init__()
        self.visit_id = visit
        self.shown: tuple[NotificationLine, ...] | None = None
        self._last = ""
        """Who was told last, to be taken back."""
        self._version = 0
        """The version that this made: what others did since is theirs."""
        self._next = ""
        """To whom the cursor goes when that is read anew."""

    @property
    def listed(self) -> LineList:
        """The list of those to be told."""
        return self.query_one("#notifications", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="notifications")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: notifications(session, self.visit_id), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: tuple[NotificationLine, ...]) -> None:
        """Fill the list: the untold first."""
        self.shown = found
        left = sum(line.told_at is None for line in found)
        client = found[0].client if self.visit_id is not None and found else ""
        self.headline = "  ".join(part for part in (self.w("notifications.title", n=left), client) if part)
        self.listed.set_columns(self._columns())
        self.listed.set_rows([self._row(line) for line in found], empty=self.w("notifications.empty"))
        if self._next and any(str(line.id) == self._last and line.told_at for line in found):
            self.listed.key, self._next = self._next, ""
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _columns(self) -> list[Column]:
        lines, w = self.shown or (), self.w
        who = max([cell_len(self._who(line)) for line in lines] or [8])
        whose = [] if self.visit_id is not None else [Column(w("notifications.client"), 12)]
        phone = Column(w("notifications.phone"), 13, "data", wide=0 if self.visit_id is not None else 78)
        return [
            Column("", 3),
            *whose,
            Column(w("notifications.who"), min(who, 18)),
            phone,
            Column(w("notifications.what"), 0),
        ]

    def _row(self, line: NotificationLine) -> Row:
        whose = [] if self.visit_id is not None else [line.client]
        told = line.told_at is not None
        cells = ("[x]" if told else "[ ]", *whose, self._who(line), line.phone or "-", self._what(line))
        return Row(str(line.id), cells, "dim" if told else "", find=(line.person, line.client, line.number))

    def _who(self, line: NotificationLine, *, in_words: bool = False) -> str:
        name = self.w.name(line.who)
        said = self.w.people([name]) if in_words else name
        return said if line.role == "department" else f"{self.w(f'notifications.role.{line.role}')} {said}"

    def _what(self, line: NotificationLine) -> str:
        return "; ".join(self.w.text(phrase) for phrase in line.what)

    def line(self) -> NotificationLine | None:
        """Who stands under the cursor."""
        return next((each for each in self.shown or () if str(each.id) == self.listed.key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line, lines = self.line(), list[Line]()
        if line is not None:
            today, w = self.shell.now().date(), self.w
            said = self._who(line, in_words=True)
            who = "  ".join(part for part in (line.number, line.client, said, line.phone) if part)
            person = w("notifications.person", who=line.person) if line.role == "department" and line.person else ""
            state = w("notifications.since", at=say_moment(line.since, today, w))
            if line.told_at is not None:
                state = w("notifications.told_by", at=say_moment(line.told_at, today, w), who=line.told_by)
            lines = [f" {'  '.join(part for part in (who, person, state) if part)}"]
            lines += [f" {text}" for text in wrap(self._what(line), self.size.width - 2)]
        self.query_one("#detail", Lines).set_lines(lines[:DETAIL])

    # -- notifications -------------------------------------------------------------------------------------

    def barred(self, verb: str) -> str | None:
        """Why the actor has no part in the visit."""
        line = self.line()
        return self.w(f"refused.{line.refused}") if line and line.refused else None

    def do_tell(self) -> None:
        """A blank: told now, by whoever acts; again: not told after all."""
        line, session = self.line(), self.session
        if line is None:
            return
        verb = verbs.mark_told if line.told_at is None else verbs.mark_not_told
        self._last = str(line.id) if line.told_at is None else ""
        left = [str(each.id) for each in self.shown or () if each.told_at is None or each is line]
        if line.told_at is None and len(left) > 1:  # who was told moves down: go on to the next
            at = left.index(str(line.id))
            self._next = left[at + 1] if at + 1 < len(left) else left[at - 1]
        self._version = line.version + 1
        self.write(lambda: verb(session, line.id, expected=line.version), self._done)

    def why_not_undo(self) -> str | None:
        """Somebody must have been told just now."""
        last = next((each for each in self.shown or () if str(each.id) == self._last), None)
        return None if last is not None and last.told_at is not None else self.w("notifications.nothing_to_undo")

    def do_undo(self) -> None:
        """Who was told last was not."""
        session, last, seen = self.session, int(self._last), self._version
        self._last = ""
        self.write(lambda: verbs.mark_not_told(session, last, expected=seen), self._done)

    def _done(self, done: Done) -> None:
        self.say(self.w.text(done.message))

    async def do_text(self) -> None:
        """What to tell the chosen one, as text to read out or copy."""
        line = self.line()
        if line is not None:
            await self.answer(CopyNote(self.w("notifications.text_title", who=self._who(line)), self._text(line)))

    def _text(self, line: NotificationLine) -> str:
        name = self.w.name(line.who) if line.role == "department" else line.person
        head = "  ".join(part for part in (name, line.phone) if part)
        about = "  ".join(part for part in (line.number, line.client) if part)
        return "\n".join([head, about, *(f"- {self.w.text(phrase)}" for phrase in line.what)])

    def do_open(self) -> None:
        """The visit itself; from a visit, back to it."""
        line = self.line()
        if self.visit_id is not None:
            self.back()
        elif line is not None:
            self.shell.open("visit", line.visit)
