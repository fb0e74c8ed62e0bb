"""Pinyin is right for companies and for people, and never costs a process with screens its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.words import pinyin
from models.words.pinyin import Spelling, spell


@pytest.fixture(autouse=True)
def _forget(spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_spelt", {})
    monkeypatch.delitem(sys.modules, "textual", raising=False)


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("华为科技", "huaweikeji", "hwkj"),
        ("重庆银行", "chongqingyinhang", "cqyh"),
        ("绿地", "lvdi", "ld"),
        ("西门子 AG", "ximenziag", "xmza"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex"),
        ("𠮷野", "𠮷ye", "𠮷y"),
        ("重庆 Cloud 2.0", "chongqingcloud20", "cqc2"),
    ],
)
def test_companies(text: str, full: str, initials: str) -> None:
    assert spell([text]) == [Spelling(full, initials)]


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("单志强", "shanzhiqiang"),
        ("曾国藩", "zengguofan"),
        ("仇英", "qiuying"),
        ("解晓东", "xiexiaodong"),
        ("查良镛", "zhaliangyong"),
        ("朴志明", "piaozhiming"),
        ("任正非", "renzhengfei"),
        ("区大伟", "oudawei"),
        ("尉迟恭", "yuchigong"),
        ("万俟雪", "moqixue"),
        ("翟天", "zhaitian"),
        ("黑伟", "hewei"),
        ("覃天", "qintian"),
        ("乐天", "yuetian"),
        ("周建国", "zhoujianguo"),
        ("华", "hua"),
        ("Anna Zhao", "annazhao"),
    ],
)
def test_people_are_read_by_their_surname(name: str, full: str) -> None:
    assert spell([name], surname=True)[0].full == full


def test_only_people_have_surnames() -> None:
    assert spell(["黑石"])[0].full == "heishi"
    assert spell(["黑石"], surname=True)[0].full == "heshi"


def test_order_and_repeats_are_kept() -> None:
    assert [each.initials for each in spell(["华为", "Siemens AG", "华为", ""])] == ["hw", "sa", "hw", ""]
    assert spell([]) == []


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("Siemens AG", "siemensag", "sa"),
        ("Müller & Söhne", "mullersohne", "ms"),
        ("ＡＢＣ", "abc", "a"),
        ("…", "...", "..."),
        ("2026-0147", "20260147", "2"),
    ],
)
def test_text_without_chinese_needs_no_pinyin(
    text: str, full: str, initials: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinyin, "_look_up", pytest.fail)
    monkeypatch.setattr(pinyin, "_ask", pytest.fail)
    assert spell([text]) == [Spelling(full, initials)]


def test_a_process_with_screens_asks_another(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()  # a folder of that name must not stand in the way
    code = (
        "import sys; sys.modules['textual'] = sys\n"
        "from models.words.pinyin import spell\n"
        "print(*spell(['华为', '单志\\ud800强'], surname=True)[1], 'pypinyin' in sys.modules)"
    )
    prelude = f"import sys; sys.path[:0] = {[part for part in sys.path if part]!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["shanzhiqiang", "szq", "False"]


def test_asking_and_looking_up_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["华为科技", "重庆 ABC", "单于 \x00\n"]
    here = spell(texts)
    monkeypatch.setattr(pinyin, "_spelt", {})
    monkeypatch.setitem(sys.modules, "textual", sys)
    assert spell(texts) == here


@pytest.mark.parametrize("executable", ["/nonexistent", "/bin/false", "/bin/true"])
def test_a_failing_process_leaves_the_text(executable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual", sys)
    monkeypatch.setattr(sys, "executable", executable)
    assert spell(["华为 Cloud", "Siemens AG"]) == [Spelling("华为cloud", "华c"), Spelling("siemensag", "sa")]


def test_a_slow_process_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o700)
    monkeypatch.setitem(sys.modules, "textual", sys)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(pinyin, "_TIMEOUT", 0.05)
    assert spell(["华为"]) == [Spelling("华为", "华")]


def test_a_failure_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pinyin, "_look_up", lambda texts: None)
        assert spell(["华为"])[0].full == "华为"
    assert spell(["华为"])[0].full == "huawei"


def test_results_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    first = spell(["华为", "单强"])
    monkeypatch.setattr(pinyin, "_look_up", pytest.fail)
    assert spell(["单强", "华为"]) == first[::-1]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("徐明哲", "Xu Mingzhe"),
        ("欧阳修", "Ouyang Xiu"),
        ("尉迟恭", "Yuchi Gong"),
        ("单志强", "Shan Zhiqiang"),
        ("吕布", "Lyu Bu"),
        ("华", "Hua"),
        ("买买提·吐尔逊", "Maimaiti Tuerxun"),
        ("𠮷野家", "𠮷 Yejia"),
        ("Vivian 李", "Vivian Li"),
        ("O'Neil", "O'Neil"),
        ("", ""),
    ],
)
def test_a_name_in_latin_letters_has_its_surname_apart(name: str, letters: str) -> None:
    assert pinyin.latin([name]) == [letters]


def test_names_in_latin_letters_are_asked_for_once_and_stay_as_they_are_where_nobody_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pinyin, "_written", {})
    monkeypatch.setattr(pinyin, "_look_up", lambda texts: None)
    assert pinyin.latin(["徐明哲", "Anna"]) == ["徐明哲", "Anna"]
    monkeypatch.undo()
    assert pinyin.latin(["徐明哲", "Anna", "徐明哲"]) == ["Xu Mingzhe", "Anna", "Xu Mingzhe"]
