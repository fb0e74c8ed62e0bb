"""The tab of what is arranged: meals, rooms, gifts and activities, tickets, texts to show, what guests do not eat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from models.queries.visit_arrangements import Arranged, DietLine, GiftLine, MealLine, RoomLine, TextLine, TicketLine
from models.queries.visit_detail import VisitDetail
from models.words import cell_len, cut, diets
from models.words.dates import say_day, say_moment
from models.words.wrapping import wrap
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import DETAIL, VisitPage

Chosen = MealLine | RoomLine | GiftLine | TicketLine | TextLine | DietLine
SECTIONS = ("meals", "rooms", "gifts", "tickets", "texts", "diets")


def columns(page: VisitPage) -> list[Column]:
    """Whether it is done, when, what, for how many, the rest."""
    w, narrow = page.w, page.size.width < 78
    return [
        Column("", 3),
        Column(w("visit.when"), 11, "data"),
        Column(w("arrange.what"), 14 if narrow else 20),
        Column(w("arrange.how_many"), 5, "figure"),
        Column(w("visit.remark"), 0),
    ]


def rows(page: VisitPage, whole: VisitDetail) -> list[Row]:
    """The sections in which there is something, each line with its key."""
    found: list[Row] = []
    for section in SECTIONS:
        lines: Sequence[Chosen] = getattr(whole.arranged, section)
        if lines:
            found.append(Row("", (page.w(f"arrange.section.{section}", n=len(lines)),), heading=True))
        found += [_row(page, line) for line in lines]
    return found


def key_of(line: Chosen) -> str:
    """By what a line is found again."""
    return f"{type(line).__name__}:{line.what if isinstance(line, TextLine) else line.id}"


def chosen(arranged: Arranged, key: str) -> Chosen | None:
    """The line of that key."""
    lines = [line for section in SECTIONS for line in getattr(arranged, section)]
    return next((line for line in lines if key_of(line) == key), None)


def _row(page: VisitPage, line: Chosen) -> Row:
    done = _done(line)
    mark = "" if done is None else "[x]" if done else "[ ]"
    alert = (isinstance(line, MealLine) and line.over) or (isinstance(line, TextLine) and line.outdated)
    cells = (mark, _when(page, line), named(page, line), _number(line), "  ".join(t for t in _rest(page, line) if t))
    return Row(key_of(line), cells, "alert" if alert else "dim" if done else "")


def _done(line: Chosen) -> bool | None:
    """Whether it is done; None for what is never ticked."""
    if isinstance(line, (GiftLine, TextLine)):
        return line.done_at is not None
    if isinstance(line, RoomLine):
        return line.checked_in is not None
    return line.bought_at is not None if isinstance(line, TicketLine) else None


def _when(page: VisitPage, line: Chosen) -> str:
    if isinstance(line, (MealLine, GiftLine)):
        return f"{line.at:%m-%d %H:%M}" if line.at else f"{line.on:%m-%d}" if line.on else ""
    if isinstance(line, RoomLine):
        return f"{line.on:%m-%d} {page.w('arrange.nights', n=line.nights)}"
    return f"{line.at:%m-%d %H:%M}" if isinstance(line, TicketLine) and line.at else ""


def named(page: VisitPage, line: Chosen) -> str:
    """What the line is: 午餐 公司内."""
    w = page.w
    if isinstance(line, MealLine):
        return _joined(
            [w.name(line.name) if line.name else w("arrange.meal"), w.name(line.where) if line.where else ""]
        )
    if isinstance(line, RoomLine):
        return w.name(line.name) if line.name else w("arrange.room")
    if isinstance(line, GiftLine):
        return _joined([w.name(line.name), line.what])
    if isinstance(line, TicketLine):
        return w("arrange.ticket")
    return w(f"done.display.{line.what}") if isinstance(line, TextLine) else line.name


def _number(line: Chosen) -> str:
    if isinstance(line, MealLine):
        return f"{line.guests}+{line.companions}{'!' if line.over else ''}"
    if isinstance(line, RoomLine):
        return str(line.people)
    return f"{line.quantity.normalize():f}" if isinstance(line, GiftLine) else ""


def _rest(page: VisitPage, line: Chosen) -> Iterable[str]:
    w = page.w
    if isinstance(line, MealLine):
        return [line.place, needs(page, line), line.note]
    if isinstance(line, RoomLine):
        return [line.place, w(f"visit.payer.{line.payer}"), " ".join(line.guests)]
    if isinstance(line, GiftLine):
        return [line.to, line.place, *_decided(page, line)]
    if isinstance(line, TicketLine):
        return [line.ticket or w("arrange.no_ticket"), line.number, " ".join(line.guests)]
    if isinstance(line, TextLine):
        text = line.texts.get(w.language, "")
        mark = w("arrange.outdated") if line.outdated else w("arrange.edited") if line.edited else ""
        return [mark, " / ".join(text.splitlines()) or w("arrange.not_made")]
    diet, known = diets.said(line.diet, w), diets.said(line.known, w)
    return [diet or "-", w("arrange.known_diet", text=known) if known and known != diet else ""]


def needs(page: VisitPage, line: MealLine) -> str:
    """What the diners may not eat, summed; said so where it is not known who of the guests sits there."""
    said = diets.say(line.needs, page.w)
    return said if line.named or not said else page.w("arrange.perhaps", needs=said)


def detail(page: VisitPage, whole: VisitDetail, key: str) -> list[Line]:
    """The chosen line in full."""
    line = chosen(whole.arranged, key)
    if line is None:
        return []
    w, today = page.w, page.shell.now().date()
    head = [_full_time(page, line, today), named(page, line)]
    if isinstance(line, MealLine):
        told = [
            [*head, line.place, *_meal_numbers(page, line)],
            [needs(page, line), *_meal_names(page, line), line.note],
        ]
    elif isinstance(line, RoomLine):
        price = w("arrange.a_night", price=page.money(line.price)) if line.price is not None else ""
        there = w("arrange.checked_in", at=say_moment(line.checked_in, today, w)) if line.checked_in else ""
        told = [[*head, w("visit.form.nights", n=line.nights), w("visit.form.people", n=line.people), line.place],
                [price, w(f"visit.payer.{line.payer}"), " ".join(line.guests), there]]  # fmt: skip
    elif isinstance(line, GiftLine):
        price = w("arrange.each", price=page.money(line.price)) if line.price is not None else ""
        count = w("arrange.count", n=_number(line))
        told = [[*head, count, price, line.to, line.place], [*_decided(page, line), *_by(page, line)]]
    elif isinstance(line, TextLine):
        return _text_detail(page, line)
    else:
        told = [[*head, *_rest(page, line)]]
    lines = [piece for each in told for piece in wrap(_joined(each, "  "), page.size.width - 2)]
    return [f" {text}" for text in lines if text]


def _text_detail(page: VisitPage, line: TextLine) -> list[Line]:
    """Who showed it when, then the text with its lines behind one another; where it has no room, how to read it."""
    width, text = page.size.width - 2, line.texts.get(page.w.language, "")
    shown = "shown" if line.what == "welcome" else "set_out"
    head = [page.w("arrange.check_how")] if line.outdated else []
    head += [page.w(f"arrange.{shown}", done=done) for done in _by(page, line)]
    lines, room = wrap(" / ".join(text.splitlines()), width), DETAIL - len(head)
    if len(lines) > room:
        more = " " + page.w("arrange.read_all")
        lines = [*lines[: room - 1], f"{cut(lines[room - 1], width - cell_len(more), ellipsis=True)}{more}"]
    return [f" {each}" for each in [*head, *lines] if each]


def _full_time(page: VisitPage, line: Chosen, today: date) -> str:
    at, on = getattr(line, "at", None), getattr(line, "on", None)
    if isinstance(at, datetime):
        return say_moment(at, today, page.w)
    return say_day(on, today, page.w) if isinstance(on, date) else ""


def _meal_numbers(page: VisitPage, line: MealLine) -> list[str]:
    w = page.w
    heads = w("visit.form.heads", guests=line.guests, companions=line.companions)
    most = w("arrange.over" if line.over else "arrange.most", n=line.most) if line.most is not None else ""
    price = w("visit.form.price", price=page.money(line.price)) if line.price is not None else ""
    drinks = [w(f"visit.form.{what}", n=n) for what, n in (("bottles", line.bottles), ("packs", line.packs)) if n]
    return [heads, most, price, *drinks]


def _meal_names(page: VisitPage, line: MealLine) -> list[str]:
    names = page.whole.names if page.whole is not None else {}
    ours = [names[each] for each in line.ours if each in names]
    said = [page.w("arrange.diners", names=" ".join(line.diners))] if line.diners else []
    return [*said, page.w("arrange.ours", names=page.w.people(ours))] if ours else said


def _decided(page: VisitPage, line: GiftLine) -> list[str]:
    """Who set what the standard leaves to somebody, or that nobody is named yet (R93, R94)."""
    if line.undecided:
        return [page.w("visit.lack.decided_by")]
    return [page.w("visit.said.decided_by", text=line.decided_by)] if line.decided_by else []


def _by(page: VisitPage, line: GiftLine | TextLine) -> list[str]:
    """When and by whom it was done."""
    if line.done_at is None:
        return []
    return [page.w("arrange.done", at=say_moment(line.done_at, page.shell.now().date(), page.w), who=line.done_by)]


def _joined(parts: Iterable[str], between: str = " ") -> str:
    return between.join(part for part in parts if part)
