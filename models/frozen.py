"""`@record`: what `@dataclass(frozen=True)` is to its user, without the 40 ms that `dataclasses` costs a start.

A policy is read by commands that take little longer than the interpreter itself; importing `dataclasses` and
letting it write code for thirty types was most of their time. A type checker sees a frozen dataclass.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A class whose annotated names are its immutable fields, in order, behind those of a record that it extends; a
    value beside one is its default. Raises ValueError for a default that can be changed, as `dataclass` does."""
    made: Any = cls
    made._types = {**getattr(cls, "_types", {}), **cls.__annotations__}
    made._names = tuple(made._types)
    own = {name: cls.__dict__[name] for name in cls.__annotations__ if name in cls.__dict__}
    for name, value in own.items():
        if isinstance(value, (list, dict, set)):
            raise ValueError(f"{cls.__name__}.{name} has a default that can be changed: {type(value).__name__}")
    made._defaults = {**getattr(cls, "_defaults", {}), **own}
    made.__init__, made.__eq__, made.__hash__, made.__repr__ = _init, _eq, _hash, _repr
    made.__setattr__ = made.__delattr__ = _frozen
    made.__dataclass_fields__ = _Fields()
    return cls


class _Fields:
    """What `dataclasses.replace`, `fields` and `asdict` look for, worked out when one of them does."""

    def __get__(self, instance: object, owner: Any) -> dict[str, Any]:
        from dataclasses import dataclass

        # Without its methods and with a text of its own no code is written: that is what costs.
        fields_only = dataclass(init=False, repr=False, eq=False, match_args=False)
        body = {"__annotations__": owner._types, "__doc__": owner.__name__, **owner._defaults}
        like: Any = fields_only(type(owner.__name__, (), body))
        owner.__dataclass_fields__ = like.__dataclass_fields__
        return owner.__dataclass_fields__  # type: ignore[no-any-return]  # as `dataclasses` has it


def _init(self: Any, *values: object, **named: object) -> None:
    names = self._names
    given = {**self._defaults, **dict(zip(names, values, strict=False)), **named}
    if len(given) != len(names) or len(values) > len(names) or any(name not in given for name in names):
        raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
    self.__dict__.update(given)


def _values(self: Any) -> tuple[object, ...]:
    return tuple(self.__dict__[name] for name in self._names)


def _eq(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._names)
    return f"{type(self).__name__}({fields})"


def _frozen(self: Any, name: str, value: object = None) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} is immutable: {name}")
