"""The look-up of standards as a table of rows by tiers, and each tier's duties; also for a policy without tiers.

Everything is derived from the policy's rows. Which tier is the baseline is, too: the one of the fewest duties
among those that may drop the fewest (R95); above it duties are added, below it they may be dropped (R96, R97).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.policy.entries import entry_name, item_name
from models.policy.model import Cap, CapColumn, Clause, Duty, Entry, Linear, Policy, Test, When
from models.policy.parties import asked_name, party_name
from models.policy.record import record
from models.policy.spoken import PER_CELLS, Spoken
from models.policy.standards import TierFacts, possible, tiers_of
from models.policy.when import truth
from models.words import Name, Phrase, words
from models.words.catalogue import LANGUAGES
from models.words.money import say_money

Said = Name | Phrase | str


@record
class MatrixRow:
    """One standard. `key` is `means`, `cap`, `approver`, `lead_host`, `notice`, `range` or `duties`; `unit` what a cap
    is counted in; `where` the other conditions of a cap; `cells` per tier what holds, several where it depends."""

    key: str
    label: Said
    unit: Said | None
    where: Said | None
    cells: tuple[tuple[Said, ...], ...]


@record
class TierDuty:
    """A duty as a tier has it. `drops`: it may be dropped, or a part of it may; `added`: the baseline has it not."""

    id: str
    party: Name
    text: Name
    drops: bool
    added: bool


@record
class Matrix:
    """`tiers` are the columns, one None where the policy has none; `duties` are those of each tier with everything
    wanted; `baseline` is the place of the baseline among them."""

    tiers: tuple[Entry | None, ...]
    rows: tuple[MatrixRow, ...]
    duties: tuple[tuple[TierDuty, ...], ...]
    baseline: int


def matrix(policy: Policy) -> Matrix:
    """The whole look-up of a policy."""
    ids = tuple(tiers_of(policy))
    having = [[duty for duty in policy.duties if possible(policy, duty.when, tier)] for tier in ids]
    dropping = [[duty for duty in having[n] if _drops(policy, duty, tier)] for n, tier in enumerate(ids)]
    baseline = min(range(len(ids)), key=lambda n: (len(dropping[n]), len(having[n])))
    duties = tuple(
        tuple(_tier_duty(policy, duty, duty in dropping[n], duty not in having[baseline]) for duty in having[n])
        for n in range(len(ids))
    )
    ranges: list[tuple[Said, ...]] = [tuple(_ranges(duties, n, baseline)) for n in range(len(ids))]
    rows = [
        *_means(policy, ids),
        *_cap_rows(policy, ids),
        _row("approver", [tuple(_approvers(policy, tier)) for tier in ids]),
        *_optional(_row("lead_host", [tuple(_lead_hosts(policy, tier)) for tier in ids])),
        *_optional(_row("notice", [tuple(_notices(policy, tier)) for tier in ids])),
        *([_row("range", ranges)] if any(len(cell) > (n == baseline) for n, cell in enumerate(ranges)) else []),
        *([_row("duties", [(str(len(each)),) for each in duties])] if policy.duties else []),
    ]
    return Matrix(policy.tiers or (None,), tuple(rows), duties, baseline)


def _row(key: str, cells: list[tuple[Said, ...]]) -> MatrixRow:
    return MatrixRow(key, Phrase(f"matrix.{key}"), None, None, tuple(cells))


def _optional(row: MatrixRow) -> Iterator[MatrixRow]:
    if any(row.cells):
        yield row


def _means(policy: Policy, ids: tuple[str | None, ...]) -> Iterator[MatrixRow]:
    cells: list[tuple[Said, ...]] = [(tier.means,) if tier.means else () for tier in policy.tiers]
    yield from _optional(_row("means", cells)) if ids != (None,) else ()


# caps


def _cap_rows(policy: Policy, ids: tuple[str | None, ...]) -> Iterator[MatrixRow]:
    """One row for each thing limited under the same conditions, whatever the tier."""
    groups: dict[tuple[tuple[str, ...], str, Name | None], list[tuple[Cap, str | None]]] = {}
    for cap in policy.caps:
        for key in (None,) if cap.by in (None, "tier") else tuple(cap.columns):
            where = _where(policy, cap, key)
            groups.setdefault((cap.items, cap.per, where), []).append((cap, key))
    for (_, per, where), members in groups.items():
        cap, _ = members[0]
        cells = tuple(tuple(_cap_cell(policy, members, tier)) for tier in ids)
        names: list[Said] = [item_name(policy, item) for item in cap.items]
        money = any(
            isinstance(figure, Linear)
            for each, _ in members
            for column in each.columns.values()
            for figure in (column.most, column.least)
        )
        unit = unit_of(policy, per) if money and cap.count_over is None else _counted(policy, cap)
        yield MatrixRow("cap", _joined(names), unit, where, cells)


def _counted(policy: Policy, cap: Cap) -> Said | None:
    """By what a frequency or a sum over a span is counted."""
    if cap.count_over is None and all(column.count is None for column in cap.columns.values()):
        return None
    if cap.per in PER_CELLS:
        return Phrase(f"finding.per.{cap.per}")
    return Name({language: Spoken(policy, words(language)).per(cap) for language in LANGUAGES})


def _where(policy: Policy, cap: Cap, key: str | None) -> Name | None:
    """The conditions of a cap beside the tier, with that of its column."""
    column = (Test(cap.by, frozenset({key})),) if cap.by not in (None, "tier") and cap.by and key else ()
    spoken = [Spoken(policy, words(language)) for language in LANGUAGES]
    if not cap.when and column:
        return Name({each.w.language: each.value(column[0].axis, str(key)) for each in spoken})
    clauses = [Clause((*_but_tier(clause), *column), clause.nots) for clause in cap.when]
    when = tuple(dict.fromkeys(clause for clause in clauses if clause.tests or clause.nots))
    return Name({each.w.language: each.when(when) for each in spoken}) if when else None


def _but_tier(clause: Clause) -> tuple[Test, ...]:
    return tuple(test for test in clause.tests if test.axis != "tier")


def _cap_cell(policy: Policy, members: list[tuple[Cap, str | None]], tier: str | None) -> Iterator[Said]:
    closed: set[str] = set()
    for cap, key in members:
        kinds = cap.limits - closed
        if not kinds or not possible(policy, cap.when, tier):
            continue
        closed |= kinds
        column = cap.columns.get(tier if cap.by == "tier" else key)
        said = list(_column(policy, cap, column)) if column else []
        yield from said or [Phrase("matrix.no_limit")]


def _column(policy: Policy, cap: Cap, column: CapColumn) -> Iterator[Said]:
    if column.most is not None:
        yield figure_of(policy, cap, column.most)
    if column.least is not None:
        key = "at_least" if isinstance(column.least, str) else "at_least_money"
        yield Phrase(f"matrix.{key}", {"figure": figure_of(policy, cap, column.least)})
    if column.count is not None:
        yield Phrase("matrix.count", {"n": column.count})
    if column.text is not None:
        yield column.text


def figure_of(policy: Policy, cap: Cap, figure: Linear | str) -> Said:
    """A cap's amount, its linear form, or the name of its grade."""
    if isinstance(figure, str):
        return entry_name(policy, cap.items[0], figure)
    minor = policy.currency.minor
    if figure.each:
        facts = {"base": say_money(int(figure.base), minor), "each": say_money(int(figure.each), minor)}
        return Phrase("matrix.linear", {**facts, "over": figure.over})
    return say_money(figure.at(0), minor) if figure.base else Phrase("matrix.none_allowed")


