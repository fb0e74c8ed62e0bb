"""What of a policy is changed in a form: the figures of caps, the approvers of routes and signatures, the notice.

What people type are main units, names and spans; what stands in the file are numbers and ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, Protocol

from models.policy.edit import Raw, data_of
from models.policy.listing import listed
from models.policy.model import Policy, When
from models.policy.naming import Naming
from models.policy.notation.quantities import span_of
from models.policy.notation.readers import Wrong, nearest
from models.policy.notation.tables import REFERENCES
from models.policy.parties import party_name
from models.policy.problem import Path
from models.policy.record import record
from models.policy.spoken import Spoken
from models.words import Name, Phrase, Unreadable, Words, clean, cut
from models.words.catalogue import LANGUAGES
from models.words.money import parse_money, plain_number

Sort = Literal["money", "count", "share", "grade", "span", "signed", "posts"]
TABLES = ("cap", "route", "sign", "notice")
"""The tables of which something can be changed in a form."""

FIGURES = ("most", "least", "count", "never")
PARTS = ("base", "over", "each")
MOST_NAMED = 12
AND = {"zh": "、", "en": ", "}
"""What stands between the names of several posts; any of BETWEEN will do when they are typed."""
BETWEEN = re.compile(r"[,，、;；/]+")


class _Conditional(Protocol):
    @property
    def when(self) -> When: ...


@record
class Value:
    """One value of a row: where it stands, what it is called, of which sort it is, what it is in the file and as
    people write it; `of` the list that a grade is from."""

    path: Path
    label: str
    sort: Sort
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


def edit_rows(policy: Policy, w: Words, tables: Iterable[str] = TABLES) -> tuple[EditRow, ...]:
    """Every row of these tables of which something can be changed, in the file's order."""
    s, data = Spoken(policy, w), data_of(policy.text)
    return tuple(row for table in tables for row in _rows(s, data, table) if row.values)


def row_at(policy: Policy, table: str, place: int) -> int:
    """The row of the file that the entry at `place` of `listed` tells of: a cap has one for each of its columns."""
    if table != "cap":
        return place
    columns = [index for index, cap in enumerate(policy.caps) for _ in cap.columns]
    return columns[place]


def _rows(s: Spoken, data: Mapping[str, Any], table: str) -> Iterator[EditRow]:
    told: dict[int, list[Any]] = {}
    for place, each in enumerate(listed(s.policy, table, s.w)):
        told.setdefault(row_at(s.policy, table, place), []).append(each)
    whens: dict[str, Sequence[_Conditional]] = {
        "cap": s.policy.caps,
        "route": s.policy.routes,
        "sign": s.policy.signs,
        "notice": s.policy.notices,
    }
    for index, raw in enumerate(data.get(table, ())):
        lines = told.get(index, [])
        if lines:
            ids = list(dict.fromkeys(line.id for line in lines if line.id))
            what = lines[0].what or s.w(f"listing.table.{table}")
            figure = "  ".join(line.figure for line in lines)
            when = s.when(whens[table][index].when)
            yield EditRow(table, index, " ".join(ids), what, figure, when, tuple(_values(s, table, index, raw)))


def _values(s: Spoken, table: str, index: int, raw: Mapping[str, Any]) -> Iterator[Value]:
    at: Path = (table, index)
    if table == "cap":
        yield from _figures(s, index, raw)
    elif table == "notice":
        sorts: dict[str, Sort] = {"least": "span", "never": "signed"}
        for key, sort in sorts.items():
            if key in raw:
                yield Value((*at, key), s.w(f"edit.notice.{key}"), sort, raw[key], str(raw[key]))
    else:
        steps = [(at, raw)] if table == "sign" else [((*at, "steps", n), step) for n, step in enumerate(raw["steps"])]
        usual = "sign" if table == "sign" else "decide"
        for number, (here, step) in enumerate(steps, 1):
            key = "by" if "by" in step else "all"
            do = step.get("do", "decide")
            does = s.w(f"trial.step.{usual if do == 'decide' else do}")
            label = does if len(steps) == 1 else f"{number} {does}"
            yield Value((*here, key), label, "posts", step[key], _say_posts(s, step[key]))


def _figures(s: Spoken, index: int, raw: Mapping[str, Any]) -> Iterator[Value]:
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


def _figure(s: Spoken, at: Path, label: list[str], raw: Any, counts: bool, items: tuple[str, ...]) -> Iterator[Value]:
    """A figure, or each part of one that grows with the number of people."""
    if isinstance(raw, dict):
        for part in PARTS:
            if part in raw:
                sort: Sort = "count" if part == "over" else "share" if part == "each" or counts else "money"
                said = [*label, s.w(f"edit.part.{part}")]
                yield Value((*at, part), " ".join(said), sort, raw[part], str(raw[part]))
    elif isinstance(raw, str):
        yield Value(at, " ".join(label), "grade", raw, s.value(items[0], raw), items[0])
    else:
        yield Value(at, " ".join(label), "count" if counts else "money", raw, str(raw))


# what people type


def _say_posts(s: Spoken, raw: str | list[str]) -> str:
    """Posts and references by their names."""
    return AND[s.w.language].join(map(s.party, [raw] if isinstance(raw, str) else raw))


def read_value(policy: Policy, value: Value, typed: str) -> Raw:
    """What is typed for a value, as the file has it. Raises Unreadable with what is allowed."""
    text = unicodedata.normalize("NFKC", clean(typed)).strip()
    if value.sort == "posts":
        return _posts(policy, value, text)
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


def _posts(policy: Policy, value: Value, text: str) -> Raw:
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
