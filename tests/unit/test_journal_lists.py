"""The journal as it is listed: by person, visit, verb and day, page by page, however long it is."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from models.papers.journal_entries import entry_text, verb_names
from models.queries.journal_lists import JournalFilter, JournalLine, journal_page, persons_named, visit_numbered
from models.schema.base import database
from models.schema.store import write
from models.services import day_verbs
from models.services.visits import Done
from models.words import words
from tests.sample import DAY, MORNING, Sample
from tests.unit.conftest import Jiedai
from tests.unit.life import Company, approved, came, company, default_text, form, refuses
from tests.unit.many import steps
from tests.unit.stores import lived_anew


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


def lines(who: Company, wanted: JournalFilter, name: str = "林小雨") -> tuple[JournalLine, ...]:
    """What one of the people finds."""
    return journal_page(who.session(name), wanted).lines


def test_entries_are_found_by_person_visit_verb_and_day(who: Company, vip: Done) -> None:
    came(who, vip)
    every = lines(who, JournalFilter())
    assert [line.entry.verb for line in every[:1]] == ["met"]
    assert every[0].number == vip.number
    ids = [line.entry.id for line in every]
    assert ids == sorted(ids, reverse=True)
    boss = lines(who, JournalFilter(persons=persons_named("周建国")))
    assert {line.entry.who for line in boss} == {"周建国"}
    assert {line.entry.verb for line in lines(who, JournalFilter(verb="decide"))} <= {"decide", "opinion", "sign"}
    day = date(2026, 11, 30)
    assert [line.entry.verb for line in lines(who, JournalFilter(first=day, last=day))] == ["met"]
    assert lines(who, JournalFilter(first=day + timedelta(days=1))) == ()
    assert len(lines(who, JournalFilter(last=day - timedelta(days=1)))) == len(every) - 1
    number = visit_numbered(str(vip.number))
    assert all(line.entry.visit == vip.visit for line in lines(who, JournalFilter(visit=number)))


def test_what_was_done_in_somebodys_name_is_theirs_too(who: Company) -> None:
    from tests.unit.life import said, submitted

    done = submitted(who, form(who, "business", host="李卫东"))
    said(who, "林小雨", done, "agree", "同意", for_person=who.ids["王海峰"], medium="电话")
    (mine,) = (line for line in lines(who, JournalFilter(persons=persons_named("王海峰"))) if line.entry.for_whom)
    assert (mine.entry.who, mine.entry.for_whom) == ("林小雨", "王海峰")
    assert "王海峰" in entry_text(mine.entry, words("zh"), mine.digits, who.now.date())


def test_pages_follow_each_other_without_a_gap(who: Company, vip: Done) -> None:
    for n in range(7):
        day_verbs.note(who.session("林小雨"), vip.visit, f"{n}")
    whole = [line.entry.id for line in lines(who, JournalFilter())]
    found, before = list[int](), None
    while True:
        page = journal_page(who.session("林小雨"), JournalFilter(), before, 3)
        found += [line.entry.id for line in page.lines]
        if page.older is None:
            break
        before = page.older
    assert found == whole


def test_entries_of_visits_that_one_may_not_see_are_left_out(tmp_path: Path) -> None:
    """R74."""
    text = default_text().replace('id = "customer"\n', 'id = "customer"\nsee = ["general_manager"]\n', 1)
    with company(tmp_path, text) as who:
        done = approved(who, form(who))
        assert any(line.entry.visit == done.visit for line in lines(who, JournalFilter(), "周建国"))
        assert not any(line.entry.visit == done.visit for line in lines(who, JournalFilter(), "张德胜"))


def test_what_is_not_there_is_refused(who: Company) -> None:
    with refuses("unknown_person"):
        persons_named("谁也不是")
    with refuses("no_visit"):
        visit_numbered("1999-0001")


def test_every_verb_has_a_name_to_filter_by() -> None:
    assert {"decide", "task.ticked", "leg.delayed"} <= set(verb_names())
    assert verb_names()["decide"]["zh"] == "审批"


def test_the_work_is_that_of_one_page(who: Company, vip: Done) -> None:
    """By whatever it is filtered: 2,000 entries and then 50,000."""
    filters = [
        JournalFilter(), JournalFilter(persons=(1,)), JournalFilter(verb="decide"), JournalFilter(visit=vip.visit),
        JournalFilter(first=date(2026, 11, 23), last=date(2026, 11, 23)), JournalFilter(verb="nothing"),
    ]  # fmt: skip
    with lived_anew():
        session, found = who.session("林小雨"), list[list[int]]()
        for wanted in (2_000, 50_000):
            fill(wanted)
            found.append([steps(partial(journal_page, session, each)) for each in filters])
    assert all(many <= few * 1.25 + 20 for few, many in zip(*found, strict=True)), found


def fill(n: int) -> None:
    """Entries by many people about many visits, to so many in all; they chain to nothing."""
    with write():
        last = database.execute_sql("SELECT max(id) FROM journal").fetchone()[0]
        begin = datetime(2026, 12, 1)
        for number in range(last + 1, n + 1):
            database.execute_sql(
                "INSERT INTO journal"
                " (id, at_utc, verb, visit, actor, actor_name, login, client, digest, previous, hash)"
                " VALUES (?, ?, ?, ?, ?, ?, '', '', '', '', ?)",
                (number, str(begin + timedelta(minutes=number)), f"verb{number % 50}", 1_000 + number % 5_000,
                 100 + number % 200, f"#{number % 200}", f"{number:064}"),
            )  # fmt: skip


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sample: Sample) -> None:
    """The sample company of the tests in place of a new one."""
    monkeypatch.setattr("models.demo.daily.demo_path", lambda *facts: sample(DAY, tmp_path / "sample.db"))


@pytest.mark.usefixtures("demo")
def test_the_command_lists_and_gives_data(jiedai: Jiedai) -> None:
    code, out, told = jiedai("demo", "journal", "--lang", "en", now=MORNING)
    assert code == 0
    assert len(out.splitlines()) == 201
    assert "--json" in told
    _, data, _ = jiedai("demo", "journal", "--json", now=MORNING)
    assert len(json.loads(data)) > 1_000
    _, data, _ = jiedai("demo", "journal", "--json", "--verb", "审批", "--person", "周建国", now=MORNING)
    assert {entry["who"] for entry in json.loads(data)} == {"周建国"}
    assert jiedai("demo", "journal", "--person", "nobody", now=MORNING)[0] == 1
    code, _, told = jiedai("demo", "journal", "--verb", "dicide", now=MORNING)
    assert (code, "did you mean decide?" in told) == (2, True)
    assert "No entry fits" in jiedai("demo", "journal", "--day", "2020-01-01", "--lang", "en", now=MORNING)[2]
