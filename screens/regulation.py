"""Any table of any version of the regulation, row by row, and what changes between two versions. Opened from the
Standards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key

from models.errors import Refused
from models.policy.model import Path, Policy, version_on, words_of
from models.policy.table_text import (
    TABLES,
    EditRow,
    LineChange,
    Raw,
    TableDifference,
    TextRow,
    Value,
    differences,
    edit_rows,
    line_changes,
    read_value,
    replaced,
    row_at,
    text_rows,
)
from models.services.regulation_verbs import (
    RegulationPlace,
    WrittenVersion,
    change_regulation,
    day_of_next,
    hindrance,
    why_not_from,
)
from models.services.session import Session
from models.words import Unreadable, Words, cell_len, clean, cut
from models.words.dates import say_day
from models.words.wrapping import wrap
from screens.kit.dialogs import Choose, PickOne, TextDialog
from screens.kit.fields import DayField, Field, TextField
from screens.kit.form_dialog import FormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.shell import Shell
from screens.kit.text import Line, Lines, block

DETAIL = 5
MOST_ID = 12
OF_TIERS = ("tier", "propose")
"""The tables that there are no words for where there are no tiers."""


class PolicyTables(Page):
    """One table of one version, or the changes from one version to the next."""

    WHERE = "tables"

    def __init__(self, table: str = "cap", *, popup: bool = False) -> None:
        super().__init__()
        self.popup = popup
        self.table = table
        """The table shown, one of `models.policy.table_text.TABLES`."""
        self.before: Policy | None = None
        """The version that the shown one is compared with; None where a table is shown."""
        self._version: Policy | None = None
        self._shown: tuple[TextRow, ...] | tuple[TableDifference, ...] = ()
        self._places: tuple[tuple[str, int] | None, ...] = ()
        self._why_not_edit: Refused | None = None

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def versions(self) -> Sequence[Policy]:
        """All versions, newest first."""
        return self.session.versions or (self.session.policy,)

    @property
    def policy(self) -> Policy:
        """The version shown: that in force, until another is chosen."""
        return self._version if self._version in self.versions and self._version else self.session.policy

    @property
    def chosen(self) -> tuple[str, int] | None:
        """The row under the cursor: its table, and its place in what `text_rows` says of that table in `policy`; None
        where there is none, or where the version no longer has that row."""
        key = self.listed.key
        return self._places[int(key)] if key else None

    @property
    def listed(self) -> LineList:
        """The rows."""
        return self.query_one("#rows", LineList)

    @property
    def tables(self) -> list[str]:
        """The tables there are words for, in the order of the file."""
        return [table for table in TABLES if self.policy.tiers or table not in OF_TIERS]

    def body(self) -> ComposeResult:
        yield LineList(id="rows")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    def reload(self) -> None:
        session, place = self.session, place_of(self.shell)
        self.read(lambda: hindrance(session, place), self._barred, group="right")
        self._fill()

    def _barred(self, refused: Refused | None) -> None:
        self._why_not_edit = refused

    def _fill(self) -> None:
        self._head()
        policy, before, table = self.policy, self.before, self.table
        w = words_of(policy, self.w.language)
        if before is None:
            self.read(lambda: text_rows(policy, table, w), self._show_table)
        else:
            self.read(lambda: _compared(before, policy, w), self._show_changes)

    def _head(self) -> None:
        date = self.policy.effective.isoformat()
        if self.before is None:
            said = (self.w(f"listing.table.{self.table}"), self.w("standards.version", date=date))
        else:
            before = self.before.effective.isoformat()
            said = (self.w("tables.changes"), self.w("tables.from_to", before=before, after=date))
        self.headline = "  ".join(said)

    def _show_table(self, rows: tuple[TextRow, ...]) -> None:
        self._shown = rows
        self._places = tuple((self.table, place) for place in range(len(rows)))
        cells = [(each.id, each.what, each.figure, each.when) for each in rows]
        titles = ("", *(self.w(f"tables.{name}") for name in ("what", "figure", "when")))
        self._set(self._columns(titles, cells), [Row(str(at), cell) for at, cell in enumerate(cells)])

    def _show_changes(self, found: Sequence[tuple[TableDifference, int | None]]) -> None:
        self._shown = tuple(change for change, _ in found)
        self._places = tuple((change.table, place) if place is not None else None for change, place in found)
        cells = [self._change(change) for change in self._shown]
        rows: list[Row] = []
        table = ""
        for at, (change, cell) in enumerate(zip(self._shown, cells, strict=True)):
            name = self.w(f"listing.table.{change.table}")
            if change.table != table:
                table = change.table
                rows.append(Row("", (name,), heading=True))
            rows.append(Row(str(at), cell, find=(name,)))
        self._set(self._columns(("", "", ""), cells), rows)

    def _set(self, columns: list[Column], rows: list[Row]) -> None:
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self.listed.set_columns(columns)
        self.listed.set_rows(rows, empty=self.w("listing.none" if self.before is None else "listing.same"))
        self._show_detail()

    def _columns(self, titles: Sequence[str], cells: Sequence[Sequence[str]]) -> list[Column]:
        """As wide as what stands in them; where that is too much, the last ones share what the others leave."""
        wide = [max(map(cell_len, texts)) for texts in zip(titles, *cells, strict=True)]
        first = min(wide[0], MOST_ID)
        room = self.size.width - 2 - first - len(wide) + 1
        widths = [first]
        for at, width in enumerate(wide[1:-1], 1):
            widths.append(min(width, max(room // (len(wide) - at), room - sum(wide[at + 1 :]))))
            room -= widths[-1]
        kept = [Column(title, max(1, width)) for title, width in zip(titles, widths, strict=False)]
        return [*kept, Column(titles[-1])]

    # -- a row in words ----------------------------------------------------------------------------------------------

    def _change(self, change: TableDifference) -> tuple[str, str, str]:
        """How a row changed, which one it is, and what of it: the old before the new."""
        row = change.after or change.before
        assert row is not None
        name = "  ".join(part for part in (row.id, row.what) if part)
        said = "  ".join(part for part in (row.figure, row.when) if part)
        if change.before and change.after and change.kind == "changed":
            parts = [
                self.w("tables.old_new", old=_without_end(old, new) or "-", new=new or "-")
                for old, new in zip(_texts(change.before), _texts(change.after), strict=True)
                if old != new
            ]
            said = "  ".join(parts)
        return self.w(f"tables.kind.{change.kind}"), name, said

    def _told(self, width: int) -> list[Line]:
        """The row under the cursor in full."""
        key = self.listed.key
        if not key:
            return []
        row = self._shown[int(key)]
        if isinstance(row, TextRow):
            return self._row(row, width)
        lines: list[Line] = [(self.w(f"tables.kind.{row.kind}"), "bold")]
        for name, each in (("was", row.before), ("now", row.after)):
            if each is not None and not (name == "was" and row.kind == "moved"):
                said = "  ".join(part for part in (each.id, *_texts(each)) if part)
                lines += wrap(self.w(f"tables.{name}", text=said), width)
        return lines

    def _row(self, row: TextRow, width: int) -> list[Line]:
        head = "  ".join(part for part in (row.id, row.what) if part)
        lines: list[Line] = [(line, "bold") for line in wrap(head, width)] if head else []
        lines += wrap(row.figure, width) if row.figure else []
        return [*lines, *wrap(self.w("tables.holds", when=row.when), width)] if row.when else lines

    def _show_detail(self) -> None:
        lines = self._told(self.size.width - 2)
        shown: list[Line] = [_in(line) for line in lines[:DETAIL]]
        if len(lines) > DETAIL:
            shown[-1] = f" {self.w('tables.more')}"
        self.query_one("#detail", Lines).set_lines(shown)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def on_resize(self, event: object) -> None:
        if self.query("#rows"):
            self._fill()

    # -- commands ----------------------------------------------------------------------------------------------------

    def do_read(self) -> None:
        """Enter: the whole row."""
        lines = [line if isinstance(line, str) else str(line[0]) for line in self._told(TextDialog.BOX)]
        name = self.table if self.before is None else cast(TableDifference, self._shown[int(self.listed.key)]).table
        self.app.push_screen(TextDialog(self.w(f"listing.table.{name}"), "\n".join(lines)))

    async def do_table(self) -> None:
        """F5: another table, by number; from the changes back to a table."""
        policy, w, tables = self.policy, words_of(self.policy, self.w.language), self.tables
        counts = await self.shell.thread(lambda: [len(text_rows(policy, table, w)) for table in tables])
        things = [
            (table, w("tables.counted", table=w(f"listing.table.{table}"), count=n))
            for table, n in zip(tables, counts, strict=True)
        ]
        chosen = await self.answer(Choose(self.w("tables.which"), things, self.table))
        if chosen is not None:
            self._turn_to(chosen)

    def do_earlier(self) -> None:
        """Left: the table before."""
        self._step(-1)

    def do_later(self) -> None:
        """Right: the next table."""
        self._step(1)

    def _step(self, by: int) -> None:
        tables = self.tables
        at = tables.index(self.table) if self.table in tables else 0
        self._turn_to(tables[(at + by) % len(tables)])

    def _turn_to(self, table: str) -> None:
        self.table, self.before = table, None
        self.listed.sought = ""
        self._fill()
        self.listed.key = "0"

    async def do_version(self) -> None:
        """F7: another version of the same table."""
        version = await self._ask(self.w("tables.which_version"), self.versions)
        if version is not None:
            self._version, self.before = version, None
            if self.table not in self.tables:
                self.table = "cap"
            self._fill()

    async def do_changes(self) -> None:
        """F8: what changes between the shown version and another one; again: the table."""
        if self.before is not None:
            self.before = None
        else:
            others = [each for each in self.versions if each is not self.policy]
            other = await self._ask(self.w("tables.which_other"), others) if len(others) > 1 else others[0]
            if other is None:
                return
            self.before, self._version = sorted((self.policy, other), key=lambda each: each.effective)
        self.listed.sought = ""
        self._fill()

    async def _ask(self, title: str, versions: Sequence[Policy]) -> Policy | None:
        chosen = await self.answer(Choose(title, [(each.sha256, self._named(each)) for each in versions]))
        return next((each for each in versions if each.sha256 == chosen), None)

    def _named(self, version: Policy) -> str:
        """A version by its day, and whether it is past, in force or to come."""
        today = self.shell.now().date()
        state = "coming" if version.effective > today else "past"
        if version is version_on(self.versions, today):
            state = "in_force"
        day = say_day(version.effective, today, self.w)
        return self.w(f"tables.{state}", date=version.effective.isoformat(), day=day)

    def why_not_edit(self) -> str | None:
        """It must be one's to change, and there must be a place for a version."""
        return self.reason(self._why_not_edit) if self._why_not_edit else None

    async def do_edit(self) -> None:
        """F4: the row under the cursor as it is to be, in a version made from the one shown."""
        table, place = self.chosen or ("", 0)
        await edit_regulation(self, self.policy, table, place)

    def do_standards(self) -> None:
        """F6: back to the standards, which lie below."""
        self.back()

    def do_back(self) -> None:
        """Esc: the filter, then from the changes to the table, then away."""
        if self.before is not None and not self.listed.sought:
            self.before = None
            self._fill()
        else:
            super().do_back()


