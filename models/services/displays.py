"""Texts shown or set out for a visit: the welcome (R55), name plates (R54), seating; their making and keeping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import zip_longest

from models.form import Form, FormGuest
from models.frozen import record
from models.policy.model import Policy
from models.schema.arrangements import Display, Lodging
from models.schema.store import reading
from models.schema.tables import Visit
from models.services import validate
from models.services.rights import LIVE
from models.services.visit_record import VisitRecord
from models.words import Name, Words, alike, words
from models.words.pinyin import latin, spell


@record
class Host:
    """One of ours at the table: the highest post they hold; `lead` those who receive the guests by rule."""

    name: str
    post: Name | None
    lead: bool = False


@record
class Scene:
    """What the texts are made from. `guests` and `hosts` as they sit; `unnamed` guests come beside those; `latin` gives
    a name in Latin letters."""

    client: str
    arrive: date | None
    guests: tuple[FormGuest, ...]
    hosts: tuple[Host, ...]
    unnamed: int
    latin: Callable[[str], str]


def made(what: str, language: str, scene: Scene) -> str:
    """The text of a display, `what` being welcome, plates or seating, in a language."""
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
    return "\n".join([*guests, *more, *[_in_letters(host.name, scene, w) for host in scene.hosts]])


def _seating(scene: Scene, w: Words) -> str:
    """A line for each place: the guest, and opposite the one of ours of the same place."""
    guests = [_said(guest, scene, w) for guest in scene.guests]
    hosts = [_with_post(_in_letters(host.name, scene, w), w.name(host.post) if host.post else "", w)
             for host in scene.hosts]  # fmt: skip
    lines = [
        w("display.place", n=at, guest=guest or "-", host=host or "-")
        for at, (guest, host) in enumerate(zip_longest(guests, hosts), 1)
    ]
    more = [w("display.seats_more", n=scene.unnamed)] if scene.unnamed else []
    return "\n".join([w("display.sides"), *lines, *more])


_MAKERS = {"welcome": _welcome, "plates": _plates, "seating": _seating}


def _said(guest: FormGuest, scene: Scene, w: Words, *, formal: bool = False) -> str:
    """A guest with their post, or as they are addressed. What is Chinese cannot be translated: it is left out where
    the text is in another language."""
    post, address = (_here(text, w) for text in (guest.post, guest.address))
    if not guest.name:
        return post or address or w("display.guest")
    name = _in_letters(guest.name, scene, w)
    if formal and not post and address:
        return address if _chinese(address) else f"{address} {name}"
    return _with_post(name, post, w)


def _name(guest: FormGuest, scene: Scene, w: Words) -> str:
    return _in_letters(guest.name, scene, w) or _here(guest.post, w) or _here(guest.address, w) or w("display.guest")


def _with_post(name: str, post: str, w: Words) -> str:
    if not post:
        return name
    latin = w.language == "zh" and name[-1].isascii()
    return w("display.with_post", name=f"{name} " if latin else name, post=post)


def _in_letters(name: str, scene: Scene, w: Words) -> str:
    return name if w.language == "zh" else scene.latin(name)


def _here(text: str, w: Words) -> str:
    """A text that is not translated, where it can be read."""
    return text if w.language == "zh" or not _chinese(text) else ""


def _chinese(text: str) -> bool:
    return any(char >= "\u2e80" for char in text)


WHAT: Sequence[str] = tuple(_MAKERS)
"""The texts there are, in their order."""


# -- texts of a visit -------------------------------------------------------------------------------------------------

LANGUAGES = ("zh", "en")
MADE_IN = "zh"
"""By which language one tells whether a text would be another: it needs no names in Latin letters."""


def refresh(record: VisitRecord) -> None:
    """Make the visit's texts anew, but for those written by hand; inside a write transaction.

    One whose words are others now is no longer set out.
    """
    scene, rows = scene_of(record), {each.what: each for each in record.displays}
    for what in WHAT:
        display = rows.get(what) or Display(visit=record.row.id, what=what, version=0)
        if not display.edited and fill(display, scene):
            display.version += 1
            display.save()


def outdated(record: VisitRecord) -> dict[str, bool]:
    """Of the texts written by hand whether the visit is another since, so that they are to be checked. While a change
    is being decided, by the form that was approved."""
    rows = [each for each in record.displays if each.edited]
    if not rows:
        return {}
    scene = scene_of(record, record.form if record.row.before is not None else None)
    return {each.what: bool(each.made) and each.made != made(each.what, MADE_IN, scene) for each in rows}


def arranged_for(client: int) -> list[int]:
    """The visits of a client that are arranged, whose texts follow its name."""
    with reading():
        states = Visit.state.in_(list(LIVE)) | Visit.before.is_null(False)
        return [row.id for row in Visit.select(Visit.id).where(Visit.client == client, states)]


def taken_down(row: Visit) -> None:
    """Note that no display of a visit is set out any more and nobody is in their room; inside a write transaction."""
    gone = Display.update(done_at=None, done_by=None, version=Display.version + 1)
    gone.where(Display.visit == row.id, Display.done_at.is_null(False)).execute()
    Lodging.update(checked_in=None).where(Lodging.visit == row.id).execute()


def scene_of(record: VisitRecord, form: Form | None = None) -> Scene:
    """What a visit's texts are made from: its form as it is stored, on the day on which it begins; or another form."""
    form, comes = (form, form.arrive) if form else (record.asked_form, record.row.comes)
    counted = sum(bool(guest.counts) for guest in form.guests)
    return Scene(
        client=form.client,
        arrive=comes.date() if comes else None,
        guests=by_rank(record.policy, form.guests),
        hosts=_hosts(record, form),
        unnamed=max(0, (form.headcount or 0) - counted),
        latin=_letters(record, form),
    )


