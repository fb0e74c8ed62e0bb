"""Today: who comes when and how, who meets them, what is wrong; beside or below, all that hurts of the chosen visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container

from models.queries.day_lists import STEPS, Day, today
from models.queries.day_lists import Line as VisitLine
from models.words import Name, cell_len, pad
from models.words.dates import say_day, say_weekday
from screens.kit.commands import Command
from screens.kit.days import ByDay
from screens.kit.linelist import Column, LineList, Row, laid_out
from screens.kit.lines import Lines
from screens.kit.text import abreast
from screens.today_said import BY, TodayText

if TYPE_CHECKING:
    from models.services.visit_record import Done

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
            from models.queries import day_lists

            return day_lists.clashing(session, day)

        known = day
        if self.shown is not None:
            from models.queries.day_lists import recalled

            known = recalled(day, self.shown)
        self.show(known)
        self.call_after_refresh(self.read, clashing, self.show, group="clashes")

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
        self.note(f" {teller.trouble(line, self.size.width - 2)}" if line else "")

    def barred(self, verb: str) -> str | None:
        """Why the actor may not, as it was when the day was read; the service has the last word."""
        line = self.chosen()
        code = line.may.get(verb) if line is not None else None
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
            self.write(lambda: verb(session, leg, seen=line.version), self._done)

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
        from screens.delaying import delayed

        line = self.chosen()
        if line is None or line.leg is None:
            return
        title = self.w("today.delay_title", client=line.client)
        await delayed(
            self, line.visit, line.leg, title=title, at=line.due, seen=lambda: (self.chosen() or line).version
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
