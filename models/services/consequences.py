"""What follows a change of a visit: its route, stages, bookings, due times, and what an approval starts.

A round is one submission, or one question to the deciding step about a change. Within a round the steps taken stay
with their decisions; a change of route replaces those not yet taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from models.errors import Refused
from models.frozen import record
from models.policy import answer as policy_answer
from models.policy.answer import Answer, DutyAnswer, Finding, PartAnswer, PlanLine, StageAnswer
from models.policy.case import Case
from models.policy.model import DRINK, MEAL, OF_MEAL, TOBACCO, Moment, Policy
from models.policy.programme import Clash, Key, KnownTimes, anchored, first_times, programme
from models.schema import journal
from models.schema.arrangements import Booking, Cost, Leg, Lodging, Meal
from models.schema.base import Table
from models.schema.tables import ClientPerson, Decision, Expense, Person, Stage, Step, Task, Visit
from models.services import displays, validate, visit_form
from models.services.capacity import (
    against_others,
    bars,
    clashes_among,
    clashes_with,
    excused,
    forget,
    holds_of,
    purpose_time,
    put,
    rivals,
    solved,
    thing_name,
)
from models.services.cost_check import recheck_costs
from models.services.person_register import GIVEN, client_person_columns, holders
from models.services.rights import LIVE, ActorContext, coordinating_posts
from models.services.seating import cars_of, riding, spread
from models.services.session import Session
from models.services.visit_diff import Difference, Recipient, person_recipient
from models.services.visit_form import owner_of, unpacked
from models.services.visit_record import VisitRecord, span
from models.services.visit_state import notify
from models.services.visits import person_name, tier_now, visit_policy
from models.services.whereabouts import anchors, note_times, people_in, state_of
from models.words import Name, Phrase, alike
from models.words.catalogue import LANGUAGES

# -- the route --------------------------------------------------------------------------------------------------------

DECIDING = ("decide", "sign")
CHANGE = "change"
"""Why a step is asked again after approval."""


@record
class Act:
    """One decision of the round: in which posts (those of the step, too, where somebody above acted), at what kind of
    step, for which tier; `last`: the one just made."""

    posts: tuple[str, ...]
    what: str
    tier: str | None
    last: bool

    def holds(self, step: policy_answer.StepAnswer) -> bool:
        """Whether it was made in a post of that step."""
        return not set(self.posts).isdisjoint(step.posts)


def lay(session: Session, row: Visit, answer: Answer) -> Step | None:
    """Store the whole route as a new round of decisions; the step at which the visit now lies, None where none is to be
    taken."""
    row.round += 1
    for step in answer.route:
        add_step(row, step)
    return advance(session, row)


def ask_again(session: Session, row: Visit, answer: Answer) -> Step | None:
    """Store a round with the deciding step alone, about a change of substance; None where the route has none."""
    row.round += 1
    for step in deciding(answer):
        add_step(row, replace(step, why=CHANGE))
    return advance(session, row)


def advance(session: Session, row: Visit) -> Step | None:
    """Go on to the next step not yet taken, past those that are only informed; None at the end of the route."""
    for step in _steps(row):
        if step.state == "done":
            continue
        if step.what != "report":
            step.state = "current"
            step.since_utc = session.now_utc()
            step.save()
            return step
        step.state = "done"
        step.save()
    return None


def halt(row: Visit) -> None:
    """The visit lies at no step any more: withdrawn, returned, refused or cancelled."""
    Step.update(state="waiting").where(Step.visit == row.id, Step.round == row.round, Step.state == "current").execute()


def reroute(row: Visit, policy: Policy, answer: Answer, tier: str | None, *, lowered: bool) -> bool:
    """Replace the steps not yet taken by those the answer's route still asks for (A3).

    `lowered`: the decision just made did not raise the tier, so that it keeps its authority, where it was the last
    one. Gives whether somebody else must still decide.
    """
    lowered = lowered and all(step.state == "done" for step in _steps(row) if step.what == "decide")
    Step.delete().where(Step.visit == row.id, Step.round == row.round, Step.state != "done").execute()
    changing = row.before is not None
    route = deciding(answer) if changing else answer.route
    left = _left(route, _acts(row), policy, tier, lowered)
    for step in left:
        add_step(row, replace(step, why=CHANGE) if changing else step)
    return any(step.what == "decide" for step in left)


def deciding(answer: Answer) -> tuple[policy_answer.StepAnswer, ...]:
    """The route's last deciding step alone, which confirms the tier and any change of substance."""
    steps = [step for step in answer.route if step.what == "decide"]
    return tuple(steps[-1:])


