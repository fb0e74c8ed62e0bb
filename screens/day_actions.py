"""Changes on the day: another time, number of guests or first guest, with the impact shown while one types."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key, Resize

from models.errors import Refused
from models.form import MODES, Form, FormLeg
from models.papers.request_form import extras, rank, said_line, stop_line
from models.policy.answer import Answer, Finding, PlanLine
from models.policy.model import entry_name, item_name
from models.queries.request_lists import Competing, RequestPreview
from models.queries.visit_detail import Changing, changing
from models.services.arrangement_verbs import Amended, amend, preview
from models.services.frame import Preview
from models.services.visit_form import at_time, first_guest, following, for_headcount, with_guest
from models.words import cut, pad
from models.words.dates import parse_delay, say_day, say_moment
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.kit.commands import by_key
from screens.kit.fields import Field, NumberField, ParsedField, TextField
from screens.kit.form_dialog import impact_lines
from screens.kit.page import Page
from screens.kit.text import Line, Lines

LABEL = 27
NAME, NOW = 10, 16
WAIT = 0.15
"""Seconds without a key before what is typed is looked at."""


class DayActions(Page):
    """Opened over Today or a visit. What is left empty stays as it is; nothing typed is lost when it is refused."""

    WHERE = "change"
    popup = True
    DEFAULT_CSS = """
    DayActions #asked { height: auto; }
    DayActions #asked Container { height: auto; }
    DayActions #rule { height: 1; }
    """

    def __init__(self, visit: int) -> None:
        super().__init__()
        self.visit_id = visit
        self.opened: Changing | None = None
        self.shown: Preview | None = None
        self.codes: dict[str, Finding] = {}
        """The findings that want a reason, by code, in the order in which they came."""
        self.top = 0
        self.problem = ""
        self._looked: tuple[Form, int] | None = None
        """The form, and the version of the visit, of which what it touches is shown."""

    def body(self) -> ComposeResult:
        with Container(id="asked"):
            yield from self._fields()
            yield Container(*[self._reason(code) for code in self.codes], id="reasons")
        yield Lines(id="rule")
        yield Lines(id="touched")

    def _fields(self) -> list[Field]:
        form = self.opened.form if self.opened else Form()
        guest = first_guest(form)
        comes = self.opened.comes if self.opened else None
        arrive, today = comes or self.shell.now(), self.shell.now().date()
        at = ParsedField[datetime](
            self._label("time", f"{comes:%m-%d %H:%M}" if comes else ""), None,
            lambda text: parse_delay(text, arrive, today), lambda at: f"{at:%Y-%m-%d %H:%M}",
            id="time", label_width=LABEL,
            room=18,
        )  # fmt: skip
        heads = NumberField(
            self._label("headcount", str(form.headcount or "")), least=1, id="headcount", label_width=LABEL
        )
        name = TextField(self._label("guest", guest.name if guest else ""), id="guest", label_width=LABEL)
        return [at, heads, name]

    def _label(self, field: str, now: str) -> str:
        return pad(self.w(f"change.{field}"), NAME) + cut(now, NOW - 1)

    def _reason(self, code: str) -> TextField:
        return TextField(self.w("change.reason"), id=f"reason_{code}", max_length=500)

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: changing(session, self.visit_id), self.show)

    def show(self, opened: Changing | None) -> None:
        """Take the visit as it is now; what is typed stays."""
        if opened is None:
            self.back()
            return
        fresh = self.opened is None or (self.opened.form, self.opened.comes) != (opened.form, opened.comes)
        if self.shown is not None and self.opened is not None and self.opened.version != opened.version:
            self.say(self.w("change.meanwhile"))
        self.opened = opened
        title = "  ".join(part for part in (opened.number, opened.form.client) if part)
        self.headline = self.w("change.title", what=title)
        if fresh:
            for old, new in zip(self.query("#asked > Field").results(Field), self._fields(), strict=True):
                old.label = new.label
                if isinstance(old, ParsedField) and isinstance(new, ParsedField):
                    old.parse = new.parse
                old.repaint()
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        if opened.refused:
            self.refuse(self.w(f"refused.{opened.refused}"))
        self.look()

    def on_resize(self, event: Resize) -> None:
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._draw()

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        if self.said:
            self.say("")
        self.look()

    def look(self) -> None:
        """See what is typed now would do."""
        self.run_worker(self._look(), group="preview", exclusive=True)

    async def _look(self) -> None:
        await asyncio.sleep(WAIT)
        form, session, reasons = self.form(), self.session, self.reasons()
        self.problem = ""
        if self.opened is None or form is None or form == self.opened.form or self.opened.refused:
            self.shown = None
            self._draw()
            return
        wanted, version = form, self.opened.version
        try:
            shown = await self.shell.thread(
                lambda: preview(session, self.visit_id, wanted, reasons=reasons), write=True
            )
        except Refused as refused:
            self.shown, self.problem = None, self.reason(refused)
        except Exception as error:
            self.shown, self.problem = None, self.w("kit.went_wrong", number=self.shell.incident(error))
        else:
            self.shown = shown
            await self._ask_reasons(shown)
        self._looked = (wanted, version)
        self._draw()

    async def _ask_reasons(self, shown: Preview) -> None:
        """A line for each reason that is wanted, below the others; one that was typed stays while it may be wanted."""
        wanted = {finding.code: finding for finding in shown.findings if finding.level == "reason"}
        for code, finding in wanted.items():
            if code not in self.codes:
                self.codes[code] = finding
                await self.query_one("#reasons").mount(self._reason(code))

    def _draw(self) -> None:
        panes = self.query("#touched").results(Lines)
        for pane in panes:
            lines = self._lines()
            self.top = max(0, min(self.top, len(lines) - pane.size.height))
            pane.set_lines(lines[self.top :])
        self.show_keys()

    def _lines(self) -> list[Line]:
        width = self.size.width
        if self.problem:
            return [(f" ! {self.problem}", "alert")]
        if self.shown is None or self.opened is None:
            return [f" {self.w('change.hint')}", f" {self.w('change.hint_time')}", f" {self.w('change.hint_guest')}"]
        follow: list[Line] = [self._follow()] if self.headcount() is not None else []
        return [*follow, *impact_lines(self.shown, self.w, width)]

    def _follow(self) -> Line:
        meals, rooms = following(self.opened.form) if self.opened else (0, 0)
        return (f" {self.w('change.follow', meals=meals, rooms=rooms)}" if meals or rooms else "", "dim")

    # -- what is typed -------------------------------------------------------------------------------------

    def headcount(self) -> int | None:
        """The number typed, None where there is none."""
        return self.query_one("#headcount", NumberField).value

    def form(self) -> Form | None:
        """The form as typed; None where a field cannot be read."""
        if self.opened is None or not all(field.readable for field in self.query(ParsedField)):
            return None
        form = self.opened.form
        at: datetime | None = self.query_one("#time", ParsedField).value
        heads = self.headcount()
        name, _, post = str(self.query_one("#guest", TextField).value).replace("／", "/").partition("/")
        form = at_time(form, at) if at is not None else form
        form = for_headcount(form, heads) if heads is not None else form
        return with_guest(form, name.strip(), post.strip()) if name.strip() else form

    def reasons(self) -> dict[str, str]:
        """The reasons typed, by the finding's code."""
        fields = {code: self.query(f"#reason_{code}") for code in self.codes}
        return {code: cast(TextField, found.first()).value for code, found in fields.items() if found}

    # -- saving --------------------------------------------------------------------------------------------

    async def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        command = self.keyed("enter")
        if command is not None:
            await self.run_command(command)

    def why_not_save(self) -> str | None:
        """Something must be typed that can be read, and the visit be the actor's to change."""
        if self.opened is None:
            return self.w("kit.nothing")
        if self.opened.refused:
            return self.w(f"refused.{self.opened.refused}")
        form = self.form()
        if form is None:
            return self.w("change.unreadable")
        if form != self.opened.form:
            return None
        typed, comes = self.query_one("#time", ParsedField).value, self.opened.comes
        if typed is None or comes is None or typed == comes:
            return self.w("change.nothing")
        return self.w("change.late", at=f"{comes:%m-%d %H:%M}")

    def do_save(self) -> None:
        """Enter: make the change, once what it touches was shown."""
        form, opened, session, reasons = self.form(), self.opened, self.session, self.reasons()
        if form is None or opened is None:
            return
        if self._looked != (form, opened.version):
            self.say(self.w("change.look_first"))
            return
        for field in self.query("#reasons TextField").results(TextField):
            if not field.value and self._owed(str(field.id).removeprefix("reason_")):
                field.error = self.w("kit.needed")
                field.focus()
                return
        wanted = replace(form)
        self.write(lambda: amend(session, self.visit_id, wanted, expected=opened.version, reasons=reasons), self._saved)

    def _owed(self, code: str) -> bool:
        return self.shown is not None and any(finding.code == code for finding in self.shown.findings)

    def _saved(self, done: Amended) -> None:
        below = [screen for screen in self.app.screen_stack[:-1] if isinstance(screen, Page)][-1:]
        self.dismiss(done)
        for page in below:
            page.say(self.w.text(done.done.message))

    async def on_key(self, event: Key) -> None:
        # a line of text would take them for its own scrolling
        if event.key in ("pageup", "pagedown"):
            event.stop()
            event.prevent_default()
            await self.run_command(by_key(self.WHERE)[event.key])

    def why_not_more(self) -> str | None:
        """There must be more than fits."""
        rest = len(self._lines()) - self.top - self.query_one("#touched", Lines).size.height
        return None if rest > 0 else self.w("change.no_more")

    def why_not_less(self) -> str | None:
        """There must be something above."""
        return None if self.top else self.w("change.no_more")

    def do_more(self) -> None:
        """The next page of what it touches."""
        self._scroll(1)

    def do_less(self) -> None:
        """The page before."""
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        pane = self.query_one("#touched", Lines)
        self.top = max(0, self.top + by * max(1, pane.size.height - 1))
        self._draw()


