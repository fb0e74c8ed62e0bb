"""`@record`: what `@dataclass(frozen=True)` is to its user, without the 40 ms that `dataclasses` costs a start.

Every type of which nothing is changed is one. A policy is read by commands that take little longer than the interpreter
itself; importing `dataclasses` and letting it write code for thirty types was most of their time. A type checker sees a
frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")
_MISSING = object()
NO_ENTRIES: Mapping[Any, Any] = MappingProxyType({})
"""The default of a field that is a mapping."""


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A class whose annotated names are its immutable fields, in order, behind those of a record that it extends; a
    value beside one is its default. Two are equal by their fields, unless the class says otherwise. Raises ValueError
    for a default that can be changed, as `dataclass` does."""
    made: Any = cls
    made._types = {**getattr(cls, "_types", {}), **cls.__annotations__}
    made._names = tuple(made._types)
    own = {name: cls.__dict__[name] for name in cls.__annotations__ if name in cls.__dict__}
    for name, value in own.items():
        if isinstance(value, (list, dict, set)):
            raise ValueError(f"{cls.__name__}.{name} has a default that can be changed: {type(value).__name__}")
    made._defaults = {**getattr(cls, "_defaults", {}), **own}
    made._blank = {name: made._defaults.get(name, _MISSING) for name in made._names}
    made._required = tuple([name for name, value in made._blank.items() if value is _MISSING])
    made.__init__, made.__repr__ = _init, _repr
    if "__eq__" not in cls.__dict__:
        made.__eq__, made.__hash__ = _eq, _hash
    made.__setattr__ = made.__delattr__ = _frozen
    made.__dataclass_fields__ = _Fields()
    return cls


class _Fields:
    """What `dataclasses.replace`, `fields` and `asdict` look for, worked out when one of them does."""

    def __get__(self, instance: object, owner: Any) -> dict[str, Any]:
        from dataclasses import dataclass, field

        # Without its methods and with a text of its own no code is written: that is what costs.
        fields_only = dataclass(init=False, repr=False, eq=False, match_args=False)
        defaults = {
            name: field(default_factory=dict) if isinstance(value, MappingProxyType) else value
            for name, value in owner._defaults.items()
        }
        body = {"__annotations__": owner._types, "__doc__": owner.__name__, **defaults}
        like: Any = fields_only(type(owner.__name__, (), body))
        owner.__dataclass_fields__ = like.__dataclass_fields__
        return owner.__dataclass_fields__  # type: ignore[no-any-return]  # as `dataclasses` has it


def _init(self: Any, *values: object, **named: object) -> None:
    made, names = self.__dict__, self._names
    made.update(self._blank)
    made.update(zip(names, values, strict=False))
    made.update(named)
    if len(made) == len(names) >= len(values):
        for name in self._required:
            if made[name] is _MISSING:
                break
        else:
            return
    raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")


def _eq(self: Any, other: object) -> bool:
    return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(tuple(self.__dict__.values()))


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._names)
    return f"{type(self).__name__}({fields})"


def _frozen(self: Any, name: str, value: object = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is immutable: {name}")
