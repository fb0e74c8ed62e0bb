"""The wizard by keyboard, from an empty form to a submitted request."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from models.form import FormGuest
from models.services.request_verbs import new_draft
from tests.ui.filing import Filing, filing, office, stored
from tests.ui.look import IN_BOTH_LANGUAGES
from tests.unit.life import POSTS, Company
from tests.unit.life import form as example

WORDS = {
    "zh": {
        "route": "王海峰 营销部部长 意见 -> 周建国 总经理 审批",
        "notice": "7 天，要求 3 天：按时",
        "free": "没有拦住提交的问题",
        "late": "迟了",
        "why": "要写理由",
        "lies": "营销部部长",
    },
    "en": {
        "route": "王海峰 Head of Marketing opinion -> 周建国 General manager decides",
        "notice": "7 days, 3 days needed: in time",
        "free": "Nothing stops the submission",
        "late": "late",
        "why": "A reason is needed",
        "lies": "Head of Marketing",
    },
}


async def file_vip(at: Filing) -> None:
    """The form of a VIP visit for six guests with two meals, up to the review."""
    await at.type("江南智造集团")
    await at.press("enter")
    await at.type("6", "")
    await at.type("徐明哲", "董事长", "徐董", "", "13800000000")
    await at.press("f4")
    await at.type("买买提·吐尔逊")
    await at.press("pagedown")
    await at.type("考察生产线")
    await at.press("space", "right", "right", "right", "space", "tab")
    await at.type("11-30 10:20", "12-1 15:00")
    await at.press("space", "tab")
    await at.type("MU5187", "虹桥机场", "9:50", "沪A 12345")
    await at.press("pagedown")
    await at.press("space", "tab", "space", "right", "space")
    await at.to("categories")
    await at.press("space")
    await at.to("meals")
    await at.press("tab", "tab", "tab", "tab")
    await at.type("7", "4", "3")
    await at.press("f4")
    await at.press("pagedown", "pagedown")


@IN_BOTH_LANGUAGES
async def test_a_vip_request_from_nothing_to_submitted(tmp_path: Path, language: str) -> None:
    """R99, R100, R101, R102, R103, R104, R105, R106, R107, R110, R62: every field by keyboard; R12: who decides."""
    said = WORDS[language]
    with office(tmp_path) as who:
        async with filing(who, language=language) as at:
            await file_vip(at)
            review = await at.rest()
            flat = " ".join(review.split())
            for key in ("route", "free", "notice"):
                assert said[key] in flat
            assert "徐明哲 董事长" in review
            told = await at.press("enter")
            assert "2026-0001" in told
            assert said["lies"] in told
        row, form = stored()
    assert row.state == "submitted"
    assert (form.client, form.headcount, form.tier, form.kind) == ("江南智造集团", 6, "vip", "customer")
    assert form.applicant == who.ids["刘晓燕"]
    assert [(g.name, g.post, g.address, g.phone, g.principal) for g in form.guests] == [
        ("徐明哲", "董事长", "徐董", "13800000000", True),
        ("买买提·吐尔逊", "", "", "", False),
    ]
    assert form.reason == "考察生产线"
    assert form.purposes == ("inspection", "cooperation")
    assert (form.arrive, form.depart) == (datetime(2026, 11, 30, 10, 20), datetime(2026, 12, 1, 15))
    assert (form.arrival.mode, form.arrival.number, form.arrival.place) == ("plane", "MU5187", "虹桥机场")
    assert (form.arrival.at, form.arrival.plates) == (datetime(2026, 11, 30, 9, 50), "沪A 12345")
    assert form.services == ("car", "tour")
    assert [(m.on, m.meal, m.venue, m.guests, m.companions, m.bottles, m.packs) for m in form.meals] == [
        (date(2026, 11, 30), "lunch", "in_house", 6, 7, 4, 3),
        (date(2026, 11, 30), "dinner", "in_house", 6, 7, 0, 0),
    ]


async def test_who_is_to_take_part_stands_there_already(tmp_path: Path) -> None:
    """R20: the one general manager is lead host; R24: six posts are offered; R25: the applicant leads the project."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            await file_vip(at)
            await at.press("pageup")
            form = at.wizard.form
            seen = await at.rest()
    assert form.hosts == (who.ids["周建国"],)
    assert form.companions == tuple([who.ids[name] for name in ("王海峰", "陈志远", "赵启航", "刘晓燕")])
    assert form.per_visit == {"project_sales_lead": who.ids["刘晓燕"]}
    assert "按规定：总经理（至少 1 名）" in seen
    assert "[x] 周建国 总经理" in seen


