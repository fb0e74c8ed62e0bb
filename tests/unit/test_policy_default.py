"""The default regulation: rows, duties, versions, what is said of it."""

from __future__ import annotations

import marshal
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from models.policy.lint import lint
from models.policy.load import load_text, load_versions
from models.policy.model import Cap, CapColumn, Linear, Policy, PolicyErrors, RouteStep, Span
from models.policy.model import Path as KeyPath
from models.policy.notation import NOT_YET
from models.policy.plain import packed, unpacked
from models.policy.table_text import TABLES, differences, text_rows
from models.words import words
from tests.bench.policy import LINES, checked, long_policy, tried
from tests.unit.drawn import drawn
from tests.unit.examples import FOLDER
from tests.unit.life import CONFIG
from tests.unit.policy_texts import SMALL
from tests.unit.test_policy_duties import conditions
from tests.unit.test_policy_mutations import PATHS, VALUES, put

# -- policy default ----------------------------------------------------------------------------------------------------
#
# The default policy against the regulation: organisation, routes, hosts, standards, form.


TIERS = ["vip", "distinguished", "business", "routine"]


def said(policy: Policy, list_id: str) -> dict[str, str]:
    """A list's ids with their Chinese names, in order."""
    return {entry.id: entry.name.say("zh") for entry in policy.lists[list_id]}


def cap(policy: Policy, item: str, per: str) -> Cap:
    """The one cap row of an item and what is counted."""
    (found,) = [row for row in policy.caps if row.items == (item,) and row.per == per]
    return found


# scope, tiers, bodies


def test_kinds_of_visitors(default_policy: Policy) -> None:
    """R1: business customers are the first kind; R2: there is a second kind for other visitors."""
    assert [(kind.id, kind.name.say("zh")) for kind in default_policy.kinds] == [
        ("customer", "商务客户"),
        ("other", "其他来宾"),
    ]


def test_owners_of_the_kinds(default_policy: Policy) -> None:
    """R6: Marketing owns customer receptions; R98: the Office owns other visitors', on the same standards."""
    assert [default_policy.kind(kind).owner for kind in ("customer", "other")] == ["marketing", "office"]
    assert all("kind" not in table for row in default_policy.caps for table in conditions(row.when))


def test_tiers_in_order_with_their_meaning(default_policy: Policy) -> None:
    """R3: four tiers, highest first; R4: each has a meaning beside its name."""
    shown = [
        (tier.id, tier.name.say("zh"), tier.means.say("zh") if tier.means else "") for tier in default_policy.tiers
    ]
    assert shown == [
        ("vip", "贵宾级", "特别重要"),
        ("distinguished", "嘉宾级", "非常重要"),
        ("business", "商务级", "重要"),
        ("routine", "业务级", "一般"),
    ]
    assert default_policy.tier("routine").name.say("en") == "Routine"


def test_the_reception_group(default_policy: Policy) -> None:
    """R5: the general manager leads, a deputy stands in, ten posts are members."""
    (group,) = default_policy.groups
    assert (group.leader, group.deputy) == ("general_manager", "deputy_general_manager")
    assert group.posts == (
        "marketing_head", "technology_head", "production_head", "quality_head", "supply_head", "office_director",
        "logistics_head", "workshop_director", "project_technical_lead", "project_sales_lead",
    )  # fmt: skip


def test_one_department_with_two_names(default_policy: Policy) -> None:
    """A1: 质检部 and 品质保障部 are one department."""
    quality = default_policy.department("quality")
    assert (quality.name.say("zh"), quality.alias and quality.alias.say("zh")) == ("质检部", "品质保障部")
    assert [department.id for department in default_policy.departments if department.alias] == ["quality"]


