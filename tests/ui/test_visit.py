"""A visit by keyboard: its tabs, travel, who is switched off."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from models.form import FormGuest
from models.schema.store import write
from models.schema.tables import JournalDetail
from models.services import day_verbs
from models.services.day_verbs import delay
from models.services.request_verbs import new_draft
from models.services.visits import Done
from models.words import called, cell_len, words
from screens.kit.fields import TextField
from screens.kit.form_dialog import FormDialog
from tests.ui.arranged import EVIL, At, opened
from tests.ui.look import IN_BOTH_LANGUAGES, IN_THREE_WINDOWS, lines_of
from tests.unit.booking import garage
from tests.unit.leavers import NAMED, everywhere, off
from tests.unit.life import Company, approved, expenses, form, leg, said, stages, submitted, tasks, visit

# -- visit -------------------------------------------------------------------------------------------------------------
#
# The Visit by keyboard: its tabs, a day from the first guest to the last receipt, and what is refused.


ARRIVED = datetime(2026, 11, 30, 10, 30)


@pytest.fixture
def vip(who: Company) -> Done:
    return approved(who, form(who))


async def read_all(at: At) -> str:
    """Everything on the tab, page by page."""
    seen = await at.press("home")
    for _ in range(3):
        seen += "\n" + await at.press("pagedown")
    return seen


@IN_THREE_WINDOWS
async def test_every_tab_fits_its_window(who: Company, vip: Done, language: str, size: tuple[int, int]) -> None:
    async with opened(who, "林小雨", vip.visit, language=language, size=size) as at:
        for key in "1237890":
            drawn = (await at.press(key)).splitlines()
            assert all(cell_len(line) <= size[0] for line in drawn)
            assert drawn[0].split()[1] == "2026-0001"
            assert "周建国" in drawn[3]
        names = lines_of(at.app)[1]
        last = "0经过" if language == "zh" else "0History"
        assert last in names


async def test_the_form_has_every_field_with_its_printed_label(who: Company) -> None:
    """R99, R100, R101, R102, R103, R104, R105, R106, R107, R108, R109, R110, R111, R112: every field, box and mark."""
    made = form(
        who, reason="二期扩建考察", arrangements="第一会议室座谈", diners=(who.ids["王海峰"],),
        purpose_text="看望老同学", other=True, other_text="参加展会", other_from=datetime(2026, 11, 30, 14),
        other_until=datetime(2026, 11, 30, 17), companions=(who.ids["陈志远"],),
    )  # fmt: skip
    done = approved(who, made)
    async with opened(who, "林小雨", done.visit) as at:
        drawn = await read_all(at)
        for text in (
            "申请人             刘晓燕", "接待日期           11-30 周一 10:20 - 12-01 周二 15:00", "二期扩建考察",
            "客户单位           江南智造集团", "徐明哲 / 董事长 (主宾)", "来访人数           6",
            "[x] 考察", "[ ] 参观", "看望老同学", "(o) 贵宾级  ( ) 嘉宾级", "[x] 就餐  公司陪餐人员 王海峰",
            "客人 6 陪同 7  酒 4 瓶  烟 3 盒", "[x] 住宿  6 人", "[x] 其他  参加展会  11-30 周一 14:00 - 17:00",
            "[x] 车辆接送  [x] 参观讲解  [ ] 准备水果", "第一会议室座谈", "部门负责人意见", "公司领导审批",
            "今天 09:00 王海峰", "今天 09:00 周建国",
        ):  # fmt: skip
            assert text in drawn, text
        assert drawn.count("接待标准") >= 2, "A17: printed twice, once for the tier and once for the services"


async def test_tabs_by_digits_and_arrows_and_back_with_escape(who: Company, vip: Done) -> None:
    async with opened(who, "林小雨", vip.visit) as at:
        assert "申请人" in await at.press("left", "right")
        assert "接机接站" in await at.press("right")
        assert "徐明哲" in await at.press("3")
        await at.press("7", "down", "down")
        key = at.list.key
        await at.press("1", "7")
        assert at.list.key == key, "each tab keeps its cursor"
        assert "清单" in (await at.press("escape")).splitlines()[0]


async def test_stages_are_planned_begun_finished_and_left_out(who: Company, vip: Done) -> None:
    """R26, R35: stages in order, each with time, place and people; none is lost."""
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("2")
        await at.to("迎宾入室")
        await at.press("enter")
        await at.put("11:30")
        await at.press("down")
        await at.put("贵宾室 =cmd()")
        await at.press("down")
        box = await at.type("周建国")
        assert "迎宾入室时间 11-30 11:10 -> 11:30" in box
        assert "迎宾入室地点 - -> 贵宾室 =cmd()" in box
        await at.press("escape")
        assert "贵宾室 =cmd()" in await at.rest(), "what is typed is still there"
        assert stages(vip)["welcome"].place == ""
        await at.press("enter")
        await at.agree()
        row = stages(vip)["welcome"]
        assert (row.at, row.place, row.people) == (datetime(2026, 11, 30, 11, 30), "贵宾室 =cmd()", "周建国")
        assert "11-30 11:30" in next(line for line in lines_of(at.app) if line.startswith(">"))
        await at.press("space")
        assert "[>]" in await at.rest()
        await at.press("delete")
        assert "不能记为不适用" in at.message()
        await at.press("space")
        assert stages(vip)["welcome"].state == "done"
        await at.to("公司介绍")
        assert "取消 环节: 公司介绍" in await at.press("delete")
        await at.press("escape")
        assert stages(vip)["introduction"].state == "planned"
        await at.press("delete")
        await at.agree()
        assert stages(vip)["introduction"].state == "not_applicable"
        await at.press("space")
        assert at.message() == "! 这个环节不适用，请先安排"
        assert len(at.list.rows) == 10


async def test_what_is_typed_is_not_lost_when_another_was_faster(who: Company, vip: Done) -> None:
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("2", "enter")
        await at.put("9:40")
        day_verbs.hand_over(who.session("林小雨"), vip.visit, who.ids["王海峰"], expected=vip.version)
        drawn = await at.press("enter")
        assert "刚改过这次接待" in drawn
        assert "9:40" in drawn
        await at.press("enter")
        await at.agree()
        assert stages(vip)["pick_up"].at == datetime(2026, 11, 30, 9, 40)


async def test_the_text_of_a_box_is_wrapped_to_its_window(who: Company, vip: Done) -> None:
    said = "Where the window is smaller than the box this is still said to the end of its last word."
    async with opened(who, "林小雨", vip.visit, size=(60, 20)) as at:
        at.app.push_screen(FormDialog("Title", [TextField("Name", id="name")], lambda: None, text=said))
        drawn = await at.rest()
        assert said in " ".join(line.strip(" |") for line in drawn.splitlines())


async def test_tasks_are_worked_as_in_the_checklist(who: Company, vip: Done) -> None:
    """R53, A31: ticked, assigned and left out in one way."""
    async with opened(who, "方晓静", vip.visit) as at:
        drawn = await at.press("7")
        assert "0/29" in drawn.splitlines()[1]
        await at.to("车辆")
        assert "1/29" in (await at.press("space")).splitlines()[1]
        assert "0/29" in (await at.press("backspace")).splitlines()[1]
        await at.press("f5")
        await at.type("zds")
        assert tasks(vip)["R52"].assignee_id == who.ids["张德胜"]
        await at.to("会议室")
        await at.press("enter", "down")
        await at.press("space")
        await at.type("方晓静")
        assert [part["done"] for part in tasks(vip)["R53"].parts] == [True, *[False] * 5]


async def test_a_whole_life_from_the_first_guest_to_the_last_receipt(who: Company) -> None:
    """R75, R93: met, seen off, settled line by line with one over standard, closed, opened again."""
    done = approved(who, form(who, lodged=False, lodging=()))
    who.now = ARRIVED
    async with opened(who, "林小雨", done.visit) as at:
        await at.menu("接到客人")
        assert visit(done).state == "under_way"
        assert "接待中" in lines_of(at.app)[0]
        who.now = datetime(2026, 12, 1, 15, 10)
        await at.menu("送走客人")
        await at.press("2")
        assert visit(done).state == "done"
        drawn = await at.press("f9")
        assert "还不能关闭，缺 3 项" in drawn
        await at.press("escape")
        drawn = await at.press("home", "enter")
        assert "1,950" in drawn
        await at.type("2100")
        assert "超标准 150" in await at.rest()
        await at.type("多来两位工程师")
        await at.press("enter", "enter")
        drawn = await at.press("enter", "enter")
        rows = expenses(done)
        assert (rows["meal1"].actual, rows["meal1"].actual_over, rows["meal1"].reason) == (
            210_000, 15_000, "多来两位工程师",
        )  # fmt: skip
        assert [rows[line].actual for line in ("drink1", "tobacco1")] == [200_000, 12_000]
        assert "超标准 150" in drawn
        await at.press("f9")
        assert at.message() == "2026-0001 已结算关闭：实际 4,220，超标准 150"
        await at.press("8", "enter")
        assert at.message() == "! 已经关闭，要改请先重新打开"
        await at.menu("重新打开")
        await at.type("补开发票")
        assert visit(done).state == "done"


async def test_a_cost_nobody_planned_is_added_and_taken_away(who: Company, vip: Done) -> None:
    """R94: a gift's amount is set by somebody who is named."""
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("8")
        await at.press("delete")
        assert "计划内的费用不能删去" in at.message()
        drawn = await at.press("f4")
        assert "礼品" in drawn
        number = drawn.split("礼品")[0].count("( )") + drawn.split("礼品")[0].count("(o)")
        await at.press(str(number), "down")
        await at.put("瓷器 [/x]")
        await at.press("down")
        drawn = await at.type("八百")
        assert "看不懂" in drawn
        await at.press("home", "delete", "delete", "enter")
        assert "这里要填写" in await at.rest()
        drawn = await at.type("800")
        assert "请补上" in drawn
        assert "由谁确定" in drawn
        await at.type("周建国")
        added = [row for row in expenses(vip).values() if row.line is None]
        assert [(row.actual, row.decided_by) for row in added] == [(80_000, "周建国")]
        await at.press("delete")
        assert all(row.line for row in expenses(vip).values())


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_head_says_a_day_once(who: Company, size: tuple[int, int]) -> None:
    done = submitted(who, form(who, depart=datetime(2026, 11, 30, 17), meals=(), lodging=(), lodged=False))
    async with opened(who, "林小雨", done.visit, size=size) as at:
        (about,) = [line for line in (await at.rest()).splitlines() if "10:20" in line][:1]
        assert about.count("11-30") == 1
        assert "10:20 - 17:00" in about


