"""The wizard: a request in five pages, its draft kept at every field, and the policy's verdict while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from types import ModuleType
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus, Key
from textual.timer import Timer
from textual.widget import Widget

from models.errors import Refused
from models.form import Form, with_meals
from models.policy.answer import CapAnswer
from models.policy.model import LODGING, OF_MEAL
from models.policy.wording import Wording
from models.queries import request_preview as queries
from models.queries.plain_lists import DROPPED
from models.queries.request_preview import Opened, Verdict
from models.services import request_verbs, visit_form
from models.services.arrangement_verbs import Amended, amend, preview
from models.services.frame import Preview
from models.words import cell_len
from screens.kit.choices import Checks, Choice
from screens.kit.commands import by_key
from screens.kit.dialogs import Confirm, PickOne
from screens.kit.fields import Field, MomentField, ParsedField, TextField
from screens.kit.form_dialog import Impact
from screens.kit.linelist import Column
from screens.kit.page import Page
from screens.kit.text import Goto, Line, Lines, Piece, Sentences, Submit, labelled
from screens.wizard import client_page, form_facts, people_page, plan_page, review_page, times_page
from screens.wizard.draft import Draft
from screens.wizard.form_facts import FormFacts
from screens.wizard.form_rows import specs
from screens.wizard.form_table import FormTable, Spec, Texts, put, rows_of
from screens.wizard.review_page import estimate, said

# -- what follows the typing on pages 3 and 4 -------------------------------------------------------------------------

LINES = {"meals": OF_MEAL, "lodging": (LODGING,), "costs": ("cost",)}
"""How the ids of a table's plan lines begin."""


def foot_lines(facts: FormFacts, width: int) -> list[Line]:
    """The standards of the tier chosen and what the plan comes to."""
    standards = "  ".join([text for cap in facts.verdict.answer.caps if (text := standard(cap, facts))])
    waiting = facts.waits("plan")
    parts = [*estimate(facts), facts.w("wizard.total", total=facts.money(facts.verdict.answer.total))]
    return [
        *labelled(facts.w("wizard.field.standards"), standards or waiting or facts.w("wizard.no_tier"), width),
        *labelled(facts.w("wizard.field.estimate"), waiting or "  ".join(parts), width),
    ]


def standard(cap: CapAnswer, facts: FormFacts) -> str:
    """One standard, short: `用餐 80/人`, `四星级`; empty where it says no more than who sets it."""
    w = facts.w
    name = w("wizard.plus").join([facts.item(item) for item in cap.item])
    for key, limit in (("most", cap.most), ("least", cap.least)):
        if isinstance(limit, str):
            return w(f"wizard.grade_{key}", grade=facts.policy.entry(cap.item[0], limit).name)
        if limit == 0 and key == "most":
            return f"{name} {w('matrix.none_allowed')}"
        if limit is not None:
            return f"{name} " + w(f"wizard.money_{key}", limit=facts.money(limit), per=_per(cap.per, facts))
    return ""


def _per(per: str, facts: FormFacts) -> str:
    for key in (f"wizard.per.{per}", f"finding.per.{per}"):
        if facts.w.has(key):
            return facts.w(key)
    summed = next((cap for cap in facts.policy.caps if cap.per == per and cap.count_over is not None), None)
    return Wording(facts.policy, facts.w).per(summed) if summed is not None else per


def notes(facts: FormFacts, table: str) -> Mapping[int, list[str]]:
    """The policy's findings on a table's rows."""
    found: dict[int, list[str]] = {}
    for finding in facts.verdict.answer.findings:
        for start in LINES.get(table, ()):
            number = (finding.line or "").removeprefix(start)
            if number.isdecimal():
                found.setdefault(int(number) - 1, []).append(said(finding, facts))
    return found


def show(page: Any, form: Form, facts: FormFacts) -> None:
    """Page 3 after a new verdict: who decides each tier, findings at their rows, what else is asked for."""
    for more in page.query("#extra").results(Container):
        if [each.id for each in more.children] != [each.id for each in form_facts.fields(form, facts)]:
            page.run_worker(_anew(more, form, facts), group="extra", exclusive=True)
    for choice in page.query("#tier").results(Choice):
        if choice.options != tuple(plan_page.tiers(facts)):
            choice.set_options(plan_page.tiers(facts))
    for table in page.query("#sheet FormTable").results(FormTable):
        table.set_notes(notes(facts, table.spec.id))


