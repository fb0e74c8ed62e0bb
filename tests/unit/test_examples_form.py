"""The example regulations: forms, bookings."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from models.policy.answer import answer_json
from models.policy.judge import change_asks, decide, judge
from models.policy.request_file import read_request
from models.words import words
from tests.unit.conftest import Process
from tests.unit.examples import (
    FILES,
    FOLDER,
    MONDAY,
    US,
    found,
    mended,
    policy_of,
    request_text,
    steps,
    tried,
    wrong,
)

# -- examples form -----------------------------------------------------------------------------------------------------
#
# The examples, by hand: windows, the form, stages and duties, labels; and the examples as a process sees them.


ROOT = FOLDER.parents[1]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """The ids of needs or duties."""
    return [row["id"] for row in rows]


# 9 windows


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 9, 28), date(2026, 9, 28), True),  # 28, 29 and 30 September are worked, then comes the holiday
        (date(2026, 10, 10), date(2026, 10, 10), True),  # after it 8, 9 and 10 October, a shifted Saturday, are worked
        (date(2026, 10, 12), date(2026, 10, 12), False),
        (date(2026, 11, 9), date(2026, 11, 10), False),
    ],
)
def test_visits_near_a_holiday_are_reported(first: date, last: date, told: bool) -> None:
    """Branch: within three working days of a public holiday the discipline secretary is told, and somebody has to."""
    times: dict[str, Any] = {
        "arrive": datetime(first.year, first.month, first.day, 10),
        "depart": datetime.combine(last, MONDAY.time()),
    }
    answer = tried("branch", requested_at=datetime(2026, 9, 1, 9), department="office", **times)
    assert (("report", ["discipline_secretary"]) in steps(answer)) is told
    assert ("holiday_report" in ids(answer["duties"])) is told


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"meals": [{"meal": "work_meal", "place": "湖畔会所"}]}, "forbidden_places"),
        ({"purpose_text": "顺路看看景区"}, "forbidden_places"),
        ({"meals": [{"meal": "work_meal", "note": "不要鱼翅"}]}, "forbidden_dishes"),
    ],
)
def test_forbidden_places_and_dishes(values: dict[str, Any], rule: str) -> None:
    """Authority: a word anywhere in the free text is enough."""
    assert found(tried("authority", **values), "check") == [("block", "check", rule)]


def test_a_visit_on_a_holiday() -> None:
    times: dict[str, Any] = {
        "requested_at": datetime(2026, 9, 1, 9),
        "arrive": datetime(2026, 10, 2, 9),
        "depart": datetime(2026, 10, 2, 18),
    }
    assert found(tried("authority", **times), "check") == [("warn", "check", "on_a_holiday")]
    assert found(tried("authority", **times, purposes=["emergency"]), "check") == []


def test_a_purpose_that_needs_a_service() -> None:
    trial: dict[str, Any] = {"tier": "c", "purposes": ["trial"]}
    assert found(tried("maker", **trial), "check") == [("block", "check", "trial_alone")]
    assert found(tried("maker", **trial, services=["workshop"]), "check") == []


# 10 the form


def test_an_official_letter_or_its_number() -> None:
    """Authority: without it the request is blocked; the list of receipts is due at the end and says nothing yet."""
    origin = {"origin": "elsewhere"}
    without = tried("authority", fields=origin, host=["director"])
    assert (found(without), without["verdict"]) == ([("block", "need", "official_letter")], "blocked")
    for given in (
        {"documents": ["公函"], "fields": origin},
        {"fields": {**origin, "official_letter": "〔2026〕17 号"}},
    ):
        answer = tried("authority", host=["director"], **given)
        assert (found(answer), answer["verdict"]) == ([], "fits")
        assert answer["needs"] == [
            {"id": "official_letter", "due": "2026-11-02T09:00:00", "breach": "block", "given": True},
            {"id": "receipt_list", "due": "close", "breach": "block", "given": False},
            {"id": "origin", "due": "2026-11-02T09:00:00", "breach": "reason", "given": True},
        ]
    assert ids(tried("authority", kind="investor")["needs"]) == ["receipt_list", "origin"]


def test_a_choice_that_is_missing_and_one_that_does_not_exist(process: Process) -> None:
    missing = tried("authority", host=["director"], documents=["official_letter"])
    assert (found(missing), missing["verdict"]) == ([("reason", "need", "origin")], "needs")
    done = process(
        "try", "-", "--config", str(FILES["authority"]), typed=request_text("authority", fields={"origin": "x"})
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "fields.origin" in done.stderr


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, [("reason", "need", "lecture_title")]),
        ({"lecture_title": "Catalysis", "audience": 20}, []),
        ({"lecture_title": "Catalysis", "audience": 19}, [("warn", "need", "audience")]),
        ({"lecture_title": "Catalysis", "audience": 401}, [("warn", "need", "audience")]),
    ],
)
def test_fields_that_show_for_a_lecture(fields: dict[str, Any], wanted: list[Any]) -> None:
    """University: text, number with least and most, asked only where a lecture is a purpose."""
    answer = tried("university", purposes=["lecture"], fields={"fund": "budget", **fields})
    assert found(answer, "need") == wanted
    assert ids(answer["needs"]) == ["fund", "lecture_title", "audience", "report"]


def test_due_times_of_documents() -> None:
    """Invitation: two weeks before 9 November is 26 October; asked for on the 20th it is not missed yet, on the 27th
    it is. Report: 30 days after 10 November, 16:00. Receipts in the US: 45 days. Agenda in Japan: five working days
    before 9 November is the 2nd, at 18:00."""
    abroad: dict[str, Any] = {"kind": "foreign", "fields": {"fund": "budget", "passport_until": date(2030, 1, 1)}}
    early = tried("university", **abroad, requested_at=datetime(2026, 10, 20, 9))
    late = tried("university", **abroad, requested_at=datetime(2026, 10, 27, 9))
    due = {need["id"]: need["due"] for need in early["needs"]}
    assert (due["invitation"], due["report"]) == ("2026-10-26T10:00:00", "2026-12-10T16:00:00")
    assert found(early, "need") == []
    assert found(late, "need") == [("block", "need", "invitation")]
    assert {need["id"]: need["due"] for need in tried(US)["needs"]}["itemized_receipt"] == "2026-12-25T16:00:00"
    agenda = {need["id"]: need["due"] for need in tried("briefing_centre")["needs"]}["agenda"]
    assert agenda == "2026-11-02T18:00:00"


def test_the_values_of_a_choice_serve_in_conditions() -> None:
    """University: what donations pay for is signed by the foundation."""
    assert ("sign", ["foundation_secretary"]) in steps(tried("university", fields={"fund": "捐赠"}))
    assert ("sign", ["foundation_secretary"]) not in steps(tried("university", fields={"fund": "budget"}))


# 11 duties and stages


def test_stages_and_duties_of_a_lecture() -> None:
    """University, arrival on Monday at 10:00. Campus 11:00, lecture two hours later, laboratory on Tuesday at 9:30;
    the hall two hours before the lecture; the poster three working days before it (4 November), after the hall; the
    gate the day before at 17:00; the escort with the laboratory."""
    answer = tried(
        "university",
        kind="foreign",
        purposes=["lecture"],
        services=["laboratory"],
        meals=[{"meal": "tea"}],
        guests=[{"rank": "professor"}],
    )
    assert [(stage["id"], stage["applies"], stage["at"]) for stage in answer["stages"]] == [
        ("campus", True, "2026-11-09T11:00:00"),
        ("lecture", True, "2026-11-09T13:00:00"),
        ("laboratory", True, "2026-11-10T09:30:00"),
    ]
    duties = {duty["id"]: duty for duty in answer["duties"]}
    assert {name: duty["due"] for name, duty in duties.items()} == {
        "hall": "2026-11-09T11:00:00",
        "poster": "2026-11-04T13:00:00",
        "gate": "2026-11-08T17:00:00",
        "escort": "2026-11-10T09:30:00",
    }
    assert [(part["text"], part["may_drop"]) for part in duties["hall"]["parts"]] == [
        ("Sound", False), ("Tea", False), ("Interpreting", True),
    ]  # fmt: skip
    assert (duties["poster"]["party"], duties["poster"]["after"]) == ("@department", ["hall"])
    assert (duties["poster"]["may_drop"], duties["escort"]["assignee"]) == (False, True)


def test_what_does_not_apply() -> None:
    """Without a lecture: its stage is not applicable, only the gate is left; the fourth class may drop the poster."""
    plain = tried("university")
    assert [stage["applies"] for stage in plain["stages"]] == [True, False, False]
    assert ids(plain["duties"]) == ["gate"]
    fourth = {duty["id"]: duty for duty in tried("university", purposes=["lecture"])["duties"]}
    assert fourth["poster"]["may_drop"] is True
    assert [part["text"] for part in fourth["hall"]["parts"]] == ["Sound"]


def test_a_duty_waits_only_for_one_that_applies() -> None:
    """Briefing centre: the rehearsal of an executive briefing without a keynote waits for no speakers; the survey is
    due at closing, and a tour may leave it out."""
    briefing = {duty["id"]: duty for duty in tried("briefing_centre", kind="executive")["duties"]}
    assert (briefing["rehearsal"]["after"], briefing["rehearsal"]["due"]) == ([], "2026-11-08T10:20:00")
    keynote = tried("briefing_centre", kind="executive", services=["keynote"])
    assert {duty["id"]: duty for duty in keynote["duties"]}["rehearsal"]["after"] == ["speakers"]
    survey = {kind: tried("briefing_centre", kind=kind)["duties"][-1] for kind in ("tour", "demonstration")}
    assert [(duty["due"], duty["may_drop"]) for duty in survey.values()] == [("close", True), ("close", False)]


def test_changes_after_approval() -> None:
    """Maker: more guests within a day of the arrival are refused, earlier they ask for nothing; a change of what the
    organisation is to us asks the deciding step again, earlier than that."""
    policy = policy_of("maker")

    def request(**values: Any) -> Any:
        return read_request(policy, request_text("maker", **{"tier": "c", **values}))[0]

    before, more = request(), request(headcount=6)
    assert change_asks(policy, before, more, now=datetime(2026, 11, 8, 11)) == [("refuse", ("headcount+",))]
    assert change_asks(policy, before, more, now=datetime(2026, 11, 7, 11)) == []
    dealer = request(fields={"relation": "dealer"}, tier="b1")
    assert change_asks(policy, before, dealer, now=datetime(2026, 11, 7, 11)) == [("decide", ("tier+", "relation"))]


def test_a_decision_for_a_higher_class_is_passed_on() -> None:
    """University: a dean may decide for the third class, not for the second."""
    request, _ = read_request(policy_of("university"), request_text("university", department="chemistry"))
    assert decide(policy_of("university"), request, ("dean",), "third").effect == "approved"
    assert decide(policy_of("university"), request, ("dean",), "second").next == ("vice_president",)


# 14 labels


def test_what_the_organisation_calls_things() -> None:
    said = {name: {key: label.say("en") for key, label in policy_of(name).labels.items()} for name in FILES}
    assert said["maker"] == {"tier": "Customer class", "host": "Main host"}
    assert said[US]["guest"] == "Attendee"
    assert said["university"]["department"] == "School or office"
    assert all(said.values())


def test_an_answer_in_words_uses_them(process: Process) -> None:
    """A class is a class, the lead host a main host; a mark stands apart from what it is about."""
    text = request_text("maker", tier="b1", meals=[{"meal": "banquet", "price": 200}])
    told = process("try", "-", "--config", str(FILES["maker"]), "--lang", "en", typed=text).stdout.splitlines()
    assert [line.split("  ")[0] for line in told if line.endswith("Class B1")] == ["Customer class"]
    assert [line for line in told if line.startswith("Main host  ")]
    assert [line for line in told if line.startswith("With") and line.endswith("at most 4")]
    assert [line for line in told if "needs reason Meal over standard" in line]


def test_an_answer_in_words_says_when_and_keeps_its_columns(process: Process) -> None:
    """A moment without a time is said in the reader's language; a cost of no day stands under those that have one."""
    values: dict[str, Any] = {"meals": [{"meal": "work_meal"}], "costs": [{"item": "gift", "price": 10}]}
    asked = ("try", "-", "--config", str(FILES["authority"]), "--lang", "zh")
    told = process(*asked, typed=request_text("authority", **values)).stdout.splitlines()
    assert "材料      接待清单 (结案时): 还没有" in told
    assert [line[:10] for line in told if "用餐  " in line or "礼品  " in line] == ["  11-09 用餐", "  -     礼品"]


