"""`jiedai tasks`: a list of tasks in due order, the open ones unless another state is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.model import party_name
from models.policy.wording import askable
from models.queries.plain_lists import TaskLine, tasks
from models.words import Name, words
from models.words.catalogue import LANGUAGES
from tui.cli.asked import day, hidden_from, me, one_of, store
from tui.cli.call import Call, policy_in_use
from tui.cli.out import columns, give, give_json, iso, tell

if TYPE_CHECKING:
    from models.policy.model import Policy

STATES = ("open", "done", "dropped", "gone")


def run_tasks(call: Call) -> int:
    """Print the tasks that the options let through."""
    policy = policy_in_use(call)
    state = one_of(call.given.option("state"), _state_names(), "unknown_state")
    party = one_of(call.given.option("party"), _parties(policy), "unknown_party")
    first, last = day(call, call.given.option("from")), day(call, call.given.option("to"))
    with store(call):
        hidden = hidden_from(call)
        found = tasks(state=state or "open", party=party, first=first, last=last, person=me(call), hidden=hidden)
    if call.json:
        give_json([_plain(each) for each in found])
    elif found:
        give(_table(call, policy, found))
    else:
        tell(call.w("lists.no_tasks"))
    return 0


def _state_names() -> dict[str, list[str]]:
    return {state: [words(language)(f"done.task_state.{state}") for language in LANGUAGES] for state in STATES}


def _parties(policy: Policy) -> dict[str, list[str]]:
    """Whoever may be asked for something, by every name."""
    parties = [*(row.id for row in policy.departments), *(row.id for row in policy.posts), *askable(policy)]
    return {party: list(party_name(policy, party).all()) for party in parties}


def _table(call: Call, policy: Policy, found: tuple[TaskLine, ...]) -> list[str]:
    w = call.w
    head = [w(f"lists.{each}") for each in ("due", "party", "assignee", "number", "client", "task")]
    rows = [
        [
            f"{each.due:%m-%d %H:%M}" if each.due else "-",
            w.name(party_name(policy, each.party)),
            w.people([each.assignee]) or "-",
            each.number or "-",
            each.client or "-",
            w.name(Name(each.text)) if each.text else each.duty,
        ]
        for each in found
    ]
    return columns([head, *rows], ["data", "text", "text", "data", "text", "text"])


def _plain(each: TaskLine) -> dict[str, object]:
    return {
        "id": each.id,
        "visit": each.visit,
        "number": each.number,
        "client": each.client,
        "duty": each.duty,
        "party": each.party,
        "text": dict(each.text),
        "due": iso(each.due),
        "state": each.state,
        "assignee": each.assignee or None,
        "done_by": each.done_by or None,
        "done_at": iso(each.done_at),
    }
