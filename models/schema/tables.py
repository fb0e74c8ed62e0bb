"""What is stored: the peewee tables of people, clients and visits; `schema.arrangements` has those of the day.

Of a name `key` is what the ways of writing it have in common (`words.alike`), `pinyin` and `initials` its spelling
(`words.pinyin`), empty until it is known.

Money is integer minor units. Schedule times are naive local wall clock of the organisation; `…_utc` columns and
the journal hold UTC. Ids of the policy (tier, post, stage, item …) are stored as text. Rows never leave
`schema`, `services` and `queries`.
"""

from __future__ import annotations

from decimal import Decimal

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from models.schema.base import EMPTY, NONE, ZERO, DateField, DateTimeField, Json, OneOf, Quantity, Table, Text


class PolicyVersion(Table):
    """The exact text of each policy version that a visit used or that was in force."""

    sha256 = CharField(64, unique=True)
    text = TextField()
    effective = DateField()


class Person(Table):
    """Who works here; never deleted, switched off instead. `login`: their name on the machine of an office, nobody
    else's; `language`: zh or en, empty while they did not choose."""

    name = Text()
    pinyin = Text(default="", index=True)
    initials = Text(default="")
    phone = Text(default="")
    active = BooleanField(default=True)
    version = IntegerField(default=1)
    login = Text(default="", constraints=EMPTY)
    language = OneOf("", "zh", "en", default="", constraints=EMPTY)


Person.add_index(Person.login, unique=True, where=Person.login != "")


class PersonKey(Table):
    """The SSH key by which a person is known in an office. `line`: its public half, type and base64; `label`: what
    they call it. One that was switched off stays so."""

    person = ForeignKeyField(Person, backref="keys", on_delete="RESTRICT")
    person_id: int
    fingerprint = CharField(64, unique=True)
    line = Text()
    label = Text(default="")
    added_utc = DateTimeField()
    off_utc = DateTimeField(null=True)


class Holding(Table):
    """Who held which post from when until when (`until` is the last day, null: still)."""

    person = ForeignKeyField(Person, backref="holdings", on_delete="RESTRICT")
    person_id: int
    post = Text(index=True)
    since = DateField()
    until = DateField(null=True)


class Client(Table):
    """An organisation whose people visit; `points` are those to raise at the next visit."""

    name = Text()
    pinyin = Text(default="", index=True)
    initials = Text(default="")
    notes = Text(default="")
    version = IntegerField(default=1)
    likes = Text(default="", constraints=EMPTY)
    diet = Text(default="", constraints=EMPTY)
    points = Text(default="", constraints=EMPTY)
    key = Text(default="", unique=True, constraints=EMPTY)


class ClientPerson(Table):
    """Somebody of a client, as their latest visit named them; what was `edited` by hand (names of columns) stays."""

    client = ForeignKeyField(Client, backref="people", on_delete="CASCADE")
    client_id: int
    name = Text()
    pinyin = Text(default="")
    initials = Text(default="")
    post = Text(default="")
    address = Text(default="")
    phone = Text(default="")
    likes = Text(default="")
    diet = Text(default="")
    edited = Json(default=list)
    version = IntegerField(default=1)
    key = Text(default="", constraints=EMPTY)

    class Meta:
        indexes = ((("client", "key"), True),)


class Visit(Table):
    """One reception from draft to closed, with every field of the form (R99 to R112).

    `proposed_tier` is the form's, `tier` the one corrected or confirmed by a decision (A3). `version` grows with every
    change. `before`: the form that was approved, while a change of substance to it is being decided.
    `arrive`, `depart` are the form's; `comes`, `goes` when the visit begins and ends as it is known now, written by
    `whereabouts.note_times` alone and read by whatever asks for the time of a visit.
    """

    number = Text(null=True, unique=True)
    state = OneOf(
        "draft", "submitted", "returned", "refused", "approved", "under_way", "done", "closed", "cancelled", "no_show",
        default="draft",
    )  # fmt: skip
    version = IntegerField(default=1)
    policy = ForeignKeyField(PolicyVersion, null=True, on_delete="RESTRICT")
    kind = Text(null=True)
    proposed_tier = Text(null=True)
    tier = Text(null=True)
    client = ForeignKeyField(Client, null=True, on_delete="RESTRICT")
    client_name = Text(default="")
    applicant = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    owner = Text(null=True)
    coordinator = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    policy_id: int | None
    client_id: int | None
    applicant_id: int | None
    coordinator_id: int | None
    reason = Text(default="")
    headcount = IntegerField(null=True)
    arrive = DateTimeField(null=True)
    depart = DateTimeField(null=True)
    submitted_at = DateTimeField(null=True)
    purposes = Json(default=list)
    purpose_text = Text(default="")
    services = Json(default=list)
    services_text = Text(default="")
    wants = Json(default=list)
    dining = BooleanField(default=False)
    lodging = BooleanField(default=False)
    other = BooleanField(default=False)
    other_text = Text(default="")
    other_from = DateTimeField(null=True)
    other_until = DateTimeField(null=True)
    arrangements = Text(default="")
    city = Text(null=True)
    area = Text(null=True)
    department = Text(null=True)
    scores = Json(default=dict)
    documents = Json(default=list)
    fields = Json(default=dict)
    reasons = Json(default=dict)
    raw = Json(default=dict)
    late = BooleanField(default=False)
    before = Json(null=True)
    round = IntegerField(default=0)
    total = IntegerField(default=0)
    changed_utc = DateTimeField()
    comes = DateTimeField(null=True)
    goes = DateTimeField(null=True)

    class Meta:
        indexes = ((("state", "comes"), False), (("comes", "goes"), False))


