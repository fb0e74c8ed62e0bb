"""The cost check: what a line of costs has over its cap, who pays that, and what it lacks before closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from models.frozen import record
from models.policy.answer import Answer, CapAnswer
from models.policy.judge import Actual, AskedSignature, Spent, actuals
from models.policy.model import Policy, item_name
from models.policy.plan import EXCESS_PAYERS
from models.schema.tables import Expense, Visit
from models.services import validate
from models.services.visit_record import VisitRecord
from models.services.visits import company_share, post_names
from models.words import Name, Phrase
from models.words.catalogue import LANGUAGES

ONCE = frozenset(["meal", "event", "visit"])
"""What a cap counts once for a whole line, whatever its quantity."""
_NAMED = ("meal", "lodging", "car")
"""The lists of the policy by whose entries a line is labelled."""


@record
class Missing:
    """What a line still lacks before the visit can be closed: `actual`, `reason`, `decided_by` or `signature`."""

    expense: int
    what: str
    text: Phrase


@record
class CostSignature:
    """Who agreed to what a line really cost, in which posts, when (local time), to how much (minor units)."""

    person: int
    name: str
    posts: tuple[str, ...]
    at: datetime
    amount: int


@record
class CostCheck:
    """A visit's costs held against its policy: the policy's answer, and for each line by id what it has over and who
    pays."""

    policy: Policy
    answer: Answer
    lines: Mapping[int, Actual]


def check_costs(record: VisitRecord, rows: Sequence[Expense]) -> CostCheck:
    """Hold these lines, all of a visit, against its policy; inside `reading` or `write`. Refused where the form is no
    longer whole, or the policy cannot be read."""
    (policy, request, people), answer = record.question(), record.judged()
    planned = {line.id for line in answer.plan}
    found = actuals(policy, request, [_spent(policy, row, planned) for row in _owners(rows)], people)
    by_id = {row.id: row for row in rows}
    return CostCheck(policy, answer, {each.key: _frozen(each, by_id[each.key], answer) for each in found})


def missing(record: VisitRecord) -> tuple[Missing, ...]:
    """What the visit's lines still lack before it can be closed, in their order."""
    return lacks(check_costs(record, record.expenses), record.expenses)


@record
class Totals:
    """Sums of a visit in minor units; `over` adds up the lines' own excesses, `planned` and `company` are what the
    company was to pay and pays, `actual` is what all together paid."""

    planned: int
    actual: int
    over: int
    company: int


def totals(row: Visit, lines: Sequence[Expense]) -> Totals:
    """The sums of a visit's lines, all of them given."""
    return Totals(
        planned=row.total,
        actual=sum(each.actual or 0 for each in lines),
        over=sum(each.actual_over for each in lines),
        company=sum(company_share(each) for each in lines),
    )


def recheck_costs(record: VisitRecord) -> CostCheck:
    """Work out anew what each line of a visit has over and who pays it; inside `write`."""
    rows = record.expenses
    found = check_costs(record, rows)
    for row in rows:
        each = found.lines[row.id]
        over, payer = (each.over, each.payer) if row.actual is not None else (0, _planned_payer(row, each))
        if (row.actual_over, row.payer) != (over, payer):
            Expense.update(actual_over=over, payer=payer).where(Expense.id == row.id).execute()
    return found


def lacks(found: CostCheck, rows: Iterable[Expense]) -> tuple[Missing, ...]:
    """`missing` for lines that were checked already, in their order."""
    known = list(rows)
    names = line_names(found.policy, known)
    return tuple([lack for row in known for lack in _lacks(found, row, names[row.id])])


def open_asks(policy: Policy, row: Expense, asks: Iterable[AskedSignature]) -> tuple[AskedSignature, ...]:
    """The signatures a line still wants: one is good for its amount or less, and from above (A3)."""
    posts = [post for signed in signatures(row) if signed.amount >= (row.actual or 0) for post in signed.posts]
    return tuple([ask for ask in asks if not may_sign(policy, posts, ask)])


def may_sign(policy: Policy, posts: Iterable[str], ask: AskedSignature) -> bool:
    """Whether a holder of these posts may give a signature: one of its posts, or one above."""
    known = {post.id for post in policy.posts}
    return any(
        post == wanted or (wanted in known and post in policy.above(wanted)) for post in posts for wanted in ask.posts
    )


def signatures(row: Expense) -> tuple[CostSignature, ...]:
    """Who agreed to what a line cost, in order."""
    return tuple(
        [
            CostSignature(s["person"], s["name"], tuple(s["posts"]), datetime.fromisoformat(s["at"]), s["amount"])
            for s in row.signatures
        ]
    )


