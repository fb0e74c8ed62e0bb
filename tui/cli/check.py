"""`jiedai check [FILE|FOLDER]`: everything wrong or odd in a policy, and a line for each version that can be used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from models.policy.lint import lint
from models.policy.load import Version, read_versions, write_mended
from models.policy.model import PolicyErrors, Problem
from tui.cli.call import Call
from tui.cli.out import give, give_json, tell


def run_check(call: Call) -> int:
    """0 for a good policy, warnings or not; 2 where a file has errors. Each problem is a line, or in a list as JSON."""
    path = os.path.abspath(call.word()) if call.word() else call.policy_file()
    versions, errors = read_versions(path)
    warnings = [problem.within(version.file) for version in versions for problem in lint(version.policy)]
    found = PolicyErrors([*errors, *warnings], path)
    if call.json:
        give_json([_plain(call, problem) for problem in found.problems])
    else:
        bad = {problem.file for problem in errors}
        give([*found.said(call.w), *(_good(call, version) for version in versions if version.file not in bad)])
        _count(call, errors, warnings)
    if call.given.has("fix"):
        _mend(call, dict.fromkeys(problem.file for problem in errors))
    return 2 if errors else 0


def _mend(call: Call, files: Iterable[str]) -> None:
    """Write the mended copies and say where they are, or that nothing is to be mended."""
    made = [found for file in files if (found := write_mended(file))]
    for path, number in made:
        tell(call.w("check.mended", path=path, n=number))
    if not made:
        tell(call.w("check.nothing_to_mend"))


def _count(call: Call, errors: Sequence[Problem], warnings: Sequence[Problem]) -> None:
    for key, problems in (("wrong", errors), ("odd", warnings)):
        if problems:
            tell(call.w(f"check.{key}", n=len(problems)))


def _plain(call: Call, problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "path": problem.path,
        "level": problem.level,
        "text": problem.what(call.w),
    }


def _good(call: Call, version: Version) -> str:
    policy = version.policy
    return call.w(
        "check.good",
        path=version.file,
        effective=policy.effective.isoformat(),
        sha256=policy.sha256[:12],
        tiers=len(policy.tiers),
        routes=len(policy.routes),
        caps=len(policy.caps),
        duties=len(policy.duties),
    )
