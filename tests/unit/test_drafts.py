"""Drafts: kept at every field, by whoever saw the latest, and thrown away without a trace or with one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.form import Form, FormLeg
from models.queries.request_preview import verdict
from models.schema import journal
from models.schema.history import TABLES
from models.schema.store import reading, write
from models.schema.tables import Visit, VisitPerson
from models.services import request_verbs
from models.services.session import Session
from models.services.visit_form import read_form
from tests.unit.conftest import Company
from tests.unit.life import refuses
from tests.unit.many import steps
from tests.unit.stores import entries
from tests.unit.test_forms import full


@pytest.fixture
def sales(company: Company) -> Session:
    """The desk of the project sales lead."""
    return company.as_("project_sales_lead")


def row(visit: int) -> Visit:
    """A visit as stored."""
    with reading():
        return Visit.get(Visit.id == visit)


def test_a_draft_begins_empty_and_is_its_authors(sales: Session) -> None:
    """R99: who acts is the applicant."""
    saved = request_verbs.new_draft(sales)
    assert row(saved.visit).state == "draft"
    assert read_form(row(saved.visit)) == Form(applicant=sales.actor.person)
    assert saved.version == row(saved.visit).version


def test_a_draft_is_saved_however_incomplete_and_not_journalled(company: Company, sales: Session) -> None:
    before = journal.head()
    saved = request_verbs.new_draft(sales)
    half = Form(client="华为", applicant=sales.actor.person, raw={"arrive": "下周五"})
    again = request_verbs.save_draft(sales, saved.visit, half, expected=saved.version)
    assert again.version == saved.version + 1
    assert read_form(row(saved.visit)) == half
    whole = full(company.person)
    request_verbs.save_draft(sales, saved.visit, whole, expected=again.version)
    assert read_form(row(saved.visit)) == whole
    assert journal.head() == before


def test_of_two_who_saw_the_same_one_wins_and_the_other_is_told(sales: Session) -> None:
    saved = request_verbs.new_draft(sales)
    request_verbs.save_draft(sales, saved.visit, Form(client="a"), expected=saved.version)
    with refuses("stale"):
        request_verbs.save_draft(sales, saved.visit, Form(client="b"), expected=saved.version)
    assert read_form(row(saved.visit)).client == "a"


def test_a_save_that_is_refused_keeps_what_was_there(sales: Session) -> None:
    saved = request_verbs.new_draft(sales, Form(client="a"))
    with refuses("too_long"):
        request_verbs.save_draft(sales, saved.visit, Form(client="长" * 999), expected=saved.version)
    assert (read_form(row(saved.visit)).client, row(saved.visit).version) == ("a", saved.version)


def test_a_request_on_its_way_is_no_draft(sales: Session) -> None:
    saved = request_verbs.new_draft(sales)
    with write():
        Visit.update(state="submitted").where(Visit.id == saved.visit).execute()
    for verb in (
        lambda: request_verbs.save_draft(sales, saved.visit, Form(), expected=saved.version),
        lambda: request_verbs.discard_draft(sales, saved.visit, expected=saved.version),
    ):
        with refuses("state.submitted"):
            verb()
    assert row(saved.visit).state == "submitted"


def test_a_returned_request_can_be_mended(sales: Session) -> None:
    """A32: what is returned for correction is edited like a draft."""
    saved = request_verbs.new_draft(sales)
    with write():
        Visit.update(state="returned").where(Visit.id == saved.visit).execute()
    request_verbs.save_draft(sales, saved.visit, Form(client="a"), expected=saved.version)
    assert (row(saved.visit).state, row(saved.visit).client_name) == ("returned", "a")


def test_somebody_elses_draft_is_not_ones_own(company: Company, sales: Session) -> None:
    saved = request_verbs.new_draft(sales)
    with refuses("not_yours"):
        request_verbs.save_draft(company.as_("driver"), saved.visit, Form(), expected=saved.version)


def test_nobody_registered_cannot_begin(company: Company) -> None:
    with refuses("nobody_acts"):
        request_verbs.new_draft(company.session())
    with reading():
        assert Visit.select().count() == 0


def test_a_discarded_draft_leaves_nothing(company: Company, sales: Session) -> None:
    before = journal.head()
    saved = request_verbs.new_draft(sales, full(company.person))
    request_verbs.discard_draft(sales, saved.visit, expected=saved.version)
    with reading():
        parts = [table for table in TABLES if "visit" in table._meta.fields and table.__name__ != "Journal"]
        assert len(parts) > 10
        assert {table.__name__: table.select().count() for table in parts} == {table.__name__: 0 for table in parts}
        assert Visit.select().count() == 0
    assert journal.head() == before
    with refuses("no_visit"):
        request_verbs.save_draft(sales, saved.visit, Form(), expected=saved.version)


def test_a_draft_with_a_number_keeps_it_and_is_cancelled(sales: Session) -> None:
    saved = request_verbs.new_draft(sales)
    with write():
        Visit.update(number="2026-0001").where(Visit.id == saved.visit).execute()
    request_verbs.discard_draft(sales, saved.visit, expected=saved.version)
    assert (row(saved.visit).state, row(saved.visit).number) == ("cancelled", "2026-0001")
    assert entries()[-1] == (journal.head(), saved.visit)


def test_a_copy_has_everything_but_dates_reasons_and_number(company: Company, sales: Session) -> None:
    form = full(company.person)
    first = request_verbs.new_draft(sales, form)
    with write():
        Visit.update(number="2026-0001", state="closed").where(Visit.id == first.visit).execute()
    head = company.as_("marketing_head")
    copy = request_verbs.copy_as_new(head, first.visit)
    new = row(copy.visit)
    assert (new.number, new.state, new.submitted_at) == (None, "draft", None)
    expected = replace(
        form,
        applicant=head.actor.person,
        arrive=None,
        depart=None,
        arrival=FormLeg("plane", place="萧山机场"),
        departure=FormLeg("train", place="杭州东"),
        other_from=None,
        other_until=None,
        documents=(),
        reasons={},
        raw={},
    )
    assert read_form(new) == expected
    assert read_form(row(first.visit)) == form


def test_the_verdict_says_what_is_missing_until_the_policy_can_be_asked(company: Company, sales: Session) -> None:
    assert verdict(sales, Form(client="a", headcount=6)).missing == ("arrive", "depart", "kind", "tier")
    found = verdict(sales, full(company.person))
    assert found.missing == ()
    assert found.answer.tier.proposed == "vip"
    assert (found.answer.notice.given, found.answer.notice.late) == (7, False)
    assert found.answer.lead_host.satisfied


def test_the_verdict_stores_nothing(company: Company, sales: Session) -> None:
    head = journal.head()
    verdict(sales, full(company.person))
    with reading():
        assert (Visit.select().count(), VisitPerson.select().count(), journal.head()) == (0, 0, head)


def test_the_verdict_is_of_the_present(company: Company, sales: Session) -> None:
    """A4: two days before the visit the same form is late."""
    company.clock.forward(days=5)
    notice = verdict(sales, full(company.person)).answer.notice
    assert (notice.given, notice.late) == (2, True)


def test_a_save_at_every_field_is_cheap(company: Company, sales: Session) -> None:
    """In tens of SQLite's instructions, which are the same on every machine; a whole new form takes 200."""
    form = full(company.person)
    saved = request_verbs.new_draft(sales, form)

    def save() -> None:
        request_verbs.save_draft(sales, saved.visit, replace(form, reason="once more"), expected=saved.version)

    assert steps(save) <= 200
