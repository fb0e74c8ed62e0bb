"""THE registry of commands: it feeds keys, key line, F2 menu, F1 help and `jiedai keys`. Imports no Textual.

One table per screen, in the order of its menu. A row names what the command needs and the method that does it; as it
only calls them once a key is pressed, no screen is imported to read the table. A key is written as the character itself
(`1`, `a`, `/`) or by name (`enter`, `space`, `f2`, `pagedown`, `ctrl+p`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from models.frozen import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from models.words import Words
    from screens.approvals import Approvals
    from screens.calendar import Calendar
    from screens.checklist import ChecklistScreen, TaskList
    from screens.clients import Clients
    from screens.day_actions import DayActions
    from screens.first_run import FirstRun
    from screens.handover import HandoverScreen
    from screens.journal_screen import JournalScreen
    from screens.kit.page import Page
    from screens.lanes import LanesScreen
    from screens.muster import MusterScreen
    from screens.notifications import Notifications
    from screens.papers import Papers
    from screens.receipts import Receipts
    from screens.recorded import RecordedScreen
    from screens.register import RegisterScreen
    from screens.regulation import PolicyTables
    from screens.requests import Requests
    from screens.resources import Resources
    from screens.stand_ins import StandInsScreen
    from screens.standards import Standards
    from screens.statistics import StatisticsScreen
    from screens.today import Today
    from screens.visit.arrangements_tab import ArrangementsTab
    from screens.visit.bookings_tab import BookingsTab
    from screens.visit.costs_tab import CostsTab
    from screens.visit.form_tab import NotesTab
    from screens.visit.programme_tabs import StagesTab, TasksTab
    from screens.visit.tab import VisitTab
    from screens.visit.travel_tab import TravelTab
    from screens.visit.visit_screen import VisitScreen
    from screens.wizard.wizard_screen import Wizard

P = TypeVar("P")
"""What does a command: the screen it is offered on, or a tab of it."""


@record
class Command(Generic[P]):
    """One thing a person can do; its words are the catalogue keys `commands.<id>.name`, `.help` and `.short`.

    `id` is `<where>.<tail>`, `where` being the screen or `app`; `keys` by name (see the module). `run` does it, sync or
    async; `needs` are asked in turn before, the first reason one of them gives is why it does not apply now. `footer`
    puts it on the key line; `menu` lists it in the F2 menu; `opens` is the screen of the tabs that it goes to. `parts`
    names the parts of its screen (tabs of its own) on which alone it is offered.
    """

    id: str
    keys: tuple[str, ...]
    run: Callable[[P], object]
    needs: tuple[Callable[[P], str | None], ...] = ()
    footer: bool = False
    menu: bool = True
    opens: str = ""
    parts: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The screen this belongs to, or `app`."""
        return self.id.partition(".")[0]

    @property
    def tail(self) -> str:
        """The id without its screen."""
        return self.id.partition(".")[2]

    def why_not(self, page: P) -> str | None:
        """The reason why it does not apply now, None when it does."""
        for need in self.needs:
            reason = need(page)
            if reason is not None:
                return reason
        return None


# -- what commands need: None where it is there, else the sentence that says what is missing -----------------


class Ruled(Protocol):
    """What knows the actor's rights."""

    def barred(self, verb: str) -> str | None:
        """Why the actor may not do the verb here and now."""
        ...


def can(verb: str) -> Callable[[Ruled], str | None]:
    """The actor must have the right to the verb."""
    return lambda page: page.barred(verb)


def acting(page: Page) -> str | None:
    """Whoever acts must be registered."""
    return page.nobody_acts()


def a_task(tasks: TaskList) -> str | None:
    """There must be a task under the cursor."""
    return None if tasks.chosen_task() else tasks.w("checklist.none_chosen")


def an_open_task(tasks: TaskList) -> str | None:
    """The task under the cursor must be open."""
    line = tasks.chosen_task()
    return tasks.w(f"refused.task.{line.state}") if line is not None and line.state != "open" else a_task(tasks)


def open_tasks(tasks: TaskList) -> str | None:
    """There must be an open task in the list."""
    return None if any(line.state == "open" for line in tasks.listed_tasks()) else tasks.w("remind.none")


def tasks_due(tasks: TaskList) -> str | None:
    """Something in the list must be due by the end of today."""
    return None if tasks.due_today() else tasks.w("checklist.nothing_due")


def own_ticks(tasks: TaskList) -> str | None:
    """There must be ticks of one's own to take back."""
    return None if tasks.last_many or tasks.last_tick else tasks.w("checklist.nothing_to_undo")


def a_stage(tab: StagesTab) -> str | None:
    """There must be a stage under the cursor."""
    return None if tab.chosen_stage() else tab.w("visit.no_stages")


def an_applicable_stage(tab: StagesTab) -> str | None:
    """The stage must not be left out."""
    line = tab.chosen_stage()
    return tab.w("refused.stage_not_begun") if line is not None and line.state == "not_applicable" else None


def a_stage_to_come(tab: StagesTab) -> str | None:
    """The stage must not have begun."""
    line = tab.chosen_stage()
    return tab.w("refused.stage_begun") if line is not None and line.state in ("under_way", "done") else None


def a_booking(tab: BookingsTab) -> str | None:
    """There must be a booking under the cursor."""
    return None if tab.chosen_booking() else tab.w("bookings.nothing")


def a_booking_or_proposal(tab: BookingsTab) -> str | None:
    """There must be a booking or a proposal under the cursor."""
    return None if tab.chosen_proposal() else a_booking(tab)


def a_leg(tab: TravelTab) -> str | None:
    """There must be a group of guests under the cursor."""
    return None if tab.chosen_leg() else tab.w("travel.none_chosen")


