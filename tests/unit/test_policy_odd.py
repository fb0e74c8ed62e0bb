"""What `check` warns of: rows never reached, posts and tiers left out; and that it keeps quiet about all else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.case import holds, inside
from models.policy.lint import covers, lint, never
from models.policy.load import load_text, load_versions
from models.policy.model import Policy, Test, When
from models.words import words
from tests.unit.drawn import drawn
from tests.unit.policy_texts import SMALL, changed, with_row

ROOT = Path(__file__).parents[2]


def warned(text: str) -> list[tuple[str, str]]:
    """The key path of each warning, and which it is."""
    found = lint(load_text(text))
    assert {problem.level for problem in found} <= {"warn"}
    return [(problem.path, problem.phrase.key.removeprefix("policy.odd.")) for problem in found]


@pytest.mark.parametrize(
    "name", ["config.toml", *(f"models/examples/{p.name}" for p in (ROOT / "models/examples").glob("*"))]
)
def test_what_is_usual_is_not_odd(name: str) -> None:
    for policy in load_versions(str(ROOT / name)):
        assert [problem.said(words("en"), name) for problem in lint(policy)] == []


def row(when: str) -> str:
    """One more notice, before the one that always holds."""
    return changed("[[notice]]", f"[[notice]]\nwhen = {when}\n\n[[notice]]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{ tier = 'high' }", "{ tier = 'high' }"),
        ("{ tier = ['high', 'low'] }", "{ tier = 'low' }"),
        ("{ tier = 'high' }", "{ tier = 'high', headcount = 5 }"),
        ("[{ tier = 'high' }, { kind = 'guest' }]", "[{ kind = 'guest', holiday = true }, { tier = 'high' }]"),
        ("{ headcount = '..10' }", "{ headcount = '5..<10' }"),
        ("{ headcount = '>5..' }", "{ headcount = 6 }"),
        ("{ lead = '..3d' }", "{ lead = '1d..2d' }"),
        ("{ amount = '100..' }", "{ amount = '>100..200' }"),
        ("{ date = '2026-01-01..' }", "{ date = 2026-05-01 }"),
        ("{ date = '07-01..08-31' }", "{ date = '07-01..08-31', tier = 'low' }"),
        ("{ guest_rank = 'bureau..' }", "{ guest_rank = 'minister' }"),
        ("{ holiday = '5wd' }", "{ holiday = '3wd' }"),
        ("{ bands = { A = 1 } }", "{ bands = { A = 2, B = 3 } }"),
        ("{ words = ['club', 'spa'] }", "{ words = 'spa' }"),
        ("{ not = { tier = 'high' } }", "{ not = { tier = ['high', 'low'] }, kind = 'guest' }"),
        ("{ meal = 'banquet', not = { venue = 'x' } }", "{ meal = 'banquet', not = { venue = 'x' } }"),
        ("{ fund = ['state', 'gift_fund'] }", "{ fund = 'state' }"),
    ],
)
def test_a_row_behind_a_wider_one_is_never_reached(first: str, second: str) -> None:
    text = row(f"{first}\n\n[[notice]]\nwhen = {second}")
    text = changed('rank = ["minister"', 'venue = ["x"]\nrank = ["minister"', text)
    assert warned(text) == [("notice[2]", "unreached")]
    said = lint(load_text(text))[0]
    assert said.phrase.facts == {"row": "notice[1]"}
    assert said.line == text.splitlines().index("[[notice]]") + 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{ tier = 'high' }", "{ tier = ['high', 'low'] }"),
        ("{ tier = 'high', headcount = 5 }", "{ tier = 'high' }"),
        ("{ headcount = '..<10' }", "{ headcount = '..10' }"),
        ("{ lead = '..3d' }", "{ lead = '..3wd' }"),
        ("{ date = '07-01..08-31' }", "{ date = '07-02..08-30' }"),
        ("{ date = '07-01..08-31' }", "{ date = 2026-07-02 }"),
        ("{ date = '2026-01-01..' }", "{ date = '07-01..08-31' }"),
        ("{ holiday = '3wd' }", "{ holiday = '5wd' }"),
        ("{ bands = { A = 2 } }", "{ bands = { A = 1 } }"),
        ("{ words = 'spa' }", "{ words = ['club', 'spa'] }"),
        ("{ not = { tier = ['high', 'low'] } }", "{ not = { tier = 'high' } }"),
        ("{ not = { meal = 'banquet' } }", "{ item = 'meal', not = { meal = 'banquet' } }"),
        ("{ tier = 'high', not = { holiday = true } }", "{ tier = 'high' }"),
    ],
)
def test_a_row_that_may_be_reached_is_not_odd(first: str, second: str) -> None:
    assert warned(row(f"{first}\n\n[[notice]]\nwhen = {second}")) == []


def test_a_row_behind_one_that_always_holds_is_never_reached() -> None:
    assert warned(with_row("notice", "least = '1d'\nwhen = { day = 1 }")) == [("notice[2]", "unreached")]
    for table, cells in (("route", "steps = []"), ("companions", "most = 3")):
        assert warned(with_row(table, cells)) == [(f"{table}[2]", "unreached")]
    for table, cells in (("propose", "tier = 'high'"), ("lead_host", "posts = 'clerk'")):
        text = f"{SMALL}\n[[{table}]]\n{cells}\n\n[[{table}]]\n{cells}\nwhen = {{ kind = 'guest' }}\n"
        assert warned(text) == [(f"{table}[2]", "unreached")]


@pytest.mark.parametrize(
    ("cells", "odd"),
    [
        ("item = 'meal'\nper = 'person_meal'\nmost = 9\nwhen = { tier = 'high' }", True),
        ("item = 'meal'\nper = 'person_meal'\ncount = 2", False),
        ("item = 'meal'\nper = 'person_meal'\nmost = 9\ncount = 2", False),
        ("item = 'meal'\nper = 'person_day'\nmost = 9", False),
        ("item = ['meal', 'drink']\nper = 'person_meal'\nmost = 9", False),
        ("item = 'lodging'\nper = 'night'\nmost = 90", False),
        ("item = 'lodging'\nper = 'night'\nmost = 'single'", True),
        ("item = 'gift'\nper = 'guest 1y'\nmost = 100", False),
        ("item = 'gift'\nper = 'guest 1y'\nmost = 100\nwhen = { lead = '..12h' }", True),
    ],
)
def test_a_cap_is_never_reached_where_each_kind_of_its_limits_is_closed(cells: str, odd: bool) -> None:
    assert warned(with_row("cap", cells)) == ([("cap[4]", "unreached")] if odd else [])


def test_a_condition_that_excludes_what_it_asks_for_never_holds() -> None:
    text = with_row("check", "text = 'x'\nwhen = { tier = 'high', not = { tier = ['high', 'low'] } }")
    assert warned(text) == [("check[2].when", "never")]
    assert warned(with_row("check", "text = 'x'\nwhen = { not = {} }")) == [("check[2].when", "never")]
    assert warned(with_row("check", "text = 'x'\nwhen = { tier = 'high', not = { tier = 'low' } }")) == []


def test_a_deciding_post_outside_the_chain_of_up() -> None:
    text = with_row("post", "id = 'bursar'")
    assert warned(text) == []
    assert warned(changed('by = "@owner_head"', 'by = "bursar"', text)) == [("route[1].steps", "outside")]
    assert warned(changed('by = "@owner_head", do = "decide"', 'by = "bursar", do = "opinion"', text)) == []
    assert warned(text + "\n[[sign]]\nby = ['chief', 'bursar']\n") == [("sign[2].by", "outside")]
    flat = changed('up = "chief"\n', "", text)
    assert warned(changed('by = "@owner_head"', 'by = "bursar"', flat)) == []


def test_a_tier_of_which_no_cap_speaks() -> None:
    assert warned(changed('[[tier]]\nid = "low"', '[[tier]]\nid = "mid"\n\n[[tier]]\nid = "low"')) == [
        ("tier[2]", "bare_tier")
    ]
    by_when = changed(
        "[[cap]]\nid", "[[cap]]\nitem = 'meal'\nper = 'event'\nmost = 1\nwhen = { tier = 'mid' }\n\n[[cap]]\nid"
    )
    assert warned(changed('[[tier]]\nid = "low"', '[[tier]]\nid = "mid"\n\n[[tier]]\nid = "low"', by_when)) == []


def test_a_duty_after_one_that_never_goes_with_it() -> None:
    text = changed('party = "@department"', "party = '@department'\nwhen = { tier = 'low' }")
    assert warned(text) == []
    text = changed(
        'party = "front"\nstage',
        "party = 'front'\nwhen = [{ tier = 'high' }, { kind = [], tier = 'high' }]\nstage",
        text,
    )
    text = text.replace("kind = [], ", "")
    assert warned(text) == [("duty[2].after[1]", "after")]


@pytest.mark.parametrize(
    ("table", "cells", "at"),
    [
        ("cap", "item = 'gift'\nper = 'piece'\nleast = 500\nmost = 400", "most"),
        ("cap", "item = 'gift'\nper = 'piece'\nleast = 400\nmost = 400", None),
        ("cap", "item = 'gift'\nper = 'piece'\nmost = 90\nnever = 20", "never"),
        ("cap", "item = 'gift'\nper = 'guest 1y'\ncount = 4\nnever = 3", "never"),
        ("cap", "item = 'gift'\nper = 'piece'\nby = 'tier'\nmost = { high = 9, low = 5 }\nleast = { low = 6 }", "most"),
        ("cap", "item = 'gift'\nper = 'piece'\nby = 'tier'\nmost = { high = 9, low = 5 }\nleast = { high = 6 }", None),
        ("cap", "item = 'gift'\nper = 'meal'\nleast = 400\nmost = { base = 50, each = 30 }", None),
        ("need", "id = 'seats'\nname = 'x'\ntype = 'number'\nleast = 9\nmost = 3", "most"),
        ("companions", "when = { headcount = '..1' }\nmost = 4\nnever = 2", "never"),
    ],
)
def test_limits_that_contradict_each_other(table: str, cells: str, at: str | None) -> None:
    said = [each for each in warned(with_row(table, cells)) if each[1] == "crossed"]
    assert [(path.rpartition(".")[2], what) for path, what in said] == ([(at, "crossed")] if at else [])


@pytest.mark.parametrize(("never", "odd"), [("'4d'", True), ("'3d'", False), ("'-1d'", False), ("'80h'", False)])
def test_a_notice_that_refuses_what_is_in_time(never: str, odd: bool) -> None:
    text = with_row("notice", f"least = '3d'\nnever = {never}\nwhen = {{ headcount = '..1' }}")
    assert [path for path, what in warned(text) if what == "crossed"] == (["notice[2].never"] if odd else [])


def test_a_warning_says_so_in_both_languages() -> None:
    text = with_row("notice", "least = '1d'")
    problem = lint(load_text(text))[0]
    line = text.splitlines().index("least = '1d'")
    assert problem.said(words("en"), "x.toml").startswith(
        f"x.toml:{line}: notice[2]: warning: this row is never reached"
    )
    assert problem.said(words("zh"), "x.toml").startswith(f"x.toml:{line}: notice[2]: 提示：这一行永远用不上")


# what covers says holds for every case


class Facts:
    """A visit of which a few facts are known, with lines of which each has a meal."""

    def __init__(self, tier: str, headcount: int, lines: tuple[str, ...]) -> None:
        self.tier, self.headcount, self.lines = tier, headcount, lines

    def meets(self, test: Test, line: str | None, own: bool) -> bool:
        """Whether one test holds."""
        if test.axis == "headcount":
            return inside(self.headcount, test.wanted)
        return isinstance(test.wanted, frozenset) and (self.tier if test.axis == "tier" else line) in test.wanted


TESTS = st.one_of(
    st.sampled_from(["'..4'", "'3..'", "'2..5'", "'>2..<5'", "3"]).map(lambda one: f"headcount = {one}"),
    st.sampled_from(["'high'", "'low'", "['high', 'low']"]).map(lambda one: f"tier = {one}"),
    st.sampled_from(["'lunch'", "'banquet'", "['lunch', 'banquet']"]).map(lambda one: f"meal = {one}"),
)


def tables(inner: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[str]:
    """A table of a `when`, perhaps with a `not`."""
    keys = st.lists(TESTS, max_size=3, unique_by=lambda one: one.split()[0])
    nots = st.just("") if inner is None else st.one_of(st.just(""), inner.map(lambda one: f"not = {one}"))
    return st.tuples(keys, nots).map(lambda pair: "{ " + ", ".join([*pair[0], *([pair[1]] if pair[1] else [])]) + " }")


WHENS = st.lists(tables(tables()), min_size=1, max_size=2).map(lambda one: f"[{', '.join(one)}]")


def when_of(text: str) -> When:
    """What a written `when` is read as."""
    policy: Policy = load_text(with_row("check", f"text = 'x'\nwhen = {text}"))
    return policy.checks[-1].when


def test_what_is_said_to_be_covered_holds_nowhere_else() -> None:
    covered: list[bool] = []

    @drawn(20, 60)
    @given(WHENS, WHENS)
    def check(one: str, other: str) -> None:
        wide, narrow = when_of(one), when_of(other)
        covered.append(covers(wide, narrow))
        lines: list[tuple[str, ...]] = [(), ("lunch",), ("banquet",), ("lunch", "banquet")]
        for facts in (Facts(tier, n, each) for tier in ("high", "low") for n in range(1, 7) for each in lines):
            assert not (never(narrow) and holds(narrow, facts))
            assert not (covers(wide, narrow) and holds(narrow, facts) and not holds(wide, facts))
            for line in facts.lines:
                assert not (covers(wide, narrow) and holds(narrow, facts, line) and not holds(wide, facts, line))

    check()
    assert any(covered)
