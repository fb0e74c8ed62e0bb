"""What a Chinese input method leaves in a TOML text outside of its strings: full-width signs, digits and quotes, words
without quotes, units behind numbers. Where each stands, and what is to be written in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from models.policy.record import record

SIGNS = dict(zip("。、；：【】〔〕—−–", ".,,=[][]---", strict=True))
"""Signs that are no full-width form of the one that is meant."""
OPENING, CLOSING = "“”„＂「『‘’＇", "”“＂」』’‘＇\"'"
SPANS = {"分钟": "m", "小时": "h", "天": "d", "日": "d", "个工作日": "wd", "工作日": "wd", "周": "w", "星期": "w"}
SPANS |= {"个星期": "w", "个月": "mo", "月": "mo", "年": "y"}
"""Lengths of time behind a number, and how the notation writes them."""
TIMES = {"万": 10_000, "千": 1_000, "百": 100}
NUMBER = re.compile(r"[+-]?[0-9０-９][0-9０-９_]*(?:[.．][0-9０-９]+)?")
THOUSANDS = re.compile(r"[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])")
DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
WORD = re.compile(r"[ \t]*([\u3400-\u9fff]+)")
BARE = re.compile(r"[\u3400-\u9fff][\w\u3400-\u9fff·]*")
FULL = re.compile(r"[\uff01-\uff5e]+")
SUPERFLUOUS = "\u200b\u200c\u200d\u2060\ufeff¥￥"


@record
class Slip:
    """`was` stands at `at` of the text, in this line and column (both from 1), and is to be `instead`."""

    at: int
    line: int
    column: int
    was: str
    instead: str


def slips(text: str) -> list[Slip]:
    """Every slip of a text that is no TOML, in its order; none of them is in a comment or a string that is whole."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    found: list[Slip] = []
    line = 0
    for at, was, instead in _Scan(text).walk():
        while line + 1 < len(starts) and starts[line + 1] <= at:
            line += 1
        found.append(Slip(at, line + 1, at - starts[line] + 1, was, instead))
    return found


def mended(text: str) -> str:
    """The text with all its slips as they should be."""
    pieces, end = [], 0
    for slip in slips(text):
        pieces += [text[end : slip.at], slip.instead]
        end = slip.at + len(slip.was)
    return "".join([*pieces, text[end:]])


Cut = tuple[int, str, str]
"""Where what is to be what."""


