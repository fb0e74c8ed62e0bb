"""The first version of the store: a frozen copy of the tables, and the triggers that keep the journal."""

from __future__ import annotations

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


class Table(Model):
    id = AutoField(constraints=[SQL("AUTOINCREMENT")])

    class Meta:
        legacy_table_names = False


class PolicyVersion(Table):
    sha256 = CharField(64, unique=True)
    text = TextField()
    effective = DateField()


class Person(Table):
    name = TextField()
    pinyin = TextField(default="", index=True)
    initials = TextField(default="")
    phone = TextField(default="")
    active = BooleanField(default=True)
    version = IntegerField(default=1)


class Holding(Table):
    person = ForeignKeyField(Person, backref="holdings", on_delete="RESTRICT")
    post = TextField(index=True)
    since = DateField()
    until = DateField(null=True)


class Client(Table):
    name = TextField(unique=True)
    pinyin = TextField(default="", index=True)
    initials = TextField(default="")
    notes = TextField(default="")
    version = IntegerField(default=1)


class Visit(Table):
    number = TextField(null=True, unique=True)
    state = TextField(default="draft")
    version = IntegerField(default=1)
    policy = ForeignKeyField(PolicyVersion, null=True, on_delete="RESTRICT")
    kind = TextField(null=True)
    proposed_tier = TextField(null=True)
    tier = TextField(null=True)
    client = ForeignKeyField(Client, null=True, on_delete="RESTRICT")
    client_name = TextField(default="")
    applicant = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    owner = TextField(null=True)
    coordinator = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    reason = TextField(default="")
    headcount = IntegerField(null=True)
    arrive = DateTimeField(null=True)
    depart = DateTimeField(null=True)
    submitted_at = DateTimeField(null=True)
    purposes = JSONField(default=list)
    purpose_text = TextField(default="")
    services = JSONField(default=list)
    services_text = TextField(default="")
    wants = JSONField(default=list)
    dining = BooleanField(default=False)
    lodging = BooleanField(default=False)
    other = BooleanField(default=False)
    other_text = TextField(default="")
    other_from = DateTimeField(null=True)
    other_until = DateTimeField(null=True)
    arrangements = TextField(default="")
    city = TextField(null=True)
    area = TextField(null=True)
    department = TextField(null=True)
    scores = JSONField(default=dict)
    documents = JSONField(default=list)
    fields = JSONField(default=dict)
    reasons = JSONField(default=dict)
    raw = JSONField(default=dict)
    late = BooleanField(default=False)
    before = JSONField(null=True)
    round = IntegerField(default=0)
    total = IntegerField(default=0)
    changed_utc = DateTimeField()

    class Meta:
        indexes = ((("state", "arrive"), False), (("arrive", "depart"), False))


class VisitPerson(Table):
    visit = ForeignKeyField(Visit, backref="people", on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    role = TextField()
    position = IntegerField(default=0)


class Guest(Table):
    visit = ForeignKeyField(Visit, backref="guests", on_delete="CASCADE")
    position = IntegerField()
    name = TextField(default="")
    post = TextField(default="")
    address = TextField(default="")
    phone = TextField(default="")
    principal = BooleanField(default=False)
    rank = TextField(null=True)
    counts = BooleanField(default=True)


class Leg(Table):
    visit = ForeignKeyField(Visit, backref="legs", on_delete="CASCADE")
    way = TextField()
    mode = TextField(default="")
    number = TextField(default="")
    place = TextField(default="")
    planned = DateTimeField(null=True)
    expected = DateTimeField(null=True)
    plates = TextField(default="")
    state = TextField(default="planned")


class Meal(Table):
    visit = ForeignKeyField(Visit, backref="meals", on_delete="CASCADE")
    position = IntegerField()
    on = DateField(column_name="on_day")
    meal = TextField(null=True)
    venue = TextField(null=True)
    place = TextField(default="")
    guests = IntegerField()
    companions = IntegerField(default=0)
    companion_posts = JSONField(default=list)
    price = IntegerField(null=True)
    bottles = IntegerField(default=0)
    bottle_price = IntegerField(null=True)
    packs = IntegerField(default=0)
    pack_price = IntegerField(null=True)
    city = TextField(null=True)
    note = TextField(default="")


class Lodging(Table):
    visit = ForeignKeyField(Visit, backref="rooms", on_delete="CASCADE")
    position = IntegerField()
    on = DateField(column_name="on_day")
    people = IntegerField()
    nights = IntegerField(default=1)
    grade = TextField(null=True)
    price = IntegerField(null=True)
    place = TextField(default="")
    city = TextField(null=True)
    payer = TextField(default="company")


class Step(Table):
    visit = ForeignKeyField(Visit, backref="steps", on_delete="CASCADE")
    round = IntegerField()
    position = IntegerField()
    posts = JSONField(default=list)
    what = TextField()
    also = JSONField(default=list)
    why = TextField(null=True)
    state = TextField(default="waiting")
    since_utc = DateTimeField(null=True)
    urged_utc = DateTimeField(null=True)


class Decision(Table):
    visit = ForeignKeyField(Visit, backref="decisions", on_delete="CASCADE")
    step = ForeignKeyField(Step, on_delete="CASCADE")
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    person_name = TextField(default="")
    post = TextField()
    outcome = TextField()
    tier = TextField(null=True)
    words = TextField(default="")
    at = DateTimeField()
    recorded_by = ForeignKeyField(Person, null=True, backref="recorded", on_delete="RESTRICT")
    medium = TextField(default="")
    confirmed_utc = DateTimeField(null=True)


class Stage(Table):
    visit = ForeignKeyField(Visit, backref="stages", on_delete="CASCADE")
    position = IntegerField()
    stage = TextField()
    state = TextField(default="planned")
    at = DateTimeField(null=True)
    place = TextField(default="")
    people = TextField(default="")
    started = DateTimeField(null=True)
    ended = DateTimeField(null=True)


class Task(Table):
    visit = ForeignKeyField(Visit, backref="tasks", on_delete="CASCADE")
    position = IntegerField()
    duty = TextField()
    party = TextField()
    stage = TextField(null=True)
    text = JSONField(default=dict)
    parts = JSONField(default=list)
    due = DateTimeField(null=True)
    after = JSONField(default=list)
    may_drop = BooleanField(default=False)
    needs_assignee = BooleanField(default=False)
    assignee = ForeignKeyField(Person, null=True, backref="tasks", on_delete="RESTRICT")
    state = TextField(default="open")
    done_by = ForeignKeyField(Person, null=True, backref="ticked", on_delete="RESTRICT")
    done_at = DateTimeField(null=True)
    dropped_for = TextField(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("party", "state", "due"), False),)


