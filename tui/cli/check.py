"""`jiedai check [FILE]`: everything wrong with a policy file, or one line saying that nothing is."""

from __future__ import annotations

import os
from pathlib import Path

from models.policy.load import load_file
from models.policy.model import Policy
from models.policy.problem import PolicyErrors
from tui.cli.call import Call
from tui.cli.out import give, give_json, tell


def run(call: Call) -> int:
    """0 for a good file; 2 with every problem on a line of its own, or in a list as JSON."""
    path = os.path.abspath(call.word()) if call.word() else call.policy_file()
    try:
        policy = load_file(Path(path))
    except PolicyErrors as errors:
        if call.json:
            give_json(_problems(call, errors))
        else:
            give(errors.said(call.w))
            tell(call.w("check.wrong", n=len(errors.problems)))
        return 2
    if call.json:
        give_json([])
    else:
        give(_good(call, path, policy))
    return 0


def _problems(call: Call, errors: PolicyErrors) -> list[dict[str, object]]:
    return [
        {"file": errors.name, "line": one.line, "path": one.path, "level": one.level, "text": one.what(call.w)}
        for one in errors.problems
    ]


def _good(call: Call, path: str, policy: Policy) -> str:
    return call.w(
        "check.good",
        path=path,
        effective=policy.effective.isoformat(),
        sha256=policy.sha256[:12],
        tiers=len(policy.tiers),
        routes=len(policy.routes),
        caps=len(policy.caps),
        duties=len(policy.duties),
    )
