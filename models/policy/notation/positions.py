"""The line of every key and row of a TOML text, which `tomllib` does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from models.policy.problem import Path

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
