"""Pinyin of names, for finding and ordering them and for writing them in Latin letters.

A spelling is stored with the name: `chao/zhao yang` of 朝阳, a part for each character or foreign word, every reading
of a character that has several, the usual one first. `pypinyin` costs 56 MB, so the program itself never imports it:
names are spelt by a short-lived process, which runs this file as a script. Hence nothing but the standard library is
imported at the top.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_TIMEOUT = 60.0  # seconds; nobody waits for it
_REMEMBERED = 4096
# Surnames whose reading as a surname is not the character's usual one, or not surely so.
_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai", "乐正": "yue zheng",
    "仲长": "zhong chang", "公乘": "gong sheng", "毋丘": "guan qiu", "毌丘": "guan qiu",
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "任": "ren", "区": "ou",
    "盖": "ge", "华": "hua", "纪": "ji", "翟": "zhai", "缪": "miao", "员": "yun", "覃": "qin", "乐": "yue",
    "黑": "he", "折": "she", "洗": "xian", "冼": "xian", "种": "chong", "繁": "po", "召": "shao", "秘": "bi",
    "柏": "bai", "薄": "bo", "都": "du", "乜": "nie", "佴": "nai", "祭": "zhai", "藏": "zang", "阚": "kan",
    "隗": "wei", "郇": "xun", "尉": "yu", "句": "gou", "钭": "tou", "莘": "shen", "晟": "cheng", "炅": "gui",
    "卜": "bu", "么": "yao", "贠": "yun", "臧": "zang", "牟": "mou", "葛": "ge", "费": "fei", "曲": "qu",
}  # fmt: skip
_LONG = """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠
    公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁
    拓跋 拓拔 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘
    公伯 西门 公祖 第五 公乘 贯丘 公皙 南荣 东里 东宫 仲长 子桑 即墨 达奚 褚师 单于 淳于 叔孙 屈突 尔朱 相里 胡母
    司城 雍门 毋丘 毌丘 贺兰 綦毋 屋庐 北宫 南郭 完颜 叶赫 那拉 纳兰 纳喇 耶律 贺若 贺拔 斛律 豆卢 乞伏 秃发 沮渠
    哥舒 仆固 富察 乌雅 范姜 钟吾 呼衍 宿勤 叱干 库狄 爱新觉罗 叶赫那拉 钮祜禄 瓜尔佳 赫舍里 舒穆禄 侯莫陈 破六韩
    阿史那 吐谷浑
"""
"""Surnames of several characters."""
_DIVIDED = frozenset(_LONG.split())
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PARTS = rf"[{_HAN}]|[^{_HAN}\s·•・‧]+"  # compiled when it is first used, which no start waits for


class Spelling(NamedTuple):
    """`hua wei ke ji` and `h w k j` of 华为科技: lower case, parts divided by blanks, readings of one part by `/`."""

    full: str
    initials: str


NOT_YET = Spelling("", "")
"""Of a text whose spelling is not known yet."""
Readings = list[list[str]]
"""Of the characters of a run of them, the readings of each."""

_spelt: dict[tuple[str, bool], Spelling] = {}


def spell(texts: Sequence[str], surname: bool = False) -> list[Spelling]:
    """The spelling of each text, in order, as far as it is known already, else NOT_YET; with `surname` the texts are
    people's names. Waits for nothing."""
    return _spell(texts, surname, ask=False)


def work_out(texts: Sequence[str], surname: bool = False) -> list[Spelling]:
    """As `spell`, but what is not known is asked for, which may take seconds: not for the event loop nor for a
    transaction. NOT_YET where it could not be had."""
    return _spell(texts, surname, ask=True)


def latin(name: str, spelling: str) -> str:
    """A person's name in Latin letters, as a foreigner reads it, by its spelling in full: `Xu Mingzhe` of 徐明哲,
    `Maimaiti Tuerxun` of 买买提·吐尔逊. One in Latin letters, or without a spelling yet, stays as it is."""
    parts = [part.split("/")[0] for part in spelling.split()]
    if not spelling or len(parts) != len(_parts(name)) or not re.search(f"[{_HAN}]", name):
        return name
    return " ".join([_latin(word, [parts.pop(0) for _ in _parts(word)], name) for word in _words(name)])


def _latin(word: str, parts: Sequence[str], name: str) -> str:
    """A word of a name in Latin letters; the surname apart, written as a passport has it, where all of the name is
    this one word of Chinese characters."""
    if not re.search(f"[{_HAN}]", word):
        return word
    letters = [part.replace("v", "yu") for part in parts]
    if not re.fullmatch(f"[{_HAN}]+", name):
        return "".join(letters).capitalize()
    head = max(1, len(_surname(word)) if len(word) > len(_surname(word)) else 1)
    return " ".join(["".join(part).capitalize() for part in (letters[:head], letters[head:]) if part])


