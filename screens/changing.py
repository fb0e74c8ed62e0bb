"""The ways from Today and from a visit to what is changed on the day, and to those who must be told of changes."""

from __future__ import annotations

from typing import Any, cast

from screens.kit.page import Page


class ToChanges(Page):
    """A page on which a visit is chosen (`chosen().visit`), or that is one."""

    def visit_here(self) -> int | None:
        """The visit that is meant here."""
        line = cast(Any, self).chosen()
        return None if line is None else int(line.visit)

    def do_change(self) -> None:
        """Another time, number of guests or first guest, with what that touches."""
        self.shell.open("change", self.visit_here())

    def do_telling(self) -> None:
        """Who must be told of which change: of all visits, from a visit of this one."""
        self.shell.open("telling")

    def do_handover(self) -> None:
        """The page for the next shift."""
        self.shell.open("handover")
