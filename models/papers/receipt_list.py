"""The receipt list of a visit as text: each line as planned and paid, what is over standard, what blocks closing."""

from __future__ import annotations

from collections.abc import Iterator

from models.queries.visit_arrangements import CostLine, percent_over
from models.queries.visit_detail import VisitDetail
from models.words import Words, cell_len, pad
from models.words.dates import say_in_full
from models.words.money import say_money

NUMBERS = ("quantity", "cap", "planned", "actual", "over")
"""The columns that stand to the right."""


def receipt_list(whole: VisitDetail, w: Words) -> str:
    """The whole list as plain text, its columns under each other."""
    form = whole.form
    span = [say_in_full(at, w) for at in (whole.comes, whole.goes) if at]
    if whole.comes and whole.goes and whole.comes.date() == whole.goes.date():
        span[1] = f"{whole.goes:%H:%M}"
    heads = w("visit.heads", n=form.headcount) if form.headcount else ""
    head = [w("receipts.title"), whole.number or "", form.client, " - ".join(span), heads]
    lines = ["  ".join(part for part in head if part), "", *_table(whole, w), "", *sum_lines(whole, w)]
    return "\n".join([*lines, what_blocks_closing(whole, w)])


def sum_lines(whole: VisitDetail, w: Words) -> list[str]:
    """Plan, paid, difference and what is over, each the sum of its lines; who pays what."""
    digits = whole.policy.currency.minor
    sums = whole.totals
    facts = {"planned": sums.planned, "actual": sums.actual, "difference": sums.company - sums.planned,
             "over": sums.over}  # fmt: skip
    total = w("visit.totals", **{key: say_money(value, digits) for key, value in facts.items()})
    others = sums.actual - sums.company
    paid = w("receipts.paid", company=say_money(sums.company, digits), others=say_money(others, digits))
    return [total, paid]


def what_blocks_closing(whole: VisitDetail, w: Words) -> str:
    """What is missing before the visit can be closed."""
    lacks = [w.text(phrase) for line in whole.costs for phrase in line.lacks.values()]
    if whole.state == "closed":
        return w("receipts.closed")
    return w("receipts.missing", n=len(lacks), list="; ".join(lacks)) if lacks else w("receipts.complete")


def line_details(line: CostLine, w: Words, digits: int) -> list[str]:
    """By how much it is over, reason, receipt, who set it, who agreed to it when."""
    facts = {"reason": line.reason, "receipt": line.receipt, "decided_by": line.decided_by}
    said = over_standard(line, w, amount_or_dash(line.over, digits))
    said += [w(f"visit.said.{what}", text=text) for what, text in facts.items() if text]
    agreed = [(each.name, amount_or_dash(each.amount, digits), f"{each.at:%m-%d %H:%M}") for each in line.signed]
    return said + [f"{w('visit.said.signed', who=who, amount=amount)} {at}" for who, amount, at in agreed]


def line_amounts(line: CostLine, w: Words, digits: int) -> str:
    """Cap, planned, actual and what is over, each with its label."""
    amounts = [(key, getattr(line, key)) for key in ("cap", "planned", "actual", "over")]
    return "  ".join(f"{w(f'visit.{key}')} {amount_or_dash(amount, digits)}" for key, amount in amounts)


def _table(whole: VisitDetail, w: Words) -> Iterator[str]:
    digits = whole.policy.currency.minor
    titles = ["day", "item", *NUMBERS]
    rows = [[w(f"visit.{title}") for title in titles] + [w("receipts.payer"), w("visit.remark")]]
    for line in whole.costs:
        amounts = (line.cap, line.planned, line.actual, line.over)
        numbers = [f"{line.quantity.normalize():f}", *(amount_or_dash(each, digits) for each in amounts)]
        rows.append([f"{line.on:%m-%d}" if line.on else "-", w.name(line.name), *numbers,
                     w(f"receipts.payers.{line.payer}"), "  ".join(line_details(line, w, digits))])  # fmt: skip
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [pad(cell, width, ">" if 2 <= at < 2 + len(NUMBERS) else "<")
                 for at, (cell, width) in enumerate(zip(row, widths, strict=True))]  # fmt: skip
        yield "  ".join(cells).rstrip()


def amount_or_dash(minor: int | None, digits: int) -> str:
    """An amount in minor units with so many decimals, `-` for none."""
    return "-" if minor is None else say_money(minor, digits)


def over_standard(line: CostLine, w: Words, amount: str) -> list[str]:
    """By how much and how many percent the line is over its standard, where it is."""
    percent = percent_over(line)
    return [w("visit.said.over", amount=amount, percent=percent)] if percent else []
