"""What other organisations write down: tiers from facts, signatures, needs, windows, checks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.policy.answer import Answer, NeedAnswer, Tier
from models.policy.case import PlannedCost, PlannedGuest, PlannedLodging, PlannedMeal, Request
from models.policy.judge import change_asks, judge
from models.policy.load import load_text
from models.policy.model import Policy
from tests.unit.asked import FIRST, MONDAY, codes, example, plain, small, with_code


def holding(when: str, request: Request, rows: str = "") -> bool:
    """Whether a condition holds for a request to the small organisation, with its tiers."""
    answer = judge(small(rows + f'[[check]]\nid = "x"\nwhen = {when}\ntext = "x"', tiers=True), request)
    return bool(with_code(answer, "check"))


GUEST = PlannedGuest("Li", rank="bureau")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ('{ kind = "business" }', True),
        ('{ kind = ["public", "business"] }', True),
        ('{ kind = "public" }', False),
        ('{ tier = "middle.." }', True),
        ('{ tier = "low" }', False),
        ('{ headcount = 4 }', True),
        ('{ headcount = "5.." }', False),
        ('{ headcount = ["..3", "4..6"] }', True),
        ('{ guest_rank = "bureau.." }', True),
        ('{ guest_rank = "minister" }', False),
        ('{ host_rank = "bureau" }', True),
        ('{ host = ["clerk", "dean"] }', True),
        ('{ applicant = "clerk" }', True),
        ('{ applicant = "head" }', False),
        ('{ purpose = "leisure" }', False),
        ('{ purpose = "talks", service = "car" }', True),
        ('{ want = "gifts" }', False),
        ('{ not = { want = "gifts" } }', True),
        ('{ not = [{ kind = "business" }, { want = "gifts" }] }', False),
        ('[{ want = "gifts" }, { city = "武汉" }]', True),
        ('{ city = "北京" }', False),
        ('{ area = "east" }', True),
        ('{ date = "2026-11-01..2026-11-30" }', True),
        ('{ date = "11-10..03-01" }', False),
        ('{ date = "10-01..02-28" }', True),
        ('{ day = 1 }', True),
        ('{ day = "2.." }', False),
        ('{ lead = "7d" }', True),
        ('{ lead = "..24h" }', False),
        ('{ lead = ">6d..<2w" }', True),
        ('{ late = true }', False),
        ('{ late = false }', True),
        ('{ fund = "donation" }', True),
        ('{ fund = "state" }', False),
        ('{ words = ["会所", "golf"] }', True),
        ('{ words = ["bowling"] }', False),
        ('{ item = "meal", venue = "outside" }', True),
        ('{ meal = "banquet", venue = "outside" }', False),  # not for one and the same meal
        ('{ item = "meal", not = { venue = "outside" } }', True),
        ('{ not = { item = "tobacco" } }', True),
        ('{ amount = ">300..", item = "meal" }', True),
        ('{ amount = ">320.." }', False),
        ('{ total = "400..500" }', True),
        ('{ total = "..<400" }', False),
        ('{ bands = { A = 1, B = 2 } }', True),
        ('{ bands = { A = 2 } }', False),
        ('{ bands = { B = 3 } }', False),
    ],
)  # fmt: skip
def test_axes(when: str, expected: bool) -> None:
    """Every axis of a `when`."""
    request = plain(
        tier="high",
        guests=(GUEST, PlannedGuest("Wu")),
        host=("vice_dean", "clerk"),
        applicant="clerk",
        purposes=("talks",),
        services=("car",),
        city="武汉",
        area="east",
        fields={"fund": "donation"},
        scores={"turnover": "A", "influence": "B", "closeness": "C"},
        meals=(
            PlannedMeal(on=MONDAY, guests=4, meal="lunch", venue="outside", price=8_000, place="Golf house"),
            PlannedMeal(on=MONDAY, guests=4, meal="banquet", venue="in_house", price=2_500),
        ),
    )
    assert holding(when, request) is expected


def test_nobody_ranked_is_the_lowest() -> None:
    """Guests without a rank, or none at all, count as the lowest rank."""
    assert holding('{ guest_rank = "other" }', plain(guests=(PlannedGuest("Li"),)))
    assert holding('{ host_rank = "other" }', plain(host=("clerk",)))


@pytest.mark.parametrize(
    ("arrive", "depart", "window", "on"),
    [
        ((2026, 9, 28), (2026, 9, 28), True, False),  # 28, 29, 30 September are working days before the holiday
        ((2026, 9, 24), (2026, 9, 24), True, False),  # the day before Mid-Autumn
        ((2026, 9, 21), (2026, 9, 21), False, False),
        ((2026, 10, 2), (2026, 10, 2), True, True),
        ((2026, 9, 29), (2026, 10, 1), True, True),
        ((2026, 11, 7), (2026, 11, 7), False, False),  # a plain Saturday
    ],
)
def test_holidays(arrive: tuple[int, int, int], depart: tuple[int, int, int], window: bool, on: bool) -> None:
    """From three working days before a holiday to three after; or on one."""
    request = plain(requested_at=datetime(2026, 9, 1), arrive=datetime(*arrive, 9), depart=datetime(*depart, 17))
    assert holding('{ holiday = "3wd" }', request) is window
    assert holding("{ holiday = true }", request) is on
    assert holding("{ holiday = false }", request) is not on


def test_proposed_tier() -> None:
    """The first row that holds proposes; the request's own tier is kept beside it."""
    policy = small(
        """
[[propose]]
id = "p1"
tier = "high"
when = [{ guest_rank = "bureau.." }, { bands = { A = 3 } }]
[[propose]]
id = "p2"
tier = "low"
""",
        tiers=True,
    )
    assert judge(policy, plain(guests=(GUEST,))).tier == Tier("high", "high", "p1")
    assert judge(policy, plain()).tier == Tier("low", "low", "p2")
    assert judge(policy, plain(tier="middle")).tier == Tier("middle", "low", "p2")
    scores = {"turnover": "A", "influence": "A", "closeness": "A"}
    assert judge(policy, plain(scores=scores)).tier.by_rule == "high"


