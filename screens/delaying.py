"""A group that is late: its new time is asked for, what that touches is shown, then it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from models.services import day_verbs
from models.services.visits import Done
from models.words.dates import parse_delay
from screens.kit.fields import ParsedField
from screens.kit.form_dialog import VisitFormDialog, previewing
from screens.kit.page import Page


async def delayed(page: Page, visit: int, leg: int, *, title: str, at: datetime, expected: Callable[[], int]) -> None:
    """Expect a group at a new time, told from `at` as the screen has it, unless the box is closed instead. `seen`: the
    version of the visit on the screen, read anew after another was faster."""
    session, today = page.session, page.shell.now().date()
    when: ParsedField[datetime] = ParsedField(
        page.w("kit.delay"), None, lambda text: parse_delay(text, at, today), lambda to: f"{to:%Y-%m-%d %H:%M}",
        room=20, id="when",
    )  # fmt: skip

    def save(reasons: Mapping[str, str]) -> Done:
        return day_verbs.delay(session, leg, when.raw, expected=expected(), at=at)

    done = await page.answer(
        VisitFormDialog(title, [when], save, needed=[when], preview=previewing(session, visit, save))
    )
    if done is not None:
        page.say(page.w.text(done.message))
