"""Which days are worked: the organisation's own rows, then the public calendar, then weekends."""

from __future__ import annotations

from datetime import date, timedelta

from models.policy.model import CalendarRows

DAY = timedelta(days=1)


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
