"""The query of the Calendar: who is here on which day, holidays, what still waits."""

from __future__ import annotations

from datetime import date, datetime

from models.queries.calendar_lists import span
from models.services import day_verbs
from models.services.arrangement_verbs import amend
from tests.unit.life import Company, approved, form, said, submitted


def test_a_visit_is_on_each_of_its_days(who: Company) -> None:
    approved(who, form(who, depart=datetime(2026, 12, 2, 12)))
    found = span(who.session("林小雨"), date(2026, 11, 29), date(2026, 12, 3))
    assert [(len(day.entries), day.guests) for day in found.days] == [(0, 0), (1, 6), (1, 6), (1, 6), (0, 0)]
    entries = [entry for day in found.days for entry in day.entries]
    assert [(entry.at, entry.going, entry.arrives) for entry in entries] == [
        (datetime(2026, 11, 30, 10, 20), False, True),
        (None, False, False),
        (datetime(2026, 12, 2, 12), True, False),
    ]
    assert entries[0].hosts == ("周建国",)
    assert entries[0].purposes == ("inspection", "cooperation")
    assert entries[0].mark is not None
    assert entries[0].mark.say("zh") == "贵"


def test_the_day_is_in_order_of_time(who: Company) -> None:
    for client, hour in (("乙", 16), ("甲", 8)):
        submitted(who, form(who, client=client, arrive=datetime(2026, 11, 30, hour)))
    (day,) = span(who.session("林小雨"), date(2026, 11, 30), date(2026, 11, 30)).days
    assert [entry.client for entry in day.entries] == ["甲", "乙"]
    assert day.pending


def test_what_waits_and_what_is_not_there(who: Company) -> None:
    """R16, A26, A32: a request is shown as one; returned and cancelled ones are not; a change being decided runs on."""
    one = submitted(who, form(who, client="甲"))
    said(who, "王海峰", submitted(who, form(who, client="乙")), "return", "改日")
    two = approved(who, form(who, client="丙"))
    three = approved(who, form(who, client="丁"))
    amend(who.session("林小雨"), two.visit, form(who, client="丙", headcount=12), expected=two.version)
    day_verbs.cancel(who.session("林小雨"), three.visit, "客户改期", expected=three.version)
    (day,) = span(who.session("林小雨"), date(2026, 11, 30), date(2026, 11, 30)).days
    assert {entry.client: (entry.state, entry.asked) for entry in day.entries} == {
        "甲": ("submitted", True),
        "丙": ("submitted", False),
    }
    assert not day.pending
    assert one.visit in [entry.visit for entry in day.entries]


def test_holidays_and_shifted_days(who: Company) -> None:
    """A4: what the calendar package knows; years it does not know are named."""
    found = span(who.session("林小雨"), date(2026, 9, 28), date(2026, 10, 11))
    day = found.on(date(2026, 10, 1))
    assert day is not None
    assert (day.off, day.worked) == (True, False)
    assert any(each.worked for each in found.days)
    assert found.unknown == ()
    assert span(who.session("林小雨"), date(2050, 1, 1), date(2050, 1, 2)).unknown == (2050,)


def test_outside_the_span_there_is_nothing(who: Company) -> None:
    assert span(who.session("林小雨"), date(2026, 11, 1), date(2026, 11, 2)).on(date(2026, 11, 3)) is None