def raised(policy: Policy, before: str | None, after: str | None) -> bool:
    """Whether a tier is higher than before; tiers stand highest first."""
    order = [tier.id for tier in policy.tiers]
    return before in order and after in order and order.index(after) < order.index(before)


def _left(
    route: tuple[policy_answer.StepAnswer, ...], acts: list[Act], policy: Policy, tier: str | None, lowered: bool
) -> list[policy_answer.StepAnswer]:
    """The steps of a route that the round's acts do not cover, in order."""
    left: list[policy_answer.StepAnswer] = []
    for step in route:
        taken = any(_covers(act, step, policy, tier, lowered) for act in acts)
        # Adjacent steps of one person are one (A5): what they would have to do next, they have just done.
        at_once = not left and step.what != "report" and any(act.last and act.holds(step) for act in acts)
        if not taken and not at_once:
            left.append(step)
    return left


def _covers(act: Act, step: policy_answer.StepAnswer, policy: Policy, tier: str | None, lowered: bool) -> bool:
    """Whether an act stands for a step: an opinion by its post, a decision only for this tier and by own authority,
    which is holding the step's post or one above (A3)."""
    holds = act.holds(step)
    if step.what == "opinion":
        return holds
    if step.what == "report" or act.what not in DECIDING or act.tier != tier:
        return False
    if step.what == "sign":
        return holds
    return (
        holds or (act.last and lowered) or any(policy.satisfies(own, post) for own in act.posts for post in step.posts)
    )


def _acts(row: Visit) -> list[Act]:
    """The decisions of this round, oldest first."""
    rows = (
        Decision.select(Decision, Step)
        .join(Step)
        .where(Decision.visit == row.id, Step.round == row.round, Decision.outcome.in_(["agree", "pass_on"]))
        .order_by(Decision.id)
    )
    found = list(rows)
    return [Act(_acted(each), each.step.what, each.tier, each is found[-1]) for each in found]


def _acted(decision: Decision) -> tuple[str, ...]:
    """The posts for which a decision counts."""
    asked = tuple(decision.step.posts)
    return (decision.post,) if decision.post in asked else (decision.post, *asked)


def lies_at(context: ActorContext, row: Visit, step: Step) -> Phrase | None:
    """What is to be known of a step at which nobody of its posts can be asked now: who may decide instead, or who
    enters what was decided; None where somebody is there."""
    found = context.voices(row, step)
    if any(each.here and not each.above for each in found):
        return None
    posts = validate.joined([context.policy(row).name_of(post) for post in step.posts])
    why = "away" if any(not each.above for each in found) else "vacant"
    above = ", ".join(dict.fromkeys(person_name(each.person) for each in found if each.above))
    return Phrase(f"done.lies_{why}_{'above' if above else 'nowhere'}", {"posts": posts, "who": above})


def _steps(row: Visit) -> list[Step]:
    return list(Step.select().where(Step.visit == row.id, Step.round == row.round).order_by(Step.position))


def add_step(row: Visit, step: policy_answer.StepAnswer) -> None:
    """Store a step after those of the visit's present round."""
    Step.create(
        visit=row.id,
        round=row.round,
        position=len(_steps(row)) + 1,
        posts=list(step.posts),
        what=step.what,
        also=list(step.also),
        why=step.why,
    )


# -- stages and tasks -------------------------------------------------------------------------------------------------

Part = dict[str, Any]

_LABEL = 3
_ALIKE = ((0, 1, 2, _LABEL), (1, 2, _LABEL), (0, 1, _LABEL), (0, 1))
"""Which of line, item, day and label must be the same, round by round."""


