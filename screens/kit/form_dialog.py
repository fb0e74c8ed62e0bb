"""Boxes that save their fields themselves, so that nothing typed is lost when it is refused: `FormDialog`;
`VisitFormDialog`, about a visit, with the impact of saving and the reasons it wants; those of the register; `delayed`,
a group that is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key

from models.errors import Refused
from models.frozen import record
from models.policy.answer import Finding
from models.policy.model import Policy, party_name
from models.services import day_verbs
from models.services.form_change import field_names
from models.services.frame import NewNotification, Preview, preview_of
from models.services.session import Session
from models.services.visit_diff import brief, unpack_difference
from models.services.visits import Done, overtaken
from models.words import Words, cell_len
from models.words.dates import parse_delay
from models.words.wrapping import wrap
from screens.kit.choices import Checks, Choice, Pick
from screens.kit.dialogs import Dialog, TextDialog
from screens.kit.fields import DayField, Field, ParsedField, TextField
from screens.kit.linelist import Column, Row
from screens.kit.page import Page
from screens.kit.shell import Shell
from screens.kit.text import Line, Lines

# -- a few fields ------------------------------------------------------------------------------------------------------


T = TypeVar("T")
LABEL_MOST = 20
"""How many cells the labels of a box take at most, where one is longer than usual."""


TOLD = object()


class Freshness:
    """Sees whether what a box is about was changed since it was opened, or since that was last asked. `seen` gives its
    version on the page below, which is read anew meanwhile; `last` the refusal that names who changed it, and what."""

    def __init__(self, seen: Callable[[], object], last: Callable[[], Refused]) -> None:
        self._seen, self._last, self._version = seen, last, seen()

    def changed(self) -> bool:
        """Whether it is another one now, which was not said yet."""
        before, self._version = self._version, self._seen()
        return before not in (self._version, TOLD)

    def told(self) -> None:
        """That it is another one was said: the page is read anew for it."""
        self._version = TOLD

    def said(self) -> Refused:
        """Who changed it, and what; reads."""
        return self._last()


class FormDialog(Dialog[T]):
    """Fields over a screen. Enter runs `save` in the writing thread and closes with what it gives; what it refuses is
    said in the last line, and the fields stay as they are. `needed` are text fields that may not be empty. Where
    `freshness` says that somebody else was faster, that is said first, and the next Enter saves."""

    AUTO_FOCUS = "#box Editor, #box Field"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[], T],
        *,
        needed: Sequence[Field] = (),
        text: str = "",
        freshness: Freshness | None = None,
    ) -> None:
        super().__init__(title)
        self.freshness = freshness
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

    async def overtaker(self) -> Refused | None:
        """Who changed what this is about, where that was not said yet."""
        if self.freshness is None or not self.freshness.changed():
            return None
        return await cast(Shell, cast(Any, self.app)).thread(self.freshness.said)

    async def overtaken(self) -> bool:
        """Whether somebody else was faster, which was not said yet: it is now, by name."""
        refused = await self.overtaker()
        if refused is not None:
            self.refused(refused)
        return refused is not None

    async def _save(self) -> None:
        shell = cast(Shell, cast(Any, self.app))
        if await self.overtaken():
            self._saving = False
            return
        try:
            result = await shell.thread(self.save, write=True)
        except Refused as refused:
            self.refused(refused)
            self.tell_stale(refused)
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

    def tell_stale(self, refused: Refused) -> None:
        """Nothing was saved because somebody else was faster, which was said: the next Enter is about what is now."""
        if self.freshness is not None and refused.code.startswith("stale"):
            self.freshness.told()


# -- fields about a visit ----------------------------------------------------------------------------------------------


Save = Callable[[Mapping[str, str]], Done]
"""Saves what is in the fields, with the reasons by finding."""
Previewing = Callable[[Mapping[str, str]], Preview | None]
"""What saving would touch; None where that is nothing."""


def previewing(session: Session, visit: int, save: Save) -> Previewing:
    """What saving would touch: saving itself, tried."""
    return lambda reasons: preview_of(session, visit, lambda: save(reasons))


class VisitFormDialog(FormDialog[Done]):
    """Fields that scroll where the window is low. `follow` is told of a field that changed. What saving would touch is
    shown first, and what the policy finds answered with a reason, in boxes over this one: nothing typed is lost."""

    DEFAULT_CSS = """
    VisitFormDialog > #box { width: 76; }
    VisitFormDialog #fields { height: auto; overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0; }
    """
    BOX = 72

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        needed: Sequence[Field] = (),
        text: str = "",
        follow: Callable[[Field], None] = lambda field: None,
        preview: Previewing | None = None,
        freshness: Freshness | None = None,
    ) -> None:
        self.reasons: dict[str, str] = {}
        self.follow, self.preview = follow, preview
        self._agreed: Preview | None = None
        self._looked_at: object = None
        super().__init__(title, fields, lambda: save(self.reasons), needed=needed, text=text, freshness=freshness)

    def body(self) -> ComposeResult:
        self._room = Container(*super().body(), id="fields")
        self.fit()
        yield self._room

    def fit(self) -> None:
        self._room.styles.max_height = max(1, self.app.size.height - 4)

    def on_field_changed(self, event: Field.Changed) -> None:
        self.follow(event.field)

    async def _save(self) -> None:
        agreed, self._agreed = self._agreed, None
        if agreed is None and await self.overtaken():
            self._saving = False
            return
        shell = cast(Shell, cast(Any, self.app))
        if self.preview is not None and (agreed is None or shell.version != self._looked_at):
            preview, self._looked_at = self.preview, shell.version
            try:
                shown = await shell.thread(lambda: preview(self.reasons), write=True)
            except Refused as refused:
                self._saving = False
                self.refused(refused)
                self.tell_stale(refused)
                shell.changed()
                return
            except Exception as error:
                self.refuse(self.w("kit.went_wrong", number=shell.incident(error)))
                self._saving = False
                return
            blocked = shown is not None and any(each.level == "block" for each in shown.findings)
            if shown is not None and not blocked and not (agreed is not None and shown.same(agreed)):
                self._saving = False
                self._show(shown, await self.overtaker() if agreed is not None else None, again=agreed is not None)
                return
        await super()._save()

    def _show(self, shown: Preview, other: Refused | None, *, again: bool) -> None:
        """What it would touch, to be agreed to; the reasons that are wanted come first. `again`: it was agreed to, but
        is another thing now that somebody else changed the visit; `other` says who and what."""

        def agree(yes: bool | None) -> None:
            if yes:
                self._agreed = shown
                self._enter()

        if shown.findings:
            self._ask(shown.findings)
        else:
            title = "impact_again" if again else "impact_off" if shown.off else "impact"
            said = self.w.text(other.phrase) if other is not None else ""
            self.app.push_screen(Impact(self.w(f"change.{title}"), shown, said), agree)

    def refused(self, refused: Refused) -> None:
        found = refused.phrase.facts.get("findings", ())
        findings = [each for each in found if isinstance(each, Finding)] if isinstance(found, tuple) else []
        if not findings or any(each.level != "reason" for each in findings):
            super().refused(refused)
        else:
            self._ask(findings)

    def _ask(self, findings: Sequence[Finding]) -> None:
        codes = list(dict.fromkeys(each.code for each in findings))
        asked = {code: TextField(self.w("checklist.why"), id=f"why{at}") for at, code in enumerate(codes)}
        box = FormDialog(
            self.w("arrange.reason_title"),
            list(asked.values()),
            lambda: {code: str(field.value) for code, field in asked.items()},
            needed=list(asked.values()),
            text="\n".join(self.w.text(each.text) for each in findings),
        )
        self.app.push_screen(box, self._go_on)

    def _go_on(self, reasons: Mapping[str, str] | None) -> None:
        if reasons is not None:
            self.reasons |= reasons
            self._enter()


# -- people and their posts -------------------------------------------------------------------------------------------

R = TypeVar("R")
NAME, PHONE = 60, 40
"""How many characters a name and a phone number may have."""


class RegisterDialog(Dialog[R]):
    """A few fields: Enter goes on to the next one and, at the last, is done. `wrong` was said of them before."""

    DEFAULT_CSS = "RegisterDialog > #box { width: 76; }"
    AUTO_FOCUS = "#box Editor"
    BOX = 72

    def __init__(self, title: str, wrong: str = "") -> None:
        super().__init__(title)
        self.wrong = wrong

    def fields(self) -> list[Field]:
        """The fields, in order."""
        raise NotImplementedError

    def result(self) -> R | None:
        """What is typed; None when something is wrong with it, which is then said beside the field."""
        raise NotImplementedError

    def hint(self) -> str:
        """What is worth knowing about what is typed, "" when nothing is."""
        return ""

    def body(self) -> ComposeResult:
        yield from self.fields()

    def on_mount(self) -> None:
        self.fields()[0].error = self.wrong
        self.show_hint()

    def show_hint(self) -> None:
        """Say it in the last line."""
        self.say(self.hint() or self.w("register.enter_saves"))

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.show_hint()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        fields = self.fields()
        at = fields.index(event.field)
        if at + 1 < len(fields):
            fields[at + 1].focus()
            return
        result = self.result()
        if result is not None:
            self.dismiss(result)


@record
class EnteredPerson:
    """A person as typed."""

    name: str = ""
    phone: str = ""


class PersonDialog(RegisterDialog[EnteredPerson]):
    """Name and phone; who else is called so is noted."""

    def __init__(
        self, title: str, labels: tuple[str, str], typed: EnteredPerson, noted: Callable[[str], str], wrong: str = ""
    ) -> None:
        super().__init__(title, wrong)
        self.name_field = TextField(labels[0], typed.name, id="name", max_length=NAME)
        self.phone_field = TextField(labels[1], typed.phone, id="phone", max_length=PHONE)
        self.noted = noted

    def fields(self) -> list[Field]:
        return [self.name_field, self.phone_field]

    def hint(self) -> str:
        return self.noted(self.name_field.value)

    def result(self) -> EnteredPerson | None:
        if not self.name_field.value:
            self.name_field.error = self.w("refused.name_needed")
            self.name_field.focus()
            return None
        return EnteredPerson(self.name_field.value, self.phone_field.value)


@record
class ChosenHolder:
    """What was chosen (a person or a post, by id as text), and from which day on: None is today."""

    key: str = ""
    since: date | None = None


class HoldingDialog(RegisterDialog[ChosenHolder]):
    """Who, or which post, and since when."""

    def __init__(
        self, title: str, labels: tuple[str, str], rows: Iterable[Row], given: ChosenHolder, today: date, *,
        about: str = "", wrong: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title, wrong)
        self.pick = Pick(labels[0], rows, given.key, columns=(Column("", 26), Column()), id="pick")
        self.since = DayField(labels[1], given.since, today=lambda: today, id="since")
        self.about = about

    def fields(self) -> list[Field]:
        return [self.pick, self.since]

    def hint(self) -> str:
        return self.about or self.w("register.day_hint")

    def result(self) -> ChosenHolder | None:
        if not self.pick.value:
            self.pick.error = self.w("register.choose_one")
            self.pick.focus()
            return None
        return ChosenHolder(self.pick.value, self.since.value) if self.since.check() else None


# -- further fields of a form -----------------------------------------------------------------------------------------


# -- the impact of a change -------------------------------------------------------------------------------------------


class Impact(TextDialog):
    """What a change would touch; Enter makes it, Esc goes back to it. Keys typed before it was there, such as the
    second Enter of two in one burst, are swallowed."""

    def __init__(self, title: str, shown: Preview, said: str = "") -> None:
        """`said` comes first: who changed the visit meanwhile."""
        super().__init__(title, "")
        self.shown, self.said = shown, said
        self.foot = "change.foot_off" if shown.off else "change.foot"

    def on_mount(self) -> None:
        cast(Any, self.app).opened()

    def lines(self) -> list[Line]:
        first: list[Line] = [(f" {line}", "alert") for line in wrap(f"! {self.said}", self.inside - 2) if self.said]
        return [*first, *impact_lines(self.shown, self.w, self.inside)]

    def entered(self) -> None:
        self.dismiss(True)


async def agreed(page: Page, visit: int, act: Callable[[], object]) -> bool:
    """Whether an edit without fields is to be made: what `act` would touch is shown first, unless that is nothing.
    Raises Refused as `act` does."""
    session = page.session
    try:
        shown = await page.shell.thread(lambda: preview_of(session, visit, act), write=True)
    except Refused:
        page.shell.changed()
        raise
    if shown is None:
        return True
    yes = await page.answer(Impact(page.w("change.impact"), shown))
    return bool(yes)


def impact_lines(shown: Preview, w: Words, width: int) -> list[Line]:
    """The whole of it, each line within `width` cells."""
    found: list[Line] = []
    for text, style in _said(shown, w):
        lines = wrap(text, width - 4)
        found += [(f" {lines[0]}", style), *((f"   {line}", style) for line in lines[1:])]
    return found


def _said(shown: Preview, w: Words) -> Iterator[tuple[str, str]]:
    policy = shown.policy
    if shown.asks and shown.posts is not None:
        yield w("change.asks", posts=shown.posts, fields=field_names(policy, shown.asks)), "bold"
    elif shown.notices:
        yield w("change.notices", fields=field_names(policy, shown.notices)), "bold"
    elif not shown.off:
        yield w("change.asks_nobody"), "dim"
    for finding in shown.findings:
        yield f"! {w.text(finding.text)}", "alert"
    for phrase in brief(shown.differences):
        yield w.text(phrase), ""
    if not shown.differences and not shown.notifications:
        yield w("change.impact_nothing"), "dim"
    if shown.notifications:
        yield w("change.notifications", n=len(shown.notifications)), "bold"
    for told in shown.notifications:
        yield _told(told, policy, w), ""


def _told(told: NewNotification, policy: Policy, w: Words) -> str:
    role = w(f"notifications.role.{told.role}")
    who = w.name(party_name(policy, told.party)) if told.party else f"{role} {told.name}"
    what = "; ".join(w.text(phrase) for phrase in brief(map(unpack_difference, told.what)))
    return "  ".join(part for part in (who, told.phone, what) if part)


# -- a group that is late ----------------------------------------------------------------------------------------------


async def delayed(page: Page, visit: int, leg: int, *, title: str, at: datetime, expected: Callable[[], int]) -> None:
    """Expect a group at a new time, told from `at` as the screen has it, unless the box is closed instead. `seen`: the
    version of the visit on the screen, read anew after another was faster."""
    session, today = page.session, page.shell.now().date()
    when: ParsedField[datetime] = ParsedField(
        page.w("kit.delay"), None, lambda text: parse_delay(text, at, today), lambda to: f"{to:%Y-%m-%d %H:%M}",
        room=20, id="when",
    )  # fmt: skip

    def save(reasons: Mapping[str, str]) -> Done:
        return day_verbs.delay(session, leg, when.raw, expected=expected(), at=at)

    done = await page.answer(
        VisitFormDialog(
            title,
            [when],
            save,
            needed=[when],
            preview=previewing(session, visit, save),
            freshness=Freshness(expected, lambda: overtaken(visit)),
        )
    )
    if done is not None:
        page.say(page.w.text(done.message))