# the examples as a process sees them


def test_every_example_is_without_errors(process: Process) -> None:
    assert len({name.partition("/")[0] for name in FILES}) >= 6
    for path in FILES.values():
        done = process("check", str(path))
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["authority", "maker", "briefing_centre"])
def test_a_process_gives_the_same_answer(process: Process, name: str) -> None:
    """`jiedai try --json` is what the tests of this file ask; without --json it is for people."""
    tier = {} if name == "authority" else {"tier": policy_of(name).tiers[0].id}
    values: dict[str, Any] = {**tier, "meals": [{"guests": 5, "price": 50}], "costs": [{"item": "gift", "price": 70}]}
    text = request_text(name, **values)
    done = process("try", "-", "--config", str(FILES[name]), "--json", "--lang", "en", typed=text)
    assert (done.returncode, done.stderr) == (0, "")
    request, _ = read_request(policy_of(name), text)
    answer = answer_json(judge(policy_of(name), request), policy_of(name), "en")
    assert json.loads(done.stdout) == json.loads(json.dumps(answer))
    told = process("try", "-", "--config", str(FILES[name]), typed=text)
    assert (told.returncode, told.stderr) == (0, "")


def test_without_tiers_nothing_speaks_of_them(process: Process) -> None:
    """Neither the standards nor an answer has the word, in Chinese or English."""
    authority = str(FILES["authority"])
    for language, word in (("en", "tier"), ("zh", "级别")):
        for done in (
            process("standards", "--config", authority, "--lang", language),
            process("try", "-", "--config", authority, "--lang", language, typed=request_text("authority")),
        ):
            assert done.returncode == 0
            assert word not in done.stdout.lower()


