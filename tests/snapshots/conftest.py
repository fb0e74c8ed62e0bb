"""What the snapshots share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def quick_spelling(spelling_in_this_process: None) -> None:
    """Nothing here is about how pinyin is had."""
