"""The request form as it is printed (接待申请表, R99 to R112): one rendering for the visit's tab and for the paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from models.form import MODES, REMARKS, Form, FormGuest, FormLeg, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.policy.model import LODGING, MEAL, Policy, entry_name, item_name, knows
from models.queries.common import Stop
from models.queries.request_lists import DecisionLine
from models.queries.visit_detail import VisitDetail
from models.words import Words, cell_len, pad
from models.words.dates import say_day, say_moment
from models.words.money import say_money
from models.words.wrapping import wrap


class FormText:
    """The form of a visit in words: labels as they are printed (R99 to R112) and what is filled in."""

    def __init__(self, whole: VisitDetail, w: Words, today: date, room: int) -> None:
        """`room`: the cells a line of marks may take; `today`: from which days are said."""
        self.whole, self.w, self.today, self.room = whole, w, today, room
        self.form, self.policy = whole.form, whole.policy

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
        if not (knows(self.policy, MEAL) or form.dining or form.meals):
            return
        diners = self.w("visit.form.diners", who=self.names(form.diners)) if form.diners else ""
        yield "  ".join(part for part in (f"{_box(form.dining)} {self.w('visit.form.dining')}", diners) if part)
        yield from map(self.meal, form.meals)

    def lodged(self) -> Iterator[str]:
        """R108, where the regulation knows lodgings or the form has some."""
        form = self.form
        if not (knows(self.policy, LODGING) or form.lodged or form.lodging):
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
        said, w = [each.said for each in self.whole.signatures if each.box == box], self.w
        for at, each in enumerate(said):
            yield self.label(box) if at == 0 else "", said_line(each, self.policy, w, self.today)
        if not said:
            yield self.label(box), ""

    def route(self) -> Iterator[tuple[str, str]]:
        """Every stop of the way, those that are only told among them: whose, what is done there, how far it is."""
        w = self.w
        for at, step in enumerate(self.whole.route):
            what = stop_line(self.policy, step, w)
            yield w("wizard.field.route") if at == 0 else "", f"{_box(step.state == 'done')} {what}"

    def money(self, minor: int) -> str:
        """An amount in main units."""
        return say_money(minor, self.policy.currency.minor)

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
        price = w("visit.form.price", price=self.money(meal.price)) if meal.price is not None else ""
        bottles = w("visit.form.bottles", n=meal.bottles) if meal.bottles else ""
        packs = w("visit.form.packs", n=meal.packs) if meal.packs else ""
        remarks = [getattr(meal, field) for field in REMARKS]
        parts = (say_day(meal.on, self.today, w), name, venue, meal.place, heads, price, bottles, packs, *remarks)
        return "  ".join(part for part in parts if part)

    def lodging(self, lodging: PlannedLodging) -> str:
        """A lodging in one line."""
        w = self.w
        grade = w.name(entry_name(self.policy, "lodging", lodging.grade)) if lodging.grade else ""
        price = w("visit.form.price", price=self.money(lodging.price)) if lodging.price is not None else ""
        payer = w(f"visit.payer.{lodging.payer}") if lodging.payer != "company" else ""
        nights = w("visit.form.nights", n=lodging.nights)
        people = w("visit.form.people", n=lodging.people)
        parts = (say_day(lodging.on, self.today, w), nights, people, grade, price, payer)
        return "  ".join(part for part in parts if part)

    def cost(self, cost: PlannedCost) -> str:
        """Another cost in one line."""
        w = self.w
        price = self.money(cost.price) if cost.price is not None else ""
        day = say_day(cost.on, self.today, w) if cost.on else ""
        number = f"{cost.quantity.normalize():f}{cost.unit}"
        parts = (w.text(item_name(self.policy, cost.item)), number, price, day, cost.to)
        return "  ".join(part for part in parts if part)

    def leg(self, leg: FormLeg) -> str:
        """How they come or go."""
        mode = self.w(f"today.mode.{leg.mode}") if leg.mode in MODES else leg.mode
        at = say_moment(leg.at, self.today, self.w) if leg.at else ""
        return "  ".join(part for part in (mode, leg.number, leg.place, at, leg.plates) if part)


def _box(ticked: bool) -> str:
    return "[x]" if ticked else "[ ]"


def extras(policy: Policy, form: Form, w: Words) -> Iterator[tuple[str, str]]:
    """Label and text of each that is filled in."""
    if form.department:
        yield w("fields.department"), w.name(policy.name_of(form.department))
    for field in ("city", "area"):
        place = getattr(form, field)
        if place:
            yield w(f"extra.{field}"), w.name(entry_name(policy, field, place))
    for score, band in form.scores.items():
        yield w.name(entry_name(policy, "score", score)), w.name(entry_name(policy, "band", band))
    for name, value in form.fields.items():
        said = value.isoformat() if isinstance(value, date) else str(value)
        yield w.name(policy.name_of(name)), w.name(entry_name(policy, name, said))
    if form.documents:
        yield w("extra.documents"), " ".join(w.name(policy.name_of(each)) for each in form.documents)


def stop_line(policy: Policy, stop: Stop, w: Words) -> str:
    """Any one of which posts, and what is done there."""
    posts = f" {w('wizard.or')} ".join(w.name(policy.name_of(post)) for post in stop.posts)
    return w("extra.stop", posts=posts, what=w(f"wizard.what.{stop.what}"))


def rank(policy: Policy, guest: FormGuest, w: Words) -> str:
    """What rank a guest has; empty where none was given."""
    return w.name(entry_name(policy, "rank", guest.rank)) if guest.rank else ""


def said_line(said: DecisionLine, policy: Policy, w: Words, today: date) -> str:
    """A decision in one line: what, when, who, the words; who recorded it, and whether it is confirmed."""
    what = w(f"requests.what.{said.what if said.outcome == 'agree' else said.outcome}")
    tier = w.name(policy.name_of(said.tier)) if said.tier else ""
    who = w.people([said.who]) if said.who else w.name(policy.name_of(said.post))
    words = f"“{said.words}”" if said.words else ""
    line = " ".join(p for p in (what, say_moment(said.at, today, w), who, tier, words) if p)
    if said.recorded_by:
        key = "requests.recorded_unconfirmed" if said.unconfirmed else "requests.recorded"
        line += f" {w(key, who=said.recorded_by, medium=said.medium)}"
    return line


# -- the paper --------------------------------------------------------------------------------------------------------

LABEL = 16
WIDTH = 78


def request_form(whole: VisitDetail, w: Words, width: int = WIDTH) -> str:
    """The form as a page of text, `width` cells wide: a table of labels and what is filled in, whose edges line up.
    Boxes for opinion and decision stay empty for a pen where nobody has signed yet (R112). Days are said in full."""
    room = width - LABEL - 7
    form = FormText(whole, w, date.min, room)
    number = "  ".join(part for part in (whole.number or "", w(f"done.state.{whole.state}")) if part)
    title = w("paper.name.form")
    rule = f"+{'-' * (LABEL + 2)}+{'-' * (room + 2)}+"
    lines = [centred(title, width), pad(number, width, ">"), rule]
    signed = {form.label("opinion"), form.label("decide")}
    for label, text in form.fields():
        if label:
            lines += [] if lines[-1] == rule else [rule]
        blank = ["", w("paper.sign_here"), ""] if label in signed and not text else [text]
        said = [part for each in blank for part in (wrap(each, room) or [""])]
        names = wrap(label, LABEL)
        for at in range(max(len(said), len(names))):
            left, right = (names[at] if at < len(names) else ""), (said[at] if at < len(said) else "")
            lines.append(f"| {pad(left, LABEL)} | {pad(right, room)} |")
    return "\n".join([*lines, rule])


def centred(text: str, width: int) -> str:
    """A text in the middle of so many cells."""
    return " " * max(0, (width - cell_len(text)) // 2) + text
