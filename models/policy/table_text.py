"""The tables of a policy as people read, compare and edit them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from models.frozen import record
from models.policy import keys as keys_of
from models.policy.keys import REFERENCES
from models.policy.load import line_of, load_text, parsed, positions, spans
from models.policy.model import (
    Cap,
    CapColumn,
    Path,
    Policy,
    PolicyErrors,
    Problem,
    party_name,
    spelt,
)
from models.policy.notation import Edit, Key, Wrong, nearest, span_of
from models.policy.request_file import Naming
from models.policy.wording import Wording
from models.words import Name, Phrase, Unreadable, Words, clean, cut
from models.words.catalogue import LANGUAGES
from models.words.money import parse_money, plain_number

# Any table of a policy as rows to read, in one language: what, how much or who, under which condition, by which id.


@record
class TextRow:
    """A row said in one language; what there is nothing to say of is empty. `when` empty: it always holds."""

    id: str
    what: str
    figure: str
    when: str


def text_rows(policy: Policy, table: str, w: Words) -> tuple[TextRow, ...]:
    """The rows of one of TABLES, in the file's order; a cap is a row for each of its columns."""
    s = Wording(policy, w)
    return tuple(_OTHERWISE[table](s) if table in _OTHERWISE else _rows(s, table))


@record
class CapLine:
    """One column of a cap, which reads as a row of its own."""

    cap: Cap
    column: CapColumn


def _row(s: Wording, keys: Mapping[str, Key], row: Any, id: str | None) -> TextRow:
    """A row as its keys say it, without its condition."""
    what = [key.what(s, row) for key in keys.values() if key.what]
    said = [key.said(s, row) for key in sorted(keys.values(), key=lambda key: key.last) if key.said]
    return TextRow(id or "", s.joined(what), s.joined(said), "")


def _rows(s: Wording, table: str) -> Iterator[TextRow]:
    keys = keys_of.TABLES[table].keys
    for row in keys_of.TABLES[table].of(s.policy):
        said = _row(s, keys, row, row.id)
        yield TextRow(said.id, said.what, said.figure, s.when(row.when)) if "when" in keys else said


def _general(s: Wording) -> Iterator[TextRow]:
    for key, each in keys_of.FILE_KEYS.items():
        if each.said:
            yield TextRow(key, s.w(f"listing.general.{key}"), str(each.said(s, s.policy)), "")
    for label, name in s.policy.labels.items():
        yield TextRow(label, s.w("listing.general.label", label=label), s.w.name(name), "")


def _lists(s: Wording) -> Iterator[TextRow]:
    for list_id, entries in s.policy.lists.items():
        for entry in entries:
            said = _row(s, keys_of.MEAL_KEYS, entry, entry.id)
            yield TextRow(entry.id, s.joined([list_id, said.what]), said.figure, "")


def _calendar(s: Wording) -> Iterator[TextRow]:
    calendar = s.policy.calendar
    for each in calendar.holidays:
        days = (
            f"{each.first}" if each.first == each.last else s.w("listing.range.from_to", low=each.first, high=each.last)
        )
        yield TextRow("", s.w.name(each.name), days, "")
    for day in sorted(calendar.workdays):
        yield TextRow("", s.w("listing.workday"), day.isoformat(), "")
    if calendar.only:
        yield TextRow("only", s.w("listing.only"), "", "")


def _caps(s: Wording) -> Iterator[TextRow]:
    for cap in s.policy.caps:
        for key, column in cap.columns.items():
            of_column = s.w("listing.test", axis=s.axis(cap.by), value=s.value(cap.by, key)) if cap.by and key else ""
            said = _row(s, keys_of.CAP_KEYS, CapLine(cap, column), column.id)
            yield TextRow(said.id, said.what, said.figure, s.joined([of_column, s.when(cap.when)]))


_OTHERWISE = {"version": _general, "list": _lists, "calendar": _calendar, "cap": _caps}
"""What is not one row to read for each row of an array of tables."""

TABLES = ("version", *keys_of.ORGANISATION, "list", "calendar", *keys_of.RULES)
"""Every table by its name in the file, `version` for what stands in none."""


