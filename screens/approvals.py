"""Approvals: the requests that wait, all that one needs to decide each, and the line in which it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key
from textual.widget import Widget

from models.errors import Refused
from models.frozen import NO_ENTRIES, record
from models.policy.answer import Finding
from models.queries.recorded_lists import RecordedLine, recorded
from models.queries.request_lists import Pending, RequestPreview, approvals, preview
from models.queries.stand_in_lists import stand_in_list
from models.queries.task_lists import Signing, signing
from models.services import decision_verbs
from models.services.decision_verbs import Outcome, undo_agree
from models.services.request_verbs import Verb as Undo
from models.services.session import Session
from models.services.stand_in_verbs import delegate, undo_delegate
from models.services.visits import Done, post_names
from models.words import Unreadable, Words, cell_len
from models.words.dates import parse_moment, say_day
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.day_actions import preview_lines
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.dialogs import Dialog, TextDialog
from screens.kit.fields import Field, NumberField, TextField
from screens.kit.form_dialog import FormDialog
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, abreast
from screens.requests import waited
from screens.stand_ins import PERSON, person_row

LIST = 46
BESIDE = 78
"""From this width on the preview stands beside the list, else below it."""
COST = "cost"
"""How the key of a row of costs begins."""
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
        self.costs: tuple[Signing, ...] = ()
        self.asked: RequestPreview | None = None
        self.decided = 0
        """The visit decided last, whose agreement can be taken back at once."""
        self.kept: dict[int, EnteredDecision] = {}
        """What was entered for visits whose decision was refused."""

    def body(self) -> ComposeResult:
        with Container(id="pair"):
            yield LineList(empty=self.w("approvals.empty"), id="pending")
            yield Lines(id="preview")

    def _columns(self) -> list[Column]:
        marks = [cell_len(self.w.name(each.line.mark)) for each in self.shown or () if each.line.mark]
        acting = [Column("", cell_len(self.w("approvals.for_mark")))] if self._acting else []
        tier = [Column(self.w("requests.tier"), max([2, *marks]))] if self.session.policy.tiers else []
        return [
            Column(self.w("requests.arrive"), 10, "data"),
            *tier,
            *acting,
            Column(self.w("requests.client"), 0),
            Column(self.w("requests.headcount"), 3, "figure"),
            Column(self.w("approvals.by"), 6),
            Column(self.w("requests.since"), 8, "data"),
        ]

    @property
    def _acting(self) -> bool:
        """Whether something waits for the actor as somebody's stand-in: it bears a mark."""
        return any(each.of for each in self.shown or ())

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
        listed.styles.height = "1fr" if beside else self._below
        side.styles.height = "1fr"
        self._show_preview()

    @property
    def _list_width(self) -> int:
        return LIST + max(0, self.size.width - 100) // 2

    @property
    def _below(self) -> int:
        """The lines of the list where the preview stands below it."""
        costs = self._costs()
        return min(6, len(self._rows()) + len(costs) + bool(costs) + 1)

    def _rows(self) -> list[Pending]:
        return [each for each in self.shown or () if each.mine or not self.only_mine]

    def _costs(self) -> list[Signing]:
        return [each for each in self.costs if each.mine or not self.only_mine]

    def reload(self) -> None:
        session = self.session
        self._arrange()
        self.read(lambda: (approvals(session), signing(session)), lambda found: self.show(*found))
        self.read(lambda: recorded(session), self._note_recorded, group="recorded")

    def _note_recorded(self, found: tuple[RecordedLine, ...]) -> None:
        """Say that decisions were recorded in the actor's name, or objected to, until they are seen to."""
        mine, objected = (
            sum(line.mine and not line.objection for line in found),
            sum(bool(line.objection) for line in found),
        )
        said = [self.w("recorded.to_confirm", n=mine)] if mine else []
        said += [self.w("recorded.to_settle", n=objected)] if objected else []
        self.note(f" ! {'  '.join(said)}" if said else "")

    def show(self, found: tuple[Pending, ...], costs: tuple[Signing, ...]) -> None:
        """Fill the screen with what waits: requests, and costs that want a signature."""
        first = self.shown is None
        self.shown, self.costs = found, costs
        mine = sum(each.mine for each in found) + sum(each.mine for each in costs)
        if first and not mine:
            self.only_mine = False
        key = "approvals.title_mine" if self.only_mine else "approvals.title_all"
        self.headline = self.w(key, mine=mine, n=len(found) + len(costs))
        listed = self.query_one("#pending", LineList)
        listed.set_columns(self._columns())
        rows = [*[self._row(each) for each in self._rows()], *self._cost_rows()]
        self._arrange()
        empty = self.w("approvals.empty_mine" if self.only_mine else "approvals.empty")
        listed.set_rows(rows, empty=empty, within=self.w("approvals.within_mine") if self.only_mine else "")
        self._read_preview()

    def _row(self, each: Pending) -> Row:
        line = each.line
        tier = [self.w.name(line.mark) if line.mark else ""] if self.session.policy.tiers else []
        since = waited((self.session.now_utc() - line.since).total_seconds(), self.w) if line.since else ""
        cells = (
            say_day(line.arrive.date(), self.shell.now().date(), self.w) if line.arrive else "?",
            *tier,
            *([self.w("approvals.for_mark") if each.of else ""] if self._acting else []),
            line.client,
            str(line.headcount or "?"),
            line.applicant,
            ("!" if line.late or line.urged else "") + since,
        )
        return Row(str(line.visit), cells, "" if each.mine else "dim", find=(*line.find, line.number or ""))

    def _cost_rows(self) -> list[Row]:
        costs, today = self._costs(), self.shell.now().date()
        head = [Row("", (self.w("approvals.costs", n=len(costs)),), heading=True)] if costs else []
        tier = [""] if self.session.policy.tiers else []
        found = []
        for each in costs:
            line = each.first
            day = say_day(line.arrive.date(), today, self.w) if line.arrive else "?"
            over = say_money(sum(each.over for each in each.lines), self.session.policy.currency.minor)
            cells = (day, *tier, *([""] if self._acting else []), line.client, "", self.w("approvals.cost"), f"+{over}")
            found.append(Row(f"{COST}{each.visit}", cells, "" if each.mine else "dim", find=(*line.find, line.number)))
        return [*head, *found]

    def chosen_cost(self) -> Signing | None:
        """The visit under the cursor whose costs want a signature."""
        key = self.query_one("#pending", LineList).key
        return next((each for each in self.costs if f"{COST}{each.visit}" == key), None)

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
        session, visit = self.session, each.line.visit
        self.read(lambda: preview(session, visit), self._got_preview, group="preview")

    def _got_preview(self, asked: RequestPreview | None) -> None:
        self.asked = asked
        self._show_preview()

    def _show_preview(self) -> None:
        side, work = self.query_one("#preview", Lines), self.query_one("#work").size.height
        beside = self.size.width >= BESIDE
        width = self.size.width - (self._list_width if beside else 0) - 3
        height = work if beside else work - self._below - 1
        cost = self.chosen_cost()
        lines = preview_lines(self.asked, self, width, height) if self.asked and height > 0 else []
        lines = cost_lines(cost, self, width)[: max(0, height)] if cost else lines
        if beside:
            lines = [abreast("| ", lines[at] if at < len(lines) else "") for at in range(height)]
        else:
            lines = ["-" * self.size.width, *(abreast(" ", line) for line in lines)]
        side.set_lines(lines)

    # -- commands ------------------------------------------------------------------------------------------

    def why_not_decide(self) -> str | None:
        """The request must lie at the actor; what others decided is recorded by a key of its own. Costs are opened."""
        each = self.chosen()
        if self.chosen_cost():
            return None
        if each is None:
            return self.w("approvals.none_chosen")
        if each.mine:
            return None
        refused = self.w(f"refused.{each.why_not}")
        return self.w("approvals.record_by_f5", refused=refused) if each.record else refused

    async def do_decide(self) -> None:
        """Enter: the decision line; what the policy objects to is mended there. Costs are signed on their visit."""
        each = self.chosen()
        if each is not None:
            await self._decide(each, record=False)
        elif self.chosen_cost():
            self.do_open()

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
        session = self.session
        self.kept[visit] = verdict

        def told(result: Done | Refused) -> None:
            if isinstance(result, Done):
                self.kept.pop(visit, None)
                self.decided = visit
                self._leave(visit)
                self.say(self.w.text(result.message))
            else:
                self._refused(each, result, verdict, record)

        self.write(lambda: _decided(session, asked, verdict), told)

    def _leave(self, visit: int) -> None:
        """Off a visit that was decided, to the next that waits for the actor: the next Enter is not about it."""
        listed = self.query_one("#pending", LineList)
        keys = [row.key for row in listed.rows if row.key]
        at = keys.index(str(visit)) if str(visit) in keys else 0
        others = [key for key in (*keys[at + 1 :], *reversed(keys[:at])) if key != str(visit)]
        mine = {str(each.line.visit) for each in self.shown or () if each.mine}
        for key in sorted(others, key=lambda key: key not in mine)[:1]:
            listed.key = key

    def _refused(self, each: Pending, refused: Refused, verdict: EnteredDecision, record: bool) -> None:
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

    def barred(self, verb: str) -> str | None:
        """Why the actor may not do the verb to the request under the cursor."""
        each = self.chosen()
        code = each.refused.get(verb) if each is not None else None
        return self.w(f"refused.{code}") if code else None

    async def do_delegate(self) -> None:
        """Hand this one request to a colleague, who decides for the actor."""
        each = self.chosen()
        asked = await self._asked(each.line.visit) if each is not None else None
        if asked is None:
            return
        session, known = self.session, {person for person, _ in asked.who}
        found = await self.shell.thread(lambda: stand_in_list(session))
        people = [person_row(each, self.w) for each in found.people if each.id not in known]
        whom = Pick(self.w("approvals.delegate_to"), people, columns=PERSON, id="whom")
        words = TextField(self.w("checklist.why"), id="words", max_length=500)

        def save() -> Done:
            return delegate(session, asked.visit, int(whom.value or 0), words.value, expected=asked.version)

        title = self.w("approvals.delegate_title", client=asked.form.client)
        text = self.w("approvals.delegate_text")
        done = await self.answer(FormDialog(title, [whom, words], save, needed=[whom, words], text=text))
        if done is not None:
            self.say(self.w.text(done.message))

    def _undoable(self) -> tuple[Pending, Undo] | None:
        """What can be taken back, and how: what was decided here last, else the request under the cursor."""
        last = next((each for each in self.shown or () if each.line.visit == self.decided), None)
        ways: dict[str, Undo] = {"undo_agree": undo_agree, "undo_delegate": undo_delegate}
        for each in (last, self.chosen()):
            for verb, do in ways.items():
                if each is not None and each.refused.get(verb) is None:
                    return each, do
        return None

    def why_not_undo(self) -> str | None:
        """An agreement on which nobody has acted, or a request that was handed on."""
        return None if self._undoable() else self.w("refused.nothing_agreed")

    def do_undo(self) -> None:
        """Take back one's own agreement, or what one handed on."""
        found, session = self._undoable(), self.session
        if found is not None:
            each, undo = found
            self.write(
                lambda: undo(session, each.line.visit, expected=each.line.version),
                lambda done: self.say(self.w.text(done.message)),
            )

    def do_open(self) -> None:
        """Everything of the visit; its costs where one of them is to be signed."""
        each, cost = self.chosen(), self.chosen_cost()
        if each is not None:
            self.shell.open("visit", each.line.visit)
        elif cost is not None:
            self.shell.open("visit", cost.visit, "costs", str(cost.first.expense))

    async def do_read(self) -> None:
        """Space: the whole preview, over the screen."""
        each, cost = self.chosen(), self.chosen_cost()
        if cost is not None:
            text = "\n".join(_plain(line) for line in cost_lines(cost, self, TextDialog.BOX - 2))
            await self.answer(TextDialog(cost.first.client, text))
        asked = await self._asked(each.line.visit) if each is not None else None
        if asked is not None:
            lines = preview_lines(asked, self, TextDialog.BOX - 2)
            await self.answer(TextDialog(asked.form.client, "\n".join(_plain(line) for line in lines)))

    async def _asked(self, visit: int) -> RequestPreview | None:
        """What is asked in a request, read now where the preview beside the list is not there yet."""
        session = self.session
        if self.asked is None or self.asked.visit != visit:
            self.asked = await self.shell.thread(lambda: preview(session, visit))
        return self.asked

    def do_mine(self) -> None:
        """What waits for me, or all that waits."""
        self.only_mine = not self.only_mine
        if self.shown is not None:
            self.show(self.shown, self.costs)


