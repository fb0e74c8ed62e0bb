"""The examples, by hand: caps, frequency, currencies, versions and exemptions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from models.policy.answer import BEYOND
from models.policy.load import load_text
from models.policy.model import version_for
from models.policy.request_file import RequestErrors
from models.words import words
from tests.unit.examples import MONDAY, US, day, found, lines, mended, policy_of, steps, tried, varied, wrong

OLD_US = "us_university/2024-07-01"
ALL = int(BEYOND)


def cap(name: str, **values: Any) -> list[tuple[Any, ...]]:
    """Cap, amount, what is over, and who pays, of each line."""
    return lines(tried(name, **values), "cap", "amount", "over", "payer")


def outcomes(name: str, **values: Any) -> list[tuple[str, str, str | None]]:
    """The findings about money."""
    return found(tried(name, **values), "cap", "grade", "least", "count")


# 7 caps


def test_by_kind_of_meal() -> None:
    """Authority, 4 guests and 2 of us: breakfast 25 × 6 = 150, working meal 55 × 6 = 330; at 60 it is 30 over."""
    meals = [{"meal": "breakfast", "companions": 2}, {"meal": "工作餐", "companions": 2, "price": 60}]
    assert cap("authority", meals=meals) == [(2500, 15_000, 0, "company"), (5500, 36_000, 3000, "company")]
    assert outcomes("authority", meals=meals) == [("reason", "cap", "work_meal")]


def test_none_allowed() -> None:
    """Authority: no bottle, no packet, no gift, and no meal for guests from this city; free of charge or not."""
    meal = {"meal": "work_meal", "bottles": 1, "packs": 1, "pack_price": 20}
    answer = tried("authority", meals=[meal], costs=[{"item": "gift", "price": 10}])
    assert found(answer, "cap") == [
        ("block", "cap", "no_alcohol"), ("block", "cap", "no_tobacco"), ("block", "cap", "no_gifts"),
    ]  # fmt: skip
    assert lines(answer, "of_cap")[1:] == [(ALL,)] * 3
    assert answer["verdict"] == "blocked"
    same = tried("authority", meals=[{"meal": "work_meal"}], fields={"origin": "本市"})
    assert found(same, "cap") == [("block", "cap", "same_city")]
    assert lines(same, "cap", "amount") == [(0, 0)]


def test_rooms_by_the_rank_of_the_guest_who_pays_the_rest() -> None:
    """Authority, guest of division rank: 460 a night. 5 people, 2 nights at 500 are 5,000; 400 are the guest's."""
    stay = {"people": 5, "nights": 2, "price": 500}
    values: dict[str, Any] = {"guests": [{"rank": "division"}, {"rank": "staff"}], "lodging": [stay]}
    assert cap("authority", **values) == [(46_000, 500_000, 40_000, "guest")]
    answer = tried("authority", **values)
    assert (answer["plan"]["total"], found(answer, "cap")) == (460_000, [("info", "cap", "room_division")])


@pytest.mark.parametrize(
    ("kind", "host", "most"),
    [
        ("client", ["branch_manager"], 400),
        ("client", ["business_head", "deputy_manager"], 300),  # the highest host counts
        ("client", ["business_head"], 200),
        ("client", [], 120),  # nobody yet: the lowest
        ("peer", ["deputy_manager"], 200),
        ("peer", ["account_manager"], 90),
        ("foreign", ["office_head"], 240),  # "..head" is head and below
        ("foreign", ["interpreter"], 240),
        ("superior", ["branch_manager"], 70),  # the row below, for everybody
    ],
)
def test_type_of_visit_and_rank_of_the_host(kind: str, host: list[str], most: int) -> None:
    answer = tried("branch", kind=kind, host=host, meals=[{"meal": "banquet", "companions": 4}])
    assert lines(answer, "cap", "amount") == [(most * 100, most * 100 * 8)]


def test_over_the_cap_of_a_rank_and_beyond_all_caps() -> None:
    """A head receives four clients with four of us at 230: 30 × 8 = 240 over, 115 %. At 600 it is dear, at 600.01
    nobody may approve it."""
    values: dict[str, Any] = {"host": ["business_head"], "meals": [{"meal": "banquet", "companions": 4, "price": 230}]}
    assert lines(tried("branch", **values), "amount", "over", "of_cap") == [(184_000, 24_000, 115)]
    for price, level in ((600, "reason"), (600.01, "block")):
        values["meals"] = [{"meal": "banquet", "price": price}]
        assert outcomes("branch", **values) == [(level, "cap", "client_meal")]


