"""Dates and times as people type them, in Chinese and English, and as the program says them back.

What a Chinese input method makes of digits and punctuation counts as the plain character. A month
always comes before its day; clocks run over 24 hours unless a half of the day is named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from models.words.catalogue import Phrase, Unreadable
from models.words.clean import clean
from models.words.width import cut

if TYPE_CHECKING:
    from models.words.catalogue import Words

YEARS = range(2000, 2100)
_NIGHT_LONG = timedelta(hours=6)
_NEAR_YEARS = 10  # how far the years lie that may be written with two digits
RECENT = timedelta(days=31)  # a month and day without a year may lie this far back, else it is to come

_LIKE = str.maketrans("。、–—−", "./---")
_WEEKDAYS = (("一", "mon", "monday"), ("二", "tue", "tues", "tuesday"), ("三", "wed", "wednesday"),
             ("四", "thu", "thur", "thurs", "thursday"), ("五", "fri", "friday"), ("六", "sat", "saturday"),
             ("日", "天", "sun", "sunday"))  # fmt: skip
_WEEKDAY = {word: number for number, names in enumerate(_WEEKDAYS) for word in (*names, str(number + 1))}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
                "october", "november", "december")  # fmt: skip
_MONTH = {word: n for names in (_MONTHS, _MONTH_NAMES) for n, word in enumerate(names, 1)} | {"sept": 9}
_NAMED_DAYS = {
    "today": 0, "今天": 0, "今日": 0, "今": 0, "tomorrow": 1, "tmr": 1, "明天": 1, "明日": 1, "明": 1,
    "后天": 2, "後天": 2, "大后天": 3, "大後天": 3,
    "yesterday": -1, "昨天": -1, "昨日": -1, "昨": -1, "前天": -2, "大前天": -3,
}  # fmt: skip
_MONTHS_ON = {"": 0, "本": 0, "这": 0, "這": 0, "下": 1, "下下": 2, "上": -1}
_WEEKS = {"": None, "this ": 0, "next ": 1, "last ": -1, "本": 0, "这": 0, "這": 0, "下": 1, "下下": 2, "上": -1}

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = r"(?<![周週期拜])[零〇一二两三四五六七八九十]+(?=[月日号点點时時分天周週星個个小]|$)"
_OFFSET = r"([+-])\s*(\d{1,3})\s*(?:天|d|days?)?"
_LATER = (
    r"([+-])\s*(?=\d)(?:(?P<h>\d{1,2})(?::|\s*(?:h|hrs?|hours?|个?小时)\s*(?=\d|$)))?"
    r"(?:(?P<m>\d{1,4})\s*(?:m|mins?|minutes?|分钟?)?)?"
)
_AWAY = (
    r"(?:(?P<in>in )?(?P<n>\d{1,3})\s*(?P<unit>天|日|周|週|个?星期|个?礼拜|days?|weeks?)\s*"
    r"(?P<way>之后|以后|后|後|之前|以前|前|later|from now|ago|))"
)
_BACK = ("之前", "以前", "前", "ago")
_MONTH_WORD = r"(本|这|這|下下|下|上|)(?:个|個)?(?:月(?:(?P<day>\d{1,2})[日号]?|(?P<end>底|末|初)))"
_SHORT_YEAR = r"(?=\d+\s*([-/.]))(\d{2})\s*\1\s*(\d{1,2})\s*\1\s*(\d{1,2})"
_FULL = r"(?=\d+\s*([-/.]))(\d{4})\s*\1\s*(\d{1,2})\s*\1\s*(\d{1,2})|(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})[日号]?"
_COMPACT = r"(\d{4})?(\d{2})(\d{2})"
_MONTH_DAY = r"(\d{1,2})(?:\s*[-/.]\s*|月\s*)(\d{1,2})[日号]?"
_DAY_ONLY = r"(\d{1,2})[日号]"
_ENGLISH = r"(?:(?P<d1>\d{1,2})\s*(?P<m1>[a-z]+)\.?|(?P<m2>[a-z]+)\.?\s*(?P<d2>\d{1,2}))(?:,?\s+(?P<y>\d{4}))?"
_WEEKDAY_ZH = r"(下下|下|上|本|这|這|)(?:个|個)?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天1-7])"
_WEEKDAY_EN = r"((?:this |next |last )?)([a-z]+)\.?"

# The hours that each part of the day can mean; what falls in none of its hours is refused.
# 24 is the end of the day: 晚上12点 is midnight after it.
_NIGHT = (24, 22, 23, *range(6))
_HALVES: dict[str, Sequence[int]] = {
    "凌晨": range(6), "清晨": range(4, 9), "清早": range(4, 9), "早上": range(5, 11), "早晨": range(5, 11),
    "早": range(5, 11), "上午": range(6, 13), "中午": range(11, 15), "下午": range(12, 19), "傍晚": range(16, 21),
    "晚上": range(17, 25), "晚": range(17, 25), "夜里": _NIGHT, "半夜": _NIGHT, "深夜": _NIGHT, "午夜": _NIGHT,
    "am": range(12), "pm": range(12, 24), "": range(25),
}  # fmt: skip
_NAMED_HOURS = {"noon": 12, "中午": 12, "正午": 12, "midnight": 24, "半夜": 24, "午夜": 24, "清晨": 6}
_CLOCK = (
    rf"(?P<half>{'|'.join([half for half in _HALVES if half and not half.isascii()])}|)\s*"
    r"(?:(?P<h>\d{1,2})(?:\s*[:.]\s*(?P<m>\d{2})(?:\s*:\s*[0-5]\d)?|\s*[点點时時]\s*(?:(?P<zm>\d{1,2})分?|(?P<part>半|一刻|三刻|整))?)?"
    r"|(?P<hm>\d{3,4}))\s*(?P<ampm>am|pm|a\.m\.|p\.m\.|)"
)
_PARTS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}
_LENGTH = (
    r"(?P<h>\d{1,2})\s*(?:个|個)(?P<half>半)小?时|"
    r"(?:(?P<hours>\d{1,2}(?:\.\d)?)\s*(?:个?小时|個?小時|h|hrs?|hours?))?\s*(?:(?P<m>\d{1,4})\s*(?:分钟?|分鐘?|m|mins?|minutes?)|"
    r"(?P<some>半个?小时|半個?小時|半|half an hour|[1一]刻钟|[3三]刻钟|an hour))?"
)
_SOME = {"半": 30, "h": 30, "1": 15, "一": 15, "3": 45, "三": 45, "a": 60}
_LATE = ("晚点", "晚到", "晚", "推迟", "推后", "延误", "延后", "延迟", "迟到", "迟", "delayed by", "delayed", "late by")
_EARLY = ("提前", "提早", "早到", "早", "early by")
_BEFORE: tuple[tuple[str, int], ...] = (*((word, 1) for word in _LATE), *((word, -1) for word in _EARLY))
_BEHIND = (("之后", 1), ("以后", 1), ("后", 1), ("later", 1), ("late", 1), ("earlier", -1), ("early", -1))
_MOMENT_GAP = r"\s+|(?<=\d)t(?=\d)|(?<=[\u4e00-\u9fff])(?=.)|(?<=.)(?=[\u4e00-\u9fff])"


class NotADate(Unreadable):
    """What was typed is no date or time; `phrase` names it and says what may be written."""


def parse_date(text: str, today: date) -> date:
    """The date typed in `text`, seen from `today`: `2026-12-01`, `26-12-1`, `12-1`, `1201`, `12月1日`, `15号`, `1 dec`,
    `+3`, `3天后`, `明天`, `周五` (the coming one, today counted), `下周五` and `next fri` (of the calendar week after
    this one), `下月5号`, `月底`. Without a year the next such day, or one of the last 31 days. Raises NotADate."""
    typed = _fold(text)
    day = _day_word(typed, today) or _weekday(typed, today) or _of_month(typed, text, today)
    day = day or _numbers(typed, text, today)
    if day is None:
        raise _refused("dates.not_a_date", text)
    return day


def parse_time(text: str) -> time:
    """The time of day typed in `text`, local: `9`, `930`, `0930`, `9:30`, `15点20`, `9点半`, `下午3点`, `3pm`, `24:00`,
    `半夜`. Midnight is 0:00, whatever its day (see `parse_time_on`). Raises NotADate."""
    return parse_time_on(text, date.min).time()


def parse_time_on(text: str, day: date) -> datetime:
    """The moment of a time of day that is typed alone and meant of `day`, naive local: as `parse_time`, and `24:00`,
    `24点`, `晚上12点` and `半夜` are midnight at its end. Raises NotADate."""
    typed = _fold(text)
    if typed in _NAMED_HOURS:
        return _on(day, _NAMED_HOURS[typed], 0)
    found = re.fullmatch(_CLOCK, typed)
    if not found or (found["half"] and found["ampm"]):
        raise _refused("dates.not_a_time", text)
    hour, minute = _clock(found)
    hours = _HALVES[found["half"] or found["ampm"].replace(".", "")]
    meant = [each for each in _hours(hour, hours) if each in hours]
    if not meant or minute > 59 or (meant[0] == 24 and not found["half"] and (minute or typed == "24")):
        raise _refused("dates.no_such_time", text)
    return _on(day, meant[0], minute)


def parse_moment(text: str, today: date) -> datetime:
    """A date and then a time, naive local: `12-1 9:30`, `明天下午3点`, `明晚12点` (midnight after tomorrow), `fri 3pm`,
    `2026-12-01T09:30`; a time alone (`9:30`) is `today`'s. Raises NotADate, also when it could mean two moments."""
    typed = _fold(text)
    if _date_or_none(typed, today):
        raise _refused("dates.no_time", text)
    gaps = [(gap.start(), gap.end()) for gap in re.finditer(_MOMENT_GAP, typed)]
    meant = {moment for start, end in gaps if (moment := _joined(typed[:start], typed[end:], today))}
    alone = _time_or_none(typed, today)
    if alone is not None:
        meant.add(alone)
    if len(meant) != 1:
        raise _refused("dates.not_a_moment", text)
    return meant.pop()


