"""What all tests share."""

from __future__ import annotations

import pytest

from models.words import pinyin


@pytest.fixture
def spelling_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with screens asks another for pinyin, to stay small; half a second each time is too much for tests
    of screens. The asking itself is shown in `test_words_pinyin`."""
    monkeypatch.setattr(pinyin, "_ask", pinyin._look_up)
