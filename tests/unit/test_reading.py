"""A request's TOML: what is read, by id and by name, what it defaults to, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.policy.answer import Finding
from models.policy.case import Decided, Past, PlannedCost, PlannedGuest, PlannedLodging, PlannedMeal
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import Policy
from models.policy.request_file import RequestErrors, read_request
from models.words import words
from tests.unit.asked import FIRST, small

ALWAYS = """
client = "江南智造集团"
headcount = 6
requested_at = 2026-11-23T09:00:00
arrive = 2026-11-30T10:20:00
depart = 2026-12-01T15:00:00
"""
WHOLE = """
kind = "customer"
tier = "贵宾级"
guests = [{ name = "徐明哲", post = "董事长", principal = true, rank = "bureau", counts = true }]
purposes = ["考察", "Co-operation"]
purpose_text = ""
services = ["车辆接送", "参观讲解"]
wants = ["gifts"]
applicant = "project_sales_lead"
department = "营销部"
host = ["General manager"]
city = "杭州"
area = "east"
scores = { turnover = "A", influence = "B" }
documents = ["official_letter"]
fields = { fund = "gift", letter_number = "2026-17" }
reasons = { late = "…", cap = "…", lead_host = "…" }
decision = { by = "deputy_general_manager_in_charge", tier = "vip" }
[[meals]]
meal = "lunch"
venue = "in_house"
place = "公司食堂"
on = 2026-11-30
guests = 6
companions = 7
price = 150
bottles = 4
bottle_price = 480.50
packs = 3
pack_price = 40
note = ""
[[lodging]]
on = 2026-11-30
people = 6
nights = 1
grade = "四星级"
price = 480
city = "杭州"
payer = "company"
[[costs]]
item = "gift"
quantity = 6
unit = "piece"
price = 200
on = 2026-11-30
to = "徐明哲"
[[costs]]
item = "车辆"
grade = "Passat class"
quantity = 1.5
unit = "trip"
[[history]]
on = 2026-11-02
client = "江南智造集团"
guest = "徐明哲"
department = "marketing"
item = "meal"
meal = "banquet"
amount = 900
"""


def problems(policy: Policy, text: str) -> list[tuple[int, str]]:
    """Line and path of everything wrong."""
    with pytest.raises(RequestErrors) as caught:
        read_request(policy, text)
    return [(problem.line, problem.path) for problem in caught.value.problems]


def unused(findings: list[Finding]) -> list[str]:
    """The fields that the policy has no use for, as they are said."""
    assert {(finding.level, finding.code) for finding in findings} <= {("info", "input")}
    return [words("en").text(finding.text).split(":")[0] for finding in findings]


def test_the_whole_format(default_policy: Policy) -> None:
    """R99 to the last field: each is read; ids and names in either language are the same; money in minor units."""
    request, findings = read_request(default_policy, ALWAYS + WHOLE)
    assert (request.kind, request.tier, request.department) == ("customer", "vip", "marketing")
    assert request.guests == (PlannedGuest("徐明哲", "董事长", True, None, True),)
    assert request.purposes == ("inspection", "cooperation")
    assert request.services == ("car", "tour")
    assert request.host == ("general_manager",)
    assert request.meals == (
        PlannedMeal(
            on=FIRST, guests=6, companions=7, meal="lunch", venue="in_house", place="公司食堂", price=15_000,
            bottles=4, bottle_price=48_050, packs=3, pack_price=4_000,
        ),
    )  # fmt: skip
    assert request.lodging == (PlannedLodging(FIRST, 6, 1, "four_star", 48_000, "杭州", "company"),)
    assert request.costs == (
        PlannedCost("gift", Decimal(6), "piece", 20_000, FIRST, None, "徐明哲"),
        PlannedCost("car", Decimal("1.5"), "trip", None, None, "passat"),
    )
    assert request.decision == Decided("deputy_general_manager_in_charge", "vip")
    assert request.reasons["late"] == "…"
    assert request.history == (
        Past(date(2026, 11, 2), "江南智造集团", "徐明哲", "marketing", "meal", "banquet", 90_000),
    )
    assert unused(findings) == [
        "guests[1].rank", "city", "area", "scores.turnover", "scores.influence", "lodging[1].city", "documents[1]",
        "fields.fund", "fields.letter_number", "history",
    ]  # fmt: skip
    assert judge(default_policy, request).verdict == "needs"  # a Passat is below a VIP's class


def test_defaults(default_policy: Policy) -> None:
    """A meal's guests are the headcount, on the day of arrival; lodging is for all, one night; quantity is 1."""
    rows = 'kind = "customer"\ntier = "vip"\nmeals = [{}]\nlodging = [{}]\ncosts = [{ item = "gift" }]'
    request, findings = read_request(default_policy, ALWAYS + rows)
    assert request.meals == (PlannedMeal(on=FIRST, guests=6),)
    assert request.lodging == (PlannedLodging(on=FIRST, people=6),)
    assert request.costs == (PlannedCost("gift"),)
    assert findings == []


