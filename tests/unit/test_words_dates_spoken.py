"""Dates, times and delays are understood as they are said, too."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from models.words.dates import (
    NotADate,
    parse_date,
    parse_delay,
    parse_moment,
    parse_time,
    parse_time_on,
)
from tests.unit.test_words_dates import TODAY, ZH, each


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        ("26-12-3 | 26/12/3 | 26.12.3 | 2026-12-3", date(2026, 12, 3)),
        ("3天后 | 三天后 | 3天以后 | 3日后 | in 3 days | 3 days later | +3天 | +3d", date(2026, 12, 5)),
        ("两周后 | 2周后 | 2个星期后 | in 2 weeks", date(2026, 12, 16)),
        ("2天前 | 两天前 | 2 days ago", date(2026, 11, 30)),
        ("月底 | 本月底 | 这个月底 | 月末 | 年底", date(2026, 12, 31)),
        ("下月底 | 下个月底 | 下月31号", date(2027, 1, 31)),
        ("下月5号 | 下个月5号 | 下月5日 | 下月五号", date(2027, 1, 5)),
        ("本月5号 | 这个月5号", date(2026, 12, 5)),
        ("上月5号 | 上个月5号", date(2026, 11, 5)),
        ("周1 | 星期1 | 下周1 | 周一", date(2026, 12, 7)),
        ("周7 | 星期7 | 周日", date(2026, 12, 6)),
    ],
)
def test_days_as_they_are_said(texts: str, day: date) -> None:
    for text in each(texts):
        assert parse_date(text, TODAY) == day, text


@pytest.mark.parametrize("text", ["上月31号", "下下月30号"])
def test_a_day_that_the_named_month_does_not_have(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_date(text, TODAY)
    assert refused.value.phrase.key == "dates.no_such_day"


def test_the_end_of_each_month_is_its_last_day() -> None:
    for month in range(1, 13):
        last = parse_date("月底", date(2028, month, 10))
        assert (last.month, (last + timedelta(days=1)).day) == (month, 1)


@pytest.mark.parametrize(
    ("texts", "moment"),
    [
        (
            "明晚12点 | 明天晚上12点 | 明天24点 | 明天24:00 | 明天 2400 | 明天半夜 | 明天半夜12点 | tomorrow midnight",
            (12, 4, 0, 0),
        ),
        ("今晚12点 | 24:00 | 24点 | 半夜 | 午夜 | midnight | 12-2 24:00 | 明天凌晨12点 | 明天0点", (12, 3, 0, 0)),
        ("今晚12点半", (12, 3, 0, 30)),
        ("明天清晨6点 | 明天清晨 | 明早6点 | 明天清早6点", (12, 3, 6, 0)),
        ("明天半夜1点 | 明天夜里1点 | 明天凌晨1点", (12, 3, 1, 0)),
        ("明天半夜11点 | 明晚11点", (12, 3, 23, 0)),
        ("2026-12-03 09:30:00 | 2026-12-03T09:30:59 | 26-12-3 9:30 | 明天 09:30:00", (12, 3, 9, 30)),
        ("月底 9点 | 月底9点", (12, 31, 9, 0)),
        ("周1 9:30 | 5天后 9:30 | 5天后9点半", (12, 7, 9, 30)),
    ],
)
def test_moments_as_they_are_said(texts: str, moment: tuple[int, int, int, int]) -> None:
    for text in each(texts):
        assert parse_moment(text, TODAY) == datetime(2026, *moment), text


def test_the_end_of_a_day_is_of_that_day() -> None:
    day = date(2026, 12, 31)
    for text in each("24:00 | 24点 | 晚上12点 | 半夜 | midnight"):
        assert parse_time_on(text, day) == datetime(2027, 1, 1), text
        assert parse_time(text) == time(0), text
    for text in each("0:00 | 0点 | 凌晨12点 | 12am"):
        assert parse_time_on(text, day) == datetime(2026, 12, 31), text


@pytest.mark.parametrize(
    ("texts", "minutes"),
    [
        ("半小时 | +半小时 | 半个小时 | 晚半小时 | half an hour | 30分钟 | 半小时后", 30),
        (
            "晚点40分钟 | 晚40分钟 | 晚40分 | 推迟40分钟 | 延误40分钟 | 40分钟 | +40 | 40 min late | delayed 40 min ",
            40,
        ),
        ("提前10分钟 | 早10分钟 | 早到10分 | 10 min early | -10", -10),
        ("1小时 | 一小时 | 晚1个小时 | an hour | 1h | 60分钟", 60),
        ("1个半小时 | 一个半小时 | 1小时半 | 1小时30分 | 晚点1小时30分钟 | +1h30", 90),
        ("一刻钟 | 晚一刻钟", 15),
        ("1.5小时 | 晚了1.5小时 | 1.5 hours late", 90),
        ("晚了40分 | 晚了四十分钟 | 推迟了40分钟", 40),
        ("早到了10分钟 | 提前了10分钟", -10),
        ("-半小时 | 提前半小时", -30),
    ],
)
def test_delays_as_they_are_said(texts: str, minutes: int) -> None:
    at = datetime(2026, 12, 2, 10, 20)
    for text in each(texts):
        assert parse_delay(text, at, TODAY) == at + timedelta(minutes=minutes), text


@pytest.mark.parametrize(
    ("text", "at", "new"),
    [
        ("晚8点", (2, 19, 0), (2, 20, 0)),
        ("早8点", (2, 9, 0), (2, 8, 0)),
        ("24:00", (2, 10, 20), (3, 0, 0)),
        ("24:00", (3, 0, 30), (3, 0, 0)),
        ("半夜", (2, 23, 0), (3, 0, 0)),
    ],
)
def test_a_part_of_the_day_is_no_delay(text: str, at: tuple[int, int, int], new: tuple[int, int, int]) -> None:
    assert parse_delay(text, datetime(2026, 12, *at), TODAY) == datetime(2026, 12, *new)


@pytest.mark.parametrize("text", ["晚点", "提前", "半", "晚", "晚点40分钟前"])
def test_what_is_no_delay(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_delay(text, datetime(2026, 12, 2, 10, 20), TODAY)
    assert "晚40分钟" in ZH.text(refused.value.phrase)