def test_rooms_by_city() -> None:
    """Branch: Xi'an 450. 3 people, 2 nights at 480: 180 over. One of the nights in Shanghai has its own cap."""
    nights = [{"people": 3, "nights": 2, "price": 480}, {"people": 3, "price": 640, "city": "上海"}]
    assert cap("branch", city="xian", lodging=nights) == [
        (45_000, 288_000, 18_000, "company"), (65_000, 192_000, 0, "company"),
    ]  # fmt: skip
    assert outcomes("branch", city="other_city", lodging=[{"price": 901}]) == [("block", "cap", "night_other")]


@pytest.mark.parametrize(
    ("ranks", "venue", "most"),
    [
        (["academician", "professor"], "outside", 210),
        (["professor"], "outside", 130),
        (["professor"], "guest_house", 105),
        (["national"], "guest_house", 240),
        (["other"], "outside", 0),
        (["academician"], "canteen", None),  # a column that is left out is no limit
    ],
)
def test_class_and_venue(ranks: list[str], venue: str, most: int | None) -> None:
    answer = tried(
        "university", guests=[{"rank": rank} for rank in ranks], meals=[{"meal": "meal", "venue": venue, "price": 100}]
    )
    assert lines(answer, "cap") == [(most if most is None else most * 100,)]


def test_food_and_drink_of_one_day() -> None:
    """University, third class, 240 a head and day: lunch 120 and dinner 105 a head, wine 80 for 4, 20 a head: 245, so
    5 × 4 = 20 of the wine are over. The next day starts anew."""
    meals = [
        {"meal": "meal", "venue": "outside", "price": 120},
        {"meal": "meal", "venue": "guest_house", "price": 105, "bottles": 1, "bottle_price": 80},
        {"meal": "meal", "venue": "outside", "price": 130, "on": day(10)},
    ]
    answer = tried("university", guests=[{"rank": "professor"}], meals=meals)
    assert lines(answer, "id", "over") == [("meal1", 0), ("meal2", 0), ("drink2", 2000), ("meal3", 0)]
    assert found(answer, "cap") == [("warn", "cap", "day")]


def test_grades_and_standards_in_words() -> None:
    """University: a single room is above the twin of the fourth class, and theirs to pay; the third class may have
    one. A fee is set in words: no amount is too much."""
    stay = [{"grade": "single", "price": 300}]
    assert outcomes("university", lodging=stay) == [("info", "grade", "room_fourth")]
    assert outcomes("university", guests=[{"rank": "professor"}], lodging=stay) == []
    fee = tried("university", costs=[{"item": "fee", "unit": "event", "price": 90_000}])
    assert (found(fee, "cap"), lines(fee, "cap", "amount")) == ([], [(None, 9_000_000)])
    assert [each["text"] for each in fee["caps"] if each["id"] == "fee"] == [
        "as for outside experts of this university"
    ]


def test_the_least_and_the_most_a_guest() -> None:
    """University, gifts for guests from abroad, 50 to 400 each: for 4 guests 3 at 60 are 45 each, 4 at 410 too much."""
    for quantity, price, expected in (
        (3, 60, [("reason", "least", None)]),
        (4, 60, []),
        (4, 410, [("reason", "cap", None)]),
    ):
        gift = {"item": "gift", "unit": "piece", "quantity": quantity, "price": price}
        got = outcomes("university", kind="foreign", costs=[gift])
        assert [(level, code, None) for level, code, _ in got] == expected


@pytest.mark.parametrize(
    ("tier", "diners", "most"),
    [
        ("s", 5, 1680),  # 900 + 3 × 260
        ("s", 2, 900),
        ("s", 1, 900),
        ("a1", 10, 2400),  # 720 + 8 × 210
        ("b2", 6, 680),  # 300 + 4 × 95
        ("c", 4, 330),  # 200 + 2 × 65
        ("d", 4, 0),
    ],
)
def test_a_price_for_two_and_an_increment(tier: str, diners: int, most: int) -> None:
    """Maker: base + each × (diners − 2), once for the meal."""
    assert cap("maker", tier=tier, meals=[{"meal": "banquet", "guests": diners}]) == [
        (most * 100, most * 100, 0, "company"),
    ]  # fmt: skip


