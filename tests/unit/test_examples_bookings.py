"""The example policies that hold cars and rooms, held against answers worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.unit.examples import MONDAY, found, tried

CENTRE: dict[str, Any] = {
    "tier": "bronze",
    "kind": "demonstration",
    "requested_at": datetime(2026, 10, 1, 9),
    "host": ["briefing_manager"],
    "services": ["keynote"],
    "fields": {"objective": "x"},
}
FAIR: dict[str, Any] = {"arrive": datetime(2027, 4, 20, 10), "depart": datetime(2027, 4, 21, 16)}
CAR = {"thing": "car", "name": "A1", "for": "arrival"}


def spans(answer: dict[str, Any], thing: str) -> dict[str, tuple[str, str]]:
    """From when until when such a thing is held, by purpose: day and time."""
    held = [each for each in answer["bookings"]["spans"] if each["thing"] == thing]
    return {each["for"]: (each["from"][8:16], each["until"][8:16]) for each in held}


def booked(name: str, bookings: list[dict[str, Any]], **more: Any) -> list[tuple[str, str, str | None]]:
    """The findings about these bookings."""
    return found(tried(name, bookings=bookings, **more), "booking")


def test_a_keynote_is_set_up_for_longer_where_it_matters_more() -> None:
    """Briefing centre: the keynote is at 10:20. Gold two hours before and 90 minutes after, others half an hour and
    one; the wrap-up is half an hour before the end, the lab an hour after the keynote."""
    assert spans(tried("briefing_centre", **{**CENTRE, "tier": "gold"}), "room") == {
        "keynote": ("09T08:20", "09T11:50")
    }
    assert spans(tried("briefing_centre", **CENTRE), "room") == {"keynote": ("09T09:50", "09T11:20")}
    both = tried("briefing_centre", **{**CENTRE, "services": ["keynote", "lab"]})
    assert spans(both, "room")["lab"] == ("09T11:05", "09T12:05")
    assert spans(both, "person") == {"keynote": ("09T10:05", "09T11:20"), "wrap_up": ("10T15:15", "10T16:30")}
    assert spans(tried("briefing_centre", **{**CENTRE, "services": []}), "room") == {}


@pytest.mark.parametrize(
    ("tier", "equipment", "expected"),
    [
        ("bronze", [], [("reason", "booking", "fitted_out")]),
        ("bronze", ["stage"], []),
        ("gold", ["stage"], [("reason", "booking", "fitted_out")]),
        ("gold", ["Stage", "视频会议"], []),
    ],
)
def test_a_room_for_a_keynote_has_a_stage(tier: str, equipment: list[str], expected: list[Any]) -> None:
    """Briefing centre: with the rehearsal of a gold keynote a video link is wanted, too."""
    room = {"thing": "room", "name": "Fuji", "seats": 30, "for": "keynote", "equipment": equipment}
    assert booked("briefing_centre", [room], **{**CENTRE, "tier": tier}) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((9, 8), (9, 9, 20), []),
        ((9, 8), (9, 9, 21), [("warn", "booking", "clear_the_room")]),
        ((9, 8), (9, 9, 50), [("warn", "booking", "clear_the_room")]),
        ((9, 8), (9, 9, 51), [("block", "booking", "one_at_a_time")]),
        ((9, 11, 50), (9, 12), []),
    ],
)
def test_half_an_hour_between_two_keynotes(start: tuple[int, ...], end: tuple[int, ...], expected: list[Any]) -> None:
    """Briefing centre: held from 9:50 to 11:20."""
    room = {"thing": "room", "name": "Fuji", "for": "keynote", "equipment": ["stage"]}
    times = {"from": datetime(2026, 11, *start), "until": datetime(2026, 11, *end)}  # type: ignore[arg-type]  # day, hour, minute
    held = [{"thing": "room", "name": "Fuji", **times}]
    assert booked("briefing_centre", [room], held=held, **CENTRE) == expected


def test_nobody_is_near_a_confidential_briefing() -> None:
    """Briefing centre: a day between, to the minute; 11:20 on the day before is near enough."""
    given = {**CENTRE, "kind": "confidential", "applicant": "account_director", "requested_at": datetime(2026, 9, 1, 9)}
    room = {"thing": "room", "name": "Fuji", "for": "keynote", "equipment": ["stage"]}
    for minute, expected in ((50, []), (51, [("block", "booking", "confidential_room")])):
        held = [{"thing": "room", "name": "Fuji", "from": datetime(2026, 11, 8, 8),
                 "until": datetime(2026, 11, 8, 9, minute)}]  # fmt: skip
        assert booked("briefing_centre", [room], held=held, **given) == expected


def test_cars_are_held_for_longer_while_the_fair_runs() -> None:
    """Maker: 45 minutes around each ride; during the fair two hours before and 90 minutes after."""
    assert spans(tried("maker", tier="c", services=["car"]), "car") == {
        "arrival": ("09T09:15", "09T10:45"), "departure": ("10T15:15", "10T16:45"),
    }  # fmt: skip
    assert spans(tried("maker", tier="c", services=["car"], **FAIR), "car") == {
        "arrival": ("20T08:00", "20T11:30"), "departure": ("21T14:00", "21T17:30"),
    }  # fmt: skip
    assert spans(tried("maker", tier="c", **FAIR), "car") == {}
    assert MONDAY.date() == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("tier", "least", "car", "expected"),
    [
        ("s", "limousine", "minibus", [("block", "booking", "strategic_car")]),
        ("s", "limousine", "limousine", []),
        ("a1", "minibus", "saloon", [("reason", "booking", "lesser_car")]),
        ("a1", "minibus", "minibus", []),
        ("b1", None, "saloon", []),
    ],
)
def test_the_class_of_a_car_by_class_of_customer(tier: str, least: str | None, car: str, expected: list[Any]) -> None:
    """Maker: at least a limousine for S, a minibus for A1, anything for the others."""
    given: dict[str, Any] = {"tier": tier, "services": ["car"]}
    assert tried("maker", **given)["bookings"]["grade"] == least
    assert booked("maker", [{**CAR, "grade": car}], **given) == expected


def test_who_rides_in_which_car() -> None:
    """Maker: nine guests do not go into one minibus of seven, but into two cars."""
    given = {"tier": "c", "services": ["car"], "headcount": 9}
    assert booked("maker", [{**CAR, "seats": 7}], **given) == [("block", "booking", "seats")]
    two = [{**CAR, "seats": 7, "people": 6}, {**CAR, "name": "A2", "seats": 4, "people": 3}]
    assert booked("maker", two, **given) == []


def test_the_others_hold_nothing() -> None:
    for name in ("authority", "branch", "university"):
        assert tried(name)["bookings"] == {"spans": [], "grade": None}
