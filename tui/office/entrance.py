"""Who comes in: nobody of an office (one is alone with one's own file), or one of its people, vouched for by the
operating system and never by a word of their own (`DESIGN.md` § 8).

A key counts inside a forced command of SSH, a login by `SUDO_UID`, and both only in a process of the account that owns
the store. There is no way back from one to another: who comes in by none is refused.
"""

from __future__ import annotations

import os
import pwd
import shlex
import sqlite3
import stat
from typing import TYPE_CHECKING, NoReturn

from models.errors import Refused
from models.frozen import record
from models.words import clean
from tui.settings import Settings, read_settings
from tui.where import store_file, system_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY = "--key"
"""What the forced command of a key says, and the id of the key."""
ASKED = "JIEDAI_COMMAND"
"""The variable that sudo lets through: what a colleague with a shell asks for, read as what SSH was asked for."""
KEPT = ("TERM", "COLORTERM", "NO_COLOR", "LANG")
"""What is left of the caller's environment."""
UPKEEP = ("backup", "restore", "verify", "check", "where", "standards", "keys", "try", "ssh-keys", "doctor", "office")
"""What the account does by itself (a timer's backup), acting for nobody."""
AS_ROOT = ("doctor", "office", "keys")
"""What root does without becoming the account: it looks at the machine, and opens no store."""

_BY_KEY = (
    "SELECT p.id, p.name, p.language, p.active AND k.off_utc IS NULL FROM person_key k"
    " JOIN person p ON p.id = k.person_id WHERE k.id = ?"
)
_BY_LOGIN = "SELECT id, name, language, active FROM person WHERE login = ?"


@record
class Entry:
    """How the program was started in an office. `person`: who is vouched for, None for root and for the account itself;
    `key`: by which of their keys; `login`, `client`: what the journal keeps; `language`: the person's choice."""

    settings: Settings
    person: int | None = None
    name: str = ""
    login: str = ""
    client: str = ""
    key: int | None = None
    language: str = ""
    root: bool = False


def enter(argv: Sequence[str]) -> tuple[Entry | None, list[str]]:
    """Who comes in (None: nobody of an office), and what they ask for. Where settings name an account that this is not,
    the program is run by it instead. Raises Refused and SettingsErrors."""
    environment = dict(os.environ)
    forced = argv[:1] == [KEY]
    if forced or "SUDO_UID" in environment:
        os.environ.pop("XDG_CONFIG_DIRS", None)  # these are another's words
    path = settings_path()
    if not os.path.lexists(path):
        if forced:
            raise Refused("office_none", path=path)
        return None, list(argv)
    if argv[:1] == ["office"] and not os.path.getsize(path):
        return None, list(argv)  # the shell has just made it, for what is to be printed
    settings = read_settings(path, office=True)
    account = account_of(settings)
    if os.geteuid() == account.pw_uid:
        return _inside(argv, environment, settings, account)
    if forced:
        raise Refused("office_not_account", account=account.pw_name)
    if os.geteuid() == 0:
        return _as_root(argv, environment, settings, account)
    return _outside(argv, settings, account)


def settings_path() -> str:
    """The file by which the machine's administrator makes it an office."""
    return os.path.join(system_folder(), "settings.toml")


def account_of(settings: Settings) -> pwd.struct_passwd:
    """The account that owns the store. Refused (`office_no_account`)."""
    try:
        return pwd.getpwnam(settings.account)
    except KeyError:
        raise Refused("office_no_account", account=clean(settings.account)) from None


# -- as the account ---------------------------------------------------------------------------------------------------


def _inside(
    argv: Sequence[str], environment: Mapping[str, str], settings: Settings, account: pwd.struct_passwd
) -> tuple[Entry, list[str]]:
    reduce_environment(account)
    store = store_file("", settings.store)[0]
    insist_private(os.path.dirname(store), account)
    require_local(store)
    forced, sudo = argv[:1] == [KEY], environment.get("SUDO_UID", "")
    if forced and sudo:
        raise Refused("office_two_ways")
    if forced:
        client = environment.get("SSH_CONNECTION", "").partition(" ")[0]
        entry = _by_key(store, argv[1:], settings, clean(client)[:64])
        return entry, asked_for(environment.get("SSH_ORIGINAL_COMMAND", ""))
    if sudo == "0":
        return Entry(settings, login="root", root=True), list(argv)
    if sudo and sudo != str(account.pw_uid):
        if argv:
            raise refused_words(argv[0])
        return _by_login(store, sudo, settings), asked_for(environment.get(ASKED, ""))
    if KEY in argv or not argv or argv[0] not in UPKEEP:
        raise Refused("office_nobody", account=account.pw_name, allowed=", ".join(UPKEEP))
    return Entry(settings, login=account.pw_name), list(argv)


def reduce_environment(account: pwd.struct_passwd) -> None:
    """Leave of the environment what the screen needs; the rest is the account's own."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    os.environ.clear()
    os.environ.update(kept)
    os.environ.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name, PATH="/usr/bin:/bin")


def insist_private(folder: str, account: pwd.struct_passwd) -> None:
    """Refused where others can open the folder of the store: none there yet is made so."""
    try:
        seen = os.stat(folder)
    except FileNotFoundError:
        return
    if seen.st_uid != account.pw_uid:
        raise Refused("office_folder_owner", folder=folder, account=account.pw_name)
    if stat.S_IMODE(seen.st_mode) & 0o077:
        raise Refused("office_folder_open", folder=folder)


def require_local(store: str) -> None:
    """Refused where the store lies on a network file system: SQLite's locks do not hold there for several people."""
    from tui.office.machine import network_file_system

    kind = network_file_system(store)
    if kind:
        raise Refused("office_network", path=store, kind=kind)


