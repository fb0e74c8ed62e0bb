"""Page 5: what the policy makes of the request, and the reasons it asks for (A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from textual.widget import Widget

from models.form import Form
from models.policy.answer import Answer, Finding, StepAnswer
from models.policy.model import party_name
from models.words import clean
from models.words.dates import say_day
from screens.kit.fields import TextField
from screens.kit.text import Goto, Sentences, Submit
from screens.wizard.form_facts import FormFacts
from screens.wizard.times_page import assumed

NAME = "review"
ASKED: tuple[str, ...] = ()


def fields(form: Form, facts: FormFacts, unread: Mapping[str, str], button: str) -> Iterator[Widget]:
    """The page's widgets; `unread` says by field what was typed and cannot be read, `button` what Enter does."""
    yield Sentences(summary(form, facts), id="summary")
    answer = facts.verdict.answer
    for code, findings in reasons_asked(answer).items():
        yield Sentences(["", *[said(each, facts) for each in findings]])
        text = form.reasons.get(code, "")
        yield TextField(facts.w("wizard.field.reason_for"), text, id=f"reason-{code}", max_length=500)
    others = [said(each, facts) for each in facts.verdict.findings if each.level != "reason"]
    if others:
        yield Sentences(["", *others])
    missing = facts.verdict.missing
    if missing:
        yield Sentences([""])
    for field in missing:
        yield Goto(facts.w("wizard.stop_missing", field=facts.label(field)), field)
    yield Sentences(["", *conclusion(form, facts, unread)], id="stops")
    yield Submit(button, id="submit")


def reasons_asked(answer: Answer) -> dict[str, list[Finding]]:
    """The findings that want a reason, by the code under which it is given."""
    asked: dict[str, list[Finding]] = {}
    for finding in answer.findings:
        if finding.level == "reason":
            asked.setdefault(finding.code, []).append(finding)
    return asked


def said(finding: Finding, facts: FormFacts) -> str:
    """A finding in words, with its level."""
    return f"! {facts.w.text(finding.text)} ({facts.w(f'wizard.level.{finding.level}')})"


def conclusion(form: Form, facts: FormFacts, unread: Mapping[str, str]) -> list[str]:
    """What stops the submission, or that nothing does."""
    if facts.verdict.missing:  # each has a line of its own, at which Enter goes there
        return [f"! {text}" for text in _unread(facts, unread)]
    return stops(form, facts, unread) or [facts.w("wizard.nothing_stops")]


def stops(form: Form, facts: FormFacts, unread: Mapping[str, str]) -> list[str]:
    """Everything that stops the submission, each in a line."""
    w, verdict = facts.w, facts.verdict
    found = [w("wizard.stop_missing", field=facts.label(field)) for field in verdict.missing]
    found += _unread(facts, unread)
    if not verdict.missing:
        found += [w.text(each.text) for each in verdict.answer.findings if each.level == "block"]
        owed = [each for each in reasons_asked(verdict.answer).values() if not all(one.reasoned for one in each)]
        found += [w("wizard.stop_reason", text=w.text(each[0].text)) for each in owed]
    return [f"! {text}" for text in found]


def _unread(facts: FormFacts, unread: Mapping[str, str]) -> list[str]:
    return [facts.w("wizard.stop_unread", value=clean(text)) for text in unread.values()]


def summary(form: Form, facts: FormFacts) -> list[str]:
    """What is asked for and what the policy makes of it; a label and a tab begin a line."""
    answer, w = facts.verdict.answer, facts.w
    lines = [
        whom(form, facts),
        (facts.label("tier"), tier(facts)),
        (w("wizard.field.route"), facts.waits("route") or " -> ".join([step(each, facts) for each in answer.route])),
        (w("wizard.field.notice"), facts.waits("notice") or notice(facts)),
        (facts.label("hosts"), hosts(form, facts)),
        (facts.label("companions"), facts.names(form.companions)),
        (facts.label("diners"), facts.names(form.diners)),
        (w("wizard.field.costs_planned"), (answer.plan and facts.waits("plan")) or costs(facts)),
        (w("wizard.field.tasks"), facts.waits("tasks") or tasks(facts)),
    ]
    return [
        line if isinstance(line, str) else f"{line[0]}\t{line[1]}" for line in lines if isinstance(line, str) or line[1]
    ]


def whom(form: Form, facts: FormFacts) -> str:
    """The client, the principal guest, how many, when and what for."""
    w = facts.w
    chief = next((guest for guest in form.guests if guest.principal), next(iter(form.guests), None))
    who = " ".join([part for part in (chief.name, chief.post) if part]) if chief else ""
    guests = w("wizard.guests" if who else "wizard.guests_only", who=who, n=form.headcount) if form.headcount else who
    mark = w("wizard.depart_assumed") if assumed(form) else ""
    times = " ".join(part for part in (between(form.arrive, form.depart, facts), mark) if part)
    purposes = " ".join([name for key, name in facts.options("purpose") if key in form.purposes])
    return "  ".join([part for part in (clean(form.client), clean(guests), times, purposes) if part])


