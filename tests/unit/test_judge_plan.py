"""The plan: costs, duties, the programme's stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from models.policy.answer import BEYOND, DutyAnswer, PlanLine, answer_json
from models.policy.case import Past, PlannedCost, PlannedGuest, PlannedLodging, PlannedMeal, Request
from models.policy.judge import judge
from models.policy.load import load_text
from models.policy.model import Policy
from tests.unit.asked import DEFAULT, FIRST, LUNCH, MONDAY, changed, codes, duty_ids, example, plain, small, with_code

# -- judge plan --------------------------------------------------------------------------------------------------------
#
# The plan: lines, caps, what is over, who pays.


TIERS = ("vip", "distinguished", "business", "routine")


def line(policy: Policy, request: Request, name: str) -> PlanLine:
    """One line of the plan by its id."""
    return next(line for line in judge(policy, request).plan if line.id == name)


@pytest.mark.parametrize(
    ("tier", "meal", "bottle", "pack"),
    [("vip", 150, 500, 40), ("distinguished", 110, 300, 30), ("business", 80, 150, 25), ("routine", 60, 50, 15)],
)
def test_prices_of_a_tier(default_policy: Policy, tier: str, meal: int, bottle: int, pack: int) -> None:
    """Yuan a head: R75 R76 R77 R78; a bottle: R79 R80 R81 R82; a packet: R83 R84 R85 R86. A10: per meal and diner,
    drink and tobacco by the piece; without prices the plan is made at the caps."""
    answer = judge(default_policy, example(tier=tier, meals=(LUNCH,), lodging=()))
    assert [line.cap for line in answer.plan] == [meal * 100, bottle * 100, pack * 100]
    assert answer.total == (13 * meal + 4 * bottle + 3 * pack) * 100
    priced = replace(LUNCH, price=meal * 100, bottle_price=bottle * 100, pack_price=pack * 100)
    assert not with_code(judge(default_policy, example(tier=tier, meals=(priced,))), "cap")
    dear = replace(LUNCH, price=meal * 100 + 1, bottle_price=bottle * 100 + 100, pack_price=pack * 100 + 50)
    over = judge(default_policy, example(tier=tier, meals=(dear,), lodging=()))
    assert [line.over for line in over.plan] == [13, 400, 150]
    assert [finding.rule for finding in with_code(over, "cap")] == [line.rule for line in over.plan]


@pytest.mark.parametrize(
    ("tier", "rule", "fits", "above"),
    [
        ("vip", "R87", "four_star", None),
        ("distinguished", "R88", "three_star", "four_star"),
        ("business", "R89a", "superior_business", "three_star"),
        ("routine", "R89b", "ordinary_business", "superior_business"),
    ],
)
def test_lodging_by_order(default_policy: Policy, tier: str, rule: str, fits: str, above: str | None) -> None:
    """R87, R88, R89a, R89b: hotel classes; A11: checked by their order, with no price needed."""
    stay = PlannedLodging(on=FIRST, people=6, grade=fits)
    assert not with_code(judge(default_policy, example(tier=tier, lodging=(stay,))), "grade")
    if above:
        answer = judge(default_policy, example(tier=tier, lodging=(replace(stay, grade=above),)))
        (finding,) = with_code(answer, "grade")
        assert (finding.level, finding.rule, finding.line) == ("reason", rule, "lodging1")
        assert (
            line(default_policy, example(tier=tier, lodging=(replace(stay, grade=above),)), "lodging1").of_cap == BEYOND
        )


@pytest.mark.parametrize(
    ("tier", "grade", "rule"),
    [
        ("vip", "bmw", None),
        ("vip", "passat", "R90"),
        ("distinguished", "passat", None),
        ("business", "passat", None),
        ("routine", "passat", None),
    ],
)
def test_car_class(default_policy: Policy, tier: str, grade: str, rule: str | None) -> None:
    """R90: BMW class or better for VIP; R91: Passat class or better; R92, A8: no class for Routine; A9: "normally" is
    a finding that wants a reason, not a block."""
    car = PlannedCost("car", grade=grade, unit="trip")
    found = with_code(judge(default_policy, example(tier=tier, costs=(car,))), "least")
    assert [(finding.level, finding.rule) for finding in found] == ([("reason", rule)] if rule else [])


def test_standards_in_words(default_policy: Policy) -> None:
    """R93 and R94: activities and gifts as the lead host decides: no figure, and no finding at any amount."""
    gift, activity = (
        PlannedCost("gift", Decimal(6), "piece", 1_000_000),
        PlannedCost("activity", Decimal(1), "event", 900_000),
    )
    answer = judge(default_policy, example(costs=(gift, activity)))
    words = {cap.id: cap.text.say("zh") for cap in answer.caps if cap.text}
    assert words == {"R93": "由主陪领导确定", "R94": "由主陪领导确定"}
    assert {finding.code for finding in answer.findings} == {"lead_host"}
    assert [line.amount for line in answer.plan[-2:]] == [6_000_000, 900_000]


def test_same_standards_for_other_visitors(default_policy: Policy) -> None:
    """R98: the same tier standards for other visitors."""
    assert judge(default_policy, example(kind="other")).caps == judge(default_policy, example()).caps


def test_caps_in_force(default_policy: Policy) -> None:
    """The caps of the tier, also for items not planned; R96: the ones of Routine are its own."""
    ids = [cap.id for cap in judge(default_policy, example(tier="routine", meals=(), lodging=())).caps]
    assert ids == ["R78", "R82", "R86", "R89b", "R92", "R93", "R94"]


def test_over_is_never_netted(default_policy: Policy) -> None:
    """Two lunches, one dear and one cheap: what is over stays over."""
    dear, cheap = replace(LUNCH, price=16_000), replace(LUNCH, price=10_000)
    answer = judge(default_policy, example(meals=(dear, cheap), lodging=()))
    assert [line.over for line in answer.plan if line.item == "meal"] == [13_000, 0]
    assert [line.of_cap for line in answer.plan if line.item == "meal"] == [Fraction(320, 3), Fraction(200, 3)]
    assert answer.total == 13 * 26_000 + 2 * (4 * 50_000 + 3 * 4_000)


def test_order_and_ids_of_lines(default_policy: Policy) -> None:
    """The meals, each followed by its drink and tobacco, then lodging, then costs; no line for no bottles."""
    request = example(meals=(LUNCH, replace(LUNCH, bottles=0)), costs=(PlannedCost("car"),))
    assert [line.id for line in judge(default_policy, request).plan] == [
        "meal1", "drink1", "tobacco1", "meal2", "tobacco2", "lodging1", "cost1",
    ]  # fmt: skip


def test_what_the_guest_pays(default_policy: Policy) -> None:
    """A12: lodging paid by the guest is shown, not totalled, and not held against the standard."""
    stay = PlannedLodging(on=FIRST, people=6, nights=2, grade="four_star", price=50_000)
    paid = judge(default_policy, example(tier="routine", meals=(), lodging=(stay,)))
    assert (paid.total, [finding.code for finding in paid.findings]) == (600_000, ["lead_host", "grade"])
    answer = judge(default_policy, example(tier="routine", meals=(), lodging=(replace(stay, payer="guest"),)))
    assert (answer.total, answer.plan[0].amount, answer.plan[0].payer) == (0, 600_000, "guest")
    assert [finding.code for finding in answer.findings] == ["lead_host"]


def test_a_price_is_data() -> None:
    """A29: another price in the file is another plan; 0 is "none allowed"."""
    policy = changed("most = { vip = 150,", "most = { vip = 120,")
    assert judge(policy, example()).total == 407_000 - 13 * 3_000
    dry = judge(changed("most = { vip = 500,", "most = { vip = 0,"), example())
    (finding,) = with_code(dry, "cap")
    assert (finding.rule, finding.line, dry.plan[1].of_cap, dry.total) == ("R79", "drink1", BEYOND, 207_000)


# other organisations


def meal_at(price: int | None = None, guests: int = 4, companions: int = 0, **more: Any) -> PlannedMeal:
    """A meal on the Monday."""
    return PlannedMeal(on=MONDAY, guests=guests, companions=companions, price=price, **more)


def test_cap_of_a_whole_meal() -> None:
    """A base for two and an increment for each further diner counts once, not per head; in a season and a city, the
    line's own where it has one."""
    policy = small("""
[[cap]]
id = "season"
item = "meal"
per = "meal"
when = { city = "武汉", date = "10-01..02-28" }
most = { base = 100, over = 2, each = 50 }
""")
    six = meal_at(companions=2)
    got = line(policy, plain(city="武汉", meals=(six,)), "meal1")
    assert (got.per, got.cap, got.amount, got.quantity) == ("meal", 30_000, 30_000, Decimal(6))
    assert line(policy, plain(city="武汉", meals=(meal_at(guests=1),)), "meal1").amount == 10_000
    over = line(policy, plain(city="武汉", meals=(meal_at(9_000),)), "meal1")
    assert (over.amount, over.over, over.of_cap) == (36_000, 16_000, Fraction(180))
    assert line(policy, plain(city="武汉", meals=(replace(six, city="上海"),)), "meal1").cap is None
    summer = plain(city="武汉", meals=(replace(six, on=MONDAY.replace(month=7)),))
    assert line(policy, summer, "meal1").cap is None