# What changes between two versions of a policy, row by row, as it reads in one language.

_CHOSEN = [name for name, each in keys_of.TABLES.items() if each.chosen]
DifferenceKind = Literal["added", "removed", "changed", "moved"]


@record
class TableDifference:
    """One row that is not the same: `before` None where it was added, `after` None where it was removed. `moved`: the
    same row at another place, in a table of which the first row that holds wins."""

    table: str
    kind: DifferenceKind
    before: TextRow | None
    after: TextRow | None


def differences(old: Policy, new: Policy, w: Words, tables: Iterable[str] = TABLES) -> tuple[TableDifference, ...]:
    """What `new` changes of `old` in these tables: the rows of `new` in order, then what was removed."""
    return tuple(each for table in tables for each in _table(table, text_rows(old, table, w), text_rows(new, table, w)))


def _table(table: str, old: Sequence[TextRow], new: Sequence[TextRow]) -> list[TableDifference]:
    pairs = _paired(old, new)
    found: list[TableDifference] = []
    last = -1
    for at, after in enumerate(new):
        place = pairs.get(at)
        if place is None:
            found.append(TableDifference(table, "added", None, after))
        elif old[place] != after:
            found.append(TableDifference(table, "changed", old[place], after))
        elif table in _CHOSEN and place < last:
            found.append(TableDifference(table, "moved", old[place], after))
        last = max(last, -1 if place is None else place)
    gone = set(range(len(old))) - set(pairs.values())
    return [*found, *(TableDifference(table, "removed", old[place], None) for place in sorted(gone))]


def _paired(old: Sequence[TextRow], new: Sequence[TextRow]) -> dict[int, int]:
    """The old row that each new one stands for: the same one, else by id, else one about the same thing."""
    pairs: dict[int, int] = {}
    likenesses: tuple[Callable[[TextRow], object], ...] = (
        lambda row: row,
        lambda row: (row.id, row.what, row.when) if row.id else None,
        lambda row: row.id or None,
        lambda row: (row.what, row.when),
        lambda row: row.what if not row.id else None,
    )
    for likeness in likenesses:
        taken = set(pairs.values())
        waiting: dict[object, list[int]] = {}
        for place, row in enumerate(old):
            if place not in taken:
                waiting.setdefault(likeness(row), []).append(place)
        waiting.pop(None, None)
        for at, row in enumerate(new):
            if at not in pairs and waiting.get(likeness(row)):
                pairs[at] = waiting[likeness(row)].pop(0)
    return pairs


# Another version of a policy file: the same text with a few values replaced, each in its own lines.
#
# Values are written by tomli-w; everything else, comments and line ends too, stays as it is.

Raw = int | Decimal | str | date | list[str]
"""A value as the file has it: money in main units, ids and not names."""
Cut = tuple[int, int, str]
"""From where to where something else is put."""

EFFECTIVE: Path = ("effective",)


@record
class LineChange:
    """One line of the file that is not the same: its number in the old text, what stood there and what does now."""

    line: int
    before: str
    after: str


def edited(text: str, edits: Mapping[Path, Raw], effective: date, name: str = "config.toml") -> Policy:
    """The version with these values in the place of its own, in force from `effective`; `.text` is its file.

    `edits` are by key path, rows counted from 0: ("cap", 3, "most", "x"). Raises PolicyErrors where the text has no
    such value, and where what comes out is no policy.
    """
    return load_text(replaced(text, {**edits, EFFECTIVE: effective}, name), name)