def _by_key(store: str, words: Sequence[str], settings: Settings, client: str) -> Entry:
    if len(words) != 1 or not (words[0].isascii() and words[0].isdecimal() and len(words[0]) < 10):
        raise Refused("office_key_line")
    key = int(words[0])
    found = _looked_up(store, _BY_KEY, key)
    if found is None:
        raise Refused("no_key", key=key)
    person, name, language, on = found
    if not on:
        raise Refused("key_switched_off", name=name)
    return Entry(settings, person, name, f"key {key}", client, key, language)


def _by_login(store: str, uid: str, settings: Settings) -> Entry:
    try:
        login = pwd.getpwuid(int(uid)).pw_name
    except (KeyError, ValueError, OverflowError):
        raise Refused("login_unknown", login=clean(uid)) from None
    found = _looked_up(store, _BY_LOGIN, login)
    if found is None:
        raise Refused("login_unknown", login=login)
    person, name, language, on = found
    if not on:
        raise Refused("inactive_person", name=name)
    return Entry(settings, person, name, login, language=language)


def _looked_up(store: str, sql: str, value: object) -> tuple[int, str, str, int] | None:
    """One row of the register, read before anything else is: the language in which all else is said is in it."""
    from models.schema.files import place_of, require_store
    from models.schema.store import plain_reasons

    path = place_of(store)
    with plain_reasons(path):
        require_store(path)
        raw = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            found = raw.execute(sql, (value,)).fetchone()
        finally:
            raw.close()
    return found  # type: ignore[no-any-return]  # of the four columns that the statement names


# -- what may be asked for from outside -------------------------------------------------------------------------------

LONGEST = 1024
"""Bytes of what is asked for."""
_FILES = ("REQUEST", "FILE", "POLICY", "PATH")
"""Words of a command that name a file of the machine: only standard input and output serve from outside."""


def asked_for(text: str) -> list[str]:
    """The words of a command that was asked for from outside: nothing for the screens, else one that only reads, with
    options it may have there. No shell sees them. Refused (`office_words`) for anything else."""
    from tui.cli.command_line import COMMANDS, Usage, parse

    if len(text.encode("utf-8", "surrogateescape")) > LONGEST or not text.isprintable():
        raise refused_words("…")
    try:
        words = shlex.split(text)
    except ValueError:
        raise refused_words(text) from None
    if not words:
        return []
    command = COMMANDS.get(words[0])
    if command is None or command.afar is None:
        raise refused_words(words[0])
    for word in words[1:]:
        name = word.removeprefix("--").partition("=")[0]
        option = word.startswith("--") and (name in command.afar or name == "lang")
        if not (option or word == "-" or not word.startswith("-") or word[1:].isdecimal()):
            raise refused_words(word)
    try:
        given = parse(words)
    except Usage:
        raise refused_words(text) from None
    for asked, word in zip(command.words, given.words, strict=False):
        if asked.rstrip("?") in _FILES and word != "-":
            raise refused_words(word)
    return words


def refused_words(word: str) -> Refused:
    """The refusal that lists what may be asked for."""
    from tui.cli.command_line import COMMANDS

    allowed = [" ".join([name, *(f"[--{each}]" for each in command.afar)]) for name, command in COMMANDS.items()
               if command.afar is not None]  # fmt: skip
    return Refused("office_words", word=clean(word[:60]), allowed=", ".join(allowed))


# -- as somebody else -------------------------------------------------------------------------------------------------


def _as_root(
    argv: Sequence[str], environment: Mapping[str, str], settings: Settings, account: pwd.struct_passwd
) -> tuple[Entry | None, list[str]]:
    """Root may do everything and is told apart in the journal; the store is opened by the account alone."""
    try:
        login = pwd.getpwuid(int(environment.get("SUDO_UID", "0"))).pw_name
    except (KeyError, ValueError, OverflowError):
        login = "root"
    if not argv or argv[0] not in AS_ROOT:
        os.initgroups(account.pw_name, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        os.umask(0o077)
        reduce_environment(account)
        insist_private(os.path.dirname(store_file("", settings.store)[0]), account)
        require_local(store_file("", settings.store)[0])
    return Entry(settings, login=f"{login} (root)" if login != "root" else login, root=True), list(argv)


def _outside(argv: Sequence[str], settings: Settings, account: pwd.struct_passwd) -> tuple[None, list[str]]:
    """Somebody with a shell of their own: what is the office's the account runs, what needs only own files is run
    here."""
    from tui.cli.command_line import COMMANDS

    own = {"--store", "--config", "--help", "-h", "--version"}
    if any(word.partition("=")[0] in own for word in argv):
        return None, list(argv)
    command = COMMANDS.get(argv[0]) if argv else None
    if not argv or (command is not None and command.afar is not None and "store" in command.options):
        _become(argv, account.pw_name)
    return None, list(argv)


def _become(argv: Sequence[str], account: str) -> NoReturn:
    """Run this program as the account, by sudo, always with the same words."""
    import shutil
    import sys

    sudo = shutil.which("sudo")
    if sudo is None:
        raise Refused("office_no_sudo", account=account)
    program = os.path.join(sys.prefix, "bin", "jiedai")
    os.environ[ASKED] = shlex.join(argv)
    sys.stdout.flush()
    os.execv(sudo, [sudo, "-n", "-u", account, "--", program])
