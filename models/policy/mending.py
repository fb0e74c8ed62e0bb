"""A mended copy of a policy file that an input method spoilt, written beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

from models.policy.load import LARGEST, parsed
from models.policy.notation.slips import mended, slips
from models.policy.problem import PolicyErrors


def write_mended(file: str) -> tuple[str, int] | None:
    """Write the file's text, with every slip as it should be, to a new file beside it: `my.toml.fixed`, which no folder
    of versions takes for one. Where it is and how many slips there were; None where none is to be mended.

    Raises OSError, also for a file that cannot be read; nothing is ever written over.
    """
    if not os.path.isfile(file) or os.path.getsize(file) > LARGEST:
        return None
    with open(file, "rb") as source:
        data = source.read()
    try:
        text = data.decode("utf-8")
        parsed(text, file)
        return None
    except UnicodeDecodeError:
        return None
    except PolicyErrors:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        body = text.removeprefix(mark)
        number = len(slips(body))
    if not number:
        return None
    path = next(each for each in _names(file) if not os.path.lexists(each))
    with open(path, "xb") as copy:
        copy.write((mark + mended(body)).encode())
    return path, number


def _names(file: str) -> Iterator[str]:
    yield f"{file}.fixed"
    yield from (f"{file}.fixed.{number}" for number in count(2))
