"""Rights: the regulation's table, many visits at once, what is not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import Refused
from models.form import Form
from models.policy.answer import Finding
from models.policy.load import load_text
from models.policy.model import Policy
from models.policy.right import OF_A_VISIT, OF_THE_HOUSE, SILENT, holders_of, rows_for
from models.queries.request_lists import preview
from models.queries.request_preview import verdict
from models.schema.store import reading
from models.schema.tables import Person, Visit
from models.services import person_verbs, resource_verbs
from models.services.person_verbs import add_person, change_person, end_post, give_post, set_up
from models.services.regulation_verbs import RegulationPlace, hindrance
from models.services.request_verbs import new_draft
from models.services.rights import _RULES, client_refusal, refusal_code
from models.services.session import Actor, Session
from models.words import words
from tests.unit.life import Company, approved, form, refuses, submitted

# -- rights table ------------------------------------------------------------------------------------------------------
#
# The table of rights (`[[right]]`): who may do what, in an office and alone.


ROOT = Path(__file__).parents[2]
DEFAULT = (ROOT / "config.toml").read_text("utf-8")


def ruled(*rows: str) -> Policy:
    """The default regulation with these rows of rights in place of its own."""
    head = DEFAULT[: DEFAULT.index('[[right]]\ndo = ["people"')]
    return load_text(head + "".join(f"\n[[right]]\n{row}\n" for row in rows))


def office(who: Company, name: str, policy: Policy | None = None) -> Session:
    """Somebody at work in an office."""
    session = who.session(name)
    return replace(session, office=True, policy=policy or session.policy, versions=())


def test_the_default_is_what_holds_where_a_regulation_is_silent(default_policy: Policy) -> None:
    """What is done to a visit was so before there was a table; the registers are named posts' in the file."""
    silent = {verb: row.by for row in SILENT for verb in row.do}
    said = {verb: tuple(who for row in rows_for(default_policy, verb) for who in row.by) for verb in silent}
    named = {"people", "policy", "journal", "things", "phones"}
    assert {verb: by for verb, by in said.items() if verb not in named} == {
        verb: by for verb, by in silent.items() if verb not in named
    }
    assert holders_of(default_policy, "people") == ("general_manager", "office_director")
    assert holders_of(default_policy, "policy") == ("general_manager", "marketing_head")
    assert set(silent) == {*OF_THE_HOUSE, *OF_A_VISIT}
    assert set(OF_A_VISIT) - {"client"} == {verb for verb, rule in _RULES.items() if rule.by is None}


def test_where_a_regulation_is_silent_its_heads_keep_the_registers() -> None:
    policy = ruled()
    assert set(holders_of(policy, "people")) == {"general_manager", "marketing_head", "office_director"}
    assert set(holders_of(policy, "policy")) == set(holders_of(policy, "people"))
    assert "coordinator" in holders_of(policy, "things")


def on_people(session: Session, who: Company) -> list[Callable[[], object]]:
    """Every verb on the register of people."""
    zhao = who.ids["赵启航"]
    day = date(2026, 11, 23)
    return [
        lambda: add_person(session, "郑好"),
        lambda: change_person(session, zhao, expected=1, phone="1"),
        lambda: give_post(session, who.ids["陈志远"], "general_manager", day),
        lambda: end_post(session, 1, day),
        lambda: set_up(session, [("郑好", "", ())]),
        lambda: person_verbs.set_login(session, zhao, "zhao"),
        lambda: person_verbs.set_language(session, zhao, "en"),
        lambda: person_verbs.add_key(session, zhao, KEY),
        lambda: person_verbs.switch_key_off(session, 1),
    ]


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f zhao@laptop"


def test_nobody_gives_themselves_a_post(who: Company) -> None:
    """In an office the register is kept by whom the regulation names, and by nobody else."""
    for name in ("陈志远", "林小雨", "王海峰"):
        for verb in on_people(office(who, name), who):
            with refuses("right_of_others"):
                verb()
    give_post(office(who, "方晓静"), who.ids["陈志远"], "workshop_director", date(2026, 11, 23))
    assert add_person(office(who, "周建国"), "郑好") > 0


