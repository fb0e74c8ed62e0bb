"""The decision line: agree, agree with changes, return, refuse; what that breaks is mended in the same place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from textual.app import ComposeResult
from textual.events import Key
from textual.widget import Widget

from models.policy.answer import Finding
from models.queries.request_lists import Preview
from models.services.decision_verbs import Outcome
from models.services.visit_record import post_names
from models.words import Unreadable, Words
from models.words.dates import parse_moment
from models.words.wrapping import wrap
from screens.kit.dialogs import Dialog
from screens.kit.fields import Checks, Choice, Field, NumberField, Option, Pick, TextField
from screens.kit.linelist import Row
from screens.kit.lines import Lines
from screens.kit.text import Line

LABEL = 9
MEDIA = ("phone", "paper", "word", "message")
"""How somebody says what they decide who does not sign here."""
MENDED_BY_HOST = ("lead_host", "no_lead_host", "host_busy")
"""Findings that another lead host mends."""


@dataclass(frozen=True)
class Verdict:
    """What was entered on the decision line; None where nothing was changed."""

    choice: str
    words: str
    tier: str | None = None
    hosts: tuple[int, ...] | None = None
    headcount: int | None = None
    companions: tuple[int, ...] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
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


class Decide(Dialog[Verdict]):
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
        asked: Preview,
        w: Words,
        now: datetime,
        *,
        record: bool = False,
        before: Verdict | None = None,
        findings: Sequence[Finding] = (),
        problem: str = "",
    ) -> None:
        super().__init__(w("decide.title_record" if record else "decide.title", client=asked.form.client))
        self.asked, self.now, self.record, self.findings = asked, now, record, tuple(findings)
        self.problem = problem
        self.before = before or (Verdict("", "") if record else Verdict("agree", w("decide.agreed")))
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

    def _verdict(self) -> Verdict | None:
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
        return Verdict(
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
