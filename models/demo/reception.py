"""One visit of the sample company from its request to the last receipt, by the verbs of the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from models.demo.arrangements import arrange, tell_everybody
from models.demo.cast import Sketch, applicant, day_of, filed, form_of, moment
from models.demo.play import Play, working_hour
from models.schema.arrangements import Leg
from models.schema.store import reading
from models.schema.tables import Client, Decision, Visit
from models.services import client_verbs, cost_verbs, day_verbs, decision_verbs, request_verbs
from models.services.arrangement_verbs import amend
from models.services.rights import step_holders
from models.services.session import Session
from models.services.visits import current_step

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
