"""What all tests share."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.words import pinyin
from tests.sample import Sample, sampler
from tests.ui.quiet import without_waiting
from tests.unit.drawn import draw_many
from tests.unit.life import Company, company
from tests.unit.stores import kept_stores, lived_anew

READING = pinyin._read


def pytest_configure(config: pytest.Config) -> None:
    """Properties are drawn many times where the long tests run."""
    draw_many("not long" not in config.option.markexpr)


def pytest_collection_finish() -> None:
    """What all tests share is there by now, and is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session", autouse=True)
def spelling_in_this_process() -> Iterator[None]:
    """The program asks another process for pinyin, to stay small, and does not wait for it; half a second each time is
    too much for tests, to which names are spelt at once. What is as it is: `spelling_by_another_process`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pinyin, "_read", lambda runs, *, ask: pinyin._look_up(runs))
        yield


@pytest.fixture(scope="session", autouse=True)
def waiting_for_nothing() -> Iterator[None]:
    """A screen's test goes on as soon as the program is at rest."""
    with without_waiting():
        yield


@pytest.fixture(scope="session", autouse=True)
def stores_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a store is to hold in the beginning is lived through once."""
    with kept_stores(tmp_path_factory):
        yield


@pytest.fixture(autouse=True)
def verbs_as_patched(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that changes how the verbs work lives through them itself."""
    if "monkeypatch" in request.fixturenames:
        with lived_anew():
            yield
    else:
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
    """The asking as it is, with nothing known yet."""
    monkeypatch.setattr(pinyin, "_read", READING)
    monkeypatch.setattr(pinyin, "_spelt", {})
