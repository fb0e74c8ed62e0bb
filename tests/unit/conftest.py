"""What tests of the store share: a fresh store, a desk with a clock of its own, and a company on the default policy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.policy.load import load_file
from models.policy.model import Policy
from models.schema.store import Store
from models.services import person_verbs
from models.services.session import Actor, Session
from tests.unit.life import default_text
from tests.unit.stores import begun, fresh_store
from tui.cli.main import run

ROOT = Path(__file__).parents[2]
Jiedai = Callable[..., tuple[int, str, str]]
"""Runs a command: its exit code, data and words."""
Process = Callable[..., subprocess.CompletedProcess[str]]
"""Runs `jiedai` as a process of its own."""
UTC_MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
START = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday morning: the day of the worked example."""


@dataclass
class FakeClock:
    """The present, as the test sets it; it stands still otherwise."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass, by the words of `timedelta`."""
        self.now += timedelta(**span)


@dataclass
class SessionFactory:
    """Makes desks of one policy and one clock: `desk()` for nobody yet, `desk(person)` for one of the register."""

    policy: Policy
    clock: FakeClock = field(default_factory=FakeClock)

    def __call__(self, person: int | None = None, name: str = "", policy: Policy | None = None) -> Session:
        return Session(Actor(person, name or f"#{person}", "tester"), self.clock, policy or self.policy)


@dataclass(frozen=True)
class Company:
    """A register with one person for each post of the default policy: `person["general_manager"]` is an id."""

    session: SessionFactory
    person: Mapping[str, int]
    names: Mapping[str, str]

    @property
    def policy(self) -> Policy:
        """The default policy."""
        return self.session.policy

    @property
    def clock(self) -> FakeClock:
        """The clock of all desks."""
        return self.session.clock

    def as_(self, post: str) -> Session:
        """The desk of who holds this post."""
        return self.session(self.person[post], self.names[post])


NAMES = [
    "周建国", "钱卫东", "孙立", "李明", "吴技", "郑产", "王供", "冯质",
    "陈主任", "褚后勤", "卫车间", "蒋技术", "沈销售", "韩协调", "杨司机",
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh store, bound for this test."""
    opened = fresh_store(tmp_path / "store" / "jiedai.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def default_policy() -> Policy:
    """The packaged default."""
    return load_file(ROOT / "config.toml")


@pytest.fixture
def session(default_policy: Policy) -> SessionFactory:
    """Makes desks on the default policy and a clock that stands at `START`."""
    return SessionFactory(default_policy)


@pytest.fixture
def company(store: Store, session: SessionFactory) -> Company:
    """Everybody registered, one for each post, since the policy's first day."""
    posts = [post.id for post in session.policy.posts]
    names = dict(zip(posts, NAMES, strict=True))
    lines = [(name, "", (post,)) for post, name in names.items()]
    ids = begun(lines, lambda: person_verbs.set_up(session(), lines, since=session.policy.effective))
    return Company(session, dict(zip(posts, ids, strict=True)), names)


@pytest.fixture
def jiedai(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Jiedai]:
    """Runs a command in a home folder of its own, on a day; its exit code, data and words."""

    def run_it(*words: str, now: datetime = UTC_MORNING) -> tuple[int, str, str]:
        code = run(words, lambda: now)
        told = capsys.readouterr()
        return code, told.out, told.err

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("XDG_", "LC_", "JIEDAI_"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(tmp_path))
        patch.setenv("LANG", "en_US.UTF-8")
        patch.chdir(tmp_path)
        yield run_it


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Runs `jiedai` as a process of its own, in a home folder of its own: these words, or this code; what is typed to
    it; variables of its environment."""

    def run(*words: str, code: str = "", typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **more}
        command = [sys.executable, *(["-c", code] if code else ["-m", "tui"]), *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, input=typed, capture_output=True, encoding="utf-8", timeout=300,
            check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Two versions: one in force, one from 2027 on, when the meals of VIPs cost more."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "first.toml").write_text(default_text(), "utf-8")
    coming = (
        default_text().replace("effective = 2014-04-07", "effective = 2027-01-01").replace("vip = 150,", "vip = 175,")
    )
    (folder / "second.toml").write_text(coming, "utf-8")
    return folder
