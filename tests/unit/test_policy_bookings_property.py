"""Whatever is held when: who clashes with whom, and what clears it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.policy.case import Hold
from models.policy.load import load_text
from tests.unit.asked import DEFAULT, example, plain, small
from tests.unit.drawn import drawn
from tests.unit.held import clashes, purposes, span

START = datetime(2026, 11, 30)
MINUTE = timedelta(minutes=1)
GAP = 30
ROWS = "".join(
    f'[[booking]]\nthing = ["car", "room", "person"]\nclash = "{code}"\n{more}'
    for code, more in (("twice", ""), ("gap", f'least = "{GAP}m"\n'), ("midnight", ""))
)
POLICY = small(ROWS)
DEFAULT_POLICY = load_text(DEFAULT)
MINUTES = st.integers(0, 3 * 24 * 60)


@st.composite
def holds(draw: st.DrawFn, key: str = "") -> Hold:
    """A hold of one of a few things, for one of a few visits, for up to a day."""
    start = START + draw(MINUTES) * MINUTE
    return Hold(
        key=key or draw(st.text("abcdef", min_size=4, max_size=4)),
        thing=draw(st.sampled_from(["car", "room", "person"])),
        what=draw(st.integers(1, 2)),
        name="x",
        starts=start,
        ends=start + draw(st.integers(1, 24 * 60)) * MINUTE,
        visit=draw(st.integers(1, 3)),
        firm=draw(st.booleans()),
    )


def codes(hold: Hold, *others: Hold) -> list[str]:
    """What clashes with one hold because of the others."""
    return [each.code for each in clashes(POLICY, plain(), hold, others) if each.other is not None]


def overlap(one: Hold, other: Hold) -> bool:
    """Whether some minute lies in both; written without the engine's comparison."""
    return max(one.starts, other.starts) < min(one.ends, other.ends)


@drawn(60, 200)
@given(holds("one"), holds("other"))
def test_what_clashes_with_another_is_clashed_with_by_it(one: Hold, other: Hold) -> None:
    assert codes(one, other) == codes(other, one)


@drawn(60, 200)
@given(holds("one"), st.lists(holds(), max_size=6, unique_by=lambda hold: hold.key))
def test_twice_is_just_what_overlaps_of_the_same_thing(one: Hold, others: list[Hold]) -> None:
    found = clashes(POLICY, plain(), one, [one, *others])
    same = [other for other in others if (other.thing, other.what) == (one.thing, one.what)]
    twice = [each.other for each in found if each.code == "twice"]
    assert twice == [other for other in same if overlap(one, other)]
    near = [
        other for other in same if not overlap(one, other) and other.visit != one.visit and between(one, other) < GAP
    ]
    assert [each.other for each in found if each.code == "gap"] == near


def between(one: Hold, other: Hold) -> int:
    """The minutes from the end of the first to the start of the second."""
    first, second = sorted((one, other), key=lambda hold: hold.starts)
    return (second.starts - first.ends) // MINUTE


@drawn(30, 100)
@given(holds("one"), holds("other"), st.integers(0, 600))
def test_moving_apart_clears_it(one: Hold, other: Hold, more: int) -> None:
    """Moved behind the other and its buffer nothing is left; a minute earlier the buffer is too short again."""
    other = replace(other, thing=one.thing, what=one.what, visit=one.visit + 1)  # type: ignore[operator]  # a number
    away = other.ends + GAP * MINUTE - one.starts
    far = replace(one, starts=one.starts + away + more * MINUTE, ends=one.ends + away + more * MINUTE)
    assert codes(far, other) == []
    near = replace(one, starts=one.starts + away - MINUTE, ends=one.ends + away - MINUTE)
    assert codes(near, other) == ["gap"]


@drawn(30, 100)
@given(holds("one"))
def test_midnight_is_gone_over_by_what_holds_minutes_of_two_days(one: Hold) -> None:
    found = [each.code for each in clashes(POLICY, plain(), one, [])]
    assert found == (["midnight"] if one.starts.date() != (one.ends - MINUTE).date() else [])


@drawn(20, 50)
@given(MINUTES, st.sampled_from(["vip", "distinguished", "business", "routine"]), st.booleans(), MINUTES)
def test_what_is_held_moves_with_its_time(minute: int, tier: str, by_car: bool, delay: int) -> None:
    request = example(tier=tier, services=("car",) if by_car else ())
    at = START + minute * MINUTE
    for thing in ("car", "room", "person"):
        for purpose in purposes(DEFAULT_POLICY, request, thing):
            held = span(DEFAULT_POLICY, request, thing, purpose, at)
            later = span(DEFAULT_POLICY, request, thing, purpose, at + delay * MINUTE)
            assert held is not None
            assert held[0] <= at <= held[1]
            assert later == (held[0] + delay * MINUTE, held[1] + delay * MINUTE)
