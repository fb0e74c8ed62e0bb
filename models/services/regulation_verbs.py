"""Changing the regulation from the program: each change is a whole new version, a file beside the others.

A file that is there is never written to. The entry in the journal and the file come to be together: the file last
before the entry is kept, and away again where it cannot be. A hidden note beside the file says that this is not done
yet: of a process that was killed meanwhile the next one finds it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta

from models.disk import UNSETTLED, sync, unsettled, write_file
from models.errors import Refused
from models.frozen import record
from models.policy.load import Version, read_versions
from models.policy.model import Path, Policy, PolicyErrors, spelt
from models.policy.table_text import Raw, data_of, edited, value_at
from models.schema import journal
from models.schema.base import database
from models.schema.store import write
from models.services import rights, validate
from models.services.session import Session


@record
class RegulationPlace:
    """Where the regulation lies: `path`, the file or folder in use, and `folder`, where versions are written: the
    folder in use, or the one that comes before the file as soon as it is there; empty where there is none such."""

    path: str
    folder: str


@record
class WrittenVersion:
    """A version that was written: its file and what it is; `made` where the folder was made for it."""

    file: str
    policy: Policy
    made: bool


def hindrance(session: Session, place: RegulationPlace | None) -> Refused | None:
    """Why the actor cannot change the regulation, None where they can: not theirs to do, or no place for a version."""
    refused = rights.withheld(session, "policy")
    if refused is not None:
        return refused
    if place is None or not place.folder:
        return Refused("policy_one_file", path=place.path) if place else Refused("policy_sample")
    if not os.access(_nearest(place.folder), os.W_OK | os.X_OK):
        return Refused("policy_unwritable", path=place.folder, why=os.strerror(errno.EACCES))
    return None


def day_of_next(versions: Sequence[Policy], today: date) -> date:
    """The day from which another version may best be in force: tomorrow, or the day after the last one that is to
    come."""
    return max([today, *(policy.effective for policy in versions)]) + timedelta(days=1)


def why_not_from(versions: Sequence[Policy], base: Policy, effective: date, today: date) -> Refused | None:
    """Why a version made from `base` cannot be in force from that day; None where it can."""
    if any(policy.effective == effective for policy in versions):
        return Refused("version_exists", day=effective.isoformat())
    first = max(today, base.effective + timedelta(days=1))
    if effective < first:
        return Refused("version_too_early", day=effective.isoformat(), first=first.isoformat())
    return None


def change_regulation(
    session: Session, place: RegulationPlace | None, base: Policy, edits: Mapping[Path, Raw], effective: date, why: str
) -> WrittenVersion:
    """Write the version that `base` is with these values, in force from `effective`, and say so in the journal.

    `base` is one of the versions at `place`, values are as in `table_text.edited`. Where a single file was in
    use, or the one that comes with the program, a folder is made of it and the new one. Raises Refused: not allowed,
    nothing changed, no reason, a day that will not do, what came out is no policy, the place has changed or cannot be
    written.
    """
    why = validate.line("reason", why)
    with _as_refused(), ExitStack() as undo:
        with write():
            refused = hindrance(session, place)
            if refused or place is None:
                raise refused or Refused("policy_sample")
            clear_unfinished(place)
            versions = _versions(place)
            made = _made(versions, base, edits, effective)
            refused = why_not_from([version.policy for version in versions], base, effective, session.now().date())
            if refused or not why:
                raise refused or Refused("words_needed")
            file = os.path.join(place.folder, f"{effective.isoformat()}.toml")
            told = {
                "file": file,
                "effective": effective,
                "sha256": made.sha256,
                "base": {"effective": base.effective, "sha256": base.sha256},
                "changed": _told(base, made, edits),
                "why": why,
            }
            journal.record(session, "policy.change", None, told)
            new_folder = not os.path.isdir(place.folder)
            lay_down = _make_folder if new_folder else _add_file
            undo.callback(lay_down(place, versions, made))
        undo.pop_all()
        _forget(_note(place, made.effective))
    return WrittenVersion(file, made, new_folder)


def clear_unfinished(place: RegulationPlace) -> bool:
    """Take away the versions that a killed process wrote and the journal does not know, and the notes of those that it
    does; whether there were any. Raises Refused where that cannot be."""
    notes = unsettled(place.folder)
    if not notes:
        return False
    with _as_refused(), write():
        for note in notes:
            if os.path.exists(note):  # who wrote it may have been alive, and done by now
                _clear_unfinished(place, note)
    return True


def _clear_unfinished(place: RegulationPlace, note: str) -> None:
    version = os.path.basename(note)[1:].removesuffix(UNSETTLED)
    try:
        with open(note, encoding="utf-8") as file:
            told = json.load(file)
        store, written, made = told["store"], told["written"], told["written"][version]
    except (ValueError, KeyError, TypeError):  # killed while it was written: there is no version yet
        _forget(note)
        return
    if store != str(database.place):
        return  # another store's journal knows
    if not journal.has_detail("policy.change", "sha256", made):
        ours = [name for name, sha256 in written.items() if _sha256(os.path.join(place.folder, name)) == sha256]
        if sorted(os.listdir(place.folder)) == sorted([*ours, os.path.basename(note)]):
            shutil.rmtree(place.folder)
        elif version in ours:  # whatever else is there by now is somebody's
            os.unlink(os.path.join(place.folder, version))
    _forget(note)


def _sha256(path: str) -> str | None:
    """None where nothing can be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def _versions(place: RegulationPlace) -> Sequence[Version]:
    """What is there now: somebody else may have written meanwhile."""
    versions, problems = read_versions(place.folder if os.path.isdir(place.folder) else place.path)
    if problems:
        first = problems[0]
        raise Refused(
            "policy_broken", path=os.path.basename(first.file or place.path), line=first.line, what=first.phrase
        )
    return versions


