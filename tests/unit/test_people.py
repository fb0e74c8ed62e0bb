"""The register: people and the posts they hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.schema import journal
from models.schema.store import Store, reading
from models.schema.tables import Holding, JournalDetail, Person
from models.services import person_register, person_verbs
from models.words import words
from tests.unit.conftest import START, Company, SessionFactory
from tests.unit.life import refuses
from tests.unit.stores import entries

TODAY = START.date()
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("store")


def row(person: int) -> Person:
    """A person as stored."""
    with reading():
        return Person.get(Person.id == person)


def holding(person: int) -> int:
    """The id of a person's newest holding."""
    with reading():
        return Holding.select().where(Holding.person == person).order_by(Holding.id.desc()).get().id


def test_a_person_is_entered_clean_with_pinyin_and_journal(session: SessionFactory) -> None:
    person = person_verbs.add_person(session(), " 单\x1b[2J建国\u202e ", "138 0000 0000")
    stored = row(person)
    assert (stored.name, stored.phone, stored.version, stored.active) == ("单␛[2J建国", "138 0000 0000", 1, True)
    assert (stored.pinyin[:4], stored.initials[:1]) == ("shan", "s")
    assert entries() == [(1, None)]


def test_a_name_is_needed_and_not_endless(session: SessionFactory) -> None:
    with refuses("name_needed"):
        person_verbs.add_person(session(), " \u200b ")
    with refuses("too_long") as refusal:
        person_verbs.add_person(session(), "王" * 61)
    assert words("zh").text(refusal.value.phrase) == "“姓名”太长：最多 60 个字，现有 61 个"
    assert journal.head() == 0


def test_a_change_is_made_to_what_was_seen(session: SessionFactory) -> None:
    person = person_verbs.add_person(session(), "李明")
    assert person_verbs.change_person(session(), person, expected=1, name="黎明", phone="1") == 2
    assert (row(person).name, row(person).pinyin, row(person).phone) == ("黎明", "li ming/meng", "1")
    with refuses("stale_person"):
        person_verbs.change_person(session(), person, expected=1, name="李明")
    assert row(person).name == "黎明"


def test_several_may_hold_a_post_and_one_may_hold_several(company: Company) -> None:
    first = company.person["deputy_general_manager"]
    second = person_verbs.add_person(company.session(), "赵六")
    person_verbs.give_post(company.session(), second, "deputy_general_manager", TODAY)
    person_verbs.give_post(company.session(), second, "office_director", TODAY)
    assert person_register.holders("deputy_general_manager", TODAY) == (first, second)
    assert person_register.posts_of(second, TODAY) == ("deputy_general_manager", "office_director")


def test_a_post_is_held_from_its_first_to_its_last_day(company: Company) -> None:
    person = person_verbs.add_person(company.session(), "赵六")
    given = person_verbs.give_post(company.session(), person, "driver", TODAY)
    person_verbs.end_post(company.session(), given, TODAY + 2 * DAY)
    held = [person in person_register.holders("driver", TODAY + n * DAY) for n in (-1, 0, 2, 3)]
    assert held == [False, True, True, False]
    with reading():
        assert Holding.get(Holding.id == given).until == TODAY + 2 * DAY
    person_verbs.give_post(company.session(), person, "driver", TODAY + 9 * DAY)
    assert person in person_register.holders("driver", TODAY + 9 * DAY)


def test_a_post_may_be_vacant(company: Company) -> None:
    person_verbs.end_post(company.session(), holding(company.person["driver"]), TODAY - DAY)
    assert person_register.holders("driver", TODAY) == ()
    assert person_register.people(company.policy, TODAY, None, {}).holders["driver"] == ()


def test_what_makes_no_sense_is_refused(company: Company) -> None:
    general = company.person["general_manager"]
    with refuses("unknown_post"):
        person_verbs.give_post(company.session(), general, "king", TODAY)
    with refuses("already_holds") as refusal:
        person_verbs.give_post(company.session(), general, "general_manager", TODAY)
    assert "总经理" in words("zh").text(refusal.value.phrase)
    with refuses("unknown_person"):
        person_verbs.give_post(company.session(), 999, "driver", TODAY)
    with refuses("until_before_since"):
        person_verbs.end_post(company.session(), holding(general), date(2014, 4, 6))
    with refuses("no_holding"):
        person_verbs.end_post(company.session(), 999, TODAY)


