"""What follows the typing on pages 3 and 4: the tier's standards, the estimate, notes at rows, who is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.containers import Container

from models.form import Form
from models.policy.answer import CapAnswer
from models.policy.wording import Wording
from screens.kit.fields import Checks, Choice
from screens.kit.text import Line
from screens.kit.told import Told, labelled
from screens.wizard import extra, people, plan
from screens.wizard.facts import Facts
from screens.wizard.review import estimate, said
from screens.wizard.table import Table

LINES = {"meals": ("meal", "drink", "tobacco"), "lodging": ("lodging",), "costs": ("cost",)}
"""How the ids of a table's plan lines begin."""


def lines(facts: Facts, width: int) -> list[Line]:
    """The standards of the tier chosen and what the plan comes to."""
    standards = "  ".join([text for cap in facts.verdict.answer.caps if (text := standard(cap, facts))])
    waiting = facts.waits("plan")
    parts = [*estimate(facts), facts.w("wizard.total", total=facts.money(facts.verdict.answer.total))]
    return [
        *labelled(facts.w("wizard.field.standards"), standards or waiting or facts.w("wizard.no_tier"), width),
        *labelled(facts.w("wizard.field.estimate"), waiting or "  ".join(parts), width),
    ]


def standard(cap: CapAnswer, facts: Facts) -> str:
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


def _per(per: str, facts: Facts) -> str:
    for key in (f"wizard.per.{per}", f"finding.per.{per}"):
        if facts.w.has(key):
            return facts.w(key)
    summed = next((cap for cap in facts.policy.caps if cap.per == per and cap.count_over is not None), None)
    return Wording(facts.policy, facts.w).per(summed) if summed is not None else per


def notes(facts: Facts, table: str) -> Mapping[int, list[str]]:
    """The policy's findings on a table's rows."""
    found: dict[int, list[str]] = {}
    for finding in facts.verdict.answer.findings:
        for start in LINES.get(table, ()):
            number = (finding.line or "").removeprefix(start)
            if number.isdecimal():
                found.setdefault(int(number) - 1, []).append(said(finding, facts))
    return found


def show(page: Any, form: Form, facts: Facts) -> None:
    """Page 3 after a new verdict: who decides each tier, findings at their rows, what else is asked for."""
    for more in page.query("#extra").results(Container):
        if [each.id for each in more.children] != [each.id for each in extra.fields(form, facts)]:
            page.run_worker(_anew(more, form, facts), group="extra", exclusive=True)
    for choice in page.query("#tier").results(Choice):
        if choice.options != tuple(plan.tiers(facts)):
            choice.set_options(plan.tiers(facts))
    for table in page.query("#sheet Table").results(Table):
        table.set_notes(notes(facts, table.spec.id))


async def _anew(more: Container, form: Form, facts: Facts) -> None:
    """The fields asked for now; those that are there already stay, with the cursor in them."""
    there = {each.id: each for each in more.children}
    wanted = {each.id: each for each in extra.fields(form, facts)}
    for name, old in there.items():
        if name not in wanted:
            await old.remove()
    for place, (name, field) in enumerate(wanted.items()):
        if name not in there:
            await more.mount(field, before=place if place < len(more.children) else None)


def show_people(page: Any, form: Form, facts: Facts) -> None:
    """Page 4 after a new verdict: what is asked of the lead host, and whom to tick."""
    asked = [f"{facts.label('asked')}\t{people.asked(facts)}"]
    told = page.query_one("#asked", Told)
    if told.texts != asked:
        told.set_texts(asked)
    for name in people.LISTS:
        checks = page.query_one(f"#{name}", Checks)
        options = people.people(facts, form, name)
        chosen = {str(person) for person in getattr(form, name)}
        if checks.options != tuple(options):
            checks.set_options(options)
        if checks.value != chosen:
            checks.value = chosen