@record
class DutyChange:
    """A duty that a change added to a visit or took from it; `part`: only this part of one that stays."""

    duty: str
    party: str
    text: Name
    part: bool = False


@record
class Rebuilt:
    """The duties that a change added to a visit, and those it took from it."""

    added: tuple[DutyChange, ...]
    removed: tuple[DutyChange, ...]


NO_DUTIES = Rebuilt((), ())


def rebuild(row: Visit, answer: Answer, before: Answer | None = None) -> Rebuilt:
    """Make the visit's stages, tasks and planned costs what the answer says; `before`: what it said until now. When the
    stages are and what is due by them comes after."""
    rebuild_stages(row, answer, before)
    _expenses(row, answer)
    row.total = answer.total
    return _tasks(row, answer)


def keep(rows: Sequence[Table], had: Mapping[int, Mapping[str, Any]]) -> None:
    """Store rows of one table, of which `had` is what each held before, by id: the new ones with one statement, those
    of which but the version is another with one, too, and nothing of those that are as they were."""
    new, same = [row for row in rows if row.id is None], list[int]()
    if new:
        type(new[0]).bulk_create(new)
    alike: dict[frozenset[str], list[Table]] = {}
    for row in rows:
        fresh = frozenset(name for name, value in row.__data__.items() if had.get(row.id, {}).get(name, ...) != value)
        if row in new or not fresh:
            continue
        if fresh == {"version"}:
            same.append(row.id)
        elif fresh <= _PLAIN:
            alike.setdefault(fresh, []).append(row)
        else:
            row.save()
    if same:
        model: Any = type(rows[0])
        model.update(version=model.version + 1).where(model.id.in_(same)).execute()
    for names, changed in alike.items():
        type(changed[0]).bulk_update(changed, sorted(names))  # type: ignore[no-untyped-call]  # peewee has no type for it


_PLAIN = frozenset(["position", "at", "due", "version", "meal"])
"""Columns of which many rows of a table may get other values at once, with one statement."""


def held(rows: Iterable[Table]) -> dict[int, dict[str, Any]]:
    """The present values of rows, by id; see `keep`."""
    return {row.id: dict(row.__data__) for row in rows}


def by_language(name: Name) -> dict[str, str]:
    """A name as JSON keeps it: language → words."""
    return {code: name.say(code) for code in LANGUAGES}


def rebuild_stages(row: Visit, answer: Answer, before: Answer | None) -> None:
    """All stages in order, those that do not apply among them (R26 to R35). Their times come after."""
    meals = meals_of(row)
    had = list(Stage.select().where(Stage.visit == row.id).order_by(Stage.position))
    stood, matched = held(had), _same_stages(answer, had, meals)
    old = {stage.id: stage for stage in before.stages} if before else {}
    kept = []
    for position, asked in enumerate(answer.stages, 1):
        stage = matched.get((asked.id, asked.meal)) or Stage(visit=row.id, stage=asked.id)
        stage.position = position
        stage.meal = meals[asked.meal] if asked.meal is not None else None
        was = old.get(asked.id)
        if was is None or was.applies != asked.applies or stage.id is None:
            stage.state = _stage_state(stage.state, asked.applies)
        kept.append(stage)
    for stage in had:
        if stage not in kept and stage.meal is not None and stage.state in ("planned", "not_applicable"):
            stage.delete_instance()
    keep(kept, stood)


def meals_of(row: Visit) -> list[int]:
    """The meals of a visit by id, in the order of the form."""
    return [meal.id for meal in Meal.select(Meal.id).where(Meal.visit == row.id).order_by(Meal.position)]


def _same_stages(answer: Answer, had: Sequence[Stage], meals: Sequence[int]) -> dict[Key, Stage]:
    """Which stage goes on as which: that of the same meal; else, of one that stood for no meal, or whose meal is no
    more, the first there is."""
    keys = {(asked.id, asked.meal): meals[asked.meal] if asked.meal is not None else None for asked in answer.stages}
    by_meal = {(stage.stage, stage.meal): stage for stage in had}
    found = {key: by_meal[key[0], meal] for key, meal in keys.items() if (key[0], meal) in by_meal}
    left = [stage for stage in had if stage not in found.values()]
    for key in keys:
        spare = next((stage for stage in left if stage.stage == key[0] and key not in found), None)
        if spare is not None:
            found[key] = spare
            left.remove(spare)
    return found


