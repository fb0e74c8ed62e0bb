"""Settling: actual costs by line, what is over, what closing asks for, late invoices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.queries.day_lists import today
from models.schema.store import reading
from models.services.cost_verbs import add_expense, close, enter_actual, remove_expense, reopen
from models.services.day_verbs import no_show
from models.services.visits import Done
from tests.unit.life import Company, approved, came, company, default_text, expenses, form, left, refuses, totals, visit


def finished(who: Company, **changes: Any) -> Done:
    """A visit whose guests have come and gone."""
    return left(who, came(who, approved(who, form(who, **changes))))


def pay(who: Company, done: Done, item: str, amount: int, **more: Any) -> int:
    """Enter what the planned line of an item cost; gives what is over."""
    line = next(line for line in expenses(done).values() if line.item == item)
    session = who.session("林小雨")
    return enter_actual(session, line.id, expected=line.version, amount=amount, **more).over


def test_what_is_over_is_marked_by_line_and_never_netted(who: Company) -> None:
    """A10, A27, R75, R79: 100 yuan saved on the meal do not pay for a bottle over its price; a reason is wanted."""
    done = finished(who)
    assert pay(who, done, "meal", 185000) == 0
    assert pay(who, done, "drink", 208000) == 8000
    assert pay(who, done, "tobacco", 12000) == 0
    pay(who, done, "lodging", 0)
    with reading():
        assert totals(done.visit).over == 8000
    with refuses("close_missing") as info:
        close(who.session("林小雨"), done.visit, expected=done.version)
    assert [lack.what for lack in info.value.phrase.facts["missing"]] == ["reason"]  # type: ignore[attr-defined]  # lines
    pay(who, done, "drink", 208000, reason="客户指定")
    done = close(who.session("林小雨"), done.visit, expected=done.version)
    assert done.state == "closed"
    with reading():
        sums = totals(done.visit)
    assert (sums.planned, sums.actual, sums.over, sums.company) == (407000, 405000, 8000, 405000)


def test_more_diners_raise_the_allowance_of_that_line_only(who: Company) -> None:
    """A10: the cap is for a person, so the real number of diners counts."""
    done = finished(who)
    assert pay(who, done, "meal", 210000, quantity=Decimal(14)) == 0
    assert pay(who, done, "meal", 210000, quantity=Decimal(13)) == 15000


def test_close_names_everything_that_is_missing(who: Company) -> None:
    """A27: lines without an actual cost are named, lodging without a price too; closing changes nothing until then."""
    done = finished(who)
    with refuses("close_missing") as info:
        close(who.session("林小雨"), done.visit, expected=done.version)
    assert info.value.phrase.facts["n"] == 4
    with refuses("not_coordinator"):
        close(who.session("陈志远"), done.visit, expected=done.version)


def test_a_gift_is_in_the_name_of_who_decided_it(who: Company) -> None:
    """R93, R94: there is no figure; the amount is recorded with the lead host's name."""
    cost = PlannedCost("gift", Decimal(6), "piece", 20000, date(2026, 11, 30))
    done = finished(who, wants=("gifts",), costs=(cost,), dining=False, meals=(), lodged=False, lodging=())
    pay(who, done, "gift", 120000)
    with refuses("close_missing") as info:
        close(who.session("林小雨"), done.visit, expected=done.version)
    assert [lack.what for lack in info.value.phrase.facts["missing"]] == ["decided_by"]  # type: ignore[attr-defined]  # lines
    pay(who, done, "gift", 120000, decided_by="周建国")
    assert close(who.session("林小雨"), done.visit, expected=done.version).state == "closed"


def test_a_line_nobody_planned_is_checked_against_the_cap_of_its_item(who: Company) -> None:
    """R83: five packets bought on the way at 45 are 25 over."""
    done = finished(who, dining=False, meals=(), lodged=False, lodging=())
    session = who.session("林小雨")
    added = add_expense(session, done.visit, item="tobacco", amount=22500, quantity=Decimal(5), label="途中")
    assert added.over == 2500
    with refuses("unknown_item"):
        add_expense(session, done.visit, item="rocket", amount=1)
    remove_expense(session, added.expense, expected=added.version)
    assert close(session, done.visit, expected=done.version).state == "closed"


def test_what_the_guest_pays_is_not_the_companys(who: Company) -> None:
    """A12: lodging paid by the guest has no cap and asks for nothing."""
    done = finished(
        who, dining=False, meals=(), lodging=(PlannedLodging(date(2026, 11, 30), 6, payer="guest", price=60000),)
    )
    done = close(who.session("林小雨"), done.visit, expected=done.version)
    with reading():
        assert totals(done.visit).company == 0


