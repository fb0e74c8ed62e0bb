"""What the screens of a visit read, and the wizard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from models.errors import Refused
from models.form import Form, FormGuest, FormMeal
from models.queries import request_preview
from models.queries.visit_arrangements import lacking
from models.queries.visit_detail import VisitDetail, heirs
from models.queries.visit_detail import visit as read
from models.queries.visit_history import JournalEntry
from models.schema.store import write
from models.schema.tables import JournalDetail
from models.services import cost_verbs, day_verbs
from models.services import task_verbs as verbs
from models.services.request_verbs import new_draft, urge
from models.services.visits import Done
from models.words import words
from screens.wizard import form_rows, wizard_screen
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import rows_of, texts_of
from tests.unit.life import Company, approved, company, expenses, form, late, said, submitted, tasks
from tests.unit.life import stages as stages_of

# -- queries visit -----------------------------------------------------------------------------------------------------
#
# The query of the Visit screen: form and signatures, stages, people, tasks, costs, notes, history, rights.


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


def whole(who: Company, done: Done, name: str = "林小雨") -> VisitDetail:
    found = read(who.session(name), done.visit)
    assert found is not None
    return found


def test_a_visit_that_is_gone_is_none(who: Company) -> None:
    assert read(who.session("林小雨"), 99) is None


def test_a_request_lies_at_somebody(who: Company) -> None:
    """R18: the department's opinion is the first step."""
    done = submitted(who, form(who))
    found = whole(who, done)
    assert (found.state, found.waits_at, found.posts) == ("submitted", ("王海峰",), ("marketing_head",))
    assert found.tasks == ()
    assert whole(who, done, "陈志远").refusals["withdraw"] == "not_yours"
    assert whole(who, done, "刘晓燕").refusals["withdraw"] is None


def test_both_signatures_stand_in_their_boxes(who: Company, vip: Done) -> None:
    """R112: the opinion and the leader's decision, with who and when; R19."""
    boxes = [(each.box, each.said.who, each.said.at) for each in whole(who, vip).signatures]
    assert boxes == [("opinion", "王海峰", who.now), ("decide", "周建国", who.now)]


def test_one_decision_may_fill_both_boxes(who: Company) -> None:
    """A5: the same person at both steps acts once and both boxes are filled."""
    found = whole(who, approved(who, form(who, "routine", host="王海峰")))
    assert [(each.box, each.said.who) for each in found.signatures] == [("opinion", "王海峰"), ("decide", "王海峰")]
    assert found.signatures[0].said == found.signatures[1].said


def test_ten_stages_in_order(who: Company, vip: Done) -> None:
    """R26, R27, R28, R29, R30, R31, R32, R33, R34, R35: all ten, those not asked for, too; A36: dining at noon."""
    found = whole(who, vip).stages
    assert [each.name.say("zh")[:2] for each in found] == [
        "接机", "迎宾", "公司", "餐饮", "业务", "参观", "住宿", "组织", "礼品", "送客",
    ]  # fmt: skip
    assert [each.state for each in found].count("not_applicable") == 2
    row = stages_of(vip)["welcome"]
    day_verbs.start_stage(who.session("林小雨"), row.id, expected=vip.version)
    assert whole(who, vip).stages[1].started == who.now


def test_people_hosts_first_then_who_runs_it(who: Company, vip: Done) -> None:
    """R17, R20: the lead host, and the coordinator in the owner department."""
    found = whole(who, vip)
    assert (found.people[0].role, found.people[0].name) == ("host", "周建国")
    assert [part.name for part in found.people if part.role == "coordinator"] == ["林小雨"]
    assert found.hosts == ("周建国",)
    assert found.owner is not None
    assert found.owner.say("zh") == "营销部"
    assert {each.name for each in heirs(who.session("林小雨"), vip.visit)} == {"王海峰", "林小雨"}


def test_tasks_of_this_visit_only_done_ones_too(who: Company, vip: Done) -> None:
    approved(who, form(who, client="华为科技"))
    row = tasks(vip)["R39"]
    verbs.tick(who.session("林小雨"), row.id, expected=row.version)
    who.wait(days=2)
    found = whole(who, vip).tasks
    assert len(found) == 29
    assert [each.done_by for each in found if each.state == "done"] == ["林小雨"]


def test_costs_line_by_line_with_what_is_missing(who: Company, vip: Done) -> None:
    """R75, A10: over standard is marked on its own line and never netted with another."""
    rows = expenses(vip)
    meal, drink = rows["meal1"], rows["drink1"]
    session = who.session("林小雨")
    cost_verbs.enter_actual(session, meal.id, expected=meal.version, amount=200_000)
    cost_verbs.enter_actual(session, drink.id, expected=drink.version, amount=100_000)
    found = {line.id: line for line in whole(who, vip).costs}
    assert (found[meal.id].planned, found[meal.id].actual, found[meal.id].over) == (195_000, 200_000, 5_000)
    assert found[drink.id].over == 0
    assert set(found[meal.id].lacks) == {"reason"}
    assert lacking(session, meal.id) == ("reason",)
    totals = whole(who, vip).totals
    assert (totals.actual, totals.over) == (300_000, 5_000)
    assert found[meal.id].label.say("zh") == "午餐"
    assert (found[meal.id].on, found[meal.id].quantity) == (date(2026, 11, 30), Decimal(13))


