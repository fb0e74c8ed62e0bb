"""No sentence stays in the catalogues when the code no longer says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from models.words.catalogue import areas, sentences

ROOT = Path(__file__).parents[2]
FILLED = "(.+)"
OF_THE_TERMINAL = ("kit.key.",)
"""Names of keys: settings and commands may ask for any that a terminal has."""
OF_THE_STORE = ("fields.visit_person",)
"""Names of tables, as peewee makes them of their classes."""


def nodes() -> Iterator[ast.AST]:
    """All that stands in the code of the program."""
    for package in ("models", "screens", "tui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from ast.walk(ast.parse(path.read_text("utf-8")))


def pattern(text: ast.JoinedStr) -> str:
    """An f-string as what it may become."""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else FILLED for part in text.values)


class Code:
    """The words that the code is made of, and the patterns its f-strings are."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        patterns: set[str] = set()
        for node in nodes():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.words |= {node.value, node.value.replace(".", "_"), *re.findall(r"\w+", node.value)}
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern(node))
            elif isinstance(node, ast.FunctionDef):
                self.words.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.words.add(node.target.id)
        self.wholes = [re.compile(each) for each in patterns if re.match(r"[a-z_]+\\\.", each)]
        self.parts = [re.compile(each) for each in patterns if re.fullmatch(r"[\w().+]*[a-z_][\w().+]*", each)]

    def says(self, key: str) -> bool:
        """Whether `key` stands in the code, or an f-string that begins with its area can become it."""
        return key in self.words or self._made(key, self.wholes, 3)

    def _made(self, text: str, patterns: list[re.Pattern[str]], deep: int) -> bool:
        found = (each.fullmatch(text) for each in patterns) if deep else ()
        return any(all(self._known(part, deep - 1) for part in match.groups()) for match in found if match)

    def _known(self, text: str, deep: int) -> bool:
        pieces = text.split(".")
        return all(piece in self.words or self._made(piece, self.parts, deep) for piece in pieces)


def test_what_nobody_says_is_noticed() -> None:
    code = Code()
    assert code.says("kit.no")
    assert code.says("done.leg_added")
    assert not code.says("kit.nobody_says_this")
    assert not code.says("done.leg_nobody_says_this")


def test_every_sentence_is_said_by_the_code() -> None:
    code = Code()
    keys = [key for area in areas("zh") for key in sentences("zh", area)]
    assert [key for key in keys if not key.startswith(OF_THE_TERMINAL + OF_THE_STORE) and not code.says(key)] == []
