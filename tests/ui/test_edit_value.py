"""Changing the regulation by keyboard: checked as one types, saved as another version, in force without a restart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from models.policy.load import load_file, load_versions
from models.policy.model import Policy
from models.policy.table_text import edit_rows, edited
from models.schema import journal
from models.schema.store import reading
from models.schema.tables import JournalDetail
from models.services.session import Actor, Session, present
from screens.kit.dialogs import TextDialog
from screens.regulation import EditValue
from tests.ui.arranged import EVIL
from tests.ui.build import Opened
from tests.ui.look import lines_of, shown
from tests.ui.regulations import organisation
from tests.unit.life import CONFIG, Company
from tui.app import Jiedai
from tui.cli.screens import status

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
