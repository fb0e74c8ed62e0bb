"""A draft is in the lists as soon as it is kept: one's own at once, another process's when it is looked at next."""

from __future__ import annotations

from dataclasses import replace

from textual.events import Paste

from models.schema import journal
from models.services.request_verbs import discard_draft, new_draft, save_draft
from tests.ui.build import at_desk
from tests.unit.life import Company, form


async def test_ones_own_draft_is_listed_at_once(who: Company) -> None:
    async with at_desk(who, "刘晓燕", "requests") as at:
        await at.rest()
        await at.press("f4")
        focused = at.app.screen.focused
        assert focused is not None
        focused.post_message(Paste("远东电缆"))
        await at.rest()
        assert "远东电缆" in await at.press("down", "escape")


def test_what_lists_show_of_a_draft_is_counted_and_nothing_else(who: Company) -> None:
    session, made = who.session("刘晓燕"), form(who)
    seen = [journal.changes()]
    saved = new_draft(session, made)
    seen.append(journal.changes())
    saved = save_draft(session, saved.visit, replace(made, client="远东电缆"), expected=saved.version)
    seen.append(journal.changes())
    assert seen == sorted(set(seen))
    saved = save_draft(
        session, saved.visit, replace(made, client="远东电缆", arrangements="参观"), expected=saved.version
    )
    assert journal.changes() == seen[-1]
    discard_draft(session, saved.visit, expected=saved.version)
    assert journal.changes() > seen[-1]
    assert journal.head() == 1, "drafts write no entry"
