"""Random edits of an arranged visit: what is shown before is what happens, sums are the sums of their lines, and a
tick that still applies is never lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from models.errors import Refused
from models.form import Form, FormGuest
from models.schema.arrangements import Notification
from models.schema.store import trial
from models.schema.tables import Expense, Task, Visit
from models.services.arrangement_verbs import amend, preview
from models.services.decision_verbs import decide
from models.services.task_verbs import tick
from models.services.visit_diff import Difference, diff, pack_difference
from models.services.visit_form import at_time, for_headcount, read_form
from models.services.visit_record import VisitRecord
from models.services.visit_state import snapshot
from models.services.visits import Done, visit_row
from tests.ui.morning import arranged
from tests.unit.drawn import drawn
from tests.unit.life import POSTS, Company, company, totals

TIERS = ("vip", "distinguished", "business", "routine")
HEADS = {post: name for name, posts in POSTS.items() for post in posts}
_PLAIN = ("services", "wants", "dining", "lodged")
EDITS = st.fixed_dictionaries(
    {
        "headcount": st.none() | st.integers(1, 14),
        "later": st.none() | st.integers(-120, 36 * 60),
        "services": st.none() | st.sets(st.sampled_from(["car", "tour", "fruit", "screen"])),
        "wants": st.none() | st.sets(st.sampled_from(["activities", "gifts", "return_tickets"])),
        "dining": st.none() | st.booleans(),
        "lodged": st.none() | st.booleans(),
        "tier": st.none() | st.sampled_from(TIERS),
        "host": st.none() | st.sampled_from(["周建国", "李卫东", "何志明", "王海峰"]),
        "guests": st.none() | st.sets(st.sampled_from(["徐明哲", "李强", "方圆", "[/x]"])),
    }
)


class Office:
    """A company and its visit; short where it is shown."""

    def __init__(self, who: Company, done: Done) -> None:
        self.who, self.done = who, done


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with company(folder) as who:
        yield Office(who, arranged(who))


def edited(who: Company, form: Form, edit: dict[str, Any]) -> Form:
    """The form with what an edit says."""
    given = {field: value for field, value in edit.items() if field in _PLAIN and value is not None}
    plain: Any = {field: tuple(sorted(value)) if isinstance(value, set) else value for field, value in given.items()}
    form = replace(form, **plain)
    if isinstance(edit["headcount"], int):
        form = for_headcount(form, edit["headcount"])
    if isinstance(edit["later"], int) and form.arrive is not None:
        form = at_time(form, form.arrive + timedelta(minutes=edit["later"]))
    if edit["host"] is not None:
        form = replace(form, hosts=(who.ids[str(edit["host"])],))
    if isinstance(edit["guests"], set):
        names = sorted(edit["guests"])
        form = replace(form, guests=tuple(FormGuest(name, principal=at == 0) for at, name in enumerate(names)))
    return form


def plain(differences: Iterable[Difference]) -> dict[str, object]:
    """Effects by key, as they are kept."""
    return {difference.key: pack_difference(difference) for difference in differences}


def ticked(visit: int) -> dict[str, tuple[object, ...]]:
    """Who ticked which whole task when."""
    rows = Task.select().where(Task.visit == visit, Task.done_at.is_null(False), Task.state == "done")
    return {row.duty: (row.done_by_id, row.done_at) for row in rows}


def changed(who: Company, done: Done, edit: dict[str, Any]) -> Done | None:
    """One edit, previewed, made, agreed to where that is asked; None where the policy will not have it."""
    session = who.session("林小雨")
    form, tier = edited(who, read_form(visit_row(done.visit)), edit), edit["tier"]
    wanted = str(tier) if tier is not None else None
    try:
        found = preview(session, done.visit, form, wanted).findings
        reasons = {finding.code: "客户要求" for finding in found if finding.level == "reason"}
        shown = preview(session, done.visit, form, wanted, reasons)
    except Refused:  # as saving would be: a day that is no more, a field that may not change
        return None
    if shown.findings:
        with pytest.raises(Refused) as info:
            amend(session, done.visit, form, expected=done.version, tier=wanted, reasons=reasons)
        assert info.value.code == "findings"
        return None
    before = snapshot(VisitRecord(session, visit_row(done.visit)))
    result = amend(session, done.visit, form, expected=done.version, tier=wanted, reasons=reasons)
    assert (result.differences, result.asks) == (shown.differences, shown.asks)
    now, agreed = result.done, 0
    while now.state == "submitted":
        agreed += 1
        now = decide(who.session(HEADS[now.next[0]]), now.visit, expected=now.version, outcome="agree", words="同意")
    assert bool(agreed) == bool(shown.asks)
    assert plain(diff(before, snapshot(VisitRecord(session, visit_row(done.visit))))) == plain(shown.differences)
    if not agreed:
        waiting = {
            (row.role, row.party, row.name) for row in Notification.select().where(Notification.told_at.is_null())
        }
        assert {(each.role, each.party, each.name) for each in shown.notifications} <= waiting
    return now


def test_edits(office: Office) -> None:
    """A33: ticks that still apply stay, whatever came and went between; what is shown before is what happens."""
    made: list[bool] = []

    @drawn(4, 10, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(edits=st.lists(EDITS, min_size=1, max_size=2), ticks=st.sets(st.integers(0, 40), max_size=8))
    def check(edits: list[dict[str, Any]], ticks: set[int]) -> None:
        who, done = office.who, office.done
        with trial():
            rows = list(Task.select().where(Task.visit == done.visit, Task.state == "open").order_by(Task.position))
            for at in ticks:
                if at < len(rows) and not rows[at].needs_assignee:
                    tick(who.session("林小雨"), rows[at].id, expected=rows[at].version)
            had = ticked(done.visit)
            for edit in edits:
                now_is = changed(who, done, edit)
                made.append(now_is is not None)
                done = now_is or done
            row = Visit.get_by_id(done.visit)
            answer = VisitRecord(who.session("林小雨"), row).judged()
            now = {task.duty: task for task in Task.select().where(Task.visit == row.id)}
            for duty in answer.duties:
                task = now[duty.id]
                if duty.id in had and all(part["done"] or part["dropped"] for part in task.parts):
                    assert (task.state, task.done_by_id, task.done_at) == ("done", *had[duty.id])
            assert {task.duty for task in now.values() if task.state != "gone"} == {duty.id for duty in answer.duties}
            assert row.total == answer.total == sum(line.counted for line in answer.plan)
            lines = list(Expense.select().where(Expense.visit == row.id))
            assert sum(line.planned or 0 for line in lines) == sum(line.amount or 0 for line in answer.plan)
            assert totals(row.id).over == sum(line.actual_over for line in lines)

    check()
    assert sum(made) * 3 >= len(made) > 0, "or this would show nothing"
