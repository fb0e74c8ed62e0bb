"""The commands that answer from the policy alone: standards, check, try."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from models.words import cell_len
from tests.unit.conftest import Process
from tests.unit.policy_texts import SMALL
from tui.where import packaged_policy

ROOT = Path(__file__).parents[2]
STORE_OR_SCREENS = {"peewee", "textual", "rich", "pypinyin"}

REQUEST = """
kind = "customer"
tier = "贵宾级"
client = "江南智造集团"
headcount = 6
requested_at = 2026-11-23T09:00:00
arrive = 2026-11-30T10:20:00
depart = 2026-12-01T15:00:00
services = ["车辆接送", "tour"]
meals = [{ meal = "lunch", venue = "in_house", companions = 7, bottles = 4, packs = 3 }]
lodging = [{ people = 6 }]
host = ["general_manager"]
"""


def answered(process: Process, *words: str, **more: str) -> Any:
    """The JSON that a command gives."""
    done = process(*words, "--json", **more)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def imported(process: Process, *words: str, **more: str) -> set[str]:
    """The modules that a call imports."""
    code = """
import sys
from tui.__main__ import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)"""
    done = process(*words, code=code, **more)
    assert done.returncode == 0
    return set(done.stderr.split())


# standards


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("tier", ["", "vip", "routine"])
def test_the_standards_fit_80_columns(process: Process, tier: str, language: str) -> None:
    done = process("standards", *tier.split(), "--lang", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80


def test_the_matrix_shows_all_tiers_and_figures(process: Process) -> None:
    lines = process("standards").stdout.splitlines()
    rows = {line.split()[0]: line.split()[-4:] for line in lines[2:]}
    assert lines[0] == "接待标准 2014-04-07 版"
    assert lines[2].split() == ["贵宾级", "嘉宾级", "商务级", "业务级"]
    assert rows["用餐"] == ["150", "110", "80", "60"]
    assert rows["酒"] == ["500", "300", "150", "50"]
    assert rows["烟"] == ["40", "30", "25", "15"]
    assert rows["任务(全要)"] == ["34", "32", "32", "32"]


@pytest.mark.parametrize("asked", ["vip", "VIP", "贵宾级"])
def test_a_tier_goes_by_its_id_and_every_name(process: Process, asked: str) -> None:
    lines = process("standards", asked, "--lang", "zh").stdout.splitlines()
    assert lines[0].startswith("贵宾级")
    assert ["审批", "总经理"] in [line.split() for line in lines]
    assert [line for line in lines if line.startswith("主陪领导") and " 3 " in line]


def test_an_unknown_tier_is_said_with_the_nearest(process: Process) -> None:
    for _ in range(2):
        done = process("standards", "buisness", "--lang", "en")
        assert (done.returncode, done.stdout) == (2, "")
        assert "did you mean business" in done.stderr


def test_the_standards_as_json_are_the_columns_of_the_caps(process: Process) -> None:
    found = answered(process, "standards")
    keys = ["id", "item", "per", "tier", "where", "most", "least", "count", "text", "breach"]
    assert {tuple(each) for each in found} == {tuple(keys)}
    vip = {each["id"]: each for each in answered(process, "standards", "vip")}
    assert (vip["R75"]["most"], vip["R87"]["most"], vip["R90"]["least"]) == (15000, "four_star", "bmw")
    assert {each["tier"] for each in vip.values()} == {"vip", None}


def test_the_standards_need_no_store_and_no_screens(process: Process) -> None:
    first, second = imported(process, "standards", "vip"), imported(process, "standards", "vip")
    assert "models.policy.load" in first
    assert first.isdisjoint({*STORE_OR_SCREENS, "argparse"})
    heavy = {
        "models.policy.load",
        "dataclasses",
        "tomllib",
        "pathlib",
        "json",
        "platformdirs",
        "re",
        "typing",
        "inspect",
    }
    assert second.isdisjoint({*STORE_OR_SCREENS, *heavy})


def test_the_cache_answers_as_the_policy_does_until_it_changes(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    text = Path(packaged_policy()).read_text("utf-8")
    path.write_text(text, "utf-8")
    first = process("standards", "vip", "--config", str(path)).stdout
    assert process("standards", "vip", "--config", str(path)).stdout == first
    path.write_text(text.replace("vip = 150,", "vip = 175,"), "utf-8")
    assert "175" in process("standards", "vip", "--config", str(path)).stdout
    path.write_text("effective = ", "utf-8")
    done = process("standards", "vip", "--config", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{path}:1:")


def test_a_policy_that_is_not_there_is_said(process: Process) -> None:
    done = process("standards", JIEDAI_CONFIG="/nowhere/config.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "/nowhere/config.toml" in done.stderr


def test_a_policy_without_tiers_has_standards(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        """
effective = 2026-01-01
judged_on = "request"
currency = { code = "CNY", minor = 2 }
[list]
item = ["meal"]
[[kind]]
id = "guest"
owner = "office"
[[department]]
id = "office"
head = "chief"
[[post]]
id = "chief"
[[route]]
steps = [{ by = "chief", do = "decide" }]
[[cap]]
item = "meal"
per = "person_meal"
most = 80
""",
        "utf-8",
    )
    done = process("standards", "--config", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "80" in done.stdout
    assert process("standards", "vip", "--config", str(path)).returncode == 2


# check


def test_a_good_policy_is_one_line(process: Process) -> None:
    done = process("check", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith("ok ")
    assert "2014-04-07" in done.stdout
    assert "34 duties" in done.stdout
    assert answered(process, "check") == []


def test_every_mistake_of_a_policy_is_a_line(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = Path(packaged_policy()).read_text("utf-8")
    wrong = text.replace('judged_on = "request"', 'judged_on = "requst"').replace("[[duty]]", "[[duty]]\ndeu = 1", 1)
    path.write_text(wrong, "utf-8")
    for language in ("zh", "en"):
        done = process("check", str(path), "--lang", language)
        lines = done.stdout.splitlines()
        assert (done.returncode, len(lines)) == (2, 2)
        assert all(line.startswith(f"{path}:") for line in lines)
        assert "due" in lines[1]
        assert "2" in done.stderr
    done = process("check", str(path), "--json")
    assert done.returncode == 2
    found = json.loads(done.stdout)
    numbers = [number for number, line in enumerate(wrong.splitlines(), 1) if "requst" in line or line == "deu = 1"]
    assert [each["line"] for each in found] == numbers
    assert {tuple(each) for each in found} == {("file", "line", "path", "level", "text")}


def test_a_policy_that_cannot_be_read_is_a_sentence(process: Process, tmp_path: Path) -> None:
    (tmp_path / "bin.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "bin.toml", tmp_path / "none.toml", tmp_path):
        done = process("check", str(path))
        assert done.returncode == 2
        assert str(path) in done.stdout


# try


def test_a_request_is_answered_as_the_regulation_has_it(process: Process, tmp_path: Path) -> None:
    path = tmp_path / "request.toml"
    path.write_text(REQUEST, "utf-8")
    found = answered(process, "try", str(path))
    assert [(step["posts"], step["what"]) for step in found["route"]] == [
        (["marketing_head"], "opinion"),
        (["general_manager"], "decide"),
    ]
    assert (found["notice"]["given"], found["notice"]["needed"], found["notice"]["state"]) == (7, 3, "in_time")
    assert (len(found["duties"]), found["plan"]["total"], found["verdict"]) == (29, 407000, "fits")


@pytest.mark.parametrize(("language", "said"), [("zh", "符合规定，可以提交"), ("en", "fits the rules")])
def test_an_answer_for_people_fits_80_columns(process: Process, language: str, said: str) -> None:
    done = process("try", "-", "--lang", language, typed=REQUEST)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(cell_len(line) for line in done.stdout.splitlines()) <= 80
    assert said in done.stdout
    assert "4,070" in done.stdout


@pytest.mark.parametrize(
    ("least", "said"), [("1mo", "0 months, 1 month needed: late"), ("2mo", "0 months, 2 months needed: late")]
)
def test_a_notice_of_one_month_is_said_in_the_singular(process: Process, tmp_path: Path, least: str, said: str) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        re.sub(r'(?m)^least = "3d"', f'least = "{least}"', Path(packaged_policy()).read_text("utf-8")), "utf-8"
    )
    assert said in process("try", "-", "--config", str(mine), "--lang", "en", typed=REQUEST).stdout


def test_what_is_wrong_with_a_request_is_said_in_the_answer(process: Process) -> None:
    late = REQUEST.replace("2026-11-23T09", "2026-11-29T09").replace("packs = 3", "packs = 3, price = 170")
    done = process("try", "-", typed=late + 'decision = { by = "deputy_general_manager_in_charge" }\n')
    assert done.returncode == 0
    assert "需说明理由" in done.stdout
    assert "还缺理由或材料" in done.stdout
    assert "没有批准，转交 总经理" in done.stdout


def test_what_the_policy_has_no_use_for_is_an_info(process: Process) -> None:
    found = json.loads(process("try", "-", "--json", typed=REQUEST + 'area = "east"\n').stdout)
    assert [each["level"] for each in found["findings"]] == ["info"]
    assert found["verdict"] == "fits"


def test_a_bad_request_is_said_line_by_line(process: Process) -> None:
    for words in (["try", "-"], ["try", "-", "--json"]):
        done = process(*words, typed=REQUEST.replace("headcount", "headcuont"), LANG="en_US.UTF-8")
        assert (done.returncode, done.stdout) == (2, "")
        assert "headcount" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_request_that_cannot_be_read_is_usage(process: Process, tmp_path: Path) -> None:
    (tmp_path / "bin.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "bin.toml", tmp_path / "none.toml", tmp_path):
        done = process("try", str(path))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr


def test_check_and_try_need_no_store_and_no_screens(process: Process, tmp_path: Path) -> None:
    (tmp_path / "request.toml").write_text(REQUEST, "utf-8")
    assert imported(process, "check").isdisjoint(STORE_OR_SCREENS)
    assert imported(process, "try", str(tmp_path / "request.toml")).isdisjoint(STORE_OR_SCREENS)
    assert not list(tmp_path.glob(".local/share/**/*"))


def test_what_is_no_file_is_refused_and_not_waited_for(process: Process, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for words in (("check", str(pipe)), ("try", str(pipe)), ("standards", "--config", str(pipe))):
        done = process(*words, "--lang", "en")
        assert (done.returncode, "no file" in done.stdout + done.stderr) == (2, True), words


def test_what_is_too_large_is_refused_in_a_sentence(process: Process, tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_text("# nothing\n" * 250_000, "utf-8")
    for words in (("check", str(huge)), ("try", str(huge))):
        done = process(*words, "--lang", "en")
        assert (done.returncode, "larger than 2 MB" in done.stdout + done.stderr) == (2, True), words
    done = process("try", "-", "--lang", "en", typed=huge.read_text("utf-8"))
    assert (done.returncode, "larger than 2 MB" in done.stderr) == (2, True)


def test_a_mended_copy_is_written_beside_the_file(process: Process, tmp_path: Path) -> None:
    """`check --fix`: the file stays as it is and is still wrong, the copy is good."""
    text = SMALL.replace('judged_on = "visit"', "judged_on ＝ “visit”")
    (tmp_path / "my.toml").write_text(text, "utf-8")
    done = process("check", str(tmp_path / "my.toml"), "--fix")
    assert done.returncode == 2
    assert f"{tmp_path / 'my.toml'}:2: 第 11 列写的是 ＝ ：请改成 =" in done.stdout
    assert str(tmp_path / "my.toml.fixed") in done.stderr
    assert (tmp_path / "my.toml").read_text("utf-8") == text
    assert process("check", str(tmp_path / "my.toml.fixed")).returncode == 0
    again = process("check", str(tmp_path / "my.toml.fixed"), "--fix", "--lang", "en")
    assert (again.returncode, again.stderr) == (0, "nothing that could be mended for you\n")
