"""Random people, posts and days: nobody without authority decides a request, keeps the register or changes the
regulation, by whatever way; and who has it can. Who has it is worked out here anew, from what was done."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.errors import Refused
from models.policy.model import Policy, version_on
from models.schema import journal
from models.schema.base import database
from models.schema.store import reading
from models.schema.tables import Decision, Holding, Person, PersonKey, Step, Visit
from models.services import (
    decision_verbs,
    person_verbs,
    regulation_verbs,
    request_verbs,
    resource_verbs,
    stand_in_verbs,
)
from models.services.regulation_verbs import RegulationPlace
from models.services.session import Actor, Session
from tests.unit.every_verb import ED25519
from tests.unit.life import POSTS, Company, company, default_text, form
from tests.unit.stores import policy_of
from tui.cli.main import run
from tui.office.entrance import Entry
from tui.settings import Settings

NAMES = sorted(POSTS)
ALL_POSTS = sorted({post for posts in POSTS.values() for post in posts})
TIERS = ("vip", "distinguished", "business", "routine")
OUTCOMES: tuple[Any, ...] = ("agree", "agree", "agree", "return")
WAYS = ("post", "record", "named")
"""A decision in one's own post, one recorded for somebody else, one recorded for oneself."""

COMMANDS = (("add", "郑好"), ("login", "", "u1"), ("post", "", "driver"), ("post", "", "general_manager"))
"""What follows `jiedai people`; empty: one's own name."""


@dataclass(frozen=True)
class Absence:
    """That somebody is away, or whom `who` acts for: in which post of theirs (empty: all), up to which tier, at which
    step alone."""

    whom: str
    who: str
    since: date
    until: date
    post: str = ""
    tier: str = ""
    away: bool = False
    step: int = 0
    id: int = 0


@dataclass
class World:
    """What is known without asking the program: who holds what from when to when, and who is off."""

    held: list[list[Any]] = field(default_factory=list)
    """Holding, person, post, first day, last day."""
    off: set[str] = field(default_factory=set)
    absences: list[Absence] = field(default_factory=list)

    def holders(self, post: str, on: date) -> set[str]:
        """Who holds a post on a day."""
        return {
            name
            for _, name, each, since, until in self.held
            if each == post and name not in self.off and since <= on and (until is None or on <= until)
        }

    def may(self, policy: Policy, verb: str, on: date) -> set[str]:
        """Whom the regulation lets do what is done to no visit, read from its rows as they stand."""
        named = {who for row in policy.rights if verb in row.do for who in row.by}
        named |= {post.id for post in policy.posts if post.department in named and not post.per_visit}
        named |= {each.head for each in policy.departments if each.id in named and each.head}
        return {name for post in named for name in self.holders(post, on)}

    def deciding(self, policy: Policy, step: Any, tier: str, applicant: str, on: date) -> set[str]:
        """Who has the authority to act at a step: who holds its posts, who stands in for them within dates, posts and
        tier; where none of them is there, who is there of the nearest post above."""
        rows = [row for row in self.absences if row.since <= on <= row.until and row.who not in self.off]
        away = {row.whom for row in rows if row.away}
        own = applicant if step.what != "opinion" else ""

        def at(post: str) -> set[str]:
            found = self.holders(post, on)
            acting = {
                row.who
                for row in rows
                if row.whom in found and row.who and own not in (row.who, row.whom)
                if row.step in (0, step.id) and row.post in ("", post)
                if not row.tier or TIERS.index(tier) >= TIERS.index(row.tier)
            }
            return found | acting

        found = {name for post in step.posts for name in at(post)}
        if found - away - {own}:
            return found
        for above in dict.fromkeys(each for post in step.posts for each in policy.above(post)):
            there = at(above) - away - {own}
            if there:
                return found | there
        return found

    def coordinators(self, on: date) -> set[str]:
        """Who may record what others decided on a customer's visit, beside its own coordinator."""
        groups = (["coordinator"], ["marketing_head"], ["deputy_general_manager_in_charge", "general_manager"])
        found = ({name for post in group for name in self.holders(post, on)} for group in groups)
        return next((names for names in found if names), set())


