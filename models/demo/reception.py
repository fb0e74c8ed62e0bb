"""One visit of the sample company from its request to the last receipt, by the verbs of the services."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Protocol

from models.demo import GUIDE
from models.demo.cast import Cast, Sketch, applicant, day_of, filed, form_of, load, moment
from models.demo.play import Play, working_hour
from models.policy.model import Policy
from models.schema.arrangements import Leg, Notification
from models.schema.store import open_store, reading, write
from models.schema.tables import Client, Decision, Expense, Stage, Task, Visit, VisitPerson
from models.services import (
    booking_verbs,
    client_verbs,
    cost_verbs,
    day_verbs,
    decision_verbs,
    request_verbs,
    task_verbs,
)
from models.services.arrangement_verbs import amend
from models.services.capacity import reason_key
from models.services.person_verbs import set_up
from models.services.resource_verbs import Thing, add_resource
from models.services.rights import step_holders
from models.services.session import Session
from models.services.visits import Done, current_step
from models.words.pinyin import work_out

_MEDIUM = {"phone": "电话"}


class Reception:
    """A visit being lived. `visit` is its id, 0 until there is a draft."""

    def __init__(self, play: Play, sketch: Sketch) -> None:
        self.play = play
        self.sketch = sketch
        self.arrive = moment(play.today, day_of(sketch, play.today), sketch.at)
        self.depart = moment(play.today, day_of(sketch, play.today), sketch.to or sketch.at)
        self.visit = 0
        self.answered = 0
        self.arranged = False

    def begin(self) -> None:
        """Let the request be filed when it was, and whatever else its sketch tells happen in its time."""
        at = filed(self.sketch, self.play.today)
        self.play.at(at - timedelta(minutes=9), self._draft)
        if not self.sketch.draft:
            self.play.at(at, self._submit)
        for told in self.sketch.then:
            day, clock, verb, who, *words = told.split(" ", 4)
            self.play.at(self._clock(f"{day} {clock}"), partial(self._turn, verb, who, *words))

    def row(self) -> Visit:
        """The visit as it is now."""
        with reading():
            return Visit.get_by_id(self.visit)

    @property
    def seen(self) -> int:
        """The version that everybody sees before acting."""
        with reading():
            version: int = Visit.select(Visit.version).where(Visit.id == self.visit).scalar()
        return version

    def _clock(self, words: str) -> datetime:
        day, clock = words.split(" ")
        return moment(self.play.today, self.sketch.day + int(day), clock)

    def _draft(self) -> None:
        session = self.play.session(applicant(self.sketch))
        form = form_of(self.sketch, self.play.today, self.play.ids)
        self.visit = request_verbs.new_draft(session, form).visit

    def _submit(self) -> None:
        done = request_verbs.submit(self.play.session(applicant(self.sketch)), self.visit, expected=self.seen)
        self._await_answer() if done.state == "submitted" else self._approved()

    def _await_answer(self) -> None:
        """The next approver answers: within minutes for what is late, else the same day and the day after."""
        if self.sketch.late:
            when = self.play.soon(14)
        elif self.answered == 0:
            when = working_hour(self.play.soon(135), self.sketch.turn)
        else:
            morning = self.play.now.replace(hour=9, minute=5) + timedelta(days=1)
            when = morning + timedelta(minutes=self.sketch.turn * 17 % 150)
        self.play.at(when, self._answer)

    def _answer(self) -> None:
        row = self.row()
        outcome, _, words = self._said().partition(" ")
        if row.state != "submitted" or outcome == "wait":
            return
        step = current_step(row)
        coordinator = self.play.session("林小雨")
        who = step_holders(coordinator, row, step)[0] if step else 0
        tier = None if outcome in ("agree", "return", "refuse") else outcome
        phoned = self.answered in self.sketch.by_phone
        self.answered += 1
        done = decision_verbs.decide(
            coordinator if phoned else self.play.session(self.play.named(who)),
            self.visit,
            expected=row.version,
            outcome="return" if outcome == "return" else "refuse" if outcome == "refuse" else "agree",
            words=words,
            tier=tier,
            hosts=(self.play.ids["周建国"],) if tier == "vip" else None,
            for_person=who if phoned else None,
            medium=_MEDIUM[self.sketch.medium] if phoned else "",
            decided_at=self.play.soon(-6) if phoned else None,
        )
        if phoned and self.sketch.confirmed:
            self.play.at(self._clock(self.sketch.confirmed), partial(self._confirm, who))
        if done.state == "submitted":
            self._await_answer()
        elif done.state in ("approved", "under_way"):
            self._approved()

    def _said(self) -> str:
        """What the next answer is: the sketch's, or an agreement in one of the usual ways."""
        if self.answered < len(self.sketch.answers):
            return self.sketch.answers[self.answered]
        usual = self.play.cast.words["agree"]
        return "agree " + usual[(self.sketch.turn + self.answered) % len(usual)]

    def _confirm(self, who: int) -> None:
        with reading():
            decision = Decision.get(Decision.visit == self.visit, Decision.person == who, Decision.medium != "")
        decision_verbs.confirm_recorded(self.play.session(self.play.named(who)), decision.id)

    def _approved(self) -> None:
        """The last approver agreed; where only a change was asked, what is arranged goes on."""
        if not self.arranged:
            self.arranged = True
            arrange(self)

    def _turn(self, verb: str, who: str, words: str = "") -> None:
        """Something the sketch tells of."""
        session, row = self.play.session(who), self.row()
        match verb:
            case "note":
                day_verbs.note(session, self.visit, words)
            case "amend":
                self._amend(session, row, words)
            case "cancel":
                day_verbs.cancel(session, self.visit, words, expected=row.version)
                self.play.at(self.play.soon(50), partial(tell_everybody, self, who))
            case "hand_over":
                day_verbs.hand_over(session, self.visit, self.play.ids[words], expected=row.version)
            case "withdraw":
                request_verbs.withdraw(session, self.visit, expected=row.version)
            case "urge":
                request_verbs.urge(session, self.visit, expected=row.version)
            case "reopen":
                cost_verbs.reopen(session, self.visit, words, expected=row.version)
            case "on_way" | "here" | "on_site":
                day_verbs.track(session, self.visit, verb, expected=row.version)
            case "delay":
                day_verbs.delay(session, self._arrival(), words, expected=row.version)
            case "likes" | "points":
                with reading():
                    client = Client.get_by_id(row.client_id)
                client_verbs.change_client(session, client.id, expected=client.version, **{verb: words})
            case "promise":
                day_verbs.promise(session, self.visit, words)
            case _:
                raise ValueError(f"visits.toml: nobody can {verb}")

    def _arrival(self) -> int:
        with reading():
            return Leg.get(Leg.visit == self.visit, Leg.way == "arrival").id

    def _amend(self, session: Session, row: Visit, words: str) -> None:
        """More guests are coming: "n=9 why". Those who decided are asked again where the policy says so."""
        number, _, why = words.removeprefix("n=").partition(" ")
        form = form_of(replace(self.sketch, n=int(number)), self.play.today, self.play.ids)
        amended = amend(session, self.visit, form, expected=row.version, words=why)
        if amended.asks:
            self._await_answer()


