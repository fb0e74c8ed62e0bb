"""What a change would touch, in lines to read before it is saved: who decides again, what differs, whom to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from models.errors import Refused
from models.policy.model import Policy, party_name
from models.services.arrangement_verbs import field_names
from models.services.frame import Preview, Told, look
from models.services.visit_state import brief, unpacked
from models.words import Words
from models.words.wrapping import wrap
from screens.kit.dialogs import Note
from screens.kit.doing import CommandScreen
from screens.kit.text import Line


class Touches(Note):
    """What a change would touch; Enter makes it, Esc goes back to it. Keys typed before it was there, such as the
    second Enter of two in one burst, are swallowed."""

    def __init__(self, title: str, shown: Preview) -> None:
        super().__init__(title, "")
        self.shown = shown
        self.foot = "change.foot_off" if shown.off else "change.foot"

    def on_mount(self) -> None:
        cast(Any, self.app).opened()

    def lines(self) -> list[Line]:
        return touched(self.shown, self.w, self.inside)

    def entered(self) -> None:
        self.dismiss(True)


async def agreed(page: CommandScreen, visit: int, act: Callable[[], object]) -> bool:
    """Whether an edit without fields is to be made: what `act` would touch is shown first, unless that is nothing.
    Raises Refused as `act` does."""
    session = page.session
    try:
        shown = await page.shell.thread(lambda: look(session, visit, act), write=True)
    except Refused:
        page.shell.changed()
        raise
    if shown is None:
        return True
    yes = await page.answer(Touches(page.w("change.touches"), shown))
    return bool(yes)


def touched(shown: Preview, w: Words, width: int) -> list[Line]:
    """The whole of it, each line within `width` cells."""
    found: list[Line] = []
    for text, style in _said(shown, w):
        lines = wrap(text, width - 4)
        found += [(f" {lines[0]}", style), *((f"   {line}", style) for line in lines[1:])]
    return found


def _said(shown: Preview, w: Words) -> Iterator[tuple[str, str]]:
    policy = shown.policy
    if shown.asks and shown.posts is not None:
        yield w("change.asks", posts=shown.posts, fields=field_names(policy, shown.asks)), "bold"
    elif shown.notices:
        yield w("change.notices", fields=field_names(policy, shown.notices)), "bold"
    elif not shown.off:
        yield w("change.asks_nobody"), "dim"
    for finding in shown.findings:
        yield f"! {w.text(finding.text)}", "alert"
    for phrase in brief(shown.effects):
        yield w.text(phrase), ""
    if not shown.effects and not shown.telling:
        yield w("change.touches_nothing"), "dim"
    if shown.telling:
        yield w("change.telling", n=len(shown.telling)), "bold"
    for told in shown.telling:
        yield _told(told, policy, w), ""


def _told(told: Told, policy: Policy, w: Words) -> str:
    role = w(f"telling.role.{told.role}")
    who = w.name(party_name(policy, told.party)) if told.party else f"{role} {told.name}"
    what = "; ".join(w.text(phrase) for phrase in brief(map(unpacked, told.what)))
    return "  ".join(part for part in (who, told.phone, what) if part)
