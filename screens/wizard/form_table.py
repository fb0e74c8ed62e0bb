"""The wizard's tables: rows of the form as texts to edit and back, one `Spec` for each, and their widget.

A cell that cannot be read stays as typed in the form's `raw` under `<table>.<row>.<field>`; meanwhile the row has the
cell's `blank` in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.events import Blur, Focus, Key, Paste
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets.input import Selection

from models.form import Form
from models.frozen import record
from models.words import Unreadable, alike, cell_len, clean, pad, spread
from models.words.wrapping import wrap
from screens.kit.cells import FormCell
from screens.kit.commands import plain_key
from screens.kit.fields import Editor, Field
from screens.kit.text import Line, Piece

# -- rows and columns -------------------------------------------------------------------------------------------------

R = TypeVar("R")
Texts = dict[str, str]


def put(form: Form, values: dict[str, Any]) -> Form:
    """The form with other values in some fields, whose names are known only here and now."""
    return replace(form, **values)


@record
class Spec(Generic[R]):
    """A table of the form: its field, columns, how a row becomes texts and texts (all readable) a row.

    `new` gives the texts of a row added after the present ones; `empty` tells a row that is not kept. `pasted` gives
    the rows that a pasted text lists, none where it is no list; `table`: it must have several cells in a line.
    `hidden`: texts of a row that no column shows.
    """

    id: str
    columns: tuple[FormCell, ...]
    texts: Callable[[R], Texts]
    build: Callable[[Texts], R]
    new: Callable[[Sequence[Texts]], Texts]
    empty: Callable[[R], bool] = lambda row: False
    pasted: Callable[[str, bool], Sequence[Texts]] = lambda text, table: ()
    hidden: tuple[str, ...] = ()


def texts_of(spec: Spec[R], rows: Iterable[R], raw: Mapping[str, str]) -> list[Texts]:
    """The rows as texts to edit, with what could not be read as it was typed."""
    return [
        {key: raw.get(f"{spec.id}.{at}.{key}", text) for key, text in spec.texts(row).items()}
        for at, row in enumerate(rows)
    ]


def rows_of(spec: Spec[R], texts: Iterable[Texts]) -> tuple[tuple[R, ...], dict[str, str]]:
    """The rows that the texts mean, and what cannot be read, by its key in `raw`."""
    rows: list[R] = []
    raw: dict[str, str] = {}
    for each in texts:
        kept: Texts = {key: each[key] for key in spec.hidden if key in each}
        unread: Texts = {}
        for column in spec.columns:
            typed = each.get(column.key, "")
            kept[column.key], wrong = settle(column, typed)
            if wrong is not None:
                unread[f"{spec.id}.{len(rows)}.{column.key}"] = typed
        row = spec.build(kept)
        if not spec.empty(row):
            rows.append(row)
            raw |= unread
    return tuple(rows), raw


def settle(column: FormCell, typed: str) -> tuple[str, Unreadable | None]:
    """A cell's text as it is kept, and what is wrong with it; the blank where it is empty or cannot be read."""
    text = typed.strip()
    if not text:
        return column.blank, None
    if column.kind != "text":
        return text, None
    try:
        return column.read(text), None
    except Unreadable as wrong:
        return column.blank, wrong


# -- the widget -------------------------------------------------------------------------------------------------------

NOTHING = "-"
Place = tuple[int, FormCell, int]
"""A column by its number, and the cells it has."""


class TableCell(Editor):
    """The line editor of a table; a pasted list becomes rows."""

    def _on_paste(self, event: Paste) -> None:
        if isinstance(self.parent, FormTable) and self.parent.paste(event.text):
            event.prevent_default()
            event.stop()


