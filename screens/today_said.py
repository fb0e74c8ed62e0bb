"""A visit's line of Today in words: what is wrong with it, what comes next, what is due, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from models.frozen import record
from models.policy.model import Policy, party_name
from models.queries.common import Ride
from models.queries.day_lists import Due, Tomorrow, Trouble, Untold
from models.queries.day_lists import Line as VisitLine
from models.services.visit_record import with_meal
from models.words import Words, cell_len, clean, cut, pad
from models.words.dates import say_day, say_left, say_moment
from models.words.money import say_money
from screens.kit.text import Line

LABEL = 11
BY = 8
"""The cells of how guests come or go: a number is not cut while it can be written closer."""
SLOW = 80
"""Up to so many cells the line of what is wrong is kept short: each step of the cursor writes it anew."""
GAP = "  "
SEEN = ("late", "no_host", "untold")
"""What is wrong and stands in the detail anyway."""


@record
class TodayText:
    """Says lines of the day `day` as it stands at `now` (local time), in one language."""

    w: Words
    policy: Policy
    now: datetime
    day: date

    def alerts(self, line: VisitLine, width: int) -> str:
        """What is wrong, what hurts first in front: as much as fits whole, and how much more there is."""
        said = [self.w(f"today.alert.{alert.code}", n=alert.n) for alert in line.alerts]
        for shown in range(len(said), 0, -1):
            more = [f"+{len(said) - shown}"] if shown < len(said) else []
            text = " ".join([*said[:shown], *more])
            if cell_len(text) <= width:
                return text
        more = [f"+{len(said) - 1}"] if len(said) > 1 else []
        room = width - sum(cell_len(text) + 1 for text in more)
        return " ".join([*(cut(text, room, ellipsis=True) for text in said[:1]), *more])

    def trouble(self, line: VisitLine, width: int) -> str:
        """What is wrong in whole words, as much as fits, as far as the detail does not say it; "" when nothing is."""
        span = say_left(-self.ahead(line.due), self.w)
        said = [
            self.w(f"today.trouble.{a.code}", n=a.n, span=span, who=" ".join(line.gone))
            for a in line.alerts
            if a.code not in SEEN and not a.code.startswith("clash.")
        ]
        said = [*map(self._clash, line.clashes), *said]
        return next(flow((f"! {each}" for each in said), width if width > SLOW else SLOW - 20, 1), "")

    def _clash(self, trouble: Trouble) -> str:
        text = self.w.text(trouble.text)
        return self.w("today.clash_with", text=text, client=trouble.other) if trouble.other else text

    def ahead(self, at: datetime) -> float:
        """How many seconds it is until then, by the minute the clock shows; negative where that is over."""
        return (at - self.now.replace(second=0, microsecond=0)).total_seconds()

    def where(self, line: VisitLine) -> str:
        """Where the guests are; of a day on which they will be here all day, that."""
        staying = line.stays and line.where in ("planned", "on_way")
        return self.w("today.stays" if staying else f"today.where.{line.where}")

    def by(self, line: VisitLine) -> str:
        """How the guests come, or go."""
        mode, number = line.by
        by = number or (self.w(f"today.mode.{mode}") if mode in ("plane", "train", "car", "other") else "")
        going = self.w("today.going") if line.going and line.where != "left" else ""
        parts = [part for part in (going, by) if part]
        return max(" ".join(parts), "".join(parts), key=lambda text: (cell_len(text) <= BY, cell_len(text))) or "-"

    def cars(self, line: VisitLine) -> str:
        """The cars of these guests: the first one's plate, and how many more."""
        more = len(line.rides) - 1
        first = line.rides[0].car if line.rides else "-"
        return self.w("today.more_cars", car=first, n=more) if more > 0 else first

    def detail(self, line: VisitLine, width: int, rows: int) -> list[Line]:
        """All that matters of the visit in 4 + 2 x `rows` lines of `width` cells, for below the list."""
        who = self.w("today.party", who=self._principal(line), n=line.headcount) if line.principal else ""
        host = self._host(line)
        who = cut(clean(who), max(0, width - cell_len(line.number) - cell_len(host) - 6), ellipsis=True)
        head = [line.number, who, host]
        return [
            f" {'  '.join(part for part in head if part)}",
            self._labelled("next", self._next(line, width - LABEL)),
            *self._tasks("late", line.late, width, rows),
            *self._tasks("soon", line.soon, width, rows),
            self._labelled("tell", self._untold(line, width - LABEL), len(line.untold)),
            self._labelled("cost", self._costs(line, width - LABEL)),
        ]

    def pane(self, line: VisitLine, width: int, height: int) -> list[Line]:
        """The same from top to bottom, a task a line, for beside the list."""
        client = cut(clean(line.client), width, ellipsis=True)
        top: list[Line] = [(client, "bold"), f"{line.number}  {self.w('today.guests', n=line.headcount)}"]
        top += [text for text in (self._principal(line), self._host(line)) if text]
        top += ["", (self.w("today.label.next"), "dim"), *self._short(filter(None, self.next(line)), width)]
        if line.rides:
            top += self._short([self._ride(ride) for ride in line.rides], width)
        costs = [self._sums(line), *([self._note(line)] if line.note else [])]
        foot: list[Line] = ["", (self.w("today.label.cost"), "dim"), *self._short(costs, width)]
        told = [self._to_tell(each) for each in line.untold]
        parts = [("late", line.late, self._said(line.late)), ("soon", line.soon, self._said(line.soon)),
                 *([("tell", line.untold, told)] if told else [])]  # fmt: skip
        room = height - len(top) - len(foot) - 2 * len(parts)
        shares = share([len(texts) for _, _, texts in parts], room)
        for (code, what, texts), lines in zip(parts, shares, strict=True):
            style = "alert" if code != "soon" and what else "dim"
            top += ["", (self._label(code, len(what)), style), *self._short(texts[:lines], width)]
        return [*top, *foot]

    def next(self, line: VisitLine) -> tuple[str, str]:
        """The next stage: when, what, where, with whom; and how long until then, by the minute the clock shows."""
        step = line.next
        if step is None:
            return "-", ""
        name = self.w.name(with_meal(self.policy, step.stage, step.meal))
        left = ""
        if step.at:
            seconds = self.ahead(step.at)
            left = self.w("today.left" if seconds >= 0 else "today.past", span=say_left(seconds, self.w))
        parts = (self._when(step.at) if step.at else "", name, step.place, step.people)
        return " ".join(part for part in parts if part), left

    def tomorrow(self, ahead: Tomorrow, width: int) -> str:
        """The day after in one line, without the tier where that has no room."""
        name = say_day(ahead.day, self.now.date(), self.w)
        if not ahead.visits or ahead.first_at is None:
            return self.w("today.nothing_ahead", day=name)
        tier = self.w.name(ahead.first_tier) if ahead.first_tier else ""
        said = [
            self.w(
                "today.ahead", day=name, n=ahead.visits, guests=ahead.guests, time=f"{ahead.first_at:%H:%M}",
                client=ahead.first_client, tier=each,
            ).rstrip()
            for each in (tier, "")
        ]  # fmt: skip
        return said[0] if cell_len(said[0]) <= width else said[1]

    # -- parts -----------------------------------------------------------------------------------------------

    def _next(self, line: VisitLine, width: int) -> str:
        """The next stage in one line, of which the time left is never cut."""
        what, left = self.next(line)
        room = width - cell_len(left) - len(GAP) if left else width
        return GAP.join(part for part in (cut(clean(what), room, ellipsis=True), left) if part)

    def _principal(self, line: VisitLine) -> str:
        return " ".join(part for part in (line.principal, line.principal_post) if part)

    def _host(self, line: VisitLine) -> str:
        return self.w("today.hosted", who=self.w.people(line.hosts)) if line.hosts else self.w("today.no_host")

    def _when(self, at: datetime) -> str:
        return f"{at:%H:%M}" if at.date() == self.day else say_moment(at, self.now.date(), self.w)

    def _said(self, dues: Iterable[Due]) -> list[str]:
        return [self._task(due) for due in dues] or ["-"]

    def _task(self, due: Due) -> str:
        party = self.w.name(party_name(self.policy, due.party))
        return " ".join(
            part for part in (self._when(due.due), party, self.w.name(due.text), self.w.people([due.assignee])) if part
        )

    def _sums(self, line: VisitLine) -> str:
        minor = self.policy.currency.minor
        return self.w("today.costs", planned=say_money(line.planned, minor), actual=say_money(line.actual, minor))

    def _note(self, line: VisitLine) -> str:
        note = line.note
        return self.w("today.noted", note=f"{self._when(note.at)} {note.text}") if note else ""

    def _costs(self, line: VisitLine, width: int) -> str:
        parts = [self._sums(line), self._note(line)]
        return cut(clean(GAP.join(part for part in parts if part)), width, ellipsis=True)

    def _label(self, code: str, n: int) -> str:
        then = "then" if code == "soon" and self.day != self.now.date() else code
        return " ".join(part for part in (self.w(f"today.label.{then}"), str(n) if n else "") if part)

    def _labelled(self, code: str, text: str, n: int = 0) -> Line:
        return [(pad(f" {self._label(code, n)}", LABEL), "alert" if n else "dim"), (text, "")]

    def _ride(self, ride: Ride) -> str:
        return " ".join(
            part for part in (f"{self._when(ride.starts)}", ride.car, self.w.people([ride.driver]), ride.phone) if part
        )

    def _untold(self, line: VisitLine, width: int) -> str:
        """Whom to tell what: as many as fit."""
        return next(flow(map(self._to_tell, line.untold), width - 1, 1), "-")

    def _to_tell(self, each: Untold) -> str:
        return f"{self._whom(each)} ({self.w.text(each.what[0])})" if each.what else self._whom(each)

    def _whom(self, each: Untold) -> str:
        if each.party:
            return self.w.name(party_name(self.policy, each.party))
        return f"{self.w(f'today.role.{each.role}')} {self.w.people([each.name])}".rstrip()

    def _tasks(self, code: str, dues: tuple[Due, ...], width: int, rows: int) -> Iterator[Line]:
        """As many tasks as fit whole; the label says how many there are."""
        style = "alert" if code == "late" and dues else "dim"
        flowed = list(flow(self._said(dues), width - LABEL - 1, rows))
        for at in range(rows):
            label = f" {self._label(code, len(dues))}" if at == 0 else ""
            yield [(pad(label, LABEL), style), (flowed[at] if at < len(flowed) else "", "")]

    def _short(self, texts: Iterable[str], width: int) -> list[Line]:
        return [" " + cut(clean(text), width - 1, ellipsis=True) for text in texts]


def share(wanted: Sequence[int], room: int) -> list[int]:
    """How many of `room` lines each part gets that wants so many: one in turn, and one at least."""
    given = [min(1, each) for each in wanted]
    while sum(given) < room and given != list(wanted):
        for at, each in enumerate(wanted):
            if given[at] < each and sum(given) < room:
                given[at] += 1
    return given


def flow(items: Iterable[str], width: int, rows: int) -> Iterator[str]:
    """The items side by side in up to `rows` lines of `width` cells: whole ones, but for the first of a line, which is
    cut where it is longer than the line."""
    line, left = "", rows
    for item in map(clean, items):
        if line and cell_len(line) + len(GAP) + cell_len(item) <= width:
            line += GAP + item
            continue
        if line:
            yield line
            left -= 1
        if not left:
            return
        line = cut(item, width, ellipsis=True)
    if line:
        yield line
