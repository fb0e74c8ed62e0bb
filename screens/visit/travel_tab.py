"""The tab of travel: how each group of guests comes and goes, where it is now, who meets it with which car."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from models.queries.visit_arrangements import LegLine, Meeter, meeters
from models.queries.visit_detail import VisitDetail
from models.services import day_verbs
from models.services.day_verbs import Journey
from models.services.validate import joined
from models.services.visit_form import MODES
from models.services.visits import Done
from models.words import Name, Words, cell_len
from models.words.dates import say_moment, say_moments
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.commands import Command
from screens.kit.fields import (
    Field,
    MomentField,
    NamesField,
    NumberField,
    PlateField,
    Rank,
    TextField,
    nearest,
    odd_plates,
)
from screens.kit.form_dialog import delayed
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.tab import VisitPage, VisitTab

Way = Literal["arrival", "departure"]
_NEXT = {"planned": "on_way", "on_way": "here", "here": "met", "met": "on_site"}


def _row(page: VisitPage, line: LegLine) -> Row:
    w = page.w
    cells = (
        w(f"travel.short.{line.way}"),
        group(w, line),
        line.number or (w(f"today.mode.{line.mode}") if line.mode else "-"),
        line.place or "-",
        _time(line),
        w(f"travel.state.{line.state}"),
        line.met_by or "-",
        " ".join(ride.car for ride in line.rides) or "-",
    )
    return Row(str(line.id), cells, "dim" if line.state in ("left", "no_show") else "", find=line.guests)


def group(w: Words, line: LegLine) -> str:
    """Who is in it: names, else how many."""
    if line.guests:
        return w.name(joined([Name.of(name) for name in line.guests]))
    return w("travel.all") if line.alone else w("travel.people", n=line.people)


def _time(line: LegLine) -> str:
    if line.planned is None:
        return f"{line.at:%m-%d %H:%M}" if line.at else "-"
    later = line.expected
    if later is None:
        return f"{line.planned:%m-%d %H:%M}"
    same = later.date() == line.planned.date()
    return f"{line.planned:%m-%d %H:%M}>{later:%H:%M}" if same else f"{line.planned:%d %H:%M}>{later:%d %H:%M}"


def _named(guests: Checks | NamesField) -> tuple[str, ...]:
    """Who was ticked, in the form's order, or typed."""
    if isinstance(guests, Checks):
        return tuple(option.key for option in guests.options if option.key in guests.value)
    return guests.names


