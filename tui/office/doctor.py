"""What `jiedai doctor` looks at: whether the machine is as the program relies on, and what to do where it is not.

Nothing is changed, and the store is not opened: root may look, too."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.frozen import record
from models.words import Phrase, clean
from tui.office.machine import network_file_system
from tui.office.system_files import BACKUPS, program
from tui.settings import Settings

DAY = 86_400
OLDEST = 2 * DAY
"""Seconds after which a backup is too old."""
PATIENCE = 20.0
"""Seconds that a program of the machine may take to answer."""
SUDOERS = "/etc/sudoers.d/jiedai"
WELL, BAD, OPEN = "well", "bad", "open"
"""As it should be; not; not known here."""
_EVIL = ("ld_", "python", "textual", "path", "jiedai", "xdg_", "home", "env", "bash")
"""Beginnings of variables that a client must not send."""
_WANTED = {"disableforwarding": "yes", "authenticationmethods": "publickey", "permituserrc": "no"}


@record
class Health:
    """One thing looked at; `cure` says what to do where it is not well."""

    what: str
    state: str
    said: Phrase
    cure: Phrase | None = None


def said(what: str, state: str, case: str = "", cure: str = "", **facts: object) -> Health:
    """A finding, with the sentences `doctor.<what>_<case, else state>` and `doctor.cure_<cure>`."""
    todo = Phrase(f"doctor.cure_{cure}", facts) if cure else None
    return Health(what, state, Phrase(f"doctor.{what}_{case or state}", facts), todo)


def machine(settings: Settings, store: str) -> Iterator[Health]:
    """Everything but the policy; what is of an office only where the settings name an account."""
    yield clock()
    yield file_system(store)
    owner = os.geteuid()
    if settings.account:
        try:
            owner = pwd.getpwnam(settings.account).pw_uid
        except KeyError:
            yield said("account", BAD, cure="account", account=clean(settings.account))
            return
    yield store_modes(store, owner)
    yield terminal(os.environ)
    if settings.account:
        yield installed(program())
        yield sshd(settings)
        yield sudoers()
        yield backups(BACKUPS)


# -- each thing -------------------------------------------------------------------------------------------------------


def clock() -> Health:
    """Whether the clock is set by the network, as far as systemd knows."""
    answer = _ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if answer is None or answer.strip() not in ("yes", "no"):
        return said("clock", OPEN, now=time.strftime("%Y-%m-%d %H:%M %Z"))
    well = answer.strip() == "yes"
    return said("clock", WELL if well else BAD, cure="" if well else "clock", now=time.strftime("%Y-%m-%d %H:%M %Z"))


def file_system(store: str) -> Health:
    """Whether the store lies on a disk of this machine."""
    kind = network_file_system(store)
    return said("disk", BAD if kind else WELL, cure="disk" if kind else "", path=store, kind=kind)


def store_modes(store: str, owner: int) -> Health:
    """Whether nobody else can open the store: folder 0700, files 0600, all of them the owner's."""
    folder = os.path.dirname(store)
    name = _name(owner)
    try:
        seen = [os.stat(folder)]
        seen += [
            os.stat(os.path.join(folder, each))
            for each in os.listdir(folder)
            if each.startswith(os.path.basename(store))
        ]
    except FileNotFoundError:
        return said("store", OPEN, path=store)
    except PermissionError:
        return said("store", OPEN, "closed", path=store)
    facts = {"path": store, "folder": folder, "owner": name}
    if any(each.st_uid != owner for each in seen):
        return said("store", BAD, "owner", "owner", **facts)
    if any(stat.S_IMODE(each.st_mode) & 0o077 for each in seen):
        return said("store", BAD, "open_to_all", "modes", **facts)
    return said("store", WELL, **facts)


def terminal(environment: Mapping[str, str]) -> Health:
    """Whether the terminal can show the screens."""
    from tui.terminal import refusal

    if not os.isatty(1):
        return said("terminal", OPEN)
    why_not = refusal()
    if why_not is not None:
        return Health("terminal", BAD, why_not)
    columns, lines = os.get_terminal_size(1)
    term, encoding = clean(environment.get("TERM", "")), sys.stdout.encoding
    facts: dict[str, Any] = {"term": term, "columns": columns, "lines": lines, "encoding": encoding}
    if columns < 60 or lines < 20:
        return said("terminal", BAD, "small", "terminal", **facts)
    if encoding.lower().replace("-", "") != "utf8":
        return said("terminal", BAD, "encoding", "encoding", **facts)
    return said("terminal", WELL, **facts)


