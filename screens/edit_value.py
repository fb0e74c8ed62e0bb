"""A small form for what the regulation's file says: figures of caps, approvers, notice, as another dated version.

What is typed is checked at each key, the lines of the file are shown as they are and as they will be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key

from models.policy.model import Path, Policy
from models.policy.table_text import (
    EditRow,
    LineChange,
    Raw,
    Value,
    edit_rows,
    line_changes,
    read_value,
    replaced,
    row_at,
)
from models.services.regulation_verbs import Changed, Place, change_regulation, day_of_next, why_not_from
from models.services.session import Session
from models.words import Unreadable, Words, cell_len, clean, cut
from models.words.dates import say_day
from models.words.wrapping import wrap
from screens.kit.dialogs import Note, PickOne
from screens.kit.entry import FormDialog
from screens.kit.fields import DateField, Field, TextField
from screens.kit.linelist import Column, Row
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.shell import Shell
from screens.kit.text import Line

WHAT, WHEN = 18, 20
"""Cells of the list of rows to choose from."""
FRAME = 4
"""Lines of the box that are neither field nor preview: its border, title and last line."""
LABEL, LABEL_MOST = 10, 24
AROUND = 24
"""How much of a long line is shown before what changes in it."""


class ValueField(TextField):
    """One value of the file, said as people write it; what is typed replaces it."""

    def __init__(self, of: Value, policy: Policy, label_width: int) -> None:
        super().__init__(of.label, of.said, label_width=label_width)
        self.of, self.policy = of, policy

    def on_descendant_focus(self) -> None:
        self.editor.select_all()

    @property
    def raw_value(self) -> Raw | None:
        """The value as the file has it; None where what is typed will not do, which is then said below."""
        if self.value == clean(self.of.said).strip():
            return self.of.raw
        try:
            return read_value(self.policy, self.of, self.value)
        except Unreadable as wrong:
            self.error = self.words.text(wrong.phrase)
            return None


class EditValue(FormDialog[Changed]):
    """The values of a row, the day and the reason; F4 takes another row into the same version."""

    DEFAULT_CSS = """
    EditValue > #box { width: 76; }
    EditValue #values { width: 1fr; height: auto; overflow: hidden auto; scrollbar-size: 0 0; }
    """
    AUTO_FOCUS = ""
    BOX = 72

    def __init__(
        self, session: Session, place: Place | None, base: Policy, rows: Sequence[EditRow], start: EditRow, w: Words,
        first: Value | None = None,
    ) -> None:  # fmt: skip
        """`rows` are all that can be changed of the version `base`, `start` the one to begin with, `first` the value of
        it that the cursor goes to."""
        self.session, self.place, self.base, self.rows = session, place, base, rows
        self.versions = session.versions or (session.policy,)
        self.today = session.now().date()
        self.taken = [start]
        self.values = self._fields(start)
        wide = self.values[0].label_width
        self.first = next((field for field in self.values if field.of == first), self.values[0])
        day = day_of_next(self.versions, self.today)
        self.day = DateField(w("edit.effective"), day, today=lambda: self.today, id="day", label_width=wide)
        self.why = TextField(w("edit.why"), id="why", label_width=wide)
        self.preview = Lines(id="preview")
        title = w("edit.title", date=base.effective.isoformat())
        super().__init__(title, (*self.values, self.day, self.why), self._write, needed=(self.why,))
        self.asked: tuple[Mapping[Path, Raw], date, str] = ({}, day, "")
        """The values, day and reason that were found sound."""

    def _fields(self, row: EditRow) -> list[ValueField]:
        wide = max(LABEL, *(cell_len(value.label) for value in row.values)) + 2
        return [ValueField(value, self.base, min(LABEL_MOST, wide)) for value in row.values]

    def body(self) -> ComposeResult:
        with Container(id="values"):
            yield self._heading(self.taken[0])
            yield from self.values
        yield self.day
        yield self.why
        yield self.preview

    def _heading(self, row: EditRow) -> Lines:
        heading = Lines([(f" {'  '.join(part for part in (row.what, row.when) if part)}", "heading")])
        heading.styles.height = 1
        return heading

    def opened(self) -> None:
        self._check()
        self.first.focus()

    def fit(self) -> None:
        below = [widget.styles.height for widget in (self.day, self.why, self.preview)]
        taken = FRAME + sum(int(height.value) for height in below if height is not None)
        self.query_one("#values").styles.max_height = max(3, self.app.size.height - taken)

    @property
    def _most_changes(self) -> int:
        """How many changed lines there is room to show."""
        return 2 if self.app.size.height < 24 else 3

    # -- while one types -------------------------------------------------------------------------------------------

    def on_field_changed(self, event: Field.Changed) -> None:
        self._check()

    def _check(self) -> Mapping[Path, Raw] | None:
        """Say what will not do beside its field, and show the lines as they will be; the values, None where one of them
        will not do."""
        read = {field.of.path: field.raw_value for field in self.values}
        edits = {path: raw for path, raw in read.items() if raw is not None}
        self._show_preview(line_changes(self.base.text, replaced(self.base.text, edits)))
        self.say(self._hint(self.day.value))
        day = self.day.value
        refused = why_not_from(self.versions, self.base, day, self.today) if day else None
        self.day.error = self.w.text(refused.phrase) if refused else self.day.error
        self.fit()
        return edits if len(edits) == len(read) else None

    def _hint(self, day: date | None) -> str:
        """What the version will not do: hold when a later one is written, hold what a later one changed."""
        others = [policy.effective for policy in self.versions if policy.effective > self.base.effective]
        if day and any(other > day for other in others):
            return self.w("edit.until", date=min(other for other in others if other > day).isoformat())
        if day and others:
            return self.w("edit.without", date=max(others).isoformat())
        return self.w("edit.hint")

    def _show_preview(self, changes: Sequence[LineChange]) -> None:
        most = self._most_changes
        shown = changes if len(changes) <= most else changes[: most - 1]
        lines = [line for change in shown for line in said_change(change, self.inside)]
        if len(shown) < len(changes):
            lines.append(f" {self.w('edit.more_lines', n=len(changes) - len(shown))}")
        self.preview.styles.height = max(2, len(lines))
        self.preview.set_lines(lines or [f" {self.w('edit.no_lines')}"])

    def refuse(self, text: str) -> None:
        """The reason why it is not saved, whole: in the place of the changed lines where it is longer than a line."""
        lines = wrap(f"! {text}", self.inside)
        if len(lines) == 1:
            super().refuse(text)
            return
        self.preview.styles.height = len(lines)
        self.preview.set_lines([(f" {line}", "alert") for line in lines])
        self.fit()

    # -- another row, and saving -----------------------------------------------------------------------------------

    async def on_key(self, event: Key) -> None:
        if event.key == "f4":
            event.stop()
            left = [row for row in self.rows if row not in self.taken]
            self.app.push_screen(pick_row(left, self.w), self._add)

    def _add(self, key: str | None) -> None:
        row = next((row for row in self.rows if key_of(row) == key), None)
        if row is None:
            return
        self.taken.append(row)
        added = self._fields(row)
        self.values += added
        self.fields = (*self.values, self.day, self.why)
        self.query_one("#values").mount(self._heading(row), *added)
        self.call_after_refresh(added[0].focus)

    def _sound(self) -> bool:
        edits = self._check()
        wrong = next((field for field in (*self.values, self.day) if field.error), None)
        if edits is None or wrong is not None:
            (wrong or self.first).focus()
            return False
        if self.day.value is None:
            self.day.error = self.w("kit.needed")
            self.day.focus()
            return False
        self.asked = (edits, self.day.value, self.why.value)
        return super()._sound()

    def _write(self) -> Changed:
        return change_regulation(self.session, self.place, self.base, *self.asked)


def said_change(change: LineChange, width: int) -> list[Line]:
    """A line of the file as it is and as it will be, each on one line: of a long one the part that changes."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(change.before, change.after, strict=False)))
    number = f"{change.line:>5}"
    room = width - cell_len(number) - 3
    start = max(0, same - AROUND) if max(map(cell_len, (change.before, change.after))) > room else 0
    before, after = (("…" if start else "") + clean(text[start:]) for text in (change.before, change.after))
    return [
        (f"{number} - {cut(before, room, ellipsis=True)}", "dim"),
        f"{' ' * len(number)} + {cut(after, room, ellipsis=True)}",
    ]


