"""Who may do what to a visit: the one place of rights, which follow from posts held and from the visit's state.

The applicant and the owner department look after a request, the current step's posts decide it, the coordinator
(R17) and the owner department run the visit, everyone with a part in it may say how it goes, and who has a task on it
may arrange and book. To a visit that one may
not see (`sight`) one may do nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from peewee import fn

from models.errors import Refused
from models.schema.store import reading
from models.schema.tables import Step, Task, Visit
from models.services.session import Session
from models.services.standing import ROLES, Standing, department_posts
from models.services.visits import current_step, person_name, post_names, visit_policy, visit_row

LIVE = frozenset(["approved", "under_way"])
EDITED = frozenset(["draft", "returned"])
CHANGING = frozenset(["changing"])
"""Submitted, too, but approved before: only a change to it is being decided, what is arranged goes on (R16)."""
DECIDED = CHANGING | {"submitted"}
EVERY = LIVE | EDITED | DECIDED | {"refused", "done", "closed", "cancelled", "no_show"}


@dataclass(frozen=True, slots=True)
class Rule:
    """In which states a verb is possible and for whom, in the words of `_ROLES`; no roles: for everybody.

    `instead`: for whom it is in one of these states.
    """

    states: frozenset[str]
    roles: tuple[str, ...]
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_OWN = ("applicant", "coordinator")
_RULES = {
    "read": Rule(EVERY, ()),
    "people": Rule(EVERY, ()),
    "policy": Rule(EVERY, ("person",)),
    "new": Rule(EVERY, ("person",)),
    "copy": Rule(EVERY, ("person",)),
    "note": Rule(EVERY - {"draft"}, ("person",)),
    "edit": Rule(EDITED, _OWN),
    "discard": Rule(EDITED, _OWN),
    "submit": Rule(EDITED, _OWN),
    "withdraw": Rule(frozenset(["submitted"]), _OWN),
    "urge": Rule(DECIDED, _OWN),
    "decide": Rule(DECIDED, ("approver",)),
    "record": Rule(DECIDED, ("recorder",)),
    "amend": Rule(LIVE, _OWN),
    "take_change_back": Rule(CHANGING, ("changer",)),
    "cancel": Rule(LIVE | DECIDED, _OWN),
    "tell": Rule(LIVE | CHANGING | {"cancelled", "no_show", "draft", "done"}, ("part",)),
    "restore": Rule(frozenset(["cancelled"]), _OWN),
    "met": Rule(CHANGING | {"approved"}, ("part",)),
    "seen_off": Rule(CHANGING | {"under_way"}, ("part",)),
    "take_back": Rule(CHANGING | {"under_way", "done", "no_show"}, ("part",), {"no_show": ("coordinator",)}),
    "track": Rule(LIVE | CHANGING, ("part",)),
    "stage": Rule(LIVE | CHANGING, ("part",)),
    "arrange": Rule(LIVE | CHANGING, ("part", "task")),
    "arranged": Rule(LIVE | CHANGING | {"done"}, ("part", "task")),
    "book": Rule(LIVE | DECIDED, ("part", "task")),
    "no_show": Rule(CHANGING | {"approved"}, ("coordinator",)),
    "miss": Rule(LIVE | CHANGING | {"no_show"}, ("coordinator",)),
    "hand_over": Rule(LIVE | DECIDED | {"done", "no_show"}, ("coordinator",)),
    "task": Rule(LIVE | CHANGING | {"done"}, ("person",)),
    "settle": Rule(LIVE | {"done", "no_show"}, ("coordinator",)),
    "sign": Rule(LIVE | {"done", "no_show"}, ("person",)),
    "close": Rule(frozenset(["done", "no_show"]), ("coordinator",)),
    "reopen": Rule(frozenset(["closed"]), ("coordinator",)),
}


def may(session: Session, verb: str, visit: Visit | int | None = None) -> str | None:
    """None when the actor may do `verb` now, to `visit` where it is done to one; else the reason's code.

    The sentence `refused.<code>` of that code needs no facts. Raises KeyError for a verb there is no rule for.
    """
    rule = _RULES[verb]
    if visit is not None:
        return may_all(session, visit, (verb,))[verb]
    with reading():
        return None if not rule.roles or Standing(session, ()).registered else "nobody_acts"


def may_all(session: Session, visit: Visit | int, verbs: Iterable[str] = tuple(_RULES)) -> dict[str, str | None]:
    """`may` for these verbs on a visit, or all of them, at once: for a screen that greys its keys."""
    with reading():
        row = visit_row(visit) if isinstance(visit, int) else visit
        return refusals(Standing(session, (row,)), row, verbs)


def refusals(standing: Standing, row: Visit, verbs: Iterable[str] = tuple(_RULES)) -> dict[str, str | None]:
    """`may_all` for one of the visits of a standing: for a list, whose visits share what is read of the store."""
    said = cache(lambda role: _ROLES[role](standing, row))
    found: dict[str, str | None] = {}
    for verb in verbs:
        rule = _RULES[verb]
        if rule.roles and not standing.registered:
            found[verb] = "nobody_acts"
        elif row.id in standing.unseen:
            found[verb] = "restricted"
        else:
            found[verb] = _refusal(rule, row, said)
    return found


def may_client(session: Session, client: int) -> str | None:
    """None when the actor may change the record of a client: who asked for one of its visits, or runs one; else the
    reason's code. Everybody may read it."""
    person = session.actor.person
    with reading():
        if not Standing(session, ()).registered:
            return "nobody_acts"
        rows = Visit.select().where(Visit.client == client, Visit.number.is_null(False))
        own = rows.where((Visit.applicant == person) | (Visit.coordinator == person)).exists()
        latest = rows.select(fn.MAX(Visit.id)).group_by(Visit.owner)
        owners = Visit.select().where(Visit.id.in_(latest))
        return None if own or any(runs(session, row) for row in owners) else "not_client"