def test_a_gift_is_set_by_somebody(who: Company, vip: Done) -> None:
    """R94: the amount is the lead host's to set, and their name is wanted."""
    cost_verbs.add_expense(who.session("林小雨"), vip.visit, item="gift", amount=50_000)
    line = whole(who, vip).costs[-1]
    assert line.added
    assert line.left_to_someone
    assert set(line.lacks) == {"decided_by"}


def test_notes_the_newest_first(who: Company, vip: Done) -> None:
    day_verbs.note(who.session("林小雨"), vip.visit, "客人来电：不吃鱼")
    who.wait(hours=1)
    day_verbs.note(who.session("方晓静"), vip.visit, "司机已出发")
    assert [(note.who, note.text) for note in whole(who, vip).notes] == [
        ("方晓静", "司机已出发"), ("林小雨", "客人来电：不吃鱼"),
    ]  # fmt: skip


def history(who: Company, done: Done) -> tuple[JournalEntry, ...]:
    return whole(who, done).history


def test_history_tells_who_did_what_in_words(who: Company, vip: Done) -> None:
    """A26: every change leaves its trace."""
    day_verbs.cancel(who.session("林小雨"), vip.visit, "客户改期", expected=vip.version)
    entries = history(who, vip)
    assert [each.verb for each in entries] == ["cancel", "decide", "opinion", "submit"]
    assert entries[0].facts == (("words", "客户改期"),)
    assert (entries[0].who, entries[0].at) == ("林小雨", who.now)
    kinds = dict(entries[1].facts)
    assert kinds["outcome"] == "agree"
    assert kinds["words"] == "同意"


def test_history_names_for_whom_a_decision_was_recorded(who: Company) -> None:
    """DESIGN: B for A, and to be confirmed by A."""
    done = submitted(who, form(who))
    said(who, "林小雨", done, for_person=who.ids["王海峰"], medium="电话")
    entry = history(who, done)[0]
    assert (entry.who, entry.for_whom, entry.verb) == ("林小雨", "王海峰", "opinion")
    assert len(whole(who, done, "王海峰").unconfirmed) == 1
    assert whole(who, done, "林小雨").unconfirmed == ()


def test_history_says_where_the_guests_were(who: Company, vip: Done) -> None:
    done = day_verbs.track(who.session("林小雨"), vip.visit, "on_way", expected=vip.version)
    late(who.session("林小雨"), done, "10:50")
    moved, way = history(who, vip)[:2]
    assert way.facts == (("where", "on_way"),)
    assert "'new': '10:50', 'old': '11-30 10:20'" in str(moved.facts)


def test_erased_details_leave_the_entry(who: Company, vip: Done) -> None:
    last = history(who, vip)[0]
    with write():
        JournalDetail.delete().where(JournalDetail.entry == last.id).execute()
    again = history(who, vip)[0]
    assert (again.verb, again.facts, again.erased) == (last.verb, (), True)
    assert not history(who, vip)[1].erased


def test_a_restored_visit_shows_what_it_has(who: Company, vip: Done) -> None:
    cancelled = day_verbs.cancel(who.session("林小雨"), vip.visit, "改期", expected=vip.version)
    day_verbs.restore(who.session("林小雨"), vip.visit, expected=cancelled.version)
    found = whole(who, vip)
    assert (found.state, found.tasks, found.stages, found.costs) == ("draft", (), (), ())
    assert found.edited


def test_rights_are_told_by_verb(who: Company, vip: Done) -> None:
    refusals = whole(who, vip).refusals
    assert refusals["met"] is None
    assert refusals["close"] == "state.approved"
    assert whole(who, vip, "陈志远").refusals["cancel"] == "not_yours"


def test_how_long_it_lies_there(who: Company) -> None:
    done = submitted(who, form(who))
    who.wait(hours=3)
    urge(who.session("刘晓燕"), done.visit, expected=done.version)
    assert whole(who, done).since == datetime(2026, 11, 23, 9, 0)


# -- queries wizard ----------------------------------------------------------------------------------------------------
#
# What the wizard reads, and how its rows become texts and back.


def facts(who: Company, made: Form) -> FormFacts:
    """What the pages know of a form."""
    session = who.session("刘晓燕")
    verdict = request_preview.verdict(session, made)
    return FormFacts(
        words("zh"),
        who.policy,
        request_preview.choices(session, who.policy, date(2026, 11, 23)),
        verdict,
        date(2026, 11, 23),
    )


