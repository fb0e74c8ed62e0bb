"""`jiedai doctor`: what it sees of a machine, and what it says to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from models.words import cell_len, words
from tests.office.office_machine import Machine
from tests.office.sshd import SSHD
from tests.unit.conftest import Process
from tui.office import doctor, system_files
from tui.office.doctor import BAD, OPEN, WELL, Health
from tui.settings import Settings

GOOD = """authenticationmethods publickey
authorizedkeysfile none
authorizedkeyscommand /opt/jiedai/bin/jiedai-ssh-keys /x %f
disableforwarding yes
permituserrc no
permituserenvironment no
acceptenv NONE
clientaliveinterval 20
"""


def sentence(found: Health) -> str:
    """What is said and what to do, in English; both languages have it."""
    assert words("zh").text(found.said)
    w = words("en")
    return w.text(found.said) + (f" -> {w.text(found.cure)}" if found.cure else "")


def test_alone_it_looks_at_what_one_has(process: Process) -> None:
    done = process("doctor", "--json", "--lang", "en")
    found = {each["what"]: each["state"] for each in json.loads(done.stdout)}
    assert list(found) == ["clock", "disk", "store", "terminal", "policy"]
    assert found["disk"] == found["policy"] == "well"
    assert done.returncode == (1 if "bad" in found.values() else 0)


def test_in_an_office_it_looks_at_the_machine(machine: Machine) -> None:
    done = machine.run("doctor", "--json")
    found = {each["what"]: each for each in json.loads(done.stdout)}
    assert list(found) == ["clock", "disk", "store", "terminal", "program", "sshd", "sudoers", "backup", "policy"]
    assert (found["store"]["state"], done.returncode) == ("well", 1)
    said = machine.run("doctor").stdout
    assert "WRONG" in said
    assert "-> " in said
    assert max(map(cell_len, said.splitlines())) <= 80


@pytest.mark.parametrize(("mode", "state"), [(0o700, WELL), (0o750, BAD), (0o701, BAD)])
def test_a_store_that_others_can_open(machine: Machine, mode: int, state: str) -> None:
    machine.store.parent.chmod(mode)
    found = doctor.store_modes(str(machine.store), os.geteuid())
    assert found.state == state
    assert ("chmod -R go=" in sentence(found)) == (state == BAD)
    machine.store.parent.chmod(0o700)
    machine.store.chmod(0o640)
    assert doctor.store_modes(str(machine.store), os.geteuid()).state == BAD
    assert "chown" in sentence(doctor.store_modes(str(machine.store), 1))
    assert doctor.store_modes("/nowhere/x/y.db", 0).state == OPEN


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("acceptenv NONE", "acceptenv *"),
        ("acceptenv NONE", "acceptenv LANG\nacceptenv LD_*"),
        ("acceptenv NONE", "acceptenv PYTHONPATH"),
        ("permituserenvironment no", "permituserenvironment yes"),
        ("disableforwarding yes", "disableforwarding no"),
        ("authorizedkeysfile none", "authorizedkeysfile .ssh/authorized_keys"),
        ("authenticationmethods publickey", "authenticationmethods any"),
        ("permituserrc no", "permituserrc yes"),
        ("clientaliveinterval 20", "clientaliveinterval 0"),
        ("authorizedkeyscommand /opt/jiedai/bin/jiedai-ssh-keys /x %f", "authorizedkeyscommand none"),
    ],
)
def test_settings_of_sshd_that_open_more(was: str, now: str) -> None:
    assert doctor.judged_sshd(GOOD).state == WELL
    found = doctor.judged_sshd(GOOD.replace(was, now))
    assert found.state == BAD
    assert now.splitlines()[-1].lower() in sentence(found)


@pytest.mark.skipif(os.geteuid() != 0 or SSHD is None, reason="needs root and sshd")
def test_what_is_printed_for_sshd_is_well(tmp_path: Path) -> None:
    """As sshd itself understands it, for the account; for others nothing changes."""
    block, host = system_files.sshd(Settings(account="nobody", store="/x/y.db")), tmp_path / "host"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host], check=True)
    (tmp_path / "block").write_text(block, "utf-8")
    (tmp_path / "conf").write_text(f"HostKey {host}\nInclude {tmp_path / 'block'}\nAcceptEnv LANG LC_*\n", "utf-8")
    os.makedirs("/run/sshd", exist_ok=True)

    def seen(user: str) -> str:
        command = [SSHD or "", "-T", "-f", str(tmp_path / "conf"), "-C", f"user={user},host=x,addr=127.0.0.1"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    found = doctor.judged_sshd(seen("nobody"))
    assert found.state == WELL, sentence(found)
    assert "authorizedkeyscommand none" in seen("root")
    assert "acceptenv LANG" in seen("root")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("visudo") is None, reason="needs root and sudo")
@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("", WELL),
        ("ALL ALL=(jiedai) NOPASSWD: /opt/jiedai/bin/jiedai", BAD),
        ("ALL ALL=(ALL) NOPASSWD: ALL", BAD),
        ("not a rule =", BAD),
    ],
)
def test_rules_of_sudo_that_open_more(tmp_path: Path, line: str, state: str) -> None:
    path = tmp_path / "sudoers"
    path.write_text(system_files.sudoers(Settings(account="jiedai", store="/x/y.db")) + line + "\n", "utf-8")
    path.chmod(0o440)
    assert doctor.sudoers(str(path)).state == state
    assert doctor.sudoers(str(tmp_path / "none")).state == OPEN


def test_the_age_of_the_backup(tmp_path: Path) -> None:
    assert sentence(doctor.backups(str(tmp_path))).startswith("None in")
    copy = tmp_path / "jiedai-2026-11-23.backup"
    copy.touch()
    assert doctor.backups(str(tmp_path)).state == WELL
    os.utime(copy, (time.time() - 3 * doctor.DAY,) * 2)
    assert "72 hours ago -> systemctl" in sentence(doctor.backups(str(tmp_path)))


def test_every_file_that_is_printed_names_this_program(process: Process) -> None:
    for what in system_files.FILES:
        done = process("office", what)
        assert (done.returncode, done.stderr) == (0, "")
        assert "jiedai" in done.stdout or what == "timer"
    done = process("office", "x", "--lang", "en")
    assert (done.returncode, "there are settings, sshd, sudoers, service, timer" in done.stderr) == (2, True)
