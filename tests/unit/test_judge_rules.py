"""What the judge says of a request: rules, notice, the worked example, what goes over."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest

from models.policy.answer import Answer, NeedAnswer, NoticeAnswer, Tier, answer_json
from models.policy.case import PlannedCost, PlannedGuest, PlannedLodging, PlannedMeal, Request
from models.policy.judge import change_asks, judge
from models.policy.load import load_text
from models.policy.model import Policy
from models.words import words
from tests.unit.asked import EXAMPLE, FIRST, MONDAY, PLAIN, changed, codes, duty_ids, example, plain, small, with_code
from tests.unit.examples import tried

# -- judge rules -------------------------------------------------------------------------------------------------------
#
# What other organisations write down: tiers from facts, signatures, needs, windows, checks.


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


# -- judge notice ------------------------------------------------------------------------------------------------------
#
# Notice: in time, late or refused, in every unit.


def notice(rows: str, **changes: object) -> NoticeAnswer:
    """The notice of a plain request under these rows."""
    return judge(small(rows), plain(**changes)).notice


@pytest.mark.parametrize(("day", "state"), [(27, "in_time"), (28, "late"), (30, "late")])
def test_three_days(default_policy: Policy, day: int, state: Literal["in_time", "late"]) -> None:
    """R8: 3 days are in time, 2 are late. A4: calendar days by date, whatever the clock."""
    answer = judge(default_policy, example(requested_at=datetime(2026, 11, day, 23, 59)))
    assert answer.notice == NoticeAnswer(3, 30 - day, "d", state != "in_time", state)


def test_late_asks_for_a_reason(default_policy: Policy) -> None:
    """A4: late is possible with a reason and stays marked; after the fact too."""
    late = example(requested_at=datetime(2026, 11, 29, 9), host=("general_manager",))
    answer = judge(default_policy, late)
    assert codes(answer) == [("reason", "late", "R8")]
    assert answer.verdict == "needs"
    told = judge(default_policy, example(requested_at=late.requested_at, host=late.host, reasons={"late": "urgent"}))
    assert (codes(told), told.verdict) == ([("reason", "late", "R8")], "fits")
    assert told.findings[0].reasoned
    after = judge(default_policy, example(requested_at=datetime(2026, 12, 5)))
    assert (after.notice.given, after.notice.state, after.verdict) == (-5, "late", "needs")


def test_changed_notice() -> None:
    """R8 (cfg): another figure in the file is another notice, and `block` refuses."""
    policy = changed('least = "3d"', 'least = "8d"')
    assert judge(policy, EXAMPLE).notice.late
    refused = judge(changed('least = "3d"\nbreach = "reason"', 'least = "8d"\nbreach = "block"'), EXAMPLE)
    assert (refused.notice.state, refused.verdict) == ("refused", "blocked")


def test_without_a_row() -> None:
    """Always an object: nothing needed is in time; so is a row without `least`."""
    nothing = NoticeAnswer(None, None, None, False, "in_time")
    assert notice("") == nothing
    assert notice('[[notice]]\nwhen = { applicant = "dean" }\n[[notice]]\nleast = "9d"', applicant="dean") == nothing


@pytest.mark.parametrize(
    ("least", "given", "late"),
    [
        ("7d", 7, False),
        ("8d", 7, True),
        ("1w", 1, False),
        ("2w", 1, True),
        ("5wd", 5, False),  # Monday 11-02 to Monday 11-09
        ("6wd", 5, True),
        ("169h", 169, False),
        ("170h", 169, True),
        ("10140m", 10140, False),
        ("1mo", 0, True),
    ],
)
def test_units(least: str, given: int, late: bool) -> None:
    """From Monday 2026-11-02 9:00 to Monday 11-09 10:00, in the unit of the row."""
    answer = notice(f'[[notice]]\nleast = "{least}"')
    assert (answer.given, answer.late) == (given, late)


def test_hours_may_be_fractions() -> None:
    """Half an hour counts in a notice by hours."""
    answer = notice('[[notice]]\nleast = "12h"', requested_at=PLAIN.arrive - timedelta(hours=11, minutes=30))
    assert (answer.given, answer.late) == (11.5, True)


def test_working_days_over_a_holiday() -> None:
    """From Wednesday 2026-09-30 to Saturday 10-10: the National Day week is off, Saturday is a shifted working day."""
    answer = notice(
        '[[notice]]\nleast = "3wd"',
        requested_at=datetime(2026, 9, 30, 9),
        arrive=datetime(2026, 10, 10, 9),
        depart=datetime(2026, 10, 10, 18),
    )
    assert (answer.given, answer.late) == (3, False)


def test_a_year_without_a_calendar() -> None:
    """A year the public calendar does not know: weekends and the organisation's own days, and it is said, unless the
    regulation brings holidays of that year."""
    calendar = '[calendar]\nholidays = [{ name = "x", days = "2031-03-05" }]\nworkdays = [2031-03-08]\n'
    visit = plain(
        requested_at=datetime(2031, 3, 3, 9), arrive=datetime(2031, 3, 10, 9), depart=datetime(2031, 3, 10, 17)
    )
    answer = judge(small(calendar + '[[notice]]\nleast = "5wd"'), visit)
    assert (answer.notice.given, answer.notice.late) == (5, False)  # 4, 6, 7, the Saturday 8, 10
    assert codes(answer) == []
    told = judge(small('[calendar]\nworkdays = [2031-03-08]\n[[notice]]\nleast = "5wd"'), visit)
    assert codes(told) == [("info", "input", None)]
    only = judge(small(calendar + 'only = true\n[[notice]]\nleast = "5wd"'), visit)
    assert codes(only) == []
    over_a_weekend = plain(
        requested_at=datetime(2031, 3, 14, 9), arrive=datetime(2031, 3, 17, 9), depart=datetime(2031, 3, 17, 17)
    )
    assert judge(small('[[notice]]\nleast = "5wd"'), over_a_weekend).notice.given == 1
    by_days = judge(small('[[notice]]\nleast = "5d"'), visit)
    assert codes(by_days) == []


@pytest.mark.parametrize("year", [1999, 2031, 2099])
def test_of_a_year_without_a_calendar_only_what_is_true_is_said(year: int) -> None:
    """Whether its holidays were published nobody knows here: the program does not know them."""
    visit = plain(
        requested_at=datetime(year, 3, 3, 9), arrive=datetime(year, 3, 10, 9), depart=datetime(year, 3, 10, 17)
    )
    other = f'[calendar]\nholidays = [{{ name = "x", days = "{year - 1}-05-01" }}]\n'
    (said,) = judge(small(other + '[[notice]]\nleast = "5wd"'), visit).findings
    assert words("zh").text(said.text) == f"本程序没有 {year} 年的放假安排，制度里也没写明：工作日只按周末计算"
    assert f"The holidays of {year} are not known to this program" in words("en").text(said.text)


def test_never() -> None:
    """Less than `never` is refused even where late only wants a reason; negative: so long after arrival."""
    row = '[[notice]]\nid = "n"\nleast = "3d"\nnever = "{}"\nbreach = "warn"'
    same_day = plain(requested_at=datetime(2026, 11, 9, 8))
    refused = judge(small(row.format("1d")), same_day)
    assert (refused.notice.state, codes(refused), refused.verdict) == (
        "refused", [("block", "late", "n")], "blocked",
    )  # fmt: skip
    assert judge(small(row.format("0d")), same_day).notice.state == "late"
    after = plain(requested_at=datetime(2026, 11, 11, 8))
    assert judge(small(row.format("-2d")), after).notice.state == "late"
    assert judge(small(row.format("-1d")), after).notice.state == "refused"


def test_a_reason_does_not_open_a_block() -> None:
    """Only a finding at level `reason` is opened by a reason."""
    policy = small('[[notice]]\nleast = "3d"\nnever = "1d"')
    answer = judge(policy, plain(requested_at=PLAIN.arrive, reasons={"late": "please"}))
    assert (answer.verdict, with_code(answer, "late")[0].reasoned) == ("blocked", False)


def test_late_signs_and_lead() -> None:
    """A countersignature for late requests, and one by the span that is left."""
    policy = small("""
