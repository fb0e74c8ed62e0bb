"""The names the default policy gives to things, in both languages, and what a request may call them."""

from __future__ import annotations

import pytest

from models.policy.case import PlannedLodging
from models.policy.judge import judge, prepared
from models.policy.model import Policy
from models.policy.plan import caps_in_force
from models.policy.request_file import read_request
from models.words import Name
from tests.unit.asked import FIRST, example, with_code

DEPARTMENTS = [
    ("marketing", "营销部", "Marketing", "marketing_head"),
    ("technology", "技术部", "Technology", "technology_head"),
    ("production", "生产部", "Production", "production_head"),
    ("supply", "供应部", "Supply", "supply_head"),
    ("quality", "质检部", "Quality", "quality_head"),
    ("office", "办公室", "Office", "office_director"),
    ("logistics", "后勤保障部", "Logistics", "logistics_head"),
    ("workshop", "车间", "Workshop", "workshop_director"),
]
POSTS = [
    ("general_manager", "总经理", "General manager", None),
    ("deputy_general_manager_in_charge", "主管副总经理", "Deputy general manager in charge", None),
    ("deputy_general_manager", "副总经理", "Deputy general manager", None),
    ("marketing_head", "营销部部长", "Head of Marketing", "marketing"),
    ("technology_head", "技术部部长", "Head of Technology", "technology"),
    ("production_head", "生产部部长", "Head of Production", "production"),
    ("supply_head", "供应部部长", "Head of Supply", "supply"),
    ("quality_head", "质检部部长", "Head of Quality", "quality"),
    ("office_director", "办公室主任", "Office director", "office"),
    ("logistics_head", "后勤保障部部长", "Head of Logistics", "logistics"),
    ("workshop_director", "车间主任", "Workshop director", "workshop"),
    ("project_technical_lead", "项目技术负责人", "Project technical lead", "technology"),
    ("project_sales_lead", "项目营销负责人", "Project sales lead", "marketing"),
    ("coordinator", "接待专员", "Reception coordinator", "marketing"),
    ("driver", "司机", "Driver", "office"),
]
TIERS = [("贵宾级", "VIP"), ("嘉宾级", "Distinguished guest"), ("商务级", "Business"), ("业务级", "Routine")]
LISTS = {
    "lodging": "Four-star hotel, Three-star hotel, Superior business hotel, Ordinary business hotel",
    "car": "BMW class, Passat class",
    "purpose": "Inspection, Visit, Signing, Co-operation, Passing visit, Leisure, Other",
    "service": "Car, Guided tour, Fruit, LED caption, Invite leaders, Other",
    "want": "Activities, Gifts, Return tickets",
    "meal": "Breakfast, Lunch, Dinner, Banquet, Working meal, Tea",
    "venue": "In house, Outside",
    "item": "Meal, Drink, Tobacco, Lodging, Car, Gift, Activity",
}
CHINESE = {
    "car": "宝马级、帕萨特级",
    "want": "活动、礼品、返程票",
    "meal": "早餐、午餐、晚餐、宴请、工作餐、茶歇",
    "venue": "公司内、公司外",
    "item": "用餐、酒、烟、住宿、车辆、礼品、活动",
}
ASKED = """
client = "江南智造集团"
headcount = 6
requested_at = 2026-11-23T09:00:00
arrive = 2026-11-30T10:20:00
depart = 2026-12-01T15:00:00
"""


def both(name: Name) -> tuple[str, str]:
    """A name in Chinese and English."""
    return name.say("zh"), name.say("en")


def test_eight_departments(default_policy: Policy) -> None:
    """R70: eight departments, each with its head."""
    assert [(row.id, *both(row.name), row.head) for row in default_policy.departments] == DEPARTMENTS


def test_posts_and_where_they_belong(default_policy: Policy) -> None:
    """A2: posts by their names; R25: the project leads belong to a department too."""
    assert [(row.id, *both(row.name), row.department) for row in default_policy.posts] == POSTS


def test_tiers_and_kinds(default_policy: Policy) -> None:
    """R3: the lowest tier is not called Business in English."""
    assert [both(row.name) for row in default_policy.tiers] == TIERS
    assert [both(row.name) for row in default_policy.kinds] == [
        ("商务客户", "Business customer"), ("其他来宾", "Other visitors"),
    ]  # fmt: skip
    (group,) = default_policy.groups
    assert both(group.name) == ("接待小组", "Reception group")


def test_choices(default_policy: Policy) -> None:
    assert {key: ", ".join([each.name.say("en") for each in default_policy.lists[key]]) for key in LISTS} == LISTS
    assert {key: "、".join([each.name.say("zh") for each in default_policy.lists[key]]) for key in CHINESE} == CHINESE


@pytest.mark.parametrize("said", ["quality", "质检部", "品质保障部", "Quality", "quality assurance"])
def test_one_department_by_either_name(default_policy: Policy, said: str) -> None:
    """A1: 质检部 and 品质保障部 name the same department."""
    request, _ = read_request(default_policy, f'kind = "customer"\ntier = "vip"\ndepartment = "{said}"\n{ASKED}')
    assert request.department == "quality"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_request_by_names(default_policy: Policy, language: str) -> None:
    """R105, R106, R110: every box of the form may be named as the form names it."""
    boxes = {key: [row.name.say(language) for row in default_policy.lists[key]] for key in ("purpose", "service")}
    for tier, kind in zip(default_policy.tiers, [*default_policy.kinds] * 2, strict=True):
        text = f'tier = "{tier.name.say(language)}"\nkind = "{kind.name.say(language)}"\n{ASKED}'
        text += f"purposes = {boxes['purpose']}\nservices = {boxes['service']}\n"
        request, unused = read_request(default_policy, text)
        assert (request.tier, request.kind, unused) == (tier.id, kind.id, [])
        assert list(request.purposes) == [row.id for row in default_policy.lists["purpose"]]
        assert list(request.services) == [row.id for row in default_policy.lists["service"]]


def test_two_business_hotels(default_policy: Policy) -> None:
    """R89: Business has the superior business hotel, Routine the ordinary one; the other way round only Routine's is
    above its standard."""
    standard = {
        tier: next(
            cap.most for cap in caps_in_force(prepared(default_policy, example(tier=tier))) if "lodging" in cap.item
        )
        for tier in ("business", "routine")
    }
    assert standard == {"business": "superior_business", "routine": "ordinary_business"}
    for tier, grade, rules in (
        ("business", "ordinary_business", []),
        ("routine", "superior_business", ["R89b"]),
        ("business", "three_star", ["R89a"]),
    ):
        answer = judge(default_policy, example(tier=tier, lodging=(PlannedLodging(FIRST, 6, grade=grade),)))
        assert [finding.rule for finding in with_code(answer, "grade")] == rules


def test_proposed_times_run_from_the_arrival_to_the_departure(default_policy: Policy) -> None:
    """R26, R35: ten stages proposed one after the other, from the arrival to the departure."""
    request = example(wants=("activities", "gifts"))
    times = [stage.at for stage in judge(default_policy, request).stages]
    assert (times[0], times[-1]) == (request.arrive, request.depart)
    assert [time for time in times if time is None or not request.arrive <= time <= request.depart] == []
    assert times == sorted(time for time in times if time)
    assert len(set(times)) == 10
