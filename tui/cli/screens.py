"""`jiedai`: open the screens; where there is no terminal, print today's sheet."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from models.words import Words, words
from models.words.catalogue import areas, sentences
from tui.cache import keep, program, recall, stamp
from tui.cli.call import Call, versions_in_use
from tui.cli.out import tell
from tui.terminal import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.policy.model import Policy
    from models.schema.store import Store
    from models.services.session import Actor, Session
    from screens.kit.linelist import Row
    from screens.kit.shell import Status

    Keeping = Callable[[str, str], None]


MINUTE = 60.0
"""Seconds of one in which nobody presses a key."""


def run_screens(call: Call) -> int:
    """The screens on the store in use, or today's sheet."""
    why_not = refusal()
    if why_not is None:
        return open_screens(call, call.store_file(), versions_in_use(call))
    from tui.cli import day_commands

    tell(call.w.text(why_not))
    return day_commands.run_today(call)


def open_screens(call: Call, store: str, versions: tuple[Policy, ...], *, guide: str = "") -> int:
    """Open the screens on `store`, with the policy's `versions`, until they are left. `guide` acts where `--as` names
    nobody else, and then nothing is remembered (the sample company); without it who acts and the language are kept in
    the settings."""
    gc.disable()  # what is made until the first paint stays; looking through it costs a tenth of the start
    recall_sentences(call.w)
    from models.queries.plain_lists import registered
    from models.schema import journal
    from models.services.session import Session, present
    from tui import terminal

    wanted: list[str] = []
    with _opened(call, store) as opened:
        if not guide and _cleared(call):
            versions = versions_in_use(call)
        session = present(Session(_actor(call, guide), call.clock, versions[0], versions, call.office))
        keeping = forget if guide else remember
        known = bool(registered())
        code = terminal.run(
            session,
            start="today" if known else "first_run",
            language=call.w.language,
            head=journal.changes,
            said_by=said_by,
            status=status,
            people=people,
            act_as=None if call.office else lambda key: act_as(session, key, keeping),
            renew=renewing(call, versions),
            spell=spell,
            keep_language=lambda language: keep_language(session, language, keeping),
            notice=_notice(call, opened, unnamed=known and session.actor.person is None),
            files=files(call, store, sample=bool(guide)),
            idle=call.settings.idle_minutes * MINUTE if call.office else 0,
            resume=None if guide else _resume(call, session),
            leave_for=lambda place, language: wanted.append(language),
        )
    return _sample(call, wanted[0]) if wanted and code == 0 else code


def _resume(call: Call, session: Session) -> tuple[int, str] | None:
    """The draft that a dropped line left open, and the sentence that says where one was."""
    from models.queries.plain_lists import dropped_draft

    found = dropped_draft(session)
    if found is None:
        return None
    return found.visit, call.w("kit.resume" if found.client else "kit.resume_new", page=found.page, client=found.client)


def _cleared(call: Call) -> bool:
    """Whether a version of the regulation was taken away, or a note of one, that a killed process left."""
    from models.disk import unsettled

    if not unsettled(call.versions_folder()):
        return False
    from models.services.regulation_verbs import RegulationPlace, clear_unfinished

    return clear_unfinished(RegulationPlace(call.policy_file(), call.versions_folder()))


def _sample(call: Call, language: str) -> int:
    """The sample company, wanted from the first run."""
    from tui.cli import demo

    return demo.run_demo(replace(call, w=words(language)))


def recall_sentences(w: Words) -> None:
    """Take the sentences of a language from the cache, where they are the program's own."""
    name, key = f"words-{w.language}", program()
    known = recall(name, key)
    if known is None:
        known = {area: sentences(w.language, area) for area in areas(w.language)}
        keep(name, key, known)
    for area, said in known.items():
        w.keep(area, said)


@contextmanager
def _opened(call: Call, store: str) -> Iterator[Store]:
    from models.schema.store import open_store
    from tui.cli.call import vouch

    opened = open_store(store, create=not call.office)
    try:
        if opened.made:
            tell(call.w("cli.store_made", path=opened.path))
        vouch(call, opened)
        yield opened
    finally:
        opened.close()


