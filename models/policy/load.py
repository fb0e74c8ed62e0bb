"""From the text of a `config.toml` to a `Policy`, or to all that is wrong with it at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from models.policy.model import Policy
from models.policy.notation.consistency import DECLARING, check_between
from models.policy.notation.positions import line_of, positions
from models.policy.notation.readers import Reading, table
from models.policy.notation.slips import Slip, mended, slips
from models.policy.notation.tables import FILE_KEYS
from models.policy.problem import PolicyErrors, Problem, spelt
from models.words import Phrase, clean

_FIELDS = {
    "tier": "tiers",
    "kind": "kinds",
    "department": "departments",
    "post": "posts",
    "group": "groups",
    "list": "lists",
    "route": "routes",
    "notice": "notices",
    "lead_host": "lead_hosts",
    "cap": "caps",
    "sign": "signs",
    "need": "needs",
    "check": "checks",
    "stage": "stages",
    "duty": "duties",
    "change": "changes",
    "booking": "bookings",
}
"""The keys of the file whose attribute of `Policy` has another name."""

LARGEST = 2_000_000
"""Bytes of a file; the longest regulation has a tenth of it, and whatever has more is something else."""


def load_file(path: str | os.PathLike[str]) -> Policy:
    """The policy of a file. Raises PolicyErrors with every problem, also when the file cannot be read."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would wait for ever
            raise PolicyErrors([_whole("no_file")], str(path))
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise PolicyErrors([_whole("unreadable", what=error.strerror or "")], str(path)) from None
    if len(data) > LARGEST:
        raise PolicyErrors([_whole("too_large", most=LARGEST // 1_000_000)], str(path))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyErrors([Problem(line, "", Phrase("policy.not_utf8"))], str(path)) from None
    return load_text(text, str(path))


def load_text(text: str, name: str = "config.toml") -> Policy:
    """The policy of a file's exact text; `name` is the file in errors. Raises PolicyErrors with every problem."""
    data = parsed(text, name)
    r = Reading(_declared(data), _listed(data), _fields(data), _minor(data))
    read = table(r, (), data, FILE_KEYS)
    check_between(r, read)
    if r.wrong:
        found = positions(text.removeprefix("\ufeff"))
        raise PolicyErrors([Problem(line_of(found, at), clean(spelt(at)), what) for at, what in r.wrong], name)
    named = {_FIELDS.get(key, key): value for key, value in read.items()}
    return Policy(text=text, **named)


def parsed(text: str, name: str) -> dict[str, object]:
    """The TOML of a text. Raises PolicyErrors with line and column of what makes it none."""
    if re.search("[\ud800-\udfff]", text):
        raise PolicyErrors([_whole("not_utf8")], name)
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=_decimal)
    except RecursionError:
        raise PolicyErrors([_whole("too_deep")], name) from None
    except ValueError as error:  # also a number of thousands of digits, which is no TOMLDecodeError
        raise PolicyErrors(_syntax(text, str(error)), name) from None


def _syntax(text: str, said: str) -> list[Problem]:
    """What makes a text no TOML: every slip of an input method, and what else the parser stops at."""
    found = slips(text.removeprefix("\ufeff"))
    problems = [Problem(slip.line, "", _slip(slip)) for slip in found]
    if found:
        try:
            tomllib.loads(mended(text.removeprefix("\ufeff")), parse_float=_decimal)
            return problems
        except ValueError as error:
            said = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    what = clean(said[: place.start()] if place else said)
    if place is None or place[1] is None:
        line = text.count("\n") + 1 if place else 0
        return [*problems, Problem(line, "", Phrase("policy.syntax", {"what": what}))]
    line, column = int(place[1]), int(place[2])
    here = {slip.line for slip in found}
    if line in here:  # its column is that of the mended line
        return problems
    return [*problems, Problem(line, "", Phrase("policy.syntax_at", {"what": what, "column": column}))]


def _slip(slip: Slip) -> Phrase:
    """What stands there and what is to be written instead."""
    key = "slip_blank" if slip.was.isspace() else "slip" if slip.instead else "slip_out"
    was = clean(slip.was) if slip.was.isprintable() else f"U+{ord(slip.was[0]):04X}"
    return Phrase(f"policy.{key}", {"column": slip.column, "was": was, "instead": slip.instead})


def _whole(key: str, **facts: object) -> Problem:
    return Problem(0, "", Phrase(f"policy.{key}", facts))


def _decimal(written: str) -> Decimal:
    """A TOML float; what no Decimal can be is not a number, and is refused where it stands."""
    try:
        return Decimal(written.replace("_", ""))
    except InvalidOperation:
        return Decimal("NaN")


# What the file declares is looked up before any row is read, so that rows may name later ones and a bad
# row makes no further errors where others name it.


def _rows(data: Mapping[str, object], key: str) -> Iterator[dict[str, object]]:
    rows = data.get(key)
    if isinstance(rows, list):
        yield from (row for row in rows if isinstance(row, dict))


def _ids(rows: object) -> tuple[str, ...]:
    found = [row.get("id") if isinstance(row, dict) else row for row in rows] if isinstance(rows, list) else []
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str)))


def _declared(data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    return {key: _ids(data.get(key)) for key in DECLARING}


def _listed(data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    lists = data.get("list")
    return {key: _ids(rows) for key, rows in lists.items()} if isinstance(lists, dict) else {}


def _fields(data: Mapping[str, object]) -> dict[str, str]:
    """The extra fields of the form and the type of each."""
    return {str(row.get("id")): str(row.get("type")) for row in _rows(data, "need")}


def _minor(data: Mapping[str, object]) -> int:
    currency = data.get("currency")
    minor = currency.get("minor", 2) if isinstance(currency, dict) else 2
    return minor if isinstance(minor, int) and not isinstance(minor, bool) and 0 <= minor <= 4 else 2
