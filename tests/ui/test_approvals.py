"""Approvals by keyboard: deciding, and costs that must be signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from models.queries.task_lists import signing, waiting
from models.schema.store import reading
from models.schema.tables import Decision, Step, VisitPerson
from models.services import request_verbs
from models.services.arrangement_verbs import amend
from models.services.request_verbs import new_draft
from models.services.visit_form import read_form
from models.services.visits import Done
from screens.approvals import Decide
from tests.ui.arranged import EVIL
from tests.ui.build import Opened, at_desk, evil
from tests.ui.look import IN_BOTH_LANGUAGES, IN_THREE_WINDOWS, lines_of, shown
from tests.unit.life import Company, approved, decisions, expenses, form, route, said, submitted, tasks, visit
from tests.unit.test_life_requests import SIGNS, lunch, pay, settling

# -- approvals ---------------------------------------------------------------------------------------------------------
#
# Approvals by keyboard: what is asked in one look, and every way to decide.


def last() -> Decision:
    """What was said last."""
    with reading():
        found = Decision.select().order_by(Decision.id.desc()).first()
    assert isinstance(found, Decision)
    return found


async def box(at: Opened) -> str:
    """The decision line, open."""
    screen = await at.press("enter")
    assert isinstance(at.app.screen, Decide)
    return screen


WORDS = {
    "zh": (
        "贵宾级",
        "规定上没有问题",
        "计划 4,070",
        "主陪 周建国 符合",
        "提前 7 天 (要求 3 天)",
        "用餐 13x150 = 1,950",
    ),
    "en": ("VIP", "Nothing against the rules", "Plan 4,070", "host 周建国 as asked", "Notice 7 days", "Meal 13x150"),
}


@IN_THREE_WINDOWS
async def test_one_look_is_enough(who: Company, language: str, size: tuple[int, int]) -> None:
    """R4, R11, R18: what is asked, what the policy says to it, what it costs against the standard, in one screen."""
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals", language=language, size=size) as at:
        screen = " ".join("\n".join(at.fits()).split())
        for text in WORDS[language]:
            assert text in screen
        assert "徐明哲 董事长" in screen
        assert "11-30" in screen


async def test_the_decision_line_hides_nothing_that_decides(who: Company) -> None:
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        screen = await box(at)
        for text in ("江南智造集团  贵宾级", "规定上没有问题", "计划 4,070", "主陪 周建国 符合", "用餐 13x150"):
            assert text in screen
        assert "(o) 同意 贵宾级" in screen
        assert " 意见     同意_" in screen


async def test_two_keys_agree_and_the_next_one_is_named(who: Company) -> None:
    """R10, R12, R16, R18, R19, R112: opinion, then decision, each with person, date and words; then the duties."""
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await box(at)
        screen = await at.press("enter")
        assert "2026-0001 已签意见，下一步：总经理" in screen
        assert "没有等我审批的申请" in screen
    assert tasks(done) == {}
    who.wait(hours=1)
    async with at_desk(who, "周建国", "approvals") as at:
        assert "意见 今天 09:00 王海峰 贵宾级" in shown(at.app)
        await box(at)
        assert "2026-0001 已批准，级别：贵宾级" in await at.press("enter")
    assert [(d.person_name, d.post, d.outcome, d.words, d.at) for d in decisions(done)] == [
        ("王海峰", "marketing_head", "agree", "同意", datetime(2026, 11, 23, 9)),
        ("周建国", "general_manager", "agree", "同意", datetime(2026, 11, 23, 10)),
    ]
    assert len(tasks(done)) == 29


@pytest.mark.parametrize(("ways", "state"), [(2, "returned"), (3, "refused")])
async def test_to_return_or_refuse_wants_words(who: Company, ways: int, state: str) -> None:
    """A32: correction and refusal, each with its words."""
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await box(at)
        await at.press(*["right"] * ways)
        assert "要写明意见" in await at.press("enter")
        await at.type("主陪写何总，我当天在外地")
        assert not isinstance(at.app.screen, Decide)
    assert visit(done).state == state
    assert last().words == "主陪写何总，我当天在外地"


async def test_lowering_keeps_authority(who: Company) -> None:
    """A3: who may decide the tier asked for may lower it; the words say why."""
    done = said(who, "王海峰", submitted(who, form(who)))
    async with at_desk(who, "周建国", "approvals") as at:
        await box(at)
        await at.press("right", "tab")
        await at.put("按嘉宾级安排")
        await at.press("tab", "right")
        assert "嘉宾级" in shown(at.app)
        await at.press("enter")
    row = visit(done)
    assert (row.state, row.tier, row.proposed_tier) == ("approved", "distinguished", "vip")


async def test_raising_above_own_authority_is_passed_on_and_its_host_mended_there(who: Company) -> None:
    """A3, R20: the deputy raises to VIP. The line says who decides then and that the lead host breaks the rule; another
    host mends it; nothing that was typed is lost, nothing is approved before the general manager."""
    done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
    async with at_desk(who, "李卫东", "approvals") as at:
        await box(at)
        await at.press("right", "tab")
        await at.put("董事长亲自来")
        screen = await at.press("tab", "left", "left")
        assert "改为贵宾级：由总经理审批，您同意后还没有批准" in screen
        assert "! 主陪应为：总经理" in screen
        screen = await at.press("enter")
        assert isinstance(at.app.screen, Decide)
        assert "意见     董事长亲自来_" in screen
        assert screen.count("! 主陪应为：总经理") == 1
        focused = at.app.screen.focused
        assert focused is not None
        assert focused.parent is not None
        assert focused.parent.id == "host0", "where it is mended"
        await at.press(*["backspace"] * 3)
        await at.put("周建国")
        screen = await at.press("enter")
        if isinstance(at.app.screen, Decide):  # the first took the name from the list
            screen = await at.press("enter")
        assert "改为贵宾级，超出本级权限，已转：总经理；尚未批准" in screen
    row = visit(done)
    assert (row.state, row.tier) == ("submitted", "vip")
    assert tasks(done) == {}
    assert last().outcome == "pass_on"
    with reading():
        hosts = [each.person_id for each in VisitPerson.select().where(VisitPerson.role == "host")]
    assert hosts == [who.ids["周建国"]]
    async with at_desk(who, "周建国", "approvals") as at:
        assert "上报 今天 09:00 李卫东 贵宾级" in shown(at.app)


async def test_what_the_raise_breaks_may_be_taken_with_a_reason(who: Company) -> None:
    """R20, A15: the same, with the reason written beside the finding; the next one reads it."""
    done = said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
    async with at_desk(who, "李卫东", "approvals") as at:
        await box(at)
        await at.press("right", "tab")
        await at.put("董事长亲自来")
        await at.press("tab", "left", "left", "enter")
        at.app.screen.query_one("#reason-lead_host").focus()
        await at.rest()
        await at.put("周总在国外")
        assert "已转：总经理" in await at.press("enter")
    assert visit(done).reasons == {"lead_host": "周总在国外"}
    async with at_desk(who, "周建国", "approvals", size=(120, 40)) as at:
        assert "“周总在" in shown(at.app)


async def test_headcount_and_companions_may_be_corrected_without_other_words(who: Company) -> None:
    """R24, R104: the tier stays, so that agreeing needs no words but the usual."""
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await box(at)
        await at.press("right")
        at.app.screen.query_one("#headcount").focus()
        await at.rest()
        await at.press("backspace")
        await at.put("8")
        assert "已签意见" in await at.press("enter")
    assert visit(done).headcount == 8
    assert last().words == "同意"


async def test_the_coordinator_records_what_was_said_by_phone(who: Company) -> None:
    """R19: who decided, when and how; it counts, and is flagged until that person confirms it."""
    done = said(who, "王海峰", submitted(who, form(who)))
    async with at_desk(who, "林小雨", "approvals") as at:
        assert "等我 0" in lines_of(at.app)[0]
        assert "按 F5 代录" in await at.press("enter")
        assert not isinstance(at.app.screen, Decide), "Enter is for one's own decisions"
        screen = await at.press("f5")
        assert "代录决定  江南智造集团" in screen
        assert "决定人   周建国" in screen
        await at.press("right", "tab", "tab", "tab", "right")
        assert "(o) 电话" in shown(at.app)
        at.app.screen.query_one("#when").focus()
        await at.rest()
        await at.press(*["backspace"] * 16)
        await at.put("今天 8:30")
        assert "已批准" in await at.press("enter")
    row = last()
    assert (row.person_id, row.recorded_by_id, row.medium) == (who.ids["周建国"], who.ids["林小雨"], "电话")
    assert row.at == datetime(2026, 11, 23, 8, 30)
    assert row.confirmed_utc is None
    assert visit(done).state == "approved"


async def test_nothing_is_decided_for_another_by_default(who: Company) -> None:
    """What they decided and how they said so is chosen: Enter alone records nothing."""
    done = said(who, "王海峰", submitted(who, form(who)))
    async with at_desk(who, "林小雨", "approvals") as at:
        screen = await at.press("f5")
        assert "(o)" not in screen
        assert "意见     同意" not in screen
        for _ in range(3):
            screen = await at.press("enter")
            assert "先选对方是怎么决定的" in screen
        await at.press("1")
        for _ in range(3):
            screen = await at.press("enter")
            assert "请选对方是怎么告知的" in screen
        assert isinstance(at.app.screen, Decide)
        assert "已批准" in await at.press("2", "enter")
    assert visit(done).state == "approved"
    assert (last().medium, last().words) == ("书面", "同意")


async def test_who_gives_an_opinion_does_not_decide_for_the_general_manager(who: Company) -> None:
    """Twice Enter signs; the same keys again touch neither that visit nor another's decision."""
    first = submitted(who, form(who))
    second = said(who, "王海峰", submitted(who, form(who, client="苏能装备", arrive=datetime(2026, 11, 29, 9))))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("m")
        assert "审批  全部 2" in shown(at.app)
        await at.press("enter", "enter")
        for _ in range(4):
            await at.press("enter")
        assert not isinstance(at.app.screen, Decide)
        assert "可以代录别人的决定" in await at.press("f5"), "that is the coordinator's"
    assert [len(decisions(done)) for done in (first, second)] == [1, 1]
    assert [visit(done).state for done in (first, second)] == ["submitted", "submitted"]


