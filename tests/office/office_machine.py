"""A machine with an office on it, in a folder: its settings, the account's home, the store of a small company."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from models.schema.store import Store, open_store
from models.services import person_verbs
from tests.unit.every_verb import ED25519
from tests.unit.life import Company, company

PROGRAM = Path(__file__).with_name("run_office.py")
NOBODY = "nobody"
"""The login of 王海峰, whom the machine knows."""


@dataclass
class Machine:
    """The office. `keys`: the number of each person's key, by name; `public`: its public half."""

    folder: Path
    account: str
    who: Company
    keys: dict[str, int] = field(default_factory=dict)
    python: Sequence[str] = (sys.executable, "-I")
    packages: str = "-"

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "store" / "store.db"

    @property
    def settings(self) -> Path:
        """The settings for everybody."""
        return self.folder / "system" / "jiedai" / "settings.toml"

    @property
    def command(self) -> list[str]:
        """The program, as it is installed there."""
        return [*self.python, str(PROGRAM), self.packages, str(self.folder)]

    def set(self, **settings: object) -> None:
        """Write the settings."""
        named = {"account": self.account, "store": str(self.store), **settings}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in named.items()]
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text("\n".join(lines) + "\n", "utf-8")

    def run(self, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """The program with these words, as the account, with these variables besides a clean environment."""
        clean = {"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "HOME": str(self.folder / "elsewhere")}
        return subprocess.run(
            [*self.command, *words], env={**clean, **environment}, input=typed, capture_output=True, encoding="utf-8",
            timeout=120, check=False, cwd=self.folder,
        )  # fmt: skip

    def forced(self, name: str, asked: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """What sshd runs for the key of a person who asks for `asked`."""
        more = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22", **environment}
        return self.run("--key", str(self.keys[name]), **({"SSH_ORIGINAL_COMMAND": asked} if asked else {}), **more)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The store, in this process."""
        store = open_store(self.store)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def office(folder: Path, public: Mapping[str, str] | None = None) -> Iterator[Machine]:
    """An office whose account is whoever runs the tests; `public`: the public halves of people's keys."""
    with company(folder / "store") as who:
        (folder / "store").chmod(0o700)
        machine = Machine(folder, pwd.getpwuid(os.geteuid()).pw_name, who)
        session = who.session("周建国")
        for name, line in (public or {"林小雨": ED25519}).items():
            machine.keys[name] = person_verbs.add_key(session, who.ids[name], line)
        person_verbs.set_login(session, who.ids["王海峰"], NOBODY)
        machine.set()
        yield machine


def other_python() -> str | None:
    """A Python that every account of the machine can run, None where there is none that is new enough."""
    found = which("python3", path="/usr/bin:/usr/local/bin")
    new = "import sys; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1:])))"
    same = [str(part) for part in sys.version_info[:2]]
    if found and subprocess.run([found, "-I", "-c", new, *same], check=False).returncode == 0:
        return found
    return None
