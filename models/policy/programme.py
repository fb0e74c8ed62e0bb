"""When things of a visit are: its stages, what is due when, and for how long cars, rooms and people are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from models.frozen import record
from models.policy.answer import (
    BookingsAnswer,
    DutyAnswer,
    Finding,
    HeldAnswer,
    Level,
    PartAnswer,
    StageAnswer,
    level_of,
)
from models.policy.case import Case, Hold, PlannedLodging, PlannedMeal, holds, party_on
from models.policy.model import (
    CLASHES,
    ENDS,
    LODGING,
    MEAL,
    BookingRule,
    Duty,
    Moment,
    Policy,
    Span,
    StageRule,
    When,
    entry_name,
    item_name,
)
from models.policy.plan import caps_in_force
from models.policy.workdays import moment_at, moment_words, moved
from models.words import Name, Phrase

# When something is due on a visit: moments by their anchors, stages by where they are.


def anchored(case: Case, moment: Moment, known: Mapping[str, datetime]) -> datetime | None:
    """The time a moment names where these anchors (`arrive`, `depart`, stages) really are at `known` local times; None
    where its anchor has none yet (`close`, a stage without a time)."""
    anchor = _anchor(case, moment.anchor, frozenset(), known)
    return None if anchor is None else moment_at(moment, anchor, case.days)


def due_of(case: Case, moment: Moment, known: Mapping[str, datetime]) -> tuple[datetime | None, str | None]:
    """The same, or the moment's words where it has no time."""
    at = anchored(case, moment, known)
    return at, None if at else moment_words(moment)


def _anchor(case: Case, anchor: str, seen: frozenset[str], moved: Mapping[str, datetime]) -> datetime | None:
    request = case.request
    known = {"arrive": request.arrive, "depart": request.depart, "submit": request.requested_at, **moved}
    if anchor in known:
        return known[anchor]
    stage = next((stage for stage in case.policy.stages if stage.id == anchor), None)
    if stage is None or stage.at is None or anchor in seen:
        return None
    base = _anchor(case, stage.at.anchor, seen | {anchor}, moved)
    return None if base is None else moment_at(stage.at, base, case.days)


# When the stages of a visit are: those of the meals at their hours, the others laid around them in order (A36).
#
# Times are naive local. A stage begins when its row says, or when the one before it is over; it does not overlap a meal
# or another stage, and all are over when the guests leave. Where there is not time enough, they take less.

Key = tuple[str, int | None]
"""A stage's id and, of one that there is for each meal, the place of its meal in the request, from 0."""
Pair = tuple[datetime, datetime]

_SHARES = (12, 9, 6, 3, 0)
"""How many twelfths of their time the stages take, tried in this order until they fit."""


@record
class KnownTimes:
    """What is known of a visit beside its request. `now`: where `arrive` and `depart` really are; `hours`: when meals
    are, by their place; `fixed`: stages that stand where they are; `applies`: which stages are held, where that is not
    as the policy says."""

    now: Mapping[str, datetime]
    hours: Mapping[int, datetime]
    fixed: Mapping[Key, datetime]
    applies: Mapping[Key, bool]


NOTHING = KnownTimes({}, {}, {}, {})


def programme(case: Case, known: KnownTimes = NOTHING) -> tuple[StageAnswer, ...]:
    """Every stage with its time, in order; those that do not apply stand in their place, by their own moment.

    A stage for each meal is there once for each, in order of time, or once without a meal where there is none.
    """
    return _Programme(case, known).answers()


def first_times(stages: Iterable[StageAnswer]) -> dict[str, datetime]:
    """When each stage is, the first time where there are several: what moments that hang on a stage count from."""
    found: dict[str, datetime] = {}
    for stage in stages:
        if stage.at is not None and stage.at <= found.get(stage.id, stage.at):
            found[stage.id] = stage.at
    return found


