"""Who comes in: nobody by a word of their own, and nobody as another (DESIGN.md § 8)."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from models.errors import Refused
from models.schema.store import write
from models.schema.tables import Journal, Person
from models.services import person_verbs
from models.services.person_register import require_vouched
from tests.office.office_machine import NOBODY, Machine
from tests.unit.every_verb import ED25519
from tests.unit.life import refuses
from tui.cli.command_line import COMMANDS, OPTIONS
from tui.office import slots
from tui.office.entrance import UPKEEP, asked_for
from tui.office.machine import NETWORK, file_system

NOBODYS = str(pwd.getpwnam(NOBODY).pw_uid)


# -- by a key ---------------------------------------------------------------------------------------------------------


def test_a_key_is_its_person(machine: Machine) -> None:
    done = machine.forced("林小雨", "tasks --mine --json")
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], "")
    done = machine.forced("林小雨")
    assert (done.returncode, "2026" in done.stdout) == (0, True), "today's sheet, where there is no terminal"


def test_a_key_that_is_off_or_unknown_is_refused(machine: Machine) -> None:
    assert "There is no key 99" in machine.run("--key", "99").stderr
    person_verbs.switch_key_off(machine.who.session("周建国"), machine.keys["林小雨"])
    done = machine.forced("林小雨", "standards")
    assert (done.returncode, done.stdout) == (1, "")
    assert "was switched off" in done.stderr


def test_who_left_is_refused(machine: Machine) -> None:
    for name in ("林小雨", "王海峰"):
        version = Person.get_by_id(machine.who.ids[name]).version
        person_verbs.change_person(machine.who.session("周建国"), machine.who.ids[name], expected=version, active=False)
    assert machine.forced("林小雨", "today").returncode == 1
    assert machine.run(SUDO_UID=NOBODYS).returncode == 1


@pytest.mark.parametrize(
    "words", [[], ["x"], ["-1"], ["1;sh"], ["1 2"], ["１"], ["9" * 30], ["1", "today"], ["1", "--as", "周建国"]]
)
def test_a_line_of_the_key_file_says_a_key_and_no_more(machine: Machine, words: list[str]) -> None:
    done = machine.run("--key", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "This line of the key file is not the program's" in done.stderr


def test_a_key_counts_nowhere_but_in_an_office(machine: Machine, tmp_path: Path) -> None:
    machine.settings.unlink()
    done = machine.forced("林小雨", "today")
    assert (done.returncode, done.stdout) == (1, "")
    assert "No settings of an office here" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_key_counts_for_nobody_but_the_account(machine: Machine) -> None:
    machine.set(account=NOBODY)
    assert "A key counts only for the account nobody" in machine.forced("林小雨", "today").stderr


# -- what may be asked for --------------------------------------------------------------------------------------------


NOT_ALLOWED = """
sh
/bin/sh
sh -i
bash -c id
today; sh
today;sh
today && sh
today | sh
today > x
$(touch x)
`touch x`
today $(touch x)
scp -t .
scp -f /etc/passwd
sftp-server
internal-sftp
rsync --server .
git-upload-pack x
--key 1
-h
--help
--version
--as 周建国
today --as 周建国
today --as=周建国
today --store x
today --store=/tmp/x.db
standards --config=/etc/passwd
standards --config /etc/passwd
today -- --as 周建国
visits --as 周建国 --mine
try /etc/passwd
try x.toml
try --json /etc/passwd
try --lang en x.toml
export visits /tmp/x
export visits stolen.csv
paper handover 1 /tmp/x
check /etc/passwd
check
backup -
backup /tmp/x
restore /tmp/x
people login 林小雨 root
people
demo
demo today
where
doctor
office sshd
ssh-keys
verify --store x
'today
today '
TODAY
today --jsn
today --json=1
today x y
today -x
"""


@pytest.mark.parametrize(
    "asked",
    [
        *NOT_ALLOWED.strip().splitlines(),
        *("today\nsh", "today\x1b]0;x\x07", "today\x00sh", "\u202etoday", "today " + "x" * 1024, "名" * 400),
    ],
)
def test_what_may_not_be_asked_for_is_refused_with_what_may(asked: str) -> None:
    with refuses("office_words") as refusal:
        asked_for(asked)
    allowed = str(refusal.value.phrase.facts["allowed"])
    assert "standards [--json]" in allowed
    assert "today [--json]" in allowed
    assert "\x1b" not in str(refusal.value.phrase.facts["word"])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", []),
        ("  ", []),
        ("today", ["today"]),
        ("today +3 --json", ["today", "+3", "--json"]),
        ("today -1", ["today", "-1"]),
        ("standards 'VIP' --json --lang=en", ["standards", "VIP", "--json", "--lang=en"]),
        ("try -", ["try", "-"]),
        ("try - --json", ["try", "-", "--json"]),
        ("try --json -", ["try", "--json", "-"]),
        ("verify --head", ["verify", "--head"]),
        ("standards '; sh'", ["standards", "; sh"]),
        ("visits --state approved --mine", ["visits", "--state", "approved", "--mine"]),
    ],
)
def test_what_only_reads_may_be_asked_for(asked: str, words: list[str]) -> None:
    assert asked_for(asked) == words


def test_nothing_that_is_asked_for_names_a_file_or_a_person() -> None:
    """Whatever command comes to be allowed from outside: the office's files, the person's own name."""
    allowed = {name: command for name, command in COMMANDS.items() if command.afar is not None}
    for command in allowed.values():
        assert command.afar is not None
        assert {"as", "store", "config", "fix"}.isdisjoint(command.afar), command.name
        for at, word in enumerate(command.words):
            if word.rstrip("?") in ("FILE", "POLICY", "PATH", "REQUEST"):
                for named in ("/etc/passwd", "x", "../x"):
                    with refuses("office_words"):
                        asked_for(" ".join([command.name, *["x"] * at, named]))
        assert set(command.afar) <= set(command.options) <= set(OPTIONS)
    assert not allowed.keys() & {"people", "backup", "restore", "demo", "doctor", "office", "ssh-keys"}


@pytest.mark.parametrize(
    "asked", ["today; touch stolen", "$(touch stolen)", "today --store=stolen.db", "sh -c 'touch stolen'"]
)
def test_no_shell_sees_what_is_asked_for(machine: Machine, asked: str) -> None:
    before = sorted(os.listdir(machine.folder))
    done = machine.forced("林小雨", asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not allowed here. Allowed: standards" in done.stderr
    assert sorted({*os.listdir(machine.folder)} - {"home"}) == before


# -- by sudo ----------------------------------------------------------------------------------------------------------


def test_sudo_says_who_from_a_shell(machine: Machine) -> None:
    done = machine.run(SUDO_UID=NOBODYS, JIEDAI_COMMAND="visits --mine --json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_a_login_that_is_nobodys_is_refused(machine: Machine) -> None:
    person_verbs.set_login(machine.who.session("周建国"), machine.who.ids["王海峰"], "")
    assert "Nobody in the register has the login nobody" in machine.run(SUDO_UID=NOBODYS).stderr
    for uid in ("x", "-1", "4000000000", "99999999999999999999", "1;2"):
        assert "Nobody in the register has the login" in machine.run(SUDO_UID=uid).stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--key", "1"],
        ["--as", "周建国"],
        ["--store", "x"],
        ["today"],
        ["people", "login", "王海峰", "root"],
        ["backup", "-"],
    ],
)
def test_whoever_sudo_lets_in_says_nothing_on_the_command_line(machine: Machine, words: list[str]) -> None:
    done = machine.run(*words, SUDO_UID=NOBODYS)
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize("asked", ["today --as 周建国", "sh", "people login 王海峰 root", "backup -", "--key 1"])
def test_what_sudo_lets_through_is_read_as_what_ssh_was_asked_for(machine: Machine, asked: str) -> None:
    done = machine.run(SUDO_UID=NOBODYS, JIEDAI_COMMAND=asked)
    assert (done.returncode, "is not allowed here" in done.stderr) == (1, True)


# -- nobody -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["today"],
        ["visits"],
        ["people", "login", "林小雨", "x"],
        ["today", "--key", "1"],
        ["demo"],
        ["--as", "周建国"],
        ["today", "--as", "周建国"],
    ],
)
def test_the_account_by_itself_is_nobody(machine: Machine, words: list[str]) -> None:
    done = machine.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is nobody" in done.stderr
    assert ", ".join(UPKEEP) in done.stderr


def test_the_account_by_itself_keeps_the_store(machine: Machine) -> None:
    """The timer's backup."""
    copy = machine.folder / "copy.backup"
    done = machine.run("backup", str(copy))
    assert (done.returncode, copy.exists()) == (0, True), done.stderr
    assert machine.run("verify").returncode == 0


