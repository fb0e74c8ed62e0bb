"""Rows of the form as texts to edit and back: one `Spec` for guests, meals, lodging and costs each.

A cell that cannot be read stays as typed in the form's `raw` under `<table>.<row>.<column>`; meanwhile the row has
the column's `blank` in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from models.form import Form
from models.words import Unreadable
from screens.kit.linelist import Holds

R = TypeVar("R")
Texts = dict[str, str]


def put(form: Form, values: dict[str, Any]) -> Form:
    """The form with other values in some fields, whose names are known only here and now."""
    return replace(form, **values)


def as_typed(text: str) -> str:
    """Any text will do."""
    return text


@dataclass(frozen=True)
class Column:
    """A column to edit: `options` are keys and names of a choice; a mark holds "x" or "".

    `read` gives the text as it is kept, or raises Unreadable; `show` says a kept text in the table; `blank` is what
    an empty cell becomes; `more` puts the column on a second line of its row, with its title beside it; `data` is
    shown whole where there is room for it, as all that is read is; `offers` are what is often typed there, shown below.
    """

    key: str
    title: str
    width: int
    kind: Literal["text", "choice", "mark"] = "text"
    options: tuple[tuple[str, str], ...] = ()
    read: Callable[[str], str] = as_typed
    show: Callable[[str], str] = as_typed
    blank: str = ""
    more: bool = False
    data: bool = False
    most: int = 200
    offers: tuple[str, ...] = ()

    @property
    def holds(self) -> Holds:
        """What is never cut where there is room for it: data; other texts may be shortened."""
        return "data" if self.data or self.whole else "text"

    @property
    def whole(self) -> bool:
        """Whether its text is typed anew rather than added to: a day, a number, an amount."""
        return self.kind == "text" and self.read is not as_typed

    def name(self, key: str) -> str:
        """What the option of that key is called."""
        return next((name for each, name in self.options if each == key), key)


@dataclass(frozen=True)
class Spec(Generic[R]):
    """A table of the form: its field, columns, how a row becomes texts and texts (all readable) a row.

    `new` gives the texts of a row added after the present ones; `empty` tells a row that is not kept. `pasted` gives
    the rows that a pasted text lists, none where it is no list; `table`: it must have several cells in a line.
    `hidden`: texts of a row that no column shows.
    """

    id: str
    columns: tuple[Column, ...]
    texts: Callable[[R], Texts]
    build: Callable[[Texts], R]
    new: Callable[[Sequence[Texts]], Texts]
    empty: Callable[[R], bool] = lambda row: False
    pasted: Callable[[str, bool], Sequence[Texts]] = lambda text, table: ()
    hidden: tuple[str, ...] = ()


def texts_of(spec: Spec[R], rows: Iterable[R], raw: Mapping[str, str]) -> list[Texts]:
    """The rows as texts to edit, with what could not be read as it was typed."""
    return [
        {key: raw.get(f"{spec.id}.{at}.{key}", text) for key, text in spec.texts(row).items()}
        for at, row in enumerate(rows)
    ]


def rows_of(spec: Spec[R], texts: Iterable[Texts]) -> tuple[tuple[R, ...], dict[str, str]]:
    """The rows that the texts mean, and what cannot be read, by its key in `raw`."""
    rows: list[R] = []
    raw: dict[str, str] = {}
    for each in texts:
        kept: Texts = {key: each[key] for key in spec.hidden if key in each}
        unread: Texts = {}
        for column in spec.columns:
            typed = each.get(column.key, "")
            kept[column.key], wrong = settle(column, typed)
            if wrong is not None:
                unread[f"{spec.id}.{len(rows)}.{column.key}"] = typed
        row = spec.build(kept)
        if not spec.empty(row):
            rows.append(row)
            raw |= unread
    return tuple(rows), raw


def settle(column: Column, typed: str) -> tuple[str, Unreadable | None]:
    """A cell's text as it is kept, and what is wrong with it; the blank where it is empty or cannot be read."""
    text = typed.strip()
    if not text:
        return column.blank, None
    if column.kind != "text":
        return text, None
    try:
        return column.read(text), None
    except Unreadable as wrong:
        return column.blank, wrong
