"""By what an office knows people: logins, SSH keys, and their language."""

from __future__ import annotations

import base64
import struct
import subprocess
from pathlib import Path
from shutil import which

import pytest

from models.schema import journal
from models.schema.store import reading
from models.schema.tables import Journal, JournalDetail, Person, PersonKey
from models.services import person_verbs
from models.services.public_key import PARTS, read_key
from models.words import words
from tests.unit.conftest import SessionFactory
from tests.unit.every_verb import ED25519
from tests.unit.life import refuses

pytestmark = pytest.mark.usefixtures("store")

TYPE, DATA, _ = ED25519.split()


def line_of(kind: str, *parts: bytes) -> str:
    """A line of a key of these parts."""
    blob = b"".join(struct.pack(">I", len(part)) + part for part in (kind.encode(), *parts))
    return f"{kind} {base64.b64encode(blob).decode()}"


def rsa(bits: int) -> str:
    """An RSA key of that length, which nobody has the other half of."""
    return line_of("ssh-rsa", b"\1\0\1", b"\0" + (1 << bits - 1 | 1).to_bytes(bits // 8, "big"))


def told(verb: str) -> list[str]:
    """What the journal keeps of a verb."""
    with reading():
        rows = JournalDetail.select(JournalDetail.details).join(Journal).where(Journal.verb == verb)
        return [row.details for row in rows]


@pytest.fixture
def person(session: SessionFactory) -> int:
    return person_verbs.add_person(session(), "林小雨")


def test_a_login_is_one_persons(session: SessionFactory, person: int) -> None:
    other = person_verbs.add_person(session(), "王海峰")
    person_verbs.set_login(session(), person, " linxy ")
    with refuses("login_taken") as refusal:
        person_verbs.set_login(session(), other, "linxy")
    assert words("en").text(refusal.value.phrase) == "The login linxy is 林小雨's"
    person_verbs.set_login(session(), person, "")
    person_verbs.set_login(session(), other, "linxy")
    with reading():
        assert [each.login for each in Person.select().order_by(Person.id)] == ["", "linxy"]
    assert len(told("person.change")) == 3


@pytest.mark.parametrize("login", ["1", "a b", "-x", "a;sh", "$(id)", "a/b", "林"])
def test_what_is_no_login_is_refused(session: SessionFactory, person: int, login: str) -> None:
    before = journal.head()
    with refuses("login_unreadable"):
        person_verbs.set_login(session(), person, login)
    assert journal.head() == before


def test_a_language_is_chosen(session: SessionFactory, person: int) -> None:
    person_verbs.set_language(session(person), person, "en")
    person_verbs.set_language(session(person), person, "en")
    with refuses("not_one_of"):
        person_verbs.set_language(session(person), person, "fr")
    with reading():
        assert Person.get_by_id(person).language == "en"
    assert len(told("person.change")) == 1, "nothing is written where nothing changes"


def test_a_key_is_added_once_and_switched_off_for_good(session: SessionFactory, person: int) -> None:
    key = person_verbs.add_key(session(), person, ED25519 + "\n")
    with reading():
        row = PersonKey.get_by_id(key)
    assert (row.line, row.label, row.off_utc) == (f"{TYPE} {DATA}", "zhao@laptop", None)
    with refuses("key_known"):
        person_verbs.add_key(session(), person, ED25519)
    person_verbs.switch_key_off(session(), key)
    with refuses("key_off"):
        person_verbs.switch_key_off(session(), key)
    with refuses("no_key"):
        person_verbs.switch_key_off(session(), key + 1)
    with refuses("key_known"):
        person_verbs.add_key(session(), person, ED25519)
    with reading():
        assert PersonKey.get_by_id(key).off_utc is not None
    assert len(told("key.add")) == len(told("key.off")) == 1
    assert read_key(ED25519).fingerprint in told("key.add")[0]


def test_who_is_switched_off_gets_no_key(session: SessionFactory, person: int) -> None:
    person_verbs.change_person(session(), person, expected=1, active=False)
    with refuses("inactive_person"):
        person_verbs.add_key(session(), person, ED25519)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "key_unreadable"),
        ("x", "key_unreadable"),
        (TYPE, "key_unreadable"),
        (f"{TYPE} AAAA", "key_unreadable"),
        (f"{TYPE} {DATA[:-4]}", "key_unreadable"),
        (f"{TYPE} {DATA}AAAA", "key_unreadable"),
        (f"{TYPE} \u00fc{DATA}", "key_unreadable"),
        (f"ssh-rsa {DATA}", "key_unreadable"),
        (f"{ED25519}\n{ED25519}", "key_unreadable"),
        (f"{TYPE} {DATA} {'x' * 5000}", "key_unreadable"),
        (f"ssh-dss {DATA}", "key_type"),
        (f"ssh-ed448 {DATA}", "key_type"),
        (f'command="sh" {ED25519}', "key_options"),
        (f"no-pty {ED25519}", "key_options"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----", "key_private"),
        (rsa(1024), "key_short"),
        (line_of("ssh-rsa", b"\1"), "key_unreadable"),
        (line_of("ssh-ed25519", b""), "key_unreadable"),
    ],
)
def test_what_is_no_public_key_is_refused(session: SessionFactory, person: int, line: str, code: str) -> None:
    before = journal.head()
    with refuses(code) as refusal:
        person_verbs.add_key(session(), person, line)
    said = [words(language).text(refusal.value.phrase) for language in ("zh", "en")]
    assert all(said)
    assert "b3Bl" not in "".join(said)
    assert journal.head() == before


@pytest.mark.parametrize("kind", PARTS)
def test_each_type_that_is_taken_is_read(kind: str) -> None:
    line = rsa(2048) if kind == "ssh-rsa" else line_of(kind, *[b"x" * 32] * (PARTS[kind] - 1))
    assert read_key(line).line == line


@pytest.mark.skipif(not which("ssh-keygen"), reason="needs ssh-keygen")
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_the_fingerprint_is_that_of_openssh(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "我 的", "-f", file], check=True)
    said = subprocess.run(["ssh-keygen", "-l", "-f", f"{file}.pub"], check=True, capture_output=True, text=True).stdout
    key = read_key(Path(f"{file}.pub").read_text("utf-8"))
    assert (key.fingerprint, key.comment) == (said.split()[1], "我 的")