@pytest.mark.parametrize(("diners", "per", "whole"), [(2, "person_meal", 12_000), (9, "meal", 40_000)])
def test_the_narrowest_cap_is_the_plan(diners: int, per: str, whole: int) -> None:
    """60 a head or 400 a meal, whichever is less."""
    a_head = '[[cap]]\nitem = "meal"\nper = "person_meal"\nmost = 60\n'
    policy = small(a_head + '[[cap]]\nitem = "meal"\nper = "meal"\nmost = 400')
    got = line(policy, plain(meals=(meal_at(guests=diners),)), "meal1")
    assert (got.per, got.amount) == (per, whole)


def test_first_row_wins_and_no_figure_closes() -> None:
    """The first row that holds wins per item, per and kind of limit; a row without a figure is "no limit"; a column
    left out too."""
    policy = small("""
[[cap]]
item = "meal"
per = "person_meal"
when = { applicant = "lab_head" }
[[cap]]
id = { banquet = "b" }
item = "meal"
per = "person_meal"
by = "meal"
most = { banquet = 300 }
[[cap]]
id = "rest"
item = "meal"
per = "person_meal"
most = 100
""")
    dear = (meal_at(50_000, meal="banquet"), meal_at(50_000, meal="lunch"))
    assert codes(judge(policy, plain(applicant="lab_head", meals=dear))) == []
    assert codes(judge(policy, plain(applicant="clerk", meals=dear))) == [("reason", "cap", "b")]


