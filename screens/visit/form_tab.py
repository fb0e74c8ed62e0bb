"""The tabs of the form (R99 to R112), of people, of notes and of the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from models.form import REMARKS, FormGuest, FormLeg, FormMeal
from models.papers.journal_entries import entry_text
from models.policy.case import PlannedCost, PlannedLodging
from models.policy.model import entry_name, item_name, knows
from models.queries.visit_arrangements import NoteLine
from models.queries.visit_detail import PersonPart, VisitDetail
from models.queries.visit_history import JournalEntry
from models.services import day_verbs
from models.words import cell_len
from models.words.dates import say_day, say_moment
from models.words.wrapping import wrap
from screens.kit.form_dialog import extras, rank, stop_line
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.requests import said_line
from screens.visit.tab import VisitPage, VisitTab

LABEL = 18


class FormTab(VisitTab):
    """The form, as printed; it has no commands of its own."""

    TAB = "form"

    def table_columns(self) -> list[Column]:
        """The label, and what is filled in."""
        return [Column("", LABEL), Column("", 0)]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Each field, in as many rows as it takes."""
        page = self.page
        room = max(20, page.size.width - LABEL - 3)
        found: list[Row] = []
        for label, text in _FormText(page, whole, room).fields():
            label_lines = wrap(label, LABEL) if cell_len(label) > LABEL else [label]
            text_lines = wrap(text or "-", room)
            for at in range(max(len(label_lines), len(text_lines))):
                cells = tuple(lines[at] if at < len(lines) else "" for lines in (label_lines, text_lines))
                found.append(Row(str(len(found)), cells))
        return found

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The form says everything in its rows."""
        return []


class _FormText:
    """One form in words."""

    def __init__(self, page: VisitPage, whole: VisitDetail, room: int) -> None:
        self.page, self.whole, self.w, self.room = page, whole, page.w, room
        self.form, self.policy, self.today = whole.form, whole.policy, page.shell.now().date()

    def label(self, field: str) -> str:
        """The field's printed label."""
        return self.w(f"visit.form.{field}")

    def fields(self) -> Iterator[tuple[str, str]]:
        """Label and text of every field, in the order of the printed form; what it does not have follows."""
        form, w = self.form, self.w
        yield self.label("applicant"), self.names([form.applicant] if form.applicant else [])
        yield self.label("arrive"), self._times()
        yield self.label("reason"), form.reason
        yield self.label("client"), form.client
        for at, guest in enumerate(form.guests or ()):
            said = " / ".join(
                part for part in (guest.name, guest.post, guest.address, rank(self.policy, guest, w)) if part
            )
            star = f" ({w('visit.part.principal')})" if guest.principal else ""
            yield self.label("guests") if at == 0 else "", said + star
        if not form.guests:
            yield self.label("guests"), ""
        yield self.label("headcount"), str(form.headcount or "")
        yield self.label("purposes"), self.boxes("purpose", form.purposes, form.purpose_text)
        if self.policy.tiers:
            yield self.label("tier"), self.tiers()
        yield from self.categories()
        yield self.label("services"), self.boxes("service", form.services, form.services_text)
        if self.policy.lists.get("want"):
            yield self.label("wants"), self.boxes("want", form.wants, "")
        yield self.label("arrangements"), form.arrangements
        yield from self.signed("opinion")
        yield from self.signed("decide")
        yield from self.route()
        yield from self.more()

    def categories(self) -> Iterator[tuple[str, str]]:
        """R107, R108, R109: dining with the companions, lodging with the number, other with its times."""
        label = self.label("categories")
        for text in (*self.dining(), *self.lodged(), self.other()):
            yield label, text
            label = ""

    def dining(self) -> Iterator[str]:
        """R107, where the regulation knows meals or the form has some."""
        form = self.form
        if not (knows(self.policy, "meal") or form.dining or form.meals):
            return
        diners = self.w("visit.form.diners", who=self.names(form.diners)) if form.diners else ""
        yield "  ".join(part for part in (f"{_box(form.dining)} {self.w('visit.form.dining')}", diners) if part)
        yield from map(self.meal, form.meals)

    def lodged(self) -> Iterator[str]:
        """R108, where the regulation knows lodgings or the form has some."""
        form = self.form
        if not (knows(self.policy, "lodging") or form.lodged or form.lodging):
            return
        count = max((each.people for each in form.lodging), default=0)
        lodged = f"{_box(form.lodged)} {self.w('visit.form.lodged')}"
        yield "  ".join([lodged, *([self.w("visit.form.people", n=count)] if count else [])])
        yield from map(self.lodging, form.lodging)

    def other(self) -> str:
        """R109."""
        form = self.form
        other = [f"{_box(form.other)} {self.w('visit.form.other')}", form.other_text]
        return "  ".join(part for part in (*other, self.span(form.other_from, form.other_until)) if part)

    def more(self) -> Iterator[tuple[str, str]]:
        """What the printed form has no field for."""
        form, w = self.form, self.w
        yield self.label("hosts"), self.names(form.hosts)
        yield self.label("companions"), self.names(form.companions)
        for post, person in form.per_visit.items():
            yield w.name(self.policy.name_of(post)), self.names([person])
        for way, leg in (("arrival", form.arrival), ("departure", form.departure)):
            if leg != FormLeg():
                yield self.label(way), self.leg(leg)
        for at, cost in enumerate(form.costs):
            yield self.label("costs") if at == 0 else "", self.cost(cost)
        yield from extras(self.policy, form, w)
        for reason in form.reasons.values():
            yield self.label("reasons"), reason

    def names(self, people: Collection[int]) -> str:
        """The people's names."""
        return self.w.people([self.whole.names.get(person, "") for person in people])

    def boxes(self, list_id: str, chosen: Collection[str], text: str) -> str:
        """Every entry of the list with its mark; what was written beside the last."""
        entries = self.policy.lists.get(list_id, ())
        marks = [f"{_box(entry.id in chosen)} {self.w.name(entry.name)}" for entry in entries]
        return self.flow([*marks, *([text] if text else [])])

    def tiers(self) -> str:
        """R106: the tier in force, and the proposed one where a decision changed it (A3)."""
        tier, proposed = self.whole.tier, self.form.tier
        marks = [f"({'o' if tier == each.id else ' '}) {self.w.name(each.name)}" for each in self.policy.tiers]
        if proposed and proposed != tier:
            marks.append(self.w("visit.form.proposed", tier=self.w.name(self.policy.name_of(proposed))))
        return self.flow(marks)

    def flow(self, items: Sequence[str]) -> str:
        """The items side by side, in lines that break between them."""
        lines: list[str] = []
        for item in items:
            if lines and cell_len(lines[-1]) + 2 + cell_len(item) <= self.room:
                lines[-1] += f"  {item}"
            else:
                lines.append(item)
        return "\n".join(lines)

    def signed(self, box: str) -> Iterator[tuple[str, str]]:
        """R112: what was said in this box, with who and when."""
        said = [each.said for each in self.whole.signatures if each.box == box]
        for at, each in enumerate(said):
            yield self.label(box) if at == 0 else "", said_line(each, self.page)
        if not said:
            yield self.label(box), ""

    def route(self) -> Iterator[tuple[str, str]]:
        """Every stop of the way, those that are only told among them: whose, what is done there, how far it is."""
        w = self.w
        for at, step in enumerate(self.whole.route):
            what = stop_line(self.policy, step, w)
            yield w("wizard.field.route") if at == 0 else "", f"{_box(step.state == 'done')} {what}"

    def _times(self) -> str:
        """As the form says, and as it is known now where that is another."""
        form, whole = self.form, self.whole
        asked, now = self.span(form.arrive, form.depart), self.span(whole.comes, whole.goes)
        return asked if asked == now else f"{asked}  {self.w('travel.expected', at=now)}"

    def span(self, start: datetime | None, end: datetime | None) -> str:
        """From when until when."""
        if start is None or end is None:
            moment = start or end
            return say_moment(moment, self.today, self.w) if moment else ""
        until = f"{end:%H:%M}" if end.date() == start.date() else say_moment(end, self.today, self.w)
        return f"{say_moment(start, self.today, self.w)} - {until}"

    def meal(self, meal: FormMeal) -> str:
        """A meal in one line."""
        w = self.w
        name = w.name(entry_name(self.policy, "meal", meal.meal)) if meal.meal else ""
        venue = w.name(entry_name(self.policy, "venue", meal.venue)) if meal.venue else ""
        heads = w("visit.form.heads", guests=meal.guests, companions=meal.companions)
        price = w("visit.form.price", price=self.page.money(meal.price)) if meal.price is not None else ""
        bottles = w("visit.form.bottles", n=meal.bottles) if meal.bottles else ""
        packs = w("visit.form.packs", n=meal.packs) if meal.packs else ""
        remarks = [getattr(meal, field) for field in REMARKS]
        parts = (say_day(meal.on, self.today, w), name, venue, meal.place, heads, price, bottles, packs, *remarks)
        return "  ".join(part for part in parts if part)

    def lodging(self, lodging: PlannedLodging) -> str:
        """A lodging in one line."""
        w = self.w
        grade = w.name(entry_name(self.policy, "lodging", lodging.grade)) if lodging.grade else ""
        price = w("visit.form.price", price=self.page.money(lodging.price)) if lodging.price is not None else ""
        payer = w(f"visit.payer.{lodging.payer}") if lodging.payer != "company" else ""
        nights = w("visit.form.nights", n=lodging.nights)
        people = w("visit.form.people", n=lodging.people)
        parts = (say_day(lodging.on, self.today, w), nights, people, grade, price, payer)
        return "  ".join(part for part in parts if part)

    def cost(self, cost: PlannedCost) -> str:
        """Another cost in one line."""
        w = self.w
        price = self.page.money(cost.price) if cost.price is not None else ""
        day = say_day(cost.on, self.today, w) if cost.on else ""
        number = f"{cost.quantity.normalize():f}{cost.unit}"
        parts = (w.text(item_name(self.policy, cost.item)), number, price, day, cost.to)
        return "  ".join(part for part in parts if part)

    def leg(self, leg: FormLeg) -> str:
        """How they come or go."""
        mode = self.w(f"wizard.mode.{leg.mode}") if leg.mode in ("plane", "train", "car", "other") else leg.mode
        at = say_moment(leg.at, self.today, self.w) if leg.at else ""
        return "  ".join(part for part in (mode, leg.number, leg.place, at, leg.plates) if part)


