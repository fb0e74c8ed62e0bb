"""The rules of the regulation, each by its number."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from models.errors import Refused
from models.form import Form, FormMeal
from models.policy.case import PlannedLodging
from models.policy.judge import judge
from models.policy.model import Policy
from models.policy.request_file import RequestErrors, read_request
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Expense
from models.services.arrangement_verbs import amend
from models.services.cost_verbs import close, enter_actual
from models.services.day_verbs import met, seen_off
from models.services.decision_verbs import confirm_recorded
from models.services.person_verbs import give_post
from models.services.request_verbs import new_draft, submit
from models.services.task_verbs import assign, drop, tick, tick_part
from models.services.visits import Done
from models.words import Words, words
from tests.unit.life import (
    POSTS,
    Company,
    approved,
    came,
    company,
    decisions,
    default_text,
    expenses,
    findings_of,
    form,
    left,
    received,
    refuses,
    route,
    said,
    stages,
    stored,
    submitted,
    tasks,
    totals,
    visit,
)
from tests.unit.stores import lived_anew
from tui.cli.policy_commands import told

# -- rules lives -------------------------------------------------------------------------------------------------------
#
# The three lives of the issue, whole, on the real regulation; what must be done is written down here by hand.


DAY = date(2026, 11, 30)
LUNCH = FormMeal(DAY, 6, 7, meal="lunch", venue="in_house", bottles=4, packs=3)
DINNER = FormMeal(DAY, 6, 3, meal="dinner", venue="outside")

VIP = {
    "@lead_host": {"R36", "R37", "R38"},  # R38: VIPs are met in person
    "marketing": {"R39", "R40", "R41", "R42", "R43"},  # R43: the lunch is in house; R44: no activities
    "technology": {"R45", "R46"},  # R45: a tour
    "production": {"R47", "R48"},
    "supply": {"R49"},
    "quality": {"R50", "R51"},
    # R52: a car; R54: VIP; R56: the dinner is outside; R58: lodging. No gifts, return tickets, activities: not R57,
    # R59, R60
    "office": {"R52", "R53", "R54", "R55", "R56", "R58"},
    "logistics": {"R61", "R62", "R63", "R64"},  # R63: flowers for VIPs; R64: the lunch is in house
    "workshop": {"R65", "R66"},  # a tour
    "project_sales_lead": {"R67", "R68", "R69"},
}
"""Six guests of the highest tier: car, tour, one meal in the company and one outside, lodging."""

ROUTINE = {
    "@lead_host": {"R36", "R37"},
    "marketing": {"R39", "R40", "R41", "R42"},
    "technology": {"R46"},
    "production": {"R47", "R48"},
    "supply": {"R49"},
    "quality": {"R50", "R51"},
    "office": {"R53", "R55", "R56"},  # R56: the one meal is outside
    "logistics": {"R61", "R62"},
    "workshop": set(),
    "project_sales_lead": {"R67", "R68", "R69"},
}
"""Three guests of the lowest tier with a meal outside, and nothing else asked for."""


def by_party(done: Done, *states: str) -> dict[str, set[str]]:
    """The visit's tasks by party, of these states or all."""
    found: dict[str, set[str]] = {party: set() for party in VIP}
    for duty, task in tasks(done, *states).items():
        found[task.party].add(duty)
    return found


def routine(who: Company) -> Form:
    """Three guests, one meal outside with two companions, nothing else."""
    plain = form(who, "routine", host="王海峰", headcount=3, guests=(), services=(), lodged=False, lodging=())
    return replace(plain, meals=(FormMeal(DAY, 3, 2, meal="dinner", venue="outside"),))


def settled(who: Company, done: Done, **over: int) -> Done:
    """Enter what each line cost: as planned, and so much more where said; without a reason it is not closed."""
    session = who.session("林小雨")
    for line in expenses(done).values():
        more = over.get(line.item, 0)
        entered = enter_actual(session, line.id, expected=line.version, amount=(line.planned or 0) + more)
        assert entered.over == more
    with refuses("close_missing") as info:
        close(session, done.visit, expected=done.version)
    assert [lack.what for lack in info.value.phrase.facts["missing"]] == ["reason"]  # type: ignore[attr-defined]  # lines
    for line in expenses(done).values():
        if line.actual_over:
            enter_actual(session, line.id, expected=line.version, amount=line.actual or 0, reason="客户指定")
    return close(session, done.visit, expected=done.version)


