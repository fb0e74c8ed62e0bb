"""Requests: what became of mine, or of all: state, at whom each lies and since when, what was said."""

from __future__ import annotations

from textual.app import ComposeResult

from models.papers.request_form import said_line
from models.queries.request_lists import RequestLine, requests, signed
from models.services import request_verbs
from models.services import request_verbs as verbs
from models.services.visits import Done
from models.words import Acting, Words, cell_len
from models.words.dates import say_day, say_span
from models.words.wrapping import wrap
from screens.kit.dialogs import Confirm
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, block

DETAIL = 4
ROOMY = 70
"""From this width on columns have their full width."""
EDITED = ("draft", "returned")


class Requests(Page):
    """The applicant's screen."""

    WHERE = "requests"

    def __init__(self) -> None:
        super().__init__()
        self.only_mine = True
        self.shown: tuple[RequestLine, ...] | None = None

    def body(self) -> ComposeResult:
        yield LineList(empty=self.w("requests.empty"), id="requests")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    def _columns(self) -> list[Column]:
        lines = self.shown or ()
        roomy = self.size.width >= ROOMY
        marks = [cell_len(self.w.name(line.mark)) for line in lines if line.mark]
        tier = max([cell_len(self.w("requests.tier")), *marks])
        state = max([cell_len(self.state_of(line)) for line in lines] or [6])
        return [
            Column(self.w("requests.number"), 9, "data"),
            Column(self.w("requests.arrive"), 10 if self.w.language == "zh" else 9, "data"),
            *([Column(self.w("requests.tier"), tier)] if self.session.policy.tiers else []),
            Column(self.w("requests.client"), 18 if roomy else 12),
            Column(self.w("requests.headcount"), 3, "figure"),
            Column(self.w("requests.state"), state),
            Column(self.w("requests.applicant"), 12, wide=100),
            Column(self.w("requests.at"), 0),
            Column(self.w("requests.since"), 8, "data", wide=ROOMY),
        ]

    def state_of(self, line: RequestLine) -> str:
        """What the request's state is called."""
        return self.w("requests.changing" if line.changing else f"done.state.{line.state}")

    @property
    def _detail_height(self) -> int:
        return DETAIL + max(0, self.size.height - 24) // 4

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: requests(session), self.show)

    def on_resize(self, event: object) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: tuple[RequestLine, ...]) -> None:
        """Fill the screen with the requests."""
        first = self.shown is None
        self.shown = found
        mine = [line for line in found if line.mine]
        if first and not mine:
            self.only_mine = False
        self.headline = self.w("requests.title_mine" if self.only_mine else "requests.title_all",
                               mine=len(mine), n=len(found))  # fmt: skip
        listed = self.query_one("#requests", LineList)
        listed.set_columns(self._columns())
        listed.set_rows(
            [self._row(line) for line in (mine if self.only_mine else found)],
            empty=self.w("requests.empty_mine" if self.only_mine else "requests.empty"),
            within=self.w("requests.within_mine") if self.only_mine else "",
        )
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self.query_one("#detail").styles.height = self._detail_height
        self._show_detail()

    def _row(self, line: RequestLine) -> Row:
        today = self.shell.now().date()
        tier = [self.w.name(line.mark) if line.mark else "?"] if self.session.policy.tiers else []
        vacant = " ".join(self.w.name(self.session.policy.name_of(post)) for post in line.posts)
        at = self.w.people(line.at) or (self.w("requests.vacant", post=vacant) if vacant else "")
        if line.urged:
            at = f"{self.w('requests.urged')} {at}"
        since = ""
        if line.since is not None and line.state in ("submitted", *EDITED):
            since = waited((self.session.now_utc() - line.since).total_seconds(), self.w)
        cells = (
            line.number or self.w("requests.draft"),
            say_day(line.arrive.date(), today, self.w) if line.arrive else "?",
            *tier,
            line.client or "?",
            str(line.headcount or "?"),
            self.state_of(line),
            line.applicant,
            at or "-",
            since,
        )
        over = line.state in ("closed", "cancelled", "refused", "no_show")
        style = "bold" if line.state == "returned" else "dim" if over else ""
        return Row(str(line.visit), cells, style, find=(*line.find, line.number or "", line.applicant))

    def chosen(self) -> RequestLine | None:
        """The request under the cursor."""
        key = self.query_one("#requests", LineList).key
        return next((line for line in self.shown or () if str(line.visit) == key), None)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.chosen()
        self.query_one("#detail", Lines).set_lines(self._detail(line) if line else [])

    def _detail(self, line: RequestLine) -> list[Line]:
        head = [line.number or self.w("requests.draft"), line.client, self.state_of(line)]
        head += [self.w("requests.late")] if line.late else []
        head += [self.w.people(line.at)] if any(isinstance(each, Acting) for each in line.at) else []
        top = f" {'  '.join(part for part in head if part)}"
        said = [
            wrap(said_line(each, self.session.policy, self.w, self.shell.now().date()), self.size.width - 2)
            for each in line.said
        ]
        while len(said) > 1 and sum(map(len, said)) >= self._detail_height - (line.lies is not None):
            del said[0]
        lies = [f" {text}" for text in wrap(f"! {self.w.text(line.lies)}", self.size.width - 2)] if line.lies else []
        lines: list[Line] = [*lies, *(f" {text}" for each in said for text in each)]
        silent = "go_on" if line.state == "draft" and line.refusals.get("edit") is None else "nothing_said"
        return [top, *(lines or [f" {self.w(f'requests.{silent}')}"])]

    # -- commands ------------------------------------------------------------------------------------------

    def do_open(self) -> None:
        """Enter: go on with a draft, or see everything of the visit."""
        line = self.chosen()
        if line is not None and line.state in EDITED and line.refusals.get("edit") is None:
            self.shell.open("wizard", line.visit)
        elif line is not None:
            self.shell.open("visit", line.visit)

    def do_copy(self) -> None:
        """A new draft with what this one says, but for its dates."""
        line = self.chosen()
        if line is not None:
            session = self.session
            self.write(
                lambda: request_verbs.copy_as_new(session, line.visit), lambda new: self.shell.open("wizard", new.visit)
            )

    def barred(self, verb: str) -> str | None:
        """Why the actor may not do the verb to the request under the cursor."""
        line = self.chosen()
        code = line.refusals.get(verb) if line is not None else None
        return self.w(f"refused.{code}") if code else None

    def do_urge(self) -> None:
        """Ask those at whom it lies to decide."""
        self._do(verbs.urge)

    async def do_withdraw(self) -> None:
        """Back to a draft; what others have signed is asked about first."""
        line, session = self.chosen(), self.session
        if line is not None and await void(self, line.visit):
            self.write(lambda: verbs.withdraw(session, line.visit, expected=line.version), self._done)

    def _do(self, verb: verbs.Verb) -> None:
        line = self.chosen()
        if line is not None:
            session = self.session
            self.write(lambda: verb(session, line.visit, expected=line.version), self._done)

    def _done(self, done: Done) -> None:
        self.say(self.w.text(done.message))

    async def do_discard(self) -> None:
        """Throw a draft away: asked first, for it cannot be undone."""
        line = self.chosen()
        if line is None:
            return
        title = self.w("requests.discard_asked", client=line.client or self.w("requests.draft"))
        if await self.answer(Confirm(title, self.w("requests.discard_yes"), self.w("kit.no"))):
            session = self.session
            self.write(
                lambda: request_verbs.discard_draft(session, line.visit, expected=line.version),
                lambda _: self.say(self.w("requests.discarded")),
            )

    def do_mine(self) -> None:
        """Mine, or all."""
        self.only_mine = not self.only_mine
        if self.shown is not None:
            self.show(self.shown)


async def void(page: Page, visit: int) -> bool:
    """Whether a request, or a change, is to be taken back though others have signed it; True where nobody has."""
    session = page.session
    found = await page.shell.thread(lambda: signed(session, visit))
    if not found:
        return True
    today = page.shell.now().date()
    lines = "\n".join(said_line(each, session.policy, page.w, today) for each in found)
    box = Confirm(page.w("requests.void_asked"), page.w("requests.void_yes"), page.w("kit.no"), lines)
    sure = await page.answer(box)
    return bool(sure)


def waited(seconds: float, w: Words) -> str:
    """How long a request has lain somewhere, "" for less than a minute."""
    return say_span(seconds, w) if seconds >= 60 else ""