def test_both_a_cap_per_meal_and_per_day() -> None:
    """Caps of different `per` all hold; `over` is against the narrowest exceeded."""
    policy = small("""
[[cap]]
id = "meal"
item = "meal"
per = "person_meal"
most = 100
[[cap]]
id = "day"
item = "meal"
per = "person_day"
most = 150
""")
    answer = judge(
        policy,
        plain(
            arrive=datetime.combine(min(FIRST, MONDAY), time(9)),
            depart=datetime.combine(max(FIRST, MONDAY), time(18)),
            meals=(meal_at(9_000), meal_at(9_000), replace(meal_at(9_000), on=FIRST)),
        ),
    )
    assert [(line.over, line.of_cap) for line in answer.plan] == [
        (0, Fraction(120)),
        (12_000, Fraction(120)),
        (0, Fraction(90)),
    ]
    assert codes(answer) == [("reason", "cap", "day")]
    both = judge(policy, plain(meals=(meal_at(11_000), meal_at(9_000))))
    assert [(line.over, line.rule) for line in both.plan] == [(4_000, "meal"), (20_000, "day")]


def test_drinks_included() -> None:
    """A cap over several items: the sum counts, and each of its lines has the sum's percentage."""
    policy = small('[[cap]]\nid = "j"\nitem = ["meal", "drink"]\nper = "person_meal"\nmost = 100')
    answer = judge(policy, plain(meals=(meal_at(9_000, bottles=2, bottle_price=8_000, packs=1, pack_price=100),)))
    assert [(line.cap, line.over, line.of_cap) for line in answer.plan] == [
        (10_000, 0, Fraction(130)),
        (None, 12_000, Fraction(130)),
        (None, 0, None),
    ]
    assert [(finding.code, finding.line) for finding in answer.findings] == [("cap", "drink1")]


