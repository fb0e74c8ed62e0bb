"""What does not go together in the times of a visit: how the guests come and go, and the days of meals and rooms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from models.policy.entries import entry_name, item_name
from models.policy.model import Policy
from models.policy.request import Lodging, Meal
from models.words import Name, Phrase


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


def days_of(policy: Policy, meals: Iterable[Meal], rooms: Iterable[Lodging]) -> list[tuple[Name | Phrase, date]]:
    """What is held on which day: each meal, and the first night of each of the rooms."""
    found: list[tuple[Name | Phrase, date]] = [
        (entry_name(policy, "meal", meal.meal) if meal.meal else item_name(policy, "meal"), meal.on) for meal in meals
    ]
    return found + [(item_name(policy, "lodging"), room.on) for room in rooms]
