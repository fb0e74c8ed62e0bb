"""A desk and screens that only tests have: what the kit is tried on. Run as a script it opens them in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.app import ComposeResult

from models.errors import Refused
from models.words import words
from screens.kit import commands
from screens.kit.commands import Command
from screens.kit.dialogs import Ask, Confirm
from screens.kit.fields import (
    Checks,
    Choice,
    DateField,
    Field,
    LongText,
    MoneyField,
    NumberField,
    Option,
    Pick,
    TextField,
    TimeField,
)
from screens.kit.linelist import Column, LineList, Row
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.shell import Status
from tui.app import Jiedai

EVIL = "[/x] [bold] =cmd() \x1b[2J\x1b]0;owned\x07"
NAMES = ("江南智造集团", EVIL, "买买提·吐尔逊", "𠮷野家", "华为科技")
PEOPLE = (Row("1", ("周建国",), find=("zhoujianguo", "zjg")), Row("2", ("李卫东",), find=("liweidong", "lwd")))


@dataclass
class FakeDesk:
    """A desk with a clock that can be set."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 26, 8, 2, 10, tzinfo=UTC))
    names: tuple[str, ...] = NAMES

    def clock(self) -> datetime:
        """The present."""
        return self.at


class Board(Page):
    """A list over a pane of details."""

    WHERE = "today"

    def body(self) -> ComposeResult:
        columns = [Column("时间", 5), Column("客户单位", 14), Column("人", 2, ">"), Column("提醒")]
        yield LineList(columns, empty="今天没有人来", id="list")
        pane = Lines(id="pane")
        pane.styles.height = 3
        yield pane

    def reload(self) -> None:
        self.headline = f"今日 {self.shell.now():%m-%d %H:%M}"
        names = self.shell.desk.names
        self.read(lambda: [row(at, name) for at, name in enumerate(names)], self.show)

    def show(self, rows: list[Row]) -> None:
        """Fill the list."""
        self.query_one("#list", LineList).set_rows(rows)

    def minute(self, now: datetime) -> None:
        self.headline = f"今日 {now:%m-%d %H:%M}"

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self.query_one("#pane", Lines).set_lines(["-" * 80, f" 选中 {event.key}"])

    def do_open(self) -> None:
        self.say(f"打开 {self.query_one('#list', LineList).key}")

    async def do_ask(self) -> None:
        answer = await self.answer(Ask("为什么", check=lambda text: None if text else "不能空着"))
        self.say(f"答 {answer}")

    def do_drop(self) -> None:
        self.ask(Confirm("真的取消？", "取消它", "不取消"), lambda yes: self.say(f"确认 {yes}"))

    def why_not_never(self) -> str | None:
        return "今天不行"

    def do_never(self) -> None:
        raise AssertionError("why_not was not asked")

    def do_refused(self) -> None:
        self.write(refuse)

    def do_broken(self) -> None:
        self.read(lambda: 1 // 0, lambda result: None)

    def do_crash(self) -> None:
        raise RuntimeError("secret-value")

    def do_form(self) -> None:
        self.shell.open("form")


class Form(Page):
    """Every kind of field."""

    WHERE = "form"
    saved: Path | None = None

    def body(self) -> ComposeResult:
        yield TextField(self.w("kit.tab.clients"), id="client", max_length=30)
        yield Pick("主陪", PEOPLE, id="host")
        yield DateField("日期", today=lambda: self.shell.now().date(), id="day")
        yield TimeField("时间", id="time")
        yield MoneyField("金额", id="money")
        yield NumberField("人数", id="count", least=1, most=99)
        options = [Option("a", "甲级", "特别重要"), Option("b", "乙级"), Option("c", "丙级", why_not="不可以")]
        yield Choice("级别", options, "b", id="tier")
        yield Checks("标准", [Option(str(n), f"第{n}项服务内容") for n in range(8)], id="wants")
        yield LongText("备注", id="notes", height=3)

    def on_mount(self) -> None:
        self.headline = "新申请"

    def on_field_changed(self, event: Field.Changed) -> None:
        self.note(f" {event.field.id}")

    def save_now(self) -> None:
        if self.saved is not None:
            self.saved.write_text(self.query_one("#client", TextField).value, encoding="utf-8")


def row(at: int, name: str) -> Row:
    """The row of a visit."""
    find = {"华为科技": ("huaweikeji", "hwkj")}.get(name, ())
    return Row(str(at), (f"{8 + at:02}:00", name, str(at), name), find=find)


def refuse() -> None:
    """A service that refuses."""
    raise Refused("too_long", field="客户", most=3, n=5)


TAILS = (("open", "enter"), ("ask", "a"), ("drop", "x"), ("never", "n"), ("refused", "r"), ("broken", "b"))
KEYS = (*TAILS, ("crash", "c"), ("form", "f"))


@contextmanager
def stand_in_commands() -> Iterator[None]:
    """The stand-in's own commands in place of those of the screen `today`."""
    before = commands.BY_SCREEN["today"]
    rows = tuple(Command(f"today.{tail}", (key,), footer=key == "enter") for tail, key in KEYS)
    commands.BY_SCREEN["today"] = rows
    known = [_said(language, tail) for language in ("zh", "en") for tail, _ in KEYS]
    try:
        yield
    finally:
        commands.BY_SCREEN["today"] = before
        for forget in known:
            forget()


def _said(language: str, tail: str) -> Callable[[], None]:
    """Give a stand-in's command its words; what takes them away again."""
    w = words(language)
    w("commands.app.menu.name")
    area = w._areas["commands"]
    keys = [f"commands.today.{tail}.{part}" for part in ("name", "help", "short")]
    before = {key: area.get(key) for key in keys}
    area.update(dict.fromkeys(keys, f"试{tail}"))

    def forget() -> None:
        for key, text in before.items():
            area.pop(key, None)
            if text is not None:
                area[key] = text

    return forget


SCREENS = {"today": "tests.ui.stand_in:Board", "form": "tests.ui.stand_in:Form"}


def stand_in(desk: FakeDesk | None = None, **facts: Any) -> Jiedai:
    """The program with the stand-in's screens."""
    known: dict[str, Any] = {
        "screens": SCREENS,
        "tabs": ("today",),
        "status": lambda desk, w: Status("林小雨 营销部", 3, {"today": 5}),
    }
    return Jiedai(desk or FakeDesk(), **{**known, **facts})


def main() -> int:
    """Open the stand-in in this terminal: `stand_in.py [start] [file that the form saves to]`."""
    from tui import terminal

    refusal = terminal.refusal()
    if refusal is not None:
        print(words("zh").text(refusal))
        return 1
    start = sys.argv[1] if len(sys.argv) > 1 else "today"
    if len(sys.argv) > 2:
        Form.saved = Path(sys.argv[2])
    with stand_in_commands():
        return terminal.run(
            FakeDesk(),
            start=start,
            screens=SCREENS,
            tabs=("today",),
            status=lambda desk, w: Status("林小雨 营销部", 3, {}),
        )
