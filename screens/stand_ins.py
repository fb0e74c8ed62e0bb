"""Stand-ins and absences: who is away from when until when, and who acts for them; opened from the Register."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.stand_in_lists import StandInLine, StandInList, StandInPerson, stand_in_list
from models.services.stand_in_verbs import StandInEntry, end_stand_in, give_stand_in
from models.services.validate import joined
from models.words import Words
from models.words.dates import say_day
from models.words.wrapping import wrap
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.dialogs import Confirm
from screens.kit.fields import DayField, Field, TextField
from screens.kit.form_dialog import FormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

DETAIL = 2
ALL = ""
"""What is chosen for every tier."""


class StandInsScreen(Page):
    """All that hold or are to come."""

    WHERE = "stand_ins"
    popup = True

    def __init__(self) -> None:
        super().__init__()
        self.shown: StandInList | None = None
        self.follow = ""
        """The row to which the cursor goes once it is there: one just entered."""

    @property
    def today(self) -> date:
        """The day seen from which they hold."""
        return self.shell.now().date()

    @property
    def listed(self) -> LineList:
        """The list of them."""
        return self.query_one("#stand_ins", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="stand_ins")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: stand_in_list(session), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: StandInList) -> None:
        """Fill the page."""
        self.shown = found
        self.headline = self.w("stand_ins.title", n=len(found.lines))
        self.listed.set_columns(self._columns())
        self.listed.set_rows([self._row(line) for line in found.lines], empty=self.w("stand_ins.empty"))
        if any(str(line.id) == self.follow for line in found.lines):
            self.listed.key, self.follow = self.follow, ""
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _columns(self) -> list[Column]:
        tier = [Column(self.w("stand_ins.up_to"), 12)] if self.session.policy.tiers else []
        return [
            Column(self.w("stand_ins.whom"), 10),
            Column(self.w("stand_ins.who"), 10),
            Column(self.w("stand_ins.since"), 10, "data"),
            Column(self.w("stand_ins.until"), 10, "data"),
            *tier,
            Column(self.w("stand_ins.posts"), 0, wide=70),
        ]

    def _row(self, line: StandInLine) -> Row:
        who = self.w.people([line.who]) if line.who else self.w("stand_ins.nobody")
        tier = [self.w.name(line.tier) if line.tier else self.w("stand_ins.any")] if self.session.policy.tiers else []
        posts = self.w.name(joined(line.posts)) if line.posts else self.w("stand_ins.all_posts")
        cells = (self.w.people([line.whom]), who, self._day(line.since), self._day(line.until), *tier, posts)
        return Row(str(line.id), cells, "" if line.now(self.today) else "dim", find=line.find)

    def _day(self, day: date) -> str:
        return say_day(day, self.today, self.w)

    def line(self) -> StandInLine | None:
        """The one under the cursor."""
        return (
            next((each for each in self.shown.lines if str(each.id) == self.listed.key), None) if self.shown else None
        )

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.line()
        self.query_one("#detail", Lines).set_lines(self._detail(line) if line else [])

    def _detail(self, line: StandInLine) -> list[str]:
        away = self.w("stand_ins.is_away" if line.away else "stand_ins.is_here", who=line.whom)
        posts = self.w.name(joined(line.posts)) if line.posts else self.w("stand_ins.all_posts")
        said = [away, posts, line.reason, self.w("stand_ins.made_by", who=line.made_by)]
        return [f" {text}" for text in wrap("  ".join(part for part in said if part), self.size.width - 2)[:DETAIL]]

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_end(self) -> str | None:
        """One must be under the cursor that the actor may end."""
        line = self.line()
        if line is None:
            return self.w("stand_ins.none_chosen")
        return self.w(f"refused.{line.refused}") if line.refused else None

    async def do_add(self) -> None:
        """Enter an absence, a stand-in, or both at once."""
        found = self.shown
        if found is None:
            return
        entry = _Entry(self, found)
        given = await self.answer(entry.box)
        if given is None:
            return
        self.follow = str(given)
        self.say(self.w("stand_ins.given"))

    async def do_end(self) -> None:
        """From now on it holds no more; asked first."""
        line, session = self.line(), self.session
        if line is None:
            return
        title = self.w("stand_ins.end_asked", whom=line.whom)
        if await self.answer(Confirm(title, self.w("stand_ins.end_yes"), self.w("kit.no"))):
            self.write(lambda: end_stand_in(session, line.id), lambda _: self.say(self.w("stand_ins.ended")))


class _Entry:
    """The fields of one that is entered, and the box they stand in. Who may enter only their own is not asked whose."""

    def __init__(self, page: StandInsScreen, found: StandInList) -> None:
        w, today = page.w, page.today
        self.session, self.found, actor = page.session, found, page.session.actor.person
        rows = [person_row(each, w) for each in found.people]
        mine = str(actor) if any(each.id == actor for each in found.people) else ""
        self.whom = Pick(w("stand_ins.whom"), rows, mine, columns=PERSON, id="whom")
        self.who = Pick(w("stand_ins.who"), rows, columns=PERSON, id="who")
        self.since = DayField(w("stand_ins.since"), today, today=lambda: today, id="since")
        self.until = DayField(w("stand_ins.until"), None, today=lambda: today, id="until")
        away = [Option("away", w("stand_ins.away")), Option("here", w("stand_ins.here"))]
        self.away = Choice(w("stand_ins.state"), away, "away", inline=True, id="away")
        tiers = [Option(ALL, w("stand_ins.any")), *(Option(t.id, w.name(t.name)) for t in self.session.policy.tiers)]
        self.tier = Choice(w("stand_ins.up_to"), tiers, ALL, inline=True, id="tier")
        self.posts = Checks(w("stand_ins.posts"), self._posts(page, mine), id="posts")
        self.reason = TextField(w("stand_ins.reason"), "", id="reason")
        fields: list[Field] = [
            *([] if found.refused else [self.whom]), self.who, self.since, self.until, self.away,
            *([self.tier] if self.session.policy.tiers else []), self.reason,
        ]  # fmt: skip
        if len(self.posts.options) > 1:
            fields.insert(-1, self.posts)
        self.box = FormDialog(
            w("stand_ins.add_title"), fields, self._save, needed=[self.until], text=w("stand_ins.add_text")
        )

    def _posts(self, page: StandInsScreen, whom: str) -> list[Option]:
        """The posts of whom it is for: asked only of those who have several, and of one's own."""
        held = next((each.posts for each in self.found.people if str(each.id) == whom), ())
        return [Option(post, page.w.name(name)) for post, name in held]

    def _save(self) -> int:
        whom = int(self.whom.value or 0)
        until, since = self.until.value, self.since.value
        assert until is not None
        own = whom == self.session.actor.person
        return give_stand_in(
            self.session,
            StandInEntry(
                for_person=whom,
                person=int(self.who.value) if self.who.value else None,
                since=since or self.session.now().date(),
                until=until,
                posts=tuple(key for key in (o.key for o in self.posts.options) if key in self.posts.value and own),
                tier=self.tier.value or None,
                away=self.away.value == "away",
                reason=self.reason.value,
            ),
        )


PERSON = (Column("", 12), Column())
"""The columns of a row to choose a person by."""


def person_row(person: StandInPerson, w: Words) -> Row:
    """Somebody to choose, with their posts."""
    return Row(str(person.id), (person.name, w.name(joined([name for _, name in person.posts]))), find=person.find)
