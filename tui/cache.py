"""What was worked out before, in files that may be lost, damaged or read-only without anyone noticing.

A value is plain data (what `marshal` can write) under a key that says of what it was made.
"""

from __future__ import annotations

import binascii
import marshal
import os
import stat
import sys

from tui.version import VERSION
from tui.where import cache_folder

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SOURCES = ("tui", "tui/cli", "models/policy", "models/words", "models/words/zh", "models/words/en", "screens/kit")
_MARK = b"jiedai\n"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Stamp = tuple[object, ...]


def stamp(path: str) -> Stamp | None:
    """A file as it is now: whole path, mtime in nanoseconds, size; a folder with the stamps of all that is in it.
    None where it cannot be read."""
    try:
        seen = os.stat(path)
        inside = sorted(os.listdir(path)) if stat.S_ISDIR(seen.st_mode) else ()
    except (OSError, ValueError):
        return None
    own = (os.path.abspath(path), seen.st_mtime_ns, seen.st_size)
    return (*own, *[_entry(os.path.join(path, name)) for name in inside]) if inside else own


def _entry(path: str) -> Stamp:
    try:
        seen = os.stat(path)
    except OSError:
        return (path,)
    return path, seen.st_mtime_ns, seen.st_size


def program() -> tuple[str, int, int]:
    """This program: its version, its Python, and the newest of the files its answers come from."""
    newest = max([_newest(os.path.join(_ROOT, folder)) for folder in _SOURCES])
    return VERSION, sys.hexversion, newest


def recall(name: str, key: tuple[Any, ...]) -> Any:
    """What was kept under `name` for exactly this key; None for anything else, damage included."""
    try:
        with open(_path(name), "rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            data = file.read()
    except OSError:
        return None
    body = data[len(_MARK) + 4 :]
    if data[: len(_MARK) + 4] != _head(body):
        return None
    try:
        kept_key, value = marshal.loads(body)
    except (EOFError, ValueError, TypeError):
        return None
    return value if kept_key == key else None


def keep(name: str, key: tuple[Any, ...], value: Any) -> None:
    """Keep plain data for `recall`; where that cannot be done, nothing happens."""
    path = _path(name)
    fresh = f"{path}.{os.getpid()}"
    body = marshal.dumps((key, value))
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(_head(body) + body)
        os.replace(fresh, path)
    except OSError:
        _forget(fresh)


def _newest(folder: str) -> int:
    try:
        with os.scandir(folder) as entries:
            return max([entry.stat().st_mtime_ns for entry in entries if entry.is_file()], default=0)
    except OSError:
        return 0


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _path(name: str) -> str:
    return os.path.join(cache_folder(), name + ".cache")


def _head(body: bytes) -> bytes:
    return _MARK + binascii.crc32(body).to_bytes(4, "big")