def _refusal(rule: Rule, row: Visit, said: Callable[[str], str | None]) -> str | None:
    """Why the rule forbids it, given what each role says of the actor."""
    state = "changing" if row.state == "submitted" and row.before is not None else row.state
    if state not in rule.states:
        return "change_being_decided" if state == "changing" and "submitted" in rule.states else f"state.{row.state}"
    refusals = [said(role) for role in rule.instead.get(row.state, rule.roles)]
    return None if None in refusals or not refusals else refusals[0]


def allow(session: Session, verb: str, row: Visit) -> None:
    """Refused unless the actor may do `verb` to the visit now; an approver is told who may instead."""
    code = may(session, verb, row)
    if code == "not_approver":
        raise decides_other(session, row)
    if code is not None:
        raise Refused(code)


def decides_other(session: Session, row: Visit) -> Refused:
    """The refusal that names the posts which may decide now, and who holds them."""
    step = current_step(row)
    posts = post_names(visit_policy(session, row), step.posts if step else ())
    who = step_holders(session, row, step) if step else ()
    if not who:
        return Refused("decides_vacant", posts=posts)
    return Refused("decides_other", posts=posts, who=", ".join([person_name(person) for person in who]))


def step_holders(session: Session, row: Visit, step: Step) -> tuple[int, ...]:
    """The persons who may act at a step today: who holds one of its posts, or is named for one on this visit (A24)."""
    return Standing(session, (row,)).step_holders(row, step)


def post_holders(session: Session, row: Visit, post: str) -> tuple[int, ...]:
    """Who holds a post today, or is named for it on this visit."""
    return Standing(session, (row,)).post_holders(row, post)


def held_post(session: Session, row: Visit, step: Step, person: int) -> str | None:
    """The post in which a person acts at a step, None where they hold none of its posts."""
    standing = Standing(session, (row,))
    return next((post for post in step.posts if person in standing.post_holders(row, post)), None)


def acting_posts(session: Session, row: Visit) -> tuple[str, ...]:
    """The posts in which the actor may speak on a visit: those held today, and those named for on it."""
    standing = Standing(session, (row,))
    named = [role for (_, role), people in standing.named.items() if standing.person in people and role not in ROLES]
    return tuple(dict.fromkeys([*sorted(standing.posts), *named]))


def runs(session: Session, row: Visit) -> bool:
    """Whether the actor is the visit's coordinator or holds a lasting post of the owner department (R17)."""
    return Standing(session, (row,)).runs(row)


def of_party(standing: Standing, row: Visit, task: Task) -> bool:
    """Whether the actor belongs to whom a task is asked of: a department, a post, somebody of the visit."""
    policy = standing.policy(row)
    if any(department.id == task.party for department in policy.departments):
        return not standing.posts.isdisjoint(department_posts(policy, task.party))
    return standing.person in standing.party_holders(row, task.party)


def _is_applicant(standing: Standing, row: Visit) -> str | None:
    return None if row.applicant_id in (None, standing.person) else "not_yours"


def _is_coordinator(standing: Standing, row: Visit) -> str | None:
    return None if standing.runs(row) else "not_coordinator"


def _is_recorder(standing: Standing, row: Visit) -> str | None:
    """Who enters what another decided (R19): never the approvers for one another."""
    return None if standing.coordinates(row) else "not_recorder"


def _is_changer(standing: Standing, row: Visit) -> str | None:
    """Who made the change that is being decided."""
    return None if standing.changed_by(row) in (None, standing.person) else "not_your_change"


def _has_part(standing: Standing, row: Visit) -> str | None:
    return None if standing.has_part(row) else "no_part"


def _has_task(standing: Standing, row: Visit) -> str | None:
    """Who is asked to do something for the visit (R52 to R60: cars, rooms, plates, gifts, tickets) may do it here."""
    return None if standing.has_task(row) else "no_part"


def _is_approver(standing: Standing, row: Visit) -> str | None:
    """The current step's holders; not for one's own request where own requests go up and another could decide (A34)."""
    step, person = standing.step(row), standing.person
    who = standing.step_holders(row, step) if step else ()
    if person is None or person not in who:
        return "not_approver"
    own = person == row.applicant_id and standing.policy(row).own_request == "up"
    return "own_request" if own and step and step.what != "opinion" and len(who) > 1 else None


_ROLES: dict[str, Callable[[Standing, Visit], str | None]] = {
    "person": lambda standing, row: None,
    "applicant": _is_applicant,
    "coordinator": _is_coordinator,
    "recorder": _is_recorder,
    "part": _has_part,
    "task": _has_task,
    "changer": _is_changer,
    "approver": _is_approver,
}
