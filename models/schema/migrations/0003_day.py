"""The day itself: groups of guests, diets, cars, rooms and people held, who is to be told, texts to set out."""

from __future__ import annotations

from typing import Any

from peewee import SQL, AutoField, BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField

from peewee import Model, TextField  # isort: skip


class Table(Model):
    id = AutoField(constraints=[SQL("AUTOINCREMENT")])

    class Meta:
        legacy_table_names = False


class Visit(Table):
    pass


class Person(Table):
    pass


class Leg(Table):
    pass


class VisitDay(Table):
    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    day = DateField()

    class Meta:
        indexes = ((("day", "visit"), True),)


class Resource(Table):
    kind = TextField(index=True)
    name = TextField()
    pinyin = TextField(default="")
    initials = TextField(default="")
    model = TextField(default="")
    grade = TextField(null=True)
    seats = IntegerField(null=True)
    driver = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    phone = TextField(default="")
    address = TextField(default="")
    equipment = JSONField(default=list)
    price = IntegerField(null=True)
    note = TextField(default="")
    active = BooleanField(default=True)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("kind", "name"), True),)


class Booking(Table):
    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    resource = ForeignKeyField(Resource, null=True, on_delete="RESTRICT")
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    leg = ForeignKeyField(Leg, null=True, on_delete="SET NULL")
    stage = TextField(null=True)
    starts = DateTimeField()
    ends = DateTimeField()
    people = IntegerField(null=True)
    guests = JSONField(default=list)
    driver = ForeignKeyField(Person, null=True, backref="drives_on", on_delete="RESTRICT")
    note = TextField(default="")
    reasons = JSONField(default=dict)
    version = IntegerField(default=1)


class BookingDay(Table):
    booking = ForeignKeyField(Booking, on_delete="CASCADE")
    day = DateField()

    class Meta:
        indexes = ((("day", "booking"), True),)


class ToTell(Table):
    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    role = TextField()
    party = TextField(default="")
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    name = TextField(default="")
    phone = TextField(default="")
    what = JSONField(default=list)
    made_at = DateTimeField()
    told_at = DateTimeField(null=True)
    told_by = ForeignKeyField(Person, null=True, backref="told", on_delete="RESTRICT")
    version = IntegerField(default=1)


class Display(Table):
    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    what = TextField()
    zh = TextField(default="")
    en = TextField(default="")
    edited = BooleanField(default=False)
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("visit", "what"), True),)


TABLES = (VisitDay, Resource, Booking, BookingDay, ToTell, Display)

TEXT, LIST, DATE = "TEXT NOT NULL DEFAULT ''", "TEXT NOT NULL DEFAULT '[]'", "DATETIME"
NUMBER, FLAG = "INTEGER NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0"
PERSON = "INTEGER REFERENCES person (id) ON DELETE RESTRICT"
COLUMNS = {
    "leg": {
        "position": NUMBER, "guests": LIST, "people": "INTEGER", "terminal": TEXT, "phone": TEXT, "meeter_id": PERSON,
        "ticket": TEXT, "ticketed_at": DATE,
    },
    "meal": {"at": DATE, "diners": LIST, "diet": TEXT},
    "lodging": {"guests": LIST, "checked_in": DATE},
    "cost": {"what": TEXT, "at": DATE, "place": TEXT, "decided_by": TEXT, "done_at": DATE, "done_by_id": PERSON},
    "guest": {"diet": TEXT},
    "note": {"promise": FLAG, "kept_at": DATE},
    "expense": {"signatures": LIST},
}  # fmt: skip

DAYS = """
    WITH RECURSIVE days (visit_id, day, last) AS (
        SELECT id, date(arrive), date(coalesce(depart, arrive)) FROM visit WHERE arrive IS NOT NULL
        UNION ALL
        SELECT visit_id, date(day, '+1 day'), last FROM days WHERE day < last
    )
    INSERT INTO visit_day (visit_id, day) SELECT visit_id, day FROM days
"""
"""Each day of every visit so far."""

LEGS = """
    INSERT INTO leg (visit_id, way, mode, number, place, plates, state)
    SELECT visit.id, ways.way, '', '', '', '', 'planned' FROM visit
    JOIN (SELECT 'arrival' AS way UNION SELECT 'departure') AS ways
    WHERE NOT EXISTS (SELECT 1 FROM leg WHERE leg.visit_id = visit.id AND leg.way = ways.way)
"""
"""How the guests come and go, of visits whose form did not say."""


def up(migrator: Any, db: Any) -> None:
    """Add the columns and the tables, and say of every visit on which days it is."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}')
            if kind == PERSON:
                db.execute_sql(f'CREATE INDEX "{table}_{name}" ON "{table}" ("{name}")')
    db.execute_sql('CREATE UNIQUE INDEX "leg_visit_id_way_position" ON "leg" ("visit_id", "way", "position")')
    with db.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES, safe=False)
    db.execute_sql(DAYS)
    db.execute_sql(LEGS)