def _letters(record: VisitRecord, form: Form) -> Callable[[str], str]:
    """What gives the name of somebody on the form in Latin letters; it stays as it is until its spelling is known."""

    @cache
    def known() -> dict[str, str]:
        ours = [record.register.persons[person] for person in (*form.hosts, *form.companions)]
        theirs = record.client_people
        return {alike.key(each.name): each.pinyin for each in ours} | {key: each.pinyin for key, each in theirs.items()}

    def letters(name: str) -> str:
        return latin(name, known().get(alike.key(name)) or spell([name], surname=True)[0].full)

    return letters


def by_rank(policy: Policy, guests: tuple[FormGuest, ...]) -> tuple[FormGuest, ...]:
    """The guests as they sit: the principal first (A19), then by rank, those without one as they are listed; last
    those who do not count as guests."""
    ranks = [entry.id for entry in policy.lists.get("rank", ())]
    return tuple(
        sorted(
            guests,
            key=lambda guest: (
                not guest.principal,
                not guest.counts,
                ranks.index(guest.rank) if guest.rank in ranks else len(ranks),
            ),
        )
    )


def _hosts(record: VisitRecord, form: Form) -> tuple[Host, ...]:
    """Ours as they sit: the lead hosts, then the companions, each by how few posts are above their highest one."""
    policy, register = record.policy, record.register
    day = (form.arrive or record.row.changed_utc).date()
    known = {post.id: at for at, post in enumerate(policy.posts)}
    found = []
    for person in dict.fromkeys([*form.hosts, *form.companions]):
        given = [part.role for part in record.parts if part.person_id == person and part.role in policy.named_posts]
        posts = [*register.posts_of(person, day), *given]
        ranked = sorted((len(policy.above(post)), known[post], post) for post in posts if post in known)
        above, at, post = ranked[0] if ranked else (len(known), len(known), "")
        lead = person in form.hosts
        name = policy.name_of(post) if post else None
        found.append(((not lead, above, at), Host(register.called(person), name, lead)))
    return tuple([host for _, host in sorted(found, key=lambda each: each[0])])


def fill(display: Display, scene: Scene) -> bool:
    """Put the texts as they are made into a display, which is no longer set out where they are others; whether they
    are."""
    texts = {code: made(display.what, code, scene)[: validate.TEXT] for code in LANGUAGES}
    if display.id is not None and all(getattr(display, code) == text for code, text in texts.items()):
        return False
    display.zh, display.en = texts["zh"], texts["en"]
    display.done_at = display.done_by = None
    return True
