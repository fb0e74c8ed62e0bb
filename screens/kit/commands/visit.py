"""Commands of Visit: those of the tab that is shown first, then those on the whole visit."""

from __future__ import annotations

from screens.kit.commands.command import Command

STAGES, ARRANGEMENTS, TASKS, COSTS, NOTES = ("stages",), ("arrangements",), ("tasks",), ("costs",), ("notes",)

BOOKINGS = ("bookings",)

TRAVEL = ("travel",)

COMMANDS: tuple[Command, ...] = (
    Command("visit.stage_next", ("space",), footer=True, parts=STAGES),
    Command("visit.stage_plan", ("enter",), footer=True, parts=STAGES),
    Command("visit.stage_skip", ("delete", "d"), parts=STAGES),
    Command("visit.tick", ("space",), footer=True, parts=TASKS),
    Command("visit.parts", ("enter",), footer=True, parts=TASKS),
    Command("visit.assign", ("f5", "a"), footer=True, parts=TASKS),
    Command("visit.remind", ("r",), parts=TASKS),
    Command("visit.mark", ("x",), parts=TASKS),
    Command("visit.tick_due", parts=TASKS),
    Command("visit.mine", ("m",), parts=TASKS),
    Command("visit.drop", ("delete", "d"), parts=TASKS),
    Command("visit.undo", ("backspace", "z"), parts=TASKS),
    Command("visit.read", ("i",), parts=TASKS),
    Command("visit.settle", ("enter",), footer=True, parts=COSTS),
    Command("visit.cost_add", ("f4", "a"), footer=True, parts=COSTS),
    Command("visit.cost_remove", ("delete", "d"), parts=COSTS),
    Command("visit.cost_sign", ("f5", "s"), footer=True, parts=COSTS),
    Command("visit.receipts", ("r",), footer=True, parts=COSTS),
    Command("visit.promise", ("f4", "p"), footer=True, parts=NOTES),
    Command("visit.keep", ("space",), footer=True, parts=NOTES),
    Command("visit.full", ("enter",), parts=("form", "people", "notes", "history")),
    Command("visit.note", ("f7", "n"), footer=True),
    Command("visit.met"),
    Command("visit.seen_off"),
    Command("visit.amend", ("f8", "e"), footer=True),
    Command("visit.close", ("f9",)),
    Command("visit.confirm"),
    Command("visit.urge"),
    Command("visit.withdraw"),
    Command("visit.hand_over", ("h",)),
    Command("visit.no_show"),
    Command("visit.take_back"),
    Command("visit.reopen"),
    Command("visit.cancel"),
    Command("visit.restore"),
    Command("visit.previous", ("left",), menu=False),
    Command("visit.next", ("right",), footer=True, menu=False),
    Command("visit.tab_form", ("1",), menu=False),
    Command("visit.tab_stages", ("2",), menu=False),
    Command("visit.tab_people", ("3",), menu=False),
    Command("visit.tab_tasks", ("7",), menu=False),
    Command("visit.tab_costs", ("8",), menu=False),
    Command("visit.tab_notes", ("9",), menu=False),
    Command("visit.tab_history", ("0",), menu=False),
)
