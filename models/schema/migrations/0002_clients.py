"""What is known of clients: likes, diet and points to raise, and their people as their visits named them."""

from __future__ import annotations

from typing import Any

from peewee import SQL, AutoField, ForeignKeyField, IntegerField, JSONField, Model, TextField


class Table(Model):
    id = AutoField(constraints=[SQL("AUTOINCREMENT")])

    class Meta:
        legacy_table_names = False


class Client(Table):
    name = TextField(unique=True)


class ClientPerson(Table):
    client = ForeignKeyField(Client, on_delete="CASCADE")
    name = TextField()
    pinyin = TextField(default="")
    initials = TextField(default="")
    post = TextField(default="")
    address = TextField(default="")
    phone = TextField(default="")
    likes = TextField(default="")
    diet = TextField(default="")
    edited = JSONField(default=list)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("client", "name"), True),)


KNOWN = """
    INSERT OR IGNORE INTO client_person
        (client_id, name, pinyin, initials, post, address, phone, likes, diet, edited, version)
    SELECT visit.client_id, guest.name, '', '', guest.post, guest.address, guest.phone, '', '', '[]', 1
    FROM guest JOIN visit ON visit.id = guest.visit_id
    WHERE visit.client_id IS NOT NULL AND visit.number IS NOT NULL AND guest.name <> ''
    ORDER BY visit.arrive DESC, guest.position
"""
"""The guests of all visits so far, as the latest visit named them."""


def up(migrator: Any, db: Any) -> None:
    """Add the columns and the table, and fill it."""
    for column in ("likes", "diet", "points"):
        db.execute_sql(f"ALTER TABLE client ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    with db.bind_ctx((Client, ClientPerson), bind_refs=False, bind_backrefs=False):
        db.create_tables((ClientPerson,), safe=False)
    db.execute_sql(KNOWN)
