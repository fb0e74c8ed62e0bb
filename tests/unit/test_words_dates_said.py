"""Dates, times and spans are said shortly, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from models.words import words
from models.words.dates import say_day, say_in_full, say_left, say_moment, say_moments, say_span, say_weekday

TODAY = date(2026, 12, 2)  # a Wednesday
ZH, EN = words("zh"), words("en")


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 12, 2), "今天", "today"),
        (date(2026, 12, 3), "明天", "tomorrow"),
        (date(2026, 12, 1), "昨天", "yesterday"),
        (date(2026, 12, 4), "12-04 周五", "Fri 12-04"),
        (date(2026, 1, 31), "01-31 周六", "Sat 01-31"),
        (date(2027, 1, 3), "2027-01-03 周日", "Sun 2027-01-03"),
    ],
)
def test_days_are_said(day: date, chinese: str, english: str) -> None:
    assert say_day(day, TODAY, ZH) == chinese
    assert say_day(day, TODAY, EN) == english


def test_tomorrow_may_be_next_year() -> None:
    assert say_day(date(2027, 1, 1), date(2026, 12, 31), ZH) == "明天"


def test_moments_are_said() -> None:
    assert say_moment(datetime(2026, 12, 3, 9, 5), TODAY, ZH) == "明天 09:05"
    assert say_moment(datetime(2026, 12, 4, 15, 0), TODAY, EN) == "Fri 12-04 15:00"


def test_a_moment_for_another_day_is_said_in_full() -> None:
    moment = datetime(2026, 11, 30, 10, 20)
    assert say_in_full(moment, ZH) == "2026-11-30 周一 10:20"
    assert say_in_full(moment, EN) == "2026-11-30 Mon 10:20"


def test_weekdays_are_said() -> None:
    week = [date(2026, 11, 30) + timedelta(days=n) for n in range(7)]
    assert [say_weekday(day, ZH) for day in week] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    assert [say_weekday(day, EN) for day in week] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0, "不到 1 分钟", "under 1 min"),
        (59.9, "不到 1 分钟", "under 1 min"),
        (60, "1 分钟", "1 min"),
        (1200, "20 分钟", "20 min"),
        (3599, "59 分钟", "59 min"),
        (10800, "3 小时", "3 h"),
        (-7200, "2 小时", "2 h"),
        (86399, "23 小时", "23 h"),
        (86400, "1 天", "1 day"),
        (200000, "2 天", "2 days"),
    ],
)
def test_spans_are_said(seconds: float, chinese: str, english: str) -> None:
    assert say_span(seconds, ZH) == chinese
    assert say_span(seconds, EN) == english


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (59, "不到 1 分钟", "under 1 min"), (38 * 60, "38 分钟", "38 min"), (3600, "1 小时", "1 h"),
        (2 * 3600 + 58 * 60 + 30, "2 小时 58 分钟", "2 h 58 min"), (-3660, "1 小时 1 分钟", "1 h 1 min"),
        (25 * 3600, "1 天", "1 day"),
    ],
)  # fmt: skip
def test_what_is_left_is_said_to_the_minute(seconds: float, chinese: str, english: str) -> None:
    """R16: three hours but two minutes are not two hours to who must be at the station."""
    assert say_left(seconds, ZH) == chinese
    assert say_left(seconds, EN) == english


def test_a_day_that_is_the_same_is_said_once() -> None:
    day = datetime(2026, 12, 2, 10, 20)
    later = (day, day.replace(hour=11, minute=0), datetime(2026, 12, 3, 9), datetime(2026, 12, 3, 9, 30))
    assert say_moments(later, TODAY, ZH) == ["今天 10:20", "11:00", "明天 09:00", "09:30"]
    assert say_moments([], TODAY, EN) == []