def test_who_is_not_of_the_register_may_nothing(who: Company) -> None:
    stranger = replace(office(who, "周建国"), actor=Actor(None, "", "mallory"))
    verbs: list[Callable[[], object]] = [*on_people(stranger, who), lambda: new_draft(stranger)]
    for verb in verbs:
        with refuses("nobody_acts"):
            verb()
    gone = office(who, "周建国")
    change_person(office(who, "方晓静"), who.ids["周建国"], expected=1, active=False)
    with refuses("nobody_acts"):
        add_person(gone, "郑好")


def test_alone_all_of_that_is_free(who: Company) -> None:
    session = who.session("陈志远")
    give_post(session, who.ids["陈志远"], "general_manager", date(2026, 11, 23))
    resource_verbs.add_resource(replace(session, actor=Actor(None, "", "fang")), "car", resource_verbs.Thing("浙A1"))
    assert hindrance(session, None) != Refused("right_of_others")
    assert refusal_code(session, "policy") is refusal_code(session, "journal") is None


def test_cars_and_the_regulation(who: Company, tmp_path: Path) -> None:
    place = RegulationPlace(str(tmp_path / "config"), str(tmp_path / "config"))
    with refuses("right_of_others"):
        resource_verbs.add_resource(office(who, "陈志远"), "car", resource_verbs.Thing("浙A1"))
    assert resource_verbs.add_resource(office(who, "林小雨"), "car", resource_verbs.Thing("浙A1"))
    refused = hindrance(office(who, "林小雨"), place)
    assert refused is not None
    assert refused.code == "right_of_others"
    assert hindrance(office(who, "王海峰"), place) is None


def test_a_right_of_a_post_with_a_condition(who: Company) -> None:
    """Small visits the head of Technology may call off, great ones the general manager or Quality."""
    policy = ruled(
        'do = "cancel"\nby = "technology_head"\nwhen = { tier = "routine" }',
        'do = "cancel"\nby = ["general_manager", "quality"]\nwhen = { tier = "vip" }',
    )
    vip, routine = submitted(who, form(who)), submitted(who, form(who, "routine", host="王海峰", client="江南"))
    assert refusal_code(office(who, "陈志远", policy), "cancel", routine.visit) is None
    assert refusal_code(office(who, "陈志远", policy), "cancel", vip.visit) == "no_right"
    assert refusal_code(office(who, "周建国", policy), "cancel", vip.visit) is None
    assert refusal_code(office(who, "周建国", policy), "cancel", routine.visit) == "no_right"
    assert refusal_code(office(who, "刘晓燕", policy), "cancel", vip.visit) == "no_right"
    assert refusal_code(office(who, "刘晓燕", policy), "withdraw", vip.visit) is None


def test_a_right_that_was_taken_away_is_away_from_open_visits(who: Company) -> None:
    """A visit keeps the version it was judged by, but who may do what is as today's says."""
    done = approved(who, form(who))
    assert refusal_code(office(who, "林小雨"), "hand_over", done.visit) is None
    later = ruled('do = "hand_over"\nby = "@owner_head"')
    assert refusal_code(office(who, "林小雨", later), "hand_over", done.visit) == "no_right"
    assert refusal_code(office(who, "王海峰", later), "hand_over", done.visit) is None


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("@lead_host", "周建国"),
        ("@approver", "王海峰"),
        ("@top", "周建国"),
        ("@department", ""),
        ("project_sales_lead", "刘晓燕"),
        ("marketing", "林小雨"),
    ],
)
def test_whom_a_row_may_name(who: Company, by: str, name: str) -> None:
    policy = ruled(f'do = "hand_over"\nby = "{by}"')
    done = approved(who, form(who, per_visit={"project_sales_lead": who.ids["刘晓燕"]}))
    allowed = {each for each in who.ids if refusal_code(office(who, each, policy), "hand_over", done.visit) is None}
    assert name in allowed or not name
    assert "何志明" not in allowed


def test_the_record_of_a_client(who: Company) -> None:
    done = submitted(who, form(who))
    client = int(Visit.get_by_id(done.visit).client_id or 0)
    assert client_refusal(office(who, "刘晓燕"), client) is None
    assert client_refusal(office(who, "陈志远"), client) == "not_client"
    for by, name in (("@anybody", "陈志远"), ("general_manager", "周建国"), ("@coordinator", "林小雨")):
        policy = ruled(f'do = "client"\nby = "{by}"')
        assert client_refusal(office(who, name, policy), client) is None
        assert (client_refusal(office(who, "刘晓燕", policy), client) is None) is (by == "@anybody")


