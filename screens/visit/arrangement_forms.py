"""The boxes in which something is arranged: a row of the visit in the cells of the wizard's tables, a diet, a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Generic, TypeVar

from textual.app import ComposeResult

from models.form import BESIDE, ROWS, CostEntry, MealEntry, RoomEntry
from models.queries.visit_arrangements import DietLine, NamedPlace, Offered, TextLine
from models.queries.visit_detail import VisitDetail
from models.services.visits import Done
from models.words import Words, diets
from models.words.diets import COMMON, common, listed
from models.words.money import say_money
from screens.kit.cells import Cells, FormCell
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.fields import Field, LongText, NumberField, TextField
from screens.kit.form_dialog import FormDialog, Previewing, Save, VisitFormDialog
from screens.kit.linelist import Column, Row
from screens.kit.text import Submit

E = TypeVar("E", bound=MealEntry | RoomEntry | CostEntry)


class RowForm(Generic[E]):
    """A row of a visit in a box: the fields of its `ORDER`, then its others but those of `STAY`, which stay as they
    are. What is chosen among the visit's people or in the register a subclass makes itself."""

    TABLE: str
    ORDER: tuple[str, ...]
    NEEDED: tuple[str, ...]
    STAY: tuple[str, ...]

    def __init__(self, w: Words, whole: VisitDetail, found: Offered, today: date, entry: E) -> None:
        self.w, self.whole, self.found, self.old = w, whole, found, entry
        self.names = tuple(dict.fromkeys(guest.name for guest in whole.form.guests if guest.name))
        self.specs = {**ROWS[self.TABLE], **BESIDE[self.TABLE]}
        self.cells = Cells(w, whole.policy, today).all(self.specs)
        self.cells["on"] = replace(self.cells["on"], blank=whole.nearest(today).isoformat())
        others = [name for name in self.specs if name not in (*self.ORDER, *self.STAY)]
        self.fields = {name: self.made(self.cells[name], getattr(entry, name)) for name in (*self.ORDER, *others)}

    def made(self, cell: FormCell, value: Any) -> Field:
        """The field of a cell."""
        if self.specs[cell.key].kind == "names":
            return self.ticked(cell, value)
        return cell.field(value)

    def value(self, name: str, field: Any) -> Any:
        """What a field says."""
        if self.specs[name].kind == "names":
            return tuple(each for at, each in enumerate(self.names) if str(at) in field.value)
        return field.raw if isinstance(field, Pick) else self.cells[name].value_of(field)

    def entry(self) -> E:
        """The row as it is typed."""
        said: dict[str, Any] = {name: self.value(name, field) for name, field in self.fields.items()}
        return replace(self.old, **said)

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box, with the fields that there is something to choose or type in."""
        shown = [
            each for each in self.fields.values() if not isinstance(each, (Choice, Checks)) or each.options
        ]  # fmt: skip
        needed = [self.fields[name] for name in self.NEEDED]
        return VisitFormDialog(title, shown, save, needed=needed, follow=self.follow, preview=preview)

    def follow(self, field: Field) -> None:
        """A place of the register that is chosen brings its price, and its grade."""
        place = self.taken(field)
        price, grade = self.fields["price"], self.fields.get("grade")
        if place is not None and place.price is not None and isinstance(price, TextField) and not price.raw:
            price.value = place.price
        if place is not None and isinstance(grade, Choice) and any(each.key == place.grade for each in grade.options):
            grade.value = place.grade or ""

    def ticked(self, cell: FormCell, value: Iterable[str]) -> Checks:
        """Guests by name; the keys are their places in the list, as a name may be anything."""
        keys = [str(at) for at, name in enumerate(self.names) if name in set(value)]
        return Checks(cell.title, [Option(str(at), name) for at, name in enumerate(self.names)], keys, id="names")

    def place(self, cell: FormCell, value: str) -> Field:
        """Where: any text, with what the register has to choose from."""
        rows = [
            Row(str(each.id), (each.name, self.described(each), each.phone), find=each.find)
            for each in self.found.places
        ]  # fmt: skip
        return self.free(cell, value, rows, (Column("", 24), Column("", 18), Column("", 0, "data")))

    def person(self, cell: FormCell, value: str, people: Iterable[tuple[str, tuple[str, str]]]) -> Field:
        """Somebody by name: any text, with these to choose from."""
        return self.free(cell, value, [Row(name, (name,), find=find) for name, find in people], (Column(),))

    def free(self, cell: FormCell, value: str, rows: Sequence[Row], columns: Sequence[Column]) -> Field:
        """Any text, with rows to choose from where there are any."""
        if not rows:
            return cell.field(value)
        taken = next((row.key for row in rows if row.cells[0] == value), "")
        return Pick(cell.title, rows, taken, columns=columns, free=True, text=value, id=cell.key, room=40)

    def described(self, place: NamedPlace) -> str:
        """What a place is and costs."""
        policy = self.whole.policy
        grade = self.w.name(policy.name_of(place.grade)) if place.grade else ""
        price = say_money(place.price, policy.currency.minor) if place.price is not None else ""
        return " ".join(part for part in (grade, price) if part)

    def taken(self, field: Field) -> NamedPlace | None:
        """The place of the register that was just chosen."""
        if not isinstance(field, Pick) or field.id != "place":
            return None
        return next((each for each in self.found.places if str(each.id) == field.value), None)


class MealForm(RowForm[MealEntry]):
    """A meal: when, which, where, for whom, with what to drink, for how much. Of ours those are ticked who are known,
    and the further ones counted."""

    TABLE = "meals"
    ORDER = (
        "on", "at", "meal", "venue", "place", "guests", "diners", "ours", "companions", "diet", "price", "bottles",
        "packs", "note",
    )  # fmt: skip
    NEEDED = ("on", "guests")
    STAY = ("companion_posts", "bottle_price", "pack_price", "city")

    def made(self, cell: FormCell, value: Any) -> Field:
        if cell.key == "place":
            return self.place(cell, value)
        if cell.key == "companions":
            return NumberField(self.w("arrange.field.further"), self.old.further, id="further")
        if cell.key == "ours":
            form, names = self.whole.form, self.whole.names
            part = [*form.hosts, *form.companions, *form.diners, *form.per_visit.values(), *value]
            named = [Option(str(each), names[each]) for each in dict.fromkeys(part) if each in names]
            return Checks(cell.title, named, [str(each) for each in value], id="ours")
        return super().made(cell, value)

    def value(self, name: str, field: Any) -> Any:
        if name == "ours":
            return tuple(int(each.key) for each in field.options if each.key in field.value)
        if name == "companions":
            return (field.value or 0) + len(self.value("ours", self.fields["ours"]))
        return super().value(name, field)


class RoomForm(RowForm[RoomEntry]):
    """Rooms: from when, how long, for whom, what grade, which hotel, who pays."""

    TABLE = "lodging"
    ORDER = ("on", "nights", "people", "guests", "place", "grade", "price", "payer")
    NEEDED = ("on", "nights", "people")
    STAY = ("city",)

    def made(self, cell: FormCell, value: Any) -> Field:
        return self.place(cell, value) if cell.key == "place" else super().made(cell, value)


class CostForm(RowForm[CostEntry]):
    """A gift, an activity or the like: what, for whom, for how much, when, who set it (R93, R94)."""

    TABLE = "costs"
    ORDER = ("what", "quantity", "price", "to", "on", "at", "place", "decided_by", "grade")
    NEEDED = ("quantity", "on")
    STAY = ("item", "unit", "city")

    def made(self, cell: FormCell, value: Any) -> Field:
        if cell.key == "to":
            return self.person(cell, value, [(name, ("", "")) for name in self.names])
        if cell.key == "decided_by":
            return self.person(cell, value, self.found.people)
        if cell.key == "grade":
            entries = self.whole.policy.lists.get(self.old.item, ())
            cell = replace(cell, options=tuple([(entry.id, self.w.name(entry.name)) for entry in entries]))
        return super().made(cell, value)


class DietForm:
    """What a guest may not eat: the common ones to tick, the others in words."""

    def __init__(self, w: Words, line: DietLine) -> None:
        self.w = w
        said = [w.text(need.what) for need in diets.needs(line.diet or line.known)]
        self.offered = common(w)
        ticked = [COMMON[self.offered.index(text)] for text in said if text in self.offered]
        options = [Option(need, text) for need, text in zip(COMMON, self.offered, strict=True)]
        self.ticks = Checks(w("arrange.field.needs"), options, ticked, id="needs")
        others = listed([text for text in said if text not in self.offered], w)
        self.others = TextField(w("arrange.field.others"), others, id="others")

    def dialog(self, title: str, save: Save, preview: Previewing) -> VisitFormDialog:
        """The box."""
        return VisitFormDialog(title, [self.ticks, self.others], save, preview=preview)

    def diet(self) -> str:
        """What is ticked and typed, as one text."""
        ticked = [text for need, text in zip(COMMON, self.offered, strict=True) if need in self.ticks.value]
        return listed([*ticked, *([self.others.value] if self.others.value else [])], self.w)


class TextForm:
    """A text in both languages."""

    HEIGHT = 6

    def __init__(self, w: Words, line: TextLine) -> None:
        self.w = w
        self.fields = [
            LongText(w(f"arrange.field.{code}"), line.texts.get(code, ""), id=code, height=self.HEIGHT)
            for code in ("zh", "en")
        ]  # fmt: skip

    def box(self, title: str, save: Callable[[], Done]) -> FormDialog[Done]:
        """The box; Enter is a new line in the texts, and saves on the line below them."""
        return _Texts(title, self.fields, save)

    def texts(self) -> tuple[str, str]:
        """What is typed, Chinese and English."""
        zh, en = self.fields
        return zh.value, en.value


class _Texts(FormDialog[Done]):
    """Texts of several lines, with a line below on which Enter saves them."""

    DEFAULT_CSS = "_Texts > #box { width: 76; }"
    AUTO_FOCUS = "#box LongEditor"
    BOX = 72

    def body(self) -> ComposeResult:
        self.fit()
        yield from super().body()
        yield Submit(self.w("arrange.save"), id="save")

    def opened(self) -> None:
        self.say(self.w("arrange.texts_foot"))

    def fit(self) -> None:
        """Both texts in sight, in a low window too."""
        room = max(2, min(TextForm.HEIGHT, (self.app.size.height - 5) // 2))
        for field in self.fields:
            if isinstance(field, LongText):
                field.lines_shown = room
                field.editor.styles.height = room
                field.fit()
