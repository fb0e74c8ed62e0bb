"""The first run: people for the posts by keyboard, the sample company, the language; then Today with who acts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from models.policy.load import load_text
from models.queries.register_lists import register
from models.schema import journal
from models.schema.store import open_store
from models.services import person_register, person_verbs
from models.services.session import Actor, Session
from models.words import Words
from screens.kit.dialogs import PickOne
from screens.kit.linelist import Row
from tests.ui.look import IN_BOTH_LANGUAGES, IN_TWO_WINDOWS, lines_of, settled, shown
from tests.ui.term import Term
from tests.unit.life import default_text
from tui.app import Jiedai
from tui.cli.screens import people as listed
from tui.cli.screens import status

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVIL = "[/x] [bold] =cmd() \x1b[2J"


@dataclass
class Start:
    """The program where nobody is registered yet."""

    app: Jiedai
    pilot: Pilot[int]
    left_for: list[tuple[str, str]]
    kept: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """Who acts now."""
        session = self.app.session
        assert isinstance(session, Session)
        return session

    async def press(self, *keys: str) -> str:
        """Keys, then rest; the screen."""
        await self.pilot.press(*keys)
        return await self.rest()

    async def rest(self) -> str:
        """Wait until what was begun is done."""
        await settled(self.pilot)
        return shown(self.app)

    async def type(self, text: str) -> str:
        """Type a text into the field one is at."""
        focused = self.app.screen.focused
        assert focused is not None
        focused.post_message(Paste(text))
        return await self.rest()

    async def fill(self, *names: str) -> str:
        """Names for the first posts, in order."""
        for name in names:
            if name:
                await self.type(name)
            await self.pilot.press("down")
        return await self.rest()


@contextmanager
def empty_store(path: Path) -> Iterator[Session]:
    """A fresh store and nobody's desk."""
    opened = open_store(path / "store.db")
    try:
        yield Session(Actor(None, "", "test"), lambda: NOW, load_text(default_text()))
    finally:
        opened.close()


@asynccontextmanager
async def started(tmp_path: Path, language: str = "zh", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Start]:
    """The first run on an empty store."""
    with empty_store(tmp_path) as session:
        left: list[tuple[str, str]] = []
        kept: list[str] = []

        def act_as(key: str) -> Session:
            kept.append(key)
            return replace(session, actor=person_register.actor_named(f"#{key}"))

        def who(w: Words) -> list[Row]:
            return listed(w)

        app = Jiedai(
            session, start="first_run", language=language, head=journal.head, status=status, people=who, act_as=act_as,
            files={"config": "/etc/jiedai/config.toml", "store": "/srv/jiedai.db"},
            leave_for=lambda place, language: left.append((place, language)),
        )  # fmt: skip
        async with app.run_test(size=size) as pilot:
            at = Start(app, pilot, left, kept)
            await at.rest()
            yield at
            assert app.incidents == []