def test_who_is_switched_off_holds_nothing_and_is_not_found(company: Company) -> None:
    driver = company.person["driver"]
    person_verbs.change_person(company.session(), driver, expected=1, active=False)
    assert person_register.holders("driver", TODAY) == ()
    assert person_register.posts_of(driver, TODAY) == ()
    with refuses("inactive_person"):
        person_register.actor_named(company.names["driver"])
    with refuses("inactive_person"):
        person_verbs.give_post(company.session(), driver, "coordinator", TODAY)


def test_the_engine_is_told_who_holds_what(company: Company) -> None:
    lead = company.person["project_sales_lead"]
    told = person_register.people(company.policy, TODAY, lead, {"project_technical_lead": 7})
    assert told.holders["general_manager"] == (str(company.person["general_manager"]),)
    assert set(told.holders) == {post.id for post in company.policy.posts}
    assert (told.applicant, told.per_visit) == (str(lead), {"project_technical_lead": "7"})


def test_the_first_run_merges_lines_of_one_person_and_leaves_posts_vacant(session: SessionFactory) -> None:
    lines = [
        ("周建国", "", ("general_manager",)),
        ("李明", "1", ("marketing_head",)),
        ("", "", ("driver",)),
        ("周建国 ", "2", ("deputy_general_manager",)),
        ("李明", "3", ("quality_head",)),
    ]
    ids = person_verbs.set_up(session(), lines)
    assert len(ids) == 3
    assert person_register.posts_of(ids[0], TODAY) == ("general_manager", "deputy_general_manager")
    assert [row(person).phone for person in ids] == ["2", "1", "3"]
    assert person_register.holders("driver", TODAY) == ()
    assert journal.head() == 1
    with refuses("already_set_up"):
        person_verbs.set_up(session(), lines)


def test_a_first_run_takes_two_ways_of_writing_a_name_or_phone_as_one_person() -> None:
    lines = [
        ("买买提·吐尔逊", "139 0000 2001", ["a"]),
        ("买买提 吐尔逊", "+86 13900002001", ["b"]),
        ("买买提•吐尔逊", "", ["c"]),
    ]
    assert person_verbs.merged(lines) == {("买买提·吐尔逊", "139 0000 2001"): ["a", "b", "c"]}


def test_a_first_run_that_fails_enters_nobody(session: SessionFactory) -> None:
    with refuses("unknown_post"):
        person_verbs.set_up(session(), [("周建国", "", ("general_manager",)), ("李明", "", ("king",))])
    with reading():
        assert Person.select().count() == 0


@pytest.mark.parametrize(
    "typed", ["周建国", "zhoujianguo", "zhou jianguo", "ZJG", "周建国#1", "#1", "周 建国", "周·建国"]
)
def test_an_actor_is_named_by_name_pinyin_or_initials(company: Company, typed: str) -> None:
    actor = person_register.actor_named(typed, "fang", "10.0.0.7")
    assert (actor.person, actor.name, actor.login, actor.client) == (1, "周建国", "fang", "10.0.0.7")


@pytest.mark.parametrize("typed", ["周", "", "#99", "李明#1", "zhou"])
def test_a_name_that_is_nobodys_is_refused(company: Company, typed: str) -> None:
    with refuses("unknown_person"):
        person_register.actor_named(typed)


def test_namesakes_are_allowed_and_told_apart(company: Company) -> None:
    other = person_verbs.add_person(company.session(), "李明")
    with refuses("ambiguous_person") as refusal:
        person_register.actor_named("李明")
    assert f"李明#{other}" in words("zh").text(refusal.value.phrase)
    with refuses("ambiguous_person"):
        person_register.actor_named("李 明")
    assert person_register.actor_named(f"李明#{other}").person == other


def test_initials_of_several_name_the_candidates(company: Company) -> None:
    person_verbs.add_person(company.session(), "赵建刚")
    with refuses("ambiguous_person") as refusal:
        person_register.actor_named("zjg")
    assert "赵建刚, 周建国" in words("en").text(refusal.value.phrase)


def test_every_change_of_the_register_is_journalled(company: Company, store: Store) -> None:
    person = person_verbs.add_person(company.session(), "赵六")
    given = person_verbs.give_post(company.session(), person, "driver", TODAY)
    person_verbs.end_post(company.session(), given, TODAY)
    person_verbs.change_person(company.session(), person, expected=1, active=False)
    assert journal.head() == 5
    with reading():
        assert '"post": "driver"' in JournalDetail.get(JournalDetail.entry == 3).details
    assert journal.verify().broken is None
