"""`jiedai standards [TIER] [--on DATE]`: what the policy grants each tier, and what it asks of whom."""

from __future__ import annotations

from models.policy.load import load_versions
from models.policy.model import Policy, version_on, words_of
from models.policy.wording import Matrix, MatrixRow, matrix, standards
from models.words import Words, cell_len, clean, pad, words
from models.words.wrapping import LINE, hanging, wrap
from tui.cli.out import json_text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from models.services.session import Clock
    from tui.cli.call import Call
    from tui.cli.quick import Answers

LABEL = 20
"""The most cells that the names of the standards may take; more where there are few tiers."""
CELL = 24
"""The most cells that a tier may take."""
ABREAST = 5
"""So many tiers stand side by side; more of them make a second table below."""


def run_standards(call: Call) -> int:
    """Print the standards, or a table or what changes where that is asked for; Usage with the nearest tier for one that
    is not there."""
    from tui.cli import policy_commands
    from tui.cli.call import one_of
    from tui.cli.out import give

    if call.given.has("table") or call.given.has("changes"):
        return policy_commands.run_tables(call)
    policy = policy_commands.version_asked(call)
    tier = one_of(call.word(), {each.id: each.name.all() for each in policy.tiers}, "unknown_tier")
    give(_answers(policy, call.w, call.json)["texts"][tier])
    return 0


def answers(language: str, as_json: bool, path: str) -> Answers:
    """What is printed, by tier, for the policy of a file, or for the version of a folder that is in force; `until`
    says how long that is so. Raises PolicyErrors."""
    versions = load_versions(path)
    if len(versions) == 1:
        return _answers(versions[0], words(language), as_json)
    from datetime import datetime, time

    now = _clock()()
    found = _answers(version_on(versions, now.date()), words(language), as_json)
    coming = [policy.effective for policy in versions if policy.effective > now.date()]
    if coming:
        turn = datetime.combine(min(coming), time(), now.tzinfo)
        found["until"] = {"": str(turn.timestamp())}
    return found


def _clock() -> Clock:
    from tui.clock import clock_of
    from tui.settings import read_settings
    from tui.where import settings_file

    return clock_of(read_settings(settings_file()).zone)


def _answers(policy: Policy, w: Words, as_json: bool) -> Answers:
    w = words_of(policy, w.language)
    names = {name.casefold(): tier.id for tier in policy.tiers for name in (*tier.name.all(), tier.id)}
    ids = [tier.id for tier in policy.tiers]
    if as_json:
        texts = {tier or "": json_text(standards(policy, tier, w.language)) for tier in (None, *ids)}
    else:
        found = matrix(policy)
        texts = {"": text_of(_table(policy, found, w))}
        texts |= {tier: text_of(_column(policy, found, at, w)) for at, tier in enumerate(ids)}
    return {"names": names, "texts": texts}


def _table(policy: Policy, found: Matrix, w: Words) -> list[str]:
    """All tiers side by side."""
    lines = [_title(policy, w)]
    for first in range(0, len(found.tiers), ABREAST):
        places = range(len(found.tiers))[first : first + ABREAST]
        heads = [w.name(tier.name) if (tier := found.tiers[at]) else "" for at in places]
        rows = [["", *heads]] if any(heads) else []
        rows += [*([_label(row, w), *(_cell(row, at, w) for at in places)] for row in found.rows)]
        width = min(max(LABEL, LINE - (CELL + 1) * len(heads)), max(cell_len(row[0]) for row in rows))
        each = min(CELL, (LINE - width) // len(heads) - 1)
        lines += ["", *(line for row in rows for line in _abreast(row, width, each))]
    return lines


def _abreast(row: list[str], width: int, each: int) -> list[str]:
    """A row of cells, wrapped each within its own column."""
    columns = [wrap(row[0], width, hyphens=True), *(wrap(cell, each, hyphens=True) for cell in row[1:])]
    widths = [width, *(each for _ in row[1:])]
    height = max(len(column) for column in columns)
    padded = [[*column, *[""] * (height - len(column))] for column in columns]
    return [
        " ".join(pad(column[at], size) for column, size in zip(padded, widths, strict=True)).rstrip()
        for at in range(height)
    ]


def _column(policy: Policy, found: Matrix, at: int, w: Words) -> list[str]:
    """One tier: its standards, then its duties by who does them."""
    tier = found.tiers[at]
    lines = [f"{w.name(tier.name)}  {_title(policy, w)}" if tier else _title(policy, w), ""]
    width = min(LABEL, max(cell_len(_label(row, w)) for row in found.rows)) + 2
    for row in found.rows:
        if row.cells[at]:
            lines += _abreast([_label(row, w), _cell(row, at, w)], width - 1, LINE - width)
    parties: dict[str, list[str]] = {}
    for duty in found.duties[at]:
        marked = w.name(duty.text) + ("+" if duty.added else "") + ("*" if duty.drops else "")
        parties.setdefault(w.name(duty.party), []).append(clean(marked))
    width = max((cell_len(party) for party in parties), default=0) + 2
    lines.append("")
    for party, texts in parties.items():
        lines += hanging(f"{pad(clean(party), width)}{len(texts):>2}  ", "; ".join(texts))
    marks = [w(f"tiers.{mark}") for mark, is_there in _marks(found, at) if is_there]
    return [*lines, *(["", *marks] if marks else [])]


def _marks(found: Matrix, at: int) -> list[tuple[str, bool]]:
    duties = found.duties[at]
    return [("added", any(duty.added for duty in duties)), ("drops", any(duty.drops for duty in duties))]


def _title(policy: Policy, w: Words) -> str:
    return w("tiers.title", effective=policy.effective.isoformat())


def _label(row: MatrixRow, w: Words) -> str:
    parts = [row.label, row.unit, row.where]
    return clean(" ".join(w.text(part) for part in parts if part is not None))


def _cell(row: MatrixRow, at: int, w: Words) -> str:
    said = [w.text(each) for each in row.cells[at]] or ["-"]
    text = said[0]
    for each in said[1:]:
        text = w("tiers.both", first=text, second=each)
    return clean(text)
