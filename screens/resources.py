"""The register of things: cars, rooms, restaurants, hotels, one page each; opened from the Register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from textual.app import ComposeResult
from textual.events import Resize

from models.errors import Refused
from models.queries.register_lists import ThingLine, Things, things
from models.services import resource_verbs
from models.services.resource_verbs import FIELDS, KINDS, Thing
from models.services.visits import overtaken
from models.words import Name
from models.words.money import say_money
from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.fields import Field, MoneyField, NumberField, PlateField, TextField, odd_plates
from screens.kit.form_dialog import FormDialog, Freshness
from screens.kit.linelist import Column, Holds, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Line, Lines, Piece, block

DETAIL = 2
WIDTHS = {"model": 10, "grade": 12, "seats": 4, "driver": 8, "phone": 14, "equipment": 0, "address": 0, "price": 8}
"""How wide the column of a field is; 0: what is left."""
HOLDS: dict[str, Holds] = {"seats": "figure", "price": "figure", "phone": "data"}


class Resources(Page):
    """What there is to be booked, and where one eats and sleeps."""

    WHERE = "resources"

    def __init__(self, kind: str = "car") -> None:
        super().__init__()
        self.kind = kind
        self.shown: Things | None = None
        self.follow = ""
        """The row to which the cursor goes once it is there: a thing just entered."""

    @property
    def listed(self) -> LineList:
        """The list of things."""
        return self.query_one("#things", LineList)

    def body(self) -> ComposeResult:
        yield LineList(id="things")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: things(session), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: Things) -> None:
        """Fill the page of the present kind."""
        self.shown = found
        lines = found.by_kind[self.kind]
        self.headline = self.w("resources.title", kind=self.w(f"resources.tab.{self.kind}"), n=len(lines))
        self.listed.set_columns(self._columns())
        self.listed.set_rows([self._row(line) for line in lines], empty=self.w(f"resources.empty.{self.kind}"))
        if self.follow and any(str(line.id) == self.follow for line in lines):
            self.listed.key, self.follow = self.follow, ""
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()
        self.show_frame()

    def _fields(self) -> tuple[str, ...]:
        """What is known of the present kind; no grade where the policy has none for it."""
        graded = self.shown is not None and bool(self.shown.choices.grades.get(self.kind))
        return tuple(field for field in FIELDS[self.kind] if field != "grade" or graded)

    def _columns(self) -> list[Column]:
        name = 12 if self.kind == "car" else 18
        shown = [field for field in self._fields() if field in WIDTHS]
        return [
            Column("", 4),
            Column(self.w(f"resources.name.{self.kind}"), name, "data" if self.kind == "car" else "text"),
            *(
                Column(
                    self.w(f"resources.field.{field}"), WIDTHS[field], HOLDS.get(field, "text"),
                    wide=78 if field in ("phone", "address") and self.kind in ("car", "room") else 0,
                )
                for field in shown
            ),
        ]  # fmt: skip

    def _row(self, line: ThingLine) -> Row:
        off = "" if line.active else self.w("resources.off")
        cells = (off, line.thing.name, *(self._said(line, field) or "-" for field in self._fields() if field in WIDTHS))
        return Row(str(line.id), cells, "" if line.active else "dim", find=line.find)

    def _said(self, line: ThingLine, field: str) -> str:
        """A field of a thing in words, "" where it is not known."""
        thing = line.thing
        if field == "grade":
            return self.w.name(line.grade) if line.grade else ""
        if field == "equipment":
            return " ".join(map(self.w.name, line.equipment))
        if field == "driver":
            return line.driver
        if field == "phone":
            return thing.phone or line.driver_phone
        if field == "price":
            return "" if thing.price is None else say_money(thing.price, self.session.policy.currency.minor)
        return str(getattr(thing, field) or "")

    def line(self) -> ThingLine | None:
        """The thing under the cursor."""
        key = self.listed.key
        return self.shown.line(int(key)) if self.shown and key else None

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        line = self.line()
        lines: list[Line] = []
        if line is not None:
            told = [
                self.w("resources.said", field=self.w(f"resources.field.{field}"), text=self._said(line, field))
                for field in self._fields()
                if self._said(line, field)
            ]
            told += [self.w("resources.ahead", n=line.ahead)] if line.ahead else []
            odd = odd_plates(line.thing.name, self.w) if self.kind == "car" else ""
            told += [f"! {odd}"] if odd else []
            twin = self.shown.twin(line) if self.shown else None
            told += [f"! {self.w('resources.twin', name=twin.thing.name)}"] if twin else []
            half = (len(told) + 1) // 2
            lines = [f" {'  '.join([line.thing.name, *told[:half]])}", f" {'  '.join(told[half:])}"]
        self.query_one("#detail", Lines).set_lines(lines)

    # -- pages ---------------------------------------------------------------------------------------------

    def tab_line(self) -> Line:
        pieces: list[Piece] = [(" ", "")]
        for at, kind in enumerate(KINDS, 1):
            n = len(self.shown.by_kind[kind]) if self.shown else 0
            label = f"{at}{self.w(f'resources.tab.{kind}')}"
            pieces += [(label, "cursor" if kind == self.kind else ""), (f" {n} " if n else " ", "")]
        return pieces

    def go_page(self, kind: str) -> None:
        """Show the page of another kind."""
        self.kind = kind
        if self.shown is not None:
            self.show(self.shown)

    def do_previous(self) -> None:
        """Left: the page before."""
        self.go_page(KINDS[(KINDS.index(self.kind) - 1) % len(KINDS)])

    def do_next(self) -> None:
        """Right: the next page."""
        self.go_page(KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)])

    # -- changing ------------------------------------------------------------------------------------------

    def barred(self, verb: str) -> str | None:
        """Why the actor may not keep the register."""
        refused = self.shown.refused if self.shown else None
        return self.w.text(refused.phrase) if refused else None

    async def do_add(self) -> None:
        """F4: one more of the present kind."""
        session, kind = self.session, self.kind
        fields = self._fields_of(Thing(""))

        def save() -> str:
            thing = self._typed(fields)
            self.follow = str(resource_verbs.add_resource(session, kind, thing))
            return thing.name

        await self._enter(self.w(f"resources.add.{kind}"), fields, save, "resources.added")

    async def do_change(self) -> None:
        """Enter: whatever is known of it."""
        line, session = self.line(), self.session
        if line is None:
            return
        fields = self._fields_of(line.thing)

        def save() -> str:
            thing = self._typed(fields)
            resource_verbs.change_resource(session, line.id, thing, expected=seen())
            return thing.name

        def seen() -> int:
            now = self.shown.line(line.id) if self.shown else None
            return now.version if now else line.version

        freshness = Freshness(seen, lambda: overtaken(None, ("resource", line.id)))
        title = self.w("resources.change", name=line.thing.name)
        await self._enter(title, fields, save, "resources.changed", freshness)

    def do_switch(self) -> None:
        """Off, so that it is offered for nothing; or on again."""
        line, session = self.line(), self.session
        if line is not None:
            said = self.w("resources.switched_off" if line.active else "resources.switched_on", name=line.thing.name)
            if line.active and line.ahead:
                said = f"! {self.w('resources.switched_booked', name=line.thing.name, n=line.ahead)}"
            verb = resource_verbs.switch_resource
            self.write(
                lambda: verb(session, line.id, expected=line.version, active=not line.active), lambda _: self.say(said)
            )

    async def _enter(
        self, title: str, fields: dict[str, Field], save: Callable[[], str], said: str,
        freshness: Freshness | None = None,
    ) -> None:  # fmt: skip
        box = FormDialog(title, list(fields.values()), save, needed=[fields["name"]], freshness=freshness)
        name = await self.answer(box)
        if name is not None:
            odd = odd_plates(name, self.w) if self.kind == "car" else ""
            self.say(f"{self.w(said, name=name)}{f'  ! {odd}' if odd else ''}")

    def _fields_of(self, thing: Thing) -> dict[str, Field]:
        """The fields of the present kind, filled in."""
        made = PlateField if self.kind == "car" else TextField
        name = made(self.w(f"resources.name.{self.kind}"), thing.name, id="name", max_length=60)
        asked = {field: self._field(field, getattr(thing, field)) for field in self._fields()}
        return {"name": name, **{field: made for field, made in asked.items() if made is not None}}

    def _field(self, field: str, value: Any) -> Field | None:
        """The field to fill in; None where there is nothing to choose from."""
        assert self.shown is not None
        choices, label = self.shown.choices, self.w(f"resources.field.{field}")
        if field == "grade":
            none = Option("", self.w("resources.no_grade"))
            options = [none, *self._options(choices.grades[self.kind], (value,) if value else ())]
            return Choice(label, options, value or "", inline=True, id=field)
        if field == "equipment":
            options = self._options(choices.equipment, value)
            return Checks(label, options, value, id=field) if options else None
        if field == "driver":
            rows = [Row(str(person), (name, phone), find=find) for person, name, phone, find in choices.people]
            line = self.line()
            if value and line and all(row.key != str(value) for row in rows):  # who was switched off since
                rows.append(Row(str(value), (line.driver, "")))
            return Pick(label, rows, str(value or ""), columns=(Column("", 16), Column()), id=field)
        if field == "seats":
            return NumberField(label, value, least=1, most=2000, id=field)
        if field == "price":
            return MoneyField(label, value, digits=self.session.policy.currency.minor, id=field)
        return TextField(label, value, id=field, max_length=40 if field == "phone" else 200)

    def _options(self, entries: Iterable[tuple[str, Name]], had: Iterable[str]) -> list[Option]:
        """What the policy offers, and what the thing has though the policy no longer knows it."""
        known = {key: self.w.name(name) for key, name in entries}
        return [Option(key, name) for key, name in {**{key: key for key in had}, **known}.items()]

    def _typed(self, fields: dict[str, Field]) -> Thing:
        """What is typed. Refused where nobody is called as the driver is."""
        driver = fields.get("driver")
        if isinstance(driver, Pick) and driver.raw.strip() and not driver.value:
            raise Refused("unknown_person", name=driver.raw.strip())
        values = {name: cast(TextField, field).value for name, field in fields.items()}
        if "driver" in values:
            values["driver"] = int(values["driver"]) if values["driver"] else None
        if "equipment" in values:
            values["equipment"] = tuple(sorted(values["equipment"]))
        if "grade" in values:
            values["grade"] = values["grade"] or None
        return Thing(**values)