class _Scan:
    """Walks a text that need not be valid. `before`: the last sign that is no blank; `depth`: of a value's brackets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.before = "\n"
        self.depth = 0

    def walk(self) -> Iterator[Cut]:
        """Each slip, in order."""
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign in "#＃":
                yield from self._change(sign, "#")
                self.at = self._line_end()
            elif sign in "\"'":
                yield from self._string(sign)
            elif sign in OPENING:
                yield from self._quoted()
            elif self._value_here() and (found := DATE.match(self.text, self.at)):
                year, month, day = map(int, found.groups())
                yield from self._change(found[0], f"{year:04}-{month:02}-{day:02}")
            elif self._value_here() and (found := NUMBER.match(self.text, self.at)):
                yield from self._number(found[0])
            elif self._value_here() and (found := BARE.match(self.text, self.at)):
                yield from self._change(found[0], f'"{found[0]}"')
            else:
                yield from self._sign(sign)

    def _value_here(self) -> bool:
        return self.before == "=" or (self.depth > 0 and self.before in "[,")

    def _line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _change(self, was: str, instead: str) -> Iterator[Cut]:
        """What stands here, and beyond it."""
        if was != instead:
            yield self.at, was, instead
        self.at += len(was)
        if instead.strip():
            self.before = instead.strip()[-1]

    def _string(self, quote: str) -> Iterator[Cut]:
        """A string in good quotes; one that such a quote opens and another closes."""
        self.before = quote
        if self.text.startswith(quote * 3, self.at):
            end = self.text.find(quote * 3, self.at + 3)
            self.at = len(self.text) if end < 0 else end + 3
            return
        depth = 0
        for at in range(self.at + 1, self._line_end()):
            sign = self.text[at]
            if sign == quote and not (quote == '"' and self._escaped(at)):
                self.at = at + 1
                return
            if sign == "“":
                depth += 1
            elif sign in "”＂" or (quote == "'" and sign in "’＇"):
                depth -= 1
                if depth < 0:
                    yield at, sign, quote
                    self.at = at + 1
                    return
        self.at = self._line_end()

    def _escaped(self, at: int) -> bool:
        before = self.text[self.at : at]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _quoted(self) -> Iterator[Cut]:
        """A string in quotes of another kind, up to whatever closes it."""
        start, line = self.at, self.text[self.at : self._line_end()]
        close = next((at for at in range(1, len(line)) if line[at] in CLOSING), None)
        yield from self._change(line[0], '"')
        if close is not None:
            inside = line[1:close]
            self.at = start + close
            if "\\" in inside:
                yield start + 1, inside, inside.replace("\\", "\\\\")
            yield from self._change(line[close], '"')

    def _number(self, written: str) -> Iterator[Cut]:
        """A number with what stands behind it: a unit is no part of it, a length of time is text."""
        if self.before == "=" and self.depth == 0 and (grouped := THOUSANDS.match(self.text, self.at)):
            written = grouped[0]
        behind = WORD.match(self.text, self.at + len(written))
        plain = re.sub("[,，]", "", unicodedata.normalize("NFKC", written))
        if written != unicodedata.normalize("NFKC", written) or behind or plain != written:
            unit = behind[1] if behind else ""
            yield from self._change(written + (behind[0] if behind else ""), _amount(plain, unit))
        else:
            yield from self._change(written, written)

    def _sign(self, sign: str) -> Iterator[Cut]:
        if found := FULL.match(self.text, self.at):
            whole = found[0][: next((n for n, each in enumerate(found[0]) if n and _apart(found[0][0], each)), None)]
            instead = "".join(SIGNS.get(each, chr(ord(each) - 0xFEE0)) for each in whole)
        elif sign in SUPERFLUOUS:
            whole, instead = sign, ""
        elif sign.isspace():
            whole, instead = sign, sign if sign in " \t\r\n" else " "
        else:
            whole, instead = sign, SIGNS.get(sign, sign)
        if whole != instead and instead in (",", ".") and not self.depth and self._last(self.at + len(whole)):
            instead = ""  # a line of TOML ends without a sign
        self._nest(instead)
        yield from self._change(whole, instead)
        if instead == "\n":
            self.before = self.before if self.depth else "\n"

    def _last(self, at: int) -> bool:
        """Whether nothing but a comment follows on the line."""
        return re.compile(r"[ \t\r]*(?:[#＃\n]|$)").match(self.text, at) is not None

    def _nest(self, sign: str) -> None:
        """Count brackets of values; those at the beginning of a line are of a head."""
        if sign in ("[", "{") and (self.depth or self.before == "="):
            self.depth += 1
        elif sign in ("]", "}"):
            self.depth = max(0, self.depth - 1)


def _apart(first: str, other: str) -> bool:
    """Whether two full-width signs are told apart: only letters and digits go together."""
    return not (first.isalnum() and other.isalnum())


def _amount(number: str, unit: str) -> str:
    """A number and the word behind it as the notation has them: `150 元` is 150, `1.2万元` 12000, `3天` "3d"."""
    if unit in SPANS and number.isdecimal():
        return f'"{number}{SPANS[unit]}"'
    if unit[:1] in TIMES:
        found = Decimal(number.replace("_", "")) * TIMES[unit[:1]]
        return f"{found:f}".rstrip("0").rstrip(".") if "." in f"{found:f}" else f"{found:f}"
    return number