async def test_notes_and_history(who: Company, vip: Done) -> None:
    """A26: what happened is told in words, also after its details were erased."""
    async with opened(who, "方晓静", vip.visit) as at:
        await at.press("f7")
        await at.type("客人来电：不吃鱼")
        assert "9备注 1" in lines_of(at.app)[1]
        assert "客人来电：不吃鱼" in await at.press("9")
        drawn = await at.press("0")
        assert "备注 “客人来电：不吃鱼”" in drawn
        assert "审批 同意 总经理 贵宾级 “同意”" in drawn
        assert "签意见 同意 营销部部长" in drawn
        with write():
            JournalDetail.delete().execute()
        day_verbs.note(who.session("林小雨"), vip.visit, "又一条")
        await at.pilot.pause(1.8)
        drawn = await at.rest()
        assert "备注 （内容已清除）" in drawn
        assert "备注 “又一条”" in drawn


async def test_a_decision_recorded_for_me_is_confirmed(who: Company) -> None:
    """DESIGN § 5: it counts, and is flagged until that person confirms it."""
    done = submitted(who, form(who))
    said(who, "林小雨", done, for_person=who.ids["王海峰"], medium="电话")
    async with opened(who, "王海峰", done.visit) as at:
        assert "待我确认" in lines_of(at.app)[3]
        drawn = await at.menu("确认代录的意见")
        assert "林小雨代录，电话" in drawn
        await at.press("2")
        assert "待我确认" not in lines_of(at.app)[3]
        await at.menu("确认代录的意见")
        assert "没有要我确认的代录意见" in lines_of(at.app)[-3] + "".join(lines_of(at.app))


