"""One call of the command line, and what its command may ask for: policy, store, session."""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from models.errors import Refused
from models.frozen import record
from models.words import Phrase, Words, alike, clean
from models.words.dates import NotADate, parse_date
from tui.cache import keep, program, recall, stamp
from tui.cli.command_line import Given, Usage
from tui.cli.out import tell
from tui.settings import Settings
from tui.where import policy_file, store_file, versions_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.policy.model import Policy
    from models.schema.store import Store
    from models.services.session import Actor, Clock, Session
    from tui.office.entrance import Entry


@record
class Call:
    """What was given, the settings, the reader's words, and the clock; `entry`: who came in to an office."""

    given: Given
    settings: Settings
    w: Words
    clock: Clock
    entry: Entry | None = None

    @property
    def office(self) -> bool:
        """Whether somebody of an office is at work, who is nobody else and whose rights hold."""
        return self.entry is not None and self.entry.person is not None

    @property
    def login(self) -> str:
        """By what the operating system knows who is at work; for the journal."""
        return self.entry.login if self.entry is not None else login()

    @property
    def json(self) -> bool:
        """Whether `--json` was given."""
        return self.given.has("json")

    def word(self, at: int = 0) -> str:
        """The command's word at that place, empty where it was not given."""
        return self.given.words[at] if at < len(self.given.words) else ""

    def policy_file(self) -> str:
        """The policy in use: a file, or a folder of versions."""
        return policy_file(self.given.option("config"), os.environ)[0]

    def versions_folder(self) -> str:
        """Where another version of the policy in use is written; empty where it cannot be."""
        return versions_folder(*policy_file(self.given.option("config"), os.environ))

    def store_file(self) -> str:
        """The store in use. Raises Usage for an address: only files are stores so far."""
        store = store_file(self.given.option("store"), self.settings.store)[0]
        if "://" in store:
            raise Usage(Phrase("cli.store_address", {"store": clean(store)}))
        return store


def policy_in_use(call: Call) -> Policy:
    """The version in force today. Raises PolicyErrors."""
    from models.policy.model import version_on

    return version_on(versions_in_use(call), call.clock().date())


def versions_in_use(call: Call) -> tuple[Policy, ...]:
    """The checked versions of the policy in use, newest first, at least one; from the cache where no file of theirs was
    written since, but never in an office, whose rights they hold. Raises PolicyErrors."""
    path = call.policy_file()
    key = (program(), stamp(path))
    known = None if call.office or key[1] is None else recall("policy", key)
    if known is not None:
        from models.policy.plain import unpacked

        return tuple(unpacked(known))
    from models.policy.load import load_versions

    found = load_versions(path)
    if key[1] is not None and key[1] == stamp(path) and not call.office:
        from models.policy.plain import packed

        keep("policy", key, packed(found))
    return found


def login() -> str:
    """Who the machine's register of users says is at work, whatever the environment says; for the journal."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


# -- what the options mean ---------------------------------------------------------------------------------------------


def day(call: Call, text: str) -> date | None:
    """The day typed, seen from today; None where nothing was. Raises Usage."""
    if not text:
        return None
    try:
        return parse_date(text, call.clock().date())
    except NotADate as error:
        raise Usage(error.phrase) from None


def one_of(text: str, names: Mapping[str, Iterable[str]], what: str) -> str:
    """The id meant by `text`: itself or one of its names, upper and lower case alike; empty for nothing.

    Raises Usage with the nearest; `what` is the sentence's key in `cli`.
    """
    known = {alike.fold(said): one for one, said_as in names.items() for said in (*said_as, one)}
    wanted = alike.fold(text.strip())
    if not wanted or wanted in known:
        return known.get(wanted, "")
    near = get_close_matches(wanted, known, n=1, cutoff=0.3)
    facts = {"word": clean(text), "near": near[0] if near else "", "known": ", ".join(names)}
    raise Usage(Phrase(f"cli.{what}_near" if near else f"cli.{what}", facts))


def person(call: Call) -> Actor | None:
    """Who is acting: in an office who came in, else `--as`, else who acted last, else the only person there is; None
    where that is open.

    Needs the open store. Raises Refused for a `--as` that is nobody or more than one.
    """
    from models.services.person_register import actor_named
    from models.services.session import Actor

    if call.entry is not None and call.entry.person is not None:
        return Actor(call.entry.person, call.entry.name, call.login, call.entry.client)
    if call.given.option("as"):
        return actor_named(call.given.option("as"), call.login)
    if call.settings.person:
        try:
            return actor_named(call.settings.person, call.login)
        except Refused:
            return None
    from models.queries.plain_lists import registered

    people = registered()
    return Actor(people[0].id, people[0].name, call.login) if len(people) == 1 else None


def me(call: Call) -> int | None:
    """The person whose lists `--mine` wants, None without it. Raises Usage where nobody knows who that is."""
    if not call.given.has("mine"):
        return None
    actor = person(call)
    if actor is None or actor.person is None:
        raise Usage(Phrase("cli.who"))
    return actor.person


def session_of(call: Call) -> Session:
    """The session of whoever is acting. Needs the open store."""
    from models.services.session import Actor, Session, present

    versions = versions_in_use(call)
    return present(Session(person(call) or Actor(None, "", call.login), call.clock, versions[0], versions, call.office))


def hidden_from(call: Call) -> Collection[int]:
    """The visits that whoever is acting may not see. Needs the open store."""
    from models.services.rights import hidden

    return hidden(session_of(call))


def vouch(call: Call, opened: Store) -> None:
    """In an office each write sees first whether who came in is still vouched for."""
    from models.services.person_register import require_vouched

    entry = call.entry
    if entry is not None and entry.person is not None:
        opened.check_writes(partial(require_vouched, entry.person, entry.key, entry.login))


@contextmanager
def store(call: Call, *, create: bool = False) -> Iterator[None]:
    """The store in use, open: where there is none yet, that is Refused, or with `create` one is made."""
    from models.schema.store import open_store

    opened = open_store(os.fspath(call.store_file()), create=create)
    vouch(call, opened)
    try:
        if opened.made:
            tell(call.w("cli.store_made", path=opened.path))
        yield
    finally:
        opened.close()
