"""Keeping what is typed, throwing it away, handing it in."""

from __future__ import annotations

from typing import Any

from models.errors import Refused
from models.queries.request_preview import Opened
from models.services import request_verbs
from models.services.arrangement_verbs import Amended, amend, preview
from models.services.frame import Preview
from screens.kit.dialogs import Confirm
from screens.kit.page import Page
from screens.touched import Touches
from screens.wizard import filling, review
from screens.wizard.paging import Paging


class Keeping(Paging):
    """The part of the wizard that writes: the draft at every field, its end, the submission."""

    def save(self) -> None:
        if not self.closed and self.ready and self.amended is None:
            self.run_worker(self._saving(), group="save")

    async def _saving(self) -> bool:
        """Save the draft; False when it could not be."""
        session, form = self.session, self.form
        try:
            if await self.shell.thread(lambda: self.draft.save(session, form), write=True):
                self.note(f" {self.w('wizard.saved', at=self.shell.now().strftime('%H:%M'))}")
        except Refused as refused:
            self.draft.overtaken = refused.code == "stale"
            if self.draft.overtaken:
                self.reload()
            else:
                self.complain(self.w.text(refused.phrase))
            return False
        except Exception as error:
            self.complain(self.w("kit.went_wrong", number=self.shell.incident(error)))
            return False
        return True

    def save_now(self) -> None:
        if self.touched and not self.closed and self.amended is None:
            try:
                self.draft.save(self.session, self.form)
            except Refused:
                # nobody can be asked any more: what was typed becomes a draft of its own
                self.draft.apart()
                self.draft.save(self.session, self.form)

    def stale(self, opened: Opened) -> None:
        """Another changed the draft meanwhile: theirs, or one's own as a new draft."""
        if isinstance(self.app.screen, Confirm):
            return

        def chosen(theirs: bool) -> None:
            if theirs:
                self.begin(opened)
            else:
                self.draft.apart()
                self.save()

        title, text = self.w("wizard.stale"), self.w("wizard.stale_text")
        self.ask(Confirm(title, self.w("wizard.stale_theirs"), self.w("wizard.stale_mine"), text), chosen)

    def do_back(self) -> None:
        """Esc: put the request down; what is typed stays as a draft."""
        self.run_worker(self._put_down(), group="down", exclusive=True)

    async def _put_down(self) -> None:
        if not self.touched:
            self.leave("")
        elif self.amended is None and await self._saving():
            self.leave(self.w("wizard.put_down"))
        elif self.amended is not None or not self.draft.overtaken:
            sure = Confirm(self.w("wizard.drop"), self.w("wizard.drop_yes"), self.w("wizard.drop_no"), self.said)
            self.ask(sure, lambda yes: self.leave("") if yes else None)

    def why_not_discard(self) -> str | None:
        """There must be a draft."""
        return None if self.draft.visit is not None and self.amended is None else self.w("wizard.no_draft")

    def do_discard(self) -> None:
        """Throw the draft away, when one means it."""

        def chosen(sure: bool) -> None:
            visit, version, session = self.draft.visit, self.draft.version, self.session
            if sure and visit is not None:
                self.write(
                    lambda: request_verbs.discard_draft(session, visit, seen=version),
                    lambda _: self.leave(self.w("wizard.discarded")),
                )

        self.ask(Confirm(self.w("wizard.discard"), self.w("wizard.discard_yes"), self.w("wizard.discard_no")), chosen)

    def why_not_submit(self) -> str | None:
        """The review comes first; then whatever stops it."""
        if self.here is not review:
            return self.w("wizard.review_first")
        stops = review.stops(self.form, self.facts, filling.unread(self.form))
        return stops[0].removeprefix("! ") if stops else None

    async def do_submit(self) -> None:
        """Enter on the last line: hand the request in."""
        if self.amended is not None:
            self._amend(self.amended)
            return
        self.touched = True
        if not await self._saving() or self.draft.visit is None:
            return
        session, visit, version = self.session, self.draft.visit, self.draft.version
        self.write(
            lambda: request_verbs.submit(session, visit, seen=version),
            lambda done: self.leave(self.w.text(done.message), done),
        )

    def _amend(self, visit: int) -> None:
        """Show what changing the arranged visit would touch, and whether it is decided again (A33); Enter does it."""
        session, form, version = self.session, self.form, self.draft.version
        before = self.opened.form.reasons if self.opened else {}
        fresh = {code: text for code, text in form.reasons.items() if before.get(code) != text}

        def done(result: Amended) -> None:
            self.leave(self.w.text(result.done.message), result)

        def seen(yes: bool) -> None:
            self.write(lambda: amend(session, visit, form, seen=version, tier=form.tier, reasons=fresh), done)

        def shown(would: Preview) -> None:
            self.ask(Touches(self.w("change.touches"), would), seen)

        self.read(lambda: preview(session, visit, form, form.tier, fresh), shown, group="preview")

    def leave(self, text: str, result: Any = None) -> None:
        self.closed = True
        if self.touched:
            self.shell.changed()
        below = [screen for screen in self.app.screen_stack[:-1] if isinstance(screen, Page)][-1:]
        self.dismiss(result)
        for page in below:
            if text:
                page.say(text)