WRONG = [
    ("branch", 'when = { holiday = "3wd" }\nby', 'when = { holiday = "3d" }\nby', "sign[4].when.holiday", '"3wd"'),
    ("authority", 'words = ["会所"', 'words = [7', "check[1].when.words[1]", "no text"),
    ("authority", 'origin = "same_city"', 'orgin = "same_city"', "cap[1].when.orgin", "nearest: origin"),
    ("authority", 'type = "choice"', 'type = "choise"', "need[3].type", "nearest: choice"),
    ("university", 'due = "arrive -2w"', 'due = "arival -2w"', "need[5].due", "nearest: arrive"),
    (US, 'due = "depart 45d"\nbreach', 'due = "depart 45 d"\nbreach', "need[4].due", "no length of time"),
    ("university", 'id = "lecture_title"', 'least = 3\nid = "lecture_title"', "need[2].least", 'type "number"'),
    ("university", 'after = ["hall"]', 'after = ["hal"]', "duty[2].after[1]", "nearest: hall"),
    ("university", 'stage = "campus"', 'stage = "campuss"', "duty[3].stage", "nearest: campus"),
    ("briefing_centre", 'at = "welcome +30m"', 'at = "lab +30m"', "stage[2].at", "runs in a circle"),
    ("maker", '{ tier = {', '{ teir = {', "labels.teir", "nearest: tier"),
    ("maker", 'ask = "refuse"', 'ask = "forbid"', "change[2].ask", "decide, notify, refuse"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "path", "allowed"), WRONG, ids=[f"{row[0]}:{row[3]}" for row in WRONG])
