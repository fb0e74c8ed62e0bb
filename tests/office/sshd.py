"""A real sshd on loopback, with one account and a key for each of several people."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.office.office_machine import Machine, office
from tests.ui.term import Term
from tui.office import system_files
from tui.settings import Settings

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
PEOPLE = ("刘晓燕", "王海峰", "周建国", "林小雨")
"""Those who have a key; 李卫东 has one that nobody knows."""
BEGINS = datetime(2026, 11, 23, 9).astimezone()
"""The clock of the desk when it opens: the Monday of the worked example."""
_STARTS = 20.0


def why_not() -> str:
    """Why no sshd can be tried here, empty where it can."""
    if SSHD is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        return "needs sshd and ssh (openssh-server, openssh-client)"
    if os.geteuid() == 0:
        return ""
    main, other = pty.openpty()
    seen = os.fstat(other)
    os.close(main)
    os.close(other)
    given = seen.st_gid == 5 and seen.st_mode & 0o777 == 0o620
    return "" if given else "needs root, or /dev/pts as Debian mounts it: else sshd hands out no terminal"


@dataclass
class Desk:
    """An office to be reached by SSH."""

    machine: Machine
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def ssh(self, name: str, *words: str, options: Sequence[str] = ("-T",)) -> list[str]:
        """The command of a client with that person's key."""
        known = f"UserKnownHostsFile={self.folder / 'known'}"
        fixed = ("IdentitiesOnly=yes", "BatchMode=yes", "LogLevel=ERROR", "ConnectTimeout=60", known)
        key = self.folder / f"id-{PEOPLE.index(name) if name in PEOPLE else 'x'}"
        told = [part for option in fixed for part in ("-o", option)]
        there = [*options, f"{self.machine.account}@127.0.0.1", "--", *words]
        return ["ssh", "-F", "none", "-p", str(self.port), "-i", str(key), *told, *there]

    def run(
        self, name: str, *words: str, options: Sequence[str] = ("-T",), typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """What a person's client gets for these words."""
        return subprocess.run(
            self.ssh(name, *words, options=options),
            input=typed, capture_output=True, encoding="utf-8", errors="replace", timeout=120, check=False,
            env={**os.environ, **environment}, cwd=self.folder,
        )  # fmt: skip

    def terminal(self, name: str, size: tuple[int, int] = (80, 24), **environment: str) -> Term:
        """A person at a terminal."""
        return Term(self.ssh(name, options=("-tt",)), size=size, env=environment)

    def programs(self) -> list[int]:
        """The processes of the program that sessions here are at."""
        return [int(each) for each in os.listdir("/proc") if each.isdecimal() and self._is_ours(Path("/proc") / each)]

    def _is_ours(self, process: Path) -> bool:
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self.machine.folder).encode() in words and b"--key" in words


@contextmanager
def desk(folder: Path, **settings: object) -> Iterator[Desk]:
    """An office behind sshd, its clock on the Monday of the worked example."""
    folder.chmod(0o700)
    places = {name: folder / f"id-{at}" for at, name in enumerate(PEOPLE)}
    for place in (*places.values(), folder / "id-x", folder / "host"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place], check=True)
    public = {name: Path(f"{place}.pub").read_text("utf-8") for name, place in places.items()}
    with office(folder / "machine", public) as machine:
        machine.set(**{"sessions_each": 100, **settings})
        (machine.folder / "later").write_text(str(BEGINS.timestamp() - time.time()), "utf-8")
        port = _free_port()
        (folder / "keys").write_text(_key_lines(machine), "utf-8")
        (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text('utf-8')}", "utf-8")
        (folder / "conf").write_text(_configuration(machine, folder, port), "utf-8")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen([SSHD or "", "-D", "-e", "-f", folder / "conf"], stderr=log)
        try:
            _wait_until_there(port, process)
            yield Desk(machine, folder, port, process)
        finally:
            process.terminate()
            process.wait(30)


def _key_lines(machine: Machine) -> str:
    """What `jiedai ssh-keys` prints, with the program of the tests in place of the one installed."""
    said = machine.run("ssh-keys").stdout
    ours = shlex.join(machine.command).replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"exec \S+ --key", lambda found: f"exec {ours} --key", said)


def _configuration(machine: Machine, folder: Path, port: int) -> str:
    """What `jiedai office sshd` prints, but for the look-up: sshd runs none that lies where others could write."""
    printed = system_files.sshd(Settings(account=machine.account, store=str(machine.store)))
    block = [line for line in printed.splitlines() if "AuthorizedKeysCommand" not in line]
    block = [line.replace("AuthorizedKeysFile none", f"AuthorizedKeysFile {folder / 'keys'}") for line in block]
    return "\n".join(
        [
            f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {folder / 'host'}", "PidFile none", "UsePAM no",
            "StrictModes no", "PermitRootLogin forced-commands-only", "MaxStartups 200", "Subsystem sftp internal-sftp",
            "AcceptEnv LANG LC_*", *block, "",
        ]
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_until_there(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "sshd ended"
            assert time.monotonic() < end, "sshd does not listen"
            time.sleep(0.02)
        else:
            return
