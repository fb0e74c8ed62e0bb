"""Small dialogs: `Menu`, `Choose`, `Ask`, `Confirm`, `PickOne`, `TextDialog`, `Help`. Esc closes each with None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key, Resize
from textual.message import Message
from textual.screen import ModalScreen

from models.words import Words, cell_len, clean, clean_lines, pad
from models.words.wrapping import wrap
from screens.kit.commands import Command, key_label, plain_key
from screens.kit.fields import Field, TextField
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, Painted

R = TypeVar("R")
_NUMBERS = "123456789"
"""What a row is chosen by; those behind the ninth are gone to."""


class Dialog(ModalScreen[R]):
    """A box with a title and widgets; Esc closes it with None."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: transparent; overflow: hidden; }
    Dialog > #box { width: 64; max-width: 100%; height: auto; max-height: 100%; border: ascii ansi_default;
        background: ansi_default; }
    Dialog #title, Dialog #foot { height: 1; }
    Dialog .blank { height: 1; }
    """
    AUTO_FOCUS = "#box LineList, #box *"
    BOX: ClassVar[int] = 60
    """Cells inside the box."""
    KEYS: ClassVar[str] = "kit.box.text"
    """What the line of keys says while the box is open, by its key."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title
        self._foot = Lines(id="foot")
        self._unsaved = False
        """Whether something was typed that leaving would lose."""

    @property
    def w(self) -> Words:
        """The sentences in the reader's language."""
        return cast(Words, cast(Any, self.app).w)

    def body(self) -> ComposeResult:
        """The widgets between title and last line."""
        yield from ()

    def compose(self) -> ComposeResult:
        with Container(id="box"):
            yield Lines([(f" {self.heading}", "bold")], id="title")
            yield from self.body()
            yield self._foot

    @property
    def keys_line(self) -> str:
        """What works while the box is open."""
        return self.w(self.KEYS)

    def on_line_list_scrolled(self, event: LineList.Scrolled) -> None:
        """Say in the border which rows of how many are in sight."""
        event.stop()
        self.query_one("#box").border_subtitle = event.where or None

    def say(self, text: str) -> None:
        """A message in the box's last line."""
        self._foot.set_lines([f" {text}"])

    def refuse(self, text: str) -> None:
        """The reason why what a key asks for is not done; keys typed before it could be read are swallowed."""
        self.say(f"! {text}" if text else "")
        if text:
            cast(Any, self.app).refused()

    async def on_key(self, event: Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key == "f10" and self._unsaved:
            event.stop()
            self._unsaved = False
            self.refuse(self.w("kit.unsaved"))
        elif event.key in ("f6", "f10"):
            event.stop()
            app = cast(Any, self.app)
            (app.do_standards if event.key == "f6" else app.do_leave)()
        elif event.is_printable and not getattr(self.focused, "takes_text", False):
            self.refuse(self.w("kit.no_key_in_box", key=key_label(plain_key(event.key, event.character), self.w)))

    def on_field_changed(self, event: Field.Changed) -> None:
        self._unsaved = True

    def on_resize(self, event: Resize) -> None:
        self.fit()

    def fit(self) -> None:
        """Take the room that the window has now."""

    @property
    def inside(self) -> int:
        """The cells for text in a line of the box."""
        return min(self.BOX, self.app.size.width - 4)

    def list_height(self, rows: int) -> int:
        """How many lines a list of so many rows may take."""
        return max(1, min(rows, self.app.size.height - 6))


class _Numbered(Dialog[R]):
    """A list whose rows are chosen by number, or with Enter."""

    entries: Sequence[tuple[R, str, str, str | None]] = ()
    """What is chosen, its name, what is said beside it, why it cannot be."""
    first = 0
    """Where the cursor begins."""
    numbers = _NUMBERS
    KEYS = "kit.box.numbers"

    def body(self) -> ComposeResult:
        self._list = LineList([Column("", 1), Column("", 0)], self._rows())
        self._list.key = str(self.first)
        self.fit()
        yield self._list

    def fit(self) -> None:
        self._list.styles.height = self.list_height(len(self.entries))

    def _rows(self) -> list[Row]:
        names = max((cell_len(name) for _, name, _, _ in self.entries), default=0)
        return [
            Row(str(at), (_NUMBERS[at : at + 1], self._text(name, hint, why, min(names, 40))), "dim" if why else "")
            for at, (_, name, hint, why) in enumerate(self.entries)
        ]

    def _text(self, name: str, hint: str, why: str | None, width: int) -> str:
        return f"{pad(clean(name), width)}  {self.w('kit.cannot', reason=why) if why else hint}"

    async def on_key(self, event: Key) -> None:
        at = _NUMBERS.find(plain_key(event.key, event.character))
        if 0 <= at < len(self.entries):
            event.stop()
            event.prevent_default()
            self._choose(at)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self._choose(int(event.key))

    def _choose(self, at: int) -> None:
        result, _, _, why = self.entries[at]
        if why:
            self.refuse(why)
        else:
            self.dismiss(result)


class Menu(_Numbered[Command[Any]]):
    """The numbered menu of commands: what can be done first, then what cannot, which says why."""

    def __init__(self, commands: Iterable[tuple[Command[Any], str | None]], w: Words) -> None:
        super().__init__(w("kit.menu"))
        first = sorted(commands, key=lambda entry: entry[1] is not None)
        self.entries = [
            (c, w(f"commands.{c.id}.name"), key_label(c.keys[0], w) if c.keys else "", why) for c, why in first
        ]


class Choose(_Numbered[str]):
    """One of a few things, by number or with Enter: pairs of a key and what it is called; gives the key. The cursor
    begins on `here`."""

    def __init__(self, title: str, things: Iterable[tuple[str, str]], here: str = "") -> None:
        super().__init__(title)
        self.entries = [(key, name, "", None) for key, name in things]
        self.first = next((at for at, (key, *_) in enumerate(self.entries) if key == here), 0)


class Confirm(_Numbered[bool]):
    """A question for what cannot be undone; the cursor stands on the safe side. True is yes."""

    def __init__(self, title: str, yes: str, no: str, text: str = "") -> None:
        super().__init__(title)
        self.text = text
        self.entries = [(False, no, "", None), (True, yes, "", None)]

    def body(self) -> ComposeResult:
        if self.text:
            lines = wrap(self.text, self.inside)
            block = Lines([f" {line}" for line in lines])
            block.styles.height = len(lines)
            yield block
        yield from super().body()


class Ask(Dialog[str]):
    """One line of text. `check` gives the reason why a text will not do, or None."""

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        label: str = "",
        check: Callable[[str], str | None] = lambda _: None,
        max_length: int = 500,
    ) -> None:
        super().__init__(title)
        self.field = TextField(label, value, id="answer", max_length=max_length)
        self.check = check

    def body(self) -> ComposeResult:
        yield self.field

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        reason = self.check(self.field.value)
        if reason is None:
            self.dismiss(self.field.value)
        else:
            self.field.error = reason


