"""The title line and the counts of the tabs: who acts, what waits for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from models.queries.task_lists import Waiting, departments_of, waiting
from models.services.arrangement_verbs import amend
from models.services.session import Actor, Session
from tests.unit.life import Company, approved, form, said, stored, submitted


def counts(who: Company, name: str) -> tuple[int, int, int]:
    """Decisions, returned requests, tasks due by tonight."""
    found = waiting(who.session(name))
    return found.decisions, found.returned, found.tasks


def test_who_sits_where(who: Company) -> None:
    """R6, R17: the department of a post or its head's, else the post itself."""
    places = {name: waiting(who.session(name)).place for name in ("林小雨", "王海峰", "周建国")}
    assert {name: place.say("zh") for name, place in places.items() if place} == {
        "林小雨": "营销部", "王海峰": "营销部", "周建国": "总经理",
    }  # fmt: skip
    assert departments_of(who.policy, ("driver", "office_director"))[0] == "office"


def test_decisions_and_returned_requests(who: Company) -> None:
    """R10, R12, A32: one counts for whom it lies at, then for whom it is returned to."""
    done = submitted(who, form(who))
    assert [counts(who, name)[0] for name in ("王海峰", "周建国")] == [1, 0]
    done = said(who, "王海峰", done)
    assert [counts(who, name)[0] for name in ("王海峰", "周建国")] == [0, 1]
    said(who, "周建国", done, "return", "改日")
    assert counts(who, "周建国")[0] == 0
    assert counts(who, "刘晓燕")[1] == 1


def test_tasks_due_by_tonight(who: Company) -> None:
    """R52, R60: of the own department and those one is named for; nothing before it is approved."""
    done = submitted(who, form(who))
    who.now = datetime(2026, 11, 30, 7)
    assert counts(who, "方晓静")[2] == 0
    said(who, "周建国", said(who, "王海峰", done))
    assert counts(who, "方晓静")[2] > 0
    assert counts(who, "何志明")[2] == 0


def test_tasks_stay_due_while_a_change_is_decided(who: Company) -> None:
    """R16, A33: it is received as it was approved, whatever more is asked for."""
    done = approved(who, form(who))
    who.now = datetime(2026, 11, 30, 7)
    before = counts(who, "方晓静")[2]
    more = replace(stored(done), headcount=9)
    assert amend(who.session("林小雨"), done.visit, more, expected=done.version).asks
    assert counts(who, "方晓静")[2] == before > 0


def test_nobody_has_nothing_waiting(who: Company) -> None:
    approved(who, form(who))
    session = Session(Actor(None, "", "test"), lambda: who.now.replace(tzinfo=UTC), who.policy)
    assert waiting(session) == Waiting("", None, 0, 0, 0)