async def test_cancel_wants_words_and_restores_as_a_draft(who: Company, vip: Done) -> None:
    """A26: called off with the reason, and back again with everything typed."""
    async with opened(who, "林小雨", vip.visit) as at:
        await at.menu("取消接待")
        assert "这里要填写" in await at.press("enter")
        seen = await at.type("客户改期")
        assert "取消接待的影响" in seen
        assert "取消 任务: " in seen
        assert "要告诉" in seen
        await at.press("escape", "escape")
        assert visit(vip).state == "approved", "it is only shown"
        await at.menu("取消接待")
        await at.type("客户改期")
        await at.press("enter")
        assert visit(vip).state == "cancelled"
        assert "已取消" in lines_of(at.app)[0]
        await at.menu("恢复为草稿")
        assert visit(vip).state == "draft"
        await at.press("7")
        assert "批准以后才有任务" in await at.rest()


async def test_handing_over_and_withdrawing(who: Company, vip: Done) -> None:
    """R17: the coordinator hands the visit to a colleague of the owner department."""
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("h")
        await at.type("whf")
        assert visit(vip).coordinator_id == who.ids["王海峰"]
        assert "负责人 王海峰" in lines_of(at.app)[3]
    done = submitted(who, form(who, client="华为科技"))
    async with opened(who, "刘晓燕", done.visit) as at:
        assert "在王海峰处" in lines_of(at.app)[3]
        await at.menu("催办")
        assert "已催办" in at.message()
        said(who, "王海峰", done)
        at.app.tick()
        await at.rest()
        assert "别人已经签过" in await at.menu("撤回")
        await at.press("enter")
        assert visit(done).state == "submitted", "no comes first"
        await at.menu("撤回")
        await at.press("2")
        assert visit(done).state == "draft"


