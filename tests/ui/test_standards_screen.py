"""Standards and the regulation's tables on the screen, and changing them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from models.policy.load import load_file, load_text, load_versions
from models.policy.model import Policy
from models.policy.table_text import edit_rows, edited
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import JournalDetail
from models.services.session import Actor, Session, present
from models.words import words
from screens.approvals import Approvals, Decide
from screens.kit.dialogs import TextDialog
from screens.kit.linelist import Row
from screens.regulation import EditValue, PolicyTables
from screens.standards import Standards
from screens.today import Today
from tests.ui.arranged import EVIL, At
from tests.ui.build import SIZES, Opened, at_desk
from tests.ui.look import IN_THREE_WINDOWS, lines_of, settled, shown
from tests.ui.regulations import at_work, organisation
from tests.ui.stand_in import stand_in
from tests.ui.stand_in_session import FakeSession
from tests.ui.test_kit_page import chosen as chosen_entry
from tests.ui.test_kit_page import press, the_app
from tests.unit.life import CONFIG, Company, company, default_text, form, submitted
from tui.app import Jiedai
from tui.cli.call import Call, versions_in_use
from tui.cli.command_line import SCREENS, Given
from tui.cli.screens import renew, status
from tui.settings import Settings
from tui.where import packaged_policy

# -- standards screen --------------------------------------------------------------------------------------------------
#
# The standards by keyboard: all tiers at once, each tier's duties, over any screen and away again.


def on_top(at: Opened, screen: type[object]) -> bool:
    """Whether a screen of that kind is what one sees."""
    return isinstance(at.app.screen, screen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_cells_at_once(who: Company, size: tuple[int, int]) -> None:
    """R3, R4, R12, R13, R14, R15, R20, R21, R22, R23, R77, R95, R96, R97: tiers in order with their meaning, limits,
    who decides, who is lead host, how long ahead, what is added and what may be dropped: one screen."""
    async with at_desk(who, "林小雨", "standards", size=size) as at:
        lines = [" ".join(line.replace(">", " ").split()) for line in at.fits()]
        for row in (
            "贵宾级 嘉宾级 商务级 业务级",
            "意思 特别重要 非常重要 重要 一般",
            "用餐 元/人 150 110 80 60",
            "酒 元/瓶 500 300 150 50",
            "烟 元/盒 40 30 25 15",
            "住宿 四星级 三星级 高级商务 一般商务",
            "车辆 宝马级及以上 帕萨特级及以上 帕萨特级及以上 不限",
            "审批 总经理 主管副总经理 主管副总经理 主办部门负责人",
            "从简从繁 加 2 项 全部 (基准) 可减 8 项 可减 8 项",
            "任务(全要) 34 32 32 32",
        ):
            assert row in lines
        assert any(line.startswith("主陪 总经理 副总经理") for line in lines)
        assert any(line.startswith("提前 3 天") for line in lines)
        assert "2014-04-07 版" in lines[0]


@pytest.mark.parametrize("size", SIZES)
async def test_in_english_and_small_every_row_is_reached(who: Company, size: tuple[int, int]) -> None:
    async with at_desk(who, "林小雨", "standards", language="en", size=size) as at:
        seen = set(at.fits())
        for _ in range(40):
            await at.press("down")
            seen |= set(at.fits())
        text = " ".join(" ".join(seen).split())
        for label in ("Means", "Meal yuan/head", "Lodging", "Car", "Lead host", "Notice", "Duties (all)"):
            assert label in text


async def test_left_and_right_show_each_tiers_duties(who: Company) -> None:
    """R36, R38, R54, R95, R96, R97, A25: the duties of a tier by department, what it adds and what it may drop."""
    async with at_desk(who, "林小雨", "standards") as at:
        vip = await at.press("right")
        assert "贵宾级" in vip.splitlines()[0]
        assert "R36      指挥整个接待工作" in vip
        assert "R38 加   亲自接送贵宾" in vip
        assert "贵宾级" not in (await at.press("right")).splitlines()[0]
        assert not any("加" in row.cells[1] for row in at.list.rows if not row.heading)
        await at.press("right")
        assert sum("可减" in row.cells[1] for row in at.list.rows if not row.heading) == 8
        assert "业务级" in (await at.press("right")).splitlines()[0]
        assert "意思" in await at.press("right"), "after the last the table"
        assert "业务级" in (await at.press("left")).splitlines()[0]
        assert "意思" in await at.press("escape")


async def test_over_a_half_made_decision_and_back(who: Company) -> None:
    """F6 opens and closes over anything, and nothing that was typed is lost."""
    submitted(who, form(who))
    async with at_desk(who, "王海峰", "approvals") as at:
        await at.press("enter", "tab")
        await at.put("，请周总审批")
        screen = await at.press("f6")
        assert on_top(at, Standards)
        assert "Esc 关闭" in screen.splitlines()[0]
        assert "用餐 元/人" in screen
        await at.press("escape")
        assert on_top(at, Decide)
        assert "同意，请周总审批" in shown(at.app)
        await at.press("f6", "right", "f6")
        assert on_top(at, Decide)
        await at.press("escape")
        assert on_top(at, Approvals)


async def test_find(who: Company) -> None:
    async with at_desk(who, "林小雨", "standards") as at:
        await at.press("right", "f3")
        await at.put("欢迎")
        assert [row.cells[0] for row in at.list.rows if not row.heading] != []
        assert len(at.list.rows) < 6


async def test_a_changed_policy_changes_the_table(tmp_path: Path) -> None:
    """R3, R77: another name of a tier and another price, with no code touched; hostile text is text."""
    evil = "[/x] [bold] =cmd() 买买提·吐尔逊 𠮷"
    text = default_text().replace("贵宾级", evil)
    assert text != default_text()
    with company(tmp_path, text) as who:
        async with at_desk(who, "林小雨", "standards", size=(120, 40)) as at:
            assert "[/x] [bold] =cmd()" in shown(at.app)
            await at.press("right")
            assert "买买提·吐尔逊 𠮷" in lines_of(at.app)[0]


async def test_the_language_changes_in_place(who: Company) -> None:
    async with at_desk(who, "林小雨", "standards") as at:
        await at.press("down", "down")
        screen = await at.menu("English")
        assert "Meal yuan/head" in screen
        assert ">Drink" in screen


async def test_without_tiers_the_labels_take_half_the_width(tmp_path: Path) -> None:
    with organisation(tmp_path, "authority") as who:
        async with at_work(who, "director", "standards", language="en") as at:
            lines = [" ".join(line.replace(">", " ").split()) for line in lines_of(at.app)]
            assert "Meal yuan/head Breakfast 25" in lines
            assert "Lodging yuan/night Deputy division 460" in lines


# -- policy tables -----------------------------------------------------------------------------------------------------
#
# The tables of the regulation by keyboard: any table of any version, filtered, and what changes between two.


COMING = (
    default_text()
    .replace("effective = 2014-04-07", "effective = 2027-01-01")
    .replace("most = { vip = 150, ", "most = { vip = 180, ")
    .replace('least = "3d"', 'least = "5d"')
)
LATER = COMING.replace("effective = 2027-01-01", "effective = 2028-01-01").replace("180", "200")


@asynccontextmanager
async def opened(path: Path, *others: str, language: str = "zh", size: tuple[int, int] = (80, 24)) -> AsyncIterator[At]:
    """The tables of the default policy, with these versions besides."""
    with company(path) as who:
        session = who.session("林小雨")
        versions = (*(load_text(text) for text in others), session.policy)
        app = Jiedai(replace(session, versions=versions), start="standards", language=language, tabs=("standards",))
        async with app.run_test(size=size) as pilot:
            at = At(app, pilot)
            await at.rest()
            await at.press("f5")
            yield at


def page(at: At) -> PolicyTables:
    """The screen in sight."""
    assert isinstance(at.app.screen, PolicyTables)
    return at.app.screen


async def choose(at: At, table: str) -> str:
    """Another table, gone to with the arrows in the list of all."""
    by = page(at).tables.index(table) - page(at).tables.index(page(at).table)
    return await at.press("f5", *["down" if by > 0 else "up"] * abs(by), "enter")


@IN_THREE_WINDOWS
async def test_any_table_is_chosen_and_each_row_read_in_full(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    async with opened(tmp_path, language=language, size=size) as at:
        standards = await at.press("down")
        assert page(at).chosen == ("cap", 1)
        assert ">R76" in standards
        route = await choose(at, "route")
        assert page(at).chosen == ("route", 0)
        assert {"zh": "总经理", "en": "General manager"}[language] in route
        titles = set()
        for _ in page(at).tables:
            titles.add((await at.press("right")).splitlines()[0])
            assert len(at.list.rows) == len(page(at)._shown)
        assert len(titles) == len(page(at).tables) == 23 or size != (80, 24)
        await choose(at, "duty")
        assert page(at).chosen == ("duty", 0)
        await at.press("f5", "enter")
        assert page(at).chosen == ("duty", 0), "the cursor begins on the table that is shown"
        text = await at.press("enter")
        assert {"zh": "指挥整个接待工作", "en": "Direct the reception"}[language] in text
        await at.press("escape", "escape")
        assert not isinstance(at.app.screen, PolicyTables)


async def test_typing_filters_the_rows_and_keeps_what_is_under_the_cursor_known(tmp_path: Path) -> None:
    async with opened(tmp_path) as at:
        await at.press("/")
        await at.put("住宿")
        await at.press("enter")
        assert {row.cells[1] for row in at.list.rows} == {"住宿 / 晚"}
        table, place = page(at).chosen or ("", -1)
        assert (table, place) == ("cap", 12), "the thirteenth, although it is the first in sight"
        await at.press("escape")
        assert len(at.list.rows) == 22


async def test_what_a_coming_version_changes_old_before_new(tmp_path: Path) -> None:
    async with opened(tmp_path, COMING) as at:
        text = await at.press("f8")
        assert "2014-04-07 至 2027-01-01" in text.splitlines()[0]
        rows = [row.cells for row in at.list.rows]
        assert [row[0] for row in rows if len(row) == 1] == ["提前报", "标准"]
        assert [row[2] for row in rows if len(row) == 3] == [
            "3 -> 5 天，迟的说明理由", "150 -> 180，超出说明理由"
        ]  # fmt: skip
        text = await at.press("down")
        assert "原来：R75  用餐 元/人  150" in text
        assert "现在：R75  用餐 元/人  180" in text
        assert page(at).policy.effective.year == 2027
        assert page(at).chosen == ("cap", 0)
        assert "180" in await at.press("escape"), "back in the table of the version that is to come"


async def test_any_two_of_three_versions_are_compared(tmp_path: Path) -> None:
    async with opened(tmp_path, LATER, COMING) as at:
        names = await at.press("f7")
        assert "2028-01-01，将执行" in names
        assert "2014-04-07，现行" in names
        assert "180" in await at.press("2")
        await at.press("f8")
        text = await at.press("1")
        assert "2027-01-01 至 2028-01-01" in text
        assert "180 -> 200" in text
        await at.press("f8", "f8")
        assert "150 -> 200" in await at.press("2")
        assert page(at).before is not None


async def test_one_version_is_compared_with_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as at:
        await at.press("f8")
        assert "只有这一个版本" in at.message()
        await at.press("f7")
        assert "只有这一个版本" in at.message()


async def test_the_row_under_the_cursor_is_changed_in_the_version_shown(tmp_path: Path) -> None:
    async with opened(tmp_path, COMING) as at:
        at.app.files = {"config": str(tmp_path / "config"), "versions": str(tmp_path)}
        page(at).reload()
        await at.rest()
        await at.press("f7", "1")
        await at.press("down", "f4")
        form = at.app.screen
        assert isinstance(form, EditValue)
        assert form.base.effective.year == 2027
        assert {value.path[:2] for value in form.taken[0].values} == {("cap", 0)}


async def test_language_changes_in_place(tmp_path: Path) -> None:
    async with opened(tmp_path, COMING) as at:
        await at.press("f8", "down")
        text = await at.menu("English")
        assert "Changes  2014-04-07 to 2027-01-01" in text
        assert ">changed R75" in text


async def test_without_tiers_no_table_of_tiers_is_offered(tmp_path: Path) -> None:
    with organisation(tmp_path, "authority") as who:
        async with at_work(who, "director", "standards") as at:
            await at.press("f5")
            text = await at.press("f5")
            assert "级" not in "\n".join(line for line in text.splitlines() if "（" in line)
            await at.press("escape")
            for _ in page(at).tables:
                assert not any("级别" in line for line in lines_of(at.app))
                await at.press("right")


async def test_over_any_screen_and_f6_leads_back(tmp_path: Path) -> None:
    with organisation(tmp_path, "branch") as who:
        async with at_work(who, who.policy.posts[0].id) as at:
            text = await at.press("f6", "f5")
            assert "Esc" in text.splitlines()[0]
            await at.press("f6", "f6")
            assert isinstance(at.app.screen, Today)


# -- edit value --------------------------------------------------------------------------------------------------------
#
# Changing the regulation by keyboard: checked as one types, saved as another version, in force without a restart.


TODAY = date(2026, 11, 23)


@dataclass
class Regulation(Opened):
    """The standards in the program, and the folder in which versions are written."""

    folder: Path = Path()

    @property
    def versions(self) -> tuple[Policy, ...]:
        """What is in the folder now."""
        return load_versions(str(self.folder))

    @property
    def form(self) -> EditValue:
        """The form that is open."""
        return cast(EditValue, self.app.screen)

    async def over(self, text: str) -> str:
        """Type a text in the place of what stands there."""
        for field in self.form.query("Editor:focus"):
            cast(Any, field).select_all()
        await self.put(text)
        return shown(self.app)


def said_in_form(screen: str) -> str:
    """The form's text with its lines joined."""
    inside = [line.rpartition("|")[0].rpartition("| ")[2].strip() for line in screen.splitlines() if "|" in line]
    return " ".join(" ".join(inside).split())


