"""A company living by the default regulation, for the tests of a visit's life: people, clock, forms, shortcuts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from models.errors import Refused
from models.form import Form, FormGuest, FormMeal
from models.policy.answer import Finding
from models.policy.case import PlannedLodging
from models.policy.model import Policy
from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import Decision, Expense, Stage, Step, Task, Visit
from models.services import cost_check
from models.services.cost_check import Totals
from models.services.day_verbs import delay, finish_stage, met, seen_off, start_stage
from models.services.decision_verbs import decide
from models.services.person_verbs import set_up
from models.services.request_verbs import new_draft, submit
from models.services.session import Actor, Session
from models.services.visit_form import read_form
from models.services.visits import Done
from models.words import words
from tests.unit.stores import filled_store, once, policy_of

CONFIG = Path(__file__).parents[2] / "config.toml"
POSTS = {
    "周建国": ["general_manager"],
    "李卫东": ["deputy_general_manager_in_charge"],
    "何志明": ["deputy_general_manager"],
    "王海峰": ["marketing_head"],
    "林小雨": ["coordinator"],
    "方晓静": ["office_director"],
    "张德胜": ["driver"],
    "陈志远": ["technology_head"],
    "刘晓燕": ["project_sales_lead"],
    "赵启航": ["project_technical_lead"],
}


@dataclass
class Company:
    """People by name, a clock that is set by hand, and the policy."""

    policy: Policy
    ids: Mapping[str, int]
    now: datetime = datetime(2026, 11, 23, 9, 0)
    text: str = field(default="", repr=False)

    def session(self, name: str) -> Session:
        """The desk of one of the people, at the company's present time."""
        return Session(Actor(self.ids[name], name, "test"), lambda: self.now.replace(tzinfo=UTC), self.policy)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@cache
def default_text() -> str:
    """The default regulation as text, to be changed by a test."""
    return CONFIG.read_text("utf-8")


@contextmanager
def company(path: Path, text: str | None = None, posts: Mapping[str, list[str]] | None = None) -> Iterator[Company]:
    """An office with a fresh store whose people hold their posts since 2026."""
    policy = policy_of(text or default_text())
    made = Company(policy, {}, text=policy.text)
    setting = Session(Actor(None, "", "test"), lambda: made.now.replace(tzinfo=UTC), policy)
    lines = [(name, "", tuple(each)) for name, each in (POSTS if posts is None else posts).items()]
    store, ids = filled_store(
        path / "store.db", (policy.text, *lines), lambda: set_up(setting, lines, date(2026, 1, 1))
    )
    try:
        made.ids = dict(zip([name for name, *_ in lines], ids, strict=True))
        yield made
    finally:
        store.close()


def form(who: Company, tier: str = "vip", *, host: str = "周建国", **changes: Any) -> Form:
    """The worked example of the regulation, at any tier."""
    made = Form(
        kind="customer",
        tier=tier,
        client="江南智造集团",
        applicant=who.ids["刘晓燕"],
        headcount=6,
        guests=(FormGuest("徐明哲", "董事长", principal=True),),
        arrive=datetime(2026, 11, 30, 10, 20),
        depart=datetime(2026, 12, 1, 15, 0),
        purposes=("inspection", "cooperation"),
        services=("car", "tour"),
        dining=True,
        meals=(FormMeal(date(2026, 11, 30), 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3),),
        lodged=True,
        lodging=(PlannedLodging(date(2026, 11, 30), 6),),
        hosts=(who.ids[host],),
        per_visit={"project_sales_lead": who.ids["刘晓燕"], "project_technical_lead": who.ids["赵启航"]},
    )
    return replace(made, **changes)


@once
def submitted(who: Company, made: Form, *, by: str = "刘晓燕", **reasons: str) -> Done:
    """The form, filed and submitted by its applicant."""
    session = who.session(by)
    saved = new_draft(session, made)
    return submit(session, saved.visit, expected=saved.version, reasons=reasons)


@once
def said(who: Company, name: str, done: Done, outcome: str = "agree", said_words: str = "同意", **more: Any) -> Done:
    """A decision by one of the people on what the last verb left."""
    return decide(who.session(name), done.visit, expected=done.version, outcome=outcome, words=said_words, **more)  # type: ignore[arg-type]  # a test's own outcome


