"""The papers of a visit by what they are called, and all of them as one bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.errors import Refused
from models.papers.host_brief import host_brief
from models.papers.receipt_list import receipt_list
from models.papers.reception_plan import reception_plan
from models.papers.request_form import WIDTH, request_form
from models.papers.slips import car_slips, meal_note, name_plates, set_out
from models.queries.client_records import brief
from models.queries.visit_detail import VisitDetail, visit
from models.services.session import Session
from models.words import Words, cell_len
from models.words.wrapping import wrap

BUNDLE = "all"
PAGE = "\f"
"""What parts one paper from the next where several are printed."""


def _brief(session: Session, whole: VisitDetail, w: Words, width: int) -> str:
    text = host_brief(brief(session, whole.visit), w, whole.policy.currency.minor)
    return "\n".join(_within(text, width))


Write = Callable[[Session, VisitDetail, Words, int], str]
"""Writes a paper of a visit in lines of so many cells."""


def _plain(paper: Callable[[VisitDetail, Words, int], str]) -> Write:
    return lambda session, whole, w, width: paper(whole, w, width)


def _within(text: str, width: int) -> Iterator[str]:
    """The lines of a text, those wrapped that are too long for a page."""
    for line in text.split("\n"):
        yield from [line] if cell_len(line) <= width + 2 else wrap(line, width)


PAPERS: dict[str, Write] = {
    "form": _plain(request_form),
    "plan": _plain(reception_plan),
    "brief": _brief,
    "welcome": lambda session, whole, w, width: set_out(whole, w, "welcome"),
    "plates": _plain(name_plates),
    "seating": lambda session, whole, w, width: set_out(whole, w, "seating"),
    "cars": _plain(car_slips),
    "meals": _plain(meal_note),
    "receipts": lambda session, whole, w, width: "\n".join(_within(receipt_list(whole, w), width)),
}
"""Each paper of a visit; names are `paper.name.<one>`."""


def visit_paper(session: Session, number: int, paper: str, w: Words, width: int = WIDTH) -> str:
    """A paper of a visit as text in lines of `width` cells, or all that there is to print of it, a form feed between
    them. Refused where the visit is gone or may not be read."""
    whole = visit(session, number)
    if whole is None:
        raise Refused("no_visit")
    if paper != BUNDLE:
        return PAPERS[paper](session, whole, w, width)
    found = []
    for each, write in PAPERS.items():
        try:
            found.append(write(session, whole, w, width))
        except Refused:  # a visit that is not arranged has no brief yet
            if each != "brief":
                raise
    return PAGE.join(f"{text}\n" for text in found).rstrip("\n")
