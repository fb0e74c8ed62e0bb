"""A bad policy file: every error at once, each with its line, its key path, and the nearest of what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.policy.load import load_file, load_text
from models.policy.model import PolicyErrors, Problem
from models.words import words
from tests.unit.policy_texts import SMALL, changed, with_row


def problems(text: str) -> list[Problem]:
    """What is wrong with a text."""
    with pytest.raises(PolicyErrors) as caught:
        load_text(text)
    return caught.value.problems


def only(text: str) -> Problem:
    """The one thing wrong with a text."""
    (problem,) = problems(text)
    return problem


def line_of(text: str, part: str) -> int:
    """The line on which `part` stands."""
    return text[: text.index(part)].count("\n") + 1


def with_right(row: str) -> str:
    """The small policy with a row of rights."""
    return with_row("right", row)


def test_the_small_policy_is_good() -> None:
    assert load_text(SMALL).effective.year == 2026


VALUES = [
    # (what it says, what it says instead, its key path, said in English, said in Chinese)
    ('judged_on = "visit"', 'judged_on = "visits"', "judged_on", "request, visit (nearest: visit)", "最接近：visit"),
    ("effective = 2026-01-01", 'effective = "2026-02-30"', "effective", "does not exist", "没有"),
    ("effective = 2026-01-01", "effective = 2026-01-01T09:00:00", "effective", "is no date", "不是日期"),
    ("effective = 2026-01-01", "effective = 1066-10-14", "effective", "from 1900", "1900"),
    ("minor = 2", "minor = 2.5", "currency.minor", "from 0 to 4", "0 到 4"),
    ('"USD"', "7", "currency.code", "a text in quotes", "带引号"),
    ("labels = {", 'number = "{year}"\nlabels = {', "number", "{n:04}", "{n:04}"),
    ("labels = {", 'number = "{n:09999999}"\nlabels = {', "number", "{n:04}", "{n:04}"),
    ("labels = {", "recorded = 1\nlabels = {", "recorded", "true or false", "true 或 false"),
    ("labels = {", 'own_request = "upp"\nlabels = {', "own_request", "(nearest: up)", "最接近：up"),
    ('tier = "level"', 'teir = "level"', "labels.teir", "(nearest: tier)", "最接近：tier"),
    ('name = { zh = "低", en = "Low" }', 'name = { zh = "低", fr = "Bas" }', "tier[2].name.fr", "zh, en", "zh, en"),
    ('name = { zh = "低", en = "Low" }', "name = 3", "tier[2].name", "is no name", "不是名称"),
    ('id = "low"', 'id = "l-o"', "tier[2].id", "letters, digits and underscores", "下划线"),
    ('id = "low"', 'id = "high"', "tier[2].id", "is there already", "已经有了"),
    ('owner = "front"', 'owner = "frnt"', "kind[1].owner", "(nearest: front)", "最接近：front"),
    ('head = "chief"', 'head = "cheif"', "department[1].head", "(nearest: chief)", "最接近：chief"),
    ('id = "clerk"', 'id = "front"', "post[2].id", "a department and a post", "既是部门又是职务"),
    ('id = "chief"', 'id = "chief"\nup = "clerk"', "post[1].up", "chief → clerk → chief", "chief → clerk → chief"),
    ('up = "chief"', 'up = "clerk"', "post[2].up", "clerk → clerk", "clerk → clerk"),
    ('rank = "bureau"', 'rank = "buro"', "post[2].rank", "(nearest: bureau)", "最接近：bureau"),
    ('rank = ["minister"', 'tier = ["x"]\nrank = ["minister"', "list.tier", "cannot be called", "不能叫"),
    ('"lunch", "banquet"', '"lunch", "lunch"', "list.meal[2]", "is there already", "已经有了"),
    (
        'days = "2026-05-04..2026-05-05"',
        'days = "2026-05-05..2026-05-04"',
        "calendar.holidays[1].days",
        "empty",
        "空的",
    ),
    ("[2026-05-09]", "[2026-05-09, 1]", "calendar.workdays[2]", "is no date", "不是日期"),
    (
        'by = "@owner_head"',
        'by = "@owner_hed"',
        "route[1].steps[1].by",
        "(nearest: @owner_head)",
        "最接近：@owner_head",
    ),
    ('by = "@owner_head"', 'bye = "chief"', "route[1].steps[1].bye", "(nearest: by)", "最接近：by"),
    (
        'by = "@owner_head", do',
        'by = "chief", all = ["clerk"], do',
        "route[1].steps[1]",
        "only one: by, all",
        "by, all",
    ),
    ('do = "decide"', 'do = "decides"', "route[1].steps[1].do", "(nearest: decide)", "最接近：decide"),
    ('least = "3wd"', 'least = "3 days"', "notice[1].least", '"3d"', '"3wd"'),
    ('least = "3wd"', 'least = "-3d"', "notice[1].least", "no length of time", "不是时长"),
    ('least = "3wd"', 'least = "9999y"', "notice[1].least", "a hundred years", "一百年"),
    ('never = "-2d"', "never = -2", "notice[1].never", '"-2d"', '"-2d"'),
    ('each = "1/2"', 'each = "1/0"', "companions[1].most.each", "a fraction", "分数"),
    ('each = "1/2"', 'eahc = "1/2"', "companions[1].most.eahc", "(nearest: each)", "最接近：each"),
    ("most = { base = 5, over = 5, ", "most = { base = 5, over = -1, ", "companions[1].most.over", "from 0", "0 到"),
    ('per = "person_meal"', 'per = "person_meel"', "cap[1].per", "(nearest: person_meal)", "最接近：person_meal"),
    ('per = "guest 1y"', 'per = "gest 1y"', "cap[3].per", "(nearest: guest)", "最接近：guest"),
    ('per = "guest 1y"', 'per = "guest soon"', "cap[3].per", "no length of time", "不是时长"),
    ('by = "tier"', 'by = "headcount"', "cap[1].by", "columns", "分栏"),
    ("high = 80.50", "hihg = 80.50", "cap[1].most.hihg", "(nearest: high)", "最接近：high"),
    ("high = 80.50", "high = 80.505", "cap[1].most.high", "at most 2", "最多 2 位"),
    ("high = 80.50", "high = -1", "cap[1].most.high", "below 0", "小于 0"),
    ("high = 80.50", "high = inf", "cap[1].most.high", "is no number", "不是数字"),
    ("high = 80.50", "high = 1e15", "cap[1].most.high", "too large", "太大"),
    ("high = 80.50", "high = true", "cap[1].most.high", "is no number", "不是数字"),
    ('most = "suite"', 'most = "suit"', "cap[2].most", "(nearest: suite)", "最接近：suite"),
    ('most = "suite"', "most = { high = 3 }", "cap[2].most", 'by = "tier"', 'by = "tier"'),
    ("count = 2", "count = -1", "cap[3].count", "from 0", "0 到"),
    ('lead = "..24h"', 'lead = "..24x"', "cap[3].when.lead", "no length of time", "不是时长"),
    ('lead = "..24h"', 'laed = "..24h"', "cap[3].when.laed", "(nearest: lead)", "最接近：lead"),
    ('lead = "..24h"', 'lead = "3d..1d"', "cap[3].when.lead", "is empty", "是空的"),
    ('lead = "..24h"', 'headcount = ".."', "cap[3].when.headcount", "is no range", "不是范围"),
    ('lead = "..24h"', "headcount = 1.5", "cap[3].when.headcount", "no whole number", "不是整数"),
    ('lead = "..24h"', 'amount = "..8.505"', "cap[3].when.amount", "too many decimals", "小数位太多"),
    ('lead = "..24h"', 'guest_rank = "buro.."', "cap[3].when.guest_rank", "(nearest: bureau)", "最接近：bureau"),
    ('lead = "..24h"', 'guest_rank = "minister..other"', "cap[3].when.guest_rank", "lower end", "低的一端"),
    ('lead = "..24h"', 'city = "a..b"', "cap[3].when.city", "no order", "没有先后"),
    ('lead = "..24h"', 'date = "07-01..2026-08-31"', "cap[3].when.date", "different kinds", "不是一类"),
    ('lead = "..24h"', 'date = "13-01"', "cap[3].when.date", "does not exist", "这一天"),
    ('lead = "..24h"', 'holiday = "3d"', "cap[3].when.holiday", '"3wd"', '"3wd"'),
    ('lead = "..24h"', "late = 1", "cap[3].when.late", "true or false", "true 或 false"),
    ('lead = "..24h"', "bands = { C = 1 }", "cap[3].when.bands.C", "A, B", "A, B"),
    ('lead = "..24h"', 'fund = "stat"', "cap[3].when.fund", "(nearest: state)", "最接近：state"),
    ('lead = "..24h"', "not = { tier = 1 }", "cap[3].when.not.tier", "high, low", "high, low"),
    ("when = { lead", "when = 3 # { lead", "cap[3].when", "no condition", "不是条件"),
    ("when = { lead", "when = [] # { lead", "cap[3].when", "at least one", "至少"),
    ('by = "chief"\n', 'by = "boss"\n', "sign[1].by", "chief, clerk", "chief, clerk"),
    ('due = "arrive -2w"', 'due = "arive -2w"', "need[1].due", "(nearest: arrive)", "最接近：arrive"),
    ('due = "arrive -2w"', 'due = "arrive 25:00"', "need[1].due", "23:59", "23:59"),
    ('due = "arrive -2w"', 'due = "arrive -2w 1d 9:00"', "need[1].due", "anchor, offset, clock", "起点"),
    ('type = "choice"', 'type = "coice"', "need[2].type", "(nearest: choice)", "最接近：choice"),
    ('id = "letter"', 'id = "letter"\nmost = 3', "need[1].most", 'type "number"', "number"),
    ('at = "arrive +30m"', 'at = "table +30m"', "stage[1].at", "hall → table → hall", "hall → table → hall"),
    ('id = "table"', 'id = "depart"', "stage[2].id", "cannot be called", "不能叫"),
    ('stage = "hall"', 'stage = "hal"', "duty[1].stage", "(nearest: hall)", "最接近：hall"),
    ('party = "front"', 'party = "frond"', "duty[1].party", "(nearest: front)", "最接近：front"),
    ('["sweep"]', '["seep"]', "duty[2].after[1]", "(nearest: sweep)", "最接近：sweep"),
    ('id = "sweep"', 'id = "sweep"\nafter = "lay"', "duty[1].after", "sweep → lay → sweep", "sweep → lay → sweep"),
    ("may_drop = true", "may_drop = 1", "duty[2].may_drop", "no condition", "不是条件"),
    ('"headcount+"', '"headcuont+"', "change[1].fields[2]", "(nearest: headcount)", "最接近：headcount"),
    ('"headcount+"', '"client+"', "change[1].fields[2]", "cannot rise", "没有高低"),
    ('fields = ["tier"', 'ask = "ask"\nfields = ["tier"', "change[1].ask", "decide, notify, refuse", "decide, notify"),
]


@pytest.mark.parametrize(("old", "new", "path", "english", "chinese"), VALUES, ids=[row[1] for row in VALUES])
def test_a_bad_value_is_named_with_its_line(old: str, new: str, path: str, english: str, chinese: str) -> None:
    text = changed(old, new)
    problem = next(one for one in problems(text) if one.path == path)
    key = path.rpartition(".")[2].partition("[")[0]
    start = line_of(SMALL, old)
    assert start <= problem.line <= start + new.count("\n")
    assert key in text.splitlines()[problem.line - 1] or path.endswith("]")
    assert english in problem.said(words("en"), "x.toml")
    assert chinese in problem.said(words("zh"), "x.toml")
    assert problem.said(words("zh"), "x.toml").startswith(f"x.toml:{problem.line}: {path}: ")


ELSEWHERE = [
    # (what it says, what it says instead, the path and the lines further down where that shows, said in English)
    ('item = "lodging"', 'item = ["lodging", "meal"]', "cap[2].most", 2, "no grade"),
    ('id = "fund"', 'id = "funds"', "need[2].type", 1, "add funds = [ … ]"),
    ('text = "late at night"', "breach = 'warn'", "check[1]", -1, "id, text"),
]


@pytest.mark.parametrize(("old", "new", "path", "below", "english"), ELSEWHERE, ids=[row[2] for row in ELSEWHERE])
def test_what_does_not_fit_is_named_where_it_shows(old: str, new: str, path: str, below: int, english: str) -> None:
    problem = only(changed(old, new))
    assert (problem.path, problem.line) == (path, line_of(SMALL, old) + below)
    assert english in problem.said(words("en"), "x.toml")


MISSING = [
    # (the line taken away, the path of what lacks it, the key, the line of the row)
    ("effective = 2026-01-01\n", "", "effective", None),
    ('judged_on = "visit"\n', "", "judged_on", None),
    ('currency = { code = "USD", minor = 2 }\n', "", "currency", None),
    ('[[kind]]\nid = "guest"\nowner = "front"\n', "", "kind", None),
    ('[[route]]\nsteps = [{ by = "@owner_head", do = "decide" }]\n', "", "route", None),
    ('steps = [{ by = "@owner_head", do = "decide" }]\n', "route[1]", "steps", "[[route]]"),
    ('party = "front"\n', "duty[1]", "party", "[[duty]]"),
    ('item = "gift"\n', "cap[3]", "item", None),
    ('id = "hall"\n', "stage[1]", "id", "[[stage]]"),
    ('fields = ["tier", "headcount+"]\n', "change[1]", "fields", "[[change]]"),
]


@pytest.mark.parametrize(("gone", "path", "key", "row"), MISSING, ids=[row[2] + " " + row[1] for row in MISSING])
def test_what_is_missing_is_named_with_the_line_of_its_row(gone: str, path: str, key: str, row: str | None) -> None:
    text = changed(gone, "")
    problem = next(one for one in problems(text) if one.path == path)
    assert f"“{key}” is missing" in problem.said(words("en"), "x.toml")
    assert f"缺少“{key}”" in problem.said(words("zh"), "x.toml")
    if row:
        assert problem.line == line_of(text, row)


@pytest.mark.parametrize("table", ["kind", "department", "post", "route"])
def test_an_empty_table_is_as_good_as_none(table: str) -> None:
    rows = "\n\n".join(part for part in SMALL.split("\n\n") if not part.startswith(f"[[{table}]]"))
    found = problems(f"{table} = []\n{rows}")
    assert (found[0].line, found[0].path) == (1, table)


def test_all_errors_come_at_once_in_the_files_order() -> None:
    text = changed('judged_on = "visit"', "judged_on = 1")
    text = changed('by = "tier"', 'by = "teir"', text)
    text = changed('party = "front"', 'partie = "front"', text)
    found = problems(text)
    assert [problem.path for problem in found] == ["judged_on", "cap[1].by", "duty[1]", "duty[1].partie"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


def test_a_bad_row_makes_no_errors_where_others_name_it() -> None:
    assert only(changed('id = "low"\n', 'id = "low"\nmeans = 7\n')).path == "tier[2].means"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("effective = 2026-01-01\njudged_on visit\n", 2),
        ("a = 1\nb = [1,\n2\nc = 3\n", 4),
        ('a = 1\nb = "open\n', 2),
        ("a = 1\na = 2\n", 2),
        ("a = [1,\n2,\n", 3),
        (f"a = {'9' * 5000}\n", 0),
    ],
)
def test_a_syntax_error_has_its_line(text: str, line: int) -> None:
    problem = only(text)
    assert (problem.line, problem.path, problem.level) == (line, "", "error")
    assert "no" in problem.said(words("en"), "x.toml")
    assert "TOML" in problem.said(words("zh"), "x.toml")


def test_what_lies_too_deep_is_an_error() -> None:
    assert "[[table]]" in only("a = " + "[" * 5000 + "]" * 5000).said(words("en"), "x.toml")


def test_unknown_tables_and_keys_name_the_nearest() -> None:
    text = changed("[[notice]]", "[[notise]]")
    assert only(text).path == "notise"
    assert only(text).line == line_of(text, "[[notise]]")
    assert "(nearest: notice)" in only(text).said(words("en"), "x.toml")


def test_what_the_file_says_is_shown_on_one_safe_line() -> None:
    problem = only(changed('judged_on = "visit"', r'judged_on = "a\u001b[2J\nb\u202ec"'))
    said = problem.said(words("en"), "x.toml")
    assert said.isprintable()
    assert "␛[2J b" in said
    path = only(changed('judged_on = "visit"', 'judged_on = "visit"\n"a\\u001bb" = 1')).path
    assert path == "a␛b"


def test_a_long_value_is_shortened() -> None:
    problem = only(changed('judged_on = "visit"', f'judged_on = "{"x" * 500}"'))
    assert len(problem.said(words("zh"), "x.toml")) < 120


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(PolicyErrors) as caught:
        load_file(tmp_path / "none.toml")
    assert caught.value.said(words("en")) == [
        f"{tmp_path / 'none.toml'}: the file cannot be read: No such file or directory"
    ]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes('a = 1\nb = "贵宾"\n'.encode("gbk"))
    with pytest.raises(PolicyErrors) as caught:
        load_file(path)
    assert caught.value.said(words("zh")) == [f"{path}:2: 文件不是 UTF-8 文本：请另存为 UTF-8"]


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(PolicyErrors) as caught:
        load_file("/dev/zero")
    assert caught.value.said(words("en")) == ["/dev/zero: it is no file — name a file, or a folder of versions"]


def test_line_ends_and_a_byte_order_mark_are_kept_in_the_text(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    policy = load_file(path)
    assert policy.text.encode() == path.read_bytes()
    assert policy.sha256 != load_text(SMALL).sha256
    bad = path.read_text("utf-8").replace("decide", "decides").replace("\n", "\r\n")
    assert only(bad).line == line_of(SMALL, "decide")


@pytest.mark.parametrize(
    ("table", "row", "path", "en", "zh"),
    [
        ("need", 'id = "n"\ntype = "number"\nmost = { base = 5, over = 5, each = 1 }', "need[3].most",
         "write one number", "请写一个数字"),
        ("need", 'id = "n"\ntype = "number"\nleast = { each = 1 }', "need[3].least", "one number", "一个数字"),
        ("cap", 'item = "gift"\nper = "piece"\nmost = { base = 5, over = 5 }', "cap[4].most.over", "“each”", "“each”"),
        ("companions", "most = { base = 5, over = 5 }", "companions[2].most.over", "“each”", "“each”"),
        ("cap", 'item = "gift"\nper = "piece"\nnever = 500', "cap[4].never", "together with “most”", "“most”一起写"),
        ("cap", 'item = "gift"\nper = "piece"\nleast = 5\nnever = 500', "cap[4].never", "“most”", "“most”"),
        ("change", 'fields = "headcont"', "change[2].fields", "when it rises: tier+, headcount+", "total+"),
        ("change", 'fields = "client+"', "change[2].fields", "only these: tier+, headcount+, total+", "total+"),
    ],
)  # fmt: skip
def test_what_would_be_passed_over_is_refused(table: str, row: str, path: str, en: str, zh: str) -> None:
    """Nothing that a file says is read and then forgotten."""
    with pytest.raises(PolicyErrors) as wrong:
        load_text(with_row(table, row))
    [problem] = wrong.value.problems
    assert problem.path == path
    assert en in problem.what(words("en"))
    assert zh in problem.what(words("zh"))


def test_a_number_of_the_form_can_rise() -> None:
    """The keys that may rise are listed with the file's own numbers."""
    text = with_row("need", 'id = "buses"\ntype = "number"') + '\n[[change]]\nfields = "buses+"\n'
    assert load_text(text).changes[-1].fields == ("buses+",)
    with pytest.raises(PolicyErrors) as wrong:
        load_text(text.replace('"buses+"', '"bus+"'))
    assert "total+, buses+ (nearest: buses)" in wrong.value.said(words("en"))[0]