def test_root_is_told_apart(machine: Machine) -> None:
    done = machine.run("people", "language", "林小雨", "en", SUDO_UID="0")
    assert (done.returncode, done.stderr) == (0, "林小雨: person changed\n")
    last = Journal.select().order_by(Journal.id.desc()).get()
    assert (last.verb, last.login, last.actor) == ("person.change", "root", None)


# -- the environment --------------------------------------------------------------------------------------------------

EVIL = {
    "XDG_CONFIG_DIRS": "/nowhere",
    "XDG_CONFIG_HOME": "/nowhere",
    "XDG_DATA_HOME": "/nowhere",
    "XDG_CACHE_HOME": "/nowhere",
    "JIEDAI_CONFIG": "/etc/passwd",
    "HOME": "/nowhere",
    "LOGNAME": "周建国",
    "USER": "周建国",
    "PATH": "/nowhere",
    "LC_ALL": "zh_CN.UTF-8",
    "TERM": "$(touch x)",
    "TEXTUAL_DRIVER": "evil:Evil",
    "TEXTUAL_LOG": "log",
    "PYTHONSTARTUP": "x.py",
    "PYTHONPATH": "evil",
    "PAGER": "sh",
    "EDITOR": "sh",
    "LESSOPEN": "|sh",
    "BROWSER": "sh",
    "TMPDIR": "/nowhere",
}