async def test_the_cursor_leaves_what_was_decided(who: Company) -> None:
    """To the next that waits for the same person."""
    for client, day in (("苏能装备", 28), ("天山风电", 29), ("鹏程线缆", 30)):
        submitted(who, form(who, client=client, arrive=datetime(2026, 11, day, 9)))
    said(who, "王海峰", submitted(who, form(who, arrive=datetime(2026, 11, 28, 12))))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("m", "down")
        for left in ("天山风电", "鹏程线缆", "苏能装备"):
            cursor = next(line for line in lines_of(at.app) if line.startswith(">"))
            assert left in cursor
            assert "已签意见" in await at.press("enter", "enter")


async def test_a_moment_to_come_is_mended_on_the_line(who: Company) -> None:
    """Nothing typed is lost when the service refuses."""
    said(who, "王海峰", submitted(who, form(who)))
    async with at_desk(who, "林小雨", "approvals") as at:
        await at.press("f5", "1")
        at.app.screen.query_one("#medium").focus()
        await at.press("1")
        at.app.screen.query_one("#words").focus()
        await at.rest()
        await at.put("，按原定人数")
        at.app.screen.query_one("#when").focus()
        await at.rest()
        await at.press(*["backspace"] * 16)
        await at.put("明天 8:30")
        screen = await at.press("enter")
        assert "审批时间 2026-11-24 08:30 还没到" in screen
        assert "意见     同意，按原定人数" in screen
        assert isinstance(at.app.screen, Decide)


