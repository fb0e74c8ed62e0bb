"""The reception plan (接待方案): who comes, who receives them, the stages in order, cars, rooms, meals, contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from models.form import MODES
from models.papers.request_form import WIDTH, FormText, centred
from models.queries.visit_arrangements import LegLine, MealLine
from models.queries.visit_detail import VisitDetail
from models.words import Name, Words
from models.words.dates import say_in_full, say_weekday
from models.words.wrapping import columns, hanging


def reception_plan(whole: VisitDetail, w: Words, width: int = WIDTH) -> str:
    """The plan of a visit as a page of text."""
    plan = _Plan(whole, w, width)
    lines = [centred(w("paper.name.plan"), width), ""]
    lines += [part for label, text in plan.head() if text for part in hanging(f"{label}  ", text, width)]
    blocks = (("stages", plan.stages()), ("travel", plan.travel()), ("bookings", plan.bookings()),
              ("meals", plan.meals()), ("rooms", plan.rooms()), ("people", plan.people()))  # fmt: skip
    for key, found in blocks:
        under = list(found)
        lines += ["", w(f"paper.plan.{key}"), *(f"  {text}" for text in under)] if under else []
    return "\n".join(lines)


def table(rows: Sequence[Sequence[str]], holds: Sequence[str], width: int) -> list[str]:
    """Rows whose columns stand below each other; columns in which nothing stands are left out."""
    used = [at for at in range(len(holds)) if any(row[at] for row in rows)]
    if not rows or not used:
        return []
    return columns([[row[at] for at in used] for row in rows], [holds[at] for at in used], width - 2)


class _Plan:
    def __init__(self, whole: VisitDetail, w: Words, width: int) -> None:
        self.whole, self.w, self.width = whole, w, width
        self.form = FormText(whole, w, date.min, width - 12)

    def head(self) -> Iterator[tuple[str, str]]:
        """What the visit is, whose, how many, when, what for, who receives."""
        whole, w = self.whole, self.w
        yield w("paper.plan.number"), whole.number or ""
        yield w("visit.form.client"), whole.form.client
        guests = [f"{each.name} {each.post}".strip() for each in whole.form.guests if each.name]
        heads = w("visit.heads", n=whole.form.headcount) if whole.form.headcount else ""
        yield w("visit.form.guests"), "  ".join([*([heads] if heads else []), *guests])
        yield w("visit.form.arrive"), self._span(whole.comes, whole.goes)
        yield w("visit.form.tier"), w.name(whole.policy.name_of(whole.tier)) if whole.tier else ""
        entries = [e for e in whole.policy.lists.get("purpose", ()) if e.id in whole.form.purposes]
        yield w("visit.form.purposes"), " ".join([*(w.name(e.name) for e in entries), whole.form.purpose_text]).strip()
        yield w("visit.form.hosts"), w.people(whole.hosts)
        yield w("visit.form.companions"), self.form.names(whole.form.companions)
        yield w("visit.form.arrangements"), whole.form.arrangements

    def stages(self) -> Iterator[str]:
        """Each stage that is held: when, what, where, who."""
        held = [stage for stage in self.whole.stages if stage.state != "not_applicable"]
        days = {stage.at.date() for stage in held if stage.at}
        rows = [
            [self._at(stage.at, short=len(days) < 2), self.w.name(stage.name), stage.place.text, stage.people]
            for stage in held
        ]
        yield from table(rows, ["data", "text", "text", "text"], self.width)

    def travel(self) -> Iterator[str]:
        """How each group comes and goes, who meets them."""
        yield from table([self._leg(leg) for leg in self.whole.travel if leg.planned or leg.number or leg.mode],
                         ["text", "data", "text", "data", "text", "text"], self.width)  # fmt: skip

    def _leg(self, leg: LegLine) -> list[str]:
        w = self.w
        mode = w(f"today.mode.{leg.mode}") if leg.mode in MODES else leg.mode
        place = " ".join(part for part in (leg.place, leg.terminal) if part)
        met = w("paper.plan.met", who=leg.met_by) if leg.met_by else ""
        return [w(f"visit.form.{leg.way}"), self._at(leg.expected or leg.planned), f"{mode} {leg.number}".strip(),
                place, met, " ".join(leg.guests)]  # fmt: skip

    def bookings(self) -> Iterator[str]:
        """Cars, rooms and people that are held, with drivers and their phones."""
        rows = [
            [f"{self._at(line.starts)}-{line.ends:%H:%M}", line.name, line.model,
             purpose(line.purpose, self.w),
             " ".join(part for part in (line.driver_name, line.driver_phone) if part)]
            for line in self.whole.booked.lines
        ]  # fmt: skip
        yield from table(rows, ["data", "data", "text", "text", "data"], self.width)

    def meals(self) -> Iterator[str]:
        """Each meal: when, what, where, how many, what may not be eaten."""
        yield from table([meal_cells(meal, self.w) for meal in self.whole.arranged.meals],
                         ["data", "text", "text", "text", "text"], self.width)  # fmt: skip

    def rooms(self) -> Iterator[str]:
        """Each lodging: from when, where, how many."""
        for room in self.whole.arranged.rooms:
            nights = self.w("visit.form.nights", n=room.nights)
            people = self.w("visit.form.people", n=room.people)
            name = self.w.name(room.name) if room.name else ""
            parts = (f"{room.on:%m-%d}", name, room.place, people, nights, " ".join(room.guests))
            yield "  ".join(part for part in parts if part)

    def people(self) -> Iterator[str]:
        """Who of ours has a part, each once with all their parts, with their phones."""
        parts: dict[tuple[str, str], list[str]] = {}
        for each in self.whole.people:
            role = self.w(f"visit.part.{each.role}") if isinstance(each.role, str) else self.w.name(each.role)
            if each.name:
                parts.setdefault((each.name, each.phone), []).append(role)
        rows = [[name, phone, " ".join(roles)] for (name, phone), roles in parts.items()]
        yield from table(rows, ["data", "data", "text"], self.width)

    def _span(self, start: datetime | None, end: datetime | None) -> str:
        said = [say_in_full(at, self.w) for at in (start, end) if at]
        if start and end and start.date() == end.date():
            said[1] = f"{end:%H:%M}"
        return " - ".join(said)

    def _at(self, at: datetime | None, *, short: bool = False) -> str:
        if at is None:
            return "-"
        return f"{at:%H:%M}" if short else f"{at:%m-%d} {say_weekday(at.date(), self.w)} {at:%H:%M}"


def purpose(what: str | Name, w: Words) -> str:
    """What something is booked for: a way of the guests, or a stage."""
    if isinstance(what, Name):
        return w.name(what)
    return w(f"listing.purpose.{what}") if what in ("arrival", "departure") else what


def meal_cells(meal: MealLine, w: Words) -> list[str]:
    """A meal: its hour, name, place, heads, what its guests may not eat."""
    at = f"{meal.when:%m-%d %H:%M}" if meal.when else f"{meal.on:%m-%d}"
    place = " ".join(part for part in (w.name(meal.where) if meal.where else "", meal.place) if part)
    heads = w("visit.form.heads", guests=meal.guests, companions=meal.companions)
    diet = "  ".join(f"{w.text(need.what)} {need.n}" for need in meal.needs)
    return [at, w.name(meal.name) if meal.name else "", place, heads, "  ".join(p for p in (diet, meal.diet) if p)]
