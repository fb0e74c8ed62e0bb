"""Costs that somebody must agree to before their visit can be closed: for who signs them, and for the next shift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from models.queries.costs import cost_lines
from models.schema.store import reading
from models.schema.tables import Expense, Visit
from models.services.session import Session
from models.services.sight import hidden_among
from models.services.visit_record import VisitRecord
from models.services.visits import visit_policy
from models.words import Name, Phrase

SIGNED_IN = ("approved", "under_way", "done", "no_show")
"""States of a visit whose costs can be signed."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A line of costs beyond what was agreed to: `amount` paid, `cap` and `over` in minor units, `posts` any of which
    may sign, `text` all of it in a sentence. `mine`: the actor may sign it."""

    visit: int
    number: str
    client: str
    find: tuple[str, str]
    arrive: datetime | None
    expense: int
    name: Name
    on: date | None
    amount: int
    cap: int | None
    over: int
    posts: tuple[Name, ...]
    text: Phrase
    mine: bool


@dataclass(frozen=True, slots=True)
class Signing:
    """A visit with costs that somebody must agree to, at least one."""

    lines: tuple[Unsigned, ...]

    @property
    def visit(self) -> int:
        """The visit's id."""
        return self.lines[0].visit

    @property
    def mine(self) -> bool:
        """Whether the actor may sign some of them."""
        return any(line.mine for line in self.lines)

    @property
    def first(self) -> Unsigned:
        """The one to begin with: the first that the actor may sign."""
        return next((line for line in self.lines if line.mine), self.lines[0])


def unsigned(session: Session) -> tuple[Unsigned, ...]:
    """Every such line of the visits that the actor sees, the visit that came first first."""
    with reading():
        rows = _paid()
        unseen = hidden_among(session, (row.id for row in rows))
        return tuple(line for row in rows if row.id not in unseen for line in _of(session, row))


def signing(session: Session) -> tuple[Signing, ...]:
    """The visits with such lines: those that the actor may sign first, the one that came first first."""
    by_visit: dict[int, list[Unsigned]] = {}
    for line in unsigned(session):
        by_visit.setdefault(line.visit, []).append(line)
    return tuple(sorted((Signing(tuple(lines)) for lines in by_visit.values()), key=lambda each: not each.mine))


def to_sign(session: Session) -> int:
    """How many visits have costs that the actor must agree to."""
    return sum(each.mine for each in signing(session))


def _paid() -> list[Visit]:
    paid = fn.EXISTS(Expense.select(Expense.id).where(Expense.visit == Visit.id, Expense.actual.is_null(False)))
    return list(Visit.select().where(Visit.state.in_(SIGNED_IN), paid).order_by(Visit.comes, Visit.id))


def _of(session: Session, row: Visit) -> list[Unsigned]:
    policy = visit_policy(session, row)
    if not any(sign.do == "decide" for sign in policy.signs):
        return []
    client = row.client if row.client_id is not None else None
    return [
        Unsigned(
            visit=row.id,
            number=row.number or "",
            client=row.client_name,
            find=(client.pinyin, client.initials) if client else ("", ""),
            arrive=row.comes,
            expense=line.id,
            name=line.name,
            on=line.on,
            amount=line.actual or 0,
            cap=line.cap,
            over=line.over,
            posts=tuple(policy.name_of(post) for post in line.asked),
            text=line.lacks["signature"],
            mine=line.may_sign,
        )
        for line in cost_lines(VisitRecord(session, row))
        if "signature" in line.lacks
    ]