def test_over_a_price_for_the_meal() -> None:
    """Five diners at 400 are 2,000 of 1,680: 320 over, 119.05 %."""
    answer = tried("maker", tier="s", meals=[{"meal": "banquet", "guests": 5, "price": 400}])
    assert lines(answer, "amount", "over", "of_cap") == [(200_000, 32_000, 119.0476)]
    assert found(answer, "cap") == [("reason", "cap", "banquet")]


def test_spirits_by_the_half_litre() -> None:
    """Maker, class A2: 280 for 500 ml. Two bottles of 750 ml may be 420 each; at 450 they are 60 over."""
    spirits = {"item": "drink", "unit": "750ml", "quantity": 2, "price": 450}
    assert cap("maker", tier="a2", costs=[spirits]) == [(42_000, 90_000, 6000, "company")]
    (said,) = [each["text"] for each in tried("maker", tier="a2", costs=[spirits])["findings"] if each["code"] == "cap"]
    assert said == "Drink over standard: 300 for 500 ml, standard 280, over by 60"
    assert outcomes("maker", tier="c", meals=[{"meal": "work", "bottles": 1}]) == [("warn", "cap", "spirits")]


@pytest.mark.parametrize(
    ("tier", "area", "on", "most"),
    [
        ("a2", "first_city", 9, 760),
        ("b1", "一线城市", 9, 520),
        ("d", "first_city", 9, 380),
        ("s", "second_city", 9, 540),
        ("c", "elsewhere", 9, 290),
    ],
)
def test_class_of_customer_and_class_of_city(tier: str, area: str, on: int, most: int) -> None:
    stay = [{"on": day(on), "people": 1, "price": 1000}]
    assert cap("maker", tier=tier, area=area, lodging=stay) == [(most * 100, 100_000, 100_000 - most * 100, "guest")]


def test_rooms_in_the_season_of_the_fair() -> None:
    """From 15 April to 5 May 880 for everybody, by the night's own day: the night of 6 May is an ordinary one."""
    stays = [{"on": date(2026, 5, 5), "people": 1}, {"on": date(2026, 5, 6), "people": 1}]
    values: dict[str, Any] = {"tier": "b2", "arrive": datetime(2026, 5, 5, 9), "depart": datetime(2026, 5, 7, 9)}
    assert lines(tried("maker", lodging=stays, **values), "cap", "rule") == [(88_000, "fair"), (39_000, "night")]


def test_cars_of_a_grade_or_better_or_worse() -> None:
    """Class S: the limousine and nothing less; A2 and below: at most the minibus."""
    car = {"item": "car", "unit": "trip"}
    got = {
        (tier, grade): [code for _, code, _ in outcomes("maker", tier=tier, costs=[{**car, "grade": grade}])]
        for tier in ("s", "a1", "a2")
        for grade in ("limousine", "minibus", "saloon")
    }
    assert got == {
        ("s", "limousine"): [], ("s", "minibus"): ["least"], ("s", "saloon"): ["least"],
        ("a1", "limousine"): [], ("a1", "minibus"): [], ("a1", "saloon"): ["least"],
        ("a2", "limousine"): ["grade"], ("a2", "minibus"): [], ("a2", "saloon"): [],
    }  # fmt: skip


def test_drinks_included_and_paid_by_who_ordered_them() -> None:
    """US: dinner for 4 at 65, wine 2 × 20 = 10 a head: 75 of 72, 12 over on the wine's line. On state funds the wine
    is the requester's: 40."""
    meal = {"meal": "dinner", "price": 65, "bottles": 2, "bottle_price": 20}
    assert cap(US, meals=[meal], fields={"fund": "foundation"}) == [
        (7200, 26_000, 0, "company"), (None, 4000, 1200, "company"),
    ]  # fmt: skip
    state = tried(US, meals=[meal], fields={"fund": "State funds"})
    assert lines(state, "over", "payer")[1] == (4000, "applicant")
    assert state["plan"]["total"] == 26_000


