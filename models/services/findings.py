"""What the policy objects to: which findings stand in the way of a verb, and which reasons are still owed."""

from __future__ import annotations

from collections.abc import Mapping

from models.errors import Refused
from models.policy.answer import Answer, Finding
from models.services import typed


def given(reasons: Mapping[str, str]) -> dict[str, str]:
    """Reasons by finding code as they are stored: cleaned, without the empty ones; Refused where one is too long."""
    texts = {code: typed.text("reason", text).strip() for code, text in reasons.items()}
    return {code: text for code, text in texts.items() if text}


def unmet(answer: Answer, before: Answer | None = None, fresh: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """The findings that block, and those whose reason is not given.

    With `before`, the answer until now: a reason counts for what it was given for, so a finding that is new needs one
    among the `fresh` reasons (R20: a raised tier breaks another lead host rule than the one excused).
    """
    known = {(f.code, f.rule, f.line) for f in before.findings} if before else set()
    return tuple(
        [
            finding
            for finding in answer.findings
            if finding.level == "block"
            or (
                finding.level == "reason"
                and not (
                    finding.reasoned and (before is None or _key(finding) in known or finding.code in (fresh or {}))
                )
            )
        ]
    )


def insist(findings: tuple[Finding, ...]) -> None:
    """Refused("findings", findings=…) unless there is none; `list` says them all, `n` how many."""
    if findings:
        raise Refused("findings", findings=findings, n=len(findings), list=typed.joined([f.text for f in findings]))


def _key(finding: Finding) -> tuple[str, str | None, str | None]:
    return (finding.code, finding.rule, finding.line)