class Expense(Table):
    visit = ForeignKeyField(Visit, backref="expenses", on_delete="CASCADE")
    position = IntegerField()
    line = TextField(null=True)
    item = TextField()
    label = TextField(default="")
    on = DateField(column_name="on_day", null=True)
    per = TextField(default="")
    quantity = TextField(default="1")
    cap = IntegerField(null=True)
    planned = IntegerField(null=True)
    planned_over = IntegerField(default=0)
    actual_quantity = TextField(null=True)
    actual = IntegerField(null=True)
    actual_over = IntegerField(default=0)
    payer = TextField(default="company")
    rule = TextField(null=True)
    reason = TextField(default="")
    decided_by = TextField(default="")
    receipt = TextField(default="")
    version = IntegerField(default=1)


class Cost(Table):
    visit = ForeignKeyField(Visit, backref="costs", on_delete="CASCADE")
    position = IntegerField()
    item = TextField()
    quantity = TextField(default="1")
    unit = TextField(default="")
    price = IntegerField(null=True)
    on = DateField(column_name="on_day", null=True)
    grade = TextField(null=True)
    to = TextField(column_name="to_whom", default="")
    city = TextField(null=True)


class Note(Table):
    visit = ForeignKeyField(Visit, backref="notes", on_delete="CASCADE")
    at = DateTimeField()
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    text = TextField()


class Journal(Table):
    at_utc = DateTimeField()
    verb = TextField()
    visit = IntegerField(null=True, index=True)
    actor = IntegerField(null=True)
    actor_name = TextField(default="")
    for_person = IntegerField(null=True)
    login = TextField(default="")
    client = TextField(default="")
    digest = CharField(64)
    previous = CharField(64)
    hash = CharField(64, unique=True)


class JournalDetail(Table):
    entry = ForeignKeyField(Journal, unique=True, on_delete="RESTRICT")
    salt = CharField(32)
    details = TextField()


TABLES = (
    PolicyVersion, Person, Holding, Client, Visit, VisitPerson, Guest, Leg, Meal, Lodging, Cost, Step, Decision,
    Stage, Task, Expense, Note, Journal, JournalDetail,
)  # fmt: skip

# Details may be deleted, by a privacy sweep; nothing else of the journal may ever change.
FORBIDDEN = (
    ("journal_no_update", "UPDATE ON journal", ""),
    ("journal_no_delete", "DELETE ON journal", ""),
    ("journal_no_replace", "INSERT ON journal", "WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)"),
    ("journal_detail_no_update", "UPDATE ON journal_detail", ""),
    (
        "journal_detail_no_replace",
        "INSERT ON journal_detail",
        "WHEN EXISTS (SELECT 1 FROM journal_detail WHERE id = NEW.id OR entry_id = NEW.entry_id)",
    ),
)


def up(migrator: Any, db: Any) -> None:
    """Create everything."""
    with db.bind_ctx(TABLES, bind_refs=False, bind_backrefs=False):
        db.create_tables(TABLES, safe=False)
    for name, event, condition in FORBIDDEN:
        db.execute_sql(
            f"CREATE TRIGGER {name} BEFORE {event} {condition}"
            " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