def replaced(text: str, edits: Mapping[Path, Raw], name: str = "config.toml") -> str:
    """The text with these values in the place of its own, not yet checked. Raises PolicyErrors for a value that the
    text does not have."""
    data, found = _read(text)
    missing = [path for path in edits if path not in found]
    if missing:
        lines = positions(text.removeprefix("\ufeff"))
        problems = [Problem(line_of(lines, at), spelt(at), Phrase("edit.absent", {"key": spelt(at)})) for at in missing]
        raise PolicyErrors(problems, name)
    cuts = [cut for path, value in edits.items() for cut in _cuts(text, found, path, value_at(data, path), value)]
    for start, end, new in sorted(cuts, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def value_at(data: Any, path: Path) -> Any:
    """What stands at a path of a parsed file."""
    for step in path:
        data = data[step]
    return data


def data_of(text: str) -> Mapping[str, Any]:
    """The parsed file of a text that was read before; not to be changed."""
    return _read(text)[0]


def line_changes(before: str, after: str) -> tuple[LineChange, ...]:
    """The lines in which two texts of as many lines differ."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return tuple(LineChange(line, old, new) for line, (old, new) in enumerate(pairs, 1) if old != new)


@lru_cache(maxsize=4)
def _read(text: str) -> tuple[dict[str, Any], Mapping[Path, tuple[int, int]]]:
    """A file's data, and where in the whole text each value stands: a form asks at every key."""
    body = text.removeprefix("\ufeff")
    by = len(text) - len(body)
    return parsed(text, ""), {path: (start + by, end + by) for path, (start, end) in spans(body).items()}


def _cuts(text: str, found: Mapping[Path, tuple[int, int]], path: Path, old: object, new: Raw) -> Iterator[Cut]:
    """What to put where, so that the value at `path` is the new one; nothing where it is that already."""
    if type(old) is type(new) and old == new:
        return
    start, end = found[path]
    if isinstance(old, list) and isinstance(new, list) and ("\n" in text[start:end] or "#" in text[start:end]):
        yield from _entries(text, found, path, old, new)
    else:
        yield start, end, written(new)


def _entries(
    text: str, found: Mapping[Path, tuple[int, int]], path: Path, old: list[object], new: list[str]
) -> Iterator[Cut]:
    """The same within an array over several lines, which keeps its comments: each entry where one stood."""
    for at, was in enumerate(old):
        start, end = found[(*path, at)]
        if at >= len(new):
            yield start, end, ""
            yield from _comma(text, end)
        elif at == len(old) - 1 and len(new) > len(old):
            yield start, end, ", ".join(map(written, new[at:]))
        elif was != new[at]:
            yield start, end, written(new[at])


def _comma(text: str, at: int) -> Iterator[Cut]:
    """Takes away the comma after an entry, blanks and comments between them stay."""
    found = re.compile(r"(?:\s|#[^\n]*\n)*,").match(text, at)
    if found:
        yield found.end() - 1, found.end(), ""


def written(value: Raw) -> str:
    """A value as TOML, on one line."""
    import tomli_w

    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")


# What of a policy is changed in a form: the figures of caps, the approvers of routes and signatures, the notice.
#
# What people type are main units, names and spans; what stands in the file are numbers and ids.

EDITABLE = ("cap", "route", "sign", "notice")
"""The tables of which something can be changed in a form."""

FIGURES = [name for name, key in keys_of.CAP_KEYS.items() if key.edit]
PARTS = ("base", "over", "each")
MOST_NAMED = 12
AND = {"zh": "、", "en": ", "}
"""What stands between the names of several posts; any of BETWEEN will do when they are typed."""
BETWEEN = re.compile(r"[,，、;；/]+")


@record
class Value:
    """One value of a row: where it stands, what it is called, of which sort it is, what it is in the file and as
    people write it; `of` the list that a grade is from."""

    path: Path
    label: str
    sort: Edit
    raw: Raw
    said: str
    of: str = ""


@record
class EditRow:
    """A row of a table with what can be changed of it, said in one language."""

    table: str
    index: int
    id: str
    what: str
    figure: str
    when: str
    values: tuple[Value, ...]


def edit_rows(policy: Policy, w: Words, tables: Iterable[str] = EDITABLE) -> tuple[EditRow, ...]:
    """Every row of these tables of which something can be changed, in the file's order."""
    s, data = Wording(policy, w), data_of(policy.text)
    return tuple(row for table in tables for row in _edit_rows(s, data, table) if row.values)


def row_at(policy: Policy, table: str, place: int) -> int:
    """The row of the file that the entry at `place` of `listed` tells of: a cap has one for each of its columns."""
    if table != "cap":
        return place
    columns = [index for index, cap in enumerate(policy.caps) for _ in cap.columns]
    return columns[place]


def _edit_rows(s: Wording, data: Mapping[str, Any], table: str) -> Iterator[EditRow]:
    told: dict[int, list[Any]] = {}
    for place, each in enumerate(text_rows(s.policy, table, s.w)):
        told.setdefault(row_at(s.policy, table, place), []).append(each)
    rows = keys_of.TABLES[table].of(s.policy)
    for index, raw in enumerate(data.get(table, ())):
        lines = told.get(index, [])
        if lines:
            ids = list(dict.fromkeys(line.id for line in lines if line.id))
            what = lines[0].what or s.w(f"listing.table.{table}")
            figure = "  ".join(line.figure for line in lines)
            when = s.when(rows[index].when)
            yield EditRow(table, index, " ".join(ids), what, figure, when, tuple(_values(s, table, index, raw)))


def _values(s: Wording, table: str, index: int, raw: Mapping[str, Any]) -> Iterator[Value]:
    at: Path = (table, index)
    if table == "cap":
        yield from _figure_values(s, index, raw)
    elif table in ("route", "sign"):
        yield from _deciding(s, table, at, raw)
    else:
        for name, key in keys_of.TABLES[table].keys.items():
            if key.edit and name in raw:
                yield Value((*at, name), s.w(f"edit.{table}.{name}"), key.edit, raw[name], str(raw[name]))


def _deciding(s: Wording, table: str, at: Path, raw: Mapping[str, Any]) -> Iterator[Value]:
    """Who takes each step of a route, or signs."""
    steps = [(at, raw)] if table == "sign" else [((*at, "steps", n), step) for n, step in enumerate(raw["steps"])]
    usual = "sign" if table == "sign" else "decide"
    for number, (here, step) in enumerate(steps, 1):
        key = "by" if "by" in step else "all"
        do = step.get("do", "decide")
        does = s.w(f"trial.step.{usual if do == 'decide' else do}")
        label = does if len(steps) == 1 else f"{number} {does}"
        yield Value((*here, key), label, "posts", step[key], _say_posts(s, step[key]))


def _figure_values(s: Wording, index: int, raw: Mapping[str, Any]) -> Iterator[Value]:
    cap = s.policy.caps[index]
    kinds = [key for key in FIGURES if key in raw]
    counts = "count" in raw and "most" not in raw and "least" not in raw
    for key in kinds:
        kind = s.w(f"edit.figure.{key}")
        columns = _columns(raw[key], cap.columns) if cap.by else None
        if columns is None:
            yield from _figure(s, ("cap", index, key), [kind], raw[key], counts or key == "count", cap.items)
        for column, value in (columns or {}).items():
            name = "..".join(s.value(cap.by or "", end) if end else "" for end in column.split(".."))
            label = [name] if kinds == ["most"] else [name, kind]
            yield from _figure(s, ("cap", index, key, column), label, value, counts or key == "count", cap.items)


def _columns(raw: Any, ids: Mapping[str | None, object]) -> Mapping[str, Any] | None:
    """The columns of a figure; None where it is one for all of them."""
    if isinstance(raw, dict) and (not raw.keys() <= set(PARTS) or any(key in ids for key in raw)):
        return raw
    return None


def _figure(s: Wording, at: Path, label: list[str], raw: Any, counts: bool, items: tuple[str, ...]) -> Iterator[Value]:
    """A figure, or each part of one that grows with the number of people."""
    if isinstance(raw, dict):
        for part in PARTS:
            if part in raw:
                sort: Edit = "count" if part == "over" else "share" if part == "each" or counts else "money"
                said = [*label, s.w(f"edit.part.{part}")]
                yield Value((*at, part), " ".join(said), sort, raw[part], str(raw[part]))
    elif isinstance(raw, str):
        yield Value(at, " ".join(label), "grade", raw, s.value(items[0], raw), items[0])
    else:
        yield Value(at, " ".join(label), "count" if counts else "money", raw, str(raw))


# what people type


def _say_posts(s: Wording, raw: str | list[str]) -> str:
    """Posts and references by their names."""
    return AND[s.w.language].join(map(s.party, [raw] if isinstance(raw, str) else raw))


def read_value(policy: Policy, value: Value, typed: str) -> Raw:
    """What is typed for a value, as the file has it. Raises Unreadable with what is allowed."""
    text = unicodedata.normalize("NFKC", clean(typed)).strip()
    if value.sort == "posts":
        return _read_posts(policy, value, text)
    if value.sort == "grade":
        return _grade(policy, value.of, text)
    if value.sort in ("span", "signed"):
        return _span(text, signed=value.sort == "signed")
    if value.sort == "count":
        return _count(text)
    return _share(text) if value.sort == "share" else _money(policy, text, value.path[-1] == "base")


def _money(policy: Policy, text: str, signed: bool) -> Raw:
    digits = policy.currency.minor
    sign = -1 if signed and text.startswith("-") else 1
    minor = sign * parse_money(text.removeprefix("-") if signed else text, digits)
    main = Decimal(minor).scaleb(-digits)
    return int(main) if main == int(main) else main


def _count(text: str) -> int:
    number = plain_number(text) or ""
    if not (number.isdecimal() and len(number) < 8 and int(number) <= 10**6):
        raise _unreadable("policy.bad_whole", text, low=0, high=10**6)
    return int(number)


def _share(text: str) -> Raw:
    if re.fullmatch(r"\d{1,6}/0*[1-9]\d{0,5}", text, re.ASCII):
        return text
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII):
        raise _unreadable("policy.bad_share", text)
    return Decimal(text) if "." in text else int(text)