def test_six_guests_of_the_highest_tier(who: Company) -> None:
    """R10, R12, R16, R17, R18, R19, R20, R39, R70: filed, opinion, decided, its tasks by party, the day, settled."""
    done = submitted(who, form(who, meals=(LUNCH, DINNER)))
    assert route(done) == [(["marketing_head"], "opinion", "current"), (["general_manager"], "decide", "waiting")]
    done = said(who, "王海峰", done, said_words="建议接待")
    assert tasks(done) == {}
    who.wait(hours=3)
    done = said(who, "周建国", done, said_words="同意，我主陪")
    assert by_party(done) == VIP
    assert {duty for duty, task in tasks(done).items() if task.may_drop} == set()
    assert {name for name, stage in stages(done).items() if stage.state == "not_applicable"} == {"activities", "gifts"}
    assert len(tasks(done)["R53"].parts) == 6
    ticked = tasks(done)["R63"]
    assert tick(who.session("林小雨"), ticked.id, expected=ticked.version).state == "done"
    done = left(who, received(who, came(who, done, by="周建国")))
    # 13 and 9 diners at 150, four bottles at 500, three packets at 40
    with reading():
        assert totals(done.visit).planned == 1950_00 + 1350_00 + 2000_00 + 120_00
    done = settled(who, done, drink=80_00)
    with reading():
        sums = totals(done.visit)
    assert (done.state, sums.over, sums.actual) == ("closed", 80_00, 5500_00)
    assert journal.verify().broken is None


def test_both_boxes_of_the_form_keep_words_person_and_date(who: Company) -> None:
    """R112, R18, R19: the department's opinion and the leader's decision, each with who said it, when and what."""
    done = said(who, "王海峰", submitted(who, form(who)), said_words="建议按贵宾级接待")
    who.now = datetime(2026, 11, 24, 16, 30)
    done = said(who, "周建国", done, said_words="同意")
    opinion, decision = decisions(done)
    assert (opinion.words, opinion.person_name, opinion.post, opinion.at) == (
        "建议按贵宾级接待", "王海峰", "marketing_head", datetime(2026, 11, 23, 9),
    )  # fmt: skip
    assert (decision.words, decision.person_name, decision.post, decision.at) == (
        "同意", "周建国", "general_manager", datetime(2026, 11, 24, 16, 30),
    )  # fmt: skip
    with reading():
        assert [each.step.what for each in (opinion, decision)] == ["opinion", "decide"]
    assert (decision.outcome, decision.tier) == ("agree", "vip")


def test_a_routine_visit_filed_two_days_ahead(who: Company) -> None:
    """R8, R15, R23, R78, A4, A5, A25: late with a reason, decided once, simplified, one line over, closed."""
    who.now = datetime(2026, 11, 28, 9, 0)
    session = who.session("刘晓燕")
    saved = new_draft(session, routine(who))
    with refuses("findings") as info:
        submit(session, saved.visit, expected=saved.version)
    assert [each.code for each in findings_of(info)] == ["late"]
    done = submit(session, saved.visit, expected=saved.version, reasons={"late": "客户临时来"})
    assert visit(done).late
    assert route(done) == [(["marketing_head"], "decide", "current")]
    done = said(who, "王海峰", done)
    assert (done.state, by_party(done)) == ("approved", ROUTINE)
    assert {duty for duty, task in tasks(done).items() if task.may_drop} == {"R48", "R51", "R55"}
    drop(who.session("林小雨"), tasks(done)["R51"].id, "从简", expected=1)
    room = tasks(done)["R53"]
    assert [part["text"]["en"] for part in room.parts] == ["tea", "table layout", "projection", "cleaning", "attendant"]
    version = assign(who.session("方晓静"), room.id, who.ids["张德胜"], expected=room.version).version
    version = tick_part(who.session("方晓静"), room.id, 0, expected=version).version
    assert tick(who.session("方晓静"), room.id, expected=version).state == "done"
    assert tasks(done)["R41"].due == datetime(2026, 11, 29, 17, 0)
    done = left(who, came(who, done, by="王海峰"), by="王海峰")
    assert {line.item: line.planned for line in expenses(done).values()} == {"meal": 300_00}  # five diners at 60
    assert settled(who, done, meal=50_00).state == "closed"


