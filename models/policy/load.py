"""From the text of a `config.toml`, or a folder of them, to a `Policy`, or to all that is wrong with it at once."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import count, pairwise
from typing import Any

from models.frozen import record
from models.policy.keys import DECLARING, FILE_KEYS, TABLES
from models.policy.model import Path, Policy, PolicyErrors, Problem, Right, spelt
from models.policy.notation import ANCHORS, Reading, table, unique
from models.policy.right import ANYBODY, NEVER_LOST, ON_A_VISIT, meant_by
from models.words import Phrase, clean

# The line of every key and row of a TOML text, which `tomllib` does not tell.

_ENDS_KEY = frozenset(" \t\r\n.=]#,")


def positions(text: str) -> Mapping[Path, int]:
    """Each key path of a TOML text that `tomllib` accepts, and the line it begins on.

    ("tier", 1, "hotel", "stars") → 31: rows of arrays are counted from 0; also inside inline tables and arrays.
    """
    return _Scan(text).found


def spans(text: str) -> Mapping[Path, tuple[int, int]]:
    """Where the value of each key and each entry of an array written in brackets begins and ends in the text."""
    return _Scan(text).spans


def line_of(found: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it; 1 for the whole file."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


class _Scan:
    """Walks a text known to be valid, so that it need not look at more than brackets, strings and keys."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", " \n") + "\n"  # as long as before
        self.at = 0
        self.line = 1
        self.found: dict[Path, int] = {}
        self.rows: dict[Path, int] = {}
        self.spans: dict[Path, tuple[int, int]] = {}
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while self._blank():
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        line = self.line
        self._move(brackets)
        names = self._key()
        self._move(brackets)
        if brackets == 1:
            return self._resolve(names, line)
        table = (*self._resolve(names[:-1], line), names[-1])
        self.rows[table] = self.rows.get(table, -1) + 1
        self.found.setdefault(table, line)
        table = (*table, self.rows[table])
        self.found[table] = line
        return table

    def _resolve(self, names: list[str], line: int) -> Path:
        """`[a.b]` below `[[a]]` means the last row of a; a table around it that is not there yet begins with it."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            self.found.setdefault(path, line)
            if path in self.rows:
                path = (*path, self.rows[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        for name in self._key():
            table = (*table, name)
            self.found.setdefault(table, line)
        self._move(1)
        self._value(table)

    def _key(self) -> list[str]:
        """The names of a dotted key; stops at what follows it."""
        names = []
        while True:
            self._blank()
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                names.append(str(tomllib.loads(f"k = {self.text[start : self.at]}")["k"]))
            else:
                while self.text[self.at] not in _ENDS_KEY:
                    self._move(1)
                names.append(self.text[start : self.at])
            self._blank()
            if self.text[self.at] != ".":
                return names
            self._move(1)

    def _value(self, path: Path) -> None:
        self._blank()
        start, first = self.at, self.text[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline(path)
        elif first in "\"'":
            self._string()
        else:
            while self.text[self.at] not in ",]}#\n":
                self._move(1)
        self.spans[path] = (start, start + len(self.text[start : self.at].rstrip()))

    def _array(self, path: Path) -> None:
        self._move(1)
        index = 0
        while not self._closes("]"):
            self.found[(*path, index)] = self.line
            self._value((*path, index))
            index += 1

    def _inline(self, path: Path) -> None:
        self._move(1)
        while not self._closes("}"):
            self._pair(path)

    def _closes(self, bracket: str) -> bool:
        """Over a comma and blanks; whether the bracket ends here, which is then behind."""
        while self._blank() and self.text[self.at] == ",":
            self._move(1)
        closes = self.text[self.at] == bracket
        self._move(1 if closes else 0)
        return closes

    def _string(self) -> None:
        quote = self.text[self.at]
        end = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self._move(len(end))
        while not self.text.startswith(end, self.at):
            self._move(2 if quote == '"' and self.text[self.at] == "\\" else 1)
        self._move(len(end))
        while len(end) == 3 and self.text.startswith(quote, self.at):  # `""""` closes with a quote before it
            self._move(1)

    def _blank(self) -> bool:
        """Over spaces, line ends and comments; whether anything follows."""
        while self.at < len(self.text) and self.text[self.at] in " \t\n#":
            if self.text[self.at] == "#":
                self.at = self.text.index("\n", self.at)
            else:
                self._move(1)
        return self.at < len(self.text)

    def _move(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count


# What a Chinese input method leaves in a TOML text outside of its strings: full-width signs, digits and quotes, words
# without quotes, units behind numbers. Where each stands, and what is to be written in its place.

SIGNS = dict(zip("。、；：【】〔〕—−–", ".,,=[][]---", strict=True))
"""Signs that are no full-width form of the one that is meant."""
OPENING, CLOSING = "“”„＂「『‘’＇", "”“＂」』’‘＇\"'"
SPANS = {"分钟": "m", "小时": "h", "天": "d", "日": "d", "个工作日": "wd", "工作日": "wd", "周": "w", "星期": "w"}
SPANS |= {"个星期": "w", "个月": "mo", "月": "mo", "年": "y"}
"""Lengths of time behind a number, and how the notation writes them."""
TIMES = {"万": 10_000, "千": 1_000, "百": 100}
# Patterns are compiled when a text turns out to be no TOML: that takes longer than reading a whole policy.
NUMBER = r"[+-]?[0-9０-９][0-9０-９_]*(?:[.．][0-9０-９]+)?"
THOUSANDS = r"[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])"
DATE = r"(\d{4})年(\d{1,2})月(\d{1,2})日?"
WORD = r"[ \t]*([\u3400-\u9fff]+)"
BARE = r"[\u3400-\u9fff][\w\u3400-\u9fff·]*"
FULL = r"[\uff01-\uff5e]+"
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
    for at, was, instead in _SlipScan(text).walk():
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


class _SlipScan:
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
            elif self._value_here() and (found := self._match(DATE)):
                year, month, day = map(int, found.groups())
                yield from self._change(found[0], f"{year:04}-{month:02}-{day:02}")
            elif self._value_here() and (found := self._match(NUMBER)):
                yield from self._number(found[0])
            elif self._value_here() and (found := self._match(BARE)):
                yield from self._change(found[0], f'"{found[0]}"')
            else:
                yield from self._sign(sign)

    def _match(self, pattern: str, further: int = 0) -> re.Match[str] | None:
        """What matches here, or so many signs further."""
        return re.compile(pattern).match(self.text, self.at + further)

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
        if self.before == "=" and self.depth == 0 and (grouped := self._match(THOUSANDS)):
            written = grouped[0]
        behind = self._match(WORD, len(written))
        plain = re.sub("[,，]", "", unicodedata.normalize("NFKC", written))
        if written != unicodedata.normalize("NFKC", written) or behind or plain != written:
            unit = behind[1] if behind else ""
            yield from self._change(written + (behind[0] if behind else ""), _amount(plain, unit))
        else:
            yield from self._change(written, written)

    def _sign(self, sign: str) -> Iterator[Cut]:
        if found := self._match(FULL):
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


# From the text of a `config.toml` to a `Policy`, or to all that is wrong with it at once.

LARGEST = 2_000_000
"""Bytes of a file; the longest regulation has a tenth of it, and whatever has more is something else."""


def load_file(path: str | os.PathLike[str]) -> Policy:
    """The policy of a file. Raises PolicyErrors with every problem, also when the file cannot be read."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would wait for ever
            raise PolicyErrors([_whole("no_file")], str(path))
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PolicyErrors([_whole("unreadable", what=error.strerror or "")], str(path)) from None
    if len(data) > LARGEST:
        raise PolicyErrors([_whole("too_large", most=LARGEST // 1_000_000)], str(path))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyErrors([Problem(line, "", Phrase("policy.not_utf8"))], str(path)) from None
    return load_text(text, str(path))


def load_text(text: str, name: str = "config.toml") -> Policy:
    """The policy of a file's exact text; `name` is the file in errors. Raises PolicyErrors with every problem."""
    data = parsed(text, name)
    r = Reading(_declared(data), _listed(data), _fields(data), _minor(data))
    read = table(r, (), data, FILE_KEYS)
    check_between(r, read)
    if r.wrong:
        found = positions(text.removeprefix("\ufeff"))
        raise PolicyErrors([Problem(line_of(found, at), clean(spelt(at)), what) for at, what in r.wrong], name)
    lists = read.pop("list")
    named = {TABLES[key].rows if key in TABLES else key: value for key, value in read.items()}
    return Policy(text=text, lists=lists, **named)


def parsed(text: str, name: str) -> dict[str, object]:
    """The TOML of a text. Raises PolicyErrors with line and column of what makes it none."""
    if re.search("[\ud800-\udfff]", text):
        raise PolicyErrors([_whole("not_utf8")], name)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=_decimal)
    except RecursionError:
        raise PolicyErrors([_whole("too_deep")], name) from None
    except ValueError as error:  # also a number of thousands of digits, which is no TOMLDecodeError
        raise PolicyErrors(_syntax(text, str(error)), name) from None


