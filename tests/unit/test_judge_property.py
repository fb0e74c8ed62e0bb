"""Whatever is asked, the engine answers, and its sums add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.answer import answer_json
from models.policy.case import Decided, Past, People, PlannedCost, PlannedGuest, PlannedLodging, PlannedMeal, Request
from models.policy.judge import change_asks, decide, judge
from models.policy.load import load_file
from models.policy.model import Policy
from tests.unit.asked import small
from tests.unit.drawn import drawn
from tests.unit.test_judge_plan import FREQUENT
from tests.unit.test_judge_route import PIECES
from tests.unit.test_judge_rules import NEEDS, SIGNS

T = TypeVar("T")
RICH = (
    SIGNS + NEEDS + PIECES + FREQUENT
    + """
[calendar]
holidays = [{ name = "x", days = "2031-03-05" }]
[[propose]]
tier = "high"
when = [{ guest_rank = "bureau.." }, { bands = { A = 1 } }]
[[propose]]
tier = "low"
when = { holiday = "3wd", not = { words = ["x"] } }
[[notice]]
when = { kind = "public" }
least = "3wd"
never = "-2d"
[[notice]]
least = "12h"
breach = "block"
[[lead_host]]
posts = ["@guest_rank", "@applicant.up"]
instead = ["clerk"]
at_least = 2
[[cap]]
item = ["meal", "drink", "tobacco"]
per = "person_day"
by = "venue"
most = { in_house = 90, outside = { base = 10, over = 3, each = "1/3" } }
never = { outside = 500 }
breach = "guest_pays"
[[cap]]
item = "drink"
per = "500ml"
most = 0
breach = "applicant_pays"
[[cap]]
item = "gift"
per = "guest 1y"
least = 5
most = 200
[[cap]]
item = "gift"
per = "person_visit"
count = 1
[[cap]]
item = ["lodging", "car"]
per = "visit"
most = { base = -5, over = 0, each = 30 }
[[check]]
when = { item = "meal", amount = "100..", not = { date = "11-01..02-28", day = 1 } }
text = "c"
[[stage]]
id = "talk"
at = "arrive +2wd 09:00"
[[duty]]
party = "desk"
text = "d"
stage = "talk"
due = "talk -1mo"
"""
)  # fmt: skip
POLICIES: dict[str, Policy] = {
    "default": load_file(Path(__file__).parents[2] / "config.toml"),
    "rich": small(RICH, tiers=True),
    "bare": small(),
}


def maybe(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | values


def fields(policy: Policy) -> st.SearchStrategy[dict[str, object]]:
    """What the organisation's own fields may say: ids of the list of that name, or anything a need takes."""
    choices = {key: [entry.id for entry in entries] for key, entries in policy.lists.items() if entries}
    ids = sorted({"fund", "cars", *choices, *(need.id for need in policy.needs)})
    anything: list[object] = ["state", "", 2, Decimal(9), date(2026, 1, 1)]
    pairs = st.sampled_from(ids).flatmap(
        lambda key: st.tuples(st.just(key), st.sampled_from([*choices.get(key, ()), *anything]))
    )
    return st.lists(pairs, max_size=3).map(dict)