class Office:
    """An office in which everybody tries everything. `done` and `stopped` count by verb how often somebody with
    authority had it done, and how often somebody without was refused."""

    def __init__(self, who: Company, folder: Path, done: Counter[str], stopped: Counter[str]) -> None:
        self.who, self.done, self.stopped = who, done, stopped
        self.random = Random()
        self.world = World()
        with reading():
            for row in Holding.select():
                self.world.held.append([row.id, self.name(row.person_id), row.post, row.since, row.until])
        (folder / "config").mkdir()
        (folder / "config" / "2014-04-07.toml").write_text(default_text(), "utf-8")
        self.place = RegulationPlace(str(folder / "config"), str(folder / "config"))
        self.store = folder / "store.db"
        self.visits: list[int] = []
        self.kept: list[Session] = []
        self.seen: dict[int, int] = {}
        self.things = 0
        self.file("刘晓燕", "刘晓燕", "vip", [])

    def do(self, what: str, seed: int) -> None:
        """One of STEPS, as the seed says."""
        self.random = Random(seed)
        getattr(self, what)()

    # -- the world -----------------------------------------------------------------------------------------

    def name(self, person: int | None) -> str:
        """Whose id it is."""
        return next(name for name, each in self.who.ids.items() if each == person)

    @property
    def today(self) -> date:
        return self.who.now.date()

    def versions(self) -> tuple[Policy, ...]:
        """The versions of the regulation, newest first."""
        files = sorted(Path(self.place.folder).glob("*.toml"), reverse=True)
        return tuple(policy_of(file.read_text("utf-8")) for file in files)

    def session(self, name: str) -> Session:
        """Somebody who comes in now."""
        versions = self.versions()
        made = replace(self.who.session(name), office=True, policy=version_on(versions, self.today), versions=versions)
        self.kept.append(made)
        return made

    def administrator(self) -> Session:
        """Root on the machine: acts for nobody, and is asked for no right."""
        return replace(self.who.session(NAMES[0]), actor=Actor(None, "", "root"))

    def anybody(self) -> str:
        return self.random.choice(NAMES)

    def chance(self) -> bool:
        return self.random.random() < 0.5

    def actor(self, allowed: set[str]) -> str:
        """Somebody; half of the time who may, or hardly anything would ever be done."""
        return self.random.choice(sorted(allowed)) if allowed and self.chance() else self.anybody()

    def attempt(self, verb: str, name: str, allowed: set[str], act: Callable[[], object]) -> bool:
        """Somebody tries it: without authority it is refused and nothing is changed. Whether it was done."""
        before, done = journal.head(), False
        with contextlib.suppress(Refused):
            act()
            done = True
        if not done:
            assert journal.head() == before, f"{verb} was refused and changed something"
            self.stopped[verb] += name not in allowed
            return False
        assert name in allowed, f"{name} had {verb} done, which is for {sorted(allowed)}"
        self.done[verb] += 1
        return True

    def time_passes(self) -> None:
        self.who.now += timedelta(days=self.random.randint(0, 3))

    def administrator_gives(self) -> None:
        name, post = self.anybody(), self.random.choice(ALL_POSTS)
        since = self.today + timedelta(days=self.random.randint(-1, 2))
        with contextlib.suppress(Refused):
            row = person_verbs.give_post(self.administrator(), self.who.ids[name], post, since)
            self.world.held.append([row, name, post, since, None])

    def administrator_ends(self) -> None:
        held = self.random.choice(self.world.held)
        until = self.today + timedelta(days=self.random.randint(-1, 2))
        with contextlib.suppress(Refused):
            person_verbs.end_post(self.administrator(), held[0], until, expected=held[4])
            held[4] = until

    def administrator_switches(self) -> None:
        self.switch(self.administrator(), self.random.choice(sorted(self.world.off) or NAMES))

    def switch(self, session: Session, name: str) -> None:
        with reading():
            row = Person.get_by_id(self.who.ids[name])
        person_verbs.change_person(session, row.id, expected=row.version, active=not row.active)
        self.world.off ^= {name}

    # -- requests ------------------------------------------------------------------------------------------

    def request(self) -> None:
        """Somebody asks for a visit, in their own name or another's, with themselves on the form for whatever."""
        name = self.anybody()
        named = self.random.sample([*ALL_POSTS, "host"], self.random.randint(0, 3))
        tier = self.random.choice(["vip", "business", "routine"])
        self.file(name, self.random.choice([name, self.anybody()]), tier, named)

    def file(self, name: str, applicant: str, tier: str, named: list[str]) -> None:
        """File a request with oneself on the form for these posts, and as host."""
        me = self.who.ids[name]
        per_visit = {post: me for post in named if post != "host"}
        hosts = (me,) if "host" in named else (self.who.ids["周建国"],)
        made = form(self.who, tier, applicant=self.who.ids[applicant], client=f"客户{len(self.visits)}")
        made = replace(made, hosts=hosts, per_visit=per_visit, arrive=None, depart=None)
        made = replace(made, arrive=self.who.now + timedelta(days=7), depart=self.who.now + timedelta(days=8))
        session = self.session(name)
        with contextlib.suppress(Refused):
            saved = request_verbs.new_draft(session, made)
            reasons = {"lead_host": "临时", "input": "是", "own_request": "是", "vacancy": "是"}
            request_verbs.submit(session, saved.visit, expected=saved.version, reasons=reasons)
            self.visits.append(saved.visit)
            self.seen[saved.visit] = Visit.get_by_id(saved.visit).version

    def step_of(self, visit: int) -> tuple[Visit, Step | None]:
        with reading():
            row = Visit.get_by_id(visit)
            step = Step.get_or_none(Step.visit == visit, Step.round == row.round, Step.state == "current")
        return row, step if row.state == "submitted" else None

    def decide(self, visit: int = 0, acting: str = "") -> None:
        """Somebody decides in their own post, or as what another said, or as what they said themselves; also from a
        screen that was drawn before, or by a session that began when they still held a post."""
        if not self.visits:
            return
        way, stale, outcome = self.random.choice(WAYS), self.random.random() < 0.3, self.random.choice(OUTCOMES)
        visit = visit or self.random.choice(self.visits)
        way, stale = ("post", False) if acting else (way, stale)
        row, step = self.step_of(visit)
        holders = self.deciding(row, step)
        theirs = {name for post in (step.posts if step else ()) for name in self.world.holders(post, self.today)}
        authority = holders if way == "post" else self.recorders(row)
        name = acting or self.actor(authority)
        for_whom = {"post": None, "record": self.actor(holders), "named": name}[way]
        vacant = not theirs and for_whom != name  # a post that is vacant is not one's own for being named
        allowed = authority if way == "post" or for_whom in holders or vacant else set()
        session = next((each for each in reversed(self.kept) if stale and each.actor.name == name), self.session(name))
        given: dict[str, Any] = {} if for_whom is None else {"for_person": self.who.ids[for_whom], "medium": "phone"}
        expected = self.seen.get(visit, 1) if stale else row.version
        verb = "decide" if way == "post" else "record"
        done = self.attempt(
            verb, name, allowed,
            lambda: decision_verbs.decide(
                session, visit, expected=expected, outcome=outcome, words="同意", reasons={"lead_host": "是"}, **given
            ),
        )  # fmt: skip
        assert not done or expected == row.version, "a screen that was stale decided"
        if way == "post" and done and step is not None and step.what != "opinion" and len(holders) > 1:
            assert self.who.ids[name] != row.applicant_id, "of several who may, the applicant decided (A34)"
        self.seen[visit] = row.version

    def deciding(self, row: Visit, step: Step | None) -> set[str]:
        """Who may decide on a visit now."""
        if step is None:
            return set()
        tier = row.tier or row.proposed_tier or ""
        return self.world.deciding(self.versions()[-1], step, tier, self.name(row.applicant_id), self.today)

    def recorders(self, row: Visit) -> set[str]:
        own = {self.name(row.coordinator_id)} if row.coordinator_id is not None else set()
        return own - self.world.off | self.world.coordinators(self.today)

    def confirm(self) -> None:
        """A decision that was recorded is confirmed by whoever it was recorded for, and nobody else."""
        with reading():
            row = Decision.select().where(Decision.medium != "", Decision.confirmed_utc.is_null()).first()
        if row is None:
            return
        allowed = self.world.holders(row.post, self.today) if row.person_id is None else {self.name(row.person_id)}
        name = self.actor(allowed)
        self.attempt("confirm", name, allowed, lambda: decision_verbs.confirm_recorded(self.session(name), row.id))

    def represented(self) -> None:
        """Whoever a request lies at lets somebody act for them, perhaps from tomorrow on or up to another tier, who
        tries at once."""
        with reading():
            open_ = [row.id for row in Visit.select().where(Visit.state == "submitted")]
        row, step = self.step_of(self.random.choice(open_)) if open_ else (None, None)
        holders = {name for post in (step.posts if step else ()) for name in self.world.holders(post, self.today)}
        if row is not None and holders:
            known = len(self.world.absences)
            self.absence(self.random.choice(sorted(holders)))
            acting = [each.who for each in self.world.absences[known:] if each.who]
            self.decide(row.id, acting[0] if acting else "")

    def absence(self, whom: str = "") -> None:
        """Somebody enters that another is away, or who acts for them: for themselves, or as who keeps the register."""
        policy = version_on(self.versions(), self.today)
        whom = whom or self.anybody()
        allowed = self.world.may(policy, "people", self.today) | {whom}
        name, who = self.actor(allowed), self.random.choice([self.anybody(), self.anybody(), ""])
        since = self.today + timedelta(days=self.random.choice([0, 0, 1]))
        made = Absence(
            whom,
            who,
            since,
            since + timedelta(days=self.random.randint(0, 4)),
            self.random.choice(["", "", self.random.choice(ALL_POSTS)]),
            self.random.choice(["", self.random.choice(TIERS[1:])]),
            away=not who or self.chance(),
        )
        entry = stand_in_verbs.StandInEntry(
            self.who.ids[whom],
            self.who.ids[who] if who else None,
            made.since,
            made.until,
            posts=(made.post,) if made.post else (),
            tier=made.tier or None,
            away=made.away,
        )
        session = self.session(name)
        if name in self.world.off:
            allowed -= {name}
        given: list[int] = []
        if self.attempt(
            "stand_in.give", name, allowed, lambda: given.append(stand_in_verbs.give_stand_in(session, entry))
        ):
            self.world.absences.append(replace(made, id=given[0]))

    def delegate(self) -> None:
        """Somebody hands a request that lies at them to a colleague: who holds the post, not who stands in for one."""
        row, step = self.step_of(self.random.choice(self.visits)) if self.visits else (None, None)
        if row is None or step is None:
            return
        allowed = {name for post in step.posts for name in self.world.holders(post, self.today)}
        name, other = self.actor(allowed), self.anybody()
        session = self.session(name)
        done = self.attempt(
            "delegate", name, allowed,
            lambda: stand_in_verbs.delegate(session, row.id, self.who.ids[other], "请代办", expected=row.version),
        )  # fmt: skip
        if done:
            self.world.absences.append(Absence(name, other, self.today, date.max, step=step.id))

    def end_stand_in(self) -> None:
        """An absence ends early: theirs whose it is, theirs who acts for them, or of who keeps the register."""
        lasting = [each for each in self.world.absences if each.id and each.until >= self.today]
        if not lasting:
            return
        ended = self.random.choice(lasting)
        allowed = self.world.may(version_on(self.versions(), self.today), "people", self.today)
        allowed |= {name for name in (ended.whom, ended.who) if name} - self.world.off
        name = self.actor(allowed)
        session = self.session(name)
        if self.attempt("stand_in.end", name, allowed, lambda: stand_in_verbs.end_stand_in(session, ended.id)):
            self.world.absences.remove(ended)

    def undo_agree(self) -> None:
        """Whoever agreed last takes that back, or who entered it; not once somebody has decided since."""
        row, step = self.step_of(self.random.choice(self.visits)) if self.visits else (None, None)
        if row is None or step is None:
            return
        with reading():
            said = Decision.select().join(Step).where(Decision.visit == row.id, Step.round == row.round)
            last = said.where(Decision.outcome.in_(["agree", "pass_on"])).order_by(Decision.id.desc()).first()
        ids = (last.person_id, last.recorded_by_id) if last is not None else ()
        allowed = {self.name(each) for each in ids if each is not None} - self.world.off
        name = self.actor(allowed)
        self.attempt(
            "undo_agree", name, allowed,
            lambda: decision_verbs.undo_agree(self.session(name), row.id, expected=row.version),
        )  # fmt: skip

    # -- register and regulation ---------------------------------------------------------------------------

    def keep_people(self) -> None:
        """Somebody enters a person, gives themselves a post or takes another's, switches somebody off, or says by what
        they are known; also from a screen that was opened when they still might."""
        allowed = self.world.may(version_on(self.versions(), self.today), "people", self.today)
        name = self.actor(allowed)
        what, post, stale = self.random.randrange(7), self.random.choice(ALL_POSTS), self.chance()
        old = next((each for each in self.kept if stale and each.actor.name == name), None)
        session = replace(old or self.session(name), policy=version_on(self.versions(), self.today))
        me, other = self.who.ids[name], self.anybody()
        held = self.random.choice(self.world.held)
        acts: list[tuple[str, Callable[[], object]]] = [
            ("person.add", lambda: person_verbs.add_person(session, "郑好")),
            ("post.give", lambda: self.give(session, name, post)),
            ("post.end", lambda: self.end(session, held)),
            ("person.off", lambda: self.switch(session, other)),
            ("person.login", lambda: person_verbs.set_login(session, me, f"u{journal.head()}")),
            ("key.add", lambda: person_verbs.add_key(session, me, ED25519)),
            ("key.off", lambda: person_verbs.switch_key_off(session, self.key())),
        ]
        self.attempt(acts[what][0], name, allowed, acts[what][1])

    def give(self, session: Session, name: str, post: str) -> None:
        row = person_verbs.give_post(session, self.who.ids[name], post, self.today)
        self.world.held.append([row, name, post, self.today, None])

    def end(self, session: Session, held: list[Any]) -> None:
        person_verbs.end_post(session, held[0], self.today, expected=held[4])
        held[4] = self.today

    def key(self) -> int:
        with reading():
            row = PersonKey.select().first()
        return row.id if row else 1

    def command_line(self) -> None:
        """The same by `jiedai people`, as whoever came in; also as somebody else, which nobody is."""
        allowed = self.world.may(version_on(self.versions(), self.today), "people", self.today)
        name = self.actor(allowed)
        with reading():
            login = Person.get_by_id(self.who.ids[name]).login
        entry, base = Entry(Settings(store=str(self.store)), self.who.ids[name], name, login), database.obj
        words = tuple(each or name for each in self.random.choice(COMMANDS))
        before = journal.head()
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = run(
                ["people", *words, "--config", self.place.folder, "--as", NAMES[0], "--lang", "en"],
                self.who.session(name).clock,
                entry,
            )
        database.initialize(base)
        self.note_posts()
        if journal.head() != before:
            assert (code, name in allowed) == (0, True), said.getvalue()
            self.done["people"] += 1
        elif name not in allowed and code:
            assert "Traceback" not in said.getvalue()
            self.stopped["people"] += 1

    def note_posts(self) -> None:
        """What the command line gave."""
        known = {each[0] for each in self.world.held}
        with reading():
            rows = [row for row in Holding.select() if row.id not in known]
        self.world.held += [[row.id, self.name(row.person_id), row.post, row.since, row.until] for row in rows]

    def keep_things(self) -> None:
        allowed = self.world.may(version_on(self.versions(), self.today), "things", self.today)
        name = self.actor(allowed)
        self.things += 1
        thing = resource_verbs.Thing(f"浙A{self.things:05}")
        self.attempt(
            "resource.add", name, allowed, lambda: resource_verbs.add_resource(self.session(name), "car", thing)
        )

    def change_regulation(self) -> None:
        """Somebody gives the right to keep people to another post, from tomorrow on."""
        policy = version_on(self.versions(), self.today)
        allowed = self.world.may(policy, "policy", self.today)
        name = self.actor(allowed)
        base, by = self.versions()[0], self.random.choice(["general_manager", "coordinator", "office_director"])
        row = next(at for at, each in enumerate(base.rights) if "people" in each.do)
        day = max(self.today, base.effective) + timedelta(days=1)
        self.attempt(
            "policy.change", name, allowed,
            lambda: regulation_verbs.change_regulation(
                self.session(name), self.place, base, {("right", row, "by"): [by, "general_manager"]}, day, "调整"
            ),
        )  # fmt: skip