@pytest.mark.parametrize(
    ("table", "row", "axis"),
    [
        (table, row, axis)
        for table, row in (
            ("propose", 'tier = "high"'),
            ("notice", 'least = "3d"'),
            ("cap", 'item = "meal"\nper = "person_meal"\nmost = 9'),
        )
        for axis in ("late = true", 'total = "5.."', 'of_cap = ">100%.."')
    ],
)
@pytest.mark.parametrize("form", ["{{ {} }}", "[{{ day = 1 }}, {{ {} }}]", "{{ not = {{ {} }} }}"])
def test_a_condition_on_what_is_not_known_yet_is_refused(table: str, row: str, axis: str, form: str) -> None:
    text = with_row(table, f"{row}\nwhen = {form.format(axis)}")
    if (table, axis) == ("cap", "late = true"):  # the notice is judged before the caps
        assert load_text(text).caps
        return
    problem = only(text)
    key = axis.split()[0]
    assert problem.path.startswith(f"{table}[")
    assert problem.path.endswith(f".{key}")
    assert problem.what(words("en")) == (
        f"“{key}” is worked out only after [[{table}]] — leave it out of the conditions of [[{table}]]"
    )
    assert f"“{key}”要先有 [[{table}]]" in problem.what(words("zh"))


@pytest.mark.parametrize(
    ("row", "path", "english", "chinese"),
    [
        ('do = "peple"\nby = "chief"', "right[1].do", "(nearest: people)", "最接近：people"),
        ('do = "decide"\nby = "chief"', "right[1].do", "people, things, policy", "people, things, policy"),
        ('do = "people"\nby = "cheif"', "right[1].by", "(nearest: chief)", "最接近：chief"),
        ('do = "book"\nby = "@aplicant"', "right[1].by", "(nearest: @applicant)", "最接近：@applicant"),
        ('do = "people"\nby = "@applicant"', "right[1].by", "done to none", "不针对哪次来访"),
        ('do = "things"\nby = "chief"\nwhen = { tier = "low" }', "right[1].when", "no condition", "没有条件"),
        ('do = "book"', "right[1]", "by", "by"),
        ('do = "book"\nby = []', "right[1].by", "at least one", "至少要有一个"),
    ],
)
def test_a_bad_right(row: str, path: str, english: str, chinese: str) -> None:
    problem = only(with_right(row))
    assert problem.path == path
    assert english in problem.what(words("en"))
    assert chinese in problem.what(words("zh"))


PER_VISIT = '\n[[post]]\nid = "sales"\nper_visit = true\ndepartment = "out"\n\n[[department]]\nid = "out"\n'


@pytest.mark.parametrize("verb", ["people", "policy"])
@pytest.mark.parametrize("by", ["sales", "out"])
def test_nobody_is_locked_out_of_people_and_rights(verb: str, by: str) -> None:
    """A right without which no other can be had again is always a lasting post's."""
    text = with_right(f'do = "{verb}"\nby = "{by}"') + PER_VISIT
    problem = only(text)
    assert problem.path == "right[1].by"
    assert problem.line == line_of(text, f'by = "{by}"')
    assert f"“{verb}”" in problem.what(words("en"))
    load_text(text + f'\n[[right]]\ndo = "{verb}"\nby = "clerk"\n')
    load_text(with_right(f'do = "{verb}"\nby = ["{by}", "@anybody"]') + PER_VISIT)