def parse_delay(text: str, at: datetime, today: date) -> datetime:
    """The new time of what was expected at `at`, naive local: `+40` and `-10` so many minutes later or earlier, `+1:20`
    and `+1h20` an hour and twenty, so are `半小时`, `晚点40分钟`, `提前10分钟`, `40 min late`; a time (`10:20`, `0:40`)
    is the one nearest to `at`, on the day before or after where that is nearer; else a moment as seen from `today`
    (`12-1 9:30`, `明天 9:30`). Raises NotADate."""
    typed = _fold(text)
    if found := re.fullmatch(_LATER, typed):
        later = timedelta(hours=int(found["h"] or 0), minutes=int(found["m"] or 0))
        return at + later if found[1] == "+" else at - later
    if (by := _later(typed)) is not None:
        return at + by
    try:
        days = [parse_time_on(text, at.date() + timedelta(days=n)) for n in (0, 1, -1)]
    except NotADate as refused:
        try:
            return parse_moment(text, today)
        except NotADate:
            pass  # what is said of a time is the better answer
        if refused.phrase.key == "dates.not_a_time":
            raise _refused("dates.not_a_delay", text) from refused
        raise
    if days[0].date() > at.date():  # the end of a day is not long before it
        days = [moment for moment in days if moment >= at - _NIGHT_LONG]
    return min(days, key=lambda moment: abs(moment - at))