def a_leg_to_come(tab: TravelTab) -> str | None:
    """The group must be expected: on its way at most, or waiting to be met."""
    line = tab.chosen_leg()
    if line is None or (line.way == "arrival" and line.state in ("planned", "on_way", "here")):
        return None
    return tab.w("refused.leg_at_end", state=tab.w(f"travel.state.{line.state}"))


def a_leg_not_here(tab: TravelTab) -> str | None:
    """The group must not be here, or gone; and have a time."""
    line = tab.chosen_leg()
    if line is not None and line.state not in ("planned", "on_way"):
        return tab.w("refused.leg_here")
    return tab.w("refused.leg_without_time") if line is not None and line.at is None else None


def an_added_leg(tab: TravelTab) -> str | None:
    """The group must not be the form's own."""
    line = tab.chosen_leg()
    return tab.w("refused.own_leg") if line is not None and line.own else None


def a_departure(tab: TravelTab) -> str | None:
    """The group must be one that goes."""
    line = tab.chosen_leg()
    return tab.w("refused.ticket_back") if line is not None and line.way != "departure" else None


def costs(tab: CostsTab) -> str | None:
    """There must be lines of costs."""
    return None if tab.whole and tab.whole.costs else tab.w("visit.no_costs")


def a_cost(tab: CostsTab) -> str | None:
    """There must be a line of costs under the cursor."""
    return None if tab.chosen_cost() else tab.w("visit.no_costs")


def an_added_cost(tab: CostsTab) -> str | None:
    """The line must not be planned, but added."""
    line = tab.chosen_cost()
    return tab.w("refused.expense_planned") if line is not None and not line.added else None


def an_unsigned_cost(tab: CostsTab) -> str | None:
    """The line must want a signature."""
    line = tab.chosen_cost()
    return None if line is not None and "signature" in line.lacks else tab.w("refused.nothing_to_sign")


def a_cost_to_sign(tab: CostsTab) -> str | None:
    """The signature that the line wants must be the actor's."""
    line = tab.chosen_cost()
    return tab.w.text(line.lacks["signature"]) if line is not None and not line.may_sign else None


def a_promise(tab: NotesTab) -> str | None:
    """The note under the cursor must be a promise."""
    note = tab.chosen_note()
    return None if note is not None and note.promise else tab.w("refused.no_promise")


def a_line(tab: VisitTab) -> str | None:
    """There must be a line under the cursor."""
    return None if tab.key else tab.w("kit.nothing")


def a_filed_visit(page: VisitScreen) -> str | None:
    """It must have been filed: a draft has no client yet."""
    return None if page.whole and page.whole.number else page.w("visit.no_brief")


def a_record_to_confirm(page: VisitScreen) -> str | None:
    """A decision must be recorded for the actor that they did not confirm yet."""
    return None if page.whole and page.whole.unconfirmed else page.w("visit.nothing_to_confirm")


def a_visit_today(page: Today) -> str | None:
    """There must be a visit under the cursor."""
    return None if page.chosen() else page.w("today.none_chosen")


def a_visit_to_change(page: Today) -> str | None:
    """There must be a visit; whether it can be changed its screen says."""
    return None if page.chosen() else page.w("kit.nothing")


def a_visit_on_day(page: Calendar) -> str | None:
    """The chosen day must have a visit."""
    return None if page.chosen() else page.w("calendar.none_chosen")


def a_request(page: Requests) -> str | None:
    """There must be a request under the cursor."""
    return None if page.chosen() else page.w("requests.none_chosen")


def a_request_in(state: str) -> Callable[[Requests], str | None]:
    """The request must be in that state."""

    def condition(page: Requests) -> str | None:
        line = page.chosen()
        away = line is not None and line.state != state
        return page.w("requests.not_now", state=page.state_of(line)) if line is not None and away else None

    return condition


def a_pending(page: Approvals) -> str | None:
    """There must be a request under the cursor."""
    return None if page.chosen() else page.w("approvals.none_chosen")


def a_pending_or_cost(page: Approvals) -> str | None:
    """There must be a request under the cursor, or costs."""
    return None if page.chosen_cost() else a_pending(page)


def a_recordable(page: Approvals) -> str | None:
    """Recording is the coordinator's, where the policy lets decisions be recorded."""
    each = page.chosen()
    return page.w("refused.not_recorder") if each is not None and not each.record else None


def a_receipt(page: Receipts) -> str | None:
    """There must be a line under the cursor."""
    return None if page.chosen_line() else page.w("visit.no_costs")


def receipts_read(page: Receipts) -> str | None:
    """The list must be read."""
    return None if page.whole else page.w("kit.nothing")


def handover_read(page: HandoverScreen) -> str | None:
    """The page must be read."""
    return None if page.found else page.w("kit.nothing")


def a_later_shift(page: HandoverScreen) -> str | None:
    """Tomorrow has no shift that is over."""
    return page.w("handover.no_later") if page.shown_day() >= page.shell.now().date() else None


def a_policy_row(page: PolicyTables) -> str | None:
    """There must be a row under the cursor."""
    return None if page.listed.key else page.w("tables.none_chosen")


def another_version(page: PolicyTables) -> str | None:
    """There must be another version."""
    return None if len(page.versions) > 1 else page.w("tables.one_version")


def a_client(page: Clients) -> str | None:
    """There must be a client under the cursor."""
    return None if page.client() else page.w("clients.none_chosen")


def a_known_client(page: Clients) -> str | None:
    """The client's record must be read."""
    return None if page.known() else page.w("clients.none_chosen")


def another_client(page: Clients) -> str | None:
    """There must be a client to merge this one with."""
    return None if len(page.shown or ()) > 1 else page.w("clients.no_twins")


