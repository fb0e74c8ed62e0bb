"""`Page`: the base of every full screen: head, work, one message line, one line of keys."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus, Resize

from models.words import cell_len, cut, pad
from screens.kit.command_screen import CommandScreen
from screens.kit.commands import Command
from screens.kit.keys import key_label
from screens.kit.linelist import LineList
from screens.kit.lines import Lines
from screens.kit.text import Line, Piece, abreast, pieces_of


@runtime_checkable
class Keeps(Protocol):
    """A widget whose state outlives a change of language: it needs an `id`."""

    def keep(self) -> Any:
        """What must not be lost."""
        ...

    def restore(self, state: Any) -> None:
        """Take back what `keep` gave."""
        ...


SHORT_TAB = 4
"""To so many cells the names of tabs are shortened where the line has no room for them."""


class Page(CommandScreen):
    """A full screen. A subclass sets `WHERE`, yields its widgets in `body`, and fills them in `reload`.

    Its commands stand in `screens.kit.commands`; their methods are called `do_…`, sync or async (an async one may
    await `self.answer(dialog)`).
    """

    AUTO_FOCUS = "#work LineList, #work Field, #work *"
    DEFAULT_CSS = """
    Page { layout: vertical; overflow: hidden; }
    Page > #head { height: 3; }
    Page > #work { height: 1fr; width: 1fr; }
    Page > #message, Page > #keys, Page > #find { height: 1; }
    """

    popup = False
    """Opened over another screen: no tabs in its head."""

    def __init__(self) -> None:
        super().__init__()
        self._headline = ""
        self._note: Line = ""
        self._seen: object = None
        self._language = ""
        self._found: LineList | None = None
        self._catching_up = asyncio.Event()

    # -- what a subclass says ------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """The widgets of the work area; called again after a change of language."""
        yield from ()

    def reload(self) -> None:
        """Read anew what is shown: `self.read(query, self.show)`. Called when the screen is shown and something
        may have changed: own writes, others' changes, midnight, language."""

    def minute(self, now: datetime) -> None:
        """A minute began (local time); change only what must."""

    def save_now(self) -> None:
        """The program ends at once: save what is being typed. Must be quick."""

    def tab_line(self) -> Line:
        """The second line of the head; a subclass may show something else than the tabs."""
        whole = self._tabs(99)
        return whole if sum(cell_len(text) for text, _ in whole) <= self.size.width + 1 else self._tabs(SHORT_TAB)

    def _tabs(self, most: int) -> list[Piece]:
        """The tabs with what is to be done there; the names of those that are not open in at most so many cells."""
        tabs: list[Piece] = [(" ", "")]
        for tab in self.shell.tabs:
            count = self.shell.status.counts.get(tab.screen, 0)
            here = tab.screen == self.app.current_mode
            name = self.w(f"kit.tab.{tab.screen}")
            label = f"{tab.digit}{name if here else cut(name, most)}"
            tabs += [(label, "cursor" if here else ""), (f" {count} " if count else " ", "")]
        return tabs

    @property
    def tabbed(self) -> bool:
        return not self.popup and type(self).tab_line is Page.tab_line

    # -- what a subclass uses ------------------------------------------------------------------------------

    @property
    def headline(self) -> str:
        """The title, left in the first line."""
        return self._headline

    @headline.setter
    def headline(self, text: str) -> None:
        self._headline = text
        self.show_head()

    def say(self, text: str) -> None:
        """A message in the message line, until the next key."""
        self.said = text
        self._show_message()

    def note(self, line: Line) -> None:
        """What the message line says as long as there is no message."""
        self._note = line
        self._show_message()

    # -- what more than one screen does --------------------------------------------------------------------

    def do_new(self) -> None:
        """A new request."""
        self.shell.open("wizard")

    def do_standards(self) -> None:
        """F6: the standards over this screen, and away again."""
        self.shell.do_standards()

    def do_muster(self) -> None:
        """F12: who is on site."""
        self.shell.open("muster")

    def why_not_muster(self) -> str | None:
        """It must not be open already."""
        return self.w("muster.open_already") if self.WHERE == "muster" else None

    def why_not_person(self) -> str | None:
        """There must be people to choose from."""
        return self.shell.why_not_person()

    # -- finding and going back ------------------------------------------------------------------------------

    def why_not_find(self) -> str | None:
        """There must be a list to look through."""
        return None if self._list() else self.w("kit.nothing_to_find")

    def do_find(self) -> None:
        """F3 and /: filter the list as you type."""
        from screens.kit.find import FindField

        found = self._list()
        if found is None:
            return
        self._found = found
        fields = list(self.query("#find").results(FindField))
        for field in fields:
            field.look_in(found)
        if not fields:
            self.mount(FindField(found, self.w("kit.find")), before="#keys")
        self._show_message()

    def find_ended(self) -> None:
        """The find field was closed: back to the list."""
        for field in self.query("#find"):
            field.display = False
        if self._found is not None:
            self._found.focus()
        self._show_message()

    def do_back(self) -> None:
        """Esc: the filter, then the screen on top, then Today."""
        found = self._list()
        if found is not None and found.sought:
            found.sought = ""
            self._show_message()
        elif len(self.app.screen_stack) > 1:
            self.back()
        else:
            self.shell.home()

    def _list(self) -> LineList | None:
        if isinstance(self.focused, LineList):
            return self.focused
        return next((each for each in self.query("#work LineList").results(LineList) if each.can_focus), None)

    # -- the frame -----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        self._language = self.w.language
        head = Lines(id="head")
        if self.popup:
            head.styles.height = 2
        yield head
        with Container(id="work"):
            yield from self.body()
        yield Lines(id="message")
        yield Lines(id="keys")

    def on_mount(self) -> None:
        self.show_frame()

    def show_frame(self) -> None:
        """Draw head, message and keys anew, where they changed."""
        self.show_head()
        self.show_keys()
        self._show_message()

    def show_head(self) -> None:
        """Draw title, tabs and rule anew, where they changed."""
        if (head := self._line_of("head")) is not None:
            width = self.size.width
            rule = "-" * width
            lines = [self._title(width), rule] if self.popup else [self._title(width), self.tab_line(), rule]
            head.set_lines(lines)

    def _title(self, width: int) -> Line:
        status = self.shell.status
        due = self.w("kit.due", n=status.due) if status.due else ""
        left = f" {self.w('kit.product')}  {self._headline}"
        right = self.w("kit.close") if self.popup else "   ".join(part for part in (status.who, due) if part)
        if not self.popup and cell_len(left) + cell_len(right) + 3 > width:  # the tabs say what is due
            right = status.who
        right = cut(right, max(8, width - cell_len(left) - 3), ellipsis=True)
        return pad(left, width - cell_len(right) - 2) + " " + right

    def show_keys(self) -> None:
        """Draw the line of keys anew: the commands that apply now, F1 last."""
        if (keys := self._line_of("keys")) is not None:
            over = getattr(self.app.screen, "keys_line", None)  # of a box, whose keys they are then
            keys.set_lines([self._key_line(self.size.width) if over is None else f" {over}"])

    def _key_line(self, width: int) -> str:
        offered = [c for c in self.offered() if c.footer and c.keys and self.why_not(c) is None]
        shown = [(c.where != "app", f"{key_label(c.keys[0], self.w)} {self.short(c)}") for c in offered]
        fitting, room = [text for own, text in shown if not own], width - 1
        own = [text for mine, text in shown if mine]
        while len(fitting) > 2 and sum(cell_len(text) + 2 for text in own + fitting) > room:
            del fitting[-2]
        while own and sum(cell_len(text) + 2 for text in own + fitting) > room:
            del own[-1]
        return " " + "  ".join(own + fitting)

    def short(self, command: Command[Any]) -> str:
        """What the line of keys says for a command; a subclass may say what it would do just now."""
        short = f"commands.{command.id}.short"
        return self.w(short if self.w.has(short) else f"commands.{command.id}.name")

    def _show_message(self) -> None:
        if (message := self._line_of("message")) is None:
            return
        found = self._list()
        line: Line = self._note
        if self.said:
            line = f" {self.said}"
        elif found is not None and found.sought:
            line = f" {self.w('kit.filtered', text=found.sought)}"
        elif found is not None and (short := found.shortened()):
            line = abreast(f" {'  '.join(short)}  ", self._note)
        field = self.query_one_optional("#find")
        message.display = bool(self.said) or field is None or not field.display
        message.set_lines([self._placed(line, found.where if found is not None and not self.said else "")])

    def _line_of(self, name: str) -> Lines | None:
        """A line of the frame, None while there is none. A query would match every widget of the screen for it."""
        return self.query_one_optional(f"#{name}", Lines) if self.is_attached and self.is_mounted else None

    def _placed(self, line: Line, where: str) -> Line:
        """A message, and right of it which rows of a list without a head are in sight."""
        pieces = pieces_of(line, self.size.width)
        room = self.size.width - sum(cell_len(text) for text, _ in pieces) - cell_len(where) - 1
        return [*pieces, (" " * room + where, "dim")] if where and room > 0 else line

    def on_line_list_scrolled(self, event: LineList.Scrolled) -> None:
        self._show_message()

    def on_resize(self, event: Resize) -> None:
        self.show_frame()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.show_keys()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        self.show_keys()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        if self.said and event.by_hand:
            self.said = ""
        self._show_message()
        self.show_keys()

    async def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        command = self.keyed("enter")
        if command is not None:
            await self.run_command(command)

    # -- staying up to date --------------------------------------------------------------------------------

    async def on_screen_resume(self) -> None:
        self.show_keys()
        await self.catch_up()

    def on_screen_suspend(self) -> None:
        self.show_keys()

    @property
    def behind(self) -> bool:
        """Whether something was written since this screen was last filled."""
        return self._seen is not None and self._seen != self.shell.version

    async def caught_up(self) -> None:
        """Wait until this screen, in sight, reads what was written."""
        while self.behind:
            self._catching_up.clear()
            await self._catching_up.wait()

    async def catch_up(self) -> None:
        """Read anew if anything may have changed since this screen was last filled."""
        if self._language != self.w.language:
            await self.relabel()
        elif self.composing.locked():  # by another look at the same change
            async with self.composing:
                pass
        if self._seen != self.shell.version:
            self._seen = self.shell.version
            self._catching_up.set()
            self.show_head()
            self.reload()

    async def relabel(self) -> None:
        """Compose anew in the present language; what is typed and where the cursor stands stays."""
        self._language = self.w.language
        async with self.composing:
            kept = {w.id: w.keep() for w in self.query("#work *") if w.id and isinstance(w, Keeps)}
            focused = self.focused.id if self.focused is not None else None
            await self.recompose()
            for widget in self.query("#work *"):
                if widget.id in kept and isinstance(widget, Keeps):
                    widget.restore(kept[widget.id])
            if focused and (again := self.query(f"#{focused}")):
                again.first().focus()
        self._seen = None
        self.show_frame()
