"""Notice: in time, late or refused, in every unit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import pytest

from models.policy.answer import NoticeAnswer
from models.policy.judge import judge
from models.policy.model import Policy
from models.words import words
from tests.unit.asked import EXAMPLE, PLAIN, changed, codes, example, plain, small, with_code


def notice(rows: str, **changes: object) -> NoticeAnswer:
    """The notice of a plain request under these rows."""
    return judge(small(rows), plain(**changes)).notice


@pytest.mark.parametrize(("day", "state"), [(27, "in_time"), (28, "late"), (30, "late")])
def test_three_days(default_policy: Policy, day: int, state: Literal["in_time", "late"]) -> None:
    """R8: 3 days are in time, 2 are late. A4: calendar days by date, whatever the clock."""
    answer = judge(default_policy, example(requested_at=datetime(2026, 11, day, 23, 59)))
    assert answer.notice == NoticeAnswer(3, 30 - day, "d", state != "in_time", state)


def test_late_asks_for_a_reason(default_policy: Policy) -> None:
    """A4: late is possible with a reason and stays marked; after the fact too."""
    late = example(requested_at=datetime(2026, 11, 29, 9), host=("general_manager",))
    answer = judge(default_policy, late)
    assert codes(answer) == [("reason", "late", "R8")]
    assert answer.verdict == "needs"
    told = judge(default_policy, example(requested_at=late.requested_at, host=late.host, reasons={"late": "urgent"}))
    assert (codes(told), told.verdict) == ([("reason", "late", "R8")], "fits")
    assert told.findings[0].reasoned
    after = judge(default_policy, example(requested_at=datetime(2026, 12, 5)))
    assert (after.notice.given, after.notice.state, after.verdict) == (-5, "late", "needs")


def test_changed_notice() -> None:
    """R8 (cfg): another figure in the file is another notice, and `block` refuses."""
    policy = changed('least = "3d"', 'least = "8d"')
    assert judge(policy, EXAMPLE).notice.late
    refused = judge(changed('least = "3d"\nbreach = "reason"', 'least = "8d"\nbreach = "block"'), EXAMPLE)
    assert (refused.notice.state, refused.verdict) == ("refused", "blocked")


def test_without_a_row() -> None:
    """Always an object: nothing needed is in time; so is a row without `least`."""
    nothing = NoticeAnswer(None, None, None, False, "in_time")
    assert notice("") == nothing
    assert notice('[[notice]]\nwhen = { applicant = "dean" }\n[[notice]]\nleast = "9d"', applicant="dean") == nothing


@pytest.mark.parametrize(
    ("least", "given", "late"),
    [
        ("7d", 7, False),
        ("8d", 7, True),
        ("1w", 1, False),
        ("2w", 1, True),
        ("5wd", 5, False),  # Monday 11-02 to Monday 11-09
        ("6wd", 5, True),
        ("169h", 169, False),
        ("170h", 169, True),
        ("10140m", 10140, False),
        ("1mo", 0, True),
    ],
)
def test_units(least: str, given: int, late: bool) -> None:
    """From Monday 2026-11-02 9:00 to Monday 11-09 10:00, in the unit of the row."""
    answer = notice(f'[[notice]]\nleast = "{least}"')
    assert (answer.given, answer.late) == (given, late)


def test_hours_may_be_fractions() -> None:
    """Half an hour counts in a notice by hours."""
    answer = notice('[[notice]]\nleast = "12h"', requested_at=PLAIN.arrive - timedelta(hours=11, minutes=30))
    assert (answer.given, answer.late) == (11.5, True)


def test_working_days_over_a_holiday() -> None:
    """From Wednesday 2026-09-30 to Saturday 10-10: the National Day week is off, Saturday is a shifted working day."""
    answer = notice(
        '[[notice]]\nleast = "3wd"',
        requested_at=datetime(2026, 9, 30, 9),
        arrive=datetime(2026, 10, 10, 9),
        depart=datetime(2026, 10, 10, 18),
    )
    assert (answer.given, answer.late) == (3, False)


def test_a_year_without_a_calendar() -> None:
    """A year the public calendar does not know: weekends and the organisation's own days, and it is said, unless the
    regulation brings holidays of that year."""
    calendar = '[calendar]\nholidays = [{ name = "x", days = "2031-03-05" }]\nworkdays = [2031-03-08]\n'
    visit = plain(
        requested_at=datetime(2031, 3, 3, 9), arrive=datetime(2031, 3, 10, 9), depart=datetime(2031, 3, 10, 17)
    )
    answer = judge(small(calendar + '[[notice]]\nleast = "5wd"'), visit)
    assert (answer.notice.given, answer.notice.late) == (5, False)  # 4, 6, 7, the Saturday 8, 10
    assert codes(answer) == []
    told = judge(small('[calendar]\nworkdays = [2031-03-08]\n[[notice]]\nleast = "5wd"'), visit)
    assert codes(told) == [("info", "input", None)]
    only = judge(small(calendar + 'only = true\n[[notice]]\nleast = "5wd"'), visit)
    assert codes(only) == []
    over_a_weekend = plain(
        requested_at=datetime(2031, 3, 14, 9), arrive=datetime(2031, 3, 17, 9), depart=datetime(2031, 3, 17, 17)
    )
    assert judge(small('[[notice]]\nleast = "5wd"'), over_a_weekend).notice.given == 1
    by_days = judge(small('[[notice]]\nleast = "5d"'), visit)
    assert codes(by_days) == []


@pytest.mark.parametrize("year", [1999, 2031, 2099])
def test_of_a_year_without_a_calendar_only_what_is_true_is_said(year: int) -> None:
    """Whether its holidays were published nobody knows here: the program does not know them."""
    visit = plain(
        requested_at=datetime(year, 3, 3, 9), arrive=datetime(year, 3, 10, 9), depart=datetime(year, 3, 10, 17)
    )
    other = f'[calendar]\nholidays = [{{ name = "x", days = "{year - 1}-05-01" }}]\n'
    (said,) = judge(small(other + '[[notice]]\nleast = "5wd"'), visit).findings
    assert words("zh").text(said.text) == f"本程序没有 {year} 年的放假安排，制度里也没写明：工作日只按周末计算"
    assert f"The holidays of {year} are not known to this program" in words("en").text(said.text)


def test_never() -> None:
    """Less than `never` is refused even where late only wants a reason; negative: so long after arrival."""
    row = '[[notice]]\nid = "n"\nleast = "3d"\nnever = "{}"\nbreach = "warn"'
    same_day = plain(requested_at=datetime(2026, 11, 9, 8))
    refused = judge(small(row.format("1d")), same_day)
    assert (refused.notice.state, codes(refused), refused.verdict) == (
        "refused", [("block", "late", "n")], "blocked",
    )  # fmt: skip
    assert judge(small(row.format("0d")), same_day).notice.state == "late"
    after = plain(requested_at=datetime(2026, 11, 11, 8))
    assert judge(small(row.format("-2d")), after).notice.state == "late"
    assert judge(small(row.format("-1d")), after).notice.state == "refused"


def test_a_reason_does_not_open_a_block() -> None:
    """Only a finding at level `reason` is opened by a reason."""
    policy = small('[[notice]]\nleast = "3d"\nnever = "1d"')
    answer = judge(policy, plain(requested_at=PLAIN.arrive, reasons={"late": "please"}))
    assert (answer.verdict, with_code(answer, "late")[0].reasoned) == ("blocked", False)


def test_late_signs_and_lead() -> None:
    """A countersignature for late requests, and one by the span that is left."""
    policy = small("""
