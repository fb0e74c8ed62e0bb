"""What follows an approval in the sample company: duties done, guests received, stages gone through, costs settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from models.demo.cast import Sketch
from models.demo.play import Play
from models.schema.arrangements import Notification
from models.schema.store import reading
from models.schema.tables import Expense, Stage, Task, Visit, VisitPerson
from models.services import booking_verbs, cost_verbs, day_verbs, task_verbs
from models.services.capacity import reason_key
from models.services.session import Session
from models.services.visits import Done

_SPARED = frozenset(["R48", "R66"])
"""Duties that a small visit does without (从简), where the policy allows it."""
_NEAR = timedelta(days=1)
"""How far from today it is arranged where each stage is, and which cars and rooms are booked."""
_NIGHT = timedelta(hours=10)
"""No stage takes longer; from 22:00 on it is lodging."""
_TEA = 4
"""How many of the parts of a task are ticked by the evening before."""


class Visited(Protocol):
    """The visit being lived."""

    play: Play
    sketch: Sketch
    visit: int
    arrive: datetime
    depart: datetime

    def row(self) -> Visit: ...
    @property
    def seen(self) -> int: ...


def arrange(lived: Visited) -> None:
    """Let happen what an approved visit brings: assignments, ticks, the guests' coming and going, costs."""
    play, arrive, depart = lived.play, lived.arrive, lived.depart
    coordinator = play.named(lived.row().coordinator_id)
    with reading():
        asked = list(Task.select().where(Task.visit == lived.visit, Task.state == "open").order_by(Task.position))
        planned = list(Stage.select().where(Stage.visit == lived.visit, Stage.state == "planned"))
    host = play.named(_host(lived))
    for task in asked:
        _task(lived, task, coordinator, host)
    if lived.sketch.no_show:
        play.at(arrive + timedelta(hours=2), partial(_no_show, lived))
    else:
        _stages(lived, planned)
        if abs(arrive.date() - play.today) <= _NEAR:
            play.at(play.soon(40), partial(_book, lived, coordinator))
        play.at(arrive + timedelta(minutes=6), partial(_met, lived))
        play.at(depart + timedelta(minutes=3), partial(_seen_off, lived))
    settled = depart.replace(hour=10, minute=15) + timedelta(days=lived.sketch.settle)
    play.at(settled, partial(_settle, lived))
    play.at(settled.replace(hour=16) + timedelta(days=1), partial(_close, lived))


def _task(lived: Visited, task: Task, coordinator: str, host: str) -> None:
    """Assign a duty where it wants somebody, and have it ticked about when it is due, unless the sketch forgets it."""
    play, sketch, arrive = lived.play, lived.sketch, lived.arrive
    who = _doer(lived, task, host)
    if task.needs_assignee or task.duty in play.cast.assignees:
        task_verbs.assign(play.session(coordinator), task.id, play.ids[who], expected=task.version)
    if sketch.tier == "routine" and task.may_drop and task.duty in _SPARED:
        play.at(play.soon(20), partial(_drop, lived, task, coordinator))
        return
    if task.duty in sketch.open.split():
        return
    spread = (sketch.turn * 13 + task.position * 7) % 40
    due = task.due or arrive
    if task.duty in sketch.early.split():
        due = arrive - timedelta(hours=18)
    elif due >= arrive:
        due += timedelta(minutes=25)
    if task.parts and arrive.date() >= play.today:
        for part in range(min(_TEA, len(task.parts) - 1)):
            at = due - timedelta(hours=2 + part * 5)
            play.at(at, partial(_part, lived, task, who, part))
    play.at(due - timedelta(minutes=5 + spread), partial(_tick, lived, task, who))


def _doer(lived: Visited, task: Task, host: str) -> str:
    """Who does a duty: who is named for it in turn, the lead host, the head of the department, the project's lead."""
    play = lived.play
    turns = play.cast.assignees.get(task.duty)
    if turns:
        return turns[lived.sketch.turn % len(turns)]
    if task.party == "@lead_host":
        return host
    if task.party in ("project_sales_lead", "@applicant"):
        return lived.sketch.client.sales
    head = play.policy.department(task.party).head
    return play.cast.holder(head or task.party)


def _open(task: Task, *states: str) -> int | None:
    """The version of a task that is open on a visit in one of these states, None where it is not."""
    open_now = (Task.id == task.id) & (Task.state == "open") & Visit.state.in_(states)
    with reading():
        version: int | None = Task.select(Task.version).join(Visit).where(open_now).scalar()
    return version


def _tick(lived: Visited, task: Task, who: str) -> None:
    version = _open(task, "submitted", "approved", "under_way", "done")
    if version is not None:
        task_verbs.tick(lived.play.session(who), task.id, expected=version)


def _part(lived: Visited, task: Task, who: str, part: int) -> None:
    version = _open(task, "submitted", "approved", "under_way")
    if version is not None:
        task_verbs.tick_part(lived.play.session(who), task.id, part, expected=version)


def _drop(lived: Visited, task: Task, coordinator: str) -> None:
    version = _open(task, "submitted", "approved", "under_way", "done")
    if version is not None:
        task_verbs.drop(lived.play.session(coordinator), task.id, "业务级从简", expected=version)


