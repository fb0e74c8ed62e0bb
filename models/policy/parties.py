"""What a duty's party or a route's post is called: departments and posts by their names, references by ours."""

from __future__ import annotations

from models.policy.model import Policy
from models.policy.wording import words_of
from models.words import Name
from models.words.catalogue import LANGUAGES


def party_name(policy: Policy, party: str) -> Name:
    """The name of a department, a post or a reference (`@lead_host`, `@owner_head.up`), in every language."""
    if not party.startswith("@"):
        return policy.name_of(party)
    reference, _, up = party[1:].partition(".")
    names = {language: words_of(policy, language)(f"parties.{reference}") for language in LANGUAGES}
    if not up:
        return Name(names)
    return Name({language: words_of(policy, language)("parties.above", of=name) for language, name in names.items()})