@pytest.mark.parametrize("how", ["key", "sudo"])
def test_the_callers_environment_changes_nothing(machine: Machine, how: str) -> None:
    evil = machine.folder / "evil"
    evil.mkdir()
    (evil / "sitecustomize.py").write_text("open('stolen', 'w')", "utf-8")
    (evil / "models.py").write_text("open('stolen', 'w')", "utf-8")
    if how == "key":
        plain = machine.forced("林小雨", "handover")
        tricked = machine.forced("林小雨", "handover", **EVIL)
    else:
        plain = machine.run(SUDO_UID=NOBODYS, JIEDAI_COMMAND="handover")
        tricked = machine.run(SUDO_UID=NOBODYS, JIEDAI_COMMAND="handover", **EVIL)
    assert plain.returncode == 0
    assert (tricked.returncode, tricked.stdout, tricked.stderr) == (0, plain.stdout, plain.stderr)
    assert not list(machine.folder.rglob("stolen"))
    assert not (machine.folder / "log").exists()


def test_a_key_and_sudo_at_once_are_refused(machine: Machine) -> None:
    for uid in ("0", NOBODYS, "x"):
        done = machine.forced("林小雨", "today", SUDO_UID=uid)
        assert (done.returncode, "come in by one of them" in done.stderr) == (1, True)