def left_to_someone(answer: Answer, item: str) -> bool:
    """Whether the standard of an item is said in words: somebody sets the amount (R93, R94)."""
    return any(item in cap.item and cap.text is not None and cap.most is None for cap in answer.caps)


def cap_of(answer: Answer, item: str, rule: str | None = None) -> CapAnswer | None:
    """The standard for an item's money, that of `rule` where it has one."""
    money = [cap for cap in answer.caps if item in cap.item and isinstance(cap.most, int)]
    return next((cap for cap in money if cap.id == rule), next(iter(money), None))


def line_names(policy: Policy, rows: Iterable[Expense]) -> dict[int, Name]:
    """What each line is for: its item with the meal, grade or words; numbered where a day has several alike."""
    known = list(rows)
    plain = {row.id: _plain_name(policy, row) for row in known}
    alike = Counter((plain[row.id], row.on) for row in known)
    seen: Counter[tuple[Name, object]] = Counter()
    names = {}
    for row in known:
        key = (plain[row.id], row.on)
        seen[key] += 1
        names[row.id] = _numbered(plain[row.id], seen[key]) if alike[key] > 1 else plain[row.id]
    return names


def label_of(policy: Policy, label: str) -> Name:
    """What a line is about: a meal or a grade by its name, else the words that were written."""
    entries = [entry for kind in _NAMED for entry in policy.lists.get(kind, ())]
    return next((entry.name for entry in entries if entry.id == label), Name.of(label))


def _plain_name(policy: Policy, row: Expense) -> Name:
    item, label = item_name(policy, row.item), label_of(policy, row.label)
    return Name({code: f"{item.say(code)} {label.say(code)}".strip() for code in LANGUAGES})


def _numbered(name: Name, number: int) -> Name:
    return Name({code: f"{name.say(code)} {number}" for code in LANGUAGES})


def _owners(rows: Sequence[Expense]) -> list[tuple[Expense, bool]]:
    """The lines, and whether each is the one that stands for its plan line now: what is left of an earlier plan may
    bear the same id."""
    taken: set[str] = set()
    found = []
    for row in sorted(rows, key=lambda each: each.planned is None):
        own = row.line is not None and row.line not in taken
        taken |= {row.line} if own and row.line else set()
        found.append((row, own))
    return sorted(found, key=lambda each: (each[0].position, each[0].id))


def _spent(policy: Policy, line: tuple[Expense, bool], planned: set[str]) -> Spent:
    row, own = line
    return Spent(
        key=row.id,
        line=row.line if own and row.line in planned else None,
        item=row.item,
        amount=row.actual,
        quantity=row.counted,
        meal=_meal(policy, row.label),
        on=row.on,
    )


def _meal(policy: Policy, label: str) -> str | None:
    """The meal that a label names."""
    named = [entry.id for entry in policy.lists.get("meal", ()) if label in (entry.id, *entry.name.all())]
    return named[0] if named else None


def _frozen(each: Actual, row: Expense, answer: Answer) -> Actual:
    """A line that no cap could measure is held against the one frozen with it."""
    if each.measured or row.cap is None or row.actual is None:
        return each
    cap = row.cap if row.per in ONCE else int(row.cap * row.counted)
    over = max(0, row.actual - cap)
    found = cap_of(answer, row.item, row.rule)
    breach = found.breach if found and over else None
    return Actual(each.key, over, EXCESS_PAYERS.get(breach or "", "company"), row.rule, breach, False, True, each.asks)


def _planned_payer(row: Expense, each: Actual) -> str:
    return "guest" if each.own else row.payer if row.planned_over else "company"


def _lacks(found: CostCheck, row: Expense, name: Name) -> list[Missing]:
    each = found.lines[row.id]
    left_to = left_to_someone(found.answer, row.item)
    asks = open_asks(found.policy, row, each.asks)
    posts = validate.joined([post_names(found.policy, ask.posts) for ask in asks])
    facts = {"item": name, "on": row.on.strftime("%m-%d") if row.on else "", "posts": posts}
    lacking = {
        "actual": row.actual is None and not each.own,
        "reason": each.over > 0 and each.breach in ("reason", "block") and not row.reason,
        "decided_by": left_to and bool(row.actual) and not row.decided_by,
        "signature": bool(asks),
    }
    return [Missing(row.id, what, Phrase(f"done.missing.{what}", facts)) for what, lack in lacking.items() if lack]
