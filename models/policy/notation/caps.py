"""Reading of a row of the `cap` table: what is limited, by which columns, how far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.policy.model import Cap, CapColumn, LimitKind, Linear, Span
from models.policy.notation.clauses import COLUMN_AXES, WHEN, axis_ids, choice_fields, id_axis, ids_of, items
from models.policy.notation.quantities import linear, refuse_quoted, span_of, whole
from models.policy.notation.readers import (
    Key,
    Reader,
    Reading,
    Wrong,
    attempt,
    choice,
    identifier,
    known,
    listed,
    may,
    must,
    name,
    nearest,
    one_or_many,
    shown,
    table,
)
from models.policy.problem import Path

UNITS = (
    "person_meal",
    "person_day",
    "person_visit",
    "visit",
    "meal",
    "event",
    "bottle",
    "pack",
    "night",
    "trip",
    "piece",
)
WHOSE = ("client", "guest", "department")
LIMITS: tuple[LimitKind, ...] = ("money", "grade", "count", "text")


def item(r: Reading, at: Path, value: object) -> str:
    """An item of the list `item`, or one that every plan has."""
    return known(value, items(r), "[list] item")


def per(r: Reading, at: Path, value: object) -> tuple[str, tuple[str, ...], Span | None]:
    """What is counted, or whose sum over which span: as written, whose, the span."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("bad_text", value=shown(value))
    *whose, last = value.split()
    if not whose:
        if last in UNITS or re.fullmatch(r"[1-9]\d{0,4}ml", last):
            return last, (), None
        raise Wrong("bad_per", value=shown(value), allowed=listed([*UNITS, "500ml"]), nearest=nearest(last, UNITS))
    for index, one in enumerate(whose):
        if one not in WHOSE or one in whose[:index]:
            raise Wrong("bad_whose", value=shown(one), allowed=listed(WHOSE), nearest=nearest(one, WHOSE))
    span = span_of(last)
    if span.unit in ("m", "h") or span.number <= 0:
        raise Wrong("bad_sum_span", value=shown(last))
    return value, tuple(whose), span


def axis(r: Reading, at: Path, value: object) -> str:
    """An axis of ids, for columns."""
    if isinstance(value, str) and id_axis(r, value):
        return value
    allowed = [*COLUMN_AXES, *choice_fields(r)]
    raise Wrong("bad_by", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))


def _raw(r: Reading, at: Path, value: object) -> object:
    """Kept as it is, for `_columns` to read when the axis is known."""
    return value


CAP_KEYS: dict[str, Key] = {
    "id": may(_raw),
    "item": must(one_or_many(item)),
    "per": must(per),
    "by": may(axis),
    "most": may(_raw),
    "least": may(_raw),
    "count": may(_raw),
    "text": may(_raw),
    "never": may(_raw),
    "breach": may(choice("info", "warn", "reason", "block", "guest_pays", "applicant_pays"), "reason"),
    "when": WHEN,
}
_LINEAR = frozenset(["base", "over", "each"])
_SHAPES: dict[str, frozenset[str]] = {
    "id": frozenset(),
    "most": _LINEAR,
    "least": _LINEAR,
    "count": frozenset(),
    "text": frozenset(["zh", "en"]),
    "never": _LINEAR,
}
"""The keys that may stand in columns, and the keys of a table that is one value and no columns."""

_money = linear(in_money=True)
_count = linear()


def cap(r: Reading, at: Path, value: object) -> Cap:
    """One row of the cap table."""
    row = table(r, at, value, CAP_KEYS)
    as_written, whose, span = row["per"] or ("", (), None)
    by = isinstance(value, dict) and "by" in value
    found = _columns(r, at, row) if by else _single(r, at, row)
    if row["never"] is not None and row["most"] is None and (row["count"] is None or row["least"] is not None):
        r.note((*at, "never"), "goes_with", key="never", other="most")
    return Cap(
        items=row["item"] or (),
        per=as_written,
        limits=_limits(found),
        by=row["by"],
        columns=found,
        breach=row["breach"],
        when=row["when"],
        count_over=span,
        count_by=whose,
    )


