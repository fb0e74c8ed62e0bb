"""The handover page by keyboard: opened from Today, read, copied, of other days."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.services import day_verbs
from models.words import cell_len
from screens.handover import HandoverScreen
from tests.ui.arranged import EVIL
from tests.ui.build import at_desk, busy
from tests.ui.look import lines_of
from tests.unit.life import Company


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with busy(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("language", "size", "arriving", "copied"),
    [
        ("zh", (80, 24), "明天到访", "已交给终端复制"),
        ("en", (60, 20), "Arriving tomorrow", "Handed to the terminal"),
    ],
)
async def test_the_page_is_read_and_copied(
    who: Company, language: str, arriving: str, copied: str, size: tuple[int, int]
) -> None:
    day_verbs.promise(who.session("刘晓燕"), 1, EVIL[0])
    async with at_desk(who, "林小雨", language=language, size=size) as at:
        drawn = await at.press("f9")
        assert isinstance(at.app.screen, HandoverScreen)
        assert "07:50" in drawn.splitlines()[0]
        assert arriving in drawn
        assert "天山风电" in drawn
        seen = drawn
        for _ in range(8):
            seen += await at.press("pagedown")
            assert all(cell_len(line) <= size[0] for line in lines_of(at.app))
        for text in ("江南智造集团", "[/x] [bold]", "鹏程线缆"):
            assert text in seen, text
        await at.press("f5")
        assert copied in at.message()
        assert "天山风电" in at.app.clipboard
        assert "\x1b" not in at.app.clipboard
        await at.press("escape")
        assert not isinstance(at.app.screen, HandoverScreen)


async def test_other_days_and_not_tomorrow(who: Company) -> None:
    async with at_desk(who, "林小雨") as at:
        await at.press("f9")
        drawn = await at.press("left")
        assert "11-29" in drawn.splitlines()[0]
        assert "江南智造集团" in drawn
        assert "11-30" in (await at.press("right")).splitlines()[0]
        await at.press("right")
        assert "这就是今天的交接" in at.message()
