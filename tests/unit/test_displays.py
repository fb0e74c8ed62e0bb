"""Welcome text, name plates, seating: made from the visit in both languages, followed, written anew, ticked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.form import Form, FormGuest
from models.papers.journal_entries import entry_text
from models.queries.visit_detail import visit as whole
from models.schema.arrangements import Display
from models.schema.store import reading, write
from models.services import arrangement_verbs, client_verbs, day_verbs, displays
from models.services.arrangement_verbs import amend, preview
from models.services.displays import WHAT
from models.services.visit_diff import sentence
from models.services.visit_form import read_form
from models.services.visit_record import VisitRecord
from models.services.visits import Done
from models.words import words
from tests.unit.life import Company, approved, company, default_text, form, refuses, said, submitted, visit

EVIL = "[/x] [bold] =cmd() \x1b[2J"
GUESTS = (
    FormGuest("方圆", "总工程师"),
    FormGuest("买买提·吐尔逊", "部长"),
    FormGuest("徐明哲", "董事长", principal=True),
    FormGuest("Anna Berg", "Buyer", "Ms"),
    FormGuest("", "秘书"),
)


def wide(who: Company, **changes: object) -> Form:
    made = form(
        who, guests=GUESTS, headcount=8, hosts=(who.ids["周建国"],),
        companions=(who.ids["刘晓燕"], who.ids["李卫东"], who.ids["王海峰"]),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def texts(done: Done) -> dict[str, Display]:
    with reading():
        return {row.what: row for row in Display.select().where(Display.visit == done.visit)}


def test_the_welcome_names_client_principal_and_day_in_both_languages(who: Company) -> None:
    """R55, A20: one text, whatever the form calls it; names are spelt, never translated."""
    welcome = texts(approved(who, wide(who)))["welcome"]
    assert welcome.zh == "热烈欢迎\n江南智造集团\n徐明哲董事长一行莅临指导\n2026年11月30日"
    assert welcome.en == "A warm welcome to\n江南智造集团\nXu Mingzhe and party\n30 November 2026"


@pytest.mark.parametrize(
    ("guest", "zh", "en"),
    [
        (FormGuest("徐明哲", "", "徐董", principal=True), "徐董一行莅临指导", "Xu Mingzhe and party"),
        (FormGuest("Anna Berg", "", "Ms", principal=True), "Ms Anna Berg一行莅临指导", "Ms Anna Berg and party"),
        (
            FormGuest("Anna Berg", "Director", principal=True),
            "Anna Berg Director一行莅临指导",
            "Anna Berg, Director and party",
        ),
        (FormGuest("徐明哲", "董事长"), "各位来宾莅临指导", "our guests"),
        (FormGuest("", "省长", principal=True), "省长一行莅临指导", "Guest and party"),
    ],
)
def test_the_principal_is_said_with_their_post_or_as_they_are_addressed(
    who: Company, guest: FormGuest, zh: str, en: str
) -> None:
    welcome = texts(approved(who, form(who, guests=(guest,))))["welcome"]
    assert welcome.zh.splitlines()[2] == zh
    assert welcome.en.splitlines()[2] == en


def test_a_plate_for_each_and_one_line_for_who_is_not_named(who: Company) -> None:
    """R54: 8 come, 5 are listed: 3 more. A19."""
    plates = texts(approved(who, wide(who)))["plates"]
    assert plates.zh.splitlines() == [
        "徐明哲", "方圆", "买买提·吐尔逊", "Anna Berg", "秘书", "来宾 ×3", "周建国", "李卫东", "王海峰", "刘晓燕",
    ]  # fmt: skip
    assert plates.en.splitlines() == [
        "Xu Mingzhe", "Fang Yuan", "Maimaiti Tuerxun", "Anna Berg", "Guest", "Guest ×3", "Zhou Jianguo", "Li Weidong",
        "Wang Haifeng", "Liu Xiaoyan",
    ]  # fmt: skip


def test_guests_sit_by_rank_and_ours_opposite_by_how_high_their_post_is(who: Company) -> None:
    seating = texts(approved(who, wide(who)))["seating"]
    assert seating.zh.splitlines() == [
        "客方 — 我方",
        "1  徐明哲董事长 — 周建国总经理",
        "2  方圆总工程师 — 李卫东主管副总经理",
        "3  买买提·吐尔逊部长 — 王海峰营销部部长",
        "4  Anna Berg Buyer — 刘晓燕项目营销负责人",
        "5  秘书 — -",
        "另有来宾 3 人",
    ]
    assert seating.en.splitlines()[1] == "1  Xu Mingzhe — Zhou Jianguo, General manager"
    assert seating.en.splitlines()[-1] == "and 3 more guests"


def test_ranks_of_the_policy_go_before_the_order_of_the_list(tmp_path: Path) -> None:
    text = default_text().replace('#~ rank = ["minister"', 'rank = ["minister"')
    with company(tmp_path, text) as who:
        guests = (
            FormGuest("甲"), FormGuest("乙", rank="section"), FormGuest("司机", rank="minister", counts=False),
            FormGuest("丙", rank="minister"), FormGuest("主宾", principal=True),
        )  # fmt: skip
        order = [guest.name for guest in displays.by_rank(who.policy, guests)]
    assert order == ["主宾", "丙", "乙", "甲", "司机"]


def test_texts_follow_the_guests_and_are_set_out_no_more(who: Company) -> None:
    done = approved(who, form(who))
    session = who.session("林小雨")
    for display in texts(done).values():
        arrangement_verbs.set_out(session, display.id, expected=display.version)
    assert all((row.done_at, row.done_by_id) == (who.now, who.ids["林小雨"]) for row in texts(done).values())
    made = read_form(visit(done))
    amend(session, done.visit, replace(made, guests=(*made.guests, FormGuest("方圆"))), expected=visit(done).version)
    now = texts(done)
    assert now["welcome"].done_at == who.now, "its words are the same"
    assert (now["plates"].done_at, now["seating"].done_at) == (None, None)
    assert "方圆" in now["plates"].zh


def test_a_text_written_by_hand_after_it_was_set_out_is_to_be_set_out_anew(who: Company) -> None:
    done = approved(who, form(who))
    session = who.session("林小雨")
    welcome = texts(done)["welcome"]
    arrangement_verbs.set_out(session, welcome.id, expected=welcome.version)
    welcome = texts(done)["welcome"]
    arrangement_verbs.edit_text(session, welcome.id, expected=welcome.version, zh=welcome.zh, en=welcome.en)
    assert texts(done)["welcome"].done_at == who.now, "its words are the same"
    arrangement_verbs.edit_text(
        session, welcome.id, expected=texts(done)["welcome"].version, zh="热烈欢迎徐董", en=welcome.en
    )
    now = texts(done)["welcome"]
    assert (now.zh, now.done_at, now.done_by_id) == ("热烈欢迎徐董", None, None)


def test_a_text_written_by_hand_stays_until_it_is_put_back(who: Company) -> None:
    done = approved(who, form(who))
    session = who.session("林小雨")
    plates = texts(done)["plates"]
    arrangement_verbs.edit_text(session, plates.id, expected=plates.version, zh=f"徐董\n{EVIL}", en="Mr Xu\n𠮷")
    kept = texts(done)["plates"]
    assert (kept.zh.splitlines()[0], "\x1b" in kept.zh, kept.edited) == ("徐董", False, True)
    with refuses("stale_display"):
        arrangement_verbs.edit_text(session, plates.id, expected=plates.version, zh="", en="")
    made = read_form(visit(done))
    amend(session, done.visit, replace(made, guests=(*made.guests, FormGuest("方圆"))), expected=visit(done).version)
    assert texts(done)["plates"].zh == kept.zh
    arrangement_verbs.reset_text(session, kept.id, expected=kept.version)
    back = texts(done)["plates"]
    assert (back.edited, back.zh.splitlines()[:2]) == (False, ["徐明哲", "方圆"])
    same = arrangement_verbs.edit_text(session, back.id, expected=back.version, zh=back.zh, en=back.en)
    assert (same.message.key, texts(done)["plates"].edited) == ("done.display_same", False)


def test_a_change_says_which_texts_are_to_be_set_out_anew_to_who_set_them_out(who: Company) -> None:
    """R54, R55: what stands there says the wrong thing as soon as the guests are others."""
    done = approved(who, form(who))
    for each in ("welcome", "plates"):
        text = texts(done)[each]
        arrangement_verbs.set_out(who.session("方晓静"), text.id, expected=text.version)
    made = read_form(visit(done))
    more = replace(made, guests=(*made.guests, FormGuest("方圆")))
    shown = preview(who.session("林小雨"), done.visit, more)
    said = [words("zh").text(sentence(difference)) for difference in shown.differences]
    assert "桌牌 已显示、摆出 -> 要重做" in said
    assert not any(each.startswith(("欢迎词", "座次")) for each in said), "it says the same, or was not set out"
    assert "方晓静" in [told.name for told in shown.notifications]


def test_the_history_says_which_text_was_written_anew_and_how(who: Company) -> None:
    done = approved(who, form(who))
    session, text = who.session("林小雨"), texts(done)["welcome"]
    arrangement_verbs.edit_text(session, text.id, expected=text.version, zh="欢迎\n徐董", en=text.en)
    again = texts(done)["welcome"]
    arrangement_verbs.reset_text(session, text.id, expected=again.version)
    found = whole(session, done.visit)
    assert found is not None
    day = who.now.date()
    reset, edited = [entry_text(entry, words("zh"), 2, day) for entry in found.history[:2]]
    made = " / ".join(text.zh.splitlines())
    assert edited == f"改文字 欢迎词 中文 {made} -> 欢迎 / 徐董"
    assert reset == f"恢复自动生成的文字 欢迎词 中文 欢迎 / 徐董 -> {made}"


def test_a_change_that_is_asked_for_changes_no_text_before_it_is_agreed_to(who: Company) -> None:
    done = approved(who, form(who))
    had = texts(done)["plates"].zh
    asks = amend(who.session("林小雨"), done.visit, replace(read_form(visit(done)), headcount=9), expected=done.version)
    assert texts(done)["plates"].zh == had
    said(who, "周建国", asks.done)
    assert "来宾 ×8" in texts(done)["plates"].zh


def test_a_text_written_by_hand_is_to_be_checked_once_the_guests_are_others(who: Company) -> None:
    """R54, R55: it does not follow; one that is made from the visit does, and nothing is said."""
    done = approved(who, wide(who))
    session = who.session("林小雨")
    plates = texts(done)["plates"]
    arrangement_verbs.edit_text(session, plates.id, expected=plates.version, zh="徐董\n方总", en="Mr Xu")
    assert outdated(who, done) == {"plates": False}
    guests = (*wide(who).guests, FormGuest("新来的", "经理"))
    more = replace(wide(who), guests=guests)
    differences = [words("zh").text(sentence(each)) for each in preview(session, done.visit, more).differences]
    assert "改写过的桌牌 相符 -> 请核对" in differences
    assert not any("座次" in each for each in differences)
    assert outdated(who, done) == {"plates": False}, "only looked at"
    saved = amend(session, done.visit, more, expected=visit(done).version)
    assert outdated(who, done) == {"plates": True}
    assert "新来的" in texts(done)["seating"].zh
    kept = texts(done)["plates"]
    checked = arrangement_verbs.edit_text(session, kept.id, expected=kept.version, zh=kept.zh, en=kept.en)
    assert checked.message.key == "done.display_checked"
    assert outdated(who, done) == {"plates": False}
    amend(session, done.visit, wide(who), expected=visit(done).version)
    assert outdated(who, done) == {"plates": True}
    kept = texts(done)["plates"]
    arrangement_verbs.reset_text(session, kept.id, expected=kept.version)
    assert outdated(who, done) == {}
    assert saved.done.visit == done.visit


def outdated(who: Company, done: Done) -> dict[str, bool]:
    with reading():
        return displays.outdated(VisitRecord(who.session("林小雨"), visit(done)))


def test_a_visit_arranged_before_has_its_texts_made_when_asked_for(who: Company) -> None:
    done = approved(who, form(who))
    with write():
        Display.delete().execute()
    with refuses("no_part"):
        arrangement_verbs.make_texts(who.session("张德胜"), done.visit)
    arrangement_verbs.make_texts(who.session("林小雨"), done.visit)
    assert list(texts(done)) == list(WHAT)


def test_nobody_reads_of_a_request_on_the_screen_before_it_is_approved(who: Company) -> None:
    assert texts(submitted(who, form(who))) == {}


def test_a_cancelled_visit_keeps_its_texts_but_nothing_is_done_to_them(who: Company) -> None:
    done = approved(who, form(who))
    had = texts(done)["plates"]
    arrangement_verbs.set_out(who.session("林小雨"), had.id, expected=had.version)
    off = day_verbs.cancel(who.session("林小雨"), done.visit, "改期", expected=done.version)
    plates = texts(done)["plates"]
    with refuses("state.cancelled"):
        arrangement_verbs.set_out(who.session("林小雨"), plates.id, expected=plates.version)
    assert off.state == "cancelled"
    with refuses("no_arrangement"):
        arrangement_verbs.reset_text(who.session("林小雨"), 999, expected=1)
    day_verbs.restore(who.session("林小雨"), done.visit, expected=off.version)
    again = texts(done)["plates"]
    assert (again.zh, again.done_at) == (plates.zh, None), "restored, it is still to be set out"


def test_the_welcome_follows_the_clients_name(who: Company) -> None:
    done = approved(who, form(who))
    client = visit(done).client_id or 0
    client_verbs.change_client(who.session("刘晓燕"), client, expected=1, name="江南智造集团有限公司")
    assert texts(done)["welcome"].zh.splitlines()[1] == "江南智造集团有限公司"