def test_who_is_above_whom(default_policy: Policy) -> None:
    """A2: the leader in charge is a post of its own; heads stand below it, the two leads below their heads."""
    above = {post.id: post.up for post in default_policy.posts}
    heads = {department.head for department in default_policy.departments}
    assert len(heads) == 8
    assert {above[head] for head in heads if head} == {"deputy_general_manager_in_charge"}
    assert above["deputy_general_manager_in_charge"] == above["deputy_general_manager"] == "general_manager"
    assert above["general_manager"] is None
    assert (above["project_technical_lead"], above["project_sales_lead"]) == ("technology_head", "marketing_head")
    assert (above["coordinator"], above["driver"]) == ("marketing_head", "office_director")
    assert len(above) == 15


def test_project_leads_are_named_per_visit(default_policy: Policy) -> None:
    """R25, A24: the two project leads are no standing posts."""
    assert {post.id for post in default_policy.posts if post.per_visit} == {
        "project_technical_lead",
        "project_sales_lead",
    }


def test_who_may_ask(default_policy: Policy) -> None:
    """R7: a project sales lead raises customer visits; A34: a head may, and own requests go one post up."""
    assert {"project_sales_lead", "marketing_head"} <= set(default_policy.kind("customer").applicants)
    assert default_policy.own_request == "up"


# application and approval


@pytest.mark.parametrize(
    ("tier", "approver"),
    [
        pytest.param("vip", "general_manager", id="R12"),
        pytest.param("distinguished", "deputy_general_manager_in_charge", id="R13"),
        pytest.param("business", "deputy_general_manager_in_charge", id="R14"),
        pytest.param("routine", "@owner_head", id="R15"),
    ],
)
def test_the_route_of_a_tier(default_policy: Policy, tier: str, approver: str) -> None:
    """A5: opinion and decision are two steps, R10: the first by Marketing; A6: it is the owner's head."""
    (route,) = [row for row in default_policy.routes if conditions(row.when) == [{"tier": {tier}}]]
    assert route.steps == (RouteStep(("@owner_head",), "opinion"), RouteStep((approver,), "decide"))


def test_the_owners_head_decides_the_lowest_tier(default_policy: Policy) -> None:
    """A13: for other visitors that is the Office director, as approver and as host."""
    heads = [default_policy.department(kind.owner).head for kind in default_policy.kinds]
    assert heads == ["marketing_head", "office_director"]
    assert default_policy.routes[-1].steps[-1].by == default_policy.lead_hosts[-1].posts == ("@owner_head",)


def test_notice(default_policy: Policy) -> None:
    """R8: three days; A4: calendar days, and late is a reason, never refused."""
    (notice,) = default_policy.notices
    assert (notice.least, notice.breach, notice.never, notice.when) == (Span(3, "d"), "reason", None, ())


def test_raising_the_tier_asks_again(default_policy: Policy) -> None:
    """A26, A33: after approval tier, a larger headcount and the lead host are changes of substance."""
    (change,) = default_policy.changes
    assert (change.fields, change.ask, change.when) == (("tier", "headcount+", "lead_host"), "decide", ())


# hosts and companions


@pytest.mark.parametrize(
    ("tier", "posts"),
    [
        pytest.param("vip", {"general_manager"}, id="R20"),
        pytest.param("distinguished", {"deputy_general_manager", "deputy_general_manager_in_charge"}, id="R21"),
        pytest.param("business", {"deputy_general_manager", "deputy_general_manager_in_charge"}, id="R22"),
        pytest.param("routine", {"@owner_head"}, id="R23"),
    ],
)
def test_the_lead_host_of_a_tier(default_policy: Policy, tier: str, posts: set[str]) -> None:
    """A15: a higher post will do, a substitute needs a reason."""
    (row,) = [row for row in default_policy.lead_hosts if conditions(row.when) == [{"tier": {tier}}]]
    assert set(row.posts) == posts
    assert (row.at_least, row.higher, row.breach) == (1, True, "reason")


def test_companions(default_policy: Policy) -> None:
    """R24: six posts are offered, A14: not the ten of the group; A28: no limit."""
    (row,) = default_policy.companions
    assert row.posts == (
        "marketing_head", "technology_head", "production_head", "supply_head", "project_technical_lead",
        "project_sales_lead",
    )  # fmt: skip
    assert (row.most, row.never) == (None, None)
    assert set(row.posts) < set(default_policy.groups[0].posts)


