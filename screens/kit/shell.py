"""What screens may ask of the program around them, and what it shows about itself; imports no Textual."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from models.frozen import record
from models.words import Words

if TYPE_CHECKING:
    from models.services.session import Session

T = TypeVar("T")


@record
class Status:
    """What the title line and the tabs say: who acts, how much waits for them, counts by screen id."""

    who: str = ""
    due: int = 0
    counts: Mapping[str, int] = MappingProxyType({})


@record
class Tab:
    """One tab: its digit, the id of its screen."""

    digit: str
    screen: str


class Shell(Protocol):
    """The program around a screen (`tui.app.Jiedai`, or a stand-in in tests)."""

    session: Session
    """Who acts, when, by which policy: what is given to services and queries."""
    w: Words
    """The sentences in the reader's language."""
    status: Status
    tabs: tuple[Tab, ...]

    files: Mapping[str, str]
    """The files in use: `config` (the policy) and `store`; `versions`, where another version of the policy is written
    (empty where it cannot be), is left out where the policy is nobody's to change."""

    version: object
    """Changes whenever what is on screen may be out of date."""

    async def thread(self, fn: Callable[[], T], *, write: bool = False) -> T:
        """Run `fn` in a reading thread or in the one writing thread."""
        ...

    def refused(self) -> None:
        """A key was refused: what is typed behind it, before that could be read, goes nowhere."""
        ...

    def home(self) -> None:
        """Esc on the outermost screen: to Today, never out of the program."""
        ...

    def now(self) -> datetime:
        """Local wall clock of the organisation, naive."""
        ...

    def open(self, screen: str, *args: Any, then: Callable[[Any], None] | None = None, **facts: Any) -> None:
        """Open a screen by id over the present one; `then` gets what it is dismissed with, unless None."""
        ...

    def go(self, screen: str) -> None:
        """Switch to a screen of the tabs."""
        ...

    def choose_person(self, then: Callable[[bool], None] = ...) -> None:
        """Ask who is acting; `then` is told whether somebody was chosen."""
        ...

    def leave_for(self, place: str) -> None:
        """Leave, and have `place` (`demo`) opened then."""
        ...

    def do_language(self) -> Awaitable[None]:
        """Change to the other language."""
        ...

    def do_redraw(self) -> None:
        """Write the whole screen, whatever the terminal shows."""
        ...

    def do_standards(self) -> None:
        """The standards over any screen, and away again."""
        ...

    def why_not_person(self) -> str | None:
        """The reason where nobody can be chosen to act."""
        ...

    def do_leave(self) -> None:
        """Leave, with everything typed saved."""
        ...

    def announce(self, text: str) -> None:
        """Say it in the message line of the page in sight."""
        ...

    def changed(self) -> None:
        """Say that the store was written: everything on screen is read anew."""
        ...

    def incident(self, error: BaseException) -> str:
        """Keep the error in the private log; its number."""
        ...