def test_companions_by_post(default_policy: Policy) -> None:
    """A meal's companions: a number, or the posts."""
    meals = 'kind = "other"\ntier = "vip"\nmeals = [{ companions = ["marketing_head", "供应部部长"] }]'
    request, _ = read_request(default_policy, ALWAYS + meals)
    assert (request.meals[0].companions, request.meals[0].companion_posts) == (2, ("marketing_head", "supply_head"))


def test_always_needed(default_policy: Policy) -> None:
    """Client, headcount and the three times; kind where there are several, tier where none is proposed."""
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, "")
    facts = {str(problem.phrase.facts["key"]) for problem in caught.value.problems}
    assert facts == {"kind", "client", "headcount", "requested_at", "arrive", "depart"}
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, ALWAYS + 'kind = "customer"')
    assert [problem.phrase.facts["key"] for problem in caught.value.problems] == ["tier"]


def test_tier_and_kind_by_the_policy() -> None:
    """One kind need not be said; a tier neither where one is proposed, nor where there are none."""
    one_kind = small().text.replace(', { id = "public", owner = "desk" }', "")
    request, _ = read_request(load_text(one_kind), ALWAYS)
    assert (request.kind, request.tier) == ("business", None)
    proposing = small('[[propose]]\ntier = "low"\nwhen = { headcount = "..6" }', tiers=True)
    request, _ = read_request(proposing, ALWAYS + 'kind = "public"')
    assert judge(proposing, request).tier.proposed == "low"
    with pytest.raises(RequestErrors):
        read_request(proposing, ALWAYS.replace("headcount = 6", "headcount = 7") + 'kind = "public"')
    request, findings = read_request(small(), ALWAYS + 'kind = "public"\ntier = "vip"')
    assert (request.tier, unused(findings)) == (None, ["tier"])