class VisitPerson(Table):
    """A colleague's part in a visit; `role`: host, companion (R24), diner (R107), or a post named per visit (A24)."""

    visit = ForeignKeyField(Visit, backref="people", on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="RESTRICT")
    visit_id: int
    person_id: int
    role = Text()
    position = IntegerField(default=0)


class Guest(Table):
    """A guest; `address` is how to address them, `diet` what they may not eat. Headcount may exceed the list (A19)."""

    visit = ForeignKeyField(Visit, backref="guests", on_delete="CASCADE")
    position = IntegerField()
    name = Text(default="")
    post = Text(default="")
    address = Text(default="")
    phone = Text(default="")
    principal = BooleanField(default=False)
    rank = Text(null=True)
    counts = BooleanField(default=True)
    diet = Text(default="", constraints=EMPTY)


class Step(Table):
    """One stop of a visit's route. `round` counts submissions and questions about a change, only the visit's is live.

    `posts`: any one of them. `also`: what a merged step does besides (A5).
    """

    visit = ForeignKeyField(Visit, backref="steps", on_delete="CASCADE")
    visit_id: int
    round = IntegerField()
    position = IntegerField()
    posts = Json(default=list)
    what = OneOf("opinion", "decide", "sign", "report")
    also = Json(default=list)
    why = Text(null=True)
    state = OneOf("waiting", "current", "done", default="waiting")
    since_utc = DateTimeField(null=True)
    urged_utc = DateTimeField(null=True)


class StandIn(Table):
    """That somebody (`for_person`) is away, or that `person` acts for them, from when until when, both days included.

    `posts`: in which of their posts, none for all. `tier`: up to which tier of the policy, null for any. `away`:
    whether they are; where `person` is null nobody stands in. `step`: it is for one request at that step alone, handed
    on for a `reason`; it has no last day. Kept when it has ended.
    """

    for_person = ForeignKeyField(Person, backref="stand_ins", on_delete="RESTRICT")
    for_person_id: int
    person = ForeignKeyField(Person, null=True, backref="stands_in", on_delete="RESTRICT")
    person_id: int | None
    posts = Json(default=list)
    since = DateField()
    until = DateField(null=True)
    tier = Text(null=True)
    away = BooleanField(default=False)
    step = ForeignKeyField(Step, null=True, on_delete="CASCADE")
    step_id: int | None
    reason = Text(default="")
    made_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    made_by_id: int | None
    ended_utc = DateTimeField(null=True)


class Decision(Table):
    """What was said at a step (R18, R19, R112); kept over re-submissions.

    `outcome`: pass_on where the tier was raised above own authority (A3). `post`: in which the person acted.
    `for_person`: for whom they did, standing in. A decision given by phone or on paper has `recorded_by` and `medium`,
    and is flagged until `confirmed_utc`; `objection` are the words of whoever says that it is not theirs. `before`: the
    request as it was, where agreeing changed it.
    """

    visit = ForeignKeyField(Visit, backref="decisions", on_delete="CASCADE")
    step = ForeignKeyField(Step, on_delete="CASCADE")
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    person_name = Text(default="")
    post = Text()
    outcome = OneOf("agree", "pass_on", "return", "refuse", "taken_back")
    tier = Text(null=True)
    words = Text(default="")
    at = DateTimeField()
    recorded_by = ForeignKeyField(Person, null=True, backref="recorded", on_delete="RESTRICT")
    medium = Text(default="")
    visit_id: int
    step_id: int
    person_id: int | None
    recorded_by_id: int | None
    confirmed_utc = DateTimeField(null=True)
    for_person = ForeignKeyField(Person, null=True, backref="represented", on_delete="RESTRICT")
    for_person_id: int | None
    before = Json(null=True)
    objection = Text(default="", constraints=EMPTY)


