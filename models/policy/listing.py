"""Any table of a policy as rows to read, in one language: what, how much or who, under which condition, by which id."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.policy.matrix import figure_of, unit_of
from models.policy.model import Booking, Cap, CapColumn, Linear, Moment, Notice, Part, Policy, When
from models.policy.parties import asked_name
from models.policy.record import record
from models.policy.spoken import Spoken
from models.words import Words


@record
class Listed:
    """A row said in one language; what there is nothing to say of is empty. `when` empty: it always holds."""

    id: str
    what: str
    figure: str
    when: str


def listed(policy: Policy, table: str, w: Words) -> tuple[Listed, ...]:
    """The rows of one of TABLES, in the file's order; a cap is a row for each of its columns."""
    return tuple(TABLES[table](Spoken(policy, w)))


Rows = Iterator[Listed]


# what the organisation is


def _version(s: Spoken) -> Rows:
    policy = s.policy
    yield Listed("judged_on", s.w("listing.general.judged_on"), s.w(f"listing.judged_on.{policy.judged_on}"), "")
    yield Listed("currency", s.w("listing.general.currency"), f"{policy.currency.code} {policy.currency.minor}", "")
    yield Listed("number", s.w("listing.general.number"), policy.number, "")
    yield Listed("own_request", s.w("listing.general.own_request"), s.w(f"listing.own.{policy.own_request}"), "")
    recorded = s.w(f"listing.recorded.{'yes' if policy.recorded else 'no'}")
    yield Listed("recorded", s.w("listing.general.recorded"), recorded, "")
    for label, name in policy.labels.items():
        yield Listed(label, s.w("listing.general.label", label=label), s.w.name(name), "")


def _tiers(s: Spoken) -> Rows:
    for tier in s.policy.tiers:
        yield Listed(tier.id, s.w.name(tier.name), s.w.name(tier.means) if tier.means else "", "")


def _kinds(s: Spoken) -> Rows:
    for kind in s.policy.kinds:
        applicants = s.w("listing.applicants", posts=s.parties(kind.applicants)) if kind.applicants else ""
        see = s.w("listing.see", posts=s.parties(kind.see)) if kind.see else ""
        yield Listed(kind.id, s.w.name(kind.name), s.joined([s.party(kind.owner), applicants, see]), "")


def _departments(s: Spoken) -> Rows:
    for each in s.policy.departments:
        alias = s.w.name(each.alias) if each.alias else ""
        yield Listed(each.id, s.w.name(each.name), s.joined([s.name(each.head) if each.head else "", alias]), "")


def _posts(s: Spoken) -> Rows:
    for post in s.policy.posts:
        up = s.w("listing.up", post=s.name(post.up)) if post.up else ""
        rank = s.value("guest_rank", post.rank) if post.rank else ""
        per_visit = s.w("listing.per_visit") if post.per_visit else ""
        parts = [s.name(post.department) if post.department else "", up, rank, per_visit]
        yield Listed(post.id, s.w.name(post.name), s.joined(parts), "")


def _groups(s: Spoken) -> Rows:
    for group in s.policy.groups:
        posts = [group.leader, *([group.deputy] if group.deputy else []), *group.posts]
        yield Listed(group.id, s.w.name(group.name), s.joined(map(s.name, posts)), "")


def _conduct(s: Spoken) -> Rows:
    for each in s.policy.conduct:
        yield Listed(each.id, s.w.name(each.text), "", "")


def _lists(s: Spoken) -> Rows:
    for list_id, entries in s.policy.lists.items():
        for entry in entries:
            said = [f"{entry.at:%H:%M}"] if entry.at else []
            said += [s.w.name(entry.means)] if entry.means else []
            yield Listed(entry.id, s.joined([list_id, s.w.name(entry.name)]), s.joined(said), "")


def _calendar(s: Spoken) -> Rows:
    calendar = s.policy.calendar
    for each in calendar.holidays:
        days = (
            f"{each.first}" if each.first == each.last else s.w("listing.range.from_to", low=each.first, high=each.last)
        )
        yield Listed("", s.w.name(each.name), days, "")
    for day in sorted(calendar.workdays):
        yield Listed("", s.w("listing.workday"), day.isoformat(), "")
    if calendar.only:
        yield Listed("only", s.w("listing.only"), "", "")


# choose tables


def _propose(s: Spoken) -> Rows:
    for row in s.policy.propose:
        yield Listed(row.id or "", s.name(row.tier), "", s.when(row.when))