def say_weekday(day: date, w: Words) -> str:
    """`周四`, `Thu`."""
    return w(f"dates.weekday.{day.weekday()}")


def say_day(day: date, today: date, w: Words) -> str:
    """今天, 明天, 昨天; else `12-03 周四` or `Thu 12-03`, with the year where it is another."""
    near = {0: "dates.today", 1: "dates.tomorrow", -1: "dates.yesterday"}.get((day - today).days)
    if near:
        return w(near)
    shown = day.isoformat()
    return w("dates.day", date=shown if day.year != today.year else shown[5:], weekday=say_weekday(day, w))


def say_moment(moment: datetime, today: date, w: Words) -> str:
    """The day as `say_day`, then `HH:MM`; `moment` is local."""
    return w("dates.moment", day=say_day(moment.date(), today, w), time=moment.strftime("%H:%M"))


def say_in_full(moment: datetime, w: Words) -> str:
    """A moment that is understood on any day: `2026-11-30 Mon 10:20`; `moment` is local."""
    return f"{moment:%Y-%m-%d} {say_weekday(moment.date(), w)} {moment:%H:%M}"


def say_moments(moments: Iterable[datetime], today: date, w: Words) -> list[str]:
    """Several moments one after the other; a day that is the same as the one before is said once."""
    said, before = [], None
    for at in moments:
        said.append(f"{at:%H:%M}" if before == at.date() else say_moment(at, today, w))
        before = at.date()
    return said


