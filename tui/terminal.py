"""Conduct in a terminal: what is done before and around the screens. Importing this imports no Textual."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from models.words import Phrase

PROBE = 0.3
"""Seconds a terminal has to answer how wide it draws a box character."""
PATIENCE = 1.5
"""Seconds an orderly end may take after the line dropped."""
ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""What ends a program from outside; on the keyboard Ctrl+C is a key like others."""
_RESTORE = b"\x1b[?2004l\x1b[?7h\x1b[?1004l\x1b[?1049l\x1b[?25h"


def refusal() -> Phrase | None:
    """Why no screens can be opened here, None when they can: a person needs a terminal that can move a cursor."""
    from models.words import Phrase

    if not all(os.isatty(fd) for fd in (0, 1, 2)):
        return Phrase("kit.no_terminal")
    term = os.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return Phrase("kit.dumb_terminal", {"term": term or "-"})
    return None


def run(session: Any, **facts: Any) -> int:
    """Open the screens (the arguments are those of `tui.app.Jiedai`) until they are left; the exit code.

    After a crash one line with the incident's number stands on stderr, nothing else.
    """
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"  # before Textual is imported: see measured facts on input methods
    wide_marks = ambiguous_width() > 1

    from tui import incident
    from tui.app import Jiedai
    from tui.driver import TerminalDriver

    app = Jiedai(
        session, **{"driver_class": TerminalDriver, "wide_marks": wide_marks, "incident": incident.keep, **facts}
    )
    app.run(mouse=False)
    if app.left_idle:
        sys.stderr.write(app.w("kit.left_idle") + "\n")
    if app.crashed:
        sys.stderr.write(app.w("kit.crashed", number=app.crashed) + "\n")
        return 1
    return app.return_code or 0


def keep_memory() -> None:
    """The start is over: from now on memory is looked after, but for what the program is made of."""
    gc.freeze()
    gc.enable()


def ambiguous_width(patience: float = PROBE) -> int:
    """How many cells the terminal gives a character of ambiguous width: 1, or 2 as many Chinese ones do.

    Asked by writing one and the cursor's position; 1 when there is no answer in `patience` seconds.
    """
    import re
    import select
    import termios
    import tty

    try:
        old = termios.tcgetattr(0)
    except termios.error:
        return 1
    answer = b""
    try:
        tty.setraw(0)
        os.write(1, "\r\u2502\x1b[6n".encode())
        while select.select([0], [], [], patience)[0]:
            got = os.read(0, 64)
            answer += got
            found = re.search(rb"\x1b\[\d+;(\d+)R", answer)
            if found:
                return max(1, int(found[1]) - 1)
            if not got:
                break
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, old)
        os.write(1, b"\r\x1b[2K")
    return 1


def watch_signals(leave: Callable[[int], None]) -> None:
    """On a signal that ends a program `leave(exit code)` is called on the event loop; whatever it does, the process is
    gone within two seconds, with the terminal as it was."""
    import asyncio
    import termios

    loop = asyncio.get_running_loop()
    try:
        before = termios.tcgetattr(0)
    except termios.error:
        before = None

    def dropped(number: int, frame: object) -> None:
        code = 128 + number
        give_up_after(PATIENCE, code, before)
        loop.call_soon_threadsafe(leave, code)

    for number in ENDING:
        signal.signal(number, dropped)


def give_up_after(seconds: float, code: int, terminal: list[Any] | None = None) -> None:
    """End the process after so many seconds if it is still there, the terminal restored as far as it answers."""
    import select
    import termios
    import threading

    def end() -> None:
        if terminal is not None:
            try:
                termios.tcsetattr(0, termios.TCSANOW, terminal)
                if select.select([], [2], [], 0)[1]:
                    os.write(2, _RESTORE)
            except (OSError, termios.error):
                os._exit(code)
        os._exit(code)

    watchdog = threading.Timer(seconds, end)
    watchdog.daemon = True
    watchdog.start()