async def test_a_lead_host_unticked_stays_so_and_another_tier_asks_for_its_own(tmp_path: Path) -> None:
    """R21, R23: the lead host that the wizard put there follows the tier; one that a person changed does not."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            await file_vip(at)
            await at.press("pageup", "pageup")
            await at.press("down", "down", "down", "space", "pagedown")
            assert at.wizard.form.tier == "routine"
            assert list(at.wizard.form.hosts) == [who.ids["王海峰"]]
            await at.to("hosts")
            await at.press("space", "pagedown", "pageup")
            assert not at.wizard.form.hosts


@IN_BOTH_LANGUAGES
async def test_a_late_request_asks_for_its_reason(tmp_path: Path, language: str) -> None:
    """R8, A4: two days ahead is late and may be filed with a reason, typed on the review."""
    said = WORDS[language]
    with office(tmp_path) as who:
        async with filing(who, language=language) as at:
            await file_routine(at, who)
            review = await at.rest()
            assert said["late"] in review
            assert said["why"] in review
            assert said["why"] in (await at.press("down", "enter")).splitlines()[-2]
            await at.press("up")
            await at.type("客户昨晚才定")
            assert said["free"] in await at.rest()
            assert "2026-0001" in await at.press("enter")
        row, form = stored()
    assert row.state == "submitted"
    assert row.late
    assert form.reasons == {"late": "客户昨晚才定"}


async def file_routine(at: Filing, who: Company) -> None:
    """A Routine visit two days ahead, up to the review."""
    await at.type("南岭变压器厂")
    await at.press("enter")
    await at.type("2")
    await at.press("pagedown")
    await at.to("arrive")
    await at.type("+2 9:00", "17:00")
    await at.press("pagedown", "4", "pagedown", "pagedown")


async def test_the_departure_without_a_day_is_that_of_the_arrival(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who) as at:
            await file_routine(at, who)
            form = at.wizard.form
    assert (form.arrive, form.depart) == (datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 17))


async def test_the_tiers_say_what_they_mean_and_who_decides(tmp_path: Path) -> None:
    """R4, R12, R13, R14, R15: meaning and approver stand beside each tier, as the policy has them."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            page = await at.press("pagedown", "pagedown")
    assert "贵宾级  特别重要  总经理审批" in page
    assert "嘉宾级  非常重要  主管副总经理审批" in page
    assert "商务级  重要  主管副总经理审批" in page
    assert "业务级  一般  营销部部长审批" in page


async def test_the_standards_and_the_estimate_follow_what_is_typed(tmp_path: Path) -> None:
    """R77, R81, R85, R89a, R91, A10: the tier's standards; diners times the meal's, bottles and packets beside."""
    with office(tmp_path) as who:
        async with filing(who, headcount=8, arrive=datetime(2026, 12, 3, 9), depart=datetime(2026, 12, 3, 17)) as at:
            await at.press("pagedown", "pagedown", "3")
            await at.to("categories")
            page = await at.press("space")
            assert "用餐 80/人  酒 150/瓶  烟 25/盒  高级商务  帕萨特级及以上" in page
            await at.to("meals")
            await at.press("tab", "tab", "tab", "tab")
            await at.type("3", "2", "4")
            page = await at.rest()
    assert "用餐 880  酒 300  烟 100  合计 1,280" in page


