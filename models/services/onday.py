"""What is changed on the day itself, as another form: a new time, another number of guests, another first guest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.form import Form, Guest
from models.services.forms import moved


def at_time(form: Form, arrive: datetime) -> Form:
    """The form for guests who come at another time (naive local); on another day all of it moves there."""
    if form.arrive is None:
        return replace(form, arrive=arrive)
    by = arrive - datetime.combine(arrive, form.arrive.time())
    if arrive.date() != form.arrive.date():
        form = moved(form, arrive)
    return replace(form, arrive=arrive, arrival=replace(form.arrival, at=form.arrival.at and form.arrival.at + by))


def for_headcount(form: Form, headcount: int) -> Form:
    """The form for so many guests: meals and rooms that were for all of them are for all of them again."""
    meals = [replace(meal, guests=headcount) if meal.guests == form.headcount else meal for meal in form.meals]
    rooms = [replace(room, people=headcount) if room.people == form.headcount else room for room in form.lodging]
    return replace(form, headcount=headcount, meals=tuple(meals), lodging=tuple(rooms))


def following(form: Form) -> tuple[int, int]:
    """How many meals and lodgings are for all guests, and follow their number."""
    meals = [meal for meal in form.meals if form.dining and meal.guests == form.headcount]
    rooms = [room for room in form.lodging if form.lodged and room.people == form.headcount]
    return len(meals), len(rooms)


def with_guest(form: Form, name: str, post: str = "") -> Form:
    """The form with another first guest: in place of the one there was, whose post stays where none is given."""
    first = next((at for at, guest in enumerate(form.guests) if guest.principal), 0)
    if not form.guests:
        return replace(form, guests=(Guest(name, post, principal=True),))
    old = form.guests[first]
    new = Guest(name, post or old.post, principal=old.principal, rank=None if post else old.rank, counts=old.counts)
    return replace(form, guests=(*form.guests[:first], new, *form.guests[first + 1 :]))


def first_guest(form: Form) -> Guest | None:
    """Who comes first among the guests: the principal, else the first on the list."""
    return next((guest for guest in form.guests if guest.principal), form.guests[0] if form.guests else None)
