"""Screens that only tests have: what the kit is tried on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from textual.app import ComposeResult

from models.errors import Refused
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.dialogs import Ask, Confirm
from screens.kit.fields import DayField, Field, LongText, MoneyField, NumberField, TextField, TimeField
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines
from tests.ui.stand_in_session import SCREENS, FakeSession, status
from tui.app import Jiedai

PEOPLE = (Row("1", ("周建国",), find=("zhoujianguo", "zjg")), Row("2", ("李卫东",), find=("liweidong", "lwd")))


def fake(page: Page) -> FakeSession:
    """The desk that a stand-in was given."""
    return cast(FakeSession, cast(object, page.session))


class Board(Page):
    """A list over a pane of details."""

    WHERE = "today"

    def body(self) -> ComposeResult:
        columns = [Column("时间", 5), Column("客户单位", 14), Column("人", 2, "figure"), Column("提醒")]
        yield LineList(columns, empty="今天没有人来", id="list")
        pane = Lines(id="pane")
        pane.styles.height = 3
        yield pane

    def reload(self) -> None:
        self.headline = f"今日 {self.shell.now():%m-%d %H:%M}"
        names = fake(self).names
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

    def never(self) -> str | None:
        return "今天不行"

    def do_never(self) -> None:
        raise AssertionError("what it needs was not asked")

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

    def body(self) -> ComposeResult:
        yield TextField(self.w("kit.tab.clients"), id="client", max_length=30)
        yield Pick("主陪", PEOPLE, id="host")
        yield DayField("日期", today=lambda: self.shell.now().date(), id="day")
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
        saved = fake(self).saved
        if saved:
            Path(saved).write_text(self.query_one("#client", TextField).value, encoding="utf-8")


def row(at: int, name: str) -> Row:
    """The row of a visit."""
    find = {"华为科技": ("huaweikeji", "hwkj")}.get(name, ())
    return Row(str(at), (f"{8 + at:02}:00", name, str(at), name), find=find)


def refuse() -> None:
    """A service that refuses."""
    raise Refused("too_long", field="客户", most=3, n=5)


def stand_in(session: FakeSession | None = None, **facts: Any) -> Jiedai:
    """The program with the stand-in's screens."""
    known: dict[str, Any] = {
        "screens": SCREENS,
        "tabs": ("today",),
        "status": status,
    }
    return Jiedai(session or FakeSession(), **{**known, **facts})
