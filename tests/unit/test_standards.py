"""The look-up of standards: the caps as data, and the matrix of rows by tiers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from models.policy.model import Policy, knows
from models.policy.wording import Matrix, MatrixRow, matrix, standards
from models.words import words
from tests.unit.asked import changed, small


def cells(found: Matrix, language: str = "zh") -> dict[str, list[str]]:
    """Each row as it is said: label with unit and conditions → cells."""
    w = words(language)

    def label(row: MatrixRow) -> str:
        return " ".join(w.text(part) for part in (row.label, row.unit, row.where) if part is not None)

    return {label(row): [" ".join(w.text(said) for said in cell) for cell in row.cells] for row in found.rows}


def test_the_default_matrix(default_policy: Policy) -> None:
    """All sixteen cells of a tier's standards: R75 to R89b, R90 and on (A30: read as the table); R4: each
    tier's meaning; R95 R96 R97: what is added and what may be dropped, against the baseline."""
    found = matrix(default_policy)
    assert [tier.id for tier in found.tiers if tier] == ["vip", "distinguished", "business", "routine"]
    assert cells(found) == {
        "意思": ["特别重要", "非常重要", "重要", "一般"],
        "用餐 元/人": ["150", "110", "80", "60"],
        "酒 元/瓶": ["500", "300", "150", "50"],
        "烟 元/盒": ["40", "30", "25", "15"],
        "住宿": ["四星级", "三星级", "高级商务", "一般商务"],
        "车辆": ["宝马级及以上", "帕萨特级及以上", "帕萨特级及以上", "不限"],
        "活动": ["由主陪领导确定"] * 4,
        "礼品": ["由主陪领导确定"] * 4,
        "审批": ["总经理", "主管副总经理", "主管副总经理", "主办部门负责人"],
        "主陪": ["总经理", "副总经理 主管副总经理", "副总经理 主管副总经理", "主办部门负责人"],
        "提前": ["3 天，迟的说明理由"] * 4,
        "从简从繁": ["加 2 项", "全部 (基准)", "可减 8 项", "可减 8 项"],
        "任务(全要)": ["34", "32", "32", "32"],
    }


def test_duties_of_a_tier(default_policy: Policy) -> None:
    """R97: R38 and R54 are VIP's own; A25: eight of Business may be dropped, R53 in part."""
    found = matrix(default_policy)
    assert found.baseline == 1
    assert [duty.id for duty in found.duties[0] if duty.added] == ["R38", "R54"]
    assert [duty.id for duty in found.duties[2] if duty.drops] == [
        "R43", "R48", "R51", "R53", "R55", "R57", "R60", "R66",
    ]  # fmt: skip
    assert [duty.party.say("zh") for duty in found.duties[0] if duty.id in ("R36", "R50")] == ["主陪领导", "质检部"]


def test_the_matrix_in_english(default_policy: Policy) -> None:
    """Both languages say every cell."""
    said = cells(matrix(default_policy), "en")
    assert said["Meal yuan/head"] == ["150", "110", "80", "60"]
    assert said["Range"] == ["adds 2", "all (baseline)", "may drop 8", "may drop 8"]


def test_the_caps_as_data(default_policy: Policy) -> None:
    """One entry for each column, amounts in minor units; R92 has no figure."""
    found = standards(default_policy)
    assert json.loads(json.dumps(found)) == found
    assert len(found) == 22
    assert found[0] == {
        "id": "R75", "item": "meal", "per": "person_meal", "tier": "vip", "where": {}, "most": 15_000, "least": None,
        "count": None, "text": None, "breach": "reason",
    }  # fmt: skip
    by_id = {entry["id"]: entry for entry in found}
    assert (by_id["R87"]["most"], by_id["R90"]["least"], by_id["R92"]["least"]) == ("four_star", "bmw", None)
    assert by_id["R93"]["text"] == "由主陪领导确定"
    assert standards(default_policy, lang="en")[-1]["text"] == "set by the lead host"


def test_one_tier(default_policy: Policy) -> None:
    """Those of one tier, and those of all."""
    assert [entry["id"] for entry in standards(default_policy, "business")] == [
        "R77", "R81", "R85", "R89a", "R91", "R93", "R94",
    ]  # fmt: skip


