"""Text on the screen: the one path to a widget (plain data in, styled cells out, never markup or escapes), and the
widgets that are drawn by lines: `Painted`, the base of all of them, `Lines`, `Sentences`, `Submit`, `Goto`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.events import Blur, Focus, Key, Resize
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from models.words import cell_len, clean, cut, pad
from models.words.wrapping import wrap

Piece = tuple[str, str]
Line = str | Piece | list[Piece]
"""One line to draw: a text, a text with a style's name, or several such pieces side by side."""

STYLES: dict[str, Style] = {
    "": Style(),
    "dim": Style(dim=True),
    "bold": Style(bold=True),
    "heading": Style(bold=True),
    "alert": Style(bold=True, color="red"),
    "good": Style(color="green"),
    "cursor": Style(reverse=True),
    "mark": Style(underline=True),
}
"""The names of styles; none of them is the only sign of anything."""

LABEL = 11
"""The usual width of labels, in cells, one blank before them counted; what is typed begins one cell further right,
under the marks of choices."""

_BAD = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def lit(text: str) -> Content:
    """`text` as what it says, for any Textual widget: cleaned, and never read as markup."""
    return Content(clean(text))


@lru_cache(4096)
def _clean(text: str) -> str:
    return clean(text)


def pieces_of(line: Line, width: int) -> tuple[Piece, ...]:
    """The line as cleaned pieces of at most `width` cells together, neighbours of one style joined; one that is cut
    ends in `…`."""
    done: list[Piece] = []
    for text, style in abreast(line):
        whole = _clean(text)
        if done and done[-1][1] == style:
            done[-1] = (done[-1][0] + whole, style)
        elif whole:
            done.append((whole, style))
    return tuple(done) if sum(cell_len(text) for text, _ in done) <= width else _shortened(done, width)


def _shortened(pieces: list[Piece], width: int) -> tuple[Piece, ...]:
    """As much of the pieces as there is room for; blanks may go without a mark."""
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    done, room, over = list[Piece](), width, sum(cell_len(text) for text, _ in pieces) > width
    for text, style in pieces:
        if over and cell_len(text) >= room:
            shown = cut(text + " " * width, room, ellipsis=True)
            return (*done, (shown, style)) if shown else tuple(done)
        done.append((text, style))
        room -= cell_len(text)
    return tuple(done)


def wrapped(line: Line, width: int) -> list[Line]:
    """A text in as many lines as it takes, each with a blank before it; a line of pieces as it is."""
    return [f" {part}" for part in wrap(line.strip(), width - 2)] if isinstance(line, str) else [line]


def abreast(*lines: Line) -> list[Piece]:
    """Several lines side by side as one."""
    done: list[Piece] = []
    for line in lines:
        done += [(line, "")] if isinstance(line, str) else [line] if isinstance(line, tuple) else line
    return done


def strip_of(pieces: Iterable[Piece], width: int) -> Strip:
    """The pieces as a strip of exactly `width` cells."""
    segments = [Segment(text, STYLES.get(style, STYLES[""])) for text, style in pieces]
    return Strip(segments).adjust_cell_length(width, STYLES[""])


class LastGate(LineFilter):
    """The last gate before the terminal: nothing that is drawn holds a control or direction character."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with every such character replaced."""
        return [
            segment
            if segment.control or segment.text.isprintable() or not _BAD.search(segment.text)
            else Segment(_BAD.sub("\ufffd", segment.text), segment.style)
            for segment in segments
        ]


# -- widgets drawn by lines --------------------------------------------------------------------------------------------


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


# -- sentences, headings, lines at which Enter does something ----------------------------------------------------------


TEXT = LABEL + 1
"""Where the text beside a label begins, as in fields."""


def heading(text: str) -> Lines:
    """A line above a group of fields."""
    return block(1, [(f" {text}", "heading")])


class Sentences(Painted, can_focus=False):
    """Sentences to read, wrapped to the width and as high as they are."""

    def __init__(self, texts: Iterable[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.texts = list(texts)
        self.styles.height = max(1, len(self.texts))

    def set_texts(self, texts: Iterable[str]) -> None:
        """Other sentences."""
        self.texts = list(texts)
        self.fit()

    def fit(self) -> None:
        """Take as many lines as the sentences need."""
        height = len(self._wrapped(self.size.width))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        self.fit()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        return self._wrapped(width)

    def _wrapped(self, width: int) -> list[Line]:
        """Each sentence in lines; further ones under the first one's text."""
        lines: list[Line] = []
        for text in self.texts:
            lead, _, rest = text.partition("\t")
            if rest:
                lines += labelled(lead, rest, width)
            else:
                lines += [f" {line}" for line in wrap(text, max(8, width - 1))]
        return lines


class Submit(Painted, can_focus=True):
    """The line at which Enter submits."""

    DEFAULT_CSS = "Submit { height: 1; }"

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text

    def draw(self, width: int, height: int) -> Sequence[Line]:
        here = self.screen.focused is self
        return [(f"{'>' if here else ' '} [ {self.text} ]", "cursor" if here else "")]

    def on_key(self, event: Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            (self.screen.focus_next if event.key == "down" else self.screen.focus_previous)()


class Goto(Submit):
    """A line about a field on another page, at which Enter goes there; `field` is its id."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field

    def draw(self, width: int, height: int) -> Sequence[Line]:
        here = self.screen.focused is self
        return [(f"{'>' if here else ' '}! {self.text}", "cursor" if here else "alert")]


def labelled(label: str, text: str, width: int) -> list[str]:
    """A text beside its label in so many cells, both on as many lines as they take, and never without a blank between
    them."""
    both = zip_longest(wrap(label, TEXT - 2), wrap(text, max(8, width - TEXT)), fillvalue="")
    return [pad(f" {lead}", TEXT) + told for lead, told in both]
