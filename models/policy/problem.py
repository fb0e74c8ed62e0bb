"""What is wrong with a policy file, said with its line, and how that is raised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from models.policy.record import record
from models.words import Phrase, Words

Step = str | int
Path = tuple[Step, ...]
Level = Literal["error", "warn"]


@record
class Problem:
    """One thing wrong: `line` of the row's or key's beginning (0: the whole file), `path` as `route[2].steps[1].by`
    (rows counted from 1), `phrase` what is wrong and what is allowed; `file` where a folder was read. A `warn` is
    allowed but odd."""

    line: int
    path: str
    phrase: Phrase
    level: Level = "error"
    file: str = ""

    def said(self, words: Words, name: str) -> str:
        """`file:line: key.path: what is wrong — what is allowed`, in the reader's language; a warning says so."""
        name = self.file or name
        where = f"{name}:{self.line}:" if self.line else f"{name}:"
        path = f" {self.path}:" if self.path else ""
        what = self.what(words)
        return f"{where}{path} {words('policy.warning', what=what) if self.level == 'warn' else what}"

    def within(self, file: str) -> Problem:
        """The same, of a file that was read beside others."""
        return Problem(self.line, self.path, self.phrase, self.level, self.file or file)

    def what(self, words: Words) -> str:
        """What is wrong and what is allowed, without the place."""
        return words.text(self.phrase).rstrip()  # a sentence ends with the nearest, where there is one


SHOWN = 100
"""So many problems of a file are said; who has mended them sees the next."""


def first_said(problems: Sequence[Problem], words: Words, name: str) -> list[str]:
    """A line for each of the first problems of the file `name`, and one that counts the others."""
    said = [problem.said(words, name) for problem in problems[:SHOWN]]
    more = len(problems) - len(said)
    return [*said, words("policy.more", n=more)] if more else said


class PolicyErrors(Exception):
    """A policy that cannot be used; `problems` has all of them in the order of files and lines, `name` is the file's
    or the folder's."""

    def __init__(self, problems: Iterable[Problem], name: str = "config.toml") -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        self.name = name
        super().__init__(f"{name}: {len(self.problems)} problems")

    def said(self, words: Words) -> list[str]:
        """One line of text for each problem; of very many the first, and how many more there are."""
        return first_said(self.problems, words, self.name)


def spelt(path: Path) -> str:
    """A key's path for people: ("cap", 3, "most", "x") is `cap[4].most.x`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else step
    return text
