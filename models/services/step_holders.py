"""Who may act at a step of a route: who holds its posts, who stands in for them, who is above where nobody is there.

What is given are a person's own posts: who stands in for them cannot pass that on. Where own requests go up (A34)
nobody decides their own as somebody's stand-in, nor has their stand-in decide it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from models.frozen import record
from models.policy.model import Policy
from models.schema.tables import Person, StandIn, Step, Visit
from models.services.visits import tier_now


@record
class Voice:
    """Somebody who may act at a step, in which post. `of`: for whom they stand in, `up_to` which tier. `above`: they
    hold a post above it, and nobody of it is there. `here`: whether they can be asked now: not away, nor the one whose
    own request it is."""

    person: int
    post: str
    of: int | None = None
    up_to: str | None = None
    above: bool = False
    here: bool = True


class StandIns:
    """Who is away and who acts for whom on a day, read once; inside `reading` or `write`."""

    def __init__(self, day: date) -> None:
        self.day = day

    @cached_property
    def rows(self) -> Sequence[StandIn]:
        """All that holds on that day, but what somebody was given who is switched off."""
        active = Person.select(Person.id).where(Person.active)
        lasts = StandIn.until.is_null() | (StandIn.until >= self.day)
        known = StandIn.person.is_null() | StandIn.person.in_(active)
        query = StandIn.select().where(StandIn.ended_utc.is_null(), StandIn.since <= self.day, lasts, known)
        return list(query.order_by(StandIn.id))

    @cached_property
    def away(self) -> frozenset[int]:
        """Who is away."""
        return frozenset(row.for_person_id for row in self.rows if row.away)

    def represented(self, person: int | None) -> tuple[StandIn, ...]:
        """For whom somebody stands in, but for single requests."""
        return tuple(row for row in self.rows if row.person_id == person and row.step_id is None)

    def handed(self, step: Step) -> tuple[StandIn, ...]:
        """To whom the request at that step is handed."""
        return tuple(row for row in self.rows if row.step_id == step.id)


def voices(
    stand_ins: StandIns, policy: Policy, row: Visit, step: Step, holders: Callable[[str], Iterable[int]]
) -> tuple[Voice, ...]:
    """Who may act at a step of a visit, those who are there first. `holders`: who holds a post, or is named for it.

    Where nobody holds it, or all who do are away and nobody stands in for them, the policy may let the next post above
    act at which somebody is there (`vacant`, `absent`).
    """
    asked = _Asked(stand_ins, policy, row, step, holders)
    found = asked.at(step.posts)
    if not any(each.here for each in found) and (policy.absent if found else policy.vacant) == "up":
        found += asked.above()
    return tuple(sorted(dict.fromkeys(found), key=lambda each: not each.here))


@record
class _Asked:
    stand_ins: StandIns
    policy: Policy
    row: Visit
    step: Step
    holders: Callable[[str], Iterable[int]]

    @property
    def applicant(self) -> int | None:
        """Who may not decide here, as it is their own request."""
        return self.row.applicant_id if self.policy.own_request == "up" and self.step.what != "opinion" else None

    def at(self, posts: Iterable[str]) -> list[Voice]:
        """Who may act in these posts."""
        return [self._seen(each) for post in posts for holder in self.holders(post) for each in self._of(holder, post)]

    def above(self) -> list[Voice]:
        """Who may act in the nearest post above at which somebody is there."""
        known = {post.id for post in self.policy.posts}
        chains = [self.policy.above(post) for post in self.step.posts if post in known]
        for post in dict.fromkeys(each for chain in chains for each in chain):
            found = [each for each in self.at([post]) if each.here and each.person != self.applicant]
            if found:
                return [replace(each, above=True) for each in found]
        return []

    def _of(self, holder: int, post: str) -> Iterator[Voice]:
        yield Voice(holder, post)
        for each in self.stand_ins.rows:
            if each.for_person_id != holder or each.person_id is None or each.step_id not in (None, self.step.id):
                continue
            own = self.applicant is not None and self.applicant in (each.person_id, holder)
            if not own and (not each.posts or post in each.posts) and self._within(each.tier):
                yield Voice(each.person_id, post, holder, each.tier)

    def _within(self, limit: str | None) -> bool:
        """Whether the tier that is decided on is no higher than a limit."""
        return limit is None or not higher(self.policy, tier_now(self.row), limit)

    def _seen(self, voice: Voice) -> Voice:
        there = voice.person not in self.stand_ins.away and voice.person != self.applicant
        return voice if there else replace(voice, here=False)


def higher(policy: Policy, tier: str | None, limit: str) -> bool:
    """Whether a tier is above a limit; one of which the policy does not know where it stands is above any."""
    order = [each.id for each in policy.tiers]
    return tier not in order or limit not in order or order.index(tier) < order.index(limit)
