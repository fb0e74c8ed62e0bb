"""Writing files so that what was written is still there after the power fails."""

from __future__ import annotations

import errno
import os
import tempfile

UNSETTLED = ".unsettled"
"""How the hidden note beside a version of the regulation ends that a process was writing."""
_A_LITTLE = 64 * 1024


def write_file(path: str, text: str, mode: int) -> None:
    """Write `text` as the whole of a file with these permissions, and have the disk keep it. Raises OSError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        os.fchmod(out.fileno(), mode)
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())


def unsettled(folder: str) -> list[str]:
    """The notes of versions of the regulation that a process began to write there and did not end; none where the
    folder cannot be read."""
    try:
        names = sorted(os.listdir(folder)) if folder else []
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if name.startswith(".") and name.endswith(UNSETTLED)]


def sync(path: str | os.PathLike[str]) -> None:
    """Have the disk keep a file's content, or a folder's names. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_full(folder: str | os.PathLike[str]) -> bool:
    """Whether the disk that a folder is on takes nothing more, be it full or one's share of it used up."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_A_LITTLE))
            file.flush()
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False