async def test_whoever_may_not_decide_is_told_why(who: Company) -> None:
    submitted(who, form(who))
    async with at_desk(who, "何志明", "approvals") as at:
        assert "现在不由你审批" in await at.press("enter")
        assert not isinstance(at.app.screen, Decide)


async def test_ones_own_request_goes_one_post_up(who: Company) -> None:
    """A34: the head of marketing asks for a Routine reception himself; the deputy decides it, and it is said."""
    plain = form(who, "routine", host="王海峰", applicant=who.ids["王海峰"], meals=(), lodging=())
    session = who.session("王海峰")
    saved = new_draft(session, plain)
    done = request_verbs.submit(session, saved.visit, expected=saved.version, reasons={"applicant": "项目组无人"})
    assert route(done) == [(["deputy_general_manager_in_charge"], "decide", "current")]
    async with at_desk(who, "王海峰", "approvals") as at:
        assert "等我 0" in lines_of(at.app)[0]
        assert "现在不由你审批" in await at.press("enter")
        assert "可以代录" in await at.press("f5"), "that is the coordinator's"
    async with at_desk(who, "李卫东", "approvals") as at:
        assert "申请人自己是审批人" in shown(at.app)
        await box(at)
        assert "已批准" in await at.press("enter")


async def test_who_is_slower_is_told_and_finds_his_words_again(who: Company) -> None:
    """Of two people acting on what they saw, one wins and the other is told the new state."""
    done = submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await box(at)
        at.app.screen.query_one("#words").focus()
        await at.rest()
        await at.put("，请周总审批")
        request_verbs.withdraw(who.session("刘晓燕"), done.visit, expected=done.version)
        screen = await at.press("enter")
        assert "刘晓燕刚改过这次接待（撤回），现在是“草稿”" in screen
        assert "没有等我审批的申请" in screen
    assert visit(done).state == "draft"


