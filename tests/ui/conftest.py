"""What the tests of screens share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.stand_in_desk import stand_in_commands


@pytest.fixture
def own_commands() -> Iterator[None]:
    """The stand-in screens' commands in the registry."""
    with stand_in_commands():
        yield
