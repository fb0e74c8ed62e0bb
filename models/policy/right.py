"""Who may do what, as the regulation says (`[[right]]`): the verbs it may speak of, and what holds where it is silent.

A verb that a row of the regulation names is theirs whom its rows name, and nobody else's; any other is as `SILENT`
says. Who reads, decides, ticks and signs is said elsewhere: by `see` of a kind, the route, the duties, the standards.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.policy.model import Department, Kind, Path, Policy, Post, Right
from models.policy.notation import (
    WHEN,
    Reading,
    Wrong,
    choice,
    identifier,
    known,
    listed,
    may,
    must,
    nearest,
    one_or_many,
    shown,
    table,
)

OF_THE_HOUSE = ("people", "things", "policy", "journal", "new", "export")
"""Verbs that are done to no visit: keep the registers of people and of cars and rooms, change the regulation and with
it these rights, read the journal, ask for a visit, take lists away as files."""

OF_A_VISIT = (
    "copy",
    "note",
    "edit",
    "discard",
    "submit",
    "withdraw",
    "urge",
    "record",
    "amend",
    "take_change_back",
    "cancel",
    "restore",
    "tell",
    "met",
    "seen_off",
    "take_back",
    "track",
    "stage",
    "arrange",
    "arranged",
    "book",
    "no_show",
    "miss",
    "hand_over",
    "settle",
    "close",
    "reopen",
    "client",
    "phones",
)
"""Verbs that are done to a visit; `client` to that of one of its visits. `phones` is to see them."""

ANYBODY, TOP, OWNER, OWNER_HEAD = "@anybody", "@top", "@owner", "@owner_head"
WHOEVER = (ANYBODY, TOP, OWNER, OWNER_HEAD)
"""Who may be named for any verb beside posts and departments: everybody of the register; the posts that have none above
them; who works in a department that has visits of its own, or leads one."""

ON_A_VISIT = ("@applicant", "@coordinator", "@lead_host", "@changer", "@approver", "@task", "@part", "@department")
"""Who may be named, too, for a verb that is done to a visit."""

SILENT = (
    Right(("new", "copy", "note", "export"), (ANYBODY,)),
    Right(
        ("edit", "discard", "submit", "withdraw", "urge", "amend", "cancel", "restore", "client"),
        ("@applicant", "@coordinator", OWNER),
    ),
    Right(("record",), ("@coordinator",)),
    Right(("take_change_back",), ("@changer",)),
    Right(("tell", "met", "seen_off", "take_back", "track", "stage"), ("@part",)),
    Right(("arrange", "arranged", "book"), ("@part", "@task")),
    Right(("no_show", "miss", "hand_over", "settle", "close", "reopen"), ("@coordinator", OWNER)),
    Right(("phones",), ("@part", "@task", "@approver", TOP, OWNER_HEAD)),
    Right(("people", "policy", "journal"), (TOP, OWNER_HEAD)),
    Right(("things",), (TOP, OWNER)),
)
"""Who may do what a regulation says nothing of."""

NEVER_LOST = ("people", "policy")
"""Verbs that must always be somebody's: by them every other right can be had again."""


def rows_for(policy: Policy, verb: str) -> tuple[Right, ...]:
    """The rows that say who may do it: the regulation's own where it speaks of the verb. KeyError for no such verb."""
    if verb not in OF_THE_HOUSE and verb not in OF_A_VISIT:
        raise KeyError(verb)
    own = tuple(row for row in policy.rights if verb in row.do)
    return own or tuple(row for row in SILENT if verb in row.do)


def posts_meant(policy: Policy, who: str) -> tuple[str, ...]:
    """See `meant_by`."""
    return meant_by(who, policy.posts, policy.departments, policy.kinds)


def holders_of(policy: Policy, verb: str, *, on_visits: bool = False) -> tuple[str, ...]:
    """The posts that may do a verb whatever the visit is, in the regulation's order; with `on_visits` without those who
    may because of what they are to one."""
    left_out = (OWNER, OWNER_HEAD) if on_visits else ()
    rows = (row for row in rows_for(policy, verb) if not row.when)
    named = (who for row in rows for who in row.by if who not in left_out)
    return tuple(dict.fromkeys(post for who in named for post in posts_meant(policy, who)))


def meant_by(
    who: str, posts: Sequence[Post], departments: Sequence[Department], kinds: Sequence[Kind]
) -> tuple[str, ...]:
    """The posts that are meant by a post, a department (those that are its own, and its head's) or one of `WHOEVER`;
    none by who has a part in one visit, or is anybody."""
    if who == TOP:
        return tuple(post.id for post in posts if post.up is None)
    if who in (OWNER, OWNER_HEAD):
        owners = {kind.owner for kind in kinds}
        own = [each for each in departments if each.id in owners or "@department" in owners]
        heads = [each.head for each in own if each.head]
        theirs = [post for each in own if who == OWNER for post in _of(each, posts)]
        return tuple(dict.fromkeys([*heads, *theirs]))
    department = next((each for each in departments if each.id == who), None)
    if department is not None:
        return _of(department, posts)
    return (who,) if any(post.id == who for post in posts) else ()


def _of(department: Department, posts: Sequence[Post]) -> tuple[str, ...]:
    own = (post for post in posts if post.department == department.id or post.id == department.head)
    return tuple(post.id for post in own if not post.per_visit)


# -- the rows of `[[right]]` as they are read -------------------------------------------------------------------------


def holder(r: Reading, at: Path, value: object) -> str:
    """Who may have a right: a post, a department, or who somebody is."""
    if not (isinstance(value, str) and value.startswith("@")):
        return known(value, (*r.ids["post"], *r.ids["department"]), "[[post]], [[department]]")
    allowed = (*WHOEVER, *ON_A_VISIT)
    if value in allowed:
        return value
    raise Wrong("bad_holder", value=shown(value), allowed=listed(allowed), nearest=nearest(value, allowed))


RIGHT_KEYS = {
    "id": may(identifier),
    "do": must(one_or_many(choice(*OF_THE_HOUSE, *OF_A_VISIT)), what=lambda s, row: s.verbs(row.do)),
    "by": must(one_or_many(holder), said=lambda s, row: s.granted(row.by)),
    "when": WHEN,
}


def right(r: Reading, at: Path, value: object) -> Right:
    """Who may do what; what is done to no visit is nobody's by a part in one."""
    row = table(r, at, value, RIGHT_KEYS)
    verbs = [verb for verb in row["do"] or () if verb in OF_THE_HOUSE]
    if verbs and row["when"]:
        r.note((*at, "when"), "right_without_visit", verbs=listed(verbs))
    for who in row["by"] or () if verbs else ():
        if who in ON_A_VISIT:
            r.note((*at, "by"), "holder_without_visit", value=who, verbs=listed(verbs), allowed=listed(WHOEVER))
    return Right(row["do"] or (), row["by"] or (), row["when"], row["id"])