[[notice]]
least = "3d"
[[sign]]
when = { late = true }
by = "president"
[[sign]]
when = { lead = "..24h" }
by = "vice_dean"
[[sign]]
when = { lead = ">3d.." }
by = "clerk"
do = "report"
""")
    late = judge(policy, plain(requested_at=PLAIN.arrive - timedelta(hours=20)))
    assert [(step.posts, step.what) for step in late.route[2:]] == [(("president",), "sign"), (("vice_dean",), "sign")]
    assert [(step.posts, step.what) for step in judge(policy, PLAIN).route[2:]] == [(("clerk",), "report")]


@pytest.mark.parametrize(
    ("asked", "arrive", "given"),
    [
        (datetime(2026, 10, 9, 9), datetime(2026, 11, 9, 8), 1),
        (datetime(2026, 10, 10, 9), datetime(2026, 11, 9, 8), 0),
        (datetime(2026, 10, 31, 9), datetime(2026, 11, 30, 8), 1),  # as far as the shorter month goes
        (datetime(2026, 11, 30, 9), datetime(2026, 12, 30, 8), 1),
    ],
)
def test_whole_months(asked: datetime, arrive: datetime, given: int) -> None:
    """A month is full on the same day of the next one, or on that one's last."""
    answer = notice('[[notice]]\nleast = "1mo"', requested_at=asked, arrive=arrive, depart=arrive)
    assert (answer.given, answer.late) == (given, given < 1)


# -- judge example -----------------------------------------------------------------------------------------------------
#
# The worked example of the regulation, figure by figure.