def test_a_business_request_raised_to_the_highest_tier(who: Company) -> None:
    """A3, R14, R20, R22, R16: it reaches the general manager, wants him as lead host, and nothing starts before him."""
    made = form(who, "business", host="何志明", meals=(LUNCH, DINNER))
    done = said(who, "王海峰", submitted(who, made))
    assert done.next == ("deputy_general_manager_in_charge",)
    with refuses("findings") as info:
        said(who, "李卫东", done, said_words="董事长亲自来", tier="vip")
    assert [(each.code, each.rule) for each in findings_of(info)] == [("lead_host", "R20")]
    assert (visit(done).tier, visit(done).version, len(decisions(done))) == (None, done.version, 1)
    hosts = (who.ids["周建国"], who.ids["何志明"])
    done = said(who, "李卫东", done, said_words="董事长亲自来", tier="vip", hosts=hosts)
    assert (done.state, done.next, decisions(done)[-1].outcome) == ("submitted", ("general_manager",), "pass_on")
    assert (tasks(done), stages(done), expenses(done)) == ({}, {}, {})
    for other in ("王海峰", "李卫东", "何志明", "林小雨"):
        with refuses("decides_other"):
            said(who, other, done)
    done = said(who, "周建国", done)
    assert (done.state, visit(done).proposed_tier, visit(done).tier) == ("approved", "business", "vip")
    assert by_party(done) == VIP
    assert stored(done).hosts == hosts
    assert {line.item: line.cap for line in expenses(done).values() if line.cap} == {
        "meal": 150_00, "drink": 500_00, "tobacco": 40_00,
    }  # fmt: skip


def test_ticks_outlive_a_raise_after_approval(who: Company) -> None:
    """A33: from Business to the highest tier the ticks stay with name and time, and what the tier adds is told."""
    done = submitted(
        who, form(who, "business", host="何志明", meals=(LUNCH, DINNER), lodging=(PlannedLodging(DAY, 6),))
    )
    done = said(who, "李卫东", said(who, "王海峰", done))
    business = {duty for duties in VIP.values() for duty in duties} - {"R38", "R54", "R63"}
    assert set(tasks(done)) == business
    for duty in ("R39", "R61"):
        tick(who.session("林小雨"), tasks(done)[duty].id, expected=1)
    room = tasks(done)["R53"]
    version = assign(who.session("方晓静"), room.id, who.ids["方晓静"], expected=room.version).version
    tick(who.session("方晓静"), room.id, expected=version)
    before, told = tasks(done), who.now
    who.wait(days=1)
    raised = replace(stored(done), hosts=(who.ids["周建国"],))
    result = amend(who.session("林小雨"), done.visit, raised, expected=done.version, tier="vip", words="董事长来")
    assert set(tasks(result.done)) == business
    done = said(who, "周建国", result.done)
    assert by_party(done, "open", "done") == VIP
    after = tasks(done)
    assert {duty for duty, task in after.items() if task.state == "done"} == {"R39", "R61"}
    assert [(after[duty].done_by_id, after[duty].done_at) for duty in ("R39", "R61")] == [(who.ids["林小雨"], told)] * 2
    # The room was ready without fruit, which the highest tier has: open again, with five of six parts ticked.
    assert [part["text"]["en"] for part in after["R53"].parts if not part["done"]] == ["fruit"]
    assert after["R53"].assignee_id == before["R53"].assignee_id == who.ids["方晓静"]


def test_of_two_approvers_at_once_one_decides(tmp_path: Path) -> None:
    """Either deputy may decide; both do, at the same moment: one counts, the other is told what it is now."""
    old = '{ by = "deputy_general_manager_in_charge", do = "decide" }'
    new = '{ by = ["deputy_general_manager_in_charge", "deputy_general_manager"], do = "decide" }'
    with company(tmp_path, default_text().replace(old, new)) as who:
        done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
        gate, ends = threading.Barrier(2), dict[str, str]()

        def act(name: str, outcome: str) -> None:
            gate.wait()
            try:
                ends[name] = said(who, name, done, outcome, "好").state
            except Refused as refused:
                ends[name] = refused.code

        threads = [threading.Thread(target=act, args=each) for each in (("李卫东", "agree"), ("何志明", "return"))]
        with lived_anew():  # each of the two decides, and no copy
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        won = [name for name, end in ends.items() if end != "stale"]
        assert sorted(ends.values()) in (["approved", "stale"], ["returned", "stale"])
        assert [each.person_name for each in decisions(done)] == ["王海峰", *won]
        assert len(tasks(done)) == (26 if visit(done).state == "approved" else 0)