def test_a_flat_sum_for_an_event() -> None:
    """US: 1,500 for entertainment, 4,000 at the very most. Briefing centre: by importance, none for bronze."""
    for price, expected in ((1500, []), (1600, ["reason"]), (4001, ["block"])):
        show = {"item": "entertainment", "unit": "event", "price": price}
        assert [level for level, _, _ in outcomes(US, costs=[show])] == expected
    event = {"item": "event", "unit": "event", "price": 180_000}
    assert outcomes("briefing_centre", tier="silver", costs=[event]) == []
    assert outcomes("briefing_centre", tier="bronze", costs=[event]) == [("reason", "cap", "event")]


# 8 frequency


def test_meals_of_a_visit() -> None:
    """Authority: the second reception meal is one too many, a working meal is not counted."""
    meals = [{"meal": "reception_meal"}, {"meal": "work_meal"}, {"meal": "reception_meal"}]
    answer = tried("authority", meals=meals)
    assert [(each["level"], each["rule"], each["line"]) for each in answer["findings"] if each["code"] == "count"] == [
        ("block", "one_meal", "meal3")
    ]


def test_a_frequency_is_told_by_whose_it_is_and_within_which_time() -> None:
    """Branch: the third banquet with a client, in words and not in the notation of the file."""
    past = {"client": "Acme", "department": "business", "item": "meal", "meal": "banquet"}
    history = [{"on": date(2026, 10, number), **past} for number in (10, 11)]
    answer = tried("branch", applicant="account_manager", meals=[{"meal": "banquet"}], history=history)
    (text,) = (each["text"] for each in answer["findings"] if each["code"] == "count")
    assert "number 3 per" in text
    assert "within 1 month" in text


def test_a_sum_over_less_than_a_day_is_refused() -> None:
    problem, line = wrong("branch", 'per = "department client 1mo"', 'per = "department client 1m"')
    assert problem.line == line
    assert "whole days" in problem.what(words("en"))


@pytest.mark.parametrize(
    ("days", "more", "expected"),
    [
        ([10, 11], {}, "warn"),  # the third within the month that ends on 9 November
        ([10], {}, None),
        ([9, 11], {}, None),  # 9 October lies outside
        ([10, 11], {"client": "Other"}, None),
        ([10, 11], {"department": "office"}, None),
        ([10, 11], {"meal": "work_meal"}, None),
        ([10, 11, 12, 13], {}, "block"),  # the fifth is beyond `never`
    ],
)
def test_banquets_with_one_client_in_a_month(days: list[int], more: dict[str, Any], expected: str | None) -> None:
    past = {"client": "Acme", "department": "business", "item": "meal", "meal": "banquet", **more}
    history = [{**past, "on": date(2026, 10, each)} for each in days]
    answer = tried("branch", applicant="account_manager", meals=[{"meal": "banquet"}], history=history)
    assert [each[0] for each in found(answer, "count")] == ([expected] if expected else [])


def test_gifts_to_one_person_in_twelve_months() -> None:
    """US: 100 a person and year. Ann had 60: 50 more are 10 over; Bob may have them. A year and a day ago is past."""
    gifts = [{"item": "gift", "price": 50, "to": name} for name in ("Ann", "Bob")]
    past = {"on": date(2026, 3, 1), "guest": "Ann", "item": "gift", "amount": 60}
    assert lines(tried(US, costs=gifts, history=[past]), "over") == [(1000,), (0,)]
    old = {**past, "on": date(2025, 11, 9)}
    assert lines(tried(US, costs=gifts, history=[old]), "over") == [(0,), (0,)]
    once = tried("briefing_centre", costs=gifts, history=[past])
    assert found(once, "count") == [("block", "count", "gift_once")]


def test_gifts_to_one_client_in_a_year() -> None:
    """Maker: 2,000 a year, 1,800 are given: 2 at 150 are 100 over."""
    past = {"on": date(2026, 2, 1), "client": "Acme", "item": "gift", "amount": 1800}
    gift = {"item": "gift", "unit": "piece", "quantity": 2, "price": 150}
    answer = tried("maker", tier="c", costs=[gift], history=[past])
    assert (lines(answer, "over"), found(answer, "cap")) == ([(10_000,)], [("block", "cap", "gift_client")])


# 12 money


def test_yen_have_no_smaller_unit() -> None:
    """Four lunches at 3,200 yen are 12,800; half a yen is refused."""
    answer = tried("briefing_centre", meals=[{"meal": "lunch"}])
    assert (answer["currency"], answer["plan"]["total"]) == ({"code": "JPY", "minor": 0}, 12_800)
    with pytest.raises(RequestErrors):
        tried("briefing_centre", meals=[{"meal": "lunch", "price": 3200.5}])