def test_the_answer_as_json(default_policy: Policy) -> None:
    """Route, notice, plan and verdict as the regulation works them out; amounts in minor units."""
    said = answer_json(judge(default_policy, EXAMPLE), default_policy, "zh")
    assert json.loads(json.dumps(said)) == said
    assert [(step["posts"], step["what"]) for step in said["route"]] == [
        (["marketing_head"], "opinion"),
        (["general_manager"], "decide"),
    ]
    assert said["notice"] == {"needed": 3, "given": 7, "unit": "d", "late": False, "state": "in_time"}
    assert said["plan"]["total"] == 407_000
    assert said["currency"] == {"code": "CNY", "minor": 2}
    assert said["policy"] == {"effective": "2014-04-07", "sha256": default_policy.sha256}
    assert len(said["duties"]) == 29
    assert said["verdict"] == "fits"


def test_the_duties(default_policy: Policy) -> None:
    """All but R44, R56, R57, R59 and R60 of the 34."""
    everything = {f"R{number}" for number in range(36, 70)}
    assert duty_ids(judge(default_policy, EXAMPLE)) == everything - {"R44", "R56", "R57", "R59", "R60"}


def test_the_lines(default_policy: Policy) -> None:
    """A10: 13 diners at 150, four bottles at 500 and three packets at 40, as lines of their own after their meal."""
    lines = judge(default_policy, EXAMPLE).plan
    assert [(line.item, line.per, line.quantity, line.cap, line.amount, line.rule) for line in lines] == [
        ("meal", "person_meal", Decimal(13), 15_000, 195_000, "R75"),
        ("drink", "bottle", Decimal(4), 50_000, 200_000, "R79"),
        ("tobacco", "pack", Decimal(3), 4_000, 12_000, "R83"),
        ("lodging", "night", Decimal(6), None, None, "R87"),
    ]


def test_named_due_times(default_policy: Policy) -> None:
    """The due times the regulation names, at the example's arrival 2026-11-30 10:20 and departure 12-01 15:00."""
    answer = judge(default_policy, example(services=("car", "tour", "fruit"), wants=("return_tickets",)))
    due = {duty.id: duty.due for duty in answer.duties}
    day_before = datetime(2026, 11, 29, 17)
    assert {due[each] for each in ("R39", "R41", "R52", "R58", "R61", "R63")} == {day_before}
    assert due["R42"] == datetime(2026, 11, 30, 9, 50)
    assert {due[each] for each in ("R53", "R54", "R55")} == {datetime(2026, 11, 30, 9, 20)}
    assert due["R36"] == due["R62"] == EXAMPLE.arrive
    assert due["R59"] == datetime(2026, 11, 30, 17)
    assert due["R67"] == datetime(2026, 11, 29, 10, 20)
    assert due["R69"] == EXAMPLE.depart
    at = {stage.id: stage.at for stage in answer.stages}
    assert at["dining"] is not None
    assert at["tour"] is not None
    assert due["R64"] == at["dining"].replace(day=29)
    assert due["R65"] == due["R66"] == at["tour"].replace(hour=at["tour"].hour - 1)
    assert due["R37"] == at["introduction"]


# -- judge over --------------------------------------------------------------------------------------------------------
#
# Which cap a line is over, where several hold, and how that is said where there is no price.


def test_over_is_against_the_narrowest_cap_exceeded() -> None:
    """Four at 110: 40 over by the head, 140 over by the meal; both are found, the line shows the greater."""
    for rows in (
        (("person_meal", 100, "head"), ("meal", 300, "whole")),
        (("meal", 300, "whole"), ("person_meal", 100, "head")),
    ):
        caps = "".join(
            f'[[cap]]\nid = "{name}"\nitem = "meal"\nper = "{per}"\nmost = {most}\n' for per, most, name in rows
        )
        answer = judge(small(caps), plain(meals=(PlannedMeal(on=MONDAY, guests=4, price=11_000),)))
        assert (answer.plan[0].over, answer.plan[0].rule) == (14_000, "whole")
        assert {finding.rule for finding in with_code(answer, "cap")} == {"head", "whole"}


def test_exactly_the_least_is_enough() -> None:
    """At least 50 a head: 50 fits, 49 is below."""
    policy = small('[[cap]]\nitem = "meal"\nper = "person_meal"\nleast = 50')
    for price, found in ((5_000, 0), (4_900, 1)):
        answer = judge(policy, plain(meals=(PlannedMeal(on=MONDAY, guests=4, price=price),)))
        assert len(with_code(answer, "least")) == found


def test_what_is_not_allowed_and_has_no_price_is_said_without_figures() -> None:
    """Authority: a gift without a price is none allowed, not 0 above a standard of 0; one at 10 is over by 10."""
    answer = tried("authority", costs=[{"item": "gift"}, {"item": "activity", "price": 10}])
    assert [each["text"] for each in answer["findings"] if each["code"] == "cap"] == [
        "Gift: none allowed",
        "Activity over standard: 10 for the visit, standard 0, over by 10",
    ]
    room = tried("briefing_centre", lodging=[{"people": 2}])
    assert [each["text"] for each in room["findings"] if each["code"] == "cap"] == [
        "Lodging: not provided; the guest pays"
    ]