# -- after an approval -------------------------------------------------------------------------------------------------


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


# -- the whole company -------------------------------------------------------------------------------------------------


CURTAIN = time(8, 2)
"""The time of the day up to which everything has happened."""
_FOUNDED = timedelta(days=60)
_IN_OFFICE = timedelta(days=1400)


def build(path: Path, today: date, policy: Policy, zone: tzinfo | None = None) -> None:
    """Make a store at `path` with the sample company as it is on `today` about eight in the morning.

    The same for the same day, but for the salts of the journal. `zone` is the organisation's, None the machine's. The
    store is closed again, and no store is open then.
    """
    cast = load()
    begin = datetime.combine(today - _FOUNDED, time(9))
    play = Play(cast, policy, begin, datetime.combine(today, CURTAIN), zone)
    was_collecting = gc.isenabled()
    gc.disable()  # the objects of thousands of queries in a few seconds, hardly any of them in a circle
    _spell(cast)
    store = open_store(path)
    try:
        with write():  # one for all, so that a month does not wait for the disk thousands of times
            _people(play, today - _IN_OFFICE)
            _things(play)
            for sketch in cast.visits:
                Reception(play, sketch).begin()
            play.run()
    finally:
        store.close()
        if was_collecting:
            gc.enable()


def _spell(cast: Cast) -> None:
    """Have the spelling of every name ready; otherwise the texts of the first visits would be made without."""
    clients = {sketch.client.name: sketch.client for sketch in cast.visits}
    work_out([*clients, *[str(row["name"]) for rows in cast.things.values() for row in rows]])
    guests = [guest.split("/")[0] for client in clients.values() for guest in client.guests]
    work_out([*cast.people, *guests], surname=True)


def _people(play: Play, since: date) -> None:
    """Everybody with their posts, entered by nobody yet registered."""
    names = list(play.cast.people)
    rows = [(name, f"139 0000 {2001 + at * 37}", play.cast.people[name]) for at, name in enumerate(names)]
    play.ids = dict(zip(names, set_up(play.newcomer(), rows, since), strict=True))


def _things(play: Play) -> None:
    """The cars, rooms, restaurants and hotels, entered by who keeps the register."""
    session = play.session(GUIDE)
    for kind, rows in play.cast.things.items():
        for row in rows:
            driver = {"driver": play.ids[row["driver"]]} if "driver" in row else {}
            add_resource(session, kind, Thing(**{**row, **driver}))
