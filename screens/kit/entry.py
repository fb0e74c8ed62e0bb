"""`FormDialog`: a few fields in a box that saves them itself, so that nothing typed is lost when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from textual.app import ComposeResult
from textual.events import Key

from models.errors import Refused
from models.words import cell_len
from models.words.wrapping import wrap
from screens.kit.dialogs import Dialog
from screens.kit.fields import Checks, Choice, Field, ParsedField, TextField
from screens.kit.shell import Shell
from screens.kit.text import Lines

T = TypeVar("T")
LABEL_MOST = 20
"""How many cells the labels of a box take at most, where one is longer than usual."""


class FormDialog(Dialog[T]):
    """Fields over a screen. Enter runs `save` in the writing thread and closes with what it gives; what it refuses is
    said in the last line, and the fields stay as they are. `needed` are text fields that may not be empty."""

    AUTO_FOCUS = "#box Editor, #box Field"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[], T],
        *,
        needed: Sequence[Field] = (),
        text: str = "",
    ) -> None:
        super().__init__(title)
        self.fields, self.save, self.needed, self.text = tuple(fields), save, tuple(needed), text
        self._saving = False
        labelled = [field for field in self.fields if field.label]
        widest = max([cell_len(field.label) + 1 for field in labelled], default=0)
        for field in labelled:
            field.widen(max(field.label_width, min(widest, LABEL_MOST)))

    def body(self) -> ComposeResult:
        if self.text:
            lines = wrap(self.text, self.inside)
            block = Lines([f" {line}" for line in lines])
            block.styles.height = len(lines)
            yield block
        yield from self.fields

    def on_mount(self) -> None:
        self.opened()

    def opened(self) -> None:
        """Begin: say what Enter does, and go to the first field."""
        chosen = any(isinstance(field, (Choice, Checks)) for field in self.fields)
        self.say(self.w("kit.entry_choose" if chosen else "kit.entry"))
        first = self.fields[0]
        if isinstance(first, TextField):  # what is typed replaces what was put there
            first.editor.select_all()

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self._enter()

    async def on_key(self, event: Key) -> None:
        # a text field says so itself, unless it needs the key for its own list
        if event.key == "enter" and not getattr(self.focused, "takes_text", False):
            event.stop()
            self._enter()

    def _enter(self) -> None:
        if not self._saving and self._sound():
            self._saving = True
            self.run_worker(self._save(), group="write")

    def _sound(self) -> bool:
        """Whether every field can be read and none that is needed is empty; the first that is not is gone to."""
        for field in self.fields:
            if isinstance(field, ParsedField) and not field.check():
                field.focus()
                return False
            if field in self.needed and cast(TextField, field).value in ("", None):
                field.error = self.w("kit.needed")
                field.focus()
                return False
        return True

    async def _save(self) -> None:
        shell = cast(Shell, cast(Any, self.app))
        try:
            result = await shell.thread(self.save, write=True)
        except Refused as refused:
            self.refused(refused)
            shell.changed()
            return
        except Exception as error:
            self.refuse(self.w("kit.went_wrong", number=shell.incident(error)))
            return
        finally:
            self._saving = False
        shell.changed()
        self.dismiss(result)

    def refused(self, refused: Refused) -> None:
        """Say why nothing was saved."""
        self.refuse(self.w.text(refused.phrase))
