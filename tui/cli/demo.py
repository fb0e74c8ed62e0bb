"""`jiedai demo`: the screens, or any command, on a sample company that has a regulation and a store of its own, new
each day; and how to open it as several people at once."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.words import Phrase, Words, cell_len, clean, pad
from tui.cli.call import Call, login, versions_in_use
from tui.cli.command_line import Usage
from tui.cli.out import give, tell
from tui.cli.screens import open_screens
from tui.terminal import refusal
from tui.where import cache_folder, packaged_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.queries.task_lists import Waiting
    from models.services.session import Session

MOST = 8
"""At most so many terminals are told of."""
_KINDS = ("decisions", "tasks", "costs", "returned")
"""What waits for somebody; of each kind the one who has most of it comes first."""


def run_demo(call: Call) -> int:
    """Build today's sample company where it is not there yet, and open the screens on it, or say how to do so as
    several people."""
    if call.given.has("people"):
        return _tell_people(call, _number(call))
    why_not = refusal()
    if why_not is not None:
        tell(call.w.text(why_not))
        return 1
    from models.demo import GUIDE

    call = on_sample(call)
    return open_screens(call, call.store_file(), versions_in_use(call), guide=GUIDE)


def on_sample(call: Call) -> Call:
    """The same call on the sample company: its store, made where it is not there yet, and, whatever regulation is in
    use, the one that comes with the program, whose posts its people hold. Who acts is `--as`, else its coordinator."""
    from models.demo import GUIDE
    from models.demo.daily import demo_path
    from models.policy.model import version_on

    options = {"as": GUIDE, **(call.given.options or {}), "config": packaged_policy()}
    call = replace(call, given=replace(call.given, options=options))
    policy = version_on(versions_in_use(call), call.clock().date())
    zone = ZoneInfo(call.settings.zone) if call.settings.zone else None
    store = demo_path(
        Path(cache_folder()), call.clock().date(), policy, zone, lambda: tell(call.w("first_run.sample_wait"))
    )
    return replace(call, given=replace(call.given, options={**options, "store": str(store)}))


# -- several people ---------------------------------------------------------------------------------------------------


def _number(call: Call) -> int:
    """How many were asked for. Raises Usage."""
    text = call.given.option("people")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST):
        raise Usage(Phrase("cli.demo_people", {"word": clean(text), "most": MOST}))
    return int(text)


def _tell_people(call: Call, n: int) -> int:
    """A line to type in each terminal, with who that is and what waits for them."""
    from models.policy.model import words_of
    from tui.cli.call import session_of, store

    call = on_sample(call)
    with store(call):
        session = session_of(call)
        found = list(_chosen(session, n))
    w = words_of(session.policy, call.w.language)
    lines = [(f"{_program()} demo --as {each.name}", _who(each, w)) for each in found]
    width = max(cell_len(line) for line, _ in lines)
    give([w("cli.demo_open", n=len(lines)), *(f"  {pad(line, width)}   # {who}" for line, who in lines)])
    give([w("cli.demo_try")])
    return 0


def _program() -> str:
    """What a shell calls this program: of a checkout it is not on the path."""
    beside = os.path.join(os.path.dirname(sys.executable), "jiedai")
    return "jiedai" if shutil.which("jiedai") or not os.access(beside, os.X_OK) else beside


def _chosen(session: Session, n: int) -> Iterator[Waiting]:
    """Whoever is acting, then who has most of each kind of what waits, in turn."""
    from models.queries.plain_lists import registered
    from models.queries.task_lists import waiting
    from models.services.session import Actor

    rest = [waiting(replace(session, actor=Actor(each.id, each.name, login()))) for each in registered()]
    first = next(each for each in rest if each.name == session.actor.name)
    for turn in range(min(n, len(rest))):
        kind = _KINDS[(turn - 1) % len(_KINDS)]
        found = first if turn == 0 else max(rest, key=lambda each: (getattr(each, kind), each.decisions, each.tasks))
        rest.remove(found)
        yield found


def _who(found: Waiting, w: Words) -> str:
    """Where they sit and what waits for them."""
    counts = [w(f"cli.demo_{kind}", n=n) for kind in _KINDS if (n := getattr(found, kind))]
    return "  ".join([w.name(found.place) if found.place else "", ", ".join(counts)]).strip()
