"""A version of the policy that comes into force while the program is open takes effect at midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from models.services.session import Actor, Session
from models.words import words
from screens.kit.linelist import Row
from tests.ui.look import lines_of, settled
from tests.ui.stand_in import stand_in
from tests.ui.stand_in_session import FakeSession
from tests.ui.test_kit_page import press, the_app
from tui.cli.call import Call, versions_in_use
from tui.cli.command_line import SCREENS, Given
from tui.cli.screens import renew
from tui.settings import Settings
from tui.where import packaged_policy

DEFAULT = Path(packaged_policy()).read_text("utf-8")
EVENING = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)


class Clock:
    """The present, as the test sets it."""

    now = EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """A call on a folder of two versions, on the last evening of the first."""
    (tmp_path / "a.toml").write_text(DEFAULT, "utf-8")
    (tmp_path / "b.toml").write_text(DEFAULT.replace("2014-04-07", "2027-01-01"), "utf-8")
    return Call(Given(SCREENS, (), {"config": str(tmp_path)}), Settings(), words("zh"), Clock())


def seated(call: Call) -> Session:
    """A desk at which nobody sits, with the versions of the call."""
    versions = versions_in_use(call)
    return renew(call, Session(Actor(None, "", "test"), call.clock, versions[0], versions))


def test_the_desk_has_the_version_of_its_day(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    session = seated(call)
    assert session.policy.effective.year == 2014
    monkeypatch.setattr(Clock, "now", EVENING + timedelta(minutes=1))
    assert renew(call, session).policy.effective.year == 2027
    assert renew(call, session).actor == session.actor


def test_a_version_laid_down_meanwhile_is_found_and_a_bad_one_keeps_the_old(call: Call) -> None:
    session = seated(call)
    new = Path(call.given.option("config")) / "c.toml"
    new.write_text(DEFAULT.replace("2014-04-07", "2026-12-31"), "utf-8")
    later = renew(call, session)
    assert later.policy.effective.year == 2026
    new.write_text("effective = ", "utf-8")
    assert renew(call, later) == later
    assert renew(call, replace(later, versions=session.versions)).policy.effective.year == 2014


@pytest.mark.usefixtures("own_commands")
async def test_at_midnight_the_program_goes_on_with_the_new_version() -> None:
    session, coming = FakeSession(EVENING), FakeSession(EVENING + timedelta(minutes=1), names=("新版",))
    async with stand_in(session, renew=lambda session: coming).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        the_app(pilot).tick()
        await settled(pilot)
        assert "新版" not in "\n".join(lines_of(pilot.app))
        session.at += timedelta(minutes=1)
        the_app(pilot).tick()
        await settled(pilot)
        assert "新版" in "\n".join(lines_of(pilot.app))


@pytest.mark.usefixtures("own_commands")
async def test_whoever_sits_down_gets_the_policy_of_today() -> None:
    other, today = FakeSession(names=("别人的",)), FakeSession(names=("今日的",))
    app = stand_in(
        people=lambda w: [Row("2", ("李卫东",))],
        act_as={"2": other}.__getitem__,
        renew=lambda session: today if session is other else session,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await chosen(pilot)
        assert "今日的" in "\n".join(lines_of(pilot.app))


async def chosen(pilot: Pilot[int]) -> None:
    """Choose the only person there is."""
    menu = await press(pilot, "f2")
    place = next(line.split()[1] for line in menu if "换操作人" in line)
    await press(pilot, place.strip(">|"))
    await press(pilot, "enter")
    await settled(pilot)


@pytest.mark.usefixtures("own_commands")
async def test_where_the_policy_cannot_be_read_anew_the_program_goes_on() -> None:
    session = FakeSession(EVENING)

    def broken(session: object) -> object:
        raise OSError("gone")

    async with stand_in(session, renew=broken).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        session.at += timedelta(minutes=1)
        the_app(pilot).tick()
        await settled(pilot)
        assert "01-01 00:00" in lines_of(pilot.app)[0]
        assert [str(error) for error in the_app(pilot).incidents] == ["gone"]