@IN_TWO_WINDOWS
async def test_it_says_what_this_is_and_where_the_files_are(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:  # fmt: skip
    async with started(tmp_path, language, size) as at:
        drawn = lines_of(at.app)
        screen = "\n".join(drawn)
        assert "/etc/jiedai/config.toml" in screen
        assert "/srv/jiedai.db" in screen
        choices = ("登记人员", "看样例公司", "English", "离开")
        if language == "en":
            choices = ("Set up people", "Sample company", "中文", "Leave")
        for number, choice in enumerate(choices, 1):
            assert any(line[1:].startswith(f"{number} {choice}") for line in drawn)
        assert drawn[-1].endswith("F1 帮助" if language == "zh" else "F1 Help")
        assert ("接待工作台" if language == "zh" else "reception desk") in screen


@IN_BOTH_LANGUAGES
async def test_three_people_for_posts_and_today_opens_with_who_acts(tmp_path: Path, language: str) -> None:
    async with started(tmp_path, language) as at:
        await at.press("1")
        await at.type("周建国")
        await at.press("tab")
        await at.type("139 0000 0001")
        await at.press("tab")
        await at.fill("李卫东", "", "王海峰")
        screen = await at.press("f4")
        vacant = (
            ("副总经理、技术部部长", "司机") if language == "zh" else ("Deputy general manager, Head of Tech", "Driver")
        )
        assert all(name in screen for name in vacant), "what stays vacant is named before"
        assert journal.head() == 0
        screen = await at.press("2")
        assert isinstance(at.app.screen, PickOne)
        assert "王海峰" in screen
        assert journal.head() == 1, "one transaction"
        await at.type("whf")
        screen = await at.press("enter")
        assert at.app.current_mode == "today"
        place = "王海峰 营销部" if language == "zh" else "王海峰 Marketing"
        assert place in screen.splitlines()[0]
        assert at.kept == [str(at.session.actor.person)]
        found = register(at.session)
        assert [(line.name, line.phone) for line in found.people] == [
            ("李卫东", ""), ("王海峰", ""), ("周建国", "139 0000 0001"),
        ]  # fmt: skip
        assert person_register.holders("marketing_head", NOW.date()) == (at.session.actor.person,)


async def test_the_same_name_at_two_posts_is_one_person(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        screen = await at.fill("周建国", "王伟", "王伟")
        assert "已填 2 人，空缺 10 个岗位" in screen
        await at.press("f4", "2")
        wang = person_register.actor_named("王伟").person
        assert wang is not None
        assert person_register.posts_of(wang, NOW.date()) == (
            "deputy_general_manager_in_charge",
            "deputy_general_manager",
        )


async def test_going_on_typing_saves_nothing_and_loses_nothing(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill("周建国")
        screen = await at.press("f4", "enter")
        assert "周建国" in screen
        assert journal.head() == 0
        await at.press("escape")
        assert "登记人员" in shown(at.app)
        assert "周建国" in await at.press("1")


async def test_enter_on_the_last_line_saves(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill(*"甲乙丙丁戊己庚辛壬癸子丑寅", "卯", "辰")
        await at.press("enter")
        assert isinstance(at.app.screen, PickOne), "nothing is vacant, so nothing is asked"
        assert journal.head() == 1


async def test_a_phone_without_a_name_and_nobody_at_all(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        assert "! 请至少填一个人" in await at.press("f4")
        await at.press("tab", "down")
        await at.type("139")
        lines = (await at.press("f4")).splitlines()
        row = next(n for n, line in enumerate(lines) if "! 请填写姓名" in line)
        assert "主管副总经理" in lines[row - 1]
        assert "139" in lines[row - 1]
        await at.type("李卫东")
        assert "! 请填写姓名" not in shown(at.app)
        assert journal.head() == 0


async def test_what_is_typed_outlives_a_change_of_language_with_its_errors(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill("买买提·吐尔逊")
        await at.press("tab")
        await at.type("139")
        await at.press("f4")
        await at.app.do_language()
        screen = await at.rest()
        assert "买买提·吐尔逊" in screen
        assert "139" in screen
        assert "! Please give a name" in screen
        assert "F1 Help" in screen
        focused = at.app.screen.focused
        assert focused is not None
        assert focused.parent is not None
        assert focused.parent.id == "name-1"


async def test_hostile_and_rare_names_are_text(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill(EVIL, "买买提·吐尔逊", "𠮷野家")
        screen = await at.press("f4", "2")
        assert "[/x] [bold] =cmd()" in screen
        assert "\x1b" not in screen
        names = {line.name for line in register(at.session).people}
        assert names == {"[/x] [bold] =cmd() ␛[2J", "买买提·吐尔逊", "𠮷野家"}


async def test_the_sample_company_is_asked_for_in_the_language_of_now(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        assert "Nobody is registered yet" in await at.press("3")
        await at.press("2")
        assert at.left_for == [("demo", "en")]


async def test_leaving(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        assert "按 F10 离开" in await at.press("escape", "escape")
        await at.press("4")
        assert at.app.return_code == 0


async def test_arrows_and_enter_choose_too(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("down", "enter")
        assert at.left_for == [("demo", "zh")]


async def test_without_a_choice_of_person_today_says_how(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill("周建国")
        await at.press("f4", "2", "escape")
        screen = await at.rest()
        assert at.app.current_mode == "today"
        assert "还不知道是谁在操作" in screen


async def test_changing_who_acts_works_right_after(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill("周建国", "", "", "王海峰")
        await at.press("f4", "2", "enter")
        await at.rest()
        first = at.session.actor.name
        at.app.choose_person()
        await at.rest()
        other = "王海峰" if first == "周建国" else "周建国"
        await at.type(other)
        await at.press("enter")
        assert other in (await at.rest()).splitlines()[0]


async def test_somebody_else_was_faster(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        await at.press("1")
        await at.fill("周建国")
        person_verbs.set_up(at.session, [("李卫东", "", ("general_manager",))])
        await at.pilot.pause(2)
        screen = await at.rest()
        assert "人员已由别人登记。按 F4 继续" in screen
        assert "周建国" in screen
        assert "李卫东" in await at.press("f4")
        assert len(register(at.session).people) == 1


async def test_other_screens_have_nothing_to_show_yet(tmp_path: Path) -> None:
    async with started(tmp_path) as at:
        before = await at.press("9")
        assert at.app.current_mode == "first_run"
        assert "换操作人" in await at.press("f2")
        assert "不能：还没有登记人员" in shown(at.app)
        await at.press("escape")
        assert "1 为各个岗位填姓名电话" in await at.press("f1")
        assert before


def boxed_alone(name: str) -> Callable[[str], bool]:
    """Whether the box over the screen lists who is called so, and nobody else."""

    def holds(text: str) -> bool:
        lines = [line for line in text.splitlines() if "|" in line]
        return any(name in line for line in lines) and not any("李卫东" in line for line in lines)

    return holds


@pytest.mark.pty
def test_three_people_are_set_up_by_keyboard_in_a_real_terminal(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    command = [str(Path(sys.executable).with_name("jiedai"))]
    env = {"HOME": str(home), "LANG": "zh_CN.UTF-8"}
    with Term(command, env=env) as term:
        term.until("看样例公司")
        assert term.lines[-1].endswith("F1 帮助")
        term.press("1")
        term.until("主管副总经理")
        for key in ("周建国", "tab", "139 0000 0001", "tab", "李卫东", "down", "down", "王海峰"):
            term.press(key)
        term.until("已填 3 人")
        term.press("f4")
        term.until("技术部部长、生产部部长")
        term.press("2")
        term.until("由谁操作")
        term.press("wang")
        term.until(boxed_alone("王海峰"))  # pinyin is worked out behind the screens, the box is read anew
        term.press("enter")
        term.until("王海峰 营销部")
        assert term.lines[0].startswith(" 接待  今日")
        term.press("f10")
        assert term.wait() == 0
    told = subprocess.run(
        [*command, "tasks", "--mine"], env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    with Term(command, env=env) as term:
        term.until("王海峰 营销部")
