"""Commands on the policy: `check`, `where`, `standards --table`, `try`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from models.policy.answer import Answer, Finding, PlanLine, StepAnswer, answer_json
from models.policy.case import Request
from models.policy.judge import judge
from models.policy.lint import lint
from models.policy.load import LARGEST, Version, read_versions, write_mended
from models.policy.model import (
    Policy,
    PolicyErrors,
    Problem,
    entry_name,
    item_name,
    party_name,
    version_for,
    version_on,
    words_of,
)
from models.policy.request_file import days_of, read_request
from models.policy.table_text import TABLES, TableDifference, TextRow, differences, text_rows
from models.policy.wording import Wording
from models.words import Phrase, Words, cell_len, clean, cut, pad
from models.words.money import say_money
from models.words.wrapping import hanging
from tui.cli.call import Call, day, one_of, versions_in_use
from tui.cli.command_line import Usage
from tui.cli.out import give, give_json, room, tell
from tui.incident import log_path
from tui.where import cache_folder, policy_file, settings_file, store_file


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


# -- where ------------------------------------------------------------------------------------------------------------

_WHY = {"settings": "settings_why"}


def run_where(call: Call) -> int:
    """Print policy, settings, store, cache and log, each with whether it is there."""
    policy, policy_why = policy_file(call.given.option("config"), os.environ)
    store, store_why = store_file(call.given.option("store"), call.settings.store)
    rows = [
        ("config", policy, policy_why),
        ("settings", settings_file(), ""),
        ("store", store, store_why),
        ("cache", cache_folder(), ""),
        ("log", log_path(), ""),
    ]
    if call.json:
        give_json(
            {name: {"path": path, "why": why or None, "exists": os.path.exists(path)} for name, path, why in rows}
        )
    else:
        give([_line(call, *row) for row in rows])
    return 0


def _line(call: Call, name: str, path: str, why: str) -> str:
    names = [call.w(f"where.{each}") for each in ("config", "settings", "store", "cache", "log")]
    width = max(cell_len(each) for each in names)
    notes = [call.w(f"where.{_WHY.get(why, why)}")] if why else []
    notes += [] if os.path.exists(path) else [call.w("where.absent")]
    return "  ".join([pad(call.w(f"where.{name}"), width), path, *([f"({', '.join(notes)})"] if notes else [])])


# -- standards --table ------------------------------------------------------------------------------------------------

MARKS = {"added": "+", "removed": "-", "changed": "~", "moved": "^"}
INDENT = 2
MOST_ID = 14
"""Cells of the column with the ids."""


def run_tables(call: Call) -> int:
    """Print the table, or what changes in it, or in all of them; Usage for a table or day that is none."""
    if call.word():
        raise Usage(Phrase("cli.tier_or_table"))
    names = {table: [call.w(f"listing.table.{table}")] for table in TABLES}
    table = one_of(call.given.option("table"), names, "unknown_table")
    policy = version_asked(call)
    if call.given.has("changes"):
        _changes(call, policy, [table] if table else list(TABLES))
    else:
        _table(call, policy, table)
    return 0


def version_asked(call: Call) -> Policy:
    """The version in force on the day of `--on`, else today. Raises PolicyErrors, Usage."""
    return _version(call, "on")


def _version(call: Call, option: str) -> Policy:
    asked = day(call, call.given.option(option))
    return version_on(versions_in_use(call), asked or call.clock().date())


def _table(call: Call, policy: Policy, table: str) -> None:
    rows = text_rows(policy, table, call.w)
    if call.json:
        give_json([_plain_row(row) for row in rows])
        return
    lines = [_title(call.w, policy, table), ""]
    give([*lines, *_rows(rows, call.w)] if rows else [*lines, call.w("listing.none")])


def _title(w: Words, policy: Policy, table: str) -> str:
    return w("listing.title", table=w(f"listing.table.{table}"), effective=policy.effective.isoformat())


def _rows(rows: Sequence[TextRow], w: Words) -> Iterator[str]:
    """Each row beside its id, its condition below."""
    width = min(MOST_ID, max(cell_len(row.id) for row in rows)) + 2 if any(row.id for row in rows) else 0
    for row in rows:
        head = pad(row.id, width) if cell_len(row.id) < width else row.id
        yield from _row(row, head, width, w)


def _row(row: TextRow, head: str, width: int, w: Words) -> Iterator[str]:
    text = clean("  ".join(part for part in (row.what, row.figure) if part)) or w("listing.always")
    if cell_len(head) > width:
        yield head
        head = " " * width
    yield from hanging(head, text, room())
    if row.when:
        yield from hanging(" " * (width + INDENT), clean(row.when), room())


def _changes(call: Call, before: Policy, tables: Sequence[str]) -> None:
    after = _version(call, "changes")
    found = differences(before, after, call.w, tables)
    if call.json:
        give_json([_plain_change(each) for each in found])
        return
    w = call.w
    lines = [w("listing.changes", before=before.effective.isoformat(), after=after.effective.isoformat())]
    table = ""
    for each in found:
        if each.table != table:
            table = each.table
            lines += ["", w(f"listing.table.{table}")]
        lines += _change(each, w)
    give(lines if found else [*lines, "", w("listing.same")])


def _change(change: TableDifference, w: Words) -> Iterator[str]:
    """The row under its mark; of a changed one what it was, then what it is."""
    rows = [change.before, change.after] if change.kind == "changed" else [change.after or change.before]
    for mark, row in zip((MARKS[change.kind], "="), rows, strict=False):
        if row is not None:
            parts = [row.id and w("listing.id", id=row.id), row.what, row.figure, row.when]
            yield from hanging(f"{mark} ", clean("  ".join(part for part in parts if part)), room())


def _plain_row(row: TextRow) -> dict[str, str]:
    return {"id": row.id, "what": row.what, "figure": row.figure, "when": row.when}


def _plain_change(change: TableDifference) -> dict[str, object]:
    return {
        "table": change.table,
        "change": change.kind,
        "before": _plain_row(change.before) if change.before else None,
        "after": _plain_row(change.after) if change.after else None,
    }


# -- try --------------------------------------------------------------------------------------------------------------

LEFT = 10
"""Cells of the column with the topics."""
PLAN = (5, 8, 14, 9)
"""Cells of the columns of the plan, more where a day, an item, a quantity or an amount needs more."""
LABELLED = ("tier", "lead_host")
"""Topics that the organisation may have a word of its own for, which may be long."""
FINDING_MARKS = {"info": " ", "warn": "!", "reason": "!", "block": "X"}


def run_trial(call: Call) -> int:
    """0 when it was answered, blocking findings or not; 2 for a bad request or policy. Of several versions the one
    that the request's own days pick."""
    versions = versions_in_use(call)
    text, name = _text(call.word())
    requested, arrives = days_of(text, name)
    policy = version_for(versions, requested or call.clock().date(), arrives)
    request, unused = read_request(policy, text, name)
    answer = judge(policy, request)
    answer = replace(answer, findings=(*answer.findings, *unused))
    if call.json:
        give_json(answer_json(answer, policy, call.w.language))
    else:
        give(told(call.w, policy, request, answer))
    return 0


