"""Leaving the company: everything somebody holds, handed to those who follow in one step, and they are switched off.

Posts are given on from today; who stood in for them or whom they stood in for has somebody else, or nobody. On a visit
that is arranged another lead host is a change as any: where the regulation wants that decided again it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from models.errors import Refused
from models.form import Form
from models.frozen import record
from models.schema import journal
from models.schema.arrangements import Booking, Leg, Resource
from models.schema.store import reading, trial, write
from models.schema.tables import Holding, Person, PersonKey, StandIn, Step, Task, Visit, VisitPerson
from models.services import capacity
from models.services.form_change import change_form
from models.services.frame import VisitChange, changing
from models.services.person_register import name_of, posts_of, require_active
from models.services.rights import LIVE, department_posts, withheld
from models.services.session import Session, versions
from models.services.visit_form import packed, read_form, unpacked, write_form
from models.services.visits import stale, state_detail
from models.words import Phrase

KINDS = (
    "post", "stand_in", "host", "companion", "diner", "named", "applicant", "coordinator", "meeter", "driver", "booked",
    "task", "car",
)  # fmt: skip
"""What somebody may hold: posts; stand-ins; parts in a visit by the form; who looks after it; who meets or sees off;
who drives; who is booked; open tasks; cars that they usually drive."""
PENDING = ("draft", "returned", "submitted", "approved", "under_way")
"""Visits that are not over."""
ROLES = ("host", "companion", "diner")
_OF_FORM = frozenset([*ROLES, "named", "applicant"])


def parts_of(session: Session, person: int) -> dict[str, list[int]]:
    """What somebody holds, by kind: the visits, of cars, posts and stand-ins their ids; inside `reading` or `write`."""
    today, now = session.now().date(), session.now()
    cars = [car.id for car in Resource.select().where(Resource.driver == person, Resource.active)]
    later = Booking.select().where(Booking.ends > now)
    drives = (Booking.driver == person) | (Booking.driver.is_null() & Booking.resource.in_(cars))
    open_ones = Visit.select().where(Visit.state.in_(PENDING))
    found: dict[str, list[int]] = {kind: [] for kind in KINDS}
    named: Any = VisitPerson.select(VisitPerson.visit, VisitPerson.role).where(VisitPerson.person == person).tuples()
    for visit, role in named:
        found[role if role in ROLES else "named"].append(visit)
    lasts = Holding.until.is_null() | (Holding.until >= today)
    found["post"] = [row.id for row in Holding.select().where(Holding.person == person, lasts)]
    found["stand_in"] = [row.id for row in _stand_ins(person, session)]
    found["applicant"] = [row.id for row in open_ones.where(Visit.applicant == person)]
    found["coordinator"] = [row.id for row in open_ones.where(Visit.coordinator == person)]
    found["meeter"] = [leg.visit_id for leg in Leg.select().where(Leg.meeter == person, Leg.state != "left")]
    found["driver"] = [row.visit_id for row in later.where(drives)]
    found["booked"] = [row.visit_id for row in later.where(Booking.person == person)]
    found["task"] = [row.visit_id for row in Task.select().where(Task.assignee == person, Task.state == "open")]
    found["car"] = cars
    pending = {row.id for row in open_ones.select(Visit.id)}
    aside = ("post", "stand_in", "car")
    return {kind: [each for each in ids if kind in aside or each in pending] for kind, ids in found.items()}


def parts_held(session: Session, person: int) -> dict[str, list[int]]:
    """`parts_of`, for who reads nothing else."""
    with reading():
        return parts_of(session, person)


def _stand_ins(person: int, session: Session) -> list[StandIn]:
    mine = (StandIn.for_person == person) | (StandIn.person == person)
    lasts = StandIn.until.is_null() | (StandIn.until >= session.now().date())
    rows = list(StandIn.select().where(mine, lasts, StandIn.ended_utc.is_null()))
    steps = {row.id: row.state for row in Step.select().where(Step.id.in_([row.step_id for row in rows]))}
    return [row for row in rows if row.step_id is None or steps.get(row.step_id) == "current"]


@record
class Left:
    """What was handed over: how many of each kind, to whom; `again`: the visits that are decided again for it."""

    given: Mapping[str, tuple[int, str]]
    again: tuple[str, ...]


def leave(
    session: Session, person: int, to: int | None, by_kind: Mapping[str, int | None] | None = None, *, expected: int
) -> Left:
    """Hand everything that somebody holds to `to`, or of a kind of `KINDS` to whom `by_kind` names; end their posts and
    stand-ins, switch off their keys and themselves. All of it or nothing; `expected`: their version that was seen.

    What is only ended where nobody is named: posts and stand-ins. Raises Refused: who may not keep the register,
    `stale_person`, `successor_needed`, `successor_self`, `inactive_person`, `not_of_department` (R17), and `findings`
    that no reason mends.
    """
    with write():
        refused = withheld(session, "people")
        if refused is not None:
            raise refused
        require_active(person)
        row = Person.get_by_id(person)
        if row.version != expected:
            raise stale("stale_person", None, ("person", row.id), name=row.name)
        held = parts_of(session, person)
        heirs = _heirs(person, held, to, by_kind or {})
        made = _Leaving(session, row, heirs)
        made.end_posts()
        made.end_stand_ins()
        _keys_off(session, person)
        visits = {visit for kind, ids in held.items() if kind not in ("post", "stand_in", "car") for visit in ids}
        again = [number for visit in sorted(visits) if (number := made.hand_over(visit))]
        Resource.update(driver=heirs["car"]).where(Resource.id.in_(held["car"])).execute()
        Person.update(active=False, version=expected + 1).where(Person.id == person).execute()
        given = {
            kind: (len(ids), name_of(heir) if (heir := heirs[kind]) is not None else "")
            for kind, ids in held.items()
            if ids
        }
        details = {"person": person, "name": row.name, "given": {kind: heirs[kind] for kind in given}}
        journal.record(session, "person.leave", None, details)
    return Left(given, tuple(again))


def leaving(
    session: Session, person: int, to: int | None, by_kind: Mapping[str, int | None] | None = None, *, expected: int
) -> Left:
    """What `leave` would do: it is done and undone. Raises Refused as it does."""
    with trial():
        return leave(session, person, to, by_kind, expected=expected)


def _heirs(
    person: int, held: Mapping[str, Collection[int]], to: int | None, by_kind: Mapping[str, int | None]
) -> dict[str, int | None]:
    """Who follows, by kind."""
    heirs = {kind: by_kind.get(kind) or to for kind in KINDS}
    lacking = [kind for kind in KINDS if held[kind] and heirs[kind] is None and kind not in ("post", "stand_in")]
    if lacking:
        raise Refused("successor_needed", what=Phrase(f"register.part.{lacking[0]}"))
    for heir in {each for each in heirs.values() if each is not None}:
        if heir == person:
            raise Refused("successor_self", name=name_of(person))
        require_active(heir)
    return heirs


def _keys_off(session: Session, person: int) -> None:
    for key in PersonKey.select().where(PersonKey.person == person, PersonKey.off_utc.is_null()):
        PersonKey.update(off_utc=session.now_utc()).where(PersonKey.id == key.id).execute()
        told = {"person": person, "key": key.id, "fingerprint": key.fingerprint}
        journal.record(session, "key.off", None, told)


@dataclass
class _Leaving:
    """One who leaves, and who follows them in what."""

    session: Session
    row: Person
    heirs: Mapping[str, int | None]

    def end_posts(self) -> None:
        """Yesterday was the last day of each post, today is the successor's first; one that was to begin never does."""
        today = self.session.now().date()
        lasts = Holding.until.is_null() | (Holding.until >= today)
        for held in list(Holding.select().where(Holding.person == self.row.id, lasts)):
            until = today - timedelta(days=1)
            if held.since > until:
                held.delete_instance()
            else:
                Holding.update(until=until).where(Holding.id == held.id).execute()
            journal.record(self.session, "post.end", None, {"person": self.row.id, "post": held.post, "until": until})
            self._give(held)

    def _give(self, held: Holding) -> None:
        heir, since = self.heirs["post"], max(held.since, self.session.now().date())
        still = Holding.until.is_null() | (Holding.until >= since)
        mine = (Holding.person == heir) & (Holding.post == held.post)
        if heir is None or Holding.select().where(mine, still).exists():
            return
        Holding.create(person=heir, post=held.post, since=since, until=held.until)
        told = {"person": heir, "name": name_of(heir), "post": held.post, "since": since}
        journal.record(self.session, "post.give", None, told)

    def end_stand_ins(self) -> None:
        """Nobody stands in for them any more; for whom they stood in somebody else does, where one is named."""
        heir, today = self.heirs["stand_in"], self.session.now().date()
        for each in _stand_ins(self.row.id, self.session):
            StandIn.update(ended_utc=self.session.now_utc()).where(StandIn.id == each.id).execute()
            told = {"stand_in": each.id, "person": each.person_id, "for": each.for_person_id}
            journal.record(self.session, "stand_in.end", None, told, each.for_person_id)
            if each.person_id != self.row.id or heir in (None, each.for_person_id):
                continue
            new = StandIn.create(
                for_person=each.for_person_id, person=heir, posts=each.posts, since=max(each.since, today),
                until=each.until, tier=each.tier, away=each.away, step=each.step_id, reason=each.reason,
                made_by=self.session.actor.person,
            )  # fmt: skip
            told = {"stand_in": new.id, "person": heir, "for": each.for_person_id}
            journal.record(self.session, "stand_in.give", None, told, each.for_person_id)

    def hand_over(self, visit: int) -> str:
        """Whatever of a visit is theirs; its number where that must be decided again, else ""."""
        row = Visit.get_by_id(visit)
        if row.number is None:
            write_form(versions(self.session), row, self.form(read_form(row)))
            self._rows(visit)
            journal.count_unjournalled()
            return ""
        with changing(self.session, visit, "person.leave", right=None, expected=None) as v:
            asked = self._form(v)
            if v.row.coordinator_id == self.row.id:
                v.row.coordinator_id = self._coordinator(v)
            self._rows(visit)
            v.details = {"person": self.row.id, **state_detail(v.row)}
        return row.number if asked else ""

    def _form(self, v: VisitChange) -> bool:
        """The form with who follows; whether that must be decided again."""
        row, old = v.row, v.record.asked_form
        if row.before is not None:
            row.before = packed(self.form(unpacked(row.before)))
        new = self.form(old)
        if new == old:
            return False
        if row.state not in LIVE:
            write_form([v.record.own_policy], row, new)
            return False
        made = change_form(v, new, None, {}, strict=False)
        capacity.require_reasons(tuple(each for each in made.unmet if each.level == "block"))
        why = {each.code: f"{self.row.name} → {name_of(self.heirs['host'] or 0)}" for each in made.unmet}
        row.reasons = {**row.reasons, **why}
        return bool(made.asks)

    def form(self, form: Form) -> Form:
        """A form with who follows in the place of who leaves."""

        def each(kind: str, people: Iterable[int]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(self._instead(kind, people)))

        return replace(
            form,
            applicant=self.heirs["applicant"] if form.applicant == self.row.id else form.applicant,
            hosts=each("host", form.hosts),
            companions=each("companion", form.companions),
            diners=each("diner", form.diners),
            meals=tuple(replace(meal, ours=each("diner", meal.ours)) for meal in form.meals),
            per_visit={post: next(self._instead("named", [who])) for post, who in form.per_visit.items()},
        )

    def _instead(self, kind: str, people: Iterable[int]) -> Iterator[int]:
        for person in people:
            heir = self.heirs[kind] if person == self.row.id else person
            if heir is not None:
                yield heir

    def _coordinator(self, v: VisitChange) -> int | None:
        heir, policy, owner = self.heirs["coordinator"], v.record.policy, v.row.owner
        posts = posts_of(heir, self.session.now().date()) if heir is not None else ()
        if set(posts).isdisjoint(department_posts(policy, owner, lasting=True)):
            raise Refused("not_of_department", who=name_of(heir or 0), department=policy.name_of(owner or ""))
        return heir

    def _rows(self, visit: int) -> None:
        """What stands beside the form: tasks, who meets whom, bookings."""
        me, later = self.row.id, Booking.ends > self.session.now()
        task = (Task.visit == visit) & (Task.assignee == me) & (Task.state == "open")
        Task.update(assignee=self.heirs["task"], version=Task.version + 1).where(task).execute()
        Leg.update(meeter=self.heirs["meeter"]).where(
            Leg.visit == visit, Leg.meeter == me, Leg.state != "left"
        ).execute()
        cars = Resource.select(Resource.id).where(Resource.driver == me)
        drives = (Booking.driver == me) | (Booking.driver.is_null() & Booking.resource.in_(cars))
        booked = Booking.person == me
        for column, mine, heir in ((Booking.driver, drives, "driver"), (Booking.person, booked, "booked")):
            bump = {column: self.heirs[heir], Booking.version: Booking.version + 1}
            Booking.update(bump).where(Booking.visit == visit, mine, later).execute()