def _routes(s: Spoken) -> Rows:
    for row in s.policy.routes:
        steps = [f"{s.parties(step.by)} {s.w(f'trial.step.{step.do}')}" for step in row.steps]
        yield Listed(row.id or "", "", "  ->  ".join(steps) or s.w("trial.no_route"), s.when(row.when))


def _notices(s: Spoken) -> Rows:
    for row in s.policy.notices:
        figure = s.joined([*_least_notice(s, row), *_never_notice(s, row)]) or s.w("trial.no_notice")
        yield Listed(row.id or "", "", figure, s.when(row.when))


def _least_notice(s: Spoken, row: Notice) -> Iterator[str]:
    if row.least is not None:
        yield s.w("matrix.notice_of", span=s.span(row.least), breach=s.w(f"matrix.breach.{row.breach}"))


def _never_notice(s: Spoken, row: Notice) -> Iterator[str]:
    if row.never is not None:
        key = "after" if row.never.number < 0 else "before" if row.never.number else "arrived"
        yield s.w(f"listing.never_notice.{key}", span=s.span(row.never))


def _lead_hosts(s: Spoken) -> Rows:
    for row in s.policy.lead_hosts:
        posts = s.parties(row.posts)
        parts = [s.w("matrix.at_least_of", n=row.at_least, posts=posts) if row.at_least != 1 else posts]
        parts += [s.w("listing.higher")] if row.higher else []
        parts += [s.w("listing.instead", posts=s.parties(row.instead))] if row.instead else []
        yield Listed(row.id or "", "", s.joined([*parts, s.breach("else", row.breach)]), s.when(row.when))


def _companions(s: Spoken) -> Rows:
    for row in s.policy.companions:
        limits = [s.w("listing.most", limit=s.limit(row.most))] if row.most else []
        limits += [s.breach("beyond", row.breach)] if row.most else []
        limits += [s.w("listing.never", limit=s.limit(row.never))] if row.never else []
        limits += [s.w("listing.not_counted", posts=s.parties(row.not_counted))] if row.not_counted else []
        yield Listed(row.id or "", s.parties(row.posts), s.joined(limits), s.when(row.when))


def _caps(s: Spoken) -> Rows:
    for row in s.policy.caps:
        for key, column in row.columns.items():
            of_column = s.w("listing.test", axis=s.axis(row.by), value=s.value(row.by, key)) if row.by and key else ""
            figure = s.joined([*_figures(s, row, column)]) or s.w("matrix.no_limit")
            parts = [figure, s.breach("beyond", row.breach)] if _limits(column) else [figure]
            yield Listed(column.id or "", _capped(s, row), s.joined(parts), s.joined([of_column, s.when(row.when)]))


def _limits(column: CapColumn) -> bool:
    return any(each is not None for each in (column.most, column.least, column.count, column.never))


def _capped(s: Spoken, cap: Cap) -> str:
    """What a cap is about: its items, and for a sum or a frequency whose and over which span."""
    items = " + ".join(s.value("item", item) for item in cap.items)
    if cap.count_over is None and _in_money(cap):
        return f"{items} {s.w.text(unit_of(s.policy, cap.per))}"
    return f"{items} {s.per(cap)}" if cap.count_over else f"{items} / {s.per(cap)}"


def _in_money(cap: Cap) -> bool:
    return "money" in cap.limits and any(
        isinstance(figure, Linear) for column in cap.columns.values() for figure in (column.most, column.least)
    )


def _figures(s: Spoken, cap: Cap, column: CapColumn) -> Iterator[str]:
    if column.most is not None:
        yield s.w.text(figure_of(s.policy, cap, column.most))
    if column.least is not None:
        key = "at_least" if isinstance(column.least, str) else "at_least_money"
        yield s.w(f"matrix.{key}", figure=figure_of(s.policy, cap, column.least))
    if column.count is not None:
        yield s.w("matrix.count", n=column.count)
    if column.never is not None:
        counts = column.most is None and column.least is None and column.count is not None
        is_count = counts and isinstance(column.never, Linear)
        said = s.limit(column.never) if is_count and isinstance(column.never, Linear) else None
        yield s.w("listing.never", limit=said or figure_of(s.policy, cap, column.never))
    if column.text is not None:
        yield s.w.name(column.text)


# collect tables


def _signs(s: Spoken) -> Rows:
    for row in s.policy.signs:
        does = s.w("trial.step.report" if row.do == "report" else "trial.step.sign")
        yield Listed(row.id or "", s.parties(row.by), does, s.when(row.when))