class _Filter(TextField):
    """What is looked for in a list; the arrows move in the list, and typing goes on."""

    def __init__(self, source: LineList) -> None:
        super().__init__("", id="filter", max_length=40)
        self.source = source

    def on_key(self, event: Key) -> None:
        if event.key in ("up", "down", "pageup", "pagedown"):
            self.source.on_key(event)


class PickOne(Dialog[str]):
    """A list to choose from, filtered as you type; gives the row's key."""

    AUTO_FOCUS = "#box Editor"
    KEYS = "kit.box.pick"

    def __init__(self, title: str, rows: Iterable[Row], columns: Iterable[Column] = (Column(),)) -> None:
        super().__init__(title)
        self.list = LineList(columns, rows)
        self.field = _Filter(self.list)
        self._most = len(self.list.rows)

    def body(self) -> ComposeResult:
        self.list.empty = self.w("kit.nothing")
        self.fit()
        yield self.field
        yield self.list

    def fit(self) -> None:
        self.list.styles.height = self.list_height(self._most + 2) - 1

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        event.prevent_default()  # it is only what is looked for
        self.list.sought = self.field.value

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        if self.list.key:
            self.dismiss(self.list.key)

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.dismiss(event.key)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()


class Pages(Painted, can_focus=True):
    """Lines to scroll through."""

    class Scrolled(Message):
        """Other lines are shown: `where` says which of how many, "" where all are."""

        def __init__(self, where: str) -> None:
            super().__init__()
            self.where = where

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._top = 0
        self._where = ""

    def set_lines(self, lines: Iterable[Line], *, keep: bool = False) -> None:
        """What there is to read, from its beginning; or, where it is the same read anew, from where one is (`keep`)."""
        self._lines = list(lines)
        self._top = max(0, min(self._top, len(self._lines) - self.size.height)) if keep else 0
        self.repaint()

    def on_key(self, event: Key) -> None:
        page = max(1, self.size.height - 1)
        steps = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page, "space": page}
        ends = {"home": -len(self._lines), "end": len(self._lines)}
        by = {**steps, **ends}.get(plain_key(event.key, event.character))
        if by is not None:
            event.stop()
            self._top = max(0, min(self._top + by, len(self._lines) - self.size.height))
            self.repaint()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        shown = self._lines[self._top : self._top + height]
        all_of_them = len(shown) == len(self._lines)
        where = "" if all_of_them else f"{self._top + 1}-{self._top + len(shown)}/{len(self._lines)}"
        if where != self._where:
            self._where = where
            self.post_message(self.Scrolled(where))
        return shown


