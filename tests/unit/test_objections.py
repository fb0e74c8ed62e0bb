"""One list of what is to be seen for the applicant and for who decides; nothing is said of what a field still lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from models.form import Form
from models.policy.answer import Finding
from models.queries.request_lists import preview
from models.queries.request_preview import verdict
from models.schema.store import reading
from models.schema.tables import Person
from models.services.person_verbs import change_person
from models.words import words
from tests.unit.life import Company, approved, form, submitted

DAY: dict[str, Any] = {"arrive": datetime(2026, 11, 30, 9), "depart": datetime(2026, 11, 30, 18)}


def lines(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """The findings that are more than a remark."""
    return [(each.level, words("zh").text(each.text)) for each in findings if each.level != "info"]


def test_applicant_and_approver_read_the_same(who: Company) -> None:
    """A visit without lead host; the same client again on that day."""
    approved(who, form(who))
    made = form(who, "vip", client="江南 智造集团", hosts=())
    before = lines(verdict(who.session("刘晓燕"), made).findings)
    done = submitted(who, made)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    assert lines(shown.findings) == before
    assert any("2026-0001" in text for _, text in before), "the same client on the same day"
    assert any("主" in text and level == "warn" for level, text in before), "nobody is lead host"


def test_a_lead_host_asked_for_elsewhere_is_said_before_it_is_handed_in(who: Company) -> None:
    approved(who, form(who, client="甲", **DAY))
    made = form(who, client="乙", **DAY)
    found = lines(verdict(who.session("刘晓燕"), made).findings)
    assert [text for _, text in found] == ["周建国 11-30 09:00 另陪 甲"]
    done = submitted(who, made)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    assert lines(shown.findings) == found


@pytest.mark.parametrize(
    "change", [{"client": "丙"}, {"arrive": datetime(2026, 12, 7, 9), "depart": datetime(2026, 12, 7, 18)}]
)
def test_another_client_or_day_is_no_matter(who: Company, change: dict[str, object]) -> None:
    approved(who, form(who))
    made = replace(form(who), **change)  # type: ignore[arg-type]  # fields by name
    assert not any("2026-0001" in text for _, text in lines(verdict(who.session("刘晓燕"), made).findings))


def test_what_needs_a_missing_field_is_not_judged(who: Company) -> None:
    session = who.session("刘晓燕")
    empty = verdict(session, Form(kind="customer"))
    assert "arrive" in empty.waits["notice"]
    assert empty.waits["route"] == ("tier",)
    codes = {each.code for each in empty.findings}
    assert not codes & {"late", "lead_host", "cap"}
    assert not any("级别" in words("zh").text(each.text) for each in empty.findings)
    for left_out in ("arrive", "tier"):
        found = verdict(session, replace(form(who), **{left_out: None}))  # type: ignore[arg-type]  # by name
        assert found.missing == (left_out,)
        assert (left_out in found.waits["notice"]) == (left_out == "arrive")
        assert left_out == "tier" or "late" not in {each.code for each in found.findings}
    whole = verdict(session, form(who))
    assert not any(whole.waits.values())


def test_what_needs_no_missing_field_is_said(who: Company) -> None:
    """Without an arrival it is known who decides and who must be lead host."""
    found = verdict(who.session("刘晓燕"), replace(form(who, host="何志明"), arrive=None))
    assert found.waits["route"] == found.waits["hosts"] == ()
    assert "lead_host" in {each.code for each in found.findings}


def test_a_host_who_is_switched_off_meanwhile_is_named_to_both(who: Company) -> None:
    made = form(who)
    done = submitted(who, made)
    chief = who.ids["周建国"]
    with reading():
        seen = Person.get_by_id(chief).version
    change_person(who.session("林小雨"), chief, expected=seen, active=False)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    for found in (shown.findings, verdict(who.session("刘晓燕"), made).findings):
        assert ("warn", "周建国已停用，要换人") in lines(found)
