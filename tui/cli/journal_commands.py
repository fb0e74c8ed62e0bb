"""`jiedai journal`: who did what, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.papers.journal_entries import entry_text, verb_names
from models.policy.model import words_of
from models.queries.journal_lists import (
    PAGE,
    JournalFilter,
    JournalLine,
    journal_page,
    persons_named,
    visit_numbered,
)
from models.words.catalogue import LANGUAGES
from tui.cli.call import Call, day, one_of, session_of, store
from tui.cli.day_commands import entry_data
from tui.cli.out import columns, give, give_json, tell

if TYPE_CHECKING:
    from models.services.session import Session


def run_journal(call: Call) -> int:
    """Print the newest entries that the options let through; as data, all of them."""
    given, verbs = call.given, {verb: [names[code] for code in LANGUAGES] for verb, names in verb_names().items()}
    verb = one_of(given.option("verb"), verbs, "unknown_verb")
    only = day(call, given.option("day"))
    first, last = only or day(call, given.option("from")), only or day(call, given.option("to"))
    with store(call):
        session = session_of(call)
        wanted = JournalFilter(
            persons=persons_named(given.option("person")) if given.option("person") else (),
            visit=visit_numbered(given.option("visit")) if given.option("visit") else None,
            verb=verb, first=first, last=last,
        )  # fmt: skip
        if call.json:
            give_json([_data(line) for line in _all(session, wanted)])
            return 0
        page = journal_page(session, wanted)
    if not page.lines:
        tell(call.w("journal.empty"))
        return 0
    w, today = words_of(session.policy, call.w.language), call.clock().date()
    rows = [
        [str(line.entry.id), f"{line.entry.at:%Y-%m-%d %H:%M}", line.entry.who or "-", line.number or "-",
         entry_text(line.entry, w, line.digits, today)]
        for line in page.lines
    ]  # fmt: skip
    heads = [w(f"journal.{each}") for each in ("entry", "at", "who", "visit", "what")]
    give(columns([heads, *rows], ["data", "data", "data", "data", "text"]))
    if page.older is not None:
        tell(call.w("journal.more", n=PAGE))
    return 0


def _all(session: Session, wanted: JournalFilter) -> Iterator[JournalLine]:
    before: int | None = None
    while True:
        page = journal_page(session, wanted, before)
        yield from page.lines
        if page.older is None:
            return
        before = page.older


def _data(line: JournalLine) -> dict[str, object]:
    about = {"visit": line.entry.visit, "number": line.number or None, "client": line.client or None}
    return {"id": line.entry.id, **entry_data(line.entry), **about}
