"""The dated remarks on a visit, and which of them are promises to its guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.schema.tables import Note, Person


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A remark: when (local time), who, what. A `promise` is open until `kept_at`."""

    id: int
    at: datetime
    who: str
    text: str
    promise: bool
    kept_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether it is a promise that was not kept yet."""
        return self.promise and self.kept_at is None


def notes_of(visit: int) -> tuple[NoteLine, ...]:
    """The remarks on a visit, the newest first; inside `reading`."""
    rows = (
        Note.select(Note, Person)
        .left_outer_join(Person)
        .where(Note.visit == visit)
        .order_by(Note.at.desc(), Note.id.desc())
    )
    return tuple(
        NoteLine(row.id, row.at, row.person.name if row.person else "", row.text, row.promise, row.kept_at)
        for row in rows
    )