def test_what_was_paid_stays_with_what_it_was_paid_for(who: Company) -> None:
    """A10, A33: a meal put before the one that is paid does not take over its cost; nor does one that is left."""
    dinner = FormMeal(DAY, 6, 2, meal="dinner", venue="outside")
    session, made = who.session("林小雨"), form(who, meals=(dinner,))
    done = said(who, "周建国", said(who, "王海峰", submitted(who, made)))
    line = expenses(done)["meal1"]
    enter_actual(session, line.id, expected=line.version, amount=1100_00, receipt="A-17")
    done = amend(session, done.visit, replace(stored(done), meals=(LUNCH, dinner)), expected=done.version).done
    assert [(each.label, each.actual, each.receipt) for each in expenses(done).values() if each.item == "meal"] == [
        ("lunch", None, ""), ("dinner", 1100_00, "A-17"),
    ]  # fmt: skip
    done = amend(session, done.visit, replace(stored(done), meals=(dinner,)), expected=done.version).done
    (meal,) = [each for each in expenses(done).values() if each.item == "meal"]
    assert (meal.label, meal.actual, meal.planned) == ("dinner", 1100_00, 1200_00)
    later = replace(stored(done), meals=(replace(dinner, guests=7),))
    assert expenses(amend(session, done.visit, later, expected=done.version).done)["meal1"].actual == 1100_00


def test_a_meal_that_was_paid_and_then_left_out_stays_beside_the_new_one(who: Company) -> None:
    """A27: the deposit for a dinner that became a lunch is still to be settled."""
    dinner = FormMeal(DAY, 6, 2, meal="dinner", venue="outside")
    session, made = who.session("林小雨"), form(who, meals=(dinner,), lodged=False, lodging=())
    done = said(who, "周建国", said(who, "王海峰", submitted(who, made)))
    line = expenses(done)["meal1"]
    enter_actual(session, line.id, expected=line.version, amount=300_00)
    plain = replace(dinner, meal="lunch", venue="in_house")
    done = amend(session, done.visit, replace(stored(done), meals=(plain,)), expected=done.version).done
    with reading():
        rows = Expense.select().where(Expense.visit == done.visit).order_by(Expense.label)
        assert [(row.label, row.planned, row.actual) for row in rows] == [
            ("dinner", None, 300_00), ("lunch", 1200_00, None),
        ]  # fmt: skip
    done = amend(session, done.visit, stored(done), expected=done.version).done
    with reading():
        assert Expense.select().where(Expense.visit == done.visit).count() == 2
        assert totals(done.visit).actual == 300_00


def test_another_tier_measures_again_what_is_paid_already(who: Company) -> None:
    """A10, A33, R75, R77: within the highest tier's standard, over that of Business, and back."""
    session = who.session("林小雨")
    done = said(who, "周建国", said(who, "王海峰", submitted(who, form(who, lodged=False, lodging=()))))
    line = expenses(done)["meal1"]
    assert enter_actual(session, line.id, expected=line.version, amount=1950_00).over == 0
    lower = replace(stored(done), hosts=(who.ids["李卫东"],))
    result = amend(session, done.visit, lower, expected=done.version, tier="business", reasons={"cap": "已订"})
    done = said(who, "李卫东", result.done)
    assert expenses(done)["meal1"].actual_over == 13 * (150 - 80) * 100
    back = amend(
        session, done.visit, replace(stored(done), hosts=(who.ids["周建国"],)), expected=done.version, tier="vip"
    )
    assert expenses(said(who, "周建国", back.done))["meal1"].actual_over == 0


def test_a_visit_filed_afterwards_is_received_and_closed_at_its_own_times(who: Company) -> None:
    """A4, A26: the guests came without notice; the times they came and went are entered, and it is settled."""
    who.now = datetime(2026, 12, 2, 9, 0)
    done = said(who, "王海峰", submitted(who, routine(who), late="客户突然到访"))
    session = who.session("林小雨")
    done = met(session, done.visit, expected=done.version, at=datetime(2026, 11, 30, 10, 20))
    done = seen_off(session, done.visit, expected=done.version, at=datetime(2026, 12, 1, 15, 0))
    assert settled(who, done, meal=1_00).state == "closed"