def _stage_state(state: str, applies: bool) -> str:
    if state in ("under_way", "done"):
        return state
    return "planned" if applies else "not_applicable"


def _tasks(row: Visit, answer: Answer) -> Rebuilt:
    rows = {task.duty: task for task in Task.select().where(Task.visit == row.id)}
    was = held(rows.values())
    added, removed, kept = list[DutyChange](), list[DutyChange](), []
    for position, duty in enumerate(answer.duties, 1):
        task = rows.pop(duty.id, None) or Task(visit=row.id, duty=duty.id, state="gone", version=0)
        if task.state == "gone":
            added.append(_said(task, duty.text, duty.party))
        else:
            had, asked = [part["text"] for part in task.parts], [by_language(part.text) for part in duty.parts]
            removed += [DutyChange(task.duty, task.party, Name(text), part=True) for text in had if text not in asked]
            added += [DutyChange(task.duty, duty.party, Name(text), part=True) for text in asked if text not in had]
        _fill(task, duty, position)
        kept.append(task)
    gone = [task for task in rows.values() if task.state != "gone"]
    for task in gone:
        task.state = "gone"
        task.version += 1
    keep([*kept, *gone], was)
    return Rebuilt(tuple(added), (*[_said(task, Name(task.text), task.party) for task in gone], *removed))


def _said(task: Task, text: Name, party: str) -> DutyChange:
    return DutyChange(task.duty, party, text)


def _fill(task: Task, duty: DutyAnswer, position: int) -> None:
    """Put into a task what its duty now asks, keeping what was done; new times only while it is open."""
    task.position = position
    task.party, task.stage, task.text = duty.party, duty.stage, by_language(duty.text)
    task.after, task.may_drop, task.needs_assignee = list(duty.after), duty.may_drop, duty.assignee
    task.parts = _parts(task.parts, duty.parts)
    task.state = _state(task)
    if task.state == "open":
        task.due = duty.due
        task.done_by = task.done_at = None
    if task.state != "dropped":
        task.dropped_for = ""
    task.version += 1


def _parts(had: list[Part], asked: tuple[PartAnswer, ...]) -> list[Part]:
    known = {str(part["text"]): part for part in had}
    parts = []
    for part in asked:
        text = by_language(part.text)
        old = known.get(str(text), {"done": False, "dropped": False, "by": "", "at": None})
        parts.append({**old, "text": text, "may_drop": part.may_drop, "dropped": old["dropped"] and part.may_drop})
    return parts


def _state(task: Task) -> str:
    """Done while nothing of it is left to do, dropped while it may be dropped (A25), else open."""
    if task.dropped_for and task.may_drop:
        return "dropped"
    done = task.done_at is not None and all(part["done"] or part["dropped"] for part in task.parts)
    return "done" if done else "open"


def _expenses(row: Visit, answer: Answer) -> None:
    """One expense for each plan line; a line that went stays only where something was already paid for it. What is over
    is for `recheck_costs` to say, once the form is as the lines are."""
    had = [each for each in Expense.select().where(Expense.visit == row.id).order_by(Expense.position) if each.line]
    was, labels = held(had), _labels(row)
    matched = _matched(answer.plan, had, labels)
    kept: list[Expense] = []
    for position, line in enumerate(answer.plan, 1):
        expense = matched.get(line.id) or Expense(visit=row.id, version=0, decided_by=_decided_by(row, line.id))
        expense.line = line.id
        _plan(expense, line, position, labels.get(line.id, ""))
        expense.version += 1
        kept.append(expense)
    for expense in had:
        if expense in kept:
            continue
        if expense.actual is None:
            expense.delete_instance()
        else:
            expense.planned, expense.planned_over = None, 0
            expense.version += 1
            kept.append(expense)
    keep(kept, was)


