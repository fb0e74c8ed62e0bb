"""Figures of a span of days: a month added up by hand, what counts where, who may see it, and the command."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.papers.figure_tables import amounts, bars, line, strip
from models.queries.figures import AXES, Statistics, figures, span_of, statistics
from models.queries.visit_detail import visit as whole_visit
from models.schema.store import open_store, write
from models.schema.tables import Client, Expense, Guest, Person, Visit, VisitPerson
from models.services.cost_verbs import close, enter_actual
from models.words import words
from models.words.dates import say_weekday
from tests.unit.life import CONFIG, Company, approved, came, expenses, form, left
from tui.cli.main import run

BY_HAND: tuple[tuple[str, str, int, int, int | None, dict[str, Any]], ...] = (
    ("vip", "marketing", 6, 6020, 5640, {}),
    ("distinguished", "marketing", 5, 2310, 2480, {}),
    ("distinguished", "office", 4, 880, 860, {}),
    ("business", "marketing", 8, 1280, 1536, {}),
    ("business", "marketing", 3, 560, 540, {}),
    ("routine", "marketing", 2, 240, 240, {}),
    ("routine", "marketing", 3, 0, None, {"state": "cancelled"}),
    ("routine", "marketing", 1, 120, 110, {"late": True}),
)
"""A month as a desk added it up: tier, owner, guests, planned and actual in yuan."""


def month_by_hand() -> None:
    """The store's December 2026; inside `write`."""
    for n, (tier, owner, guests, planned, actual, more) in enumerate(BY_HAND):
        begins = datetime(2026, 12, 1 + 3 * n, 10)
        key = f"c{n % 5}"
        client = Client.get_or_none(Client.key == key) or Client.create(key=key, name=f"客户{n % 5}")
        row = Visit.create(
            number=f"2026-{n + 1:04}", tier=tier, proposed_tier=tier, owner=owner, headcount=guests, kind="customer",
            total=planned * 100, client=client, client_name=client.name, comes=begins, goes=begins + timedelta(hours=6),
            arrive=begins, depart=begins + timedelta(hours=6), submitted_at=begins - timedelta(days=4),
            changed_utc=begins, **{"state": "closed", **more},
        )  # fmt: skip
        Guest.create(visit=row, position=0, name=f"来宾{n}", phone="13800001111")
        if actual is not None:
            over = max(0, actual - planned) * 100
            Expense.create(visit=row, position=0, item="meal", quantity=Decimal(1), planned=planned * 100,
                           actual=actual * 100, actual_over=over)  # fmt: skip


@pytest.fixture
def month(who: Company) -> Company:
    """The month by hand, seen by the coordinator."""
    who.now = datetime(2026, 12, 31, 9)
    with write():
        month_by_hand()
    return who


def of(who: Company, by: Any = "month", first: date = date(2026, 12, 1), last: date = date(2026, 12, 31)) -> Statistics:
    """What the coordinator reads."""
    return statistics(who.session("林小雨"), first, last, by)


def test_a_month_is_what_was_added_up_by_hand(month: Company) -> None:
    """Eight requests: seven carried out with 29 guests, 11,410 planned, 11,406 paid and two over standard, never
    netted; one late, one called off."""
    total = of(month).total
    assert (total.filed, total.carried_out, total.guests) == (8, 7, 29)
    assert (total.planned, total.paid) == (1141000, 1140600)
    assert (total.over_visits, total.over, total.over_percent) == (2, 17000 + 25600, round(42600 * 100 / 359000))
    assert (total.late, total.late_percent, total.cancelled) == (1, 12, 1)


def test_the_groups_of_an_axis_add_up_to_the_whole(month: Company) -> None:
    for axis in AXES:
        found = of(month, axis)
        if axis != "host":  # a visit counts with each of its lead hosts
            for name in ("filed", "carried_out", "guests", "planned", "paid", "over", "over_visits", "late"):
                assert sum(getattr(group.figures, name) for group in found.groups) == getattr(found.total, name)
    by_tier = {group.key: group.figures for group in of(month, "tier").groups}
    assert [*by_tier] == ["vip", "distinguished", "business", "routine"]
    assert (by_tier["distinguished"].planned, by_tier["distinguished"].paid) == (319000, 334000)
    assert (by_tier["routine"].filed, by_tier["routine"].carried_out, by_tier["routine"].cancelled) == (3, 2, 1)
    assert {g.key: g.figures.carried_out for g in of(month, "owner").groups} == {"marketing": 6, "office": 1}


def test_a_month_without_a_visit_is_there_and_one_outside_is_not(month: Company) -> None:
    found = of(month, "month", date(2026, 10, 1), date(2026, 12, 31))
    assert [(group.key, group.figures.filed) for group in found.groups] == [
        ("2026-10", 0), ("2026-11", 0), ("2026-12", 8),
    ]  # fmt: skip
    assert of(month, "month", date(2026, 11, 1), date(2026, 11, 30)).total.filed == 0
    assert [span_of(date(2026, 12, 31), axis) for axis in ("month", "quarter", "year")] == [
        "2026-12",
        "2026-Q4",
        "2026",
    ]


def test_the_figures_outlive_names_and_phones(month: Company) -> None:
    """What a sweep erases of guests is in no figure."""
    before = of(month, "tier").total
    with write():
        Guest.update(name="", phone="", diet="").execute()
    assert of(month, "tier").total == before


def test_a_client_that_comes_again_counts_as_such(month: Company) -> None:
    found = of(month)
    assert [each.again for each in found.visits] == [False] * 5 + [True, True, True]
    assert found.total.again == 2, "the one that was called off did not come"