def say_span(seconds: float, w: Words) -> str:
    """How long, in the largest whole unit: `20 分钟`, `3 小时`, `1 天`; the sign does not matter."""
    length = int(abs(seconds))
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if length >= size:
            return w(f"dates.span.{unit}", n=length // size)
    return w("dates.span.short")


def say_left(seconds: float, w: Words) -> str:
    """How long to the minute where it is less than a day: `2 小时 58 分钟`; else as `say_span`."""
    hours, rest = divmod(int(abs(seconds)), 3600)
    if not 1 <= hours < 24 or rest < 60:
        return say_span(seconds, w)
    return f"{say_span(hours * 3600, w)} {say_span(rest, w)}"


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", clean(text)).translate(_LIKE).casefold()
    return " ".join(re.sub(_NUMERAL, lambda found: _number(found[0]), plain).split())


def _number(numeral: str) -> str:
    """The digits of a Chinese numeral below 100; what is none stays."""
    tens, ten, ones = (numeral.lstrip("零〇") or "零").rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or tens == "十":
        return numeral
    return str(10 * _DIGITS[tens or "一"] + _DIGITS[ones or "零"] if ten else _DIGITS[ones])


def _refused(key: str, text: str) -> NotADate:
    return NotADate(Phrase(key, {"value": cut(clean(text).strip(), 30, ellipsis=True)}))


def _day_word(typed: str, today: date) -> date | None:
    if typed in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[typed])
    if found := re.fullmatch(_OFFSET, typed):
        return today + timedelta(days=int(found[1] + found[2]))
    found = re.fullmatch(_AWAY, typed)
    if found and (found["in"] or found["way"]):
        days = int(found["n"]) * (1 if found["unit"][0] in "天日d" else 7)
        return today + timedelta(days=-days if found["way"] in _BACK else days)
    return None


def _weekday(typed: str, today: date) -> date | None:
    found = re.fullmatch(_WEEKDAY_ZH, typed) or re.fullmatch(_WEEKDAY_EN, typed)
    number = _WEEKDAY.get(found[2]) if found else None
    if found is None or number is None:
        return None
    weeks = _WEEKS[found[1]]
    if weeks is None:
        return today + timedelta(days=(number - today.weekday()) % 7)
    return today + timedelta(days=number - today.weekday() + 7 * weeks)


def _numbers(typed: str, text: str, today: date) -> date | None:
    """A date written with numbers; raises NotADate if it is well written and yet no day there is."""
    year: int | None = None
    month: int | None = None
    if found := re.fullmatch(_FULL, typed):
        year, month, day = (int(found[n] or found[n + 3]) for n in (2, 3, 4))
    elif found := re.fullmatch(_SHORT_YEAR, typed):
        year, month, day = 2000 + int(found[2]), int(found[3]), int(found[4])
        if abs(year - today.year) > _NEAR_YEARS:  # the day may stand first: nothing to guess about
            return None
    elif found := re.fullmatch(_COMPACT, typed):
        year, month, day = int(found[1]) if found[1] else None, int(found[2]), int(found[3])
    elif found := re.fullmatch(_MONTH_DAY, typed):
        month, day = int(found[1]), int(found[2])
    elif (found := re.fullmatch(_ENGLISH, typed)) and (found["m1"] or found["m2"]) in _MONTH:
        month, day = _MONTH[found["m1"] or found["m2"]], int(found["d1"] or found["d2"])
        year = int(found["y"]) if found["y"] else None
    elif found := re.fullmatch(_DAY_ONLY, typed):
        day = int(found[1])
    else:
        return None
    when = _nearest(month, day, today) if year is None or month is None else _dated(year, month, day)
    if when is None:
        raise _refused("dates.no_such_day", text)
    return when


