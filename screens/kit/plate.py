"""`PlateField`: number plates; what cannot be one is said once the field is left, and stands in nobody's way."""

from __future__ import annotations

from models.words import Words, alike
from screens.kit.field import TextField


class PlateField(TextField):
    """One or several number plates in a line."""

    def on_mount(self) -> None:
        self._judge()

    def on_descendant_blur(self) -> None:
        self._judge()

    def _judge(self) -> None:
        self.error = odd_plates(self.raw, self.words)


def odd_plates(text: str, w: Words) -> str:
    """The warning of plates with a wrong number of characters, "" where all are right."""
    return w("kit.odd_plates", plates=", ".join(alike.odd_plates(text))) if alike.odd_plates(text) else ""
