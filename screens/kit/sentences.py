"""Sentences to read, a heading over fields, the line at which Enter submits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from textual.events import Key, Resize

from models.words import pad
from models.words.wrapping import wrap
from screens.kit.field import LABEL
from screens.kit.lines import Lines, Painted, block
from screens.kit.text import Line

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
