"""The tab of bookings: cars, rooms and people held for the visit, what clashes and why, what should be booked yet."""

from __future__ import annotations

from models.queries.booking_lists import Against, Booked, BookingLine, PartLine
from models.queries.visit_detail import VisitDetail
from models.services.booking_verbs import Proposal
from models.services.visit_record import span
from models.words import Name
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitPage

MARKS = {"info": "i", "warn": "!", "reason": "!", "block": "!"}


def columns(page: VisitPage) -> list[Column]:
    """A mark, when, what, what for, how many on how many seats, who drives, what is to be said."""
    w, narrow = page.w, page.size.width < 78
    return [
        Column("", 1),
        Column(w("bookings.when"), 17, "data"),
        Column(w("bookings.thing"), 11 if narrow else 14, "data"),
        Column(w("bookings.purpose"), 8 if narrow else 12),
        Column(w("bookings.people"), 5, "data"),
        Column(w("bookings.driver"), 8, wide=78),
        Column(w("bookings.remark"), 0),
    ]


def rows(page: VisitPage, whole: VisitDetail) -> list[Row]:
    """What is booked, then what should be, then whose part in the visit clashes."""
    found = whole.booked
    made = [_row(page, line) for line in found.lines]
    asked = [_proposal(page, at, each) for at, each in enumerate(found.proposals)]
    parts = [_part(page, f"h{at}", part) for at, part in enumerate(found.parts)]
    return [
        *made,
        *([Row("", (page.w("bookings.to_book"),), heading=True), *asked] if asked else []),
        *([Row("", (page.w("bookings.elsewhere"),), heading=True), *parts] if parts else []),
    ]


def _row(page: VisitPage, line: BookingLine) -> Row:
    off = page.w("bookings.off") if line.proper else ""
    gone = page.w("bookings.retired") if line.retired else ""
    said = " ".join(
        part for part in (_standing(page), gone, off, _said(page, line.clashes), *line.guests, line.note) if part
    )
    mark = "!" if line.proper or line.retired else _mark(line.clashes)
    cells = (mark, span(line.starts, line.ends), line.name, purpose(page, line.purpose, line.group),
             seated(line.sitting, line.seats), line.driver_name, said)  # fmt: skip
    bad = mark == "!"
    return Row(f"b{line.id}", cells, "alert" if bad else "")


def _standing(page: VisitPage) -> str:
    """Whether it is held at all, and firmly; "" where it is."""
    found = page.whole.booked if page.whole is not None else None
    if found is None or found.firm:
        return ""
    return page.w("bookings.tentative" if found.held else "bookings.unheld")


def _part(page: VisitPage, key: str, part: PartLine) -> Row:
    when = span(part.starts, part.ends)
    return Row(key, (_mark(part.clashes), when, part.name, "", "", "", _said(page, part.clashes)))


def _proposal(page: VisitPage, at: int, each: Proposal) -> Row:
    what = purpose(page, each.purpose, ())
    if each.wanted is None:
        none = page.w(f"bookings.none_free_{each.thing}", n=each.people)
        return Row(f"p{at}", ("!", span(each.starts, each.ends), "-", what, str(each.people), "", none), "alert")
    more = each.booking is not None
    said = " ".join([page.w("bookings.seat", n=each.people) if more else page.w("bookings.free"), *each.guests])
    seats = seated(each.wanted.people or 0 if more else each.people, each.seats)
    return Row(f"p{at}", ("+", span(each.starts, each.ends), each.name, what, seats, each.driver, said))


def seated(people: int, seats: int | None) -> str:
    """How many on how many seats."""
    return f"{people or '-'}/{seats}" if seats else str(people or "")


def purpose(page: VisitPage, what: str | Name, group: tuple[str, ...]) -> str:
    """What a booking is for; of a group of guests with its first name."""
    if isinstance(what, Name):
        return page.w.name(what)
    known = what in ("arrival", "departure")
    policy = page.whole.policy if page.whole else page.session.policy
    said = page.w(f"bookings.for.{what}") if known else page.w.name(policy.name_of(what)) if what else ""
    return " ".join([said, *group[:1]])


def _mark(clashes: tuple[Against, ...]) -> str:
    levels = [each.level for each in clashes if not each.reason]
    return "!" if any(level != "info" for level in levels) else "i" if levels else ""


def _said(page: VisitPage, clashes: tuple[Against, ...]) -> str:
    """The clashes in a word each, those accepted last."""
    told = sorted(clashes, key=lambda each: (bool(each.reason), each.level == "info"))
    return " ".join(dict.fromkeys(page.w(f"bookings.clash.{each.code}") for each in told))


def why(page: VisitPage, each: Against) -> list[str]:
    """A clash in words: what, with whom until when; then why it was accepted."""
    w = page.w
    said = w.text(each.text)
    if each.client:
        firm = w("bookings.firm" if each.firm else "bookings.tentative")
        until = f"{each.until:%m-%d %H:%M}" if each.until else ""
        said += "  " + w("bookings.other", client=each.client, until=until, firm=firm)
    return [said, w("bookings.reason", text=each.reason)] if each.reason else [said]


def chosen(found: Booked, key: str) -> BookingLine | None:
    """The booking of a row."""
    return next((line for line in found.lines if f"b{line.id}" == key), None)


def proposed(found: Booked, key: str) -> Proposal | None:
    """The proposal of a row."""
    return found.proposals[int(key[1:])] if key.startswith("p") and int(key[1:]) < len(found.proposals) else None


def detail(page: VisitPage, whole: VisitDetail, key: str) -> list[Line]:
    """The chosen booking: what it is and who drives, then what clashes."""
    w, found = page.w, whole.booked
    line = chosen(found, key)
    if line is not None:
        grade = w.name(line.grade) if line.grade else ""
        driver = w("bookings.drives", who=line.driver_name, phone=line.driver_phone) if line.driver_name else ""
        guests = w("bookings.rides", who=" ".join(line.guests)) if line.guests else ""
        first = "  ".join(part for part in (line.name, line.model, grade, driver, guests, line.note) if part)
        told = [text for each in line.clashes for text in why(page, each)]
        if line.proper is not None:
            told.insert(0, w("bookings.off_said", span=span(*line.proper)))
        return [f" {first}", *(f" {text}" for text in told)]
    if key.startswith("h"):
        part = found.parts[int(key[1:])]
        return [f" {text}" for each in part.clashes for text in why(page, each)]
    each = proposed(found, key)
    if each is None:
        return []
    if each.wanted is None:
        return [f" {w(f'bookings.none_said_{each.thing}', n=each.people)}"]
    if each.booking is not None:
        return [f" {w('bookings.proposed_seat', n=each.people, name=each.name)}"]
    return [f" {w('bookings.proposed', name=each.name, span=span(each.starts, each.ends))}",
            *(f" {w.text(clash.text)}" for clash in each.clashes)]  # fmt: skip