def test_no_tier_chosen() -> None:
    """A draft without a tier is answered, and it is said."""
    assert codes(judge(small(tiers=True), plain())) == [("info", "input", None)]


SIGNS = """
[[cap]]
item = "meal"
per = "person_meal"
most = 100
breach = "warn"
[[cap]]
item = "lodging"
per = "night"
most = "three_star"
breach = "warn"
[[sign]]
id = "s1"
when = { item = "meal", of_cap = ">100%..200%" }
by = "vice_dean"
[[sign]]
id = "s2"
when = { of_cap = ">200%.." }
by = "president"
[[sign]]
id = "s3"
when = { item = ["gift", "lodging"] }
by = "vice_dean"
[[sign]]
id = "s4"
when = { total = ">500.." }
by = "dean"
[[sign]]
id = "s5"
when = { item = "gift" }
by = "clerk"
do = "report"
"""


def signatures(answer: Answer) -> list[tuple[str, str, tuple[str, ...]]]:
    """Post, kind and lines of what comes after opinion and decision."""
    return [(step.posts[0], step.what, step.lines) for step in answer.route[2:]]


def test_signatures_by_item_and_percentage() -> None:
    """Further signatures after the route, in the file's order, once per post with all its lines; who decides in the
    route does not sign again."""
    policy = small(SIGNS)
    meals = tuple(PlannedMeal(on=MONDAY, guests=4, price=price) for price in (10_000, 15_000, 20_100))
    assert signatures(judge(policy, plain(meals=meals))) == [
        ("vice_dean", "sign", ("meal2",)),
        ("president", "sign", ("meal3",)),
    ]
    gift = PlannedCost("gift", Decimal(1), "piece", 10_000)
    assert signatures(judge(policy, plain(meals=meals[:2], costs=(gift,)))) == [
        ("vice_dean", "sign", ("meal2", "cost1")),
        ("clerk", "report", ("cost1",)),
    ]


def test_an_own_signature_goes_up() -> None:
    """A34: who asks does not sign either; where the post above decides already, nobody signs again."""
    policy = small('[[sign]]\nby = "vice_dean"\n[[sign]]\nby = "dean"\n[[sign]]\nby = "clerk"')
    assert signatures(judge(policy, plain(applicant="vice_dean"))) == [("clerk", "sign", ())]
    assert signatures(judge(policy, plain(applicant="clerk"))) == [("vice_dean", "sign", ()), ("head", "sign", ())]


def test_signatures_that_are_not_about_lines() -> None:
    """A line inside `not` alone does not make a row one about lines."""
    policy = small("""
[[sign]]
when = { kind = "business", not = { item = "gift" } }
by = "president"
[[check]]
when = { not = { item = "tobacco" } }
text = "no tobacco"
""")
    for meals in ((), (PlannedMeal(on=MONDAY, guests=4),)):
        answer = judge(policy, plain(meals=meals))
        assert signatures(answer) == [("president", "sign", ())]
        assert [finding.line for finding in answer.findings] == [None]
    assert not signatures(judge(policy, plain(costs=(PlannedCost("gift"),))))


def test_who_may_ask(default_policy: Policy) -> None:
    """R7: a project sales lead asks; another post is a warning."""
    assert ("warn", "input", None) not in codes(judge(default_policy, example(applicant="project_sales_lead")))
    assert ("warn", "input", None) in codes(judge(default_policy, example(applicant="driver")))
    assert ("warn", "input", None) not in codes(judge(default_policy, example(kind="other", applicant="driver")))


def test_a_grade_exceeded_is_above_every_percentage() -> None:
    """A four-star hotel where three stars are the limit."""
    stay = PlannedLodging(on=MONDAY, people=4, grade="four_star", price=20_000)
    answer = judge(small(SIGNS), plain(lodging=(stay,)))
    assert signatures(answer) == [("president", "sign", ("lodging1",)), ("vice_dean", "sign", ("lodging1",))]
    assert codes(answer) == [("warn", "grade", None)]


