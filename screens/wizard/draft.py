"""The draft behind the wizard: saved at every field, from whichever thread, one after the other."""

from __future__ import annotations

from threading import Lock

from models.form import Form
from models.queries.request_preview import Opened
from models.services.request_verbs import new_draft, save_draft
from models.services.session import Session


class Draft:
    """What of the form is stored, as which visit in which version."""

    def __init__(self, opened: Opened | None = None) -> None:
        self.visit = opened.visit if opened else None
        self.version = opened.version if opened else 0
        self.stored = opened.form if opened else None
        self.overtaken = False
        """Whether the last save was refused because another had written meanwhile."""
        self._lock = Lock()

    def save(self, session: Session, form: Form) -> bool:
        """Store the form where it differs; whether it did. Raises Refused (`stale` …) and keeps nothing then."""
        with self._lock:
            if form == self.stored:
                return False
            if self.visit is None:
                saved = new_draft(session, form)
            else:
                saved = save_draft(session, self.visit, form, expected=self.version)
            self.visit, self.version, self.stored = saved.visit, saved.version, form
            return True

    def behind(self, opened: Opened) -> bool:
        """Whether another wrote what was now read."""
        with self._lock:
            return opened.visit == self.visit and opened.version > self.version

    def apart(self) -> None:
        """From now on save as a new draft."""
        with self._lock:
            self.visit, self.version, self.stored = None, 0, None
