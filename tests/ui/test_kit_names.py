"""A screen that takes a private name of what it is built on, without knowing, breaks it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from textual.dom import DOMNode

import screens

MEANT = {"_go", "_list", "_offered", "_on_key", "_on_paste", "_save", "_sound"}
"""Names that a class of a screen is meant to give its own."""


def ours() -> Iterator[type]:
    """Every class of ours that Textual draws."""
    for found in pkgutil.walk_packages(screens.__path__, "screens."):
        for each in vars(importlib.import_module(found.name)).values():
            if inspect.isclass(each) and each.__module__ == found.name and issubclass(each, DOMNode):
                yield each


def test_no_screen_takes_a_private_name_of_its_base() -> None:
    taken = [
        f"{each.__module__}.{each.__name__}.{name} is also of {base.__module__}.{base.__name__}"
        for each in ours()
        for name, what in vars(each).items()
        if name.startswith("_") and not name.startswith("__") and inspect.isfunction(what) and name not in MEANT
        for base in each.__mro__[1:]
        if name in vars(base)
    ]
    assert not taken