def _compared(before: Policy, after: Policy, w: Words) -> list[tuple[TableDifference, int | None]]:
    """The changes, and the place of each row in its table of `after`."""
    rows = {table: list(text_rows(after, table, w)) for table in TABLES}
    found: list[tuple[TableDifference, int | None]] = []
    last: dict[str, int] = {}
    for change in differences(before, after, w):
        place = None
        if change.after is not None:
            table = change.table
            place = last[table] = rows[table].index(change.after, last.get(table, -1) + 1)
        found.append((change, place))
    return found


def _without_end(old: str, new: str) -> str:
    """The old text without how both end, which is said with the new one."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(reversed(old), reversed(new), strict=False))
    end = "".join(each for each, _ in same)[::-1]
    while end and end[0].isalnum():
        end = end[1:]
    return old.removesuffix(end)


def _texts(row: TextRow) -> tuple[str, str, str]:
    return row.what, row.figure, row.when


def _in(line: Line) -> Line:
    """A line one cell from the edge."""
    return f" {line}" if isinstance(line, str) else (f" {line[0]}", str(line[1]))


# -- the box of a row -------------------------------------------------------------------------------------------------

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


class EditValue(FormDialog[WrittenVersion]):
    """The values of a row, the day and the reason; F4 takes another row into the same version."""

    DEFAULT_CSS = """
    EditValue > #box { width: 76; }
    EditValue #values { width: 1fr; height: auto; overflow: hidden auto; scrollbar-size: 0 0; }
    """
    AUTO_FOCUS = ""
    BOX = 72

    def __init__(
        self, session: Session, place: RegulationPlace | None, base: Policy, rows: Sequence[EditRow], start: EditRow,
        w: Words, first: Value | None = None,
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
        self.day = DayField(w("edit.effective"), day, today=lambda: self.today, id="day", label_width=wide)
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

    def _write(self) -> WrittenVersion:
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
            await page.answer(TextDialog(w("edit.moved_title"), said_moved(where, w)))


def place_of(shell: Shell) -> RegulationPlace | None:
    """Where the program's regulation lies; None where it is nobody's to change (the sample company)."""
    return (
        RegulationPlace(shell.files.get("config", ""), shell.files["versions"]) if "versions" in shell.files else None
    )


def said_done(done: WrittenVersion, today: date, w: Words) -> str:
    """From when on the new version is in force."""
    day = done.policy.effective
    key = "saved" if day > today else "in_force"
    return w(f"edit.{key}", date=day.isoformat(), day=say_day(day, today, w))


def said_moved(place: RegulationPlace, w: Words) -> str:
    """That a folder of versions is in use now, and what was before."""
    beside = place.path.rpartition("/")[0] == place.folder.rpartition("/")[0]
    return w("edit.moved" if beside else "edit.moved_packaged", old=place.path, folder=place.folder)