class FormTable(Field, can_focus=True):
    """Rows of texts under titles. Tab and Enter go from cell to cell, up and down from row to row, and out at the
    ends; space chooses in a choice. `Field.Changed` says that a text changed."""

    DEFAULT_CSS = "FormTable > TableCell { display: none; }"

    def __init__(
        self,
        spec: Spec[Any],
        texts: Iterable[Texts] = (),
        *,
        label: str = "",
        hint: str = "",
        id: str | None = None,
        known: Callable[[], Sequence[Texts]] = lambda: (),
    ) -> None:
        """`hint` is said while there are no rows. `known` are rows that the first column is completed from, each with
        its `pinyin` and `initials`."""
        super().__init__(label, id=id)
        self.spec = spec
        self.texts: list[Texts] = [dict(row) for row in texts]
        self.hint = hint
        self.known = known
        self._typing = False
        self.row = self.column = 0
        self.notes: Mapping[int, Sequence[str]] = {}
        self.wrong: dict[tuple[int, str], str] = {}
        self.editor = TableCell(max_length=200)
        self.editor.can_focus = False
        self.editor.styles.position = "absolute"
        self._places: dict[tuple[int, int], tuple[int, int, int]] = {}

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_mount(self) -> None:
        for at in range(len(self.texts)):
            for column in self.spec.columns:
                self._judge(at, column)

    # -- what a screen does with it --------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Whether one is typing or choosing here."""
        return self.is_attached and self.screen.focused in (self, self.editor)

    def append(self) -> None:
        """A new row at the end."""
        self.texts.append({column.key: "" for column in self.spec.columns} | self.spec.new(self.texts))
        self.changed()

    def add(self) -> None:
        """A new row at the end, and go there."""
        self._settle()
        self.append()
        self.row, self.column = len(self.texts) - 1, 0
        self.enter()

    def paste(self, text: str) -> bool:
        """Rows for what a pasted text lists, below the one that one is at, or in its place while that is empty; whether
        it is a list."""
        rows = list(self.spec.pasted(text, bool(self.texts) and self.column > 0))
        if not rows:
            return False
        if self.editor.display:  # what is typed there may not have been told yet
            self.texts[self.row][self.here.key] = self.editor.value
        self._settle()
        if self.texts and not self._filled(self.row):
            self.texts[self.row] |= rows.pop(0)
        first = min(self.row + 1, len(self.texts))
        for at, row in enumerate(rows, first):
            self.texts.insert(at, {each.key: "" for each in self.spec.columns} | self.spec.new(self.texts) | row)
        self.row, self.column = first + len(rows) - 1, 0
        self.set_texts(self.texts)
        self.enter()
        self.changed()
        return True

    def _filled(self, row: int) -> bool:
        return any(self.texts[row].get(column.key) for column in self.spec.columns if column.kind == "text")

    def take_out(self) -> None:
        """Take out the row one is at."""
        del self.texts[self.row]
        self.set_texts(self.texts)
        self.changed()

    def set_texts(self, texts: Iterable[Texts]) -> None:
        """Other rows; the place stays as far as there are rows."""
        self.texts = [dict(row) for row in texts]
        self.row = max(0, min(self.row, len(self.texts) - 1))
        self.wrong = {}
        self.on_mount()
        if self.active:
            self.enter()
        self.fit()

    def set_notes(self, notes: Mapping[int, Sequence[str]]) -> None:
        """Lines below rows: what the policy says to them."""
        if notes != self.notes:
            self.notes = notes
            self.fit()

    def changed(self) -> None:
        """Say so, and draw anew."""
        self.fit()
        self.post_message(self.Changed(self))

    def keep(self) -> Any:
        return (self.texts, self.row, self.column, self.active)

    def restore(self, state: Any) -> None:
        self.texts, self.row, self.column, active = state
        self.set_texts(self.texts)
        if active:
            self.enter()

    def focus(self, scroll_visible: bool = True, **options: Any) -> FormTable:
        """Go to the cell where one was."""
        super().focus(scroll_visible, **options)
        return self

    # -- the cell one is at ------------------------------------------------------------------------------------

    @property
    def here(self) -> FormCell:
        """The column one is at."""
        return self.spec.columns[self.column]

    def enter(self) -> None:
        """Begin to edit the cell one is at."""
        editing = bool(self.texts) and self.here.kind == "text"
        self.editor.can_focus = editing
        self.editor.display = editing
        self.fit()
        if not editing:
            if self.screen.focused is not self:
                super().focus(scroll_visible=False)
        else:
            text = self.texts[self.row].get(self.here.key, "")
            with self.editor.prevent(Input.Changed):
                self.editor.value = text
                self.editor.cursor_position = len(text)
                if self.here.whole:
                    self.editor.selection = Selection(0, len(text))
            self.editor.max_length = self.here.most
            self._put_editor()
            self.editor.focus(scroll_visible=False)
        self.call_after_refresh(self._scroll)

    def _put_editor(self) -> None:
        x, y, width = self._places.get((self.row, self.column), (0, 0, 1))
        self.editor.styles.offset = (x, y)
        self.editor.styles.width = width

    def _scroll(self) -> None:
        _, y, _ = self._places.get((self.row, self.column), (0, 0, 0))
        if self.active and isinstance(self.parent, Widget):
            area = self.virtual_region
            self.parent.scroll_to_region(Region(area.x, area.y + y, area.width, 2), animate=False, force=True)

    def _settle(self) -> None:
        """The cell is left: say its text in full, or what is wrong with it."""
        if self.texts:
            if self._typing and self.column == 0:
                self._complete()
            self._typing = False
            self._judge(self.row, self.here, say=True)

    def _complete(self) -> None:
        """What was typed is the name, pinyin or initials of just one who is known: take what is known of them."""
        row, key = self.texts[self.row], self.here.key
        typed = row.get(key, "")
        same = [each for each in self.known() if alike.named(typed, each[key], each["pinyin"], each["initials"])]
        if len(same) == 1:
            taken = {column.key: same[0].get(column.key, "") for column in self.spec.columns}
            row |= {name: text for name, text in taken.items() if text and (name == key or not row.get(name))}
            self.changed()

    def _offered(self) -> list[str]:
        """Who is known and goes with what is typed, in a line below, not who is in the table already; or what is
        often typed there."""
        if self.texts and self.here.offers:
            return [self.words("diet.offered", names="  ".join(self.here.offers))]
        if not (self.texts and self.column == 0):
            return []
        key = self.here.key
        typed, there = self.texts[self.row].get(key, ""), {alike.key(row.get(key, "")) for row in self.texts}
        names = [
            " ".join(text for text in (each[key], each.get("post", "")) if text)
            for each in self.known()
            if alike.key(each[key]) not in there
            and alike.found(typed, each[key], spelt=(each["pinyin"], each["initials"]))
        ]
        return [self.words("wizard.known", names="  ".join(names))] if names else []

    def _judge(self, at: int, column: FormCell, *, say: bool = False) -> None:
        typed = self.texts[at].get(column.key, "")
        text, wrong = settle(column, typed)
        if wrong is None:
            self.wrong.pop((at, column.key), None)
            if say and text != typed:
                self.texts[at][column.key] = text
                self.changed()
        else:
            self.wrong[at, column.key] = f"{column.title}: {self.words.text(wrong.phrase)}"

    def _go(self, row: int, column: int) -> bool:
        if not (0 <= row < len(self.texts)):
            return False
        self._settle()
        self.row, self.column = row, column
        self.enter()
        return True

    def _step(self, by: int) -> bool:
        last = len(self.spec.columns) - 1
        if 0 <= self.column + by <= last:
            return self._go(self.row, self.column + by)
        return self._go(self.row + by, 0 if by > 0 else last)

    def _leave(self, *, forward: bool) -> bool:
        if not forward and self.screen.focused is not self:
            self.screen.set_focus(self, scroll_visible=False)  # at once: what comes before the editor is the table
        return (self.screen.focus_next if forward else self.screen.focus_previous)() is not None

    # -- events --------------------------------------------------------------------------------------------------

    def on_focus(self, event: Focus) -> None:
        if self.screen.focused is self:
            self.enter()

    def on_descendant_focus(self) -> None:
        self.repaint()

    def on_blur(self, event: Blur) -> None:
        self._left()

    def on_descendant_blur(self) -> None:
        self._left()

    def _left(self) -> None:
        if not self.active:
            self.editor.can_focus = False
            self.editor.display = False
            self._settle()
            self.fit()

    def on_paste(self, event: Paste) -> None:
        if self.paste(event.text):
            event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        # Textual says so of what stood there from the start, too, and of what stood there before one pasted rows
        current = self.texts and self.here.kind == "text" and event.value == self.editor.value
        if current and event.value != self.texts[self.row].get(self.here.key, ""):
            self.texts[self.row][self.here.key] = event.value
            self._typing = True
            self.wrong.pop((self.row, self.here.key), None)
            self.changed()

    def on_key(self, event: Key) -> None:
        key = plain_key(event.key, event.character)
        if key in ("tab", "enter"):
            self._step(1) or self._leave(forward=True)
        elif key == "shift+tab":
            self._step(-1) or self._leave(forward=False)
        elif key in ("up", "down"):
            by = 1 if key == "down" else -1
            self._go(self.row + by, self.column) or self._leave(forward=by > 0)
        elif not (self.texts and self.here.kind != "text" and self._choose(key)):
            return
        event.stop()
        event.prevent_default()

    def _choose(self, key: str) -> bool:
        """Change a choice or a mark; whether the key does."""
        texts, column = self.texts[self.row], self.here
        keys = ["", "x"] if column.kind == "mark" else [each for each, _ in column.options]
        now = texts.get(column.key, "")
        at = keys.index(now) if now in keys else -1
        if key in ("space", "right", "left"):
            texts[column.key] = keys[(at + (-1 if key == "left" else 1)) % len(keys)]
        elif column.kind == "choice" and key.isdecimal() and 0 < int(key) <= len(keys):
            texts[column.key] = keys[int(key) - 1]
        else:
            return False
        if column.kind == "mark" and texts[column.key]:
            for other in self.texts:
                if other is not texts:
                    other[column.key] = ""
        self.changed()
        return True

    # -- drawing -------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        super().fit()
        if self.editor.display:
            self._put_editor()

    def rows(self, width: int) -> Sequence[Line]:
        self._places = {}
        if not self.texts:
            return [(f">{self.hint}", "cursor") if self.active else (f" {self.hint}", "dim")]
        first, *more = self._lines(width)
        lines: list[Line] = [" " + " ".join(pad(column.title, cells) for _, column, cells in first)]
        for at, texts in enumerate(self.texts):
            lines.append(self._row(at, first, len(lines), titled=False))
            here = self.active and at == self.row
            for line in more:
                if here or any(texts.get(column.key) not in (None, "", "0") for _, column, _ in line):
                    lines.append(self._row(at, line, len(lines), titled=True))
            lines += [f"  {clean(said)}" for said in (self._offered() if here else ())]
            told = [text for (row, _), text in self.wrong.items() if row == at]
            lines += [(f"  {said}", "alert") for text in told for said in wrap(f"! {text}", width - 2)]
            lines += [f"  {said}" for text in self.notes.get(at, ()) for said in wrap(text, width - 2)]
        return lines

    def _lines(self, width: int) -> list[list[Place]]:
        """The columns of the first line of a row, and those of each further one, which stand behind their titles."""
        first: list[int] = []
        more: list[list[int]] = []
        room = width - 1
        for at, column in enumerate(self.spec.columns):
            if not column.more and not more and room >= column.width:
                first.append(at)
                room -= column.width + 1
                continue
            needs = max(column.width, self._needs(at)) if column.holds == "data" else column.width
            cells = cell_len(column.title) + 1 + needs
            if not more or room < cells:
                more.append([])
                room = width - 2
            more[-1].append(at)
            room -= cells + 2
        return [
            self._spread(first, width - 1, titled=False),
            *(self._spread(line, width - 2, titled=True) for line in more),
        ]

    def _needs(self, column: int) -> int:
        """The cells that the longest text of a column takes; of data one more, for the cursor behind it."""
        texts = [self._cell(at, self.spec.columns[column]) for at in range(len(self.texts))]
        return max(map(cell_len, texts)) + (self.spec.columns[column].holds == "data")

    def _spread(self, line: Sequence[int], room: int, *, titled: bool) -> list[Place]:
        """The columns of a line with their widths: what is data gets the room it needs, from what is left at first."""
        columns = [self.spec.columns[at] for at in line]
        titles = [cell_len(column.title) for column in columns]
        room -= sum(titles) + len(line) + 2 * (len(line) - 1) if titled else len(line) - 1
        needs = [max(self._needs(at), 0 if titled else title) for at, title in zip(line, titles, strict=True)]
        usual, holds = [column.width for column in columns], [column.holds for column in columns]
        widths = spread([*usual, 0], [*needs, 0], [*holds, "text"], room)
        return list(zip(line, columns, widths, strict=False))

    def _row(self, at: int, line: Sequence[Place], y: int, *, titled: bool) -> Line:
        here = self.active and at == self.row
        pieces: list[Piece] = [((">" if here else " ") if not titled else "  ", "")]
        x = self.label_width + cell_len(pieces[0][0])
        for number, column, cells in line:
            if titled:
                pieces.append((f"{column.title} ", ""))
                x += cell_len(column.title) + 1
            self._places[at, number] = (x, y, cells)
            style = "cursor" if here and number == self.column and column.kind != "text" else ""
            pieces.append((pad(self._cell(at, column), cells), style))
            gap = "  " if titled else " "
            pieces.append((gap, ""))
            x += cells + len(gap)
        return pieces

    def _cell(self, at: int, column: FormCell) -> str:
        text = self.texts[at].get(column.key, "")
        if column.kind == "mark":
            return "[x]" if text else "[ ]"
        if (at, column.key) in self.wrong:
            return clean(text)
        return clean(column.name(text) if column.kind == "choice" else column.show(text)) if text else NOTHING