@asynccontextmanager
async def at_standards(
    session: Session, folder: Path | None, file: Path = CONFIG, *, language: str = "zh",
    size: tuple[int, int] = (80, 24),
    sample: bool = False,
) -> AsyncIterator[Regulation]:  # fmt: skip
    """The Standards screen of a program that lives by `file` until there is the folder."""

    def renew(session: Session) -> Session:
        return present(replace(session, versions=load_versions(str(folder if folder and folder.exists() else file))))

    files = {"config": str(file)} if sample else {"config": str(file), "versions": str(folder or "")}
    app = Jiedai(
        renew(session), start="standards", language=language, head=journal.head, status=status, renew=renew,
        files=files,
        tabs=("today", "standards"),
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        at = Regulation(app, cast(Any, pilot), folder or Path())
        await at.rest()
        yield at


async def test_a_cap_by_keyboard(who: Company, tmp_path: Path) -> None:
    """R75, R77: other prices of a meal from a day on, seen as lines of the file before they are saved."""
    folder = tmp_path / "config"
    async with at_standards(who.session("林小雨"), folder) as at:
        screen = await at.press("f4")
        assert "用餐 元/人" in screen
        assert "150  110  80  60" in screen
        await at.press("enter")
        assert "没有改动" in shown(at.app) or "还没有改动" in shown(at.app)
        screen = await at.over("180")
        assert re.search(r"\d+ - most = \{ vip = 150, distinguished = 110", screen)
        assert "+ most = { vip = 180, distinguished = 110" in screen
        await at.press("down")
        assert "! 看不懂金额“12x”" in await at.over("12x")
        assert at.form.focused is not None
        await at.press("enter")
        assert isinstance(at.app.screen, EditValue), "nothing is saved while something cannot be read"
        assert "12x" not in await at.over("120")
        screen = await at.press("enter")
        assert "! 这里要填写" in screen, "the reason is asked for, and gone to"
        assert not folder.exists()
        await at.put("物价上涨")
        screen = await at.press("enter")
        assert isinstance(at.app.screen, TextDialog)
        assert "程序自带" in screen
        assert str(folder) in "".join(line.strip("| ") for line in screen.splitlines())
        screen = await at.press("escape")
        assert at.message() == "已存为 2026-11-24 版，明天起施行"
        assert "2014-04-07 版" in screen.splitlines()[0]
        await at.press("down")
        assert at.message() == "已有 2026-11-24 版，明天起施行"
        new, old = at.versions
        assert old.text == CONFIG.read_text("utf-8")
        assert [column.most.base for column in new.caps[0].columns.values()] == [18000, 12000, 8000, 6000]  # type: ignore[union-attr]  # money


async def test_in_force_today_without_a_restart_and_undone_by_another(who: Company, tmp_path: Path) -> None:
    async with at_standards(who.session("林小雨"), tmp_path / "config") as at:
        await at.press("f4", "enter")
        await at.over("185")
        await at.press("tab", "tab", "tab", "tab")
        assert "! 施行日不能是 2026-11-20：最早 2026-11-23" in await at.over("2026-11-20")
        assert "施行日不能" not in await at.over("2026-11-23")
        await at.press("tab")
        await at.put("今天起")
        await at.press("enter", "escape")
        assert at.message() == "已存为 2026-11-23 版，现在起施行"
        lines = lines_of(at.app)
        assert "2026-11-23 版" in lines[0]
        assert any("用餐" in line and "185" in line for line in lines)
        await at.press("f4", "enter")
        assert "据 2026-11-23 版" in await at.over("150")
        await at.press("enter")
        await at.put("改回来")
        await at.press("enter")
        assert "2026-11-24" in at.message(), "the day after is proposed; there is no folder to be told of any more"
        assert [policy.effective.isoformat() for policy in at.versions] == ["2026-11-24", "2026-11-23", "2014-04-07"]
        assert at.versions[0].caps == at.versions[2].caps


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_notice_and_an_approver_in_one_version_in_english(
    who: Company, tmp_path: Path, size: tuple[int, int]
) -> None:
    """R8, R12: a notice period and an approver, in one version."""
    async with at_standards(who.session("林小雨"), tmp_path / "config", language="en", size=size) as at:
        await at.press("f4")
        await at.put("3d")
        await at.press("enter")
        assert "! “3 days”" in await at.over("3 days")
        await at.over("5wd")
        await at.press("f4")
        await at.put("General manager")
        await at.press("enter", "down")
        assert "(nearest: General manager)" in said_in_form(await at.over("Genral manager"))
        await at.over("Deputy general manager, Head of Marketing")
        assert any('+ least = "5wd"' in line for line in at.fits())
        await at.press("enter")
        await at.put("new rules")
        await at.press("enter", "escape")
        assert at.message().startswith("Saved as the version of 2026-11-24, in force from")
        new = at.versions[0]
        assert new.routes[0].steps[1].by == ("deputy_general_manager", "marketing_head")
        assert new.notices[0].least is not None
        assert (new.notices[0].least.number, new.notices[0].least.unit) == (5, "wd")


async def test_what_is_refused_is_said_and_nothing_typed_is_lost(who: Company, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    async with at_standards(who.session("林小雨"), folder) as at:
        await at.press("f4", "enter")
        await at.press("tab", "tab", "tab", "tab", "tab")
        await at.put(" ".join(EVIL))
        assert "什么都还没有改" in await at.press("enter")
        assert "买买提·吐尔逊" in shown(at.app)
        await at.press("home", "shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab")
        assert "=cmd()" in await at.over(EVIL[0])
        await at.over("181")
        folder.mkdir()
        (folder / "odd.toml").write_text("effective = ", "utf-8")
        assert "odd.toml" in await at.press("enter")
        assert "181" in shown(at.app)
        (folder / "odd.toml").unlink()
        (folder / "first.toml").write_bytes(CONFIG.read_bytes())
        await at.press("enter")
        assert not isinstance(at.app.screen, EditValue)
        assert at.versions[0].caps[0].columns["vip"].most.base == 18100  # type: ignore[union-attr]  # money
        assert EVIL[1] in journal_text()


def journal_text() -> str:
    """The details of the newest entry."""
    with reading():
        return str(JournalDetail.select().order_by(JournalDetail.entry.desc()).first().details)


async def test_later_versions_are_told_of(who: Company, tmp_path: Path) -> None:
    """A version before one that is written already, and one that is not made from the newest."""
    folder = tmp_path / "config"
    folder.mkdir()
    old = load_file(CONFIG)
    (folder / "a.toml").write_bytes(CONFIG.read_bytes())
    (folder / "b.toml").write_text(edited(old.text, {("notice", 0, "least"): "4d"}, date(2027, 3, 1)).text, "utf-8")
    async with at_standards(who.session("林小雨"), folder) as at:
        assert at.message() == "已有 2027-03-01 版，2027-03-01 周一起施行"
        screen = await at.press("f4", "enter")
        assert "据 2027-03-01 版" in screen
        assert "2027-03-02" in screen
        assert "! 施行日不能是 2026-12-01：最早 2027-03-02" in await over_day(at, "2026-12-01")
        assert "! 2027-03-01 已有一版" in await over_day(at, "2027-03-01")
        await at.press("escape")
        session = cast(Session, at.app.session)
        rows = edit_rows(old, at.app.w)
        at.app.push_screen(EditValue(session, None, old, rows, rows[0], at.app.w))
        assert "不含 2027-03-01 版的改动" in await at.rest()
        assert "届时由它代替" in await over_day(at, "2027-01-01")


async def over_day(at: Regulation, text: str) -> str:
    """Another day in the form."""
    at.form.day.focus()
    await at.rest()
    return await at.over(text)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_a_long_row_scrolls(tmp_path: Path, size: tuple[int, int]) -> None:
    """Seven classes with a base and an increment: every value is reached, day and reason stay in sight."""
    with organisation(tmp_path, "maker") as maker:
        file = CONFIG.parent / "models" / "examples" / "maker.toml"
        session = maker.session("general_manager")
        async with at_standards(session, tmp_path / "config", file, language="en", size=size) as at:
            await at.press("f4", "enter")
            for field in at.form.values:
                screen = "\n".join(at.fits())
                assert cast(Any, at.form.focused).parent is field
                assert f"{field.label} " in screen
                assert "In force" in screen
                assert "Why" in screen
                await at.press("tab")


@pytest.mark.parametrize(
    ("name", "sample", "folder", "said"),
    [
        ("", False, "config", "请先选择当前操作人"),
        ("林小雨", True, "config", "示例公司"),
        ("林小雨", False, "", "启动时指定了一个文件"),
    ],
)
async def test_who_may_not_is_told_why(
    who: Company, tmp_path: Path, name: str, sample: bool, folder: str, said: str
) -> None:
    session = who.session(name) if name else replace(who.session("林小雨"), actor=Actor(None, "", "test"))
    async with at_standards(session, tmp_path / folder if folder else None, sample=sample) as at:
        assert "F4" not in lines_of(at.app)[-1]
        await at.press("f4")
        assert said in at.message()
        await at.press("f2")
        assert any("改制度" in line and said[:4] in line for line in lines_of(at.app))


@pytest.mark.parametrize(
    ("row", "picked"), [("意思", "用餐 元/人"), ("烟", "烟 元/盒"), ("审批", "审批流程"), ("提前", "提前报")]
)
async def test_the_list_begins_with_what_the_cursor_stands_on(
    who: Company, tmp_path: Path, row: str, picked: str
) -> None:
    async with at_standards(who.session("林小雨"), tmp_path / "config") as at:
        await at.to(row)
        screen = await at.press("f4")
        assert f"|>{picked}" in screen
        await at.press("enter")
        assert any(line.partition("| ")[2].startswith(picked) for line in lines_of(at.app))


async def test_it_opens_over_another_screen_too(who: Company, tmp_path: Path) -> None:
    async with at_standards(who.session("林小雨"), tmp_path / "config") as at:
        await at.press("1", "f6", "f4", "enter")
        await at.over("182")
        await at.press("enter")
        await at.put("好")
        await at.press("enter", "escape", "escape")
        assert "今日" in lines_of(at.app)[0]
        assert at.versions[0].caps[0].columns["vip"].most.base == 18200  # type: ignore[union-attr]  # money


# -- versions at midnight ----------------------------------------------------------------------------------------------
#
# A version of the policy that comes into force while the program is open takes effect at midnight.


DEFAULT = Path(packaged_policy()).read_text("utf-8")
EVENING = datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC)


class Clock:
    """The present, as the test sets it."""

    now = EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """A call on a folder of two versions, on the last evening of the first."""
    (tmp_path / "a.toml").write_text(DEFAULT, "utf-8")
    (tmp_path / "b.toml").write_text(DEFAULT.replace("2014-04-07", "2027-01-01"), "utf-8")
    return Call(Given(SCREENS, (), {"config": str(tmp_path)}), Settings(), words("zh"), Clock())


def seated(call: Call) -> Session:
    """A desk at which nobody sits, with the versions of the call."""
    versions = versions_in_use(call)
    return renew(call, Session(Actor(None, "", "test"), call.clock, versions[0], versions))


def test_the_desk_has_the_version_of_its_day(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    session = seated(call)
    assert session.policy.effective.year == 2014
    monkeypatch.setattr(Clock, "now", EVENING + timedelta(minutes=1))
    assert renew(call, session).policy.effective.year == 2027
    assert renew(call, session).actor == session.actor


def test_a_version_laid_down_meanwhile_is_found_and_a_bad_one_keeps_the_old(call: Call) -> None:
    session = seated(call)
    new = Path(call.given.option("config")) / "c.toml"
    new.write_text(DEFAULT.replace("2014-04-07", "2026-12-31"), "utf-8")
    later = renew(call, session)
    assert later.policy.effective.year == 2026
    new.write_text("effective = ", "utf-8")
    assert renew(call, later) == later
    assert renew(call, replace(later, versions=session.versions)).policy.effective.year == 2014


@pytest.mark.usefixtures("own_commands")
async def test_at_midnight_the_program_goes_on_with_the_new_version() -> None:
    session, coming = FakeSession(EVENING), FakeSession(EVENING + timedelta(minutes=1), names=("新版",))
    async with stand_in(session, renew=lambda session: coming).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        the_app(pilot).tick()
        await settled(pilot)
        assert "新版" not in "\n".join(lines_of(pilot.app))
        session.at += timedelta(minutes=1)
        the_app(pilot).tick()
        await settled(pilot)
        assert "新版" in "\n".join(lines_of(pilot.app))


@pytest.mark.usefixtures("own_commands")
async def test_whoever_sits_down_gets_the_policy_of_today() -> None:
    other, today = FakeSession(names=("别人的",)), FakeSession(names=("今日的",))
    app = stand_in(
        people=lambda w: [Row("2", ("李卫东",))],
        act_as={"2": other}.__getitem__,
        renew=lambda session: today if session is other else session,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await chosen(pilot)
        assert "今日的" in "\n".join(lines_of(pilot.app))


async def chosen(pilot: Pilot[int]) -> None:
    """Choose the only person there is."""
    await chosen_entry(pilot, "换操作人")
    await press(pilot, "enter")
    await settled(pilot)


@pytest.mark.usefixtures("own_commands")
async def test_where_the_policy_cannot_be_read_anew_the_program_goes_on() -> None:
    session = FakeSession(EVENING)

    def broken(session: object) -> object:
        raise OSError("gone")

    async with stand_in(session, renew=broken).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        session.at += timedelta(minutes=1)
        the_app(pilot).tick()
        await settled(pilot)
        assert "01-01 00:00" in lines_of(pilot.app)[0]
        assert [str(error) for error in the_app(pilot).incidents] == ["gone"]
