"""Every verb fed with junk: whatever text it takes is stored clean or refused in a sentence, and so is a word that a
closed set does not have."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from peewee import JSONField, TextField

from models import services
from models.errors import Refused
from models.policy import answer
from models.policy import case as request
from models.queries.day_lists import today
from models.queries.request_lists import requests
from models.queries.visit_detail import visit as whole
from models.schema import history
from models.schema.base import OneOf, allowed
from models.schema.store import trial
from models.schema.tables import JournalDetail, Visit
from models.services.session import Session
from models.services.visit_form import known_to, read_form
from models.words import words
from tests.unit import every_verb
from tests.unit.drawn import drawn
from tests.unit.every_verb import calls
from tests.unit.life import Company

JUNK = "坏\x1b]0;x\x07\x9b2J\ud800\u202e\u2066\x00\r\x08"
SEEN_APART = {"PolicyVersion.text"}
"""Kept to the letter: the text of a regulation."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, dict[str, Any]]]:
    """A visit with something of everything, and by name what verbs are done to."""
    with every_verb.office(tmp_path_factory.mktemp("junk")) as made:
        yield made


NOT_HERE = {
    "leaving_verbs.leaving",
    "arrangement_verbs.amend_and_go_on",
    "frame.changing",
    "frame.marking",
    "arrangement_verbs.change",
    "arrangement_verbs.impact",
    "person_verbs.set_up",
    "session.in_force",
    "booking_verbs.take_proposal",
    "regulation_verbs.change_regulation",
    "regulation_verbs.hindrance",
    "capacity.rivals",
    "rights.hidden",
    "rights.hidden_among",
    "rights.refusal_code",
    "rights.refusal_codes",
    "rights.withheld",
    "arrangement_verbs.with_meal",
}
"""Take text and are no verbs of their own; the first run and the regulation have no visit and are shown elsewhere."""


def leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Where in a value text stands."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from leaves(each, (*path, at))
    elif is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name), (*path, field.name))


def put(value: Any, path: tuple[Any, ...], text: str) -> Any:
    """The value with another text there."""
    if not path:
        return text
    head, *rest = path
    if isinstance(value, Mapping):
        return {**value, head: put(value[head], tuple(rest), text)}
    if isinstance(value, tuple):
        return tuple([put(each, tuple(rest), text) if at == head else each for at, each in enumerate(value)])
    return replace(value, **{head: put(getattr(value, head), tuple(rest), text)})


def dirty(text: str) -> bool:
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n" for char in text)


