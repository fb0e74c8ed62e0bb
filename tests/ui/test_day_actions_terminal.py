"""Five guests become nine on the morning, and the visit is called off and on, by keyboard in a real 80×24 terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.schema.store import open_store, reading
from models.schema.tables import Visit
from tests.ui.morning import arranged
from tests.ui.term import KEYS, Term
from tests.unit.life import company

pytestmark = pytest.mark.pty
JIEDAI = str(Path(sys.executable).with_name("jiedai"))


def keys(term: Term, *names: str) -> None:
    """Keys by name, or texts, one after the other and without waiting."""
    for name in names:
        term.send(KEYS.get(name, name).encode())


def chosen(term: Term, name: str) -> None:
    """The entry of the F2 menu with that name."""
    term.menu("这里能做的事", name)


def test_a_morning_of_changes(tmp_path: Path) -> None:
    """A26, A33: meal total, a car too small, a room that still fits, the hotel's rooms, the plates and whom to tell are
    seen before it is saved; called off, those who knew are told."""
    now = datetime.now(UTC).replace(tzinfo=None)
    behind = now.hour - 9  # it is between nine and ten in the morning there
    comes = (now - timedelta(hours=behind)).replace(hour=15, minute=0, second=0, microsecond=0)
    with company(tmp_path) as who:
        who.now = comes - timedelta(days=7)
        arranged(who, comes)
    env = {"HOME": str(tmp_path), "LANG": "zh_CN.UTF-8", "TZ": f"<DESK>{behind:+d}"}
    env |= {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    command = [JIEDAI, "--store", str(tmp_path / "store.db"), "--as", "林小雨"]
    with Term(command, env=env) as term:
        term.until("江南智造集团")
        keys(term, "f8")
        term.until("当日变更")
        keys(term, "down", "9")
        for text in ("人数 5 -> 9", "(+600)", "9 人 6 座, 不够", "10 人 20 座, 够", "9 客 + 7 陪", "9 人 1 晚",
                     "桌牌 5 -> 9", "要告诉", "司机 张德胜  13800000002  人数 5 -> 9", "要 总经理 再批"):  # fmt: skip
            term.until(text)
        assert sees(command, env, lambda row: row.headcount == 5), "only seen, not done"
        keys(term, "enter")
        term.until("等待再次审批")
        keys(term, "enter")
        term.until("申请表")
        chosen(term, "撤回修改")
        term.until("照原批准的安排")
        chosen(term, "取消")
        term.until("取消江南智造集团的接待吗")
        keys(term, "改期", "enter")
        term.until("取消接待的影响")
        term.until("徐明哲")
        keys(term, "enter")
        term.until("已取消")
        keys(term, "w")
        term.until("取消")
        term.until("5 人")
        keys(term, "space")
        term.until("[x]")
        term.until("已告知 张德胜")
        keys(term, "esc")
        term.until("申请表")
        chosen(term, "恢复")
        term.until("草稿")
        keys(term, "f10")
        assert term.wait() == 0
    assert not list(tmp_path.rglob("incidents.log"))


def sees(command: list[str], env: dict[str, str], holds: Callable[[Visit], bool]) -> bool:
    """Whether the one visit of the store is so."""
    told = subprocess.run(
        [*command[:3], "visits", "--json"], env={**os.environ, **env}, capture_output=True, text=True, check=True
    )
    assert told.stdout
    store = open_store(command[2], create=False)
    try:
        with reading():
            return holds(Visit.get())
    finally:
        store.close()
