"""Spelling for later what could not be spelt when it was stored, and what hangs on it."""

from __future__ import annotations

from typing import Any

from models.schema import journal
from models.schema.arrangements import Display
from models.schema.store import reading, write
from models.schema.tables import ClientPerson, Person, Visit, VisitPerson
from models.services import displays
from models.services.names import TABLES, unspelt
from models.services.rights import LIVE
from models.services.session import Session
from models.words.pinyin import NOT_YET, Spelling, work_out

_AT_ONCE = 500  # names


def make_up(session: Session) -> int:
    """Spell the names that are stored without spelling, as far as that can be done now, and make anew the texts that
    have them in Latin letters; how many names. Slow: not for the event loop, and never inside a transaction."""
    spelt = [(table, row, said) for table, surname in TABLES.items() for row, said in _spelt(table, surname)]
    for start in range(0, len(spelt), _AT_ONCE):
        with write():
            for table, row, said in spelt[start : start + _AT_ONCE]:
                same = (table.id == row.id) & (table.name == row.name)
                table.update(pinyin=said.full, initials=said.initials).where(same).execute()
            journal.untold()
    ours = [row.id for table, row, _ in spelt if table is Person]
    clients = {row.client_id for table, row, _ in spelt if table is ClientPerson}
    if ours or clients:
        _follow(session, ours, list(clients))
    return len(spelt)


def _spelt(table: Any, surname: bool) -> list[tuple[Any, Spelling]]:
    """The rows of a table that have no spelling, with the one they get."""
    with reading():
        rows = list(table.select().where(unspelt(table)))
    spellings = work_out([row.name for row in rows], surname)
    return [(row, said) for row, said in zip(rows, spellings, strict=True) if said != NOT_YET]


def _follow(session: Session, ours: list[int], clients: list[int]) -> None:
    with write():
        named = VisitPerson.select(VisitPerson.visit).where(VisitPerson.person.in_(ours))
        texts = Display.select(Display.visit).where(~Display.edited)
        theirs = Visit.client.in_(clients) | Visit.id.in_(named)
        arranged = Visit.state.in_(list(LIVE)) | Visit.before.is_null(False)
        for row in Visit.select().where(arranged, Visit.id.in_(texts), theirs):
            displays.refresh(session, row)