def a_post_or_person(page: RegisterScreen) -> str | None:
    """There must be a row under the cursor."""
    return None if page.row_key else page.w("register.none_chosen")


def a_person(page: RegisterScreen) -> str | None:
    """There must be a person under the cursor."""
    return None if page.person() else page.w("register.no_person")


def a_holding(page: RegisterScreen) -> str | None:
    """Something must be held."""
    return None if page.holdings() else page.w("register.nothing_held")


def a_standing_body(page: RegisterScreen) -> str | None:
    """The policy must have a standing body."""
    return None if page.shown and page.shown.bodies else page.w("register.no_group")


def a_resource(page: Resources) -> str | None:
    """There must be something under the cursor."""
    return None if page.line() else page.w("resources.none_chosen")


def a_message(page: Notifications) -> str | None:
    """There must be somebody to tell under the cursor."""
    return None if page.line() else page.w("kit.nothing")


def messages(page: Notifications) -> str | None:
    """There must be something to tell."""
    return None if page.shown else page.w("kit.nothing")


def choosing(page: FirstRun) -> str | None:
    """One must not be typing people in."""
    return page.w("first_run.save_or_back") if page.filling else None


def filling(page: FirstRun) -> str | None:
    """One must be typing people in."""
    return None if page.filling else page.w("first_run.choose_first")


def not_on_last_page(page: Wizard) -> str | None:
    """There must be a page more."""
    return page.w("wizard.last_page") if page.on_last_page else None


def not_on_first_page(page: Wizard) -> str | None:
    """There must be a page before."""
    return page.w("wizard.first_page") if page.page == 1 else None


def a_removed_row(page: Wizard) -> str | None:
    """Something must have been taken out on this page."""
    return None if page.removed else page.w("wizard.nothing_removed")


def of_list(condition: Callable[[TaskList], str | None]) -> Callable[[ChecklistScreen], str | None]:
    """The condition, of the list of the Checklist."""
    return lambda page: condition(page.listed)


# -- the tables ----------------------------------------------------------------------------------------------


def _tab(digit: str, screen: str) -> Command[Page]:
    """The command that goes to a screen of the tabs."""
    return Command(f"app.{screen}_tab", (digit,), lambda page: page.shell.go(screen), menu=False, opens=screen)


APP: tuple[Command[Page], ...] = (
    Command("app.menu", ("f2",), lambda page: page.do_menu(), footer=True, menu=False),
    Command("app.find", ("f3", "/"), lambda page: page.do_find(), (lambda page: page.why_not_find(),), footer=True,
            menu=False),
    Command("app.standards", ("f6",), lambda page: page.do_standards(), footer=True, menu=False),
    Command("app.help", ("f1", "?"), lambda page: page.do_help(), footer=True, menu=False),
    Command("app.journal", ("f11",), lambda page: page.do_journal(), (lambda page: page.why_not_journal(),)),
    Command("app.muster", ("f12",), lambda page: page.do_muster(), (lambda page: page.why_not_muster(),)),
    Command("app.person", (), lambda page: page.shell.choose_person(), (lambda page: page.why_not_person(),)),
    Command("app.language", (), lambda page: page.shell.do_language()),
    Command("app.redraw", ("ctrl+l",), lambda page: page.shell.do_redraw(), menu=False),
    Command("app.back", ("escape",), lambda page: page.do_back(), menu=False),
    Command("app.leave", ("f10",), lambda page: page.shell.do_leave()),
    _tab("1", "today"),
    _tab("2", "calendar"),
    _tab("3", "requests"),
    _tab("4", "approvals"),
    _tab("5", "checklist"),
    _tab("6", "standards"),
    _tab("7", "clients"),
    _tab("8", "statistics"),
    _tab("9", "register"),
)  # fmt: skip
"""What works on every screen."""

TODAY: tuple[Command[Today], ...] = (
    Command("today.open", ("enter",), lambda page: page.do_open(), (a_visit_today,), footer=True),
    Command("today.next_state", ("space",), lambda page: page.do_next_state(),
            (lambda page: page.why_not_next_state(),), footer=True),
    Command("today.take_back", ("backspace", "z"), lambda page: page.do_take_back(),
            (lambda page: page.why_not_take_back(),)),
    Command("today.delay", ("d",), lambda page: page.do_delay(), (lambda page: page.why_not_delay(),)),
    Command("today.note", ("o",), lambda page: page.do_note(), (a_visit_today,)),
    Command("today.change", ("f8", "e"), lambda page: page.do_change(), (a_visit_to_change,), footer=True),
    Command("today.notifications", ("f7", "w"), lambda page: page.shell.open("notifications")),
    Command("today.handover", ("f9", "h"), lambda page: page.shell.open("handover")),
    Command("today.no_show", (), lambda page: page.do_no_show(),
            (lambda page: page.why_not_no_show(),)),
    Command("today.new", ("n",), lambda page: page.do_new(), (acting,)),
    Command("today.earlier", ("left",), lambda page: page.do_earlier()),
    Command("today.later", ("right",), lambda page: page.do_later(), footer=True),
    Command("today.go_to", ("g",), lambda page: page.do_go_to()),
    Command("today.this_day", ("t",), lambda page: page.do_this_day()),
    Command("today.mine", ("m",), lambda page: page.do_mine(), (acting,)),
    Command("today.lanes", ("f4", "v"), lambda page: page.shell.open("lanes", page.day)),
)  # fmt: skip

