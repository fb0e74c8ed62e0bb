"""The tab of costs: planned, allowed, really paid, over standard line by line and never netted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from models.papers.receipt_list import over_standard
from models.policy.model import item_name
from models.queries.visit_arrangements import CostLine, lacking
from models.queries.visit_detail import VisitDetail, visit
from models.services import cost_verbs, validate
from models.services.cost_verbs import CostResult
from models.services.visits import overtaken
from screens.kit.choices import Choice, Option
from screens.kit.dialogs import Confirm
from screens.kit.fields import DayField, Field, MoneyField, ParsedField, TextField, parse_quantity
from screens.kit.form_dialog import FormDialog, Freshness
from screens.kit.linelist import Column, Row
from screens.kit.text import Line
from screens.visit.tab import VisitPage, VisitTab


def _row(page: VisitPage, line: CostLine) -> Row:
    cells = (
        "!" if line.over or line.lacks else "",
        named(page, line),
        f"{line.on:%m-%d}" if line.on else "",
        f"{line.quantity.normalize():f}",
        page.money(line.cap),
        page.money(line.planned),
        page.money(line.actual),
        page.money(line.over) if line.over else "",
        _remark(page, line),
    )
    return Row(str(line.id), cells, "alert" if line.over else "")


def named(page: VisitPage, line: CostLine) -> str:
    """What the line is for: 用餐 午餐, unlike any other of its day."""
    return page.w.name(line.name)


def _remark(page: VisitPage, line: CostLine) -> str:
    wanted = [page.w(f"visit.lack.{what}") for what in line.lacks]
    paid = [page.w(f"visit.payer.{line.payer}")] if line.payer != "company" else []
    return " ".join([*wanted, *paid, *(text for text in (line.decided_by, line.reason, line.receipt) if text)])


def told(page: VisitPage, line: CostLine) -> list[str]:
    """What was said of a line: its reason, receipt, who set it, who agreed to it."""
    facts = {"reason": line.reason, "receipt": line.receipt, "decided_by": line.decided_by}
    said = over_standard(line, page.w, page.money(line.over))
    said += [page.w(f"visit.said.{what}", text=text) for what, text in facts.items() if text]
    return said + [page.w("visit.said.signed", who=each.name, amount=page.money(each.amount)) for each in line.signed]


def summed(page: VisitPage, whole: VisitDetail) -> str:
    """Plan, paid, difference, over standard; how many lines are still to be entered; and what of it the company pays,
    where that is not all."""
    sums = whole.totals
    total = page.w("visit.totals", planned=page.money(sums.planned), actual=page.money(sums.actual),
                   difference=page.money(sums.company - sums.planned), over=page.money(sums.over))  # fmt: skip
    company = page.w("visit.company_pays", company=page.money(sums.company)) if sums.company != sums.actual else ""
    open_lines = sum("actual" in line.lacks for line in whole.costs)
    to_enter = page.w("visit.to_enter", n=open_lines) if open_lines else ""
    return "  ".join(part for part in (total, to_enter, company) if part)


class CostsTab(VisitTab):
    """What can be done with the lines of costs."""

    TAB = "costs"

    def table_columns(self) -> list[Column]:
        """What, when, how much of it, allowed, planned, paid, over, what is wanted or was said."""
        page = self.page
        w = page.w
        return [
            Column("", 1),
            Column(w("visit.item"), 14 if page.size.width < 78 else 18),
            Column(w("visit.day"), 5, "data"),
            Column(w("visit.quantity"), 4, "figure", wide=78),
            Column(w("visit.cap"), 7, "figure", wide=78),
            Column(w("visit.planned"), 8, "figure"),
            Column(w("visit.actual"), 8, "figure"),
            Column(w("visit.over"), 7, "figure"),
            Column(w("visit.remark"), 0),
        ]

    def table_rows(self, whole: VisitDetail) -> list[Row]:
        """Every line with its own over-standard mark."""
        page = self.page
        return [_row(page, line) for line in whole.costs]

    def row_detail(self, whole: VisitDetail, key: str) -> list[Line]:
        """The chosen line's words, and the sums of all lines."""
        page = self.page
        line = next((each for each in whole.costs if str(each.id) == key), None)
        said: list[Line] = []
        if line is not None:
            said = [f" {'  '.join([named(page, line), *told(page, line)])}"]
            said += [f" ! {'  '.join(page.w.text(phrase) for phrase in line.lacks.values())}"] if line.lacks else [""]
        return [*said, f" {summed(page, whole)}"]

    def chosen_cost(self) -> CostLine | None:
        """The line under the cursor."""
        return self._cost(int(self.key)) if self.key else None

    def _cost(self, expense: int) -> CostLine | None:
        lines = self.whole.costs if self.whole else ()
        return next((each for each in lines if each.id == expense), None)

    def _line_version(self, line: CostLine) -> int:
        now = self._cost(line.id)
        return now.version if now else line.version

    async def do_settle(self) -> None:
        """Enter: what the line really cost; over standard the reason is asked for at once."""
        line = self.chosen_cost()
        if line is None:
            return
        session, fields = self.session, self._fields(line)
        amount, quantity, receipt, decided, reason = fields

        def save() -> tuple[CostResult, tuple[str, ...]]:
            settled = cost_verbs.enter_actual(
                session, line.id, expected=self._line_version(line), amount=amount.value or 0, quantity=quantity.value,
                receipt=receipt.value, reason=reason.value,
                decided_by=decided.value if line.left_to_someone else None,
            )  # fmt: skip
            return settled, lacking(session, line.id)

        shown: list[Field] = [amount, quantity, receipt, *([decided] if line.left_to_someone else []), reason]
        title = self.w("visit.settle_title", item=named(self.page, line))
        fresh = Freshness(lambda: self._line_version(line), lambda: overtaken(self.page.visit_id))
        got = await self.page.answer(FormDialog(title, shown, save, needed=[amount], freshness=fresh))
        if got is None:
            return
        await self._owed(named(self.page, line), amount.value or 0, *got)
        self._onward(line)

    def _fields(self, line: CostLine) -> tuple[MoneyField, ParsedField[Decimal], TextField, TextField, TextField]:
        digits = self.session.policy.currency.minor
        paid = line.actual if line.actual is not None else line.planned
        return (
            MoneyField(self.w("visit.actual"), paid, digits=digits, id="amount"),
            self._quantity(line.quantity),
            TextField(self.w("visit.receipt"), line.receipt, id="receipt"),
            TextField(self.w("visit.decided_by"), line.decided_by, id="decided"),
            TextField(self.w("checklist.why"), line.reason, id="reason"),
        )  # fmt: skip

    def _quantity(self, quantity: Decimal) -> ParsedField[Decimal]:
        return ParsedField(
            self.w("visit.quantity"), quantity, read_quantity, lambda n: f"{n.normalize():f}", room=8, id="quantity"
        )

    async def _owed(self, item: str, amount: int, settled: CostResult, lacks: tuple[str, ...]) -> None:
        """Say what was entered, and ask at once for what the amount makes necessary."""
        self.page.say(self.w.text(settled.message))
        session = self.session
        fields = {"reason": TextField(self.w("checklist.why"), id="reason"),
                  "decided_by": TextField(self.w("visit.decided_by"), id="decided")}  # fmt: skip
        wanted = {what: field for what, field in fields.items() if what in lacks}
        if not wanted:
            return

        def save() -> CostResult:
            line = self._cost(settled.expense)
            given = {what: field.value for what, field in wanted.items()}
            seen = line.version if line else settled.version
            return cost_verbs.enter_actual(session, settled.expense, expected=seen, amount=amount, **given)

        title, needed = self.w("visit.owed_title", item=item), list(wanted.values())
        done = await self.page.answer(FormDialog(title, needed, save, needed=needed, text=self.w.text(settled.message)))
        if done is not None:
            self.page.say(self.w.text(done.message))

    def _onward(self, line: CostLine) -> None:
        """To the next line for which nothing is entered yet."""
        lines = list(self.whole.costs) if self.whole else []
        at = next((place for place, each in enumerate(lines) if each.id == line.id), 0)
        following = [each for each in lines[at + 1 :] if "actual" in each.lacks]
        if following:
            self.key = str(following[0].id)

    async def do_sign(self) -> None:
        """F5: agree to what a line cost beyond what was agreed to; asked first."""
        line = self.chosen_cost()
        if line is None:
            return
        session, seen = self.session, line.version
        amounts = {key: self.page.money(getattr(line, key)) for key in ("actual", "planned", "over")}
        text = self.w("visit.sign_text", item=named(self.page, line), **amounts)
        text += f"\n{line.reason}" if line.reason else ""
        if await self.page.answer(
            Confirm(self.w("visit.sign_asked"), self.w("visit.sign_yes"), self.w("kit.no"), text)
        ):
            self.page.write(
                lambda: cost_verbs.sign_expense(session, line.id, expected=seen),
                lambda done: self.page.say(self.w.text(done.message)),
            )

    def do_receipts(self) -> None:
        """The receipt list on a page of its own."""
        self.page.shell.open("receipts", self.page.visit_id)

    async def do_add(self) -> None:
        """F4: a line that nobody planned."""
        if self.whole is None:
            return
        session, policy, today = self.session, self.whole.policy, self.page.shell.now().date()
        items = [Option(entry.id, self.w.text(item_name(policy, entry.id))) for entry in policy.lists.get("item", ())]
        item = Choice(self.w("visit.item"), items, items[0].key if items else "", inline=True, id="item")
        label = TextField(self.w("visit.label"), id="label")
        amount = MoneyField(self.w("visit.actual"), digits=policy.currency.minor, id="amount")
        quantity = self._quantity(Decimal(1))
        on = DayField(self.w("visit.day"), self._spent_on(today), today=lambda: today, id="on")
        receipt = TextField(self.w("visit.receipt"), id="receipt")
        decided = TextField(self.w("visit.decided_by"), id="decided")
        reason = TextField(self.w("checklist.why"), id="reason")

        def save() -> tuple[CostResult, VisitDetail | None]:
            settled = cost_verbs.add_expense(
                session, self.page.visit_id, item=item.value, amount=amount.value or 0, label=label.value, on=on.value,
                quantity=quantity.value, receipt=receipt.value, decided_by=decided.value, reason=reason.value,
            )  # fmt: skip
            return settled, visit(session, self.page.visit_id)

        shown: list[Field] = [item, label, amount, quantity, on, receipt, decided, reason]
        got = await self.page.answer(FormDialog(self.w("visit.add_title"), shown, save, needed=[amount]))
        if got is None:
            return
        settled, whole = got
        self.page.show(whole)
        self.key = str(settled.expense)
        line = self._cost(settled.expense)
        if line is not None:
            await self._owed(named(self.page, line), line.actual or 0, settled, tuple(line.lacks))

    def _spent_on(self, today: date) -> date:
        """The day of the visit that is nearest to today."""
        return self.whole.nearest(today) if self.whole else today

    def do_remove(self) -> None:
        """Del: take a line away that was added."""
        line = self.chosen_cost()
        if line is not None:
            session, seen = self.session, line.version
            self.page.write(lambda: cost_verbs.remove_expense(session, line.id, expected=seen), self.page.done)


def read_quantity(text: str) -> Decimal:
    """How many were really used, halves too; raises Unreadable."""
    return parse_quantity(text, 0, validate.COUNT)