VERBS = (
    "decide",
    "record",
    "confirm",
    "stand_in.give",
    "stand_in.end",
    "undo_agree",
    "delegate",
    "person.add",
    "post.give",
    "post.end",
    "person.off",
    "person.login",
    "key.add",
    "key.off",
    "people",
    "resource.add",
    "policy.change",
)


STEPS = (
    *["time_passes", "administrator_gives", "administrator_ends", "administrator_switches", "change_regulation"],
    *["absence"],
    *["represented"] * 4,
    *["request"] * 3,
    *["delegate", "end_stand_in", "undo_agree", "request", "keep_things", "command_line"] * 2,
    *["confirm"] * 4,
    *["decide", "keep_people"] * 5,
)


def lived(examples: int, steps: int) -> None:
    """So many offices, so many steps each; every verb must have been done by who may, and refused to who may not."""
    done, stopped = Counter[str](), Counter[str]()

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2**32)), min_size=steps, max_size=steps))
    def live(wanted: list[tuple[str, int]]) -> None:
        with tempfile.TemporaryDirectory() as folder, company(Path(folder)) as who:
            office = Office(who, Path(folder), done, stopped)
            for what, seed in wanted:
                office.do(what, seed)

    live()
    print(f"done {dict(done)}, stopped {dict(stopped)}")  # of each how often, for who reads the run
    assert {verb: done[verb] for verb in VERBS if not done[verb]} == {}
    assert {verb: stopped[verb] for verb in VERBS if not stopped[verb]} == {}


def test_nobody_without_authority() -> None:
    lived(10, 80)


@pytest.mark.long
def test_nobody_without_authority_in_many_offices() -> None:
    lived(60, 120)
