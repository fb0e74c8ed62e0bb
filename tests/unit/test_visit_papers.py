"""The papers of a visit as text: what stands on each, edges that line up, hostile and empty visits, the command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.form import FormGuest
from models.papers.visit_papers import BUNDLE, PAPERS, visit_paper
from models.schema.store import write
from models.schema.tables import Visit
from models.words import cell_len, words
from models.words.catalogue import LANGUAGES
from tests.ui.arranged import EVIL
from tests.unit.booking import garage
from tests.unit.life import CONFIG, Company, approved, form, submitted, visit
from tui.cli.main import run


def paper(who: Company, number: int, what: str, language: str = "zh") -> str:
    """A paper as the coordinator prints it."""
    return visit_paper(who.session("林小雨"), number, what, words(language))


def test_the_form_has_every_label_and_mark_of_the_printed_one(who: Company) -> None:
    """R99 to R112: labels in their order, all boxes with their marks, opinion and decision with name and day."""
    done = approved(who, form(who))
    text = paper(who, done.visit, "form")
    labels = ["申请人", "接待日期", "接待事由", "客户单位", "客户姓名/职务", "来访人数", "来访目的", "接待标准",
              "接待类别", "接待标准", "接待安排", "部门负责人意见", "公司领导审批"]  # fmt: skip
    at = 0
    for label in labels:
        at = text.index(f"| {label}", at) + 1
    assert text.count("[x]") + text.count("[ ]") >= 7 + 3 + 6, "purposes, categories, services"
    assert "(o) 贵宾级" in text
    assert "王海峰" in text
    assert "周建国" in text
    assert "2026-11-30" in text, "a paper outlives the day: no 今天"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edges_of_the_form_line_up(who: Company, language: str) -> None:
    guests = tuple(FormGuest(f"{EVIL[0]}{EVIL[1]}{n}" * 2, "很长的职务" * 6, principal=n == 0) for n in range(40))
    done = submitted(who, form(who, guests=guests, headcount=40, reason=" ".join(EVIL * 5)))
    text = paper(who, done.visit, "form", language)
    table = text.splitlines()[2:]
    assert {cell_len(line) for line in table} == {78}
    assert all(line.startswith(("|", "+")) and line.endswith(("|", "+")) for line in table)
    assert "\x1b" not in text


def test_what_nobody_signed_has_a_line_for_a_pen(who: Company) -> None:
    """R112."""
    done = submitted(who, form(who))
    assert paper(who, done.visit, "form").count("签名：____") == 2


def test_a_slip_for_each_drive_with_the_drivers_phone(tmp_path: Path) -> None:
    with garage(tmp_path / "store.db") as made:
        number = made.visit()
        made.book(number, "BMW", way="arrival", people=4)
        text = paper(made.who, number, "cars")
        assert text.count("派车单") == 1
        assert "司机" in text
        assert "签名" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_and_a_full_visit_have_all_their_papers(who: Company, language: str) -> None:
    """Nothing booked, nothing named: each paper says so in a sentence instead of failing."""
    bare = submitted(who, form(who, tier="routine", host="王海峰", guests=(), meals=(), lodging=(), services=()))
    full = approved(who, form(who))
    for done in (bare, full):
        for what in PAPERS:
            if what == "brief" and done is bare:
                continue
            text = paper(who, done.visit, what, language)
            assert text.strip()
            assert all(cell_len(line) <= 80 for line in text.splitlines()), what
        pages = paper(who, done.visit, BUNDLE, language).split("\f")
        assert len(pages) >= len(PAPERS) - 1


def test_nobody_prints_what_they_may_not_see(tmp_path: Path) -> None:
    """R74: a restricted visit is no paper either."""
    from models.errors import Refused
    from tests.unit.life import company, default_text

    text = default_text().replace('id = "customer"\n', 'id = "customer"\nsee = ["general_manager"]\n', 1)
    assert text != default_text()
    with company(tmp_path / "store.db", text) as who:
        done = submitted(who, form(who))
        with pytest.raises(Refused):
            visit_paper(who.session("张德胜"), done.visit, "form", words("zh"))


@pytest.fixture
def jiedai(who: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `jiedai paper` on the company's store; its exit code, data and words."""
    from models.schema.base import database

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)
    done = approved(who, form(who))
    number, store = visit(done).number or "", str(database.database)
    with write():
        assert Visit.select().count() == 1

    def run_it(*given: str) -> tuple[int, str, str]:
        words = [number if word == "NUMBER" else word for word in given]
        code = run(["paper", *words, "--store", store, "--config", str(CONFIG), "--as", "林小雨"],
                   lambda: datetime(2026, 11, 30, 8, tzinfo=UTC))  # fmt: skip
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_it


def test_the_command_prints_and_writes(jiedai: Any, tmp_path: Path) -> None:
    code, out, _ = jiedai("接待申请表", "NUMBER")
    assert code == 0
    assert "接待申请表" in out
    assert jiedai("plan", "NUMBER", "plan.txt")[:2] == (0, "")
    assert "接待方案" in (tmp_path / "plan.txt").read_text()
    for given, code, said in ((("moon", "NUMBER"), 2, "moon"), (("form", "2099-1"), 1, "2099-1"),
                              (("form", "NUMBER", "x.exe"), 2, ".txt")):  # fmt: skip
        found, out, told = jiedai(*given)
        assert (found, out) == (code, "")
        assert said in told
