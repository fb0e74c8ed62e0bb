"""A form as plain JSON values and back: what a change of substance replaced, to be put back if it is not agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from models.form import Form
from models.services.form_rows import stored_value, value_of


def packed(form: Form) -> dict[str, Any]:
    """The form as JSON can keep it."""
    fields = {key: stored_value("fields", value) for key, value in form.fields.items()}
    plain = _plain({**asdict(form), "fields": fields})
    assert isinstance(plain, dict)
    return plain


def unpacked(values: Mapping[str, Any]) -> Form:
    """The form that `packed` gave."""
    made = _typed(Form, values)
    assert isinstance(made, Form)
    return made


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _typed(kind: Any, value: Any) -> object:
    """A plain value as the type that a field of the form has."""
    if value is None:
        return None
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _typed(hints[name], each) for name, each in value.items()})
    arguments = get_args(kind)
    if NoneType in arguments:
        return _typed(next(each for each in arguments if each is not NoneType), value)
    if get_origin(kind) is tuple:
        return tuple([_typed(arguments[0], each) for each in value])
    if arguments:
        return {key: _typed(arguments[1], each) for key, each in value.items()}
    if kind is object:
        return value_of(value)  # of a type that only the policy knows
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
