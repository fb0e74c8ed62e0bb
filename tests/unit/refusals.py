"""Expecting a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from models.errors import Refused
from models.words import words


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block must raise Refused of this code, and both languages must have a sentence for it."""
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.code == code
    assert all(words(language).text(caught.value.phrase) for language in ("zh", "en"))