def test_what_is_wrong_is_named(name: str, old: str, new: str, path: str, allowed: str) -> None:
    problem, line = wrong(name, old, new)
    key = path.rpartition(".")[2].partition("[")[0]
    assert problem.path == path
    assert line <= problem.line <= line + new.count("\n")
    assert key in mended(name, old, new).splitlines()[problem.line - 1]
    assert allowed in problem.said(words("en"), "x.toml")


def test_a_choice_without_its_list() -> None:
    problem, _ = wrong("branch", 'type = "date"', 'type = "choice"')
    assert (problem.path, "add visa_date = [ … ]" in problem.said(words("en"), "x.toml")) == ("need[1].type", True)


def test_a_party_is_needed() -> None:
    problem, _ = wrong("authority", 'party = "finance"\n', "")
    assert problem.path == "duty[3]"
    assert "“party” is missing" in problem.said(words("en"), "x.toml")


# -- examples bookings -------------------------------------------------------------------------------------------------
#
# The example policies that hold cars and rooms, held against answers worked out by hand.


CENTRE: dict[str, Any] = {
    "tier": "bronze",
    "kind": "demonstration",
    "requested_at": datetime(2026, 10, 1, 9),
    "host": ["briefing_manager"],
    "services": ["keynote"],
    "fields": {"objective": "x"},
}
FAIR: dict[str, Any] = {"arrive": datetime(2027, 4, 20, 10), "depart": datetime(2027, 4, 21, 16)}
CAR = {"thing": "car", "name": "A1", "for": "arrival"}


