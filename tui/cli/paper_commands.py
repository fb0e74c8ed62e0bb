"""`jiedai paper`, a paper of a visit as text, and `jiedai export`, lists and calendars; to standard output or file."""

from __future__ import annotations

import os
import sys
from datetime import tzinfo
from pathlib import Path
from typing import get_args

from models.errors import Refused
from models.papers.visit_papers import BUNDLE, PAPERS, visit_paper
from models.policy.model import words_of
from models.queries.calendar_events import calendar_events
from models.queries.export_tables import EXPORTED, Exported, export_table
from models.queries.plain_lists import visit_by_number
from models.services.person_register import actor_named
from models.services.session import Session
from models.words import Phrase, Words, clean, clean_lines, words
from models.words.catalogue import LANGUAGES
from tui.cli.call import Call, day, one_of, session_of, store
from tui.cli.command_line import Usage
from tui.cli.out import give, tell

KIND = ".txt"


def run_paper(call: Call) -> int:
    """Print the paper, or write it and say where it went."""
    known = (*PAPERS, BUNDLE)
    names = {each: [words(language)(f"paper.name.{each}") for language in LANGUAGES] for each in known}
    what, where = one_of(call.word(), names, "unknown_paper"), call.word(2)
    if where and not where.lower().endswith(KIND):
        raise Usage(Phrase("cli.export_kind", {"path": clean(where), "known": KIND}))
    with store(call):
        number = visit_by_number(call.word(1))
        if number is None:
            raise Refused("no_number", number=clean(call.word(1)))
        session = session_of(call)
        text = visit_paper(session, number, what, words_of(session.policy, call.w.language))
    if not where:
        give("\n\n".join(text.split("\f")))
        return 0
    write_whole(Path(where), ("\f".join(clean_lines(page) for page in text.split("\f")) + "\n").encode())
    tell(call.w("paper.printed", path=where))
    return 0


# -- lists and calendars as files --------------------------------------------------------------------------------------


ICS = "ics"
KINDS = (".csv", ".xlsx")


def run_export(call: Call) -> int:
    """Write what was asked for to a file, or to standard output; say where it went."""
    what, where = _what(call), call.word(1)
    if what == ICS and where and not where.lower().endswith(".ics"):
        raise Usage(Phrase("cli.export_kind", {"path": clean(where), "known": ".ics"}))
    if what != ICS and where and not where.lower().endswith(KINDS):
        raise Usage(Phrase("cli.export_kind", {"path": clean(where), "known": ", ".join(KINDS)}))
    with store(call):
        session = session_of(call)
        w = words_of(session.policy, call.w.language)
        data = _calendar(call, session, w) if what == ICS else _table(call, session, w, what, where)
    if not where:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return 0
    write_whole(Path(where), data)
    tell(call.w("export.made", path=where, bytes=len(data)))
    return 0


def _what(call: Call) -> str:
    names: dict[str, list[str]] = {
        what: [words(language)(f"export.sheet.{what}") for language in LANGUAGES] for what in EXPORTED
    }
    return one_of(call.word(), {**names, ICS: [ICS]}, "unknown_export")


def _table(call: Call, session: Session, w: Words, what: str, where: str) -> bytes:
    from models.papers.spreadsheet import csv_bytes, xlsx_bytes

    chosen: Exported = next(each for each in get_args(Exported) if each == what)
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    table = export_table(session, chosen, first, last)
    return xlsx_bytes(table, w) if where.lower().endswith(".xlsx") else csv_bytes(table, w)


def _calendar(call: Call, session: Session, w: Words) -> bytes:
    from models.papers.calendar_file import calendar_file

    whose = call.given.option("for")
    person = actor_named(whose) if whose else None
    number = call.given.option("visit")
    visit = visit_by_number(number) if number else None
    if number and visit is None:
        raise Refused("no_number", number=clean(number))
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    events = calendar_events(session, first, last, person=person.person if person else None, visit=visit)
    name = w("calendar_file.name_of", who=person.name) if person else w("calendar_file.name")
    zone: tzinfo | None = call.clock().tzinfo
    assert zone is not None
    return calendar_file(events, w, zone, name)


def write_whole(path: Path, data: bytes) -> None:
    """The whole file or none of it: a calendar reads it while it is written anew."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Refused("export_failed", path=clean(str(path)), why=error.strerror or "") from None