@once
def approved(who: Company, made: Form, **reasons: str) -> Done:
    """The form, submitted and agreed to by everybody on its way."""
    done = submitted(who, made, **reasons)
    heads = {post: name for name, posts in POSTS.items() for post in posts}
    while done.state == "submitted":
        done = said(who, heads[done.next[0]], done)
    return done


@once
def came(who: Company, done: Done, by: str = "林小雨") -> Done:
    """The guests of the worked example are met, when they are expected."""
    who.now = datetime(2026, 11, 30, 10, 20)
    return met(who.session(by), done.visit, expected=done.version)


@once
def received(who: Company, done: Done) -> Done:
    """Every planned stage is begun and finished."""
    session = who.session("林小雨")
    for stage in stages(done).values():
        if stage.state == "planned":
            done = start_stage(session, stage.id, expected=done.version)
            done = finish_stage(session, stage.id, expected=done.version)
    return done


@once
def left(who: Company, done: Done, by: str = "林小雨") -> Done:
    """The guests of the worked example are seen off, when they are to leave."""
    who.now = datetime(2026, 12, 1, 15, 0)
    return seen_off(who.session(by), done.visit, expected=done.version)


def visit(done: Done) -> Visit:
    """The visit as it is stored now."""
    with reading():
        return Visit.get_by_id(done.visit)


def stored(done: Done) -> Form:
    """The form as it is stored now."""
    with reading():
        return read_form(visit(done))


def leg(done: Done, way: str = "arrival", position: int = 0) -> Leg:
    """How a group of the visit's guests comes or goes; the form's own leg by default."""
    with reading():
        return Leg.get(Leg.visit == done.visit, Leg.way == way, Leg.position == position)


def late(session: Session, done: Done, text: str, way: str = "arrival") -> Done:
    """All guests of the visit are expected at another time, as typed."""
    return delay(session, leg(done, way).id, text, expected=visit(done).version)


def tasks(done: Done, *states: str) -> dict[str, Task]:
    """The visit's tasks by duty, of these states or all."""
    with reading():
        rows = list(Task.select().where(Task.visit == done.visit).order_by(Task.position))
    return {row.duty: row for row in rows if not states or row.state in states}


def stages(done: Done) -> dict[str, Stage]:
    """The visit's stages by id, in order."""
    with reading():
        return {row.stage: row for row in Stage.select().where(Stage.visit == done.visit).order_by(Stage.position)}


def expenses(done: Done) -> dict[str, Expense]:
    """The visit's planned lines of costs by line id."""
    with reading():
        rows = Expense.select().where(Expense.visit == done.visit).order_by(Expense.position)
        return {row.line or f"added{row.id}": row for row in rows}


def route(done: Done) -> list[tuple[list[str], str, str]]:
    """Posts, kind and state of the steps of the visit's round."""
    with reading():
        row = Visit.get_by_id(done.visit)
        steps = Step.select().where(Step.visit == row.id, Step.round == row.round).order_by(Step.position)
        return [(step.posts, step.what, step.state) for step in steps]


def decisions(done: Done) -> list[Decision]:
    """Everything that was said about the visit, oldest first."""
    with reading():
        return list(Decision.select().where(Decision.visit == done.visit).order_by(Decision.id))


def findings_of(refused: pytest.ExceptionInfo[Refused]) -> list[Finding]:
    """The findings that somebody was refused for."""
    return cast(list[Finding], refused.value.phrase.facts["findings"])


@contextmanager
def refuses(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done inside is refused with this code, in a sentence of both languages."""
    with pytest.raises(Refused) as info:
        yield info
    assert info.value.code == code
    assert all(words(language).text(info.value.phrase) for language in ("zh", "en"))


def visit_of(number: int) -> Visit:
    """A visit by its id, as it is stored now."""
    with reading():
        return Visit.get_by_id(number)


def totals(number: int) -> Totals:
    """The sums of a visit's lines of costs; inside `reading` or `write`."""
    row = Visit.get_by_id(number)
    return cost_check.totals(row, list(Expense.select().where(Expense.visit == number)))