def spans(answer: dict[str, Any], thing: str) -> dict[str, tuple[str, str]]:
    """From when until when such a thing is held, by purpose: day and time."""
    held = [each for each in answer["bookings"]["spans"] if each["thing"] == thing]
    return {each["for"]: (each["from"][8:16], each["until"][8:16]) for each in held}


def booked(name: str, bookings: list[dict[str, Any]], **more: Any) -> list[tuple[str, str, str | None]]:
    """The findings about these bookings."""
    return found(tried(name, bookings=bookings, **more), "booking")


def test_a_keynote_is_set_up_for_longer_where_it_matters_more() -> None:
    """Briefing centre: the keynote is at 10:20. Gold two hours before and 90 minutes after, others half an hour and
    one; the wrap-up is half an hour before the end, the lab an hour after the keynote."""
    assert spans(tried("briefing_centre", **{**CENTRE, "tier": "gold"}), "room") == {
        "keynote": ("09T08:20", "09T11:50")
    }
    assert spans(tried("briefing_centre", **CENTRE), "room") == {"keynote": ("09T09:50", "09T11:20")}
    both = tried("briefing_centre", **{**CENTRE, "services": ["keynote", "lab"]})
    assert spans(both, "room")["lab"] == ("09T11:05", "09T12:05")
    assert spans(both, "person") == {"keynote": ("09T10:05", "09T11:20"), "wrap_up": ("10T15:15", "10T16:30")}
    assert spans(tried("briefing_centre", **{**CENTRE, "services": []}), "room") == {}