def _notice(call: Call, opened: Store, *, unnamed: bool) -> str:
    """What is said first of all."""
    if opened.full:
        return call.w("cli.store_full", path=opened.path)
    return call.w("cli.choose_person") if unnamed else ""


def _actor(call: Call, guide: str) -> Actor:
    from models.services.person_register import actor_named
    from models.services.session import Actor
    from tui.cli.call import person

    if guide:
        return actor_named(call.given.option("as") or guide, call.login)
    return person(call) or Actor(None, "", call.login)


def spell(session: Session) -> int:
    """Spell the names that are stored without; how many. What that takes is loaded only where there are any."""
    from models.errors import Refused
    from models.services.person_register import all_spelt

    try:
        if all_spelt():
            return 0
        from models.services.client_verbs import make_up

        return make_up(session)
    except Refused:  # the store is busy: the next time, then
        return 0


def said_by(language: str, session: Session) -> Words:
    """The sentences as the organisation says them."""
    from models.policy.model import words_of

    return words_of(session.policy, language)


def status(session: Session, w: Words) -> Status:
    """The facts of title and tabs."""
    from models.queries.task_lists import waiting
    from screens.kit.shell import Status

    found = waiting(session)
    who = " ".join(part for part in (found.name, w.name(found.place) if found.place else "") if part)
    counts = {"requests": found.returned, "approvals": found.decisions + found.costs, "checklist": found.tasks}
    return Status(who, sum(counts.values()), {screen: n for screen, n in counts.items() if n})


def people(w: Words) -> list[Row]:
    """Who may act, for the list to choose from."""
    from models.queries.plain_lists import registered
    from screens.kit.linelist import Row

    return [Row(str(each.id), (each.name,), find=(each.pinyin, each.initials)) for each in registered()]


def act_as(session: Session, key: str, keeping: Keeping) -> Session:
    """The session with the person of that key at it, which `keeping` is told."""
    from models.services.person_register import actor_named

    actor = actor_named(f"#{key}", session.actor.login, session.actor.client)
    keeping("person", f"{actor.name}#{key}")
    return replace(session, actor=actor)


def keep_language(session: Session, language: str, keeping: Keeping) -> None:
    """Keep the choice of a language: in an office in the register, else `keeping` is told."""
    from models.errors import Refused
    from models.services.person_verbs import set_language

    if not session.office or session.actor.person is None:
        keeping("language", language)
        return
    with suppress(Refused):  # then it lasts until the program is left
        set_language(session, session.actor.person, language)


def files(call: Call, store: str, *, sample: bool) -> dict[str, str]:
    """The files in use, and where another version of the policy is written: nowhere from the sample company."""
    found = {"config": call.policy_file(), "store": store}
    return found if sample else {**found, "versions": call.versions_folder()}


def renewing(call: Call, versions: tuple[Policy, ...]) -> Callable[[Session], Session]:
    """`renew`, which reads the versions only where a file of theirs is not as it was."""
    seen = stamp(call.policy_file())

    def again(session: Session) -> Session:
        nonlocal seen, versions
        now = stamp(call.policy_file())
        if now != seen:
            seen, versions = now, renew(call, replace(session, versions=versions)).versions
        from models.services.session import present

        return present(replace(session, versions=versions))

    return again


def renew(call: Call, session: Session) -> Session:
    """The session of a new day, with the versions as they are now; while these cannot be used, with those it has."""
    from models.policy.model import PolicyErrors
    from models.services.session import present

    try:
        versions = versions_in_use(call)
    except PolicyErrors:
        versions = session.versions
    return present(replace(session, versions=versions))


def remember(key: str, value: str) -> None:
    """Keep a choice in the settings; where they cannot be written the choice lasts until the program is left."""
    from tui.settings import SettingsErrors, change_settings
    from tui.where import settings_file

    try:
        change_settings(settings_file(), **{key: value})
    except (OSError, SettingsErrors):
        return


def forget(key: str, value: str) -> None:
    """Where nothing is to be remembered (the sample company)."""
