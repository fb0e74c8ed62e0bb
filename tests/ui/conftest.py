"""What the tests of screens share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.stand_in_desk import stand_in_commands


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses the keys of a test has read what refuses one as soon as it is painted; `test_pace` shows the time
    that a person gets."""
    monkeypatch.setattr("tui.pace.READ", 0.0)


@pytest.fixture
def own_commands() -> Iterator[None]:
    """The stand-in screens' commands in the registry."""
    with stand_in_commands():
        yield