# -- rules decisions ---------------------------------------------------------------------------------------------------
#
# Decisions that are recorded, confirmed, or that only look like one.


NO_MANAGER = {name: held for name, held in POSTS.items() if name != "周建国"} | {"周建国": []}


def test_what_was_recorded_for_a_vacant_post_is_confirmed_by_its_holder(tmp_path: Path) -> None:
    """R19: nobody else confirms it, the next holder does, once; a decision said in person needs none."""
    with company(tmp_path, posts=NO_MANAGER) as who:
        done = said(who, "王海峰", submitted(who, form(who, host="李卫东"), lead_host="总经理空缺"))
        done = said(who, "林小雨", done, medium="书面")
        opinion, decision = decisions(done)
        for name in ("周建国", "李卫东", "林小雨"):
            with refuses("not_your_decision"):
                confirm_recorded(who.session(name), decision.id)
        give_post(who.session("林小雨"), who.ids["周建国"], "general_manager", date(2026, 11, 1))
        confirm_recorded(who.session("周建国"), decision.id)
        with refuses("confirmed_already"):
            confirm_recorded(who.session("周建国"), decision.id)
        for number in (opinion.id, 99):
            with refuses("no_decision"):
                confirm_recorded(who.session("王海峰"), number)


def test_a_decision_for_a_vacant_post_names_somebody_there_is(tmp_path: Path) -> None:
    """R19: who decided is named, or nobody; not a person the register does not have."""
    with company(tmp_path, posts=NO_MANAGER) as who:
        done = said(who, "王海峰", submitted(who, form(who, host="李卫东"), lead_host="总经理空缺"))
        with refuses("unknown_person"):
            said(who, "林小雨", done, medium="电话", for_person=999)
        done = said(who, "林小雨", done, medium="电话", for_person=who.ids["周建国"])
        assert (done.state, decisions(done)[-1].person_name) == ("approved", "周建国")


def test_a_visit_is_not_left_to_who_is_named_for_it_alone(tmp_path: Path) -> None:
    """R17: with no coordinator the head of Marketing looks after it, not the project sales lead of the visit."""
    posts = POSTS | {"林小雨": []}
    with company(tmp_path, posts=posts) as who:
        assert visit(approved(who, form(who))).coordinator_id == who.ids["王海峰"]


def test_an_opinion_from_above_is_no_decision(tmp_path: Path) -> None:
    """R18, A3: the general manager's opinion with another host leaves the decision to the deputy in charge."""
    old = 'steps = [{ by = "@owner_head", do = "opinion" }, { by = "deputy_general_manager_in_charge", do = "decide" }]'
    assert old in default_text()
    with company(tmp_path, default_text().replace(old, old.replace("@owner_head", "general_manager"))) as who:
        done = submitted(who, form(who, "business", host="李卫东"))
        done = said(who, "周建国", done, hosts=(who.ids["何志明"],))
        assert (done.state, done.next) == ("submitted", ("deputy_general_manager_in_charge",))
        assert said(who, "李卫东", done).state == "approved"


# -- rules try ---------------------------------------------------------------------------------------------------------
#
# What `jiedai try` says in words to odd requests.


LANGUAGES = ("zh", "en")
BASE = {
    "kind": '"customer"',
    "tier": '"vip"',
    "client": '"江南智造集团"',
    "headcount": "6",
    "requested_at": "2026-11-23T09:00:00",
    "arrive": "2026-11-30T10:20:00",
    "depart": "2026-12-01T15:00:00",
}
Ask = Callable[..., str]


def toml(**changes: str) -> str:
    """A request, with some keys of it changed."""
    return "\n".join([f"{key} = {value}" for key, value in {**BASE, **changes}.items()])


@pytest.fixture(params=LANGUAGES)
def w(request: pytest.FixtureRequest) -> Words:
    """The words of one language."""
    return words(request.param)


@pytest.fixture
def ask(default_policy: Policy, w: Words) -> Ask:
    """The text of the answer to a request with these changes."""

    def asked(**changes: str) -> str:
        request, _ = read_request(default_policy, toml(**changes))
        return "\n".join(told(w, default_policy, request, judge(default_policy, request)))

    return asked