CALENDAR: tuple[Command[Calendar], ...] = (
    Command("calendar.open", ("enter",), lambda page: page.do_open(), (a_visit_on_day,), footer=True),
    Command("calendar.week", ("f4", "w"), lambda page: page.do_week(), footer=True),
    Command("calendar.earlier", ("left",), lambda page: page.do_earlier()),
    Command("calendar.later", ("right",), lambda page: page.do_later()),
    Command("calendar.go_to", ("f5", "g"), lambda page: page.do_go_to(), footer=True),
    Command("calendar.this_day", ("t",), lambda page: page.do_this_day()),
    Command("calendar.new", ("n",), lambda page: page.do_new(), (acting,)),
    Command("calendar.lanes", ("f7", "v"), lambda page: page.shell.open("lanes", page.day)),
)

REQUESTS: tuple[Command[Requests], ...] = (
    Command("requests.open", ("enter",), lambda page: page.do_open(), (a_request,), footer=True),
    Command("requests.new", ("f4", "n"), lambda page: page.do_new(), (acting,), footer=True),
    Command("requests.urge", ("f5", "u"), lambda page: page.do_urge(),
            (a_request, a_request_in("submitted"), can("urge")), footer=True),
    Command("requests.copy", ("c",), lambda page: page.do_copy(), (a_request, acting)),
    Command("requests.withdraw", ("w",), lambda page: page.do_withdraw(),
            (a_request, a_request_in("submitted"), can("withdraw"))),
    Command("requests.discard", ("delete",), lambda page: page.do_discard(),
            (a_request, a_request_in("draft"), can("discard"))),
    Command("requests.mine", ("left", "right", "m"), lambda page: page.do_mine(), (acting,), footer=True),
)  # fmt: skip

WIZARD: tuple[Command[Wizard], ...] = (
    Command("wizard.submit", ("enter",), lambda page: page.do_submit(), (lambda page: page.why_not_submit(),),
            footer=True),
    Command("wizard.next", ("pagedown", "f8"), lambda page: page.do_next(), (not_on_last_page,), footer=True),
    Command("wizard.previous", ("pageup", "f7"), lambda page: page.do_previous(), (not_on_first_page,), footer=True),
    Command("wizard.add", ("f4",), lambda page: page.do_add(), (lambda page: page.why_not_add(),), footer=True),
    Command("wizard.remove", ("f5", "delete"), lambda page: page.do_remove(), (lambda page: page.why_not_remove(),),
            footer=True),
    Command("wizard.undo", ("f9",), lambda page: page.do_undo(), (a_removed_row,), footer=True),
    Command("wizard.discard", (), lambda page: page.do_discard(), (lambda page: page.why_not_discard(),)),
)  # fmt: skip

APPROVALS: tuple[Command[Approvals], ...] = (
    Command("approvals.decide", ("enter",), lambda page: page.do_decide(),
            (lambda page: page.why_not_decide(),), footer=True),
    Command("approvals.read", ("space",), lambda page: page.do_read(), (a_pending_or_cost,), footer=True),
    Command("approvals.record", ("f5",), lambda page: page.do_record(), (a_pending, a_recordable), footer=True),
    Command("approvals.open", ("f4", "o"), lambda page: page.do_open(), (a_pending_or_cost,), footer=True),
    Command("approvals.delegate", ("f7", "d"), lambda page: page.do_delegate(), (a_pending, can("delegate"))),
    Command("approvals.undo", ("backspace", "z"), lambda page: page.do_undo(), (lambda page: page.why_not_undo(),)),
    Command("approvals.stand_ins", ("f8", "s"), lambda page: page.shell.open("stand_ins")),
    Command("approvals.recorded", ("f9", "c"), lambda page: page.shell.open("recorded")),
    Command("approvals.mine", ("left", "right", "m"), lambda page: page.do_mine(), footer=True),
)  # fmt: skip

CHECKLIST: tuple[Command[ChecklistScreen], ...] = (
    Command("checklist.tick", ("space",), lambda page: page.listed.do_tick(),
            (lambda page: page.listed.why_not_tick(),), footer=True),
    Command("checklist.parts", ("enter",), lambda page: page.listed.do_parts(), (of_list(a_task),), footer=True),
    Command("checklist.open", ("f4", "o"), lambda page: page.do_open(), (of_list(a_task),), footer=True),
    Command("checklist.remind", ("f7", "r"), lambda page: page.listed.do_remind(), (of_list(open_tasks),), footer=True),
    Command("checklist.assign", ("f5", "a"), lambda page: page.listed.do_assign(), (of_list(an_open_task),),
            footer=True),
    Command("checklist.mark", ("f8", "x"), lambda page: page.listed.do_mark(), (of_list(an_open_task),)),
    Command("checklist.tick_due", ("f9",), lambda page: page.listed.do_tick_due(), (of_list(tasks_due),)),
    Command("checklist.drop", ("delete", "d"), lambda page: page.listed.do_drop(),
            (lambda page: page.listed.why_not_drop(),)),
    Command("checklist.undo", ("backspace", "z"), lambda page: page.listed.do_undo(), (of_list(own_ticks),)),
    Command("checklist.read", ("i",), lambda page: page.listed.do_read(), (of_list(a_task),)),
    Command("checklist.earlier", ("left",), lambda page: page.do_earlier()),
    Command("checklist.later", ("right",), lambda page: page.do_later(), footer=True),
    Command("checklist.mine", ("m",), lambda page: page.do_mine()),
)  # fmt: skip

_ON_STAGES = ("stages",)
_ON_BOOKINGS = ("bookings",)
_ON_TRAVEL = ("travel",)
_ON_ARRANGEMENTS = ("arrangements",)
_ON_TASKS = ("tasks",)
_ON_COSTS = ("costs",)
_ON_NOTES = ("notes",)

