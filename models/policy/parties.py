"""What a duty's party or a route's post is called: departments and posts by their names, references by ours."""

from __future__ import annotations

from models.policy.model import Duty, Policy
from models.policy.wording import words_of
from models.words import Name
from models.words.catalogue import LANGUAGES

BY_PERSON = {"@lead_host": "host", "@applicant": "applicant"}
"""References that stand for persons on a real visit, whatever posts they hold, and the part these have in it."""


def party_name(policy: Policy, party: str) -> Name:
    """The name of a department, a post or a reference (`@lead_host`, `@owner_head.up`), in every language."""
    if not party.startswith("@"):
        return policy.name_of(party)
    reference, _, up = party[1:].partition(".")
    try:
        names = {language: words_of(policy, language)(f"parties.{reference}") for language in LANGUAGES}
    except KeyError:  # read from a store that is not sound
        return policy.name_of(party)
    if not up:
        return Name(names)
    return Name({language: words_of(policy, language)("parties.above", of=name) for language, name in names.items()})


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
