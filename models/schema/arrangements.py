"""What is stored of the day itself: how guests come and go, meals, rooms, costs, cars, who is told, what is set out.

Money is integer minor units; times are naive local wall clock of the organisation. Names of guests are lists of text:
whoever is on the form may be named anew by every change of it.
"""

from __future__ import annotations

from peewee import (  # isort: skip
    BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField,
)  # fmt: skip

from models.schema.base import EMPTY, NONE, ZERO, Table
from models.schema.tables import Person, Visit


class VisitDay(Table):
    """A day of a visit, from arrival to departure: what asks for one day finds its visits and no others'."""

    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    visit_id: int
    day = DateField()

    class Meta:
        indexes = ((("day", "visit"), True),)


class Leg(Table):
    """How guests come or go; `way` arrival or departure, position 0 all of them or those no other leg names.

    `mode`: plane train car other. `plates`: number plates for the gate (R62). `guests`, `people`: the group's names,
    and how many they are (null: everybody else). `meeter` meets them or sees them off; `phone` is the guests'.
    `state`: planned on_way here met on_site left no_show. `ticket`, `ticketed_at`: what was bought and when (R59).
    """

    visit = ForeignKeyField(Visit, backref="legs", on_delete="CASCADE")
    visit_id: int
    way = TextField()
    mode = TextField(default="")
    number = TextField(default="")
    place = TextField(default="")
    planned = DateTimeField(null=True)
    expected = DateTimeField(null=True)
    plates = TextField(default="")
    meeter_id: int | None
    state = TextField(default="planned")
    position = IntegerField(default=0, constraints=ZERO)
    guests = JSONField(default=list, constraints=NONE)
    people = IntegerField(null=True)
    terminal = TextField(default="", constraints=EMPTY)
    phone = TextField(default="", constraints=EMPTY)
    meeter = ForeignKeyField(Person, null=True, backref="meets", on_delete="RESTRICT")
    ticket = TextField(default="", constraints=EMPTY)
    ticketed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("visit", "way", "position"), True),)


class Meal(Table):
    """One meal of a visit; prices in minor units, `price` a head (A10). `at`: when it is served.

    `diners`: the guests by name, empty where only their number is known; `ours`: those of the companions who are
    known, by id; `diet`: needs beyond those of the guests'.
    """

    visit = ForeignKeyField(Visit, backref="meals", on_delete="CASCADE")
    visit_id: int
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
    at = DateTimeField(null=True)
    diners = JSONField(default=list, constraints=NONE)
    diet = TextField(default="", constraints=EMPTY)
    ours = JSONField(default=list, constraints=NONE)


