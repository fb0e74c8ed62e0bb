"""How long things are held and what clashes, as the default regulation and small tables of bookings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from models.policy.case import Hold
from models.policy.load import load_text
from models.policy.model import Policy
from models.policy.programme import Clash
from models.words import cell_len, words
from tests.unit.asked import SMALL, changed, example, plain, small
from tests.unit.held import clashes, least_grade, needed, purposes, span

NINE = datetime(2026, 11, 30, 9)
H = timedelta(hours=1)
M = timedelta(minutes=1)


def car(key: str, start: datetime, end: datetime, **more: Any) -> Hold:
    """A hold of one and the same car, each for a visit of its own."""
    return Hold(**{"key": key, "thing": "car", "what": 1, "name": "A1", "visit": key, **more}, starts=start, ends=end)


def room(key: str, start: datetime, end: datetime, **more: Any) -> Hold:
    """A hold of one and the same room."""
    return car(key, start, end, **{"thing": "room", "what": 301, "name": "301", **more})


def clash(thing: str, clash: str, **more: str) -> str:
    """A row for a clash."""
    keys = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[booking]]\nthing = "{thing}"\nclash = "{clash}"\n{keys}'


def codes(found: tuple[Clash, ...]) -> list[tuple[str, str, str | None]]:
    """Code, level and rule of each clash."""
    return [(each.code, each.level, each.rule) for each in found]


def said(found: tuple[Clash, ...]) -> list[str]:
    """What is said of each."""
    return [words("en").text(each.text) for each in found]


# the default regulation


@pytest.mark.parametrize(
    ("tier", "least", "rule"),
    [("vip", "bmw", "R90"), ("distinguished", "passat", "R91"), ("business", "passat", "R91"), ("routine", None, None)],
)
def test_the_class_of_a_car_by_tier(default_policy: Policy, tier: str, least: str | None, rule: str | None) -> None:
    """R90, R91: BMW or better, Passat or better. R92, A8: no class is stated for the lowest tier, and any car does.
    A9: "normally" asks for a reason and blocks nothing."""
    request = example(tier=tier)
    assert least_grade(default_policy, request) == least
    found = clashes(default_policy, request, car("a", NINE, NINE + H, grade="passat"), [])
    assert codes(found) == ([("grade", "reason", rule)] if least == "bmw" else [])
    assert clashes(default_policy, request, car("a", NINE, NINE + H, grade="bmw"), []) == ()
    assert clashes(default_policy, request, car("a", NINE, NINE + H), []) == ()


def test_a_car_below_every_class_of_the_list() -> None:
    """R91: one class further down is below Passat, and it is said with both names."""
    policy = changed('en = "Passat class" } },', 'en = "Passat class" } },\n  "van",')
    found = clashes(policy, example(tier="business"), car("a", NINE, NINE + H, grade="van"), [])
    assert (codes(found), said(found)) == ([("grade", "reason", "R91")], ["A1: van, below the standard Passat class"])


def test_a_car_is_held_an_hour_around_arrival_and_departure(default_policy: Policy) -> None:
    """R52: where cars are wanted, and for whom R38 asks to be met; else none is held."""
    at = example().arrive
    assert span(default_policy, example(), "car", "arrival", at) == (at - H, at + H)
    assert span(default_policy, example(), "car", "departure", at) == (at - H, at + H)
    assert purposes(default_policy, example(), "car") == ("arrival", "departure")
    walking = example(tier="routine", services=("tour",))
    assert purposes(default_policy, walking, "car") == ()
    assert span(default_policy, walking, "car", "arrival", at) is None
    assert purposes(default_policy, example(tier="vip", services=()), "car") == ("arrival", "departure")


def test_rooms_and_persons_by_stage(default_policy: Policy) -> None:
    """R27, R28: one after the other, so that no host is in two places of one and the same visit as it is proposed."""
    at = example().arrive
    assert purposes(default_policy, example(), "room") == ("welcome", "talks")
    assert span(default_policy, example(), "room", "talks", at) == (at, at + 2 * H)
    assert span(default_policy, example(), "room", "tour", at) is None
    starts = {"arrival": 0, "welcome": 50, "introduction": 60, "talks": 75, "dining": 120}
    spans = [span(default_policy, example(), "person", each, at + offset * M) for each, offset in starts.items()]
    ends = [each for each in spans if each]
    assert len(ends) == 5
    assert all(first[1] <= then[0] for first, then in pairwise(ends))


def test_the_room_of_a_duty_needs_its_equipment(default_policy: Policy) -> None:
    """R53: projection is one of the six pieces of the meeting room, which therefore must have a projector."""
    assert needed(default_policy, example(), "welcome") == {"projector"}
    assert needed(default_policy, example(), "talks") == frozenset()
    bare = room("a", NINE, NINE + H, needs=needed(default_policy, example(), "welcome"))
    found = clashes(default_policy, example(), bare, [])
    assert (codes(found), said(found)) == ([("equipment", "warn", None)], ["301: no projector"])
    fitted = replace(bare, equipment=frozenset({"projector", "whiteboard"}))
    assert clashes(default_policy, example(), fitted, []) == ()


def test_equipment_of_duties_that_apply_only() -> None:
    policy = changed(
        'due = "introduction"\n',
        'due = "introduction"\nequipment = ["screen", "microphone"]\nwhen = { tier = "vip" }\n',
    )
    assert needed(policy, example(), "introduction") == {"screen", "microphone"}
    assert needed(policy, example(tier="business"), "introduction") == frozenset()


def test_what_the_default_regulation_says_to_each_clash(default_policy: Policy) -> None:
    """Everything at once, in one order: a car for six with four seats, held by another visit, too soon after a
    third, and over midnight."""
    late = NINE.replace(hour=23)
    mine = car("a", late, late + 2 * H, people=6, seats=4, grade="bmw")
    others = [car("b", late + H, late + 3 * H), car("c", late - 2 * H, late - 20 * M)]
    found = clashes(default_policy, example(), mine, others)
    assert codes(found) == [
        ("twice", "reason", None), ("seats", "reason", None), ("gap", "warn", None), ("midnight", "info", None),
    ]  # fmt: skip
    assert [each.other.key if each.other else None for each in found] == ["b", None, "c", None]
    assert {each.hold for each in found} == {mine}
    assert said(found) == [
        "A1: 12-01 00:00-12-01 02:00 taken",
        "A1: 6 people, 4 seats",
        "A1: wanted 20 minutes after 22:40, needs 30 minutes",
        "A1: held over midnight (11-30 23:00 to 12-01 01:00)",
    ]


def test_a_host_in_two_places_is_shown(default_policy: Policy) -> None:
    mine = car("a", NINE, NINE + H, thing="person", name="Li")
    found = clashes(default_policy, example(), mine, [replace(mine, key="b", visit="b", firm=False)])
    assert codes(found) == [("twice", "warn", None)]
    assert said(found) == ["Li: 09:00-10:00 asked for, not approved yet"]


# small tables


def test_without_a_row_nothing_is_looked_for() -> None:
    mine = car("a", NINE, NINE + 30 * H, people=9, seats=1, grade="x", needs=frozenset({"y"}))
    assert clashes(small(), plain(), mine, [replace(mine, key="b", visit="b")]) == ()
    assert (purposes(small(), plain(), "car"), span(small(), plain(), "car", "arrival", NINE)) == ((), None)
    assert (least_grade(small(), plain()), needed(small(), plain(), "talks")) == (None, frozenset())


def test_the_first_row_that_holds_is_taken_for_each_thing_and_clash() -> None:
    policy = small(
        clash("car", "twice", when="{ headcount = '5..' }", breach="'block'", id="'many'")
        + clash("car", "twice", breach="'info'", id="'few'")
        + clash("room", "twice")
    )
    holds = car("a", NINE, NINE + H), car("b", NINE, NINE + H)
    assert codes(clashes(policy, plain(headcount=5), holds[0], holds)) == [("twice", "block", "many")]
    assert codes(clashes(policy, plain(headcount=4), holds[0], holds)) == [("twice", "info", "few")]
    rooms = room("a", NINE, NINE + H), room("b", NINE, NINE + H)
    assert codes(clashes(policy, plain(), rooms[0], rooms)) == [("twice", "reason", None)]


def test_the_first_row_that_holds_is_taken_for_each_purpose() -> None:
    policy = small(
        '[[booking]]\nthing = ["car", "person"]\nfor = "arrival"\nwhen = { headcount = "5.." }\nbefore = "2h"\n'
        '[[booking]]\nthing = "car"\nfor = ["departure", "arrival"]\nafter = "1d"\n'
    )
    assert span(policy, plain(headcount=5), "car", "arrival", NINE) == (NINE - 2 * H, NINE)
    assert span(policy, plain(), "car", "arrival", NINE) == (NINE, NINE + 24 * H)
    assert span(policy, plain(), "person", "arrival", NINE) is None
    assert purposes(policy, plain(headcount=5), "car") == ("arrival", "departure")
    assert purposes(policy, plain(), "car") == ("departure", "arrival")


def test_a_hold_is_free_again_at_its_end() -> None:
    policy = small(clash("car", "twice") + clash("car", "gap", least="'30m'"))
    mine = car("a", NINE, NINE + H)
    for start, end, expected in [
        (NINE + H, NINE + 2 * H, ["gap"]),
        (NINE + H - M, NINE + 2 * H, ["twice"]),
        (NINE + H + 29 * M, NINE + 2 * H, ["gap"]),
        (NINE + H + 30 * M, NINE + 2 * H, []),
        (NINE - H, NINE, ["gap"]),
        (NINE - H, NINE - 30 * M, []),
        (NINE - H, NINE - 29 * M, ["gap"]),
        (NINE - H, NINE + 3 * H, ["twice"]),
        (NINE + 20 * M, NINE + 40 * M, ["twice"]),
    ]:
        assert [each.code for each in clashes(policy, plain(), mine, [car("b", start, end)])] == expected


def test_on_one_visit_holds_clash_where_they_overlap_only() -> None:
    policy = small(clash("car", "twice") + clash("car", "gap", least="'30m'"))
    mine, later = car("a", NINE, NINE + H, visit="v"), car("b", NINE + H, NINE + 2 * H, visit="v")
    assert clashes(policy, plain(), mine, [later]) == ()
    found = clashes(policy, plain(), mine, [replace(later, starts=NINE + 50 * M)])
    assert said(found) == ["A1: 09:50-11:00 taken for this visit"]


def test_other_things_and_the_hold_itself_never_clash() -> None:
    policy = small(clash("car", "twice") + clash("room", "twice"))
    mine = car("a", NINE, NINE + H)
    others = [mine, replace(mine, starts=NINE - H), car("b", NINE, NINE + H, what=2), room("c", NINE, NINE + H, what=1)]
    assert clashes(policy, plain(), mine, others) == ()


def test_who_rides_along_is_the_whole_party_where_nothing_else_is_said() -> None:
    """Five guests who become nine need a larger car; of several cars each is judged by who rides in it."""
    policy = small(clash("car", "seats"))
    mine = car("a", NINE, NINE + H, seats=5)
    assert clashes(policy, plain(headcount=5), mine, []) == ()
    assert said(clashes(policy, plain(headcount=9), mine, [])) == ["A1: 9 people, 5 seats"]
    assert clashes(policy, plain(headcount=9), replace(mine, people=5), []) == ()
    assert clashes(policy, plain(headcount=9), replace(mine, seats=None), []) == ()


@pytest.mark.parametrize(
    ("start", "hours", "over"), [(22, 2, False), (22, 3, True), (0, 24, False), (0, 25, True), (23, 49, True)]
)
def test_midnight_itself_is_not_gone_over(start: int, hours: int, over: bool) -> None:
    begin = NINE.replace(hour=start)
    found = clashes(small(clash("room", "midnight")), plain(), room("a", begin, begin + hours * H), [])
    assert [each.code for each in found] == (["midnight"] if over else [])


def test_of_several_least_classes_the_highest_counts() -> None:
    text = SMALL.replace('service = ["car"]', 'service = ["car"]\ncar = ["limousine", "saloon", "van"]')
    caps = "".join(
        f'[[cap]]\nid = "{each}"\nitem = "car"\nper = "{per}"\nleast = "{each}"\n'
        for each, per in (("van", "trip"), ("saloon", "visit"))
    )
    route = '[[route]]\nsteps = [{ by = "dean" }]\n'
    policy = load_text(text + route + caps + clash("car", "grade"))
    assert least_grade(policy, plain()) == "saloon"
    found = clashes(policy, plain(), car("a", NINE, NINE + H, grade="van"), [])
    assert codes(found) == [("grade", "reason", "saloon")]
    for grade in ("unknown", ""):
        found = clashes(policy, plain(), car("a", NINE, NINE + H, grade=grade), [])
        assert codes(found) == [("ungraded", "reason", "saloon")]
        assert said(found) == ["A1: no class in the register, standard: saloon"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clash_is_said_in_one_shape_that_fits_into_the_smallest_window(language: str) -> None:
    """What it is about, a colon, what is wrong: within the line of Today at 60 columns, and the same of every clash."""
    w = words(language)
    facts: dict[str, object] = {
        "name": "浙A·B8801", "start": "09:20", "end": "11:35", "at": "22:40", "people": 12, "seats": 4,
        "given": w("finding.span.m", n=20), "least": w("finding.span.m", n=30), "missing": "projector",
    }  # fmt: skip
    graded = {**facts, "given": "Passat class", "least": "BMW class"}
    colon = "：" if language == "zh" else ": "
    for key in ("seats", "grade", "ungraded", "equipment", "midnight",
                "twice.firm", "twice.asked", "twice.own", "gap.before", "gap.after"):  # fmt: skip
        text = w(f"finding.booking.{key}", **(graded if "grade" in key else facts))
        assert text.startswith(f"浙A·B8801{colon}"), text
        assert cell_len(text) <= 58, text
