"""The versions of a policy: a file is one of them, a folder has one in each of its files. They are never merged.

Versions are in order of their days, newest first, as everything that has an order.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from models.policy.load import load_file
from models.policy.model import Policy
from models.policy.notation.positions import line_of, positions
from models.policy.problem import PolicyErrors, Problem
from models.policy.record import record
from models.words import Phrase


@record
class Version:
    """One file and the policy it is."""

    file: str
    policy: Policy


def policy_files(path: str) -> tuple[str, ...]:
    """The files that are versions: `path` itself, or every `.toml` of the folder that it is, hidden ones left out."""
    if not os.path.isdir(path):
        return (path,)
    names = sorted(name for name in os.listdir(path) if name.endswith(".toml") and not name.startswith("."))
    return tuple(os.path.join(path, name) for name in names)


def read_versions(path: str) -> tuple[tuple[Version, ...], tuple[Problem, ...]]:
    """Every version of a file or folder that can be used, and everything wrong with it and the others."""
    found: list[Version] = []
    problems: list[Problem] = []
    try:
        files = policy_files(path)
    except OSError as error:
        return (), (Problem(0, "", Phrase("policy.unreadable", {"what": error.strerror or ""}), file=path),)
    for file in files:
        try:
            found.append(Version(file, load_file(file)))
        except PolicyErrors as errors:
            problems += [problem.within(file) for problem in errors.problems]
    if not files:
        problems.append(Problem(0, "", Phrase("policy.empty_folder"), file=path))
    found.sort(key=lambda version: version.policy.effective, reverse=True)
    for version, after in pairwise(found):
        if version.policy.effective == after.policy.effective:
            problems += [_same_day(version, after), _same_day(after, version)]
    return tuple(found), tuple(problems)


def load_versions(path: str) -> tuple[Policy, ...]:
    """The policies of a file or folder, at least one. Raises PolicyErrors with every problem of every file."""
    found, problems = read_versions(path)
    if problems:
        raise PolicyErrors(problems, path)
    return tuple(version.policy for version in found)


def version_on(versions: Sequence[Policy], day: date) -> Policy:
    """The version in force on a day; the first one where all are still to come."""
    return next((policy for policy in versions if policy.effective <= day), versions[-1])


def version_for(versions: Sequence[Policy], requested: date, arrives: date | None) -> Policy:
    """The version that a request is judged by: the one in force on its day says which day counts."""
    policy = version_on(versions, requested)
    return version_on(versions, arrives) if policy.judged_on == "visit" and arrives else policy


def _same_day(version: Version, other: Version) -> Problem:
    line = line_of(positions(version.policy.text.removeprefix("\ufeff")), ("effective",))
    facts = {"value": version.policy.effective.isoformat(), "other": os.path.basename(other.file)}
    return Problem(line, "effective", Phrase("policy.same_day", facts), file=version.file)
