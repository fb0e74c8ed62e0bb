"""Textual's terminal driver, hardened: sizes clamped, foreign encodings borne, a dead line ends the program."""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

if TYPE_CHECKING:
    from tui.app import Jiedai

WIDEST, TALLEST = 500, 200


PASTE, PASTED = "\x1b[200~", "\x1b[201~"
"""What a terminal puts around a pasted text."""


class Pasting:
    """Makes the escape characters in a pasted text visible: Textual would take what follows one for keys, and an
    Enter among them for a decision."""

    def __init__(self) -> None:
        self._inside = False
        self._held = ""

    def passed(self, text: str) -> str:
        """What goes on to Textual of the text that came; the beginning of a mark is held until the rest has come."""
        text, done = self._held + text, ""
        self._held = ""
        while text:
            mark = PASTED if self._inside else PASTE
            before, found, text = text.partition(mark)
            if not found:
                before, self._held = _begun(before, mark)
            done += (before.replace("\x1b", "\u241b") if self._inside else before) + found
            self._inside ^= bool(found)
        return done


def _begun(text: str, mark: str) -> tuple[str, str]:
    """The text, and at its end what may be the beginning of `mark`; a lone Esc is a key."""
    for length in range(len(mark) - 1, 2 if mark == PASTE else 0, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""


class TolerantDecoder:
    """Decodes what is typed; what is not UTF-8 becomes U+FFFD and is told, an end of input is told too."""

    def __init__(self, garbled: Callable[[], None], ended: Callable[[], None]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._garbled, self._ended = garbled, ended
        self._pasting = Pasting()

    def decode(self, data: bytes, final: bool = False) -> str:
        """The text of these bytes, as far as it is whole."""
        text = self._decoder.decode(data, final)
        if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
            self._garbled()
        if not data and not final:
            self._ended()
            time.sleep(0.1)  # Textual would read on at once, for ever
        return self._pasting.passed(text)


class TerminalDriver(LinuxDriver):
    """The driver of `Jiedai`."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        vars(linux_driver)["getincrementaldecoder"] = lambda encoding: self._decoder

    def _decoder(self, errors: str = "strict") -> TolerantDecoder:
        """In place of the standard library's, which ends the input thread at the first foreign byte."""
        return TolerantDecoder(lambda: self._tell("not_utf8"), lambda: self._tell("hang_up"))

    def _tell(self, what: str) -> None:
        app = cast("Jiedai", self._app)
        app.call_later(getattr(app, what))

    def process_message(self, message: Message) -> None:
        """Believe no window size that no window has."""
        if isinstance(message, events.Resize) and (
            not 0 < message.size.width <= WIDEST or not 0 < message.size.height <= TALLEST
        ):
            return
        super().process_message(message)

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self.fileno)  # whatever COLUMNS and LINES say
        except OSError:  # the line has dropped
            width, height = 0, 0
        return min(width or 80, WIDEST), min(height or 24, TALLEST)

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._tell("hang_up")
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)