def _syntax(text: str, said: str) -> list[Problem]:
    """What makes a text no TOML: every slip of an input method, and what else the parser stops at."""
    found = slips(text.removeprefix("\ufeff"))
    problems = [Problem(slip.line, "", _slip(slip)) for slip in found]
    if found:
        try:
            tomllib.loads(mended(text.removeprefix("\ufeff")), parse_float=_decimal)
            return problems
        except ValueError as error:
            said = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    what = clean(said[: place.start()] if place else said)
    if place is None or place[1] is None:
        line = text.count("\n") + 1 if place else 0
        return [*problems, Problem(line, "", Phrase("policy.syntax", {"what": what}))]
    line, column = int(place[1]), int(place[2])
    here = {slip.line for slip in found}
    if line in here:  # its column is that of the mended line
        return problems
    return [*problems, Problem(line, "", Phrase("policy.syntax_at", {"what": what, "column": column}))]


def _slip(slip: Slip) -> Phrase:
    """What stands there and what is to be written instead."""
    key = "slip_blank" if slip.was.isspace() else "slip" if slip.instead else "slip_out"
    was = clean(slip.was) if slip.was.isprintable() else f"U+{ord(slip.was[0]):04X}"
    return Phrase(f"policy.{key}", {"column": slip.column, "was": was, "instead": slip.instead})