def _dated(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _nearest(month: int | None, day: int, today: date) -> date | None:
    """The one such day from a month ago to eleven months ahead; without a month the next such day."""
    if month is None:
        ahead = [divmod(today.year * 12 + today.month - 1 + n, 12) for n in range(3)]
        days = [found for year, zero_based in ahead if (found := _dated(year, zero_based + 1, day))]
        return next((found for found in days if found >= today), None)
    years = (today.year - 1, today.year, today.year + 1)
    near = [found for year in years if (found := _dated(year, month, day)) and found >= today - RECENT]
    return near[0] if near and near[0] - today < timedelta(days=366) - RECENT else None


def _of_month(typed: str, text: str, today: date) -> date | None:
    """`下月5号`, `月底`, `年底`; raises NotADate for a day which that month does not have."""
    if typed in ("年底", "年末"):
        return date(today.year, 12, 31)
    found = re.fullmatch(_MONTH_WORD, typed)
    if found is None or (not found[1] and found["day"]):
        return None
    year, month = divmod(today.year * 12 + today.month - 1 + _MONTHS_ON[found[1]], 12)
    if found["end"]:
        first = date(year, month + 1, 1)
        return first if found["end"] == "初" else (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    when = _dated(year, month + 1, int(found["day"]))
    if when is None:
        raise _refused("dates.no_such_day", text)
    return when


def _later(typed: str) -> timedelta | None:
    """How much later (or, negative, earlier) is typed in words: `晚点40分钟`, `半小时`, `40 min late`."""
    sign, rest = (-1, typed[1:]) if typed[:1] == "-" else (1, typed.removeprefix("+"))
    before = ((of, typed[len(word) :].removeprefix("了")) for word, of in _BEFORE if typed.startswith(word))
    sign, rest = next(before, (sign, rest))
    sign, rest = next(((of, rest[: -len(word)]) for word, of in _BEHIND if rest.endswith(word)), (sign, rest))
    found = re.fullmatch(_LENGTH, rest.strip())
    if found is None or rest.strip() in ("", "半"):
        return None
    hours, minutes = float(found["h"] or found["hours"] or 0), int(found["m"] or 0)
    minutes += 30 if found["half"] else _SOME[found["some"][0]] if found["some"] else 0
    return sign * timedelta(hours=hours, minutes=minutes)


def _on(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour % 24, minute)) + timedelta(days=hour // 24)


def _clock(found: re.Match[str]) -> tuple[int, int]:
    if found["hm"]:
        return int(found["hm"][:-2]), int(found["hm"][-2:])
    part = _PARTS.get(found["part"] or "", 0)
    return int(found["h"]), int(found["m"] or found["zm"] or part)


def _hours(hour: int, hours: Sequence[int]) -> list[int]:
    """What an hour can mean: itself, and in a named part of the day either hour of the dial, twelve its end, too."""
    return [hour] if hour > 12 or len(hours) == 25 else [*([24] if hour == 12 else []), hour % 12, hour % 12 + 12]


def _joined(day_text: str, time_text: str, today: date) -> datetime | None:
    day = _date_or_none(day_text, today)
    return _time_or_none(time_text, day) if day else None


def _date_or_none(text: str, today: date) -> date | None:
    try:
        return parse_date(text, today)
    except NotADate:
        return None


def _time_or_none(text: str, day: date) -> datetime | None:
    try:
        return parse_time_on(text, day)
    except NotADate:
        return None
