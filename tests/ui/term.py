"""A program in a pseudo-terminal: press keys, read the screen, count bytes. For tests marked `pty`."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "s-tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pgup": "\x1b[5~",
    "pgdn": "\x1b[6~",
    "space": " ",
    "bs": "\x7f",
    "del": "\x1b[3~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
}


class Term:
    """A running program and its screen."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        answer: int | None = 2,
    ) -> None:
        """Start `command` in a terminal of `size` columns and rows, `env` added to a clean environment. `answer` is
        the column it reports when asked for the cursor, None when it does not answer."""
        self._answer = answer
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        """All that was written."""
        self._master, slave = pty.openpty()
        self.resize(columns, rows)
        base = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**base, "LANG": "C.UTF-8", **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    def __enter__(self) -> Term:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def receive(self, seconds: float) -> bytes:
        """The next piece of what is written, b"" when none comes in so many seconds; nothing is drawn."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            more = os.read(self._master, 65536)
        except OSError:
            return b""
        if self._answer is not None and b"\x1b[6n" in more:
            os.write(self._master, b"\x1b[1;%dR" % self._answer)
        self.raw += more
        return more

    def read(self, seconds: float) -> bytes:
        """What is written within so many seconds; it is drawn on the screen."""
        got = b""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (more := self.receive(left)):
            got += more
        self._stream.feed(got)
        return got

    def settle(self, quiet: float = 0.4, most: float = 15.0) -> bytes:
        """Read until nothing came for `quiet` seconds."""
        got = b""
        end = time.monotonic() + most
        while time.monotonic() < end:
            more = self.read(quiet)
            got += more
            if not more:
                break
        return got

    def until(self, holds: str | Callable[[str], bool], most: float = 15.0) -> bytes:
        """Read until the screen holds that text, or the condition; fails with the screen after `most` seconds."""
        got = b""
        end = time.monotonic() + most
        while not (holds in self.text if isinstance(holds, str) else holds(self.text)):
            assert time.monotonic() < end, f"not seen: {holds!r}\n{self.text}"
            got += self.read(0.05)
        return got

    def press(self, *keys: str, quiet: float = 0.4) -> bytes:
        """Press keys by name, or type a text as it is; what was written in answer to all of them."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())
        return self.settle(quiet)

    def send(self, data: bytes) -> None:
        """These bytes, as if typed."""
        os.write(self._master, data)

    @property
    def text(self) -> str:
        """The screen as lines, wide characters once, blanks at the ends dropped."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The screen's lines."""
        rows = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            rows.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        return rows

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Drop the line: the terminal is gone."""
        os.close(self._master)
        self._master = -1

    def wait(self, seconds: float = 5.0) -> int:
        """The program's exit code; raises subprocess.TimeoutExpired when it does not end in time."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if self._master >= 0:
                self.read(0.05)
            else:
                time.sleep(0.02)
        if self._master >= 0:
            self.settle(0.05, 1.0)
        return self.process.wait(0.1)

    def close(self) -> None:
        """End the program if it is still there."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1


def python(script: Path, *arguments: str) -> list[str]:
    """The command that runs a script with the Python of the tests."""
    return [sys.executable, "-P", str(script), *arguments]