async def test_a_change_after_approval_shows_old_and_new(who: Company) -> None:
    """A26, A33: what is asked to be other than approved; not agreed to, it stays as it was."""
    done = approved(who, form(who))
    with reading():
        made = read_form(visit(done))
    amend(who.session("林小雨"), done.visit, replace(made, headcount=12), expected=done.version)
    async with at_desk(who, "周建国", "approvals") as at:
        screen = shown(at.app)
        assert "已批准的来访要改动" in screen
        assert "来访人数 6 -> 12" in screen
        await box(at)
        await at.press("right", "right", "right", "tab")
        await at.put("车坐不下")
        assert "不同意修改，按原来批准的继续" in await at.press("enter")
    row = visit(done)
    assert (row.state, row.headcount) == ("approved", 6)


async def test_a_lead_host_asked_for_elsewhere_is_pointed_out(who: Company) -> None:
    approved(who, form(who, client="苏能装备"))
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        assert "! 周建国 11-30 10:20 另陪 苏能" in shown(at.app)


async def test_space_shows_all_and_f4_opens_the_visit(who: Company) -> None:
    """R103, R110: what is left out at the foot is counted, and shown with Space."""
    submitted(who, form(who, guests=tuple(form(who).guests) * 12))
    async with at_desk(who, "王海峰", "approvals") as at:
        assert "行：空格看全文" in shown(at.app)
        screen = await at.press("space")
        assert "车辆接送 参观讲解" in screen
        await at.press("escape")
        assert "申请表" in await at.press("f4")


async def test_urged_and_late_requests_are_marked(who: Company) -> None:
    """A4: three days are three calendar days; two are late and marked."""
    done = submitted(who, form(who, arrive=datetime(2026, 11, 25, 9)), late="客户昨晚才定")
    async with at_desk(who, "王海峰", "approvals") as at:
        line = lines_of(at.app)[4]
        assert "!" in line.split("|")[0]
        screen = shown(at.app)
        assert "! 提前 2 天，要求 3 天：迟了" in screen
        assert "“客户昨晚" in screen
    assert visit(done).late


async def test_the_language_changes_and_the_cursor_stays(who: Company) -> None:
    submitted(who, form(who, client="苏能装备", arrive=datetime(2026, 11, 29, 9)))
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("down")
        screen = await at.menu("English")
        assert screen.splitlines()[5].startswith(">Mon 11-30")
        assert "江南智造集团  VIP" in screen


async def test_what_others_file_appears_and_the_cursor_stays(who: Company) -> None:
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        submitted(who, form(who, client="苏能装备", arrive=datetime(2026, 11, 29, 9)))
        screen = await at.tick()
        assert "苏能装备" in screen.splitlines()[4]
        assert screen.splitlines()[5].startswith(">11-30")
        assert "审批 2" in screen.splitlines()[1]


@IN_THREE_WINDOWS
async def test_hostile_text_is_text(who: Company, language: str, size: tuple[int, int]) -> None:
    evil(who)
    async with at_desk(who, "王海峰", "approvals", language=language, size=size) as at:
        assert "[/x]" in "\n".join(at.fits())
        assert EVIL[1] in shown(at.app)
        await box(at)
        at.app.screen.query_one("#words").focus()
        await at.rest()
        await at.put(" ".join(EVIL))
        at.fits()
        await at.press("enter")
        assert last().words.startswith("同意" if language == "zh" else "Agreed")
        assert "\x1b" not in last().words