def test_who_pays_what_is_over() -> None:
    """`guest_pays` and `applicant_pays`: the excess is told, paid by them, and not in the total."""
    rows = '[[cap]]\nid = "c"\nitem = "meal"\nper = "person_meal"\nmost = 100\nbreach = "{}"'
    answer = judge(small(rows.format("guest_pays")), plain(meals=(meal_at(13_000),)))
    assert (answer.plan[0].over, answer.plan[0].payer, answer.plan[0].amount, answer.total) == (
        12_000, "guest", 52_000, 40_000,
    )  # fmt: skip
    assert (codes(answer), answer.verdict) == ([("info", "cap", "c")], "fits")
    other = judge(small(rows.format("applicant_pays")), plain(meals=(meal_at(13_000),)))
    assert (other.plan[0].payer, other.total) == ("applicant", 40_000)
    none = judge(small(rows.replace("most = 100", "most = 0").format("guest_pays")), plain(meals=(meal_at(13_000),)))
    assert (none.plan[0].over, none.total) == (52_000, 0)


def test_a_harder_limit() -> None:
    """Beyond `never` it blocks, whatever the breach."""
    policy = small('[[cap]]\nid = "c"\nitem = "meal"\nper = "person_meal"\nmost = 100\nnever = 200\nbreach = "warn"')
    assert codes(judge(policy, plain(meals=(meal_at(20_000),)))) == [("warn", "cap", "c")]
    assert judge(policy, plain(meals=(meal_at(20_001),))).verdict == "blocked"


def test_lower_limits() -> None:
    """`least` in money; a payer's breach below it is an info, and nobody pays."""
    rows = '[[cap]]\nid = "c"\nitem = "gift"\nper = "piece"\nleast = 50\nmost = 80\nbreach = "{}"'
    gift = PlannedCost("gift", Decimal(2), "piece", 4_000)
    answer = judge(small(rows.format("warn")), plain(costs=(gift,)))
    assert codes(answer) == [("warn", "least", "c")]
    told = judge(small(rows.format("guest_pays")), plain(costs=(gift,)))
    assert (codes(told), told.plan[0].payer, told.total) == ([("info", "least", "c")], "company", 8_000)


def test_bottles_and_millilitres() -> None:
    """A cap per 500 ml counts a bottle as one; a cost in another measure is converted."""
    policy = small('[[cap]]\nid = "c"\nitem = "drink"\nper = "500ml"\nmost = 200')
    got = judge(policy, plain(meals=(meal_at(bottles=3, bottle_price=25_000),)))
    assert (got.plan[1].cap, got.plan[1].over) == (20_000, 15_000)
    litres = judge(policy, plain(costs=(PlannedCost("drink", Decimal(2), "1000ml", 30_000),)))
    assert (litres.plan[0].cap, litres.plan[0].over) == (40_000, 0)


def test_a_unit_that_no_cap_counts_is_said() -> None:
    """A price by a unit the standard does not know is not passed over in silence."""
    policy = small('[[cap]]\nid = "c"\nitem = "gift"\nper = "piece"\nmost = 80')
    assert codes(judge(policy, plain(costs=(PlannedCost("gift", Decimal(1), "box", 99_000),)))) == [
        ("info", "input", "c")
    ]
    assert codes(judge(policy, plain(costs=(PlannedCost("gift", Decimal(1), "", 99_000),)))) == [("reason", "cap", "c")]


def test_per_person_of_a_visit() -> None:
    """Gifts per guest over the visit: 4 guests at 100 are 400, whatever the pieces."""
    policy = small('[[cap]]\nid = "c"\nitem = "gift"\nper = "person_visit"\nmost = 100')
    gifts = (PlannedCost("gift", Decimal(4), "piece", 6_000), PlannedCost("gift", Decimal(2), "piece", 10_000))
    answer = judge(policy, plain(costs=gifts))
    assert [(line.over, line.of_cap) for line in answer.plan] == [(0, Fraction(110)), (4_000, Fraction(110))]


def test_how_many_meals_a_visit() -> None:
    """`count` by visit: the third banquet is beyond it whole."""
    policy = small("""
[[cap]]
id = "n"
item = "meal"
per = "visit"
when = { meal = "banquet" }
count = 2
never = 3
breach = "guest_pays"
""")
    banquet = meal_at(10_000, meal="banquet")
    answer = judge(policy, plain(meals=(banquet, meal_at(10_000, meal="lunch"), banquet, banquet)))
    assert [line.over for line in answer.plan] == [0, 0, 0, 40_000]
    assert (codes(answer), answer.plan[3].of_cap, answer.total) == ([("info", "count", "n")], BEYOND, 120_000)
    assert judge(policy, plain(meals=(banquet,) * 4)).verdict == "blocked"


