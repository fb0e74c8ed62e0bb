"""Ticking, assigning and dropping the tasks of a visit."""

from __future__ import annotations

from models.services.task_verbs import assign, drop, tick, tick_part, undrop, untick
from tests.unit.life import Company, approved, form, refuses, tasks, visit


def test_a_tick_has_a_name_and_a_time(who: Company) -> None:
    """R41: ticked by the party's department; the visit's version stays, so nobody else is disturbed."""
    done = approved(who, form(who))
    ticked = tick(who.session("王海峰"), tasks(done)["R41"].id, expected=1)
    row = tasks(done)["R41"]
    assert (row.state, row.done_by_id, row.done_at) == ("done", who.ids["王海峰"], who.now)
    assert visit(done).version == done.version
    with refuses("task.done"):
        tick(who.session("王海峰"), row.id, expected=ticked.version)
    with refuses("stale_task"):
        untick(who.session("王海峰"), row.id, expected=1)


def test_who_may_tick(who: Company) -> None:
    """R46: the party's department, the assignee, the owner department; nobody else."""
    done = approved(who, form(who))
    row = tasks(done)["R47"]
    with refuses("not_your_task"):
        tick(who.session("陈志远"), row.id, expected=1)
    assigned = assign(who.session("林小雨"), row.id, who.ids["陈志远"], expected=1)
    tick(who.session("陈志远"), row.id, expected=assigned.version)
    tick(who.session("陈志远"), tasks(done)["R46"].id, expected=1)
    tick(who.session("林小雨"), tasks(done)["R49"].id, expected=1)


def test_the_lead_host_and_the_sales_lead_are_parties(who: Company) -> None:
    """R36, R67, R70: the visit's own host and sales lead tick theirs, by being named on it."""
    done = approved(who, form(who))
    tick(who.session("周建国"), tasks(done)["R36"].id, expected=1)
    tick(who.session("刘晓燕"), tasks(done)["R67"].id, expected=1)
    with refuses("not_your_task"):
        tick(who.session("李卫东"), tasks(done)["R37"].id, expected=1)
    assert tasks(done)["R36"].party == "@lead_host"


def test_ones_own_tick_is_taken_back(who: Company) -> None:
    """R39: by who ticked it or who runs the visit."""
    done = approved(who, form(who))
    row = tasks(done)["R45"]
    ticked = tick(who.session("陈志远"), row.id, expected=1)
    with refuses("not_your_tick"):
        untick(who.session("赵启航"), row.id, expected=ticked.version)
    undone = untick(who.session("陈志远"), row.id, expected=ticked.version)
    assert (undone.state, tasks(done)["R45"].done_by_id) == ("open", None)
    untick(who.session("林小雨"), row.id, expected=tick(who.session("陈志远"), row.id, expected=undone.version).version)


def test_the_room_is_ready_when_all_its_parts_are(who: Company) -> None:
    """R53, A31: six parts, each ticked with who and when; somebody must be assigned first where the duty asks."""
    done = approved(who, form(who))
    session = who.session("方晓静")
    row = tasks(done)["R53"]
    assert len(row.parts) == 6
    version = 1
    if row.needs_assignee:
        with refuses("needs_assignee"):
            tick_part(session, row.id, 0, expected=1)
        version = assign(session, row.id, who.ids["张德胜"], expected=1).version
    for index in range(5):
        version = tick_part(session, row.id, index, expected=version).version
        assert tasks(done)["R53"].state == "open"
    last = tick_part(session, row.id, 5, expected=version)
    assert last.state == "done"
    assert tasks(done)["R53"].parts[5]["by"] == "方晓静"
    assert tick_part(session, row.id, 0, expected=last.version).state == "open"
    with refuses("no_part_of_task"):
        tick_part(session, row.id, 6, expected=last.version + 1)


def test_a_tick_taken_back_leaves_the_parts_that_were_ready_before_it(who: Company) -> None:
    """R53: three parts ready, the whole ticked by mistake: taken back, the three still are, with who and when."""
    done = approved(who, form(who))
    session = who.session("方晓静")
    row = tasks(done)["R53"]
    version = assign(session, row.id, who.ids["张德胜"], expected=1).version
    for index in range(3):
        version = tick_part(session, row.id, index, expected=version).version
    before = tasks(done)["R53"].parts
    who.wait(minutes=10)
    ticked = tick(who.session("林小雨"), row.id, expected=version)
    undone = untick(who.session("林小雨"), row.id, expected=ticked.version)
    assert (undone.state, tasks(done)["R53"].parts) == ("open", before)


def test_a_duty_that_asks_for_a_name_gets_one_before_its_tick(who: Company) -> None:
    """A31: the attendant at in-house meals is a person."""
    done = approved(who, form(who))
    row = tasks(done)["R43"]
    assert row.needs_assignee
    with refuses("needs_assignee"):
        tick(who.session("王海峰"), row.id, expected=1)
    version = assign(who.session("王海峰"), row.id, who.ids["林小雨"], expected=1).version
    tick(who.session("林小雨"), row.id, expected=version)


def test_what_is_left_out_has_a_reason_and_comes_back(who: Company) -> None:
    """A25, R96: simplified by tier, with a reason, never without trace; at the baseline nothing may be dropped."""
    full = approved(who, form(who, "distinguished", host="李卫东"))
    with refuses("may_not_drop"):
        drop(who.session("王海峰"), tasks(full)["R48"].id, "从简", expected=1)
    done = approved(who, form(who, "business", host="李卫东"))
    row = tasks(done)["R48"]
    with refuses("drop_reason_needed"):
        drop(who.session("林小雨"), row.id, " ", expected=1)
    dropped = drop(who.session("林小雨"), row.id, "无现场安装", expected=1)
    assert (tasks(done)["R48"].state, tasks(done)["R48"].dropped_for) == ("dropped", "无现场安装")
    with refuses("task.dropped"):
        tick(who.session("林小雨"), row.id, expected=dropped.version)
    assert undrop(who.session("林小雨"), row.id, expected=dropped.version).state == "open"


def test_a_part_is_left_out_and_the_rest_counts(who: Company) -> None:
    """R53, A25: the attendant left out, the room is ready when the other parts are."""
    done = approved(who, form(who, "business", host="李卫东", services=("fruit",)))
    session = who.session("方晓静")
    row = tasks(done)["R53"]
    free = [index for index, part in enumerate(row.parts) if part["may_drop"]]
    fixed = [index for index, part in enumerate(row.parts) if not part["may_drop"]]
    assert (len(free), len(fixed)) == (2, 4)
    with refuses("may_not_drop"):
        drop(session, row.id, "从简", expected=1, part=fixed[0])
    version = assign(session, row.id, who.ids["张德胜"], expected=1).version
    for index in free:
        version = drop(session, row.id, "从简", expected=version, part=index).version
    ticked = tick(session, row.id, expected=version)
    assert ticked.state == "done"
    assert [part["done"] for part in tasks(done)["R53"].parts] == [index in fixed for index in range(6)]
    assert undrop(session, row.id, expected=ticked.version, part=free[0]).state == "open"


def test_waiting_for_another_task_is_told_never_a_block(who: Company) -> None:
    """A21: the room waits for the fruit to be bought, and can be ticked all the same."""
    done = approved(who, form(who, services=("fruit",)))
    row = tasks(done)["R54"]
    assert "R63" in row.after
    tick(who.session("方晓静"), row.id, expected=1)