@IN_BOTH_LANGUAGES
async def test_all_of_the_line_is_reached_in_a_small_window(who: Company, language: str) -> None:
    said(who, "王海峰", submitted(who, form(who, "business", host="李卫东")))
    async with at_desk(who, "李卫东", "approvals", language=language, size=(60, 20)) as at:
        await box(at)
        await at.press("right")
        dialog = at.app.screen.query_one("#box")
        for _ in range(12):
            await at.press("tab")
            focused = at.app.screen.focused
            assert focused is not None
            assert dialog.region.overlaps(focused.region)
            assert 0 <= focused.region.y < 20
    with reading():
        assert Step.select().where(Step.state == "current").count() == 1


# -- approvals costs ---------------------------------------------------------------------------------------------------
#
# Costs beyond what was agreed to, in Approvals of who must sign them: counted, shown, opened where that is done.


@pytest.fixture
def over(tmp_path: Path) -> Iterator[tuple[Company, Done]]:
    """A meal went beyond its standard: the deputy in charge must agree to it."""
    with settling(tmp_path, SIGNS, meals=(lunch(bottles=4),)) as made:
        who, done = made
        pay(who, done, "meal1", 200_000, reason="临时加了两道菜")
        yield made


def signed(done: Done) -> list[str]:
    return [each["name"] for each in expenses(done)["meal1"].signatures]


async def opened_costs(at: Opened, language: str) -> str:
    """The visit's costs, opened from the row under the cursor."""
    drawn = await at.press("enter")
    assert ("8费用" if language == "zh" else "8Costs") in drawn
    return drawn


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
@IN_BOTH_LANGUAGES
async def test_who_must_sign_sees_it_and_gets_to_where_it_is_signed(
    over: tuple[Company, Done], language: str, size: tuple[int, int]
) -> None:
    """A10, A27: the further signature stands among what waits for the deputy, with what it is for."""
    who, done = over
    zh = language == "zh"
    async with at_desk(who, "李卫东", "approvals", language=language, size=size) as at:
        drawn = "\n".join(at.fits())
        assert ("4审批 1" if zh else "4Appr 1") in drawn
        assert ("等我 1" if zh else "mine 1 of 1") in drawn.splitlines()[0]
        assert ("费用待同意 1" if zh else "Costs to agree to 1") in drawn
        flat = " ".join(drawn.split())
        for text in ("江南智造集团", "2,000", "超 50" if zh else "over by 50", "+50"):
            assert text in flat, text
        await opened_costs(at, language)
        await at.press("f5")
        await at.press("2")
        assert signed(done) == ["李卫东"]
        drawn = await at.press("escape")
        await at.tick()
        drawn = "\n".join(lines_of(at.app))
        assert ("费用待同意" if zh else "Costs to agree to") not in drawn
        assert ("4审批 1" if zh else "4Appr 1") not in drawn


async def test_the_line_to_sign_is_under_the_cursor_and_read_in_full(over: tuple[Company, Done]) -> None:
    who, done = over
    pay(who, done, "drink1", 150_000)
    async with at_desk(who, "李卫东", "approvals") as at:
        assert "主管副总经理" in await at.press("space")
        await at.press("escape")
        await at.press("f4")
        assert at.list.key == str(expenses(done)["meal1"].id)
        assert at.app.screen.focused is at.list, (at.app.screen.focused, at.app.screen.AUTO_FOCUS)


async def test_others_see_it_among_all_that_waits(over: tuple[Company, Done]) -> None:
    """It stands below the requests, and is none of theirs."""
    who, done = over
    later: dict[str, Any] = {"arrive": datetime(2026, 12, 20, 9), "depart": datetime(2026, 12, 20, 17)}
    submitted(who, replace(form(who, client="天山风电"), meals=(), lodging=(), lodged=False, **later))
    (each,) = signing(who.session("林小雨"))
    assert (each.visit, each.mine, waiting(who.session("林小雨")).costs) == (done.visit, False, 0)
    assert waiting(who.session("李卫东")).costs == 1
    async with at_desk(who, "王海峰", "approvals") as at:
        mine = "\n".join(lines_of(at.app))
        assert "等我 1  全部 2" in mine
        assert "费用待同意" not in mine
        drawn = await at.press("right")
        assert drawn.index("天山风电") < drawn.index("费用待同意 1")
        await at.press("down")
        await at.press("enter")
        assert "不" in await at.press("f5") or "要" in at.message(), "it is not theirs to sign, and that is said"
        assert signed(done) == []