def past(days: int, amount: int = 0, **more: Any) -> Past:
    """A banquet with the same client by the same department, so many days before."""
    facts: dict[str, Any] = {"client": "Acme", "department": "desk", "item": "meal", "meal": "banquet"}
    return Past(on=MONDAY - timedelta(days=days), amount=amount, **{**facts, **more})


FREQUENT = """
[[cap]]
id = "f"
item = "meal"
per = "department client 1mo"
when = { meal = "banquet" }
count = 2
breach = "warn"
"""


@pytest.mark.parametrize(
    ("history", "too_often"),
    [
        ((past(3), past(10)), True),
        ((past(3), past(31)), False),  # 10-09 lies just outside the month that ends on 11-09
        ((past(3), past(30)), True),
        ((past(3), past(10, client="Other")), False),
        ((past(3), past(10, department="lab")), False),
        ((past(3), past(10, meal="lunch")), False),
        ((past(3), past(-5)), False),
    ],
)
def test_frequency(history: tuple[Past, ...], too_often: bool) -> None:
    """Two banquets with one client by one department in a month, this one among them."""
    request = plain(applicant="clerk", meals=(meal_at(meal="banquet"),), history=history)
    assert [finding.code for finding in judge(small(FREQUENT), request).findings] == (["count"] if too_often else [])


def test_sum_over_a_year_per_guest() -> None:
    """Gifts to one person in twelve months: 500, of which 400 are given."""
    policy = small('[[cap]]\nid = "y"\nitem = "gift"\nper = "guest 1y"\nmost = 500')
    given = Past(on=MONDAY - timedelta(days=200), guest="Xu", item="gift", amount=40_000)
    gift = PlannedCost("gift", Decimal(1), "piece", 15_000, to="Xu")
    answer = judge(policy, plain(costs=(gift, replace(gift, to="Li")), history=(given,)))
    assert [(line.over, line.of_cap) for line in answer.plan] == [(5_000, Fraction(110)), (0, Fraction(30))]
    long_ago = replace(given, on=MONDAY - timedelta(days=366))
    assert not judge(policy, plain(costs=(gift,), history=(long_ago,))).findings


def test_once_a_year_per_guest() -> None:
    """A gift to each guest once in twelve months, whatever its worth; the second is the applicant's to pay."""
    policy = small('[[cap]]\nid = "o"\nitem = "gift"\nper = "guest 1y"\ncount = 1\nbreach = "applicant_pays"')
    gift = PlannedCost("gift", Decimal(1), "piece", 1_000, to="Xu")
    given = Past(on=MONDAY - timedelta(days=364), guest="Xu", item="gift")
    answer = judge(policy, plain(costs=(gift, replace(gift, to="Li")), history=(given,)))
    assert [(line.over, line.payer) for line in answer.plan] == [(1_000, "applicant"), (0, "company")]
    assert (codes(answer), answer.total) == ([("info", "count", "o")], 1_000)
    assert not judge(policy, plain(costs=(gift,), history=(replace(given, on=given.on - timedelta(days=2)),))).findings
    named = plain(costs=(replace(gift, to=""),), guests=(PlannedGuest("Li"), PlannedGuest("Xu")), history=(given,))
    assert [finding.code for finding in judge(policy, named).findings] == ["count"]


def test_sum_over_a_year_with_a_client() -> None:
    """All meals with one client in a year: 1,000, of which 700 are spent; two more lunches take the rest and beyond."""
    policy = small('[[cap]]\nid = "y"\nitem = "meal"\nper = "client 1y"\nmost = 1000')
    spent = Past(on=MONDAY - timedelta(days=9), client="Acme", item="meal", amount=70_000)
    answer = judge(policy, plain(meals=(meal_at(5_000), meal_at(5_000)), history=(spent,)))
    assert [(line.over, line.of_cap) for line in answer.plan] == [(0, Fraction(110)), (10_000, Fraction(110))]


def test_findings_name_the_figures(default_policy: Policy) -> None:
    """Amounts are said in main units, with the item's own name."""
    request = example(meals=(replace(LUNCH, price=18_050),), lodging=())
    said = answer_json(judge(default_policy, request), default_policy, "zh")["findings"][-1]
    assert said["text"] == "用餐超标准：每人每餐 180.50，标准 150，超出 396.50"
    assert (said["code"], said["rule"], said["line"], said["level"]) == ("cap", "R75", "meal1", "reason")


