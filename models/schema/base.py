"""What every table has, and the database they stand in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import peewee
from peewee import SQL, AutoField, Context, DatabaseError, DatabaseProxy, Model, ModelSelect, Node, TextField

from models.errors import Refused
from models.words import Phrase, clean, clean_lines

database = DatabaseProxy()
"""Bound to the open store by `models.schema.store`."""
_DEFAULTS: list[list[Node]] = [[SQL(f"DEFAULT {value}")] for value in ("''", "'[]'", "0")]
EMPTY, NONE, ZERO = _DEFAULTS
"""What a column added to a table later holds in the rows that were there."""


class Rows(ModelSelect):
    """A query for whole rows. Their columns are written as peewee would, but once for all queries: spelling them out
    each time is most of what a query costs."""

    _is_default: bool

    def __sql_selection__(self, ctx: Context, is_subquery: bool = False) -> Context:
        if is_subquery or not self._is_default:
            written: Context = super().__sql_selection__(ctx, is_subquery)
        else:
            written = ctx.literal(_columns(self.model, ctx.alias_manager[self.model._meta.table]))
        return written


@cache
def _columns(model: type[Model], alias: str) -> str:
    return ", ".join([f'"{alias}"."{field.column_name}"' for field in model._meta.sorted_fields])


if TYPE_CHECKING:  # which value a field has the stubs tell by its own class alone
    Text, Json, OneOf = TextField, peewee.JSONField, TextField
    DateField, DateTimeField, Quantity = peewee.DateField, peewee.DateTimeField, peewee.DecimalField
else:

    class _Whole:
        """A field whose stored text must mean something: where a bit of it was lost the store is damaged."""

        def python_value(self, value: object) -> Any:
            try:
                found = super().python_value(value)
            except ValueError:
                found = value
            if found is value and value is not None:
                raise DatabaseError(f"malformed value: {value!r}")
            return found

    class DateField(_Whole, peewee.DateField):
        """A day."""

    class DateTimeField(_Whole, peewee.DateTimeField):
        """A moment, naive."""

    class Text(TextField):
        """Text as `clean_lines` leaves it, whoever stores it: what limits it has is for the verbs to say."""

        def db_value(self, value: Any) -> Any:
            return clean_lines(value) if isinstance(value, str) else value

    class Json(_Whole, peewee.JSONField):
        """Plain values of which every text is clean."""

        def db_value(self, value: Any) -> Any:
            return super().db_value(value if isinstance(value, Node) else cleaned(value))

    class Quantity(TextField):
        """How many of a unit there are, a Decimal; kept as text, so that it stays as exact as it was typed."""

        def db_value(self, value: Any) -> Any:
            return f"{value:f}" if isinstance(value, Decimal) else value

        def python_value(self, value: Any) -> Any:
            try:
                found = None if value is None else Decimal(value)
            except InvalidOperation:
                found = Decimal("nan")
            if found is not None and not found.is_finite():
                raise DatabaseError(f"malformed value: {value!r}")
            return found

    class OneOf(TextField):
        """One of a closed set of words of the program's own; Refused (`not_one_of`) for any other."""

        def __init__(self, *allowed: str, **options: Any) -> None:
            super().__init__(**options)
            self.allowed = allowed

        def db_value(self, value: Any) -> Any:
            if isinstance(value, str) and value not in self.allowed:
                known = ", ".join([each for each in self.allowed if each])
                raise Refused("not_one_of", field=Phrase("fields.any"), value=clean(value), allowed=known)
            return value


def allowed(field: Any) -> tuple[str, ...]:
    """The words that a column of `OneOf` may have."""
    return tuple(field.allowed)


def cleaned(value: Any) -> Any:
    """A plain value with every text in it clean."""
    if isinstance(value, str):
        return clean_lines(value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    return [cleaned(each) for each in value] if isinstance(value, (list, tuple, set, frozenset)) else value


class Table(Model):
    """What all tables of the store are made of."""

    # An id is never used again, so that what the journal says of a deleted draft stays true of nothing else.
    id = AutoField(constraints=[SQL("AUTOINCREMENT")])

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True

    @classmethod
    def select(cls, *fields: Any) -> ModelSelect[Self]:
        """Rows of this table; whole ones where no `fields` are named."""
        if fields:
            return super().select(*fields)
        whole: ModelSelect[Any] = Rows(cls, cls._meta.sorted_fields, is_default=True)
        return whole
