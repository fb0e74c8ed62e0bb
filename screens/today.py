"""Today: the arrivals of a day, and of the visit under the cursor what comes next, what is late, whom to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container

from models.frozen import record
from models.policy.model import Policy, party_name
from models.queries.common import Ride
from models.queries.day_lists import STEPS, Day, Due, Tomorrow, Trouble, WaitingNotification, today
from models.queries.day_lists import DayLine as VisitLine
from models.services.stage_names import with_meal
from models.words import Name, Words, cell_len, clean, cut, pad
from models.words.dates import say_day, say_left, say_moment, say_weekday
from models.words.money import say_money
from screens.kit.commands import Command
from screens.kit.linelist import Column, LineList, Row, laid_out
from screens.kit.page import ByDay
from screens.kit.text import Line, Lines, abreast

if TYPE_CHECKING:
    from models.queries.stand_in_lists import Notices
    from models.services.session import Session
    from models.services.visits import Done


# -- a visit's line in words ------------------------------------------------------------------------------------------

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
        said = [
            self.w(f"today.trouble.{a.code}", n=a.n, who=" ".join(line.gone))
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
        """What matters of the visit and its row does not say: 4 + 2 x `rows` lines of `width` cells, below the list."""
        host = self._host(line)
        room = max(0, width - cell_len(line.number) - cell_len(host) - 6)
        who = cut(clean(self._principal(line)), room, ellipsis=True)
        head = [line.number, who, host]
        return [
            f" {'  '.join(part for part in head if part)}",
            self._labelled("next", self._next(line, width - LABEL)),
            *self._tasks("late", line.late, width, rows),
            *self._tasks("soon", line.soon, width, rows),
            self._labelled("tell", self._to_notify(line, width - LABEL), len(line.to_notify)),
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
        told = [self._notified(each) for each in line.to_notify]
        parts = [("late", line.late, self._said(line.late)), ("soon", line.soon, self._said(line.soon)),
                 *([("tell", line.to_notify, told)] if told else [])]  # fmt: skip
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

    def _to_notify(self, line: VisitLine, width: int) -> str:
        """Whom to tell what: as many as fit."""
        return next(flow(map(self._notified, line.to_notify), width - 1, 1), "-")

    def _notified(self, each: WaitingNotification) -> str:
        return f"{self._whom(each)} ({self.w.text(each.what[0])})" if each.what else self._whom(each)

    def _whom(self, each: WaitingNotification) -> str:
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


# -- the screen -------------------------------------------------------------------------------------------------------

WIDE = 110
"""From this width on the chosen visit stands beside the list, else below it."""
BACK = ("on_way", "here")
"""Where guests are of whom something was said before they are met."""
PLACES = ("planned", "on_way", "here", "met", "on_site", "left", "no_show", "asked")


class Today(ByDay):
    """The coordinator's screen: opened at 7:50 and looked at all day."""

    WHERE = "today"
    DEFAULT_CSS = """
    Today #pair { layout: horizontal; height: 1fr; }
    Today #left { layout: vertical; width: 1fr; }
    Today #rule, Today #rule2, Today #tomorrow { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.chosen_day: date | None = None
        self.only_mine = False
        self.shown: Day | None = None
        self._begun: date | None = None
        self._told = ""
        """What one is told of stand-ins and of requests that lie where nobody is there."""

    @property
    def day(self) -> date:
        """The day shown; without a choice it turns at midnight by itself."""
        return self.chosen_day or self.shell.now().date()

    @property
    def teller(self) -> TodayText:
        """Says the day's lines as of now."""
        return TodayText(self.w, self.session.policy, self.shell.now(), self.day)

    def body(self) -> ComposeResult:
        with Container(id="pair"):
            with Container(id="left"):
                yield LineList(self._columns(), empty=self.w("today.empty"), id="visits")
                yield Lines(id="rule")
                yield Lines(id="detail")
            yield Lines(id="pane")
        yield Lines(id="rule2")
        yield Lines(id="tomorrow")

    def _columns(self) -> list[Column]:
        lines = self.shown.lines if self.shown else ()
        marks: list[Name] = [line.mark for line in lines if line.mark]
        tier = max([cell_len(self.w("today.tier")), *(cell_len(self.w.name(mark)) for mark in marks)])
        state = max(cell_len(self.w(f"today.where.{place}")) for place in PLACES)
        state = max(state, cell_len(self.w("today.stays")))
        return [
            Column(self.w("today.time"), 5, "data"),
            *([Column(self.w("today.tier"), tier)] if self.session.policy.tiers else []),
            Column(self.w("today.client"), 14),
            Column(self.w("today.headcount"), 3, "figure"),
            Column(self.w("today.by"), BY, "data", wide=78),
            Column(self.w("today.met_by"), 6, wide=78),
            Column(self.w("today.car"), 11, "data", wide=78),
            Column(self.w("today.host"), 10, wide=150),
            Column(self.w("today.state"), state),
            Column(self.w("today.tasks"), 5, "figure"),
            Column(self.w("today.alerts"), 0),
        ]

    # -- filling -------------------------------------------------------------------------------------------

    def on_resize(self, event: object) -> None:
        self._arrange()
        self._show_detail()

    def _arrange(self) -> None:
        if self.query_one_optional("#pair") is None:
            return
        wide = self.size.width >= WIDE
        pane = self.query_one("#pane", Lines)
        pane.display = wide
        pane.styles.width = self.size.width - self._list_width
        for name in ("#rule", "#detail"):
            self.query_one(name).display = not wide
        self.query_one("#detail").styles.height = 4 + 2 * self._task_rows

    @property
    def _list_width(self) -> int:
        """The cells of the list; on a wide terminal the chosen visit stands beside it."""
        width = self.size.width
        return max(80, min(100, width * 2 // 3)) if width >= WIDE else width

    @property
    def _task_rows(self) -> int:
        """How many lines the overdue tasks take below the list, and how many today's."""
        return 1 + max(0, self.size.height - 24) // 5

    def reload(self) -> None:
        session, day = self.session, self.day
        self._show_title()
        self.read(lambda: today(session, day), self._show_first)

    def minute(self, now: datetime) -> None:
        self.reload()

    def _show_first(self, day: Day) -> None:
        """What is quickly read, with the clashes known before, until they have been looked for again."""
        session = self.session

        def clashing() -> Day:
            from models.queries import day_clashes

            return day_clashes.clashing(session, day)

        known = day
        if self.shown is not None:
            from models.queries.day_clashes import recalled

            known = recalled(day, self.shown)
        self.show(known)
        self.call_after_refresh(self.read, clashing, self.show, group="clashes")
        self.call_after_refresh(self.read, lambda: _notices(session), self._tell, group="notices")

    def _tell(self, found: Notices) -> None:
        """Say for whom one stands in and which requests lie where nobody is there, where the row has no trouble."""
        today = self.shell.now().date()
        told = [
            self.w("today.stands_in", who=whom, until=say_day(day, today, self.w)) for whom, day in found.represented
        ]
        told += [self.w("today.lies", number=number, what=what) for number, what in found.lying[:1]]
        told += [self.w("today.lies_more", n=len(found.lying) - 1)] if len(found.lying) > 1 else []
        self._told = GAP.join(told)
        self._show_detail()

    def show(self, day: Day) -> None:
        """Fill the screen with the day."""
        self.shown = day
        self._show_title()
        self._arrange()
        visits = self.query_one("#visits", LineList)
        lines = [line for line in day.lines if line.mine or not self.only_mine]
        columns = self._columns()
        visits.set_columns(columns)
        room = laid_out(columns, (), self._list_width, self.size.width)[-1]
        usual = [self._row(line, room) for line in lines]
        room = laid_out(columns, usual, self._list_width, self.size.width)[-1]
        within = self.w("today.within_mine") if self.only_mine else ""
        visits.set_rows([self._row(line, room) for line in lines], empty=self._empty(), within=within)
        if self._begun != day.day:
            self._begun = day.day
            here = (line for line in lines if line.where not in ("left", "no_show", "asked"))
            visits.key = next(here, lines[0]).key if lines else ""
        for rule in ("#rule", "#rule2"):
            self.query_one(rule, Lines).set_lines(["-" * self.size.width])
        self.query_one("#tomorrow", Lines).set_lines([f" {self.teller.tomorrow(day.tomorrow, self.size.width - 1)}"])
        self._show_detail()

    def _empty(self) -> str:
        return self.w("today.empty_mine" if self.only_mine else "today.empty")

    def _show_title(self) -> None:
        now, day = self.shell.now(), self.day
        stamp = f"{day.isoformat()} {say_weekday(day, self.w)}"
        name = say_day(day, now.date(), self.w)
        if day == now.date():
            what = f"{self.w('today.title')} {stamp} {now:%H:%M}"
        else:
            what = stamp if name[-5:] in stamp else f"{name} {stamp}"
        mine = self.w("today.mine") if self.only_mine else ""
        self.headline = "  ".join(part for part in (what, mine) if part)

    def _row(self, line: VisitLine, room: int) -> Row:
        """A visit's row, what is wrong with it in so many cells."""
        teller = self.teller
        tier = [self.w.name(line.mark) if line.mark else ""] if self.session.policy.tiers else []
        cells = (
            f"{line.at:%H:%M}" if line.at else "-",
            *tier,
            line.client,
            str(line.headcount),
            teller.by(line),
            line.met_by or "-",
            teller.cars(line),
            " ".join(line.hosts) or "-",
            teller.where(line),
            f"{line.done}/{line.total}" if line.total else "-",
            teller.alerts(line, room),
        )
        style = "dim" if line.where in ("left", "no_show", "asked") else ""
        return Row(line.key, cells, style, find=(*line.find, line.number, *line.hosts))

    # -- the chosen visit ----------------------------------------------------------------------------------

    def chosen(self) -> VisitLine | None:
        """The visit under the cursor."""
        key = self.query_one("#visits", LineList).key
        lines = self.shown.lines if self.shown else ()
        return next((line for line in lines if line.key == key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        if self.query_one_optional("#detail") is None:
            return
        line, teller = self.chosen(), self.teller
        detail, pane = self.query_one("#detail", Lines), self.query_one("#pane", Lines)
        if pane.display:
            told = teller.pane(line, pane.size.width - 3, pane.size.height) if line and pane.size.width else []
            bars = max(len(told), pane.size.height)
            pane.set_lines([abreast("| ", told[at] if at < len(told) else "") for at in range(bars)])
        else:
            detail.set_lines(teller.detail(line, self.size.width, self._task_rows) if line else [])
        trouble = teller.trouble(line, self.size.width - 2) if line else ""
        self.note(f" {trouble or cut(self._told, self.size.width - 2, ellipsis=True)}")

    def barred(self, verb: str) -> str | None:
        """Why the actor may not, as it was when the day was read; the service has the last word."""
        line = self.chosen()
        code = line.refusals.get(verb) if line is not None else None
        return self.w(f"refused.{code}") if code else None

    def short(self, command: Command[Any]) -> str:
        line = self.chosen() if command.tail == "next_state" else None
        if line is not None and line.where in STEPS:
            width = max(cell_len(self.w(f"today.step.{step}")) for step, *_ in STEPS.values())
            return pad(self.w(f"today.step.{STEPS[line.where][0]}"), width)  # what follows stays in its place
        return super().short(command)

    # -- commands ------------------------------------------------------------------------------------------

    def do_open(self) -> None:
        """Enter: everything of the visit."""
        line = self.chosen()
        if line is not None:
            self.shell.open("visit", line.visit)

    def why_not_next_state(self) -> str | None:
        """The guests must be somewhere on their way, and the actor have a part in it."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        if line.where not in STEPS:
            return self.w("today.no_next", state=self.w(f"today.where.{line.where}"))
        return self.barred(STEPS[line.where][1])

    def do_next_state(self) -> None:
        """Space: the guests are one step further; what was said by mistake can be taken back."""
        line = self.chosen()
        if line is None:
            return
        from models.services import day_verbs

        self._say_of(line, day_verbs.next_leg)

    def _say_of(self, line: VisitLine, verb: Callable[..., Done]) -> None:
        """Do a verb of the services to the line's group."""
        session, leg = self.session, line.leg
        if leg is not None:
            self.write(lambda: verb(session, leg, expected=line.version), self._done)

    def _done(self, done: Done) -> None:
        self.say(self.w.text(done.message))

    def why_not_delay(self) -> str | None:
        """Only guests not yet here, or not gone yet, can be late."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        late = ("met", "on_site") if line.going else ("planned", "on_way")
        return self.barred("track") if line.where in late else self.w("today.not_expected")

    async def do_delay(self) -> None:
        """A new time of arrival or departure, or so many minutes more."""
        from screens.kit.form_dialog import delayed

        line = self.chosen()
        if line is None or line.leg is None:
            return
        title = self.w("today.delay_title", client=line.client)
        await delayed(
            self, line.visit, line.leg, title=title, at=line.due, expected=lambda: (self.chosen() or line).version
        )

    def why_not_no_show(self) -> str | None:
        """They must be due, and the policy of rights let the actor say so."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        if not line.going and line.due > self.shell.now():
            return self.w("refused.not_yet_due")
        return self.barred("miss") if line.where in BACK or line.where == "planned" else self.w("today.no_no_show")

    def do_no_show(self) -> None:
        """Nobody of them came."""
        line = self.chosen()
        if line is not None:
            from models.services import day_verbs

            self._say_of(line, day_verbs.miss_leg)

    def why_not_take_back(self) -> str | None:
        """Something must have been said of these guests that can be taken back."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        if line.where in ("planned", "asked"):
            return self.w("refused.nothing_said")
        verb = "miss" if line.where == "no_show" else "take_back" if line.state == "done" else "track"
        return self.barred(verb)

    def do_take_back(self) -> None:
        """Undo what was said of these guests last: on their way, here, met, on site, gone, not come."""
        line = self.chosen()
        if line is not None:
            from models.services import day_verbs

            self._say_of(line, day_verbs.back_leg)

    def do_change(self) -> None:
        """Another time, number of guests or first guest, with what that touches."""
        line = self.chosen()
        if line is not None:
            self.shell.open("change", line.visit)

    async def do_note(self) -> None:
        """A dated remark on the visit."""
        line = self.chosen()
        if line is not None:
            from models.services import day_verbs
            from screens.kit.dialogs import Ask

            text = await self.answer(Ask(self.w("today.note_title", client=line.client)))
            if text:
                session = self.session
                self.write(lambda: day_verbs.note(session, line.visit, text), self._done)

    def go_day(self, day: date) -> None:
        """Another day; today again turns at midnight by itself."""
        self.chosen_day = None if day == self.shell.now().date() else day
        self.reload()

    def do_mine(self) -> None:
        """Only what the actor has a part in, or all."""
        self.only_mine = not self.only_mine
        if self.shown is not None:
            self.show(self.shown)


def _notices(session: Session) -> Notices:
    from models.queries.stand_in_lists import notices  # after the first paint

    return notices(session)
