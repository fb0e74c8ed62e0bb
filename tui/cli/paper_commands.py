"""`jiedai paper`: a paper of a visit as text, or all of them, to standard output or to a file."""

from __future__ import annotations

from pathlib import Path

from models.errors import Refused
from models.papers.visit_papers import BUNDLE, PAPERS, visit_paper
from models.policy.model import words_of
from models.queries.plain_lists import visit_by_number
from models.words import Phrase, clean, clean_lines, words
from models.words.catalogue import LANGUAGES
from tui.cli.call import Call, one_of, session_of, store
from tui.cli.command_line import Usage
from tui.cli.export_commands import write_whole
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
