"""The regulation as immutable, typed data: what `load` makes of a `config.toml`, and what is wrong with one.

Everything that has an order is highest first, as in the file. Money is in minor units. The notation
is described in the comments of `config.toml`; how rows are chosen is `judge`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from fractions import Fraction
from functools import cached_property
from typing import Literal, Protocol, TypeVar

from models.frozen import record
from models.words import Name, Phrase, Words, words
from models.words.catalogue import LANGUAGES

# What is wrong with a policy file, said with its line, and how that is raised.

Path = tuple[str | int, ...]


@record
class Problem:
    """One thing wrong: `line` of the row's or key's beginning (0: the whole file), `path` as `route[2].steps[1].by`
    (rows counted from 1), `phrase` what is wrong and what is allowed; `file` where a folder was read. A `warn` is
    allowed but odd."""

    line: int
    path: str
    phrase: Phrase
    level: Literal["error", "warn"] = "error"
    file: str = ""

    def said(self, words: Words, name: str) -> str:
        """`file:line: key.path: what is wrong — what is allowed`, in the reader's language; a warning says so."""
        name = self.file or name
        where = f"{name}:{self.line}:" if self.line else f"{name}:"
        path = f" {self.path}:" if self.path else ""
        what = self.what(words)
        return f"{where}{path} {words('policy.warning', what=what) if self.level == 'warn' else what}"

    def within(self, file: str) -> Problem:
        """The same, of a file that was read beside others."""
        return Problem(self.line, self.path, self.phrase, self.level, self.file or file)

    def what(self, words: Words) -> str:
        """What is wrong and what is allowed, without the place."""
        return words.text(self.phrase).rstrip()  # a sentence ends with the nearest, where there is one


SHOWN = 100
"""So many problems of a file are said; who has mended them sees the next."""


def first_said(problems: Sequence[Problem], words: Words, name: str) -> list[str]:
    """A line for each of the first problems of the file `name`, and one that counts the others."""
    said = [problem.said(words, name) for problem in problems[:SHOWN]]
    more = len(problems) - len(said)
    return [*said, words("policy.more", n=more)] if more else said


class PolicyErrors(Exception):
    """A policy that cannot be used; `problems` has all of them in the order of files and lines, `name` is the file's
    or the folder's."""

    def __init__(self, problems: Iterable[Problem], name: str = "config.toml") -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        self.name = name
        super().__init__(f"{name}: {len(self.problems)} problems")

    def said(self, words: Words) -> list[str]:
        """One line of text for each problem; of very many the first, and how many more there are."""
        return first_said(self.problems, words, self.name)