def _whole(key: str, **facts: object) -> Problem:
    return Problem(0, "", Phrase(f"policy.{key}", facts))


def _decimal(written: str) -> Decimal:
    """A TOML float; what no Decimal can be is not a number, and is refused where it stands."""
    try:
        return Decimal(written.replace("_", ""))
    except InvalidOperation:
        return Decimal("NaN")


# What the file declares is looked up before any row is read, so that rows may name later ones and a bad
# row makes no further errors where others name it.


def _rows(data: Mapping[str, object], key: str) -> Iterator[dict[str, object]]:
    rows = data.get(key)
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, dict))


def _ids(rows: object) -> tuple[str, ...]:
    found = [row.get("id") if isinstance(row, dict) else row for row in rows] if isinstance(rows, list) else []
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str)))


def _declared(data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    return {key: _ids(data.get(key)) for key in DECLARING}


def _listed(data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    lists = data.get("list")
    return {key: _ids(rows) for key, rows in lists.items()} if isinstance(lists, dict) else {}


def _fields(data: Mapping[str, object]) -> dict[str, str]:
    """The extra fields of the form and the type of each."""
    return {str(row.get("id")): str(row.get("type")) for row in _rows(data, "need")}


def _minor(data: Mapping[str, object]) -> int:
    currency = data.get("currency")
    minor = currency.get("minor", 2) if isinstance(currency, dict) else 2
    return minor if isinstance(minor, int) and not isinstance(minor, bool) and 0 <= minor <= 4 else 2


# What is wrong between rows: an id used twice, a circle of `up`, of `after`, of stage times.


def check_between(r: Reading, read: Mapping[str, Any]) -> None:
    """Notes what is wrong between the rows of a whole file (`read`: the values of its keys)."""
    for key in DECLARING:
        unique(r, (key,), [row.id for row in read[key] or ()], "id")
    for index, post in enumerate(read["post"] or ()):
        if post.id in r.ids["department"]:
            r.note(("post", index, "id"), "department_and_post", value=post.id)
    for index, stage in enumerate(read["stage"]):
        if stage.id in ANCHORS:
            r.note(("stage", index, "id"), "reserved_anchor", value=stage.id)
    _no_lock_out(r, read)
    _no_circle(r, "post", "up", {post.id: [post.up] for post in read["post"] or ()})
    _no_circle(r, "duty", "after", {duty.id: duty.after for duty in read["duty"]})
    _no_circle(r, "stage", "at", {stage.id: [stage.at.anchor] for stage in read["stage"] if stage.at})


def _no_lock_out(r: Reading, read: Mapping[str, Any]) -> None:
    """Notes where nobody could ever change the people or the regulation: who has the right is a post that is only
    named on a visit, or a department without a lasting one."""
    rights: tuple[Right, ...] = read["right"]
    posts, departments, kinds = (tuple(read[key] or ()) for key in ("post", "department", "kind"))
    for verb in NEVER_LOST:
        rows = [at for at, row in enumerate(rights) if verb in row.do and row.by]
        by = {who for at in rows for who in rights[at].by}
        lasting = {post.id for post in posts if not post.per_visit}
        meant = [each for who in by for each in meant_by(who, posts, departments, kinds)]
        if rows and lasting.isdisjoint(meant) and by.isdisjoint((ANYBODY, *ON_A_VISIT)):
            r.note(("right", rows[0], "by"), "nobodys_right", verb=verb)


def _no_circle(r: Reading, table: str, key: str, edges: Mapping[str, Iterable[str | None]]) -> None:
    """Notes each circle once, at its first row in the file."""
    rows = {one: index for index, one in enumerate(r.ids[table])}
    done: set[str] = set()
    for start in edges:
        circle = _circle_from(start, edges, done)
        if circle:
            first = min(circle, key=lambda one: rows.get(one, 0))
            begin = circle.index(first)
            round_ = [*circle[begin:], *circle[:begin], first]
            r.note((table, rows.get(first, 0), key), "circle", key=key, way=" → ".join(round_))


def _circle_from(start: str, edges: Mapping[str, Iterable[str | None]], done: set[str]) -> list[str]:
    """The first circle met from `start` on, empty if there is none; what was walked is `done`."""
    way: list[str] = []
    walks = [(start, iter(edges[start]))]
    if start in done:
        return []
    way.append(start)
    while walks:
        here, rest = walks[-1]
        following = next((one for one in rest if one in edges and one not in done), None)
        if following is None:
            done.add(here)
            walks.pop()
            way.pop()
        elif following in way:
            circle = way[way.index(following) :]
            done.update(way)
            return circle
        else:
            way.append(following)
            walks.append((following, iter(edges[following])))
    return []


# The versions of a policy: a file is one of them, a folder has one in each of its files. They are never merged.
#
# Versions are in order of their days, newest first, as everything that has an order.


@record
class Version:
    """One file and the policy it is."""

    file: str
    policy: Policy


def policy_files(path: str) -> tuple[str, ...]:
    """The files that are versions: `path` itself, or every `.toml` of the folder that it is, hidden ones left out."""
    if not os.path.isdir(path):
        return (path,)
    names = sorted(name for name in os.listdir(path) if name.endswith(".toml") and not name.startswith("."))
    return tuple(os.path.join(path, name) for name in names)


def read_versions(path: str) -> tuple[tuple[Version, ...], tuple[Problem, ...]]:
    """Every version of a file or folder that can be used, and everything wrong with it and the others."""
    found: list[Version] = []
    problems: list[Problem] = []
    try:
        files = policy_files(path)
    except OSError as error:
        return (), (Problem(0, "", Phrase("policy.unreadable", {"what": error.strerror or ""}), file=path),)
    for file in files:
        try:
            found.append(Version(file, load_file(file)))
        except PolicyErrors as errors:
            problems += [problem.within(file) for problem in errors.problems]
    if not files:
        problems.append(Problem(0, "", Phrase("policy.empty_folder"), file=path))
    found.sort(key=lambda version: version.policy.effective, reverse=True)
    for version, after in pairwise(found):
        if version.policy.effective == after.policy.effective:
            problems += [_same_day(version, after), _same_day(after, version)]
    return tuple(found), tuple(problems)


def load_versions(path: str) -> tuple[Policy, ...]:
    """The policies of a file or folder, at least one. Raises PolicyErrors with every problem of every file."""
    found, problems = read_versions(path)
    if problems:
        raise PolicyErrors(problems, path)
    return tuple(version.policy for version in found)


def _same_day(version: Version, other: Version) -> Problem:
    line = line_of(positions(version.policy.text.removeprefix("\ufeff")), ("effective",))
    facts = {"value": version.policy.effective.isoformat(), "other": os.path.basename(other.file)}
    return Problem(line, "effective", Phrase("policy.same_day", facts), file=version.file)


# A mended copy of a policy file that an input method spoilt, written beside it.


def write_mended(file: str) -> tuple[str, int] | None:
    """Write the file's text, with every slip as it should be, to a new file beside it: `my.toml.fixed`, which no folder
    of versions takes for one. Where it is and how many slips there were; None where none is to be mended.

    Raises OSError, also for a file that cannot be read; nothing is ever written over.
    """
    if not os.path.isfile(file) or os.path.getsize(file) > LARGEST:
        return None
    with open(file, "rb") as source:
        data = source.read()
    try:
        text = data.decode("utf-8")
        parsed(text, file)
        return None
    except UnicodeDecodeError:
        return None
    except PolicyErrors:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        body = text.removeprefix(mark)
        number = len(slips(body))
    if not number:
        return None
    path = next(each for each in _names(file) if not os.path.lexists(each))
    with open(path, "xb") as copy:
        copy.write((mark + mended(body)).encode())
    return path, number


def _names(file: str) -> Iterator[str]:
    yield f"{file}.fixed"
    yield from (f"{file}.fixed.{number}" for number in count(2))