STAGES: tuple[Command[StagesTab], ...] = (
    Command("visit.stage_next", ("space",), lambda tab: tab.do_next(),
            (a_stage, can("stage"), an_applicable_stage), footer=True, parts=_ON_STAGES),
    Command("visit.stage_plan", ("enter",), lambda tab: tab.do_plan(), (a_stage, can("stage")), footer=True,
            parts=_ON_STAGES),
    Command("visit.stage_skip", ("delete", "d"), lambda tab: tab.do_skip(),
            (a_stage, a_stage_to_come, can("stage")), parts=_ON_STAGES),
)  # fmt: skip

BOOKINGS: tuple[Command[BookingsTab], ...] = (
    Command("visit.book_take", ("space",), lambda tab: tab.do_take(),
            (lambda tab: tab.why_not_take(), can("book")), footer=True, parts=_ON_BOOKINGS),
    Command("visit.book_open", ("enter",), lambda tab: tab.do_open(), (a_booking_or_proposal, can("book")),
            footer=True, parts=_ON_BOOKINGS),
    Command("visit.book_add", ("f4", "a"), lambda tab: tab.do_add(), (can("book"),), footer=True,
            parts=_ON_BOOKINGS),
    Command("visit.book_move", ("f5", "t"), lambda tab: tab.do_move(), (a_booking, can("book")), footer=True,
            parts=_ON_BOOKINGS),
    Command("visit.book_release", ("delete", "d"), lambda tab: tab.do_release(), (a_booking, can("book")),
            parts=_ON_BOOKINGS),
)  # fmt: skip

TRAVEL: tuple[Command[TravelTab], ...] = (
    Command("visit.leg_next", ("space",), lambda tab: tab.do_next(),
            (a_leg, lambda tab: tab.why_not_next()), footer=True, parts=_ON_TRAVEL),
    Command("visit.leg_change", ("enter",), lambda tab: tab.do_change(), (a_leg, can("arrange")), footer=True,
            parts=_ON_TRAVEL),
    Command("visit.leg_delay", ("f5", "d"), lambda tab: tab.do_delay(), (a_leg, a_leg_not_here, can("track")),
            footer=True, parts=_ON_TRAVEL),
    Command("visit.leg_add", ("f4", "a"), lambda tab: tab.do_add(), (can("arrange"),), footer=True,
            parts=_ON_TRAVEL),
    Command("visit.leg_back", ("backspace", "z"), lambda tab: tab.do_back(),
            (a_leg, lambda tab: tab.why_not_back()), parts=_ON_TRAVEL),
    Command("visit.leg_ticket", ("b",), lambda tab: tab.do_ticket(), (a_leg, a_departure, can("arranged")),
            parts=_ON_TRAVEL),
    Command("visit.leg_miss", (), lambda tab: tab.do_miss(), (a_leg, a_leg_to_come, can("miss")), parts=_ON_TRAVEL),
    Command("visit.leg_remove", ("delete",), lambda tab: tab.do_remove(), (a_leg, an_added_leg, can("arrange")),
            parts=_ON_TRAVEL),
)  # fmt: skip

ARRANGEMENTS: tuple[Command[ArrangementsTab], ...] = (
    Command("visit.arrange_tick", ("space",), lambda tab: tab.do_tick(),
            (lambda tab: tab.why_not_tick(),), footer=True, parts=_ON_ARRANGEMENTS),
    Command("visit.arrange_change", ("enter",), lambda tab: tab.do_change(),
            (lambda tab: tab.why_not_change(),), footer=True, parts=_ON_ARRANGEMENTS),
    Command("visit.arrange_add", ("f4", "a"), lambda tab: tab.do_add(), (can("arrange"), can("amend")),
            footer=True, parts=_ON_ARRANGEMENTS),
    Command("visit.arrange_remove", ("delete", "d"), lambda tab: tab.do_remove(),
            (lambda tab: tab.why_not_remove(), can("arrange"), can("amend")), parts=_ON_ARRANGEMENTS),
    Command("visit.arrange_reset", ("f5", "r"), lambda tab: tab.do_reset(),
            (lambda tab: tab.why_not_reset(),), parts=_ON_ARRANGEMENTS),
)  # fmt: skip

TASKS: tuple[Command[TasksTab], ...] = (
    Command("visit.tick", ("space",), lambda tab: tab.do_tick(), (lambda tab: tab.why_not_tick(),), footer=True,
            parts=_ON_TASKS),
    Command("visit.parts", ("enter",), lambda tab: tab.do_parts(), (a_task,), footer=True, parts=_ON_TASKS),
    Command("visit.assign", ("f5", "a"), lambda tab: tab.do_assign(), (an_open_task,), footer=True, parts=_ON_TASKS),
    Command("visit.remind", ("r",), lambda tab: tab.do_remind(), (open_tasks,), parts=_ON_TASKS),
    Command("visit.mark", ("x",), lambda tab: tab.do_mark(), (an_open_task,), parts=_ON_TASKS),
    Command("visit.tick_due", (), lambda tab: tab.do_tick_due(), (tasks_due,), parts=_ON_TASKS),
    Command("visit.mine", ("m",), lambda tab: tab.do_mine(), parts=_ON_TASKS),
    Command("visit.drop", ("delete", "d"), lambda tab: tab.do_drop(), (lambda tab: tab.why_not_drop(),),
            parts=_ON_TASKS),
    Command("visit.undo", ("backspace", "z"), lambda tab: tab.do_undo(), (own_ticks,), parts=_ON_TASKS),
    Command("visit.read", ("i",), lambda tab: tab.do_read(), (a_task,), parts=_ON_TASKS),
)  # fmt: skip