# standards


@pytest.mark.parametrize(
    ("item", "per", "tier", "rule", "yuan"),
    [
        pytest.param(item, per, tier, rule, yuan, id=rule)
        for item, per, rules in [
            ("meal", "person_meal", [("R75", 150), ("R76", 110), ("R77", 80), ("R78", 60)]),
            ("drink", "bottle", [("R79", 500), ("R80", 300), ("R81", 150), ("R82", 50)]),
            ("tobacco", "pack", [("R83", 40), ("R84", 30), ("R85", 25), ("R86", 15)]),
        ]
        for tier, (rule, yuan) in zip(TIERS, rules, strict=True)
    ],
)
def test_a_money_standard(default_policy: Policy, item: str, per: str, tier: str, rule: str, yuan: int) -> None:
    """A30: read as in the table; A10: each is a cap of its own, drink and tobacco by the unit."""
    row = cap(default_policy, item, per)
    column = row.columns[tier]
    assert isinstance(column.most, Linear)
    assert (column.id, column.most.at(1), row.breach, row.by) == (rule, yuan * 100, "reason", "tier")
    assert row.limits == {"money"}


@pytest.mark.parametrize(
    ("tier", "rule", "grade", "name"),
    [
        pytest.param("vip", "R87", "four_star", "四星级", id="R87"),
        pytest.param("distinguished", "R88", "three_star", "三星级", id="R88"),
        pytest.param("business", "R89a", "superior_business", "高级商务", id="R89a"),
        pytest.param("routine", "R89b", "ordinary_business", "一般商务", id="R89b"),
    ],
)
def test_a_lodging_standard(default_policy: Policy, tier: str, rule: str, grade: str, name: str) -> None:
    """A11: stars and classes are one ordered list, highest first."""
    row = cap(default_policy, "lodging", "night")
    assert row.columns[tier] == CapColumn(id=rule, most=grade)
    assert said(default_policy, "lodging")[grade] == name
    assert list(said(default_policy, "lodging")).index(grade) == TIERS.index(tier)


def test_the_sixteen_cells(default_policy: Policy) -> None:
    """A29: four standards for four tiers, all of them dated by the version they stand in."""
    rows = [cap(default_policy, *key) for key in (("meal", "person_meal"), ("drink", "bottle"), ("tobacco", "pack"))]
    rows.append(cap(default_policy, "lodging", "night"))
    assert sum(len(row.columns) for row in rows) == 16
    assert default_policy.effective == date(2014, 4, 7)


def test_car_classes(default_policy: Policy) -> None:
    """R90: BMW or better; R91: Passat or better for the next two; R92, A8: no class for the lowest; A9: a reason."""
    row = cap(default_policy, "car", "trip")
    assert list(said(default_policy, "car")) == ["bmw", "passat"]
    assert [(row.columns[tier].id, row.columns[tier].least) for tier in TIERS] == [
        ("R90", "bmw"), ("R91", "passat"), ("R91", "passat"), ("R92", None),
    ]  # fmt: skip
    assert row.breach == "reason"
    assert row.limits == {"grade"}


@pytest.mark.parametrize(
    ("item", "per", "rule"),
    [pytest.param("activity", "event", "R93", id="R93"), pytest.param("gift", "person_visit", "R94", id="R94")],
)
def test_a_standard_in_words(default_policy: Policy, item: str, per: str, rule: str) -> None:
    row = cap(default_policy, item, per)
    column = row.columns[None]
    assert column.id == rule
    assert column.text
    assert "主陪领导" in column.text.say("zh")
    assert column.most is None
    assert row.limits == {"text"}


# conduct and form