def unit_of(policy: Policy, per: str) -> Phrase:
    """What the amounts of a cap are counted in: `yuan/head`."""
    code = policy.currency.code
    currency: Said = Phrase("matrix.currency.CNY") if code == "CNY" else code
    said: Said = Phrase(f"matrix.per.{per}") if per in PER_CELLS else per
    return Phrase("matrix.unit", {"currency": currency, "per": said})


def _joined(names: list[Said]) -> Said:
    said = names[0]
    for name in names[1:]:
        said = Phrase("matrix.and", {"first": said, "second": name})
    return said


# who and when


def _options(policy: Policy, whens: Iterable[When], tier: str | None) -> list[int]:
    """The rows that may be the first to hold for a tier: all possible ones up to the first certain one."""
    found = []
    for place, when in enumerate(whens):
        holds = truth(when, TierFacts(policy, tier))
        if holds is not False:
            found.append(place)
        if holds:
            break
    return found


def _approvers(policy: Policy, tier: str | None) -> Iterator[Said]:
    routes = [policy.routes[place] for place in _options(policy, (row.when for row in policy.routes), tier)]
    said: dict[Said, None] = {}
    for route in routes:
        deciding = [step for step in route.steps if step.do == "decide"]
        names: list[Said] = [party_name(policy, by) for by in deciding[-1].by] if deciding else []
        said.update(dict.fromkeys(names or [Phrase("matrix.nobody")]))
    yield from said


def _lead_hosts(policy: Policy, tier: str | None) -> Iterator[Said]:
    yield from dict.fromkeys(_named_hosts(policy, tier))


def _named_hosts(policy: Policy, tier: str | None) -> Iterator[Said]:
    for place in _options(policy, (row.when for row in policy.lead_hosts), tier):
        row = policy.lead_hosts[place]
        names: list[Said] = [party_name(policy, post) for post in row.posts]
        if row.at_least > 1:
            yield Phrase("matrix.at_least_of", {"n": row.at_least, "posts": _joined(names)})
        else:
            yield from names


def _notices(policy: Policy, tier: str | None) -> Iterator[Said]:
    said: dict[Said, None] = {}
    for place in _options(policy, (row.when for row in policy.notices), tier):
        least, breach = policy.notices[place].least, policy.notices[place].breach
        if least is not None:
            span = Phrase(f"finding.span.{least.unit}", {"n": least.number})
            said[Phrase("matrix.notice_of", {"span": span, "breach": Phrase(f"matrix.breach.{breach}")})] = None
    yield from said


# duties


def _drops(policy: Policy, duty: Duty, tier: str | None) -> bool:
    whens = [duty.may_drop, *(part.may_drop for part in duty.parts)]
    return any(when is not None and possible(policy, when, tier) for when in whens)


def _tier_duty(policy: Policy, duty: Duty, drops: bool, added: bool) -> TierDuty:
    return TierDuty(duty.id, asked_name(policy, duty), duty.text, drops, added)


def _ranges(duties: tuple[tuple[TierDuty, ...], ...], place: int, baseline: int) -> Iterator[Said]:
    own = duties[place]
    dropping, added = sum(duty.drops for duty in own), sum(duty.added for duty in own)
    missing = len({duty.id for duty in duties[baseline]} - {duty.id for duty in own})
    if place == baseline and len(duties) > 1:
        yield Phrase("matrix.baseline")
    for key, number in (("adds", added), ("drops", dropping), ("lacks", missing)):
        if number:
            yield Phrase(f"matrix.{key}", {"n": number})
