"""Which caps hold for which line: the first row that holds wins, per items, `per` and kind of limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from models.policy.answer import CapAnswer
from models.policy.case import Case
from models.policy.lines import Line
from models.policy.model import Cap, CapColumn, LimitKind, Linear, Test
from models.policy.when import holds


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One column of a cap as it holds for a line, for the kinds of limit this row won."""

    cap: Cap
    column: CapColumn
    kinds: frozenset[LimitKind]

    def same(self, other: Limit) -> bool:
        """Whether both are the same column of the same row."""
        return self.cap is other.cap and self.column is other.column

    @property
    def money(self) -> Linear | None:
        """The most it allows, in minor units."""
        return self.column.most if "money" in self.kinds and isinstance(self.column.most, Linear) else None

    @property
    def least_money(self) -> Linear | None:
        """The least it asks for, in minor units."""
        return self.column.least if "money" in self.kinds and isinstance(self.column.least, Linear) else None

    @property
    def count(self) -> int | None:
        """How often it allows something."""
        return self.column.count if "count" in self.kinds else None


def limits_of(case: Case, line: Line) -> tuple[Limit, ...]:
    """The caps that hold for a line, in the file's order. A column left out closes its kinds and is no limit."""
    won: set[tuple[frozenset[str], str, LimitKind]] = set()
    limits: list[Limit] = []
    for cap in case.policy.caps:
        if line.item not in cap.items or not holds(cap.when, case, line, own=True):
            continue
        keys = {(frozenset(cap.items), cap.per, kind) for kind in cap.limits} - won
        won |= keys
        column = column_of(cap, case, line)
        if keys and column is not None:
            limits.append(Limit(cap, column, frozenset(kind for _, _, kind in keys)))
    return tuple(limits)


def column_of(cap: Cap, case: Case, line: Line) -> CapColumn | None:
    """The column of a row that a line falls into; None where it falls into none."""
    if cap.by is None:
        return cap.columns.get(None)
    for key, column in cap.columns.items():
        if key is not None and case.meets(Test(cap.by, frozenset({key})), line, True):
            return column
    return None


def caps_in_force(case: Case) -> tuple[CapAnswer, ...]:
    """The caps of this request: those of its lines, and for an item without a line those that hold anyway."""
    found: list[tuple[Limit, int]] = []
    for line in (*case.lines, *_imagined(case)):
        for limit in limits_of(case, line):
            if not any(limit.same(other) for other, _ in found):
                found.append((limit, line.persons))
    place = {id(cap): number for number, cap in enumerate(case.policy.caps)}
    found.sort(key=lambda each: place[id(each[0].cap)])
    return tuple(_answer(limit, persons) for limit, persons in found)


def _imagined(case: Case) -> Iterator[Line]:
    """A bare line for each item that has caps and no line."""
    planned = {line.item for line in case.lines}
    for item in dict.fromkeys(item for cap in case.policy.caps for item in cap.items):
        if item not in planned:
            yield Line("", item, "", Fraction(0), None, case.request.headcount, Fraction(0), "")


def _answer(limit: Limit, persons: int) -> CapAnswer:
    cap, column = limit.cap, limit.column

    def figure(value: Linear | str | None) -> int | str | None:
        return value.at(persons) if isinstance(value, Linear) else value

    return CapAnswer(
        id=column.id,
        item=cap.items,
        per=cap.per,
        most=figure(column.most),
        least=figure(column.least),
        count=column.count,
        text=column.text,
        breach=cap.breach,
    )
