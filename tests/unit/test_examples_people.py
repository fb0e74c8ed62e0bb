"""The examples, by hand: tiers, kinds, routes, notice, lead hosts and companions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from models.policy.load import load_text
from models.policy.request_file import RequestErrors
from models.words import words
from tests.unit.examples import MONDAY, US, found, mended, policy_of, steps, text_of, tried, wrong


def given(**bands: str) -> dict[str, Any]:
    """A request to the briefing centre with these scores."""
    return {"scores": bands, "host": ["briefing_manager"]}


# 1 tiers


def test_no_tier_at_all() -> None:
    """The authority has none: none is proposed, none is missed, and one that is given is of no use."""
    answer = tried("authority", documents=["official_letter"], fields={"origin": "elsewhere"}, host=["director"])
    assert answer["tier"] == {"proposed": None, "by_rule": None, "why": None}
    assert found(answer) == []
    assert tried("authority", tier="first")["tier"]["proposed"] is None


def test_one_tier() -> None:
    """A single tier that a row proposes for everybody: nobody needs to choose it."""
    text = text_of("authority") + '\n[[tier]]\nid = "only"\n[[propose]]\nid = "all"\ntier = "only"\n'
    assert tried("authority", policy=load_text(text))["tier"] == {"proposed": "only", "by_rule": "only", "why": "all"}


@pytest.mark.parametrize(
    ("ranks", "tier", "why"),
    [
        (["professor", "academician", "other"], "second", "leading_guest"),  # the highest of the party decides
        (["professor", "other"], "third", "professor"),
        (["university_head"], "second", "leading_guest"),
        (["national"], "first", "national_guest"),
        ([], "fourth", "others"),  # nobody ranked is the lowest
    ],
)
def test_a_class_from_the_highest_guest(ranks: list[str], tier: str, why: str) -> None:
    answer = tried("university", guests=[{"name": f"guest {n}", "rank": rank} for n, rank in enumerate(ranks)])
    assert answer["tier"] == {"proposed": tier, "by_rule": tier, "why": why}


def test_an_interpreter_does_not_raise_the_class() -> None:
    guests = [{"name": "Li", "rank": "professor"}, {"name": "Wu", "rank": "academician", "counts": False}]
    assert tried("university", guests=guests)["tier"]["proposed"] == "third"


@pytest.mark.parametrize(
    ("relation", "headcount", "tier"),
    [
        ("strategic", 4, "s"),
        ("key_account", 8, "a1"),
        ("重点客户", 7, "a2"),
        ("dealer", 4, "b1"),
        ("Supplier", 4, "b2"),
    ],
)
def test_seven_classes_from_the_kind_of_organisation(relation: str, headcount: int, tier: str) -> None:
    answer = tried("maker", fields={"relation": relation}, headcount=headcount)
    assert answer["tier"]["by_rule"] == tier
    assert [each.id for each in policy_of("maker").tiers] == ["s", "a1", "a2", "b1", "b2", "c", "d"]


def test_a_class_that_no_row_proposes_has_to_be_chosen() -> None:
    """The last class of the maker is proposed for nobody: without a relation the request must name a class."""
    with pytest.raises(RequestErrors) as caught:
        tried("maker")
    assert "tier" in caught.value.said(words("en"))[0]
    assert tried("maker", tier="D 级")["tier"] == {"proposed": "d", "by_rule": None, "why": None}


@pytest.mark.parametrize(
    ("scores", "tier"),
    [
        ({"deal": "A", "influence": "A"}, "gold"),
        ({"deal": "B", "influence": "B", "relationship": "A", "urgency": "B"}, "gold"),  # four in B or better
        ({"deal": "A", "influence": "B"}, "silver"),
        ({"deal": "A", "influence": "C", "urgency": "D"}, "bronze"),  # only one in B or better
        ({"deal": "B", "influence": "B", "relationship": "B"}, "bronze"),
        ({}, "bronze"),
    ],
)
def test_importance_from_scores(scores: dict[str, str], tier: str) -> None:
    assert tried("briefing_centre", **given(**scores))["tier"]["proposed"] == tier


# 2 kinds


def test_each_kind_has_an_owner_and_those_who_may_ask() -> None:
    """The head of the kind's department gives the opinion; a clerk may not ask for investors; inspectors are seen by
    two posts only."""
    assert steps(tried("authority"))[0] == ("opinion", ["office_head"])
    investors = tried("authority", kind="investor", applicant="clerk")
    assert steps(investors)[0] == ("opinion", ["investment_head"])
    assert ("warn", "input", None) in found(investors)
    assert ("warn", "input", None) not in found(tried("authority", kind="招商来访", applicant="investment_officer"))
    assert steps(tried("authority", kind="inspectors")) == [("decide", ["director"])]
    assert policy_of("authority").kind("inspectors").see == ("director", "office_head")
    assert policy_of("authority").kind("official").see == ()


def test_each_kind_has_fields_caps_and_duties_of_its_own() -> None:
    """University: passport and invitation are asked of guests from abroad only. Branch: cigarettes for clients at 35,
    none for peers. Briefing centre: the mark on the badge for confidential visits only."""
    assert [need["id"] for need in tried("university", kind="foreign")["needs"]] == [
        "fund", "passport_until", "invitation", "report",
    ]  # fmt: skip
    assert [need["id"] for need in tried("university")["needs"]] == ["fund", "report"]
    caps = {kind: tried("branch", kind=kind)["caps"] for kind in ("client", "peer")}
    tobacco = {kind: [cap["most"] for cap in rows if cap["item"] == "tobacco"] for kind, rows in caps.items()}
    assert tobacco == {"client": [3500], "peer": [0]}
    badges = {
        kind: [duty["parts"] for duty in tried("briefing_centre", kind=kind)["duties"] if duty["id"] == "badges"]
        for kind in ("tour", "confidential")
    }
    assert badges == {"tour": [[]], "confidential": [[{"text": "Confidential mark", "may_drop": False}]]}


# 3 routes


def test_any_one_of_two_posts_and_no_step_at_all() -> None:
    assert steps(tried("authority")) == [
        ("opinion", ["office_head"]), ("decide", ["deputy_office", "deputy_economy"]),
    ]  # fmt: skip
    assert steps(tried("authority", headcount=2)) == []
    assert steps(tried("authority", headcount=2, meals=[{"meal": "work_meal"}])) != []


def test_several_posts_are_several_steps() -> None:
    assert steps(tried("branch", kind="foreign")) == [
        ("opinion", ["office_head"]), ("decide", ["deputy_manager"]), ("decide", ["branch_manager"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("price", "more"),
    [
        (5000, []),  # 5,000 exactly
        (5000.01, [("sign", ["chief_accountant"])]),
        (20000, [("sign", ["chief_accountant"])]),
        (20000.01, [("sign", ["branch_manager"])]),
    ],
)
def test_signatures_by_the_total(price: float, more: list[Any]) -> None:
    """Branch: up to 5,000 the deputy manager is enough; to 20,000 the chief accountant signs, above the manager."""
    answer = tried("branch", department="business", costs=[{"item": "car", "price": price}])
    assert steps(answer) == [("opinion", ["business_head"]), ("decide", ["deputy_manager"]), *more]


def test_a_signature_by_the_amount_of_a_line() -> None:
    """Two gifts of 500 are two lines within 800; one line of 2 at 500 is 1,000 and signed."""
    one = {"item": "gift", "price": 500, "unit": "piece"}
    assert len(steps(tried("branch", department="business", costs=[one, one]))) == 2
    answer = tried("branch", department="business", costs=[{**one, "quantity": 2}])
    assert steps(answer)[2:] == [("sign", ["chief_accountant"])]
    assert answer["route"][2]["lines"] == ["cost1"]


def test_a_signature_for_each_item_and_one_for_each_post() -> None:
    """Dinner for 10 at 100, cap 72: 138.9 %, the provost. Rooms: the travel office. A gift of 80 and entertainment:
    the general counsel, once. 1,000 + 300 + 80 + 500 = 1,880 is no large event."""
    answer = tried(
        US,
        headcount=10,
        department="advancement",
        meals=[{"meal": "dinner", "price": 100}],
        lodging=[{"people": 1, "nights": 2, "price": 150}],
        costs=[
            {"item": "gift", "price": 80, "to": "Ann"},
            {"item": "entertainment", "unit": "event", "price": 500},
        ],
    )
    assert [(step["what"], step["posts"], step["lines"]) for step in answer["route"]] == [
        ("decide", ["advancement_director"], []),
        ("sign", ["provost"], ["meal1"]),
        ("sign", ["travel_office"], ["lodging1"]),
        ("sign", ["general_counsel"], ["cost1", "cost2"]),
    ]
    assert answer["plan"]["total"] == 188_000


@pytest.mark.parametrize(
    ("price", "percent", "signs"),
    [
        (72, 100, []),
        (72.01, 100.0139, [["provost"]]),
        (144, 200, [["provost"]]),  # twice the cap exactly
        (150, 208.3333, [["vp_finance"]]),
    ],
)
def test_over_the_cap_and_over_twice_the_cap(price: float, percent: float, signs: list[list[str]]) -> None:
    """Dinner at 72 a head: up to 200 % the provost, above the vice president."""
    answer = tried(US, department="advancement", meals=[{"meal": "dinner", "price": price}])
    assert answer["plan"]["lines"][0]["of_cap"] == percent
    assert [posts for what, posts in steps(answer) if what == "sign"] == signs


def test_who_signs_for_one_thing_signs_for_either_of_two_posts_too() -> None:
    """80 diners at 150 are 12,000: the large event wants the president or the vice president for finance, who signs
    already for twice the cap. One signature, for both."""
    answer = tried(US, department="advancement", headcount=80, meals=[{"meal": "dinner", "price": 150}])
    assert steps(answer) == [("decide", ["advancement_director"]), ("sign", ["vp_finance"])]


def test_a_late_request_is_countersigned_and_who_decides_signs_only_once() -> None:
    """Maker: 23 hours ahead is late; the general manager signs, or has decided already for the highest classes."""
    late = MONDAY - timedelta(hours=23)
    assert steps(tried("maker", tier="b1", requested_at=late)) == [
        ("decide", ["sales_director"]), ("sign", ["general_manager"]),
    ]  # fmt: skip
    assert steps(tried("maker", tier="b1")) == [("decide", ["sales_director"])]
    assert steps(tried("maker", tier="s", requested_at=late))[-1] == ("decide", ["general_manager"])
    assert steps(tried("maker", tier="d")) == [("report", ["sales_director"])]


def test_reports_decide_nothing() -> None:
    """Authority: 30 working meals at 55 are 1,650, twice 3,300: the finance section is told."""
    answer = tried("authority", headcount=30, meals=[{"meal": "work_meal"}, {"meal": "work_meal"}])
    assert answer["plan"]["total"] == 330_000
    assert steps(answer)[-1] == ("report", ["finance_head"])
    decided = tried("authority", headcount=30, meals=[{"meal": "work_meal"}] * 2, decision={"by": "deputy_economy"})
    assert decided["decision"] == {"effect": "approved", "next": []}


# 4 notice


@pytest.mark.parametrize(
    ("name", "hours", "values", "unit", "expected"),
    [
        ("authority", 13, {}, "h", (12, 13, "in_time")),
        ("authority", 11.5, {}, "h", (12, 11.5, "late")),
        ("authority", -1, {}, "h", (12, -1, "refused")),
        ("authority", -1, {"applicant": "director"}, None, (None, None, "in_time")),
        ("authority", -48, {"purposes": ["emergency"]}, "h", (2, -48, "late")),
        ("authority", -96, {"purposes": ["emergency"]}, "h", (2, -96, "refused")),
        ("branch", 72, {}, "wd", (2, 1, "late")),  # from Friday to Monday
        ("branch", 96, {}, "wd", (2, 2, "in_time")),  # from Thursday
        ("branch", -24 * 30, {}, "wd", (2, -22, "late")),  # afterwards: 9 November to 9 December, 22 working days
        ("branch", 24 * 14, {"kind": "foreign"}, "wd", (10, 10, "in_time")),
        ("branch", 72, {"kind": "foreign"}, "wd", (10, 1, "refused")),  # the urgent minimum is 3
        ("branch", 1, {"applicant": "branch_manager"}, None, (None, None, "in_time")),
        ("university", 24 * 28, {"kind": "foreign"}, "w", (4, 4, "in_time")),
        ("university", 24 * 27, {"kind": "foreign"}, "w", (4, 3, "late")),
        ("university", 24 * 6, {"kind": "foreign"}, "w", (4, 0, "refused")),
        ("university", 24 * 7, {"services": ["laboratory"]}, "wd", (5, 5, "in_time")),
        ("university", 24 * 6, {"services": ["laboratory"]}, "wd", (5, 4, "refused")),  # late is refused here
        ("maker", 48, {"tier": "c", "services": ["workshop"]}, "h", (48, 48, "in_time")),
        ("maker", 11, {"tier": "c", "services": ["workshop"]}, "h", (48, 11, "refused")),
        ("maker", -48, {"tier": "c"}, "h", (24, -48, "late")),  # within two days afterwards
        ("maker", -72, {"tier": "c"}, "h", (24, -72, "refused")),
        ("briefing_centre", 24 * 42, {"kind": "executive"}, "w", (6, 6, "in_time")),
        ("briefing_centre", 24 * 14, {"kind": "executive"}, "w", (6, 2, "late")),
        ("briefing_centre", 24 * 13, {"kind": "executive"}, "w", (6, 1, "refused")),
        ("briefing_centre", 24 * 31, {"kind": "confidential"}, "mo", (1, 1, "in_time")),  # from 9 October
        ("briefing_centre", 24 * 30, {"kind": "confidential"}, "mo", (1, 0, "refused")),
        ("briefing_centre", 24 * 13, {"kind": "demonstration"}, "wd", (10, 9, "late")),
        ("briefing_centre", 24 * 2, {}, "d", (3, 2, "refused")),
        (US, 24 * 13, {}, "w", (2, 1, "late")),
    ],
)  # fmt: skip
def test_notice(name: str, hours: float, values: dict[str, Any], unit: str | None, expected: tuple[Any, ...]) -> None:
    """Needed, given in whole units (hours may be fractions), and the state; counted back from Monday 9 November."""
    notice = tried(name, requested_at=MONDAY - timedelta(hours=hours), **values)["notice"]
    assert (notice["needed"], notice["given"], notice["state"]) == expected
    assert (notice["unit"], notice["late"]) == (unit, notice["needed"] is not None and expected[1] < expected[0])


def test_an_urgent_visit_of_importance() -> None:
    """Gold and to decide: three days are enough for an executive briefing, and fewer are refused."""
    gold = {**given(deal="A", influence="A"), "kind": "executive", "purposes": ["decision"]}
    notices = [tried("briefing_centre", **gold, requested_at=datetime(2026, 11, day, 9))["notice"] for day in (6, 7)]
    assert [notice["state"] for notice in notices] == ["in_time", "refused"]


def test_what_late_asks_for() -> None:
    """A reason that is given opens the verdict; the level stays."""
    late: dict[str, Any] = {
        "requested_at": MONDAY - timedelta(hours=2), "host": ["director"],
        "documents": ["official_letter"], "fields": {"origin": "elsewhere"},
    }  # fmt: skip
    assert tried("authority", **late)["verdict"] == "needs"
    excused = tried("authority", **late, reasons={"late": "called in this morning"})
    assert (found(excused), excused["verdict"]) == ([("reason", "late", "half_day")], "fits")


# 5 lead host, 6 companions


@pytest.mark.parametrize(
    ("name", "values", "posts", "satisfied", "level"),
    [
        ("authority", {"guests": [{"rank": "deputy_division"}], "host": ["clerk"]},
         ["deputy_office", "deputy_economy"], False, "reason"),
        ("authority", {"guests": [{"rank": "deputy_division"}], "host": ["deputy_economy"]},
         ["deputy_office", "deputy_economy"], True, None),
        ("authority", {"guests": [{"rank": "deputy_division"}], "host": ["director"]},
         ["deputy_office", "deputy_economy"], True, None),
        ("authority", {"guests": [{"rank": "bureau"}], "host": ["deputy_office"]}, ["director"], False, "reason"),
        ("university", {"guests": [{"rank": "academician"}], "host": ["president"]},
         ["vice_president", "dean"], True, None),
        ("university", {"guests": [{"rank": "university_head"}], "host": ["associate_dean"]},
         ["president", "vice_president"], True, "reason"),  # stands in, with a reason
        ("briefing_centre", {"kind": "executive", "host": ["centre_director"]},
         ["centre_director", "technical_director", "account_director"], False, "block"),
        ("briefing_centre", {"kind": "executive", "host": ["centre_director", "country_manager"]},
         ["centre_director", "technical_director", "account_director"], True, None),
        ("maker", {"tier": "b1", "host": ["administration_head"]}, ["sales_engineer"], False, "info"),
        (US, {"host": ["chair"]}, [], True, None),
    ],
)  # fmt: skip
def test_lead_host(name: str, values: dict[str, Any], posts: list[str], satisfied: bool, level: str | None) -> None:
    """Equal rank, or higher, at least two, a substitute with a reason, no rule at all."""
    answer = tried(name, **values)
    assert (answer["lead_host"]["posts"], answer["lead_host"]["satisfied"]) == (posts, satisfied)
    assert [each[0] for each in found(answer, "lead_host")] == ([level] if level else [])


@pytest.mark.parametrize(
    ("name", "values", "most"),
    [
        ("authority", {"headcount": 10}, 3),
        ("authority", {"headcount": 11}, 3),  # 11/3, rounded down
        ("authority", {"headcount": 14}, 4),
        ("authority", {"headcount": 2}, 2),  # never more than the guests
        ("authority", {"headcount": 14, "kind": "investor"}, 5),
        ("branch", {"headcount": 4}, 4),
        ("branch", {"headcount": 5}, 5),
        ("branch", {"headcount": 8}, 6),  # 5 + 3/2
        ("branch", {"headcount": 9, "kind": "peer"}, 3),
        ("branch", {"headcount": 20, "kind": "peer"}, 6),
        ("university", {"headcount": 1}, 1),  # 2, but not more than the guests
        ("university", {"headcount": 9}, 4),  # 2 + 5/2
        ("university", {"headcount": 1, "guests": [{"rank": "national"}]}, 8),
        ("maker", {"headcount": 1, "tier": "c"}, 3),  # 4, but never more than two beyond the guests
        ("maker", {"headcount": 10, "tier": "c"}, 7),
        ("briefing_centre", {"headcount": 12}, 5),  # 3 + 6/3
        (US, {"headcount": 9, "kind": "candidate"}, 4),
        (US, {"headcount": 9}, None),
    ],
)
def test_companions(name: str, values: dict[str, Any], most: int | None) -> None:
    assert tried(name, **values)["companions"]["max"] == most


def test_companions_of_a_meal_and_who_is_not_counted() -> None:
    """Authority, 14 guests: a third of the 14 at lunch, of the 9 at dinner; the driver does not count. One more than
    a third is blocked. Branch: interpreter and driver beside four guests leave four."""
    meals = [
        {"meal": "work_meal", "companions": ["clerk", "office_head", "finance_head", "director", "driver"]},
        {"meal": "work_meal", "guests": 9, "companions": 4},
    ]
    answer = tried("authority", headcount=14, meals=meals)
    assert answer["companions"]["lines"] == [
        {"line": "meal1", "max": 4, "given": 4}, {"line": "meal2", "max": 3, "given": 4},
    ]  # fmt: skip
    assert found(answer, "companions") == [("block", "companions", "a_third")]
    many = ["interpreter", "driver", "account_manager", "business_head", "deputy_manager", "branch_manager"]
    assert found(tried("branch", meals=[{"meal": "banquet", "companions": many}]), "companions") == []
    assert found(tried("branch", meals=[{"companions": 5}]), "companions") == [("reason", "companions", "clients_few")]


WRONG = [
    # (example, what it says, what it says instead, the key, what is allowed)
    ("university", '"national" }', '"natoinal" }', "propose[1].when.guest_rank", "nearest: national"),
    ("maker", 'tier = "b2"\n', 'tier = "b3"\n', "propose[5].tier", "s, a1, a2, b1, b2, c, d"),
    ("briefing_centre", "{ A = 2 }", "{ E = 2 }", "propose[1].when[1].bands.E", "A, B, C, D"),
    ("authority", 'see = ["director"', 'see = ["directr"', "kind[3].see[1]", "nearest: director"),
    ("branch", 'owner = "business"', 'owner = "busines"', "kind[1].owner", "nearest: business"),
    (US, 'steps = [{ by = "@department_head" }]', "when = {}", "route[1]", "“steps” is missing"),
    (US, 'of_cap = ">100%..200%"', 'of_cap = "200%..100%"', "sign[1].when.of_cap", "lower end first"),
    ("branch", 'least = "10wd"', 'least = "10 days"', "notice[1].least", '"3wd"'),
    ("briefing_centre", "at_least = 2", 'at_least = "two"', "lead_host[1].at_least", "from 0 to 99"),
    ("university", '"@guest_rank"', '"@guest"', "lead_host[3].posts[1]", "nearest: @guest_rank"),
    ("authority", 'most = { each = "1/3" }', 'most = { each = "1/0" }', "companions[3].most.each", "1/2"),
    ("branch", "most = { each = 1 }", "most = { eech = 1 }", "companions[1].most.eech", "nearest: each"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "path", "allowed"), WRONG, ids=[f"{row[0]}:{row[3]}" for row in WRONG])
def test_what_is_wrong_is_named(name: str, old: str, new: str, path: str, allowed: str) -> None:
    problem, line = wrong(name, old, new)
    key = f"[[{path.partition('[')[0]}]]" if "missing" in allowed else None
    if key:
        line = mended(name, old, new).splitlines().index(key) + 1
    assert (problem.path, problem.line) == (path, line)
    assert allowed in problem.said(words("en"), "x.toml")
