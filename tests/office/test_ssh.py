"""The office over a real sshd: what a key opens, what it does not, and three people at one request."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Journal
from models.services.request_verbs import new_draft
from tests.office.sshd import Desk, desk, why_not
from tests.ui.term import PATIENCE, Term
from tests.unit.life import form

pytestmark = [pytest.mark.pty, pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")]


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office behind sshd, which nothing here changes."""
    with desk(tmp_path_factory.mktemp("sshd")) as made:
        yield made


def gone(at: Desk, seconds: float = PATIENCE) -> None:
    """Wait until no program runs there any more."""
    end = time.monotonic() + seconds
    while at.programs():
        assert time.monotonic() < end, "the program lives on"
        time.sleep(0.02)


# -- what a key opens -------------------------------------------------------------------------------------------------


def test_a_command_that_reads_is_answered(ssh: Desk) -> None:
    done = ssh.run("林小雨", "standards", "vip", "--json", "--lang=en")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)
    assert ssh.run("林小雨", "tasks --mine --json").stdout == "[]\n"
    assert ssh.run("林小雨", "verify", "--head").stdout.split()[0] == str(journal.head())


def test_a_request_is_tried_from_standard_input(ssh: Desk) -> None:
    text = (Path(__file__).parents[2] / "docs" / "manual.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    done = ssh.run("林小雨", "try", "-", "--json", typed=text)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_a_key_that_the_register_does_not_have_opens_nothing(ssh: Desk) -> None:
    done = ssh.run("李卫东", "today")
    assert (done.returncode, done.stdout) == (255, "")
    assert "Permission denied" in done.stderr


def test_without_a_terminal_there_is_todays_sheet_and_an_end(ssh: Desk) -> None:
    done = ssh.run("林小雨")
    assert done.returncode == 0
    assert "2026-11-23" in done.stdout
    gone(ssh)


def test_a_terminal_opens_the_screens_as_the_person_of_the_key(ssh: Desk) -> None:
    with ssh.terminal("林小雨") as at:
        at.until("林小雨")
        at.press("f10")
        assert at.wait() == 0
    gone(ssh)


# -- what it does not -------------------------------------------------------------------------------------------------

TRIED = """
/bin/sh
sh -i
today; sh
touch stolen
$(touch stolen)
scp -t .
--key 1
today --as 周建国
today --store x
people login 林小雨 root
backup -
demo
"""


@pytest.mark.parametrize("asked", [*TRIED.strip().splitlines(), "today\x1b]0;x\x07"])
@pytest.mark.parametrize("tty", ["-T", "-tt"])
def test_anything_else_is_refused_with_what_is_allowed(ssh: Desk, asked: str, tty: str) -> None:
    done = ssh.run("林小雨", asked, options=(tty,))
    assert done.returncode == 1, done.stdout
    assert "standards [--json]" in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not list(ssh.folder.rglob("stolen"))


@pytest.mark.parametrize("options", [("-s",), ("-s", "-T")])
def test_sftp_gets_the_program_and_no_files(ssh: Desk, options: tuple[str, ...]) -> None:
    done = ssh.run("林小雨", "sftp", options=options)
    assert done.returncode != 0
    assert "uid" not in done.stdout


@pytest.mark.parametrize("old", [(), ("-O",)])
def test_scp_copies_nothing(ssh: Desk, tmp_path: Path, old: tuple[str, ...]) -> None:
    (tmp_path / "x").write_text("x", "utf-8")
    client = ssh.ssh("林小雨")
    options = client[client.index("-p") + 2 : client.index("-T")]
    for source, to in ((str(tmp_path / "x"), "{}:stolen"), ("{}:" + str(ssh.machine.store), str(tmp_path / "y"))):
        place = f"{ssh.machine.account}@127.0.0.1"
        done = subprocess.run(
            ["scp", *old, "-F", "none", "-P", str(ssh.port), *options, source.format(place), to.format(place)],
            capture_output=True, timeout=120, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode != 0
    assert not list(ssh.folder.rglob("stolen"))
    assert not (tmp_path / "y").exists()


@pytest.mark.parametrize("what", ["-W", "-L", "-R", "-D", "-w"])
def test_nothing_is_forwarded(ssh: Desk, what: str) -> None:
    """To sshd's own port, whose banner would come through."""
    there, sock = f"127.0.0.1:{ssh.port}", ssh.folder / f"sock{what}"
    how = {
        "-W": ["-W", there],
        "-L": ["-o", "ExitOnForwardFailure=yes", "-N", "-L", f"{sock}:{there}"],
        "-R": ["-o", "ExitOnForwardFailure=yes", "-N", "-R", f"{sock}:{there}"],
        "-D": ["-o", "ExitOnForwardFailure=yes", "-N", "-R", "0"],
        "-w": ["-o", "ExitOnForwardFailure=yes", "-N", "-w", "0"],
    }[what]
    if what == "-L":
        client = subprocess.Popen(ssh.ssh("林小雨", options=how)[:-1], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        try:
            end = time.monotonic() + PATIENCE
            while not sock.exists():
                assert time.monotonic() < end
                time.sleep(0.02)
            with socket.socket(socket.AF_UNIX) as tunnel:
                tunnel.connect(str(sock))
                assert tunnel.recv(100) == b"", "nothing comes through"
        finally:
            client.kill()
            client.communicate()
        return
    done = subprocess.run(ssh.ssh("林小雨", options=how)[:-1], input=b"", capture_output=True, timeout=120, check=False)
    assert done.returncode != 0
    assert b"SSH-2.0" not in done.stdout
    assert not sock.exists()


ENVIRONMENT = {
    **dict.fromkeys(
        ("LD_PRELOAD", "PYTHONPATH", "PYTHONSTARTUP", "HOME", "PATH", "XDG_CONFIG_DIRS", "ENV"), "/nowhere"
    ),
    **dict.fromkeys(("SSH_ORIGINAL_COMMAND", "JIEDAI_COMMAND", "TEXTUAL_LOG", "BASH_ENV"), "people"),
    **dict.fromkeys(("LOGNAME", "USER"), "周建国"),
    **dict.fromkeys(("LANG", "TERM"), "$(touch stolen)"),
    "LC_ALL": "zh_CN.UTF-8",
    "SUDO_UID": "0",
    "JIEDAI_CONFIG": "/etc/passwd",
}


def test_no_variable_of_the_client_arrives(ssh: Desk) -> None:
    plain = ssh.run("林小雨", "handover")
    send = " ".join([f'"{name}={value}"' for name, value in ENVIRONMENT.items()])
    tricked = ssh.run("林小雨", "handover", options=("-T", "-o", f"SetEnv={send}"))
    assert (tricked.returncode, tricked.stdout) == (0, plain.stdout)
    assert not list(ssh.folder.rglob("stolen"))


@pytest.mark.parametrize("term", ["$(touch stolen)", "../../x", "xterm-256color\x1b]0;x", "x" * 300])
def test_a_terminals_name_is_a_name(ssh: Desk, term: str) -> None:
    with ssh.terminal("林小雨", TERM=term) as at:
        at.until("林小雨")
        at.press("f10")
        at.wait()
    assert not list(ssh.folder.rglob("stolen"))


def test_no_agent_and_no_display_arrive(ssh: Desk) -> None:
    with Term(ssh.ssh("林小雨", options=("-tt", "-A", "-X")), env={"SSH_AUTH_SOCK": "/nowhere", "DISPLAY": ":0"}) as at:
        at.until("林小雨")
        for pid in ssh.programs():
            names = {each.partition(b"=")[0] for each in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")}
            assert not names & {b"SSH_AUTH_SOCK", b"DISPLAY"}
        at.press("f10")
        at.wait()


@pytest.mark.parametrize("keys", ["\x1a", "\x03", "\x1c", "\x04", "\x1a\x1a\x03\x03", "\x11\x13\x1a"])
def test_no_key_leads_out_to_a_shell(ssh: Desk, keys: str) -> None:
    """ctrl+z, ctrl+c, ctrl+\\, ctrl+d: the screens stay, and nothing runs beside them."""
    with ssh.terminal("林小雨") as at:
        at.until("林小雨")
        pid = ssh.programs()[-1]
        at.send(keys.encode())
        at.send(b"\x11")
        at.press("3")
        assert at.process.poll() is None
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        assert state in "SRD", "it is not stopped"
        at.press("f10")
        assert at.wait() == 0
    gone(ssh)


# -- the machine's own limits -----------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_hundred_connections_at_once_leave_the_others_at_work(tmp_path: Path) -> None:
    """More than a person may have are refused in a sentence; who was in goes on, and the next one comes in after."""
    with desk(tmp_path, sessions=5, sessions_each=3) as at, at.terminal("周建国") as inside:
        inside.until("周建国")
        none, pipe = subprocess.DEVNULL, subprocess.PIPE
        command = at.ssh("林小雨", "today")
        flood = [subprocess.Popen(command, stdin=none, stdout=pipe, stderr=pipe) for _ in range(100)]
        inside.press("3")
        said = [each.communicate(timeout=PATIENCE) for each in flood]
        codes = [each.returncode for each in flood]
        assert codes.count(0) >= 1
        assert set(codes) <= {0, 1, 255}
        assert all(b"3" in told for (_, told), code in zip(said, codes, strict=True) if code == 1)
        inside.press("1")
        assert at.run("林小雨", "today").returncode == 0
        inside.press("f10")
        assert inside.wait() == 0


def test_a_dropped_line_ends_the_program(ssh: Desk) -> None:
    with ssh.terminal("林小雨") as at:
        at.until("林小雨")
        at.signal(signal.SIGKILL)
        gone(ssh)


def test_a_client_that_never_reads_does_not_hold_the_others_up(ssh: Desk) -> None:
    """It stalls its own program alone, which ends when the client does."""
    with ssh.terminal("刘晓燕") as stuck, ssh.terminal("林小雨") as other:
        stuck.until("刘晓燕")
        other.until("林小雨")
        stuck.signal(signal.SIGSTOP)
        for _ in range(2000):
            try:
                os.set_blocking(stuck._master, False)
                os.write(stuck._master, b"\x1b[B\x0c")
            except BlockingIOError:
                break
        other.press("3")
        other.press("f10")
        assert other.wait() == 0
        stuck.signal(signal.SIGKILL)
        stuck.process.wait()
        gone(ssh)


# -- a line that drops, a terminal that is left -----------------------------------------------------------------------


def test_what_a_dropped_line_cut_off_is_offered_again(tmp_path: Path) -> None:
    """With the page and the client: at the next start one goes on there, or later."""
    with desk(tmp_path) as at:
        with at.terminal("刘晓燕") as first:
            first.until("刘晓燕")
            first.press("3", "f4")
            first.until("1/5")
            first.press("远东电缆", "pgdn")
            first.until("2/5")
            first.signal(signal.SIGKILL)
            gone(at)
        with at.terminal("刘晓燕") as again:
            again.until("上次远东电缆的申请填到第 2 页")
            again.press("2")
            again.until("2/5")
            again.press("esc")
            again.until("这一天没有来访")
            again.press("f10")
            assert again.wait() == 0
        with at.terminal("刘晓燕") as third:
            third.until("刘晓燕")
            third.press("3")
            third.until("远东电缆")
            assert "接着填上次的申请吗" not in third.text, "it was put down in order"
            third.press("f10")
            assert third.wait() == 0


def test_a_terminal_that_is_left_is_closed(tmp_path: Path) -> None:
    """Keys count, and nothing else; the draft is kept."""
    with desk(tmp_path, idle_minutes=1) as at:
        (at.machine.folder / "minute").write_text("3", "utf-8")
        with at.terminal("刘晓燕") as first:
            first.until("刘晓燕")
            first.press("3", "f4")
            first.until("1/5")
            first.press("远东电缆")
            assert first.wait() == 0
            assert "很久没有按键" in first.text
        (at.machine.folder / "minute").unlink()
        with at.terminal("刘晓燕") as again:
            again.until("上次远东电缆的申请填到第 1 页")


def test_a_terminal_that_takes_nothing_is_closed_when_it_is_left(tmp_path: Path) -> None:
    """The loop waits for the terminal: the time runs on."""
    with desk(tmp_path, idle_minutes=1) as at:
        (at.machine.folder / "minute").write_text("4", "utf-8")
        with at.terminal("刘晓燕") as stuck:
            stuck.until("刘晓燕")
            stuck.signal(signal.SIGSTOP)
            gone(at)
            stuck.signal(signal.SIGKILL)


# -- three people at one request --------------------------------------------------------------------------------------


def test_three_people_carry_a_request_from_filing_to_approval(tmp_path: Path) -> None:
    """Each in a terminal of their own; nobody presses a key to see what another has done."""
    with desk(tmp_path) as at:
        who = at.machine.who
        new_draft(who.session("刘晓燕"), form(who))
        with at.terminal("刘晓燕") as applicant, at.terminal("王海峰") as head, at.terminal("周建国") as manager:
            for terminal, name, key in ((applicant, "刘晓燕", "3"), (head, "王海峰", "4"), (manager, "周建国", "4")):
                terminal.until(name)
                terminal.press(key)
            applicant.until("江南智造集团")
            applicant.press("enter")
            applicant.until("1/5")
            applicant.press("pgdn", "pgdn", "pgdn", "pgdn")
            applicant.until("> [ 提交申请 ]")
            applicant.press("enter")
            applicant.until("待审批 王海峰")
            head.until("Enter 决定")
            manager.until("全部 1  等我 0")
            decide(head)
            manager.until("Enter 决定")
            applicant.until("待审批 周建国")
            decide(manager)
            applicant.until("已批准")
            head.until("没有等待审批的申请")
            for terminal in (applicant, head, manager):
                terminal.press("f10")
                assert terminal.wait() == 0
        with reading():
            rows = Journal.select().where(Journal.visit.is_null(False)).order_by(Journal.id)
            told = [(row.verb, row.actor_name, row.login, row.client) for row in rows]
        assert told == [
            (verb, name, f"key {at.machine.keys[name]}", "127.0.0.1")
            for verb, name in (("submit", "刘晓燕"), ("decide", "王海峰"), ("decide", "周建国"))
        ]
        assert journal.verify().broken is None


def decide(at: Term) -> None:
    """Agree to what the cursor is on."""
    at.press("enter")
    at.until("同意__")
    at.press("enter")
