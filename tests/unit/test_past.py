"""Standards over a span look at other visits, when a request is judged and when it is settled."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.form import FormGuest
from models.policy.case import PlannedCost
from models.queries.request_preview import verdict
from models.services.cost_verbs import enter_actual
from models.services.day_verbs import cancel
from models.services.visits import Done
from tests.unit.life import Company, approved, company, default_text, expenses, form, visit

GIFT = '\n[[cap]]\nid = "gifts"\nitem = "gift"\nper = "{per}"\n{limit}\nbreach = "reason"\n'


def text(per: str, limit: str = "most = 500") -> str:
    """The default regulation with one cap on gifts over a span more; amounts in yuan."""
    return default_text() + GIFT.format(per=per, limit=limit)


def gift(who: Company, day: int, price: int | None, to: str = "", **more: Any) -> Done:
    """A visit with one gift."""
    return approved(who, gifted(who, day, price, to, **more), cap="客户指定", count="客户指定")


def gifted(who: Company, day: int, price: int | None, to: str = "", **more: Any) -> Any:
    """Its form."""
    cost = PlannedCost("gift", Decimal(1), "piece", None if price is None else price * 100, to=to)
    days = {"arrive": datetime(2026, 12, day, 10), "depart": datetime(2026, 12, day, 16)}
    return form(who, lodged=False, lodging=(), dining=False, meals=(), costs=(cost,), **{**days, **more})


def over(who: Company, done: Done, amount: int) -> int:
    """What the gift is over once this was paid for it, in yuan."""
    line = next(line for line in expenses(done).values() if line.item == "gift")
    session = who.session("林小雨")
    return enter_actual(session, line.id, expected=line.version, amount=amount * 100, decided_by="周建国").over // 100


def codes(who: Company, made: Any) -> list[tuple[str, str | None]]:
    """What the request would be judged by: findings of the cap."""
    found = verdict(who.session("刘晓燕"), made).answer.findings
    return [(each.code, each.rule) for each in found if each.rule == "gifts"]


def test_a_sum_a_year_counts_what_other_visits_of_the_client_cost(tmp_path: Path) -> None:
    """A10, A27: what was planned counts until it is paid; another client's do not count, nor what was called off."""
    with company(tmp_path, text("client 1y")) as who:
        first = gift(who, 1, 400)
        assert codes(who, gifted(who, 8, 200)) == [("cap", "gifts")]
        assert codes(who, gifted(who, 8, 200, client="鹏程线缆")) == []
        over(who, first, 250)
        assert codes(who, gifted(who, 8, 200)) == []
        second = gift(who, 8, 200)
        assert over(who, second, 300) == 50
        assert over(who, second, 240) == 0
        off = gift(who, 9, 300)
        cancel(who.session("林小雨"), off.visit, "不来了", expected=visit(off).version)
        assert codes(who, gifted(who, 10, 10)) == []


def test_what_was_spent_before_the_span_or_comes_after_the_visit_does_not_count(tmp_path: Path) -> None:
    with company(tmp_path, text("client 1w")) as who:
        gift(who, 1, 400)
        assert codes(who, gifted(who, 8, 400)) == []
        assert codes(who, gifted(who, 7, 400)) == [("cap", "gifts")]
        gift(who, 14, 400)
        assert codes(who, gifted(who, 8, 400)) == []


def test_how_often_a_guest_was_given_something(tmp_path: Path) -> None:
    """R94: one gift a year for each guest, be it to them by name or to all who came."""
    with company(tmp_path, text("guest 1y", "count = 1")) as who:
        both = (FormGuest("徐明哲", principal=True), FormGuest("甲"))
        gift(who, 1, None, "徐明哲", guests=both)
        assert codes(who, gifted(who, 8, None, "徐明哲")) == [("count", "gifts")]
        assert codes(who, gifted(who, 8, None, "徐 明哲")) == [("count", "gifts")], "the same guest, written otherwise"
        assert codes(who, gifted(who, 8, None, "甲", client="鹏程线缆")) == []
        gift(who, 2, None, guests=(FormGuest("甲", principal=True),))
        assert codes(who, gifted(who, 8, None, "甲", client="鹏程线缆")) == [("count", "gifts")]


def test_what_all_share_counts_by_head(tmp_path: Path) -> None:
    with company(tmp_path, text("guest 1y")) as who:
        gift(who, 1, 1200, guests=(FormGuest("甲", principal=True),))
        assert codes(who, gifted(who, 8, 300, "甲")) == []
        assert codes(who, gifted(who, 8, 301, "甲")) == [("cap", "gifts")]


@pytest.mark.parametrize(("given", "found"), [("", ["cap"]), ("technology", [])])
def test_what_the_same_department_spent(tmp_path: Path, given: str, found: list[str]) -> None:
    """The request's department, else that of who asks for it."""
    with company(tmp_path, text("department 1mo")) as who:
        gift(who, 1, 400)
        made = gifted(who, 8, 200, client="鹏程线缆", department=given or None)
        assert [code for code, _ in codes(who, made)] == found