def _decided_by(row: Visit, line: str) -> str:
    """Who set a gift, an activity or the like that the standard leaves to somebody (R93, R94)."""
    if not line.startswith("cost"):
        return ""
    costs = list(Cost.select().where(Cost.visit == row.id).order_by(Cost.position))
    return str(costs[int(line.removeprefix("cost")) - 1].decided_by)


def _matched(plan: tuple[PlanLine, ...], had: list[Expense], labels: dict[str, str]) -> dict[str, Expense]:
    """Which expense goes on as which plan line: the most alike first, so that what was paid stays with its meal."""
    found: dict[str, Expense] = {}
    left = list(had)
    for fields in _ALIKE:
        for line in plan:
            mark = (line.id, line.item, line.on, labels.get(line.id, ""))
            # another kind of meal is another thing to pay for; another grade of a room or receiver of a gift is not
            if line.id in found or (line.item in OF_MEAL and _LABEL not in fields):
                continue
            for each in left:
                theirs = (each.line, each.item, each.on, each.label)
                if all(mark[field] == theirs[field] for field in fields):
                    found[line.id] = each
                    left.remove(each)
                    break
    return found


def _labels(row: Visit) -> dict[str, str]:
    """What each plan line is about: the meal's or the grade's id of the policy, or for whom a cost is."""
    tables: tuple[tuple[type[Meal] | type[Lodging] | type[Cost], str, str], ...] = (
        (Meal, "meal", "meal"),
        (Lodging, "lodging", "grade"),
        (Cost, "cost", "to"),
    )
    labels: dict[str, str] = {}
    for table, prefix, name in tables:
        rows = table.select().where(table.visit == row.id).order_by(table.position)
        labels |= {f"{prefix}{n}": getattr(each, name) or "" for n, each in enumerate(rows, 1)}
    meals = {line.removeprefix(MEAL): label for line, label in labels.items() if line.startswith(MEAL)}
    return labels | {f"{item}{n}": label for item in (DRINK, TOBACCO) for n, label in meals.items()}


def _plan(expense: Expense, line: PlanLine, position: int, label: str) -> None:
    expense.position, expense.label = position, label
    expense.item, expense.on, expense.per = line.item, line.on, line.per
    expense.quantity = line.quantity
    expense.cap, expense.planned, expense.planned_over = line.cap, line.amount, line.over
    expense.payer, expense.rule = line.payer, line.rule


# -- bookings ---------------------------------------------------------------------------------------------------------


@record
class Followed:
    """What became of bookings whose leg or stage moved: those that moved along, those that could not because of what
    clashes then, and what clashed before and does no more."""

    moved: tuple[int, ...] = ()
    stuck: tuple[int, ...] = ()
    fresh: tuple[Clash, ...] = ()
    solved: tuple[Clash, ...] = ()


NO_BOOKINGS = Followed()


@record
class Stood:
    """A booking before something moved: when the leg or stage was that it is made for, and when it should begin."""

    at: datetime
    starts: datetime


def stood(record: VisitRecord) -> dict[int, Stood]:
    """Where the bookings of a visit stand that are made for a leg or a stage: what `follow` compares with."""
    found = dict[int, Stood]()
    for booking in record.bookings:
        at = purpose_time(record, booking)
        if at is not None:
            found[booking.id] = Stood(at, booking.wanted or booking.starts)
    return found


def follow(record: VisitRecord, before: Mapping[int, Stood]) -> Followed:
    """Move bookings along with the leg or stage they are made for, inside the caller's transaction; `before`: what
    `stood` gave before it moved.

    One that would then clash with another beyond what is allowed without a reason stays where it is, to be seen to.
    """
    moving: list[tuple[Booking, datetime, datetime]] = []
    for each in sorted(record.bookings, key=lambda each: each.id):
        at, was = purpose_time(record, each), before.get(each.id)
        if at is not None and was is not None and at != was.at:
            moving.append((each, each.starts, was.starts + (at - was.at)))
    if not moving:
        return NO_BOOKINGS
    ids = [each.id for each, _, _ in moving]
    had = clashes_with(record, ids)
    stuck: list[int] = []
    kept: list[Clash] = []
    for each, _, starts in moving:
        put(each, starts, starts + (each.ends - each.starts))
    record = record.renewed()
    for each, old, starts in moving:
        wrong = against_others(record, each.id)
        if wrong:
            put(each, old, old + (each.ends - each.starts))
            each.wanted = starts
            each.save()
            stuck.append(each.id)
            kept += wrong
            record = record.renewed()
    now = clashes_with(record, ids)
    gone = solved(had, now)
    forget(gone)
    moved = tuple(each.id for each, old, _ in moving if each.starts != old)
    return Followed(moved, tuple(stuck), (*kept, *solved(now, had)), gone)


