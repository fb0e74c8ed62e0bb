"""The smallest Textual program, which the benchmark's start is measured against. Run as a script."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

SAID = "smallest"


class Smallest(App[None]):
    """One Static, everything else as Textual has it."""

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield Static(SAID)


if __name__ == "__main__":
    Smallest().run()
