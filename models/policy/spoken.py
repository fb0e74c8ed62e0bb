"""The terms of a policy said in one language: conditions, times, limits, posts, for the look-up of its tables."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from models.policy.entries import entry_name, item_name
from models.policy.model import Cap, Clause, Linear, Moment, Policy, Range, Span, Test, When
from models.policy.notation.bookings import ENDS
from models.policy.notation.clauses import LIST_AXES, OWN_LISTS
from models.policy.parties import party_name
from models.policy.wording import words_of
from models.words import Words
from models.words.money import say_money

OWN_FIELDS = {
    "guests": "fields.guest",
    "meals": "fields.meal",
    "costs": "fields.cost",
    **{key: f"listing.field.{key}" for key in ("requested_at", "host", "lead_host", "total")},
}
"""Where the catalogue has the names of those keys of a request that `fields` has not under their own."""

PER_CELLS = frozenset(
    {
        "person_meal", "person_day", "person_visit", "visit", "meal", "event", "bottle", "pack", "night", "trip",
        "piece",
    }
)  # fmt: skip
"""What a cap counts by that has a word of ours; all else is said as the file writes it."""

MONEY_AXES = frozenset({"amount", "total"})


class Spoken:
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
            return self.w(f"matrix.per.{cap.per}") if cap.per in PER_CELLS else cap.per
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

    def joined(self, parts: Iterable[str | None]) -> str:
        """Those parts that there are, one after the other."""
        return self._folded("and", (part for part in parts if part))

    def _folded(self, key: str, parts: Iterable[str]) -> str:
        said = ""
        for part in parts:
            said = self.w(f"listing.{key}", first=said, second=part) if said else part
        return said
