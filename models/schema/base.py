"""What every table has, and the database they stand in."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

from peewee import SQL, AutoField, Context, DatabaseProxy, Model, ModelSelect, Node

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
