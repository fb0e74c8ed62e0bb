"""A pasted list of guests becomes rows of the wizard's table; nothing that was typed or pasted is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import Paste

from models.form import FormGuest
from models.words import cell_len
from tests.ui.filing import EVIL, Filing, filing, office
from tests.ui.look import lines_of
from tests.unit.life import Company, form, submitted

LIST = "姓名\t职务\t手机\r\n徐明哲\t董事长\t138 0000 1111\r\n方圆\t秘书\r\n买买提·吐尔逊\t部长\t+86 13900002001"
ROWS = [("徐明哲", "董事长", "138 0000 1111"), ("方圆", "秘书", ""), ("买买提·吐尔逊", "部长", "+86 13900002001")]


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with office(tmp_path) as made:
        yield made


async def paste(at: Filing, text: str) -> str:
    """Paste into whatever has the focus, as a terminal does."""
    focused = at.app.screen.focused
    assert focused is not None
    focused.post_message(Paste(text))
    return await at.rest()


def guests(at: Filing) -> list[tuple[str, str, str]]:
    return [(each.name, each.post, each.phone) for each in at.wizard.form.guests]


@pytest.mark.parametrize(("language", "size"), [("zh", (80, 24)), ("en", (60, 20))])
async def test_a_pasted_list_becomes_rows(who: Company, language: str, size: tuple[int, int]) -> None:
    """R103, A19: the first of an empty table is the principal guest, and one goes on below the last."""
    async with filing(who, language=language, size=size) as at:
        await at.to("guests")
        seen = await paste(at, LIST)
        assert guests(at) == ROWS
        assert [each.principal for each in at.wizard.form.guests] == [True, False, False]
        assert "买买提" in seen
        assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        await at.press("f4")
        await at.type("李明")
        await at.rest()
        assert [name for name, *_ in guests(at)] == ["徐明哲", "方圆", "买买提·吐尔逊", "李明"]


@pytest.mark.parametrize(
    "text",
    ["徐明哲，董事长，138 0000 1111\n方圆，秘书\n买买提·吐尔逊，部长，+86 13900002001",
     "1、徐明哲、董事长、138 0000 1111\n2、方圆、秘书\n3、买买提·吐尔逊、部长、+86 13900002001"],
)  # fmt: skip
async def test_commas_of_any_kind_part_the_cells(who: Company, text: str) -> None:
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, text)
        assert guests(at) == ROWS


async def test_what_was_typed_stays_above_what_is_pasted(who: Company) -> None:
    made = (FormGuest("何平", "总工", principal=True), FormGuest("赵刚"))
    async with filing(who, client="江南智造集团", guests=made) as at:
        await at.to("guests")
        await at.press("end", *"ab")
        await paste(at, LIST)
        assert guests(at) == [("何平ab", "总工", ""), *ROWS, ("赵刚", "", "")]
        assert [each.principal for each in at.wizard.form.guests] == [True, False, False, False, False]


async def test_a_key_just_before_the_paste_is_kept(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=(FormGuest("何平", principal=True),)) as at:
        await at.to("guests")
        focused = at.app.screen.focused
        assert focused is not None
        await at.pilot.press("x")
        focused.post_message(Paste(LIST))
        await at.rest()
        assert guests(at) == [("何平x", "", ""), *ROWS]


async def test_into_another_column_only_a_table_becomes_rows(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=(FormGuest("何平"),)) as at:
        await at.to("guests")
        await at.press("tab")
        await paste(at, "总工、教授")
        assert guests(at) == [("何平", "总工、教授", "")]
        await paste(at, LIST)
        assert guests(at) == [("何平", "总工、教授", ""), *ROWS]


async def test_what_is_no_list_goes_into_the_cell(who: Company) -> None:
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, "Berg, Anna")
        assert guests(at) == [("Berg, Anna", "", "")]


async def test_known_and_hostile_names_are_rows_like_others(who: Company) -> None:
    submitted(who, form(who))
    async with filing(who) as at:
        await at.to("guests")
        await paste(at, f"{EVIL}\t甲\n=1+1\t乙\n\u202e倒\t丙")
        assert [post for _, post, _ in guests(at)] == ["甲", "乙", "丙"]
        assert "\x1b" not in guests(at)[0][0]
        assert guests(at)[2][0] == "倒"


async def test_a_table_without_rows_takes_a_list_too(who: Company) -> None:
    async with filing(who, client="江南智造集团", guests=()) as at:
        await at.to("guests")
        await at.press("delete")
        await paste(at, LIST)
        assert guests(at) == ROWS