def _made(versions: Sequence[Version], base: Policy, edits: Mapping[Path, Raw], effective: date) -> Policy:
    if all(version.policy.sha256 != base.sha256 for version in versions):
        raise Refused("policy_stale", day=base.effective.isoformat())
    try:
        made = edited(base.text, edits, effective)
    except PolicyErrors as errors:
        first = errors.problems[0]
        raise Refused("policy_wrong", key=first.path, what=first.phrase) from None
    if not _told(base, made, edits):
        raise Refused("policy_unchanged")
    return made


def _told(base: Policy, made: Policy, edits: Mapping[Path, Raw]) -> list[dict[str, object]]:
    """What is not what it was: the key, what stood there, what does now."""
    before, after = data_of(base.text), data_of(made.text)
    pairs = [(path, value_at(before, path), value_at(after, path)) for path in edits]
    return [{"key": spelt(path), "before": old, "after": new} for path, old, new in pairs if old != new]


# -- files -------------------------------------------------------------------------------------------------------


@contextmanager
def _as_refused() -> Iterator[None]:
    """What the operating system objects to, as one sentence."""
    try:
        yield
    except OSError as error:
        raise Refused("policy_unwritable", path=str(error.filename or ""), why=error.strerror or "") from error


def _add_file(place: RegulationPlace, versions: Sequence[Version], made: Policy) -> Callable[[], None]:
    """Put the version into the folder, whole or not at all; how to take it out again."""
    name = _name(made)
    file, fresh = os.path.join(place.folder, name), os.path.join(place.folder, f".{name}.new")
    if os.path.lexists(file):
        raise Refused("version_file_exists", path=file)
    try:
        _write_note(place, place.folder, [made])
        write_file(fresh, made.text, stat.S_IMODE(os.stat(versions[0].file).st_mode) & 0o666)
        os.rename(fresh, file)
        sync(place.folder)
    except OSError:
        _forget(fresh)
        _forget(file)
        _forget(_note(place, made.effective))
        raise

    def take_out() -> None:
        _forget(file)
        _forget(_note(place, made.effective))

    return take_out


def _make_folder(place: RegulationPlace, versions: Sequence[Version], made: Policy) -> Callable[[], None]:
    """Put the folder where it belongs, with the version in use and the new one, whole or not at all; how to take it
    away again. One made of a file beside it is as open to others as that was."""
    parent = os.path.dirname(place.folder)
    os.makedirs(parent, mode=0o700, exist_ok=True)
    beside = os.path.dirname(place.path) == parent
    mode = stat.S_IMODE(os.stat(place.path).st_mode) & 0o666 if beside else 0o600
    fresh = place.folder + ".new"
    shutil.rmtree(fresh, ignore_errors=True)  # of an attempt that was cut short
    try:
        os.mkdir(fresh, 0o700)
        written = [*(version.policy for version in versions), made]
        for policy in written:
            write_file(os.path.join(fresh, _name(policy)), policy.text, mode)
        _write_note(place, fresh, written)
        if beside:
            os.chmod(fresh, stat.S_IMODE(os.stat(parent).st_mode))
        sync(fresh)
        os.rename(fresh, place.folder)
        sync(parent)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return lambda: shutil.rmtree(place.folder, ignore_errors=True)


def _note(place: RegulationPlace, effective: date) -> str:
    """Where it stands that a version is not in the journal yet."""
    return os.path.join(place.folder, f".{effective.isoformat()}.toml{UNSETTLED}")


def _write_note(place: RegulationPlace, folder: str, written: Sequence[Policy]) -> None:
    """`written`: what is put there, the new version last."""
    told = {"store": str(database.place), "written": {_name(policy): policy.sha256 for policy in written}}
    write_file(os.path.join(folder, os.path.basename(_note(place, written[-1].effective))), json.dumps(told), 0o600)


def _name(policy: Policy) -> str:
    return f"{policy.effective.isoformat()}.toml"


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _nearest(folder: str) -> str:
    """The folder, or the one around it that is there."""
    while not os.path.lexists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder
