"""The default policy's stages and division of duties, row by row against the regulation."""

from __future__ import annotations

import pytest

from models.policy.model import Moment, Policy, Test, When

CAR = [{"service": {"car"}}]
TOUR = [{"service": {"tour"}}]
VIP = [{"tier": {"vip"}}]
FRUIT = [{"service": {"fruit"}}, {"tier": {"vip"}}]
IN_HOUSE = [{"item": {"meal"}, "venue": {"in_house"}}]
OUTSIDE = [{"item": {"meal"}, "venue": {"outside"}}]
MEAL = [{"item": {"meal"}}]
LODGING = [{"item": {"lodging"}}]
ACTIVITIES = [{"want": {"activities"}}]
CUSTOMER = [{"kind": {"customer"}}]
FOR_CUSTOMERS = [{"kind": {"customer"}, "want": {"activities"}}]
INTRODUCES = {"customer": "project_sales_lead", "other": "@applicant"}
GIFTS = [{"want": {"gifts"}}]
TICKETS = [{"want": {"return_tickets"}}]
ALL: list[dict[str, set[str]]] = []
SIMPLIFIED = [{"tier": {"business", "routine"}}]
EVENING_BEFORE = "arrive -1d 17:00"

STAGES = [
    ("R26", "pick_up", "接机接站", CAR + VIP),
    ("R27", "welcome", "迎宾入室", ALL),
    ("R28", "introduction", "公司介绍", ALL),
    ("R29", "talks", "业务洽谈", ALL),
    ("R30", "tour", "参观介绍", TOUR),
    ("R31", "dining", "餐饮招待", MEAL),
    ("R32", "lodging", "住宿安排", LODGING),
    ("R33", "activities", "组织活动", ACTIVITIES),
    ("R34", "gifts", "礼品准备", GIFTS),
    ("R35", "send_off", "送客回程", CAR + TICKETS + VIP),
]

DUTIES = [
    ("R36", "@lead_host", ALL, "arrive", "指挥"),
    ("R37", "@lead_host", ALL, "introduction", "概况"),
    ("R38", "@lead_host", VIP, "pick_up", "亲自接送"),
    ("R39", "@owner", ALL, EVENING_BEFORE, "组织安排"),
    ("R40", "marketing", CUSTOMER, "talks", "报价"),
    ("R41", "marketing", CUSTOMER, EVENING_BEFORE, "样册"),
    ("R42", "@owner", ALL, "arrive -30m", "迎宾"),
    ("R43", "@owner", IN_HOUSE, "dining", "专人服务"),
    ("R44", "@owner", ACTIVITIES, "activities", "活动"),
    ("R45", "technology", TOUR, "tour", "引领参观"),
    ("R46", "technology", ALL, "talks", "技术交底"),
    ("R47", "production", ALL, "talks", "排产"),
    ("R48", "production", ALL, "talks", "现场安装"),
    ("R49", "supply", ALL, "talks", "元器件"),
    ("R50", "quality", ALL, "talks", "认证"),
    ("R51", "quality", ALL, "talks", "售后"),
    ("R52", "office", CAR, EVENING_BEFORE, "车辆"),
    ("R53", "office", ALL, "arrive -1h", "会议室"),
    ("R54", "office", VIP, "arrive -1h", "鲜花"),
    ("R55", "office", ALL, "arrive -1h", "大屏幕欢迎词"),
    ("R56", "office", OUTSIDE, EVENING_BEFORE, "公司外"),
    ("R57", "office", GIFTS, EVENING_BEFORE, "礼品"),
    ("R58", "office", LODGING, EVENING_BEFORE, "住宿"),
    ("R59", "office", TICKETS, "depart -1d 17:00", "返程票"),
    ("R60", "office", FOR_CUSTOMERS, "activities", "协助营销部"),
    ("R61", "logistics", ALL, EVENING_BEFORE, "厂区"),
    ("R62", "logistics", ALL, "arrive", "大门"),
    ("R63", "logistics", FRUIT, EVENING_BEFORE, "采购"),
    ("R64", "logistics", IN_HOUSE, "dining -1d", "公司内"),
    ("R65", "workshop", TOUR, "tour -1h", "车间"),
    ("R66", "workshop", TOUR, "tour -1h", "着装"),
    ("R67", "project_sales_lead", CUSTOMER, "arrive -1d", "营销部"),
    ("R68", INTRODUCES, ALL, "welcome", "陪同人员"),
    ("R69", INTRODUCES, ALL, "depart", "沟通"),
]


def conditions(when: When) -> list[dict[str, object]]:
    """A `when` of ids as the tables it was written as."""
    assert not any(clause.nots for clause in when)
    return [{test.axis: ids(test) for test in clause.tests} for clause in when]


def ids(test: Test) -> set[str]:
    """The ids a test wants."""
    assert isinstance(test.wanted, frozenset)
    return set(test.wanted)


def written(moment: Moment | None) -> str | None:
    """A moment as the file writes it."""
    if moment is None:
        return None
    offset = f" {moment.offset.number:+d}{moment.offset.unit}" if moment.offset else ""
    clock = f" {moment.clock:%H:%M}" if moment.clock else ""
    return f"{moment.anchor}{offset}{clock}"


def test_the_stages_stand_in_the_regulations_order(default_policy: Policy) -> None:
    assert [stage.id for stage in default_policy.stages] == [stage for _, stage, *_ in STAGES]


