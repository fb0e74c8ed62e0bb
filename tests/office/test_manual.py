"""`docs/office.md` run as root on a copy of this machine: its own files over ours, thrown away afterwards.

What differs from the page: packages are not fetched (`apt-get`, and what the program needs is taken from the tests'
environment), nothing is there to answer `systemctl`, and sshd listens on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.office.office_machine import other_python
from tests.office.sshd import SSHD
from tests.ui.term import PATIENCE, Term

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "office.md"
COLLEAGUE = "jdtest"
"""The login of somebody with a shell on the machine."""


def commands() -> list[str]:
    """The commands of the page."""
    return PAGE.read_text("utf-8").split("<!-- setup -->")[1].split("```sh\n")[1].split("```")[0].strip().splitlines()


def test_it_takes_ten_commands_or_fewer() -> None:
    assert len(commands()) <= 10


def test_every_test_that_the_page_names_is_there() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+?)(…?)`", PAGE.read_text("utf-8"))
    assert len(named) > 12
    assert [
        name for name, cut in named if f"def {name}" + ("" if cut else "(") not in text and name != "test_ssh"
    ] == []


def why_not() -> str:
    """Why the page cannot be tried here, empty where it can."""
    if os.geteuid() != 0:
        return "needs root"
    if SSHD is None or not all(map(shutil.which, ("sudo", "unshare", "useradd", "ssh"))):
        return "needs openssh-server, sudo, util-linux"
    if other_python() is None:
        return "needs a Python for every account, as new as ours"
    return "" if _overlay_works() else "needs an overlay file system"


def _overlay_works() -> bool:
    script = "mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w /mnt/r && " + _OVERLAY.format(at="/mnt")
    return subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, check=False).returncode == 0


_OVERLAY = "mount -t overlay o -o lowerdir=/,upperdir={at}/u,workdir={at}/w {at}/r"


@dataclass
class Copy:
    """A copy of this machine, held by a process; commands run in it as root or as somebody."""

    keeper: subprocess.Popen[bytes]
    root: Path
    port: int
    keys: Path

    def command(self, *words: str, user: str = "root") -> list[str]:
        """The words of a command that runs there."""
        inside = ["nsenter", "-t", str(self.keeper.pid), "-m", "chroot", str(self.root)]
        return [*inside, *(words if user == "root" else ("runuser", "-u", user, "--", *words))]

    def run(self, script: str, *, user: str = "root", typed: str = "") -> subprocess.CompletedProcess[str]:
        """A line of a shell, there."""
        return subprocess.run(
            self.command("/bin/sh", "-c", f"cd /src 2>/dev/null || cd /; {script}", user=user),
            input=typed, capture_output=True, text=True, timeout=300, check=False, env=ENVIRONMENT,
        )  # fmt: skip

    def ssh(self, *words: str, tty: str = "-T") -> list[str]:
        """A client with 林小雨's key."""
        fixed = "StrictHostKeyChecking=no UserKnownHostsFile=/dev/null LogLevel=ERROR BatchMode=yes IdentitiesOnly=yes"
        options = [part for each in fixed.split() for part in ("-o", each)]
        return [
            "ssh",
            "-F",
            "none",
            tty,
            "-p",
            str(self.port),
            "-i",
            str(self.keys),
            *options,
            "jiedai@127.0.0.1",
            "--",
            *words,
        ]


ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/root",
    "TERM": "xterm",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """The page's commands, run one after the other."""
    if why_not():
        pytest.skip(why_not())
    folder = tmp_path_factory.mktemp("copy")
    mounts = (
        f"mount -t tmpfs t {folder}", f"cd {folder}", "mkdir u w r", _OVERLAY.format(at=folder),
        "mount --rbind /dev r/dev",
        "mount -t proc p r/proc", "mount -t tmpfs t r/run", "mkdir -p r/run/sshd", "echo there", "exec sleep 100000",
    )  # fmt: skip
    script = " && ".join(mounts)
    keeper = subprocess.Popen(["unshare", "-m", "--propagation", "private", "sh", "-c", script], stdout=subprocess.PIPE)
    assert keeper.stdout is not None
    sshd = None
    try:
        assert keeper.stdout.readline() == b"there\n"
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        keys = tmp_path_factory.mktemp("keys") / "id"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys], check=True)
        made = Copy(keeper, folder / "r", port, keys)
        for line in commands():
            _run(made, line)
        begun = ["/usr/sbin/sshd", "-D", "-E", "/sshd.log", "-p", str(port), "-o", "ListenAddress=127.0.0.1"]
        sshd = subprocess.Popen(made.command(*begun), stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end
            time.sleep(0.05)
        yield made
    finally:
        for process in (sshd, keeper):
            if process is not None:
                process.terminate()
                process.wait(30)
        keeper.stdout.close()


def _run(made: Copy, line: str) -> None:
    """A line of the page, as it stands but for what comes from elsewhere."""
    if line.startswith("apt-get"):
        made.run("mkdir /src; ssh-keygen -A")
        made.run("printf '#!/bin/sh\\necho $* >> /systemctl' > /usr/local/bin/systemctl")
        made.run("chmod 755 /usr/local/bin/systemctl")
        _source(made)
        return
    if line == "jiedai":
        _set_up(made)
        return
    needs = "/opt/jiedai/needs"
    fetched = (
        "pip install -q --no-index --no-deps /src/*.whl", f"cp -r {sysconfig.get_path('purelib')} {needs}",
        f"rm -rf {needs}/jiedai* {needs}/_editable*",
        f"echo {needs} > $(echo /opt/jiedai/lib/python*/site-packages)/needs.pth",
    )  # fmt: skip
    line = line.replace("pip install .", " && ".join(fetched))
    line = line.replace("python3 -m venv", f"{other_python()} -m venv")
    done = made.run(line)
    if line != "jiedai doctor":
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def _source(made: Copy) -> None:
    """The program as a wheel, in the copy."""
    script = f"cd {ROOT} && {sys.executable} -m hatchling build -t wheel -d {made.root}/src"
    inside = ["nsenter", "-t", str(made.keeper.pid), "-m", "sh", "-c", script]
    subprocess.run(inside, check=True, capture_output=True)


def _set_up(made: Copy) -> None:
    """What the administrator types at the first start."""
    with Term(made.command("jiedai")) as at:
        at.until("1")
        at.press("1")
        at.press("周建国", "f4")
        at.read(1)
        at.press("f10")
    done = made.run(
        "jiedai people add 林小雨 --post coordinator; jiedai people key 林小雨 -",
        typed=Path(f"{made.keys}.pub").read_text("utf-8"),
    )
    assert done.returncode == 0, done.stderr
    made.run(f"useradd -m {COLLEAGUE}; jiedai people add 王海峰 --post marketing_head --login {COLLEAGUE}")


@pytest.mark.long
def test_the_doctor_finds_nothing_wrong_but_what_is_not_here(copy: Copy) -> None:
    """No backup before the first night, nobody who sets the clock."""
    copy.run("runuser -u jiedai -- jiedai backup /var/backups/jiedai")
    done = copy.run("jiedai doctor --lang en")
    assert [line for line in done.stdout.splitlines() if line.startswith("WRONG")] == [], done.stdout
    assert done.returncode == 0


@pytest.mark.long
def test_a_key_of_the_register_opens_the_program(copy: Copy) -> None:
    done = subprocess.run(
        copy.ssh("tasks", "--mine", "--json"), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    with Term(copy.ssh(tty="-tt")) as at:
        at.until("林小雨")
        at.press("f10")
        assert at.wait() == 0


@pytest.mark.long
def test_a_colleague_with_a_shell_has_the_program_by_sudo(copy: Copy) -> None:
    done = copy.run("jiedai visits --mine --json", user=COLLEAGUE)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
    with Term(copy.command("jiedai", user=COLLEAGUE)) as at:
        at.until("王海峰")
        at.press("f10")
        assert at.wait() == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "tried",
    [
        "cat /var/lib/jiedai/store/jiedai.db",
        "ls /var/lib/jiedai/store",
        "sqlite3 /var/lib/jiedai/store/jiedai.db 'delete from visit'",
        "python3 -c \"import sqlite3; sqlite3.connect('/var/lib/jiedai/store/jiedai.db').execute('VACUUM')\"",
        "echo x >> /var/lib/jiedai/store/jiedai.db",
        "jiedai verify --store /var/lib/jiedai/store/jiedai.db",
        "ls /var/backups/jiedai",
        "echo x > /etc/xdg/jiedai/settings.toml",
        "echo x > /opt/jiedai/bin/jiedai",
    ],
)
def test_another_account_can_neither_read_nor_write(copy: Copy, tried: str) -> None:
    done = copy.run(tried, user=COLLEAGUE)
    assert done.returncode != 0
    assert done.stdout == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "tried",
    [
        "sudo -n -u jiedai /opt/jiedai/bin/jiedai --key 1",
        "sudo -n -u jiedai /opt/jiedai/bin/jiedai --as 周建国",
        "sudo -n -u jiedai /opt/jiedai/bin/jiedai people",
        "sudo -n -u jiedai sh -c id",
        "sudo -n -u jiedai env -u SUDO_UID /opt/jiedai/bin/jiedai",
        "sudo -n id",
        "jiedai today --as 周建国",
        "JIEDAI_COMMAND='people off 林小雨' sudo -n -u jiedai /opt/jiedai/bin/jiedai",
        "JIEDAI_COMMAND='visits --as 周建国' sudo -n -u jiedai /opt/jiedai/bin/jiedai",
    ],
)
def test_sudo_lets_nobody_be_another(copy: Copy, tried: str) -> None:
    done = copy.run(tried, user=COLLEAGUE)
    assert done.returncode != 0, done.stdout
    assert done.stdout == ""


