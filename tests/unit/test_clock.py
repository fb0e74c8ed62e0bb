"""The machine's zone where the settings name none: its rules hold for every moment, not today's offset."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.model import Policy
from models.queries.visit_history import history
from models.schema import journal
from models.schema.store import write
from models.schema.tables import Visit
from tests.unit.conftest import FakeClock, SessionFactory
from tui.clock import SystemZone, clock_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module", params=["Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"])
def berlin(request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine in Berlin, told by name or by rule."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)) | st.datetimes(
    datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 4), timezones=st.just(UTC)
)


@pytest.mark.usefixtures("berlin")
@given(at=MOMENTS)
def test_every_moment_is_what_the_zone_says(at: datetime) -> None:
    here, there = at.astimezone(SystemZone()), at.astimezone(BERLIN)
    assert (here.replace(tzinfo=None), here.fold, here.utcoffset(), here.tzname()) == (
        there.replace(tzinfo=None), there.fold, there.utcoffset(), there.tzname(),
    )  # fmt: skip
    assert here.astimezone(UTC) == at


@pytest.mark.usefixtures("berlin")
def test_the_clock_shows_the_present() -> None:
    assert abs((clock_of("")() - datetime.now(UTC)).total_seconds()) < 60
    assert clock_of("")().tzinfo.__class__ is SystemZone


@pytest.mark.usefixtures("berlin", "store")
def test_an_entry_before_the_clocks_were_changed_has_its_own_time(default_policy: Policy) -> None:
    place = clock_of("")().tzinfo
    clock = FakeClock(datetime(2026, 10, 20, 7, tzinfo=UTC).astimezone(place))
    session = SessionFactory(default_policy, clock)()
    with write():
        visit = Visit.create(changed_utc=session.now_utc()).id
        journal.record(session, "submit", visit, {})
    clock.now = datetime(2026, 11, 30, 9, tzinfo=UTC).astimezone(place)
    assert [entry.at for entry in history(session, visit, default_policy)] == [datetime(2026, 10, 20, 9)]