async def _anew(more: Container, form: Form, facts: FormFacts) -> None:
    """The fields asked for now; those that are there already stay, with the cursor in them."""
    there = {each.id: each for each in more.children}
    wanted = {each.id: each for each in form_facts.fields(form, facts)}
    for name, old in there.items():
        if name not in wanted:
            await old.remove()
    for place, (name, field) in enumerate(wanted.items()):
        if name not in there:
            await more.mount(field, before=place if place < len(more.children) else None)


def show_people(page: Any, form: Form, facts: FormFacts) -> None:
    """Page 4 after a new verdict: what is asked of the lead host, and whom to tick."""
    asked = [f"{facts.label('asked')}\t{people_page.asked(facts)}"]
    told = page.query_one("#asked", Sentences)
    if told.texts != asked:
        told.set_texts(asked)
    for name in people_page.LISTS:
        checks = page.query_one(f"#{name}", Checks)
        options = people_page.people(facts, form, name)
        chosen = {str(person) for person in getattr(form, name)}
        if checks.options != tuple(options):
            checks.set_options(options)
        if checks.value != chosen:
            checks.value = chosen


# -- form to form -----------------------------------------------------------------------------------------------------

PAGE, FURTHEST = "page", "furthest"
"""In `raw`: the page left, and the furthest one seen."""
MUST: Mapping[int, tuple[str, ...]] = {
    1: ("client", "kind", "headcount", "department"),
    2: ("arrive", "depart"),
    3: ("tier",),
}
"""By page the fields that must be filled in before a request is handed in."""
OURS = (PAGE, FURTHEST, DROPPED, "offered-hosts", "offered-companions", times_page.OFFERED)
"""What the wizard itself keeps in `raw`; the rest is typed text that cannot be read."""


def begun(form: Form, facts: FormFacts, actor: int | None) -> Form:
    """A new form: who acts is the applicant (R99), the first kind of visitors the default (R1)."""
    kind = form.kind or (facts.policy.kinds[0].id if facts.policy.kinds else None)
    return times_page.with_departure(replace(form, applicant=form.applicant or actor, kind=kind))


def taken(page: ModuleType, form: Form, field: Field) -> Form:
    """The form with what a field of the page says; text that cannot be read is kept as typed."""
    name = str(field.id)
    raw = {key: text for key, text in form.raw.items() if key != name and not key.startswith(f"{name}.")}
    if isinstance(field, FormTable):
        rows, unread = rows_of(field.spec, field.texts)
        form = replace(form, raw={**raw, **unread})
        return with_meals(form, rows) if name == "meals" else put(form, {name: rows})
    if isinstance(field, ParsedField) and not field.readable:
        raw[name] = field.raw
    taken_form: Form = page.take(replace(form, raw=raw), field)
    return taken_form


def moved(form: Form, before: datetime | None) -> Form:
    """The form after its arrival changed from `before`: all that is dated moves by as many days."""
    if form.arrive is None or form.arrive == before:
        return form
    if before is not None and before.date() == form.arrive.date():
        return form
    moved_form = visit_form.moved(replace(form, arrive=before), form.arrive)
    return times_page.with_departure(replace(moved_form, depart=None)) if times_page.assumed(form) else moved_form


def spec(name: str, facts: FormFacts, form: Form) -> Spec[Any]:
    """A table with the defaults of the form as it is now."""
    return specs(facts, form)[name]


def left_at(form: Form, page: int) -> Form:
    """The form that opens again at this page."""
    return replace(form, raw={**form.raw, PAGE: str(page), FURTHEST: str(max(page, furthest(form)))})


def page_left(form: Form, last: int) -> int:
    """The page at which the form was left."""
    return _number(form.raw.get(PAGE), last)


def furthest(form: Form) -> int:
    """The furthest page seen."""
    return _number(form.raw.get(FURTHEST), 9)


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and int(text) > 0 else 1


def unread(form: Form) -> Mapping[str, str]:
    """What was typed and cannot be read, by field."""
    return {key: text for key, text in form.raw.items() if key not in OURS}