COSTS: tuple[Command[CostsTab], ...] = (
    Command("visit.settle", ("enter",), lambda tab: tab.do_settle(), (a_cost, can("settle")), footer=True,
            parts=_ON_COSTS),
    Command("visit.cost_add", ("f4", "a"), lambda tab: tab.do_add(), (can("settle"),), footer=True,
            parts=_ON_COSTS),
    Command("visit.cost_remove", ("delete", "d"), lambda tab: tab.do_remove(),
            (a_cost, can("settle"), an_added_cost), parts=_ON_COSTS),
    Command("visit.cost_sign", ("f5", "s"), lambda tab: tab.do_sign(),
            (an_unsigned_cost, can("sign"), a_cost_to_sign), footer=True, parts=_ON_COSTS),
    Command("visit.receipts", ("r",), lambda tab: tab.do_receipts(), (costs,), footer=True, parts=_ON_COSTS),
)  # fmt: skip

NOTES: tuple[Command[NotesTab], ...] = (
    Command("visit.promise", ("f4", "p"), lambda tab: tab.do_promise(), (can("note"),), footer=True, parts=_ON_NOTES),
    Command("visit.keep", ("space",), lambda tab: tab.do_keep(), (a_promise, can("note")), footer=True,
            parts=_ON_NOTES),
)  # fmt: skip

ANY_LINE: tuple[Command[VisitTab], ...] = (
    Command("visit.full", ("enter",), lambda tab: tab.do_full(), (a_line,),
            parts=("form", "people", "notes", "history")),
)  # fmt: skip
"""On the tabs on which nothing else is done."""

WHOLE_VISIT: tuple[Command[VisitScreen], ...] = (
    Command("visit.note", ("f7", "n"), lambda page: page.do_note(), (can("note"),), footer=True),
    Command("visit.lanes", ("v",), lambda page: page.shell.open("lanes", page.day)),
    Command("visit.met", (), lambda page: page.do_met(), (can("met"),)),
    Command("visit.seen_off", (), lambda page: page.do_seen_off(), (can("seen_off"),)),
    Command("visit.amend", ("f8", "e"), lambda page: page.shell.open("wizard", page.visit_id),
            (lambda page: page.why_not_amend(),), footer=True),
    Command("visit.change", ("c",), lambda page: page.shell.open("change", page.visit_id), (can("amend"),)),
    Command("visit.notifications", ("w",), lambda page: page.shell.open("notifications", page.visit_id)),
    Command("visit.papers", ("o",), lambda page: page.shell.open("papers", page.visit_id), (a_filed_visit,)),
    Command("visit.brief", (), lambda page: page.do_brief(), (a_filed_visit,)),
    Command("visit.close", ("f9",), lambda page: page.do_close(), (can("close"),)),
    Command("visit.confirm", (), lambda page: page.do_confirm(), (a_record_to_confirm,)),
    Command("visit.urge", (), lambda page: page.do_urge(), (can("urge"),)),
    Command("visit.withdraw", (), lambda page: page.do_withdraw(), (can("withdraw"),)),
    Command("visit.undo_agree", (), lambda page: page.do_undo_agree(), (can("undo_agree"),)),
    Command("visit.take_change_back", (), lambda page: page.do_take_change_back(), (can("take_change_back"),)),
    Command("visit.hand_over", ("h",), lambda page: page.do_hand_over(), (can("hand_over"),)),
    Command("visit.no_show", (), lambda page: page.do_no_show(), (can("no_show"), lambda page: page.why_not_no_show())),
    Command("visit.take_back", (), lambda page: page.do_take_back(), (can("take_back"),)),
    Command("visit.reopen", (), lambda page: page.do_reopen(), (can("reopen"),)),
    Command("visit.cancel", (), lambda page: page.do_cancel(), (can("cancel"),)),
    Command("visit.restore", (), lambda page: page.do_restore(), (can("restore"),)),
    Command("visit.previous", ("left",), lambda page: page.do_previous(), menu=False),
    Command("visit.next", ("right",), lambda page: page.do_next(), footer=True, menu=False),
    Command("visit.tab_form", ("1",), lambda page: page.go_tab("form"), menu=False),
    Command("visit.tab_stages", ("2",), lambda page: page.go_tab("stages"), menu=False),
    Command("visit.tab_people", ("3",), lambda page: page.go_tab("people"), menu=False),
    Command("visit.tab_travel", ("4",), lambda page: page.go_tab("travel"), menu=False),
    Command("visit.tab_bookings", ("5",), lambda page: page.go_tab("bookings"), menu=False),
    Command("visit.tab_arrangements", ("6",), lambda page: page.go_tab("arrangements"), menu=False),
    Command("visit.tab_tasks", ("7",), lambda page: page.go_tab("tasks"), menu=False),
    Command("visit.tab_costs", ("8",), lambda page: page.go_tab("costs"), menu=False),
    Command("visit.tab_notes", ("9",), lambda page: page.go_tab("notes"), menu=False),
    Command("visit.tab_history", ("0",), lambda page: page.go_tab("history"), menu=False),
)  # fmt: skip

VISIT: tuple[Command[Any], ...] = (
    *STAGES, *BOOKINGS, *TRAVEL, *ARRANGEMENTS, *TASKS, *COSTS, *NOTES, *ANY_LINE, *WHOLE_VISIT,
)  # fmt: skip
"""Those of the tab that is shown first, then those on the whole visit."""

PAPERS: tuple[Command[Papers], ...] = (
    Command("papers.on", ("right",), lambda page: page.do_on(), footer=True),
    Command("papers.up", ("left",), lambda page: page.do_up()),
    Command("papers.copy", ("f5", "c"), lambda page: page.do_copy(), footer=True),
)

RECEIPTS: tuple[Command[Receipts], ...] = (
    Command("receipts.read", ("enter",), lambda page: page.do_read(), (a_receipt,), footer=True),
    Command("receipts.copy", ("f5", "c"), lambda page: page.do_copy(), (receipts_read,), footer=True),
)