def spelt(path: Path) -> str:
    """A key's path for people: ("cap", 3, "most", "x") is `cap[4].most.x`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return text


# The terms a policy is written in: spans, moments, ranges, limits, and the conditions of `when`.

Breach = Literal["info", "warn", "reason", "block", "guest_pays", "applicant_pays"]
Do = Literal["opinion", "decide", "report"]
LimitKind = Literal["money", "grade", "count", "text"]
SpanUnit = Literal["m", "h", "d", "wd", "w", "mo", "y"]
NeedType = Literal["text", "number", "date", "choice", "document"]
Ask = Literal["decide", "notify", "refuse"]


@record
class Span:
    """A length of time as written: `3d`, `30m`, `2w`; negative where the notation allows it."""

    number: int
    unit: SpanUnit


@record
class Moment:
    """A point in time relative to a visit: anchor (arrive, depart, submit, close or a stage), offset, clock."""

    anchor: str
    offset: Span | None = None
    clock: time | None = None


@record
class Range:
    """`low..high`, either end absent or open (`low_open`: low itself is outside). A single value is low == high.

    Both ends have one type, which the axis fixes (see `Test`).
    """

    low: object | None = None
    high: object | None = None
    low_open: bool = False
    high_open: bool = False


@record
class Linear:
    """`base + each × max(0, n − over)`, rounded down; a plain limit is `base` alone (minor units or a count)."""

    base: Fraction
    over: int = 0
    each: Fraction = Fraction(0)

    def at(self, n: int) -> int:
        """The limit for `n` diners or guests."""
        value = self.base + self.each * max(0, n - self.over)
        return value.numerator // value.denominator


@record
class Test:
    """One axis of a `when` and what it must be. The axis alone fixes what `wanted` holds:

    - tier kind purpose service want guest_rank host_rank item meal venue: frozenset of ids, any of them; a range
      over the list (`"bureau.."`) is already the ids in it
    - any other list's id (a choice field): the same, to be sought in the request's `fields` under that id
    - host applicant: frozenset of post ids
    - area city: frozenset of words as written (ids where a list `area` or `city` is declared)
    - headcount day: Range of int
    - amount total: Range of int, minor units
    - of_cap: Range of Fraction, percent (`">100%.."` is low = 100, low_open)
    - lead: Range of Span; the two ends may have different units
    - date: Range of date, or a season: Range of (month, day), which runs over the year's end where low > high
    - late: bool
    - holiday: bool (on one, on none), or Span in `wd`: from that many working days before one to as many after
    - bands: tuple of (band, n): at least n attributes in that band or a higher one, for every pair
    - words: tuple of str, any of which occurs in the free text

    A list of numbers or ranges (`headcount = ["..3", 10]`) has become several clauses, so `wanted` is never one.
    """

    __test__ = False
    axis: str
    wanted: frozenset[str] | Range | Span | bool | tuple[tuple[str, int], ...] | tuple[str, ...]


@record
class Clause:
    """All tests hold, and none of `nots` (each a whole `When`; one that is `()` always holds, so the clause never)."""

    tests: tuple[Test, ...]
    nots: tuple[tuple[Clause, ...], ...] = ()


When = tuple[Clause, ...]
"""Any clause holds; the empty tuple is always."""


# The rows of a policy's tables, typed.


@record
class ListEntry:
    """An entry of a list of the organisation (a tier, a service, a lodging grade …). `at`: the usual hour of a meal."""

    id: str
    name: Name
    means: Name | None = None
    at: time | None = None


@record
class Kind:
    """A kind of visitor and the department that owns its receptions (R1, R2, R6, R98), which may be `@department`."""

    id: str
    name: Name
    owner: str
    applicants: tuple[str, ...] = ()
    see: tuple[str, ...] = ()


@record
class Department:
    """A department, its other name (A1) and the post that heads it (None where the file names none)."""

    id: str
    name: Name
    alias: Name | None
    head: str | None


@record
class Post:
    """An office in the organisation; `up` is the post above it, `per_visit` is named on each visit (R25, A24)."""

    id: str
    name: Name
    up: str | None = None
    department: str | None = None
    rank: str | None = None
    per_visit: bool = False


@record
class Group:
    """A standing body to be shown (R5)."""

    id: str
    name: Name
    leader: str
    deputy: str | None
    posts: tuple[str, ...]


@record
class Conduct:
    """One group of phrases on how staff behave (R71, R72, R73, R74)."""

    id: str
    text: Name


@record
class Propose:
    """A tier from facts."""

    tier: str
    when: When
    id: str | None = None


@record
class RouteStep:
    """`by`: posts or references (`@owner_head`, `@lead_host.up` …), any one of whom may act.

    A step written with `all` has become as many steps.
    """

    by: tuple[str, ...]
    do: Do


@record
class Route:
    """The steps of a request, in order; none is legal."""

    steps: tuple[RouteStep, ...]
    when: When
    id: str | None = None


@record
class Notice:
    """`least` absent: no notice asked for. `never`: less than this is refused (negative: after arrival)."""

    least: Span | None
    never: Span | None
    breach: Breach
    when: When
    id: str | None = None


@record
class LeadHost:
    """`posts`: posts or references, of whom `at_least` receive; `higher`: who is above one counts too (A15)."""

    posts: tuple[str, ...]
    instead: tuple[str, ...]
    at_least: int
    higher: bool
    breach: Breach
    when: When
    id: str | None = None


@record
class Companions:
    """`posts` are offered by default (R24); `most` and `never` are limits by number of guests."""

    posts: tuple[str, ...]
    most: Linear | None
    never: Linear | None
    not_counted: tuple[str, ...]
    breach: Breach
    when: When
    id: str | None = None


@record
class CapColumn:
    """One column of a cap row.

    `most`, `least`: `Linear` in minor units, or the id of a grade (an entry of the list named like the item).
    `count`: how many times. `text`: a standard in words. `never`: the harder limit, beyond which it always
    blocks: of the kind of `most`, or a count (`Linear`) in a row that has only a `count`.
    """

    id: str | None = None
    most: Linear | str | None = None
    least: Linear | str | None = None
    count: int | None = None
    text: Name | None = None
    never: Linear | str | None = None

    @property
    def limited(self) -> bool:
        """Whether anything can be beyond it."""
        return any(each is not None for each in (self.most, self.least, self.count, self.never))


@record
class Cap:
    """A row of the cap table.

    `by` is the axis of its columns (an axis of ids); None: one column, under the key None. A column left out is
    "no limit". `limits`: the kinds this row closes for its items and `per`, for the first-row-wins of choose
    tables; all four where the row has neither figure nor text. `per` is as written: `person_meal`,
    `500ml` …; for a sum or a frequency over a span (`"department client 1mo"`) `count_by` is
    ("department", "client") and `count_over` the span.
    """

    items: tuple[str, ...]
    per: str
    limits: frozenset[LimitKind]
    by: str | None
    columns: Mapping[str | None, CapColumn]
    breach: Breach
    when: When
    count_over: Span | None = None
    count_by: tuple[str, ...] = ()


@record
class Sign:
    """A further signature (`decide`) or report; `by`: any one of these posts or references."""

    by: tuple[str, ...]
    do: Do
    when: When
    id: str | None = None


@record
class Need:
    """A document or an extra field of the form. `values`: the ids a `choice` takes, those of the list of its id.

    `least`, `most` bound a `number`: plain numbers, exact in `.base`. `required` false: asked, never missed.
    """

    id: str
    name: Name
    type: NeedType
    required: bool
    values: tuple[str, ...]
    least: Linear | None
    most: Linear | None
    due: Moment
    breach: Breach
    when: When


@record
class Check:
    """Anything else that is wrong, said by `text` (A16)."""

    id: str | None
    text: Name
    breach: Breach
    when: When


@record
class StageRule:
    """A part of a reception (R26 and on), in the file's order; `at` is its proposed time, `lasts` how long it takes.

    `per` "meal": there is one for each meal, at the meal's hour (A36).
    """

    id: str
    name: Name
    at: Moment | None
    when: When
    lasts: Span | None = None
    per: Literal["meal"] | None = None


@record
class DutyPart:
    """One thing of a duty; `may_drop` None: never, `()`: always."""

    text: Name
    when: When
    may_drop: When | None


@record
class Duty:
    """A row of the division of duties; `may_drop` None: never, `()`: always, else a `when` (A25).

    `party`: a department, a post or a reference, or one for each kind of visitor, and then none for the others (A35);
    `after`: ids of duties that come first; `equipment`: what the room of its stage must have. A row without an id is
    called `duty_7` after its place.
    """

    id: str
    party: str | Mapping[str, str]
    text: Name
    stage: str | None
    parts: tuple[DutyPart, ...]
    due: Moment | None
    after: tuple[str, ...]
    may_drop: When | None
    assignee: bool
    when: When
    equipment: tuple[str, ...] = ()

    def asked_of(self, kind: str) -> str | None:
        """The party on a visit of this kind; None where it is nobody's duty."""
        return self.party if isinstance(self.party, str) else self.party.get(kind)

    def parties(self) -> tuple[str, ...]:
        """Every party that it may be asked of."""
        return (self.party,) if isinstance(self.party, str) else tuple(dict.fromkeys(self.party.values()))