async def test_the_form_is_changed_in_the_wizard(who: Company, vip: Done) -> None:
    async with opened(who, "陈志远", vip.visit) as at:
        await at.press("f8")
        assert at.message() == "! 只有申请人或主管部门可以这样做"
    async with opened(who, "林小雨", vip.visit) as at:
        opens: list[tuple[object, ...]] = []
        at.app.open = lambda *where, **_: opens.append(where)  # type: ignore[method-assign]  # seen, not opened
        await at.press("e")
        assert opens == [("wizard", vip.visit)]


async def test_a_visit_that_vanishes_is_left(who: Company) -> None:
    from models.services.request_verbs import discard_draft

    saved = new_draft(who.session("刘晓燕"), form(who))
    async with opened(who, "刘晓燕", saved.visit) as at:
        assert "草稿" in lines_of(at.app)[0]
        discard_draft(who.session("刘晓燕"), saved.visit, expected=saved.version)
        at.app.changed()
        assert "清单" in (await at.rest()).splitlines()[0]


async def test_language_at_run_time_keeps_tab_and_cursor(who: Company, vip: Done) -> None:
    async with opened(who, "林小雨", vip.visit) as at:
        await at.press("2", "down", "down")
        key = at.list.key
        await at.app.do_language()
        drawn = await at.rest()
        assert "Company introduction" in next(line for line in drawn.splitlines() if line.startswith(">"))
        assert at.list.key == key
        assert "Talks" not in drawn.splitlines()[0]


@pytest.mark.parametrize(("evil", "size"), list(zip(EVIL, [(60, 20), (80, 24), (60, 20)], strict=True)))
async def test_hostile_text_is_only_text(who: Company, evil: str, size: tuple[int, int]) -> None:
    made = form(
        who, client=evil, reason=evil, arrangements=evil, purpose_text=evil, services_text=evil, other=True,
        other_text=evil, guests=(FormGuest(evil, evil, evil, evil, principal=True),),
    )  # fmt: skip
    done = approved(who, made)
    day_verbs.note(who.session("林小雨"), done.visit, evil)
    async with opened(who, "林小雨", done.visit, size=size) as at:
        for key in "1237890":
            await at.press(key, "end", "home")
            if key != "4":
                await at.press("enter", "escape")
        await at.press("9")
        assert evil[:4] in await at.rest()


