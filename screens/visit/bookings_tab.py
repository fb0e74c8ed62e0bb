"""The tab of bookings: what is held, what clashes, what should be booked yet, and the commands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from models.errors import Refused
from models.policy.programme import Clash
from models.queries.booking_lists import Against, Bookable, Booked, BookingLine, PartClash, bookable
from models.queries.visit_detail import VisitDetail
from models.services import booking_verbs
from models.services.booking_verbs import BookingResult, Proposal, WantedBooking
from models.services.capacity import reason_key
from models.services.visit_record import span
from models.services.visits import Done
from models.words import Name
from models.words.dates import parse_delay
from screens.kit.choices import Checks, Option, Pick
from screens.kit.dialogs import PickOne
from screens.kit.fields import Field, MomentField, NumberField, ParsedField, TextField, nearest
from screens.kit.form_dialog import FormDialog, VisitFormDialog
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.tab import VisitPage, VisitTab

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


def _part(page: VisitPage, key: str, part: PartClash) -> Row:
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


# -- commands ---------------------------------------------------------------------------------------------------------

Reasons = Mapping[str, str]


class BookingDialog(VisitFormDialog):
    """The fields of a booking. What clashes and wants a reason is answered in a box over this one."""

    def refused(self, refused: Refused) -> None:
        found = refused.phrase.facts.get("clashes", ())
        clashes = [each for each in found if isinstance(each, Clash)] if isinstance(found, tuple) else []
        if refused.code != "clashes" or not clashes:
            super().refused(refused)
            return
        reason = TextField(self.w("checklist.why"), id="why")
        box: FormDialog[dict[str, str]] = FormDialog(
            self.w("bookings.reason_title"), [reason],
            lambda: {reason_key(each): str(reason.value) for each in clashes},
            needed=[reason], text="\n".join(self.w.text(each.text) for each in clashes),
        )  # fmt: skip
        self.app.push_screen(box, self._go_on)


class BookingsTab(VisitTab):
    """What can be done with the chosen booking, or with what is proposed."""

    TAB = "bookings"

    def table_columns(self) -> list[Column]:
        return columns(self.page)

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        return rows(self.page, whole)

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        return detail(self.page, whole, key)

    def chosen_booking(self) -> BookingLine | None:
        """The booking under the cursor."""
        return chosen(self.whole.booked, self.key) if self.whole else None

    def chosen_proposal(self) -> Proposal | None:
        """The proposal under the cursor."""
        return proposed(self.whole.booked, self.key) if self.whole else None

    async def do_open(self) -> None:
        """Enter: the booking in its box; a proposal is taken."""
        line = self.chosen_booking()
        if line is None:
            await self.do_take()
        else:
            wanted = WantedBooking(line.starts, line.ends, None if line.kind == "person" else line.thing,
                            line.thing if line.kind == "person" else None, line.leg, "", line.stage, line.people,
                            line.guests, line.driver, line.note)  # fmt: skip
            title = self.w("bookings.change_title", name=line.name)
            await self._booking_dialog(
                title, wanted, partial(booking_verbs.change_booking, self.session, line.id), thing=True
            )

    def why_not_take(self) -> str | None:
        """Something must be proposed."""
        if self.whole is None or not self.whole.booked.proposals:
            return self.barred("book") or self.w("bookings.nothing_proposed")
        each = self.chosen_proposal()
        if each is not None and each.wanted is None:
            return self.w(f"bookings.none_said_{each.thing}", n=each.people)
        return None

    async def do_take(self) -> None:
        """Space: book what is proposed under the cursor, else the first that is."""
        if self.whole is None:
            return
        found = self.whole.booked.proposals
        each = self.chosen_proposal() or next((each for each in found if each.wanted), None)
        if each is not None and each.wanted is not None:
            session, visit, seen, wanted = self.session, self.page.visit_id, self.page.seen, each.wanted
            try:
                await self.page.edit(lambda: booking_verbs.take_proposal(session, visit, each, expected=seen).done)
            except Refused as refused:
                if refused.code != "clashes":
                    raise
                # it fell short of something before, too: the seats, the class
                verb: Callable[..., BookingResult] = partial(booking_verbs.book, session, visit)
                if each.booking is not None:
                    verb = partial(booking_verbs.change_booking, session, each.booking)
                await self._booking_dialog(self.w("bookings.add_title"), wanted, verb)

    async def do_add(self) -> None:
        """F4: a car, a room or somebody; what is free at the time stands in front."""
        if self.whole is None:
            return
        starts, ends = self._usual_time()
        session, visit = self.session, self.page.visit_id
        found = await self.page.shell.thread(lambda: bookable(session, visit, starts, ends))
        rows = [
            Row(
                each.key,
                (each.name, self._kind_said(each), self._busy_said(each)),
                "" if each.free else "dim",
                find=each.find,
            )
            for each in found
        ]
        title = self.w("bookings.pick_title", span=span(starts, ends))
        key = await self.page.answer(PickOne(title, rows, (Column("", 12, "data"), Column("", 14, "data"), Column())))
        each = next((one for one in found if one.key == key), None)
        if each is not None:
            title = self.w("bookings.add_title_of", name=each.name)
            await self._booking_dialog(
                title, self._for_line(each, starts, ends), partial(booking_verbs.book, session, visit)
            )

    def _for_line(self, each: Bookable, starts: datetime, ends: datetime) -> WantedBooking:
        """What was chosen, for what the line under the cursor is for, and for whom nothing is booked yet; a room beside
        a car, or a car beside a room, is for nothing that is known."""
        assert self.whole is not None
        wanted = WantedBooking(starts, ends, each.resource, each.person)
        line, asked = self.chosen_booking(), self.chosen_proposal()
        beside = line.kind if line is not None else asked.thing if asked is not None else ""
        if "person" not in (each.kind, beside) and each.kind != beside:
            return wanted
        if line is not None:
            return replace(wanted, leg=line.leg, stage=line.stage)
        if asked is None:
            return wanted
        wanted = replace(wanted, leg=asked.leg, way=asked.way, stage=asked.stage)
        if each.kind != "car" or asked.thing != "car":
            return wanted
        people = min(asked.people, each.seats or asked.people)
        return replace(wanted, people=people, guests=asked.guests[:people])

    def _usual_time(self) -> tuple[datetime, datetime]:
        """The time of the line under the cursor, else of the arrival."""
        assert self.whole is not None
        line = self.chosen_booking() or self.chosen_proposal()
        if line is not None:
            return line.starts, line.ends
        at = self.whole.comes or self.page.shell.now().replace(minute=0, second=0, microsecond=0)
        return at, at + timedelta(hours=2)

    def _kind_said(self, each: Bookable) -> str:
        grade = self.w.name(each.grade) if each.grade else self.w(f"bookings.kind.{each.kind}")
        return f"{grade} {self.w('bookings.seats', n=each.seats)}" if each.seats else grade

    def _busy_said(self, each: Bookable) -> str:
        if each.free:
            return self.w("bookings.free")
        assert each.until is not None
        firm = self.w("bookings.firm" if each.firm else "bookings.tentative")
        return self.w("bookings.busy", client=each.client, until=f"{each.until:%m-%d %H:%M}", firm=firm)

    async def do_move(self) -> None:
        """F5: at another time: "+40", "10:20", "10:20-12:00"."""
        line = self.chosen_booking()
        if line is None:
            return
        session, read = self.session, partial(moved, line.starts, line.ends, self.page.shell.now().date())
        when: ParsedField[tuple[datetime, datetime]] = ParsedField(
            self.w("bookings.when"), None, read, spelt, room=30, id="when"
        )

        def save(reasons: Reasons) -> Done:
            assert when.value is not None
            return booking_verbs.move(session, line.id, *when.value, expected=self.page.seen, reasons=reasons).done

        title = self.w("bookings.move_title", name=line.name, span=span(line.starts, line.ends))
        await self.page.filled(
            title, [when], save, needed=[when], text=self.w("bookings.move_hint"), dialog=BookingDialog
        )

    async def do_release(self) -> None:
        """Del: hold it no longer."""
        line, session, seen = self.chosen_booking(), self.session, self.page.seen
        if line is not None:
            await self.page.edit(lambda: booking_verbs.release(session, line.id, expected=seen).done)

    async def _booking_dialog(
        self, title: str, wanted: WantedBooking, verb: Callable[..., BookingResult], *, thing: bool = False
    ) -> None:
        """The booking in a box, saved by `verb`."""
        if self.whole is None:
            return
        found = await self.page.shell.thread(
            lambda: bookable(self.session, self.page.visit_id, wanted.starts, wanted.ends)
        )
        fields = self._book_fields(wanted, found, thing=thing)

        def save(reasons: Reasons) -> Done:
            return verb(self._book_typed(wanted, fields, found), expected=self.page.seen, reasons=reasons).done

        needed = [fields[name] for name in ("starts", "ends")]
        await self.page.filled(title, list(fields.values()), save, needed=needed, dialog=BookingDialog)

    def _book_fields(self, wanted: WantedBooking, found: tuple[Bookable, ...], *, thing: bool) -> dict[str, Field]:
        w, today = self.w, self.page.shell.now().date()
        own = next((each for each in found if (each.resource, each.person) == (wanted.resource, wanted.person)), None)
        names = self._guest_names()
        fields: dict[str, Field] = {}
        if thing:
            rows = [
                Row(each.key, (each.name, self._kind_said(each), self._busy_said(each)), find=each.find)
                for each in found
            ]
            shown = (Column("", 16, "data"), Column("", 16, "data"), Column())
            fields["thing"] = Pick(w("bookings.thing"), rows, own.key if own else "", columns=shown, id="thing")
        for name, at in (("starts", wanted.starts), ("ends", wanted.ends)):
            fields[name] = MomentField(w(f"bookings.{name}"), at, today=today, anchor=partial(nearest, at), id=name)
        if own is None or own.kind != "person":
            fields["people"] = NumberField(w("bookings.people"), wanted.people, id="people")
        if own is not None and own.kind == "car":
            if names:
                ticked = [str(at) for at, name in enumerate(names) if name in wanted.guests]
                options = [Option(str(at), name) for at, name in enumerate(names)]
                fields["guests"] = Checks(w("bookings.guests"), options, ticked, id="guests")
            people = [each for each in found if each.kind == "person"]
            rows = [Row(str(each.person), (each.name, self._busy_said(each)), find=each.find) for each in people]
            driver = str(wanted.driver or "")
            fields["driver"] = Pick(w("bookings.driver"), rows, driver, columns=(Column("", 14), Column()), id="driver")
        fields["note"] = TextField(w("visit.remark"), wanted.note, id="note")
        return fields

    def _guest_names(self) -> tuple[str, ...]:
        guests = self.whole.form.guests if self.whole else ()
        return tuple(dict.fromkeys(guest.name for guest in guests if guest.name))

    def _book_typed(
        self, wanted: WantedBooking, fields: dict[str, Field], found: tuple[Bookable, ...]
    ) -> WantedBooking:
        """What is typed. Refused where a name is nobody's."""
        values = {name: field.value for name, field in fields.items()}  # type: ignore[attr-defined]  # of each field's type
        for name in ("thing", "driver"):
            pick = fields.get(name)
            if isinstance(pick, Pick) and pick.raw.strip() and not pick.value:
                raise Refused("unknown_person" if name == "driver" else "no_resource", name=pick.raw.strip())
        thing = next((each for each in found if each.key == values.get("thing")), None)
        names = self._guest_names()
        return WantedBooking(
            values["starts"], values["ends"],
            resource=thing.resource if thing else wanted.resource, person=thing.person if thing else wanted.person,
            leg=wanted.leg, way=wanted.way, stage=wanted.stage, people=values.get("people"),
            guests=tuple(name for at, name in enumerate(names) if str(at) in values["guests"])
            if "guests" in values else wanted.guests,
            driver=int(values["driver"]) if values.get("driver") else None, note=values["note"],
        )  # fmt: skip


def spelt(each: tuple[datetime, datetime]) -> str:
    """A span as `moved` reads it: days are said where it is not of one."""
    starts, ends = each
    return f"{starts:%m-%d %H:%M} - {ends:%m-%d %H:%M}"


def moved(starts: datetime, ends: datetime, today: date, text: str) -> tuple[datetime, datetime]:
    """The new span typed: "+40" or "10:20" keep its length, "10:20-12:00" gives both. Raises Unreadable."""
    apart = " - " in text
    first, _, last = text.strip().partition(" - " if apart else "-")
    if apart or (":" in first and ":" in last):
        start = parse_delay(first, starts, today)
        end = parse_delay(last, start + (ends - starts), today)
        return start, end
    start = parse_delay(text, starts, today)
    return start, start + (ends - starts)
