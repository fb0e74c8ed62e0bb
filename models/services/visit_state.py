"""The state of a visit as key and value, to compare before and after a change, and the notifications it makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from models.form import FORM
from models.policy.case import axes, of_kinds
from models.policy.model import BY_PERSON, LODGING, MEAL, entry_name, item_name, party_name
from models.schema.arrangements import Booking, Leg, Meal, Notification
from models.schema.tables import Visit
from models.services import validate
from models.services.capacity import seats_and_clashes
from models.services.displays import outdated
from models.services.rights import department_posts
from models.services.session import Session
from models.services.stage_names import stage_names, stage_places
from models.services.visit_diff import (
    Difference,
    Packed,
    Recipient,
    Sayable,
    StateItem,
    VisitState,
    pack_difference,
    pack_text,
)
from models.services.visit_record import VisitRecord, moment, span
from models.words import Name, Phrase, words
from models.words.catalogue import LANGUAGES
from models.words.diets import say, summed
from models.words.money import say_money

# -- state ------------------------------------------------------------------------------------------------------------

T = TypeVar("T")
_OF_GUESTS = frozenset(["headcount", "item", "service", "want", "venue"])
"""A duty asked for because of one of these is done for the guests, so that their number is its business."""


def phase(row: Visit) -> str:
    """`on` while a visit is arranged, `off` when it was called off or nobody came, else empty."""
    if row.state in ("approved", "under_way") or (row.state == "submitted" and row.before is not None):
        return "on"
    return "off" if row.state in ("cancelled", "no_show") else ""


def snapshot(record: VisitRecord, *, with_seats: bool = True) -> VisitState:
    """Snapshot of an arranged visit as key → value, to compare before and after a change; empty where it is not
    arranged.

    Without `with_seats` nothing is said of seats and clashes: as they take longest, where a change moves neither.
    """
    stand = phase(record.row)
    if stand != "on":
        return VisitState(stand, {}, {})
    gathered = _SnapshotBuilder(record)
    gathered.all(with_seats)
    return VisitState(stand, gathered.known, gathered.people)


class _SnapshotBuilder:
    """The facts of one visit while they are collected, and whom they concern."""

    def __init__(self, record: VisitRecord) -> None:
        self.record, self.policy, self.form, self.tier = record, record.policy, record.form, record.tier
        self.holders = record.people(record.form)
        self.known: dict[str, StateItem] = {}
        self.people: dict[str, Recipient] = {}
        self.hosts = self._persons("host", self.form.hosts)
        self.contact = self._contact()

    def all(self, with_seats: bool) -> None:
        """Collect everything, in the order in which it is told."""
        parties = {task.duty: self._party(task.party) for task in self.record.tasks}
        drivers = {each.id: self._drivers(each) for each in self.record.bookings}
        self._times(drivers)
        self._guests(parties, frozenset().union(*drivers.values()))
        self._asked()
        self._stages(parties)
        self._bookings(parties, drivers)
        self._meals(self._of_item(parties, MEAL))
        self._rooms(self._of_item(parties, LODGING))
        for key, kind, what, said in seats_and_clashes(self.record) if with_seats else ():
            self._put(key, kind, what, said)
        self._costs(parties)
        self._texts()
        self._tasks(parties)
        self._put("total", "money", Phrase("effects.what.total"), self._money(self.record.row.total))

    def _put(self, key: str, kind: str, what: Sayable, said: Sayable | None, whom: Iterable[str] = ()) -> None:
        if said is not None and said != "":
            self.known[key] = StateItem(kind, what, said, frozenset(whom))

    # -- times, places, people -----------------------------------------------------------------------------

    def _times(self, drivers: Mapping[int, frozenset[str]]) -> None:
        everybody = self.hosts | self.contact
        for field, way in (("arrive", "arrival"), ("depart", "departure")):
            mine = [legs for legs in self.record.all_legs if legs.way == way]
            driving = self._booked_for(drivers, {leg.id for leg in mine} | {None})
            whom = everybody | driving | self._meeters(mine)
            self._put(field, "time", Phrase(f"effects.what.{field}"), moment(getattr(self.form, field)), whom)
            for leg in mine:
                usual = getattr(self.form, field)
                self._leg(leg, usual, everybody | self._booked_for(drivers, {leg.id}) | self._meeters([leg]))

    def _leg(self, leg: Leg, usual: datetime | None, whom: frozenset[str]) -> None:
        nameless = Phrase("travel.people", {"n": leg.people}) if leg.position and leg.people else ""
        group = validate.joined([Name.of(name) for name in leg.guests]) if leg.guests else nameless

        def put(field: str, kind: str, said: Sayable | None, told: frozenset[str] = whom) -> None:
            what = Phrase(f"effects.leg.{leg.way}_{field}")
            of_group = Phrase("effects.of_group", {"what": what, "group": group}) if group else what
            self._put(f"leg:{leg.way}:{leg.position}:{field}", kind, of_group, said, told)

        put("at", "time", moment(leg.expected or leg.planned or usual))
        put("place", "place", " ".join(part for part in (leg.place, leg.terminal) if part))
        put("number", "leg", leg.number, whom - self.contact)
        put("plates", "leg", leg.plates, frozenset())
        put("people", "people", str(leg.people) if leg.people is not None else None, whom - self.contact)
        put("meeter", "host", self._name(leg.meeter_id), whom)

    def _booked_for(self, drivers: Mapping[int, frozenset[str]], legs: set[int | None]) -> frozenset[str]:
        """The drivers of what is booked for one of these legs, or for none of its own where None is among them."""
        mine = [drivers[each.id] for each in self.record.bookings if each.leg_id in legs and each.stage is None]
        return frozenset().union(*mine)

    def _meeters(self, legs: Iterable[Leg]) -> frozenset[str]:
        return self._persons("person", [leg.meeter_id for leg in legs if leg.meeter_id is not None])

    def _guests(self, parties: Mapping[str, frozenset[str]], drivers: frozenset[str]) -> None:
        form = self.form
        whom = self.hosts | drivers | self._for_guests(parties) | self._meeters(self.record.all_legs)
        self._put("headcount", "people", Phrase("effects.what.headcount"), str(form.headcount or ""), whom)
        named = whom - drivers  # who drives is told of those in the car, and who is met first
        for guest in form.guests:
            said = " ".join(part for part in (guest.name, guest.post) if part)
            if guest.name:
                self._put(f"guest:{guest.name}", "guest", Phrase("effects.what.guest"), said, named)
        principal = next((guest.name for guest in form.guests if guest.principal), "")
        self._put("principal", "guest_first", Phrase("effects.what.principal"), principal, whom)
        plates = max(form.headcount or 0, sum(bool(guest.name) for guest in form.guests))
        self._put("plates", "count", Phrase("effects.what.plates"), str(plates))
        self._put("hosts", "host", Phrase("effects.what.hosts"), self._names(form.hosts), self.hosts)
        self._put("companions", "form", Phrase("effects.what.companions"), self._names(form.companions))

    def _asked(self) -> None:
        """Tier, boxes, and fields of the policy's own."""
        form, policy = self.form, self.policy
        if self.tier and policy.tiers:
            self._put("tier", "tier", Phrase("effects.what.tier"), policy.name_of(self.tier), self.hosts)
        for field in of_kinds(FORM, "choices"):
            values: tuple[str, ...] = getattr(form, field)
            names = [entry_name(policy, FORM[field].listed, each) for each in values]
            self._put(field, "form", Phrase(f"fields.{field}"), validate.joined(names) if names else None)
        for field in ("kind", "city", "area", "department"):
            value = getattr(form, field)
            self._put(field, "form", Phrase(f"fields.{field}"), policy.name_of(value) if value else None)
        for key, value in form.fields.items():
            self._put(f"field:{key}", "form", policy.name_of(key), str(value) if value not in (None, "") else None)
        self._put("client", "form", Phrase("fields.client"), form.client, self.hosts)

    def _stages(self, parties: Mapping[str, frozenset[str]]) -> None:
        """Where a stage is concerns whose work it is, too, unless its meal says so to them."""
        record = self.record
        stages = [each for each in record.stages if each.state != "not_applicable"]
        names = stage_names(self.policy, stages, record.meals_by_id)
        places = stage_places(self.policy, stages, record.bookings, record.rooms, record.meals_by_id)
        for stage in stages:
            name = names[stage.id]
            key = f"stage:{stage.stage}" if stage.meal is None else f"stage:{stage.stage}.{stage.meal}"
            everybody = self.hosts | self.contact
            whom = everybody | self._of_stage(parties, stage.stage)
            self._put(key, "stage", Phrase("effects.what.stage"), name, whom)
            place = places[stage.id]
            there = (
                everybody - self._persons("person", record.meals_by_id[stage.meal].ours) if place.by == "meal" else whom
            )
            for field, kind, said, told in (
                ("at", "time", moment(stage.at), everybody), ("place", "place", place.text, there),
                ("people", "people", stage.people, everybody),
            ):  # fmt: skip
                what = Phrase(f"effects.stage_{field}", {"stage": name})
                self._put(f"{key}:{field}", kind, what, said, told)

    # -- what is arranged ----------------------------------------------------------------------------------

    def _bookings(self, parties: Mapping[str, frozenset[str]], drivers: Mapping[int, frozenset[str]]) -> None:
        for each in self.record.bookings:
            what = self._thing(each)
            whom = drivers[each.id] | self._of_stage(parties, each.stage)
            if each.person_id is not None:
                whom |= self._persons("person", [each.person_id])
            key = f"booking:{each.id}.{each.resource_id or f'p{each.person_id}'}"
            held = span(each.starts, each.ends)
            self._put(key, "booking", what, held, whom)
            if each.people is not None or each.guests:
                names = validate.joined([Name.of(name) for name in each.guests])
                on_board = {"n": each.people or len(each.guests), "who": names}
                riders = Phrase("effects.riders" if each.guests else "effects.nameless_riders", on_board)
                self._put(f"{key}:people", "people", what, riders, whom)
            driver = self.record.driver(each)
            if driver is not None:
                trip = Phrase("effects.of_day", {"what": what, "day": held})
                label = Phrase("effects.driver_of", {"what": trip})
                self._put(f"{key}:driver", "host", label, self._name(driver), drivers[each.id])

    def _thing(self, booking: Booking) -> Sayable:
        resource = self.record.resource(booking)
        return Name.of(resource.name) if resource else Name.of(self._name(booking.person_id))

    def _drivers(self, booking: Booking) -> frozenset[str]:
        driver = self.record.driver(booking)
        return self._persons("driver", [driver] if driver is not None else [])

    def _meals(self, whom: frozenset[str]) -> None:
        form = self.form
        places = _marked(self.record.meals, lambda row: f"{row.on}:{row.meal}")
        meals = form.meals if form.dining else ()
        for mark, meal in _marked(meals, lambda meal: f"{meal.on}:{meal.meal}").items():
            name = entry_name(self.policy, "meal", meal.meal) if meal.meal else Phrase("effects.what.meal")
            what = Phrase("effects.of_day", {"what": name, "day": f"{meal.on:%m-%d}"})
            venue = entry_name(self.policy, "venue", meal.venue) if meal.venue else None
            there = Phrase("effects.of_group", {"what": what, "group": venue}) if venue else what
            people = {"guests": meal.guests, "companions": meal.companions, "n": meal.guests + meal.companions}
            said = "effects.diners" if meal.companions else "effects.just_guests"
            self._put(f"meal:{mark}", "meal", there, Phrase(said, people), whom)
            self._put(f"meal:{mark}:venue", "place", what, venue, whom)
            drinks = {"bottles": meal.bottles, "packs": meal.packs}
            if meal.bottles or meal.packs:
                self._put(f"meal:{mark}:drinks", "count", what, Phrase("effects.drinks", drinks), whom)
            held = places.get(mark)
            if held is not None:
                names = [*held.diners, *[self._name(person) for person in held.ours]]
                said = " ".join(part for part in (moment(held.at), held.place, *names) if part)
                self._put(f"meal:{mark}:place", "place", what, said, whom | self._persons("person", held.ours))
            self._diet(f"meal:{mark}:diet", Phrase("effects.meal_diet", {"meal": what}), held, whom)
        if not (form.dining and form.meals):
            self._diet("diet", Phrase("fields.diet"), None, whom)

    def _diet(self, key: str, what: Sayable, meal: Meal | None, whom: frozenset[str]) -> None:
        """What those who sit at a meal may not eat, summed: the guests named for it, else all."""
        named = set(meal.diners) if meal is not None else set()
        diets = [guest.diet for guest in self.form.guests if not named or guest.name in named]
        found = summed(diets, meal.diet if meal is not None else "")
        if found:
            said_by = {code: say(found, words(code)) for code in LANGUAGES}
            self._put(key, "form", what, Name(said_by), whom)

    def _rooms(self, whom: frozenset[str]) -> None:
        held = _marked(self.record.lodging, lambda row: f"{row.on}")
        rooms = self.form.lodging if self.form.lodged else ()
        for mark, room in _marked(rooms, lambda room: f"{room.on}").items():
            grade = entry_name(self.policy, "lodging", room.grade) if room.grade else Phrase("effects.what.room")
            what = Phrase("effects.of_day", {"what": grade, "day": f"{room.on:%m-%d}"})
            said = Phrase("effects.nights", {"people": room.people, "n": room.nights})
            self._put(f"room:{mark}", "room", what, said, whom)
            if mark in held:
                there = " ".join(part for part in (held[mark].place, *held[mark].guests) if part)
                self._put(f"room:{mark}:place", "place", what, there, whom)

    def _costs(self, parties: Mapping[str, frozenset[str]]) -> None:
        """Gifts, activities and the like: what it is, for whom, when and where."""
        held = _marked(self.record.costs, lambda row: f"{row.item}:{row.to}")
        for mark, cost in _marked(self.form.costs, lambda cost: f"{cost.item}:{cost.to}").items():
            name = item_name(self.policy, cost.item)
            whom = self._of_item(parties, cost.item)
            what = held[mark].what if mark in held else ""
            said = " ".join(part for part in (what, f"x{cost.quantity.normalize():f}", cost.to) if part)
            self._put(f"gift:{mark}", "gift", name, said, whom)
            if mark in held:
                row = held[mark]
                there = " ".join(part for part in (moment(row.at), row.place, row.decided_by) if part)
                self._put(f"gift:{mark}:place", "place", name, there, whom)

    def _texts(self) -> None:
        """Texts written by hand, which do not follow the visit: whether they are to be checked; all: whether they are
        set out, which is of no worth once they say something else."""
        for what, wrong in outdated(self.record).items():
            name = Phrase("effects.what.display", {"what": Phrase(f"done.display.{what}")})
            self._put(f"display:{what}", "display", name, Phrase(f"effects.display_{'wrong' if wrong else 'right'}"))
        for row in self.record.displays:
            out = row.done_at is not None
            whom = self._persons("person", [row.done_by_id] if out and row.done_by_id is not None else [])
            said = Phrase(f"effects.display_{'out' if out else 'to_do'}")
            self._put(f"out:{row.what}", "display", Phrase(f"done.display.{row.what}"), said, whom)

    def _tasks(self, parties: Mapping[str, frozenset[str]]) -> None:
        for task in self.record.tasks:
            name, whom = Name(task.text), parties[task.duty]
            of_party = Phrase("effects.what.task", {"party": party_name(self.policy, task.party)})
            self._put(f"task:{task.duty}", "task", of_party, name, whom)
            for part in task.parts:
                key = f"task:{task.duty}:{str(part['text']).replace(':', '')}"
                said = Phrase("effects.part", {"task": name, "part": Name(part["text"])})
                self._put(key, "task", of_party, said, whom)
            if task.state == "open":
                self._put(f"due:{task.duty}", "due", Phrase("effects.due", {"task": name}), moment(task.due), whom)

    def _for_guests(self, parties: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """Whose tasks depend on how many guests come."""
        asked = {duty.id: axes(duty.when) | self._stage_axes(duty.stage) for duty in self.policy.duties}
        mine = [parties[task.duty] for task in self.record.tasks if asked.get(task.duty, frozenset()) & _OF_GUESTS]
        return frozenset().union(*mine)

    def _stage_axes(self, stage: str | None) -> frozenset[str]:
        return next((axes(each.when) for each in self.policy.stages if each.id == stage), frozenset())

    def _of_item(self, parties: Mapping[str, frozenset[str]], item: str) -> frozenset[str]:
        """Whose tasks are asked for because of this item of the plan."""
        asked = {
            duty.id
            for duty in self.policy.duties
            for clause in duty.when
            for test in clause.tests
            if test.axis == "item" and isinstance(test.wanted, frozenset) and item in test.wanted
        }
        return frozenset().union(*[parties[task.duty] for task in self.record.tasks if task.duty in asked])

    def _of_stage(self, parties: Mapping[str, frozenset[str]], stage: str | None) -> frozenset[str]:
        return frozenset().union(*[parties[task.duty] for task in self.record.tasks if stage and task.stage == stage])

    # -- who -----------------------------------------------------------------------------------------------

    def _persons(self, role: str, ids: Iterable[int]) -> frozenset[str]:
        """These people as recipients; a host stays one."""
        keys = set()
        for person in ids:
            key = f"host:{person}" if f"host:{person}" in self.people else f"{role}:{person}"
            if key not in self.people:
                self.people[key] = self._recipient(role, person)
            keys.add(key)
        return frozenset(keys)

    def _recipient(self, role: str, person: int) -> Recipient:
        row = self.record.register.persons.get(person)
        return Recipient(role, "", person, row.name if row else "", row.phone if row else "")

    def _contact(self) -> frozenset[str]:
        """The guests' own contact: the phone given for their way, else the principal's or any guest's."""
        rows = sorted(self.record.guests, key=lambda guest: not guest.principal)
        first = next((row for row in rows if row.phone), rows[0] if rows else None)
        phone = next((leg.phone for leg in self.record.all_legs if leg.phone), first.phone if first else "")
        name = " ".join(part for part in (first.name, first.post) if part) if first else ""
        self.people["contact"] = Recipient("contact", "", None, name or self.form.client, phone)
        return frozenset(["contact"])

    def _party(self, party: str) -> frozenset[str]:
        """A department by its head or one of its people, a post by its holder, hosts and applicant by themselves."""
        if party in BY_PERSON:
            return self.hosts if party == "@lead_host" else self._persons("person", filter(None, [self.form.applicant]))
        key = f"department:{party}"
        if key not in self.people:
            self.people[key] = replace(self._head(party), role="department", party=party)
        return frozenset([key])

    def _head(self, party: str) -> Recipient:
        heads = [each.head for each in self.policy.departments if each.id == party and each.head]
        posts = [*heads, *department_posts(self.policy, party, lasting=True)] or [party]
        found = next((self.record.register.persons[int(each)] for post in posts for each in self._of(post)), None)
        return (
            Recipient("department", party, found.id, found.name, found.phone)
            if found
            else Recipient("department", party)
        )

    def _of(self, post: str) -> tuple[str, ...]:
        """Who is named for a post on this visit, else who holds it."""
        named = self.holders.per_visit.get(post)
        return (named,) if named else self.holders.holders.get(post, ())

    def _name(self, person: int | None) -> str:
        return self.record.register.name(person)

    def _names(self, people: Iterable[int]) -> Sayable | None:
        names = [Name.of(self._name(person)) for person in people]
        return validate.joined(names) if names else None

    def _money(self, minor: int) -> Phrase:
        digits = self.policy.currency.minor
        return Phrase("effects.money", {"text": say_money(minor, digits), "minor": minor, "digits": digits})


def _marked(found: Iterable[T], mark: Callable[[T], str]) -> dict[str, T]:
    """By a mark made unique: the second of its kind is `mark:2`."""
    seen, marked = Counter[str](), dict[str, T]()
    for each in found:
        own = mark(each)
        seen[own] += 1
        marked[own if seen[own] == 1 else f"{own}:{seen[own]}"] = each
    return marked


# -- notifications ----------------------------------------------------------------------------------------------------

Waiting = dict[tuple[str, str, int | None], Notification]
"""Rows of who waits to be told, by recipient."""
STATE = "state"
"""The entry that says that a visit is off, or on again."""

_ARRANGED = ("stage:", "booking:")
"""Where they are for the first time is no news for anybody but who drives: nobody was told otherwise. That there is a
stage at all is."""
_FOLLOWING = ("arrive", "depart")
"""When these changed, the hours of the stages changed with them: hosts and guests need not be told one by one."""


def notify_concerned(
    session: Session, row: Visit, before: VisitState, after: VisitState, differences: Iterable[Difference]
) -> None:
    """Store notifications for everybody whom the differences concern; for a visit called off, for everybody who knew of
    it."""
    waiting = _waiting(row)
    if before.phase == "on" and after.phase == "off":
        for key, recipient in before.people.items():
            if key == "contact" and row.state == "no_show":
                continue  # whoever did not come need not be told so
            _join(session, row, waiting, recipient, [_off(row)], known=_parties(before, key))
    elif after.phase == "on" and before.phase != "on":
        _on_again(session, row, waiting)
    elif after.phase == "on":
        people = {**before.people, **after.people}
        of_each: dict[str, list[Difference]] = {}
        for difference in differences:
            for key in difference.whom:
                of_each.setdefault(key, []).append(difference)
        for key in people:
            mine = _worth(key, of_each.get(key, []))
            if mine:
                _join(session, row, waiting, people[key], [pack_difference(difference) for difference in mine])
    _save_new(waiting)


def notify(
    session: Session,
    row: Visit,
    recipients: Iterable[Recipient],
    differences: Iterable[Difference],
    *,
    himself: bool = False,
) -> None:
    """Store notifications of these differences for these people, as the policy asks (`change`, ask = "notify"); with
    `himself` also the actor, who may not have seen them happen."""
    told = [pack_difference(difference) for difference in differences]
    waiting = _waiting(row) if told else {}
    for recipient in recipients if told else ():
        _join(session, row, waiting, recipient, told, himself=himself)
    _save_new(waiting)


def _parties(facts: VisitState, key: str) -> bool:
    """Whether a recipient knew of the visit: departments that still have a task, and everybody else."""
    return not key.startswith("department:") or any(
        key in fact.whom for name, fact in facts.known.items() if name.startswith("task:")
    )


def _worth(key: str, differences: list[Difference]) -> list[Difference]:
    """What of it this recipient needs: nothing that only follows from something else told."""
    known = {difference.key: difference for difference in differences}
    moves = [known[field] for field in _FOLLOWING if field in known]
    left = [Name.of(str(each.old)) for each in differences if each.key.startswith("stage:") and each.kind == "place"]
    return [
        difference
        for difference in differences
        if not (difference.key.startswith("stage:") and moves and difference.key.endswith(":at"))
        and not (_at_first(difference) and not key.startswith("driver:"))
        and not (
            difference.kind == "booking" and difference.new is None and difference.what in left
        )  # said as the stage's place
    ]


def _at_first(difference: Difference) -> bool:
    return difference.key.startswith(_ARRANGED) and difference.old is None and difference.kind != "stage"


def _join(
    session: Session, row: Visit, rows: Waiting, recipient: Recipient, told: list[Packed], *, known: bool = True,
    himself: bool = False,
) -> None:  # fmt: skip
    """Put these into the row that this recipient still waits for, or a new one; nothing left to tell leaves none."""
    key = _key(recipient.role, recipient.party, recipient.person)
    waiting = rows.get(key)
    own = recipient.person is not None and recipient.person == session.actor.person and not recipient.party
    if not known or (own and waiting is None and not himself):
        return
    entries = merge_differences(waiting.what if waiting else [], told)
    if waiting is None:
        if entries:
            rows[key] = Notification(
                visit=row.id, role=recipient.role, party=recipient.party, person=recipient.person,
                name=recipient.name, phone=recipient.phone, what=entries, made_at=session.now(),
            )  # fmt: skip
    elif not entries:
        waiting.delete_instance()
        del rows[key]
    elif entries != waiting.what:
        waiting.what, waiting.made_at = entries, session.now()
        waiting.name, waiting.phone = recipient.name or waiting.name, recipient.phone or waiting.phone
        waiting.version += 1
        waiting.save()


def merge_differences(had: list[Packed], told: list[Packed]) -> list[Packed]:
    """Join new differences to those that wait, by key: `old` stays what somebody knows, `new` is the newest; none is
    left where both are the same. A guest stands by the name that they know, whatever else that guest was called
    meanwhile."""
    entries: dict[str, Packed] = {entry["key"]: entry for entry in had}
    for new in told:
        key = next((each["key"] for each in entries.values() if _named_since(each, new)), new["key"])
        old = entries.get(key)
        if old and new["kind"] == "guest" and new["old"] is None and old["new"] is not None:
            entries[key] = {**old, "old": None}  # who was called so is back: the one called otherwise is who came
        else:
            entries[key] = {**new, "key": key, "old": old["old"]} if old else new
    return [entry for entry in entries.values() if entry["old"] != entry["new"]]


def _named_since(had: Packed, new: Packed) -> bool:
    """Whether both entries are of one guest: as the first one ends the second begins."""
    return had["kind"] == new["kind"] == "guest" and had["new"] is not None and had["new"] == new["old"]


def _save_new(waiting: Waiting) -> None:
    """Store those who did not wait yet, all at once."""
    new = [each for each in waiting.values() if each.id is None]
    if new:
        Notification.bulk_create(new)


def _waiting(row: Visit) -> Waiting:
    """Who waits to be told of this visit."""
    rows = (
        Notification.select()
        .where(Notification.visit == row.id, Notification.told_at.is_null())
        .order_by(Notification.id.desc())
    )
    return {_key(each.role, each.party, each.person_id): each for each in rows}


def _key(role: str, party: str, person: int | None) -> tuple[str, str, int | None]:
    """A party is told once, whoever stands for it by then."""
    return role, party, None if party else person


def _that(row: Visit, what: str) -> object:
    return pack_text(Phrase(f"effects.{what}", {"at": moment(row.comes), "n": row.headcount or 0}))


def _off(row: Visit) -> Packed:
    return _state(_that(row, "on"), _that(row, f"off.{row.state}"))


def _state(old: object, new: object) -> Packed:
    return {"key": STATE, "kind": STATE, "what": pack_text(Phrase("effects.what.state")), "old": old, "new": new}


def _on_again(session: Session, row: Visit, waiting: Waiting) -> None:
    """Who was told that it is off must hear that it is on; who was not, only what differs from what they know."""
    latest: dict[tuple[str, str, int | None], Notification] = {}
    for each in Notification.select().where(Notification.visit == row.id).order_by(Notification.id):
        if any(entry["key"] == STATE for entry in each.what):
            latest[each.role, each.party, each.person_id] = each
    on = _that(row, "on")
    for each in latest.values():
        recipient = Recipient(each.role, each.party, each.person_id, each.name, each.phone)
        old = next(entry["new"] for entry in each.what if entry["key"] == STATE)
        if old != on or each.told_at is None:
            _join(session, row, waiting, recipient, [_state(old, on)])


def waits(what: list[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The entries of a notification that are shown: only that the visit is off, where it is."""
    off = [entry for entry in what if entry["key"] == STATE and "off" in str(entry["new"])]
    return off or what