# -- judge duties ------------------------------------------------------------------------------------------------------
#
# Stages and duties of the default policy: each with its condition, party and due time.


BARE = example(services=(), meals=(), lodging=(), tier="distinguished")
"""A Distinguished visit with nothing asked for."""


def duty(policy: Policy, request: Request, name: str) -> DutyAnswer:
    """One duty that applies."""
    return next(duty for duty in judge(policy, request).duties if duty.id == name)


def test_duties_of_every_visit(default_policy: Policy) -> None:
    """Whatever is asked for: R36 R37 of the lead host, R39 R40 R41 R42 of Marketing, R46 of Technology, R47 R48 of
    Production, R49 of Supply, R50 R51 of Quality, R53 R55 of the Office (A20: one duty for caption and big screen), R61
    R62 of Logistics, R67 R68 R69 of the project sales lead."""
    answer = judge(default_policy, BARE)
    parties = {each.id: each.party for each in answer.duties}
    assert parties == {
        **dict.fromkeys(("R36", "R37"), "@lead_host"),
        **dict.fromkeys(("R39", "R40", "R41", "R42"), "marketing"),
        "R46": "technology",
        **dict.fromkeys(("R47", "R48"), "production"),
        "R49": "supply",
        **dict.fromkeys(("R50", "R51"), "quality"),
        **dict.fromkeys(("R53", "R55"), "office"),
        **dict.fromkeys(("R61", "R62"), "logistics"),
        **dict.fromkeys(("R67", "R68", "R69"), "project_sales_lead"),
    }


@pytest.mark.parametrize(
    ("wished", "added"),
    [
        ({"services": ("car",)}, {"R52"}),
        ({"services": ("tour",)}, {"R45", "R65", "R66"}),
        ({"services": ("fruit",)}, {"R63"}),
        ({"services": ("caption", "leaders", "other")}, set()),
        ({"wants": ("activities",)}, {"R44", "R60"}),
        ({"wants": ("gifts",)}, {"R57"}),
        ({"wants": ("return_tickets",)}, {"R59"}),
        ({"meals": (LUNCH,)}, {"R43", "R64"}),
        ({"meals": (replace(LUNCH, venue="outside"),)}, {"R56"}),
        ({"meals": (LUNCH, replace(LUNCH, venue="outside"))}, {"R43", "R64", "R56"}),
        ({"lodging": example().lodging}, {"R58"}),
        ({"tier": "vip"}, {"R38", "R54", "R63"}),
    ],
)
def test_what_a_wish_adds(default_policy: Policy, wished: dict[str, object], added: set[str]) -> None:
    """R52 with a car; R45 R65 R66 with a tour; R63 with fruit, or for VIP, whose flowers are bought; R44 R60 with
    activities; R57 with gifts; R59 with return tickets (A23: any); R43 R64 with an in-house meal and R56 with one
    outside (A22: each meal's place decides); R58 with lodging; R38 R54 for VIP (A7: beside the car)."""
    more = judge(default_policy, replace(BARE, **wished))  # type: ignore[arg-type]  # by field
    assert duty_ids(more) - duty_ids(judge(default_policy, BARE)) == added


def test_thirty_four_duties(default_policy: Policy) -> None:
    """R97: VIP has all 34 with everything wanted; R95: Distinguished is the baseline of 32."""
    everything = {
        "services": ("car", "tour", "fruit"),
        "wants": ("activities", "gifts", "return_tickets"),
        "meals": (LUNCH, replace(LUNCH, venue="outside")),
        "lodging": example().lodging,
    }
    assert len(judge(default_policy, example(**everything)).duties) == 34
    assert len(judge(default_policy, example(tier="distinguished", **everything)).duties) == 32
    dropping = judge(default_policy, example(tier="business", **everything)).duties
    assert {each.id for each in dropping if each.may_drop} == {"R43", "R48", "R51", "R55", "R57", "R60", "R66"}


def test_simplified(default_policy: Policy) -> None:
    """R96, A25: at Business and Routine duties may be dropped but are there; at Distinguished and VIP none may."""
    for tier, droppable in (("vip", False), ("distinguished", False), ("business", True), ("routine", True)):
        answer = judge(default_policy, replace(BARE, tier=tier, services=("fruit",)))
        assert {each.may_drop for each in answer.duties if each.id in ("R48", "R51", "R55")} == {droppable}
        parts = next(each for each in answer.duties if each.id == "R53").parts
        assert [part.text.say("zh") for part in parts if part.may_drop] == (
            ["水果", "专人现场服务"] if droppable else []
        )


