"""Approvals: what waits beside all that one needs to decide it in one look; the decision line opens with Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container

from models.errors import Refused
from models.policy.answer import Finding
from models.queries.approvals import Pending, Preview, approvals, preview
from models.services import decisions
from models.services.desk import Desk
from models.services.visits import Done
from models.words import cell_len
from models.words.dates import say_day
from screens.decide import Decide, Verdict
from screens.kit.dialogs import Note
from screens.kit.linelist import Column, LineList, Row
from screens.kit.lines import Lines
from screens.kit.page import Page
from screens.kit.text import Line, abreast
from screens.previewed import preview_lines
from screens.requests import waited

LIST = 46
BESIDE = 78
"""From this width on the preview stands beside the list, else below it."""
MENDED = ("words_needed", "medium_needed", "decided_later", "too_long")
"""Refusals that something else on the decision line mends."""


class Approvals(Page):
    """The approver's screen."""

    WHERE = "approvals"
    DEFAULT_CSS = """
    Approvals #pair { layout: horizontal; height: 1fr; }
    Approvals #pair.below { layout: vertical; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.only_mine = True
        self.shown: tuple[Pending, ...] | None = None
        self.asked: Preview | None = None
        self.kept: dict[int, Verdict] = {}
        """What was entered for visits whose decision was refused."""

    def body(self) -> ComposeResult:
        with Container(id="pair"):
            yield LineList(empty=self.w("approvals.empty"), id="pending")
            yield Lines(id="preview")

    def _columns(self) -> list[Column]:
        marks = [cell_len(self.w.name(each.line.mark)) for each in self.shown or () if each.line.mark]
        tier = [Column(self.w("requests.tier"), max([2, *marks]))] if self.desk.policy.tiers else []
        return [
            Column(self.w("requests.arrive"), 10),
            *tier,
            Column(self.w("requests.client"), 0),
            Column(self.w("requests.headcount"), 3, ">"),
            Column(self.w("approvals.by"), 6),
            Column(self.w("requests.since"), 8),
        ]

    # -- filling -------------------------------------------------------------------------------------------

    def on_resize(self, event: object) -> None:
        self._arrange()

    def _arrange(self) -> None:
        if not self.query("#pair"):
            return
        beside = self.size.width >= BESIDE
        self.query_one("#pair").set_class(not beside, "below")
        listed, side = self.query_one("#pending"), self.query_one("#preview")
        listed.styles.width = self._list_width if beside else "100%"
        listed.styles.height = "1fr" if beside else min(6, len(self._rows()) + 1 or 2)
        side.styles.height = "1fr"
        self._show_preview()

    @property
    def _list_width(self) -> int:
        return LIST + max(0, self.size.width - 100) // 2

    def _rows(self) -> list[Pending]:
        return [each for each in self.shown or () if each.mine or not self.only_mine]

    def reload(self) -> None:
        desk = self.desk
        self._arrange()
        self.read(lambda: approvals(desk), self.show)

    def show(self, found: tuple[Pending, ...]) -> None:
        """Fill the screen with what waits."""
        first = self.shown is None
        self.shown = found
        mine = [each for each in found if each.mine]
        if first and not mine:
            self.only_mine = False
        key = "approvals.title_mine" if self.only_mine else "approvals.title_all"
        self.headline = self.w(key, mine=len(mine), n=len(found))
        listed = self.query_one("#pending", LineList)
        listed.set_columns(self._columns())
        rows = [self._row(each) for each in self._rows()]
        self._arrange()
        listed.set_rows(rows, empty=self.w("approvals.empty_mine" if self.only_mine else "approvals.empty"))
        self._read_preview()

    def _row(self, each: Pending) -> Row:
        line = each.line
        tier = [self.w.name(line.mark) if line.mark else ""] if self.desk.policy.tiers else []
        since = waited((self.desk.now_utc() - line.since).total_seconds(), self.w) if line.since else ""
        cells = (
            say_day(line.arrive.date(), self.shell.now().date(), self.w) if line.arrive else "?",
            *tier,
            line.client,
            str(line.headcount or "?"),
            line.applicant,
            ("!" if line.late or line.urged else "") + since,
        )
        return Row(str(line.visit), cells, "" if each.mine else "dim", find=(*line.find, line.number or ""))

    def chosen(self) -> Pending | None:
        """The request under the cursor."""
        key = self.query_one("#pending", LineList).key
        return next((each for each in self.shown or () if str(each.line.visit) == key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._read_preview()

    def _read_preview(self) -> None:
        each = self.chosen()
        if each is None:
            self.asked = None
            self._show_preview()
            return
        desk, visit = self.desk, each.line.visit
        self.read(lambda: preview(desk, visit), self._got_preview, group="preview")

    def _got_preview(self, asked: Preview | None) -> None:
        self.asked = asked
        self._show_preview()

    def _show_preview(self) -> None:
        side, work = self.query_one("#preview", Lines), self.query_one("#work").size.height
        beside = self.size.width >= BESIDE
        width = self.size.width - (self._list_width if beside else 0) - 3
        height = work if beside else work - min(6, len(self._rows()) + 1) - 1
        lines = preview_lines(self.asked, self, width, height) if self.asked and height > 0 else []
        if beside:
            lines = [abreast("| ", lines[at] if at < len(lines) else "") for at in range(height)]
        else:
            lines = ["-" * self.size.width, *(abreast(" ", line) for line in lines)]
        side.set_lines(lines)

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_decide(self) -> str | None:
        """The request must lie at the actor, or the actor may record a decision."""
        each = self.chosen()
        if each is None:
            return self.w("approvals.none_chosen")
        if each.mine or each.record:
            return None
        return self.w(f"refused.{each.why_not}")

    async def do_decide(self) -> None:
        """Enter: the decision line; what the policy objects to is mended there."""
        each = self.chosen()
        if each is not None:
            await self._decide(each, record=not each.mine)

    def why_not_record(self) -> str | None:
        """The coordinator's, where the policy lets decisions be recorded."""
        each = self.chosen()
        if each is None:
            return self.w("approvals.none_chosen")
        return None if each.record else self.w("refused.not_coordinator")

    async def do_record(self) -> None:
        """A decision that somebody gave by phone or on paper."""
        each = self.chosen()
        if each is not None:
            await self._decide(each, record=True)

    async def _decide(
        self, each: Pending, *, record: bool, findings: Sequence[Finding] = (), problem: str = ""
    ) -> None:
        visit = each.line.visit
        asked = await self._asked(visit)
        if asked is None:
            return
        before = self.kept.get(visit)
        box = Decide(asked, self.w, self.shell.now(), record=record, before=before, findings=findings, problem=problem)
        verdict = await self.answer(box)
        if verdict is None:
            return
        desk = self.desk
        self.kept[visit] = verdict

        def told(result: Done | Refused) -> None:
            if isinstance(result, Done):
                self.kept.pop(visit, None)
                self.say(self.w.text(result.message))
            else:
                self._refused(each, result, verdict, record)

        self.write(lambda: _decided(desk, asked, verdict), told)

    def _refused(self, each: Pending, refused: Refused, verdict: Verdict, record: bool) -> None:
        """Open the line again with what was entered: the policy's objections, or what was missing. Where the request
        is another one meanwhile, that is said first."""
        found = cast("tuple[Finding, ...]", refused.phrase.facts.get("findings") or ())
        problem = "" if found else self.w.text(refused.phrase)
        if not found and refused.code not in MENDED:
            self.refuse(problem)
            return
        if found:
            self.kept[each.line.visit] = replace(verdict, choice="change")
        self.run_worker(self._decide(each, record=record, findings=found, problem=problem), group="do")

    def why_not_open(self) -> str | None:
        """There must be a request under the cursor."""
        return None if self.chosen() else self.w("approvals.none_chosen")

    def do_open(self) -> None:
        """Everything of the visit."""
        each = self.chosen()
        if each is not None:
            self.shell.open("visit", each.line.visit)

    def why_not_read(self) -> str | None:
        """There must be a request under the cursor."""
        return self.why_not_open()

    async def do_read(self) -> None:
        """Space: the whole preview, over the screen."""
        each = self.chosen()
        asked = await self._asked(each.line.visit) if each is not None else None
        if asked is not None:
            lines = preview_lines(asked, self, Note.BOX - 2)
            await self.answer(Note(asked.form.client, "\n".join(_plain(line) for line in lines)))

    async def _asked(self, visit: int) -> Preview | None:
        """What is asked in a request, read now where the preview beside the list is not there yet."""
        desk = self.desk
        if self.asked is None or self.asked.visit != visit:
            self.asked = await self.shell.thread(lambda: preview(desk, visit))
        return self.asked

    def do_mine(self) -> None:
        """What waits for me, or all that waits."""
        self.only_mine = not self.only_mine
        if self.shown is not None:
            self.show(self.shown)


def _decided(desk: Desk, asked: Preview, verdict: Verdict) -> Done | Refused:
    try:
        return decisions.decide(
            desk, asked.visit, seen=asked.version, outcome=verdict.outcome, words=verdict.words, tier=verdict.tier,
            hosts=verdict.hosts, headcount=verdict.headcount, companions=verdict.companions, reasons=verdict.reasons,
            for_person=verdict.for_person, medium=verdict.medium, decided_at=verdict.decided_at,
        )  # fmt: skip
    except Refused as refused:
        return refused


def _plain(line: Line) -> str:
    return "".join(text for text, _ in abreast(line))