def key_of(row: EditRow) -> str:
    """The row, in a list."""
    return f"{row.table}/{row.index}"


def pick_row(rows: Sequence[EditRow], w: Words, near: tuple[str, str] = ("", "")) -> PickOne:
    """A list of what can be changed, filtered as one types; the cursor stands on the first row of the table `near`
    names whose text begins so."""
    listed = [
        Row(key_of(row), (row.what, row.when, "  ".join(value.said for value in row.values)), find=(row.id,))
        for row in rows
    ]
    picked = PickOne(w("edit.pick"), listed, (Column("", WHAT), Column("", WHEN), Column()))
    here = [key_of(row) for row in rows if row.table == near[0] and row.what.startswith(near[1])]
    if here:
        picked.list.key = here[0]
    return picked


async def edit_regulation(
    page: Page, base: Policy, table: str = "", place: int = 0, *, near: tuple[str, str] = ("", "")
) -> None:
    """Ask what of the version `base` is to be another, write it, and say so on the page; for `async def do_…`.

    It begins with the entry at `place` of `text_rows(base, table, …)`, or asks which row where no
    table is given or that row has nothing that a form changes; `near` as in `pick_row`.
    """
    shell, w = cast(Shell, page.app), page.w
    rows = await shell.thread(lambda: edit_rows(base, w))
    wanted = f"{table}/{row_at(base, table, place)}" if table else ""
    if all(key_of(row) != wanted for row in rows):
        wanted = await page.answer(pick_row(rows, w, near)) or ""
    start = next((row for row in rows if key_of(row) == wanted), None)
    if start is None:
        return
    where = place_of(shell)
    done = await page.answer(EditValue(shell.session, where, base, rows, start, w))
    if done is not None:
        page.say(said_done(done, shell.session.now().date(), w))
        if done.made and where is not None:
            await page.answer(Note(w("edit.moved_title"), said_moved(where, w)))


def place_of(shell: Shell) -> Place | None:
    """Where the program's regulation lies; None where it is nobody's to change (the sample company)."""
    return Place(shell.files.get("config", ""), shell.files["versions"]) if "versions" in shell.files else None


def said_done(done: Changed, today: date, w: Words) -> str:
    """From when on the new version is in force."""
    day = done.policy.effective
    key = "saved" if day > today else "in_force"
    return w(f"edit.{key}", date=day.isoformat(), day=say_day(day, today, w))


def said_moved(place: Place, w: Words) -> str:
    """That a folder of versions is in use now, and what was before."""
    beside = place.path.rpartition("/")[0] == place.folder.rpartition("/")[0]
    return w("edit.moved" if beside else "edit.moved_packaged", old=place.path, folder=place.folder)
