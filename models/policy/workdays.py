"""Working days by the policy's calendar: how far apart two moments are, and the moment so far from another."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from fractions import Fraction

from models.policy.model import CalendarRows, Moment, Span

# Which days are worked: the organisation's own rows, then the public calendar, then weekends.

DAY = timedelta(days=1)


# Measuring and adding spans of time: minutes to years, working days by the calendar.

_MINUTES = {"m": 1, "h": 60}
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"mo": 1, "y": 12}
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31)


class WorkDays:
    """The working days of one policy. `unknown` collects the years asked for whose holidays neither the program knows
    nor the policy names."""

    def __init__(self, rows: CalendarRows) -> None:
        self._rows = rows
        self._own_years = {year for each in rows.holidays for year in range(each.first.year, each.last.year + 1)}
        self.unknown: set[int] = set()

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked; a shifted working day is, though it lies in a weekend."""
        if day in self._rows.workdays:
            return True
        if self._own_holiday(day):
            return False
        public = None if self._rows.only else self._public(day)
        if public is not None:
            return public[0]
        return day.weekday() < 5

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a holiday: a plain weekend is none."""
        if day in self._rows.workdays:
            return False
        if self._own_holiday(day):
            return True
        public = None if self._rows.only else self._public(day)
        return public is not None and public[1]

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative where `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_workday(first + DAY * n) for n in range(1, (last - first).days + 1))

    def shift(self, day: date, number: int) -> date:
        """The day `number` working days after `day` (before it where negative); the nearest end of time at most."""
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left and date.min < day < date.max:
            day += step
            left -= self.is_workday(day)
        return day

    def near_holiday(self, day: date, number: int) -> bool:
        """Whether `day` lies within `number` working days before to `number` after a holiday, or on one."""
        if self.is_holiday(day):
            return True
        return self._meets_holiday(day, DAY, number) or self._meets_holiday(day, -DAY, number)

    def _meets_holiday(self, day: date, step: timedelta, number: int) -> bool:
        worked = 0
        while date.min < day < date.max:
            worked += self.is_workday(day)
            day += step
            if self.is_holiday(day):
                return worked <= number
            if worked > number:
                return False
        return False

    def _own_holiday(self, day: date) -> bool:
        return any(holiday.first <= day <= holiday.last for holiday in self._rows.holidays)

    def _public(self, day: date) -> tuple[bool, bool] | None:
        """(worked, public holiday) by the calendar package; None for a year it does not know."""
        import chinese_calendar

        try:
            worked = bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            if day.year not in self._own_years:
                self.unknown.add(day.year)
            return None
        return worked, day in chinese_calendar.constants.holidays


def measured(first: datetime, last: datetime, unit: str, days: WorkDays) -> Fraction:
    """The span from `first` to `last` in `unit`: hours exactly, all else in whole units of calendar
    dates rounded down (A4: 3 days from Monday 18:00 to Thursday 8:00); negative where `last` is earlier."""
    if unit in _MINUTES:
        seconds = (last - first) // timedelta(seconds=1)
        return Fraction(seconds // 60) if unit == "m" else Fraction(seconds, 3600)
    if unit == "wd":
        return Fraction(days.between(first.date(), last.date()))
    if unit in _DAYS:
        return Fraction((last.date() - first.date()).days // _DAYS[unit])
    return Fraction(_months(first.date(), last.date()) // _MONTHS[unit])


def compared(first: datetime, last: datetime, span: Span, days: WorkDays) -> int:
    """Whether from `first` to `last` it is less than a span (-1), just as much (0) or more (1): hours, minutes to the
    second, all else by calendar dates. Nineteen days are more than two weeks."""
    if span.unit in _MINUTES:
        given, asked = last - first, timedelta(minutes=span.number * _MINUTES[span.unit])
        return (given > asked) - (given < asked)
    if span.unit == "wd":
        number = days.between(first.date(), last.date())
        return (number > span.number) - (number < span.number)
    day = moved(datetime.combine(first.date(), datetime.min.time()), span, days).date()
    return (last.date() > day) - (last.date() < day)


def moved(when: datetime, span: Span, days: WorkDays) -> datetime:
    """`when` moved by `span`; days keep the clock, months the day where the month has it."""
    try:
        if span.unit in _MINUTES:
            return when + timedelta(minutes=span.number * _MINUTES[span.unit])
        if span.unit == "wd":
            return datetime.combine(days.shift(when.date(), span.number), when.time())
        if span.unit in _DAYS:
            return when + timedelta(days=span.number * _DAYS[span.unit])
        return datetime.combine(_add_months(when.date(), span.number * _MONTHS[span.unit]), when.time())
    except (OverflowError, ValueError):  # a span that leaves the calendar ends at its edge
        return _LAST if span.number > 0 else _FIRST


def rolled_back(day: date, span: Span, days: WorkDays) -> date:
    """The day after which a span that ends with `day` lies: `1mo` before 2026-11-30 is 2026-10-30."""
    back = Span(-span.number, span.unit)
    return moved(datetime.combine(day, datetime.min.time()), back, days).date()


def moment_at(moment: Moment, anchor: datetime, days: WorkDays) -> datetime:
    """The time a moment names, given the time of its anchor."""
    at = moved(anchor, moment.offset, days) if moment.offset else anchor
    return datetime.combine(at.date(), moment.clock) if moment.clock else at


def moment_words(moment: Moment) -> str:
    """A moment as the file writes it: `arrive -1d 17:00`."""
    words = [moment.anchor]
    if moment.offset:
        sign = "+" if moment.offset.number > 0 else ""
        words.append(f"{sign}{moment.offset.number}{moment.offset.unit}")
    if moment.clock:
        words.append(moment.clock.strftime("%H:%M"))
    return " ".join(words)


def _months(first: date, last: date) -> int:
    """Whole months from `first` to `last`, rounded down."""
    months = (last.year - first.year) * 12 + last.month - first.month
    whole_day = min(first.day, monthrange(last.year, last.month)[1])
    return months if last.day >= whole_day else months - 1


def _add_months(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
