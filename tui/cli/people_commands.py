"""`jiedai people`: who works here, what they hold, by what an office knows them; also for an administrator's script.

What is asked for is done in one transaction, and only what is not so already: asked for once more it changes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from models.errors import Refused
from models.queries.register_lists import KeyLine, PersonLine, RegisterLists, register
from models.queries.stand_in_lists import entered, stand_ins_for
from models.schema.store import trial, write
from models.services import person_verbs
from models.services.leaving_verbs import leave, parts_held
from models.services.person_register import actor_named
from models.services.public_key import LONGEST, read_key
from models.services.session import Session
from models.services.stand_in_verbs import StandInEntry, end_stand_in, give_stand_in
from models.services.validate import joined
from models.words import Name, Phrase, alike, clean, words
from models.words.catalogue import LANGUAGES
from tui.cli.call import Call, day, one_of, session_of, store
from tui.cli.command_line import Usage
from tui.cli.out import columns, give, give_json, iso, tell


class Script:
    """One call that changes something: whose it is, what was done so far, by the names that the journal has for it."""

    def __init__(self, call: Call, session: Session) -> None:
        self.call, self.session = call, session
        self.did: list[str] = []
        self.person = 0

    def find(self, name: str) -> PersonLine:
        """Who is meant; Refused where that is nobody or more than one. Who is off is meant by the whole name."""
        try:
            self.person = actor_named(name).person or 0
        except Refused as refused:
            if refused.code != "inactive_person":
                raise
            self.person = next(line.id for line in self.register().people if alike.same(line.name, name))
        return self.line()

    def register(self) -> RegisterLists:
        """The register as it is now."""
        return register(self.session)

    def line(self) -> PersonLine:
        """The person as they are now."""
        line = self.register().person(self.person)
        assert line is not None
        return line

    def do(self, verb: str, act: Callable[[], object]) -> None:
        """Do it, and remember what."""
        act()
        self.did.append(verb)

    def option(self, name: str) -> str:
        """An option's value, empty where it was not given."""
        return self.call.given.option(name)


def run_people(call: Call) -> int:
    """List people, or do one thing to one of them. Raises Usage for what is none of `DOES`."""
    what = call.word()
    if not what:
        return _list(call)
    if what not in DOES:
        raise Usage(Phrase("cli.people_what", {"word": clean(what), "known": ", ".join(DOES)}))
    if not call.word(1):
        raise Usage(Phrase("cli.word_missing", {"command": f"people {what}", "word": Phrase("cli.word.WHOM")}))
    dry = call.given.has("dry-run")
    with store(call, create=what == "add" and not dry):
        script = Script(call, session_of(call))
        with trial() if dry else write():
            DOES[what](script, call.word(1), call.word(2))
            line = script.line()
    did = joined([_verb(verb) for verb in dict.fromkeys(script.did)])
    said = "cli.people_same" if not script.did else "cli.people_would" if dry else "cli.people_did"
    tell(call.w(said, name=line.name, what=did))
    if call.json:
        give_json({"changed": bool(script.did) and not dry, "person": _plain(line)})
    return 0


# -- the list ---------------------------------------------------------------------------------------------------------


def _list(call: Call) -> int:
    with store(call):
        session = session_of(call)
        found = [line for line in register(session).people if line.active or call.given.has("all")]
    if call.json:
        give_json([_plain(line) for line in found])
    elif found:
        give(_table(call, found, session.now().date()))
    else:
        tell(call.w("lists.no_people"))
    return 0


def _table(call: Call, found: list[PersonLine], today: date) -> list[str]:
    w = call.w
    head = [w(f"lists.{each}") for each in ("name", "login", "language", "keys", "phone", "posts")]
    rows = [
        [
            line.name if line.active else w("lists.off", name=line.name),
            line.login or "-",
            line.language or "-",
            str(len(line.good_keys)),
            line.phone or "-",
            w.name(joined([held.name for held in line.held if held.now(today)])) or "-",
        ]
        for line in found
    ]
    return columns([head, *rows], ["text", "data", "data", "data", "data", "text"])


def _plain(line: PersonLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "name": line.name,
        "login": line.login or None,
        "language": line.language or None,
        "phone": line.phone or None,
        "active": line.active,
        "keys": [_plain_key(key) for key in line.keys],
        "posts": [
            {
                "post": held.post,
                "name": {language: held.name.say(language) for language in LANGUAGES},
                "since": held.since.isoformat(),
                "until": iso(held.until),
            }
            for held in line.held
        ],
    }


def _plain_key(key: KeyLine) -> dict[str, Any]:
    return {
        "id": key.id,
        "fingerprint": key.fingerprint,
        "label": key.label,
        "added": iso(key.added),
        "off": iso(key.off),
    }


def _verb(verb: str) -> Name:
    return Name({language: words(language)(f"verbs.{verb}") for language in LANGUAGES})


# -- what is done -----------------------------------------------------------------------------------------------------


def _add(script: Script, name: str, _: str) -> None:
    """Enter somebody, with what the options say; who is there already gets what they lack."""
    phone = script.option("phone")
    same = script.register().namesakes(clean(name).strip())
    if len(same) > 1:
        script.find(name)  # says which they are
    if not same:
        added = person_verbs.add_person(script.session, name, phone)
        script.person = added
        script.did.append("person.add")
    else:
        script.person = same[0].id
        if phone and phone != same[0].phone:
            script.do("person.change", lambda: _change(script, phone=phone))
    if script.option("login"):
        _set_login(script, script.option("login"))
    if script.option("language"):
        _set_language(script, script.option("language"))
    if script.option("post"):
        _hold(script, script.option("post"))


