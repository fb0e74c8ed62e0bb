"""The register as it is shown: who holds what, what was, what is vacant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.policy.load import load_text
from models.queries.register_lists import posts_to_fill, register
from models.schema.store import Store
from models.services import person_verbs
from models.words import words
from tests.unit.conftest import START, Company, SessionFactory
from tests.unit.life import refuses

TODAY = START.date()
DAY = timedelta(days=1)


def test_an_empty_register_names_every_vacant_post(store: Store, session: SessionFactory) -> None:
    found = register(session())
    assert [line.id for line in found.posts] == [post.id for post in session.policy.posts]
    assert {line.id for line in found.posts if not line.vacant} == {"project_technical_lead", "project_sales_lead"}
    assert found.people == ()
    assert found.refused is None


def test_posts_by_holder_past_present_and_to_come(company: Company) -> None:
    driver, office = company.person["driver"], company.person["office_director"]
    first = register(company.session()).post("driver")
    assert first is not None
    person_verbs.end_post(company.session(), first.held[0].id, TODAY - DAY)
    person_verbs.give_post(company.session(), office, "driver", TODAY + 3 * DAY)
    found = register(company.session())
    line = found.post("driver")
    assert line is not None
    assert line.vacant
    assert [(row.who, row.since, row.now(TODAY)) for row in line.held] == [("陈主任", TODAY + 3 * DAY, False)]
    assert [(row.who, row.until) for row in line.past] == [("杨司机", TODAY - DAY)]
    was = found.person(driver)
    assert was is not None
    assert (was.held, [row.post for row in was.past]) == ((), ["driver"])
    company.clock.forward(days=3)
    line = register(company.session()).post("driver")
    assert line is not None
    assert not line.vacant


def test_who_is_switched_off_stands_last_and_leaves_the_post_vacant(company: Company) -> None:
    general = company.person["general_manager"]
    person_verbs.change_person(company.session(), general, expected=1, active=False)
    found = register(company.session())
    assert found.people[-1].id == general
    assert [row.post for row in found.people[-1].held] == ["general_manager"]
    line = found.post("general_manager")
    assert line is not None
    assert (line.vacant, line.held) == (True, ())


def test_the_reception_group_shows_its_seats_and_who_holds_them(company: Company) -> None:
    """R5: leader, deputy leader and ten members, each with who holds the post now."""
    (body,) = register(company.session()).bodies
    assert words("zh").name(body.name) == "接待小组"
    assert [(role, line.id) for role, line in body.seats][:3] == [
        ("leader", "general_manager"), ("deputy", "deputy_general_manager"), ("member", "marketing_head"),
    ]  # fmt: skip
    assert len(body.seats) == 12
    assert body.seats[0][1].held[0].who == "周建国"
    marketing = register(company.session()).post("marketing_head")
    assert marketing is not None
    assert marketing.roles == ((body.name, "member"),)


def test_namesakes_are_active_people_of_that_name(company: Company) -> None:
    twin = person_verbs.add_person(company.session(), "周建国", "138 0000 0000")
    found = register(company.session())
    assert {line.id for line in found.namesakes(" 周 建国")} == {twin, company.person["general_manager"]}
    assert [line.id for line in found.namesakes("周建国", but=twin)] == [company.person["general_manager"]]
    person_verbs.change_person(company.session(), twin, expected=1, active=False)
    assert len(register(company.session()).namesakes("周建国")) == 1


def test_who_ends_what_another_ended_meanwhile_is_told(company: Company) -> None:
    line = register(company.session()).post("driver")
    assert line is not None
    person_verbs.end_post(company.session(), line.held[0].id, TODAY)
    with refuses("stale_person"):
        person_verbs.end_post(company.session(), line.held[0].id, TODAY + DAY)
    person_verbs.end_post(company.session(), line.held[0].id, TODAY + DAY, expected=TODAY)


def test_the_first_run_asks_for_heads_first_and_for_posts_named_per_visit_last(session: SessionFactory) -> None:
    asked = [post.id for post in posts_to_fill(session.policy)]
    assert asked[:4] == ["general_manager", "deputy_general_manager_in_charge", "deputy_general_manager",
                         "marketing_head"]  # fmt: skip
    assert asked[-4:] == ["coordinator", "driver", "project_technical_lead", "project_sales_lead"]
    assert sorted(asked) == sorted(post.id for post in session.policy.posts)


@pytest.mark.parametrize("gone", ['[[group]]\nid = "reception_group"'])
def test_a_policy_without_a_standing_body(store: Store, session: SessionFactory, gone: str) -> None:
    head, _, rest = session.policy.text.partition(gone)
    assert rest
    policy = load_text(head + rest[rest.index("\n]\n") + 3 :])
    assert register(session(policy=policy)).bodies == ()