def _spell(texts: Sequence[str], surname: bool, *, ask: bool) -> list[Spelling]:
    fresh = [text for text in dict.fromkeys(texts) if (text, surname) not in _spelt]
    known = {text: _spelt[text, surname] for text in texts if text not in fresh}
    runs = {text: re.findall(f"[{_HAN}]+", _folded(text)) for text in fresh}
    heads = {text: _surname(_folded(text)) if surname else "" for text in fresh}
    wanted = {run: [run[: len(heads[text])], run[len(heads[text]) :]] if at == 0 else [run]
              for text in fresh for at, run in enumerate(runs[text])}  # fmt: skip
    pieces = [piece for halves in wanted.values() for piece in halves if piece]
    read = dict(zip(pieces, _read(list(pieces), ask=ask) or (), strict=False))
    for text in fresh:
        said = [each for run in runs[text] for piece in wanted[run] if piece for each in read.get(piece, ())]
        if len(said) < sum(map(len, runs[text])):
            known[text] = NOT_YET
            continue
        known[text] = _spelling(text, _as_surname(heads[text], said))
        if len(_spelt) >= _REMEMBERED:
            _spelt.clear()
        _spelt[text, surname] = known[text]
    return [known[text] for text in texts]


def _spelling(text: str, readings: Readings) -> Spelling:
    """One spelling from the readings of the characters and the foreign words between them."""
    rest = iter(readings)
    parts = [next(rest) if re.match(f"[{_HAN}]", part) else [part] for part in _parts(text)]
    parts = parts or [["".join(_folded(text).split())]]
    initials = [list(dict.fromkeys([reading[:1] for reading in part])) for part in parts]
    full, short = (" ".join(["/".join(part) for part in each]) for each in (parts, initials))
    return Spelling(full, short)


def _as_surname(head: str, readings: Readings) -> Readings:
    """The readings with those of a surname in front."""
    said = _SURNAMES.get(head, "").split()
    return [list(dict.fromkeys([*said[at : at + 1], *each])) for at, each in enumerate(readings)]


def _surname(name: str) -> str:
    """The surname a Chinese name begins with, where it is one of several characters or read in a way of its own."""
    sizes = (size for size in (4, 3, 2, 1) if name[:size] in _DIVIDED or name[:size] in _SURNAMES)
    return next((name[:size] for size in sizes if len(name) >= size), "")


def _words(name: str) -> list[str]:
    return re.split(r"[\s·•・‧]+", name.strip())


def _parts(text: str) -> list[str]:
    """The characters and foreign words of a text that have a part of its spelling each."""
    found = [_bare(part) for part in re.findall(_PARTS, _folded(text))]
    return [part for part in found if part]


def _bare(word: str) -> str:
    """Letters and digits without accents."""
    plain = "".join([char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)])
    return "".join([char for char in plain if char.isalnum()])


def _folded(text: str) -> str:
    # Not that of `alike`: as a script this file imports nothing of the program.
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _read(runs: Sequence[str], *, ask: bool) -> list[Readings] | None:
    """The readings of the characters of each run; None where they are not to be had, or only by asking."""
    return (_ask(runs) if ask else None) if runs else []


def _look_up(runs: Iterable[str]) -> list[Readings] | None:
    try:
        from pypinyin import Style, lazy_pinyin, pinyin
    except ImportError:
        return None

    def letters(reading: str) -> str:
        return _bare(reading.replace("ü", "v")) or reading

    read = []
    for run in runs:
        usual = lazy_pinyin(run)
        if len(usual) != len(run):  # characters without a reading are given as one
            usual = [lazy_pinyin(char)[0] for char in run]
        others = [pinyin(char, style=Style.NORMAL, heteronym=True)[0] for char in run]
        both = zip(usual, others, strict=True)
        read.append([list(dict.fromkeys([letters(each) for each in (first, *rest)])) for first, rest in both])
    return read


def _ask(runs: Sequence[str]) -> list[Readings] | None:
    """`_look_up` in a process of its own, started by this file's path so that the folder does not matter."""
    import json

    try:
        answer = subprocess.run(
            [sys.executable, "-E", "-P", __file__],
            input=json.dumps(runs).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=True,
        )
        read: list[Readings] | None = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return read if read is None or len(read) == len(runs) else None


def _answer() -> None:
    import json

    json.dump(_look_up(json.load(sys.stdin.buffer)), sys.stdout)


if __name__ == "__main__":
    _answer()
