"""What the tests of an office share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.office_machine import Machine, office
from tests.unit import conftest as unit

process = unit.process


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """An office in which 林小雨 has a key, and 王海峰 a login of the machine."""
    with office(tmp_path) as made:
        yield made