@pytest.mark.parametrize(("stage", "name", "when"), [pytest.param(*row, id=rule) for rule, *row in STAGES])
def test_a_stage_is_named_and_applies(default_policy: Policy, stage: str, name: str, when: list[object]) -> None:
    row = next(row for row in default_policy.stages if row.id == stage)
    assert row.name.say("zh") == name
    assert conditions(row.when) == when
    assert row.at is not None


@pytest.mark.parametrize(
    ("rule", "party", "when", "due", "said"), [pytest.param(*row, id=row[0]) for row in DUTIES]
)  # fmt: skip
def test_a_duty(
    default_policy: Policy, rule: str, party: str | dict[str, str], when: list[object], due: str, said: str
) -> None:
    duty = next(row for row in default_policy.duties if row.id == rule)
    assert duty.party == party
    assert conditions(duty.when) == when
    assert written(duty.due) == due
    assert said in duty.text.say("zh")
    assert duty.text.say("en").isascii()


def test_there_are_34_duties_of_ten_parties(default_policy: Policy) -> None:
    """R70: eight departments, the lead host and the project sales lead; of other visitors the applicant (A35)."""
    assert [duty.id for duty in default_policy.duties] == [rule for rule, *_ in DUTIES]
    parties = {party for duty in default_policy.duties for party in [duty.asked_of("customer")]}
    assert parties == {department.id for department in default_policy.departments} | {
        "@lead_host",
        "project_sales_lead",
        "@owner",
    }
    assert len(default_policy.duties) == 34
    assert len(parties - {"@owner"}) == 10


def test_what_may_be_dropped_for_whom(default_policy: Policy) -> None:
    """A25: some duties may be dropped for the two simplified tiers (R96), the rest is the baseline plan (R95)."""
    droppable = {duty.id: duty.may_drop for duty in default_policy.duties if duty.may_drop is not None}
    assert set(droppable) == {"R43", "R48", "R51", "R55", "R57", "R60", "R66"}
    assert all(conditions(when) == SIMPLIFIED for when in droppable.values())


def test_the_highest_tier_has_extras(default_policy: Policy) -> None:
    """R97: duties that only the highest tier has; flowers bought are one more part."""
    only_vip = {duty.id for duty in default_policy.duties if conditions(duty.when) == VIP}
    assert only_vip == {"R38", "R54"}


def test_the_room_has_six_parts(default_policy: Policy) -> None:
    """R53: tea, fruit where it is bought (A21), tables, projection, cleaning, and an attendant."""
    parts = next(duty.parts for duty in default_policy.duties if duty.id == "R53")
    assert [part.text.say("zh") for part in parts] == [
        "茶水", "水果", "桌椅摆放", "投影播放", "环境卫生", "专人现场服务",
    ]  # fmt: skip
    assert [conditions(part.when) for part in parts] == [ALL, FRUIT, ALL, ALL, ALL, ALL]
    droppable = [part.text.say("en") for part in parts if part.may_drop is not None]
    assert droppable == ["fruit", "attendant"]
    assert all(conditions(part.may_drop) == SIMPLIFIED for part in parts if part.may_drop is not None)


def test_buying_comes_before_setting_out(default_policy: Policy) -> None:
    """A21: Logistics buys fruit and flowers, the Office sets them out; the purchase is due first."""
    after = {duty.id: duty.after for duty in default_policy.duties if duty.after}
    assert after == {"R53": ("R63",), "R54": ("R63",)}


def test_attendants_need_a_name(default_policy: Policy) -> None:
    """A31: duties that ask for an attendant cannot be left to nobody."""
    assert {duty.id for duty in default_policy.duties if duty.assignee} == {"R43", "R53"}


def test_the_place_of_a_meal_chooses_the_duty(default_policy: Policy) -> None:
    """A22: in the company Logistics with Marketing's attendant, outside the Office."""
    by_venue = {
        venue: {duty.id for duty in default_policy.duties if conditions(duty.when) == when}
        for venue, when in (("in_house", IN_HOUSE), ("outside", OUTSIDE))
    }
    assert by_venue == {"in_house": {"R43", "R64"}, "outside": {"R56"}}


def test_presence_and_car_are_two_duties(default_policy: Policy) -> None:
    """A7: the lead host is there in person, the Office sends the car."""
    parties = {duty.id: duty.party for duty in default_policy.duties}
    assert (parties["R38"], parties["R52"]) == ("@lead_host", "office")


def test_welcome_text_and_caption_are_one_duty(default_policy: Policy) -> None:
    """A20: the big screen's text is the caption of the form; nothing else makes one."""
    assert [duty.id for duty in default_policy.duties if "欢迎词" in duty.text.say("zh")] == ["R55"]
    assert not any("字幕" in duty.text.say("zh") for duty in default_policy.duties)


def test_any_return_ticket_is_meant(default_policy: Policy) -> None:
    """A23: 返程票, by whatever means, not only by rail and road."""
    assert default_policy.entry("want", "return_tickets").name.say("zh") == "返程票"


@pytest.mark.parametrize("rule", [row[0] for row in DUTIES])
def test_a_duty_belongs_to_a_stage(default_policy: Policy, rule: str) -> None:
    duty = next(row for row in default_policy.duties if row.id == rule)
    assert duty.stage in [stage.id for stage in default_policy.stages]