@IN_BOTH_LANGUAGES
async def test_the_brief_is_one_menu_away_on_the_visit_itself(who: Company, language: str) -> None:
    done = approved(who, form(who))
    async with opened(who, "林小雨", done.visit, language=language) as at:
        seen = await at.menu("接待简报" if language == "zh" else "Brief for the hosts")
        assert "徐明哲" in seen
        assert ("以前来访" if language == "zh" else "Visits before") in seen
    draft = new_draft(who.session("刘晓燕"), form(who))
    async with opened(who, "刘晓燕", draft.visit, language=language) as at:
        seen = await at.menu("接待简报" if language == "zh" else "Brief for the hosts")
        assert ("没有提交" if language == "zh" else "not filed") in seen


@pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (80, 24)), ("zh", (60, 20)), ("en", (60, 20))])
async def test_the_head_says_when_they_come_as_it_is_known_now(
    who: Company, vip: Done, language: str, size: tuple[int, int]
) -> None:
    """R26: a delay shows wherever the visit is open; what has no room is left out or cut where it can be read."""
    done = delay(who.session("林小雨"), leg(vip).id, "+40", expected=vip.version)
    assert done.message
    who.now = datetime(2026, 11, 30, 8)
    async with opened(who, "林小雨", vip.visit, language=language, size=size) as at:
        head = lines_of(at.app)[3]
        assert "11:00" in head
        assert "10:20" not in head
        assert cell_len(head) <= size[0]
        assert head.endswith("…") or cell_len(head) < size[0]
        told = (await at.press("4")).splitlines()
        day = "今天" if language == "zh" else "today"
        assert sum(line.count(day) for line in told[-6:-3]) == 1, "not once for each time"


# -- inactive shown ----------------------------------------------------------------------------------------------------
#
# Who is switched off bears a mark on every screen that names them for what is not over, in any window.


WINDOWS = pytest.mark.parametrize("size", [(80, 24), (60, 20)])
TABS = {"2": "李卫东", "3": "周建国", "4": "赵启航", "5": "张德胜"}
"""By a tab's digit somebody whom its cursor comes by: at a stage, lead host, meeter, driver."""


@WINDOWS
@IN_BOTH_LANGUAGES
async def test_the_tabs_of_a_visit(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with garage(tmp_path) as g:
        visit, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        w = words(language)
        async with opened(g.who, "方晓静", visit, language=language, size=size) as at:
            for tab, name in TABS.items():
                drawn = await at.press(tab, "home")
                assert "!周" in drawn.splitlines()[3], "the head"
                seen = [drawn, *[await at.press("down") for _ in at.list.rows]]
                assert any(f"!{name}" in each for each in seen), tab
                told = "".join("".join(seen).split())
                assert "".join(w.people([called(name, False)]).split()) in told, tab
                assert all(cell_len(line) <= size[0] for each in seen for line in each.splitlines())


@WINDOWS
@IN_BOTH_LANGUAGES
async def test_tasks(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    """In the narrow column the name is shortened, not its mark; the detail says it in words."""
    with garage(tmp_path) as g:
        visit, _ = everywhere(g.who, g.things["BMW"])
        off(g.who, *NAMED)
        said = words(language).people([called("林小雨", False)])
        async with opened(g.who, "方晓静", visit, language=language, size=size) as at:
            await at.press("7")
            assert "!林小" in await at.to("!林小雨")
            assert said in await at.rest()
        async with opened(g.who, "方晓静", language=language, size=size) as at:
            for _ in range(12):
                if any("!林小雨" in cell for row in at.list.rows for cell in row.cells):
                    break
                await at.press("right")
            assert "!林小" in await at.to("!林小雨")
            assert said in await at.rest()
