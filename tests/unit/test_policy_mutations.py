"""Whatever is done to a policy file, it is read or its problems are named by line; never another exception."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from models.policy.load import line_of, load_text, positions
from models.policy.model import Path as KeyPath
from models.policy.model import PolicyErrors, Problem
from models.words import Phrase, clean, words
from tests.unit.drawn import drawn
from tests.unit.policy_texts import SMALL

DEFAULT = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
LINES = DEFAULT.splitlines(keepends=True)
CODE = [number for number, line in enumerate(LINES) if line.strip() and not line.startswith("#")]


def read_or_named(text: str) -> None:
    """Reads a text; when that fails, every problem has a line of the text and is said in both languages."""
    problems = problems_of(text)
    last = text.count("\n") + 1
    for problem in problems or ():
        assert 0 <= problem.line <= last
        for language in ("zh", "en"):
            said = problem.said(words(language), "x.toml")
            assert said == clean(said)
            assert len(said) < 2000


def problems_of(text: str) -> list[Problem] | None:
    """What is wrong with a text; None where it is read."""
    try:
        load_text(text)
    except PolicyErrors as errors:
        return errors.problems or [Problem(-1, "", Phrase("policy.none"))]
    return None


@drawn(8, 25)
@given(st.sampled_from(CODE))
def test_a_line_taken_away(number: int) -> None:
    read_or_named("".join(LINES[:number] + LINES[number + 1 :]))


@drawn(8, 20)
@given(st.sampled_from(CODE), st.sampled_from(CODE))
def test_a_line_moved(here: int, there: int) -> None:
    lines = LINES.copy()
    lines.insert(there, lines.pop(here))
    read_or_named("".join(lines))


@drawn(8, 25)
@given(st.integers(0, len(SMALL) - 1), st.text(max_size=3), st.integers(0, 3))
def test_characters_changed(at: int, new: str, gone: int) -> None:
    read_or_named(SMALL[:at] + new + SMALL[at + gone :])


LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["..", "1..", "3d", "@owner_head", "arrive -1d", "client 1y", "tier", "vip", "1/2", "100%..", "arrival", "gap"]
    ),
    st.dates(),
    st.datetimes(),
    st.times(),
)
KEYS = st.one_of(
    st.sampled_from(["id", "when", "by", "most", "not", "tier", "base", "zh", "do", "text", "for", "clash"]), st.text()
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
PATHS = [path for path in positions(SMALL) if path]


def put(data: Any, path: KeyPath, value: object) -> None:
    """Sets what stands at a path of a parsed file."""
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


@drawn(40, 120)
@given(st.sampled_from(PATHS), VALUES)
@example(("cap", 0, "most"), {"high": {}})
@example(("cap", 0, "by"), ["tier"])
@example(("cap", 0, "item"), [])
@example(("cap", 0, "per"), " ")
@example(("tier",), [[]])
@example(("list",), {"": ["a"]})
@example(("list", "rank"), [[], {}, {"id": 3}])
@example(("duty", 0, "id"), {})
@example(("duty", 0, "equipment"), [])
@example(("booking", 0, "for"), {"hall": 1})
@example(("booking", 1, "thing"), [["car"]])
@example(("booking", 1, "clash"), ["gap"])
@example(("booking", 1), [])
@example(("sign", 0, "when"), [{"not": {"not": {"not": [{}]}}}])
@example(("companions", 0, "most"), {"base": 10**11, "each": "999999/1"})
@example(("sign", 0, "when"), {axis: list(range(50)) for axis in ("headcount", "day", "total")})
def test_a_value_changed_to_anything(path: KeyPath, value: object) -> None:
    data = tomllib.loads(SMALL)
    put(data, path, value)
    read_or_named(tomli_w.dumps(data))


@drawn(16, 50)
@given(st.sampled_from(PATHS), KEYS, LEAVES)
def test_a_key_added_anywhere(path: KeyPath, key: str, value: object) -> None:
    data: Any = tomllib.loads(SMALL)
    at = data
    for step in path:
        at = at[step]
    if isinstance(at, dict):
        at.setdefault(key, value)
    read_or_named(tomli_w.dumps(data))


# the lines of keys


def paths_of(value: object, at: KeyPath = ()) -> list[KeyPath]:
    """Every key path of a parsed file, rows included."""
    found: list[KeyPath] = [at] if at else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        found += paths_of(each, (*at, step))
    return found


DOCUMENTS = st.dictionaries(
    st.text(max_size=6),
    st.recursive(
        st.one_of(
            st.text(max_size=12),
            st.integers(),
            st.booleans(),
            st.floats(),
            st.dates(),
            st.datetimes(),
            st.sampled_from(['"', "'", '"""', "'''", "\\", "a\nb", "#", "[x]", "{", "=", "a.b", "\r\n", 'x"\n"""y']),
        ),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
        max_leaves=12,
    ),
    max_size=5,
)


@drawn(40, 120)
@given(DOCUMENTS, st.booleans())
def test_every_key_has_a_line_that_holds_it(document: dict[str, object], multiline: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    data = tomllib.loads(text)
    found = positions(text)
    assert set(paths_of(data)) == set(found)
    lines = text.split("\n")
    for path, line in found.items():
        said = lines[line - 1]
        if isinstance(path[-1], str):
            key = tomli_w.dumps({path[-1]: 0}).partition(" = 0")[0]
            assert key in said or said.lstrip().startswith("{"), (path, said)


@drawn(16, 50)
@given(DOCUMENTS)
def test_a_key_on_its_own_line_is_found_there(document: dict[str, object]) -> None:
    """A mark put before a top-level key moves its line by as much as lines were put there."""
    text = tomli_w.dumps(document)
    moved = positions("# one\n\n# two\n" + text)
    assert moved == {path: line + 3 for path, line in positions(text).items()}


HAND_WRITTEN = """\
# comment with = and [brackets] and "quotes
title = "a # b"          # and after
"quoted key" . 'lit.eral' = 1
long = \"\"\"
[not] = a key
\\"\"\" still = 1 \"\"\"\"
raw = '''
[[nor]] = this''''
row = [ # comment ]
  "a", { x = 1, y = { z = [2,
  3] } },
  [ "b" ],
]
when = { a.b = 1, a.c = 2 }
[ table . "sub" ]
k = 1979-05-27 07:32:00
[[many]]
[[many]]
[many.one]
deep = 0
[[many.rows]]
  indented = true
"""


def test_the_lines_of_a_text_written_by_hand() -> None:
    found = positions(HAND_WRITTEN)
    assert set(paths_of(tomllib.loads(HAND_WRITTEN))) == set(found)
    assert {path: found[path] for path in [("title",), ("quoted key", "lit.eral"), ("long",), ("raw",), ("row",)]} == {
        ("title",): 2, ("quoted key", "lit.eral"): 3, ("long",): 4, ("raw",): 7, ("row",): 9,
    }  # fmt: skip
    assert [found["row", index] for index in range(3)] == [10, 10, 12]
    assert (found["row", 1, "y", "z", 0], found["row", 1, "y", "z", 1]) == (10, 11)
    assert (found["when",], found["when", "a", "c"]) == (14, 14)
    assert (found["table", "sub"], found["table", "sub", "k"]) == (15, 16)
    assert [found["many", 0], found["many", 1], found["many", 1, "one", "deep"]] == [17, 18, 20]
    assert found["many", 1, "rows", 0, "indented"] == 22
    assert line_of(found, ("many", 1, "rows", 0, "missing")) == 21
    assert line_of(found, ("none",)) == 1
