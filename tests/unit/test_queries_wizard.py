"""What the wizard reads, and how its rows become texts and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from models.errors import Refused
from models.form import Form, FormGuest, FormMeal
from models.queries import request_preview
from models.services.request_verbs import new_draft
from models.words import words
from screens.wizard import form_rows, wizard_screen
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_table import rows_of, texts_of
from tests.unit.life import Company, approved, company, form, said, submitted


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
