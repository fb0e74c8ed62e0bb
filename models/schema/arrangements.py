"""What is stored of the day itself: how guests come and go, meals, rooms, costs, cars, who is told, what is set out.

Money is integer minor units; times are naive local wall clock of the organisation. Names of guests are lists of text:
whoever is on the form may be named anew by every change of it.
"""

from __future__ import annotations

from decimal import Decimal

from peewee import BooleanField, ForeignKeyField, IntegerField

from models.schema.base import EMPTY, NONE, ZERO, DateField, DateTimeField, Json, OneOf, Quantity, Table, Text
from models.schema.tables import Person, Visit


class VisitDay(Table):
    """A day of a visit, from arrival to departure: what asks for one day finds its visits and no others'."""

    visit = ForeignKeyField(Visit, on_delete="CASCADE")
    visit_id: int
    day = DateField()

    class Meta:
        indexes = ((("day", "visit"), True),)


class Leg(Table):
    """How guests come or go; position 0 all of them or those no other leg names.

    `mode` is empty while nobody said. `plates`: number plates for the gate (R62). `guests`, `people`: the group's
    names, and how many they are (null: everybody else). `meeter` meets them or sees them off; `phone` is the guests'.
    `ticket`, `ticketed_at`: what was bought and when (R59).
    """

    visit = ForeignKeyField(Visit, backref="legs", on_delete="CASCADE")
    visit_id: int
    way = OneOf("arrival", "departure")
    mode = OneOf("", "plane", "train", "car", "other", default="")
    number = Text(default="")
    place = Text(default="")
    planned = DateTimeField(null=True)
    expected = DateTimeField(null=True)
    plates = Text(default="")
    meeter_id: int | None
    state = OneOf("planned", "on_way", "here", "met", "on_site", "left", "no_show", default="planned")
    position = IntegerField(default=0, constraints=ZERO)
    guests = Json(default=list, constraints=NONE)
    people = IntegerField(null=True)
    terminal = Text(default="", constraints=EMPTY)
    phone = Text(default="", constraints=EMPTY)
    meeter = ForeignKeyField(Person, null=True, backref="meets", on_delete="RESTRICT")
    ticket = Text(default="", constraints=EMPTY)
    ticketed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("visit", "way", "position"), True),)


