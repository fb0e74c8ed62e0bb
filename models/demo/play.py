"""The company at work: every visit lives through the real verbs, each with the clock at the time when it happened.

What is to come waits in a queue in order of time; what would happen after the curtain is not played. So a visit's state
follows from its dates, and a sketch says only where its life took another turn.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from models.demo.cast import Cast
from models.policy.model import Policy
from models.services.session import Actor, Session

Act = Callable[[], None]


class Play:
    """The queue and the clock. `curtain`: the last moment played, local wall clock; `zone` None: the machine's."""

    def __init__(self, cast: Cast, policy: Policy, begin: datetime, curtain: datetime, zone: tzinfo | None) -> None:
        self.cast = cast
        self.policy = policy
        self.now = begin
        self.curtain = curtain
        self.today = curtain.date()
        self.zone = zone
        self.ids: Mapping[str, int] = {}
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._told = 0

    def at(self, moment: datetime, act: Act) -> None:
        """Have something happen at a local moment, or at once where that has passed; never after the curtain."""
        moment = max(moment, self.now)
        if moment <= self.curtain:
            self._told += 1
            heapq.heappush(self._waiting, (moment, self._told, act))

    def run(self) -> None:
        """Play all that waits, and all that it brings about, in order of time."""
        while self._waiting:
            self.now, _, act = heapq.heappop(self._waiting)
            act()

    def session(self, name: str) -> Session:
        """The session of a person, at the present moment of the play."""
        return self._session_of(Actor(self.ids[name], name, login="demo"))

    def newcomer(self) -> Session:
        """The session of who sets everything up, before anybody is registered."""
        return self._session_of(Actor(None, "", login="demo"))

    def _session_of(self, actor: Actor) -> Session:
        moment = self.now.replace(tzinfo=self.zone) if self.zone else self.now.astimezone()
        return Session(actor, lambda: moment, self.policy)

    def named(self, person: int | None) -> str:
        """The name of a person of the cast."""
        return next(name for name, known in self.ids.items() if known == person)

    def soon(self, minutes: int) -> datetime:
        """So many minutes from now."""
        return self.now + timedelta(minutes=minutes)


def working_hour(moment: datetime, turn: int) -> datetime:
    """The moment, or the next morning where it lies in the evening."""
    if moment.hour < 18:
        return moment
    return (moment + timedelta(days=1)).replace(hour=8, minute=20 + turn * 7 % 40)
