"""The sheet of a day as plain text: who comes, what is next, what is late and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from models.policy.model import party_name
from models.queries.day_lists import Day, DayLine, Due
from models.words import Words, clean
from models.words.dates import say_day, say_moment, say_weekday
from models.words.money import say_money
from models.words.wrapping import columns, hanging

if TYPE_CHECKING:
    from models.policy.model import Policy


INDENT = 6
"""Cells below a visit's time."""
TITLES = ("time", "tier", "headcount", "by", "met_by", "car", "state", "tasks", "client")
MOST = 3
"""So many overdue tasks of a visit are named, and so many of today's; the rest is counted."""


class DaySheet:
    """The day said in one language."""

    def __init__(self, w: Words, policy: Policy, found: Day, now: datetime, width: int) -> None:
        self.w, self.policy, self.found, self.now, self.width = w, policy, found, now, width

    def lines(self) -> list[str]:
        """All of it, in lines of at most `width` cells."""
        found, w = self.found, self.w
        guests = sum(line.headcount for line in found.lines)
        head = w(
            "sheet.head", date=f"{found.day}", weekday=say_weekday(found.day, w), n=len(found.lines), guests=guests
        )
        told = [head]
        if found.lines:
            rows = self._table()
            told.append(rows[0])
            for row, line in zip(rows[1:], found.lines, strict=True):
                below = [hanging(" " * INDENT, clean(each), self.width) for each in self._below(line)]
                told += [row, *(part for parts in below for part in parts)]
        return [*told, *self._tomorrow()]

    def _table(self) -> list[str]:
        """The visits under their titles; no column for tiers where there are none."""
        titles = [self.w(f"today.{each}") for each in TITLES]
        holds = ["data", "text", "data", "data", "text", "data", "text", "data", "text"]
        rows = [titles, *(self._row(line) for line in self.found.lines)]
        if not self.policy.tiers:
            rows, holds = [[row[0], *row[2:]] for row in rows], [holds[0], *holds[2:]]
        return columns(rows, holds, self.width)

    def _row(self, line: DayLine) -> list[str]:
        return [
            f"{line.at:%H:%M}" if line.at else "-",
            self.w.name(line.mark) if line.mark else "-",
            str(line.headcount),
            line.by[1] or "-",
            line.met_by or "-",
            line.rides[0].car if line.rides else "-",
            self._where(line),
            f"{line.done}/{line.total}" if line.total else "-",
            line.client,
        ]

    def _where(self, line: DayLine) -> str:
        if line.stays and line.where in ("planned", "on_way"):
            return self.w("today.stays")
        return self.w("sheet.going" if line.going and line.where in ("met", "on_site") else f"today.where.{line.where}")

    def _below(self, line: DayLine) -> Iterator[str]:
        """What comes next and what is wrong, one thing a line."""
        w = self.w
        if line.next:
            at = say_moment(line.next.at, self.now.date(), w) if line.next.at else "-"
            stage = w.name(self.policy.name_of(line.next.stage))
            yield " ".join(part for part in (w("sheet.next"), at, stage, line.next.place, line.next.people) if part)
        yield from self._dues("late", line.late)
        yield from self._dues("soon", line.soon)
        for trouble in line.clashes:
            yield f"! {w.text(trouble.text)} {trouble.other}".rstrip()
        if line.unassigned:
            yield w("sheet.unassigned", n=line.unassigned)
        for alert in line.alerts:
            if alert.code == "unconfirmed":
                yield w("sheet.unconfirmed", n=alert.n)
        if line.gone:
            yield f"! {w('today.trouble.gone', who=' '.join(line.gone))}"
        if line.planned or line.actual:
            minor = self.policy.currency.minor
            yield w("sheet.cost", planned=say_money(line.planned, minor), actual=say_money(line.actual, minor))
        if line.note:
            yield f"{w('sheet.note')} {say_moment(line.note.at, self.now.date(), w)} {line.note.text}"

    def _dues(self, when: str, dues: tuple[Due, ...]) -> Iterator[str]:
        for due in dues[:MOST]:
            yield f"{self.w(f'sheet.{when}')} {self._due(due)}"
        if len(dues) > MOST:
            yield self.w(f"sheet.more_{when}", n=len(dues) - MOST)

    def _due(self, due: Due) -> str:
        party = self.w.name(party_name(self.policy, due.party))
        parts = (say_moment(due.due, self.now.date(), self.w), party, self.w.name(due.text))
        return " ".join([*parts, self.w.people([due.assignee])]).rstrip()

    def _tomorrow(self) -> list[str]:
        after, w = self.found.tomorrow, self.w
        shown = say_day(after.day, self.now.date(), w)
        if not after.visits or after.first_at is None:
            return [w("sheet.none_after", day=shown)]
        tier = w.name(after.first_tier) if after.first_tier else ""
        first = " ".join(part for part in (f"{after.first_at:%H:%M}", after.first_client, tier) if part)
        return hanging(
            "", clean(w("sheet.after", day=shown, n=after.visits, guests=after.guests, first=first)), self.width
        )