HANDOVER: tuple[Command[HandoverScreen], ...] = (
    Command("handover.copy", ("f5", "c"), lambda page: page.do_copy(), (handover_read,), footer=True),
    Command("handover.details", ("f4", "d"), lambda page: page.do_details(), (handover_read,), footer=True),
    Command("handover.earlier", ("left",), lambda page: page.do_earlier(), footer=True),
    Command("handover.later", ("right",), lambda page: page.do_later(), (a_later_shift,), footer=True),
)

JOURNAL: tuple[Command[JournalScreen], ...] = (
    Command("journal.open", ("enter",), lambda page: page.do_open(), (lambda page: page.why_not_open(),), footer=True),
    Command("journal.filter", ("f4", "f"), lambda page: page.do_filter(), footer=True),
    Command(
        "journal.older", ("right",), lambda page: page.do_older(), (lambda page: page.why_not_older(),), footer=True
    ),
    Command("journal.newer", ("left",), lambda page: page.do_newer(), (lambda page: page.why_not_newer(),)),
)  # fmt: skip

RECORDED: tuple[Command[RecordedScreen], ...] = (
    Command("recorded.confirm", ("space",), lambda page: page.do_confirm(), (lambda page: page.why_not_own(),),
            footer=True),
    Command("recorded.object", ("f5", "x"), lambda page: page.do_object(), (lambda page: page.why_not_own(),),
            footer=True),
    Command("recorded.open", ("enter",), lambda page: page.do_open(), (lambda page: page.why_not_open(),), footer=True),
)  # fmt: skip

MUSTER: tuple[Command[MusterScreen], ...] = (
    Command("muster.copy", ("f5", "c"), lambda page: page.do_copy(), footer=True),
)  # fmt: skip

STANDARDS: tuple[Command[Standards], ...] = (
    Command("standards.earlier", ("left",), lambda page: page.do_earlier(), footer=True),
    Command("standards.later", ("right",), lambda page: page.do_later(), footer=True),
    Command("standards.tables", ("f5", "t"), lambda page: page.do_tables(), footer=True),
    Command("standards.edit", ("f4", "e"), lambda page: page.do_edit(), (lambda page: page.why_not_edit(),),
            footer=True),
)  # fmt: skip

TABLES: tuple[Command[PolicyTables], ...] = (
    Command("tables.read", ("enter",), lambda page: page.do_read(), (a_policy_row,)),
    Command("tables.table", ("f5", "t"), lambda page: page.do_table(), footer=True),
    Command("tables.earlier", ("left",), lambda page: page.do_earlier()),
    Command("tables.later", ("right",), lambda page: page.do_later()),
    Command("tables.version", ("f7", "v"), lambda page: page.do_version(), (another_version,), footer=True),
    Command("tables.changes", ("f8", "c"), lambda page: page.do_changes(), (another_version,), footer=True),
    Command("tables.edit", ("f4", "e"), lambda page: page.do_edit(), (lambda page: page.why_not_edit(),), footer=True),
)

CLIENTS: tuple[Command[Clients], ...] = (
    Command("clients.open", ("enter",), lambda page: page.do_open(), (a_client,), footer=True),
    Command("clients.change", ("f4", "c"), lambda page: page.do_change(), (a_known_client, can("change")),
            footer=True),
    Command("clients.brief", ("f5", "b"), lambda page: page.do_brief(), (lambda page: page.why_not_brief(),),
            footer=True),
    Command("clients.merge", ("m",), lambda page: page.do_merge(), (a_known_client, can("change"), another_client)),
)  # fmt: skip

STATISTICS: tuple[Command[StatisticsScreen], ...] = (
    Command("statistics.open", ("enter",), lambda page: page.do_open(), (lambda page: page.why_not_open(),),
            footer=True),
    Command("statistics.by", ("f4", "b"), lambda page: page.do_by(), footer=True),
    Command("statistics.measure", ("f5", "v"), lambda page: page.do_measure(), footer=True),
    Command("statistics.span", ("f7", "w"), lambda page: page.do_span(), footer=True),
    Command("statistics.earlier", ("left",), lambda page: page.do_earlier()),
    Command("statistics.later", ("right",), lambda page: page.do_later()),
)  # fmt: skip

REGISTER: tuple[Command[RegisterScreen], ...] = (
    Command("register.open", ("enter",), lambda page: page.do_open(), (can("keep"), a_post_or_person), footer=True),
    Command("register.view", ("left", "right"), lambda page: page.do_view(), footer=True),
    Command("register.add", ("f4", "n"), lambda page: page.do_add(), (can("keep"),), footer=True),
    Command("register.stand_ins", ("f8", "s"), lambda page: page.shell.open("stand_ins"), footer=True),
    Command("register.things", ("f7", "v"), lambda page: page.do_things(), footer=True),
    Command("register.give", ("f5", "g"), lambda page: page.do_give(),
            (lambda page: page.why_not_give(), can("keep"), a_post_or_person), footer=True),
    Command("register.end", ("delete", "e"), lambda page: page.do_end(), (can("keep"), a_holding), footer=True),
    Command("register.change", ("c",), lambda page: page.do_change(), (can("keep"), a_person)),
    Command("register.switch", ("o",), lambda page: page.do_switch(), (can("keep"), a_person)),
    Command("register.known", ("i",), lambda page: page.do_known(), (can("keep"), a_person)),
    Command("register.leave", ("l",), lambda page: page.do_leave(), (can("keep"), a_person)),
    Command("register.group", ("r",), lambda page: page.do_group(), (a_standing_body,)),
)  # fmt: skip

