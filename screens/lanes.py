"""A day as lanes: what cars, rooms and people are held for, drawn hour by hour, with what is free between."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import permutations

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.booking_lists import Busy, Lane, gaps, holding, lanes, next_free
from models.queries.booking_lists import Lanes as Found
from models.words import cell_len, cut, pad
from models.words.dates import say_day
from screens.kit.dialogs import PickOne
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import ByDay
from screens.kit.text import Line, Lines, block

DETAIL = 4
NAME = 12
SEATS = 4
USUAL = (6, 22)
"""The hours that are shown, unless something is held before or after."""
FINEST = 6
"""At most so many cells to an hour."""


class LanesScreen(ByDay):
    """What is free, opened over another screen."""

    WHERE = "lanes"

    def __init__(self, day: date | None = None) -> None:
        super().__init__()
        self.chosen_day = day
        self.found: Found | None = None

    @property
    def day(self) -> date:
        """The day whose lanes are drawn, today where none was chosen."""
        return self.chosen_day or self.shell.now().date()

    @property
    def listed(self) -> LineList:
        """The lanes."""
        return self.query_one("#lanes", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="lanes")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session, day = self.session, self.day
        self.read(lambda: lanes(session, day), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.found is not None:
            self.show(self.found)

    def minute(self, now: datetime) -> None:
        self._show_detail()

    def show(self, found: Found) -> None:
        """Draw the lanes of the day that was read."""
        self.found = found
        held = sum(bool(lane.busy) for lane in found.lanes)
        clash = sum(lane.clashing for lane in found.lanes)
        title = self.w("lanes.title", day=say_day(found.day, self.shell.now().date(), self.w), n=held)
        self.headline = title + (f"  {self.w('lanes.clashes', n=clash)}" if clash else "")
        first, last = self._hours(found)
        each = self._cells(first, last)
        self.listed.set_columns([
            Column("", 1), Column(self.w("lanes.what"), NAME), Column(self.w("lanes.seats"), SEATS, "figure"),
            Column(hours_line(first, last, each), 0),
        ])  # fmt: skip
        rows: list[Row] = []
        for kind in dict.fromkeys(lane.kind for lane in found.lanes):
            rows.append(Row("", (self.w(f"lanes.kind.{kind}"),), heading=True))
            rows += [self._row(lane, first, last, each) for lane in found.lanes if lane.kind == kind]
        self.listed.set_rows(rows, empty=self.w("lanes.empty"))
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _row(self, lane: Lane, first: int, last: int, each: int) -> Row:
        assert self.found is not None
        drawn = bar(lane.busy, self.found.day, first, last, each)
        mark, style = ("!", "alert") if lane.clashing else ("", "")
        return Row(lane.key, (mark, lane.name, str(lane.seats or ""), drawn), style, find=lane.find)

    def _hours(self, found: Found) -> tuple[int, int]:
        """From which hour to which: the usual ones, or all where something is held outside of them."""
        start, end = datetime.combine(found.day, time(USUAL[0])), datetime.combine(found.day, time(USUAL[1]))
        outside = any(busy.starts < start or busy.ends > end for lane in found.lanes for busy in lane.busy)
        return (0, 24) if outside else USUAL

    def _cells(self, first: int, last: int) -> int:
        """How many cells an hour takes: as many as fit, and divide it evenly."""
        room = self.size.width - NAME - SEATS - 5
        return next(n for n in (FINEST, 4, 3, 2, 1) if n * (last - first) <= room or n == 1)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def lane(self) -> Lane | None:
        """The lane under the cursor."""
        return self.found.lane(self.listed.key) if self.found and self.listed.key else None

    def _show_detail(self) -> None:
        lane, found, w = self.lane(), self.found, self.w
        lines: list[Line] = []
        if lane is not None and found is not None:
            seats = w("bookings.seats", n=lane.seats) if lane.seats else ""
            about = [lane.name, *map(w.name, lane.about), seats, lane.driver]
            lines.append(f" {'  '.join(part for part in about if part)}")
            lines.append(f" {self._now(lane, found.day)}")
            free = [f"{a:%H:%M}-{clock(b)}" for a, b in gaps(lane, found.day, time(USUAL[0]), time(USUAL[1]))]
            lines.append(f" {w('lanes.free')} {' '.join(free) or '-'}")
            lines.append(f" {w('lanes.held')} {'  '.join(self._told(each) for each in lane.busy) or '-'}")
        self.query_one("#detail", Lines).set_lines(lines)

    def _now(self, lane: Lane, day: date) -> str:
        """Whether it is free now, and if not why and when next; of another day from its morning on."""
        now = self.shell.now()
        at = now if day == now.date() else datetime.combine(day, time(8))
        said = self.w("lanes.now") if day == now.date() else f"{at:%H:%M}"
        held = holding(lane, at)
        if not held:
            following = min([each.starts for each in lane.busy if each.starts > at], default=None)
            until = self.w("lanes.free_until", at=clock(following)) if following else self.w("lanes.free_on")
            return f"{said} {until}"
        who = "  ".join(self.w("lanes.held_by", client=each.client, at=self._clock(each.ends, day)) for each in held)
        return f"{said} {who}  {self.w('lanes.next_free', at=self._clock(next_free(lane, at), day))}"

    def _clock(self, at: datetime, day: date) -> str:
        return clock(at) if at.date() == day else f"{at:%m-%d %H:%M}"

    def _told(self, each: Busy) -> str:
        firm = "" if each.firm else f" {self.w('bookings.tentative')}"
        assert self.found is not None
        starts, ends = (self._clock(at, self.found.day) for at in (each.starts, each.ends))
        return f"{starts}-{ends} {each.client}{firm}"

    # -- going ---------------------------------------------------------------------------------------------

    def go_day(self, day: date) -> None:
        """The lanes of another day."""
        self.chosen_day = day
        self.reload()

    def why_not_open(self) -> str | None:
        """Something must be held that one may see."""
        lane = self.lane()
        return None if lane and any(each.visit for each in lane.busy) else self.w("lanes.nothing_held")

    async def do_open(self) -> None:
        """Enter: the visit for which it is held; asked where there are several."""
        lane = self.lane()
        seen = [each for each in (lane.busy if lane else ()) if each.visit is not None]
        visits = list(dict.fromkeys(each.visit for each in seen))
        if len(visits) > 1:
            told = {each.visit: self._told(each) for each in reversed(seen)}
            rows = [Row(str(visit), (told[visit],)) for visit in visits]
            key = await self.answer(PickOne(self.w("lanes.which"), rows))
            visits = [int(key)] if key else []
        if visits and visits[0] is not None:
            self.shell.open("visit", visits[0], "bookings")


def hours_line(first: int, last: int, each: int) -> str:
    """The hours above the lanes, each where it begins, as many as there is room for."""
    step = 1 if each >= 3 else 2 if each == 2 else 3
    return "".join(pad(f"{hour:02}", each * step) for hour in range(first, last, step))[: each * (last - first)]


def bar(busy: tuple[Busy, ...], day: date, first: int, last: int, each: int) -> str:
    """A lane: `[client==]` is firm, `(client~~)` tentative, `.` free, `!` what two visits hold at once.

    A span takes every cell of which it has a part; what is held before or after the hours shown has no end there.
    """
    start, n = datetime.combine(day, time(0)) + timedelta(hours=first), each * (last - first)
    step = timedelta(hours=1) / each
    cells = ["."] * n

    def place(starts: datetime, ends: datetime) -> slice:
        """The cells that have a part of a span."""
        return slice(max(0, (starts - start) // step), max(0, min(n, -((start - ends) // step))))

    for held in busy:
        where = place(held.starts, held.ends)
        cells[where] = _span(held, len(cells[where]))
    for held, other in permutations(busy, 2):
        apart = (held.visit, held.client) != (other.visit, other.client)
        if apart and held.starts <= other.starts < held.ends:
            where = place(other.starts, min(held.ends, other.ends))
            cells[where] = ["!"] * len(cells[where])
    return _whole(cells)


def _span(held: Busy, width: int) -> list[str]:
    """What is held as cells; the second cell of a wide character is empty."""
    left, fill, right = ("[", "=", "]") if held.firm else ("(", "~", ")")
    if width < 3:
        return [fill] * width if width < 2 else [left, right]
    text = cut(held.client, width - 2)
    drawn = left + text + fill * (width - 2 - cell_len(text)) + right
    return [part for char in drawn for part in (char, *[""] * (cell_len(char) - 1))]


def _whole(cells: list[str]) -> str:
    """The cells as text; half of a wide character that was drawn over is filled."""
    drawn = []
    for at, cell in enumerate(cells):
        half = cell_len(cell) == 2 and (at + 1 == len(cells) or cells[at + 1] != "")
        rest = cell == "" and (at == 0 or cell_len(cells[at - 1]) != 2)
        drawn.append("=" if half or rest else cell)
    return "".join(drawn)


def clock(at: datetime) -> str:
    """A time of day."""
    return f"{at:%H:%M}"