[[notice]]
least = "3d"
[[sign]]
when = { late = true }
by = "president"
[[sign]]
when = { lead = "..24h" }
by = "vice_dean"
[[sign]]
when = { lead = ">3d.." }
by = "clerk"
do = "report"
""")
    late = judge(policy, plain(requested_at=PLAIN.arrive - timedelta(hours=20)))
    assert [(step.posts, step.what) for step in late.route[2:]] == [(("president",), "sign"), (("vice_dean",), "sign")]
    assert [(step.posts, step.what) for step in judge(policy, PLAIN).route[2:]] == [(("clerk",), "report")]


@pytest.mark.parametrize(
    ("asked", "arrive", "given"),
    [
        (datetime(2026, 10, 9, 9), datetime(2026, 11, 9, 8), 1),
        (datetime(2026, 10, 10, 9), datetime(2026, 11, 9, 8), 0),
        (datetime(2026, 10, 31, 9), datetime(2026, 11, 30, 8), 1),  # as far as the shorter month goes
        (datetime(2026, 11, 30, 9), datetime(2026, 12, 30, 8), 1),
    ],
)
def test_whole_months(asked: datetime, arrive: datetime, given: int) -> None:
    """A month is full on the same day of the next one, or on that one's last."""
    answer = notice('[[notice]]\nleast = "1mo"', requested_at=asked, arrive=arrive, depart=arrive)
    assert (answer.given, answer.late) == (given, given < 1)
