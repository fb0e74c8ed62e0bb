"""The program's sentences in the words of one organisation: the one place where its labels meet them."""

from __future__ import annotations

from models.policy.model import Policy
from models.words import Words, words


def words_of(policy: Policy, language: str) -> Words:
    """The sentences of "zh" or "en" with the policy's labels, and without any tier where it has none."""
    return words(language).of(policy.labels, tiers=bool(policy.tiers))
