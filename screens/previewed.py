"""A request in lines for who decides it: what is asked, what the policy says to it, what it costs; the rest below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from models.form import Form, Leg
from models.policy.answer import Answer, PlanLine
from models.policy.model import entry_name, item_name
from models.queries.request_lists import Competing, Preview
from models.words.dates import say_day, say_moment
from models.words.money import say_money
from models.words.wrapping import wrap
from screens.extras import extras, rank, stop_line
from screens.kit.page import Page
from screens.kit.text import Line
from screens.requests import said_line

Texts = Iterator[tuple[str, str]]


def preview_lines(asked: Preview, page: Page, width: int, height: int = 0) -> list[Line]:
    """The request in lines of at most `width` cells, what a decision needs first in front, findings marked `!`.

    With `height` no more than so many lines, the last of which then says how much is left out.
    """
    lines: list[Line] = []
    for text, style in _Told(asked, page).texts():
        lines += [(line, style) for line in wrap(text, width)]
    if height and len(lines) > height:
        more = page.w("approvals.more", n=len(lines) - height + 1)
        return [*lines[: height - 1], (more, "dim")]
    return lines


class _Told:
    """One request in words."""

    def __init__(self, asked: Preview, page: Page) -> None:
        self.asked, self.page, self.w = asked, page, page.w
        self.form, self.policy, self.today = asked.form, asked.policy, page.shell.now().date()

    def texts(self) -> Texts:
        """Each thing with its style, in the order in which a decision needs them."""
        asked, form, w = self.asked, self.form, self.w
        tier = w.name(self.policy.name_of(asked.tier)) if asked.tier and self.policy.tiers else ""
        yield "  ".join(part for part in (form.client, tier) if part), "bold"
        guest = next((each for each in form.guests if each.principal), None) or next(iter(form.guests), None)
        who = " ".join(part for part in (guest.name, guest.post) if part) if guest else ""
        count = form.headcount or 0
        yield (w("today.party", who=who, n=count) if who else w("today.guests", n=count)), ""
        yield from self._times()
        purposes = [*self._names("purpose", form.purposes), form.purpose_text, form.reason]
        yield from self._if(" ".join(text for text in purposes if text))
        yield from self._changes()
        yield from self._objections()
        if asked.answer is not None:
            yield w("approvals.plan", total=self._money(asked.answer.total)), "bold"
        yield from self._host()
        for said in asked.said:
            yield said_line(said, self.page), ""
        yield from self._ahead()
        if asked.answer is not None:
            yield from self._notice(asked.answer)
            yield from ((w.text(each.text), "") for each in asked.findings if each.level == "info")
            yield from self._costs(asked.answer)
        yield from self._rest()

    def _times(self) -> Texts:
        arrive, depart = self.asked.comes, self.asked.goes
        if arrive and depart:
            leave = f"{depart:%H:%M}" if depart.date() == arrive.date() else f"{depart:%m-%d %H:%M}"
            yield f"{say_day(arrive.date(), self.today, self.w)} {arrive:%H:%M} - {leave}", ""

    def _changes(self) -> Texts:
        """What is asked to be other than approved: the old and the new."""
        asked, before, w = self.asked, self.asked.before, self.w
        if before is None:
            return
        yield w("approvals.change"), "bold"
        tiers = [w.name(self.policy.name_of(each)) if each else "-" for each in (before.tier, asked.tier)]
        yield from self._changed("tier", *tiers)
        yield from self._changed("headcount", str(before.headcount), str(self.form.headcount))
        hosts = [w.people(asked.names.get(each, "") for each in form.hosts) or "-" for form in (before, self.form)]
        yield from self._changed("hosts", *hosts)
        for key in ("arrive", "depart"):
            moments = [getattr(form, key) for form in (before, self.form)]
            yield from self._changed(key, *[say_moment(at, self.today, w) if at else "-" for at in moments])
        fields = {each: each for each in ("client", "purposes", "services", "wants", "lodging")} | {"meals": "meal"}
        others = [w(f"fields.{label}") for field, label in fields.items() if self._differs(field)]
        yield from self._if(w("approvals.change_too", fields=" ".join(others)) if others else "")

    def _differs(self, field: str) -> bool:
        return bool(getattr(self.asked.before, field) != getattr(self.form, field))

    def _changed(self, field: str, old: str, new: str) -> Texts:
        if old != new:
            label = self.w("approvals.host_label" if field == "hosts" else f"fields.{field}")
            yield self.w("approvals.changed", field=label, old=old, new=new), ""

    def _objections(self) -> Texts:
        """What the policy says against it, and which other visits matter to it."""
        asked, w = self.asked, self.w
        said = [f"! {w.text(asked.problem.phrase)}"] if asked.problem is not None else []
        for finding in asked.findings:
            if finding.level != "info":
                reason = self.form.reasons.get(finding.code, "") if finding.reasoned else ""
                said.append(f"! {w.text(finding.text)}" + (f" “{reason}”" if reason else ""))
        said += [f"! {self._competing(each)}" for each in asked.competing]
        for text in said:
            yield text, "alert"
        if not said:
            yield w("approvals.clear"), "good"

    def _competing(self, each: Competing) -> str:
        key = "approvals.competing" if each.firm else "approvals.competing_asked"
        until = f"{each.until:%H:%M}" if each.until else ""
        return self.w(key, thing=each.thing, client=each.client, time=f"{each.starts:%m-%d %H:%M}", until=until)

    def _host(self) -> Texts:
        hosts = self.w.people(name for _, name in self.asked.hosts) or "-"
        answer = self.asked.answer
        fits = self.w("approvals.fits") if answer is not None and answer.lead_host.satisfied else ""
        yield self.w("approvals.host", who=hosts, fits=fits).rstrip(), ""

    def _ahead(self) -> Texts:
        """Who comes after, and who is only told."""
        w = self.w
        stops = [stop_line(self.policy, stop, w) for stop in self.asked.ahead]
        yield from self._if(w("extra.ahead", stops=" -> ".join(stops)) if stops else "")

    def _notice(self, answer: Answer) -> Texts:
        """How long ahead, unless it is late, which a finding says."""
        notice, w = answer.notice, self.w
        if notice.needed is not None and notice.unit is not None and not notice.late:
            given, needed = (w(f"finding.span.{notice.unit}", n=n) for n in (notice.given, notice.needed))
            yield w("approvals.in_time", given=given, needed=needed), ""

    def _costs(self, answer: Answer) -> Texts:
        """The plan, lines of one item and price as one."""
        sums: dict[tuple[str, int | None, str], list[PlanLine]] = {}
        for line in answer.plan:
            if line.amount is not None or line.quantity:
                price = line.price if line.price is not None else line.cap
                sums.setdefault((line.item, price, line.payer), []).append(line)
        for (item, price, payer), lines in sums.items():
            quantity = sum((line.quantity for line in lines), Decimal())
            figure = f"{quantity.normalize():f}" + (f"x{self._money(price)}" if price is not None else "")
            known = [line.amount for line in lines if line.amount is not None]
            amount = f"= {self._money(sum(known))}" if known else ""
            over = sum(line.over for line in lines)
            beyond = self.w("approvals.over", amount=self._money(over)) if over else ""
            pays = self.w(f"approvals.pays.{payer}") if payer != "company" else ""
            parts = (self.w.text(item_name(self.policy, item)), figure, amount, beyond, pays)
            yield f" {' '.join(part for part in parts if part)}", ""

    def _rest(self) -> Texts:
        """What else the form says."""
        asked, form, w = self.asked, self.form, self.w
        if asked.companions:
            yield w("approvals.companions", n=len(asked.companions), who=" ".join(n for _, n in asked.companions)), ""
        chosen = [*self._names("service", form.services), *self._names("want", form.wants)]
        for text in (" ".join(chosen), form.services_text, form.other_text, form.arrangements):
            yield from self._if(text)
        for role, name in asked.leads:
            yield f"{w.name(self.policy.name_of(role))} {name}", ""
        yield w("approvals.applicant", who=asked.applicant or "-") + f"  {asked.number}", ""
        for label, text in extras(self.policy, form, w):
            yield f"{label} {text}", ""
        for each in form.guests:
            yield from self._if(
                " ".join(part for part in (each.name, each.post, each.address, rank(self.policy, each, w)) if part)
            )
        yield from self._legs(form)

    def _legs(self, form: Form) -> Texts:
        w = self.w
        for key, leg in (("arrive", form.arrival), ("depart", form.departure)):
            if leg != Leg():
                mode = w(f"today.mode.{leg.mode}") if leg.mode in ("plane", "train", "car", "other") else leg.mode
                at = say_moment(leg.at, self.today, w) if leg.at else ""
                parts = (w(f"fields.{key}"), mode, leg.number, leg.place, at, leg.plates)
                yield " ".join(part for part in parts if part), ""

    def _names(self, list_id: str, ids: Iterable[str]) -> list[str]:
        return [self.w.name(entry_name(self.policy, list_id, each)) for each in ids]

    def _if(self, text: str) -> Texts:
        if text:
            yield text, ""

    def _money(self, minor: int) -> str:
        return say_money(minor, self.policy.currency.minor)
