"""Decisions recorded for others: listed for whoever they were recorded for, who confirms or objects, and for who runs
the visit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.queries.recorded_lists import RecordedLine, recorded
from models.services.decision_verbs import confirm_recorded, object_recorded
from models.words import cell_len, words
from tests.ui.build import at_desk, busy
from tests.ui.look import IN_TWO_WINDOWS, lines_of
from tests.unit.life import Company, form, refuses, said, submitted


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


@pytest.fixture
def by_phone(who: Company) -> None:
    """What the head of marketing said by phone, as the coordinator entered it."""
    times = {"arrive": who.now.replace(month=12, day=10, hour=9), "depart": who.now.replace(month=12, day=10, hour=16)}
    done = submitted(who, form(who, "business", host="李卫东", client="海峡电力", meals=(), lodging=(), **times))
    said(who, "林小雨", done, "agree", "同意", for_person=who.ids["王海峰"], medium="电话")


def lines(who: Company, name: str) -> tuple[RecordedLine, ...]:
    """What one of the people finds."""
    return recorded(who.session(name))


@pytest.mark.usefixtures("by_phone")
def test_it_is_listed_for_whom_it_was_recorded_and_for_who_runs_the_visit(who: Company) -> None:
    (mine,) = lines(who, "王海峰")
    assert (mine.client, mine.who, mine.recorded_by, mine.medium, mine.mine) == (
        "海峡电力", "王海峰", "林小雨", "电话", True,
    )  # fmt: skip
    assert [line.mine for line in lines(who, "林小雨")] == [False]
    assert lines(who, "张德胜") == ()
    with refuses("not_your_decision"):
        object_recorded(who.session("林小雨"), mine.decision, "没说过")
    with refuses("words_needed"):
        object_recorded(who.session("王海峰"), mine.decision, " ")
    object_recorded(who.session("王海峰"), mine.decision, "我说的是退回")
    assert [line.objection for line in lines(who, "林小雨")] == ["我说的是退回"]
    confirm_recorded(who.session("王海峰"), mine.decision)
    assert lines(who, "林小雨") == lines(who, "王海峰") == ()
    with refuses("confirmed_already"):
        object_recorded(who.session("王海峰"), mine.decision, "还是不对")


@IN_TWO_WINDOWS
@pytest.mark.usefixtures("by_phone")
async def test_approvals_say_so_and_a_key_confirms(who: Company, language: str, size: tuple[int, int]) -> None:
    w = words(language)
    async with at_desk(who, "王海峰", "approvals", language=language, size=size) as at:
        assert w("recorded.to_confirm", n=1) in at.message()
        drawn = await at.press("f9")
        assert "海峡电力" in drawn
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("f5")
        await at.type("我说的是退回")
        assert "我说的是退回" in await at.rest()
        await at.press("space")
        assert w("recorded.empty") in await at.rest()
        await at.press("escape")
        assert w("recorded.to_confirm", n=1) not in at.message()


@pytest.mark.usefixtures("by_phone")
async def test_who_runs_the_visit_sees_an_objection_and_cannot_confirm(who: Company) -> None:
    async with at_desk(who, "林小雨", "approvals") as at:
        await at.press("f9")
        (line,) = lines(who, "王海峰")
        object_recorded(who.session("王海峰"), line.decision, "我说的是退回")
        assert "我说的是退回" in await at.tick()
        await at.press("space")
        assert "王海峰" in at.message()
