"""What can be done on the tab of bookings: book, take a proposal, change, move, release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from models.errors import Refused
from models.policy.programme import Clash
from models.queries.booking_lists import Bookable, BookingLine, bookable
from models.queries.visit_detail import VisitDetail
from models.services import booking_verbs
from models.services.booking_verbs import Booked, Kept, Proposal
from models.services.capacity import reason_key
from models.services.visit_record import Done, span
from models.words.dates import parse_delay
from screens.kit.dialogs import PickOne
from screens.kit.entry import FormDialog
from screens.kit.fields import Checks, Field, NumberField, Option, ParsedField, Pick, TextField
from screens.kit.linelist import Column, Row
from screens.kit.moment import MomentField, nearest
from screens.kit.text import Line
from screens.sheet import VisitFormDialog
from screens.visit.base import VisitTab
from screens.visit.bookings import chosen, columns, detail, proposed, rows

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
            wanted = Booked(line.starts, line.ends, None if line.kind == "person" else line.thing,
                            line.thing if line.kind == "person" else None, line.leg, "", line.stage, line.people,
                            line.guests, line.driver, line.note)  # fmt: skip
            title = self.w("bookings.change_title", name=line.name)
            await self._book_sheet(
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
                await self.page.edit(lambda: booking_verbs.take_proposal(session, visit, each, seen=seen).done)
            except Refused as refused:
                if refused.code != "clashes":
                    raise
                # it fell short of something before, too: the seats, the class
                verb: Callable[..., Kept] = partial(booking_verbs.book, session, visit)
                if each.booking is not None:
                    verb = partial(booking_verbs.change_booking, session, each.booking)
                await self._book_sheet(self.w("bookings.add_title"), wanted, verb)

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
            await self._book_sheet(
                title, self._for_line(each, starts, ends), partial(booking_verbs.book, session, visit)
            )

    def _for_line(self, each: Bookable, starts: datetime, ends: datetime) -> Booked:
        """What was chosen, for what the line under the cursor is for, and for whom nothing is booked yet; a room beside
        a car, or a car beside a room, is for nothing that is known."""
        assert self.whole is not None
        wanted = Booked(starts, ends, each.resource, each.person)
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
            return booking_verbs.move(session, line.id, *when.value, seen=self.page.seen, reasons=reasons).done

        title = self.w("bookings.move_title", name=line.name, span=span(line.starts, line.ends))
        await self.page.filled(
            title, [when], save, needed=[when], text=self.w("bookings.move_hint"), dialog=BookingDialog
        )

    async def do_release(self) -> None:
        """Del: hold it no longer."""
        line, session, seen = self.chosen_booking(), self.session, self.page.seen
        if line is not None:
            await self.page.edit(lambda: booking_verbs.release(session, line.id, seen=seen).done)

    async def _book_sheet(self, title: str, wanted: Booked, verb: Callable[..., Kept], *, thing: bool = False) -> None:
        """The booking in a box, saved by `verb`."""
        if self.whole is None:
            return
        found = await self.page.shell.thread(
            lambda: bookable(self.session, self.page.visit_id, wanted.starts, wanted.ends)
        )
        fields = self._book_fields(wanted, found, thing=thing)

        def save(reasons: Reasons) -> Done:
            return verb(self._book_typed(wanted, fields, found), seen=self.page.seen, reasons=reasons).done

        needed = [fields[name] for name in ("starts", "ends")]
        await self.page.filled(title, list(fields.values()), save, needed=needed, dialog=BookingDialog)

    def _book_fields(self, wanted: Booked, found: tuple[Bookable, ...], *, thing: bool) -> dict[str, Field]:
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

    def _book_typed(self, wanted: Booked, fields: dict[str, Field], found: tuple[Bookable, ...]) -> Booked:
        """What is typed. Refused where a name is nobody's."""
        values = {name: field.value for name, field in fields.items()}  # type: ignore[attr-defined]  # of each field's type
        for name in ("thing", "driver"):
            pick = fields.get(name)
            if isinstance(pick, Pick) and pick.raw.strip() and not pick.value:
                raise Refused("unknown_person" if name == "driver" else "no_resource", name=pick.raw.strip())
        thing = next((each for each in found if each.key == values.get("thing")), None)
        names = self._guest_names()
        return Booked(
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
