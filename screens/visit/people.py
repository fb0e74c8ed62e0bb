"""The tab of people: who receives, who comes, how to reach them."""

from __future__ import annotations

from models.form import Guest
from models.queries.visit_detail import Part, VisitDetail
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.base import VisitPage, VisitTab


class PeopleTab(VisitTab):
    """Who receives and who comes."""

    TAB = "people"

    def table_columns(self) -> list[Column]:
        """Part, name, post, phone."""
        page = self.page
        w, narrow = page.w, page.size.width < 78
        return [
            Column(w("visit.role"), 14 if narrow else 22),
            Column(w("visit.name"), 10 if narrow else 14),
            Column(w("visit.phone"), 14, "data"),
            Column(w("visit.post"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Our people, then the guests."""
        page = self.page
        ours = [Row(f"p{at}", _part(page, part)) for at, part in enumerate(whole.people)]
        guests = [Row(f"g{at}", _guest(page, guest)) for at, guest in enumerate(whole.form.guests)]
        listed = page.w("visit.guests", n=len(whole.form.guests), headcount=whole.form.headcount or 0)
        return [Row("", (page.w("visit.ours"),), heading=True), *ours, Row("", (listed,), heading=True), *guests]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen person in full."""
        page = self.page
        row = next((each for each in self.table_rows(whole) if each.key == key and not each.heading), None)
        owner = page.w("visit.owner", department=page.w.name(whole.owner)) if whole.owner else ""
        return [
            *([f" {'  '.join(page.w.people([cell]) for cell in row.cells if cell)}"] if row else []),
            *([f" {owner}"] if owner else []),
        ]


def _part(page: VisitPage, part: Part) -> tuple[str, ...]:
    role = page.w(f"visit.part.{part.role}") if isinstance(part.role, str) else page.w.name(part.role)
    return (role, part.name, part.phone or "-", " ".join(map(page.w.name, part.posts)))


def _guest(page: VisitPage, guest: Guest) -> tuple[str, ...]:
    role = page.w("visit.part.principal" if guest.principal else "visit.part.guest")
    said = f"{guest.post} ({guest.address})" if guest.address else guest.post
    return (role, guest.name, guest.phone or "-", said)
