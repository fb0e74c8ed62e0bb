"""A policy said in one language: its names, its terms, and the look-up of its standards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from models.frozen import record
from models.policy.case import TierFacts, possible, truth
from models.policy.model import (
    BY_PERSON,
    ENDS,
    LIST_AXES,
    OWN_LISTS,
    UNITS,
    BookingRule,
    Cap,
    CapColumn,
    Clause,
    Duty,
    DutyPart,
    Linear,
    ListEntry,
    Moment,
    Notice,
    Policy,
    Range,
    RouteStep,
    Span,
    Test,
    When,
    entry_name,
    item_name,
    party_name,
    words_of,
)
from models.words import Name, Phrase, Words, words
from models.words.catalogue import LANGUAGES
from models.words.money import say_money


def askable(policy: Policy) -> tuple[str, ...]:
    """Whoever the duties are sure to be asked of, on one visit or another; not whom only the request decides."""
    found: dict[str, None] = {}
    for duty in policy.duties:
        for kind in policy.kinds:
            party = duty.asked_of(kind.id) or ""
            party = kind.owner if party == "@owner" else party
            if party and (party in BY_PERSON or not party.startswith("@")):
                found[party] = None
    return tuple(found)


def asked_name(policy: Policy, duty: Duty, *, by_kind: bool = False) -> Name:
    """Of whom a duty is asked: its party, or all of them; with `by_kind` each with its kind of visitor."""
    if isinstance(duty.party, str):
        return party_name(policy, duty.party)
    if not by_kind:
        return _joined([party_name(policy, party) for party in duty.parties()])
    pairs = [(party_name(policy, party), policy.name_of(kind)) for kind, party in duty.party.items()]
    return _joined([_for_kind(policy, *pair) for pair in pairs])


def _for_kind(policy: Policy, party: Name, kind: Name) -> Name:
    said = {code: words_of(policy, code) for code in LANGUAGES}
    return Name({code: w("parties.for_kind", party=party.say(code), kind=kind.say(code)) for code, w in said.items()})


def _joined(names: list[Name]) -> Name:
    return Name({code: " / ".join([name.say(code) for name in names]) for code in LANGUAGES})


# The terms of a policy said in one language: conditions, times, limits, posts, for the look-up of its tables.

OWN_FIELDS = {
    "guests": "fields.guest",
    "meals": "fields.meal",
    "costs": "fields.cost",
    **{key: f"listing.field.{key}" for key in ("requested_at", "host", "lead_host", "total")},
}
"""Where the catalogue has the names of those keys of a request that `fields` has not under their own."""

MONEY_AXES = frozenset({"amount", "total"})


class Wording:
    """Says the terms of one policy in the language of `w`."""

    def __init__(self, policy: Policy, w: Words) -> None:
        self.policy = policy
        self.w = words_of(policy, w.language)

    # names

    def name(self, id: str) -> str:
        """The name of a tier, kind, department, post, stage …"""
        return self.w.name(self.policy.name_of(id))

    def party(self, party: str) -> str:
        """A department, a post or a reference."""
        return self.w.name(party_name(self.policy, party))

    def parties(self, parties: Iterable[str]) -> str:
        """Several of which any one will do."""
        return " / ".join(map(self.party, parties))

    def axis(self, axis: str) -> str:
        """What an axis asks about; for a choice field its name on the form."""
        need = next((need for need in self.policy.needs if need.id == axis), None)
        if need is not None or (axis in self.policy.lists and axis not in OWN_LISTS and axis not in LIST_AXES):
            return self.w.name(need.name) if need else axis
        return self.w(f"listing.axis.{axis}")

    def value(self, axis: str, id: str) -> str:
        """The name of one id that an axis takes."""
        if axis in ("tier", "kind", "host", "applicant"):
            return self.name(id)
        if axis == "item":
            return self.w.name(item_name(self.policy, id))
        return self.w.name(entry_name(self.policy, LIST_AXES.get(axis, axis), id))

    def purpose(self, purpose: str) -> str:
        """What something is held for: arrival, departure, or a stage."""
        return self.w(f"listing.purpose.{purpose}") if purpose in ENDS else self.name(purpose)

    def field(self, key: str) -> str:
        """What a key of the request, a field of the form or `total` is called."""
        if any(need.id == key for need in self.policy.needs):
            return self.name(key)
        return key if key in self.policy.lists else self.w(OWN_FIELDS.get(key, f"fields.{key}"))

    def verbs(self, verbs: Iterable[str]) -> str:
        """What a right is to."""
        return " / ".join(self.w(f"listing.verb.{verb}") for verb in verbs)

    def granted(self, by: Iterable[str]) -> str:
        """Who has a right."""
        return " / ".join(self.w(f"listing.who.{who[1:]}") if who.startswith("@") else self.name(who) for who in by)

    # conditions

    def when(self, when: When) -> str:
        """A condition; empty where the row always holds."""
        return self._folded("or", map(self._clause, when))

    def _clause(self, clause: Clause) -> str:
        said = [self._test(test) for test in clause.tests]
        said += [self.w("listing.not", what=self.when(inner) or self.w("listing.always")) for inner in clause.nots]
        return self._folded("and", said) or self.w("listing.always")

    def _test(self, test: Test) -> str:
        wanted, axis = test.wanted, test.axis
        if axis in ("late", "holiday") and isinstance(wanted, bool):
            return self.w(f"listing.{axis}.{'yes' if wanted else 'no'}")
        if axis == "bands" and isinstance(wanted, tuple):
            return self._folded("and", (self._band(*pair) for pair in wanted if isinstance(pair, tuple)))
        if axis == "words" and isinstance(wanted, tuple):
            return self.w("listing.words", words=" / ".join(map(str, wanted)))
        if isinstance(wanted, Span):
            return self.w("listing.holiday.near", span=self.span(wanted))
        said = self._range(axis, wanted) if isinstance(wanted, Range) else self._ids(axis, wanted)
        return self.w("listing.test", axis=self.axis(axis), value=said)

    def _band(self, band: str, number: int) -> str:
        return self.w("listing.band", n=number, band=self.value("band", band))

    def _ids(self, axis: str, wanted: object) -> str:
        ids = wanted if isinstance(wanted, frozenset) else frozenset[str]()
        order = [entry.id for entry in self.policy.tiers if axis == "tier"]
        order += [entry.id for entry in self.policy.lists.get(LIST_AXES.get(axis, axis), ())]
        place = {each: at for at, each in enumerate(order)}
        return " / ".join(self.value(axis, each) for each in sorted(ids, key=lambda each: (place.get(each, 0), each)))

    def _range(self, axis: str, wanted: Range) -> str:
        low, high = (None if end is None else self._end(axis, end) for end in (wanted.low, wanted.high))
        if low is not None and low == high:
            return low
        key = "_".join(
            word
            for word, there in (
                ("above" if wanted.low_open else "from", low is not None),
                ("below" if wanted.high_open else "to", high is not None),
            )
            if there
        )
        return self.w(f"listing.range.{key}", low=low, high=high)

    def _end(self, axis: str, end: object) -> str:
        if isinstance(end, Span):
            return self.span(end)
        if isinstance(end, tuple):
            return f"{end[0]:02}-{end[1]:02}"
        if isinstance(end, Fraction):
            return f"{float(end):g}%"
        return self.money(int(str(end))) if axis in MONEY_AXES else str(end)

    # times

    def span(self, span: Span) -> str:
        """A length of time, without its sign."""
        return self.w(f"finding.span.{span.unit}", n=abs(span.number))

    def moment(self, moment: Moment) -> str:
        """A point in time relative to a visit."""
        stages = {stage.id for stage in self.policy.stages}
        anchor = self.name(moment.anchor) if moment.anchor in stages else self.w(f"listing.anchor.{moment.anchor}")
        offset = moment.offset
        if offset is None or not offset.number:
            said = self.w("listing.moment.day" if moment.clock else "listing.moment.at", anchor=anchor)
        else:
            key = "before" if offset.number < 0 else "after"
            said = self.w(f"listing.moment.{key}", anchor=anchor, span=self.span(offset))
        return f"{said} {moment.clock:%H:%M}" if moment.clock else said

    # limits

    def money(self, minor: int) -> str:
        """An amount in main units."""
        return say_money(minor, self.policy.currency.minor)

    def per(self, cap: Cap) -> str:
        """What a cap counts by: a unit, or whose sum over which span."""
        if cap.count_over is None:
            return self.w(f"matrix.per.{cap.per}") if cap.per in UNITS else cap.per
        whose = " / ".join(self.w(f"listing.whose.{whose}") for whose in cap.count_by)
        return self.w("listing.sum", whose=whose, span=self.span(cap.count_over))

    def limit(self, limit: Linear) -> str:
        """A limit by number of guests, or a plain number."""
        if not limit.each:
            return f"{float(limit.base):g}"
        if not limit.base and not limit.over:
            return self.w("listing.each_guest", each=str(limit.each))
        return self.w("matrix.linear", base=str(limit.base), each=str(limit.each), over=limit.over)

    def breach(self, key: str, breach: str) -> str:
        """What follows; `key` of `listing` says on what."""
        return self.w(f"listing.{key}", what=self.w(f"matrix.breach.{breach}"))

    # parts of rows, as the keys of their tables say them

    def steps(self, steps: Iterable[RouteStep]) -> str:
        """The steps of a route, in order."""
        said = [f"{self.parties(step.by)} {self.w(f'trial.step.{step.do}')}" for step in steps]
        return "  ->  ".join(said) or self.w("trial.no_route")

    def least_notice(self, row: Notice) -> str:
        """The notice that is asked for, and what follows where it is less; that there is none."""
        if row.least is None:
            return "" if row.never else self.w("trial.no_notice")
        return self.w("matrix.notice_of", span=self.span(row.least), breach=self.w(f"matrix.breach.{row.breach}"))

    def never_notice(self, never: Span) -> str:
        """From when on a request is refused."""
        key = "after" if never.number < 0 else "before" if never.number else "arrived"
        return self.w(f"listing.never_notice.{key}", span=self.span(never))

    def at_least_of(self, posts: Iterable[str], number: int) -> str:
        """So many of several posts."""
        said = self.parties(posts)
        return said if number == 1 else self.w("matrix.at_least_of", n=number, posts=said)

    def capped(self, cap: Cap) -> str:
        """What a cap is about: its items, and for a sum or a frequency whose and over which span."""
        items = " + ".join(self.value("item", item) for item in cap.items)
        if cap.count_over is None and _in_money(cap):
            return f"{items} {self.w.text(unit_of(self.policy, cap.per))}"
        return f"{items} {self.per(cap)}" if cap.count_over else f"{items} / {self.per(cap)}"

    def most(self, cap: Cap, column: CapColumn) -> str:
        """The most of a column; that nothing is limited where it says nothing at all."""
        if column.most is not None:
            return self.w.text(figure_of(self.policy, cap, column.most))
        return "" if column.limited or column.text else self.w("matrix.no_limit")

    def least(self, cap: Cap, column: CapColumn) -> str:
        """The least of a column; empty where it has none."""
        if column.least is None:
            return ""
        key = "at_least" if isinstance(column.least, str) else "at_least_money"
        return self.w(f"matrix.{key}", figure=figure_of(self.policy, cap, column.least))

    def never(self, cap: Cap, column: CapColumn) -> str:
        """What is refused of a column: a count in one that only counts; empty where nothing is."""
        if column.never is None:
            return ""
        counts = column.most is None and column.least is None and column.count is not None
        is_count = counts and isinstance(column.never, Linear)
        said = self.limit(column.never) if is_count and isinstance(column.never, Linear) else None
        return self.w("listing.never", limit=said or figure_of(self.policy, cap, column.never))

    def asked(self, duty: Duty) -> str:
        """Of whom a duty is asked, by kind of visitor."""
        return self.w.name(asked_name(self.policy, duty, by_kind=True))

    def with_parts(self, duty: Duty) -> str:
        """What is to be done, with its pieces."""
        what, parts = self.w.name(duty.text), self.joined(map(self._part, duty.parts))
        return self.w("listing.with_parts", what=what, parts=parts) if parts else what

    def _part(self, part: DutyPart) -> str:
        """A piece of a duty, with its own conditions."""
        said = self.joined([self.when(part.when), self.dropped(part.may_drop)])
        return self.w("listing.part", what=self.w.name(part.text), when=said) if said else self.w.name(part.text)

    def dropped(self, may_drop: When | None) -> str:
        """For which visits something may be left out; empty where for none."""
        if may_drop is None:
            return ""
        return self.w("listing.may_drop_when", when=self.when(may_drop)) if may_drop else self.w("listing.may_drop")

    def due(self, due: Moment) -> str:
        """By when something is to be done."""
        return self.w("listing.due", moment=self.moment(due))

    def pieces(self, equipment: Iterable[str]) -> str:
        """Several pieces of equipment."""
        return self.joined(self.value("equipment", each) for each in equipment)

    def rising(self, field: str) -> str:
        """A field of which a change asks for something, with `+` at its end where only a rise does."""
        return self.w("listing.rises", field=self.field(field[:-1])) if field.endswith("+") else self.field(field)

    def held(self, row: BookingRule) -> str:
        """What things are held for, or which clash of them is meant."""
        things = " / ".join(self.w(f"listing.thing.{thing}") for thing in row.things)
        about = self.w(f"listing.clash.{row.clash}") if row.clash else " / ".join(map(self.purpose, row.purposes))
        return self.w("listing.booking", things=things, about=about)

    def since(self, before: Span | None) -> str:
        """From when something is held."""
        return self.w("listing.held.before", span=self.span(before)) if before else self.w("listing.held.from")

    def until(self, after: Span | None) -> str:
        """Until when something is held."""
        return self.w("listing.held.after", span=self.span(after)) if after else self.w("listing.held.until")

    def joined(self, parts: Iterable[object]) -> str:
        """Those parts that there are, one after the other."""
        return self._folded("and", (str(part) for part in parts if part))

    def _folded(self, key: str, parts: Iterable[str]) -> str:
        said = ""
        for part in parts:
            said = self.w(f"listing.{key}", first=said, second=part) if said else part
        return said


# The caps of a policy as data: `jiedai standards --json`. Loads little: a look-up must be quick.


def standards(policy: Policy, tier: str | None = None, lang: str = "zh") -> list[dict[str, Any]]:
    """Every column of every cap, in the file's order; with `tier` those that can hold for it. Money in minor units."""
    return [
        _entry(policy, cap, key, column, lang)
        for cap in policy.caps
        for key, column in cap.columns.items()
        if tier is None or _concerns(policy, cap, key, tier)
    ]


