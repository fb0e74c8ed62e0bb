"""Register: people and posts, by keyboard: who works here, who holds which post since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from models.errors import Refused
from models.queries.calendar_lists import stands
from models.queries.register_lists import Held, PersonLine, PostLine, register
from models.services import person_verbs
from models.services.session import Session
from models.services.validate import joined
from models.words import Name, Unreadable, cell_len, pad
from models.words.dates import parse_date
from screens.entering import Entered, Given, HoldingDialog, PersonDialog
from screens.kit.dialogs import Ask, Confirm, Note, PickOne
from screens.kit.linelist import Column, Row
from screens.register_view import RegisterView


class Register(RegisterView):
    """The administrator's screen."""

    def barred(self, verb: str) -> str | None:
        """Why the actor may not keep the register."""
        code = self.shown.refused if self.shown else None
        return self.w(f"refused.{code}") if code else None

    def do_view(self) -> None:
        """By post or by person, the cursor on the same thing."""
        person, held, left = self.person(), self.holdings(), self.row_key
        came_from, came_to = self.came
        self.by_person = not self.by_person
        key = str(person.id) if self.by_person and person else ""
        if not self.by_person and held:
            key = f"{held[0].post}/{held[0].id}"
        if left == came_to:
            key = came_from
        if self.shown is not None:
            self.show(self.shown, key)
        self.came = (left, self.row_key)

    async def do_open(self) -> None:
        """Enter: change the person, or fill the post."""
        if self.by_person:
            await self.do_change()
        else:
            await self.do_give()

    async def do_add(self) -> None:
        """A person more."""
        session, typed, wrong = self.session, Entered(), ""
        while True:
            answer = await self.answer(self._sheet(self.w("register.add_title"), typed, wrong))
            if answer is None:
                return
            typed = answer
            same = len(self.shown.namesakes(typed.name)) if self.shown else 0
            said = self.w("register.added_again" if same else "register.added", name=typed.name, n=same)
            wrong = await self._do(partial(self._enter, session, answer), said)
            if not wrong:
                return

    def _enter(self, session: Session, typed: Entered) -> None:
        """Enter the person; the cursor follows."""
        self.follow = str(person_verbs.add_person(session, typed.name, typed.phone))
        self.by_person = True

    async def do_change(self) -> None:
        """Another name or phone."""
        line, session, wrong = self.person(), self.session, ""
        if line is None:
            return
        typed = Entered(line.name, line.phone)
        while line is not None:
            title = self.w("register.change_title", name=line.name)
            answer = await self.answer(self._sheet(title, typed, wrong, line.id))
            if answer is None:
                return
            typed = answer
            wrong = await self._do(self._change(session, line, typed), self.w("register.changed", name=typed.name))
            if not wrong:
                return
            line = self.shown.person(line.id) if self.shown else None

    def _change(self, session: Session, line: PersonLine, typed: Entered) -> Callable[[], object]:
        name = typed.name if typed.name != line.name else None
        phone = typed.phone if typed.phone != line.phone else None
        return partial(person_verbs.change_person, session, line.id, seen=line.version, name=name, phone=phone)

    def _sheet(self, title: str, typed: Entered, wrong: str, person: int | None = None) -> PersonDialog:
        labels = (self.w("register.name"), self.w("register.phone"))
        return PersonDialog(title, labels, typed, lambda name: self._noted(name, person), wrong)

    def _noted(self, name: str, person: int | None) -> str:
        """Who else is called so, by post or phone."""
        same = self.shown.namesakes(name, but=person) if self.shown and name else ()
        if not same:
            return ""
        known = [line.held[0].name if line.held else Name.of(line.phone or "-") for line in same]
        return self.w("register.namesake", name=name, who=joined(known))

    def why_not_give(self) -> str | None:
        """There must be a post, or a person who is switched on; and somebody to hold it."""
        person = self.person() if self.by_person else None
        if self.by_person and person and not person.active:
            return self.w("refused.inactive_person", name=person.name)
        if not self.by_person and self.shown and not any(line.active for line in self.shown.people):
            return self.w("register.nobody")
        return None

    async def do_give(self) -> None:
        """Somebody holds a post from a day on."""
        session, person, post, wrong = self.session, self.person() if self.by_person else None, self.post(), ""
        given = Given()
        while True:
            answer = await self.answer(self._hold_sheet(person, post, given, wrong))
            if answer is None:
                return
            given = answer
            who, what = (person.id, given.key) if person else (int(given.key), post.id if post else "")
            since = given.since or self.today
            said = self.w(
                "register.given", name=self._called(who), post=session.policy.name_of(what), since=since.isoformat()
            )
            wrong = await self._do(partial(person_verbs.give_post, session, who, what, since), said)
            if not wrong:
                return

    def _called(self, person: int) -> str:
        line = self.shown.person(person) if self.shown else None
        return line.name if line else ""

    def _hold_sheet(self, person: PersonLine | None, post: PostLine | None, given: Given, wrong: str) -> HoldingDialog:
        found = self.shown
        since = self.w("register.since_when")
        if person is not None or post is None or found is None:
            rows = [
                Row(line.id, (self.w.name(line.name), self._holders(line)), find=tuple(line.name.all()))
                for line in (found.posts if found else ())
            ]
            title = self.w("register.give_title", name=person.name if person else "")
            return HoldingDialog(title, (self.w("register.post"), since), rows, given, self.today, wrong=wrong)
        rows = [
            Row(str(line.id), (line.name, line.phone), find=line.find)
            for line in found.people
            if line.active
        ]  # fmt: skip
        title = self.w("register.fill_title", post=post.name)
        about = self.w("register.held_now", who=self._holders(post)) if post.held else ""
        labels = (self.w("register.person"), since)
        return HoldingDialog(title, labels, rows, given, self.today, about=about, wrong=wrong)

    def _holders(self, line: PostLine) -> str:
        return self.w.name(joined([Name.of(held.who) for held in line.held]))

    async def do_end(self) -> None:
        """The last day of a holding."""
        held = await self._which()
        if held is None:
            return
        session, wrong, typed = self.session, "", held.until.isoformat() if held.until else ""
        title = self.w("register.end_title", name=held.who, post=held.name)
        while held is not None:
            ask = Ask(
                wrong or title, typed, label=self.w("register.last_day"), check=self._not_before(held), max_length=20
            )
            answer = await self.answer(ask)
            if answer is None:
                return
            typed, until = answer, self._day(answer)
            said = self.w("register.ended", name=held.who, post=held.name, until=until.isoformat())
            wrong = await self._do(partial(person_verbs.end_post, session, held.id, until, seen=held.until), said)
            if not wrong:
                return
            held = self._again(held)

    async def _which(self) -> Held | None:
        """The holding to end; asked where there are several."""
        held = self.holdings()
        if len(held) < 2:
            return held[0] if held else None
        rows = [Row(str(each.id), (self.w.name(each.name), self._span(each))) for each in held]
        key = await self.answer(PickOne(self.w("register.which_post"), rows, (Column("", 26), Column())))
        return next((each for each in held if str(each.id) == key), None)

    def _again(self, held: Held) -> Held | None:
        """The same holding as it is now."""
        line = self.shown.person(held.person) if self.shown else None
        return next((each for each in (*line.held, *line.past) if each.id == held.id), None) if line else None

    def _day(self, text: str) -> date:
        """The day typed, today where nothing is. Raises NotADate."""
        return parse_date(text, self.today) if text.strip() else self.today

    def _not_before(self, held: Held) -> Callable[[str], str | None]:
        def check(text: str) -> str | None:
            try:
                until = self._day(text)
            except Unreadable as error:
                return self.w.text(error.phrase)
            if until < held.since:
                facts = {"until": until.isoformat(), "since": held.since.isoformat()}
                return self.w("refused.until_before_since", **facts)
            return None

        return check

    async def do_switch(self) -> None:
        """Off, so that they hold nothing and cannot act; or on again."""
        line, session = self.person(), self.session
        if line is None:
            return
        posts = [held.name for held in line.held if held.now(self.today)]
        left = await self.shell.thread(lambda: stands(session, line.id)) if line.active else ()
        if line.active and (posts or left):
            title = self.w("register.off_asked", name=line.name)
            lines = [self.w("register.off_text", posts=joined(posts))] if posts else []
            lines += [self.w("register.off_left"), *map(self.w.text, left)] if left else []
            text = "\n".join(lines)
            if not await self.answer(Confirm(title, self.w("register.off_yes"), self.w("kit.no"), text)):
                return
        said = self.w("register.switched_off" if line.active else "register.switched_on", name=line.name)
        verb = partial(person_verbs.change_person, session, line.id, seen=line.version, active=not line.active)
        wrong = await self._do(verb, said)
        if wrong:
            self.refuse(wrong)

    def do_things(self) -> None:
        """F7: cars, rooms, restaurants and hotels."""
        self.shell.open("resources")

    def do_group(self) -> None:
        """R5: who is in the reception group, by post and by name."""
        bodies = self.shown.bodies if self.shown else ()
        lines = []
        for body in bodies:
            lines += ["", self.w.name(body.name)] if len(bodies) > 1 else []
            wide = max(cell_len(self.w.name(line.name)) for _, line in body.seats)
            for role, line in body.seats:
                who = self._holders(line) or self.w("register.vacant" if line.vacant else "register.per_visit")
                mark = "! " if line.vacant else "  "
                lines.append(
                    pad(self.w(f"register.role.{role}"), 8) + mark + pad(self.w.name(line.name), wide + 2) + who
                )
        self.ask(Note(self._group_title(), "\n".join(lines).strip("\n")), lambda _: None)

    def _group_title(self) -> str:
        names: list[Name] = [body.name for body in self.shown.bodies] if self.shown else []
        return self.w("register.group_title", name=names[0] if len(names) == 1 else self.w("register.groups"))

    async def _do(self, verb: Callable[[], object], said: str) -> str:
        """Do it and say so; else the reason why not, with the register read anew. "" when it was done."""
        session, wrong = self.session, ""
        try:
            await self.shell.thread(verb, write=True)
        except Refused as refused:
            wrong = self.reason(refused)
            self.shown = await self.shell.thread(lambda: register(session))
        except Exception as error:
            wrong = self.w("kit.went_wrong", number=self.shell.incident(error))
        self.shell.changed()
        if not wrong:
            self.say(said)
        return wrong