def test_meeting_room_parts(default_policy: Policy) -> None:
    """R53: six things to do, the fruit only when it is bought (R63); A21: the purchase comes first."""
    with_fruit = duty(default_policy, replace(BARE, services=("fruit",)), "R53")
    assert (len(with_fruit.parts), with_fruit.after) == (6, ("R63",))
    without = duty(default_policy, BARE, "R53")
    assert (len(without.parts), without.after) == (5, ())
    buying = duty(default_policy, replace(BARE, services=("fruit",)), "R63")
    assert buying.due is not None
    assert with_fruit.due is not None
    assert buying.due < with_fruit.due


def test_attendants_need_a_name(default_policy: Policy) -> None:
    """A31: the duties of an attendant ask for an assignee."""
    answer = judge(default_policy, replace(BARE, meals=(LUNCH,)))
    assert {each.id for each in answer.duties if each.assignee} == {"R43", "R53"}


def test_ten_stages(default_policy: Policy) -> None:
    """In this order: R26 R27 R28 R29 R30 R31 R32 R33 R34 R35; one not asked for is there as not applicable."""
    answer = judge(default_policy, BARE)
    assert [stage.id for stage in answer.stages] == [
        "pick_up", "welcome", "introduction", "talks", "tour", "dining", "lodging", "activities", "gifts", "send_off",
    ]  # fmt: skip
    assert [stage.id for stage in answer.stages if stage.applies] == ["welcome", "introduction", "talks"]
    assert all(stage.applies for stage in judge(default_policy, example(wants=("activities", "gifts"))).stages)


def test_leisure_alone(default_policy: Policy) -> None:
    """A16: leisure as the only purpose warns; beside another it does not."""
    assert ("warn", "check", "A16") in codes(judge(default_policy, replace(BARE, purposes=("leisure",))))
    for more in (("leisure", "signing"), ("inspection",), ()):
        assert ("warn", "check", "A16") not in codes(judge(default_policy, replace(BARE, purposes=more)))


def test_an_added_tier() -> None:
    """A tier more in the file is a tier more in every answer: its route, its caps by column, its duties."""
    text = DEFAULT.replace('[[tier]]\nid = "vip"', '[[tier]]\nid = "royal"\n\n[[tier]]\nid = "vip"', 1).replace(
        "most = { vip = 150,", "most = { royal = 300, vip = 150,", 1
    )
    text = text.replace("[[route]]", '[[route]]\nwhen = { tier = "royal" }\nsteps = []\n\n[[route]]', 1)
    answer = judge(load_text(text), example(tier="royal"))
    assert (answer.route, answer.plan[0].cap, answer.plan[1].cap) == ((), 30_000, None)
    assert "R38" not in duty_ids(answer)


def test_a_changed_condition() -> None:
    """Another condition in the file moves the duty."""
    policy = changed('due = "pick_up"\nwhen = { tier = "vip" }', 'due = "pick_up"')
    assert "R38" in duty_ids(judge(policy, BARE))


def test_due_without_a_time() -> None:
    """An anchor that has no time yet is said in words; working days go by the calendar; no due is the stage's."""
    policy = small("""
[[stage]]
id = "open"
[[stage]]
id = "talk"
at = "arrive +1h"
[[duty]]
id = "a"
party = "desk"
text = "a"
due = "close 10d"
[[duty]]
id = "b"
party = "desk"
text = "b"
stage = "open"
[[duty]]
id = "c"
party = "desk"
text = "c"
stage = "talk"
[[duty]]
id = "d"
party = "desk"
text = "d"
due = "arrive -2wd 09:30"
[[duty]]
id = "e"
party = "desk"
text = "e"
""")
    duties = {each.id: each for each in judge(policy, plain()).duties}
    assert (duties["a"].due, duties["a"].due_words) == (None, "close +10d")
    assert (duties["b"].due, duties["b"].due_words) == (None, "open")
    assert str(duties["c"].due) == "2026-11-09 11:00:00"
    assert str(duties["d"].due) == "2026-11-05 09:30:00"  # the Thursday before that Monday
    assert (duties["e"].due, duties["e"].due_words) == (None, None)