def _needs(s: Spoken) -> Rows:
    for row in s.policy.needs:
        bounds = [s.w("listing.at_least", limit=s.limit(row.least))] if row.least else []
        bounds += [s.w("listing.most", limit=s.limit(row.most))] if row.most else []
        asked = [_due(s, row.due), s.breach("else", row.breach)] if row.required else [s.w("listing.optional")]
        figure = s.joined([s.w(f"listing.type.{row.type}"), *bounds, *asked])
        yield Listed(row.id, s.w.name(row.name), figure, s.when(row.when))


def _checks(s: Spoken) -> Rows:
    for row in s.policy.checks:
        yield Listed(row.id or "", s.w.name(row.text), s.w(f"matrix.breach.{row.breach}"), s.when(row.when))


def _stages(s: Spoken) -> Rows:
    for row in s.policy.stages:
        figure = [s.moment(row.at)] if row.at else []
        figure += [s.w("listing.lasts", span=s.span(row.lasts))] if row.lasts else []
        figure += [s.w("listing.per_meal")] if row.per else []
        yield Listed(row.id, s.w.name(row.name), s.joined(figure), s.when(row.when))


def _duties(s: Spoken) -> Rows:
    for row in s.policy.duties:
        parts = s.joined(_part(s, part) for part in row.parts)
        what = s.w("listing.with_parts", what=s.w.name(row.text), parts=parts) if parts else s.w.name(row.text)
        figure = [
            s.w.name(asked_name(s.policy, row, by_kind=True)),
            s.name(row.stage) if row.stage else "",
            _due(s, row.due),
        ]
        figure += [s.w("listing.after", duties=" / ".join(row.after))] if row.after else []
        figure += [s.w("listing.assignee")] if row.assignee else []
        equipment = s.joined(s.value("equipment", each) for each in row.equipment)
        figure += [s.w("listing.equipment", what=equipment)] if equipment else []
        figure.append(_dropped(s, row.may_drop))
        yield Listed(row.id, what, s.joined(figure), s.when(row.when))


def _part(s: Spoken, part: Part) -> str:
    """A piece of a duty, with its own conditions."""
    said = s.joined([s.when(part.when), _dropped(s, part.may_drop)])
    return s.w("listing.part", what=s.w.name(part.text), when=said) if said else s.w.name(part.text)


def _dropped(s: Spoken, may_drop: When | None) -> str:
    """For which visits something may be left out; empty where for none."""
    if may_drop is None:
        return ""
    return s.w("listing.may_drop_when", when=s.when(may_drop)) if may_drop else s.w("listing.may_drop")


def _due(s: Spoken, due: Moment | None) -> str:
    return s.w("listing.due", moment=s.moment(due)) if due else ""


def _changes(s: Spoken) -> Rows:
    for row in s.policy.changes:
        fields = (
            s.w("listing.rises", field=s.field(field[:-1])) if field.endswith("+") else s.field(field)
            for field in row.fields
        )
        yield Listed(row.id or "", s.joined(fields), s.w(f"listing.ask.{row.ask}"), s.when(row.when))


def _bookings(s: Spoken) -> Rows:
    for row in s.policy.bookings:
        things = " / ".join(s.w(f"listing.thing.{thing}") for thing in row.things)
        if row.clash is None:
            about = " / ".join(map(s.purpose, row.purposes))
            figure = _held(s, row)
        else:
            about = s.w(f"listing.clash.{row.clash}")
            least = [s.w("listing.at_least", limit=s.span(row.least))] if row.least else []
            figure = s.joined([*least, s.w(f"matrix.breach.{row.breach}")])
        yield Listed(row.id or "", s.w("listing.booking", things=things, about=about), figure, s.when(row.when))


def _held(s: Spoken, row: Booking) -> str:
    """From when until when."""
    before = s.w("listing.held.before", span=s.span(row.before)) if row.before else s.w("listing.held.from")
    after = s.w("listing.held.after", span=s.span(row.after)) if row.after else s.w("listing.held.until")
    return s.joined([before, after])


TABLES: dict[str, Callable[[Spoken], Rows]] = {
    "version": _version,
    "tier": _tiers,
    "kind": _kinds,
    "department": _departments,
    "post": _posts,
    "group": _groups,
    "conduct": _conduct,
    "list": _lists,
    "calendar": _calendar,
    "propose": _propose,
    "route": _routes,
    "notice": _notices,
    "lead_host": _lead_hosts,
    "companions": _companions,
    "cap": _caps,
    "sign": _signs,
    "need": _needs,
    "check": _checks,
    "stage": _stages,
    "duty": _duties,
    "change": _changes,
    "booking": _bookings,
}
"""Every table by its name in the file, `version` for what stands in none."""

CHOOSE = ("propose", "route", "notice", "lead_host", "companions", "cap", "booking")
"""The tables in which the order of the rows counts."""