class _Programme:
    def __init__(self, case: Case, known: KnownTimes) -> None:
        self.case, self.known = case, known
        self.arrive = known.now.get("arrive", case.request.arrive)
        self.depart = known.now.get("depart", case.request.depart)
        self.meals = {key: at for stage in case.policy.stages for key, at in self._of_meals(stage).items()}
        fixed = {stage: at for (stage, meal), at in known.fixed.items() if meal is None}
        self.anchors = {**known.now, **_first(self.meals), **fixed}

    def answers(self) -> tuple[StageAnswer, ...]:
        laid = self._laid()
        rest = [self._answer((stage.id, None), laid) for stage in self.case.policy.stages if not self._many(stage)]
        found = list[StageAnswer]()
        meals = sorted(self.meals.items(), key=lambda each: (each[1] or self.depart, each[0][1] or 0))
        for answer in rest:
            while meals and answer.applies and answer.at is not None and (meals[0][1] or self.depart) < answer.at:
                found.append(self._answer(meals.pop(0)[0], laid))
            found.append(answer)
        return tuple(found + [self._answer(key, laid) for key, _ in meals])

    def _answer(self, key: Key, laid: Mapping[Key, datetime | None]) -> StageAnswer:
        return StageAnswer(key[0], self._applies(key), laid[key], key[1])

    def _many(self, stage: StageRule) -> bool:
        """Whether there is one for each meal."""
        return stage.per == "meal" and bool(self.case.request.meals)

    def _applies(self, key: Key) -> bool:
        stage = next(stage for stage in self.case.policy.stages if stage.id == key[0])
        return self.known.applies.get(key, holds(stage.when, self.case))

    def _lasts(self, stage: StageRule, twelfths: int = 12) -> timedelta:
        at = self.arrive
        whole = moved(at, stage.lasts, self.case.days) - at if stage.lasts else timedelta()
        return timedelta(minutes=whole // timedelta(minutes=12) * twelfths) if twelfths < 12 else whole

    # -- meals

    def _of_meals(self, stage: StageRule) -> dict[Key, datetime | None]:
        if not self._many(stage):
            return {}
        return {(stage.id, n): self._hour(stage, n, meal) for n, meal in enumerate(self.case.request.meals)}

    def _hour(self, stage: StageRule, n: int, meal: PlannedMeal) -> datetime | None:
        """When a meal is: as somebody said, else at its usual hour while the guests are there, else by the stage."""
        said = self.known.fixed.get((stage.id, n)) or self.known.hours.get(n)
        if said is not None:
            return said
        usual = next((entry.at for entry in self.case.policy.lists.get("meal", ()) if entry.id == meal.meal), None)
        own = self._moment(stage, self.known.now)
        if usual is None and own is None:
            return None
        at = datetime.combine(meal.on, usual or (own or self.arrive).time())
        if not self.arrive.date() <= meal.on <= self.depart.date():
            return at
        opening = [self._lasts(each) for each in self.case.policy.stages if _bare(each) == "arrive"]
        return max(self.arrive, min(max(at, self.arrive + sum(opening, timedelta())), self.depart - self._lasts(stage)))

    # -- the others around them

    def _moment(self, stage: StageRule, known: Mapping[str, datetime]) -> datetime | None:
        return anchored(self.case, stage.at, known) if stage.at else None

    def _laid(self) -> dict[Key, datetime | None]:
        """When each stage is."""
        found: dict[Key, datetime | None] = {**self.meals}
        free = list[tuple[StageRule, datetime]]()
        for stage in self.case.policy.stages:
            key = (stage.id, None)
            if self._many(stage):
                continue
            at = found[key] = self.known.fixed.get(key) or self._moment(stage, self.anchors)
            if at is not None and key not in self.known.fixed and self._applies(key):
                free.append((stage, at))
        taken = self._taken(found)
        for twelfths in _SHARES:
            starts = self._fitted(free, taken, twelfths)
            if all(start >= min(at, self.arrive) for start, (_, at) in zip(starts, free, strict=True)):
                break
        return found | {(stage.id, None): start for start, (stage, _) in zip(starts, free, strict=True)}

    def _taken(self, found: Mapping[Key, datetime | None]) -> list[Pair]:
        """Where meals and what somebody put there are already."""
        by_id = {stage.id: stage for stage in self.case.policy.stages}
        keys = [key for key in found if (key in self.meals or key in self.known.fixed) and self._applies(key)]
        spans = [(at, at + self._lasts(by_id[key[0]])) for key in keys if (at := found[key]) is not None]
        return sorted(span for span in spans if span[0] < span[1])

    def _fitted(self, free: list[tuple[StageRule, datetime]], taken: list[Pair], twelfths: int) -> list[datetime]:
        """When stages begin that are to begin at these times and take such a share of their time: as early as they may,
        but so that all that come after them still are over when the guests leave."""
        lasts = [self._lasts(stage, twelfths) for stage, _ in free]
        around = [[] if _bare(stage) else taken for stage, _ in free]
        latest, until = list[datetime](), None
        for (stage, at), long, others in reversed(list(zip(free, lasts, around, strict=True))):
            end = at + long if stage.at is not None and stage.at.anchor == "depart" else self.depart
            end = max(self.depart, end)
            until = _late(min(until or end, end), long, others)
            latest.insert(0, until)
        starts, over = list[datetime](), None
        for (_, at), long, others, last in zip(free, lasts, around, latest, strict=True):
            starts.append(min(_early(max(at, over or at), long, others), last))
            over = starts[-1] + long
        return starts


def _bare(stage: StageRule) -> str | None:
    """The arrival or departure itself, if that is when a stage is: it is then, whatever else is."""
    moment = stage.at
    plain = moment is not None and moment.offset is None and moment.clock is None
    return moment.anchor if moment is not None and plain and moment.anchor in ("arrive", "depart") else None


def _first(times: Mapping[Key, datetime | None]) -> dict[str, datetime]:
    known = [StageAnswer(stage, True, at, meal) for (stage, meal), at in times.items()]
    return first_times(known)


def _early(at: datetime, lasts: timedelta, taken: Iterable[Pair]) -> datetime:
    """The first time from `at` on with so long nothing else."""
    for start, end in taken:
        if start < at + lasts and at < end:
            at = end
    return at


def _late(until: datetime, lasts: timedelta, taken: list[Pair]) -> datetime:
    """The last time with so long nothing else, over by `until`."""
    at = until - lasts
    for start, end in sorted(taken, key=lambda span: span[1], reverse=True):
        if start < at + lasts and at < end:
            at = start - lasts
    return at


# What a visit makes the organisation do: the duties that apply (R26 to R69, A25).


def duties(case: Case, stages: Iterable[StageAnswer]) -> tuple[DutyAnswer, ...]:
    """The duties that apply, in the file's order, due by when the stages are; one waits only for those that apply
    too."""
    known = first_times(stages)
    applying = [
        (duty, party)
        for duty in case.policy.duties
        if (party := duty.asked_of(case.request.kind)) is not None and holds(duty.when, case)
    ]
    ids = {duty.id for duty, _ in applying}
    return tuple(_answer(case, duty, party_on(case, party), ids, known) for duty, party in applying)


def _answer(case: Case, duty: Duty, party: str, ids: set[str], known: Mapping[str, datetime]) -> DutyAnswer:
    moment = duty.due or (Moment(duty.stage) if duty.stage else None)
    due, words = due_of(case, moment, known) if moment else (None, None)
    return DutyAnswer(
        id=duty.id,
        party=party,
        stage=duty.stage,
        text=duty.text,
        parts=tuple(
            PartAnswer(part.text, _droppable(case, part.may_drop)) for part in duty.parts if holds(part.when, case)
        ),
        due=due,
        due_words=words,
        after=tuple(each for each in duty.after if each in ids),
        may_drop=_droppable(case, duty.may_drop),
        assignee=duty.assignee,
    )


def _droppable(case: Case, may_drop: When | None) -> bool:
    return may_drop is not None and holds(may_drop, case)


# What does not go together in the times of a visit: how the guests come and go, and the days of meals and rooms.


def odd_times(
    arrive: datetime,
    depart: datetime,
    lands: Iterable[datetime | None] = (),
    leaves: Iterable[datetime | None] = (),
    days: Iterable[tuple[Name | Phrase, date]] = (),
) -> Iterator[Phrase]:
    """Each thing that cannot be as it is said: a visit that ends before it begins, guests who land after it has ended
    or set out before it begins, and what is held on a day outside of it (`days`: what, when). Local times."""
    if depart < arrive:
        yield Phrase("finding.depart")
        return
    for at in sorted({at for at in lands if at is not None and at > depart}):
        yield Phrase("finding.lands_late", {"at": f"{at:%m-%d %H:%M}", "until": f"{depart:%m-%d %H:%M}"})
    for at in sorted({at for at in leaves if at is not None and at < arrive}):
        yield Phrase("finding.leaves_early", {"at": f"{at:%m-%d %H:%M}", "from": f"{arrive:%m-%d %H:%M}"})
    for what, day in days:
        if not arrive.date() <= day <= depart.date():
            yield Phrase("finding.day_outside", {"what": what, "day": f"{day:%m-%d}"})


def days_of(
    policy: Policy, meals: Iterable[PlannedMeal], rooms: Iterable[PlannedLodging]
) -> list[tuple[Name | Phrase, date]]:
    """What is held on which day: each meal, and the first night of each of the rooms."""
    found: list[tuple[Name | Phrase, date]] = [
        (entry_name(policy, "meal", meal.meal) if meal.meal else item_name(policy, MEAL), meal.on) for meal in meals
    ]
    return found + [(item_name(policy, LODGING), room.on) for room in rooms]


# How long cars, rooms and persons are held for a visit, and what clashes with that (R90, R91, R92, A8, A9).
#
# Rows of `[[booking]]` are chosen here: the first that holds, for each thing and purpose, and each thing and clash.
# Times are naive local; a hold is half-open: at `ends` its thing is free again. Things are "car", "room", "person"
# (hosts, meeters, drivers). Who holds what is given, and nothing is read or kept.


@record
class Clash:
    """What is wrong with `hold`; for `twice` and `gap`, with which `other`.

    `code`: twice seats grade ungraded gap equipment midnight. `rule`: the row's id; for a class below the least, or
    not known, where the row has none, that of the cap (R90, R91).
    """

    code: str
    level: Level
    rule: str | None
    hold: Hold
    other: Hold | None
    text: Phrase


def clashes_of(case: Case, hold: Hold, others: Iterable[Hold]) -> tuple[Clash, ...]:
    """All that clashes with a hold of the case's visit: twice, seats, grade, gap, equipment, midnight, in this order;
    what no row asks about is not looked for.

    `others`: any holds, also this one, those of other things and of the same visit. Of the same visit they clash only
    where they overlap.
    """
    same = [other for other in others if _same(hold, other)]
    found: list[Clash] = []
    for code, look in _LOOK.items():
        row = _row_for(case, hold.thing, partial(_looks_for, code))
        if row is not None:
            found += (_clash(row, code, hold, *each) for each in look(case, row, hold, same))
    return tuple(found)


def span_of(case: Case, thing: str, purpose: str, at: datetime) -> Pair | None:
    """From when until when a thing is held for a purpose (arrival, departure, a stage's id) that is at that time; None
    where no row says so."""
    row = _row_for(case, thing, lambda row: purpose in row.purposes)
    if row is None:
        return None
    return _moved(case, at, row.before, -1), _moved(case, at, row.after, 1)


def purposes_of(case: Case, thing: str) -> tuple[str, ...]:
    """For what a thing is held, in the file's order; whether a stage applies is not asked."""
    rows = (row for row in case.policy.bookings if thing in row.things and holds(row.when, case))
    return tuple(dict.fromkeys(purpose for row in rows for purpose in row.purposes))


def least_of(case: Case, thing: str) -> tuple[str | None, str | None]:
    """The lowest class that the caps allow, and the id of the cap that says so (R90, R91); None where none is stated
    (R92, A8)."""
    order = _grades(case, thing)
    caps = [cap for cap in caps_in_force(case) if cap.item == (thing,) and cap.least in order]
    cap = min(caps, key=lambda each: order.index(str(each.least)), default=None)
    return (str(cap.least), cap.id) if cap else (None, None)


def equipment_of(case: Case, stage: str) -> frozenset[str]:
    """The equipment of the duties that apply to a stage."""
    duties = (duty for duty in case.policy.duties if duty.stage == stage and duty.equipment)
    return frozenset(each for duty in duties if holds(duty.when, case) for each in duty.equipment)


# the answer of `try`


def bookings(case: Case, stages: Iterable[StageAnswer]) -> BookingsAnswer:
    """What is held when by the request's own times: its arrival, its departure and the stages that apply."""
    applying = [stage for stage in stages if stage.applies]
    spans: list[HeldAnswer] = []
    for thing in CLASHES:
        for purpose in purposes_of(case, thing):
            held = [span_of(case, thing, purpose, at) for at in times_for(case, purpose, applying)]
            spans += [HeldAnswer(thing, purpose, *span) for span in held if span is not None]
    return BookingsAnswer(tuple(spans), least_of(case, "car")[0])


def booked(case: Case) -> list[Finding]:
    """A finding for each clash of the request's own holds, one for two of them that clash with each other."""
    found: list[Finding] = []
    for at, hold in enumerate(case.request.bookings):
        others = (*case.request.bookings[:at], *case.request.held)
        clashing = clashes_of(case, hold, others)
        found += (Finding(each.level, "booking", each.text, each.rule) for each in clashing)
    return found


def times_for(case: Case, purpose: str, stages: Iterable[StageAnswer]) -> tuple[datetime, ...]:
    """When the request has its arrival, its departure or a stage; a stage for each meal has several times."""
    ends = dict(zip(ENDS, (case.request.arrive, case.request.depart), strict=True))
    if purpose in ends:
        return (ends[purpose],)
    return tuple(stage.at for stage in stages if stage.id == purpose and stage.at is not None)


# the rows


def _looks_for(code: str, row: BookingRule) -> bool:
    return row.clash == _ROW.get(code, code)


def _row_for(case: Case, thing: str, about: Callable[[BookingRule], bool]) -> BookingRule | None:
    """The first row about a thing that holds."""
    rows = (row for row in case.policy.bookings if thing in row.things and about(row))
    return next((row for row in rows if holds(row.when, case)), None)


def _moved(case: Case, at: datetime, span: Span | None, sign: int) -> datetime:
    return moved(at, Span(sign * span.number, span.unit), case.days) if span else at


# what is looked for: with which other hold, what is said of it, and the rule where the row has no id

_Found = tuple[Hold | None, Phrase, str | None]
_Look = Callable[[Case, BookingRule, Hold, list[Hold]], Iterator[_Found]]


def _clash(row: BookingRule, code: str, hold: Hold, other: Hold | None, text: Phrase, rule: str | None) -> Clash:
    return Clash(code, level_of(row.breach), row.id or rule, hold, other, text)


def _same(hold: Hold, other: Hold) -> bool:
    """Whether another hold is of the same thing."""
    return other.key != hold.key and (other.thing, other.what) == (hold.thing, hold.what)


def _twice(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    for other in others:
        if hold.starts < other.ends and other.starts < hold.ends:
            key = "own" if other.visit == hold.visit else "firm" if other.firm else "asked"
            start, end = _clock(hold, other.starts), _clock(hold, other.ends)
            yield other, _said(f"twice.{key}", hold, start=start, end=end), None


def _gap(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """Between visits only: on one visit a thing goes on with the same guests."""
    for other in others:
        first, then = (hold, other) if hold.starts < other.starts else (other, hold)
        if other.visit == hold.visit or row.least is None:
            continue
        if first.ends <= then.starts < moved(first.ends, row.least, case.days):
            minutes = Phrase("finding.span.m", {"n": (then.starts - first.ends) // timedelta(minutes=1)})
            least = Phrase(f"finding.span.{row.least.unit}", {"n": row.least.number})
            key = "after" if then is hold else "before"
            yield other, _said(f"gap.{key}", hold, given=minutes, least=least, at=_clock(hold, first.ends)), None


def _seats(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    people = case.request.headcount if hold.people is None else hold.people
    if hold.seats is not None and people > hold.seats:
        yield None, _said("seats", hold, people=people, seats=hold.seats), None


def _grade(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    order = _grades(case, hold.thing)
    least, rule = least_of(case, hold.thing)
    if least is not None and hold.grade in order and order.index(hold.grade) > order.index(least):
        given, wanted = (case.policy.entry(hold.thing, each).name for each in (hold.grade, least))
        yield None, _said("grade", hold, given=given, least=wanted), rule


def _ungraded(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """Where a class is asked for, nobody can say that a car without one is not below it."""
    least, rule = least_of(case, hold.thing)
    if least is not None and hold.grade is not None and hold.grade not in _grades(case, hold.thing):
        yield None, _said("ungraded", hold, least=case.policy.entry(hold.thing, least).name), rule


def _equipment(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    missing = hold.needs - hold.equipment
    if missing:
        yield None, _said("equipment", hold, missing=_equipment_said(case, missing)), None


def _midnight(case: Case, row: BookingRule, hold: Hold, others: list[Hold]) -> Iterator[_Found]:
    """A hold that ends at midnight does not go over it."""
    if (hold.ends - timedelta(microseconds=1)).date() > hold.starts.date():
        start, end = hold.starts.strftime("%m-%d %H:%M"), _clock(hold, hold.ends)
        yield None, _said("midnight", hold, start=start, end=end), None


_LOOK: dict[str, _Look] = {
    "twice": _twice,
    "seats": _seats,
    "grade": _grade,
    "ungraded": _ungraded,
    "gap": _gap,
    "equipment": _equipment,
    "midnight": _midnight,
}
_ROW = {"ungraded": "grade"}
"""What a row is called that asks about it, where that is another word."""


# saying


def _said(key: str, hold: Hold, **facts: object) -> Phrase:
    return Phrase(f"finding.booking.{key}", {"name": hold.name, **facts})


def _clock(hold: Hold, at: datetime) -> str:
    """The time of day, with its day where that is not the hold's first."""
    return at.strftime("%H:%M" if at.date() == hold.starts.date() else "%m-%d %H:%M")


def _grades(case: Case, thing: str) -> list[str]:
    """The classes of a thing, highest first."""
    return [entry.id for entry in case.policy.lists.get(thing, ())]


def _equipment_said(case: Case, ids: frozenset[str]) -> Name | Phrase:
    """Several pieces of equipment, one after the other, in the order of the list."""
    names = {entry.id: entry.name for entry in case.policy.lists.get("equipment", ())}
    first, *rest = [*(each for each in names if each in ids), *sorted(ids - names.keys())]
    said: Name | Phrase = names.get(first) or Name.of(first)
    for each in rest:
        said = Phrase("finding.booking.and", {"first": said, "second": names.get(each) or Name.of(each)})
    return said
