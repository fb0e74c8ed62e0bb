"""The parts of README and manual that the program itself says: Today's picture, the keys of every screen, files, the
help, a tried request.

`python -m tests.readme` writes them anew, `tests/unit/test_readme.py` sees that they stand there.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.segment import Segment

from models.demo import GUIDE
from models.demo.reception import build
from models.policy.load import load_file
from models.schema import journal
from models.schema.store import open_store
from models.services.person_register import actor_named
from models.services.session import Session
from models.words import Words, words
from screens.kit.commands import BY_SCREEN, Command, key_label
from tests.sample import CONFIG, DAY, MORNING, ZONE
from tests.svg import svg
from tests.ui.look import settled
from tests.ui.quiet import without_waiting
from tui.app import Jiedai
from tui.cli.key_commands import sections
from tui.cli.main import run
from tui.cli.screens import people, status

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
MANUAL = ROOT / "docs" / "manual.md"
KEYS = {"en": ROOT / "docs" / "keys.md", "zh": ROOT / "docs" / "keys.zh-CN.md"}
PICTURE = ROOT / "docs" / "today.svg"
SIZE = (80, 24)
_BLOCK = re.compile(r"(<!-- (\w+) -->\n)(.*?)(\n<!-- /\2 -->)", re.S)


def parts(manual: str) -> dict[str, str]:
    """Every generated part of the manual by its name; the request that is tried is the manual's own."""
    return {
        "files": "\n".join(_files()),
        "help": _fenced("text", said("--help").splitlines()),
        "tried": _fenced("text", _tried(manual).splitlines()),
    }


def found(manual: str) -> dict[str, str]:
    """The generated parts as they stand in the manual."""
    return {match[2]: match[3] for match in _BLOCK.finditer(manual)}


def picture(today: list[list[Segment]]) -> str:
    """`docs/today.svg`."""
    return svg(today, SIZE[0], "jiedai: Today")


def said(*call: str) -> str:
    """What a call of the command line prints, in English. Raises RuntimeError where it fails."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), patch.dict(os.environ, COLUMNS="80"):
        code = run([*call, "--lang", "en"], lambda: MORNING)
    if code:
        raise RuntimeError(err.getvalue())
    return out.getvalue().rstrip("\n")


async def screen(path: Path) -> list[list[Segment]]:
    """Today as the sample company's guide sees it that morning, in Chinese: a row of segments a line. `path`: the
    store of the company on the day of the picture."""
    policy = load_file(CONFIG)
    store = open_store(path)
    try:
        session = Session(actor_named(GUIDE, "demo"), lambda: MORNING, policy)
        app = Jiedai(session, head=journal.head, status=status, people=people)
        with without_waiting():
            async with app.run_test(size=SIZE) as pilot:
                await settled(pilot)
                return [list(strip) for strip in app.screen._compositor.render_strips()]
    finally:
        store.close()


def _fenced(kind: str, lines: list[str]) -> str:
    return "\n".join([f"```{kind}", *lines, "```"])


def keys(language: str) -> str:
    """`docs/keys.md` and its Chinese twin: a table for each screen; the tabs' digits are told on one line."""
    return "\n".join(_keys(words(language))) + "\n"


_KEYS = {
    "en": (
        "Keys",
        "Everything can be reached with digits, F-keys, arrows, Enter, Space, Esc and Tab, which work with a Chinese\n"
        "input method switched on; letters are quick aliases. `F2` lists what can be done here and why something\n"
        "cannot, `F1` explains the screen. `jiedai keys` prints this.",
        ("Key", "Does"), "F2 menu", ("digits", "The tabs"),
    ),
    "zh": (
        "按键",
        "数字、F 键、方向键、Enter、空格、Esc、Tab 就能做一切，中文输入法开着也管用；字母是快捷方式。\n"
        "`F2` 列出这里能做的事，做不了的说明原因；`F1` 讲解当前这一屏。`jiedai keys` 打印的就是这些。",
        ("按键", "作用"), "F2 菜单", ("数字", "各页"),
    ),
}  # fmt: skip


def _keys(w: Words) -> Iterator[str]:
    title, about, (key, does), menu, (digits, tabs_name) = _KEYS[w.language]
    yield f"# {title}\n\n{about}\n"
    tabs = [each for each in BY_SCREEN["app"] if each.opens and _there(each.opens)]
    for where, commands in BY_SCREEN.items():
        rows = [each for each in commands if not each.opens]
        for name, listed in sections(where, rows, w) if rows else ():
            yield f"## {name}\n\n| {key} | {does} |\n|---|---|"
            for each in listed:
                labels = " ".join(f"`{key_label(label, w)}`" for label in each.keys) or menu
                yield f"| {labels} | **{_text(each, 'name', w)}**: {_text(each, 'help', w)} |"
            if where == "app":
                told = ", ".join(f"`{tab.keys[0]}` {_text(tab, 'name', w)}" for tab in tabs)
                yield f"| {digits} | **{tabs_name}**: {told} |"
            yield ""


def _text(command: Command[Any], part: str, w: Words) -> str:
    return w(f"commands.{command.id}.{part}").replace("|", "\\|")


def _there(screen: str) -> bool:
    return importlib.util.find_spec(f"screens.{screen}") is not None


def _files() -> Iterator[str]:
    """Where everything lies on Linux for somebody who set nothing."""
    from tui import incident, where

    home = {"HOME": "/home/you", "PATH": os.environ.get("PATH", "")}
    with patch.dict(os.environ, home, clear=True), patch.object(sys, "platform", "linux"):
        own = os.path.join(where.config_folder(), where.POLICY)
        rows = [
            (
                "policy",
                f"{where.system_folder()}/{where.POLICY}, else {own}, else the one that comes with the program",
            ),
            ("settings", where.settings_file()),
            ("store", where.store_file("", "")[0]),
            ("cache", where.cache_folder()),
            ("incidents", incident.log_path()),
        ]
    yield "| What | Where |\n|---|---|"
    for what, path in rows:
        told = re.sub(r"(/[^\s,]+)", r"`\1`", path.replace("/home/you", "/~")).replace("`/~", "`~")
        yield f"| {what} | {told} |"


def _tried(manual: str) -> str:
    """What `jiedai try` answers to the first request in the manual."""
    request = re.search(r"```toml\n(# vip\.toml.*?)```", manual, re.S)
    if request is None:
        raise RuntimeError("the manual has no request to try")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vip.toml")
        path.write_text(request[1], "utf-8")
        return said("try", str(path), "--config", str(CONFIG))


def main() -> None:
    """Write the parts, the keys and the picture anew."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.db")
        build(path, DAY, load_file(CONFIG), ZONE)
        today = asyncio.run(screen(path))
    manual = MANUAL.read_text("utf-8")
    made = parts(manual)
    MANUAL.write_text(_BLOCK.sub(lambda match: f"{match[1]}{made[match[2]]}{match[4]}", manual), "utf-8")
    for language, path in KEYS.items():
        path.write_text(keys(language), "utf-8")
    PICTURE.write_text(picture(today), "utf-8")


if __name__ == "__main__":
    main()
