"""The texts that are shown or set out for a visit, as made from it: welcome (R55), name plates (R54), seating."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from models.form import Guest
from models.words import Name, Words, words


@dataclass(frozen=True, slots=True)
class Host:
    """One of ours at the table: the highest post they hold; `lead` those who receive the guests by rule."""

    name: str
    post: Name | None
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What the texts are made from. `guests` and `hosts` as they sit; `unnamed` guests come beside those; `latin` gives
    a name in Latin letters."""

    client: str
    arrive: date | None
    guests: tuple[Guest, ...]
    hosts: tuple[Host, ...]
    unnamed: int
    latin: Callable[[str], str]


def made(what: str, language: str, scene: Scene) -> str:
    """The text `what` (welcome, plates or seating) in a language."""
    return _MAKERS[what](scene, words(language))


def _welcome(scene: Scene, w: Words) -> str:
    """The client, the principal guest and those with them, the day (R55, A20)."""
    principal = next((guest for guest in scene.guests if guest.principal), None)
    who = _said(principal, scene, w, formal=True) if principal is not None else ""
    day = scene.arrive
    lines = [
        w("display.welcome"),
        scene.client,
        w("display.party", who=who) if who else w("display.guests"),
        w("display.date", year=day.year, month=w(f"display.month.{day.month}"), day=day.day) if day else "",
    ]
    return "\n".join(line for line in lines if line)


def _plates(scene: Scene, w: Words) -> str:
    """A line for each plate: guests as they sit, then ours; one for all whose names are not known (A19)."""
    guests = [_name(guest, scene, w) for guest in scene.guests]
    more = [w("display.plates_more", n=scene.unnamed)] if scene.unnamed else []
    return "\n".join([*guests, *more, *[_letters(host.name, scene, w) for host in scene.hosts]])


def _seating(scene: Scene, w: Words) -> str:
    """A line for each place: the guest, and opposite the one of ours of the same place."""
    guests = [_said(guest, scene, w) for guest in scene.guests]
    hosts = [_with_post(_letters(host.name, scene, w), w.name(host.post) if host.post else "", w)
             for host in scene.hosts]  # fmt: skip
    lines = [
        w("display.place", n=at, guest=guest or "-", host=host or "-")
        for at, (guest, host) in enumerate(zip_longest(guests, hosts), 1)
    ]
    more = [w("display.seats_more", n=scene.unnamed)] if scene.unnamed else []
    return "\n".join([w("display.sides"), *lines, *more])


_MAKERS = {"welcome": _welcome, "plates": _plates, "seating": _seating}


def _said(guest: Guest, scene: Scene, w: Words, *, formal: bool = False) -> str:
    """A guest with their post, or as they are addressed. What is Chinese cannot be translated: it is left out where
    the text is in another language."""
    post, address = (_here(text, w) for text in (guest.post, guest.address))
    if not guest.name:
        return post or address or w("display.guest")
    name = _letters(guest.name, scene, w)
    if formal and not post and address:
        return address if _chinese(address) else f"{address} {name}"
    return _with_post(name, post, w)


def _name(guest: Guest, scene: Scene, w: Words) -> str:
    return _letters(guest.name, scene, w) or _here(guest.post, w) or _here(guest.address, w) or w("display.guest")


def _with_post(name: str, post: str, w: Words) -> str:
    if not post:
        return name
    latin = w.language == "zh" and name[-1].isascii()
    return w("display.with_post", name=f"{name} " if latin else name, post=post)


def _letters(name: str, scene: Scene, w: Words) -> str:
    return name if w.language == "zh" else scene.latin(name)


def _here(text: str, w: Words) -> str:
    """A text that is not translated, where it can be read."""
    return text if w.language == "zh" or not _chinese(text) else ""


def _chinese(text: str) -> bool:
    return any(char >= "\u2e80" for char in text)


WHAT: Sequence[str] = tuple(_MAKERS)
"""The texts there are, in their order."""