@record
class BookingRule:
    """How long things are held, or what counts as a clash of them; things are "car", "room", "person".

    Either `purposes` ("arrival", "departure", stages), held from `before` the time until `after` it (None: from or
    until the time itself); or `clash` (twice seats grade gap equipment midnight), a `gap` when it is below `least`.
    """

    things: tuple[str, ...]
    purposes: tuple[str, ...]
    before: Span | None
    after: Span | None
    clash: str | None
    least: Span | None
    breach: Breach
    when: When
    id: str | None = None


@record
class ChangeRule:
    """After approval a change of one of `fields` asks for this.

    A field is a key of the request, a need's id, `lead_host` or `total`, with `+` at its end only when raised.
    """

    fields: tuple[str, ...]
    ask: Ask
    when: When
    id: str | None = None


@record
class Right:
    """Who may do what (`do`: verbs of `models.policy.right`). `by`: posts, departments, or who somebody is on the
    visit; any one of them."""

    do: tuple[str, ...]
    by: tuple[str, ...]
    when: When = ()
    id: str | None = None


@record
class Holiday:
    """Days off, `first` and `last` included."""

    name: Name
    first: date
    last: date


@record
class CalendarRows:
    """The organisation's own holidays and shifted working days; `only`: instead of the public ones."""

    holidays: tuple[Holiday, ...] = ()
    workdays: frozenset[date] = frozenset()
    only: bool = False