def _box(ticked: bool) -> str:
    return "[x]" if ticked else "[ ]"


# -- people -----------------------------------------------------------------------------------------------------------


class PeopleTab(VisitTab):
    """Who receives and who comes."""

    TAB = "people"

    def table_columns(self) -> list[Column]:
        """Part, name, post, phone."""
        page = self.page
        w, narrow = page.w, page.size.width < 78
        return [
            Column(w("visit.role"), 14 if narrow else 22),
            Column(w("visit.name"), 10 if narrow else 14),
            Column(w("visit.phone"), 14, "data"),
            Column(w("visit.post"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Our people, then the guests."""
        page = self.page
        ours = [Row(f"p{at}", _part(page, part)) for at, part in enumerate(whole.people)]
        guests = [Row(f"g{at}", _guest(page, guest)) for at, guest in enumerate(whole.form.guests)]
        listed = page.w("visit.guests", n=len(whole.form.guests), headcount=whole.form.headcount or 0)
        return [Row("", (page.w("visit.ours"),), heading=True), *ours, Row("", (listed,), heading=True), *guests]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen person in full."""
        page = self.page
        row = next((each for each in self.table_rows(whole) if each.key == key and not each.heading), None)
        owner = page.w("visit.owner", department=page.w.name(whole.owner)) if whole.owner else ""
        return [
            *([f" {'  '.join(page.w.people([cell]) for cell in row.cells if cell)}"] if row else []),
            *([f" {owner}"] if owner else []),
        ]


def _part(page: VisitPage, part: PersonPart) -> tuple[str, ...]:
    role = page.w(f"visit.part.{part.role}") if isinstance(part.role, str) else page.w.name(part.role)
    return (role, part.name, part.phone or "-", " ".join(map(page.w.name, part.posts)))


def _guest(page: VisitPage, guest: FormGuest) -> tuple[str, ...]:
    role = page.w("visit.part.principal" if guest.principal else "visit.part.guest")
    said = f"{guest.post} ({guest.address})" if guest.address else guest.post
    return (role, guest.name, guest.phone or "-", said)


# -- notes ------------------------------------------------------------------------------------------------------------


def _mark(note: NoteLine) -> str:
    return ("[ ]" if note.open else "[x]") if note.promise else ""


class NotesTab(VisitTab):
    """What can be done with promises."""

    TAB = "notes"

    def table_columns(self) -> list[Column]:
        """Whether a promise was kept, when, who, what."""
        page = self.page
        w = page.w
        return [
            Column("", 3),
            Column(w("visit.when"), 16, "data"),
            Column(w("visit.who"), 8),
            Column(w("visit.note"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """The newest note first."""
        page = self.page
        today = page.shell.now().date()
        cells = [(_mark(note), say_moment(note.at, today, page.w), note.who, note.text) for note in whole.notes]
        return [Row(str(note.id), each) for note, each in zip(whole.notes, cells, strict=True)]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen note's text, as much as there is room for; of a promise whether it was kept."""
        page = self.page
        note = next((each for each in whole.notes if str(each.id) == key), None)
        if note is None:
            return []
        today = page.shell.now().date()
        kept = (
            page.w("visit.kept", at=say_moment(note.kept_at, today, page.w)) if note.kept_at else page.w("visit.owed")
        )
        said = [kept] if note.promise else []
        return [f" {line}" for line in [*said, *wrap(note.text, page.size.width - 2)]]

    def chosen_note(self) -> NoteLine | None:
        """The note under the cursor."""
        return next((each for each in self.whole.notes if str(each.id) == self.key), None) if self.whole else None

    async def do_promise(self) -> None:
        """F4: what was promised to the guests."""
        session = self.session
        await self.page.worded(
            self.w("visit.promise_title"), self.w("visit.promise"),
            lambda words: day_verbs.promise(session, self.page.visit_id, words),
        )  # fmt: skip

    def do_keep(self) -> None:
        """Space: the promise was kept, or not after all."""
        note = self.chosen_note()
        if note is not None:
            session, kept = self.session, note.open
            self.page.write(lambda: day_verbs.keep(session, note.id, kept=kept), self.page.done)


# -- the journal ------------------------------------------------------------------------------------------------------


class HistoryTab(VisitTab):
    """What happened, the newest first."""

    TAB = "history"

    def table_columns(self) -> list[Column]:
        """When, who, what."""
        page = self.page
        w = page.w
        return [Column(w("visit.when"), 16, "data"), Column(w("visit.who"), 8), Column(w("visit.what"), 0)]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """The newest entry first."""
        page = self.page
        today = page.shell.now().date()
        return [
            Row(str(entry.id), (say_moment(entry.at, today, page.w), entry.who, _said(page, entry)))
            for entry in whole.history
        ]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen entry, as much as there is room for."""
        page = self.page
        row = next((each for each in self.table_rows(whole) if each.key == key), None)
        return [f" {line}" for line in wrap("  ".join(row.cells), page.size.width - 2)] if row else []


def _said(page: VisitPage, entry: JournalEntry) -> str:
    policy = page.whole.policy if page.whole else page.session.policy
    return entry_text(entry, page.w, policy.currency.minor, page.shell.now().date())
