"""Another version of a file: only the lines of the values changed differ, and nothing else of what they say."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.load import load_text, positions
from models.policy.model import Policy, PolicyErrors
from models.policy.table_text import (
    EFFECTIVE,
    EditRow,
    Value,
    data_of,
    edit_rows,
    edited,
    line_changes,
    read_value,
    replaced,
    row_at,
    text_rows,
    value_at,
    written,
)
from models.words import Unreadable, words
from tests.unit.drawn import drawn
from tests.unit.examples import mended, policy_of, text_of
from tests.unit.test_examples_property import DEFAULT, NAMES, TEXTS

DAY = date(2030, 1, 1)
POLICIES = {name: load_text(text) for name, text in TEXTS.items()}
ROWS = {name: edit_rows(policy, words("zh")) for name, policy in POLICIES.items()}
VALUES = {name: [value for row in rows for value in row.values] for name, rows in ROWS.items()}


def value(policy: Policy, *path: str | int) -> Value:
    """The value of a policy at a path."""
    return next(each for row in edit_rows(policy, words("zh")) for each in row.values if each.path == path)


def row(policy: Policy, table: str, index: int) -> EditRow:
    """The row of a table."""
    return next(each for each in edit_rows(policy, words("zh")) if (each.table, each.index) == (table, index))


def refused(policy: Policy, at: Value, typed: str, language: str = "zh") -> str:
    """Why what is typed will not do."""
    with pytest.raises(Unreadable) as wrong:
        read_value(policy, at, typed)
    return words(language).text(wrong.value.phrase)


# what is replaced


def test_a_figure_in_a_table_on_one_line() -> None:
    made = edited(DEFAULT, {("cap", 0, "most", "vip"): 180}, DAY)
    changes = line_changes(DEFAULT, made.text)
    assert [(each.before, each.after) for each in changes] == [
        ("effective = 2014-04-07", "effective = 2030-01-01"),
        (
            "most = { vip = 150, distinguished = 110, business = 80, routine = 60 }",
            "most = { vip = 180, distinguished = 110, business = 80, routine = 60 }",
        ),
    ]
    assert [each.line for each in changes] == [positions(DEFAULT)[path] for path in (EFFECTIVE, ("cap", 0, "most"))]
    assert made.effective == DAY


def test_several_values_at_once_and_the_comment_behind_one_stays() -> None:
    text = text_of("maker")
    made = edited(text, {("notice", 1, "never"): "-3d", ("cap", 1, "most"): Decimal("45.25")}, DAY)
    after = [each.after for each in line_changes(text, made.text)]
    assert 'never = "-3d"                               # also afterwards, within two days of the arrival' in after
    assert "most = 45.25" in after
    assert len(after) == 3


LONG = """steps = [
  { by = [
    "general_manager",   # first
    "coordinator"        # second
    , ], do = "opinion" },
  { by = "general_manager" },
]"""


@pytest.mark.parametrize(
    ("posts", "expected"),
    [
        (["coordinator", "driver"], ('    "coordinator",   # first', '    "driver"        # second')),
        (["general_manager", "driver"], ('    "general_manager",   # first', '    "driver"        # second')),
        (["driver"], ('    "driver",   # first', "            # second", "     ], do")),
        (["driver", "coordinator", "office_director"], ('  "driver",   # first', '  "coordinator", "office_director"')),
    ],
)  # fmt: skip
def test_an_array_over_several_lines_keeps_its_comments(posts: list[str], expected: tuple[str, ...]) -> None:
    text = DEFAULT.replace(
        'steps = [{ by = "@owner_head", do = "opinion" }, { by = "general_manager", do = "decide" }]', LONG
    )
    assert text != DEFAULT
    made = edited(text, {("route", 0, "steps", 0, "by"): posts}, DAY)
    assert list(made.routes[0].steps[0].by) == posts
    assert made.text.count("\n") == text.count("\n")
    for line in expected:
        assert line in made.text


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_mark_at_the_beginning_stay(ends: str, mark: str) -> None:
    text = mark + DEFAULT.replace("\n", ends)
    made = edited(text, {("notice", 0, "least"): "5wd", ("cap", 3, "most", "vip"): "three_star"}, DAY)
    assert made.text.startswith(mark)
    assert made.text.count(ends) == text.count(ends)
    assert sum(one != other for one, other in zip(made.text.split(ends), text.split(ends), strict=True)) == 3


def test_what_is_the_same_keeps_how_it_is_written() -> None:
    text = mended("maker", "most = 42.50", "most = 42.5_0")
    assert replaced(text, {("cap", 1, "most"): Decimal("42.50")}) == text


def test_a_subtable_and_a_dotted_key() -> None:
    made = edited(text_of("maker"), {("cap", 0, "most", "s", "base"): 950}, DAY)
    assert made.caps[0].columns["s"].most.base == 95000  # type: ignore[union-attr]  # money, as the file has it
    text = DEFAULT.replace("most = { vip = 40, distinguished = 30,", "most = { vip = 40, 'distinguished' = 30,")
    assert edited(text, {("cap", 2, "most", "distinguished"): 35}, DAY).text.count("'distinguished' = 35") == 1


def test_what_is_not_there_is_named_with_the_line_of_what_is_around() -> None:
    with pytest.raises(PolicyErrors) as wrong:
        edited(DEFAULT, {("cap", 0, "most", "nobody"): 5}, DAY)
    (said,) = wrong.value.said(words("en"))
    line = positions(DEFAULT)[("cap", 0, "most")]
    assert said == f"config.toml:{line}: cap[1].most.nobody: The file has no “cap[1].most.nobody”"


def test_what_makes_no_policy_is_refused_with_its_line() -> None:
    with pytest.raises(PolicyErrors) as wrong:
        edited(DEFAULT, {("route", 0, "steps", 1, "by"): "nobody", ("notice", 0, "least"): "soon"}, DAY)
    assert [each.path for each in wrong.value.problems] == ["route[1].steps[2].by", "notice[1].least"]


def test_values_are_written_safely() -> None:
    assert written('a"b\\c\n') == '"a\\"b\\\\c\\n"'
    assert written(["a", "b"]) == '["a", "b"]'
    assert written(Decimal("8.50")) == "8.50"


# what may be changed, and how it is typed


def test_rows_say_what_they_are_about() -> None:
    found = row(POLICIES["default"], "cap", 0)
    assert (found.id, found.what, found.when) == ("R75 R76 R77 R78", "用餐 元/人", "")
    assert [(each.label, each.said) for each in found.values] == [
        ("贵宾级", "150"), ("嘉宾级", "110"), ("商务级", "80"), ("业务级", "60"),
    ]  # fmt: skip
    route = row(POLICIES["default"], "route", 0)
    assert [(each.label, each.said) for each in route.values] == [("1 意见", "主办部门负责人"), ("2 审批", "总经理")]
    assert route.when == "级别 贵宾级"
    assert [(each.label, each.said) for each in row(POLICIES["maker"], "cap", 0).values[:3]] == [
        ("S 级 基数", "900"), ("S 级 超过几人", "2"), ("S 级 每多一人", "260"),
    ]  # fmt: skip
    assert [each.label for each in row(POLICIES["branch"], "cap", 6).values] == ["次数", "不批线"]


def test_the_rows_of_a_listing_lead_to_those_of_the_file() -> None:
    policy = POLICIES["default"]
    for table in ("cap", "route", "notice"):
        for place, told in enumerate(text_rows(policy, table, words("zh"))):
            index = row_at(policy, table, place)
            if table == "cap":
                assert told.id in [column.id or "" for column in policy.caps[index].columns.values()]
            else:
                assert index == place


@pytest.mark.parametrize(
    ("path", "typed", "raw"),
    [
        (("cap", 0, "most", "vip"), "180", 180),
        (("cap", 0, "most", "vip"), "8.50", Decimal("8.50")),
        (("cap", 0, "most", "vip"), "¥1,180元", 1180),
        (("cap", 0, "most", "vip"), "１８０", 180),
        (("cap", 3, "most", "vip"), "三星级", "three_star"),
        (("cap", 3, "most", "vip"), "Three-star HOTEL", "three_star"),
        (("cap", 3, "most", "vip"), "ordinary_business", "ordinary_business"),
        (("route", 0, "steps", 1, "by"), "副总经理", "deputy_general_manager"),
        (("route", 0, "steps", 1, "by"), "general_manager", "general_manager"),
        (("route", 0, "steps", 1, "by"), "司机、coordinator，总经理", ["driver", "coordinator", "general_manager"]),
        (("route", 0, "steps", 1, "by"), "主办部门负责人", "@owner_head"),
        (("route", 0, "steps", 1, "by"), "@lead_host.up", "@lead_host.up"),
        (("notice", 0, "least"), "5wd", "5wd"),
        (("notice", 0, "least"), " 5 WD ", "5wd"),
    ],
)  # fmt: skip
def test_what_people_type_is_what_the_file_has(path: tuple[str | int, ...], typed: str, raw: object) -> None:
    policy = POLICIES["default"]
    found = read_value(policy, value(policy, *path), typed)
    assert (type(found), str(found)) == (type(raw), str(raw))
    assert edited(policy.text, {path: found}, DAY).effective == DAY


def test_counts_shares_and_negative_spans() -> None:
    maker, branch = POLICIES["maker"], POLICIES["branch"]
    assert read_value(branch, value(branch, "cap", 6, "count"), "3") == 3
    assert read_value(maker, value(maker, "cap", 0, "most", "s", "each"), "1/2") == "1/2"
    assert read_value(maker, value(maker, "cap", 0, "most", "s", "base"), "-30") == -30
    assert read_value(maker, value(maker, "notice", 1, "never"), "-5d") == "-5d"


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        (("cap", 0, "most", "vip"), "-5", "-5"),
        (("cap", 0, "most", "vip"), "1.234", "1.234"),
        (("cap", 0, "most", "vip"), "", "金额"),
        (("cap", 0, "most", "vip"), "inf", "inf"),
        (("cap", 3, "most", "vip"), "五星级", "没有“五星级”这一档（最接近：四星级）：现有 四星级、三星级、高级商务"),
        (("route", 0, "steps", 1, "by"), "总经里", "没有“总经里”这个职务（最接近：总经理）：现有 总经理、"),
        (("route", 0, "steps", 1, "by"), " 、", "请写一个职务"),
        (("notice", 0, "least"), "三天", "“三天”不是时长"),
        (("notice", 0, "least"), "-3d", "“-3d”不是时长"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_named_with_what_is_allowed(path: tuple[str | int, ...], typed: str, said: str) -> None:
    policy = POLICIES["default"]
    assert said in refused(policy, value(policy, *path), typed)


def test_the_reader_is_told_in_their_language_and_hostile_text_is_text() -> None:
    policy = POLICIES["default"]
    at = value(policy, "route", 0, "steps", 1, "by")
    assert "There is no post “Genral manager” (nearest: General manager); there are: General manager," in refused(
        policy, at, "Genral manager", "en"
    )
    assert "\x1b" not in refused(policy, at, "\x1b[2J")
    count = value(POLICIES["branch"], "cap", 6, "count")
    assert "0" in refused(POLICIES["branch"], count, "9" * 400)


# whatever is changed


def typed_for(each: Value, policy: Policy) -> st.SearchStrategy[str]:
    """Something that a person may well write there."""
    posts = [post.id for post in policy.posts] + [post.name.say("zh") for post in policy.posts]
    spans = st.builds("{}{}".format, st.integers(0, 40), st.sampled_from(["m", "h", "d", "wd", "w", "mo", "y"]))
    match each.sort:
        case "money":
            return st.decimals(0, 9999, places=policy.currency.minor).map(str)
        case "count":
            return st.integers(0, 99).map(str)
        case "share":
            return st.sampled_from(["1/2", "3", "0.25", "2/3"])
        case "grade":
            return st.sampled_from([entry.name.say("en") for entry in policy.lists[each.of]])
        case "span":
            return spans
        case "signed":
            return st.builds("{}{}".format, st.sampled_from(["", "-"]), spans)
    return st.lists(st.sampled_from(posts), min_size=1, max_size=3).map("、".join)


@drawn(40, 120)
@given(data=st.data())
def test_only_the_lines_of_what_is_changed_differ_and_only_that_is_different(data: st.DataObject) -> None:
    name = data.draw(NAMES)
    policy = POLICIES[name]
    chosen = data.draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=4, unique_by=lambda v: v.path))
    edits = {each.path: read_value(policy, each, data.draw(typed_for(each, policy))) for each in chosen}
    day = data.draw(st.dates(date(1900, 1, 1), date(2200, 12, 31)))

    made = edited(policy.text, edits, day)

    assert made.effective == day
    wanted: Any = copy.deepcopy(dict(data_of(policy.text)))
    for path, raw in {**edits, EFFECTIVE: day}.items():
        value_at(wanted, path[:-1])[path[-1]] = raw
    assert tomllib.loads(made.text, parse_float=Decimal) == wanted
    lines = positions(policy.text)
    assert made.text.count("\n") == policy.text.count("\n")
    allowed = {lines[path] for path in (*edits, EFFECTIVE)}
    assert {each.line for each in line_changes(policy.text, made.text)} <= allowed
    comments = [line.partition(" # ")[2] for line in policy.text.splitlines()]
    assert [line.partition(" # ")[2] for line in made.text.splitlines()] == comments
    again = edited(made.text, {path: value_at(data_of(policy.text), path) for path in edits}, policy.effective)
    assert data_of(again.text) == data_of(policy.text)


def test_an_example_with_two_versions_can_be_changed_in_either() -> None:
    for name in ("us_university/2024-07-01", "us_university/2026-07-01"):
        policy = policy_of(name)
        assert edited(policy.text, {("route", 0, "steps", 0, "by"): "dean"}, DAY).effective == DAY
