"""The smallest Textual programs that the benchmark measures against. Run as a script: alone one Static; with `list` a
table of twelve visits, six lines of detail that follow its cursor and a line of keys; Enter opens another such screen.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import DataTable, Static

SAID = "smallest"
KEYS = "Enter open  Esc back"
ROWS = 12


class Smallest(App[None]):
    """One Static, everything else as Textual has it."""

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield Static(SAID)


class List(Screen[None]):
    """A table, the detail of its row, the keys."""

    CSS = "#detail { height: 6; } #keys { height: 1; } DataTable { height: 1fr; }"
    BINDINGS = [("enter", "open"), ("escape", "leave")]

    def compose(self) -> ComposeResult:
        """Three widgets."""
        yield DataTable(cursor_type="row")
        yield Static(id="detail", markup=False)
        yield Static(KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Fill the table."""
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns("time", "client", "guests", "state", "tasks")
        for at in range(ROWS):
            table.add_row(f"{8 + at:02}:00", f"江南智造集团 {at}", str(at), "on the way", f"{at}/{ROWS}")

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Six lines about the row."""
        lines = [f"line {line} of what is to be said of visit {event.cursor_row}" for line in range(6)]
        self.query_one("#detail", Static).update("\n".join(lines))

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter on a row: another such screen."""
        self.app.push_screen(List())

    def action_leave(self) -> None:
        """Esc: the screen before."""
        self.app.pop_screen()


class Listed(App[None]):
    """The table from the start."""

    ENABLE_COMMAND_PALETTE = False

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(List())


if __name__ == "__main__":
    (Listed() if sys.argv[1:] == ["list"] else Smallest()).run()