class Stage(Table):
    """One of the ordered parts of a visit (R26 to R35).

    `meal`: whose stage it is, of a stage that there is for each meal (A36). `by_hand`: somebody said when it is.
    """

    visit = ForeignKeyField(Visit, backref="stages", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    stage = Text()
    state = OneOf("not_applicable", "planned", "under_way", "done", default="planned")
    at = DateTimeField(null=True)
    place = Text(default="")
    people = Text(default="")
    started = DateTimeField(null=True)
    ended = DateTimeField(null=True)
    meal = IntegerField(null=True)
    by_hand = BooleanField(default=False, constraints=ZERO)


class Task(Table):
    """A duty of the policy on one visit; one no longer asked for is `gone`.

    `parts`: list of {text, done, dropped, may_drop}, text a mapping language → words.
    """

    visit = ForeignKeyField(Visit, backref="tasks", on_delete="CASCADE")
    position = IntegerField()
    duty = Text()
    party = Text()
    stage = Text(null=True)
    text = Json(default=dict)
    parts = Json(default=list)
    due = DateTimeField(null=True)
    after = Json(default=list)
    may_drop = BooleanField(default=False)
    needs_assignee = BooleanField(default=False)
    assignee = ForeignKeyField(Person, null=True, backref="tasks", on_delete="RESTRICT")
    state = OneOf("open", "done", "dropped", "gone", default="open")
    done_by = ForeignKeyField(Person, null=True, backref="ticked", on_delete="RESTRICT")
    visit_id: int
    assignee_id: int | None
    done_by_id: int | None
    done_at = DateTimeField(null=True)
    dropped_for = Text(default="")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("party", "state", "due"), False),)


class Expense(Table):
    """A line of costs, planned and actual, in minor units; over-standard is per line and never netted.

    `line` is the plan line's id (`meal1`, `drink1` …) or null for one added at settling. `cap` is frozen when
    planned, for one of `per`; `decided_by` names who set an amount the standard leaves to them (R93, R94).
    `signatures`: who agreed to an actual amount for which the policy asks somebody further, a list of
    {person, name, posts, at, amount}.
    """

    visit = ForeignKeyField(Visit, backref="expenses", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    line = Text(null=True)
    item = Text()
    label = Text(default="")
    on = DateField(column_name="on_day", null=True)
    per = Text(default="")
    quantity = Quantity(default=Decimal(1))
    cap = IntegerField(null=True)
    planned = IntegerField(null=True)
    planned_over = IntegerField(default=0)
    actual_quantity = Quantity(null=True)
    actual = IntegerField(null=True)
    actual_over = IntegerField(default=0)
    payer = OneOf("company", "guest", "applicant", default="company")
    rule = Text(null=True)
    reason = Text(default="")
    decided_by = Text(default="")
    receipt = Text(default="")
    version = IntegerField(default=1)
    signatures = Json(default=list, constraints=NONE)

    @property
    def counted(self) -> Decimal:
        """How many there were; while nobody said, how many were planned."""
        return self.quantity if self.actual_quantity is None else self.actual_quantity


class Note(Table):
    """A dated remark on a visit ("guest phoned: no fish"); a `promise` to the guests stays open until `kept_at`."""

    visit = ForeignKeyField(Visit, backref="notes", on_delete="CASCADE")
    at = DateTimeField()
    person = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    visit_id: int
    person_id: int | None
    text = Text()
    promise = BooleanField(default=False, constraints=ZERO)
    kept_at = DateTimeField(null=True)


class Journal(Table):
    """The append-only record; `hash` chains over the previous one (see `schema.journal`)."""

    at_utc = DateTimeField(index=True)
    verb = TextField(index=True)
    visit = IntegerField(null=True, index=True)
    actor = IntegerField(null=True, index=True)
    actor_name = TextField(default="")
    for_person = IntegerField(null=True, index=True)
    login = TextField(default="")
    client = TextField(default="")
    digest = CharField(64)
    previous = CharField(64)
    hash = CharField(64, unique=True)


class JournalDetail(Table):
    """Details of an entry, in a row of their own that a privacy sweep may erase without breaking the chain."""

    entry = ForeignKeyField(Journal, unique=True, on_delete="RESTRICT")
    salt = CharField(32)
    details = TextField()


class Unjournalled(Table):
    """One row: how many changes there were, of drafts and spellings, which lists show and the journal does not tell."""

    changes = IntegerField(default=0)
