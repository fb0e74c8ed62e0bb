"""Clients: who came when, who received them, what was given, what they like; a brief for their next hosts."""

from __future__ import annotations

from collections.abc import Callable

from models.papers.host_brief import host_brief
from models.queries.client_records import Brief, Record, brief
from models.services import client_verbs as verbs
from models.services.client_verbs import MOST, Merged
from screens.clients_view import TEXTS, ClientsView
from screens.kit.copy import CopyNote
from screens.kit.dialogs import Confirm, PickOne
from screens.kit.entry import FormDialog
from screens.kit.fields import TextField
from screens.kit.linelist import Row

PERSON = ("post", "address", "phone", "likes", "diet")


class Clients(ClientsView):
    """The record of everybody who visits."""

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
            now = self.known()
            verbs.change_client(session, found.id, seen=now.version if now else found.version, **changed)
            return changed.get("name", found.name)

        await self._enter(self.w("clients.change_title", name=found.name), fields, save)

    async def _change_person(self, found: Record, person: int) -> None:
        line = next((each for each in found.people if each.id == person), None)
        if line is None:
            return
        session, before = self.session, {field: str(getattr(line, field)) for field in ("name", *PERSON)}
        fields = self._fields(before, "person")

        def save() -> str:
            changed = self._changed(fields, before)
            now = next((each for each in (self.record.people if self.record else ()) if each.id == person), line)
            verbs.change_client_person(session, person, seen=now.version, **changed)
            return changed.get("name", line.name)

        await self._enter(self.w("clients.person_title", name=line.name), fields, save)

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

    async def _enter(self, title: str, fields: dict[str, TextField], save: Callable[[], str]) -> None:
        name = await self.answer(FormDialog(title, list(fields.values()), save, needed=[fields["name"]]))
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
                lambda: verbs.merge(session, found.id, into.id, seen=found.version, into_seen=into.version),
                self._merged,
            )

    def _merged(self, done: Merged) -> None:
        self.listed.key = str(done.client)
        self.say(self.w("clients.merged", name=done.name, n=done.moved))
