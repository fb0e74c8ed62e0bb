"""Register: people and posts, and who holds which from when to when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from textual.app import ComposeResult
from textual.events import Resize

from models.errors import Refused
from models.queries.calendar_lists import stands
from models.queries.register_lists import Held, PersonLine, PostLine, register
from models.queries.register_lists import RegisterLists as Found
from models.queries.stand_in_lists import stand_in_list
from models.services import person_verbs
from models.services.leaving_verbs import Left, leave, leaving, parts_held
from models.services.public_key import LONGEST
from models.services.session import Session
from models.services.validate import joined
from models.words import Name, Unreadable, cell_len, pad
from models.words.dates import parse_date
from models.words.wrapping import wrap
from screens.kit.choices import Pick
from screens.kit.dialogs import Ask, Confirm, PickOne, TextDialog
from screens.kit.form_dialog import ChosenHolder, EnteredPerson, FormDialog, HoldingDialog, PersonDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, block
from screens.stand_ins import PERSON, person_row

# -- lines of the register --------------------------------------------------------------------------------------------

DETAIL = 4
LABEL = 9
ROOM_TO_ASK = 8
"""The lines of a question and its frame, beside what is said with it."""
ROOMY = 78
"""From this terminal width on names of posts have all the room they need."""


class RegisterScreen(Page):
    """Two views of the register, and the details of the row under the cursor."""

    WHERE = "register"

    def __init__(self) -> None:
        super().__init__()
        self.by_person = False
        self.shown: Found | None = None
        self.came = ("", "")
        """From which row of the other view one came, and to which row here."""
        self.follow = ""
        """The row to which the cursor goes once it is there: somebody just entered."""

    @property
    def today(self) -> date:
        """The day seen from which posts are held."""
        return self.shell.now().date()

    def body(self) -> ComposeResult:
        yield LineList(id="register")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: register(session), self.show)

    def show(self, found: Found, key: str = "") -> None:
        """Fill the screen with the register, the cursor on the row `key` if one is given."""
        self.shown = found
        vacant = sum(line.vacant for line in found.posts)
        title = "title_people" if self.by_person else "title_vacant" if vacant else "title_posts"
        count = len(found.people) if self.by_person else len(found.posts)
        self.headline = self.w(f"register.{title}", n=count, vacant=vacant)
        listed = self.query_one("#register", LineList)
        listed.set_columns(self._columns())
        rows = self._person_rows(found) if self.by_person else self._post_rows(found)
        listed.set_rows(rows, empty=self.w("register.empty"))
        self.follow = key or self.follow
        if listed.key == self.follow:
            self.follow = ""
        listed.key = self.follow
        alone = "" if self.session.office else f"-- {self.w('register.alone')} "
        self.query_one("#rule", Lines).set_lines([alone + "-" * (self.size.width - cell_len(alone))])
        self._show_detail()

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def _columns(self) -> list[Column]:
        if self.by_person:
            return [
                Column(self.w("register.name"), 14),
                Column(self.w("register.phone"), 15, "data"),
                Column(self.w("register.state"), 6),
                Column(self.w("register.posts"), 0),
            ]
        longest = max((cell_len(self.w.name(post.name)) for post in self.session.policy.posts), default=4)
        return [
            Column("", 1),
            Column(self.w("register.post"), min(longest, 34 if self.size.width >= ROOMY else 28)),
            Column(self.w("register.holder"), 14),
            Column(self.w("register.since"), 10, "data"),
            Column(self.w("register.phone"), 15, "data", wide=100),
            Column(self.w("register.department"), 12, wide=100),
            Column(self.w("register.remark"), 0, wide=ROOMY),
        ]

    def _post_rows(self, found: Found) -> list[Row]:
        rows = []
        for line in found.posts:
            name = self.w.name(line.name)
            department = self.w.name(line.department) if line.department else ""
            if line.vacant or not line.held:
                said = self.w("register.vacant" if line.vacant else "register.per_visit")
                cells = ("!" if line.vacant else "", name, said, "", "", department, "")
                rows.append(Row(f"{line.id}/", cells, "bold" if line.vacant else "dim", find=tuple(line.name.all())))
            for held in line.held:
                cells = ("", name, held.who, held.since.isoformat(), held.phone, department, self._when(held))
                find = (*held.find, *line.name.all())
                rows.append(Row(f"{line.id}/{held.id}", cells, "" if held.now(self.today) else "dim", find=find))
        return rows

    def _person_rows(self, found: Found) -> list[Row]:
        rows = []
        for line in found.people:
            posts = self.w.name(joined([held.name for held in line.held if held.now(self.today)]))
            state = self.w("register.active" if line.active else "register.inactive")
            cells = (line.name, line.phone or "-", state, posts or "-")
            rows.append(Row(str(line.id), cells, "" if line.active else "dim", find=line.find))
        return rows

    def _when(self, held: Held) -> str:
        """What is special about the time of a holding."""
        if held.since > self.today:
            return self.w("register.to_come")
        return self.w("register.until", until=held.until.isoformat()) if held.until else ""

    # -- the chosen row ------------------------------------------------------------------------------------

    @property
    def row_key(self) -> str:
        return self.query_one("#register", LineList).key

    def post(self) -> PostLine | None:
        """The post under the cursor, in the view by post."""
        return self.shown.post(self.row_key.rpartition("/")[0]) if self.shown and not self.by_person else None

    def person(self) -> PersonLine | None:
        """The person under the cursor: in the view by post the one who holds it."""
        if self.shown is None:
            return None
        if self.by_person:
            return self.shown.person(int(self.row_key)) if self.row_key else None
        held = self.holdings()
        return self.shown.person(held[0].person) if held else None

    def holdings(self) -> tuple[Held, ...]:
        """What can be ended under the cursor: the row's holding, or all of the person's."""
        if self.by_person:
            line = self.person()
            return line.held if line else ()
        post = self.post()
        return tuple(held for held in post.held if self.row_key == f"{post.id}/{held.id}") if post else ()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        # where it was not the person who moved, what was just said stays
        if self.follow and (event.key == self.follow or event.key != self.row_key):
            event.prevent_default()
            self.follow = self.follow if event.key != self.row_key else ""
            self.show_keys()
        self._show_detail()

    def _show_detail(self) -> None:
        lines = self._person_detail() if self.by_person else self._post_detail()
        self.query_one("#detail", Lines).set_lines(lines)

    def _post_detail(self) -> list[Line]:
        line = self.post()
        if line is None:
            return []
        head = [self.w.name(line.name)]
        head += [self.w.name(line.department)] if line.department else []
        head += [self.w("register.up", post=line.up)] if line.up else []
        head += [self.w.name(body) + " " + self.w(f"register.role.{role}") for body, role in line.roles]
        now = [f"{held.who}  {held.phone}  {self._span(held)}" for held in line.held]
        said = self.w("register.vacant_said" if line.vacant else "register.per_visit_said")
        before = [f"{held.who}  {self._span(held)}" for held in line.past]
        return [f" {'  '.join(head)}", *self._told(now or [said], before)]

    def _person_detail(self) -> list[Line]:
        line = self.person()
        if line is None:
            return []
        keys = len(line.good_keys)
        head = [line.name, line.phone, line.login, self.w("register.keys", n=keys) if keys else "", line.language]
        head += [] if line.active else [self.w("register.off_said")]
        now = [f"{self.w.name(held.name)}  {self._span(held)}" for held in line.held]
        before = [f"{self.w.name(held.name)}  {self._span(held)}" for held in line.past]
        told = self._told(now or [self.w("register.holds_nothing")], before)
        return [f" {'  '.join(part for part in head if part)}", *told]

    def _span(self, held: Held) -> str:
        key = "from_to" if held.until else "from"
        return self.w(
            f"register.{key}", since=held.since.isoformat(), until=held.until.isoformat() if held.until else ""
        )

    def _told(self, now: list[str], before: list[str]) -> list[Line]:
        """What is and what was, as far as there is room; how much more there is stands at the end."""
        texts = [(self.w("register.label.now"), text) for text in now]
        texts += [(self.w("register.label.before"), text) for text in before]
        room = DETAIL - 1
        if len(texts) > room:
            texts = [*texts[: room - 1], ("", self.w("register.more", n=len(texts) - room + 1))]
        labels = [label if at == 0 or texts[at - 1][0] != label else "" for at, (label, _) in enumerate(texts)]
        return [[(pad(f" {label}", LABEL), "dim"), (text, "")] for label, (_, text) in zip(labels, texts, strict=True)]

    # -- commands ----------------------------------------------------------------------------------------

    def barred(self, verb: str) -> str | None:
        """Why the actor may not keep the register."""
        refused = self.shown.refused if self.shown else None
        return self.w.text(refused.phrase) if refused else None

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
        session, typed, wrong = self.session, EnteredPerson(), ""
        while True:
            answer = await self.answer(self._dialog(self.w("register.add_title"), typed, wrong))
            if answer is None:
                return
            typed = answer
            same = len(self.shown.namesakes(typed.name)) if self.shown else 0
            said = self.w("register.added_again" if same else "register.added", name=typed.name, n=same)
            wrong = await self._do(partial(self._enter, session, answer), said)
            if not wrong:
                return

    def _enter(self, session: Session, typed: EnteredPerson) -> None:
        """Enter the person; the cursor follows."""
        self.follow = str(person_verbs.add_person(session, typed.name, typed.phone))
        self.by_person = True

    async def do_change(self) -> None:
        """Another name or phone."""
        line, session, wrong = self.person(), self.session, ""
        if line is None:
            return
        typed = EnteredPerson(line.name, line.phone)
        while line is not None:
            title = self.w("register.change_title", name=line.name)
            answer = await self.answer(self._dialog(title, typed, wrong, line.id))
            if answer is None:
                return
            typed = answer
            wrong = await self._do(self._change(session, line, typed), self.w("register.changed", name=typed.name))
            if not wrong:
                return
            line = self.shown.person(line.id) if self.shown else None

    def _change(self, session: Session, line: PersonLine, typed: EnteredPerson) -> Callable[[], object]:
        name = typed.name if typed.name != line.name else None
        phone = typed.phone if typed.phone != line.phone else None
        return partial(person_verbs.change_person, session, line.id, expected=line.version, name=name, phone=phone)

    def _dialog(self, title: str, typed: EnteredPerson, wrong: str, person: int | None = None) -> PersonDialog:
        labels = (self.w("register.name"), self.w("register.phone"))
        return PersonDialog(title, labels, typed, lambda name: self._noted(name, person), wrong)

    async def do_known(self) -> None:
        """By what an office knows the person: their login, language and keys; until it is closed."""
        chosen_one, session = self.person(), self.session
        while chosen_one is not None:
            found = await self.shell.thread(lambda: register(session))
            line = found.person(chosen_one.id)
            if line is None:
                return
            rows = [Row("login", (self.w("register.login"), line.login or "-"))]
            rows += [Row("language", (self.w("register.language"), line.language or "-"))]
            rows += [Row("add", (self.w("register.key_add"), ""))]
            for key in line.keys:
                state = self.w("register.key_off") if key.off else key.label
                rows.append(
                    Row(str(key.id), (self.w("register.key"), f"{state}  {key.fingerprint}"), "dim" if key.off else "")
                )
            columns = (Column("", 12), Column())
            chosen = await self.answer(PickOne(self.w("register.known_title", name=line.name), rows, columns))
            if chosen is None:
                return
            await self._known(line, chosen)

    async def _known(self, line: PersonLine, chosen: str) -> None:
        """One of what `do_known` lists."""
        session, said = self.session, self.w("register.changed", name=line.name)
        key = next((each for each in line.good_keys if str(each.id) == chosen), None)
        if key is not None:
            sure = Confirm(
                self.w("register.key_off_asked", name=line.name),
                self.w("register.off_yes"),
                self.w("kit.no"),
                key.fingerprint,
            )
            if await self.answer(sure):
                self._complain(await self._do(partial(person_verbs.switch_key_off, session, key.id), said))
            return
        verbs: dict[str, Callable[[Session, int, str], object]] = {
            "login": person_verbs.set_login, "language": person_verbs.set_language, "add": person_verbs.add_key,
        }  # fmt: skip
        if chosen not in verbs:
            return
        value, wrong = {"login": line.login, "language": line.language}.get(chosen, ""), ""
        while True:
            box = Ask(self.w(f"register.ask_{chosen}"), value, max_length=LONGEST)
            box.field.error = wrong
            answer = await self.answer(box)
            if answer is None:
                return
            value = answer
            wrong = await self._do(partial(verbs[chosen], session, line.id, value.strip()), said)
            if not wrong:
                return

    def _complain(self, wrong: str) -> None:
        if wrong:
            self.refuse(wrong)

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
        given = ChosenHolder()
        while True:
            answer = await self.answer(self._holding_dialog(person, post, given, wrong))
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

    def _holding_dialog(
        self, person: PersonLine | None, post: PostLine | None, given: ChosenHolder, wrong: str
    ) -> HoldingDialog:
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
            wrong = await self._do(partial(person_verbs.end_post, session, held.id, until, expected=held.until), said)
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
        verb = partial(person_verbs.change_person, session, line.id, expected=line.version, active=not line.active)
        wrong = await self._do(verb, said)
        if wrong:
            self.refuse(wrong)

    async def do_leave(self) -> None:
        """Everything they hold goes to who follows; what that does is shown before it is done."""
        line, session = self.person(), self.session
        if line is None:
            return
        found = await self.shell.thread(lambda: parts_held(session, line.id))
        people = await self.shell.thread(lambda: stand_in_list(session))
        rows = [person_row(each, self.w) for each in people.people if each.id != line.id]
        kinds = [kind for kind, ids in found.items() if ids]
        to = Pick(self.w("register.leave.to"), rows, columns=PERSON, id="to")
        others = {kind: Pick(self._part(kind), rows, columns=PERSON, id=f"to-{kind}") for kind in kinds}

        def wanted(act: Callable[..., Left]) -> Left:
            heirs = {kind: int(pick.value) for kind, pick in others.items() if pick.value}
            return act(session, line.id, int(to.value) if to.value else None, heirs, expected=line.version)

        title = self.w("register.leave.title", name=line.name)
        shown = await self.answer(FormDialog(title, [to, *others.values()], lambda: wanted(leaving)))
        if shown is None:
            return
        left = await self.shell.thread(lambda: stands(session, line.id, sum(map(len, found.values()))))
        text = "\n".join(
            [*self._handed(shown), *([self.w("register.leave.held")] if left else []), *map(self.w.text, left)]
        )
        title = self.w("register.leave.asked", name=line.name)
        if len(wrap(text, Confirm.BOX - 2)) > self.size.height - ROOM_TO_ASK:
            await self.answer(TextDialog(title, text))
            text = ""
        if await self.answer(Confirm(title, self.w("register.leave.yes", name=line.name), self.w("kit.no"), text)):
            wrong = await self._do(lambda: wanted(leave), self.w("register.leave.left", name=line.name))
            if wrong:
                self.refuse(wrong)

    def _part(self, kind: str) -> str:
        return self.w(f"register.part.{kind}")

    def _handed(self, left: Left) -> list[str]:
        """What goes to whom, and what must be decided again."""
        lines = [
            self.w(f"register.leave.{'given' if who else 'ended'}", part=self._part(kind), n=n, who=who)
            for kind, (n, who) in left.given.items()
        ]
        again = [self.w("register.leave.again", visits=", ".join(left.again))] if left.again else []
        return [*(lines or [self.w("register.leave.nothing")]), *again]

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
        self.ask(TextDialog(self._group_title(), "\n".join(lines).strip("\n")), lambda _: None)

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