def cost_lines(cost: Signing, page: Page, width: int) -> list[Line]:
    """The costs of a visit that want a signature: what each came to, who may agree to it, and how."""
    w, digits = page.w, page.shell.session.policy.currency.minor
    first = cost.first
    lines: list[Line] = [(f"{first.client}  {first.number}", "bold")]
    for each in cost.lines:
        sums = {"amount": each.amount, "cap": each.cap, "over": each.over or None}
        told = [w(f"approvals.cost_{key}", n=say_money(n, digits)) for key, n in sums.items() if n is not None]
        lines += wrap("  ".join([w.name(each.name), f"{each.on:%m-%d}" if each.on else "", *told]), width)
        lines += [(line, "" if each.mine else "dim") for line in wrap(w.text(each.text), width)]
    return [*lines, *wrap(w("approvals.sign_there"), width)]


def _decided(session: Session, asked: RequestPreview, verdict: EnteredDecision) -> Done | Refused:
    try:
        return decision_verbs.decide(
            session, asked.visit, expected=asked.version, outcome=verdict.outcome, words=verdict.words,
            tier=verdict.tier, hosts=verdict.hosts, headcount=verdict.headcount, companions=verdict.companions,
            reasons=verdict.reasons, for_person=verdict.for_person, medium=verdict.medium,
            decided_at=verdict.decided_at,
        )  # fmt: skip
    except Refused as refused:
        return refused