def test_a_currency_with_three_decimals() -> None:
    """The maker in dinar: 42.505 a head is 42,505 fils."""
    text = mended("maker", 'code = "CNY", minor = 2', 'code = "KWD", minor = 3').replace("42.50\n", "42.505\n")
    answer = tried("maker", policy=load_text(text), tier="c", meals=[{"meal": "work", "guests": 2}])
    assert (answer["currency"], answer["plan"]["total"]) == ({"code": "KWD", "minor": 3}, 85_010)


# 13 validity


@pytest.mark.parametrize(("arrives", "most"), [(date(2026, 6, 30), 5800), (date(2026, 7, 1), 7200)])
def test_the_day_of_the_event_picks_the_version(arrives: date, most: int) -> None:
    """US: dinner at 58 until June 2026, at 72 from July on, whenever it is asked for."""
    policy = version_for([policy_of(US), policy_of(OLD_US)], date(2026, 6, 1), arrives)
    times = {"requested_at": datetime(2026, 6, 1, 9), "depart": datetime(2026, 7, 9)}
    start = datetime.combine(arrives, MONDAY.time())
    answer = tried(US, policy=policy, arrive=start, meals=[{"meal": "dinner"}], **times)
    assert (answer["policy"]["effective"], lines(answer, "cap")) == (policy.effective.isoformat(), [(most,)])


def test_older_versions_sent_every_excess_to_the_dean() -> None:
    answer = tried(OLD_US, department="advancement", meals=[{"meal": "dinner", "price": 150}])
    assert steps(answer) == [("decide", ["advancement_director"]), ("sign", ["dean"])]


def test_an_exemption_is_a_row_without_a_figure() -> None:
    """The president's dinners have no cap, the president's lunches have."""
    meals = [{"meal": "dinner", "price": 500}, {"meal": "lunch", "price": 35}]
    assert cap(US, applicant="president", meals=meals) == [
        (None, 200_000, 0, "company"), (3400, 14_000, 400, "company"),
    ]  # fmt: skip


def test_a_changed_figure_is_a_changed_answer() -> None:
    policy = varied("maker", "base = 900, over = 2, each = 260", "base = 900, over = 3, each = 260")
    assert lines(tried("maker", policy=policy, tier="s", meals=[{"meal": "banquet", "guests": 5}]), "cap") == [
        (142_000,)
    ]


WRONG = [
    ("authority", "breakfast = 25", "brekfast = 25", "cap[2].most.brekfast", "nearest: breakfast"),
    ("branch", 'by = "city"', 'by = "citi"', "cap[11].by", "nearest: city"),
    ("maker", 'per = "500ml"', 'per = "ml"', "cap[3].per", "500ml"),
    ("maker", "d = 0  ", "d = -1  ", "cap[1].most.d", "0 is: none allowed"),
    ("university", 'most = "twin"', 'most = "tiwn"', "cap[8].most", "nearest: twin"),
    ("university", 'breach = "guest_pays"', 'breach = "guests_pay"', "cap[8].breach", "nearest: guest_pays"),
    ("branch", '"department client 1mo"', '"departments client 1mo"', "cap[7].per", "nearest: department"),
    ("maker", '"client 1y"', '"client a year"', "cap[9].per", "client, guest, department"),
    ("briefing_centre", "lunch = 3200", "lunch = 3200.50", "cap[1].most.lunch", "at most 0"),
    ("briefing_centre", "minor = 0", "minor = 5", "currency.minor", "from 0 to 4"),
    (US, "effective = 2026-07-01", 'effective = "2026-02-30"', "effective", "does not exist"),
    ("maker", '"04-15..05-05"', '"04-15..2026-05-05"', "cap[4].when.date", "two days of the year"),
]


@pytest.mark.parametrize(("name", "old", "new", "path", "allowed"), WRONG, ids=[f"{row[0]}:{row[3]}" for row in WRONG])
def test_what_is_wrong_is_named(name: str, old: str, new: str, path: str, allowed: str) -> None:
    problem, line = wrong(name, old, new)
    assert (problem.path, problem.line) == (path, line)
    assert allowed in problem.said(words("en"), "x.toml")