def _concerns(policy: Policy, cap: Cap, key: str | None, tier: str) -> bool:
    return (cap.by != "tier" or key == tier) and possible(policy, cap.when, tier)


def _entry(policy: Policy, cap: Cap, key: str | None, column: CapColumn, lang: str) -> dict[str, Any]:
    minor = policy.currency.minor
    where = when_json(cap.when, minor)
    if cap.by not in (None, "tier"):
        rows = where if isinstance(where, list) else [where]
        added = [{**row, cap.by: key} for row in rows]
        where = added if isinstance(where, list) else added[0]
    return {
        "id": column.id,
        "item": cap.items[0] if len(cap.items) == 1 else list(cap.items),
        "per": cap.per,
        "tier": key if cap.by == "tier" else None,
        "where": where,
        "most": figure_json(column.most),
        "least": figure_json(column.least),
        "count": column.count,
        "text": words(lang).name(column.text) if column.text else None,
        "breach": cap.breach,
    }


def figure_json(value: Linear | str | None) -> int | str | dict[str, Any] | None:
    """Minor units, a grade's id, or the linear form as the file writes it, in minor units."""
    if not isinstance(value, Linear):
        return value
    if not value.each:
        return value.at(0)
    whole = value.each.denominator == 1
    return {"base": int(value.base), "over": value.over, "each": int(value.each) if whole else str(value.each)}