def rejoin(record: VisitRecord, leg: Leg) -> None:
    """Move the bookings of a group that will come or go with the others to the visit's own leg: inside the caller's
    transaction, before `follow`.

    Its cars are released where all of it finds a seat with them, or they have the same car already; anything else that
    is booked for it becomes theirs.
    """
    row = record.row
    home = Leg.get_or_none(Leg.visit == row.id, Leg.way == leg.way, Leg.position == 0)
    home = home or Leg.create(visit=row.id, way=leg.way)
    mine = list(Booking.select().where(Booking.leg == leg.id).order_by(Booking.id))
    theirs = list(Booking.select().where(Booking.leg == home.id).order_by(Booking.id))
    cars = cars_of([*mine, *theirs])
    legs = record.all_legs
    people = sum(people_in(row, each, legs) or 0 for each in (home, leg))
    seats = [(each, cars[each.resource_id]) for each in theirs if each.resource_id in cars]
    seated = bool(seats) and people <= sum(max(riding(*each), each[1].seats or 0) for each in seats)
    if seated:
        lacking = people - sum(riding(*each) for each in seats)
        order = {guest.name: place for place, guest in enumerate(record.asked_form.guests)}
        for (booking, car), more, names in spread(seats, lacking, leg.guests):
            booking.people = riding(booking, car) + more
            booking.guests = sorted([*booking.guests, *names], key=lambda name: order.get(name, len(order)))
            booking.version += 1
            booking.save()
    had = {each.resource_id for each in theirs}
    for booking in mine:
        if booking.resource_id in cars and (seated or booking.resource_id in had):
            gone = clashes_with(record, [booking.id])
            booking.delete_instance()
            forget(gone)
            record = record.renewed()
        else:
            booking.leg = home
            booking.version += 1
            booking.save()


def confirm_bookings(record: VisitRecord) -> tuple[str, ...]:
    """Make the bookings of a visit firm as it is approved, inside the caller's transaction. Those that clash with
    others' firm ones, against the policy and without a reason, are released, and whoever looks after the visit is to
    hear of it to book others; gives what they were."""
    session, row, gone = record.session, record.row, list[str]()
    told: list[Difference] = []
    for booking in sorted(record.bookings, key=lambda each: each.id):
        wrong = against_others(record, booking.id)
        if wrong:
            name = thing_name(booking)
            gone.append(name)
            told.append(_released(booking, name, wrong[0]))
            booking.delete_instance()
            forget(wrong)
            record = record.renewed()
    if gone:
        journal.record(session, "booking.settle", row.id, {"text": ", ".join(gone)})
        notify(session, row, [_coordinator(row)], told, himself=True)
    return tuple(gone)


def _released(booking: Booking, name: str, clash: Clash) -> Difference:
    """That a booking gave way, and to what."""
    facts = {"what": name, "span": span(booking.starts, booking.ends), "why": clash.text}
    return Difference(f"released:{booking.id}", "state", Name.of(name), None, Phrase("effects.given_way", facts))


def _coordinator(row: Visit) -> Recipient:
    """Who looks after a visit; nobody by name while that is nobody."""
    person = row.coordinator_id
    return Recipient("coordinator", row.owner or "") if person is None else person_recipient("coordinator", person)


def let_go(record: VisitRecord) -> None:
    """Drop the reasons for clashes with a visit that will hold nothing any more: should it come back, all of it is
    looked at again."""
    forget(clashes_with(record, [each.id for each in record.bookings]))


HOST_BUSY = "host_busy"
"""The code of the finding that a host or who meets the guests is firmly needed elsewhere, and of the reason for it."""