def test_the_environment_is_reduced_to_what_the_screen_needs() -> None:
    code = (
        "import os, pwd; from tui.office.entrance import reduce_environment;"
        "reduce_environment(pwd.getpwuid(os.geteuid())); print(*sorted(os.environ))"
    )
    more = dict.fromkeys(("TERM", "COLORTERM", "NO_COLOR", "LANG", "SSH_CONNECTION", "SUDO_UID"), "1")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **EVIL, "PYTHONPATH": "", **more},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["COLORTERM", "HOME", "LANG", "LOGNAME", "NO_COLOR", "PATH", "TERM", "USER"]


# -- the store --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o770, 0o750, 0o701, 0o777])
def test_a_store_that_others_can_open_is_refused(machine: Machine, mode: int) -> None:
    machine.store.parent.chmod(mode)
    for done in (machine.forced("林小雨", "today"), machine.run("verify"), machine.run(SUDO_UID=NOBODYS)):
        assert (done.returncode, done.stdout) == (1, "")
        assert "chmod 700" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_store_of_somebody_else_is_refused(machine: Machine) -> None:
    os.chown(machine.store.parent, int(NOBODYS), -1)
    assert f"must belong to {machine.account}" in machine.forced("林小雨", "today").stderr


def test_on_what_a_file_lies_is_known(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "22 21 0:50 / /srv rw,relatime shared:9 - nfs4 files:/srv rw\n"
        "23 22 8:2 / /srv/own rw - xfs /dev/sdb1 rw\n"
        "24 21 0:51 / /mnt/a\\040b rw - fuse.sshfs files: rw\n",
        "utf-8",
    )
    found = {
        path: file_system(path, str(mounts)) for path in ("/x", "/srv/desk.db", "/srvx", "/srv/own/y", "/mnt/a b/z")
    }
    assert found == {
        "/x": "ext4",
        "/srv/desk.db": "nfs4",
        "/srvx": "ext4",
        "/srv/own/y": "xfs",
        "/mnt/a b/z": "fuse.sshfs",
    }
    assert {"nfs4", "fuse.sshfs", "cifs"} <= NETWORK
    assert file_system("/", "/nowhere") == ""


def test_a_store_on_a_network_file_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.office import entrance
    from tui.office import machine as lies

    monkeypatch.setattr(lies, "file_system", lambda path: "nfs4")
    with refuses("office_network"):
        entrance.require_local("/srv/desk.db")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('store = "/x"', 'account = "jiedai"'),
        ('account = "no-such-account"', "which this machine does not have"),
        ('account = "a b"', "is no account's name"),
        ('account = "root"\nidle_minutes = 0', "from 1 to 1440"),
        ('account = "root"\nsessions = "many"', "from 1 to 1000"),
        ('account = "root"\nperson = "周建国"', 'there is no setting "person"'),
    ],
)
def test_a_mistake_in_the_settings_lets_nobody_in(machine: Machine, text: str, said: str) -> None:
    machine.settings.write_text(text, "utf-8")
    done = machine.forced("林小雨", "today")
    assert (done.returncode in (1, 2), done.stdout) == (True, "")
    assert said in done.stderr


# -- while one is in --------------------------------------------------------------------------------------------------


def test_a_key_that_is_switched_off_counts_from_the_next_write_on(machine: Machine) -> None:
    """Checked at the beginning of every write transaction, whatever it is for; what is read goes on."""
    who, key, person = machine.who, machine.keys["林小雨"], machine.who.ids["林小雨"]
    with machine.opened() as mine:
        mine.check_writes(lambda: require_vouched(person, key, ""))
        person_verbs.set_language(who.session("林小雨"), person, "en")
        with closing(sqlite3.connect(machine.store)) as others:
            others.execute("UPDATE person_key SET off_utc = '2026-11-23 09:00:00'")
            others.commit()
        with refuses("no_longer_vouched"):
            person_verbs.set_language(who.session("林小雨"), person, "zh")
        with refuses("no_longer_vouched"), write():
            pass
        assert Person.get_by_id(person).language == "en"


