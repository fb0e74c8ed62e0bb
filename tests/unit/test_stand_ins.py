"""Who acts for whom and until when, one request handed on, an agreement taken back, vacancies and absences."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.errors import Refused
from models.queries.request_lists import approvals, requests
from models.queries.visit_detail import visit as whole
from models.queries.visit_history import agreement
from models.schema.store import reading
from models.schema.tables import Holding, StandIn, Visit
from models.services.decision_verbs import undo_agree
from models.services.person_verbs import change_person, end_post
from models.services.request_verbs import withdraw
from models.services.rights import refusal_code, step_holders
from models.services.stand_in_verbs import StandInEntry, delegate, end_stand_in, give_stand_in, undo_delegate
from models.services.visits import Done, current_step
from tests.unit.life import (
    POSTS,
    Company,
    company,
    decisions,
    default_text,
    form,
    refuses,
    route,
    said,
    stored,
    submitted,
    visit,
)

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
HEAD, DEPUTY, OTHER = "王海峰", "李卫东", "陈志远"
"""Head of Marketing, whose opinion comes first; who decides on Business; head of Technology."""


def stands_in(who: Company, name: str, whom: str, *, by: str = "", **more: object) -> int:
    """Somebody stands in for somebody this week; the other is away."""
    wanted = StandInEntry(who.ids[whom], who.ids[name] if name else None, MONDAY, FRIDAY)
    return give_stand_in(who.session(by or whom), replace(wanted, **more))  # type: ignore[arg-type]  # by field


def waits_at(who: Company, done: Done) -> list[str]:
    """At whom a request lies, by its line."""
    line = next(each for each in requests(who.session(HEAD)) if each.visit == done.visit)
    return [str(name) for name in line.at]


def test_who_stands_in_acts_for_the_other_and_is_named_with_them(who: Company) -> None:
    """R19: the form, the history and the queue say who acted for whom."""
    stands_in(who, OTHER, HEAD)
    done = submitted(who, form(who))
    assert waits_at(who, done) == [f"{OTHER} ({HEAD})"]
    assert [each.mine for each in approvals(who.session(OTHER))] == [True]
    done = said(who, OTHER, done)
    made = decisions(done)[0]
    assert (made.person_id, made.for_person_id, made.post) == (who.ids[OTHER], who.ids[HEAD], "marketing_head")
    shown = whole(who.session(OTHER), done.visit)
    assert shown is not None
    assert shown.history[0].for_whom == HEAD
    assert shown.signatures[0].said.who == f"{OTHER} ({HEAD})"
    assert said(who, "周建国", done).state == "approved"
    assert agreement().whole


def test_a_stand_in_acts_within_the_days_and_the_other_may_act_too(who: Company) -> None:
    stands_in(who, OTHER, HEAD, away=False)
    done = submitted(who, form(who))
    assert waits_at(who, done) == [HEAD, f"{OTHER} ({HEAD})"]
    who.now = datetime(2026, 11, 28, 9)
    with refuses("decides_other"):
        said(who, OTHER, done)
    assert said(who, HEAD, done).next == ("general_manager",)


def test_up_to_a_tier(who: Company) -> None:
    """A3: what is above what one was given is neither decided nor set."""
    stands_in(who, OTHER, DEPUTY, tier="business")
    high = said(who, HEAD, submitted(who, form(who, "distinguished", host="何志明", client="天山风电")))
    low = said(who, HEAD, submitted(who, form(who, "business", host=DEPUTY)))
    assert refusal_code(who.session(OTHER), "decide", high.visit) == "not_approver"
    with refuses("beyond_stand_in"):
        said(who, OTHER, low, tier="distinguished")
    assert said(who, OTHER, low).state == "approved"


def test_not_for_a_request_of_ones_own_and_not_to_a_third(who: Company) -> None:
    """A34: nobody decides what they ask for; nobody passes on what they were given."""
    lead = "刘晓燕"
    stands_in(who, lead, "周建国")
    stands_in(who, OTHER, HEAD)
    stands_in(who, "赵启航", OTHER)
    done = submitted(who, form(who))
    assert refusal_code(who.session("赵启航"), "decide", done.visit) == "not_approver"
    with refuses("no_passing_on"):
        delegate(who.session(OTHER), done.visit, who.ids["赵启航"], "请看", expected=done.version)
    done = said(who, OTHER, done)
    assert refusal_code(who.session(lead), "decide", done.visit) == "not_approver"


def test_what_is_entered_is_looked_at(who: Company) -> None:
    boss = "周建国"
    with refuses("stands_in_for_self"):
        stands_in(who, boss, boss)
    with refuses("nothing_of_stand_in"):
        stands_in(who, "", boss, away=False)
    with refuses("until_before_since"):
        stands_in(who, HEAD, boss, until=date(2026, 11, 1))
    with refuses("stand_in_over"):
        stands_in(who, HEAD, boss, since=date(2026, 11, 1), until=date(2026, 11, 2))
    with refuses("unknown_tier"):
        stands_in(who, HEAD, boss, tier="gold")
    with refuses("unknown_post"):
        stands_in(who, HEAD, boss, posts=("king",))
    first = stands_in(who, HEAD, boss)
    with refuses("stands_in_already"):
        stands_in(who, HEAD, boss)
    end_stand_in(who.session(HEAD), first)
    with refuses("no_stand_in"):
        end_stand_in(who.session(boss), first)
    stands_in(who, HEAD, boss)


def test_one_request_is_handed_on_and_taken_back(who: Company) -> None:
    done = submitted(who, form(who))
    other = submitted(who, form(who, client="北方机床"))
    with refuses("words_needed"):
        delegate(who.session(HEAD), done.visit, who.ids[OTHER], "", expected=done.version)
    done = delegate(who.session(HEAD), done.visit, who.ids[OTHER], "技术为主，请陈部长看", expected=done.version)
    assert waits_at(who, done) == [HEAD, f"{OTHER} ({HEAD})"]
    assert refusal_code(who.session(OTHER), "decide", other.visit) == "not_approver"
    with refuses("decides_already"):
        delegate(who.session(HEAD), done.visit, who.ids[OTHER], "请看", expected=done.version)
    with refuses("not_delegated"):
        undo_delegate(who.session(OTHER), done.visit, expected=done.version)
    back = undo_delegate(who.session(HEAD), done.visit, expected=done.version)
    assert waits_at(who, back) == [HEAD]
    again = delegate(who.session(HEAD), back.visit, who.ids[OTHER], "还是请您看", expected=back.version)
    acted = said(who, OTHER, again)
    assert decisions(acted)[0].for_person_id == who.ids[HEAD]
    assert refusal_code(who.session(HEAD), "undo_delegate", acted.visit) == "not_delegated"


def test_nobody_is_handed_a_request_of_their_own(who: Company) -> None:
    done = said(who, HEAD, submitted(who, form(who)))
    with refuses("own_request"):
        delegate(who.session("周建国"), done.visit, who.ids["刘晓燕"], "请看", expected=done.version)


def test_an_agreement_is_taken_back_while_nobody_has_decided_since(who: Company) -> None:
    done = submitted(who, form(who))
    agreed = said(who, HEAD, done)
    with refuses("nothing_agreed"):
        undo_agree(who.session("周建国"), agreed.visit, expected=agreed.version)
    before = route(agreed)
    back = undo_agree(who.session(HEAD), agreed.visit, expected=agreed.version)
    assert back.next == ("marketing_head",)
    assert [state for *_, state in route(back)] == ["current", *["waiting"] * (len(before) - 1)]
    assert refusal_code(who.session("周建国"), "decide", back.visit) == "not_approver"
    assert [each.outcome for each in decisions(back)] == ["taken_back"]
    assert agreement().whole
    again = said(who, "周建国", said(who, HEAD, back))
    assert again.state == "approved"
    assert refusal_code(who.session("周建国"), "undo_agree", again.visit) == "state.approved"


@pytest.mark.parametrize("changes", [{"tier": "vip"}, {"headcount": 9}, {"tier": "routine", "headcount": 3}])
def test_what_an_agreement_changed_is_put_back_with_it(who: Company, changes: dict[str, Any]) -> None:
    """A3: another tier has another route, and the request is again what was asked for."""
    done = submitted(who, form(who, "distinguished", host="何志明"))
    way, asked, row = route(done), stored(done), visit(done)
    hosts = (who.ids["周建国"],) if changes.get("tier") == "vip" else None
    agreed = said(who, HEAD, done, hosts=hosts, reasons={"lead_host": "临时"}, **changes)
    if agreed.state == "approved":
        return
    back = undo_agree(who.session(HEAD), agreed.visit, expected=agreed.version)
    now = visit(back)
    assert (route(back), stored(back)) == (way, asked)
    assert (now.tier, now.reasons, now.total) == (row.tier, row.reasons, row.total)


def vacate(who: Company, name: str) -> None:
    """Somebody's post is nobody's from today on."""
    with reading():
        held = [row.id for row in Holding.select().where(Holding.person == who.ids[name])]
    for each in held:
        end_post(who.session("方晓静"), each, date(2026, 11, 22))


def test_at_a_vacant_post_the_next_above_decides_and_it_is_said(who: Company) -> None:
    vacate(who, HEAD)
    done = submitted(who, form(who))
    assert done.message.key == "done.and"
    assert waits_at(who, done) == [DEPUTY]
    line = next(iter(requests(who.session("林小雨"))))
    assert line.lies is not None
    assert line.lies.key == "done.lies_vacant_above"
    done = said(who, DEPUTY, done)
    assert decisions(done)[0].post == "deputy_general_manager_in_charge"
    assert done.next == ("general_manager",)


def test_where_all_are_away_the_next_above_decides_unless_somebody_stands_in(who: Company) -> None:
    away = stands_in(who, "", HEAD)
    done = submitted(who, form(who))
    assert waits_at(who, done) == [DEPUTY]
    stands_in(who, OTHER, HEAD)
    assert waits_at(who, done) == [f"{OTHER} ({HEAD})"]
    assert refusal_code(who.session(DEPUTY), "decide", done.visit) == "not_approver"
    stands_in(who, "", OTHER)
    assert waits_at(who, done) == [DEPUTY], "who stands in is away, too"
    end_stand_in(who.session(HEAD), away)


def test_the_policy_may_leave_it_to_the_coordinator(tmp_path: Path) -> None:
    text = default_text().replace('vacant = "up"', 'vacant = "coordinator"')
    with company(tmp_path, text) as who:
        vacate(who, HEAD)
        done = submitted(who, form(who))
        assert refusal_code(who.session(DEPUTY), "decide", done.visit) == "not_approver"
        assert refusal_code(who.session("林小雨"), "record", done.visit) is None
        line = next(iter(requests(who.session("林小雨"))))
        assert line.lies is not None
        assert line.lies.key == "done.lies_vacant_nowhere"


@pytest.mark.parametrize("seed", range(6))
def test_no_request_lies_where_nobody_can_move_it(who: Company, seed: int) -> None:
    """Whoever leaves, is away or stands in for anybody: somebody can decide, or can enter what was decided."""
    chance = random.Random(seed)
    names = list(POSTS)
    visits = [
        submitted(who, form(who, tier, host="周建国", client=f"{tier}集团")).visit for tier in ("vip", "business")
    ]
    for _ in range(25):
        one, other = chance.sample(names, 2)
        what = chance.choice(["stand_in", "away", "end", "off", "agree", "agree", "day"])
        with suppress(Refused):
            if what == "stand_in":
                stands_in(who, one, other, tier=chance.choice([None, "business"]), away=chance.random() < 0.5)
            elif what == "away":
                stands_in(who, "", one)
            elif what == "end":
                with reading():
                    row = StandIn.select().order_by(StandIn.id.desc()).first()
                end_stand_in(who.session(other), row.id if row else 0)
            elif what == "off" and one not in ("林小雨", "方晓静"):
                change_person(who.session("方晓静"), who.ids[one], expected=1, active=False)
            elif what == "agree":
                move(who, chance.choice(visits))
            else:
                who.now += timedelta(hours=12)
        for number in visits:
            assert movable(who, number)


def move(who: Company, number: int) -> None:
    """Whoever may decides on it."""
    with reading():
        row = Visit.get_by_id(number)
        step = current_step(row)
        persons = step_holders(who.session("林小雨"), row, step) if step else ()
    names = {person: name for name, person in who.ids.items()}
    for person in persons[:1]:
        said(who, names[person], Done(number, row.number, row.state, row.version, (), None))  # type: ignore[arg-type]  # no message


def movable(who: Company, number: int) -> bool:
    """Whether somebody can move a request: who decides, or who enters that."""
    with reading():
        row = Visit.get_by_id(number)
        step = current_step(row)
        if step is None:
            return row.state != "submitted"
        deciding = [name for name in who.ids if refusal_code(who.session(name), "decide", row) is None]
        entering = refusal_code(who.session("林小雨"), "record", row) is None
    return bool(deciding) or entering


def test_withdrawing_ends_what_was_handed_on(who: Company) -> None:
    done = submitted(who, form(who))
    done = delegate(who.session(HEAD), done.visit, who.ids[OTHER], "请看", expected=done.version)
    withdraw(who.session("刘晓燕"), done.visit, expected=done.version)
    assert refusal_code(who.session(OTHER), "decide", done.visit) == "state.draft"
