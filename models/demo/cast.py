"""The sample company as data: who works there, who visits, and what each visit asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

from models.form import Form, FormGuest, FormLeg, FormMeal, with_meals
from models.frozen import record
from models.policy.case import PlannedCost, PlannedLodging
from models.services.resource_verbs import KINDS

_HOSTS = {"vip": "周建国", "distinguished": "李卫东", "business": "李卫东", "routine": "王海峰"}
_WITH = {
    "vip": ("王海峰", "高文斌", "马国梁", "吴秀兰"),
    "distinguished": ("王海峰", "高文斌"),
    "business": ("王海峰",),
    "routine": (),
}
_SUNDAY = 6


@record
class ClientRow:
    """A client: guests as "name/post/form of address/diet", our project leads, their usual journey and plates."""

    number: int
    name: str
    guests: tuple[str, ...]
    sales: str
    tech: str
    kind: str = "customer"
    come: str = ""
    back: str = ""
    plates: str = ""


@record
class Sketch:
    """A visit in the words of `visits.toml`; `turn` is its place in the file and varies what nobody wrote."""

    turn: int
    day: int
    at: str
    client: ClientRow
    to: str = ""
    n: int | None = None
    tier: str | None = None
    purposes: str = ""
    purpose_text: str = ""
    reason: str = ""
    services: str = ""
    wants: str = ""
    gifts: int = 0
    meals: tuple[str, ...] = ()
    lodging: str = ""
    arrangements: str = ""
    host: str = ""
    applicant: str = ""
    lead: int = 6
    filed: str = ""
    late: str = ""
    answers: tuple[str, ...] = ()
    by_phone: tuple[int, ...] = ()
    medium: str = ""
    confirmed: str = ""
    then: tuple[str, ...] = ()
    open: str = ""
    early: str = ""
    over: str = ""
    settle: int = 1
    no_show: bool = False
    draft: bool = False


@record
class Cast:
    """The whole company. `people`: name → posts; `things`: cars, rooms, restaurants and hotels by kind."""

    people: Mapping[str, tuple[str, ...]]
    visits: tuple[Sketch, ...]
    assignees: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    things: Mapping[str, tuple[Mapping[str, Any], ...]]
    words: Mapping[str, tuple[str, ...]]

    def holder(self, post: str) -> str:
        """The first who holds a post."""
        return next(name for name, posts in self.people.items() if post in posts)


def load() -> Cast:
    """The sample company from its data files."""
    clients = {row["name"]: ClientRow(number, **row) for number, row in enumerate(_rows("company.toml", "client"))}
    rows = _rows("visits.toml", "visit")
    return Cast(
        people={row["name"]: row["posts"] for row in _rows("company.toml", "person")},
        visits=tuple(Sketch(turn, **{**row, "client": clients[row["client"]]}) for turn, row in enumerate(rows)),
        things={kind: tuple(_rows("register.toml", kind)) for kind in KINDS},
        **{table: _lists("company.toml", table) for table in ("assignees", "places", "words")},
    )


def moment(today: date, day: int, clock: str) -> datetime:
    """`clock` (`09:30`, or `+1 15:00`) of the day that lies `day` days from today."""
    later, _, hour = clock.rpartition(" ")
    return datetime.combine(today + timedelta(days=day + int(later or 0)), time.fromisoformat(hour))


def day_of(sketch: Sketch, today: date) -> int:
    """The visit's day, counted from today. Next to nobody comes on a Sunday unless the days around now want it."""
    on = today + timedelta(days=sketch.day)
    if abs(sketch.day) <= 1 or on.weekday() != _SUNDAY:
        return sketch.day
    return sketch.day + (1 if sketch.day > 0 else -1)


def filed(sketch: Sketch, today: date) -> datetime:
    """When the request was handed in; where the sketch does not say, some time in the working day."""
    at = time.fromisoformat(sketch.filed) if sketch.filed else time(8, 40)
    spread = timedelta() if sketch.filed else timedelta(minutes=sketch.turn * 37 % 460)
    return datetime.combine(today + timedelta(days=sketch.day - sketch.lead), at) + spread


