"""Every verb that takes text, with a visit to do it to: what the tests of stored text feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.form import CostEntry, FormLeg, MealEntry, RoomEntry
from models.policy.case import PlannedCost
from models.schema.arrangements import Booking, Display, Resource
from models.schema.arrangements import Cost as CostRow
from models.schema.arrangements import Leg as LegRow
from models.schema.arrangements import Lodging as LodgingRow
from models.schema.arrangements import Meal as MealRow
from models.schema.store import reading
from models.schema.tables import ClientPerson, Decision, Expense, Guest, Note, Person, Stage, Task, Visit
from models.services import (
    arrangement_verbs,
    booking_verbs,
    client_verbs,
    cost_verbs,
    day_verbs,
    decision_verbs,
    leaving_verbs,
    person_verbs,
    request_verbs,
    resource_verbs,
    stand_in_verbs,
    task_verbs,
)
from models.services import request_verbs as asking
from models.services.stand_in_verbs import StandInEntry
from models.services.visit_form import read_form
from tests.unit.booking import garage
from tests.unit.life import Company, approved, form, said, submitted

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f zhao@laptop"
"""A public key that nobody has the other half of."""


@contextmanager
def office(path: Path) -> Iterator[tuple[Company, dict[str, Any]]]:
    """A visit with something of everything, one that is asked for, a draft; by name what verbs are done to."""
    with garage(path) as made:
        who = made.who
        session = who.session("林小雨")
        costs_of = (PlannedCost("gift", Decimal(1), "件", 20000, date(2026, 11, 30), None, "徐明哲"),)
        legs_of: dict[str, Any] = {
            "arrival": FormLeg("plane", "MU5187", "萧山", datetime(2026, 11, 30, 9), "浙A12345"),
            "departure": FormLeg("train", "G20", "杭州东", datetime(2026, 12, 1, 15)),
        }
        full = form(who, costs=costs_of, reason="考察", arrangements="先参观", **legs_of)
        done = approved(who, full)
        asked = submitted(who, form(who, client="北方机床"))
        by_phone = submitted(who, form(who, client="东方泵业"))
        said(who, "林小雨", by_phone, for_person=who.ids["王海峰"], medium="电话")
        draft = request_verbs.new_draft(who.session("刘晓燕"), full)
        made.book(done.visit, "R1", people=6, guests=("徐明哲",))
        row = Visit.get_by_id(done.visit)
        day_verbs.promise(session, row.id, "寄样本")
        Task.update(may_drop=True).execute()

        def first(table: Any, *where: Any) -> Any:
            return table.select().where(table.visit == row.id, *where).order_by(table.id).first()

        with reading():
            ids = {
                "visit": row.id,
                "seen": Visit.get_by_id(row.id).version,
                "asked": asked.visit,
                "draft": draft.visit,
                "recorded": Decision.get(Decision.visit == by_phone.visit).id,
                "asked_seen": asked.version,
                "draft_seen": draft.version,
                "form": read_form(row),
                "client": row.client_id,
                "leg": first(LegRow, LegRow.way == "arrival"),
                "departure": first(LegRow, LegRow.way == "departure"),
                "booking": first(Booking),
                "guest": first(Guest),
                "meal": first(MealRow),
                "room": first(LodgingRow),
                "cost": first(CostRow),
                "stage": first(Stage, Stage.state == "planned"),
                "task": first(Task),
                "expense": first(Expense),
                "display": first(Display),
                "note": first(Note),
                "person": Person.get_by_id(who.ids["赵启航"]),
                "boss": who.ids["周建国"],
                "car": Resource.get(name="BMW"),
                "known": ClientPerson.get(ClientPerson.name == "徐明哲"),
            }
        yield who, ids


Call = tuple[Callable[..., object], str, dict[str, Any]]


def calls(at: dict[str, Any]) -> dict[str, Call]:
    """Each verb that takes text: who does it and with what, all of it well."""
    visit, seen, lead = at["visit"], at["seen"], "刘晓燕"
    meal = MealEntry(
        date(2026, 11, 30), 6, 7, meal="lunch", venue="in_house", place="食堂", price=15000, note="靠窗", at=time(12),
        diners=("徐明哲",), diet="不吃辣",
    )  # fmt: skip
    room = RoomEntry(date(2026, 11, 30), 6, 1, "four_star", 48000, place="西湖宾馆", guests=("徐明哲",))
    cost = CostEntry(
        "gift", Decimal(1), "件", 20000, date(2026, 11, 30), to="徐明哲", what="茶叶", at=time(15), place="一楼",
        decided_by="周建国",
    )  # fmt: skip
    journey = day_verbs.Journey(
        "plane", "MU1", "萧山", "T3", datetime(2026, 11, 30, 9), ("徐明哲",), 1, None, "139", "浙A1"
    )
    booked = replace(booking_verbs.as_booked(at["booking"]), guests=("徐明哲",), note="早到", stage="talks")
    later = replace(
        booked, starts=datetime(2026, 12, 1, 9), ends=datetime(2026, 12, 1, 10), way="departure", stage=None
    )
    thing = resource_verbs.Thing("浙A00001", "大众", "passat", 4, None, "139", "北门", ("projector",), 100, "新")
    reasons = {"lead_host": "临时"}
    own = {"visit": visit, "expected": seen}
    return {
        "arrangement_verbs.amend": (
            arrangement_verbs.amend,
            lead,
            {**own, "form": at["form"], "words": "改", "tier": "vip", "reasons": reasons},
        ),
        "arrangement_verbs.preview": (
            arrangement_verbs.preview,
            lead,
            {"visit": visit, "form": at["form"], "tier": "vip", "reasons": reasons},
        ),
        "booking_verbs.book": (booking_verbs.book, "", {**own, "wanted": later, "reasons": {"twice:1": "借用"}}),
        "booking_verbs.change_booking": (
            booking_verbs.change_booking,
            "",
            {"booking": at["booking"].id, "expected": seen, "wanted": booked, "reasons": {"twice:1": "借用"}},
        ),
        "booking_verbs.move": (
            booking_verbs.move,
            "",
            {
                "booking": at["booking"].id,
                "starts": datetime(2026, 11, 30, 11),
                "expected": seen,
                "reasons": {"twice:1": "借用"},
            },
        ),
        "client_verbs.change_client": (
            client_verbs.change_client,
            lead,
            {
                "client": at["client"],
                "expected": 1,
                "name": "江南",
                "likes": "茶",
                "diet": "素",
                "points": "价",
                "notes": "注",
            },
        ),
        "client_verbs.change_client_person": (
            client_verbs.change_client_person,
            lead,
            {
                "person": at["known"].id,
                "expected": at["known"].version,
                "name": "徐明",
                "post": "董事长",
                "address": "徐董",
                "phone": "138",
                "likes": "茶",
                "diet": "素",
            },
        ),
        "cost_verbs.enter_actual": (
            cost_verbs.enter_actual,
            "",
            {
                "expense": at["expense"].id,
                "expected": at["expense"].version,
                "amount": 100,
                "reason": "加菜",
                "receipt": "A1",
                "decided_by": "周建国",
            },
        ),
        "cost_verbs.add_expense": (
            cost_verbs.add_expense,
            "",
            {
                "visit": visit,
                "item": "gift",
                "amount": 100,
                "label": "花",
                "reason": "补",
                "receipt": "A2",
                "decided_by": "周建国",
            },
        ),
        "cost_verbs.reopen": (cost_verbs.reopen, "", {**own, "why": "补票"}),
        "decision_verbs.object_recorded": (
            decision_verbs.object_recorded,
            "王海峰",
            {"decision": at["recorded"], "words": "没这么说"},
        ),
        "decision_verbs.decide": (
            decision_verbs.decide,
            "王海峰",
            {
                "visit": at["asked"],
                "expected": at["asked_seen"],
                "outcome": "agree",
                "words": "同意",
                "tier": "vip",
                "reasons": reasons,
                "medium": "",
            },
        ),
        "stand_in_verbs.give_stand_in": (
            stand_in_verbs.give_stand_in,
            "周建国",
            {
                "wanted": StandInEntry(
                    at["boss"],
                    at["person"].id,
                    date(2026, 11, 23),
                    date(2026, 11, 27),
                    ("general_manager",),
                    "vip",
                    True,
                    "出差",
                )
            },
        ),
        "leaving_verbs.leave": (
            leaving_verbs.leave,
            "",
            {
                "person": at["person"].id,
                "to": at["boss"],
                "by_kind": {"post": at["boss"]},
                "expected": at["person"].version,
            },
        ),
        "stand_in_verbs.delegate": (
            stand_in_verbs.delegate,
            "王海峰",
            {"visit": at["asked"], "person": at["boss"], "words": "请定", "expected": at["asked_seen"]},
        ),
        "arrangement_verbs.edit_text": (
            arrangement_verbs.edit_text,
            "",
            {"display": at["display"].id, "expected": at["display"].version, "zh": "欢迎", "en": "Welcome"},
        ),
        "request_verbs.new_draft": (request_verbs.new_draft, lead, {"form": at["form"]}),
        "request_verbs.save_draft": (
            request_verbs.save_draft,
            lead,
            {"visit": at["draft"], "expected": at["draft_seen"], "form": at["form"]},
        ),
        "arrangement_verbs.save_cost": (
            arrangement_verbs.save_cost,
            "",
            {**own, "cost": at["cost"].id, "entry": cost, "reasons": reasons},
        ),
        "arrangement_verbs.remove_cost": (
            arrangement_verbs.remove_cost,
            "",
            {"cost": at["cost"].id, "expected": seen, "reasons": reasons},
        ),
        "day_verbs.track": (day_verbs.track, "", {**own, "state": "on_way"}),
        "day_verbs.no_show": (day_verbs.no_show, "", {**own, "words": "没来"}),
        "day_verbs.add_leg": (day_verbs.add_leg, "", {**own, "way": "arrival", "journey": journey}),
        "day_verbs.change_leg": (
            day_verbs.change_leg,
            "",
            {"leg": at["leg"].id, "expected": seen, "journey": replace(journey, guests=(), people=None)},
        ),
        "day_verbs.delay": (day_verbs.delay, "", {"leg": at["leg"].id, "expected": seen, "text": "+40"}),
        "day_verbs.ticket": (day_verbs.ticket, "", {"leg": at["departure"].id, "expected": seen, "text": "两张"}),
        "day_verbs.cancel": (day_verbs.cancel, "", {**own, "words": "客户改期"}),
        "day_verbs.cancelling": (day_verbs.cancelling, "", {**own, "words": "客户改期"}),
        "day_verbs.note": (day_verbs.note, "", {"visit": visit, "text": "不吃鱼"}),
        "arrangement_verbs.save_meal": (
            arrangement_verbs.save_meal,
            "",
            {**own, "meal": at["meal"].id, "entry": meal, "reasons": reasons},
        ),
        "arrangement_verbs.remove_meal": (
            arrangement_verbs.remove_meal,
            "",
            {"meal": at["meal"].id, "expected": seen, "reasons": reasons},
        ),
        "arrangement_verbs.set_diet": (arrangement_verbs.set_diet, "", {"guest": at["guest"].id, "diet": "素"}),
        "day_verbs.promise": (day_verbs.promise, "", {"visit": visit, "text": "寄样本"}),
        "person_verbs.add_person": (person_verbs.add_person, "", {"name": "新人", "phone": "139"}),
        "person_verbs.change_person": (
            person_verbs.change_person,
            "",
            {"person": at["person"].id, "expected": at["person"].version, "name": "新名", "phone": "139"},
        ),
        "person_verbs.give_post": (
            person_verbs.give_post,
            "",
            {"person": at["person"].id, "post": "driver", "since": date(2026, 11, 1)},
        ),
        "person_verbs.set_login": (person_verbs.set_login, "", {"person": at["person"].id, "login": "zhao"}),
        "person_verbs.set_language": (person_verbs.set_language, "", {"person": at["person"].id, "language": "en"}),
        "person_verbs.add_key": (
            person_verbs.add_key,
            "",
            {"person": at["person"].id, "line": ED25519, "label": "笔记本"},
        ),
        "request_verbs.submit": (
            asking.submit,
            lead,
            {"visit": at["draft"], "expected": at["draft_seen"], "reasons": reasons},
        ),
        "resource_verbs.add_resource": (resource_verbs.add_resource, "", {"kind": "car", "thing": thing}),
        "resource_verbs.change_resource": (
            resource_verbs.change_resource,
            "",
            {"resource": at["car"].id, "expected": at["car"].version, "thing": thing},
        ),
        "arrangement_verbs.save_room": (
            arrangement_verbs.save_room,
            "",
            {**own, "room": at["room"].id, "entry": room, "reasons": reasons},
        ),
        "arrangement_verbs.remove_room": (
            arrangement_verbs.remove_room,
            "",
            {"room": at["room"].id, "expected": seen, "reasons": reasons},
        ),
        "day_verbs.plan_stage": (
            day_verbs.plan_stage,
            "",
            {"stage": at["stage"].id, "expected": seen, "place": "大堂", "people": "张三"},
        ),
        "task_verbs.drop": (
            task_verbs.drop,
            "",
            {"task": at["task"].id, "expected": at["task"].version, "why": "不用"},
        ),
    }