@pytest.mark.parametrize(("size", "language"), [((80, 24), "zh"), ((60, 20), "en")])
async def test_every_page_fits_and_the_field_is_in_sight(tmp_path: Path, size: tuple[int, int], language: str) -> None:
    """Nothing scrolls sideways; what does not fit downwards follows the focus."""
    with office(tmp_path) as who:
        saved = new_draft(who.session("刘晓燕"), example(who))
        async with filing(who, saved.visit, language=language, size=size) as at:
            for page in range(1, 5):
                await at.page(page)
                sheet = at.wizard.query_one("#sheet")
                assert sheet.max_scroll_x == 0
                place: object = None
                while at.place != place:
                    place, focused = at.place, at.wizard.focused
                    assert focused is not None
                    assert sheet.region.y <= focused.region.y < sheet.region.bottom, (page, focused)
                    await at.pilot.press("tab")


async def test_a_page_is_never_in_the_way(tmp_path: Path) -> None:
    """Everything may be missing: it is said on the review, and beside the field when one goes back."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            review = await at.press("pagedown", "pagedown", "pagedown", "pagedown")
            assert "还没有填写：客户单位" in review
            assert "还没有填写：到达" in review
            assert "已是最后一页" in await at.press("pagedown")
            first = await at.page(1)
            assert first.count("! 还没有填写") == 2


async def test_other_visitors_are_the_office_s(tmp_path: Path) -> None:
    """R1, R2, R98, A13: customers stand there first; for other visitors the Office's head gives the opinion."""
    with office(tmp_path) as who:
        async with filing(who) as at:
            assert "(o) 商务客户" in await at.rest()
            await at.type("市科技局")
            await at.press("right", "space", "enter")
            await at.type("4")
            await at.press("pagedown")
            await at.to("arrive")
            await at.type("12-3 9:00", "17:00")
            await at.press("pagedown", "1")
            review = await at.page(5)
            assert at.wizard.form.kind == "other"
    assert "方晓静 办公室主任 意见 -> 周建国 总经理 审批" in review


async def test_more_names_than_guests_is_only_a_warning(tmp_path: Path) -> None:
    """A19: the list may be longer than the headcount; it is said, and stops nothing."""
    with office(tmp_path) as who:
        saved = new_draft(who.session("刘晓燕"), example(who, headcount=1, guests=(FormGuest("甲"), FormGuest("乙"))))
        async with filing(who, saved.visit) as at:
            review = await at.page(5)
    assert "名单上有 2 位客人，多于来访人数 1 (注意)" in review
    assert "没有拦住提交的问题" in review


async def test_leisure_alone_is_worth_a_word(tmp_path: Path) -> None:
    """A16: said on the review, with its level."""
    with office(tmp_path) as who:
        saved = new_draft(who.session("刘晓燕"), example(who, purposes=("leisure",)))
        async with filing(who, saved.visit) as at:
            assert "来访目的只有游玩 (注意)" in await at.page(5)


async def test_an_empty_post_on_the_way_is_named(tmp_path: Path) -> None:
    """R12: nobody is general manager now; the review names the post, and the request can be handed in."""
    posts = {name: held for name, held in POSTS.items() if name != "周建国"}
    with office(tmp_path, posts=posts) as who:
        saved = new_draft(who.session("刘晓燕"), example(who, host="李卫东", reasons={"lead_host": "总经理出差"}))
        async with filing(who, saved.visit) as at:
            assert "总经理（空缺" in await at.page(5)
            assert "2026-0001" in await at.press("enter")


@IN_BOTH_LANGUAGES
async def test_who_decides_a_tier_is_said_whole_in_a_small_window(who: Company, language: str) -> None:
    """R12: at 60 columns what has no room beside the tier stands below it."""
    async with filing(who, tier="vip", language=language, size=(60, 20)) as at:
        page = " ".join(line.strip() for line in (await at.page(3)).splitlines())
        said = ("总经理审批", "主管副总经理审批", "营销部部长审批") if language == "zh" else (
            "by General manager", "by Deputy general manager in charge", "by Head of Marketing"
        )  # fmt: skip
        for each in said:
            assert each in page, f"{each}\n{page}"