class Lodging(Table):
    """Rooms of a visit; `price` a person and night, `payer` company or guest (A12); `guests` who sleeps there."""

    visit = ForeignKeyField(Visit, backref="rooms", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    on = DateField(column_name="on_day")
    people = IntegerField()
    nights = IntegerField(default=1)
    grade = TextField(null=True)
    price = IntegerField(null=True)
    place = TextField(default="")
    city = TextField(null=True)
    payer = TextField(default="company")
    guests = JSONField(default=list, constraints=NONE)
    checked_in = DateTimeField(null=True)


class Cost(Table):
    """A gift, an activity, a car trip and the like, asked for or arranged; `price` a unit.

    `what` it is, `at` and `place` when and where it is held; `decided_by` who set what the standard leaves
    to them (R93, R94); `done_at`, `done_by` when it was handed over or held, and who said so.
    """

    visit = ForeignKeyField(Visit, backref="costs", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    item = TextField()
    quantity = TextField(default="1")
    unit = TextField(default="")
    price = IntegerField(null=True)
    on = DateField(column_name="on_day", null=True)
    grade = TextField(null=True)
    to = TextField(column_name="to_whom", default="")
    city = TextField(null=True)
    done_by_id: int | None
    what = TextField(default="", constraints=EMPTY)
    at = DateTimeField(null=True)
    place = TextField(default="", constraints=EMPTY)
    decided_by = TextField(default="", constraints=EMPTY)
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, backref="handed_over", on_delete="RESTRICT")


class Resource(Table):
    """What the register has beside people: `kind` car, room, restaurant or hotel; switched off, never deleted.

    `name` is a car's plate; `model` what it is ("Passat"). `grade`: of the policy's list `car` or `lodging`.
    `seats`: of a car those for guests. `equipment`: ids of the policy's list. `price`: a head or a night, minor units.
    """

    kind = TextField(index=True)
    name = TextField()
    pinyin = TextField(default="")
    initials = TextField(default="")
    model = TextField(default="")
    grade = TextField(null=True)
    seats = IntegerField(null=True)
    driver = ForeignKeyField(Person, null=True, backref="drives", on_delete="RESTRICT")
    driver_id: int | None
    phone = TextField(default="")
    address = TextField(default="")
    equipment = JSONField(default=list)
    price = IntegerField(null=True)
    note = TextField(default="")
    active = BooleanField(default=True)
    version = IntegerField(default=1)
    key = TextField(default="", constraints=EMPTY)

    class Meta:
        indexes = ((("kind", "key"), True),)


class Booking(Table):
    """A car, a room or a person held for a visit from `starts` to `ends`; exactly one of `resource` and `person`.

    Firm once the visit is approved, tentative while it is asked for, nothing when it is cancelled: that is the visit's
    state and stands nowhere else. `leg` or `stage`: what it is for. `people`: how many ride or sit there, `guests` who;
    `driver`: instead of the car's own. `reasons`: what clash was accepted (`code:other booking`), and why. `wanted`:
    when it should begin by now, where it could not follow what it is for.
    """

    visit = ForeignKeyField(Visit, backref="bookings", on_delete="CASCADE")
    visit_id: int
    resource = ForeignKeyField(Resource, null=True, backref="bookings", on_delete="RESTRICT")
    resource_id: int | None
    person = ForeignKeyField(Person, null=True, backref="bookings", on_delete="RESTRICT")
    person_id: int | None
    leg = ForeignKeyField(Leg, null=True, backref="bookings", on_delete="SET NULL")
    leg_id: int | None
    stage = TextField(null=True)
    starts = DateTimeField()
    ends = DateTimeField()
    people = IntegerField(null=True)
    guests = JSONField(default=list)
    driver = ForeignKeyField(Person, null=True, backref="drives_on", on_delete="RESTRICT")
    driver_id: int | None
    note = TextField(default="")
    reasons = JSONField(default=dict)
    version = IntegerField(default=1)
    wanted = DateTimeField(null=True)


class BookingDay(Table):
    """A day on which a booking holds something: what asks for one day finds its bookings and no others'."""

    booking = ForeignKeyField(Booking, on_delete="CASCADE")
    booking_id: int
    day = DateField()

    class Meta:
        indexes = ((("day", "booking"), True),)


class ToTell(Table):
    """Somebody to be told of a change after approval: a driver, a department, a host, the guests' contact.

    `role`: driver person department host contact approver coordinator; `party` the department's id. `what`: catalogue
    keys with facts, said in the reader's language. `made_at`, `told_at` local time.
    """

    visit = ForeignKeyField(Visit, backref="to_tell", on_delete="CASCADE")
    visit_id: int
    role = TextField()
    party = TextField(default="")
    person = ForeignKeyField(Person, null=True, backref="to_be_told", on_delete="RESTRICT")
    person_id: int | None
    name = TextField(default="")
    phone = TextField(default="")
    what = JSONField(default=list)
    made_at = DateTimeField()
    told_at = DateTimeField(null=True, index=True)
    told_by = ForeignKeyField(Person, null=True, backref="told", on_delete="RESTRICT")
    told_by_id: int | None
    version = IntegerField(default=1)


class Display(Table):
    """A text of a visit that is shown or set out: `what` welcome, plates or seating, in both languages.

    `edited`: written by hand, and no longer made from the guests; `made` is what would have been made then, in Chinese,
    empty where that is not known. `done_at`, `done_by`: shown or set out.
    """

    visit = ForeignKeyField(Visit, backref="displays", on_delete="CASCADE")
    visit_id: int
    what = TextField()
    zh = TextField(default="")
    en = TextField(default="")
    edited = BooleanField(default=False)
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, backref="set_out", on_delete="RESTRICT")
    done_by_id: int | None
    version = IntegerField(default=1)
    made = TextField(default="", constraints=EMPTY)

    class Meta:
        indexes = ((("visit", "what"), True),)
