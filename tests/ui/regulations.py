"""Companies that live by the example regulations: somebody at every post, visits in several states, all the screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from models.form import Form, FormGuest, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.policy.load import load_versions
from models.policy.model import Need, Policy, version_on
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Step, Visit
from models.services.day_verbs import met, seen_off
from models.services.decision_verbs import decide
from models.services.person_verbs import set_up
from models.services.request_verbs import new_draft, submit
from models.services.session import Actor, Session
from models.services.visits import Done
from tests.ui.arranged import At
from tests.unit.examples import FOLDER, KIND
from tests.unit.stores import filled_store, once
from tui.app import Jiedai
from tui.cli.screens import act_as, forget, said_by, status

NAMES = sorted(path.name if path.is_dir() else path.stem for path in FOLDER.iterdir())
"""The examples, one of them a folder of versions."""
NOW = datetime(2026, 11, 23, 9)
ARRIVE = datetime(2026, 12, 8, 10)
"""Long enough ahead for most."""
CODES = ("late", "lead_host", "companions", "cap", "grade", "least", "count", "need", "check", "own_request")


SUITED: dict[str, dict[str, Any]] = {"authority": {"costs": ()}}
"""What an example would not accept otherwise."""


@dataclass
class Organisation:
    """An example come to life; people are called like their posts."""

    name: str
    versions: tuple[Policy, ...]
    ids: dict[str, int] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def policy(self) -> Policy:
        """The version in force."""
        return version_on(self.versions, self.now.date())

    def session(self, post: str) -> Session:
        """The desk of who holds a post."""
        return Session(Actor(self.ids.get(post), self.called(post), "test"), self._clock, self.policy, self.versions)

    def called(self, post: str) -> str:
        """The name of the person at a post."""
        return post.replace("_", "")

    def _clock(self) -> datetime:
        return self.now.replace(tzinfo=UTC)


@contextmanager
def organisation(path: Path, name: str) -> Iterator[Organisation]:
    """A fresh store of an example, with one person at each post."""
    file = FOLDER / name
    versions = load_versions(str(file if file.is_dir() else file.with_suffix(".toml")))
    made = Organisation(name, versions)
    posts = [post.id for post in made.policy.posts]
    people = [(made.called(post), "", [post]) for post in posts]
    store, ids = filled_store(
        path / f"{name}.db", (name, made.policy.text), lambda: set_up(made.session(""), people, date(2026, 1, 1))
    )
    try:
        made.ids = dict(zip(posts, ids, strict=True))
        yield made
    finally:
        store.close()


def applicant(who: Organisation, kind: str) -> str:
    """A post that may ask for a visit of this kind."""
    asked = who.policy.kind(kind).applicants
    return asked[0] if asked else who.policy.posts[-1].id


def form(who: Organisation, kind: str | None = None, at: datetime = ARRIVE, **changes: Any) -> Form:
    """A visit of this example, arriving then, with something in every field that its policy has a use for."""
    policy = who.policy
    kind = kind or KIND.get(who.name) or KIND[f"{who.name}/2026-07-01"]
    lists = {name: [entry.id for entry in entries] for name, entries in policy.lists.items()}
    ranks = lists.get("rank", [None])
    needs = {need.id: _value(need, policy) for need in policy.needs if need.type != "document"}
    hosts = [post.id for row in policy.lead_hosts for post in policy.posts if post.id in row.posts][:2]
    made = Form(
        kind=kind,
        tier=policy.tiers[-1].id if policy.tiers else None,
        client="江城机械",
        applicant=who.ids[applicant(who, kind)],
        headcount=4,
        guests=(FormGuest("徐明哲", "董事长", principal=True, rank=ranks[-1]), FormGuest("方圆", "秘书")),
        arrive=at,
        depart=at + timedelta(hours=30),
        purposes=tuple(lists.get("purpose", [])[:1]),
        services=tuple(lists.get("service", [])[:2]),
        wants=tuple(lists.get("want", [])[:1]),
        dining=True,
        meals=(FormMeal(at.date(), 4, 2, meal=next(iter(lists.get("meal", [])), None), price=2000),),
        lodged=True,
        lodging=(PlannedLodging(at.date(), 2, price=30000, city=next(iter(lists.get("city", [])), None)),),
        costs=(PlannedCost("gift", price=2000),) if "gift" in lists.get("item", []) else (),
        hosts=tuple(who.ids[post] for post in hosts),
        city=next(iter(lists.get("city", [])), None),
        scores=dict.fromkeys(lists.get("score", []), next(iter(lists.get("band", [])), "")),
        documents=tuple(need.id for need in policy.needs if need.type == "document"),
        fields=needs,
    )
    return replace(made, **{**SUITED.get(who.name, {}), **changes})


def _value(need: Need, policy: Policy) -> object:
    if need.type == "number":
        return int(need.least.base) if need.least else 3
    if need.type == "date":
        return date(2027, 3, 1)
    return need.values[-1] if need.type == "choice" else "2026-17"


@once
def submitted(who: Organisation, made: Form) -> Done:
    """The form, filed by its applicant with a reason for whatever wants one."""
    session = next(who.session(post) for post, person in who.ids.items() if person == made.applicant)
    saved = new_draft(session, made)
    return submit(session, saved.visit, expected=saved.version, reasons=dict.fromkeys(CODES, "情况特殊"))


@once
def approved(who: Organisation, made: Form) -> Done:
    """The form, agreed to by everybody on its way."""
    done = submitted(who, made)
    while done.state == "submitted":
        with reading():
            row = Visit.get_by_id(done.visit)
            step = Step.get(Step.visit == done.visit, Step.round == row.round, Step.state == "current")
        done = decide(who.session(step.posts[0]), done.visit, expected=done.version, outcome="agree", words="同意")
    return done


@once
def met_by(who: Organisation, done: Done) -> Done:
    """Whoever looks after the visit has met the guests."""
    return met(_runner(who, done), done.visit, expected=done.version)


@once
def seen_off_by(who: Organisation, done: Done) -> Done:
    """Whoever looks after the visit has seen them off."""
    return seen_off(_runner(who, done), done.visit, expected=done.version)


def _runner(who: Organisation, done: Done) -> Session:
    with reading():
        person = Visit.get_by_id(done.visit).coordinator_id
    return next(who.session(post) for post, each in who.ids.items() if each == person)


@once
def busy(who: Organisation) -> dict[str, int]:
    """A visit in each of some states, by state; it is the morning of the arrival then."""
    made = form(who)
    draft = new_draft(who.session(applicant(who, str(made.kind))), made)
    waiting = submitted(who, replace(made, client="等待公司"))
    plain = approved(who, form(who, at=ARRIVE + timedelta(days=2), client="批准公司"))
    here = approved(who, replace(made, client="在访公司"))
    gone = approved(who, form(who, at=ARRIVE - timedelta(days=4), client="离开公司"))
    who.now = ARRIVE
    met_by(who, here)
    seen_off_by(who, met_by(who, gone))
    found = {"draft": draft.visit, "submitted": waiting.visit, "approved": plain.visit}
    return {**found, "under_way": here.visit, "done": gone.visit}


@asynccontextmanager
async def at_work(
    who: Organisation, post: str, start: str = "today", *, language: str = "zh", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[At]:
    """The holder of a post at the program."""
    app = Jiedai(
        who.session(post), start=start, language=language, head=journal.head, status=status, said_by=said_by,
        act_as=lambda key: act_as(who.session(post), key, forget),
        tabs=("today", "calendar", "requests", "approvals", "checklist", "standards", "statistics", "register"),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = At(app, cast(Any, pilot))
        await at.rest()
        yield at