def complete(form: Form, facts: FormFacts, page: int) -> bool:
    """Whether a page was seen and holds what the policy must be told."""
    if furthest(form) <= page:
        return False
    return not set(MUST.get(page, ())) & set(facts.verdict.missing)


def shape(verdict: Verdict) -> object:
    """What of a verdict decides which fields the review has."""
    findings = [(each.level, each.code, each.rule, each.line, each.text) for each in verdict.findings]
    return findings, verdict.missing


# -- the pages --------------------------------------------------------------------------------------------------------

PAGES: tuple[ModuleType, ...] = (client_page, times_page, plan_page, people_page, review_page)
LAST = len(PAGES)
Loaded = tuple[queries.FormChoices, Opened | None, Verdict, Refused | None]
MORNING = time(9)
"""When guests of a day chosen elsewhere are taken to arrive, until one says."""


SAVE_AFTER = 1.0
"""Seconds of quiet typing until the draft is saved; leaving a field saves at once."""


class Wizard(Page):
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
        self._facts: FormFacts | None = None

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> FormFacts:
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
            return queries.choices(session, verdict.policy, session.now().date()), opened, verdict, refused

        self.read(load, self._loaded)

    def _loaded(self, found: Loaded) -> None:
        choices, opened, verdict, refused = found
        beginning = not self.ready
        if refused is not None:
            # it is somebody else's turn now; what is typed stays in sight
            text = self.w.text(refused.phrase)
            self.leave(text) if beginning else self.complain(text)
            return
        self._facts = FormFacts(self.w, verdict.policy, choices, verdict, self.shell.now().date())
        if beginning:
            self.begin(opened)
        elif opened and not self.closed and self.draft.behind(opened):
            self.stale(opened)
        else:
            self.judged(verdict)

    def begin(self, opened: Opened | None) -> None:
        """Go on with a draft at the page left, or begin a new one."""
        if opened is None:
            self.form = begun(self.form, self.facts, self.session.actor.person)
        else:
            self.opened, self.draft = opened, Draft(opened)
            self.form = replace(opened.form, raw={k: v for k, v in opened.form.raw.items() if k != DROPPED})
            self.touched = self.touched or DROPPED in opened.form.raw
            self.page = page_left(opened.form, LAST)
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
        if self.here is review_page:
            button = self.w("wizard.submit" if self.amended is None else "wizard.amend")
            return list(review_page.fields(self.form, self.facts, unread(self.form), button))
        return list(self.here.fields(self.form, self.facts, lambda: self.form))

    @property
    def on_last_page(self) -> bool:
        """Whether no page follows."""
        return self.page == LAST

    async def turn(self, page: int) -> None:
        """Show a page; what is typed so far is saved, and never in the way."""
        if PAGES[page - 1] in (people_page, review_page):
            await self._prefill()
        self.page = page
        self.form = left_at(self.form, page)
        self.removed = None
        await self.fill()
        fields = [each for each in self.query("#sheet *").results(Widget) if each.focusable]
        if self.here is review_page:
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
        form = people_page.prefilled(self.form, self.facts)
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
        missing = self.facts.verdict.missing if furthest(self.form) == LAST else ()
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
        lines = foot_lines(self.facts, width) if self.here is plan_page else []
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
        done = [complete(self.form, self.facts, at) for at in range(1, LAST + 1)]
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

    # -- keep, discard, submit ---------------------------------------------------------------------------

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
        if self.closed or self.amended is not None or not (self.touched or self.draft.visit):
            return
        form = replace(self.form, raw={**self.form.raw, DROPPED: "1"})
        try:
            self.draft.save(self.session, form)
        except Refused:
            if not self.touched:
                return
            # nobody can be asked any more: what was typed becomes a draft of its own
            self.draft.apart()
            self.draft.save(self.session, form)

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
                    lambda: request_verbs.discard_draft(session, visit, expected=version),
                    lambda _: self.leave(self.w("wizard.discarded")),
                )

        self.ask(Confirm(self.w("wizard.discard"), self.w("wizard.discard_yes"), self.w("wizard.discard_no")), chosen)

    def why_not_submit(self) -> str | None:
        """The review comes first; then whatever stops it."""
        if self.here is not review_page:
            return self.w("wizard.review_first")
        stops = review_page.stops(self.form, self.facts, unread(self.form))
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
            lambda: request_verbs.submit(session, visit, expected=version),
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
            self.write(lambda: amend(session, visit, form, expected=version, tier=form.tier, reasons=fresh), done)

        def shown(would: Preview) -> None:
            self.ask(Impact(self.w("change.impact"), would), seen)

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

    # -- keys and fields ---------------------------------------------------------------------------------

    # -- keys and fields -----------------------------------------------------------------------------------------

    async def on_key(self, event: Key) -> None:
        focused = self.focused
        if not self.ready and event.key not in ("escape", "f10"):
            event.stop()
            event.prevent_default()
        elif event.key in ("pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            await self.run_command(by_key(self.WHERE)[event.key])
        elif event.key == "enter" and isinstance(focused, Goto):
            event.stop()
            event.prevent_default()
            await self._go_to(focused.field)
        elif event.key == "enter" and not isinstance(focused, Submit) and not getattr(focused, "takes_text", False):
            event.stop()
            event.prevent_default()
            self.focus_next()

    async def _go_to(self, field: str) -> None:
        """To a field that must be filled in, on its page."""
        await self.turn(next(page for page, asked in MUST.items() if field in asked))
        for there in self.query(f"#{field}").results(Widget):
            there.focus()

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """The next field; at the page's end there is only the rest of it to see, and a word how to go on."""
        chain = self.focus_chain
        if chain and self.focused is chain[-1]:
            self._scroll_by(3)
            if self.here is not review_page:
                self.say(self.w("wizard.page_end"))
            return None
        return super().focus_next(selector)

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """The field before; at the page's beginning only what stands above it comes in sight."""
        chain = self.focus_chain
        if chain and self.focused is chain[0]:
            self._scroll_by(-3)
            return None
        return super().focus_previous(selector)

    def _scroll_by(self, lines: int) -> None:
        self.query_one("#sheet").scroll_relative(y=lines, animate=False)

    def on_field_entered(self, event: Field.Entered) -> None:
        self.focus_next()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        widget = event.widget
        if not isinstance(widget, (FormTable, Submit)) and not isinstance(widget.parent, FormTable):
            self.query_one("#sheet").scroll_to_widget(widget, animate=False)

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        field = event.widget.parent
        if isinstance(field, MomentField) and field.id == "arrive":
            self._move()
        if self.touched:
            self.save()

    def on_field_changed(self, event: Field.Changed) -> None:
        """Any field: the form is another one from now on."""
        self.touched = True
        field = event.field
        self.form = taken(self.here, self.form, field)
        if field.id in ("categories", "purposes", "services"):
            self._show_fields()
        self.ask_policy(self.judge_after)
        self._later("save", SAVE_AFTER, self.save)

    def _move(self) -> None:
        """The day of arrival changed: everything dated moves along."""
        self.form = moved(self.form, self.settled_arrival)
        self.settled_arrival = self.form.arrive or self.settled_arrival
        for name, value in (("depart", self.form.depart), ("arrival-at", self.form.arrival.at)):
            for field in self.query(f"#{name}").results(MomentField):
                if field.value != value and (value is not None or name not in self.form.raw):
                    field.value = value
                    field.repaint()

    def _show_fields(self) -> None:
        """A box was ticked: what belongs to it is there."""
        page = times_page if self.here is times_page else plan_page
        for field in self.query("#sheet Field").results(Field):
            field.display = page.shows(self.form, self.facts, field.id)
            if (
                isinstance(field, FormTable)
                and field.id in plan_page.FLAGS.values()
                and field.display
                and not field.texts
            ):
                self._renew(field)
                field.append()

    # -- rows ----------------------------------------------------------------------------------------------------

    def _table(self) -> FormTable | None:
        return next((each for each in self.query("#sheet FormTable").results(FormTable) if each.active), None)

    def _list(self) -> None:
        return None

    def _ticked(self) -> Checks | None:
        focused = self.focused
        return focused if isinstance(focused, Checks) and focused.id in people_page.LISTS else None

    def _renew(self, table: FormTable) -> None:
        """Let the table's defaults follow the form as it is now."""
        table.spec = spec(table.spec.id, self.facts, self.form)

    def why_not_add(self) -> str | None:
        """There must be something to add a row to."""
        fits = self.here in (client_page, plan_page) or self._ticked() is not None
        return None if fits else self.w("wizard.no_rows")

    async def do_add(self) -> None:
        """F4: a row more where one is; else a guest, a meal, a person."""
        ticked = self._ticked()
        if ticked is not None:
            await self._add_person(ticked)
            return
        table = self._table() or self.query_one("#guests" if self.here is client_page else "#meals", FormTable)
        if not table.display:
            boxes = self.query_one("#categories", Checks)
            boxes.value = boxes.value | {flag for flag, opens in plan_page.FLAGS.items() if opens == table.id}
            self.form = taken(plan_page, self.form, boxes)
            table.display = True
        self._renew(table)
        table.add()

    async def _add_person(self, ticked: Checks) -> None:
        title = self.w("wizard.add_person", list=ticked.label)
        key = await self.answer(PickOne(title, self.facts.person_rows(), (Column("", 12), Column())))
        if key is not None:
            name = str(ticked.id)
            form = put(self.form, {name: (*getattr(self.form, name), int(key))})
            ticked.set_options(people_page.people(self.facts, form, name))
            ticked.value = ticked.value | {key}
            ticked.post_message(Field.Changed(ticked))

    def why_not_remove(self) -> str | None:
        """One must be at a row."""
        table = self._table()
        return None if table is not None and table.texts else self.w("wizard.no_row_here")

    def do_remove(self) -> None:
        """F5: take the row out; F9 puts it back."""
        table = self._table()
        if table is not None:
            self.removed = (table.spec.id, [dict(row) for row in table.texts])
            table.take_out()
            self.say(self.w("wizard.removed"))

    def do_undo(self) -> None:
        """F9: the row taken out last is back."""
        if self.removed:
            name, texts = self.removed
            table = self.query_one(f"#{name}", FormTable)
            table.set_texts(texts)
            table.changed()
            table.enter()
            self.removed = None

    # -- the verdict ---------------------------------------------------------------------------------------------

    def _later(self, name: str, seconds: float, do: Callable[[], object]) -> None:
        waits: dict[str, Timer] = self.__dict__.setdefault("_waits", {})
        if name in waits:
            waits[name].stop()
        waits[name] = self.set_timer(seconds, do)

    def ask_policy(self, seconds: float) -> None:
        self._later("judge", seconds, self._judge)

    def _judge(self) -> None:
        session, form, visit = self.session, self.form, self.amended
        self.read(lambda: queries.verdict(session, form, visit), self.judged, group="judge")

    def judged(self, verdict: Verdict) -> None:
        before = self.facts
        self._facts = replace(before, policy=verdict.policy, verdict=verdict, w=self.w)
        if self.here in (people_page, review_page):
            form = people_page.prefilled(self.form, self.facts)
            if form != self.form:
                self.form = form
                self.ask_policy(0)
        if self.here is client_page:
            for told in self.query("#known").results(Sentences):
                told.set_texts(client_page.record(self.facts))
        elif self.here is plan_page:
            show(self, self.form, self.facts)
        elif self.here is people_page:
            show_people(self, self.form, self.facts)
        elif self.here is review_page:
            self._review(before.verdict)
        self.show()

    def _review(self, before: Verdict) -> None:
        """The review anew: in place while the same reasons are asked for."""
        if shape(before) != shape(self.facts.verdict):
            self.run_worker(self._fill_again(), group="turn", exclusive=True)
            return
        for summary in self.query("#summary").results(Sentences):
            summary.set_texts(review_page.summary(self.form, self.facts))
        for stops in self.query("#stops").results(Sentences):
            stops.set_texts(["", *review_page.conclusion(self.form, self.facts, unread(self.form))])

    async def _fill_again(self) -> None:
        field = self.focused.parent if self.focused is not None else None
        name = field.id if isinstance(field, Field) else "submit"
        await self.fill()
        for again in self.query(f"#{name}").results(Widget) or self.query("#submit").results(Widget):
            again.focus(scroll_visible=False)
