"""Clients: the list of clients, and the record of the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.host_brief import host_brief, past_visit_texts
from models.queries.client_records import (
    CAME,
    Brief,
    ClientLine,
    ClientPersonLine,
    PastVisit,
    Record,
    brief,
    clients,
    record,
)
from models.services import client_verbs as verbs
from models.services.client_verbs import MOST, Merged
from models.services.visits import overtaken
from models.words import cell_len, clean, pad
from models.words.wrapping import wrap
from screens.kit.dialogs import Confirm, CopyNote, PickOne
from screens.kit.fields import TextField
from screens.kit.form_dialog import FormDialog, Freshness
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

# -- lists ------------------------------------------------------------------------------------------------------------

TEXTS = ("likes", "diet", "points", "notes")
FRAME = 5
"""Lines of the screen that are neither list: head, message, keys."""


PERSON = ("post", "address", "phone", "likes", "diet")


class Clients(Page):
    """Two lists: the clients, and what is known of the chosen one; Enter and Tab go down, Esc comes back."""

    WHERE = "clients"

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[ClientLine, ...] | None = None
        self.record: Record | None = None

    @property
    def today(self) -> date:
        """The day seen from which visits are to come."""
        return self.shell.now().date()

    @property
    def digits(self) -> int:
        """The decimals of an amount of money."""
        return self.session.policy.currency.minor

    def body(self) -> ComposeResult:
        yield LineList(empty=self.w("clients.empty"), id="clients")
        yield block(1, id="rule")
        yield LineList(id="record")

    @property
    def listed(self) -> LineList:
        """The list of clients."""
        return self.query_one("#clients", LineList)

    @property
    def told(self) -> LineList:
        """The record."""
        return self.query_one("#record", LineList)

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: clients(session), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: tuple[ClientLine, ...]) -> None:
        """Fill the list, then the record of the client under the cursor."""
        self.shown = found
        twins = sum(bool(line.twins) for line in found)
        self.headline = self.w("clients.title_twins" if twins else "clients.title", n=len(found), twins=twins)
        room = self.size.height - FRAME
        self.listed.styles.height = max(4, room * 2 // 5)
        day = 10
        self.listed.set_columns([
            Column(self.w("clients.name"), 0),
            Column("", 1),
            Column(self.w("clients.visits"), max(3, cell_len(self.w("clients.visits"))), "figure"),
            Column(self.w("clients.last"), day, "data"),
            Column(self.w("clients.coming"), day, "data"),
        ])  # fmt: skip
        self.listed.set_rows([self._row(line) for line in found], empty=self.w("clients.empty"))
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self.read_record()

    def _row(self, line: ClientLine) -> Row:
        days = [day.isoformat() if day else "-" for day in (line.last, line.coming)]
        cells = (line.name, "=" if line.twins else "", str(line.visits), *days)
        return Row(str(line.id), cells, find=line.find)

    def read_record(self) -> None:
        """Read the record of the client under the cursor."""
        session, key = self.session, self.listed.key
        self.read(lambda: record(session, int(key)) if key else None, self.show_record, group="record")

    def show_record(self, found: Record | None) -> None:
        """Fill the record."""
        another = found is None or self.record is None or found.id != self.record.id
        self.record = found
        rows = list(self._record_rows(found)) if found else []
        self.told.set_columns([Column()])
        self.told.set_rows(rows, empty=self.w("clients.nothing_known") if found else "")
        if another and rows:
            self.told.key = next(row.key for row in rows if not row.heading)
        self.show_keys()

    def _record_rows(self, found: Record) -> Iterator[Row]:
        w = self.w
        if found.twins:
            names = " ".join(name for _, name in found.twins)
            yield Row("twins", (w("clients.twin", names=names),), "alert")
        written = [(field, getattr(found, field)) for field in TEXTS if getattr(found, field)]
        for field, text in written:
            label = pad(w(f"clients.field.{field}"), 10)
            for at, line in enumerate(wrap(text, self.size.width - 12)):
                yield Row(f"text/{field}/{at}", ((label if at == 0 else " " * 10) + line,))
        if not written:
            yield Row("text//", (w("clients.nothing_written"),), "dim")
        if found.people:
            yield Row("", (w("clients.people", n=len(found.people)),), heading=True)
        for person in found.people:
            yield Row(f"person/{person.id}", (self._person(person),), find=person.find)
        if found.visits:
            came = sum(each.state in CAME for each in found.visits)
            yield Row("", (w("clients.past", n=came),), heading=True)
        for visit in found.visits:
            for at, text in enumerate(self._visit(visit)):
                yield Row(f"visit/{visit.visit}/{at}", (text,), "dim" if at else "")

    def _person(self, line: ClientPersonLine) -> str:
        w = self.w
        likes = [w(f"clients.person_{field}", text=clean(text))
                 for field, text in (("likes", line.likes), ("diet", line.diet)) if text]  # fmt: skip
        cells = zip((line.name, line.post, line.address, line.phone), (10, 14, 8, 14), strict=True)
        return " ".join([*(pad(clean(text), width) for text, width in cells), *likes])

    def _visit(self, line: PastVisit) -> list[str]:
        """Day, headcount and tier, and what is told of it, on as many lines as that takes."""
        w = self.w
        head = [pad(line.arrive.date().isoformat(), 10), pad(w("clients.headcount", n=line.headcount), 9)]
        head += [w.name(line.tier)] if line.tier else []
        head += [] if line.state in CAME else [w(f"done.state.{line.state}")]
        told = "  ".join(clean(part) for part in (*head, *past_visit_texts(line, w, self.digits)))
        first, *rest = wrap(told, self.size.width - 2)
        more = wrap(" ".join(rest), self.size.width - 13) if rest else []
        return [first, *(" " * 11 + text for text in more)]

    # -- the chosen row ------------------------------------------------------------------------------------

    def client(self) -> ClientLine | None:
        """The client under the cursor."""
        key = self.listed.key
        return next((line for line in self.shown or () if str(line.id) == key), None)

    def known(self) -> Record | None:
        """The record of the client under the cursor, once it is read."""
        return self.record if self.record is not None and str(self.record.id) == self.listed.key else None

    def row(self) -> tuple[str, int]:
        """What the cursor of the record stands on, where one is there: person or visit, and its id."""
        kind, _, rest = self.told.key.partition("/")
        number = rest.partition("/")[0]
        return (kind, int(number)) if self.told.has_focus and kind in ("person", "visit") else ("", 0)

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        if event.source.id == "clients":
            self.read_record()

    # -- commands ----------------------------------------------------------------------------------------

    async def do_open(self) -> None:
        """Enter: to the record; there the visit, or what is to be changed."""
        kind, number = self.row()
        if kind == "visit":
            self.shell.open("visit", number)
        elif not self.told.has_focus:
            self.told.focus()
        else:
            await self.run_command(self.command("merge" if self.told.key == "twins" else "change"))

    def do_back(self) -> None:
        """Esc: from the record to the list."""
        if self.told.has_focus and not self.told.sought:
            self.listed.focus()
        else:
            super().do_back()

    # -- changing ------------------------------------------------------------------------------------------

    def barred(self, verb: str) -> str | None:
        """Why the actor has nothing to do with the client."""
        found = self.known()
        return self.w(f"refused.{found.refused}") if found and found.refused else None

    async def do_change(self) -> None:
        """F4: what is written about the client, or about the person under the cursor."""
        found, (kind, number) = self.known(), self.row()
        if found is not None and kind == "person":
            await self._change_person(found, number)
        elif found is not None:
            await self._change_client(found)

    async def _change_client(self, found: Record) -> None:
        session, before = self.session, {field: str(getattr(found, field)) for field in ("name", *TEXTS)}
        fields = self._fields(before, "name")

        def save() -> str:
            changed = self._changed(fields, before)
            verbs.change_client(session, found.id, expected=seen(), **changed)
            return changed.get("name", found.name)

        def seen() -> int:
            now = self.known()
            return now.version if now else found.version

        freshness = Freshness(seen, lambda: overtaken(None, ("client", found.id)))
        await self._enter(self.w("clients.change_title", name=found.name), fields, save, freshness)

    async def _change_person(self, found: Record, person: int) -> None:
        line = next((each for each in found.people if each.id == person), None)
        if line is None:
            return
        session, before = self.session, {field: str(getattr(line, field)) for field in ("name", *PERSON)}
        fields = self._fields(before, "person")

        def save() -> str:
            changed = self._changed(fields, before)
            verbs.change_client_person(session, person, expected=seen(), **changed)
            return changed.get("name", line.name)

        def seen() -> int:
            people = self.record.people if self.record else ()
            return next((each for each in people if each.id == person), line).version

        freshness = Freshness(seen, lambda: overtaken(None, ("person", person)))
        await self._enter(self.w("clients.person_title", name=line.name), fields, save, freshness)

    def _fields(self, before: dict[str, str], name: str) -> dict[str, TextField]:
        return {
            field: TextField(
                self.w(f"clients.field.{name if field == 'name' else field}"), text, id=field,
                max_length=MOST.get(field, 200),
            )
            for field, text in before.items()
        }  # fmt: skip

    def _changed(self, fields: dict[str, TextField], before: dict[str, str]) -> dict[str, str]:
        """What is typed and differs from what was there: the rest is left to whoever else changes it."""
        typed = {name: str(field.value) for name, field in fields.items()}
        return {name: text for name, text in typed.items() if text != before[name].strip()}

    async def _enter(
        self, title: str, fields: dict[str, TextField], save: Callable[[], str], freshness: Freshness
    ) -> None:
        box = FormDialog(title, list(fields.values()), save, needed=[fields["name"]], freshness=freshness)
        name = await self.answer(box)
        if name is not None:
            self.say(self.w("clients.changed", name=name))

    # -- the brief -----------------------------------------------------------------------------------------

    def _visit_for_brief(self) -> int:
        """The visit here or to come under the record's cursor, else the one here, else the next; 0 where there is
        none."""
        found, (kind, number) = self.known(), self.row()
        if found is None:
            return 0
        chosen = [each for each in found.visits if kind == "visit" and each.visit == number]
        ahead = [each for each in chosen if each == found.here or each.arrive.date() >= self.today]
        first = next(iter(ahead), found.here or found.coming)
        return first.visit if first else 0

    def why_not_brief(self) -> str | None:
        """There must be a visit under way or to come."""
        if self._visit_for_brief():
            return None
        line = self.client()
        return self.w("clients.none_coming", name=line.name) if line else self.w("clients.none_chosen")

    def do_brief(self) -> None:
        """F5: one page for the hosts."""
        session, number = self.session, self._visit_for_brief()
        self.read(lambda: brief(session, number), self._show_brief, group="brief")

    def _show_brief(self, found: Brief) -> None:
        text = host_brief(found, self.w, self.digits)
        self.ask(CopyNote(self.w("clients.brief.title", name=found.client), text), lambda _: None)

    # -- merging -------------------------------------------------------------------------------------------

    async def do_merge(self) -> None:
        """Two names of one client: asked which stays, and asked again."""
        found = self.known()
        if found is None:
            return
        twins = {client for client, _ in found.twins}
        others = [line for line in self.shown or () if line.id != found.id]
        others.sort(key=lambda line: line.id not in twins)
        rows = [Row(str(line.id), (line.name,), find=line.find) for line in others]
        key = await self.answer(PickOne(self.w("clients.merge_which", name=found.name), rows))
        into = next((line for line in others if str(line.id) == key), None)
        if into is None:
            return
        names = {"name": found.name, "into": into.name}
        text = self.w("clients.merge_text", **names)
        title, yes = self.w("clients.merge_asked", **names), self.w("clients.merge_yes")
        if await self.answer(Confirm(title, yes, self.w("kit.no"), text)):
            session = self.session
            self.write(
                lambda: verbs.merge(session, found.id, into.id, expected=found.version, into_seen=into.version),
                self._merged,
            )

    def _merged(self, done: Merged) -> None:
        self.listed.key = str(done.client)
        self.say(self.w("clients.merged", name=done.name, n=done.moved))
