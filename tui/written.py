"""What the program writes to the terminal: only what differs from what is there, through the last gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.control import Control
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Resize
from textual.filter import LineFilter
from textual.screen import Screen

from screens.kit.text import LastGate
from tui.screen_diff import ScreenDiff

PACKET = 1_000
"""What is longer may come in pieces: the terminal is asked to show it only when all of it is there."""


class DiffedApp(App[int]):
    """A program that writes as little as it can. `whole_rows`: see `tui.screen_diff.ScreenDiff`."""

    def __init__(self, *, driver_class: Any = None, whole_rows: bool = False) -> None:
        super().__init__(driver_class=driver_class)
        self._frame = ScreenDiff(whole_rows=whole_rows)
        self._gate = LastGate()
        self._sized = 0

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the last gate behind them."""
        return [*super().get_line_filters(), self._gate]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write only the cells that differ from what the terminal shows."""
        if not isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            super()._display(screen, renderable)
            return
        self._follow_typing()
        if self._batch_count or not self._running or self._closed:
            return
        try:
            if not self.is_headless and self._driver is not None:
                self._write(self._driver, self._frame.news(renderable).text(self.console))
        except Exception as error:
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def _follow_typing(self) -> None:
        """Put the cursor where one types, as it is laid out now: Textual moves it with the text, not with the field."""
        typing = getattr(self.screen.focused, "cursor_screen_offset", None)
        if typing is not None:
            self.cursor_position = typing

    def _write(self, driver: Driver, news: str) -> None:
        """Send `news` and put the cursor, which nobody sees, to where an input method is to open its window."""
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        if cursor != (0, 0) and (news or cursor != self._previous_cursor_position):
            news += Control.move_to(*cursor).segment.text
        self._previous_cursor_position = cursor
        if not news:
            return
        whole = len(news) > PACKET
        if whole:
            self._begin_update()
        driver.write(news)
        if whole:
            self._end_update()
        driver.flush()

    def do_redraw(self) -> None:
        """ctrl+l: write the whole screen, whatever the terminal shows."""
        self._frame.forget()
        self.screen.refresh()

    async def on_event(self, event: Event) -> None:
        """Lay out anew for another size. At the start Textual tells the size twice."""
        if isinstance(event, Resize):
            self._sized += 1
            if self._sized == 2 and self._frame.fills(*event.size):
                return
            self._frame.forget()
        await super().on_event(event)
