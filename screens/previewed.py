"""A request in a few lines for who decides it: what is asked, what the policy says to it, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from models.policy.answer import Answer, Finding
from models.policy.entries import item_name
from models.queries.approvals import Preview
from models.services.desk import Desk
from models.words.dates import say_day, say_moment
from models.words.money import say_money
from screens.kit.page import Page
from screens.kit.text import Line, wrap
from screens.requests import said_line


def preview_lines(asked: Preview, page: Page, width: int) -> list[Line]:
    """All of the request in lines of at most `width` cells, the findings marked `!`."""
    lines: list[Line] = []
    for text, style in _texts(asked, page):
        lines += [(line, style) for line in wrap(text, width)]
    return lines


def _texts(asked: Preview, page: Page) -> Iterator[tuple[str, str]]:
    w, form, policy = page.w, asked.form, asked.policy
    tier = w.name(policy.tier(asked.tier).name) if asked.tier and policy.tiers else ""
    yield "  ".join(part for part in (form.client, tier) if part), "bold"
    guest = next((each for each in form.guests if each.principal), None) or next(iter(form.guests), None)
    if guest is not None:
        who = " ".join(part for part in (guest.name, guest.post) if part)
        yield w("today.party", who=who, n=form.headcount or 0), ""
    today = page.shell.now().date()
    if form.arrive and form.depart:
        leave = f"{form.depart:%H:%M}"
        if form.depart.date() != form.arrive.date():
            leave = f"{say_day(form.depart.date(), today, w)} {leave}"
        yield f"{say_day(form.arrive.date(), today, w)} {form.arrive:%H:%M} - {leave}", ""
    names = [("purpose", form.purposes), ("service", form.services), ("want", form.wants)]
    chosen = [w.name(policy.name_of(entry)) for list_id, ids in names for entry in ids if policy.lists.get(list_id)]
    texts = [text for text in (form.purpose_text, form.services_text, form.other_text, form.reason) if text]
    if chosen or texts:
        yield " ".join([*chosen, *texts]), ""
    if form.arrangements:
        yield form.arrangements, ""
    yield w("approvals.applicant", who=asked.applicant or "-"), ""
    for said in asked.said:
        yield said_line(said, page), ""
    if asked.answer is not None:
        yield from _judged(asked, asked.answer, page)
    elif asked.problem is not None:
        yield f"! {w.text(asked.problem.phrase)}", "alert"
    for clash in asked.clashes:
        key = "approvals.clash" if clash.firm else "approvals.clash_asked"
        yield (
            "! "
            + w(
                key,
                who=clash.host,
                client=clash.client,
                time=say_moment(clash.arrive, today, w) if clash.arrive else "",
            ),
            "alert",
        )


def _judged(asked: Preview, answer: Answer, page: Page) -> Iterator[tuple[str, str]]:
    w = page.w
    notice = answer.notice
    if notice.needed is not None and notice.unit is not None:
        span = w(f"finding.span.{notice.unit}", n=notice.needed)
        given = w(f"finding.span.{notice.unit}", n=notice.given)
        yield w("approvals.late" if notice.late else "approvals.in_time", given=given, needed=span), ""
    hosts = " ".join(name for _, name in asked.hosts) or "-"
    fits = w("approvals.fits" if answer.lead_host.satisfied else "approvals.fits_not")
    yield w("approvals.host", who=hosts, fits=fits), ""
    for role, name in asked.leads:
        yield f"{w.name(asked.policy.name_of(role))} {name}", ""
    if asked.companions:
        yield w("approvals.companions", n=len(asked.companions), who=" ".join(n for _, n in asked.companions)), ""
    yield from _costs(asked, answer, page)
    for finding in answer.findings:
        if finding.level != "info":
            yield f"! {w.text(finding.text)}{_reason(asked, finding)}", "alert"


def _reason(asked: Preview, finding: Finding) -> str:
    reason = asked.form.reasons.get(finding.code, "") if finding.reasoned else ""
    return f" “{reason}”" if reason else ""


def _costs(asked: Preview, answer: Answer, page: Page) -> Iterator[tuple[str, str]]:
    w, minor = page.w, cast(Desk, page.shell.desk).policy.currency.minor
    yield w("approvals.plan", total=say_money(answer.total, minor)), ""
    for line in answer.plan:
        if line.amount is None and line.quantity == 0:
            continue
        price = line.price if line.price is not None else line.cap
        figure = f"{line.quantity}x{say_money(price, minor)}" if price is not None else f"{line.quantity}"
        amount = say_money(line.amount, minor) if line.amount is not None else "-"
        guest = f" {w('approvals.guest_pays')}" if line.payer != "company" else ""
        yield f" {w.text(item_name(asked.policy, line.item))} {figure} = {amount}{guest}", ""