def _span(text: str, *, signed: bool) -> str:
    span = text.replace(" ", "").lower()
    try:
        span_of(span, signed=signed)
    except Wrong as wrong:
        raise _unreadable(wrong.phrase.key, text) from None
    return span


def _grade(policy: Policy, of: str, text: str) -> str:
    names = {_plain(said): grade for said, grade in Naming(policy).tables.get(of, {}).items()}
    found = names.get(_plain(text))
    if found is None:
        raise _unknown("edit.unknown_grade", text, [entry.name for entry in policy.lists.get(of, ())])
    return found


def _read_posts(policy: Policy, value: Value, text: str) -> Raw:
    names = _offices(policy)
    whole = names.get(_plain(text))
    found = [whole] if whole else [_post(policy, names, part.strip()) for part in BETWEEN.split(text) if part.strip()]
    if not found:
        raise _unknown("edit.no_post", text, [post.name for post in policy.posts])
    found = list(dict.fromkeys(found))
    return found[0] if len(found) == 1 and isinstance(value.raw, str) else found


def _post(policy: Policy, names: Mapping[str, str], text: str) -> str:
    found = names.get(_plain(text))
    if found is None:
        raise _unknown("edit.unknown_post", text, [post.name for post in policy.posts])
    return found


def _offices(policy: Policy) -> dict[str, str]:
    """Every way to say a post, or a reference to one."""
    references = [f"{reference}{up}" for reference in REFERENCES for up in ("", ".up")]
    said = {_plain(text): each for each in references for text in (each, *party_name(policy, each).all())}
    return {**said, **{_plain(name): post for name, post in Naming(policy).tables["post"].items()}}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _unknown(key: str, text: str, names: Sequence[Name]) -> Unreadable:
    """Nothing is called so; the nearest that is, and all there are."""
    near = nearest(text, [said for name in names for said in name.all()])
    allowed = {code: AND[code].join([name.say(code) for name in names[:MOST_NAMED]]) for code in LANGUAGES}
    more = " …" if len(names) > MOST_NAMED else ""
    return _unreadable(
        f"{key}_near" if near else key,
        text,
        near=near,
        allowed=Name({code: said + more for code, said in allowed.items()}),
    )


def _unreadable(key: str, text: str, **facts: object) -> Unreadable:
    return Unreadable(Phrase(key, {"value": cut(clean(text), 40, ellipsis=True), **facts}))
