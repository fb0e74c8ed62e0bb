"""The notation: what it reads, what is odd, slips of an input method."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from datetime import date, time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.load import load_file, load_text, mended, slips, write_mended
from models.policy.model import (
    Cap,
    CapColumn,
    Clause,
    Holiday,
    Linear,
    Moment,
    Policy,
    PolicyErrors,
    Propose,
    Range,
    RouteStep,
    Span,
    Test,
    When,
)
from models.policy.request_file import RequestErrors, read_request
from models.words import Name, words
from tests.unit.policy_texts import SMALL, changed, with_row

# -- policy notation ---------------------------------------------------------------------------------------------------
#
# Every notation of a policy file read into its type, also those that the default file does not use.


ROOT = Path(__file__).parents[2]


def when_of(written: str) -> When:
    """A `when` as it is read."""
    return load_text(changed('when = { of_cap = ">100%..200%" }', f"when = {written}")).signs[0].when


def wanted(written: str) -> object:
    """What the one test of a one-axis `when` wants."""
    ((test,),) = [clause.tests for clause in when_of(f"{{ {written} }}")]
    assert test.axis == written.split(" ")[0]
    return test.wanted


def cap_of(rows: str) -> Cap:
    """A cap row as it is read, after those of the small policy."""
    return load_text(with_row("cap", rows)).caps[-1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('tier = "high"', {"high"}),
        ('tier = ["high", "low"]', {"high", "low"}),
        ('tier = "low.."', {"high", "low"}),
        ('tier = ">low.."', {"high"}),
        ('guest_rank = "bureau.."', {"minister", "bureau"}),
        ('host_rank = "..bureau"', {"bureau", "other"}),
        ('guest_rank = "other..<minister"', {"bureau", "other"}),
        ('guest_rank = ["minister", "..<bureau"]', {"minister", "other"}),
        ('fund = "state"', {"state"}),
        ('host = ["chief", "clerk"]', {"chief", "clerk"}),
        ('applicant = "clerk"', {"clerk"}),
        ('city = ["武汉", "杭州"]', {"武汉", "杭州"}),
        ('item = ["gift", "drink"]', {"gift", "drink"}),
    ],
)
def test_ids_of_an_axis(written: str, meant: set[str]) -> None:
    assert wanted(written) == frozenset(meant)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("headcount = 6", Range(6, 6)),
        ('headcount = "6.."', Range(6, None)),
        ('headcount = "..<6"', Range(None, 6, high_open=True)),
        ("day = 1", Range(1, 1)),
        ('amount = ">300..500"', Range(30000, 50000, low_open=True)),
        ("total = 8.50", Range(850, 850)),
        ('of_cap = ">100%..200%"', Range(Fraction(100), Fraction(200), low_open=True)),
        ('lead = "..24h"', Range(None, Span(24, "h"))),
        ('lead = "12h..3wd"', Range(Span(12, "h"), Span(3, "wd"))),
        ('date = "07-01..08-31"', Range((7, 1), (8, 31))),
        ('date = "11-15..03-15"', Range((11, 15), (3, 15))),
        ("date = 2026-12-01", Range(date(2026, 12, 1), date(2026, 12, 1))),
        ('date = "2026-12-01.."', Range(date(2026, 12, 1), None)),
        ("late = true", True),
        ("holiday = false", False),
        ('holiday = "3wd"', Span(3, "wd")),
        ("bands = { A = 3, B = 1 }", (("A", 3), ("B", 1))),
        ('words = "会所"', ("会所",)),
    ],
)
def test_ranges_and_the_rest(written: str, meant: object) -> None:
    found = wanted(written)
    assert found == meant
    assert type(found) is type(meant)


def test_a_table_is_and_a_list_of_tables_is_or() -> None:
    both = when_of('{ tier = "high", late = true }')
    assert both == (Clause((Test("tier", frozenset(["high"])), Test("late", True))),)
    either = when_of('[{ tier = "high" }, { late = true }]')
    assert either == (Clause((Test("tier", frozenset(["high"])),)), Clause((Test("late", True),)))


def test_not_is_a_when_of_its_own() -> None:
    (clause,) = when_of('{ tier = "high", not = [{ late = true }, { headcount = 1 }] }')
    assert clause.tests == (Test("tier", frozenset(["high"])),)
    assert clause.nots == ((Clause((Test("late", True),)), Clause((Test("headcount", Range(1, 1)),))),)


def test_a_list_of_numbers_becomes_clauses() -> None:
    found = when_of('{ headcount = ["..3", 10], tier = "low" }')
    assert [clause.tests for clause in found] == [
        (Test("headcount", Range(None, 3)), Test("tier", frozenset(["low"]))),
        (Test("headcount", Range(10, 10)), Test("tier", frozenset(["low"]))),
    ]


def test_an_empty_table_and_no_when_are_always() -> None:
    assert when_of("{}") == (Clause(()),)
    assert load_text(SMALL).caps[0].when == ()


def test_columns_of_a_cap() -> None:
    row = load_text(SMALL).caps[0]
    assert row.by == "tier"
    assert row.limits == {"money"}
    high, low = Linear(Fraction(8050)), Linear(Fraction(4000))
    assert row.columns == {"high": CapColumn("C1", high), "low": CapColumn("C2", low)}


def test_a_value_for_every_column_and_a_range_of_them() -> None:
    most = '{ "bureau.." = 90, other = 50 }'
    row = cap_of(f'item = "meal"\nper = "meal"\nby = "guest_rank"\nmost = {most}\ntext = "all in"')
    shared = Name.of("all in")
    assert row.columns == {
        rank: CapColumn(most=Linear(Fraction(minor)), text=shared)
        for rank, minor in (("minister", 9000), ("bureau", 9000), ("other", 5000))
    }
    assert list(row.columns) == ["minister", "bureau", "other"]
    assert row.limits == {"money", "text"}


def test_a_linear_limit_in_money() -> None:
    column = cap_of('item = "meal"\nper = "meal"\nmost = { base = 100, over = 2, each = 50 }').columns[None]
    assert isinstance(column.most, Linear)
    assert [column.most.at(n) for n in (1, 2, 3, 6)] == [10000, 10000, 15000, 30000]


def test_a_linear_limit_in_heads() -> None:
    most = load_text(SMALL).companions[0].most
    assert most
    assert [most.at(n) for n in (0, 5, 6, 7, 8, 20)] == [5, 5, 5, 6, 6, 12]


def test_frequency_and_sum_over_a_span() -> None:
    row = load_text(SMALL).caps[2]
    assert (row.per, row.count_by, row.count_over) == ("guest 1y", ("guest",), Span(1, "y"))
    assert row.columns[None].count == 2
    assert row.limits == {"money", "count"}
    month = cap_of('item = "meal"\nper = "department client 1mo"\ncount = 2\nnever = 4\nbreach = "warn"')
    assert (month.count_by, month.count_over) == (("department", "client"), Span(1, "mo"))
    assert month.columns[None].never == Linear(Fraction(4))
    assert month.limits == {"count"}


def test_a_grade_and_a_sum_of_items_and_a_measure() -> None:
    assert load_text(SMALL).caps[1].columns[None].most == "suite"
    assert load_text(SMALL).caps[1].limits == {"grade"}
    assert cap_of('item = ["meal", "drink"]\nper = "500ml"\nmost = 3').items == ("meal", "drink")


def test_a_row_without_a_figure_closes_every_kind_of_limit() -> None:
    assert cap_of('item = "meal"\nper = "person_meal"').limits == {"money", "grade", "count", "text"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("arrive", Moment("arrive")),
        ("arrive -1d 17:00", Moment("arrive", Span(-1, "d"), time(17))),
        ("depart 45d", Moment("depart", Span(45, "d"))),
        ("hall +90m", Moment("hall", Span(90, "m"))),
        ("submit 9:30", Moment("submit", None, time(9, 30))),
        ("close -2wd", Moment("close", Span(-2, "wd"))),
    ],
)
def test_moments(written: str, meant: Moment) -> None:
    assert load_text(changed('"arrive -2w"', f'"{written}"')).needs[0].due == meant


def test_several_is_several_steps_and_any_one_is_one() -> None:
    steps = '[{ all = ["chief", "clerk"], do = "opinion" }, { by = ["chief", "@lead_host.up"] }]'
    policy = load_text(changed('[{ by = "@owner_head", do = "decide" }]', steps))
    assert policy.routes[0].steps == (
        RouteStep(("chief",), "opinion"),
        RouteStep(("clerk",), "opinion"),
        RouteStep(("chief", "@lead_host.up"), "decide"),
    )
    assert load_text(changed('[{ by = "@owner_head", do = "decide" }]', "[]")).routes[0].steps == ()


def test_what_is_absent_has_its_default() -> None:
    policy = load_text(SMALL)
    assert (policy.number, policy.own_request, policy.recorded) == ("{year}-{n:04}", "up", True)
    assert (policy.companions[0].breach, policy.checks[0].breach, policy.needs[1].due) == (
        "reason", "reason", Moment("submit"),
    )  # fmt: skip
    assert policy.tier("high").name == Name.of("high")
    assert (policy.signs[0].do, policy.changes[0].ask) == ("decide", "decide")
    assert load_text(changed('id = "sweep"\n', "").replace('after = ["sweep"]\n', "")).duties[0].id == "duty_1"
    assert load_text(changed('owner = "front"\n', "")).kind("guest").owner == "front"


def test_the_rest_of_the_notation() -> None:
    policy = load_text(SMALL)
    assert (policy.notices[0].least, policy.notices[0].never) == (Span(3, "wd"), Span(-2, "d"))
    assert policy.calendar.holidays == (Holiday(Name.of("Founders' day"), date(2026, 5, 4), date(2026, 5, 5)),)
    assert policy.calendar.workdays == {date(2026, 5, 9)}
    assert policy.needs[1].values == ("state", "gift_fund")
    assert policy.duties[1].may_drop == ()
    assert policy.duties[0].may_drop is None
    assert policy.labels == {"tier": Name.of("level")}


def test_money_without_minor_units() -> None:
    yen = changed("minor = 2", "minor = 0").replace("80.50", "80")
    column = load_text(yen).caps[0].columns["high"]
    assert isinstance(column.most, Linear)
    assert column.most.at(1) == 80


def test_the_examples_in_the_default_files_comments_hold() -> None:
    text = (ROOT / "config.toml").read_text("utf-8")
    policy = load_text(re.sub(r"^#~ ", "", text, flags=re.MULTILINE))
    assert policy.propose[0] == Propose("vip", policy.propose[0].when)
    assert [need.type for need in policy.needs] == ["document", "number", "choice"]
    assert policy.kind("customer").see == ("coordinator",)
    assert policy.caps[-1].count_by == ("department", "client")


def test_every_key_of_the_notation_is_explained_in_the_default_file() -> None:
    from models.policy import keys as notation

    text = (ROOT / "config.toml").read_text("utf-8")
    said = " ".join(line for line in text.splitlines() if line.startswith("#"))
    keys = {
        key
        for name, table in vars(notation).items()
        if name.endswith("_KEYS") and isinstance(table, dict) and name != "FILE_KEYS"
        for key in table
    }
    assert len(keys) > 50
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", said)] == []
    assert [key for key in notation.FILE_KEYS if not re.search(rf"^(#~ )?(\[\[?{key}\]|{key} = )", text, re.M)] == []


def test_a_policy_can_be_kept_and_never_changed(default_policy: Policy) -> None:
    import pickle

    assert pickle.loads(pickle.dumps(default_policy)) == default_policy
    with pytest.raises(AttributeError):
        default_policy.effective = date(2026, 1, 1)  # type: ignore[misc]  # that it cannot be set is the point


def test_the_same_text_is_the_same_version() -> None:
    first, second = load_text(SMALL), load_text(SMALL)
    assert first == second
    assert first.sha256 == second.sha256
    assert load_text(SMALL + "# other\n").sha256 != first.sha256


def test_reading_a_policy_needs_no_heavy_module() -> None:
    """What only reads the policy starts fast: no dataclasses, no store, no screens, no calendar."""
    code = "import sys; from models.policy.load import load_file; load_file('config.toml'); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"dataclasses", "inspect", "pathlib", "peewee", "textual", "rich", "chinese_calendar", "hashlib", "difflib"}
    assert heavy.isdisjoint(shown.stdout.split())
    assert load_file(ROOT / "config.toml").duties


# -- policy slips ------------------------------------------------------------------------------------------------------
#
# What a Chinese input method leaves in a policy file: each sign is named with its column and what to write instead.


WIDE = {ord(narrow): wide for narrow, wide in zip('=[]{},"', "＝［］｛｝，“", strict=True)}


def wrong(text: str) -> list[tuple[int, str, str]]:
    """Line and sentences of everything wrong."""
    with pytest.raises(PolicyErrors) as caught:
        load_text(text)
    return [(each.line, each.what(words("zh")), each.what(words("en"))) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("good", "typed", "places"),
    [
        ("most = { high = 80.50, low = 40 }", "most ＝ { high = 80.50, low = 40 }", [(6, "＝", "=")]),
        ("most = { high = 80.50, low = 40 }", "most = ｛ high = ８０．５０， low = 40元 ｝",
         [(8, "｛", "{"), (17, "８０．５０", "80.50"), (22, "，", ","), (30, "40元", "40"), (34, "｝", "}")]),
        ('judged_on = "visit"', "judged_on = “visit”", [(13, "“", '"'), (19, "”", '"')]),
        ('judged_on = "visit"', 'judged_on = "visit”', [(19, "”", '"')]),
        ('judged_on = "visit"', "judged_on = ‘visit’", [(13, "‘", '"'), (19, "’", '"')]),
        ('judged_on = "visit"', "judged_on = 「visit」", [(13, "「", '"'), (19, "」", '"')]),
        ('judged_on = "visit"', 'judged_on： "visit"', [(10, "：", "=")]),
        ("[calendar]", "【calendar】", [(1, "【", "["), (10, "】", "]")]),
        ('rank = ["minister", "bureau", "other"]', 'rank = ["minister"、 "bureau"， "other"］',
         [(19, "、", ","), (29, "，", ","), (38, "］", "]")]),
        ('zh = "低"', "zh = 低", [(15, "低", '"低"')]),
        ("most = 300\ncount", "most = ３００\ncount", [(8, "３００", "300")]),
        ("most = 300\ncount", "most = 300 元\ncount", [(8, "300 元", "300")]),
        ("most = 300\ncount", "most = 300元\ncount", [(8, "300元", "300")]),
        ("most = 300\ncount", "most = 0.03万元\ncount", [(8, "0.03万元", "300")]),
        ("effective = 2026-01-01", "effective = 2026年1月1日", [(13, "2026年1月1日", "2026-01-01")]),
        ("2026-05-09", "２０２６－０５－０９", [(13, "２０２６", "2026"), (17, "－", "-"), (18, "０５", "05"),
                                       (20, "－", "-"), (21, "０９", "09")]),
        ("most = 300\ncount", "most = ￥300\ncount", [(8, "￥", "")]),
        ("most = 300\ncount", "most = 3，00\ncount", [(9, "，", ",")]),
        ("most = 300\ncount", "most = 300，\ncount", [(11, "，", "")]),
        ("most = 300\ncount", "most = 300； # 元\ncount", [(11, "；", "")]),
        ("most = 300\ncount", "most = 300。 \ncount", [(11, "。", "")]),
        ('least = "3wd"', "least = 3个工作日", [(9, "3个工作日", '"3wd"')]),
        ('before = "30m"', "before = 30分钟", [(10, "30分钟", '"30m"')]),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_column_and_mended(good: str, typed: str, places: list[tuple[int, str, str]]) -> None:
    text = changed(good, typed)
    line = SMALL[: SMALL.index(good)].count("\n") + 1
    assert [(each.line, each.column, each.was, each.instead) for each in slips(text)] == [
        (line, *place) for place in places
    ]
    said = wrong(text)
    assert {at for at, *_ in said} == {line}
    for (_, zh, en), (column, was, instead) in zip(said, places, strict=False):
        assert f"第 {column} 列" in zh
        assert f"column {column}" in en
        assert all(each in sentence for sentence in (zh, en) for each in (was, instead))


def test_a_blank_and_what_nobody_sees_are_named() -> None:
    said = wrong(changed("[calendar]", "[calendar]\u3000\u200b"))
    assert "第 11 列是全角空格" in said[0][1]
    assert "U+200B" in said[1][1]


def test_strings_and_comments_stay() -> None:
    """Chinese signs belong into Chinese texts: only what is outside of them is a slip."""
    text = 'a = "“好”，＝１５０元" # “注”，＝\nb = """“\n，"""\nc = \'，\'\nd ＝ 1\n'
    assert [each.was for each in slips(text)] == ["＝"]
    assert mended(text) == text.replace("d ＝", "d =")


def test_a_whole_file_typed_with_the_input_method_on() -> None:
    """Each sign is named, and the mended text is the policy that was meant."""
    lines = SMALL.splitlines(keepends=True)
    typed = "".join(line if "Founders" in line else line.translate(WIDE) for line in lines)
    assert load_text(mended(typed)).kinds == load_text(SMALL).kinds
    assert len(wrong(typed)) == len(slips(typed)) > 300


def test_where_it_is_no_slip_the_column_is_said() -> None:
    [(line, zh, en)] = wrong(changed('judged_on = "visit"', "judged_on = visit"))
    assert (line, "第 13 列" in zh, "column 13" in en) == (2, True, True)


def test_a_request_says_so_too() -> None:
    with pytest.raises(RequestErrors) as caught:
        read_request(load_text(SMALL), "client ＝ “Acme”\n")
    assert [each.phrase.facts["column"] for each in caught.value.problems] == [8, 10, 15]


@pytest.mark.parametrize(
    ("good", "typed", "number"),
    [
        ("most = 300\ncount", 'most = "300"\ncount', "300"),
        ("most = 300\ncount", 'most = "300元"\ncount', "300"),
        ("most = 300\ncount", 'most = "１，３００.50 元"\ncount', "1300.50"),
        ("most = 300\ncount", 'most = "0.2万"\ncount', "2000"),
        ("count = 2", 'count = "2"', "2"),
        ("base = 5", 'base = "5"', "5"),
        ('most = "suite"', 'most = "150"', "150"),
        ("most = { high = 80.50", 'most = { high = "80.50"', "80.50"),
    ],
)
def test_money_stands_without_quotes(good: str, typed: str, number: str) -> None:
    [(_, zh, en)] = wrong(changed(good, typed))
    assert f"不加引号，请写 {number}" in zh
    assert f"stand without: write {number}" in en


def test_true_stands_without_quotes() -> None:
    [(_, zh, en)] = wrong(changed("may_drop = true", 'may_drop = true\nassignee = "true"'))
    assert "不加引号" in zh
    assert "write true without them" in en


def test_the_copy_is_written_beside_and_never_over_another(tmp_path: Path) -> None:
    spoilt = changed('judged_on = "visit"', "judged_on ＝ “visit”")
    file = tmp_path / "my.toml"
    file.write_bytes(b"\xef\xbb\xbf" + spoilt.replace("\n", "\r\n").encode())
    before = file.read_bytes()
    for name in ("my.toml.fixed", "my.toml.fixed.2"):
        assert write_mended(str(file)) == (str(tmp_path / name), 3)
        assert load_text((tmp_path / name).read_text("utf-8-sig")).judged_on == "visit"
    assert file.read_bytes() == before
    assert write_mended(str(tmp_path / "my.toml.fixed")) is None
    assert sorted(os.listdir(tmp_path)) == ["my.toml", "my.toml.fixed", "my.toml.fixed.2"]


@given(st.text(alphabet="ab =[]{},\"'#\n\\.1９＝［］“”‘’，。元天　【：", max_size=60))
def test_any_text_is_walked_once(text: str) -> None:
    """Whatever is typed: slips come in order, do not overlap, say what stands there, and never join or split lines."""
    found = slips(text)
    ends = [0, *(each.at + len(each.was) for each in found)]
    assert all(each.at >= end for each, end in zip(found, ends, strict=False))
    assert all(text[each.at :].startswith(each.was) for each in found)
    assert mended(text).count("\n") == text.count("\n")


@given(st.text(alphabet="ab =[]{},\"'#\n\\.1９＝［］“”，元", max_size=60))
def test_what_is_toml_is_never_called_wrong(text: str) -> None:
    try:
        tomllib.loads(text)
    except ValueError:
        return
    with_effect = load_error(text)
    assert not any("column" in each for each in with_effect)


def load_error(text: str) -> list[str]:
    try:
        load_text(text)
    except PolicyErrors as errors:
        return errors.said(words("en"))
    return []
