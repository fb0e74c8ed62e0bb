"""Slips for who does one thing at a visit: one a drive (派车单), the note for the kitchen, cards for the table."""

from __future__ import annotations

from collections.abc import Iterator

from models.papers.reception_plan import meal_cells, purpose, table
from models.papers.request_form import WIDTH, centred
from models.queries.booking_lists import BookingLine
from models.queries.visit_detail import VisitDetail
from models.words import Words, pad
from models.words.dates import say_in_full
from models.words.wrapping import hanging, wrap

CARD = 30
"""Cells of a name plate's line, at most."""


def car_slips(whole: VisitDetail, w: Words, width: int = WIDTH) -> str:
    """A slip for each car that is booked: for the driver, so phones stand on it whole."""
    cars = [line for line in whole.booked.lines if line.kind == "car"]
    if not cars:
        return w("paper.no_cars")
    return "\n\n".join("\n".join(_slip(line, whole, w, width)) for line in cars)


def _slip(line: BookingLine, whole: VisitDetail, w: Words, width: int) -> Iterator[str]:
    yield centred(w("paper.name.cars"), width)
    leg = next((each for each in whole.travel if each.id == line.leg), None)
    driver = " ".join(part for part in (line.driver_name, line.driver_phone) if part)
    said = {
        "car": " ".join(part for part in (line.name, line.model) if part),
        "driver": driver or w("paper.blank"),
        "when": f"{say_in_full(line.starts, w)} - {line.ends:%H:%M}",
        "what": purpose(line.purpose, w),
        "guests": f"{whole.form.client}  {w('visit.heads', n=line.sitting)}  {' '.join(line.guests)}".rstrip(),
        "travel": " ".join(part for part in ((leg.number, leg.place, leg.terminal) if leg else ()) if part),
        "phone": leg.phone if leg else "",
        "met": " ".join(part for part in ((leg.met_by, leg.met_phone) if leg else ()) if part),
        "note": line.note,
    }
    for key, text in said.items():
        if text:
            yield from hanging(f"{w(f'paper.slip.{key}')}  ", text, width)
    yield f"{w('paper.slip.number')}  {whole.number or '-'}"
    yield f"{w('paper.slip.mileage')} {w('paper.blank')}   {w('paper.slip.signature')} {w('paper.blank')}"


def meal_note(whole: VisitDetail, w: Words, width: int = WIDTH) -> str:
    """The meals of a visit for the kitchen or the restaurant: when, where, how many, what may not be eaten."""
    meals = whole.arranged.meals
    if not meals:
        return w("paper.no_meals")
    lines = [centred(w("paper.name.meals"), width), ""]
    lines += [f"{whole.number or '-'}  {whole.form.client}"]
    lines += table([meal_cells(meal, w) for meal in meals], ["data", "text", "text", "text", "text"], width)
    for meal in meals:
        drinks = [w("visit.form.bottles", n=meal.bottles)] if meal.bottles else []
        drinks += [w("visit.form.packs", n=meal.packs)] if meal.packs else []
        said = "  ".join(part for part in (*drinks, meal.note) if part)
        lines += hanging(f"  {w.name(meal.name) if meal.name else '-'}  ", said, width) if said else []
    diets = [f"{line.name} {line.diet or line.known}" for line in whole.arranged.diets if line.diet or line.known]
    lines += ["", w("paper.diets"), *(f"  {text}" for text in diets)] if diets else []
    return "\n".join(lines)


def name_plates(whole: VisitDetail, w: Words, width: int = WIDTH) -> str:
    """A plate for each name that is set out (R54), to be cut out and folded; the text as it was made or written."""
    text = next((each.texts.get(w.language, "") for each in whole.arranged.texts if each.what == "plates"), "")
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names:
        return w("paper.no_plates")
    cards, card = [], min(CARD, width - 4)
    for name in names:
        rule = f"+{'-' * (card + 2)}+"
        inner = [f"| {pad(centred(part, card), card)} |" for part in wrap(name, card)]
        blank = f"| {' ' * card} |"
        cards.append("\n".join([rule, blank, *inner, blank, rule]))
    return "\n".join(cards)


def set_out(whole: VisitDetail, w: Words, what: str) -> str:
    """The welcome text or the seating as it was made or written; why there is none."""
    text = next((each.texts.get(w.language, "") for each in whole.arranged.texts if each.what == what), "")
    return text or w("paper.no_text")
