"""Pinyin of names, for finding and ordering them.

`pypinyin` costs 56 MB, so a process that has screens never imports it: it asks a short-lived process,
which runs this file as a script. Hence nothing but the standard library is imported at the top.
"""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_TIMEOUT = 10.0  # seconds
_REMEMBERED = 4096
# Surnames whose reading as a surname is not the character's usual one, or not surely so.
_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "任": "ren", "区": "ou",
    "盖": "ge", "华": "hua", "纪": "ji", "翟": "zhai", "缪": "miao", "员": "yun", "覃": "qin", "乐": "yue",
    "黑": "he", "折": "she", "洗": "xian", "冼": "xian", "种": "chong", "繁": "po", "召": "shao", "秘": "bi",
    "柏": "bai", "薄": "bo", "都": "du", "乜": "nie", "佴": "nai", "祭": "zhai", "藏": "zang", "阚": "kan",
    "隗": "wei", "郇": "xun", "尉": "yu", "句": "gou", "钭": "tou", "莘": "shen", "晟": "cheng", "炅": "gui",
}  # fmt: skip


class Spelling(NamedTuple):
    """`huaweikeji` and `hwkj` of 华为科技; lower case, no spaces or punctuation."""

    full: str
    initials: str


_spelt: dict[tuple[str, bool], Spelling] = {}
_written: dict[str, str] = {}
_DOUBLE = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 夏侯 诸葛 皇甫 宇文 公孙 慕容 司徒 司空 令狐 轩辕 赫连 百里 呼延"
"""Surnames of two characters that are read as usual."""


def spell(texts: Sequence[str], surname: bool = False) -> list[Spelling]:
    """The pinyin of each text, in order; with `surname` the texts are people's names. Never raises: a text
    whose pinyin cannot be had is spelt by itself. Slow at first (up to 0.3 s): not for the event loop."""
    known = {text: _spelt.get((text, surname)) for text in texts}
    fresh, sure = _spellings([text for text, spelling in known.items() if spelling is None], surname)
    if sure:
        if len(_spelt) + len(fresh) > _REMEMBERED:
            _spelt.clear()
        _spelt.update({(text, surname): spelling for text, spelling in fresh.items()})
    return [known[text] or fresh[text] for text in texts]


def latin(names: Sequence[str]) -> list[str]:
    """Each name of a person in Latin letters, as a foreigner reads it: `Xu Mingzhe` of 徐明哲, `Maimaiti Tuerxun` of
    买买提·吐尔逊; one in Latin letters stays as it is. Never raises, and slow at first, as `spell`."""
    fresh = [name for name in dict.fromkeys(names) if name not in _written]
    syllables, sure = _syllables([word for name in fresh for word in _words(name)], surname=True)
    made = {name: " ".join([_latin(word, syllables[word], name) for word in _words(name)]) for name in fresh}
    known = {name: _written[name] for name in names if name in _written}
    if sure:
        if len(_written) + len(made) > _REMEMBERED:
            _written.clear()
        _written.update(made)
    return [(known if name in known else made)[name] for name in names]


def _spellings(texts: Sequence[str], surname: bool) -> tuple[dict[str, Spelling], bool]:
    """The spelling of each text, and whether they are what they should be."""
    syllables, sure = _syllables(texts, surname)
    return {text: _join(text, syllables[text]) for text in texts}, sure


def _syllables(texts: Sequence[str], surname: bool) -> tuple[dict[str, list[str]], bool]:
    """The syllables of each text, with the foreign words between them, and whether they could be had."""
    heads = {text: _surname(text) if surname else "" for text in texts}
    chinese = [text for text in texts if any(_is_han(char) for char in text)]
    read = _read([text[len(heads[text]) :] for text in chinese])
    syllables = {text: [text] for text in texts}
    for text, rest in zip(chinese, read or (), strict=False):
        syllables[text] = [*_SURNAMES.get(heads[text], "").split(), *rest]
    return syllables, read is not None


def _words(name: str) -> list[str]:
    return name.replace("·", " ").split()


def _latin(word: str, syllables: Sequence[str], name: str) -> str:
    """A word of a name in Latin letters; the surname apart, written as a passport has it, where all of the name is
    this one word of Chinese characters."""
    if not any(_is_han(char) for char in word):
        return word
    parts = [_bare(syllable.replace("v", "yu").replace("ü", "yu")) for syllable in syllables]
    if word != name or len(parts) != len(word):
        return "".join(parts).capitalize()
    head = 2 if len(word) > 2 and (len(_surname(word)) == 2 or word[:2] in _DOUBLE) else 1
    return " ".join(["".join(part).capitalize() for part in (parts[:head], parts[head:]) if part])


def _surname(name: str) -> str:
    return next((name[:size] for size in (2, 1) if name[:size] in _SURNAMES), "")


def _join(text: str, syllables: Sequence[str]) -> Spelling:
    """One spelling from syllables and the foreign words between them."""
    words = [word for syllable in syllables for word in _fold(syllable).replace("·", " ").split()]
    parts = [part for part in ("".join(filter(str.isalnum, _bare(word))) for word in words) if part]
    return Spelling("".join(parts) or _fold(text), "".join([part[0] for part in parts]) or _fold(text))


def _fold(text: str) -> str:
    # Not that of `alike`: as a script this file imports nothing of the program.
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(word: str) -> str:
    """Latin letters without their accents."""
    return "".join([char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)])


def _is_han(char: str) -> bool:
    code = ord(char)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF or code == 0x3007


def _read(texts: Sequence[str]) -> list[list[str]] | None:
    """The syllables of each text, or None when they cannot be had."""
    if not texts:
        return []
    return _ask(texts) if "textual" in sys.modules else _look_up(texts)


def _look_up(texts: Sequence[str]) -> list[list[str]] | None:
    try:
        from pypinyin import lazy_pinyin
    except ImportError:
        return None
    return [list(lazy_pinyin(text)) for text in texts]


def _ask(texts: Sequence[str]) -> list[list[str]] | None:
    """`_look_up` in a process of its own, started by this file's path so that the folder does not matter."""
    import json

    try:
        answer = subprocess.run(
            [sys.executable, "-P", __file__],
            input=json.dumps(texts).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=True,
        )
        read: list[list[str]] | None = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return read if read is None or len(read) == len(texts) else None


def _answer() -> None:
    import json

    json.dump(_look_up(json.load(sys.stdin.buffer)), sys.stdout)


if __name__ == "__main__":
    _answer()
