"""`jiedai visits`: a list of visits in order of arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.model import words_of
from models.queries.plain_lists import VisitLine, visits
from models.words import words
from models.words.catalogue import LANGUAGES
from tui.cli.asked import day, hidden_from, me, one_of, store
from tui.cli.call import Call, policy_in_use
from tui.cli.out import columns, give, give_json, iso, tell

if TYPE_CHECKING:
    from models.policy.model import Policy

STATES = (
    "draft",
    "submitted",
    "returned",
    "refused",
    "approved",
    "under_way",
    "done",
    "closed",
    "cancelled",
    "no_show",
)


def run_visits(call: Call) -> int:
    """Print the visits that the options let through."""
    state = one_of(call.given.option("state"), _state_names(), "unknown_state")
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    policy = policy_in_use(call)
    with store(call):
        found = visits(state=state, first=first, last=last, person=me(call), hidden=hidden_from(call))
    if call.json:
        give_json([_plain(each) for each in found])
    elif found:
        give(_table(call, policy, found))
    else:
        tell(call.w("lists.no_visits"))
    return 0


def _state_names() -> dict[str, list[str]]:
    return {state: [words(language)(f"done.state.{state}") for language in LANGUAGES] for state in STATES}


def _table(call: Call, policy: Policy, found: tuple[VisitLine, ...]) -> list[str]:
    """The visits under their titles; no column for tiers where there are none."""
    w = words_of(policy, call.w.language)
    head = [w(f"lists.{each}") for each in ("number", "arrive", "tier", "headcount", "state", "host", "client")]
    rows = [
        [
            each.number or "-",
            f"{each.arrive:%Y-%m-%d %H:%M}" if each.arrive else "-",
            w.name(policy.name_of(each.tier)) if each.tier else "-",
            str(each.headcount or "-"),
            w(f"done.state.{each.state}"),
            w.people(each.hosts) or "-",
            each.client or "-",
        ]
        for each in found
    ]
    table, holds = [head, *rows], ["data", "data", "text", "data", "text", "text", "text"]
    if not policy.tiers:
        table, holds = [[*row[:2], *row[3:]] for row in table], [*holds[:2], *holds[3:]]
    return columns(table, holds)


def _plain(each: VisitLine) -> dict[str, object]:
    return {
        "id": each.id,
        "number": each.number,
        "state": each.state,
        "client": each.client,
        "headcount": each.headcount,
        "tier": each.tier,
        "arrive": iso(each.arrive),
        "depart": iso(each.depart),
        "applicant": each.applicant or None,
        "coordinator": each.coordinator or None,
        "hosts": list(each.hosts),
    }