def _post(script: Script, name: str, post: str) -> None:
    """Let somebody hold a post from a day on, or until one."""
    script.find(name)
    if not post:
        raise Usage(Phrase("cli.word_missing", {"command": "people post", "word": Phrase("cli.word.POST")}))
    _hold(script, post)


def _hold(script: Script, text: str) -> None:
    policy = script.session.policy
    names = {each.id: list(each.name.all()) for each in policy.posts}
    post = one_of(text, names, "unknown_post")
    since, until = (day(script.call, script.option(each)) for each in ("from", "until"))
    held = [each for each in script.line().held if each.post == post]
    if not held and script.line().active is False:
        raise Refused("inactive_person", name=script.line().name)
    if not held:
        start = since or script.session.now().date()
        script.do("post.give", lambda: person_verbs.give_post(script.session, script.person, post, start))
        held = [each for each in script.line().held if each.post == post]
    if until is not None and held and held[-1].until != until:
        last = held[-1]
        script.do("post.end", lambda: person_verbs.end_post(script.session, last.id, until, expected=last.until))


def _key(script: Script, name: str, path: str) -> None:
    """A key more, or none of that fingerprint any more."""
    line = script.find(name)
    off = script.option("off")
    if bool(path) == bool(off):
        raise Usage(Phrase("cli.key_or_off"))
    if off:
        key = next((each for each in line.keys if off in (each.fingerprint, each.fingerprint.partition(":")[2])), None)
        if key is None:
            raise Refused("no_such_key", name=line.name, fingerprint=clean(off))
        if key.off is None:
            script.do("key.off", lambda: person_verbs.switch_key_off(script.session, key.id))
        return
    text = _read(path)
    if all(each.fingerprint != read_key(text).fingerprint for each in line.good_keys):
        script.do("key.add", lambda: person_verbs.add_key(script.session, line.id, text))


def _login(script: Script, name: str, login: str) -> None:
    """By which login the machine knows them; none: by none."""
    script.find(name)
    _set_login(script, login)


def _set_login(script: Script, login: str) -> None:
    if script.line().login != login:
        script.do("person.change", lambda: person_verbs.set_login(script.session, script.person, login))


def _language(script: Script, name: str, language: str) -> None:
    """In which language they read the program; none: as their terminal says."""
    if language and language not in LANGUAGES:
        raise Usage(Phrase("cli.language", {"word": clean(language)}))
    script.find(name)
    _set_language(script, language)


def _set_language(script: Script, language: str) -> None:
    if script.line().language != language:
        script.do("person.change", lambda: person_verbs.set_language(script.session, script.person, language))


def _off(script: Script, name: str, to: str) -> None:
    """Switch somebody off, or leave them so; all they hold goes to who follows, where one is named."""
    line = script.find(name)
    if not line.active:
        return
    if not to:
        script.do("person.off", lambda: _change(script, active=False))
        _still_theirs(script, line)
        return
    heir = actor_named(to).person
    left = leave(script.session, line.id, heir, expected=line.version)
    w = script.call.w
    for kind, (n, who) in left.given.items():
        tell(w(f"register.leave.{'given' if who else 'ended'}", part=w(f"register.part.{kind}"), n=n, who=who))
    if left.again:
        tell(w("register.leave.again", visits=", ".join(left.again)))
    script.did.append("person.leave")


def _still_theirs(script: Script, line: PersonLine) -> None:
    """Say what names somebody who was switched off without a successor, and how it is handed over."""
    w, held = script.call.w, parts_held(script.session, line.id)
    parts = [f"{w(f'register.part.{kind}')} {len(ids)}" for kind, ids in held.items() if ids]
    if parts:
        tell(w("cli.people_left", name=line.name, list=w.name(joined([Name.of(part) for part in parts]))))


def _stand_in(script: Script, name: str, who: str) -> None:
    """Somebody is away until a day, and who acts for them, where one is named."""
    line, today = script.find(name), script.session.now().date()
    until = day(script.call, script.option("until"))
    if until is None:
        raise Usage(Phrase("cli.until_needed"))
    tiers = {each.id: list(each.name.all()) for each in script.session.policy.tiers}
    wanted = StandInEntry(
        for_person=line.id,
        person=actor_named(who).person if who else None,
        since=day(script.call, script.option("from")) or today,
        until=until,
        tier=one_of(script.option("up-to"), tiers, "unknown_tier") or None,
    )
    if not entered(script.session, wanted):
        script.do("stand_in.give", lambda: give_stand_in(script.session, wanted))


def _back(script: Script, name: str, _: str) -> None:
    """Somebody is here again: nobody stands in for them any more."""
    line = script.find(name)
    for each in stand_ins_for(script.session, line.id):
        script.do("stand_in.end", partial(end_stand_in, script.session, each))


def _on(script: Script, name: str, _: str) -> None:
    """Switch somebody on again, or leave them so."""
    if not script.find(name).active:
        script.do("person.on", lambda: _change(script, active=True))


def _change(script: Script, **changed: Any) -> None:
    line = script.line()
    person_verbs.change_person(script.session, line.id, expected=line.version, **changed)


DOES: dict[str, Callable[[Script, str, str], None]] = {
    "add": _add,
    "post": _post,
    "login": _login,
    "key": _key,
    "language": _language,
    "off": _off,
    "on": _on,
    "stand-in": _stand_in,
    "back": _back,
}
"""What is done, with its two words."""


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