def part_findings(record: VisitRecord) -> tuple[Finding, ...]:
    """Where somebody with a part in a visit that is firm now is firmly held for another: what the policy does not
    allow, or wants a reason for that the visit does not have (`row.reasons`, by HOST_BUSY)."""
    mine = [hold for hold in holds_of(record) if str(hold.key).startswith("part:")]
    others = rivals(record, mine)
    found = [clash for clash in clashes_among(record, mine, others) if bars(clash) and not excused(clash)]
    reasoned = bool(record.row.reasons.get(HOST_BUSY))
    return tuple(
        Finding(clash.level, HOST_BUSY, clash.text, clash.rule)
        for clash in found
        if clash.level == "block" or not reasoned
    )


# -- due times --------------------------------------------------------------------------------------------------------


def _day(record: VisitRecord) -> date | None:
    return record.row.comes and record.row.comes.date()


def _case(record: VisitRecord) -> Case | None:
    """The facts that times depend on; None where the visit's policy cannot be read, or its form is not complete."""
    try:
        return Case(record.own_policy, record.request(record.asked_form, tier_now(record.row)))
    except Refused:
        return None


def _follow(case: Case, record: VisitRecord) -> tuple[StageAnswer, ...]:
    """Put planned stages that nobody set by hand where the policy puts them now; gives them all as they are then."""
    rows = _stages(record)
    stood = held(rows.values())
    stands = {key: each.at for key, each in rows.items() if each.at is not None and (each.by_hand or each.started)}
    now = programme(
        case,
        KnownTimes(
            now=anchors(record.row, record.all_legs, record.guests),
            hours={n: meal.at for n, meal in enumerate(record.meals) if meal.at is not None},
            fixed=stands,
            applies={key: each.state != "not_applicable" for key, each in rows.items()},
        ),
    )
    for position, stage in enumerate(now, 1):
        each = rows.get((stage.id, stage.meal))
        if each is None:
            continue
        each.position = position
        if each.state == "planned" and not each.by_hand:
            each.at = stage.at or each.at
    keep(list(rows.values()), stood)
    return tuple(replace(stage, at=rows[key].at) for stage in now if (key := (stage.id, stage.meal)) in rows)


def _stages(record: VisitRecord) -> dict[Key, Stage]:
    places: dict[int | None, int] = {meal.id: n for n, meal in enumerate(record.meals)}
    return {(stage.stage, places.get(stage.meal)): stage for stage in record.stages}


def _reschedule_tasks(case: Case, record: VisitRecord, stages: Iterable[StageAnswer]) -> None:
    """Open tasks are due by the policy's moments, counted from where the stages and the guests' legs are now; ticked
    ones keep their time."""
    known = {**anchors(record.row, record.all_legs, record.guests), **first_times(stages)}
    duties = {duty.id: duty for duty in case.policy.duties}
    stood = held(record.tasks)
    for task in record.tasks:
        duty = duties.get(task.duty) if task.state == "open" else None
        moment = (duty.due or (Moment(duty.stage) if duty.stage else None)) if duty else None
        due = anchored(case, moment, known) if moment else task.due
        if due != task.due:
            task.due = due
            task.version += 1
    keep(record.tasks, stood)


def keep_guests(record: VisitRecord) -> None:
    """Enter the visit's guests among its client's people; inside a write transaction.

    Of who is there already the latest is kept, but for what somebody wrote by hand.
    """
    client, there = record.row.client_id, dict(record.client_people)
    for guest in record.guests if client is not None else ():
        said = {field: getattr(guest, field) for field in GIVEN if getattr(guest, field)}
        known = there.get(alike.key(guest.name))
        if known is None and guest.name:
            row = ClientPerson.create(client=client, **client_person_columns(guest.name), **said)
            there[row.key] = row
        elif known is not None:
            fresh = {f: text for f, text in said.items() if f not in known.edited and getattr(known, f) != text}
            if fresh:
                ClientPerson.update(**fresh, version=known.version + 1).where(ClientPerson.id == known.id).execute()


# -- the final approval -----------------------------------------------------------------------------------------------