@pytest.mark.parametrize(
    ("tier", "equipment", "expected"),
    [
        ("bronze", [], [("reason", "booking", "fitted_out")]),
        ("bronze", ["stage"], []),
        ("gold", ["stage"], [("reason", "booking", "fitted_out")]),
        ("gold", ["Stage", "视频会议"], []),
    ],
)
def test_a_room_for_a_keynote_has_a_stage(tier: str, equipment: list[str], expected: list[Any]) -> None:
    """Briefing centre: with the rehearsal of a gold keynote a video link is wanted, too."""
    room = {"thing": "room", "name": "Fuji", "seats": 30, "for": "keynote", "equipment": equipment}
    assert booked("briefing_centre", [room], **{**CENTRE, "tier": tier}) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((9, 8), (9, 9, 20), []),
        ((9, 8), (9, 9, 21), [("warn", "booking", "clear_the_room")]),
        ((9, 8), (9, 9, 50), [("warn", "booking", "clear_the_room")]),
        ((9, 8), (9, 9, 51), [("block", "booking", "one_at_a_time")]),
        ((9, 11, 50), (9, 12), []),
    ],
)
def test_half_an_hour_between_two_keynotes(start: tuple[int, ...], end: tuple[int, ...], expected: list[Any]) -> None:
    """Briefing centre: held from 9:50 to 11:20."""
    room = {"thing": "room", "name": "Fuji", "for": "keynote", "equipment": ["stage"]}
    times = {"from": datetime(2026, 11, *start), "until": datetime(2026, 11, *end)}  # type: ignore[arg-type]  # day, hour, minute
    held = [{"thing": "room", "name": "Fuji", **times}]
    assert booked("briefing_centre", [room], held=held, **CENTRE) == expected


def test_nobody_is_near_a_confidential_briefing() -> None:
    """Briefing centre: a day between, to the minute; 11:20 on the day before is near enough."""
    given = {**CENTRE, "kind": "confidential", "applicant": "account_director", "requested_at": datetime(2026, 9, 1, 9)}
    room = {"thing": "room", "name": "Fuji", "for": "keynote", "equipment": ["stage"]}
    for minute, expected in ((50, []), (51, [("block", "booking", "confidential_room")])):
        held = [{"thing": "room", "name": "Fuji", "from": datetime(2026, 11, 8, 8),
                 "until": datetime(2026, 11, 8, 9, minute)}]  # fmt: skip
        assert booked("briefing_centre", [room], held=held, **given) == expected


def test_cars_are_held_for_longer_while_the_fair_runs() -> None:
    """Maker: 45 minutes around each ride; during the fair two hours before and 90 minutes after."""
    assert spans(tried("maker", tier="c", services=["car"]), "car") == {
        "arrival": ("09T09:15", "09T10:45"), "departure": ("10T15:15", "10T16:45"),
    }  # fmt: skip
    assert spans(tried("maker", tier="c", services=["car"], **FAIR), "car") == {
        "arrival": ("20T08:00", "20T11:30"), "departure": ("21T14:00", "21T17:30"),
    }  # fmt: skip
    assert spans(tried("maker", tier="c", **FAIR), "car") == {}
    assert MONDAY.date() == date(2026, 11, 9)


@pytest.mark.parametrize(
    ("tier", "least", "car", "expected"),
    [
        ("s", "limousine", "minibus", [("block", "booking", "strategic_car")]),
        ("s", "limousine", "limousine", []),
        ("a1", "minibus", "saloon", [("reason", "booking", "lesser_car")]),
        ("a1", "minibus", "minibus", []),
        ("b1", None, "saloon", []),
    ],
)
def test_the_class_of_a_car_by_class_of_customer(tier: str, least: str | None, car: str, expected: list[Any]) -> None:
    """Maker: at least a limousine for S, a minibus for A1, anything for the others."""
    given: dict[str, Any] = {"tier": tier, "services": ["car"]}
    assert tried("maker", **given)["bookings"]["grade"] == least
    assert booked("maker", [{**CAR, "grade": car}], **given) == expected


def test_who_rides_in_which_car() -> None:
    """Maker: nine guests do not go into one minibus of seven, but into two cars."""
    given = {"tier": "c", "services": ["car"], "headcount": 9}
    assert booked("maker", [{**CAR, "seats": 7}], **given) == [("block", "booking", "seats")]
    two = [{**CAR, "seats": 7, "people": 6}, {**CAR, "name": "A2", "seats": 4, "people": 3}]
    assert booked("maker", two, **given) == []


def test_the_others_hold_nothing() -> None:
    for name in ("authority", "branch", "university"):
        assert tried(name)["bookings"] == {"spans": [], "grade": None}