def test_what_another_policy_uses() -> None:
    """Ranks, scores, areas, cities, documents, fields and history are of use where a row or a list asks for them."""
    policy = small("""
[[propose]]
tier = "low"
when = { bands = { A = 1 } }
[[need]]
id = "letter"
name = "公函"
type = "document"
[[need]]
id = "seen"
name = "seen"
type = "date"
[[need]]
id = "cars"
name = "cars"
type = "number"
[[cap]]
item = "meal"
per = "client 1y"
when = { city = "杭州" }
most = 500
[[check]]
when = { area = "east" }
text = "east"
""", tiers=True)  # fmt: skip
    request, findings = read_request(
        policy,
        ALWAYS
        + """
kind = "business"
guests = [{ name = "Li", rank = "bureau" }]
city = "杭州"
area = "east"
scores = { turnover = "A" }
documents = ["公函"]
fields = { fund = "donation", cars = 2, seen = 2026-11-01 }
history = [{ on = 2026-01-05, item = "meal" }]
""",
    )
    assert findings == []
    assert (request.scores, request.documents, request.guests[0].rank) == ({"turnover": "A"}, ("letter",), "bureau")
    assert request.fields == {"fund": "donation", "cars": 2, "seen": date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('tier = "vvip"', "tier"),
        ('kind = "custmer"', "kind"),
        ("headcont = 6", "headcont"),
        ('purposes = ["考察", "考擦"]', "purposes[2]"),
        ('services = "car"', "services"),
        ('meals = [{ prce = 1 }]', "meals[1].prce"),
        ('meals = [{ price = 1.555 }]', "meals[1].price"),
        ('meals = [{ price = -1 }]', "meals[1].price"),
        ('meals = [{ price = inf }]', "meals[1].price"),
        ('meals = [{ on = 2026-11-30T10:00:00 }]', "meals[1].on"),
        ('meals = [{}, { companions = ["nobody"] }]', "meals[2].companions[1]"),
        ('meals = [{ bottles = -1 }]', "meals[1].bottles"),
        ('meals = [{ guests = true }]', "meals[1].guests"),
        ('lodging = [{ grade = "five_star" }]', "lodging[1].grade"),
        ('lodging = [{ payer = "nobody" }]', "lodging[1].payer"),
        ('costs = [{ price = 1 }]', "costs[1]"),
        ('costs = [{ item = "car", grade = "pasat" }]', "costs[1].grade"),
        ('costs = [{ item = "gift", quantity = "two" }]', "costs[1].quantity"),
        ('reasons = { lat = "x" }', "reasons.lat"),
        ('reasons = { late = 3 }', "reasons.late"),
        ('decision = { by = "boss" }', "decision.by"),
        ('decision = { tier = "vip" }', "decision"),
        ('history = [{ item = "meal" }]', "history[1]"),
        ('guests = [{ name = 3 }]', "guests[1].name"),
        ('applicant = "somebody"', "applicant"),
        ('department = "kitchen"', "department"),
        ('fields = ["fund"]', "fields"),
    ],
)  # fmt: skip
def test_mistakes_are_named(default_policy: Policy, line: str, path: str) -> None:
    """Each with its line and key path, and in words of either language."""
    base = [each for each in ('kind = "customer"', 'tier = "vip"') if each.split(" ")[0] != line.split(" ")[0]]
    text = ALWAYS.lstrip() + "\n".join([*base, line])
    assert problems(default_policy, text) == [(6 + len(base), path)]
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, text, "visit.toml")
    for language in ("zh", "en"):
        (said,) = caught.value.said(words(language))
        assert said.startswith(f"visit.toml:{6 + len(base)}: {path}: ")


def test_nearest_key_and_value(default_policy: Policy) -> None:
    """An unknown key or value comes with the nearest known one."""
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, ALWAYS + 'kind = "customer"\ntier = "vp"\nservises = []')
    said = caught.value.said(words("en"))
    assert "vip" in said[0]
    assert "services" in said[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("depart = 2026-12-01T15:00:00", "depart = 2026-11-30T10:19:00"),
        ("arrive = 2026-11-30T10:20:00", "arrive = 2026-11-30"),
        ("arrive = 2026-11-30T10:20:00", "arrive = 2026-11-30T10:20:00+08:00"),
        ("arrive = 2026-11-30T10:20:00", "arrive = 1026-11-30T10:20:00"),
        ("headcount = 6", "headcount = 0"),
        ("headcount = 6", "headcount = 6.5"),
        ('client = "江南智造集团"', 'client = " "'),
    ],
)
def test_impossible_times_and_numbers(default_policy: Policy, old: str, new: str) -> None:
    """Departure before arrival, a day without time, a zone, another age, nobody, half a guest, no client."""
    text = ALWAYS.replace(old, new) + 'kind = "customer"\ntier = "vip"'
    (found,) = problems(default_policy, text)
    assert found[1] == new.split(" ")[0]


def test_syntax(default_policy: Policy) -> None:
    """A file that is no TOML is named by its line."""
    assert problems(default_policy, 'client = "x"\nheadcount = = 6\n')[0][0] == 2


def test_times_are_local(default_policy: Policy) -> None:
    """Times come as they are written."""
    request, _ = read_request(default_policy, ALWAYS + 'kind = "customer"\ntier = "vip"')
    assert request.arrive == datetime(2026, 11, 30, 10, 20)