@pytest.mark.parametrize(
    ("rule", "phrases"),
    [
        pytest.param("R71", "着装整洁 主动热情 举止文明 谈吐礼貌", id="R71"),
        pytest.param("R72", "准备充分 心中有数 资料齐全 数字准确", id="R72"),
        pytest.param("R73", "思路清晰 表达到位 有张有弛 讲求策略", id="R73"),
        pytest.param("R74", "知识丰富 业务熟练 言行有度 保守秘密", id="R74"),
    ],
)
def test_conduct(default_policy: Policy, rule: str, phrases: str) -> None:
    text = next(row.text for row in default_policy.conduct if row.id == rule)
    assert text.say("zh").split("、") == phrases.split()
    assert text.say("en").isascii()


def test_the_forms_purposes(default_policy: Policy) -> None:
    """R105: the seven boxes of the form; A16: kept as they are, leisure alone warns."""
    assert said(default_policy, "purpose") == {
        "inspection": "考察", "visit": "参观", "signing": "签合同", "cooperation": "合作", "passing": "顺访",
        "leisure": "游玩", "other": "其他",
    }  # fmt: skip
    (check,) = default_policy.checks
    assert (check.id, check.breach) == ("A16", "warn")
    (clause,) = check.when
    assert [(test.axis, test.wanted) for test in clause.tests] == [("purpose", frozenset(["leisure"]))]
    assert conditions(clause.nots[0]) == [{"purpose": set(said(default_policy, "purpose")) - {"leisure"}}]


def test_the_forms_tiers(default_policy: Policy) -> None:
    """R106: one of the four tiers, by the form's names."""
    assert [tier.name.say("zh") for tier in default_policy.tiers] == ["贵宾级", "嘉宾级", "商务级", "业务级"]


def test_the_forms_services(default_policy: Policy) -> None:
    """R110: the six boxes of the form; A17: under the form's own label."""
    assert list(said(default_policy, "service").values()) == [
        "车辆接送", "参观讲解", "准备水果", "电子字幕", "邀请领导陪同", "其他",
    ]  # fmt: skip
    assert default_policy.labels["services"].say("zh") == "接待标准"


def test_the_other_choices(default_policy: Policy) -> None:
    """R107: meals by kind and place; R108, R109: lodging and the rest are items of the plan."""
    assert list(said(default_policy, "want")) == ["activities", "gifts", "return_tickets"]
    assert list(said(default_policy, "meal")) == ["breakfast", "lunch", "dinner", "banquet", "work", "tea"]
    assert list(said(default_policy, "venue")) == ["in_house", "outside"]
    items = ["meal", "drink", "tobacco", "lodging", "car", "gift", "activity"]
    assert list(said(default_policy, "item")) == items


def test_nothing_more_is_required(default_policy: Policy) -> None:
    """R112: decisions may be recorded for who gave them elsewhere; no further field or document is asked for."""
    assert default_policy.recorded
    assert (default_policy.needs, default_policy.signs, default_policy.propose) == ((), (), ())


def test_the_version(default_policy: Policy) -> None:
    """The version is picked by the day of the request; numbers count within a year; money is in fen."""
    assert default_policy.judged_on == "request"
    assert default_policy.number.format(year=2026, n=147) == "2026-0147"
    assert (default_policy.currency.code, default_policy.currency.minor) == ("CNY", 2)


def test_every_name_is_in_both_languages(default_policy: Policy) -> None:
    names = [row.name for table in (default_policy.tiers, default_policy.kinds, default_policy.posts) for row in table]
    names += [row.name for table in (default_policy.departments, default_policy.stages) for row in table]
    names += [entry.name for entries in default_policy.lists.values() for entry in entries]
    assert not [name for name in names if name.say("zh").isascii() or not name.say("en").isascii()]


# -- policy said -------------------------------------------------------------------------------------------------------
#
# Whatever `check` accepts can be looked up, compared and warned of; a long policy is no trouble.