VARIABLES = """
SUDO_UID=0
LD_PRELOAD=/x.so
PYTHONPATH=/tmp
PYTHONSTARTUP=/x
XDG_CONFIG_DIRS=/tmp
LOGNAME=周建国
HOME=/tmp
JIEDAI_CONFIG=/etc/passwd
TERM='$(id)'
LANG='$(id)'
"""


@pytest.mark.long
@pytest.mark.parametrize("variable", VARIABLES.split())
def test_no_variable_of_a_colleague_counts(copy: Copy, variable: str) -> None:
    done = copy.run(
        f"JIEDAI_COMMAND='visits --mine --json' {variable} sudo -n -u jiedai /opt/jiedai/bin/jiedai", user=COLLEAGUE
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


@pytest.mark.long
def test_a_key_that_is_off_is_not_let_in_any_more(copy: Copy) -> None:
    fingerprint = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{copy.keys}.pub"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    done = copy.run(f"jiedai people key 林小雨 --off {fingerprint}")
    assert done.returncode == 0, done.stderr
    done = subprocess.run(copy.ssh("today"), capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (255, "")


@pytest.mark.long
def test_the_files_are_the_accounts_alone(copy: Copy) -> None:
    said = copy.run("stat -c '%U %a' /var/lib/jiedai/store /var/lib/jiedai/store/jiedai.db /var/backups/jiedai").stdout
    assert said.splitlines() == ["jiedai 700", "jiedai 600", "jiedai 700"]
    with suppress(KeyError):
        pwd.getpwnam(COLLEAGUE)
        pytest.fail("the copy wrote through to this machine")