def told(w: Words, policy: Policy, request: Request, answer: Answer) -> list[str]:
    """The answer in words, as lines of 80 columns."""
    return _AnswerText(w, policy, request, answer).lines()


def _text(path: str) -> tuple[str, str]:
    """The request's text and what its mistakes call it."""
    try:
        if path == "-":
            if sys.stdin is None:
                raise Usage(Phrase("cli.no_input"))
            return _bounded(sys.stdin.buffer, path), path
        if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would wait for ever
            raise Usage(Phrase("cli.no_file", {"path": clean(path)}))
        with open(path, "rb") as file:
            return _bounded(file, path), path
    except OSError as error:
        raise Usage(Phrase("cli.unreadable", {"path": clean(path), "why": os.strerror(error.errno or 0)})) from None
    except UnicodeDecodeError:
        raise Usage(Phrase("cli.not_text", {"path": clean(path)})) from None


def _bounded(file: BinaryIO, path: str) -> str:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Usage(Phrase("cli.too_large", {"path": clean(path), "most": LARGEST // 1_000_000}))
    return data.decode("utf-8")


class _AnswerText:
    """An answer for people to read, in 80 columns."""

    def __init__(self, w: Words, policy: Policy, request: Request, answer: Answer) -> None:
        self.w, self.policy, self.request, self.answer = words_of(policy, w.language), policy, request, answer
        self.left = min(24, max(LEFT, *(cell_len(self._label(topic)) + 2 for topic in LABELLED)))

    def lines(self) -> list[str]:
        """All of it: who comes, who decides, what it costs, what is to be done, what is wrong, the verdict."""
        w, answer = self.w, self.answer
        told = [*self._head(), *self._people(), "", *self._plan(), "", *self._duties(), *self._needs()]
        held = list(self._held())
        told += ["", *held] if held else []
        if answer.findings:
            told += ["", *(line for finding in answer.findings for line in self._finding(finding))]
        if answer.decision:
            effect = w(f"trial.{answer.decision.effect}", posts=self._posts(answer.decision.next))
            told += ["", *self._topic("decision", effect)]
        return [*told, "", *self._topic("verdict", w(f"trial.{answer.verdict}"))]

    def _head(self) -> Iterator[str]:
        request, w = self.request, self.w
        span = f"{request.arrive:%Y-%m-%d %H:%M} - {request.depart:%Y-%m-%d %H:%M}"
        yield from hanging("", clean(f"{request.client}  {w('trial.guests', n=request.headcount)}  {span}"))
        tier = self.answer.tier
        if tier.proposed:
            yield from self._topic("tier", self._name(tier.proposed))
        if tier.by_rule and tier.by_rule != tier.proposed:
            yield from self._topic("", w("trial.by_rule", tier=self._name(tier.by_rule), why=tier.why or "-"))

    def _people(self) -> Iterator[str]:
        answer, w = self.answer, self.w
        yield from self._topic("route", "  ->  ".join(self._step(step) for step in answer.route) or w("trial.no_route"))
        notice = answer.notice
        if notice.needed is None:
            yield from self._topic("notice", w("trial.no_notice"))
        else:
            key, given = f"notice_{notice.state}", notice.given
            if notice.late and given is not None and given < 0:
                key, given = f"{key}_after", -given
            facts = {
                name: w(f"finding.span.{notice.unit}", n=n) for name, n in (("given", given), ("needed", notice.needed))
            }
            yield from self._topic("notice", w(f"trial.{key}", **facts))
        host = answer.lead_host
        if host.posts:
            open_yet = "not_satisfied" if self.request.host else "not_named"
            fits = w(f"trial.{'satisfied' if host.satisfied else open_yet}")
            least = w("trial.at_least", posts=self._posts(host.posts), n=host.at_least)
            yield from self._topic("lead_host", f"{least}: {fits}")
        companions = answer.companions
        if companions.posts:
            yield from self._topic("companions", self._posts(companions.posts))
        if companions.max is not None:
            yield from self._topic("" if companions.posts else "companions", w("trial.at_most", n=companions.max))

    def _step(self, step: StepAnswer) -> str:
        """`营销部部长 意见`"""
        said = " ".join(self.w(f"trial.step.{what}") for what in (step.what, *step.also))
        return f"{self._posts(step.posts)} {said}"

    def _plan(self) -> Iterator[str]:
        answer, w = self.answer, self.w
        yield from self._topic("plan", f"{w('trial.total')} {self._money(answer.total)} {self.policy.currency.code}")
        lines = [self._line(line) for line in answer.plan]
        widths = [max([usual, *(cell_len(line[at]) for line in lines)]) for at, usual in enumerate(PLAN)]
        for line in lines:
            cells = map(pad, line, widths, ("<", "<", "<", ">"))
            yield from hanging("  ", " ".join([*cells, *line[len(PLAN) :]]))

    def _line(self, line: PlanLine) -> list[str]:
        """Day, item, quantity and price, amount; then against what it is held, what is over, by which rule."""
        w = self.w
        price = line.price if line.price is not None else line.cap
        each = "-" if price is None else self._money(price)
        parts = [f"{line.on:%m-%d}" if line.on else "-", w.name(item_name(self.policy, line.item))]
        parts += [f"{line.quantity.normalize():f} x {each}", "-" if line.amount is None else self._money(line.amount)]
        parts.append(self._standard(line))
        if line.over:
            parts.append(w("trial.over", over=self._money(line.over), payer=Phrase(f"trial.payer.{line.payer}")))
        return [clean(part) for part in (*parts, *([f"({line.rule})"] if line.rule else []))]

    def _standard(self, line: PlanLine) -> str:
        """What a line is held against: its cap, or the grade of its item."""
        w = self.w
        if line.cap is not None:
            return w("trial.cap", cap=self._money(line.cap))
        for cap in self.answer.caps:
            if cap.id == line.rule and line.item in cap.item:
                for key, grade in (("cap", cap.most), ("least", cap.least)):
                    if isinstance(grade, str):
                        return w(f"trial.{key}", cap=w.name(entry_name(self.policy, line.item, grade)))
        return w("trial.cap", cap="-")

    def _duties(self) -> Iterator[str]:
        """How many, and each party's on lines of their own; `*` marks what may be dropped."""
        by_party: dict[str, list[str]] = {}
        for duty in self.answer.duties:
            text = self.w.name(duty.text) + ("*" if duty.may_drop else "")
            by_party.setdefault(duty.party, []).append(text)
        yield from self._topic("duties", self.w("trial.duty_count", n=len(self.answer.duties)))
        names = {party: self.w.name(party_name(self.policy, party)) for party in by_party}
        width = max((cell_len(name) for name in names.values()), default=0) + 2
        for party, texts in by_party.items():
            head = pad(f"  {names[party]}", width + 2) + f"{len(texts):>2}  "
            yield from hanging(head, clean("; ".join(texts)))

    def _needs(self) -> Iterator[str]:
        said, dues = Wording(self.policy, self.w), {need.id: need.due for need in self.policy.needs}
        for need in self.answer.needs:
            given = self.w("trial.given" if need.given else "trial.missing")
            due = f"{need.due:%Y-%m-%d %H:%M}" if need.due else said.moment(dues[need.id])
            yield from self._topic("need", f"{self._name(need.id)} ({due}): {given}")

    def _held(self) -> Iterator[str]:
        """How long each thing is held, and which class of car at least."""
        w, bookings, topic = self.w, self.answer.bookings, "bookings"
        for each in bookings.spans:
            thing = pad(w(f"listing.thing.{each.thing}"), 8)
            ends = f"{each.ends:%H:%M}" if each.ends.date() == each.starts.date() else f"{each.ends:%m-%d %H:%M}"
            purpose = Wording(self.policy, w).purpose(each.purpose)
            yield from self._topic(topic, f"{thing}{each.starts:%m-%d %H:%M}-{ends}  {purpose}")
            topic = ""
        if bookings.grade:
            grade = w.name(entry_name(self.policy, "car", bookings.grade))
            yield from self._topic(topic, pad(w("listing.thing.car"), 8) + w("trial.least", cap=grade))

    def _finding(self, finding: Finding) -> list[str]:
        w = self.w
        level = w("trial.level.reasoned" if finding.reasoned else f"trial.level.{finding.level}")
        text = w.text(finding.text) + (f" ({finding.rule})" if finding.rule else "")
        return hanging(pad(f"{FINDING_MARKS[finding.level]} {level}", LEFT + 5), clean(text))

    def _topic(self, topic: str, text: str) -> list[str]:
        label = cut(self._label(topic), self.left - 1, ellipsis=True) if topic else ""
        return hanging(pad(label, self.left), clean(text))

    def _label(self, topic: str) -> str:
        return self.w(f"trial.{topic}")

    def _name(self, id: str) -> str:
        return self.w.name(self.policy.name_of(id))

    def _posts(self, posts: tuple[str, ...]) -> str:
        return " / ".join(self.w.name(party_name(self.policy, post)) for post in posts) or "-"

    def _money(self, minor: int) -> str:
        return say_money(minor, self.policy.currency.minor)
