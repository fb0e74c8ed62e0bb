"""Any table of a policy as rows to read, and what changes between two versions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.policy.load import load_text, load_versions
from models.policy.model import Policy
from models.policy.table_text import TABLES, differences, text_rows
from models.words import words
from tests.unit.conftest import Jiedai
from tests.unit.policy_texts import SMALL, changed, with_row

ROOT = Path(__file__).parents[2]
ALL = ["config.toml", *sorted(f"models/examples/{path.name}" for path in (ROOT / "models/examples").glob("*"))]
EN = words("en")


def said(text: str, table: str, language: str = "en") -> list[tuple[str, str, str, str]]:
    """The rows of a table."""
    rows = text_rows(load_text(text), table, words(language))
    return [(row.id, row.what, row.figure, row.when) for row in rows]


def when(written: str, language: str = "en") -> str:
    """What a written condition is said as."""
    text = changed('rank = ["minister"', 'venue = ["hall"]\nservice = ["car"]\nrank = ["minister"', SMALL)
    return said(f"{text}\n[[check]]\ntext = 'x'\nwhen = {written}\n", "check", language)[-1][3]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_of_every_policy_can_be_said(name: str, language: str) -> None:
    for policy in load_versions(str(ROOT / name)):
        for table in TABLES:
            for row in text_rows(policy, table, words(language)):
                assert row.what or row.figure
                assert "{" not in row.figure + row.when or table == "version"


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        ("{ tier = 'low' }", "level Low", "level 低"),
        ("{ tier = ['low', 'high'], late = true }", "level high / Low, late request", "level high / 低，迟报"),
        ("[{ late = false }, { kind = 'guest' }]", "request in time; or kind guest", "按时报；或 类别 guest"),
        ("{ not = { kind = 'guest' } }", "not (kind guest)", "不含（类别 guest）"),
        ("{ not = {} }", "not (always)", "不含（一律）"),
        ("{}", "always", "一律"),
        ("{ headcount = '..10' }", "visitors up to 10", "人数 10 及以下"),
        ("{ headcount = '6..' }", "visitors 6 or more", "人数 6 及以上"),
        ("{ headcount = 6 }", "visitors 6", "人数 6"),
        ("{ amount = '>300..500' }", "amount over 300, up to 500", "金额 超过 300，至 500"),
        ("{ total = '..<1200.50' }", "total under 1,200.50", "费用合计 不到 1,200.50"),
        ("{ of_cap = '>100%..200%' }", "of the standard over 100%, up to 200%", "占标准 超过 100%，至 200%"),
        ("{ lead = '..24h' }", "notice up to 24 hours", "提前 24 小时 及以下"),
        ("{ date = '07-01..08-31' }", "date 07-01 to 08-31", "日期 07-01 至 08-31"),
        ("{ date = '2026-05-01..' }", "date 2026-05-01 or more", "日期 2026-05-01 及以上"),
        ("{ guest_rank = 'bureau..' }", "rank of the guest minister / bureau", "客人职级 minister / bureau"),
        ("{ holiday = '3wd' }", "within 3 working days of a holiday", "节假日前后 3 个工作日内"),
        ("{ holiday = true }", "on a holiday", "节假日"),
        ("{ bands = { A = 3 } }", "3 in band A or better", "3 项在 A 档及以上"),
        ("{ words = ['club', 'spa'] }", "text has “club / spa”", "文字里有“club / spa”"),
        ("{ fund = 'state' }", "fund state", "fund state"),
        ("{ city = '武汉', item = 'meal' }", "city 武汉, item Meal", "城市 武汉，项目 用餐"),
    ],
)
def test_a_condition_reads_as_a_sentence(written: str, english: str, chinese: str) -> None:
    assert (when(written), when(written, "zh")) == (english, chinese)


def test_the_regulation_reads_as_it_is_meant(default_policy: Policy) -> None:
    rows = {table: {row.id: row for row in text_rows(default_policy, table, words("zh"))} for table in TABLES}
    vip = rows["cap"]["R75"]
    assert (vip.what, vip.figure, vip.when) == ("用餐 元/人", "150，超出说明理由", "级别 贵宾级")
    assert rows["route"]["R12"].figure == "主办部门负责人 意见  ->  总经理 审批"
    assert rows["notice"]["R8"].figure == "3 天，迟的说明理由"
    assert rows["duty"]["R53"].what.startswith(
        "准备会议室或领导办公室：茶水，水果（接待标准 准备水果；或 级别 贵宾级，可从简"
    )
    assert rows["duty"]["R53"].figure == "办公室，迎宾入室，最迟到达前 1 小时，在 R63 之后，要指定专人，要有投影"
    assert rows["stage"]["dining"].figure == "到达后 2 小时，需 90 分钟，每餐一次，在用餐时间"
    assert rows["change"][""].what == "接待级别，来访人数增加，主陪"


@pytest.mark.parametrize(
    ("table", "row", "what", "figure"),
    [
        ("propose", "tier = 'high'", "high", ""),
        ("route", "steps = []", "", "needs no approval"),
        ("notice", "least = '2d'\nnever = '0d'", "", "2 days; late: reason, refused after the arrival"),
        ("notice", "never = '1wd'", "", "less than 1 working day is refused"),
        ("notice", "breach = 'warn'", "", "none asked for"),
        (
            "lead_host",
            "posts = ['chief', 'clerk']\nat_least = 2\nhigher = true\ninstead = '@applicant'",
            "",
            "at least 2 of chief / clerk, or who is above, applicant instead, with a reason, else: reason",
        ),
        (
            "companions",
            "posts = 'clerk'\nmost = { base = 5, over = 5, each = '1/2' }\nnever = { each = 1 }\nnot_counted = 'clerk'",
            "clerk",
            "at most 5, 1/2 more for each beyond 5, above: reason, never above 1 for each guest, clerk not counted",
        ),
        ("cap", "item = 'meal'\nper = 'meal'\nmost = { base = 100, over = 2, each = 50 }", "Meal USD/meal",
         "100, 50 more for each beyond 2, above: reason"),
        ("cap", "item = 'lodging'\nper = 'night'\nmost = 'suite'\nleast = 'single'", "Lodging / night",
         "suite, single or better, above: reason"),
        ("cap", "item = ['meal', 'drink']\nper = 'client department 1mo'\ncount = 2\nnever = 3\nbreach = 'warn'",
         "Meal + Drink per client / department within 1 month", "at most 2, never above 3, above: warning"),
        ("cap", "item = 'drink'\nper = '500ml'\nmost = 0\nbreach = 'guest_pays'", "Drink USD/500ml",
         "none allowed, above: guest pays"),
        ("cap", "item = 'drink'\nper = 'bottle'", "Drink / bottle", "no limit"),
        ("cap", "item = 'gift'\nper = 'person_visit'\ntext = 'as the host says'", "gift / head", "as the host says"),
        ("sign", "by = ['chief', '@lead_host.up']\ndo = 'report'", "chief / the post above: lead host", "is told"),
        ("need", "id = 'press'\ntype = 'number'\nleast = 1\nmost = 20\nbreach = 'block'", "press",
         "number, at least 1, at most 20, by submission, else: refused"),
        ("need", "id = 'plan'\nrequired = false", "plan", "document, may stay empty"),
        ("stage", "id = 'gate'\nat = 'arrive 08:30'", "gate", "the day of arrival 08:30"),
        ("stage", "id = 'gate'\nat = 'hall -30m'", "gate", "30 minutes before hall"),
        ("duty", "party = 'clerk'\ntext = 'Wave'\nmay_drop = { tier = 'low' }\ndue = 'depart 45d'", "Wave",
         "clerk, by 45 days after departure, may be dropped (level Low)"),
        ("change", "fields = ['total', 'letter']\nask = 'refuse'", "Total cost, letter", "not possible"),
    ],
)  # fmt: skip
def test_a_row_of_each_table_says_all_of_it(table: str, row: str, what: str, figure: str) -> None:
    assert said(with_row(table, row), table)[-1][1:3] == (what, figure)


def test_the_columns_of_a_cap_are_rows_with_their_own_condition() -> None:
    assert said(SMALL, "cap")[:2] == [
        ("C1", "Meal USD/head", "80.50, above: reason", "level high"),
        ("C2", "Meal USD/head", "40, above: reason", "level Low"),
    ]


def test_what_the_organisation_is_can_be_read_too() -> None:
    assert ("clerk", "clerk", "below chief, bureau", "") in said(SMALL, "post")
    assert said(SMALL, "calendar") == [
        ("", "Founders' day", "2026-05-04 to 2026-05-05", ""),
        ("", "worked", "2026-05-09", ""),
    ]
    assert said(SMALL, "kind") == [("guest", "guest", "front", "")]
    assert ("tier", "Word for tier", "level", "") in said(SMALL, "version")
    assert ("state", "fund, state", "", "") in said(SMALL, "list")


# what changes


def change(old: str, new: str, *tables: str) -> list[tuple[str, str, str, str]]:
    """What changes between two texts: table, kind, id, and what it was and is."""
    found = differences(load_text(old), load_text(new), EN, tables or tuple(TABLES))
    shown = [(each.before.figure if each.before else "", each.after.figure if each.after else "") for each in found]
    ids = [(each.after or each.before) for each in found]
    return [
        (each.table, each.kind, row.id if row else "?", f"{before} > {after}")
        for each, row, (before, after) in zip(found, ids, shown, strict=True)
    ]


@pytest.mark.parametrize("name", ALL)
def test_nothing_changes_where_nothing_changed(name: str) -> None:
    policy = load_versions(str(ROOT / name))[0]
    again = load_text(policy.text.replace("effective = ", "effective =  ", 1))
    assert differences(policy, again, EN) == ()


def test_a_changed_figure_an_added_and_a_removed_row() -> None:
    new = changed("high = 80.50", "high = 95", with_row("duty", 'id = "wave"\nparty = "clerk"'))
    new = changed('[[check]]\ntext = "late at night"\nwhen = { words = ["club"] }\n', "", new)
    assert change(SMALL, new) == [
        ("cap", "changed", "C1", "80.50, above: reason > 95, above: reason"),
        ("check", "removed", "", "reason > "),
        ("duty", "added", "wave", " > clerk"),
    ]
    assert [each[:3] for each in change(new, SMALL)] == [
        ("cap", "changed", "C1"),
        ("check", "added", ""),
        ("duty", "removed", "wave"),
    ]
    assert change(SMALL, new, "cap") == change(SMALL, new)[:1]


def test_a_row_without_an_id_is_known_by_what_it_is_about() -> None:
    assert change(SMALL, changed('least = "3wd"', 'least = "5wd"')) == [
        (
            "notice", "changed", "",
            "3 working days; late: reason, refused 2 days after the arrival"
            " > 5 working days; late: reason, refused 2 days after the arrival",
        )
    ]  # fmt: skip
    assert [each[:2] for each in change(SMALL, changed("guest 1y", "guest 6mo"))] == [
        ("cap", "added"),
        ("cap", "removed"),
    ]
    assert [each[:2] for each in change(SMALL, changed('lead = "..24h"', 'lead = "..48h"'))] == [("cap", "changed")]


def test_a_row_at_another_place_is_moved_where_the_first_one_wins() -> None:
    row = '[[notice]]\nid = "{}"\nleast = "{}"\nwhen = {{ tier = "{}" }}\n'
    first, second = row.format("a", "1d", "high"), row.format("b", "2d", "low")
    assert [each[:3] for each in change(f"{SMALL}{first}{second}", f"{SMALL}{second}{first}")] == [
        ("notice", "moved", "a")
    ]
    swap = '[[need]]\nid = "letter"\ndue = "arrive -2w"\n\n', '[[need]]\nid = "fund"\ntype = "choice"\n'
    assert change(SMALL, changed(swap[0] + swap[1], swap[1] + "\n" + swap[0])) == []


# on the command line


def test_a_table_is_listed(jiedai: Jiedai) -> None:
    code, out, err = jiedai("standards", "--table", "route")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Route, version of 2014-04-07"
    assert "R12  head of the owner department opinion  ->  General manager decides" in out
    found = json.loads(jiedai("standards", "--table", "审批流程", "--json", "--lang", "zh")[1])
    assert found[0] == {
        "id": "R12", "what": "", "figure": "主办部门负责人 意见  ->  总经理 审批", "when": "级别 贵宾级",
    }  # fmt: skip


def test_a_coming_version_and_what_it_changes(jiedai: Jiedai, rules: Path) -> None:
    use = ("--config", str(rules))
    assert "175" in jiedai("standards", "vip", "--on", "2027-01-01", *use)[1]
    assert "175" not in jiedai("standards", "--table", "cap", *use)[1]
    assert "175" in jiedai("standards", "--table", "cap", "--on", "2027-02-01", *use)[1]
    code, out, err = jiedai("standards", "--changes", "2027-01-01", *use)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Version of 2027-01-01 compared with that of 2014-04-07",
        "",
        "Standards",
        "~ (R75)  Meal yuan/head  150, above: reason  tier VIP",
        "= (R75)  Meal yuan/head  175, above: reason  tier VIP",
    ]
    found = json.loads(jiedai("standards", "--changes", "2014-05-01", "--on", "2027-01-01", "--json", *use)[1])
    assert [(each["table"], each["change"], each["after"]["figure"]) for each in found] == [
        ("cap", "changed", "150, above: reason")
    ]
    assert "nothing changes" in jiedai("standards", "--changes", "2027-01-01", "--table", "duty", *use)[1]


@pytest.mark.parametrize(
    ("words_", "expected"),
    [
        (("--table", "rout"), "did you mean route"),
        (("--on", "someday"), "someday"),
        (("vip", "--table", "cap"), "not both"),
    ],
)
def test_what_cannot_be_listed_is_said(jiedai: Jiedai, words_: tuple[str, ...], expected: str) -> None:
    code, out, err = jiedai("standards", *words_)
    assert (code, out) == (2, "")
    assert expected in err
