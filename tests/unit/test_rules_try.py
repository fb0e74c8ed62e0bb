"""What `jiedai try` says in words to odd requests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.policy.judge import judge
from models.policy.model import Policy
from models.policy.request_file import RequestErrors, read_request
from models.words import Words, words
from tui.cli.policy_commands import told

LANGUAGES = ("zh", "en")
BASE = {
    "kind": '"customer"',
    "tier": '"vip"',
    "client": '"江南智造集团"',
    "headcount": "6",
    "requested_at": "2026-11-23T09:00:00",
    "arrive": "2026-11-30T10:20:00",
    "depart": "2026-12-01T15:00:00",
}
Ask = Callable[..., str]


def toml(**changes: str) -> str:
    """A request, with some keys of it changed."""
    return "\n".join([f"{key} = {value}" for key, value in {**BASE, **changes}.items()])


@pytest.fixture(params=LANGUAGES)
def w(request: pytest.FixtureRequest) -> Words:
    """The words of one language."""
    return words(request.param)


@pytest.fixture
def ask(default_policy: Policy, w: Words) -> Ask:
    """The text of the answer to a request with these changes."""

    def asked(**changes: str) -> str:
        request, _ = read_request(default_policy, toml(**changes))
        return "\n".join(told(w, default_policy, request, judge(default_policy, request)))

    return asked


def wrong(policy: Policy, w: Words, **changes: str) -> str:
    """The one thing that is wrong with a request."""
    with pytest.raises(RequestErrors) as caught:
        read_request(policy, toml(**changes))
    (problem,) = caught.value.problems
    return w.text(problem.phrase)


def test_after_the_fact_is_said_as_such(ask: Ask, w: Words) -> None:
    """A4: filed five days after the arrival, not with a notice of minus five days."""
    said = ask(requested_at="2026-12-05T09:00:00")
    assert "-5" not in said
    assert said.count({"zh": "到达后 5 天", "en": "5 days after"}[w.language]) == 2
    same_day = ask(requested_at="2026-11-30T12:00:00")
    assert {"zh": "提前 0 天", "en": "Notice of 0 days"}[w.language] in same_day


def test_no_lead_host_yet_is_no_breach(ask: Ask, w: Words) -> None:
    """R20: a field left empty does not read like a rule broken; a wrong host does."""
    broken, open_yet = {"zh": ("不符合", "还没有写"), "en": ("does not fit", "not named yet")}[w.language]
    for hosts, there, absent in (("[]", open_yet, broken), ('["driver"]', broken, open_yet)):
        (line,) = [line for line in ask(host=hosts).splitlines() if line.startswith(w("trial.lead_host"))]
        assert there in line
        assert absent not in line


def test_a_standard_that_is_a_grade_is_named(ask: Ask, w: Words) -> None:
    """R87, R90: the hotel and the car class stand where an amount would."""
    said = ask(lodging="[{}]", costs='[{ item = "car", unit = "trip" }]').splitlines()
    hotel, car = {"zh": ("标准 四星级", "至少 宝马级"), "en": ("cap Four-star hotel", "at least BMW class")}[w.language]
    assert [line for line in said if "R87" in line and hotel in line]
    assert [line for line in said if "(R90)" in line and car in line]
    (routine,) = [line for line in ask(tier='"routine"', costs='[{ item = "car" }]').splitlines() if "R92" in line]
    assert "-" in routine


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("meals", "[{ price = -1 }]", "-1 小于 0：请写 0 或更大的数", "-1 is below 0 — write 0 or more"),
        ("costs", '[{ item = "gift", quantity = -2 }]', "-2 小于 0", "-2 is below 0 — write 0 or more"),
        ("client", '" "', "没有写字", "is empty"),
        ("client", "5", "5", "is no text"),
    ],
)
def test_what_is_wrong_in_a_request(default_policy: Policy, w: Words, key: str, value: str, zh: str, en: str) -> None:
    said = wrong(default_policy, w, **{key: value})
    assert {"zh": zh, "en": en}[w.language] in said
    assert {"zh": "也不许", "en": "none allowed"}[w.language] not in said
