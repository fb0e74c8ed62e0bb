"""One command: what can be done somewhere, by which keys."""

from __future__ import annotations

from models.policy.record import record


@record
class Command:
    """One thing a person can do; its words are the catalogue keys `commands.<id>.name`, `.help` and `.short`.

    `id` is `<where>.<tail>`; the screen `where` (or `app`) does it in its method `do_<tail>`, and says why it does
    not apply in `why_not_<tail>`. `keys` as in `screens.kit.keys`; `footer` puts it on the key line; `menu` lists
    it in the F2 menu; `opens` names a screen of the tabs instead of a method. `parts` names the parts of its screen
    (tabs of its own) on which alone it is offered.
    """

    id: str
    keys: tuple[str, ...] = ()
    footer: bool = False
    menu: bool = True
    opens: str = ""
    parts: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The screen this belongs to, or `app`."""
        return self.id.partition(".")[0]

    @property
    def tail(self) -> str:
        """The id without its screen."""
        return self.id.partition(".")[2]
