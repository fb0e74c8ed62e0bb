"""`jiedai people`: by what an office knows its people, for an administrator's script."""

from __future__ import annotations

import sys
from collections.abc import Callable

from models.errors import Refused
from models.services import person_verbs
from models.services.person_register import actor_named
from models.services.public_key import LONGEST
from models.services.session import Session
from models.words import Phrase, clean
from tui.cli.asked import desk_of, store
from tui.cli.call import Call
from tui.cli.commands import Usage
from tui.cli.out import tell


def run_people(call: Call) -> int:
    """Do one thing to one person, or to one key. Raises Usage for what is none of `DOES`."""
    what, whom, value = call.word(0), call.word(1), call.word(2)
    if what not in DOES:
        raise Usage(Phrase("cli.people_what", {"word": clean(what), "known": ", ".join(DOES)}))
    with store(call):
        DOES[what](desk_of(call), whom, value)
    tell(call.w("cli.people_done"))
    return 0


def _login(session: Session, name: str, login: str) -> None:
    person_verbs.set_login(session, _person(name), login)


def _language(session: Session, name: str, language: str) -> None:
    person_verbs.set_language(session, _person(name), language)


def _key(session: Session, name: str, path: str) -> None:
    person_verbs.add_key(session, _person(name), _read(path))


def _key_off(session: Session, key: str, _: str) -> None:
    if not key.isdecimal():
        raise Refused("no_key", key=clean(key))
    person_verbs.switch_key_off(session, int(key))


DOES: dict[str, Callable[[Session, str, str], None]] = {
    "login": _login,
    "language": _language,
    "key": _key,
    "key-off": _key_off,
}
"""What is done, with its two words."""


def _person(name: str) -> int:
    person = actor_named(name).person
    assert person is not None
    return person


def _read(path: str) -> str:
    """The line of a public key, of a file or of standard input."""
    try:
        if path == "-":
            return sys.stdin.read(LONGEST + 1)
        with open(path, encoding="utf-8") as file:
            return file.read(LONGEST + 1)
    except UnicodeDecodeError:
        raise Refused("key_unreadable") from None
    except OSError as error:
        raise Usage(Phrase("cli.unreadable", {"path": clean(path), "why": error.strerror or ""})) from None
