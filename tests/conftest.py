"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.words import pinyin
from tests.sample import Sample, sampler
from tests.unit.life import Company, company

ASKING = pinyin._ask


def pytest_collection_finish() -> None:
    """What all tests share is there by now, and is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def spelling_in_this_process() -> Iterator[None]:
    """A process with screens asks another for pinyin, to stay small; half a second each time is too much for tests.
    The asking itself is shown in `test_words_pinyin`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pinyin, "_ask", pinyin._look_up)
        yield


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    """A company on the default regulation."""
    with company(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Gives the sample company of a day."""
    return sampler(tmp_path_factory)


@pytest.fixture
def spelling_by_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The asking as it is."""
    monkeypatch.setattr(pinyin, "_ask", ASKING)
