"""Calendar: the month or a week as a grid of days, and the agenda of the chosen day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key
from textual.message import Message

from models.policy.model import entry_name
from models.queries.calendar_lists import CalendarDay, CalendarEntry, CalendarSpan, span
from models.words import cell_len, pad
from models.words.dates import say_day, say_weekday
from models.words.wrapping import wrap
from screens.kit.commands import plain_key
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import ByDay
from screens.kit.text import Line, Lines, Painted, Piece, block

# -- the month as a grid ----------------------------------------------------------------------------------------------

WEEKS = 6


def grid_start(day: date) -> date:
    """The Monday with which the grid of `day`'s month begins."""
    first = day.replace(day=1)
    return first - timedelta(days=first.weekday())


def other_month(day: date, by: int) -> date:
    """The same day `by` months on, or the last of that month."""
    months = day.year * 12 + day.month - 1 + by
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))


class MonthGrid(Painted, can_focus=True):
    """Seven columns of days. `say` gives a day's text and style; `titles` the names of the weekdays. `>` stands before
    the cursor's day, `*` before today."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another day."""

        day: date

    def __init__(self, day: date, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.day = day
        self.titles: Sequence[str] = ("",) * 7
        self.today: Callable[[], date | None] = lambda: None
        self.say: Callable[[date], tuple[Sequence[str], str]] = lambda _: ([""], "")
        """What a day's cell says, the longest first, and in which style."""

    def go(self, day: date) -> None:
        """Put the cursor on a day, of whatever month."""
        if day != self.day:
            self.day = day
            self.repaint()
            self.post_message(self.Moved(day))

    def keep(self) -> date:
        """The cursor's day."""
        return self.day

    def restore(self, state: date) -> None:
        """Take it back."""
        self.day = state

    def on_key(self, event: Key) -> None:
        key = plain_key(event.key, event.character)
        days = {"left": -1, "right": 1, "up": -7, "down": 7, "h": -1, "l": 1, "k": -7, "j": 7}
        if key in days:
            self.go(self.day + timedelta(days=days[key]))
        elif key in ("pageup", "pagedown"):
            self.go(other_month(self.day, 1 if key == "pagedown" else -1))
        elif key in ("home", "end"):
            self.go(self.day + timedelta(days=-self.day.weekday() + (6 if key == "end" else 0)))
        else:
            return
        event.stop()
        event.prevent_default()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        cell = width // 7
        first = grid_start(self.day)
        lines: list[Line] = ["".join(pad(f" {title}", cell) for title in self.titles)]
        for week in range(WEEKS):
            days = [first + timedelta(days=week * 7 + n) for n in range(7)]
            lines.append([self._cell(day, cell) for day in days])
        return lines

    def _cell(self, day: date, cell: int) -> Piece:
        if day.month != self.day.month:
            return (" " * cell, "")
        texts, style = self.say(day)
        here = day == self.day
        sign = ">" if here else "*" if day == self.today() else " "
        lead = f"{sign}{day.day:<2}{' ' if cell >= 7 else ''}"
        text = next((each for each in texts if cell_len(lead + each) <= cell), texts[-1])
        shown = lead + text
        return (pad(shown, cell), "cursor" if here and self.has_focus else "bold" if here else style)


# -- the screen -------------------------------------------------------------------------------------------------------

GRID = WEEKS + 1
ROOMY, WIDE = 78, 110
"""From these widths on the month's days are wider, and the agenda has more columns."""


class Calendar(ByDay):
    """The month, the week, the day."""

    WHERE = "calendar"
    STEP = timedelta(days=7)
    AUTO_FOCUS = "#grid"
    DEFAULT_CSS = """
    Calendar #pair { layout: horizontal; height: 1fr; }
    Calendar #left { layout: vertical; height: 1fr; }
    Calendar #right { layout: vertical; height: 1fr; width: 1fr; }
    Calendar #title, Calendar #about { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.weekly = False
        self.shown: CalendarSpan | None = None

    @property
    def day(self) -> date:
        """The chosen day."""
        return self.query_one("#grid", MonthGrid).day

    def body(self) -> ComposeResult:
        with Container(id="pair"):
            with Container(id="left"):
                grid = MonthGrid(self.shell.now().date(), id="grid")
                grid.styles.height = GRID
                grid.titles = [self.w(f"dates.weekday.{n}") for n in range(7)]
                grid.say = self._say_day
                grid.today = lambda: self.shell.now().date()
                yield grid
                yield Lines(id="sum")
            with Container(id="right"):
                yield block(1, id="title")
                yield LineList(empty=self.w("calendar.empty"), id="agenda")
                yield block(5, id="about")

    # -- filling -------------------------------------------------------------------------------------------

    def on_resize(self, event: object) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if not self.query("#pair"):
            return
        left = self.query_one("#left")
        left.styles.width = self._left_width
        left.display = not self.weekly
        self.query_one("#grid").styles.width = self._left_width - 1
        self._show_day()

    @property
    def _left_width(self) -> int:
        return (7 if self.size.width >= ROOMY else 5) * 7 + 1

    def reload(self) -> None:
        session = self.session
        first = grid_start(self.day)
        self._arrange()
        self.headline = self.w("calendar.title", year=self.day.year, month=self.day.month)
        self.read(lambda: span(session, first, first + timedelta(days=WEEKS * 7 - 1)), self.show)

    def show(self, found: CalendarSpan) -> None:
        """Fill the screen with the month."""
        self.shown = found
        self.query_one("#grid", MonthGrid).repaint()
        self.query_one("#sum", Lines).set_lines(self._sums(found))
        self._show_day()

    def minute(self, now: datetime) -> None:
        if now.time() == time():
            self.query_one("#grid", MonthGrid).repaint()

    def on_month_grid_moved(self, event: MonthGrid.Moved) -> None:
        if self.said:
            self.say("")
        if self.shown is None or self.shown.on(event.day) is None or grid_start(event.day) != self.shown.days[0].day:
            self.reload()
        else:
            self._show_day()

    def _say_day(self, day: date) -> tuple[list[str], str]:
        """A day's cell: its highest tier and how many visits, the number alone where both have no room; else whether
        it is off or worked out of turn."""
        found = self.shown.on(day) if self.shown else None
        if found is None:
            return [""], ""
        if found.entries:
            mark = next((self.w.name(e.mark) for e in self._by_rank(found.entries) if e.mark), "")
            count = str(len(found.entries)) if len(found.entries) > 1 or not mark else ""
            texts = [f"{mark}{count}" if mark else f" {count}", *([f" {count}", "+"] if count else [])]
            return texts, "dim" if found.pending else ""
        key = "off" if found.off else "worked" if found.worked else ""
        return [self.w(f"calendar.{key}") if key else ""], "dim"

    def _by_rank(self, entries: tuple[CalendarEntry, ...]) -> list[CalendarEntry]:
        order = [tier.id for tier in self.session.policy.tiers]
        return sorted(entries, key=lambda e: order.index(e.tier) if e.tier in order else len(order))

    def _sums(self, found: CalendarSpan) -> list[Line]:
        days = [day for day in found.days if day.day.month == self.day.month]
        visits = {entry.visit: entry for day in days for entry in day.entries}
        marks = Counter(self.w.name(entry.mark) for entry in self._by_rank(tuple(visits.values())) if entry.mark)
        guests = sum(entry.headcount for entry in visits.values())
        pending = sum(entry.asked for entry in visits.values())
        tiers = " ".join(f"{mark} {n}" for mark, n in marks.items())
        texts = [self.w("calendar.month_sum", n=len(visits), guests=guests, tiers=tiers).rstrip()]
        if pending:
            texts.append(self.w("calendar.pending", n=pending))
        texts += [self.w("calendar.unknown", year=year) for year in found.unknown]
        width = max(20, self.query_one("#grid").size.width - 1)
        return ["", *(f" {line}" for text in texts for line in wrap(text, width))]

    def _show_day(self) -> None:
        if self.shown is None:
            return
        agenda = self.query_one("#agenda", LineList)
        if self.weekly:
            monday = self.day - timedelta(days=self.day.weekday())
            days = [d for n in range(7) if (d := self.shown.on(monday + timedelta(days=n)))]
            rows = [row for day in days for row in self._week_rows(day)]
        else:
            here = self.shown.on(self.day)
            rows = [self._row(entry) for entry in here.entries] if here else []
        agenda.set_columns(self._columns())
        agenda.set_rows(rows, empty=self.w("calendar.empty"))
        chosen = self.shown.on(self.day)
        title = self.query_one("#title", Lines)
        title.display = self.query_one("#about").display = not self.weekly
        said = self._day_title(chosen, self.size.width - self._left_width - 1) if chosen else ""
        title.set_lines([f" {said}"])
        self._show_about()

    def _columns(self) -> list[Column]:
        """With room to spare also where the visit stands, who is host and what for."""
        w, entries = self.w, [entry for day in (self.shown.days if self.shown else ()) for entry in day.entries]
        marks = [cell_len(w.name(entry.mark)) for entry in entries if entry.mark]
        tiered = bool(self.session.policy.tiers)
        if not self._spacious:
            tier = Column("", max([1, *marks]))
            return [Column("", 5, "data"), *[tier] * tiered, Column("", 0), Column("", 3, "figure")]
        tier = Column(w("requests.tier"), max([cell_len(w("requests.tier")), *marks]))
        return [
            Column(w("today.time"), 5, "data"),
            *[tier] * tiered,
            Column(w("requests.client"), 22 if self.size.width >= ROOMY else 14),
            Column(w("requests.headcount"), 3, "figure"),
            Column(w("requests.state"), max([6, *(cell_len(self._state(entry)) for entry in entries)])),
            Column(w("today.host"), 0),
        ]

    @property
    def _spacious(self) -> bool:
        return self.weekly or self.size.width >= WIDE

    def _day_title(self, day: CalendarDay, room: int = 80) -> str:
        what = [f"{day.day:%m-%d} {say_weekday(day.day, self.w)}"]
        what += [self.w("calendar.holiday")] if day.off else [self.w("calendar.shifted")] if day.worked else []
        sums = [self.w("calendar.day_sum", n=len(day.entries), guests=day.guests)] if day.entries else []
        short = [self.w("calendar.day_visits", n=len(day.entries))] if day.entries else []
        whole = "  ".join([*what, *sums])
        return whole if cell_len(whole) <= room else "  ".join([*what, *short])

    def _week_rows(self, day: CalendarDay) -> list[Row]:
        near = say_day(day.day, self.shell.now().date(), self.w)
        title = self._day_title(day) if near[-5:] in self._day_title(day) else f"{self._day_title(day)}  {near}"
        head = Row(f"day-{day.day.isoformat()}", (title,), "bold" if day.entries else "dim")
        return [head, *(self._row(entry, day.day) for entry in day.entries)]

    def _row(self, entry: CalendarEntry, day: date | None = None) -> Row:
        w = self.w
        tier = [w.name(entry.mark) if entry.mark else ""] if self.session.policy.tiers else []
        time = f"{entry.at:%H:%M}" if entry.at else "  -"
        client = f"{entry.client} {w('today.going')}" if entry.going else entry.client
        more: list[str] = []
        if self._spacious:
            purposes = [w.name(entry_name(self.session.policy, "purpose", each)) for each in entry.purposes]
            more = [self._state(entry), "  ".join([" ".join(entry.hosts) or w("today.no_host"), " ".join(purposes)])]
        over = entry.asked or entry.state in ("closed", "no_show")
        key = str(entry.visit) if day is None else f"{entry.visit}@{day.isoformat()}"
        cells = (time, *tier, client, str(entry.headcount), *more)
        return Row(key, cells, "dim" if over else "", find=(*entry.find, entry.number, *entry.hosts))

    def _state(self, entry: CalendarEntry) -> str:
        changing = entry.state == "submitted" and not entry.asked
        return self.w("requests.changing" if changing else f"done.state.{entry.state}")

    def chosen(self) -> CalendarEntry | None:
        """The visit under the agenda's cursor."""
        key = self.query_one("#agenda", LineList).key.partition("@")[0]
        days = self.shown.days if self.shown else ()
        return next((e for day in days for e in day.entries if str(e.visit) == key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        day = event.key.partition("@")[2] or event.key.removeprefix("day-")
        if self.weekly and len(day) == 10:
            self.query_one("#grid", MonthGrid).day = date.fromisoformat(day)
        self._show_about()

    def _show_about(self) -> None:
        entry, lines = self.chosen(), list[Line]()
        if entry is not None:
            host = self.w("today.hosted", who=self.w.people(entry.hosts)) if entry.hosts else self.w("today.no_host")
            purposes = " ".join(
                self.w.name(entry_name(self.session.policy, "purpose", each)) for each in entry.purposes
            )
            width = max(20, self.query_one("#about").size.width - 1)
            texts = (f"{entry.number} {self._state(entry)}", entry.client, host, purposes)
            lines = [f" {line}" for text in texts if text for line in wrap(text, width)]
        self.query_one("#about", Lines).set_lines(lines)

    # -- commands ------------------------------------------------------------------------------------------

    def do_open(self) -> None:
        """Enter: from the day to its agenda, from a visit to everything of it."""
        agenda, entry = self.query_one("#agenda", LineList), self.chosen()
        if not agenda.has_focus:
            agenda.focus()
        elif entry is not None:
            self.shell.open("visit", entry.visit)

    def do_week(self) -> None:
        """The week day by day, or the month again."""
        day, agenda = self.day, self.query_one("#agenda", LineList)
        self.weekly = not self.weekly
        self._arrange()
        if self.weekly:
            agenda.key = f"day-{day.isoformat()}"
        (agenda if self.weekly else self.query_one("#grid")).focus()

    def go_day(self, day: date) -> None:
        """Choose another day, in the month or in the week."""
        self.query_one("#grid", MonthGrid).go(day)

    def do_new(self) -> None:
        """A new request for the chosen day."""
        self.shell.open("wizard", day=self.day)

    def do_back(self) -> None:
        """Esc: from the agenda to the month, then as everywhere."""
        if self.query_one("#agenda").has_focus and not self.query_one("#agenda", LineList).sought:
            if self.weekly:
                self.do_week()
            self.query_one("#grid").focus()
        else:
            super().do_back()
