"""What the screen of changes on the day begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.form import Form
from models.policy.model import Policy
from models.schema.store import reading
from models.schema.tables import Visit
from models.services.forms import read_form
from models.services.rights import may
from models.services.session import Session
from models.services.visits import visit_policy


@dataclass(frozen=True, slots=True)
class Changing:
    """A visit as it is: `comes` when its guests are expected; `refused` is why the actor may not change it now."""

    visit: int
    version: int
    number: str
    policy: Policy
    form: Form
    comes: datetime | None
    refused: str | None


def changing(session: Session, visit: int) -> Changing | None:
    """The visit with that id; None where it is gone."""
    with reading():
        row = Visit.get_or_none(Visit.id == visit)
        if row is None:
            return None
        refused = may(session, "amend", row)
        policy, form = visit_policy(session, row), read_form(row)
        return Changing(row.id, row.version, row.number or "", policy, form, row.comes, refused)