def form_of(sketch: Sketch, today: date, ids: Mapping[str, int]) -> Form:
    """The request form as its applicant fills it in; `ids`: person by name."""
    client, day = sketch.client, day_of(sketch, today)
    arrive = moment(today, day, sketch.at)
    depart = moment(today, day, sketch.to) if sketch.to else None
    host = _host(sketch)
    companions = [*_WITH.get(sketch.tier or "", ()), client.tech, client.sales]
    party = [ids[name] for name in dict.fromkeys(companions) if name != host]
    meals = tuple(_meals(sketch, arrive.date()))
    form = Form(
        kind=client.kind,
        tier=sketch.tier,
        client=client.name,
        applicant=ids[applicant(sketch)],
        reason=sketch.reason,
        headcount=sketch.n,
        guests=tuple(_guests(sketch)),
        arrive=arrive,
        depart=depart,
        arrival=_leg(client.come, arrive, client.plates),
        departure=_leg(client.back, depart, client.plates),
        purposes=tuple(sketch.purposes.split()),
        purpose_text=sketch.purpose_text,
        services=tuple(sketch.services.split()),
        wants=tuple(sketch.wants.split()),
        dining=bool(meals),
        meals=meals,
        lodged=bool(sketch.lodging),
        lodging=tuple(_lodging(sketch, arrive.date())),
        costs=tuple(_gifts(sketch, arrive.date())),
        hosts=(ids[host],) if host else (),
        companions=tuple(party),
        per_visit={"project_sales_lead": ids[client.sales], "project_technical_lead": ids[client.tech]},
        arrangements=sketch.arrangements,
        reasons={"late": sketch.late} if sketch.late else {},
    )
    sitting = [ids[host], *party] if host else []
    return with_meals(form, [replace(meal, ours=tuple(sitting[: meal.companions])) for meal in meals])


def applicant(sketch: Sketch) -> str:
    """Who asks for the visit: the project's sales lead unless the sketch names another."""
    return sketch.applicant or sketch.client.sales


def _host(sketch: Sketch) -> str:
    if sketch.host or not sketch.tier:
        return sketch.host
    if sketch.tier == "routine" and sketch.client.kind == "other":
        return "方晓静"
    return _HOSTS[sketch.tier]


def _guests(sketch: Sketch) -> Iterator[FormGuest]:
    for place, row in enumerate(sketch.client.guests[: sketch.n]):
        name, post, address, diet = [*row.split("/"), ""][:4]
        phone = f"138 0000 {1000 + sketch.client.number * 113 + place * 17}"
        yield FormGuest(name, post, address, phone, principal=place == 0, diet=diet)


def _leg(journey: str, at: datetime | None, plates: str) -> FormLeg:
    if plates:
        return FormLeg("car", at=at, plates=plates)
    mode, number, place = journey.split(" ") if journey else ("", "", "")
    return FormLeg(mode, number, place, at)


def _meals(sketch: Sketch, first: date) -> Iterator[FormMeal]:
    for row in sketch.meals:
        day, meal, venue, place, companions, *more = row.split()
        bottles, packs, price = [*[int(word) for word in more], 0, 0, 0][:3]
        yield FormMeal(
            on=first + timedelta(days=int(day)),
            guests=sketch.n or 0,
            companions=int(companions),
            meal=meal,
            venue=venue,
            place=place,
            bottles=bottles,
            packs=packs,
            price=price * 100 or None,
        )


def _lodging(sketch: Sketch, first: date) -> Iterator[PlannedLodging]:
    if sketch.lodging:
        nights, grade = sketch.lodging.split()
        yield PlannedLodging(first, sketch.n or 0, int(nights), grade)


def _gifts(sketch: Sketch, first: date) -> Iterator[PlannedCost]:
    if sketch.gifts:
        yield PlannedCost("gift", Decimal(sketch.n or 0), "piece", sketch.gifts * 100, first)


def _rows(name: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table of a data file, lists as tuples."""
    rows = _data(name)[table]
    return [{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows]


def _lists(name: str, table: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) for key, value in _data(name)[table].items()}


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("models.demo").joinpath(name).read_text("utf-8"))