RESOURCES: tuple[Command[Resources], ...] = (
    Command("resources.change", ("enter",), lambda page: page.do_change(), (can("keep"), a_resource), footer=True),
    Command("resources.add", ("f4", "n"), lambda page: page.do_add(), (can("keep"),), footer=True),
    Command("resources.switch", ("o",), lambda page: page.do_switch(), (can("keep"), a_resource)),
    Command("resources.previous", ("left",), lambda page: page.do_previous(), menu=False),
    Command("resources.next", ("right",), lambda page: page.do_next(), footer=True, menu=False),
    Command("resources.page_1", ("1",), lambda page: page.go_page("car"), menu=False),
    Command("resources.page_2", ("2",), lambda page: page.go_page("room"), menu=False),
    Command("resources.page_3", ("3",), lambda page: page.go_page("restaurant"), menu=False),
    Command("resources.page_4", ("4",), lambda page: page.go_page("hotel"), menu=False),
)

STAND_INS: tuple[Command[StandInsScreen], ...] = (
    Command("stand_ins.add", ("f4", "n"), lambda page: page.do_add(), (acting,), footer=True),
    Command("stand_ins.end", ("delete", "e"), lambda page: page.do_end(), (lambda page: page.why_not_end(),),
            footer=True),
)  # fmt: skip

LANES: tuple[Command[LanesScreen], ...] = (
    Command("lanes.open", ("enter",), lambda page: page.do_open(), (lambda page: page.why_not_open(),), footer=True),
    Command("lanes.earlier", ("left",), lambda page: page.do_earlier()),
    Command("lanes.later", ("right",), lambda page: page.do_later(), footer=True),
    Command("lanes.go_to", ("f5", "g"), lambda page: page.do_go_to(), footer=True),
    Command("lanes.this_day", ("t",), lambda page: page.do_this_day()),
)

CHANGE: tuple[Command[DayActions], ...] = (
    Command("change.save", ("enter",), lambda page: page.do_save(), (lambda page: page.why_not_save(),), footer=True),
    Command("change.more", ("pagedown",), lambda page: page.do_more(), (lambda page: page.why_not_more(),),
            footer=True),
    Command("change.less", ("pageup",), lambda page: page.do_less(), (lambda page: page.why_not_less(),)),
)  # fmt: skip

NOTIFICATIONS: tuple[Command[Notifications], ...] = (
    Command("notifications.tell", ("space",), lambda page: page.do_tell(), (a_message, can("tell")), footer=True),
    Command("notifications.text", ("f5", "t"), lambda page: page.do_text(), (messages,), footer=True),
    Command("notifications.open", ("enter",), lambda page: page.do_open(), (a_message,), footer=True),
    Command("notifications.undo", ("backspace", "z"), lambda page: page.do_undo(), (lambda page: page.why_not_undo(),)),
)

FIRST_RUN: tuple[Command[FirstRun], ...] = (
    Command("first_run.set_up", ("1",), lambda page: page.do_set_up(), (choosing,)),
    Command("first_run.sample", ("2",), lambda page: page.do_sample(), (choosing,)),
    Command("first_run.other_language", ("3",), lambda page: page.do_other_language(), (choosing,), menu=False),
    Command("first_run.quit", ("4",), lambda page: page.do_quit(), (choosing,), menu=False),
    Command("first_run.save", ("f4", "enter"), lambda page: page.do_save(), (filling,), footer=True),
)

BY_SCREEN: dict[str, tuple[Command[Any], ...]] = {
    "app": APP,
    "today": TODAY,
    "calendar": CALENDAR,
    "requests": REQUESTS,
    "wizard": WIZARD,
    "approvals": APPROVALS,
    "checklist": CHECKLIST,
    "visit": VISIT,
    "receipts": RECEIPTS,
    "papers": PAPERS,
    "handover": HANDOVER,
    "journal": JOURNAL,
    "muster": MUSTER,
    "recorded": RECORDED,
    "standards": STANDARDS,
    "tables": TABLES,
    "clients": CLIENTS,
    "statistics": STATISTICS,
    "register": REGISTER,
    "resources": RESOURCES,
    "stand_ins": STAND_INS,
    "lanes": LANES,
    "change": CHANGE,
    "notifications": NOTIFICATIONS,
    "first_run": FIRST_RUN,
}
"""All commands by screen id; `app` are those that work everywhere."""


def commands_of(where: str) -> tuple[Command[Any], ...]:
    """What can be done on the screen `where`: its own commands first, then those of every screen."""
    own = () if where == "app" else BY_SCREEN.get(where, ())
    return (*own, *BY_SCREEN["app"])


def by_key(where: str) -> dict[str, Command[Any]]:
    """The commands of a screen by key; a screen's own key wins over one of every screen."""
    return {key: command for command in reversed(commands_of(where)) for key in command.keys}


# -- keys by name, the same for a Chinese input method and a bare keyboard ---------------------------------------------


# What an input method that is switched on sends in place of the key that was pressed.
_SAME = {"、": "/", "。": ".", "￥": "$", "【": "[", "】": "]", "《": "<", "》": ">", "·": "`"}


def plain_key(key: str, character: str | None) -> str:
    """The key's one name: full-width and input-method characters are taken as the plain ones.

    `key` is the terminal layer's name of it, `character` what it types, if anything.
    """
    if character is None or len(character) != 1 or not character.isprintable() or character.isspace():
        return "space" if character in (" ", "\u3000") else key
    return _SAME.get(character) or unicodedata.normalize("NFKC", character)


def key_label(key: str, w: Words) -> str:
    """How the key is spoken of to a person: `Enter`, `F2`, `空格`, `Ctrl+P`."""
    if len(key) == 1:
        return key
    if key.startswith("ctrl+") or (key.startswith("f") and key[1:].isdecimal()):
        return "+".join(part.capitalize() for part in key.split("+"))
    return w(f"kit.key.{key.replace('+', '_')}")