class TravelTab(VisitTab):
    """What can be done with the chosen group."""

    TAB = "travel"

    def table_columns(self) -> list[Column]:
        """Way, group, by what, where, planned and expected time, state, who meets them, the car."""
        page = self.page
        w = page.w
        states = [w(f"travel.state.{state}") for state in (*_NEXT, "on_site", "left", "no_show")]
        return [
            Column("", max(cell_len(w(f"travel.short.{way}")) for way in ("arrival", "departure"))),
            Column(w("travel.group"), 12),
            Column(w("travel.by"), 8, "data"),
            Column(w("travel.place"), 9, wide=78),
            Column(w("travel.time"), 17, "data"),
            Column(w("travel.where"), max(map(cell_len, states))),
            Column(w("travel.met_by"), 6, wide=70),
            Column(w("travel.car"), 0, "data"),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """All groups, arrivals first, in order of time."""
        page = self.page
        return [_row(page, line) for line in whole.travel]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen group in full: who and how many, where and when, by whom and with which car, the ticket."""
        page = self.page
        line = next((each for each in whole.travel if str(each.id) == key), None)
        if line is None:
            return []
        w, today = page.w, page.shell.now().date()
        people = w("travel.people", n=line.people)
        who = [w(f"travel.{line.way}"), group(w, line), *([people] if line.guests or line.alone else [])]
        by = [w(f"today.mode.{line.mode}") if line.mode else "", line.number]
        at = say_moments([moment for moment in (line.planned, line.expected) if moment], today, w)
        if line.expected:
            at[-1] = w("travel.expected", at=at[-1])
        met = w("travel.met_with", who=line.met_by, phone=line.met_phone).rstrip() if line.met_by else ""
        call = w("travel.call", phone=line.phone) if line.phone else ""
        odd = odd_plates(line.plates, w)
        plates = (
            " ".join([w("travel.plates", plates=line.plates), *([f"! {odd}"] if odd else [])]) if line.plates else ""
        )
        cars = [
            " ".join(part for part in (ride.car, w.people([ride.driver]), ride.phone) if part) for ride in line.rides
        ]
        bought = say_moment(line.ticketed_at, today, w) if line.ticketed_at else ""
        ticket = w("travel.ticket", ticket=line.ticket, at=bought) if line.ticket else ""
        lines = ([*who, *by], [*at, line.place, line.terminal, met], [*cars, ticket, call, plates])
        return [f" {'  '.join(part for part in parts if part)}" for parts in lines]

    def chosen_leg(self) -> LegLine | None:
        """The group under the cursor."""
        lines = self.whole.travel if self.whole else ()
        return next((each for each in lines if str(each.id) == self.key), None)

    def _say_of(self, verb: Callable[..., Done]) -> None:
        line, session, seen = self.chosen_leg(), self.session, self.page.seen
        if line is not None:
            self.page.write(lambda: verb(session, line.id, expected=seen), self.page.done)

    def leg_step(self) -> str:
        """Where the chosen group is next, "" where there is no next step."""
        line = self.chosen_leg()
        if line is None:
            return ""
        return _NEXT.get(line.state, "") if line.way == "arrival" else "left" if line.state == "planned" else ""

    def short(self, command: Command[Any]) -> str | None:
        step = self.leg_step() if command.tail == "leg_next" else ""
        return self.w(f"today.step.{step}") if step else None

    def why_not_next(self) -> str | None:
        """There must be a next step, and the actor have a part in the visit."""
        line = self.chosen_leg()
        if line is not None and not self.leg_step():
            state = self.w(f"travel.state.{line.state}")
            return self.barred("track") or self.w("refused.leg_at_end", state=state)
        return self.barred("seen_off" if line is not None and line.way == "departure" else "track")

    def do_next(self) -> None:
        """Space: the group is one step further."""
        self._say_of(day_verbs.next_leg)

    def why_not_back(self) -> str | None:
        """Something must have been said of the group."""
        line = self.chosen_leg()
        if line is not None and line.state == "planned":
            return self.w("refused.nothing_said")
        over = self.whole is not None and self.whole.state == "done"
        verb = "miss" if line is not None and line.state == "no_show" else "take_back" if over else "track"
        return self.barred(verb)

    def do_back(self) -> None:
        """Backspace: the last step was said by mistake."""
        self._say_of(day_verbs.back_leg)

    def do_miss(self) -> None:
        """This group did not come; said by mistake, it can be taken back."""
        self._say_of(day_verbs.miss_leg)

    async def do_delay(self) -> None:
        """A new time, or so many minutes more."""
        line = self.chosen_leg()
        if line is None or line.at is None:
            return
        title = self.w("travel.delay_title", who=group(self.w, line), at=f"{line.at:%H:%M}")
        await delayed(self.page, self.page.visit_id, line.id, title=title, at=line.at, expected=lambda: self.page.seen)

    async def do_change(self) -> None:
        """Enter: all that is known of the group's way."""
        line, session = self.chosen_leg(), self.session
        if line is None:
            return
        way: Way = "arrival" if line.way == "arrival" else "departure"
        title = f"{self.w(f'travel.{way}')}  {group(self.w, line)}"
        session = self.page.session
        found = await self.page.shell.thread(lambda: meeters(session))
        await self._journey(
            title,
            way,
            line,
            found,
            lambda typed: day_verbs.change_leg(session, line.id, typed, expected=self.page.seen),
        )

    async def do_add(self) -> None:
        """F4: a group that comes, or goes, on its own: as the one under the cursor."""
        line, session = self.chosen_leg(), self.session
        way: Way = "departure" if line is not None and line.way == "departure" else "arrival"
        session = self.page.session
        found = await self.page.shell.thread(lambda: meeters(session))
        title = self.w(f"travel.add_{way}")
        await self._journey(
            title,
            way,
            None,
            found,
            lambda typed: day_verbs.add_leg(session, self.page.visit_id, way, typed, expected=self.page.seen),
        )

    async def _journey(
        self, title: str, way: Way, line: LegLine | None, found: tuple[Meeter, ...], save: Callable[[Journey], Done]
    ) -> None:
        w, today = self.w, self.page.shell.now().date()

        def label(field: str) -> str:
            return w(f"travel.field.{field}")

        def day() -> tuple[date, Rank] | None:
            return self._near(way, line)

        named = [Option(mode, w(f"today.mode.{mode}") if mode else w("travel.unknown")) for mode in MODES]
        choices = [Row(str(each.person), (each.name, each.phone), find=each.find) for each in found]
        mode = Choice(label("mode"), named, line.mode if line else "", inline=True, id="mode")
        number = TextField(label("number"), line.number if line else "", id="number", max_length=40)
        place = TextField(label("place"), line.place if line else "", id="place")
        terminal = TextField(label("terminal"), line.terminal if line else "", id="terminal")
        at = MomentField(label("at"), line.at if line else None, today=today, anchor=day, id="at")
        met = str(line.meeter) if line and line.meeter else ""
        meeter = Pick(label(f"meeter_{way}"), choices, met, columns=(Column("", 16), Column()), id="meeter")
        phone = TextField(label("phone"), line.phone if line else "", id="phone", max_length=40)
        plates = PlateField(label("plates"), line.plates if line else "", id="plates")
        guests = self._who(label("guests"), line)
        unnamed = line is not None and line.people != len(line.guests)
        people = NumberField(label("people"), line.people if line and unnamed else None, id="people")
        group_fields: list[Field] = [] if line is not None and line.own else [guests, people]

        def journey() -> Journey:
            return Journey(
                mode.value, number.value, place.value, terminal.value, at.value, _named(guests), people.value,
                int(meeter.value) if meeter.value else None, phone.value, plates.value,
            )  # fmt: skip

        fields = [*group_fields, mode, number, place, terminal, at, meeter, phone, plates]
        await self.page.filled(title, fields, lambda _: save(journey()))

    def _who(self, label: str, line: LegLine | None) -> Checks | NamesField:
        """The guests to tick; names to type where the form has none."""
        form = self.whole.form if self.whole else None
        had = line.guests if line else ()
        names = dict.fromkeys([*(guest.name for guest in (form.guests if form else ()) if guest.name), *had])
        if not names:
            return NamesField(label, id="guests")
        return Checks(label, [Option(name, name) for name in names], had, id="guests")

    def _near(self, way: Way, line: LegLine | None) -> tuple[date, Rank] | None:
        """What a time typed alone is near to: the group's time, else when the visit begins or ends."""
        whole = self.whole
        usual = (whole.comes if way == "arrival" else whole.goes) if whole else None
        return nearest(line.at if line is not None and line.at is not None else usual)

    async def do_remove(self) -> None:
        """Del: the group comes or goes with the others."""
        line, session, seen = self.chosen_leg(), self.session, self.page.seen
        if line is not None:
            await self.page.edit(lambda: day_verbs.remove_leg(session, line.id, expected=seen))

    async def do_ticket(self) -> None:
        """The ticket that was bought for the way back; emptied, none was."""
        line, session = self.chosen_leg(), self.session
        if line is not None:
            text = TextField(self.w("travel.field.ticket"), line.ticket, id="ticket")
            title = self.w("travel.ticket_title", who=group(self.w, line))
            await self.page.entered(
                title, [text], lambda: day_verbs.ticket(session, line.id, text.value, expected=self.page.seen)
            )
