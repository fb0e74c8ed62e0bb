"""Whoever names people of what is not over yet says of each that they are switched off; of what is over, of none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from models.papers.handover_page import handover_text
from models.queries.booking_lists import lanes
from models.queries.calendar_lists import span
from models.queries.client_records import brief
from models.queries.common import pieces
from models.queries.day_lists import today
from models.queries.handover_facts import handover
from models.queries.plain_lists import tasks, visits
from models.queries.request_lists import approvals, preview, requests
from models.queries.task_lists import checklist, reminders
from models.queries.visit_detail import visit
from models.queries.visit_history import notifications
from models.schema.arrangements import Booking
from models.schema.store import write
from models.schema.tables import Visit
from models.services.session import Session
from models.words import Inactive, called, words
from tests.unit.booking import garage
from tests.unit.leavers import NAMED, everywhere, off
from tui.cli.out import json_text

DAY = date(2026, 11, 30)
PAST = frozenset(["history", "notes", "said", "signatures", "changed", "gone", "done_by", "people", "find", "told_by"])
"""Fields that say who did something, what was typed, or who is switched off."""
SENTENCES = frozenset(["clashes", "findings", "what_if", "to_notify", "texts", "policy", "answer", "form"])
"""Fields with whole sentences (a finding of its own says who is switched off), or with what guests are to read."""

Reader = Callable[[Session, int, int], object]
READERS: dict[str, Reader] = {
    "visit": lambda session, done, asked: [visit(session, done), visit(session, asked)],
    "checklist": lambda session, done, asked: checklist(session),
    "calendar": lambda session, done, asked: span(session, DAY, DAY),
    "requests": lambda session, done, asked: requests(session),
    "approvals": lambda session, done, asked: [approvals(session), preview(session, asked)],
    "today": lambda session, done, asked: today(session, DAY),
    "handover": lambda session, done, asked: handover(session),
    "lanes": lambda session, done, asked: lanes(session, DAY),
    "visits": lambda session, done, asked: visits(),
    "tasks": lambda session, done, asked: tasks(),
    "reminders": lambda session, done, asked: reminders(session, [line.task for line in checklist(session).lines]),
    "brief": lambda session, done, asked: brief(session, done),
}


def texts(value: object) -> Iterator[str]:
    """All texts in what a reader gives, but of the past."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value) or hasattr(type(value), "__slots__"):
        kept = [f.name for f in fields(value)] if is_dataclass(value) else list(getattr(type(value), "__slots__", ()))
        for name in kept:
            if name not in PAST | SENTENCES:
                yield from texts(getattr(value, name, None))


@pytest.mark.parametrize("name", READERS)
def test_every_reader_marks_who_is_switched_off(tmp_path: Path, name: str) -> None:
    with garage(tmp_path) as g:
        numbers = everywhere(g.who, g.things["BMW"])
        session = g.who.session("方晓静")
        before = list(texts(READERS[name](session, *numbers)))
        named = {each for each in NAMED if any(each in text for text in before)}
        assert named
        assert not any(f"!{each}" in text for each in NAMED for text in before)
        off(g.who, *NAMED)
        after = list(texts(READERS[name](session, *numbers)))
        for each in NAMED:
            assert [text for text in after if each in text.replace(f"!{each}", "")] == []
        marked = {each for each in NAMED if any(f"!{each}" in text for text in after)}
        assert marked & named


def test_all_parts_are_marked_on_the_visit(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        done, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        said = list(texts(visit(g.who.session("方晓静"), done)))
        assert {each for each in NAMED if any(f"!{each}" in text for text in said)} == set(NAMED)


def test_what_is_over_marks_nobody(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        done, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        with write():
            Visit.update(state="closed").where(Visit.id == done).execute()
            Booking.update(ends=datetime(2026, 11, 1), starts=datetime(2026, 10, 31)).execute()
        whole = visit(g.who.session("方晓静"), done)
        assert whole is not None
        assert not any("!" in each for each in (*whole.hosts, whole.coordinator, *(part.name for part in whole.people)))
        assert not any("!" in line.met_by for line in whole.travel)
        assert not any("!" in piece for line in whole.stages for piece in line.named)
        assert not any("!" in line.assignee for line in whole.tasks)


def test_a_name_within_a_longer_one_is_another(tmp_path: Path) -> None:
    names = {"王海": False, "王海峰": True, "Ann": False, "Annabel": True}
    assert pieces("王海峰、王海", names) == ("王海峰", "、", "!王海")
    assert "".join(pieces("Annabel, Ann", names)) == "Annabel, !Ann"


@pytest.mark.parametrize(("language", "word"), [("zh", "!王海峰（已停用）"), ("en", "!王海峰 (inactive)")])
def test_where_there_is_room_the_mark_is_said_in_words(language: str, word: str) -> None:
    w, name = words(language), called("王海峰", False)
    assert w.people([name, "林小雨"]) == f"{word} 林小雨"
    assert word in w("visit.hosted", who=name)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_handover_says_it_in_words(tmp_path: Path, language: str) -> None:
    with garage(tmp_path) as g:
        everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        session = g.who.session("方晓静")
        w = words(language)
        page = handover_text(handover(session), session.policy, w, details=True)
        for name in ("林小雨", "赵启航"):
            assert w.people([called(name, False)]) in page


def test_who_is_to_be_told_is_marked(tmp_path: Path) -> None:
    with garage(tmp_path) as g:
        done, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        session = g.who.session("方晓静")
        assert "!赵启航" in {line.person for line in notifications(session, done)}
        assert "!赵启航" in {each.name for line in today(session, DAY).lines for each in line.to_notify}


def test_data_have_plain_names_and_who_of_them_is_inactive() -> None:
    gone = called("王海峰", False)
    assert isinstance(gone, Inactive)
    data = json.loads(json_text([{"hosts": [gone, "林小雨"], "applicant": gone}, {"assignee": "林小雨"}]))
    assert data == [
        {"hosts": ["王海峰", "林小雨"], "applicant": "王海峰", "inactive": ["王海峰"]},
        {"assignee": "林小雨"},
    ]