def _plain(line: Line) -> str:
    return "".join(text for text, _ in abreast(line))


# -- the decision line ------------------------------------------------------------------------------------------------

LABEL = 9
MEDIA = ("phone", "paper", "word", "message")
"""How somebody says what they decide who does not sign here."""
MENDED_BY_HOST = ("lead_host", "no_lead_host", "host_busy")
"""Findings that another lead host mends."""


@record
class EnteredDecision:
    """What was entered on the decision line; None where nothing was changed."""

    choice: str
    words: str
    tier: str | None = None
    hosts: tuple[int, ...] | None = None
    headcount: int | None = None
    companions: tuple[int, ...] | None = None
    reasons: Mapping[str, str] = NO_ENTRIES
    for_person: int | None = None
    medium: str = ""
    decided_at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        """What the service is told."""
        return "agree" if self.choice in ("agree", "change") else cast(Outcome, self.choice)


class Ways(Choice):
    """A choice whose arrows choose at once: Enter decides, so cursor and mark must never differ. Where nothing is
    chosen yet the first arrow chooses what the cursor stands on."""

    def _go(self, place: int) -> None:
        super()._go(place if self.value else self.place)
        self._mark(self.place)


class Decide(Dialog[EnteredDecision]):
    """At the foot of the screen, so that what is asked stays in sight. `before` is what was entered when the policy
    objected with `findings` or something was wrong (`problem`); `record`: for somebody who gave the decision by phone
    or on paper, where nothing is chosen beforehand: neither what they decided nor how they said so."""

    DEFAULT_CSS = """
    Decide { align: center bottom; }
    Decide > #box { width: 100%; border: none; border-top: ascii ansi_default; overflow: hidden auto;
        scrollbar-size: 0 0; }
    """
    AUTO_FOCUS = "#choice"

    def __init__(
        self,
        asked: RequestPreview,
        w: Words,
        now: datetime,
        *,
        record: bool = False,
        before: EnteredDecision | None = None,
        findings: Sequence[Finding] = (),
        problem: str = "",
    ) -> None:
        title = "title_record" if record else "title_acting" if asked.of else "title"
        super().__init__(w(f"decide.{title}", client=asked.form.client, who=asked.of))
        self.asked, self.now, self.record, self.findings = asked, now, record, tuple(findings)
        self.problem = problem
        self.before = before or (EnteredDecision("", "") if record else EnteredDecision("agree", w("decide.agreed")))
        self.effect = Lines(id="effect")
        self.effect.styles.height = 0
        self._build(w)

    def _build(self, w: Words) -> None:
        asked, before = self.asked, self.before
        self.choice = Ways(
            w("decide.choice"), self._ways(w), before.choice, inline=True, id="choice", label_width=LABEL
        )
        self.remark = TextField(w("decide.words"), before.words, id="words", label_width=LABEL)
        people = [Row(str(person), (name,)) for person, name in asked.offered]
        hosts = before.hosts if before.hosts is not None else tuple(person for person, _ in asked.hosts)
        tiers = [Option(each.id, w.name(each.name)) for each in asked.policy.tiers]
        tier = before.tier or asked.tier or ""
        self.tier = Ways(w("decide.tier"), tiers, tier, inline=True, id="tier", label_width=LABEL)
        self.hosts = [
            Pick(w(f"decide.host{at + 1}"), people, str(hosts[at]) if at < len(hosts) else "", id=f"host{at}",
                 label_width=LABEL)
            for at in range(2)
        ]  # fmt: skip
        self.headcount = NumberField(
            w("decide.headcount"), before.headcount or asked.form.headcount, least=1, id="headcount", label_width=LABEL
        )
        named = dict(asked.companions) | dict(asked.offered)
        ticked = before.companions if before.companions is not None else tuple(p for p, _ in asked.companions)
        self.companions = Checks(
            w("decide.companions"), [Option(str(p), name) for p, name in named.items()],
            [str(p) for p in ticked], id="companions", label_width=LABEL,
        )  # fmt: skip
        codes = dict.fromkeys(finding.code for finding in self.findings if finding.level == "reason")
        self.reasons = {
            code: TextField(w("decide.reason"), before.reasons.get(code, ""), id=f"reason-{code}", label_width=LABEL)
            for code in codes
        }
        who = [Row(str(person), (name,)) for person, name in (asked.who or asked.offered)]
        sole = str(asked.who[0][0]) if len(asked.who) == 1 else ""
        self.whose = Pick(w("decide.whose"), who, str(before.for_person or "") or sole, id="whose", label_width=LABEL)
        media = [Option(w(f"decide.by_{way}"), w(f"decide.by_{way}")) for way in MEDIA]
        self.medium = Ways(w("decide.medium"), media, before.medium, inline=True, id="medium", label_width=LABEL)
        when = f"{before.decided_at or self.now:%Y-%m-%d %H:%M}"
        self.when = TextField(w("decide.when"), when, id="when", room=18, label_width=LABEL)

    def _ways(self, w: Words) -> list[Option]:
        asked = self.asked
        tier = w.name(asked.policy.name_of(asked.tier)) if asked.tier and asked.policy.tiers else ""
        agree = " ".join(part for part in (w("decide.agree"), tier) if part)
        return [Option("agree", agree), *(Option(way, w(f"decide.{way}")) for way in ("change", "return", "refuse"))]

    def body(self) -> ComposeResult:
        told: set[str] = set()
        for finding in self.findings:
            lines = self._wrapped(finding)
            shown = Lines(lines)
            shown.styles.height = len(lines)
            yield shown
            if finding.code in self.reasons and finding.code not in told:
                told.add(finding.code)
                yield self.reasons[finding.code]
        yield self.choice
        yield self.remark
        if self.record:
            yield from (self.whose, self.medium, self.when)
        yield self.tier
        yield self.effect
        yield from self._changes()

    def _changes(self) -> Iterator[Widget]:
        yield from self.hosts
        yield self.headcount
        yield self.companions

    def _wrapped(self, finding: Finding) -> list[Line]:
        width = max(20, self.app.size.width - 2)
        return [(f" {line}", "alert") for line in wrap(f"! {self.w.text(finding.text)}", width)]

    def on_mount(self) -> None:
        self._show()
        keys = self.w("decide.keys_record" if self.record else "decide.keys")
        self.say(f"! {self.problem}" if self.problem else keys)
        if any(finding.code in MENDED_BY_HOST for finding in self.findings):
            self.hosts[0].focus()
        elif self.reasons:
            next(iter(self.reasons.values())).focus()

    def _show(self) -> None:
        changing = self.choice.value == "change"
        self.tier.display = changing and bool(self.tier.options)
        for each in self._changes():
            each.display = changing
        lines = self._effect() if changing else []
        self.effect.styles.height = len(lines)
        self.effect.set_lines(lines)

    def _effect(self) -> list[Line]:
        """What the chosen tier would do: who decides then, what the policy would object to."""
        what = self.asked.what_if.get(self.tier.value)
        if what is None:
            return []
        policy, lines = self.asked.policy, list[Line]()
        if what.next:
            tier, posts = policy.tier(self.tier.value).name, post_names(policy, what.next)
            lines = [f" {self.w('decide.next', tier=tier, posts=posts)}"]
        said = {finding.code for finding in self.findings}
        return [*lines, *(line for each in what.findings if each.code not in said for line in self._wrapped(each))]

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        if event.field is self.choice:
            agreed = self.w("decide.agreed")
            if self.choice.value == "agree" and not self.remark.value:
                self.remark.value = agreed
            elif self.choice.value != "agree" and self.remark.value == agreed:
                self.remark.value = ""
        self._show()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self._decide()

    async def on_key(self, event: Key) -> None:
        if event.key == "enter" and not getattr(self.focused, "takes_text", False):
            event.stop()
            self._decide()

    def _decide(self) -> None:
        verdict = self._verdict()
        if verdict is not None:
            self.dismiss(verdict)

    def _verdict(self) -> EnteredDecision | None:
        """What is entered; None with the error beside its field where something is missing."""
        asked, choice = self.asked, self.choice.value
        changing = choice == "change"
        if not choice:
            self._lacks(self.choice, "decide.choice_needed")
            return None
        tier = self.tier.value if changing and self.tier.value != (asked.tier or "") else None
        # agreeing with the same tier needs no words beyond those that agree
        words = self.remark.value or (self.w("decide.agreed") if changing and tier is None else "")
        if not words and choice != "agree":
            self._lacks(self.remark, "decide.words_needed")
            return None
        checked: list[Pick | NumberField] = [*self.hosts, self.headcount] if changing else []
        wrong = next((each for each in [*checked, *([self.whose] if self.record else [])] if not each.check()), None)
        if wrong is not None:
            wrong.focus()
            return None
        when = self._when() if self.record else None
        if self.record and when is None:
            return None
        if self.record and not self.medium.value:
            self._lacks(self.medium, "decide.medium_needed")
            return None
        hosts = tuple(dict.fromkeys(int(pick.value) for pick in self.hosts if pick.value))
        companions = tuple(int(key) for key in (o.key for o in self.companions.options) if key in self.companions.value)
        return EnteredDecision(
            choice=choice,
            words=words,
            tier=tier,
            hosts=hosts if changing and set(hosts) != {p for p, _ in asked.hosts} else None,
            headcount=self.headcount.value if changing and self.headcount.value != asked.form.headcount else None,
            companions=companions if changing and set(companions) != {p for p, _ in asked.companions} else None,
            reasons={code: each.value for code, each in self.reasons.items() if each.value},
            for_person=int(self.whose.value) if self.record and self.whose.value else None,
            medium=self.medium.value if self.record else "",
            decided_at=when,
        )

    def _when(self) -> datetime | None:
        try:
            when = parse_moment(self.when.value, self.now.date())
        except Unreadable as wrong:
            self.when.error = self.w.text(wrong.phrase)
            self.when.focus()
            return None
        self.when.error = ""
        return when

    def _lacks(self, which: Field, key: str) -> None:
        which.error = self.w(key)
        which.focus()