def test_everybody_is_offered_with_posts_and_pinyin(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        found = request_preview.choices(who.session("刘晓燕"), who.policy, date(2026, 11, 23))
        chief = next(each for each in found.people if each.name == "周建国")
        assert (chief.posts, chief.pinyin, chief.initials) == (("general_manager",), "zhou jian guo", "z j g")
        assert found.holding("marketing_head") == (who.ids["王海峰"],)
        assert found.holding("driver") == (who.ids["张德胜"],)
        assert request_preview.choices(who.session("刘晓燕"), who.policy, date(2025, 1, 1)).holding("driver") == ()
        assert found.clients == ()


def test_clients_are_known_from_their_visits(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        approved(who, form(who))
        found = request_preview.choices(who.session("刘晓燕"), who.policy, date(2026, 11, 23)).clients
        assert [(each.name, each.initials) for each in found] == [("江南智造集团", "j n z z/c j t/q")]


def test_an_empty_form_is_judged_with_blanks_in_place(tmp_path: Path) -> None:
    """R12, R15: who decides each tier is known before anything else is typed."""
    with company(tmp_path) as who:
        verdict = request_preview.verdict(who.session("刘晓燕"), Form())
        assert set(verdict.missing) == {"client", "headcount", "arrive", "depart", "kind", "tier"}
        assert verdict.answer.tier.proposed is None
        assert verdict.decides == {
            "vip": ("general_manager",),
            "distinguished": ("deputy_general_manager_in_charge",),
            "business": ("deputy_general_manager_in_charge",),
            "routine": ("marketing_head",),
        }


def test_a_whole_form_is_judged_as_it_would_be_submitted(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        verdict = request_preview.verdict(who.session("刘晓燕"), form(who))
        assert verdict.missing == ()
        assert verdict.answer.total == 407000
        assert len(verdict.answer.duties) == 29


def test_a_returned_request_opens_with_the_words_it_came_back_with(tmp_path: Path) -> None:
    """A32: returned for correction, with words."""
    with company(tmp_path) as who:
        done = submitted(who, form(who))
        back = said(who, "王海峰", done, "return", "人数写错了")
        found = request_preview.opened(who.session("刘晓燕"), back.visit)
        assert (found.number, found.state, found.returned) == (back.number, "returned", "人数写错了")
        assert (found.version, found.amends) == (back.version, False)


def test_an_approved_visit_opens_to_be_changed_at_its_confirmed_tier(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        done = submitted(who, form(who))
        done = said(who, "王海峰", done)
        done = said(who, "周建国", done, tier="distinguished", said_words="嘉宾级即可")
        found = request_preview.opened(who.session("刘晓燕"), done.visit)
        assert (found.amends, found.form.tier) == (True, "distinguished")
        with pytest.raises(Refused):
            request_preview.opened(who.session("刘晓燕"), done.visit + 1)


def test_rows_become_texts_and_back(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        made = form(who)
        known = facts(who, made)
        for name, spec in form_rows.specs(known, made).items():
            rows = getattr(made, name)
            back, raw = rows_of(spec, texts_of(spec, rows, {}))
            assert (back, raw) == (rows, {})


def test_what_cannot_be_read_is_kept_as_typed(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        made = form(who)
        spec = form_rows.specs(facts(who, made), made)["meals"]
        texts = texts_of(spec, made.meals, {})
        texts[0] |= {"on": "32", "guests": "", "price": "1,000.5", "bottles": "many"}
        rows, raw = rows_of(spec, texts)
        assert raw == {"meals.0.on": "32", "meals.0.bottles": "many"}
        assert rows == (
            FormMeal(date(2026, 11, 30), 6, 7, meal="lunch", venue="in_house", bottles=0, packs=3, price=100050),
        )
        assert texts_of(spec, rows, raw)[0]["bottles"] == "many"


def test_guest_rows_without_a_word_are_not_kept(tmp_path: Path) -> None:
    """R103, A19: rows are kept by their text, one is the principal."""
    with company(tmp_path) as who:
        spec = form_rows.guests(facts(who, form(who)))
        rows, _ = rows_of(spec, [{"principal": "x"}, {"name": " 张三 "}, {"post": "总工", "principal": "x"}])
        assert rows == (FormGuest("张三"), FormGuest("", "总工", principal=True))


def test_a_moved_arrival_moves_what_is_dated(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        made = form(who)
        later = replace(made, arrive=datetime(2026, 12, 2, 9))
        moved = wizard_screen.moved(later, made.arrive)
        assert (moved.arrive, moved.depart) == (datetime(2026, 12, 2, 9), datetime(2026, 12, 3, 15))
        assert moved.meals[0].on == date(2026, 12, 2)
        same_day = replace(made, arrive=datetime(2026, 11, 30, 8))
        assert wizard_screen.moved(same_day, made.arrive) == same_day


def test_the_page_left_is_kept_in_the_form(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        left = wizard_screen.left_at(wizard_screen.left_at(Form(), 4), 2)
        assert (wizard_screen.page_left(left, 5), wizard_screen.furthest(left)) == (2, 4)
        saved = new_draft(who.session("刘晓燕"), left)
        assert wizard_screen.page_left(request_preview.opened(who.session("刘晓燕"), saved.visit).form, 5) == 2
        assert wizard_screen.unread(replace(left, raw={**left.raw, "arrive": "12-"})) == {"arrive": "12-"}
        assert wizard_screen.page_left(Form(raw={"page": "99"}), 5) == 5
        assert wizard_screen.page_left(Form(raw={"page": "x"}), 5) == 1
