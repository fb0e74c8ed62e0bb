"""Statistics: the figures of a year, a quarter or a month by whatever tells them apart, and the visits behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, get_args

from textual.app import ComposeResult
from textual.events import Resize

from models.papers.figure_tables import HEADS, MEASURES, amounts, bars, details, group_name, line, strip, value_of
from models.queries.figures import (
    AXES,
    CARRIED_OUT,
    IN_TIME,
    Axis,
    Counted,
    FigureGroup,
    Statistics,
    figures,
    span_of,
    statistics,
)
from models.words import cell_len
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.kit.dialogs import PickOne
from screens.kit.linelist import Column, LineList, Row
from screens.kit.page import Page
from screens.kit.text import Lines, block

Span = Literal["year", "quarter", "month"]
SPANS: tuple[Span, ...] = get_args(Span)
MONTHS = {"year": 12, "quarter": 3, "month": 1}
WIDTHS = {"visits": 4, "guests": 5, "planned": 10, "paid": 10, "over": 8, "percent": 4, "late": 4, "cancelled": 4}
DETAIL, PICTURE = 3, 5
TOTAL = "total"
BAR_FROM = 76
"""From this width on there is room for bars."""


class StatisticsScreen(Page):
    """A list of groups; Enter shows the visits behind one, and on a visit opens it."""

    WHERE = "statistics"

    def __init__(self) -> None:
        super().__init__()
        self.by: Axis = "month"
        self.span: Span = "year"
        self.measure = MEASURES[0]
        self.first: date | None = None
        self.shown: Statistics | None = None
        self.inside: str | None = None
        """The key of the group whose visits are listed."""

    @property
    def listed(self) -> LineList:
        """The list of groups, or of visits."""
        return self.query_one("#figures", LineList)

    @property
    def digits(self) -> int:
        """The decimals of an amount of money."""
        return self.session.policy.currency.minor

    def body(self) -> ComposeResult:
        yield LineList(id="figures")
        yield block(1, id="rule")
        yield block(DETAIL, id="detail")
        yield block(PICTURE, id="picture")

    # -- filling -------------------------------------------------------------------------------------------

    def days(self) -> tuple[date, date]:
        """The first and last day that is looked at; years beside each other are the last five."""
        today = self.first or self.shell.now().date()
        months = MONTHS[self.span]
        first = date(today.year, (today.month - 1) // months * months + 1, 1)
        last = _months_on(first, months) - timedelta(days=1)
        return (first.replace(year=first.year - 4), last) if self.by == "year" else (first, last)

    def reload(self) -> None:
        session, (first, last), by = self.session, self.days(), self.by
        self.read(lambda: statistics(session, first, last, by), self.show)

    def on_resize(self, event: Resize) -> None:
        if self.shown is not None:
            self.show(self.shown)

    def show(self, found: Statistics) -> None:
        """Fill the list and what stands below."""
        self.shown = found
        group = self._group(self.inside)
        self.headline = self._heading(found, group)
        self.query_one("#rule", Lines).set_lines(["-" * self.size.width])
        self.query_one("#picture").display = self.size.height >= 22
        if group is None:
            self.inside = None
            self._show_groups(found)
        else:
            self._show_visits(group)
        self._show_below()
        self.show_frame()

    def _heading(self, found: Statistics, group: FigureGroup | None) -> str:
        first = found.last if self.by == "year" else found.first
        span = span_of(first, self.span)
        by = self.w(f"statistics.by.{self.by}")
        if group is not None:
            return self.w("statistics.title_of", span=span, what=self._called(group), n=len(group.visits))
        return self.w("statistics.title", span=span, by=by)

    def _called(self, group: FigureGroup) -> str:
        return self.w("statistics.total") if group.key == TOTAL else group_name(group, self.by, self.w)

    def _groups(self) -> tuple[FigureGroup, ...]:
        """The groups and, last, all of them together."""
        if self.shown is None:
            return ()
        every = self.shown.groups
        name = every[0].name if every else None
        return every if name is None else (*every, FigureGroup(TOTAL, name, self.shown.total, self.shown.visits))

    def _group(self, key: str | None) -> FigureGroup | None:
        return next((each for each in self._groups() if each.key == key), None)

    def _show_groups(self, found: Statistics) -> None:
        w, wide = self.w, self.size.width
        titles = {head: w(f"statistics.head.{head}") for head in HEADS}
        columns = [
            Column(w(f"statistics.by.{self.by}"), 8 if self.by in IN_TIME else 14 if wide < 100 else 24),
            *(Column(titles[head], max(width, cell_len(titles[head])), "figure", wide=_from(head))
              for head, width in WIDTHS.items()),
        ]  # fmt: skip
        room = wide - 2 - sum(column.width + 1 for column in columns)
        self.listed.set_columns([*columns, Column(w(f"statistics.measure.{self.measure}"), 0, wide=BAR_FROM)])
        drawn = [*bars(found.groups, self.measure, max(room, 1)), ""]
        rows = [
            Row(each.key or "-", (self._called(each), *amounts(each.figures, self.digits), drawn[at]),
                "bold" if each.key == TOTAL else "" if each.figures.filed else "dim", find=tuple(each.name.all()))
            for at, each in enumerate(self._groups())
        ]  # fmt: skip
        self.listed.set_rows(rows if found.visits else [], empty=w("statistics.empty"))

    def _show_visits(self, group: FigureGroup) -> None:
        w = self.w
        tiered = [Column(w("requests.tier"), 8)] if self.session.policy.tiers else []
        self.listed.set_columns([
            Column(w("requests.number"), 9, "data"),
            Column(w("statistics.begins"), 5, "data"),
            *tiered,
            Column(w("requests.client"), 0),
            Column(w("statistics.head.guests"), 4, "figure"),
            Column(w("statistics.head.planned"), 9, "figure", wide=90),
            Column(w("statistics.head.paid"), 8, "figure"),
            Column(w("statistics.head.over"), 7, "figure"),
            Column(w("requests.state"), max([6, *(cell_len(self._state(each)) for each in group.visits)])),
        ])  # fmt: skip
        self.listed.set_rows([self._visit_row(each) for each in group.visits], empty=w("statistics.empty"))

    def _visit_row(self, each: Counted) -> Row:
        tier = [self.w.name(self.session.policy.name_of(each.tier)) if each.tier else "-"]
        cells = (
            each.number,
            f"{each.begins:%m-%d}" if self.by != "year" else each.begins.date().isoformat(),
            *(tier if self.session.policy.tiers else []),
            each.client_name,
            str(each.guests),
            say_money(each.planned, self.digits),
            say_money(each.paid, self.digits),
            say_money(each.over, self.digits) if each.over else "",
            self._state(each),
        )
        return Row(str(each.visit), cells, "" if each.state in CARRIED_OUT else "dim")

    def _state(self, each: Counted) -> str:
        return self.w(f"done.state.{each.state}")

    # -- below the list ------------------------------------------------------------------------------------

    def chosen(self) -> FigureGroup | None:
        """The group that is looked at: the one whose visits are listed, else that under the cursor."""
        key = self.listed.key if self.inside is None else self.inside
        return self._group("" if key == "-" else key)

    def _show_below(self) -> None:
        group, width = self.chosen(), max(20, self.size.width - 2)
        said = (
            [part for text in details(group.figures, self.w, self.digits) for part in wrap(text, width)]
            if group
            else []
        )
        self.query_one("#detail", Lines).set_lines([f" {text}" for text in said[:DETAIL]])
        self.query_one("#picture", Lines).set_lines([f" {text}" for text in self._picture(group)])

    def _picture(self, group: FigureGroup | None) -> list[str]:
        """Of a month its days, of a year or quarter its months, as far as there is room."""
        if group is None or self.shown is None or not group.visits:
            return []
        title = self.w(f"statistics.measure.{self.measure}")
        if self.by == "month" and group.key != TOTAL:
            first = date.fromisoformat(f"{group.key}-01")
            numbers, shades, fullest = strip(
                group, self.measure, first, _months_on(first, 1) - timedelta(days=1), self.w
            )
            return [f"{title}  {fullest}", numbers, shades] if self.size.width >= 64 else [f"{title}  {fullest}"]
        months = sorted({span_of(each.begins.date(), "month") for each in group.visits})
        first, last = date.fromisoformat(f"{months[0]}-01"), date.fromisoformat(f"{months[-1]}-01")
        names = [span_of(first, "month")]
        while names[-1] != months[-1]:
            names.append(span_of(_months_on(date.fromisoformat(f"{names[-1]}-01"), 1), "month"))
        names = names[-12:]
        values = [value_of(figures(v for v in group.visits if span_of(v.begins.date(), "month") == name), self.measure)
                  for name in names]  # fmt: skip
        drawn = line(values, [name[5:] for name in names], PICTURE - 1, 4)
        return (
            [f"{each:<50}{title if at == 0 else ''}".rstrip() for at, each in enumerate(drawn)] if last > first else []
        )

    def on_line_list_moved(self, event: LineList.Moved) -> None:
        super().on_line_list_moved(event)
        self._show_below()

    # -- commands ------------------------------------------------------------------------------------------

    def do_open(self) -> None:
        """Enter: the visits behind a figure; a visit."""
        key = self.listed.key
        if self.inside is not None:
            self.shell.open("visit", int(key))
            return
        group = self.chosen()
        if group is not None and self.shown is not None:
            self.inside = group.key
            self.show(self.shown)
            self.listed.key = str(group.visits[0].visit)

    def why_not_open(self) -> str | None:
        """There must be something behind the row."""
        if self.inside is not None:
            return None if self.listed.key else self.w("statistics.nothing_behind")
        group = self.chosen()
        return None if group is not None and group.visits else self.w("statistics.nothing_behind")

    async def do_by(self) -> None:
        """F4: what the figures are told apart by."""
        rows = [Row(axis, (self.w(f"statistics.by.{axis}"),)) for axis in AXES]
        chosen = await self.answer(PickOne(self.w("statistics.by_what"), rows))
        axis = next((each for each in AXES if each == chosen), None)
        if axis is not None:
            self.by, self.inside = axis, None
            self.reload()

    def do_measure(self) -> None:
        """F5: what bars, strip and line show."""
        self.measure = MEASURES[(MEASURES.index(self.measure) + 1) % len(MEASURES)]
        if self.shown is not None:
            self.show(self.shown)

    def do_span(self) -> None:
        """F7: a year, a quarter, a month."""
        self.span, self.inside = SPANS[(SPANS.index(self.span) + 1) % len(SPANS)], None
        self.reload()

    def do_earlier(self) -> None:
        """Left: the span before."""
        self._go(-1)

    def do_later(self) -> None:
        """Right: the span after."""
        self._go(1)

    def _go(self, by: int) -> None:
        self.first, self.inside = _months_on(self.days()[1].replace(day=1), by * MONTHS[self.span]), None
        self.reload()

    def do_back(self) -> None:
        """Esc: from the visits to the groups, then as everywhere."""
        if self.inside is not None and self.shown is not None and not self.listed.sought:
            key, self.inside = self.inside, None
            self.show(self.shown)
            self.listed.key = key or "-"
        else:
            super().do_back()


def _from(head: str) -> int:
    """From which terminal width on a column of figures is shown."""
    return {"planned": 66, "late": 70, "cancelled": 74}.get(head, 0)


def _months_on(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
