"""The rows of `booking` as a file writes them: what is wrong with them, how they read, and what `try` says by them."""

from __future__ import annotations

from typing import Any

import pytest
import tomli_w

from models.policy.answer import answer_json
from models.policy.judge import judge
from models.policy.lint import lint
from models.policy.model import Policy, PolicyErrors
from models.policy.request_file import RequestErrors, read_request
from models.words import words
from tests.unit.asked import changed, small
from tests.unit.policy_texts import SMALL, with_row
from tests.unit.policy_texts import changed as changed_text
from tests.unit.test_listing import change, said
from tests.unit.test_policy_errors import line_of, only, problems

HELD = 'thing = "car"\nfor = "arrival"\n'
TWICE = 'thing = "car"\nclash = "twice"\n'


# what is wrong


@pytest.mark.parametrize(
    ("row", "path", "english", "chinese"),
    [
        ('thing = "cars"\nclash = "twice"', "thing", "car, room, person (nearest: car)", "最接近：car"),
        ('thing = ["car", "rom"]\nclash = "twice"', "thing[2]", "(nearest: room)", "最接近：room"),
        ("thing = []\nclash = 'twice'", "thing", "at least one is needed", "至少要有一个"),
        ("clash = 'twice'", "", "“thing” is missing", "缺少“thing”"),
        ('thing = "car"\nclash = "twise"', "clash", "twice, seats, grade, gap, midnight, equipment (nearest: twice)",
         "最接近：twice"),
        ('thing = "car"\nfor = "hal"', "for", "arrival, departure, hall, table (nearest: hall)", "最接近：hall"),
        ('thing = "car"\nfor = ["hall", "arival"]', "for[2]", "(nearest: arrival)", "最接近：arrival"),
        ('thing = "car"', "", "only one: for, clash", "只能写一个：for, clash"),
        ('thing = "car"\nfor = "hall"\nclash = "twice"', "", "only one: for, clash", "只能写一个：for, clash"),
        (f"{TWICE}before = '1h'", "before", "“before” is only written together with “for”", "“before”只和“for”一起写"),
        (f"{TWICE}after = '1h'", "after", "together with “for”", "“for”"),
        (f"{HELD}least = '1h'", "least", "together with “clash”", "“clash”"),
        (f"{HELD}breach = 'warn'", "breach", "together with “clash”", "“clash”"),
        (f"{TWICE}least = '1h'", "least", "together with “clash = \"gap\"”", "clash = \"gap\""),
        ('thing = "car"\nclash = "gap"', "", "“least” is missing", "缺少“least”"),
        ('thing = "car"\nclash = "gap"\nleast = "soon"', "least", "is no length of time", "不是时长"),
        (f"{HELD}before = '-1h'", "before", "is no length of time", "不是时长"),
        (f"{TWICE}breach = 'guest_pays'", "breach", "info, warn, reason, block", "info, warn, reason, block"),
        ('thing = "person"\nclash = "seats"', "clash", "has no clash “seats” — allowed: twice, gap, midnight",
         "“person”没有“seats”这种冲突"),
        ('thing = ["car", "room"]\nclash = "grade"', "clash", "a “room” has no clash “grade”", "“room”没有“grade”"),
        (f"{TWICE}wen = {{}}", "wen", "(nearest: when)", "最接近：when"),
        (f"{TWICE}id = 'a-b'", "id", "letters, digits and underscores", "下划线"),
        (f"{TWICE}when = {{ tier = 'hgh' }}", "when.tier", "(nearest: high)", "最接近：high"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_line_and_key(row: str, path: str, english: str, chinese: str) -> None:
    text = with_row("booking", row)
    problem = only(text)
    assert problem.path == f"booking[3].{path}".rstrip(".")
    key = path.partition("[")[0].partition(".")[0]
    expected = line_of(text, row) + ([line.split(" ")[0] for line in row.splitlines()].index(key) if key else -1)
    assert problem.line == expected
    assert english in problem.said(words("en"), "x.toml")
    assert chinese in problem.said(words("zh"), "x.toml")


@pytest.mark.parametrize(
    ("old", "new", "path", "english"),
    [
        ('equipment = "screen"', 'equipment = "scren"', "duty[1].equipment", "[list] equipment is called “scren”"),
        ('equipment = "screen"', 'equipment = ["screen", 3]', "duty[1].equipment[2]", "there are: screen, mic"),
        ('stage = "hall"\nequipment', "equipment", "duty[1].equipment", "only written together with “stage”"),
    ],
)
def test_bad_equipment_is_named(old: str, new: str, path: str, english: str) -> None:
    problem = only(changed_text(old, new))
    assert (problem.path, english in problem.said(words("en"), "x.toml")) == (path, True)


def test_all_that_is_wrong_comes_at_once() -> None:
    text = with_row("booking", 'thing = "cra"\nfor = "nowhere"\nbefore = "x"\nleast = "1h"')
    assert [problem.path.partition(".")[2] for problem in problems(text)] == ["thing", "for", "before", "least"]


def test_equipment_is_no_field_of_the_form() -> None:
    text = with_row("check", "id = 'c'\nwhen = { equipment = 'screen' }")
    with pytest.raises(PolicyErrors):
        small(text.removeprefix(SMALL))
    assert "equipment" in only(text).path


# what is odd


def odd(*rows: str) -> list[tuple[str, str]]:
    """What is warned of where these are all the bookings."""
    policy = small("".join(f"[[booking]]\n{row}\n" for row in rows), tiers=True)
    return [(each.path, str(each.phrase.facts.get("row", ""))) for each in lint(policy)]


def test_a_row_that_is_never_reached() -> None:
    high = "when = { tier = 'high' }"
    assert odd(TWICE, TWICE + high) == [("booking[2]", "booking[1]")]
    assert odd(TWICE + high, TWICE) == []
    assert odd(HELD, 'thing = "car"\nfor = ["arrival", "departure"]\n') == []
    assert odd(HELD, 'thing = "car"\nfor = "departure"\n', 'thing = "car"\nfor = ["arrival", "departure"]\n') == [
        ("booking[3]", "booking[1]")
    ]
    assert odd('thing = ["car", "room"]\nclash = "twice"', 'thing = "room"\nclash = "twice"') == [
        ("booking[2]", "booking[1]")
    ]
    assert odd('thing = "room"\nclash = "twice"', 'thing = ["car", "room"]\nclash = "twice"') == []
    assert odd(TWICE, 'thing = "car"\nclash = "seats"', HELD) == []


def test_a_row_that_can_never_hold() -> None:
    assert odd(TWICE + "when = { tier = 'high', not = { tier = 'high' } }") == [("booking[1].when", "")]


# how they read


@pytest.mark.parametrize(
    ("row", "what", "figure"),
    [
        (f"{HELD}before = '1h'\nafter = '90m'", "car: arrival", "from 1 hour before, until 90 minutes after"),
        ("thing = 'room'\nfor = ['hall', 'departure']", "room: hall / departure", "from its time, until its time"),
        ("thing = ['car', 'room']\nclash = 'twice'\nbreach = 'block'", "car / room: held twice", "refused"),
        ("thing = 'person'\nclash = 'gap'\nleast = '30m'\nbreach = 'info'", "person: too little time between",
         "at least 30 minutes, said"),
    ],
)  # fmt: skip
def test_a_row_reads_as_it_is_meant(row: str, what: str, figure: str) -> None:
    assert said(with_row("booking", row), "booking")[-1] == ("", what, figure, "")
    assert said(with_row("booking", f"{row}\nwhen = {{ tier = 'low' }}\nid = 'B1'"), "booking")[-1] == (
        "B1", what, figure, "level Low",
    )  # fmt: skip


def test_what_changes_between_versions() -> None:
    row = "[[booking]]\n" + TWICE
    once = SMALL + row
    assert change(SMALL, once) == [("booking", "added", "", " > reason")]
    assert change(once, f"{once}breach = 'block'\n") == [("booking", "changed", "", "reason > refused")]
    high, low = (f"{row}when = {{ tier = '{tier}' }}\n" for tier in ("high", "low"))
    assert [each[:2] for each in change(SMALL + high + low, SMALL + low + high)] == [("booking", "moved")]
    new = changed_text('equipment = "screen"', 'equipment = ["screen", "mic"]')
    assert [each[3] for each in change(SMALL, new)] == [
        "front, hall, by 1 hour before hall, needs screen > front, hall, by 1 hour before hall, needs screen, mic"
    ]


# try


EXAMPLE: dict[str, Any] = {
    "kind": "customer",
    "tier": "vip",
    "client": "江南智造集团",
    "headcount": 6,
    "requested_at": "2026-11-23T09:00:00",
    "arrive": "2026-11-30T10:20:00",
    "depart": "2026-12-01T15:00:00",
    "services": ["car", "tour"],
    "host": ["general_manager"],
}
CAR = {"thing": "car", "name": "浙A B8801", "grade": "passat", "seats": 4, "people": 6, "for": "arrival"}


def toml(**values: Any) -> str:
    """The worked example with these keys, times as TOML writes them."""
    text = tomli_w.dumps({**EXAMPLE, **values})
    lines = [line.replace('"', "") if "2026-1" in line and "T" in line else line for line in text.splitlines()]
    return "\n".join(lines)


def tried(policy: Policy, **values: Any) -> dict[str, Any]:
    """The answer in English."""
    request, _ = read_request(policy, toml(**values))
    return answer_json(judge(policy, request), policy, "en")


def found(answer: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    """The findings about bookings."""
    return [(each["level"], each["rule"], each["text"]) for each in answer["findings"] if each["code"] == "booking"]


def test_try_says_what_is_held_and_which_class_is_asked_for(default_policy: Policy) -> None:
    """R90: by hand, arrival 10:20 and departure 15:00 an hour around; the welcome is at 11:10, the talks at 11:35."""
    bookings = tried(default_policy)["bookings"]
    assert bookings["grade"] == "bmw"
    spans = {(each["thing"], each["for"]): (each["from"][8:16], each["until"][8:16]) for each in bookings["spans"]}
    assert spans == {
        ("car", "arrival"): ("30T09:20", "30T11:20"), ("car", "departure"): ("01T14:00", "01T16:00"),
        ("room", "welcome"): ("30T10:50", "30T11:35"), ("room", "talks"): ("30T11:35", "30T13:35"),
        ("person", "arrival"): ("30T09:20", "30T11:10"), ("person", "welcome"): ("30T11:10", "30T11:20"),
        ("person", "introduction"): ("30T11:20", "30T11:35"), ("person", "talks"): ("30T11:35", "30T12:20"),
        ("person", "departure"): ("01T14:30", "01T15:30"),
    }  # fmt: skip
    assert tried(default_policy, tier="routine", services=[])["bookings"]["grade"] is None


def test_try_says_what_clashes(default_policy: Policy) -> None:
    """A9: a class below the usual asks for a reason, which may be given; the same reason does for every booking."""
    held = {"thing": "car", "name": "浙a b8801", "from": "2026-11-30T11:00:00", "until": "2026-11-30T12:00:00"}
    room = {"thing": "room", "name": "301", "seats": 8, "for": "迎宾入室", "equipment": ["白板"]}
    answer = tried(default_policy, bookings=[CAR, room], held=[held])
    assert found(answer) == [
        ("reason", None, "浙A B8801: 11:00-12:00 taken"),
        ("reason", None, "浙A B8801: 6 people, 4 seats"),
        ("reason", "R90", "浙A B8801: Passat class, below the standard BMW class"),
        ("warn", None, "301: no projector"),
    ]
    assert answer["verdict"] == "needs"
    answer = tried(default_policy, bookings=[CAR, room], held=[held], reasons={"booking": "no other car"})
    assert (len(found(answer)), answer["verdict"]) == (4, "fits")


def test_try_says_of_two_own_bookings_once_that_they_clash(default_policy: Policy) -> None:
    car = {**CAR, "grade": "bmw", "people": 3}
    assert found(tried(default_policy, bookings=[car, car])) == [
        ("reason", None, "浙A B8801: 09:20-11:20 taken for this visit")
    ]
    assert found(tried(default_policy, bookings=[car, {**car, "name": "浙A B8802"}])) == []


def test_try_says_what_another_request_only_asks_for(default_policy: Policy) -> None:
    held = {"thing": "room", "name": "301", "from": "2026-11-30T11:00:00", "until": "2026-11-30T12:00:00"}
    room = {"thing": "room", "name": "301", "for": "talks"}
    (said_,) = found(tried(default_policy, bookings=[room], held=[{**held, "firm": False}]))
    assert "not approved yet" in said_[2]


@pytest.mark.parametrize(
    ("booking", "path", "english"),
    [
        ({"for": "arival"}, "bookings[1].for", "(nearest: arrival)"),
        ({"grade": "pasat"}, "bookings[1].grade", "(nearest: passat)"),
        ({"thing": "bus"}, "bookings[1].thing", "car, room, person"),
        ({"name": " "}, "bookings[1].name", "empty"),
        ({"for": "tour"}, "bookings[1]", "“from” is missing"),
        ({"from": "2026-11-30T11:00:00"}, "bookings[1]", "“until” is missing"),
        ({"from": "2026-11-30T11:00:00", "until": "2026-11-30T11:00:00"}, "bookings[1].until", "must be later"),
        ({"seats": -1}, "bookings[1].seats", "from 0"),
        ({"equipment": ["beamer"]}, "bookings[1].equipment[1]", "projector"),
        ({"colour": "black"}, "bookings[1].colour", "thing, name, for"),
    ],
)  # fmt: skip
def test_a_bad_booking_is_named(default_policy: Policy, booking: dict[str, Any], path: str, english: str) -> None:
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, toml(bookings=[{**CAR, **booking}]))
    problem = caught.value.problems[0]
    assert (problem.path, english in problem.said(words("en"), "x")) == (path, True)


def test_what_others_hold_has_times(default_policy: Policy) -> None:
    with pytest.raises(RequestErrors) as caught:
        read_request(default_policy, toml(held=[CAR]))
    assert [problem.phrase.facts["key"] for problem in caught.value.problems] == ["from", "until"]


def test_a_regulation_without_bookings_has_no_use_for_them() -> None:
    policy = small()
    text = 'kind = "business"\nclient = "A"\nheadcount = 4\nrequested_at = 2026-11-02T09:00:00\n'
    text += "arrive = 2026-11-09T10:00:00\ndepart = 2026-11-10T10:00:00\n"
    request, unused = read_request(policy, text + 'bookings = [{ thing = "car", name = "A", for = "arrival" }]\n')
    assert request.bookings == ()
    assert [words("en").text(finding.text).partition(":")[0] for finding in unused] == ["bookings"]
    assert answer_json(judge(policy, request), policy, "en")["bookings"] == {"spans": [], "grade": None}


def test_a_gap_can_be_refused() -> None:
    policy = changed('least = "30m"\nbreach = "warn"', 'least = "2h"\nbreach = "block"')
    held = {"thing": "car", "name": "浙A B8801", "from": "2026-11-30T13:00:00", "until": "2026-11-30T14:00:00"}
    answer = tried(policy, bookings=[{**CAR, "people": 2, "grade": "bmw"}], held=[held])
    assert found(answer) == [("block", None, "浙A B8801: wanted again 100 minutes later, needs 2 hours")]
    assert answer["verdict"] == "blocked"
