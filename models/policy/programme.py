"""When the stages of a visit are: those of the meals at their hours, the others laid around them in order (A36).

Times are naive local. A stage begins when its row says, or when the one before it is over; it does not overlap a meal
or another stage, and all are over when the guests leave. Where there is not time enough, they take less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from models.policy.answer import StageAnswer
from models.policy.case import Case
from models.policy.model import Stage
from models.policy.record import record
from models.policy.request import Meal
from models.policy.spans import moved
from models.policy.times import anchored
from models.policy.when import holds

Key = tuple[str, int | None]
"""A stage's id and, of one that there is for each meal, the place of its meal in the request, from 0."""
Pair = tuple[datetime, datetime]

_SHARES = (12, 9, 6, 3, 0)
"""How many twelfths of their time the stages take, tried in this order until they fit."""


@record
class Known:
    """What is known of a visit beside its request. `now`: where `arrive` and `depart` really are; `hours`: when meals
    are, by their place; `fixed`: stages that stand where they are; `applies`: which stages are held, where that is not
    as the policy says."""

    now: Mapping[str, datetime]
    hours: Mapping[int, datetime]
    fixed: Mapping[Key, datetime]
    applies: Mapping[Key, bool]


NOTHING = Known({}, {}, {}, {})


def programme(case: Case, known: Known = NOTHING) -> tuple[StageAnswer, ...]:
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
    def __init__(self, case: Case, known: Known) -> None:
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

    def _many(self, stage: Stage) -> bool:
        """Whether there is one for each meal."""
        return stage.per == "meal" and bool(self.case.request.meals)

    def _applies(self, key: Key) -> bool:
        stage = next(stage for stage in self.case.policy.stages if stage.id == key[0])
        return self.known.applies.get(key, holds(stage.when, self.case))

    def _lasts(self, stage: Stage, twelfths: int = 12) -> timedelta:
        at = self.arrive
        whole = moved(at, stage.lasts, self.case.days) - at if stage.lasts else timedelta()
        return timedelta(minutes=whole // timedelta(minutes=12) * twelfths) if twelfths < 12 else whole

    # -- meals

    def _of_meals(self, stage: Stage) -> dict[Key, datetime | None]:
        if not self._many(stage):
            return {}
        return {(stage.id, n): self._hour(stage, n, meal) for n, meal in enumerate(self.case.request.meals)}

    def _hour(self, stage: Stage, n: int, meal: Meal) -> datetime | None:
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

    def _moment(self, stage: Stage, known: Mapping[str, datetime]) -> datetime | None:
        return anchored(self.case, stage.at, known) if stage.at else None

    def _laid(self) -> dict[Key, datetime | None]:
        """When each stage is."""
        found: dict[Key, datetime | None] = {**self.meals}
        free = list[tuple[Stage, datetime]]()
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

    def _fitted(self, free: list[tuple[Stage, datetime]], taken: list[Pair], twelfths: int) -> list[datetime]:
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


def _bare(stage: Stage) -> str | None:
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
