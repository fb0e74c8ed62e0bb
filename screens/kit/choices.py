"""Fields to choose in: `Choice` (one of several), `Checks` (any of several)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from textual.events import Key

from models.words import cell_len, clean
from models.words.wrapping import wrap
from screens.kit.commands import plain_key
from screens.kit.field import Field
from screens.kit.text import Line, Piece

BELOW = 7
"""How far what is said of an option is moved in on the lines below it."""


@dataclass(frozen=True)
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