def _stages(lived: Visited, planned: Sequence[Stage]) -> None:
    """Plan where the stages near today are, and go through all in order of time; the send-off ends the last."""
    play, arrive, depart = lived.play, lived.arrive, lived.depart
    in_order = sorted([stage for stage in planned if stage.at], key=lambda stage: (stage.at, stage.position))
    for stage, after in zip(in_order, [*in_order[1:], None], strict=True):
        if abs(arrive.date() - play.today) <= _NEAR:
            play.at(play.soon(30), partial(_plan, lived, stage))
        begins = min(max(stage.at or arrive, arrive + timedelta(minutes=7)), depart)
        ends = min(max((after and after.at) or depart, arrive + timedelta(minutes=8)), begins + _NIGHT, depart)
        if after is None or ends > play.curtain:
            play.at(begins, partial(_stage, lived, stage, day_verbs.start_stage))
        else:
            play.at(ends, partial(_stage, lived, stage, day_verbs.finish_stage))


def _place(lived: Visited, stage: str) -> str:
    """Where a stage is that is neither in a booked room nor at a meal."""
    if stage == "pick_up":
        return lived.sketch.client.come.rpartition(" ")[2]
    places = lived.play.cast.places.get(stage, ())
    return places[lived.sketch.turn % len(places)] if places else ""


def _plan(lived: Visited, stage: Stage) -> None:
    row = lived.row()
    if row.state in ("approved", "under_way"):
        session = _coordinator(lived, row)
        client = lived.sketch.client
        people = {"pick_up": client.sales, "tour": client.tech}.get(stage.stage, "")
        if not people or (stage.stage == "pick_up" and row.tier == "vip"):
            people = lived.play.named(_host(lived))
        day_verbs.plan_stage(
            session, stage.id, expected=row.version, place=_place(lived, stage.stage) or None, people=people
        )


def _book(lived: Visited, coordinator: str) -> None:
    """Book the cars and rooms that the program proposes, with a reason for a class below the standard."""
    row = lived.row()
    if row.state in ("approved", "under_way"):
        session = lived.play.session(coordinator)
        for proposal in booking_verbs.propose(session, lived.visit):
            if proposal.wanted is not None:
                reasons = {reason_key(clash): "同级车辆已派完, 主宾坐一号车" for clash in proposal.clashes}
                booking_verbs.book(session, lived.visit, proposal.wanted, expected=lived.seen, reasons=reasons)
        lived.play.at(lived.play.soon(25), partial(tell_everybody, lived, coordinator))


def tell_everybody(lived: Visited, who: str) -> None:
    """Everybody whom a change concerns is told of it."""
    with reading():
        rows = list(Notification.select().where(Notification.visit == lived.visit, Notification.told_at.is_null()))
    for row in rows:
        day_verbs.mark_told(lived.play.session(who), row.id, expected=row.version)


def _stage(lived: Visited, stage: Stage, verb: Callable[..., Done]) -> None:
    """Begin a stage, or end it, while the guests are here."""
    row = lived.row()
    if row.state == "under_way":
        verb(_coordinator(lived, row), stage.id, expected=row.version)


def _host(lived: Visited) -> int:
    with reading():
        return VisitPerson.get(VisitPerson.visit == lived.visit, VisitPerson.role == "host").person_id


def _coordinator(lived: Visited, row: Visit) -> Session:
    return lived.play.session(lived.play.named(row.coordinator_id))


def _met(lived: Visited) -> None:
    if lived.row().state == "approved":
        day_verbs.met(lived.play.session(lived.sketch.client.sales), lived.visit, expected=lived.seen, at=lived.arrive)


def _seen_off(lived: Visited) -> None:
    if lived.row().state == "under_way":
        day_verbs.seen_off(
            lived.play.session(lived.sketch.client.sales), lived.visit, expected=lived.seen, at=lived.depart
        )


def _no_show(lived: Visited) -> None:
    row = lived.row()
    session = _coordinator(lived, row)
    day_verbs.no_show(session, lived.visit, expected=row.version, words="电话无人接听")
    lived.play.at(lived.play.soon(35), partial(tell_everybody, lived, session.actor.name))


def _settle(lived: Visited) -> None:
    """Enter what each line really cost: mostly a little under plan, over standard where the sketch says so."""
    row = lived.row()
    if row.state not in ("done", "no_show"):
        return
    session = _coordinator(lived, row)
    which, price, reason = (*lived.sketch.over.split(" ", 2), "", "", "")[:3]
    with reading():
        lines = list(Expense.select().where(Expense.visit == lived.visit).order_by(Expense.position))
    for line in lines:
        over = line.line == which
        amount = int(line.quantity * int(price) * 100) if over else _spent(lived, line)
        cost_verbs.enter_actual(
            session,
            line.id,
            expected=line.version,
            amount=amount,
            reason=reason if over else "",
            receipt=f"{lived.sketch.turn * 37 + line.position * 11 + 20140000}",
            decided_by=lived.play.named(_host(lived)) if line.item in ("gift", "activity") else "",
        )


def _spent(lived: Visited, line: Expense) -> int:
    """A believable amount of whole yuan: 80 to 99 % of the plan; a plain price for lodging, which has no figure."""
    if lived.sketch.no_show:
        return 0
    planned = line.planned if line.planned is not None else int(line.quantity * 32000)
    percent = 80 + (lived.sketch.turn * 7 + line.position * 5) % 20
    return planned * percent // 10000 * 100


def _close(lived: Visited) -> None:
    row = lived.row()
    if row.state in ("done", "no_show"):
        cost_verbs.close(_coordinator(lived, row), lived.visit, expected=row.version)
