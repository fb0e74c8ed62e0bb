"""A change to an arranged visit: seen before it is made, told to whom it concerns, taken back, and read later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.queries.visit_detail import visit as whole
from models.schema.arrangements import Notification
from models.schema.journal import head
from models.schema.store import write
from models.services import day_verbs
from models.services.arrangement_verbs import amend, preview, take_change_back
from models.services.request_verbs import submit
from models.services.rights import refusal_code
from models.services.visit_diff import sentence, unpack_difference
from models.words import words
from tests.unit.life import (
    Company,
    approved,
    company,
    default_text,
    form,
    refuses,
    said,
    stored,
    submitted,
    tasks,
    visit,
)
from tests.unit.test_notifications import told

ZH = words("zh")
NOTIFY = '[[change]]\nfields = ["headcount", "arrive"]\nask = "notify"\n\n[[change]]\nfields = ["tier", "lead_host"]\n'


def test_what_is_shown_before_is_what_saving_does(who: Company) -> None:
    """A33: what a change adds and takes away is listed, beforehand and afterwards alike."""
    session, done = who.session("林小雨"), approved(who, form(who))
    made = replace(stored(done), headcount=5, services=("car", "tour", "fruit"), lodged=False)
    before = (head(), told(done), tasks(done).keys(), visit(done).version)
    shown = preview(session, done.visit, made)
    assert before == (head(), told(done), tasks(done).keys(), visit(done).version)
    result = amend(session, done.visit, made, expected=done.version)
    assert shown.differences == result.differences
    assert {unpack_difference(entry).key for each in shown.notifications for entry in each.what} >= {"headcount"}
    assert {(each.role, each.name) for each in shown.notifications} == {
        tuple(each.split(" ", 1)) for each in told(done)
    }


def test_a_change_of_substance_shows_what_it_will_do_once_agreed(who: Company) -> None:
    """A33: nothing is told while it is being decided, everything when it is agreed to."""
    session, done = who.session("林小雨"), approved(who, form(who))
    made = replace(stored(done), headcount=9)
    shown = preview(session, done.visit, made)
    assert shown.asks == ("headcount",)
    assert shown.posts is not None
    assert ZH.name(shown.posts) == "总经理"
    assert ("headcount", "6", "9") in [(each.key, each.old, each.new) for each in shown.differences]
    result = amend(session, done.visit, made, expected=done.version)
    assert result.differences == shown.differences
    assert told(done) == {}
    said(who, "周建国", result.done)
    assert told(done)["department 方晓静"] == ["人数 6 -> 9"]


def test_who_made_a_change_takes_it_back(who: Company) -> None:
    session, done = who.session("林小雨"), approved(who, form(who))
    changed = amend(session, done.visit, replace(stored(done), headcount=9), expected=done.version).done
    assert refusal_code(who.session("刘晓燕"), "take_change_back", done.visit) == "not_your_change"
    with refuses("not_your_change"):
        take_change_back(who.session("刘晓燕"), done.visit, expected=changed.version)
    back = take_change_back(session, done.visit, expected=changed.version)
    assert (back.state, visit(done).headcount, visit(done).before) == ("approved", 6, None)
    assert told(done) == {}
    assert refusal_code(session, "take_change_back", done.visit) == "state.approved"


def test_everybody_who_knew_is_told_that_it_is_off_and_on_again(who: Company) -> None:
    session, done = who.session("林小雨"), approved(who, form(who))
    off = day_verbs.cancel(session, done.visit, "客户改期", expected=done.version)
    waiting = told(done)
    assert waiting["host 周建国"] == ["取消 11-30 10:20 6 人"]
    assert {role.split()[0] for role in waiting} == {"host", "department", "contact"}
    with write():
        Notification.update(told_at=who.now).where(
            Notification.visit == done.visit, Notification.role == "contact"
        ).execute()
    draft = day_verbs.restore(session, done.visit, expected=off.version)
    again = submit(who.session("刘晓燕"), done.visit, expected=draft.version)
    again = said(who, "王海峰", again)
    again = said(who, "周建国", again)
    assert again.state == "approved"
    assert told(done) == {"contact 徐明哲 董事长": ["照常 11-30 10:20 6 人"]}


def test_what_the_policy_only_wants_told_is_told_to_who_decides(tmp_path: Path) -> None:
    text = default_text().replace('[[change]]\nfields = ["tier", "headcount+", "lead_host"]\n', NOTIFY)
    with company(tmp_path, text) as who:
        done = approved(who, form(who, "business", host="李卫东"))
        session, made = who.session("林小雨"), replace(stored(done), headcount=9)
        assert preview(session, done.visit, made).notices == ("headcount",)
        assert amend(session, done.visit, made, expected=done.version).asks == ()
        assert told(done)["approver 李卫东"] == ["人数 6 -> 9"]


def test_findings_do_not_stand_in_the_way_of_looking(who: Company) -> None:
    """R20: another lead host than the rule's wants a reason, and the rest of the change is shown all the same."""
    session, done = who.session("林小雨"), approved(who, form(who))
    made = replace(stored(done), hosts=(who.ids["李卫东"],))
    shown = preview(session, done.visit, made)
    assert [finding.code for finding in shown.findings] == ["lead_host"]
    assert "hosts" in [each.key for each in shown.differences]
    assert preview(session, done.visit, made, reasons={"lead_host": "周总出差"}).findings == ()


def test_the_history_says_old_and_new_values(who: Company) -> None:
    session, done = who.session("林小雨"), approved(who, form(who))
    amend(session, done.visit, replace(stored(done), headcount=5), expected=done.version, words="少一人")
    found = whole(session, done.visit)
    assert found is not None
    facts = dict(found.history[0].facts)
    assert next(ZH.text(each) for each in facts["changed"]) == "人数 6 -> 5"
    assert facts["words"] == "少一人"


def test_nobody_may_look_who_may_not_change(who: Company) -> None:
    done = submitted(who, form(who))
    with refuses("state.submitted"):
        preview(who.session("林小雨"), done.visit, form(who, headcount=5))
    done = approved(who, form(who, client="苏能装备"))
    with refuses("not_yours"):
        preview(who.session("陈志远"), done.visit, form(who, headcount=5))


def test_every_effect_can_be_said_in_both_languages(who: Company) -> None:
    session, done = who.session("林小雨"), approved(who, form(who))
    hosts = (who.ids["周建国"], who.ids["何志明"])
    fewer = replace(stored(done), headcount=5, guests=(), services=(), dining=False)
    made = replace(fewer, hosts=hosts, companions=(who.ids["王海峰"],), tier="business")
    shown = preview(session, done.visit, made, reasons={"lead_host": "客户要求"})
    for language in ("zh", "en"):
        for difference in shown.differences:
            assert "{" not in words(language).text(sentence(difference))
