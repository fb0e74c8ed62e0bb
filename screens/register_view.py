"""What the register shows: the posts and who holds them, or the people and what they hold; what was before."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.events import Resize

from models.queries.register_lists import Held, PersonLine, PostLine, register
from models.queries.register_lists import Register as Found
from models.services.validate import joined
from models.words import cell_len, pad
from screens.kit.linelist import Column, LineList, Row
from screens.kit.lines import Lines, block
from screens.kit.page import Page
from screens.kit.text import Line

DETAIL = 4
LABEL = 9
ROOMY = 78
"""From this terminal width on names of posts have all the room they need."""


class RegisterView(Page):
    """Two views of the register, and the details of the row under the cursor."""

    WHERE = "register"

    def __init__(self) -> None:
        super().__init__()
        self.by_person = False
        self.shown: Found | None = None
        self.came = ("", "")
        """From which row of the other view one came, and to which row here."""
        self.follow = ""
        """The row to which the cursor goes once it is there: somebody just entered."""

    @property
    def today(self) -> date:
        """The day seen from which posts are held."""
        return self.shell.now().date()

    def body(self) -> ComposeResult:
        yield LineList(id="register")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")

    # -- filling -------------------------------------------------------------------------------------------

    def reload(self) -> None:
        session = self.session
        self.read(lambda: register(session), self.show)

    def show(self, found: Found, key: str = "") -> None:
        """Fill the screen with the register, the cursor on the row `key` if one is given."""
        self.shown = found
        vacant = sum(line.vacant for line in found.posts)
        title = "title_people" if self.by_person else "title_vacant" if vacant else "title_posts"
        count = len(found.people) if self.by_person else len(found.posts)
        self.headline = self.w(f"register.{title}", n=count, vacant=vacant)
        listed = self.query_one("#register", LineList)
        listed.set_columns(self._columns())
        rows = self._person_rows(found) if self.by_person else self._post_rows(found)
        listed.set_rows(rows, empty=self.w("register.empty"))
        self.follow = key or self.follow
        if listed.key == self.follow:
            self.follow = ""
        listed.key = self.follow
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self._show_detail()

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def _columns(self) -> list[Column]:
        if self.by_person:
            return [
                Column(self.w("register.name"), 14),
                Column(self.w("register.phone"), 15, "data"),
                Column(self.w("register.state"), 6),
                Column(self.w("register.posts"), 0),
            ]
        longest = max((cell_len(self.w.name(post.name)) for post in self.session.policy.posts), default=4)
        return [
            Column("", 1),
            Column(self.w("register.post"), min(longest, 34 if self.size.width >= ROOMY else 28)),
            Column(self.w("register.holder"), 14),
            Column(self.w("register.since"), 10, "data"),
            Column(self.w("register.phone"), 15, "data", wide=100),
            Column(self.w("register.department"), 12, wide=100),
            Column(self.w("register.remark"), 0, wide=ROOMY),
        ]

    def _post_rows(self, found: Found) -> list[Row]:
        rows = []
        for line in found.posts:
            name = self.w.name(line.name)
            department = self.w.name(line.department) if line.department else ""
            if line.vacant or not line.held:
                said = self.w("register.vacant" if line.vacant else "register.per_visit")
                cells = ("!" if line.vacant else "", name, said, "", "", department, "")
                rows.append(Row(f"{line.id}/", cells, "bold" if line.vacant else "dim", find=tuple(line.name.all())))
            for held in line.held:
                cells = ("", name, held.who, held.since.isoformat(), held.phone, department, self._when(held))
                find = (*held.find, *line.name.all())
                rows.append(Row(f"{line.id}/{held.id}", cells, "" if held.now(self.today) else "dim", find=find))
        return rows

    def _person_rows(self, found: Found) -> list[Row]:
        rows = []
        for line in found.people:
            posts = self.w.name(joined([held.name for held in line.held if held.now(self.today)]))
            state = self.w("register.active" if line.active else "register.inactive")
            cells = (line.name, line.phone or "-", state, posts or "-")
            rows.append(Row(str(line.id), cells, "" if line.active else "dim", find=line.find))
        return rows

    def _when(self, held: Held) -> str:
        """What is special about the time of a holding."""
        if held.since > self.today:
            return self.w("register.to_come")
        return self.w("register.until", until=held.until.isoformat()) if held.until else ""

    # -- the chosen row ------------------------------------------------------------------------------------

    @property
    def row_key(self) -> str:
        return self.query_one("#register", LineList).key

    def post(self) -> PostLine | None:
        """The post under the cursor, in the view by post."""
        return self.shown.post(self.row_key.rpartition("/")[0]) if self.shown and not self.by_person else None

    def person(self) -> PersonLine | None:
        """The person under the cursor: in the view by post the one who holds it."""
        if self.shown is None:
            return None
        if self.by_person:
            return self.shown.person(int(self.row_key)) if self.row_key else None
        held = self.holdings()
        return self.shown.person(held[0].person) if held else None

    def holdings(self) -> tuple[Held, ...]:
        """What can be ended under the cursor: the row's holding, or all of the person's."""
        if self.by_person:
            line = self.person()
            return line.held if line else ()
        post = self.post()
        return tuple(held for held in post.held if self.row_key == f"{post.id}/{held.id}") if post else ()

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        # where it was not the person who moved, what was just said stays
        if self.follow and (event.key == self.follow or event.key != self.row_key):
            event.prevent_default()
            self.follow = self.follow if event.key != self.row_key else ""
            self.show_keys()
        self._show_detail()

    def _show_detail(self) -> None:
        lines = self._person_detail() if self.by_person else self._post_detail()
        self.query_one("#detail", Lines).set_lines(lines)

    def _post_detail(self) -> list[Line]:
        line = self.post()
        if line is None:
            return []
        head = [self.w.name(line.name)]
        head += [self.w.name(line.department)] if line.department else []
        head += [self.w("register.up", post=line.up)] if line.up else []
        head += [self.w.name(body) + " " + self.w(f"register.role.{role}") for body, role in line.roles]
        now = [f"{held.who}  {held.phone}  {self._span(held)}" for held in line.held]
        said = self.w("register.vacant_said" if line.vacant else "register.per_visit_said")
        before = [f"{held.who}  {self._span(held)}" for held in line.past]
        return [f" {'  '.join(head)}", *self._told(now or [said], before)]

    def _person_detail(self) -> list[Line]:
        line = self.person()
        if line is None:
            return []
        head = [line.name, line.phone, *([] if line.active else [self.w("register.off_said")])]
        now = [f"{self.w.name(held.name)}  {self._span(held)}" for held in line.held]
        before = [f"{self.w.name(held.name)}  {self._span(held)}" for held in line.past]
        told = self._told(now or [self.w("register.holds_nothing")], before)
        return [f" {'  '.join(part for part in head if part)}", *told]

    def _span(self, held: Held) -> str:
        key = "from_to" if held.until else "from"
        return self.w(
            f"register.{key}", since=held.since.isoformat(), until=held.until.isoformat() if held.until else ""
        )

    def _told(self, now: list[str], before: list[str]) -> list[Line]:
        """What is and what was, as far as there is room; how much more there is stands at the end."""
        texts = [(self.w("register.label.now"), text) for text in now]
        texts += [(self.w("register.label.before"), text) for text in before]
        room = DETAIL - 1
        if len(texts) > room:
            texts = [*texts[: room - 1], ("", self.w("register.more", n=len(texts) - room + 1))]
        labels = [label if at == 0 or texts[at - 1][0] != label else "" for at, (label, _) in enumerate(texts)]
        return [[(pad(f" {label}", LABEL), "dim"), (text, "")] for label, (_, text) in zip(labels, texts, strict=True)]
