"""The decision line: agree, agree with another tier, return, refuse; what that breaks is mended in the same place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from textual.app import ComposeResult
from textual.events import Key

from models.policy.answer import Finding
from models.queries.approvals import Preview
from models.services.decisions import Outcome
from models.words import Unreadable, Words
from models.words.dates import parse_moment
from screens.kit.dialogs import Dialog
from screens.kit.fields import Checks, Choice, Field, NumberField, Option, Pick, TextField
from screens.kit.linelist import Row
from screens.kit.lines import Lines
from screens.kit.text import wrap


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
    """A choice whose arrows choose at once: Enter decides, so cursor and mark must never differ."""

    def _go(self, place: int) -> None:
        super()._go(place)
        self._mark(self.place)


class Decide(Dialog[Verdict]):
    """At the foot of the screen. `before` is what was entered when the policy objected with `findings`."""

    DEFAULT_CSS = """
    Decide { align: center bottom; }
    Decide > #box { width: 100%; }
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
    ) -> None:
        super().__init__(w("decide.title_record" if record else "decide.title", client=asked.form.client))
        self.asked, self.now, self.record, self.findings = asked, now, record, tuple(findings)
        self.before = before or Verdict("agree", w("decide.agreed"))
        self._build(w)

    def _build(self, w: Words) -> None:
        asked, before, policy = self.asked, self.before, self.asked.policy
        tier = w.name(policy.tier(asked.tier).name) if asked.tier and policy.tiers else ""
        options = [Option("agree", " ".join(part for part in (w("decide.agree"), tier) if part))]
        if policy.tiers or self.record:
            options.append(Option("change", w("decide.change")))
        options += [Option("return", w("decide.return")), Option("refuse", w("decide.refuse"))]
        self.choice = Ways(w("decide.choice"), options, before.choice, inline=True, id="choice")
        self.remark = TextField(w("decide.words"), before.words, id="words")
        people = [Row(str(person), (name,)) for person, name in asked.offered]
        hosts = before.hosts if before.hosts is not None else tuple(person for person, _ in asked.hosts)
        tiers = [Option(each.id, w.name(each.name), w.name(each.means) if each.means else "") for each in policy.tiers]
        self.tier = Choice(w("decide.tier"), tiers, before.tier or asked.tier or "", inline=True, id="tier")
        self.hosts = [
            Pick(w(f"decide.host{at + 1}"), people, str(hosts[at]) if at < len(hosts) else "", id=f"host{at}")
            for at in range(2)
        ]
        self.headcount = NumberField(
            w("decide.headcount"), before.headcount or asked.form.headcount, least=1, id="headcount"
        )
        named = dict(asked.companions) | dict(asked.offered)
        ticked = before.companions if before.companions is not None else tuple(p for p, _ in asked.companions)
        self.companions = Checks(
            w("decide.companions"), [Option(str(p), name) for p, name in named.items()],
            [str(p) for p in ticked], id="companions",
        )  # fmt: skip
        codes = dict.fromkeys(finding.code for finding in self.findings if finding.level == "reason")
        self.reasons = {
            code: TextField(w("decide.reason"), before.reasons.get(code, ""), id=f"reason-{code}") for code in codes
        }
        who = [Row(str(person), (name,)) for person, name in (asked.who or asked.offered)]
        sole = str(asked.who[0][0]) if len(asked.who) == 1 else ""
        self.whose = Pick(w("decide.whose"), who, str(before.for_person or "") or sole, id="whose")
        self.medium = TextField(w("decide.medium"), before.medium or w("decide.phone"), id="medium")
        self.when = TextField(w("decide.when"), f"{before.decided_at or self.now:%Y-%m-%d %H:%M}", id="when", room=18)

    def body(self) -> ComposeResult:
        for finding in self.findings:
            lines = [f" {line}" for line in wrap(f"! {self.w.text(finding.text)}", max(20, self.app.size.width - 6))]
            shown = Lines([(line, "alert") for line in lines])
            shown.styles.height = len(lines)
            yield shown
            if finding.code in self.reasons and not self.reasons[finding.code].is_attached:
                yield self.reasons[finding.code]
        yield self.choice
        yield self.remark
        if self.record:
            yield self.whose
            yield self.medium
            yield self.when
        yield self.tier
        yield from self.hosts
        yield self.headcount
        yield self.companions

    def on_mount(self) -> None:
        self._show()
        self.say(self.w("decide.keys"))

    def _show(self) -> None:
        changing = self.choice.value == "change"
        self.tier.display = changing and bool(self.tier.options)
        for each in (*self.hosts, self.headcount, self.companions):
            each.display = changing

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
        if event.key == "enter":
            event.stop()
            self._decide()

    def _decide(self) -> None:
        verdict = self._verdict()
        if verdict is not None:
            self.dismiss(verdict)

    def _verdict(self) -> Verdict | None:
        """What is entered; None with the error beside its field where something is missing."""
        choice = self.choice.value
        changing = choice == "change"
        if choice != "agree" and not self.remark.value:
            self._lacks(self.remark, "decide.words_needed")
            return None
        if changing and not self.headcount.check():
            self.headcount.focus()
            return None
        when = self._when() if self.record else None
        if self.record and when is None:
            return None
        if self.record and not self.medium.value:
            self._lacks(self.medium, "decide.medium_needed")
            return None
        asked = self.asked
        hosts = tuple(dict.fromkeys(int(pick.value) for pick in self.hosts if pick.value))
        companions = tuple(int(key) for key in (o.key for o in self.companions.options) if key in self.companions.value)
        return Verdict(
            choice=choice,
            words=self.remark.value,
            tier=self.tier.value if changing and self.tier.value != (asked.tier or "") else None,
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

    def _lacks(self, which: TextField, key: str) -> None:
        which.error = self.w(key)
        which.focus()
