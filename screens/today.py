"""Today: who comes when and how, who meets them, what is wrong; below, all that hurts of the chosen visit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from textual.app import ComposeResult

from models.policy.parties import party_name
from models.queries.today import Day, Due, today
from models.queries.today import Line as VisitLine
from models.services import life, rights
from models.services.desk import Desk
from models.services.visits import Done
from models.words import Name, Unreadable, cell_len, pad
from models.words.dates import parse_date, parse_time, say_day, say_moment, say_span, say_weekday
from models.words.money import say_money
from screens.kit.dialogs import Ask
from screens.kit.linelist import Column, LineList, Row
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.text import Line

DETAIL = 5
LABEL = 9
NEXT_PLACE = {"planned": "on_way", "on_way": "here", "here": "met", "met": "on_site", "on_site": "left"}


class Today(Page):
    """The coordinator's screen: opened at 7:50 and looked at all day."""

    WHERE = "today"

    def __init__(self) -> None:
        super().__init__()
        self.chosen_day: date | None = None
        self.only_mine = False
        self.shown: Day | None = None

    @property
    def desk(self) -> Desk:
        """Who acts, when, by which policy."""
        return cast(Desk, self.shell.desk)

    @property
    def day(self) -> date:
        """The day shown; without a choice it turns at midnight by itself."""
        return self.chosen_day or self.shell.now().date()

    def body(self) -> ComposeResult:
        yield LineList(self._columns(), empty=self.w("today.empty"), id="visits")
        for name, height in (("rule", 1), ("detail", DETAIL), ("rule2", 1), ("tomorrow", 1)):
            lines = Lines(id=name)
            lines.styles.height = height
            yield lines

    def _columns(self) -> list[Column]:
        columns = [Column(self.w("today.time"), 5)]
        if self.desk.policy.tiers:
            width = max(cell_len(self.w.name(tier)) for tier in self._marks().values()) if self._marks() else 2
            columns.append(Column(self.w("today.tier"), max(2, width)))
        return [
            *columns,
            Column(self.w("today.client"), 18),
            Column(self.w("today.headcount"), 3, ">"),
            Column(self.w("today.by"), 8, wide=78),
            Column(self.w("today.met_by"), 10, wide=78),
            Column(self.w("today.host"), 14, wide=110),
            Column(self.w("today.state"), 6),
            Column(self.w("today.tasks"), 5, ">"),
            Column(self.w("today.alerts"), 0),
        ]

    def _marks(self) -> dict[str, Name]:
        lines = self.shown.lines if self.shown else ()
        return {line.tier: line.mark for line in lines if line.tier and line.mark}

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        desk, day, now = self.desk, self.day, self.shell.now()
        self._show_title()
        self.read(lambda: today(day, now, desk.policy, desk.actor.person), self.show)

    def minute(self, now: datetime) -> None:
        self.reload()

    def show(self, day: Day) -> None:
        """Fill the screen with the day."""
        self.shown = day
        self._show_title()
        visits = self.query_one("#visits", LineList)
        lines = [line for line in day.lines if line.mine or not self.only_mine]
        visits.set_columns(self._columns())
        visits.set_rows([self._row(line) for line in lines], empty=self._empty())
        for rule in ("#rule", "#rule2"):
            self.query_one(rule, Lines).set_lines(["-" * self.size.width])
        self.query_one("#tomorrow", Lines).set_lines([self._tomorrow(day)])
        self._show_detail()

    def _empty(self) -> str:
        return self.w("today.empty_mine" if self.only_mine else "today.empty")

    def _show_title(self) -> None:
        now, day = self.shell.now(), self.day
        what = self.w("today.title" if day == now.date() else "today.title_other", day=say_day(day, now.date(), self.w))
        stamp = f"{day.isoformat()} {say_weekday(day, self.w)}" if day == now.date() else day.isoformat()
        mine = self.w("today.mine") if self.only_mine else ""
        self.headline = "  ".join(part for part in (f"{what} {stamp} {now:%H:%M}", mine) if part)

    def _row(self, line: VisitLine) -> Row:
        tier = [self.w.name(line.mark) if line.mark else ""] if self.desk.policy.tiers else []
        mode, number = line.by
        by = number or (self.w(f"today.mode.{mode}") if mode in ("plane", "train", "car", "other") else "")
        cells = (
            "" if line.at.time() == time() else f"{line.at:%H:%M}",
            *tier,
            line.client,
            str(line.headcount),
            f"{self.w('today.going')}{' ' + by if by else ''}" if line.going and line.where != "left" else by or "-",
            line.met_by or "-",
            " ".join(line.hosts) or "-",
            self.w(f"today.where.{line.where}"),
            f"{line.done}/{line.total}" if line.total else "-",
            " ".join(self._alerts(line)),
        )
        style = "dim" if line.where in ("left", "no_show", "asked") else ""
        return Row(str(line.visit), cells, style, find=line.find)

    def _alerts(self, line: VisitLine) -> list[str]:
        """What is wrong, what hurts first in front, in a few cells each."""
        counts = {
            "late": len(line.late),
            "overdue_guest": int(line.where in ("planned", "on_way") and line.at < self.shell.now()),
            "no_host": int(not line.hosts and line.where not in ("left", "no_show")),
            "unassigned": line.unassigned,
            "unconfirmed": line.unconfirmed,
        }
        return [self.w(f"today.alert.{code}", n=n) for code, n in counts.items() if n]

    def _tomorrow(self, day: Day) -> str:
        ahead = day.tomorrow
        name = say_day(ahead.day, self.shell.now().date(), self.w)
        if not ahead.visits or ahead.first_at is None:
            return " " + self.w("today.nothing_ahead", day=name)
        tier = self.w.name(ahead.first_tier) if ahead.first_tier else ""
        return " " + self.w(
            "today.ahead", day=name, n=ahead.visits, guests=ahead.guests, time=f"{ahead.first_at:%H:%M}",
            client=ahead.first_client, tier=tier,
        ).rstrip()  # fmt: skip

    # -- the chosen visit ----------------------------------------------------------------------------------

    def chosen(self) -> VisitLine | None:
        """The visit under the cursor."""
        key = self.query_one("#visits", LineList).key
        lines = self.shown.lines if self.shown else ()
        return next((line for line in lines if str(line.visit) == key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.chosen()
        self.query_one("#detail", Lines).set_lines(self._detail(line) if line else [])

    def _detail(self, line: VisitLine) -> list[Line]:
        who = " ".join(part for part in (line.principal, line.principal_post) if part)
        head = [line.number, line.client, self.w("today.party", who=who, n=line.headcount) if who else ""]
        host = self.w("today.hosted", who=" ".join(line.hosts)) if line.hosts else self.w("today.no_host")
        lines: list[Line] = [f" {'  '.join(part for part in (*head, host) if part)}"]
        lines.append(self._labelled("next", [self._next(line)] if line.next else []))
        lines.append(self._labelled("late", [self._say_task(due) for due in line.late], "alert" if line.late else ""))
        lines.append(self._labelled("soon", [self._say_task(due) for due in line.soon]))
        costs = self.w("today.costs", planned=self._money(line.planned), actual=self._money(line.actual))
        now = self.shell.now()
        note = f"{say_moment(line.note.at, now.date(), self.w)} {line.note.text}" if line.note else ""
        said = self.w("today.noted", note=note) if note else ""
        lines.append(self._labelled("cost", [part for part in (costs, said) if part]))
        return lines

    def _labelled(self, label: str, parts: list[str], style: str = "") -> Line:
        name = pad(f" {self.w(f'today.label.{label}')}", LABEL)
        return [(name, style or "dim"), ("   ".join(parts) or "-", "")]

    def _next(self, line: VisitLine) -> str:
        step = line.next
        if step is None:
            return ""
        name = self.w.name(self.desk.policy.name_of(step.stage))
        at = f"{step.at:%H:%M}" if step.at and step.at.date() == self.day else ""
        if step.at and step.at.date() != self.day:
            at = say_moment(step.at, self.shell.now().date(), self.w)
        left = ""
        if step.at:
            seconds = (step.at - self.shell.now()).total_seconds()
            left = self.w("today.left" if seconds >= 0 else "today.past", span=say_span(seconds, self.w))
        return " ".join(part for part in (at, name, step.place, step.people) if part) + (f"   {left}" if left else "")

    def _say_task(self, due: Due) -> str:
        party = self.w.name(party_name(self.desk.policy, due.party))
        same = due.due.date() == self.day
        when = f"{due.due:%H:%M}" if same else say_moment(due.due, self.shell.now().date(), self.w)
        return " ".join(part for part in (party, self.w.name(due.text), when, due.assignee) if part)

    def _money(self, minor: int) -> str:
        return say_money(minor, self.desk.policy.currency.minor)

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_open(self) -> str | None:
        """There must be a visit under the cursor."""
        return None if self.chosen() else self.w("today.none_chosen")

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
        if line.where not in NEXT_PLACE:
            return self.w("today.no_next", state=self.w(f"today.where.{line.where}"))
        return None

    def do_next_state(self) -> None:
        """Space: the guests are one step further; what was said by mistake can be taken back."""
        line = self.chosen()
        if line is None:
            return
        desk, place = self.desk, NEXT_PLACE[line.where]
        if place == "left":
            self.write(lambda: life.seen_off(desk, line.visit, seen=line.version), self._done)
        elif place == "met":
            self.write(lambda: life.met(desk, line.visit, seen=line.version), self._done)
        elif place == "on_site":
            self.write(lambda: life.track(desk, line.visit, "on_site", seen=line.version), self._done)
        else:
            state: life.Place = "on_way" if place == "on_way" else "here"
            self.write(lambda: life.track(desk, line.visit, state, seen=line.version), self._done)

    def _done(self, done: Done) -> None:
        self.say(self.w.text(done.message))

    def why_not_delay(self) -> str | None:
        """Only guests not yet here can be late."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        return None if line.where in ("planned", "on_way") else self.w("today.not_expected")

    async def do_delay(self) -> None:
        """A new time of arrival, or so many minutes more."""
        line = self.chosen()
        if line is None:
            return
        typed = await self.answer(
            Ask(self.w("today.delay_title", client=line.client), label=self.w("today.delay_label"),
                check=lambda text: self._delay_error(text, line.at), max_length=20)
        )  # fmt: skip
        if typed is not None:
            desk, at = self.desk, delayed(typed, line.at)
            state: life.Place = "on_way" if line.where == "on_way" else "planned"
            self.write(
                lambda: life.track(desk, line.visit, state, seen=line.version, expected=at),
                self._done,
            )

    def _delay_error(self, text: str, at: datetime) -> str | None:
        try:
            delayed(text, at)
        except Unreadable as error:
            return self.w.text(error.phrase)
        return None

    def why_not_no_show(self) -> str | None:
        """Whether the policy of rights lets the actor say so."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        return None if line.state == "approved" else self.w("today.no_no_show")

    def do_no_show(self) -> None:
        """Nobody came."""
        line, desk = self.chosen(), self.desk
        if line is not None:
            self.write(lambda: life.no_show(desk, line.visit, seen=line.version), self._done)

    def why_not_take_back(self) -> str | None:
        """Something must have been said of these guests that can be taken back."""
        line = self.chosen()
        if line is None:
            return self.w("today.none_chosen")
        code = rights.may(self.desk, "take_back", line.visit)
        return self.w(f"refused.{code}") if code else None

    def do_take_back(self) -> None:
        """Undo what was said of the guests: met, seen off, nobody came."""
        line, desk = self.chosen(), self.desk
        if line is not None:
            self.write(lambda: life.take_back(desk, line.visit, seen=line.version), self._done)

    def why_not_note(self) -> str | None:
        """There must be a visit under the cursor."""
        return self.why_not_open()

    async def do_note(self) -> None:
        """A dated remark on the visit."""
        line = self.chosen()
        if line is not None:
            text = await self.answer(Ask(self.w("today.note_title", client=line.client)))
            if text:
                desk = self.desk
                self.write(lambda: life.note(desk, line.visit, text), self._done)

    def why_not_new(self) -> str | None:
        """Somebody registered must act."""
        code = rights.may(self.desk, "new")
        return self.w(f"refused.{code}") if code else None

    def do_new(self) -> None:
        """A new request."""
        self.shell.open("wizard")

    def do_earlier(self) -> None:
        """The day before."""
        self._go_to(self.day - timedelta(days=1))

    def do_later(self) -> None:
        """The day after."""
        self._go_to(self.day + timedelta(days=1))

    def do_this_day(self) -> None:
        """Back to today."""
        self._go_to(self.shell.now().date())

    async def do_go_to(self) -> None:
        """Any day, typed: `fri`, `+3`, `12-1`, `周五`."""
        now = self.shell.now().date()

        def check(text: str) -> str | None:
            try:
                parse_date(text, now)
            except Unreadable as error:
                return self.w.text(error.phrase)
            return None

        typed = await self.answer(Ask(self.w("today.go_to"), check=check, max_length=20))
        if typed is not None:
            self._go_to(parse_date(typed, now))

    def _go_to(self, day: date) -> None:
        self.chosen_day = None if day == self.shell.now().date() else day
        self.reload()

    def do_mine(self) -> None:
        """Only what the actor has a part in, or all."""
        self.only_mine = not self.only_mine
        if self.shown is not None:
            self.show(self.shown)


def delayed(text: str, at: datetime) -> datetime:
    """The new time: `+40` minutes later than `at`, else a time typed, on the same day. Raises NotADate."""
    typed = text.strip().replace("＋", "+")
    if typed.startswith("+") and typed[1:].isdigit() and len(typed) <= 4:
        return at + timedelta(minutes=int(typed[1:]))
    return datetime.combine(at.date(), parse_time(text))