# -- a request in lines -----------------------------------------------------------------------------------------------

Texts = Iterator[tuple[str, str]]


def preview_lines(asked: RequestPreview, page: Page, width: int, height: int = 0) -> list[Line]:
    """The request in lines of at most `width` cells, what a decision needs first in front, findings marked `!`.

    With `height` no more than so many lines, the last of which then says how much is left out.
    """
    lines: list[Line] = []
    for text, style in _RequestText(asked, page).texts():
        lines += [(line, style) for line in wrap(text, width)]
    if height and len(lines) > height:
        more = page.w("approvals.more", n=len(lines) - height + 1)
        return [*lines[: height - 1], (more, "dim")]
    return lines


class _RequestText:
    """One request in words."""

    def __init__(self, asked: RequestPreview, page: Page) -> None:
        self.asked, self.page, self.w = asked, page, page.w
        self.form, self.policy, self.today = asked.form, asked.policy, page.shell.now().date()

    def texts(self) -> Texts:
        """Each thing with its style, in the order in which a decision needs them."""
        asked, form, w = self.asked, self.form, self.w
        tier = w.name(self.policy.name_of(asked.tier)) if asked.tier and self.policy.tiers else ""
        yield "  ".join(part for part in (form.client, tier) if part), "bold"
        guest = next((each for each in form.guests if each.principal), None) or next(iter(form.guests), None)
        who = " ".join(part for part in (guest.name, guest.post) if part) if guest else ""
        count = form.headcount or 0
        yield (w("today.party", who=who, n=count) if who else w("today.guests", n=count)), ""
        if asked.of:
            yield w("approvals.acting", who=asked.of), "bold"
        yield from self._if(w.text(asked.lies) if asked.lies else "")
        for whose, whom, why in asked.handed:
            yield w("approvals.handed", whose=whose, whom=whom, why=why), ""
        yield from self._times()
        purposes = [*self._names("purpose", form.purposes), form.purpose_text, form.reason]
        yield from self._if(" ".join(text for text in purposes if text))
        yield from self._changes()
        yield from self._objections()
        if asked.answer is not None:
            yield w("approvals.plan", total=self._money(asked.answer.total)), "bold"
        yield from self._host()
        for said in asked.said:
            yield said_line(said, self.policy, self.w, self.today), ""
        yield from self._ahead()
        if asked.answer is not None:
            yield from self._notice(asked.answer)
            yield from ((w.text(each.text), "") for each in asked.findings if each.level == "info")
            yield from self._costs(asked.answer)
        yield from self._rest()

    def _times(self) -> Texts:
        arrive, depart = self.asked.comes, self.asked.goes
        if arrive and depart:
            leave = f"{depart:%H:%M}" if depart.date() == arrive.date() else f"{depart:%m-%d %H:%M}"
            yield f"{say_day(arrive.date(), self.today, self.w)} {arrive:%H:%M} - {leave}", ""

    def _changes(self) -> Texts:
        """What is asked to be other than approved: the old and the new."""
        asked, before, w = self.asked, self.asked.before, self.w
        if before is None:
            return
        yield w("approvals.change"), "bold"
        tiers = [w.name(self.policy.name_of(each)) if each else "-" for each in (before.tier, asked.tier)]
        yield from self._changed("tier", *tiers)
        yield from self._changed("headcount", str(before.headcount), str(self.form.headcount))
        hosts = [w.people(asked.names.get(each, "") for each in form.hosts) or "-" for form in (before, self.form)]
        yield from self._changed("hosts", *hosts)
        for key in ("arrive", "depart"):
            moments = [getattr(form, key) for form in (before, self.form)]
            yield from self._changed(key, *[say_moment(at, self.today, w) if at else "-" for at in moments])
        fields = {each: each for each in ("client", "purposes", "services", "wants", "lodging")} | {"meals": "meal"}
        others = [w(f"fields.{label}") for field, label in fields.items() if self._differs(field)]
        yield from self._if(w("approvals.change_too", fields=" ".join(others)) if others else "")

    def _differs(self, field: str) -> bool:
        return bool(getattr(self.asked.before, field) != getattr(self.form, field))

    def _changed(self, field: str, old: str, new: str) -> Texts:
        if old != new:
            label = self.w("approvals.host_label" if field == "hosts" else f"fields.{field}")
            yield self.w("approvals.changed", field=label, old=old, new=new), ""

    def _objections(self) -> Texts:
        """What the policy says against it, and which other visits matter to it."""
        asked, w = self.asked, self.w
        said = [f"! {w.text(asked.problem.phrase)}"] if asked.problem is not None else []
        for finding in asked.findings:
            if finding.level != "info":
                reason = self.form.reasons.get(finding.code, "") if finding.reasoned else ""
                said.append(f"! {w.text(finding.text)}" + (f" “{reason}”" if reason else ""))
        said += [f"! {self._competing(each)}" for each in asked.competing]
        for text in said:
            yield text, "alert"
        if not said:
            yield w("approvals.clear"), "good"

    def _competing(self, each: Competing) -> str:
        key = "approvals.competing" if each.firm else "approvals.competing_asked"
        until = f"{each.until:%H:%M}" if each.until else ""
        return self.w(key, thing=each.thing, client=each.client, time=f"{each.starts:%m-%d %H:%M}", until=until)

    def _host(self) -> Texts:
        hosts = self.w.people(name for _, name in self.asked.hosts) or "-"
        answer = self.asked.answer
        fits = self.w("approvals.fits") if answer is not None and answer.lead_host.satisfied else ""
        yield self.w("approvals.host", who=hosts, fits=fits).rstrip(), ""

    def _ahead(self) -> Texts:
        """Who comes after, and who is only told."""
        w = self.w
        stops = [stop_line(self.policy, stop, w) for stop in self.asked.ahead]
        yield from self._if(w("extra.ahead", stops=" -> ".join(stops)) if stops else "")

    def _notice(self, answer: Answer) -> Texts:
        """How long ahead, unless it is late, which a finding says."""
        notice, w = answer.notice, self.w
        if notice.needed is not None and notice.unit is not None and not notice.late:
            given, needed = (w(f"finding.span.{notice.unit}", n=n) for n in (notice.given, notice.needed))
            yield w("approvals.in_time", given=given, needed=needed), ""

    def _costs(self, answer: Answer) -> Texts:
        """The plan, lines of one item and price as one."""
        sums: dict[tuple[str, int | None, str], list[PlanLine]] = {}
        for line in answer.plan:
            if line.amount is not None or line.quantity:
                price = line.price if line.price is not None else line.cap
                sums.setdefault((line.item, price, line.payer), []).append(line)
        for (item, price, payer), lines in sums.items():
            quantity = sum((line.quantity for line in lines), Decimal())
            figure = f"{quantity.normalize():f}" + (f"x{self._money(price)}" if price is not None else "")
            known = [line.amount for line in lines if line.amount is not None]
            amount = f"= {self._money(sum(known))}" if known else ""
            over = sum(line.over for line in lines)
            beyond = self.w("approvals.over", amount=self._money(over)) if over else ""
            pays = self.w(f"approvals.pays.{payer}") if payer != "company" else ""
            parts = (self.w.text(item_name(self.policy, item)), figure, amount, beyond, pays)
            yield f" {' '.join(part for part in parts if part)}", ""

    def _rest(self) -> Texts:
        """What else the form says."""
        asked, form, w = self.asked, self.form, self.w
        if asked.companions:
            yield w("approvals.companions", n=len(asked.companions), who=" ".join(n for _, n in asked.companions)), ""
        chosen = [*self._names("service", form.services), *self._names("want", form.wants)]
        for text in (" ".join(chosen), form.services_text, form.other_text, form.arrangements):
            yield from self._if(text)
        for role, name in asked.leads:
            yield f"{w.name(self.policy.name_of(role))} {name}", ""
        yield w("approvals.applicant", who=asked.applicant or "-") + f"  {asked.number}", ""
        for label, text in extras(self.policy, form, w):
            yield f"{label} {text}", ""
        for each in form.guests:
            yield from self._if(
                " ".join(part for part in (each.name, each.post, each.address, rank(self.policy, each, w)) if part)
            )
        yield from self._legs(form)

    def _legs(self, form: Form) -> Texts:
        w = self.w
        for key, leg in (("arrive", form.arrival), ("depart", form.departure)):
            if leg != FormLeg():
                mode = w(f"today.mode.{leg.mode}") if leg.mode in MODES else leg.mode
                at = say_moment(leg.at, self.today, w) if leg.at else ""
                parts = (w(f"fields.{key}"), mode, leg.number, leg.place, at, leg.plates)
                yield " ".join(part for part in parts if part), ""

    def _names(self, list_id: str, ids: Iterable[str]) -> list[str]:
        return [self.w.name(entry_name(self.policy, list_id, each)) for each in ids]

    def _if(self, text: str) -> Texts:
        if text:
            yield text, ""

    def _money(self, minor: int) -> str:
        return say_money(minor, self.policy.currency.minor)
