"""What every table has, and the database they stand in."""

from __future__ import annotations

from peewee import SQL, AutoField, DatabaseProxy, Model, Node

database = DatabaseProxy()
"""Bound to the open store by `models.schema.store`."""
_DEFAULTS: list[list[Node]] = [[SQL(f"DEFAULT {value}")] for value in ("''", "'[]'", "0")]
EMPTY, NONE, ZERO = _DEFAULTS
"""What a column added to a table later holds in the rows that were there."""


class Table(Model):
    # An id is never used again, so that what the journal says of a deleted draft stays true of nothing else.
    id = AutoField(constraints=[SQL("AUTOINCREMENT")])

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True