def stored() -> Iterator[tuple[str, object]]:
    """Every value in the store with its table and column."""
    for table in history.TABLES:
        rows: Any = table.select().dicts()
        for row in rows:
            for column, value in row.items():
                yield f"{table.__name__}.{column}", value


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from (*texts(key), *texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def look(who: Company) -> None:
    """The store is clean and its closed sets hold."""
    for name, value in stored():
        found = [text for text in texts(value) if dirty(text)]
        assert not found or name in SEEN_APART, f"{name}: {found[0]!r}"
    for table in history.TABLES:
        for field in table._meta.sorted_fields:
            if isinstance(field, OneOf):
                rows: Any = table.select(field).distinct().tuples()
                kept = {value for (value,) in rows}
                assert kept <= {*allowed(field), None}, f"{table.__name__}.{field.name}"
    for row in Visit.select():
        now = read_form(row)
        assert known_to(who.policy, now) == now
    for detail in JournalDetail.select():
        assert not any(dirty(text) for text in detail.details.split("\n"))


def show(session: Session) -> None:
    """Screens show what is stored."""
    for row in Visit.select().where(Visit.state != "draft"):
        assert whole(session, row.id) is not None
    assert today(session, date(2026, 11, 30)).lines
    assert requests(session)


def fed(
    office: tuple[Company, dict[str, Any]],
    verb: str,
    path: tuple[object, ...],
    text: str,
    after: Callable[[Session], None] = lambda session: None,
) -> bool:
    """Do a verb with that text there, look, and undo it; whether it was done."""
    who, at = office
    do, name, well = calls(at)[verb]
    session = who.session(name or "林小雨")
    with trial():
        try:
            do(session, **put(well, path, text))
        except Refused as refused:
            said = [words(language).text(refused.phrase) for language in ("zh", "en")]
        else:
            look(who)
            after(session)
            return True
    assert all(said)
    return False


def places(office: tuple[Company, dict[str, Any]]) -> list[tuple[str, tuple[object, ...]]]:
    """Every place of every verb where text is taken."""
    return [(verb, path) for verb, (_, _, well) in calls(office[1]).items() for path in leaves(well)]


def test_every_verb_that_takes_text_is_fed(office: tuple[Company, dict[str, Any]]) -> None:
    taking = set()
    for module in _modules():
        for name, verb in vars(module).items():
            if inspect.isfunction(verb) and verb.__module__ == module.__name__ and not name.startswith("_"):
                parameters = list(inspect.signature(verb).parameters)
                told = not {"row", "plan", "clashes", "policy"} & set(parameters)
                if parameters[:1] == ["session"] and told and takes_text(verb):
                    taking.add(f"{module.__name__.rpartition('.')[2]}.{name}")
    assert taking - NOT_HERE == set(calls(office[1]))


def _modules() -> list[Any]:
    return [importlib.import_module(f"models.services.{each.name}") for each in pkgutil.iter_modules(services.__path__)]


def takes_text(verb: Callable[..., object]) -> bool:
    known = {name: found for module in (*_modules(), request, answer) for name, found in vars(module).items()}
    hints = typing.get_type_hints(verb, {**known, **verb.__globals__})
    hints.pop("return", None)
    hints.pop("desk", None)
    return any(has_text(hint) for hint in hints.values())


def has_text(hint: Any) -> bool:
    if hint is str or typing.get_origin(hint) is typing.Literal:
        return True
    if is_dataclass(hint) and hint.__module__.startswith("models.") and hint is not Session:
        return any(has_text(each) for each in typing.get_type_hints(hint).values())
    return any(has_text(each) for each in typing.get_args(hint))


def test_what_is_well_is_done(office: tuple[Company, dict[str, Any]]) -> None:
    """So that the junk below is what is looked at, and not some other mistake of the call."""
    who, at = office
    for verb, (do, name, well) in calls(at).items():
        if verb != "cost_verbs.reopen" and verb != "day_verbs.no_show":
            with trial():
                do(who.session(name or "林小雨"), **well)


def test_no_text_is_stored_uncleaned_and_no_word_that_a_set_does_not_have(
    office: tuple[Company, dict[str, Any]],
) -> None:
    """Every place once; those of a form only where it is saved most simply, as all verbs store it alike."""
    alike = [(verb, path) for verb, path in places(office) if path[0] == "form" and verb != "request_verbs.save_draft"]
    done = [
        (verb, path) for verb, path in places(office) if (verb, path) not in alike and fed(office, verb, path, JUNK)
    ]
    assert ("day_verbs.note", ("text",)) in done


@drawn(8, 25, suppress_health_check=[HealthCheck.too_slow])
@given(where=st.integers(0, 10_000), text=st.text(st.characters(), max_size=300))
def test_whatever_is_typed_anywhere_is_stored_clean_or_refused(
    office: tuple[Company, dict[str, Any]], where: int, text: str
) -> None:
    known = places(office)
    fed(office, *known[where % len(known)], text, show)


def test_every_column_of_text_cleans_it() -> None:
    """But those that are kept to the letter: the regulation's text, and the journal, which is hashed as it is."""
    plain = {
        table.__name__
        for table in history.TABLES
        for field in table._meta.sorted_fields
        if type(field) in (TextField, JSONField)
    }
    assert plain == {"PolicyVersion", "Journal", "JournalDetail"}
