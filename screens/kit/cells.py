"""How a field of a row is typed or chosen, alike in the wizard's tables and in the boxes on a visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal

from models.frozen import record
from models.policy.case import Fields, FieldSpec
from models.policy.model import Policy
from models.words import Words
from models.words.dates import parse_date, parse_time
from models.words.money import parse_money, say_money
from screens.kit.choices import Choice, Option
from screens.kit.fields import Field, ParsedField, TextField, parse_number, parse_quantity
from screens.kit.linelist import Holds


def as_typed(text: str) -> str:
    """Any text will do."""
    return text


def _or_nothing(value: Any) -> str:
    return value or ""


@record
class FormCell:
    """A cell to edit, of the field `key`: `options` are keys and names of a choice; a mark holds "x" or "".

    `read` gives the text as it is kept, or raises Unreadable; `text` and `value` turn a value of the field into such a
    text and back; `blank` is what an empty cell becomes. In a table `width` is its usual width; `show` says a kept
    text; `more` puts the cell on a second line of its row, with its title beside it; `data` is shown whole where there
    is room for it, as all that is read is; `offers` are what is often typed there, shown below. `room`: the cells to
    type in where it stands alone, `most` the characters.
    """

    key: str
    title: str
    width: int
    kind: Literal["text", "choice", "mark"] = "text"
    options: tuple[tuple[str, str], ...] = ()
    read: Callable[[str], str] = as_typed
    text: Callable[[Any], str] = _or_nothing
    value: Callable[[str], Any] = as_typed
    show: Callable[[str], str] = as_typed
    blank: str = ""
    more: bool = False
    data: bool = False
    room: int | None = None
    most: int = 200
    offers: tuple[str, ...] = ()

    @property
    def holds(self) -> Holds:
        """What is never cut where there is room for it: data; other texts may be shortened."""
        return "data" if self.data or self.whole else "text"

    @property
    def whole(self) -> bool:
        """Whether its text is typed anew rather than added to: a day, a number, an amount."""
        return self.kind == "text" and self.read is not as_typed

    def name(self, key: str) -> str:
        """What the option of that key is called."""
        return next((name for each, name in self.options if each == key), key)

    def field(self, value: Any) -> Field:
        """The cell as a field of a box, with this value."""
        if self.kind == "choice":
            options = [Option(key, name) for key, name in self.options if key]
            return Choice(self.title, options, self.text(value), inline=True, id=self.key)
        if not self.whole:
            return TextField(self.title, self.text(value), id=self.key)
        return ParsedField(
            self.title, value, lambda typed: self.value(self.read(typed)), self.text, room=self.room, id=self.key
        )  # fmt: skip

    def value_of(self, field: Any) -> Any:
        """What such a field holds; of an empty one what the blank means."""
        if isinstance(field, ParsedField):
            return field.value if field.value is not None else self.value(self.blank)
        return self.value(field.value or self.blank)


class Cells:
    """Makes the cells of fields, in the reader's language and from a policy's lists."""

    def __init__(self, w: Words, policy: Policy, today: date) -> None:
        self.w, self.policy, self.today = w, policy, today

    def all(self, fields: Fields, names: Iterable[str] | None = None) -> dict[str, FormCell]:
        """The cells of these fields by name."""
        return {name: self.one(name, fields[name]) for name in (fields if names is None else names)}

    def title(self, spec: FieldSpec) -> str:
        """What a field is called where there is little room."""
        short = f"fields.short.{spec.label}"
        return self.w(short if self.w.has(short) else f"fields.{spec.label}")

    def options(self, spec: FieldSpec) -> tuple[tuple[str, str], ...]:
        """The keys and names of what can be chosen; empty where any text may stand."""
        if spec.options:
            return tuple([(each, self.w(f"fields.option.{spec.label}.{each}")) for each in spec.options])
        return tuple([(entry.id, self.w.name(entry.name)) for entry in self.policy.lists.get(spec.listed, ())])

    def one(self, name: str, spec: FieldSpec) -> FormCell:
        """The cell of a field."""
        made: dict[str, Any] = {"key": name, "title": self.title(spec), **_KINDS.get(spec.kind, _KINDS["line"])}
        options = self.options(spec)
        digits = self.policy.currency.minor
        match spec.kind:
            case "choice":
                made |= {"options": options, "blank": spec.options[0] if spec.options else ""}
            case "place" if options:
                made |= {**_KINDS["choice"], "options": options}
            case "day":
                made |= {"read": lambda text: parse_date(text, self.today).isoformat()}
            case "count":
                made |= {"read": lambda text: str(parse_number(text, spec.least, spec.most)), "blank": str(spec.least)}
            case "quantity":
                made |= {"read": lambda text: _plain(parse_quantity(text, spec.least, spec.most)), "blank": "1"}
            case "money":
                made |= {
                    "read": lambda text: say_money(parse_money(text, digits), digits),
                    "text": lambda minor: "" if minor is None else say_money(minor, digits),
                    "value": lambda text: parse_money(text, digits) if text else None,
                }
        return FormCell(**made)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _number(text: str) -> int:
    return int(text or 0)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None


def _several(values: Iterable[Any]) -> str:
    return " ".join(map(str, values))


_KINDS: Mapping[str, Mapping[str, Any]] = {
    "line": {"width": 14},
    "place": {"width": 12, "value": lambda text: text or None},
    "choice": {"width": 12, "kind": "choice", "value": lambda text: text or None},
    "mark": {"width": 4, "kind": "mark", "text": lambda value: "x" * bool(value), "value": bool},
    "day": {"width": 10, "most": 20, "room": 16, "text": lambda day: day.isoformat() if day else "", "value": _day},
    "time": {
        "width": 5,
        "most": 20,
        "room": 8,
        "read": lambda text: f"{parse_time(text):%H:%M}",
        "text": lambda at: f"{at:%H:%M}" if at else "",
        "value": _time,
    },
    "count": {"width": 6, "room": 6, "text": str, "value": _number},
    "quantity": {"width": 6, "room": 8, "text": _plain, "value": Decimal},
    "money": {"width": 8, "room": 12, "most": 16},
    "people": {"width": 14, "text": _several, "value": lambda text: tuple(map(int, text.split()))},
    "posts": {"width": 14, "text": _several, "value": lambda text: tuple(text.split())},
}
"""What the cells of a kind of field have in common."""
