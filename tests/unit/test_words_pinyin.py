"""Pinyin is right for companies and for people, by every reading, and never costs the program its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.words import alike, pinyin
from models.words.pinyin import NOT_YET, Spelling, latin, spell, work_out


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_spelt", {})


def usual(text: str, surname: bool = False) -> tuple[str, str]:
    """The usual reading in full, and its initials, without what divides the parts."""
    spelling = spell([text], surname)[0]
    full, initials = ("".join(part.split("/")[0] for part in each.split()) for each in spelling)
    return full, initials


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
    assert usual(text) == (full, initials)


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
        ("乐正子春", "yuezhengzichun"),
        ("翟天", "zhaitian"),
        ("黑伟", "hewei"),
        ("覃天", "qintian"),
        ("乐天", "yuetian"),
        ("卜明", "buming"),
        ("周建国", "zhoujianguo"),
        ("华", "hua"),
        ("Anna Zhao", "annazhao"),
    ],
)
def test_people_are_read_by_their_surname(name: str, full: str) -> None:
    assert usual(name, surname=True)[0] == full


def test_only_people_have_surnames() -> None:
    assert usual("黑石")[0] == "heishi"
    assert usual("黑石", surname=True)[0] == "heshi"


@pytest.mark.parametrize(
    ("text", "surname", "typed"),
    [
        ("朝阳集团", False, ["chaoyang", "zhaoyang", "cyjt", "zyjt", "yangjituan"]),
        ("单志强", True, ["shanzhiqiang", "danzhiqiang", "chan", "szq", "dzq"]),
        ("重庆银行", False, ["zhongqing", "chongqing", "yinxing", "yinhang", "zqyh"]),
        ("绿地", False, ["lvdi", "ludi", "lüdi"]),
    ],
)
def test_every_reading_of_a_character_finds(text: str, surname: bool, typed: list[str]) -> None:
    for each in typed:
        assert alike.found(each, text, spelt=spell([text], surname)[0]), each


def test_order_and_repeats_are_kept() -> None:
    assert [each.initials for each in spell(["华为", "Siemens AG", "华为", ""])] == ["h w", "s a", "h w", ""]
    assert spell([]) == []


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("Siemens AG", "siemens ag", "s a"),
        ("Müller & Söhne", "muller sohne", "m s"),
        ("ＡＢＣ", "abc", "a"),
        ("…", "...", "."),
        ("2026-0147", "20260147", "2"),
    ],
)
def test_text_without_chinese_is_spelt_at_once(
    text: str, full: str, initials: str, spelling_by_another_process: None
) -> None:
    assert spell([text]) == [Spelling(full, initials)]


def test_the_program_asks_another_process_and_waits_for_it_only_to_work_out(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()  # a folder of that name must not stand in the way
    code = (
        "from models.words.pinyin import spell, work_out\n"
        "names = ['华为', '单志\\ud800强']\n"
        "print(spell(names)[0].full or 'nothing', end=' | ')\n"
        "print(*work_out(names, surname=True)[1], sep=' | ', end=' | ')\n"
        "print(*spell(names, surname=True)[1], 'pypinyin' in sys.modules, sep=' | ')"
    )
    prelude = f"import sys; sys.path[:0] = {[part for part in sys.path if part]!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    spelling = "shan/dan/chan zhi qiang/jiang | s/d/c z q/j"
    assert done.stdout.strip() == f"nothing | {spelling} | {spelling} | False"


def test_asking_and_looking_up_agree(spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["华为科技", "重庆 ABC", "单于 \x00\n"]
    asked = work_out(texts)
    monkeypatch.setattr(pinyin, "_spelt", {})
    monkeypatch.setattr(pinyin, "_ask", pinyin._look_up)
    assert work_out(texts) == asked
    assert NOT_YET not in asked


@pytest.mark.parametrize("executable", ["/nonexistent", "/bin/false", "/bin/true"])
def test_a_failing_process_leaves_the_spelling_open(
    executable: str, spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert work_out(["华为 Cloud", "Siemens AG"]) == [NOT_YET, Spelling("siemens ag", "s a")]


def test_a_process_that_never_answers_is_given_up(
    tmp_path: Path, spelling_by_another_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(pinyin, "_TIMEOUT", 0.05)
    assert work_out(["华为"]) == [NOT_YET]


def test_a_failure_is_not_remembered_and_a_result_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pinyin, "_read", lambda runs, *, ask: None if runs else [])
        assert work_out(["华为"]) == [NOT_YET]
    first = work_out(["华为", "单强"])
    monkeypatch.setattr(pinyin, "_look_up", lambda runs: None)
    assert spell(["单强", "华为"]) == first[::-1]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("徐明哲", "Xu Mingzhe"),
        ("欧阳修", "Ouyang Xiu"),
        ("尉迟恭", "Yuchi Gong"),
        ("完颜阿骨打", "Wanyan Aguda"),
        ("拓跋宏", "Tuoba Hong"),
        ("爱新觉罗溥仪", "Aixinjueluo Puyi"),
        ("单志强", "Shan Zhiqiang"),
        ("吕布", "Lyu Bu"),
        ("华", "Hua"),
        ("买买提·吐尔逊", "Maimaiti Tuerxun"),
        ("买买提 吐尔逊", "Maimaiti Tuerxun"),
        ("Vivian 李", "Vivian Li"),
        ("O'Neil", "O'Neil"),
        ("", ""),
    ],
)
def test_a_name_in_latin_letters_has_its_surname_apart(name: str, letters: str) -> None:
    assert latin(name, spell([name], surname=True)[0].full) == letters


def test_every_surname_of_several_characters_stands_apart() -> None:
    for surname in sorted(pinyin._DIVIDED):
        first, given = latin(f"{surname}明", spell([f"{surname}明"], surname=True)[0].full).split()
        assert given == "Ming"
        assert first.istitle()


def test_a_name_stays_as_it_is_until_its_spelling_is_known() -> None:
    assert latin("徐明哲", "") == "徐明哲"
    assert latin("徐明哲", "xu ming") == "徐明哲", "the spelling of another name"
