"""The tables of the regulation by keyboard: any table of any version, filtered, and what changes between two."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from models.policy.load import load_text
from screens.regulation import EditValue, PolicyTables
from screens.today import Today
from tests.ui.arranged import At
from tests.ui.look import IN_THREE_WINDOWS, lines_of
from tests.ui.regulations import at_work, organisation
from tests.unit.life import company, default_text
from tui.app import Jiedai

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