def wrong(policy: Policy, w: Words, **changes: str) -> str:
    """The one thing that is wrong with a request."""
    with pytest.raises(RequestErrors) as caught:
        read_request(policy, toml(**changes))
    (problem,) = caught.value.problems
    return w.text(problem.phrase)


def test_after_the_fact_is_said_as_such(ask: Ask, w: Words) -> None:
    """A4: filed five days after the arrival, not with a notice of minus five days."""
    said = ask(requested_at="2026-12-05T09:00:00")
    assert "-5" not in said
    assert said.count({"zh": "到达后 5 天", "en": "5 days after"}[w.language]) == 2
    same_day = ask(requested_at="2026-11-30T12:00:00")
    assert {"zh": "提前 0 天", "en": "Notice of 0 days"}[w.language] in same_day


def test_no_lead_host_yet_is_no_breach(ask: Ask, w: Words) -> None:
    """R20: a field left empty does not read like a rule broken; a wrong host does."""
    broken, open_yet = {"zh": ("不符合", "还没有写"), "en": ("does not fit", "not named yet")}[w.language]
    for hosts, there, absent in (("[]", open_yet, broken), ('["driver"]', broken, open_yet)):
        (line,) = [line for line in ask(host=hosts).splitlines() if line.startswith(w("trial.lead_host"))]
        assert there in line
        assert absent not in line


def test_a_standard_that_is_a_grade_is_named(ask: Ask, w: Words) -> None:
    """R87, R90: the hotel and the car class stand where an amount would."""
    said = ask(lodging="[{}]", costs='[{ item = "car", unit = "trip" }]').splitlines()
    hotel, car = {"zh": ("标准 四星级", "至少 宝马级"), "en": ("cap Four-star hotel", "at least BMW class")}[w.language]
    assert [line for line in said if "R87" in line and hotel in line]
    assert [line for line in said if "(R90)" in line and car in line]
    (routine,) = [line for line in ask(tier='"routine"', costs='[{ item = "car" }]').splitlines() if "R92" in line]
    assert "-" in routine


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("meals", "[{ price = -1 }]", "-1 小于 0：请写 0 或更大的数", "-1 is below 0 — write 0 or more"),
        ("costs", '[{ item = "gift", quantity = -2 }]', "-2 小于 0", "-2 is below 0 — write 0 or more"),
        ("client", '" "', "没有写字", "is empty"),
        ("client", "5", "5", "is no text"),
    ],
)
def test_what_is_wrong_in_a_request(default_policy: Policy, w: Words, key: str, value: str, zh: str, en: str) -> None:
    said = wrong(default_policy, w, **{key: value})
    assert {"zh": zh, "en": en}[w.language] in said
    assert {"zh": "也不许", "en": "none allowed"}[w.language] not in said


# -- rules -------------------------------------------------------------------------------------------------------------
#
# Every rule of the regulation and every reading of it is named in a test, as a word of its own.


TESTS = Path(__file__).parents[1]
RULES = [*(f"R{number}" for number in range(1, 113)), "R89a", "R89b", *(f"A{number}" for number in range(1, 35))]
RANGE = re.compile(r"\b[RA]\d+[ab]?\s*(?:-|–|—|~|\.\.\.?|…|to|至|到)\s*[RA]?\d+[ab]?\b")


def words_of(text: str) -> set[str]:
    """The rules that a text names one by one: neither as part of a name nor within a range."""
    return set(re.findall(r"\b[RA]\d+[ab]?\b", RANGE.sub(" ", text)))


def test_a_name_or_a_range_does_not_count() -> None:
    assert words_of("R53, (A4) 'R89a' R1.") == {"R53", "A4", "R89a", "R1"}
    assert words_of("test_R53_parts R53x xR53 R26–R35 R36-69 R36 to R69 A1..A34 R99 … R111") == set()


def test_every_rule_is_named_in_a_test() -> None:
    own = Path(__file__).name
    files = [path for path in sorted(TESTS.rglob("test_*.py")) if path.name != own]
    named = set().union(*(words_of(path.read_text("utf-8")) for path in files))
    assert len(RULES) == 112 + 2 + 34
    assert [rule for rule in RULES if rule not in named] == []
