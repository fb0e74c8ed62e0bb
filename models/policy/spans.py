"""Measuring and adding spans of time: minutes to years, working days by the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from fractions import Fraction

from models.policy.model import Moment, Span
from models.policy.workdays import WorkDays

_MINUTES = {"m": 1, "h": 60}
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"mo": 1, "y": 12}
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31)


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
