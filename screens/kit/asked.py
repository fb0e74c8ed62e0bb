"""Questions that several screens ask in a box: which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from models.words import Unreadable, Words
from models.words.dates import parse_date
from screens.kit.dialogs import Ask
from screens.kit.doing import Doing


def _unreadable(parse: Callable[[str], object], w: Words) -> Callable[[str], str | None]:
    """A check for `Ask`: why `parse` cannot read a text, None where it can."""

    def check(text: str) -> str | None:
        try:
            parse(text)
        except Unreadable as error:
            return w.text(error.phrase)
        return None

    return check


async def asked_day(page: Doing) -> date | None:
    """Any day, typed: `fri`, `+3`, `12-1`, `周五`; None where the box is closed."""
    today = page.shell.now().date()
    check = _unreadable(lambda text: parse_date(text, today), page.w)
    typed = await page.answer(Ask(page.w("kit.go_to"), check=check, max_length=20))
    return parse_date(typed, today) if typed is not None else None