def approve(record: VisitRecord, answer: Answer, before: Answer | None = None) -> Plan:
    """Turn a request into arrangements; gives what is to be made of it. A visit to which a change was decided goes on
    where its guests are by now."""
    row = record.row
    row.tier = tier_now(row)
    row.before = None
    row.state = state_of(row, record.all_legs)
    if row.coordinator_id is None:
        row.coordinator = coordinator(record.session, row)
    return Plan(answer, before, firm=True)


def put_back(record: VisitRecord) -> Plan:
    """Undo a change that was to be decided: the visit is again what was approved; gives what is to be made of it."""
    session, row = record.session, record.row
    asked, old = record.judged(), unpacked(row.before or {})
    visit_form.save(row, replace(old, tier=row.proposed_tier))
    row.tier = old.tier
    row.owner = owner_of(record.policy, old, (row.submitted_at or session.now()).date(), record.register)
    row.reasons = dict(old.reasons)
    now = record.renewed()
    return approve(now, now.judged(), asked)


def coordinator(session: Session, row: Visit) -> Person | None:
    """Who looks after a visit for the owner department (R17): of its lasting posts below the head those that the kind
    of visitor names as filing or seeing such requests, else the head. Who acts, if among them; else whoever has the
    fewest visits now; None where nobody holds any."""
    below, heads, *_ = coordinating_posts(visit_policy(session, row), row.owner, row.kind)
    for group in (below, heads):
        people = sorted({person for post in group for person in holders(post, session.now().date())})
        if people:
            actor = session.actor.person
            return Person.get_by_id(actor if actor in people else min(people, key=_load))
    return None


def _load(person: int) -> int:
    return Visit.select().where(Visit.coordinator == person, Visit.state.in_(LIVE)).count()


# -- all of it, in order ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Plan:
    """What the policy says to a visit, to be made of it: `answer`; `before`: what it said until now; `firm`: the visit
    is approved by this. `rebuilt`: the duties that this added and took away, once it is made."""

    answer: Answer
    before: Answer | None = None
    firm: bool = False
    rebuilt: Rebuilt = NO_DUTIES


class Following:
    """What follows from a change of a visit, in the order of `_STEPS`; made before the change, with which it compares.
    `plan`: what else is to be made of it; `booked`: what became of the bookings, once it followed."""

    def __init__(self, record: VisitRecord) -> None:
        self.stood, self.day = stood(record), _day(record)
        self.plan: Plan | None = None
        self.booked = NO_BOOKINGS

    def follow(self, record: VisitRecord, plan: Plan | None = None) -> VisitRecord:
        """Let it follow, from the visit as the change left it; gives the visit as it is then."""
        self.plan = plan
        for step in _STEPS:
            step(self, record)
            record = record.renewed()
        return record


def _planned(change: Following, record: VisitRecord) -> None:
    """Stages, tasks and lines of costs are those that the policy asks for."""
    if change.plan is not None:
        change.plan.rebuilt = rebuild(record.row, change.plan.answer, change.plan.before)


def _begins(change: Following, record: VisitRecord) -> None:
    """When the visit begins and ends, and its days."""
    note_times(record.row, record.all_legs)


def _timed(change: Following, record: VisitRecord) -> None:
    """When the stages are that nobody set by hand, and by when tasks are due."""
    case = _case(record)
    if case is not None:
        _reschedule_tasks(case, record, _follow(case, record))


def _booked(change: Following, record: VisitRecord) -> None:
    """What is booked goes along with its group or stage."""
    change.booked = follow(record, change.stood)


def _costed(change: Following, record: VisitRecord) -> None:
    """What lines that are paid have over."""
    if change.plan is not None:
        recheck_costs(record)


def _worded(change: Following, record: VisitRecord) -> None:
    """The texts that are shown or set out."""
    if change.plan is not None or (change.day != _day(record) and record.displays):
        displays.refresh(record)


def _held_firmly(change: Following, record: VisitRecord) -> None:
    """What is booked for a visit that is approved now is firm, or gives way."""
    if change.plan is not None and change.plan.firm:
        confirm_bookings(record)


_STEPS = (_planned, _begins, _timed, _booked, _costed, _worded, _held_firmly)