def _readers(row: Mapping[str, Any]) -> dict[str, Reader[Any]]:
    limit = _limit(row["item"] or ())
    only_counts = row["count"] is not None and row["most"] is None and row["least"] is None
    return {
        "id": identifier,
        "most": limit,
        "least": limit,
        "count": whole(0),
        "text": name,
        "never": _count if only_counts else limit,
    }


def _single(r: Reading, at: Path, row: Mapping[str, Any]) -> dict[str | None, CapColumn]:
    """The one column of a row without `by`."""
    given = {}
    for key, reader in _readers(row).items():
        if key != "text" and isinstance(row[key], dict) and not row[key].keys() & _SHAPES[key]:
            r.note((*at, key), "columns_without_by")
        elif row[key] is not None:
            given[key] = attempt(r, (*at, key), reader, row[key])
    return {None: CapColumn(**given)}


def _columns(r: Reading, at: Path, row: Mapping[str, Any]) -> dict[str | None, CapColumn]:
    """The columns of a row by an axis; a value that is no table of columns is for each of them."""
    if row["by"] is None:  # it was wrong, and is noted
        return {}
    cells: dict[str | None, dict[str, Any]] = {}
    shared: dict[str, Any] = {}
    for key, reader in _readers(row).items():
        raw = row[key]
        if _is_columns(r, row["by"], key, raw):
            for column, cell in _cells(r, (*at, key), row["by"], reader, raw):
                cells.setdefault(column, {})[key] = cell
        elif raw is not None:
            shared[key] = attempt(r, (*at, key), reader, raw)
    if shared.keys() - {"id"}:
        for one in ids_of(r, row["by"]) or ():
            cells.setdefault(one, {})
    return {column: CapColumn(**{**shared, **cell}) for column, cell in cells.items()}


def _is_columns(r: Reading, by: str, key: str, raw: object) -> bool:
    """Whether a value is a table of columns, not one limit or text for all of them."""
    if not isinstance(raw, dict) or not raw:
        return False
    ids = ids_of(r, by) or ()
    return not raw.keys() <= _SHAPES[key] or any(column in ids for column in raw)


def _cells(r: Reading, at: Path, by: str, reader: Reader[Any], raw: dict[str, object]) -> list[tuple[str, Any]]:
    """Each column with its value, in the axis's order; a column may be a range over the axis's list."""
    ids = axis_ids(by)
    found: dict[str, Any] = {}
    for column, value in raw.items():
        here = (*at, column)
        cell = attempt(r, here, reader, value)
        for one in attempt(r, here, ids, column, frozenset()):
            if one in found:
                r.note(here, "duplicate", value=one)
            found[one] = cell
    order = ids_of(r, by) or tuple(found)
    return sorted(found.items(), key=lambda pair: order.index(pair[0]))


def _limit(of: tuple[str, ...]) -> Reader[Linear | str]:
    """A reader of money, or of a grade of the list named like the one item."""

    def read(r: Reading, at: Path, value: object) -> Linear | str:
        if not isinstance(value, str):
            return _money(r, at, value)
        if len(of) != 1:
            refuse_quoted(value)
            raise Wrong("grade_of_many", value=shown(value))
        if value not in r.lists.get(of[0], ()):
            refuse_quoted(value)
        return known(value, r.lists.get(of[0], ()), f"[list] {of[0]}")

    return read


def _limits(found: Mapping[str | None, CapColumn]) -> frozenset[LimitKind]:
    """The kinds of limit a row closes; all where it has neither figure nor text."""
    kinds: set[LimitKind] = set()
    for column in found.values():
        if column.text is not None:
            kinds.add("text")
        if column.count is not None:
            kinds.add("count")
        figures = [column.most, column.least, None if column.count is not None else column.never]
        kinds |= {"grade" if isinstance(figure, str) else "money" for figure in figures if figure is not None}
    return frozenset(kinds or LIMITS)