@pytest.mark.parametrize("change", ["active = 0", "login = 'other'"])
def test_a_login_that_is_taken_away_counts_from_the_next_write_on(machine: Machine, change: str) -> None:
    person = machine.who.ids["王海峰"]
    with write():
        require_vouched(person, None, NOBODY)
    with closing(sqlite3.connect(machine.store)) as others:
        others.execute(f"UPDATE person SET {change} WHERE id = {person}")
        others.commit()
    with refuses("no_longer_vouched"), write():
        require_vouched(person, None, NOBODY)


def test_sessions_are_counted_by_what_lives(machine: Machine) -> None:
    """A process that was killed holds no place."""
    code = (
        "import sys, signal; from tui.office.slots import take;"
        "take(sys.argv[1], int(sys.argv[2]), 2, 3); print('in', flush=True); signal.pause()"
    )

    def come(person: int) -> subprocess.Popen[str]:
        came = subprocess.Popen(
            [sys.executable, "-c", code, str(machine.store), str(person)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert came.stdout is not None
        came.said = came.stdout.readline()  # type: ignore[attr-defined]  # kept beside it
        return came

    inside = [come(1), come(1), come(1), come(2), come(2)]
    try:
        assert [each.said for each in inside] == ["in\n", "in\n", "", "in\n", ""]  # type: ignore[attr-defined]  # see above
        inside[0].kill()
        inside[0].wait()
        slots.take(str(machine.store), 1, 2, 3)
        with pytest.raises(Refused):
            slots.take(str(machine.store), 1, 2, 3)
    finally:
        for each in inside:
            each.kill()
            each.wait()
            if each.stdout is not None:
                each.stdout.close()
        while slots._held:
            os.close(slots._held.pop())


def test_too_many_sessions_are_refused_in_a_sentence(machine: Machine) -> None:
    machine.set(sessions_each=1)
    slots.take(str(machine.store), machine.who.ids["林小雨"], 1, 60)
    try:
        done = machine.forced("林小雨", "today")
        assert (done.returncode, done.stdout) == (1, "")
        assert "You have 1 sessions open already" in done.stderr
    finally:
        while slots._held:
            os.close(slots._held.pop())


# -- the lines of keys ------------------------------------------------------------------------------------------------

LOOK_UP = Path(__file__).parents[2] / "tui" / "office" / "ssh_keys.py"


def look_up(machine: Machine, fingerprint: str) -> str:
    """What the look-up prints for sshd."""
    return subprocess.run(
        [sys.executable, "-I", LOOK_UP, str(machine.store), fingerprint], capture_output=True, text=True, check=True
    ).stdout


def test_the_look_up_and_the_key_file_say_the_same_line(machine: Machine) -> None:
    from models.services.public_key import read_key

    key = read_key(ED25519)
    line = look_up(machine, key.fingerprint)
    program, _, rest = line.partition(" --key ")
    assert program.startswith('restrict,pty,command="exec /')
    assert rest == f'{machine.keys["林小雨"]}" {key.line}\n'
    done = machine.run("ssh-keys")
    assert (done.returncode, done.stderr) == (0, "")
    whole = done.stdout.rstrip("\n")
    assert whole.endswith(f' --key {machine.keys["林小雨"]}" {key.line} 林小雨')
    assert look_up(machine, "SHA256:x") == ""
    assert look_up(machine, "' OR 1 --") == ""
    person_verbs.switch_key_off(machine.who.session("周建国"), machine.keys["林小雨"])
    assert look_up(machine, key.fingerprint) == machine.run("ssh-keys").stdout == ""


def test_the_look_up_asks_for_nothing_but_what_comes_with_python() -> None:
    text = LOOK_UP.read_text("utf-8")
    assert os.access(LOOK_UP.with_suffix(".sh"), os.X_OK)
    assert [line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))] == [
        "os",
        "sqlite3",
        "sys",
    ]
    assert len(text.splitlines()) <= 25
