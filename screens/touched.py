"""What a change would touch, in lines to read before it is saved: who decides again, what differs, whom to tell."""

from __future__ import annotations

from collections.abc import Iterator

from models.policy.model import Policy
from models.policy.parties import party_name
from models.services.amend import Preview, Told, field_names
from models.services.difference import brief, unpacked
from models.words import Words
from screens.kit.text import Line, wrap


def touched(shown: Preview, policy: Policy, w: Words, width: int) -> list[Line]:
    """The whole of it, each line within `width` cells."""
    found: list[Line] = []
    for text, style in _said(shown, policy, w):
        lines = wrap(text, width - 4)
        found += [(f" {lines[0]}", style), *((f"   {line}", style) for line in lines[1:])]
    return found


def _said(shown: Preview, policy: Policy, w: Words) -> Iterator[tuple[str, str]]:
    if shown.asks and shown.posts is not None:
        yield w("change.asks", posts=shown.posts, fields=field_names(policy, shown.asks)), "bold"
    elif shown.notices:
        yield w("change.notices", fields=field_names(policy, shown.notices)), "bold"
    else:
        yield w("change.asks_nobody"), "dim"
    for finding in shown.findings:
        yield f"! {w.text(finding.text)}", "alert"
    for phrase in brief(shown.effects):
        yield w.text(phrase), ""
    if not shown.effects:
        yield w("change.touches_nothing"), "dim"
    if shown.telling:
        yield w("change.telling", n=len(shown.telling)), "bold"
    for told in shown.telling:
        yield _told(told, policy, w), ""


def _told(told: Told, policy: Policy, w: Words) -> str:
    role = w(f"telling.role.{told.role}")
    who = w.name(party_name(policy, told.party)) if told.party else f"{role} {told.name}"
    what = "; ".join(w.text(phrase) for phrase in brief(map(unpacked, told.what)))
    return "  ".join(part for part in (who, told.phone, what) if part)