def test_asking_for_visits(who: Company) -> None:
    policy = ruled('do = "new"\nby = "coordinator"')
    with refuses("right_of_others"):
        new_draft(office(who, "刘晓燕", policy))
    assert new_draft(office(who, "林小雨", policy)).visit


# -- objections --------------------------------------------------------------------------------------------------------
#
# One list of what is to be seen for the applicant and for who decides; nothing is said of what a field still lacks.


DAY: dict[str, Any] = {"arrive": datetime(2026, 11, 30, 9), "depart": datetime(2026, 11, 30, 18)}


def lines(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """The findings that are more than a remark."""
    return [(each.level, words("zh").text(each.text)) for each in findings if each.level != "info"]


def test_applicant_and_approver_read_the_same(who: Company) -> None:
    """A visit without lead host; the same client again on that day."""
    approved(who, form(who))
    made = form(who, "vip", client="江南 智造集团", hosts=())
    before = lines(verdict(who.session("刘晓燕"), made).findings)
    done = submitted(who, made)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    assert lines(shown.findings) == before
    assert any("2026-0001" in text for _, text in before), "the same client on the same day"
    assert any("主" in text and level == "warn" for level, text in before), "nobody is lead host"


def test_a_lead_host_asked_for_elsewhere_is_said_before_it_is_handed_in(who: Company) -> None:
    approved(who, form(who, client="甲", **DAY))
    made = form(who, client="乙", **DAY)
    found = lines(verdict(who.session("刘晓燕"), made).findings)
    assert [text for _, text in found] == ["周建国 11-30 09:00 另陪 甲"]
    done = submitted(who, made)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    assert lines(shown.findings) == found


@pytest.mark.parametrize(
    "change", [{"client": "丙"}, {"arrive": datetime(2026, 12, 7, 9), "depart": datetime(2026, 12, 7, 18)}]
)
def test_another_client_or_day_is_no_matter(who: Company, change: dict[str, object]) -> None:
    approved(who, form(who))
    made = replace(form(who), **change)  # type: ignore[arg-type]  # fields by name
    assert not any("2026-0001" in text for _, text in lines(verdict(who.session("刘晓燕"), made).findings))


def test_what_needs_a_missing_field_is_not_judged(who: Company) -> None:
    session = who.session("刘晓燕")
    empty = verdict(session, Form(kind="customer"))
    assert "arrive" in empty.waits["notice"]
    assert empty.waits["route"] == ("tier",)
    codes = {each.code for each in empty.findings}
    assert not codes & {"late", "lead_host", "cap"}
    assert not any("级别" in words("zh").text(each.text) for each in empty.findings)
    for left_out in ("arrive", "tier"):
        found = verdict(session, replace(form(who), **{left_out: None}))  # type: ignore[arg-type]  # by name
        assert found.missing == (left_out,)
        assert (left_out in found.waits["notice"]) == (left_out == "arrive")
        assert left_out == "tier" or "late" not in {each.code for each in found.findings}
    whole = verdict(session, form(who))
    assert not any(whole.waits.values())


def test_what_needs_no_missing_field_is_said(who: Company) -> None:
    """Without an arrival it is known who decides and who must be lead host."""
    found = verdict(who.session("刘晓燕"), replace(form(who, host="何志明"), arrive=None))
    assert found.waits["route"] == found.waits["hosts"] == ()
    assert "lead_host" in {each.code for each in found.findings}


def test_a_host_who_is_switched_off_meanwhile_is_named_to_both(who: Company) -> None:
    made = form(who)
    done = submitted(who, made)
    chief = who.ids["周建国"]
    with reading():
        seen = Person.get_by_id(chief).version
    change_person(who.session("林小雨"), chief, expected=seen, active=False)
    shown = preview(who.session("王海峰"), done.visit)
    assert shown is not None
    for found in (shown.findings, verdict(who.session("刘晓燕"), made).findings):
        assert ("warn", "周建国已停用，要换人") in lines(found)
