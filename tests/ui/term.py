"""A program in a pseudo-terminal: press keys, read the screen, count bytes. For tests marked `pty`."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

import pyte

from tests.ui.quiet import ASKED_AT

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

QUIET = 0.25
"""Seconds of rest after which nothing more comes: more than anything waits for the end of typing."""
FRAME = 0.03
"""Seconds of rest after which what was begun to be painted is painted."""
AWAKE = 0.04
"""The share of them for which a program at rest is awake, to look for keys."""
TURN = 0.1
"""Seconds between two looks at whether the program is still there."""
ROWS = 60
"""More steps than any list of a test has rows: after so many its cursor will not get there."""
PATIENCE = 300.0
"""Seconds after which what a test waits for will not come."""


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
        asked: bool = False,
    ) -> None:
        """Start `command` in a terminal of `size` columns and rows, `env` added to a clean environment. `answer` is
        the column it reports when asked for the cursor, None when it does not answer. `asked`: the program says
        itself when it is at rest (`tests.ui.quiet.answer_when_at_rest`)."""
        self._answer = answer
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        """All that was written."""
        self._master, slave = pty.openpty()
        self.resize(columns, rows)
        base = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "TERM": "xterm-256color"}
        self._asking: socket.socket | None = None
        ask: socket.socket | None = None
        if asked:
            self._asking, ask = socket.socketpair()
        self._keys = 0
        """How many keys had come when the program was last at rest."""
        if ask is not None:
            base[ASKED_AT] = str(ask.fileno())
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**base, "LANG": "C.UTF-8", **(env or {})},
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            pass_fds=() if ask is None else (ask.fileno(),),
        )
        if ask is not None:
            ask.close()
        self._name = os.ttyname(slave)
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

    def settle(self, quiet: float = QUIET) -> bytes:
        """Read until the program rested for `quiet` seconds: it wrote nothing, had read all keys, and slept. Fails
        when it does not come to rest, and returns when it has ended. A program that says itself when it is at rest is
        asked instead."""
        if self._asking is not None:
            return self.passes()
        got = b""
        end = time.monotonic() + PATIENCE
        while True:
            before = self._done()
            more = self.read(quiet)
            got += more
            if not more and self._rested(before, quiet):
                return got
            assert time.monotonic() < end, f"does not come to rest\n{self.text}"

    def passes(self, seconds: float = 0, *, keys: int = 0) -> bytes:
        """Let the program, which says itself when it is at rest, get so many keys and do all that it does within so
        many seconds of its own clock, which need not be waited for. What is written until then."""
        assert self._asking is not None
        end, begun = time.monotonic() + PATIENCE, len(self.raw)
        while not keys and not self._asleep():  # what was sent without being counted is on its way to the loop
            self._drawn(FRAME / 10)
        try:
            self._asking.send(b"%d %f\n" % (self._keys + keys, seconds))
        except OSError:
            self._drawn(0)
            return self.raw[begun:]
        while not select.select([self._asking.fileno(), self._master], [], [], TURN)[0] or self._drawn(0):
            assert time.monotonic() < end, f"does not come to rest\n{self.text}"
        self._keys = int(self._asking.recv(64) or self._keys)
        while not self._asleep() or self._drawn(0):
            self._drawn(FRAME / 10)
        return self.raw[begun:]

    def _drawn(self, seconds: float) -> bool:
        """Draw what is written next; whether something was, within so many seconds."""
        more = self.receive(seconds)
        self._stream.feed(more)
        return bool(more)

    def taken(self) -> None:
        """Wait until the program has read what was typed; what it writes is left unread."""
        end = time.monotonic() + PATIENCE
        while self._unread() and time.monotonic() < end:
            time.sleep(FRAME / 10)

    def rest(self) -> None:
        """Wait until the program sleeps; what it writes is left unread."""
        end = time.monotonic() + PATIENCE
        before = None
        while not self._rested(before, QUIET):
            assert time.monotonic() < end, "does not come to rest"
            before = self._done()
            time.sleep(QUIET)

    def _done(self) -> int | None:
        """Nanoseconds for which the program and its children have run, None while one of their threads wants to run
        or a key has not been read (Linux; 0 elsewhere)."""
        if not Path("/proc/self/schedstat").exists():
            return 0
        if self._unread():
            return None
        ran, pids = 0, [self.process.pid]
        for pid in pids:
            try:
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    state = (thread / "stat").read_text("utf-8").rpartition(")")[2].split()[0]
                    if state in "RD":
                        return None
                    ran += int((thread / "schedstat").read_text("utf-8").split()[0])
                    children = thread / "children"
                    pids += map(int, children.read_text("utf-8").split()) if children.exists() else ()
            except OSError:  # it has just ended
                if self.process.poll() is None:
                    return None
        return ran

    def _asleep(self) -> bool:
        """Whether nothing of the program runs or will by itself; its threads are looked at one by one, so twice."""
        before = self._done()
        return before is not None and before == self._done()

    def _unread(self) -> bool:
        """Whether the program has still to read what was typed."""
        try:
            slave = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return False
        try:
            return fcntl.ioctl(slave, termios.FIONREAD, bytes(4)) != bytes(4)
        finally:
            os.close(slave)

    def _rested(self, before: int | None, seconds: float) -> bool:
        """Whether the program slept for so many seconds, but for a look at its input now and then."""
        if self.process.poll() is not None:
            return True
        now = self._done()
        return before is not None and now is not None and now - before < seconds * 1e9 * AWAKE

    def until(self, holds: str | Callable[[str], bool]) -> bytes:
        """Read until the screen held that text, or the condition, and was painted to its end; fails with the screen
        when the program ends before, or does not get there."""
        got = b""
        end = time.monotonic() + PATIENCE
        while not (holds in self.text if isinstance(holds, str) else holds(self.text)):
            ended = self.process.poll() is not None
            more = self.receive(TURN)
            self._stream.feed(more)
            got += more
            assert more or (not ended and time.monotonic() < end), f"not seen: {holds!r}\n{self.text}"
        return got + self.settle(FRAME)

    def menu(self, title: str, name: str) -> None:
        """Do what the F2 menu of that title calls `name`, which may stand further down than is seen."""
        self.send(KEYS["f2"].encode())
        self.until(title)
        self.send(KEYS["end"].encode())
        self.until(lambda screen: re.search(rf"\|.[\d ] {name}", screen) is not None)
        for _ in range(ROWS):
            if any(re.search(rf"\|>[\d ] {name}", line) for line in self.lines):
                self.send(KEYS["enter"].encode())
                return
            here = self.text
            self.send(KEYS["up"].encode())
            self.until(partial(str.__ne__, here))
        raise AssertionError(f"no way to {name!r}\n{self.text}")

    def press(self, *keys: str, quiet: float = QUIET) -> bytes:
        """Press keys by name, or type a text as it is; what was written in answer to all of them."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())
        if self._asking is not None:
            return self.passes(keys=sum(1 if key in KEYS else len(key) for key in keys))
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

    def wait(self) -> int:
        """The program's exit code, once all it writes is read; raises subprocess.TimeoutExpired when it does not
        end."""
        end = time.monotonic() + PATIENCE
        while self._master >= 0 and self.process.poll() is None and time.monotonic() < end:
            self._stream.feed(self.receive(TURN))
        if self._master >= 0:
            self.read(TURN)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End the program if it is still there."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        if self._asking is not None:
            self._asking.close()


def python(script: Path, *arguments: str) -> list[str]:
    """The command that runs a script with the Python of the tests."""
    return [sys.executable, "-P", str(script), *arguments]
