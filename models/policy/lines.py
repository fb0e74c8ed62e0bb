"""The lines of a plan before they are priced: the meals, each followed by its drink and tobacco, lodging, costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from models.policy.record import record
from models.policy.request import Meal, Request


@record
class Line:
    """One line of the plan.

    `unit` is what its price is for (`person_meal bottle pack night`, a cost's own; "" not said), `quantity` how
    many of them, `persons` those it is for (A10: diners), `times` how often it counts for a frequency. Lines of
    one meal share `group`. `on` and `city` are its own, None where it has none.
    """

    id: str
    item: str
    unit: str
    quantity: Fraction
    price: int | None
    persons: int
    times: Fraction
    group: str
    on: date | None = None
    city: str | None = None
    meal: str | None = None
    venue: str | None = None
    grade: str | None = None
    to: str = ""
    payer: str = "company"

    @property
    def served(self) -> bool:
        """Whether it is part of a planned meal."""
        return self.group.startswith("meal")

    @property
    def priced(self) -> int | None:
        """Quantity × price, rounded down to a minor unit; None without a price."""
        return None if self.price is None else int(self.quantity * self.price)


def lines_of(request: Request) -> tuple[Line, ...]:
    """All lines of a request, in the order of the plan."""
    lines: list[Line] = []
    for number, meal in enumerate(request.meals, 1):
        lines += _meal_lines(number, meal)
    for number, lodging in enumerate(request.lodging, 1):
        name = f"lodging{number}"
        lines.append(
            Line(
                id=name,
                item="lodging",
                unit="night",
                quantity=Fraction(lodging.people * lodging.nights),
                price=lodging.price,
                persons=lodging.people,
                times=Fraction(lodging.nights),
                group=name,
                on=lodging.on,
                city=lodging.city,
                grade=lodging.grade,
                payer=lodging.payer,
            )
        )
    for number, cost in enumerate(request.costs, 1):
        name = f"cost{number}"
        quantity = Fraction(cost.quantity)
        lines.append(
            Line(
                id=name,
                item=cost.item,
                unit=cost.unit,
                quantity=quantity,
                price=cost.price,
                persons=request.headcount,
                times=quantity,
                group=name,
                on=cost.on,
                city=cost.city,
                grade=cost.grade,
                to=cost.to,
            )
        )
    return tuple(lines)


def _meal_lines(number: int, meal: Meal) -> Iterator[Line]:
    diners = meal.guests + meal.companions
    parts = (
        (f"meal{number}", "meal", "person_meal", diners, meal.price, 1),
        (f"drink{number}", "drink", "bottle", meal.bottles, meal.bottle_price, meal.bottles),
        (f"tobacco{number}", "tobacco", "pack", meal.packs, meal.pack_price, meal.packs),
    )
    for name, item, unit, quantity, price, times in parts:
        if item == "meal" or quantity:
            yield Line(
                id=name,
                item=item,
                unit=unit,
                quantity=Fraction(quantity),
                price=price,
                persons=diners,
                times=Fraction(times),
                group=f"meal{number}",
                on=meal.on,
                city=meal.city,
                meal=meal.meal,
                venue=meal.venue,
            )
