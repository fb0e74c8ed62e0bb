"""Fields to choose in: `Choice` (one of several), `Checks` (any of several), `Pick` (one of many, by name or sound);
`FindField`, which filters a list as you type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, cast

from textual.app import ComposeResult
from textual.events import Key

from models.frozen import record
from models.words import alike, cell_len, clean
from models.words.wrapping import wrap
from screens.kit.commands import plain_key
from screens.kit.fields import Field, TextField
from screens.kit.linelist import Column, LineList, Row
from screens.kit.text import Line, Piece

# -- one or any of several ---------------------------------------------------------------------------------------------


BELOW = 7
"""How far what is said of an option is moved in on the lines below it."""


@record
class Option:
    """Something to choose: its key, what it is called, what is said beside it; `why_not` bars it."""

    key: str
    name: str
    hint: str = ""
    why_not: str = ""


class _Options(Field, can_focus=True):
    """Options with a mark each, below each other or side by side; arrows move, space marks, digits too."""

    def __init__(
        self,
        label: str = "",
        options: Iterable[Option] = (),
        *,
        inline: bool = False,
        id: str | None = None,
        label_width: int | None = None,
    ) -> None:
        super().__init__(label, id=id, label_width=label_width)
        self.options = tuple(options)
        self.inline = inline
        self.place = 0

    def set_options(self, options: Iterable[Option]) -> None:
        """Other options; what is chosen stays if it is among them."""
        self.options = tuple(options)
        self.place = min(self.place, max(0, len(self.options) - 1))
        self.fit()

    def mark(self, option: Option) -> str:
        """How the option's state is drawn."""
        raise NotImplementedError

    def pick(self, option: Option) -> None:
        """The person marks this option."""
        raise NotImplementedError

    def rows(self, width: int) -> Sequence[Line]:
        if not self.inline:
            return [row for at in range(len(self.options)) for row in self._hinted(at, width)] or [""]
        rows: list[list[Piece]] = [[]]
        room = width
        for at in range(len(self.options)):
            piece = self._piece(at)
            cells = cell_len(piece[0]) + 1
            if rows[-1] and cells > room:
                rows.append([])
                room = width
            rows[-1] += [piece, (" ", "")]
            room -= cells
        return list(rows)

    def _piece(self, at: int) -> Piece:
        option = self.options[at]
        # `has_focus` is behind by one event while the focus moves
        here = self.screen.focused is self and at == self.place
        text = f"{'>' if here else ' '}{self.mark(option)} {clean(option.name)}"
        return (text, "cursor" if here else "dim" if option.why_not else "")

    def _hinted(self, at: int, width: int) -> list[list[Piece]]:
        """An option, what is said beside it, and below that what has no room there."""
        option, piece = self.options[at], self._piece(at)
        hint, style = clean(option.why_not or option.hint), "dim" if option.why_not else ""
        beside = cell_len(piece[0]) + 2
        first = wrap(hint, max(1, width - beside))[0]
        rest = hint[len(first) :].strip()
        more = wrap(rest, max(1, width - BELOW)) if rest else []
        return [[piece, (f"  {first}", style)] if first else [piece], *([(" " * BELOW + each, style)] for each in more)]

    def on_key(self, event: Key) -> None:
        key = plain_key(event.key, event.character)
        if key == "space":
            self._mark(self.place)
        elif key.isdecimal():
            self._numbered(int(key))
        elif key in ("left", "right"):
            self._go(self.place + (1 if key == "right" else -1))
        elif key in ("up", "down"):
            self._vertical(1 if key == "down" else -1)
        else:
            return
        event.stop()
        event.prevent_default()

    def _numbered(self, number: int) -> None:
        if 0 < number <= len(self.options):
            self._mark(number - 1)
        else:
            cast(Any, self.screen).refuse(self.words("kit.no_option", n=len(self.options), key=number))

    def _go(self, place: int) -> None:
        self.place = max(0, min(len(self.options) - 1, place))
        self.repaint()

    def _vertical(self, by: int) -> None:
        """One row on; from the last row (or the first) to the next (or previous) field."""
        row_of = self._row_of()
        row = row_of[self.place] + by if row_of else -1
        inside = [at for at, each in enumerate(row_of) if each == row]
        if inside:
            before = row_of.index(row_of[self.place])
            self._go(inside[min(self.place - before, len(inside) - 1)])
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def _row_of(self) -> list[int]:
        """The row each option stands in."""
        if not self.inline:
            return list(range(len(self.options)))
        rows = self.rows(max(1, self.size.width - self.label_width))
        return [at for at, row in enumerate(rows) for _ in range(len(row) // 2)]

    def _mark(self, place: int) -> None:
        if not self.options:
            return
        self.place = place
        option = self.options[place]
        if option.why_not:
            self.error = option.why_not
            cast(Any, self.app).refused()
            return
        self.error = ""
        self.pick(option)
        self.repaint()
        self.post_message(self.Changed(self))


class Choice(_Options):
    """One of several: `(o)` and `( )`; `value` is the chosen option's key, "" when none is."""

    def __init__(
        self,
        label: str = "",
        options: Iterable[Option] = (),
        value: str = "",
        *,
        inline: bool = False,
        id: str | None = None,
        label_width: int | None = None,
    ) -> None:
        super().__init__(label, options, inline=inline, id=id, label_width=label_width)
        self._value = value
        self.place = self._at(value)

    @property
    def value(self) -> str:
        """The chosen option's key, "" when none is."""
        return self._value

    @value.setter
    def value(self, key: str) -> None:
        self._value = key
        self.place = self._at(key)
        self.repaint()

    def _at(self, key: str) -> int:
        return next((at for at, option in enumerate(self.options) if option.key == key), 0)

    def mark(self, option: Option) -> str:
        return "(o)" if option.key == self._value else "( )"

    def pick(self, option: Option) -> None:
        self._value = option.key

    def keep(self) -> Any:
        return (self._value, self.place)

    def restore(self, state: Any) -> None:
        self._value, self.place = state
        self.repaint()


class Checks(_Options):
    """Any of several: `[x]` and `[ ]`; `value` is the frozen set of the ticked options' keys."""

    def __init__(
        self,
        label: str = "",
        options: Iterable[Option] = (),
        value: Iterable[str] = (),
        *,
        inline: bool = True,
        id: str | None = None,
        label_width: int | None = None,
    ) -> None:
        super().__init__(label, options, inline=inline, id=id, label_width=label_width)
        self._value = frozenset(value)

    @property
    def value(self) -> frozenset[str]:
        """The keys of what is ticked."""
        return self._value

    @value.setter
    def value(self, keys: Iterable[str]) -> None:
        self._value = frozenset(keys)
        self.repaint()

    def mark(self, option: Option) -> str:
        return "[x]" if option.key in self._value else "[ ]"

    def pick(self, option: Option) -> None:
        self._value ^= {option.key}

    def keep(self) -> Any:
        return (self._value, self.place)

    def restore(self, state: Any) -> None:
        self._value, self.place = state
        self.repaint()


# -- one of many, by what is typed -------------------------------------------------------------------------------------


MOST_SHOWN = 6


class Pick(TextField):
    """Choose one row of many by typing part of its name, pinyin or initials; Enter opens the list and takes the
    row under its cursor. `value` is the row's key, "" when none is taken; `raw` is what is typed. With `free`
    a text that is no row's will do; else leaving the field with one shows an error."""

    DEFAULT_CSS = """
    Pick { layout: vertical; }
    Pick > LineList { overlay: screen; constrain: none inside; display: none; border: ascii ansi_default; }
    """

    def __init__(
        self,
        label: str = "",
        rows: Iterable[Row] = (),
        value: str = "",
        *,
        columns: Iterable[Column] = (Column(),),
        free: bool = False,
        text: str = "",
        id: str | None = None,
        label_width: int | None = None,
        room: int | None = None,
    ) -> None:
        """`text` is what stands in the field when `value` is "" (free text)."""
        self._choices = tuple(rows)
        self._key = value
        super().__init__(label, self.name_of(value) or text, id=id, label_width=label_width, room=room)
        self.free = free
        self.drop = LineList(columns, self._choices)
        self.drop.can_focus = False
        self.drop.styles.margin = (0, 0, 0, max(0, self.label_width - 1))

    def widen(self, width: int) -> None:
        super().widen(width)
        self.drop.styles.margin = (0, 0, 0, max(0, width - 1))

    @property
    def value(self) -> str:
        """The key of the row taken, "" when none is."""
        return self._key

    @value.setter
    def value(self, key: str) -> None:
        self._key = key
        self.raw = self.name_of(key)

    def compose(self) -> ComposeResult:
        yield self.editor
        yield self.drop

    @property
    def is_open(self) -> bool:
        """Whether the list is in sight."""
        return self.drop.display

    def changed(self) -> None:
        self._key = self._named()
        if self._key:
            self.close()
        else:
            self._show(self.raw.strip())
        super().changed()

    def _show(self, text: str) -> None:
        self.drop.sought = text
        found = len(self.drop.rows)
        self.drop.styles.height = min(MOST_SHOWN, found) + 2
        self.drop.display = found > 0

    def close(self) -> None:
        """Put the list away."""
        self.drop.display = False

    def check(self) -> bool:
        """Take the row whose name is typed in full; whether what is typed will do."""
        typed = self.raw.strip()
        if typed and not self._key:
            if named := self._named():
                self._take(named)
            elif not self.free:
                self.error = self.words("kit.not_in_list", value=typed)
                return False
        return True

    def _named(self) -> str:
        """The key of the only row that is called as is typed, in this or another way of writing it; else ""."""
        typed = self.raw.strip()
        exact = [row.key for row in self._choices if row.cells[0] == typed]
        same = exact or [row.key for row in self._choices if alike.same(row.cells[0], typed)]
        return same[0] if typed and len(same) == 1 else ""

    def _take(self, key: str) -> None:
        self.value = key
        self.close()
        self.error = ""
        self.post_message(Field.Changed(self))

    def name_of(self, key: str) -> str:
        """What the row of that key is called, "" when there is none."""
        return next((row.cells[0] for row in self._choices if row.key == key and key), "")

    def on_key(self, event: Key) -> None:
        if self.is_open and event.key in ("up", "down", "pageup", "pagedown"):
            self.drop.on_key(event)
            event.prevent_default()
        elif self.is_open and event.key == "escape":
            event.stop()
            self.close()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        event.stop()

    def on_line_list_scrolled(self, event: LineList.Scrolled) -> None:
        event.stop()
        self.drop.border_subtitle = event.where or None

    def on_field_entered(self, event: Field.Entered) -> None:
        if self.is_open and self.drop.key:
            event.stop()
            self._take(self.drop.key)
        elif not self._key and not (self.free and self.raw.strip()):
            event.stop()
            self._show(self.raw.strip())
            if not self.is_open:
                self.check()

    def on_descendant_focus(self) -> None:
        if self._key and not self.free:
            self.editor.select_all()  # another name typed replaces the one taken

    def on_descendant_blur(self) -> None:
        self.close()
        self.check()

    def keep(self) -> Any:
        return (self._key, super().keep())

    def restore(self, state: Any) -> None:
        self._key, typed = state
        super().restore(typed)


# -- a line that filters a list ----------------------------------------------------------------------------------------


class _Finder(Protocol):
    def find_ended(self) -> None:
        """The field was closed."""
        ...


class FindField(TextField):
    """Typing filters the list at once; up and down move in it, Enter and Tab keep the filter, Esc drops it."""

    def __init__(self, source: LineList, label: str) -> None:
        super().__init__(label, source.sought, id="find", max_length=40)
        self.source = source

    def on_mount(self) -> None:
        self.editor.focus()

    def look_in(self, source: LineList) -> None:
        """Open again, or go on, for this list."""
        self.source = source
        self.raw = source.sought
        self.display = True
        self.editor.focus()

    def changed(self) -> None:
        self.source.sought = self.raw.strip()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self._end()

    def on_key(self, event: Key) -> None:
        if event.key in ("up", "down", "pageup", "pagedown"):
            self.source.on_key(event)
        elif event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            self._end()
        elif event.key == "escape":
            event.stop()
            self.source.sought = ""
            self._end()

    def _end(self) -> None:
        cast(_Finder, self.screen).find_ended()
