"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.words import pinyin
from tests.sample import Sample, sampler

ASKING = pinyin._ask


@pytest.fixture(scope="session", autouse=True)
def spelling_in_this_process() -> Iterator[None]:
    """A process with screens asks another for pinyin, to stay small; half a second each time is too much for tests.
    The asking itself is shown in `test_words_pinyin`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pinyin, "_ask", pinyin._look_up)
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Gives the sample company of a day."""
    return sampler(tmp_path_factory)


@pytest.fixture
def spelling_by_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The asking as it is."""
    monkeypatch.setattr(pinyin, "_ask", ASKING)