class TextDialog(Dialog[bool]):
    """A long text to read and scroll."""

    DEFAULT_CSS = "TextDialog > #box { width: 76; }"
    AUTO_FOCUS = "#box Pages"
    BOX = 72
    foot = "kit.close_note"
    """The sentence of the last line."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.text = text

    def lines(self) -> list[Line]:
        """What there is to read."""
        return [f" {line}" for line in wrap(self.text, self.inside)]

    def body(self) -> ComposeResult:
        self._pages = Pages()
        self.fit()
        yield self._pages

    def fit(self) -> None:
        lines = self.lines()
        self._pages.styles.height = self.list_height(len(lines))
        self._pages.set_lines(lines)

    def on_mount(self) -> None:
        self.say(self.w(self.foot))

    @property
    def keys_line(self) -> str:
        return self.w(self.foot)

    async def on_key(self, event: Key) -> None:
        if event.key == "enter":
            event.stop()
            self.entered()

    def entered(self) -> None:
        """Enter: it was read."""
        self.dismiss(None)

    def on_pages_scrolled(self, event: Pages.Scrolled) -> None:
        event.stop()
        rest = "   " + self.w("kit.scrolled", where=event.where) if event.where else ""
        self.say(self.w(self.foot) + rest)


class Help(TextDialog):
    """F1: what a screen is for (catalogue key `help.<screen>`), and the keys that work there."""

    def __init__(self, where: str, commands: Sequence[Command[Any]], w: Words) -> None:
        try:
            own = w(f"help.{where}") + "\n"
        except KeyError:  # a screen need not have prose of its own
            own = ""
        super().__init__(w("commands.app.help.name"), own + w("help.app") + "\n" + w(f"help.{_digits(commands)}"))
        self.commands = commands

    def lines(self) -> list[Line]:
        keys = [" / ".join(key_label(key, self.w) for key in command.keys) for command in self.commands]
        wide = min(16, max(map(cell_len, keys), default=0))
        table: list[Line] = []
        for command, label in zip(self.commands, keys, strict=True):
            says = self.w(f"commands.{command.id}.name") + "  " + self.w(f"commands.{command.id}.help")
            first, *rest = wrap(says, self.inside - wide - 2)
            table.append(f" {pad(label, wide)}  {first}")
            table += [" " * (wide + 3) + line for line in rest]
        return [*super().lines(), "", (f" {self.w('kit.keys_here')}", "bold"), *table]


def _digits(commands: Sequence[Command[Any]]) -> str:
    """What digits do on a screen with these commands, as a key of its help."""
    if any(command.opens for command in commands):
        return "digits_tabs"
    own = any(key.isdecimal() for command in commands for key in command.keys)
    return "digits_own" if own else "digits_focus"


# -- a text to take along ----------------------------------------------------------------------------------------------


MOST = 48_000
"""So many bytes of text are handed to the terminal at most: several drop a longer sequence without a word."""


def hand_over(place: Page | Dialog[Any], text: str) -> None:
    """Hand a cleaned text to the terminal, and say on the page or dialog that it was, or that it is too long."""
    plain = clean_lines(text)
    if len(plain.encode()) > MOST:
        place.refuse(place.w("kit.copy.too_long"))
        return
    place.app.copy_to_clipboard(plain)
    place.say(place.w("kit.copy.copied"))


class CopyNote(TextDialog):
    """The text, line by line, cleaned as everything that is shown. F5 copies it, for c may never arrive."""

    foot = "kit.copy.foot"

    async def on_key(self, event: Key) -> None:
        if event.key in ("f5", "c"):
            event.stop()
            event.prevent_default()
            hand_over(self, self.text)
