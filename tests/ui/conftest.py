"""What the tests of screens share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.stand_in_session import stand_in_commands


@pytest.fixture(autouse=True)
def read_at_once() -> Iterator[None]:
    """Whoever presses the keys of a test has read what refuses one, or is to be agreed to, once it is painted;
    `test_pace` shows the time that a person gets. A patch of its own: a test that asks for `monkeypatch` has no store
    lived through before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.key_queue.READ", 0.0)
        patch.setattr("tui.key_queue.PAINTED", 0.0)
        yield


@pytest.fixture
def own_commands() -> Iterator[None]:
    """The stand-in screens' commands in the registry."""
    with stand_in_commands():
        yield
