"""The rights of many visits at once: the same answers as one by one, from a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.queries.request_lists import approvals, requests
from models.queries.task_lists import checklist
from models.schema.base import database
from models.schema.store import reading, write
from models.schema.tables import Visit
from models.services import cost_verbs, person_verbs, rights
from models.services.arrangement_verbs import amend
from models.services.day_verbs import cancel, met, no_show, restore, seen_off
from models.services.request_verbs import new_draft, submit
from models.services.rights import EVERY, ActorContext, refusal_code, refusal_codes, refusals
from models.services.session import Actor, Session
from models.services.visits import Done
from tests.unit.life import POSTS, Company, approved, company, default_text, form, said, submitted
from tests.unit.many import more_visits, steps

BARE: dict[str, Any] = {"dining": False, "meals": (), "lodged": False, "lodging": ()}
TIMES: dict[str, Any] = {"arrive": datetime(2026, 12, 7, 10), "depart": datetime(2026, 12, 7, 15)}


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    """Also somebody without a post, and somebody who left."""
    with company(tmp_path, None, {**POSTS, "新来的": [], "走了的": []}) as made:
        person_verbs.change_person(made.session("林小雨"), made.ids["走了的"], expected=1, active=False)
        yield made


def of_every_state(who: Company) -> None:
    """Visits in every state that there is, at different steps, of different people."""
    coordinator = who.session("林小雨")
    new_draft(who.session("刘晓燕"), form(who))
    new_draft(who.session("陈志远"), replace(form(who), kind=None, applicant=who.ids["陈志远"]))
    submitted(who, form(who))
    said(who, "王海峰", submitted(who, form(who)))
    said(who, "王海峰", submitted(who, form(who)), "return")
    own = new_draft(who.session("王海峰"), form(who, applicant=who.ids["王海峰"]))
    submit(who.session("王海峰"), own.visit, expected=own.version)
    said(who, "王海峰", submitted(who, form(who)), "refuse")
    changing = approved(who, form(who))
    amend(coordinator, changing.visit, replace(form(who), headcount=20), expected=changing.version)
    lives = [approved(who, replace(form(who), **BARE)) for _ in range(6)]
    cancel(coordinator, lives[1].visit, "改期", expected=lives[1].version)
    gone = cancel(coordinator, lives[2].visit, "改期", expected=lives[2].version)
    restore(coordinator, gone.visit, expected=gone.version)
    who.now = datetime(2026, 12, 1, 15)
    for at in (3, 4):
        lives[at] = met(coordinator, lives[at].visit, expected=lives[at].version)
    lives[3] = seen_off(coordinator, lives[3].visit, expected=lives[3].version)
    no_show(coordinator, lives[5].visit, expected=lives[5].version)
    over = seen_off(coordinator, lives[4].visit, expected=lives[4].version)
    cost_verbs.close(coordinator, over.visit, expected=over.version)
    last = approved(who, form(who, arrive=datetime(2026, 12, 8, 9), depart=datetime(2026, 12, 8, 17)))
    who.now = datetime(2026, 12, 8, 10)
    met(coordinator, last.visit, expected=last.version)


def actors(who: Company) -> list[Session]:
    """Everybody, and nobody."""
    return [*(who.session(name) for name in who.ids), replace(who.session("林小雨"), actor=Actor(None, "", "fang"))]


def rows() -> list[Visit]:
    with reading():
        return list(Visit.select().order_by(Visit.id))


def test_many_at_once_are_answered_as_one_by_one(who: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb, everybody, every state; whether the visits are asked for by their ids or all are read."""
    of_every_state(who)
    found = rows()
    states = {"changing" if row.state == "submitted" and row.before is not None else row.state for row in found}
    assert states == EVERY
    seen: set[str | None] = set()
    for session in actors(who):
        single = {(row.id, verb): code for row in found for verb, code in refusal_codes(session, row.id).items()}
        one_by_one = {
            (row.id, verb): refusal_code(session, verb, row.id) for row in found for verb in ("decide", "met", "settle")
        }
        assert one_by_one.items() <= single.items()
        for few in (500, 0):
            monkeypatch.setattr(rights, "FEW", few)
            with reading():
                together = ActorContext(session, found)
                many = {(row.id, verb): code for row in found for verb, code in refusals(together, row).items()}
            assert many == single
        monkeypatch.setattr(rights, "FEW", 500)
        seen |= set(single.values())
    assert {None, "nobody_acts", "not_yours", "not_coordinator", "not_approver", "no_part"} <= seen


def test_restricted_visits_are_so_in_a_list_too(tmp_path: Path) -> None:
    text = default_text().replace('id = "customer"\n', 'id = "customer"\nsee = ["general_manager"]\n', 1)
    with company(tmp_path, text) as who:
        approved(who, form(who))
        found = rows()
        for name, restricted in (("何志明", True), ("周建国", False), ("林小雨", False)):
            with reading():
                codes = refusals(ActorContext(who.session(name), found), found[0])
            assert (codes["cancel"] == "restricted") is restricted
            assert codes == {verb: refusal_code(who.session(name), verb, found[0].id) for verb in codes}


def statements(work: Callable[[], object]) -> int:
    """How many statements it takes."""
    count = 0

    def counted(sql: str) -> None:
        nonlocal count
        count += 1

    with database.connection_context():
        raw = database.connection()
        raw.set_trace_callback(counted)
        work()
        raw.set_trace_callback(None)
    return count


def pending(done: Done, n: int, since: date) -> None:
    """The same request so many times more, with numbers."""
    more_visits(done.visit, n, lambda at: since + timedelta(days=at % 50), since)
    with write():
        database.execute_sql("UPDATE visit SET number = 'N' || id WHERE number IS NULL")


@pytest.mark.parametrize("query", [approvals, requests])
def test_a_list_of_requests_takes_as_many_queries_for_three_as_for_three_hundred(
    who: Company, query: Callable[[Session], object]
) -> None:
    """And SQLite does for each request what it did: its steps grow with the requests, and no faster."""
    done = submitted(who, form(who, **TIMES))
    session, since = who.session("王海峰"), date(2026, 12, 7)
    found = []
    for wanted in (30, 270):
        pending(done, wanted, since)
        found.append((statements(lambda: query(session)), steps(lambda: query(session))))
    assert found[0][0] == found[1][0] < 25, found
    assert found[1][1] <= found[0][1] * 10 * 1.2, found


def test_the_checklist_costs_nothing_for_what_is_closed(who: Company) -> None:
    """R70: its steps are those of the visits at hand, with 20 closed visits in the store or 2,000."""
    done = approved(who, form(who, **TIMES))
    session, today = who.session("林小雨"), date(2026, 12, 7)
    found = []
    for wanted in (20, 1_980):
        more_visits(done.visit, wanted, lambda at: today - timedelta(days=at % 300 + 1), today)
        found.append(steps(lambda: checklist(session)))
    assert len(checklist(session).lines) == 29
    assert found[1] <= found[0] * 1.2, found
