"""The wizard's frame: what it is made from, its pages one at a time, the line of pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from types import ModuleType
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from models.errors import Refused
from models.form import Form
from models.queries import request_preview as queries
from models.queries.request_preview import Opened, Verdict
from models.words import cell_len
from screens.kit.fields import Field, ParsedField, TextField
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.text import Line, Piece
from screens.wizard import client, filling, foot, people, plan, review, times
from screens.wizard.draft import Draft
from screens.wizard.facts import Facts
from screens.wizard.rows import Texts

PAGES: tuple[ModuleType, ...] = (client, times, plan, people, review)
LAST = len(PAGES)
Loaded = tuple[queries.Choices, Opened | None, Verdict, Refused | None]
MORNING = time(9)
"""When guests of a day chosen elsewhere are taken to arrive, until one says."""


class Paging(Page):
    """Pages of fields over one immutable form. `visit` is a draft or returned request to go on with; else fields of
    the form, or the day of arrival, may be given beforehand, and a draft begins with the first change."""

    WHERE = "wizard"
    CSS_PATH = "wizard.tcss"
    AUTO_FOCUS = ""
    judge_after = 0.15
    """Seconds of quiet typing until the policy is asked anew."""

    def __init__(self, visit: int | None = None, *, day: date | None = None, **given: Any) -> None:
        super().__init__()
        if day is not None:
            given["arrive"] = datetime.combine(day, MORNING)
        self.form = Form(**given)
        self.page = 1
        self.draft = Draft()
        self.opened: Opened | None = None
        self.touched = self.closed = False
        self.removed: tuple[str, list[Texts]] | None = None
        self.settled_arrival: datetime | None = None
        self._open = visit
        self._facts: Facts | None = None

    # -- what the other parts do ---------------------------------------------------------------------------------

    def ask_policy(self, seconds: float) -> None:
        """Ask the policy anew after so much quiet."""
        raise NotImplementedError

    def judged(self, verdict: Verdict) -> None:
        """The policy has answered."""
        raise NotImplementedError

    def save(self) -> None:
        """Save the draft soon."""
        raise NotImplementedError

    def stale(self, opened: Opened) -> None:
        """Another changed the draft meanwhile."""
        raise NotImplementedError

    def leave(self, text: str, result: Any = None) -> None:
        """Close, and let the screen below say what became of it."""
        raise NotImplementedError

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """What the pages are made from; there as soon as the first page is."""
        assert self._facts is not None
        return self._facts

    @property
    def amended(self) -> int | None:
        """The visit that is changed after its approval, None for a request."""
        return self.opened.visit if self.opened is not None and self.opened.amends else None

    @property
    def here(self) -> ModuleType:
        """The page shown."""
        return PAGES[self.page - 1]

    @property
    def ready(self) -> bool:
        """Whether the first page is there."""
        return self._facts is not None

    def reload(self) -> None:
        session, form, beginning = self.session, self.form, not self.ready
        visit = self.draft.visit or self._open

        def load() -> Loaded:
            opened, refused = None, None
            try:
                opened = queries.opened(session, visit) if visit is not None else None
            except Refused as why:
                refused = why
            now = opened.form if opened and beginning else form
            if now.applicant is None:
                now = replace(now, applicant=session.actor.person)
            verdict = queries.verdict(session, now, opened.visit if opened and opened.amends else None)
            return queries.choices(verdict.policy, session.now().date()), opened, verdict, refused

        self.read(load, self._loaded)

    def _loaded(self, found: Loaded) -> None:
        choices, opened, verdict, refused = found
        beginning = not self.ready
        if refused is not None:
            # it is somebody else's turn now; what is typed stays in sight
            text = self.w.text(refused.phrase)
            self.leave(text) if beginning else self.complain(text)
            return
        self._facts = Facts(self.w, verdict.policy, choices, verdict, self.shell.now().date())
        if beginning:
            self.begin(opened)
        elif opened and not self.closed and self.draft.behind(opened):
            self.stale(opened)
        else:
            self.judged(verdict)

    def begin(self, opened: Opened | None) -> None:
        """Go on with a draft at the page left, or begin a new one."""
        if opened is None:
            self.form = filling.begun(self.form, self.facts, self.session.actor.person)
        else:
            self.opened, self.form, self.draft = opened, opened.form, Draft(opened)
            self.page = filling.page_left(opened.form, LAST)
            if opened.returned:
                self.say(self.w("wizard.returned", words=opened.returned))
        self.settled_arrival = self.form.arrive
        self.run_worker(self.turn(self.page), group="turn", exclusive=True)

    # -- pages ---------------------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        with Container(id="sheet"):
            if self._facts is not None:
                self._facts = replace(self._facts, w=self.w)
                yield from self._widgets()
        yield Lines(id="foot")

    async def relabel(self) -> None:
        await super().relabel()
        if self.ready:
            self.mend()
            self.show()

    def _widgets(self) -> Iterable[Widget]:
        if self.here is review:
            button = self.w("wizard.submit" if self.amended is None else "wizard.amend")
            return list(review.fields(self.form, self.facts, filling.unread(self.form), button))
        return list(self.here.fields(self.form, self.facts, lambda: self.form))

    @property
    def on_last_page(self) -> bool:
        """Whether no page follows."""
        return self.page == LAST

    async def turn(self, page: int) -> None:
        """Show a page; what is typed so far is saved, and never in the way."""
        if PAGES[page - 1] in (people, review):
            await self._prefill()
        self.page = page
        self.form = filling.left_at(self.form, page)
        self.removed = None
        await self.fill()
        fields = [each for each in self.query("#sheet *").results(Widget) if each.focusable]
        if self.here is review:
            # a reason that is owed, else the line that submits
            owed = [each for each in fields if isinstance(each.parent, TextField) and not each.parent.value]
            fields = owed or fields[-1:]
        for first in fields[:1]:
            first.focus(scroll_visible=False)
        self.ask_policy(self.judge_after)
        if self.touched:
            self.save()

    async def _prefill(self) -> None:
        """Before a page that is made from what the policy says: what it says by now, and who surely takes part."""
        await self._ask_now()
        form = people.prefilled(self.form, self.facts)
        if form != self.form:
            self.form = form
            await self._ask_now()

    async def _ask_now(self) -> None:
        session, form, visit = self.session, self.form, self.amended
        try:
            verdict = await self.shell.thread(lambda: queries.verdict(session, form, visit))
        except Exception as error:
            self.complain(self.w("kit.went_wrong", number=self.shell.incident(error)))
        else:
            self._facts = replace(self.facts, policy=verdict.policy, verdict=verdict, w=self.w)

    async def fill(self) -> None:
        """Put the page's widgets in the sheet anew."""
        sheet = self.query_one("#sheet")
        with self.app.batch_update():
            await sheet.remove_children()
            await sheet.mount_all(self._widgets())
            sheet.scroll_to(y=0, animate=False)
            self.mend()
            self.show()

    def mend(self) -> None:
        """Say beside the fields what is wrong with what was typed before, and on the way back what is missing."""
        missing = self.facts.verdict.missing if filling.furthest(self.form) == LAST else ()
        for field in self.query("#sheet Field").results(Field):
            name = str(field.id)
            if isinstance(field, ParsedField) and name in self.form.raw:
                field.raw = self.form.raw[name]
                field.check()
            elif name in missing:
                field.error = self.w("wizard.missing")

    def show(self) -> None:
        """Title, line of pages, foot, keys."""
        number = self.opened.number if self.opened and self.opened.number else ""
        again = "wizard.title_again" if self.amended is None else "wizard.title_amend"
        title = self.w(again, number=number) if number else self.w("wizard.title")
        self.headline = f"{title} {self.page}/{LAST} {self._page_name(self.here)}"
        width = self.size.width
        lines = foot.lines(self.facts, width) if self.here is plan else []
        widget = self.query_one("#foot", Lines)
        widget.styles.height = len(lines) + 1
        widget.set_lines([self._rule(width), *lines])
        self.show_keys()

    def _rule(self, width: int) -> str:
        """The line below the page, which says how much of it is out of sight."""
        sheet = self.query_one("#sheet")
        below = round(sheet.max_scroll_y - sheet.scroll_offset.y)
        said = f" {self.w('wizard.below', n=below)} " if below > 0 else ""
        return "-" * (width - cell_len(said) - 2) + said + "--"

    def _moved(self) -> None:
        self.call_after_refresh(self._ruled)

    def _ruled(self) -> None:
        if self.ready:
            widget = self.query_one("#foot", Lines)
            widget.set_lines([self._rule(self.size.width), *widget.lines[1:]])

    def on_mount(self) -> None:
        sheet = self.query_one("#sheet")
        for name in ("scroll_y", "virtual_size"):
            self.watch(sheet, name, self._moved, init=False)

    def tab_line(self) -> Line:
        if not self.ready:
            return ""
        done = [filling.complete(self.form, self.facts, at) for at in range(1, LAST + 1)]
        wide = self._line(done, names=True)
        return wide if sum(cell_len(text) for text, _ in wide) < self.size.width else self._line(done, names=False)

    def _line(self, done: Sequence[bool], *, names: bool) -> list[Piece]:
        pieces: list[Piece] = [(" ", "")]
        for page, filled in zip(PAGES, done, strict=True):
            here = page is self.here
            mark = "" if here else "[x]" if filled else "" if names else "[ ]"
            shown = " ".join(part for part in (self._page_name(page) if names or here else "", mark) if part)
            pieces += [(shown, "cursor" if here else ""), ("   " if names else "  ", "")]
        return pieces

    def _page_name(self, page: ModuleType) -> str:
        return self.w(f"wizard.page.{page.NAME}")

    async def do_next(self) -> None:
        """PgDn: the next page, whatever is still missing."""
        await self.turn(self.page + 1)

    async def do_previous(self) -> None:
        """PgUp: the page before."""
        await self.turn(self.page - 1)