def when_json(when: When, minor: int = 2) -> dict[str, Any] | list[dict[str, Any]]:
    """A `when` as the file writes it: a table, or a list of tables; an empty table is always."""
    clauses = [_clause_json(clause, minor) for clause in when]
    return clauses[0] if len(clauses) == 1 else clauses or {}


def _clause_json(clause: Clause, minor: int) -> dict[str, Any]:
    said: dict[str, Any] = {test.axis: _wanted_json(test, minor) for test in clause.tests}
    nots = [each for inner in clause.nots for each in _as_list(when_json(inner, minor))]
    if nots:
        said["not"] = nots[0] if len(nots) == 1 else nots
    return said


def _as_list(said: dict[str, Any] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return said if isinstance(said, list) else [said]


def _wanted_json(test: Test, minor: int) -> Any:
    wanted = test.wanted
    if isinstance(wanted, frozenset):
        ids = sorted(wanted)
        return ids[0] if len(ids) == 1 else ids
    if isinstance(wanted, Range):
        return _range_text(test, wanted, minor)
    if isinstance(wanted, Span):
        return span_text(wanted)
    if isinstance(wanted, tuple):
        return dict(wanted) if test.axis == "bands" else list(wanted)  # type: ignore[arg-type] # pairs by the axis
    return wanted


def _range_text(test: Test, wanted: Range, minor: int) -> str:
    low, high = (_end_text(test.axis, end, minor) for end in (wanted.low, wanted.high))
    if low == high and not wanted.low_open and not wanted.high_open:
        return low
    return f"{'>' if wanted.low_open else ''}{low}..{'<' if wanted.high_open else ''}{high}"


def _end_text(axis: str, end: Any, minor: int) -> str:
    if end is None:
        return ""
    if isinstance(end, Span):
        return span_text(end)
    if isinstance(end, tuple):
        return f"{end[0]:02}-{end[1]:02}"
    if axis == "of_cap":
        return f"{float(end):g}%"
    if axis in ("amount", "total"):
        main, rest = divmod(int(end), 10**minor)
        return f"{main}.{rest:0{minor}}" if rest else str(main)
    return str(end)


def span_text(span: Span) -> str:
    """A span as the file writes it."""
    return f"{span.number}{span.unit}"


def tiers_of(policy: Policy) -> Iterator[str | None]:
    """The ids of the tiers, highest first; None alone where the policy has no tiers."""
    if not policy.tiers:
        yield None
    for tier in policy.tiers:
        yield tier.id


# The look-up of standards as a table of rows by tiers, and each tier's duties; also for a policy without tiers.
#
# Everything is derived from the policy's rows. Which tier is the baseline is, too: the one of the fewest duties
# among those that may drop the fewest (R95); above it duties are added, below it they may be dropped (R96, R97).

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

    tiers: tuple[ListEntry | None, ...]
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
        yield MatrixRow("cap", _all_of(names), unit, where, cells)


def _counted(policy: Policy, cap: Cap) -> Said | None:
    """By what a frequency or a sum over a span is counted."""
    if cap.count_over is None and all(column.count is None for column in cap.columns.values()):
        return None
    if cap.per in UNITS:
        return Phrase(f"finding.per.{cap.per}")
    return Name({language: Wording(policy, words(language)).per(cap) for language in LANGUAGES})


def _where(policy: Policy, cap: Cap, key: str | None) -> Name | None:
    """The conditions of a cap beside the tier, with that of its column."""
    column = (Test(cap.by, frozenset({key})),) if cap.by not in (None, "tier") and cap.by and key else ()
    spoken = [Wording(policy, words(language)) for language in LANGUAGES]
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


def _in_money(cap: Cap) -> bool:
    return "money" in cap.limits and any(
        isinstance(figure, Linear) for column in cap.columns.values() for figure in (column.most, column.least)
    )


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
    said: Said = Phrase(f"matrix.per.{per}") if per in UNITS else per
    return Phrase("matrix.unit", {"currency": currency, "per": said})


def _all_of(names: list[Said]) -> Said:
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
            yield Phrase("matrix.at_least_of", {"n": row.at_least, "posts": _all_of(names)})
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
