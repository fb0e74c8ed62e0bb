"""Whom a reference names on a request: posts (`@owner_head`, `@lead_host.up`), departments (`@owner`)."""

from __future__ import annotations

from collections.abc import Iterable

from models.policy.case import Case
from models.policy.model import LeadHost
from models.policy.parties import BY_PERSON
from models.policy.when import holds
from models.words import Name, Phrase


def resolved(case: Case, by: Iterable[str]) -> tuple[str, ...]:
    """The posts that these posts and references name, each once, in order."""
    return tuple(dict.fromkeys(post for each in by for post in _posts(case, each)))


def party_on(case: Case, party: str) -> str:
    """The department or post that a party is on this request; persons, and what names nobody, as written."""
    if party == "@owner":
        return case.owner() or party
    if party == "@department":
        return case.department() or party
    return party if party in BY_PERSON else next(iter(_posts(case, party)), party)


def lead_host_row(case: Case) -> LeadHost | None:
    """The row that says who must be lead host."""
    return next((row for row in case.policy.lead_hosts if holds(row.when, case)), None)


def named(case: Case, posts: Iterable[str]) -> Name | Phrase:
    """The names of posts, said one after the other: any of them."""
    names: list[Name] = [post.name if (post := case.post(each)) else Name.of(each) for each in posts]
    return one_of(names)


def one_of(names: list[Name]) -> Name | Phrase:
    """Names or phrases joined by "or"."""
    if not names:
        return Phrase("finding.nobody")
    said: Name | Phrase = names[0]
    for each in names[1:]:
        said = Phrase("finding.or", {"first": said, "second": each})
    return said


def _posts(case: Case, by: str) -> tuple[str, ...]:
    if not by.startswith("@"):
        return (by,)
    reference, _, up = by.partition(".")
    found = _referred(case, reference)
    return tuple(_up(case, post) for post in found) if up else found


def _up(case: Case, post: str) -> str:
    """The post above; at the top the post itself."""
    held = case.post(post)
    return held.up if held and held.up else post


def _referred(case: Case, reference: str) -> tuple[str, ...]:
    post: str | None = None
    match reference:
        case "@owner_head":
            post = case.head(case.owner())
        case "@department_head":
            post = case.head(case.department())
        case "@applicant":
            post = case.request.applicant
        case "@lead_host":
            return case.request.host or _by_rule(case)
        case "@guest_rank":
            rank = case.guest_rank()
            return tuple(each.id for each in case.policy.posts if rank and each.rank == rank)
    return (post,) if post else ()


def _by_rule(case: Case) -> tuple[str, ...]:
    """Where no lead host is named yet: whom the rule asks for."""
    row = lead_host_row(case)
    if row is None or any(post.startswith("@lead_host") for post in row.posts):
        return ()
    return resolved(case, row.posts)