def test_a_visit_with_two_hosts_counts_with_each(month: Company) -> None:
    first = of(month).visits[0].visit
    with write():
        for position, name in enumerate(("周建国", "李卫东")):
            VisitPerson.create(visit=first, person=month.ids[name], role="host", position=position)
    groups = {words("zh").name(group.name): group.figures for group in of(month, "host").groups}
    assert (groups["周建国"].filed, groups["李卫东"].filed, groups["-"].filed) == (1, 1, 7)


def test_what_the_verbs_leave_is_what_counts(who: Company) -> None:
    """R75, A27: a visit lived through; its figures are those of its receipt list, and how long a decision took."""
    done = left(who, came(who, approved(who, form(who))))
    session = who.session("林小雨")
    for expense in expenses(done).values():
        amount = (expense.planned or 0) + (8000 if expense.item == "drink" else 0)
        enter_actual(session, expense.id, expected=expense.version, amount=amount, reason="客户指定")
    close(who.session("林小雨"), done.visit, expected=done.version)
    whole = whole_visit(who.session("林小雨"), done.visit)
    assert whole is not None
    total = statistics(who.session("林小雨"), date(2026, 11, 1), date(2026, 12, 31)).total
    assert (total.carried_out, total.guests) == (1, 6)
    assert (total.planned, total.paid, total.over) == (whole.totals.planned, whole.totals.company, whole.totals.over)
    assert total.over == 8000
    assert total.decided is not None
    assert total.unsettled == 0


def test_who_may_not_see_a_visit_does_not_count_it(tmp_path: Path) -> None:
    """R74: a restricted visit is in nobody's figures but theirs."""
    from tests.unit.life import company, default_text

    text = default_text().replace('id = "other"\n', 'id = "other"\nsee = ["general_manager"]\n', 1)
    assert text != default_text()
    with company(tmp_path / "store.db", text) as who:
        with write():
            month_by_hand()
            Visit.update(kind="other").where(Visit.number == "2026-0001").execute()
        who.now = datetime(2026, 12, 31, 9)
        assert of(who).total.filed == 7
        assert statistics(who.session("周建国"), date(2026, 12, 1), date(2026, 12, 31)).total.filed == 8


# -- as text ----------------------------------------------------------------------------------------------------------


def test_pictures_show_what_is_most_and_what_is_nothing(month: Company) -> None:
    found = of(month, "tier")
    drawn = bars(found.groups, "paid", 20)
    assert [len(bar) for bar in drawn] == [20, 12, 7, 1]
    assert [len(bar) for bar in bars(found.groups, "over", 20)] == [0, 13, 20, 0]
    group = of(month).groups[0]
    numbers, shades, full = strip(group, "guests", date(2026, 12, 1), date(2026, 12, 31), words("zh"))
    assert len(numbers) == len(shades) == 62
    assert shades[2 * 9 + 1] == "*", "eight guests on the 10th"
    assert shades[2 * 18 + 1] == " ", "called off"
    assert full.endswith(f"12-10 {say_weekday(date(2026, 12, 10), words('zh'))}")
    assert line([0, 4, 2], ["01", "02", "03"], 3, 4) == ["       *", "       |   *", "   *   |   |", "  01  02  03"]


def test_a_group_without_a_visit_says_no_figure() -> None:
    assert set(amounts(figures(()), 2)) == {""}


# -- the command ------------------------------------------------------------------------------------------------------


def clock() -> datetime:
    """The last day of the month by hand."""
    from datetime import UTC

    return datetime(2026, 12, 31, 9, tzinfo=UTC)


@pytest.fixture
def stats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `jiedai stats` on the month by hand; its exit code, data and words."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    store = open_store(tmp_path / "desk.db")
    with write():
        Person.create(name="林小雨")
        month_by_hand()
    store.close()

    def run_it(*given: str) -> tuple[int, str, str]:
        code = run(["stats", *given, "--store", str(tmp_path / "desk.db"), "--config", str(CONFIG)], clock)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_it


def test_the_command_prints_table_csv_and_data(stats: Any) -> None:
    code, out, _ = stats("2026-12", "--by", "级别")
    assert code == 0
    assert "11,410" in out
    assert "11,406" in out
    assert [row.split()[0] for row in out.splitlines()[1:5]] == ["VIP", "Distinguished", "Business", "Routine"]
    code, out, _ = stats("2026-Q4", "--csv", "--by", "tier")
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [row["Planned"] for row in rows] == ["6020", "3190", "1840", "360", "11410"]
    code, out, _ = stats("--json")
    total = json.loads(out)["total"]
    assert (total["filed"], total["planned"], total["paid"], total["over"]) == (8, 1141000, 1140600, 42600)


@pytest.mark.parametrize(("given", "said"), [(("2026-13",), "2026-Q4"), (("--by", "moon"), "month")])
def test_what_is_no_span_or_axis_is_refused(stats: Any, given: tuple[str, ...], said: str) -> None:
    code, out, err = stats(*given)
    assert (code, out) == (2, "")
    assert said in err


def test_no_cell_of_the_csv_begins_a_formula(stats: Any, tmp_path: Path) -> None:
    store = open_store(tmp_path / "desk.db")
    with write():
        Visit.update(client_name="=HYPERLINK(1)").where(Visit.client_name == "客户1").execute()
    store.close()
    _, out, _ = stats("--csv", "--by", "client")
    firsts = [row[0] for row in csv.reader(io.StringIO(out.removeprefix("\ufeff")))]
    assert "'=HYPERLINK(1)" in firsts
    assert not [first for first in firsts if first[:1] in "=+-@"]