class Meal(Table):
    """One meal of a visit; prices in minor units, `price` a head (A10). `at`: when it is served.

    `companions`: how many of ours dine, `ours` those of them who are known, by id; `companion_posts`: the posts that
    stand for them while nobody is. `diners`: the guests by name, empty where only their number is known; `diet`: needs
    beyond those of the guests'.
    """

    visit = ForeignKeyField(Visit, backref="meals", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    on = DateField(column_name="on_day")
    meal = Text(null=True)
    venue = Text(null=True)
    place = Text(default="")
    guests = IntegerField()
    companions = IntegerField(default=0)
    companion_posts = Json(default=list)
    price = IntegerField(null=True)
    bottles = IntegerField(default=0)
    bottle_price = IntegerField(null=True)
    packs = IntegerField(default=0)
    pack_price = IntegerField(null=True)
    city = Text(null=True)
    note = Text(default="")
    at = DateTimeField(null=True)
    diners = Json(default=list, constraints=NONE)
    diet = Text(default="", constraints=EMPTY)
    ours = Json(default=list, constraints=NONE)


class Lodging(Table):
    """Rooms of a visit; `price` a person and night, `payer`: A12; `guests` who sleeps there."""

    visit = ForeignKeyField(Visit, backref="rooms", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    on = DateField(column_name="on_day")
    people = IntegerField()
    nights = IntegerField(default=1)
    grade = Text(null=True)
    price = IntegerField(null=True)
    place = Text(default="")
    city = Text(null=True)
    payer = OneOf("company", "guest", default="company")
    guests = Json(default=list, constraints=NONE)
    checked_in = DateTimeField(null=True)


class Cost(Table):
    """A gift, an activity, a car trip and the like, asked for or arranged; `price` a unit.

    `what` it is, `at` and `place` when and where it is held; `decided_by` who set what the standard leaves
    to them (R93, R94); `done_at`, `done_by` when it was handed over or held, and who said so.
    """

    visit = ForeignKeyField(Visit, backref="costs", on_delete="CASCADE")
    visit_id: int
    position = IntegerField()
    item = Text()
    quantity = Quantity(default=Decimal(1))
    unit = Text(default="")
    price = IntegerField(null=True)
    on = DateField(column_name="on_day", null=True)
    grade = Text(null=True)
    to = Text(column_name="to_whom", default="")
    city = Text(null=True)
    done_by_id: int | None
    what = Text(default="", constraints=EMPTY)
    at = DateTimeField(null=True)
    place = Text(default="", constraints=EMPTY)
    decided_by = Text(default="", constraints=EMPTY)
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, backref="handed_over", on_delete="RESTRICT")


class Resource(Table):
    """What the register has beside people; switched off, never deleted.

    `name` is a car's plate; `model` what it is ("Passat"). `grade`: of the policy's list `car` or `lodging`.
    `seats`: of a car those for guests. `equipment`: ids of the policy's list. `price`: a head or a night, minor units.
    """

    kind = OneOf("car", "room", "restaurant", "hotel", index=True)
    name = Text()
    pinyin = Text(default="")
    initials = Text(default="")
    model = Text(default="")
    grade = Text(null=True)
    seats = IntegerField(null=True)
    driver = ForeignKeyField(Person, null=True, backref="drives", on_delete="RESTRICT")
    driver_id: int | None
    phone = Text(default="")
    address = Text(default="")
    equipment = Json(default=list)
    price = IntegerField(null=True)
    note = Text(default="")
    active = BooleanField(default=True)
    version = IntegerField(default=1)
    key = Text(default="", constraints=EMPTY)

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
    stage = Text(null=True)
    starts = DateTimeField()
    ends = DateTimeField()
    people = IntegerField(null=True)
    guests = Json(default=list)
    driver = ForeignKeyField(Person, null=True, backref="drives_on", on_delete="RESTRICT")
    driver_id: int | None
    note = Text(default="")
    reasons = Json(default=dict)
    version = IntegerField(default=1)
    wanted = DateTimeField(null=True)


class BookingDay(Table):
    """A day on which a booking holds something: what asks for one day finds its bookings and no others'."""

    booking = ForeignKeyField(Booking, on_delete="CASCADE")
    booking_id: int
    day = DateField()

    class Meta:
        indexes = ((("day", "booking"), True),)


class Notification(Table):
    """A notification of a change after approval, to a driver, a department, a host, the guests' contact.

    `party`: the department's id. `what`: catalogue keys with facts, said in the reader's language. `made_at`, `told_at`
    local time.
    """

    visit = ForeignKeyField(Visit, backref="to_tell", on_delete="CASCADE")
    visit_id: int
    role = OneOf("driver", "person", "department", "host", "contact", "approver", "coordinator")
    party = Text(default="")
    person = ForeignKeyField(Person, null=True, backref="to_be_told", on_delete="RESTRICT")
    person_id: int | None
    name = Text(default="")
    phone = Text(default="")
    what = Json(default=list)
    made_at = DateTimeField()
    told_at = DateTimeField(null=True, index=True)
    told_by = ForeignKeyField(Person, null=True, backref="told", on_delete="RESTRICT")
    told_by_id: int | None
    version = IntegerField(default=1)

    class Meta:
        table_name = "to_tell"


class Display(Table):
    """A text of a visit that is shown or set out: `what` welcome, plates or seating, in both languages.

    `edited`: written by hand, and no longer made from the guests; `made` is what would have been made then, in Chinese,
    empty where that is not known. `done_at`, `done_by`: shown or set out.
    """

    visit = ForeignKeyField(Visit, backref="displays", on_delete="CASCADE")
    visit_id: int
    what = OneOf("welcome", "plates", "seating")
    zh = Text(default="")
    en = Text(default="")
    edited = BooleanField(default=False)
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, backref="set_out", on_delete="RESTRICT")
    done_by_id: int | None
    version = IntegerField(default=1)
    made = Text(default="", constraints=EMPTY)

    class Meta:
        indexes = ((("visit", "what"), True),)
