"""Widgets drawn by lines: `Lines`, a block of text, and `Painted`, the base of all that draw this way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from textual.events import Blur, Focus, Resize
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.kit.text import Line, Piece, pieces_of, strip_of

Drawn = tuple[Piece, ...]


class Painted(Widget):
    """A widget that draws itself as lines; when something changed, only the lines that did are drawn anew, and of those
    the terminal gets the cells that differ (`tui.screen_diff`)."""

    DEFAULT_CSS = "Painted { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._picture: list[Drawn] = []
        self._drawn_for = (0, 0)

    @property
    def _focus_sort_key(self) -> tuple[int, int]:
        """All alike, so that Tab goes in the order of writing. Textual goes by the place on the screen, where a widget
        that has just been shown has none yet: a Tab typed ahead would pass it by."""
        return 0, 0

    def draw(self, width: int, height: int) -> Sequence[Line]:
        """The lines to show in so many cells; a subclass says."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Draw anew the lines that changed."""
        width, height = self.size
        if not width or not height:
            return
        old, self._picture = self._picture, self._drawing(width, height)
        if self._drawn_for != (width, height):
            self._drawn_for = (width, height)
            self.refresh()
            return
        for y, (before, after) in enumerate(zip_longest(old, self._picture, fillvalue=())):
            if before != after:
                self.refresh(Region(0, y, width, 1))

    def on_resize(self, event: Resize) -> None:
        self.repaint()

    def on_focus(self, event: Focus) -> None:
        self.repaint()

    def on_blur(self, event: Blur) -> None:
        self.repaint()

    def render_line(self, y: int) -> Strip:
        """The line `y` of the picture."""
        width, height = self.size
        if self._drawn_for != (width, height):
            self._drawn_for = (width, height)
            self._picture = self._drawing(width, height)
        pieces = self._picture[y] if y < len(self._picture) else ()
        return strip_of(pieces, width)

    def _drawing(self, width: int, height: int) -> list[Drawn]:
        return [pieces_of(line, width) for line in self.draw(width, height)[:height]]


class Lines(Painted):
    """A block of lines to read: a head, a foot, a pane of details."""

    def __init__(self, lines: Iterable[Line] = (), *, id: str | None = None, classes: str | None = None):
        super().__init__(id=id, classes=classes)
        self._lines = list(lines)

    @property
    def lines(self) -> list[Line]:
        """What is shown now."""
        return list(self._lines)

    def set_lines(self, lines: Iterable[Line]) -> None:
        """Show these lines."""
        self._lines = list(lines)
        self.repaint()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return self._lines


def block(height: int, lines: Iterable[Line] = (), *, id: str | None = None) -> Lines:
    """A block of so many lines, also while it says fewer."""
    made = Lines(lines, id=id)
    made.styles.height = height
    return made