def requests(policy: Policy) -> st.SearchStrategy[Request]:
    """Any request in the words of a policy, within the bounds of what can be read."""

    def of(name: str) -> st.SearchStrategy[str]:
        return st.sampled_from([entry.id for entry in policy.lists.get(name, ())] or [""])

    posts = st.sampled_from([post.id for post in policy.posts])
    tiers = maybe(st.sampled_from([tier.id for tier in policy.tiers] or ["none"]))
    days = st.dates(date(2024, 1, 1), date(2033, 12, 31))
    times = st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31)).map(lambda at: at.replace(microsecond=0))
    count, price = st.integers(0, 60), maybe(st.integers(0, 10**8))
    meals = st.builds(
        PlannedMeal,
        on=days,
        guests=count,
        companions=count,
        companion_posts=st.lists(posts, max_size=3).map(tuple),
        meal=maybe(of("meal")),
        venue=maybe(of("venue")),
        price=price,
        bottles=count,
        bottle_price=price,
        packs=count,
        pack_price=price,
    )
    lodging = st.builds(
        PlannedLodging, days, count, st.integers(1, 30), maybe(of("lodging")), price, st.none(),
        st.sampled_from(["company", "guest"]),
    )  # fmt: skip
    quantity = st.decimals(0, 1000, places=2).map(Decimal)
    units = st.sampled_from(["", "piece", "trip", "750ml", "box", "night", "person_meal"])
    costs = st.builds(
        PlannedCost, of("item"), quantity, units, price, maybe(days), maybe(of("car")), st.sampled_from(["", "Li"])
    )
    past = st.builds(
        Past, days, st.sampled_from(["Acme", "Other"]), st.sampled_from(["", "Li"]), maybe(st.just("desk")),
        maybe(of("item")), maybe(of("meal")), count,
    )  # fmt: skip
    guests = st.builds(PlannedGuest, st.sampled_from(["", "Li", "Wu"]), rank=maybe(of("rank")), counts=st.booleans())

    def some(values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
        return st.lists(values, max_size=3).map(tuple)

    def build(arrive: datetime, ahead: timedelta, length: timedelta, **facts: Any) -> Request:
        return Request(requested_at=arrive - ahead, arrive=arrive, depart=arrive + length, **facts)

    made: Callable[..., st.SearchStrategy[Request]] = st.builds
    return made(
        build,
        arrive=times,
        ahead=st.timedeltas(timedelta(days=-9), timedelta(days=60)).map(
            lambda span: timedelta(days=span.days, hours=1)
        ),
        length=st.timedeltas(timedelta(0), timedelta(days=9)),
        kind=st.sampled_from([kind.id for kind in policy.kinds]),
        client=st.sampled_from(["Acme", "x"]),
        headcount=st.integers(1, 200),
        tier=tiers,
        guests=some(guests),
        purposes=some(of("purpose")),
        services=some(of("service")),
        wants=some(of("want")),
        applicant=maybe(posts),
        department=maybe(st.sampled_from([department.id for department in policy.departments])),
        host=some(posts),
        scores=st.dictionaries(of("score"), of("band"), max_size=3),
        meals=some(meals),
        lodging=some(lodging),
        costs=some(costs),
        city=maybe(of("city") | st.just("武汉")),
        area=maybe(of("area")),
        documents=some(st.sampled_from([need.id for need in policy.needs] or ["letter"])),
        purpose_text=st.sampled_from(["", "会所", "x"]),
        fields=fields(policy),
        reasons=st.dictionaries(st.sampled_from(["cap", "late"]), st.sampled_from(["", "because"])),
        history=some(past),
        decision=maybe(st.builds(Decided, posts, tiers)),
    )


def people(policy: Policy) -> st.SearchStrategy[People | None]:
    posts = st.sampled_from([post.id for post in policy.posts])
    persons = st.sampled_from(["ann", "bob", "cho"])
    held = st.dictionaries(posts, st.lists(persons, max_size=2).map(tuple))
    return maybe(st.builds(People, held, maybe(persons), st.dictionaries(posts, persons, max_size=1)))


@pytest.mark.parametrize("name", list(POLICIES))
def test_every_request_is_answered(name: str) -> None:
    """No exception; the total is the sum of what its lines count; one finding's line is one of the plan's; the JSON
    is JSON in both languages."""
    policy = POLICIES[name]

    @drawn(25, 80)
    @given(requests(policy), people(policy))
    def check(request: Request, held: People | None) -> None:
        answer = judge(policy, request, held)
        assert answer.total == sum(line.counted for line in answer.plan)
        for line in answer.plan:
            assert 0 <= line.counted <= (line.amount or 0)
            assert 0 <= line.over <= (line.amount or 0)
            assert line.payer == "company" or line.counted == (line.amount or 0) - line.over or line.item == "lodging"
        names = {line.id for line in answer.plan}
        assert {finding.line for finding in answer.findings} <= names | {None}
        assert {line for step in answer.route for line in step.lines} <= names
        for language in ("zh", "en"):
            json.dumps(answer_json(answer, policy, language), allow_nan=False)
        levels = {finding.level for finding in answer.findings}
        assert (answer.verdict == "blocked") == ("block" in levels)
        assert not change_asks(policy, request, request)

    check()


def test_a_request_in_the_words_of_another_policy() -> None:
    """Ids that the policy does not know (a stored visit under another version) are answered all the same."""

    @drawn(14, 40)
    @given(requests(POLICIES["default"]), requests(POLICIES["rich"]))
    def check(one: Request, other: Request) -> None:
        assert judge(POLICIES["rich"], one).plan is not None
        assert judge(POLICIES["default"], other).verdict in ("fits", "needs", "blocked")

    check()


@pytest.mark.parametrize("name", ["default", "rich"])
def test_lowering_never_passes_on_what_was_decided(name: str) -> None:
    """A3: whoever may decide a request as it is may decide it one tier lower."""
    policy = POLICIES[name]
    order = [tier.id for tier in policy.tiers]
    lowered: list[str] = []

    @drawn(14, 40)
    @given(requests(policy), st.sampled_from(order[:-1]))
    def check(request: Request, tier: str) -> None:
        request = replace(request, tier=tier)
        answer = judge(policy, request)
        had = answer.tier.proposed
        if had is None or had == order[-1]:
            return
        lower = order[order.index(had) + 1]
        for post in policy.posts:
            if decide(policy, request, (post.id,), had).effect == "approved":
                lowered.append(lower)
                effect = decide(policy, request, (post.id,), lower)
                assert effect.effect == "approved" or any(step.what == "sign" for step in answer.route)

    check()
    assert lowered, "or this would show nothing"