def between(arrive: datetime | None, depart: datetime | None, facts: FormFacts) -> str:
    """`12-03 周四 09:00 - 17:00`, with the other day where it is another."""
    if arrive is None or depart is None:
        return moment(arrive or depart, facts)
    end = depart.strftime("%H:%M") if depart.date() == arrive.date() else moment(depart, facts)
    return f"{moment(arrive, facts)} - {end}"


def moment(at: datetime | None, facts: FormFacts) -> str:
    """A day by its date and its time; empty for none."""
    # seen from no day at all, so that it is said by its date
    return f"{say_day(at.date(), date(at.year, 1 if at.month > 6 else 12, 15), facts.w)} {at:%H:%M}" if at else ""


def tier(facts: FormFacts) -> str:
    """The tier proposed, and that it is only a proposal (A3)."""
    proposed = facts.verdict.answer.tier.proposed
    if not facts.policy.tiers:
        return ""
    if proposed is None:
        return facts.w("wizard.no_tier")
    return facts.w("wizard.proposal", tier=facts.policy.tier(proposed).name)


def step(each: StepAnswer, facts: FormFacts) -> str:
    """One stop of the route: who holds the post, its name, what is done there; a post nobody holds is named."""
    known = facts.verdict.people
    who = []
    for post in each.posts:
        named = known.per_visit.get(post)
        holders = (named,) if named else known.holders.get(post, ())
        title = facts.w.name(party_name(facts.policy, post))
        people = [facts.choices.name(int(person)) for person in holders]
        who.append(f"{' '.join(people)} {title}" if people else facts.w("wizard.vacant", post=title))
    doing = facts.listed([facts.w(f"wizard.what.{what}") for what in (*each.also, each.what)])
    return f"{facts.either(who)} {doing}"


def notice(facts: FormFacts) -> str:
    """How long ahead it is asked, and whether that is in time (R8)."""
    given = facts.verdict.answer.notice
    if given.needed is None or given.given is None:
        return ""
    span = {
        key: facts.w(f"finding.span.{given.unit}", n=n) for key, n in (("given", given.given), ("needed", given.needed))
    }
    return facts.w(f"wizard.notice.{given.state}", **span)


def hosts(form: Form, facts: FormFacts) -> str:
    """Who is lead host, and whether that is as the policy asks (R20)."""
    host = facts.verdict.answer.lead_host
    named = facts.listed([facts.named(person) for person in form.hosts])
    waiting = facts.waits("hosts")
    if waiting or not host.posts:
        return "  ".join(text for text in (named, waiting) if text)
    verdict = (
        facts.w("wizard.host_fits")
        if host.satisfied
        else facts.w("wizard.host_asked", posts=facts.posts(host.posts), n=host.at_least)
    )
    return (
        facts.w("wizard.host_verdict", who=named, verdict=verdict)
        if named
        else facts.w("wizard.host_none", verdict=verdict)
    )


def costs(facts: FormFacts) -> str:
    """The plan's total and its parts by item."""
    parts = estimate(facts)
    total = facts.w("wizard.planned", total=facts.money(facts.verdict.answer.total))
    return f"{total}  {facts.w('wizard.of_which')} {'  '.join(parts)}" if parts else total


def estimate(facts: FormFacts) -> list[str]:
    """The plan by item: `餐 1,760`."""
    sums: Counter[str] = Counter()
    for line in facts.verdict.answer.plan:
        if line.amount is not None and line.payer == "company":
            sums[line.item] += line.amount
    return [f"{facts.item(item)} {facts.money(amount)}" for item, amount in sums.items() if amount]


def tasks(facts: FormFacts) -> str:
    """How many duties each party will have after the approval (R36 and on)."""
    duties = facts.verdict.answer.duties
    parties = Counter([duty.party for duty in duties])
    said_parties = [f"{facts.w.name(party_name(facts.policy, party))} {n}" for party, n in parties.items()]
    return facts.w("wizard.tasks", n=len(duties), parties="  ".join(said_parties))


def take(form: Form, field: Any) -> Form:
    """The form with what this field of the page now says."""
    if not field.id.startswith("reason-"):
        return form
    code = field.id.removeprefix("reason-")
    others = {key: text for key, text in form.reasons.items() if key != code}
    return replace(form, reasons={**others, code: field.value} if field.value else others)