@pytest.fixture
def guests_pay(tmp_path: Path) -> Iterator[Company]:
    """An office whose guests pay what is over the standard of drinks."""
    text = default_text()
    start = text.index('item = "drink"')
    row = text[start : text.index("[[cap]]", start)]
    with company(tmp_path / "guests", text.replace(row, row.replace('"reason"', '"guest_pays"'))) as made:
        yield made


def test_a_policy_may_let_the_guest_pay_what_is_over(guests_pay: Company) -> None:
    """`breach = "guest_pays"`: no reason is asked for, and the company pays up to the cap."""
    done = finished(guests_pay, lodged=False, lodging=())
    pay(guests_pay, done, "meal", 195000)
    pay(guests_pay, done, "tobacco", 12000)
    assert pay(guests_pay, done, "drink", 208000) == 8000
    close(guests_pay.session("林小雨"), done.visit, expected=done.version)
    with reading():
        assert totals(done.visit).company == 195000 + 12000 + 200000


def test_the_plan_of_a_visit_is_what_the_company_pays(guests_pay: Company) -> None:
    """A10, A12: bottles planned 200 yuan above their price each are the company's up to it, whatever is paid then."""
    dear = FormMeal(date(2026, 11, 30), 6, 7, meal="lunch", venue="in_house", bottles=4, bottle_price=70000)
    done = finished(guests_pay, meals=(dear,), lodged=False, lodging=())
    planned = 195000 + 200000
    for amount in (None, 150000, 280000):
        if amount is not None:
            pay(guests_pay, done, "drink", amount)
        with reading():
            assert totals(done.visit).planned == visit(done).total == planned
        (line,) = today(guests_pay.session("林小雨"), date(2026, 11, 30)).lines
        assert (line.planned, line.actual) == (planned, min(amount or 0, 200000))


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "-1", "1E+9"])
def test_a_quantity_is_an_amount_of_something(who: Company, quantity: str) -> None:
    done = finished(who)
    with refuses("out_of_range"):
        pay(who, done, "meal", 1, quantity=Decimal(quantity))


def test_a_late_invoice_reopens(who: Company) -> None:
    """A27: the coordinator opens a closed visit again, with a reason."""
    done = finished(who, dining=False, meals=(), lodged=False, lodging=())
    done = close(who.session("林小雨"), done.visit, expected=done.version)
    with refuses("state.closed"):
        add_expense(who.session("林小雨"), done.visit, item="car", amount=30000)
    with refuses("words_needed"):
        reopen(who.session("林小雨"), done.visit, "", expected=done.version)
    done = reopen(who.session("林小雨"), done.visit, "补票", expected=done.version)
    assert done.state == "done"
    add_expense(who.session("林小雨"), done.visit, item="car", amount=30000)
    assert close(who.session("林小雨"), done.visit, expected=done.version).state == "closed"


def test_a_no_show_is_settled_and_closed(who: Company) -> None:
    """A26: what was paid for nothing is entered too."""
    done = approved(who, form(who, dining=False, meals=(), lodged=False, lodging=()))
    who.now = datetime(2026, 12, 1, 9, 0)
    done = no_show(who.session("林小雨"), done.visit, expected=done.version)
    add_expense(who.session("林小雨"), done.visit, item="car", amount=30000)
    done = close(who.session("林小雨"), done.visit, expected=done.version)
    assert done.state == "closed"
    assert reopen(who.session("林小雨"), done.visit, "补票", expected=done.version).state == "no_show"


def test_two_who_enter_the_same_line(who: Company) -> None:
    """Optimistic versions: the second is told to look again."""
    done = finished(who)
    line = next(iter(expenses(done).values()))
    enter_actual(who.session("林小雨"), line.id, expected=line.version, amount=1000)
    with refuses("stale_expense"):
        enter_actual(who.session("王海峰"), line.id, expected=line.version, amount=2000)


def test_what_was_said_of_a_line_stays_until_it_is_emptied(who: Company) -> None:
    """A27: a receipt number or a reason on the wrong line can be taken away; who says nothing of them keeps them."""
    done = finished(who)
    pay(who, done, "drink", 208000, receipt="8812", reason="客户指定")
    pay(who, done, "drink", 209000)
    row = next(line for line in expenses(done).values() if line.item == "drink")
    assert (row.receipt, row.reason) == ("8812", "客户指定")
    pay(who, done, "drink", 200000, receipt="", reason="")
    row = next(line for line in expenses(done).values() if line.item == "drink")
    assert (row.receipt, row.reason) == ("", "")