TESTS: dict[str, list[Any]] = {
    "tier": ["high", ["high", "low"], "low.."],
    "kind": ["guest"],
    "headcount": ["..3", ["..3", 10], ">3..<9"],
    "lead": ["..24h", "1d..3wd"],
    "date": ["07-01..08-31", "2026-05-01", "..2026-05-01"],
    "holiday": [True, False, "3wd"],
    "bands": [{"A": 1}, {"A": 1, "B": 2}],
    "words": ["club", ["club", "spa"]],
    "of_cap": [">100%..200%", "100..", 50],
    "amount": ["..9.50", 3],
    "city": ["x", ["x", "y"]],
    "meal": ["lunch", "banquet.."],
    "fund": ["state"],
    "guest_rank": ["bureau..", "..bureau"],
    "not": [{}, {"tier": "high"}, [{"meal": "lunch"}, {"late": True}]],
}
WHENS = st.lists(
    st.dictionaries(st.sampled_from(sorted(TESTS)), st.integers(0, 2), max_size=3).map(
        lambda picked: {axis: TESTS[axis][place % len(TESTS[axis])] for axis, place in picked.items()}
    ),
    min_size=1,
    max_size=3,
)
Condition = dict[str, object]
ROWS = ("propose", "route", "notice", "companions", "cap", "sign", "check", "duty", "stage", "change")


def asked_for(when: Any) -> set[str]:
    """The axes of a condition, also those inside `not`."""
    clauses = when if isinstance(when, list) else [when]
    inner = [asked_for(clause["not"]) for clause in clauses if "not" in clause]
    return {axis for clause in clauses for axis in clause}.union(*inner)


def looked_up(text: str) -> bool:
    """Whether a text is a policy; if it is, everything that can be said of it is said."""
    try:
        policy = load_text(text)
    except PolicyErrors:
        return False
    small = load_text(SMALL)
    for language in ("zh", "en"):
        w = words(language)
        assert all(
            row.what or row.figure or row.when or table in ROWS
            for table in TABLES
            for row in text_rows(policy, table, w)
        )
        assert all(problem.line and problem.said(w, "x.toml") for problem in lint(policy))
        there, back = differences(small, policy, w), differences(policy, small, w)
        count = {"added": "removed", "removed": "added", "changed": "changed"}
        assert {kind: sum(each.kind == kind for each in there) for kind in count} == {
            kind: sum(each.kind == other for each in back) for kind, other in count.items()
        }
    return True


def test_the_small_policy_is_one() -> None:
    assert looked_up(SMALL)


@drawn(40, 80)
@given(st.sampled_from(PATHS), VALUES)
def test_a_value_changed_to_anything(path: KeyPath, value: object) -> None:
    data = tomllib.loads(SMALL)
    put(data, path, value)
    looked_up(tomli_w.dumps(data))


@drawn(40, 60)
@given(st.sampled_from(ROWS), WHENS, WHENS)
def test_any_condition_on_any_row(table: str, one: list[Condition], other: list[Condition]) -> None:
    data = tomllib.loads(SMALL)
    rows = data.setdefault(table, [{"tier": "high"}])
    rows[0:0] = [{**rows[0], "id": "one", "when": one}, {**rows[0], "id": "other", "when": other}]
    too_early = any(axis in NOT_YET.get(table, ()) for axis in asked_for([*one, *other]))
    assert looked_up(tomli_w.dumps(data)) is not too_early


def test_a_long_policy_is_checked_and_tried(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(long_policy(), "utf-8")
    assert long_policy().count("\n") >= LINES
    checked(path)
    tried(path)


@pytest.mark.parametrize("path", [str(CONFIG), *map(str, sorted(FOLDER.iterdir()))], ids=lambda path: Path(path).stem)
def test_a_policy_is_the_same_after_it_was_kept_as_plain_data(path: str) -> None:
    versions = load_versions(path)
    kept = marshal.dumps(packed(versions))
    assert unpacked(marshal.loads(kept)) == versions
    assert packed(unpacked(marshal.loads(kept))) == packed(versions), "also by their types"


def test_what_no_policy_holds_is_not_kept() -> None:
    with pytest.raises(TypeError):
        packed(object())
