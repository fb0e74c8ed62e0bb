"""Dates and times are understood as people type them, in both languages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.words import words
from models.words.dates import (
    NotADate,
    parse_date,
    parse_delay,
    parse_moment,
    parse_time,
    say_day,
)

TODAY = date(2026, 12, 2)  # a Wednesday
ZH, EN = words("zh"), words("en")


def each(texts: str) -> list[str]:
    """The texts of one line, between bars."""
    return [text.strip() for text in texts.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        *each("2026-12-01 | 2026/12/1 | 2026.12.1 | 2026年12月1日 | 2026年12月1 | 20261201 | 1201 | 12-1 | 12-01"),
        *each(
            "12/1 | 12.1 | 12 - 1 | 12月1日 | 12月1号 | 12月1 | 十二月一日 | １２－１ | １２／１ | 12、1 | 12。1 | 12—1"
        ),
        *each("1 dec | Dec 1 | dec. 1 | 1 December | 1 Dec 2026 | December 1, 2026 | Dec 1 2026 | 1dec"),
        *each("-1 | - 1 | －1 | 昨天 | 昨 | yesterday | YESTERDAY"),
        "  12-1  ",
    ],
)
def test_the_first_of_december(text: str) -> None:
    assert parse_date(text, TODAY) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        ("today | 今天 | 今 | 今日 | +0", 0),
        ("tomorrow | 明天 | 明 | +1", 1),
        ("后天 | +2", 2),
        ("大后天 | +3 | ＋３", 3),
        ("前天 | -2", -2),
        ("+30", 30),
    ],
)
def test_days_from_today(texts: str, days: int) -> None:
    for text in each(texts):
        assert parse_date(text, TODAY) == TODAY + timedelta(days=days), text


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        ("fri | Fri | friday | FRIDAY | fri. | 周五 | 星期五 | 礼拜五 | 週五 | this fri | 本周五 | 这周五", 4),
        ("wed | 周三 | 本周三", 2),
        ("mon | 周一 | 下周一 | next mon | 下个星期一 | next  monday", 7),
        ("sun | 周日 | 周天 | 星期天 | 本周日", 6),
        ("tue | 周二 | 下周二", 8),
        ("next fri | next friday | 下周五 | 下星期五 | 下个礼拜五", 11),
        ("下周三 | next wed", 9),
        ("下周日 | next sun", 13),
        ("下下周五", 18),
        ("本周二 | this tue", 1),
    ],
)
def test_weekdays(texts: str, day: int) -> None:
    """A bare weekday is the coming one, today counted; 下 and next are the calendar week after this one."""
    for text in each(texts):
        assert parse_date(text, TODAY) == date(2026, 12, day), text


def test_the_week_before() -> None:
    assert parse_date("上周五", TODAY) == parse_date("last fri", TODAY) == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11-1", date(2026, 11, 1)),
        ("10-31", date(2027, 10, 31)),
        ("11-5", date(2026, 11, 5)),
        ("1-3", date(2027, 1, 3)),
        ("12-2", date(2026, 12, 2)),
        ("12-31", date(2026, 12, 31)),
        ("2号", date(2026, 12, 2)),
        ("1号", date(2027, 1, 1)),
        ("31日", date(2026, 12, 31)),
        ("十五号", date(2026, 12, 15)),
    ],
)
def test_without_a_year_it_is_near(text: str, day: date) -> None:
    """One of the last 31 days (11-1 is the first of them), else to come; a day alone is always to come."""
    assert parse_date(text, TODAY) == day


def test_at_the_beginning_of_a_year_december_is_the_last_one() -> None:
    assert parse_date("12-20", date(2027, 1, 5)) == date(2026, 12, 20)
    assert parse_date("11-20", date(2027, 1, 5)) == date(2027, 11, 20)


def test_a_leap_day_is_never_years_away() -> None:
    assert parse_date("2-29", date(2027, 12, 1)) == date(2028, 2, 29)
    with pytest.raises(NotADate):
        parse_date("2-29", TODAY)


@pytest.mark.parametrize(
    "text",
    [
        *each(" | abc | 15 | 930 | 12 | 3-12-26 | 99-12-1 | 3天 | 1/12/2026 | 2026-12 | 2026-12/01 | +1000 | + | ++1"),
        *each("12-1-26 | 周八 | 12--1 | mo | foo 1 | 1 foo | 十十 | 一十十号"),
        *each("周 | 下周 | next | next week | 12-1 9:30 | 9:30 | 12-1x | 2026-12-01-01 | 0x1 | 明后天 | +1.5"),
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_date(text, TODAY)
    assert refused.value.phrase.key == "dates.not_a_date"


@pytest.mark.parametrize(
    "text",
    [
        *each("13-1 | 31/12 | 2-30 | 0-5 | 00-05 | 5-0 | 31 feb | 32号 | 0日"),
        *each("2026-2-29 | 2026-13-01 | 1999-1-1 | 2100-1-1 | 0000-1-1 | 2026 | 20261301"),
    ],
)
def test_what_is_no_day_of_the_calendar(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_date(text, TODAY)
    assert refused.value.phrase.key == "dates.no_such_day"


def test_the_sentence_names_the_value_and_what_is_allowed() -> None:
    with pytest.raises(NotADate) as refused:
        parse_date("  sooon\x1b ", TODAY)
    assert ZH.text(refused.value.phrase).startswith("看不懂日期“sooon␛”：可写 2026-12-01、12-1、+3、3天后、")
    assert EN.text(refused.value.phrase).startswith("Not a date: “sooon␛”. Write 2026-12-01")
    with pytest.raises(NotADate) as refused:
        parse_date("长" * 500, TODAY)
    assert len(ZH.text(refused.value.phrase)) < 80


@pytest.mark.parametrize(
    ("texts", "clock"),
    [
        (
            "9 | 09 | 9:00 | 0900 | 900 | 9点 | 9时 | 9點 | 9点整 | 9am | 9 AM | 上午9点 | 早上9点 | 早9点 | 上午9",
            time(9),
        ),
        (
            "930 | 0930 | 9:30 | 09:30 | 9：30 | 9.30 | 9。30 | ９：３０ | 9点半 | 9点30 | 9点30分 | 9时30分",
            time(9, 30),
        ),
        ("九点半 | 九点三十分 | 九点三十 | 上午9:30 | 9:30am | 9:30 a.m.", time(9, 30)),
        (
            "15 | 15:00 | 1500 | 15点 | 十五点 | 3pm | 3 pm | 3PM | 3p.m. | 下午3点 | 下午三点 | 下午 3 点 | 下午15点",
            time(15),
        ),
        ("15点20 | 15:20 | 1520 | 3:20pm | 320pm | 下午3点20 | 下午3:20 | 下午三点二十", time(15, 20)),
        ("9点一刻 | 9:15", time(9, 15)),
        ("9点三刻 | 9点45", time(9, 45)),
        ("9点05 | 九点零五 | 九点〇五分", time(9, 5)),
        ("0 | 00 | 0:00 | 0000 | 0点 | 零点 | 12am | 凌晨12点", time(0)),
        ("12 | 12pm | noon | 中午 | 中午12点 | 上午12点 | 下午12点 | 十二点", time(12)),
        ("1am | 凌晨1点", time(1)),
        ("下午两点 | 两点pm", time(14)),
        ("中午1点 | 13", time(13)),
        ("中午11点半", time(11, 30)),
        ("傍晚6点 | 6pm", time(18)),
        ("晚上8点 | 晚上20点 | 晚8点 | 二十点", time(20)),
        ("23:59 | 2359 | 11:59pm", time(23, 59)),
    ],
)
def test_times(texts: str, clock: time) -> None:
    """Clocks run over 24 hours unless a part of the day is named."""
    for text in each(texts):
        assert parse_time(text) == clock, text


@pytest.mark.parametrize(
    "text",
    [
        *each(" | abc | 9:3 | 9:300 | 9::30 | 12345 | 9 30 | 点 | 下午 | pm | 9:30:60 | -9"),
        *each("下午3pmx | 9半 | 半 | 9点5刻 | 上午9pm"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_time(text)
    assert refused.value.phrase.key == "dates.not_a_time"


@pytest.mark.parametrize(
    "text",
    each("24 | 24:30 | 24点半 | 25:00 | 9:60 | 960 | 13am | 15am | 上午3点 | 晚上1点 | 凌晨9点 | 下午9点 | 清晨12点"),
)
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_time(text)
    assert refused.value.phrase.key == "dates.no_such_time"


@pytest.mark.parametrize(
    ("texts", "moment"),
    [
        ("12-1 9:30 | 12、1 9：30 | 12月1日9:30 | 12月1日 9点半 | 12月1日上午9点半", datetime(2026, 12, 1, 9, 30)),
        ("2026-12-01T09:30 | 2026-12-01 0930 | 1201 0930 | 1 dec 9:30 | dec 1 9:30am", datetime(2026, 12, 1, 9, 30)),
        (
            "明天下午3点 | 明天3pm | tomorrow 3pm | tomorrow 15 | +1 15:00 | 明天 1500 | 周四下午三点",
            datetime(2026, 12, 3, 15),
        ),
        ("下周五9点 | next fri 9 | next friday 9 am | 下周五 上午九点 | 12-11 9:00", datetime(2026, 12, 11, 9)),
        ("9:30 | 930 | 今天9:30 | 上午9点半 | 9点半", datetime(2026, 12, 2, 9, 30)),
    ],
)
def test_moments(texts: str, moment: datetime) -> None:
    for text in each(texts):
        assert parse_moment(text, TODAY) == moment, text


@pytest.mark.parametrize("text", each("12-1 | 明天 | 周五 | 1 dec 2026 | dec 1 2026 | 9.30 | 1201"))
def test_a_date_alone_is_no_moment(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_moment(text, TODAY)
    assert refused.value.phrase.key == "dates.no_time"


@pytest.mark.parametrize(
    "text", each(" | abc | 9:30 abc | 12-1 25:00 | 13-1 9:30 | 12-19:30 | 12-1 9:30 10:30 | 9:30 fri")
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(NotADate) as refused:
        parse_moment(text, TODAY)
    assert refused.value.phrase.key == "dates.not_a_moment"


@given(st.dates(date(2002, 1, 1), date(2097, 12, 31)), st.integers(-400, 400))
def test_what_is_said_can_be_typed(today: date, days: int) -> None:
    day = today + timedelta(days=days)
    for w in (ZH, EN):
        said = say_day(day, today, w)
        typed = said if abs(days) <= 1 else next(part for part in said.split() if "-" in part)
        if -31 <= days <= 334 or day.year != today.year:
            assert parse_date(typed, today) == day
    assert parse_date(day.isoformat(), today) == day


@given(st.times())
def test_every_minute_can_be_typed(clock: time) -> None:
    minute = clock.replace(second=0, microsecond=0, fold=0)
    assert parse_time(f"{minute:%H:%M}") == parse_time(f"{minute:%H%M}") == minute
    assert parse_time(f"{minute:%I:%M%p}") == minute
    assert parse_moment(f"12-1 {minute:%H:%M}", TODAY) == datetime.combine(date(2026, 12, 1), minute)


@given(st.text(st.sampled_from("0123456789-/.:：、。+年月日号周五下明天点半pmfri今 t十三")) | st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    for parse in (lambda: parse_date(text, TODAY), lambda: parse_time(text), lambda: parse_moment(text, TODAY)):
        try:
            parse()
        except NotADate as refused:
            phrase = refused.phrase
        else:
            continue
        assert ZH.text(phrase) != EN.text(phrase)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+40", datetime(2026, 12, 1, 0, 30)),
        ("＋40分钟", datetime(2026, 12, 1, 0, 30)),
        ("-10", datetime(2026, 11, 30, 23, 40)),
        ("+1:20", datetime(2026, 12, 1, 1, 10)),
        ("+40m", datetime(2026, 12, 1, 0, 30)),
        ("+1h", datetime(2026, 12, 1, 0, 50)),
        ("+1h20", datetime(2026, 12, 1, 1, 10)),
        ("+2小时", datetime(2026, 12, 1, 1, 50)),
        ("-1 hour 5 min", datetime(2026, 11, 30, 22, 45)),
        ("0:40", datetime(2026, 12, 1, 0, 40)),
        ("23:10", datetime(2026, 11, 30, 23, 10)),
        ("下午3点", datetime(2026, 11, 30, 15)),
        ("12-2 9:30", datetime(2026, 12, 2, 9, 30)),
    ],
)
def test_a_delay_is_minutes_more_or_the_nearest_such_time(text: str, meant: datetime) -> None:
    """A train due ten minutes before midnight: what is typed for it is of the same night."""
    assert parse_delay(text, datetime(2026, 11, 30, 23, 50), date(2026, 11, 30)) == meant


def test_tomorrow_is_the_day_after_today_not_after_the_old_time() -> None:
    """Who looks at tomorrow's train types the day as seen from now."""
    assert parse_delay("明天 9:30", datetime(2026, 12, 1, 9), date(2026, 11, 30)) == datetime(2026, 12, 1, 9, 30)


@pytest.mark.parametrize("text", ["", "bald", "+", "+4 km", "25:00", "下午", "+h", "+1h20h"])
def test_what_is_no_delay_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse_delay(text, datetime(2026, 11, 30, 9), date(2026, 11, 30))


def test_what_is_refused_as_a_delay_says_what_may_be_written() -> None:
    with pytest.raises(NotADate) as refused:
        parse_delay("bald", datetime(2026, 11, 30, 9), date(2026, 11, 30))
    assert "+40" in ZH.text(refused.value.phrase)