NEEDS = """
[[need]]
id = "official_letter"
name = "公函"
type = "document"
when = { kind = "public" }
breach = "block"
[[need]]
id = "receipts"
name = "清单"
type = "document"
due = "depart 45d"
[[need]]
id = "cars"
name = "cars"
type = "number"
required = false
least = 1
most = 3
breach = "warn"
"""


def test_needs() -> None:
    """What is due at submission and missing is a finding; what is due later is only listed."""
    answer = judge(small(NEEDS), plain(kind="public"))
    assert answer.needs == (
        NeedAnswer("official_letter", plain().requested_at, None, "block", False),
        NeedAnswer("receipts", datetime(2026, 12, 25, 16), None, "reason", False),
        NeedAnswer("cars", plain().requested_at, None, "warn", False),
    )
    assert (codes(answer), answer.verdict) == ([("block", "need", "official_letter")], "blocked")
    given = judge(small(NEEDS), plain(kind="public", documents=("official_letter",)))
    assert (given.needs[0].given, given.verdict) == (True, "fits")
    by_number = judge(small(NEEDS), plain(kind="public", fields={"official_letter": "2026-17"}))
    assert by_number.needs[0].given
    assert [need.id for need in judge(small(NEEDS), plain()).needs] == ["receipts", "cars"]
    assert codes(judge(small(NEEDS), plain(fields={"cars": 4}))) == [("warn", "need", "cars")]
    assert codes(judge(small(NEEDS), plain(fields={"cars": 0}))) == [("warn", "need", "cars")]
    for fits in (1, Decimal(2), 3):
        assert codes(judge(small(NEEDS), plain(fields={"cars": fits}))) == []


def test_more_names_than_visitors(default_policy: Policy) -> None:
    """A19: more names than the headcount warn; an interpreter does not count; fewer names say nothing."""
    guests = tuple(PlannedGuest(f"guest {number}") for number in range(7))
    answer = judge(default_policy, example(guests=guests))
    assert ("warn", "input", None) in codes(answer)
    assert answer.verdict == "fits"
    for fewer in ((*guests[:6], PlannedGuest("interpreter", counts=False)), guests[:1]):
        assert ("warn", "input", None) not in codes(judge(default_policy, example(guests=fewer)))


def test_change_of_substance(default_policy: Policy) -> None:
    """After approval: tier, headcount upwards and lead host ask the deciding step again; nothing else does."""
    before = example(host=("general_manager",))

    def asks(**changes: object) -> list[tuple[str, tuple[str, ...]]]:
        return list(change_asks(default_policy, before, example(**{"host": before.host, **changes})))

    assert asks(headcount=7) == [("decide", ("headcount+",))]
    assert asks(headcount=5) == []
    assert asks(tier="routine", host=("marketing_head",)) == [("decide", ("tier", "lead_host"))]
    assert asks(services=(), purpose_text="new") == []


def test_change_with_a_cut_off() -> None:
    """By total, by an extra field, rising tiers only; refused within a day of arrival."""
    policy = small(
        """
[[cap]]
item = "meal"
per = "person_meal"
most = 100
[[change]]
fields = ["total+", "fund", "tier+"]
ask = "notify"
[[change]]
fields = ["headcount"]
when = { lead = "..24h" }
ask = "refuse"
""",
        tiers=True,
    )
    before = plain(tier="middle", meals=(PlannedMeal(on=MONDAY, guests=4),), fields={"fund": "state"})
    dearer = plain(tier="high", meals=(PlannedMeal(on=MONDAY, guests=5),), fields={"fund": "donation"})
    assert change_asks(policy, before, dearer) == [("notify", ("total+", "fund", "tier+"))]
    assert change_asks(policy, dearer, before) == [("notify", ("fund",))]
    more = plain(tier="middle", meals=before.meals, fields=before.fields, headcount=9)
    assert change_asks(policy, before, more) == []
    late = datetime(2026, 11, 8, 18)
    assert change_asks(policy, before, more, now=late) == [("refuse", ("headcount",))]


def test_yen_has_no_decimals() -> None:
    """Amounts are integers of the currency's minor unit, whatever it is."""
    policy = small('[[cap]]\nitem = "meal"\nper = "person_meal"\nmost = 5000')
    text = policy.text.replace('code = "CNY", minor = 2', 'code = "JPY", minor = 0')
    assert judge(load_text(text), plain(meals=(PlannedMeal(on=FIRST, guests=4),))).total == 20_000


def test_day_of_a_line() -> None:
    """A row judged for a line sees the line's day; elsewhere the visit's first day counts (A18: the reception date)."""
    rows = """
[[cap]]
id = "second"
item = "meal"
per = "person_meal"
when = { day = "2.." }
most = 10
"""
    meals = (PlannedMeal(on=MONDAY, guests=4, price=2_000), PlannedMeal(on=date(2026, 11, 10), guests=4, price=2_000))
    answer = judge(small(rows), plain(meals=meals))
    assert [(finding.rule, finding.line) for finding in answer.findings] == [("second", "meal2")]
    assert not holding('{ item = "meal", day = "2.." }', plain(meals=meals))