@record
class Currency:
    """`minor`: how many digits the minor unit has, 2 for CNY."""

    code: str
    minor: int


# The regulation as immutable, typed data: what `load` makes of a `config.toml`.
#
# Everything that has an order is highest first, as in the file. Money is in minor units. The notation
# is described in the comments of `config.toml`; how rows are chosen is `judge`'s business.


@record
class Policy:
    """One whole version of a regulation. `text` is the file's exact text."""

    text: str
    effective: date
    judged_on: Literal["request", "visit"]
    currency: Currency
    number: str
    own_request: Literal["up", "flag"]
    recorded: bool
    vacant: Literal["up", "coordinator"]
    absent: Literal["up", "coordinator"]
    labels: Mapping[str, Name]
    tiers: tuple[ListEntry, ...]
    kinds: tuple[Kind, ...]
    departments: tuple[Department, ...]
    posts: tuple[Post, ...]
    groups: tuple[Group, ...]
    conduct: tuple[Conduct, ...]
    lists: Mapping[str, tuple[ListEntry, ...]]
    calendar: CalendarRows
    propose: tuple[Propose, ...]
    routes: tuple[Route, ...]
    notices: tuple[Notice, ...]
    lead_hosts: tuple[LeadHost, ...]
    companions: tuple[Companions, ...]
    caps: tuple[Cap, ...]
    signs: tuple[Sign, ...]
    needs: tuple[Need, ...]
    checks: tuple[Check, ...]
    stages: tuple[StageRule, ...]
    duties: tuple[Duty, ...]
    changes: tuple[ChangeRule, ...]
    bookings: tuple[BookingRule, ...]
    rights: tuple[Right, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The identity of this version: the SHA-256 of its exact text, in hexadecimal digits."""
        import hashlib

        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def named_posts(self) -> frozenset[str]:
        """The posts for which somebody is named on each visit (A24); for no other one anybody can be."""
        return frozenset([post.id for post in self.posts if post.per_visit])

    def post(self, id: str) -> Post:
        """The post with this id; KeyError if the policy has none."""
        return _by_id(self.posts, id)

    def tier(self, id: str) -> ListEntry:
        """The tier with this id; KeyError if the policy has none."""
        return _by_id(self.tiers, id)

    def kind(self, id: str) -> Kind:
        """The kind of visitor with this id; KeyError if the policy has none."""
        return _by_id(self.kinds, id)

    def department(self, id: str) -> Department:
        """The department with this id; KeyError if the policy has none."""
        return _by_id(self.departments, id)

    def entry(self, list_id: str, id: str) -> ListEntry:
        """An entry of a list (`service`, `lodging` …); KeyError if there is none."""
        return _by_id(self.lists.get(list_id, ()), id)

    def owner(self, kind: str | None, department: str | None) -> str | None:
        """The department that owns receptions of this kind of visitor (R6, R98), the request's own where the kind says
        so; of the only kind where none is named."""
        named = next((each for each in self.kinds if each.id == kind), self.kinds[0] if len(self.kinds) == 1 else None)
        if named is None:
            return None
        return department if named.owner == "@department" else named.owner

    def above(self, post: str) -> tuple[str, ...]:
        """The posts reachable by `up` from `post`, nearest first, without `post` itself."""
        chain: list[str] = []
        up = self.post(post).up
        while up is not None and up not in chain:
            chain.append(up)
            up = self.post(up).up
        return tuple(chain)

    def satisfies(self, post: str, wanted: str) -> bool:
        """Whether `post` is `wanted` or above it (own authority, A3, A15)."""
        return post == wanted or post in self.above(wanted)

    def name_of(self, id: str) -> Name:
        """The name of anything the policy declares, by id; the id itself where nothing has it."""
        for table in (
            self.tiers,
            self.kinds,
            self.departments,
            self.posts,
            self.stages,
            self.groups,
            self.needs,
        ):
            for row in table:
                if row.id == id:
                    return row.name
        for entries in self.lists.values():
            for entry in entries:
                if entry.id == id:
                    return entry.name
        return Name.of(id)


def version_on(versions: Sequence[Policy], day: date) -> Policy:
    """The version in force on a day; the first one where all are still to come."""
    return next((policy for policy in versions if policy.effective <= day), versions[-1])


def version_for(versions: Sequence[Policy], requested: date, arrives: date | None) -> Policy:
    """The version that a request is judged by: the one in force on its day says which day counts."""
    policy = version_on(versions, requested)
    return version_on(versions, arrives) if policy.judged_on == "visit" and arrives else policy


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)


def _by_id(rows: tuple[Row, ...], wanted: str) -> Row:
    for row in rows:
        if row.id == wanted:
            return row
    raise KeyError(wanted)


# The ids that mean something to the program itself, whatever the organisation calls them.

MEAL, DRINK, TOBACCO, LODGING = "meal", "drink", "tobacco", "lodging"
OF_MEAL = (MEAL, DRINK, TOBACCO)
"""The items that a planned meal is made of."""

ITEMS = (*OF_MEAL, LODGING)
"""Items that a plan has by itself, also where the list `item` does not name them."""

RETURN_TICKETS = "return_tickets"
"""What a request wants where tickets for the way back are to be bought."""

LIST_AXES = {
    "purpose": "purpose",
    "service": "service",
    "want": "want",
    "guest_rank": "rank",
    "host_rank": "rank",
    "meal": "meal",
    "venue": "venue",
}
"""The axes whose ids are a list of the file, and which."""

OWN_LISTS = frozenset([*LIST_AXES.values(), "lodging", "car", "item", "band", "score", "area", "city", "equipment"])
"""Lists with a meaning of their own; any other list is a choice field and an axis by its id."""

ENDS = ("arrival", "departure")
"""What things are held for besides the stages."""

UNITS = (
    "person_meal",
    "person_day",
    "person_visit",
    "visit",
    "meal",
    "event",
    "bottle",
    "pack",
    "night",
    "trip",
    "piece",
)
"""What a cap counts by that has a word of ours; all else is said as the file writes it."""

CLASHES = {
    "car": ("twice", "seats", "grade", "gap", "midnight"),
    "room": ("twice", "seats", "gap", "equipment", "midnight"),
    "person": ("twice", "gap", "midnight"),
}
"""What is held, and what can clash of each."""


def known_item(item: str) -> Name:
    """What we call an item that every plan has, where the organisation does not say what it is called."""
    return Name({language: words(language)(f"listing.item.{item}") for language in LANGUAGES})


# What the organisation calls the entries of its lists.


def entry_name(policy: Policy, list_id: str, id: str) -> Name:
    """The name of an entry of one list (ids repeat between lists); the id where the list has none."""
    for entry in policy.lists.get(list_id, ()):
        if entry.id == id:
            return entry.name
    return Name.of(id)


def item_name(policy: Policy, item: str) -> Name:
    """The name of an item that money is spent on; ours for one that every plan has, where the policy names it not."""
    if item in ITEMS and all(entry.id != item for entry in policy.lists.get("item", ())):
        return known_item(item)
    return entry_name(policy, "item", item)


def knows(policy: Policy, item: str) -> bool:
    """Whether the policy says anything of meals (`meal`) or of lodgings (`lodging`): kinds of them, or a limit."""
    return bool(policy.lists.get(item)) or any(item in cap.items for cap in policy.caps)


# The program's sentences in the words of one organisation: the one place where its labels meet them.


def words_of(policy: Policy, language: str) -> Words:
    """The sentences of "zh" or "en" with the policy's labels, and without any tier where it has none."""
    return words(language).of(policy.labels, tiers=bool(policy.tiers))


# What a duty's party or a route's post is called: departments and posts by their names, references by ours.

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
