"""A sample company with long data in every field, and looking for data of which a part is shown as if it were all."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from models.policy.load import load_file
from models.schema.store import open_store, reading
from models.schema.tables import Person
from tests.sample import CONFIG, DAY, MORNING, Sample
from tests.unit.life import Company

NOW = MORNING.replace(tzinfo=None)
PHONE, FLIGHT, PLATE, RECEIPT = "+8613977755866-80216", "CA4197/ZH9876-MU771", "浙A·DF52188挂", "FP-QWER-TYUI-KL5821"
SERIES = "-90817263"
"""What the number of each visit ends in."""
DATA = (PHONE, FLIGHT, PLATE, RECEIPT, SERIES)
PEOPLE, SEATS, QUANTITY = "1928374", "6574839", "50607081.5"
PRICE, PLANNED, ACTUAL, CAP, OVER = (
    "3,456,789.01", "9,876,543,210.98", "8,765,432,198.76", "7,654,321,987.65", "1,357,924,680.13",
)  # fmt: skip
FIGURES = (PEOPLE, SEATS, QUANTITY, PRICE, PLANNED, ACTUAL, CAP, OVER)


def _minor(amount: str) -> str:
    return re.sub(r"\D", "", amount)


_SQL = (
    f"UPDATE visit SET number = number || '{SERIES}', headcount = {PEOPLE}",
    f"UPDATE person SET phone = '{PHONE}'",
    f"UPDATE client_person SET phone = '{PHONE}'",
    f"UPDATE guest SET phone = '{PHONE}'",
    f"UPDATE leg SET number = '{FLIGHT}', plates = '{PLATE}、{PLATE}', phone = '{PHONE}'",
    f"UPDATE resource SET name = '{PLATE}' WHERE id = (SELECT min(id) FROM resource WHERE kind = 'car')",
    f"UPDATE resource SET name = '{PLATE}' || substr('零一二三四五六七八九', 1 + id % 10, 1) || id WHERE kind = 'car'"
    f" AND name <> '{PLATE}'",
    f"UPDATE resource SET seats = {SEATS}, price = {_minor(PRICE)}, phone = '{PHONE}'",
    f"UPDATE booking SET people = {PEOPLE}",
    f"UPDATE expense SET planned = {_minor(PLANNED)}, actual = {_minor(ACTUAL)}, cap = {_minor(CAP)}",
    f"UPDATE expense SET planned_over = {_minor(OVER)}, actual_over = {_minor(OVER)}, receipt = '{RECEIPT}'",
    f"UPDATE expense SET quantity = '{QUANTITY}', actual_quantity = '{QUANTITY}'",
    f"UPDATE meal SET guests = {PEOPLE}, companions = {PEOPLE}",
    f"UPDATE lodging SET people = {PEOPLE}",
    f"UPDATE cost SET quantity = '{QUANTITY}'",
)


@contextmanager
def overlong(sample: Sample, path: Path) -> Iterator[Company]:
    """The sample company, with phones, plates, numbers, counts and amounts longer than anybody's."""
    store = sample(DAY, path)
    with closing(sqlite3.connect(store)) as raw, raw:
        for each in _SQL:
            raw.execute(each)
    opened = open_store(store)
    try:
        policy = load_file(CONFIG)
        with reading():
            ids = {person.name: person.id for person in Person.select()}
        yield Company(policy, ids, NOW, policy.text)
    finally:
        opened.close()


def cut_without_a_mark(screen: str) -> list[str]:
    """What is shown of data or a figure and is neither the whole nor ends in a mark; a text may go on in the next
    line. Of a box only what stands in it."""
    boxed = re.findall(r"^.*?\|(.*)\|[^|]*$", screen, re.M) if "+--" in screen else []
    screen = "\n".join(boxed) or screen
    joined = re.sub(r"[ |]*\n[ |]*", "", screen)
    bare = [*_bare(joined, DATA, 4), *_bare(joined, FIGURES, 10)]
    torn = re.findall(r"(?<![\d.,])\d{1,3}-\d\d-\d\d(?!\d)|\b\d\d:\d(?![\d…])|\b20\d\d-\d\d-\d?(?![\d…-])", screen)
    return [*bare, *torn]


def _bare(text: str, values: Iterable[str], piece: int) -> Iterator[str]:
    for value in values:
        size = min(piece, len(value) - 1)
        pieces = {value[at : at + size] for at in range(len(value) - size + 1)}
        heads = "|".join(re.escape(value[:end]) + "…" for end in range(len(value) - 1, 0, -1))
        known = [match.span() for match in re.finditer(f"{re.escape(value)}|{heads}", text)]
        for each in pieces:
            for found in re.finditer(re.escape(each), text):
                if not any(start <= found.start() and found.end() <= end for start, end in known):
                    yield f"{value}: {text[max(0, found.start() - 20) : found.end() + 20]}"
