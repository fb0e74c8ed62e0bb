"""What the layers below the screens raise when they will not do what was asked."""

from __future__ import annotations

from models.words import Phrase


class Refused(Exception):
    """A verb that may not or cannot be done now; nothing was changed.

    `code` is a stable reason (`stale`, `not_allowed`, `unknown_person` …); `phrase` says it in the
    reader's language from the catalogue key `refused.<code>` with `facts` filled in.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.phrase = Phrase(f"refused.{code}", facts)
