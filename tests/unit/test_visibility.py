"""Restricted visits: only the posts that the kind names, and those with a part in the visit, see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from models.errors import Refused
from models.queries.calendar_lists import span, stands
from models.queries.day_lists import today
from models.queries.plain_lists import tasks, visits
from models.queries.request_lists import preview, requests
from models.queries.task_lists import checklist
from models.queries.visit_detail import visit
from models.services.rights import hidden, refusal_code, refusal_codes
from models.services.session import Session
from models.services.stand_in_verbs import StandInEntry, end_stand_in, give_stand_in
from models.services.visits import Done
from models.words import Phrase, words
from tests.ui.regulations import ARRIVE, Organisation, approved, form, organisation, submitted

SEEING = ("director", "office_head")
"""Whom `authority.toml` lets see inspectors."""


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Organisation]:
    """The authority of the examples."""
    with organisation(tmp_path, "authority") as made:
        yield made


def inspectors(who: Organisation, **changes: Any) -> Done:
    """A visit of inspectors that the clerk asked for, approved."""
    return approved(who, form(who, "inspectors", applicant=who.ids["clerk"], headcount=2, **changes))


def lists(session: Session) -> dict[str, bool]:
    """In which lists the only visit there is stands."""
    day = ARRIVE.date()
    unseen = hidden(session)
    return {
        "requests": bool(requests(session)),
        "today": bool(today(session, day).lines),
        "tomorrow": bool(today(session, date(2026, 12, 7)).tomorrow.visits),
        "calendar": any(each.entries for each in span(session, day, day).days),
        "checklist": bool(checklist(session).lines),
        "progress": any(each.total for each in checklist(session).progress),
        "visits": bool(visits(hidden=unseen)),
        "tasks": bool(tasks(hidden=unseen)),
    }


def test_lists_leave_out_what_one_may_not_see(who: Organisation) -> None:
    inspectors(who)
    for post in (*SEEING, "clerk"):
        assert all(lists(who.session(post)).values()), post
    for post in ("investment_officer", "deputy_economy"):
        assert not any(lists(who.session(post)).values()), post


def test_nothing_may_be_done_to_it_nor_seen_of_it(who: Organisation) -> None:
    done = inspectors(who)
    session = who.session("investment_officer")
    assert {refusal_code(session, "read", done.visit), refusal_code(session, "note", done.visit)} == {"restricted"}
    assert set(refusal_codes(session, done.visit).values()) == {"restricted"}
    with pytest.raises(Refused) as refused:
        visit(session, done.visit)
    assert refused.value.code == "restricted"
    assert all(words(language).text(refused.value.phrase) for language in ("zh", "en"))
    assert refusal_code(who.session("office_head"), "read", done.visit) is None


def test_whoever_has_a_part_sees_it(who: Organisation) -> None:
    """Named as host, asked by a task, or standing on the way."""
    named = inspectors(who, hosts=(who.ids["director"], who.ids["deputy_economy"]))
    assert refusal_code(who.session("deputy_economy"), "read", named.visit) is None
    assert refusal_code(who.session("finance_head"), "read", named.visit) is None, "the finance section has a task"
    assert refusal_code(who.session("deputy_office"), "read", named.visit) == "restricted"


def test_who_stands_in_for_somebody_on_the_way_sees_what_lies_there(who: Organisation) -> None:
    """R74: while it is theirs to decide, and what they decided."""
    done = submitted(who, form(who, "inspectors", applicant=who.ids["clerk"], headcount=2))
    today, officer = who.session("director").now().date(), who.session("investment_officer")
    assert refusal_code(officer, "read", done.visit) == "restricted"
    wanted = StandInEntry(who.ids["director"], who.ids["investment_officer"], today, today)
    row = give_stand_in(who.session("director"), wanted)
    assert {refusal_code(officer, verb, done.visit) for verb in ("read", "decide")} == {None}
    end_stand_in(who.session("director"), row)
    assert refusal_code(officer, "read", done.visit) == "restricted"


def test_other_kinds_are_seen_by_everybody(who: Organisation) -> None:
    done = submitted(who, form(who))
    assert hidden(who.session("investment_officer")) == frozenset()
    assert hidden(who.session("")) == frozenset()
    assert preview(who.session("investment_officer"), done.visit) is not None


def test_nobody_acting_sees_none_of_it(who: Organisation) -> None:
    done = inspectors(who)
    assert hidden(who.session("")) == {done.visit}


def test_a_clash_with_it_does_not_say_whom(who: Organisation) -> None:
    inspectors(who, client="巡察组")
    asked = submitted(who, form(who, depart=datetime.combine(ARRIVE.date(), time(18))))
    for post, client in (("deputy_economy", "***"), ("director", "巡察组")):
        shown = preview(who.session(post), asked.visit)
        assert shown is not None
        phrases = [each.text for each in shown.findings if isinstance(each.text, Phrase)]
        clashes = [phrase for phrase in phrases if phrase.key.startswith("approvals.clash")]
        assert [clash.facts["client"] for clash in clashes] == [client]


def test_where_somebody_stands_is_said_without_whom_one_may_not_see(who: Organisation) -> None:
    """R74: also to who keeps the register."""
    inspectors(who, client="巡察组", hosts=(who.ids["director"],))
    for post, seen in (("deputy_office", False), ("director", True)):
        said = [str(each.facts.get("visits", "")) for each in stands(who.session(post), who.ids["director"])]
        assert any("巡察组" in text for text in said) == seen
        assert any("2026-" in text for text in said)