def installed(path: str) -> Health:
    """Whether nobody but root can put another program in the place of this one."""
    place = Path(path)
    if not place.exists():
        return said("program", BAD, "missing", "program", path=path)
    for each in (place, *place.resolve().parents, Path(sys.prefix, "lib"), Path(__file__)):
        seen = each.stat()
        sticky = each.is_dir() and seen.st_mode & stat.S_ISVTX
        if seen.st_uid != 0 or (stat.S_IMODE(seen.st_mode) & 0o022 and not sticky):
            return said("program", BAD, cure="program", path=str(each))
    return said("program", WELL, path=path)


def sshd(settings: Settings) -> Health:
    """Whether sshd gives who logs in as the account the program and nothing else."""
    if os.geteuid() != 0:
        return said("sshd", OPEN)
    answer = _ask("sshd", "-T", "-C", f"user={settings.account},host=localhost,addr=127.0.0.1")
    if answer is None:
        return said("sshd", BAD, "missing", "sshd")
    return judged_sshd(answer)


def judged_sshd(answer: str) -> Health:
    """What is wrong with the settings that `sshd -T` prints for the account."""
    lines = [line.partition(" ")[::2] for line in answer.lower().splitlines()]
    given = dict(lines)
    wrong = [f"{name} {given.get(name, '-')}" for name, value in _WANTED.items() if given.get(name) != value]
    sent = [word for name, value in lines if name == "acceptenv" for word in value.split()]
    wrong += [f"acceptenv {word}" for word in sent if word.startswith("*") or word.rstrip("*").startswith(_EVIL)]
    if given.get("permituserenvironment", "no") != "no":
        wrong.append(f"permituserenvironment {given['permituserenvironment']}")
    if given.get("authorizedkeysfile") != "none":
        wrong.append(f"authorizedkeysfile {given.get('authorizedkeysfile', '-')}")
    if "jiedai-ssh-keys" not in given.get("authorizedkeyscommand", ""):
        wrong.append(f"authorizedkeyscommand {given.get('authorizedkeyscommand', 'none')}")
    if given.get("clientaliveinterval", "0") == "0":
        wrong.append("clientaliveinterval 0")
    if wrong:
        return said("sshd", BAD, "wrong", "sshd", wrong=clean(", ".join(wrong)))
    return said("sshd", WELL)


def sudoers(path: str = SUDOERS) -> Health:
    """Whether sudo lets people run the program as the account with no words of their own, and nothing else."""
    if _which("sudo") is None:
        return said("sudoers", WELL, "none")
    if os.geteuid() != 0:
        return said("sudoers", OPEN)
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return said("sudoers", OPEN, "missing", "sudoers", path=path)
    rules = [line.strip() for line in text.splitlines() if "=" in line and not line.startswith(("#", "Defaults"))]
    sound = bool(rules) and all(rule.endswith('/jiedai ""') and "(ALL" not in rule for rule in rules)
    reads = _ask("visudo", "-c", "-f", path) is not None
    return said("sudoers", WELL if sound and reads else BAD, cure="" if sound and reads else "sudoers", path=path)


def backups(folder: str) -> Health:
    """Whether there is a backup of yesterday or today."""
    try:
        ages = [time.time() - each.stat().st_mtime for each in Path(folder).glob("jiedai-*.backup")]
    except OSError:
        return said("backup", OPEN, folder=folder)
    if not ages:
        return said("backup", BAD, "none", "backup", folder=folder)
    hours = int(min(ages) // 3600)
    old = min(ages) > OLDEST
    return said("backup", BAD if old else WELL, cure="backup" if old else "", folder=folder, hours=hours)


# -- asking the machine -----------------------------------------------------------------------------------------------


def _ask(name: str, *words: str) -> str | None:
    """What a program of the machine prints; None where it is not there, or says that something is wrong."""
    path = _which(name)
    if path is None:
        return None
    command: Sequence[str] = (path, *words)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def _which(name: str) -> str | None:
    import shutil

    return shutil.which(name, path="/usr/bin:/usr/sbin:/bin:/sbin:/usr/local/bin:/usr/local/sbin")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