def test_a_changed_figure() -> None:
    """A changed file changes the look-up."""
    policy = changed("most = { vip = 150, distinguished = 110", "most = { vip = 160, distinguished = 0")
    assert standards(policy, "vip")[0]["most"] == 16_000
    assert cells(matrix(policy))["用餐 元/人"] == ["160", "不允许", "80", "60"]


ROWS = """
[[cap]]
id = { banquet = "b", lunch = "l" }
item = "meal"
per = "person_meal"
by = "meal"
most = { banquet = 300, lunch = 80.5 }
[[cap]]
id = "season"
item = ["meal", "drink"]
per = "meal"
when = { tier = "high", city = "武汉", date = "07-01..08-31", amount = ">99.5.." }
most = { base = 100, over = 2, each = 50 }
breach = "block"
[[cap]]
id = "often"
item = "meal"
per = "department client 1mo"
when = [{ headcount = "6.." }, { not = { late = true }, lead = "..<2wd" }]
count = 2
[[lead_host]]
posts = ["dean", "vice_dean"]
at_least = 2
"""


def test_where() -> None:
    """A row's `when` and any other column, as the file writes them."""
    found = standards(small(ROWS, tiers=True))
    assert [(entry["id"], entry["where"], entry["most"], entry["count"]) for entry in found] == [
        ("l", {"meal": "lunch"}, 8_050, None),
        ("b", {"meal": "banquet"}, 30_000, None),
        (
            "season",
            {"tier": "high", "city": "武汉", "date": "07-01..08-31", "amount": ">99.50.."},
            {"base": 10_000, "over": 2, "each": 5_000},
            None,
        ),
        ("often", [{"headcount": "6.."}, {"lead": "..<2wd", "not": {"late": True}}], None, 2),
    ]
    assert [entry["id"] for entry in standards(small(ROWS, tiers=True), "low")] == ["l", "b", "often"]


def test_other_conditions_have_rows_of_their_own() -> None:
    """Rows that hold under other conditions are not mixed; what a tier cannot have is empty."""
    said = cells(matrix(small(ROWS, tiers=True)))
    assert said["用餐 元/人 banquet"] == ["300"] * 3
    assert said["用餐 元/人 lunch"] == ["80.50"] * 3
    season = said["用餐 酒 元/餐 城市 武汉，日期 07-01 至 08-31，金额 超过 99.50"]
    assert season == ["100，超过 2 人每人加 50", "", ""]
    often = said["用餐 同一部门 / 客户 1 个月内合计 人数 6 及以上；或 提前 不到 2 个工作日，不含（迟报）"]
    assert often == ["最多 2 次"] * 3
    assert said["主陪"] == ["至少 2 名 dean vice_dean"] * 3


def test_without_tiers() -> None:
    """One column, and the word for a tier appears nowhere."""
    found = matrix(small(ROWS.replace('tier = "high", ', "")))
    assert (found.tiers, len(found.duties)) == ((None,), 1)
    assert all(len(row.cells) == 1 for row in found.rows)
    assert "意思" not in cells(found)
    assert {entry["tier"] for entry in standards(small())} == set()


@pytest.mark.parametrize("tiers", [True, False])
def test_nothing_to_show(tiers: bool) -> None:
    """A policy without caps and duties still has a table."""
    assert cells(matrix(small(tiers=tiers)))["审批"] == ["dean"] * (3 if tiers else 1)


def test_what_a_regulation_does_not_have_has_no_row(default_policy: Policy) -> None:
    """Neither duties nor what may be reduced of them where it has none."""
    assert {"range", "duties"} <= {row.key for row in matrix(default_policy).rows}
    assert not {"range", "duties"} & {row.key for row in matrix(replace(default_policy, duties=())).rows}


def test_whether_a_regulation_knows_meals_and_lodgings(default_policy: Policy) -> None:
    """The visit's form and the wizard ask for nothing else."""
    bare = replace(default_policy, lists={}, caps=())
    assert [knows(each, item) for each in (default_policy, bare) for item in ("meal", "lodging")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert knows(replace(default_policy, lists={}), "lodging"), "a limit is enough"
