"""Somebody leaves the company: all they hold is handed over in one step, or nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from models.queries.calendar_lists import stands
from models.queries.visit_history import agreement
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Person, PersonKey, StandIn, Visit
from models.services.leaving_verbs import KINDS, Left, leave, leaving, parts_held
from models.services.person_register import posts_of
from models.services.person_verbs import add_key
from models.services.request_verbs import new_draft
from models.services.stand_in_verbs import StandInEntry, give_stand_in
from models.services.visit_form import read_form
from tests.unit.booking import garage
from tests.unit.every_verb import ED25519
from tests.unit.leavers import everywhere
from tests.unit.life import Company, company, form, refuses, submitted

MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def goes(who: Company, name: str, to: str = "", by: str = "方晓静", **by_kind: str) -> Left:
    """Somebody leaves."""
    with reading():
        seen = Person.get_by_id(who.ids[name]).version
    heirs: dict[str, int | None] = {kind: who.ids[heir] for kind, heir in by_kind.items()}
    return leave(who.session(by), who.ids[name], who.ids[to] if to else None, heirs, expected=seen)


def test_whoever_leaves_holds_nothing_any_more(tmp_path: Path) -> None:
    """R17, R24, R31: hosts, companions, those named, tasks, meeters, drivers, posts: all of it is another's."""
    with garage(tmp_path) as g:
        who = g.who
        everywhere(who, g.things["BMW"])
        with reading():
            who.now = who.now.replace(day=28)
        heirs = {"林小雨": "王海峰", "刘晓燕": "赵启航", "张德胜": "方晓静", "何志明": "李卫东", "陈志远": "李卫东"}
        for name, heir in heirs.items():
            held = {kind for kind, ids in parts_held(g.session, who.ids[name]).items() if ids}
            left = goes(who, name, heir)
            assert set(left.given) == held, name
            assert {each for _, each in left.given.values()} == {heir}
            assert stands(g.session, who.ids[name]) == (), name
            assert not any(parts_held(g.session, who.ids[name]).values())
            assert not Person.get_by_id(who.ids[name]).active
            assert posts_of(who.ids[name], who.now.date()) == ()
        assert agreement().whole
        assert journal.verify().broken is None


def test_another_lead_host_of_what_is_approved_is_decided_again(tmp_path: Path) -> None:
    """R20: a change of substance is one here, too; posts and everything else go over at once."""
    with garage(tmp_path) as g:
        who = g.who
        visit, waiting = everywhere(who, g.things["BMW"])
        left = goes(who, "周建国", "李卫东")
        with reading():
            row, other = Visit.get_by_id(visit), Visit.get_by_id(waiting)
            assert (row.state, row.before is None) == ("submitted", False)
            assert read_form(row).hosts == read_form(other).hosts == (who.ids["李卫东"],)
        assert left.again == (row.number,)
        assert "general_manager" in posts_of(who.ids["李卫东"], who.now.date())
        assert agreement().whole


def test_all_of_it_or_nothing(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        who = g.who
        everywhere(who, g.things["BMW"])
        before = journal.head()
        with refuses("successor_needed"):
            goes(who, "刘晓燕")
        with refuses("successor_self"):
            goes(who, "刘晓燕", "刘晓燕")
        with refuses("not_of_department"):
            goes(who, "林小雨", "王海峰", coordinator="方晓静")
        with refuses("stale_person"):
            leave(g.session, who.ids["刘晓燕"], who.ids["赵启航"], expected=7)
        seen = leaving(g.session, who.ids["刘晓燕"], who.ids["赵启航"], expected=1)
        assert set(seen.given) <= set(KINDS)
        assert journal.head() == before


def test_stand_ins_go_over_and_keys_are_off(tmp_path: Path) -> None:
    with company(tmp_path) as who:
        head, other, heir = "王海峰", "陈志远", "何志明"
        give_stand_in(who.session(head), StandInEntry(who.ids[head], who.ids[other], MONDAY, FRIDAY))
        give_stand_in(who.session(other), StandInEntry(who.ids[other], who.ids["周建国"], MONDAY, FRIDAY))
        submitted(who, form(who))
        add_key(who.session("方晓静"), who.ids[other], ED25519)
        new_draft(who.session(other), replace(form(who), applicant=who.ids[other]))
        goes(who, other, heir)
        with reading():
            rows = [(row.for_person_id, row.person_id) for row in StandIn.select().where(StandIn.ended_utc.is_null())]
            assert rows == [(who.ids[head], who.ids[heir])]
            assert PersonKey.get().off_utc is not None
            assert Visit.get(Visit.number.is_null()).applicant_id == who.ids[heir]
        assert posts_of(who.ids[heir], who.now.date()) == ("deputy_general_manager", "technology_head")
