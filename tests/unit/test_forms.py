"""Forms and drafts: rows, fields, amended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.form import Form, FormGuest, FormLeg, FormMeal
from models.policy.case import PlannedCost, PlannedLodging
from models.schema.arrangements import Leg as LegRow
from models.schema.arrangements import Lodging as Arranged
from models.schema.arrangements import Meal as ArrangedMeal
from models.schema.arrangements import VisitDay
from models.schema.store import reading, write
from models.schema.tables import Client, Visit
from models.schema.tables import Guest as GuestRow
from models.services import person_verbs
from models.services.request_verbs import new_draft, save_draft
from models.services.visit_form import Incomplete, as_request, keep_client, moved, read_form, write_form
from models.words import words
from tests.unit.conftest import Company
from tests.unit.life import default_text, refuses
from tests.unit.stores import policy_of

# -- forms -------------------------------------------------------------------------------------------------------------
#
# The form: every field is stored and read back, cleaned and limited, and asked of the policy.


POLICY = policy_of(default_text())
NOON = datetime(2026, 11, 30, 12)
ASKED = datetime(2026, 11, 23, 9)


def full(person: Mapping[str, int]) -> Form:
    """A form with something in every field."""
    return Form(
        kind="customer",
        tier="vip",
        client="江南智造集团",
        applicant=person["project_sales_lead"],
        reason="年度考察",
        headcount=6,
        guests=(
            FormGuest("徐明哲", "董事长", "徐董", "13800000000", principal=True, rank="bureau"),
            FormGuest("小周", "翻译", counts=False),
        ),
        arrive=datetime(2026, 11, 30, 10, 20),
        depart=datetime(2026, 12, 1, 15),
        arrival=FormLeg("plane", "MU5101", "萧山机场", datetime(2026, 11, 30, 9, 5), "浙A12345"),
        departure=FormLeg("train", "G20", "杭州东", datetime(2026, 12, 1, 16)),
        purposes=("inspection", "other"),
        purpose_text="看样机",
        services=("car", "tour", "other"),
        services_text="代订鲜花",
        wants=("gifts",),
        dining=True,
        meals=(
            FormMeal(date(2026, 11, 30), 6, 7, ("general_manager",), "lunch", "in_house", "食堂", 15000, 4, 48000, 3,
                     4000, "杭州", "清淡"),
            FormMeal(date(2026, 12, 1), 6, 3, ours=(person["general_manager"], person["marketing_head"])),
        ),
        diners=(person["general_manager"], person["marketing_head"]),
        lodged=True,
        lodging=(PlannedLodging(date(2026, 11, 30), 6, 1, "four_star", 48000, "杭州", "guest"),),
        other=True,
        other_text="游西湖",
        other_from=datetime(2026, 12, 1, 8),
        other_until=datetime(2026, 12, 1, 11, 30),
        costs=(PlannedCost("gift", Decimal("2.5"), "piece", 20000, date(2026, 11, 30), None, "徐明哲", "杭州"),),
        hosts=(person["general_manager"], person["deputy_general_manager"]),
        companions=(person["technology_head"],),
        per_visit={"project_technical_lead": person["project_technical_lead"]},
        arrangements="第一天参观\n第二天座谈",
        city="杭州",
        area="east",
        department="marketing",
        scores={"turnover": "A"},
        documents=("official_letter",),
        fields={"fund": "gift", "letter": date(2026, 11, 1), "share": Decimal("0.5"), "ok": True, "n": 3},
        reasons={"late": "客户临时决定"},
        raw={"depart": "下周", "headcount": "六"},
    )  # fmt: skip


def stored(form: Form, visit: int | None = None) -> Visit:
    """A visit with this form, read again from the store."""
    with write():
        row = Visit.get(Visit.id == visit) if visit else Visit.create(changed_utc=ASKED)
        write_form([POLICY], row, form)
    with reading():
        return Visit.get(Visit.id == row.id)


def test_every_field_is_stored_and_read_back(company: Company) -> None:
    """R9, R99, R100, R101, R102, R103, R104, R105, R106, R107, R108, R109, R110, R111: the form's fields are kept."""
    form = full(company.person)
    empty = [field.name for field in fields(Form) if getattr(form, field.name) == getattr(Form(), field.name)]
    assert empty == ["client_id"]
    assert read_form(stored(form)) == form


def test_an_empty_form_is_stored_and_read_back(company: Company) -> None:
    assert read_form(stored(Form())) == Form()


def test_what_is_taken_out_again_is_gone(company: Company) -> None:
    row = stored(full(company.person))
    emptied = stored(Form(client="江南智造集团"), row.id)
    assert read_form(emptied) == Form(client="江南智造集团")


def test_start_and_end_are_kept_and_the_reception_date_is_the_first(company: Company) -> None:
    """A18: 接待日期 is the day of `arrive`; the end is kept beside it."""
    form = read_form(stored(full(company.person)))
    assert form.arrive is not None
    assert (form.arrive.date(), form.depart) == (date(2026, 11, 30), datetime(2026, 12, 1, 15))


def test_of_many_visitors_one_is_the_principal_and_not_all_need_a_name(company: Company) -> None:
    """A19: a list with one principal guest; the headcount may exceed it."""
    form = Form(headcount=30, guests=(FormGuest("徐明哲", principal=True), FormGuest("王五")))
    kept = read_form(stored(form))
    assert (kept.headcount, [guest.principal for guest in kept.guests]) == (30, [True, False])


def test_who_pays_for_lodging_is_the_company_unless_said(company: Company) -> None:
    """A12: the form says who pays; the company does by default."""
    rooms = (PlannedLodging(date(2026, 11, 30), 2), PlannedLodging(date(2026, 11, 30), 4, payer="guest"))
    assert [room.payer for room in read_form(stored(Form(lodging=rooms))).lodging] == ["company", "guest"]


def test_project_leads_are_named_on_each_visit(company: Company) -> None:
    """R25, A24: who is project lead is said by the visit, whatever posts people hold."""
    named = {"project_sales_lead": company.person["driver"], "project_technical_lead": company.person["driver"]}
    assert read_form(stored(Form(per_visit=named))).per_visit == named


def test_typed_text_is_cleaned_on_its_way_in(company: Company) -> None:
    nasty = "\x1b[2J华为\u202e科技\u200b\r\n=cmd()[/x]"
    form = Form(
        client=nasty,
        reason=nasty,
        guests=(FormGuest(nasty, nasty, nasty, nasty),),
        arrival=FormLeg("plane", nasty, nasty, None, nasty),
        meals=(FormMeal(date(2026, 11, 30), 1, place=nasty, note=nasty),),
        costs=(PlannedCost("gift", to=nasty),),
        arrangements=nasty,
        fields={"letter": nasty},
        reasons={"late": nasty},
        raw={"arrive": nasty},
        city=nasty,
        lodging=(PlannedLodging(date(2026, 11, 30), 1, city=nasty),),
    )
    kept = repr(read_form(stored(form)))
    assert all(bad not in kept for bad in ("\\x1b", "\\u202e", "\\u200b", "\\r"))
    assert kept.count("␛[2J华为科技") == 18
    assert read_form(stored(form)).arrangements == "␛[2J华为科技\n=cmd()[/x]"
    assert read_form(stored(form)).client == "␛[2J华为科技 =cmd()[/x]"


def test_rare_characters_and_dots_in_names_are_kept(company: Company) -> None:
    guests = (FormGuest("买买提·吐尔逊", "𠮷"),)
    assert read_form(stored(Form(guests=guests))).guests == guests


@pytest.mark.parametrize(
    ("change", "code", "label"),
    [
        ({"reason": "长" * 201}, "too_long", "接待事由"),
        ({"arrangements": "长" * 4001}, "too_long", "接待安排"),
        ({"guests": (FormGuest("长" * 201),)}, "too_long", "客户姓名"),
        ({"guests": (FormGuest(),) * 301}, "too_many", "客户名单"),
        ({"documents": ("x",) * 301}, "too_many", "附件"),
        ({"headcount": -1}, "out_of_range", "来访人数"),
        ({"headcount": 10**30}, "out_of_range", "来访人数"),
        ({"meals": (FormMeal(date(2026, 11, 30), 1, price=10**20),)}, "out_of_range", "餐标"),
        ({"lodging": (PlannedLodging(date(2026, 11, 30), 1, nights=10**9),)}, "out_of_range", "晚数"),
        ({"costs": (PlannedCost("gift", Decimal("NaN")),)}, "out_of_range", "数量"),
        ({"costs": (PlannedCost("gift", Decimal("1E+50")),)}, "out_of_range", "数量"),
        ({"city": "长" * 201}, "too_long", "城市"),
        ({"raw": {"depart": "长" * 4001}}, "too_long", "未完成的填写"),
    ],
)
def test_what_is_too_much_is_refused_by_its_label(
    company: Company, change: dict[str, Any], code: str, label: str
) -> None:
    row = stored(Form(client="before"))
    with refuses(code) as refusal:
        stored(replace(Form(), **change), row.id)
    assert label in words("zh").text(refusal.value.phrase)
    assert read_form(row) == Form(client="before")


def test_somebody_the_register_does_not_have_is_refused(company: Company) -> None:
    for form in (Form(applicant=999), Form(hosts=(1, 999)), Form(per_visit={"project_sales_lead": 999})):
        with refuses("unknown_person"):
            stored(form)


def test_how_far_the_guests_have_come_outlives_a_change_of_the_form(company: Company) -> None:
    row = stored(Form(arrival=FormLeg("train", "G1", "杭州东", NOON)))
    with write():
        LegRow.update(state="here", expected=NOON).where(LegRow.visit == row.id).execute()
    stored(Form(arrival=FormLeg("train", "G2", "杭州东", NOON)), row.id)
    with reading():
        leg = LegRow.get(LegRow.visit == row.id)
    assert (leg.number, leg.state, leg.expected) == ("G2", "here", NOON)


def test_saving_what_is_there_already_touches_no_row(company: Company) -> None:
    form = full(company.person)
    row = stored(form)
    with reading():
        before = [guest.id for guest in GuestRow.select().where(GuestRow.visit == row.id)]
    row = stored(replace(form, reason="另有"), row.id)
    with reading():
        assert [guest.id for guest in GuestRow.select().where(GuestRow.visit == row.id)] == before


def test_a_client_is_known_from_the_first_submission_on(company: Company) -> None:
    row = stored(Form(client="华为科技"))
    assert row.client_id is None
    with write():
        keep_client(row)
        row.save()
    with reading():
        client = Client.get()
    assert (client.name, client.pinyin, client.initials) == ("华为科技", "hua wei ke ji/qi", "h w k j/q")
    assert read_form(stored(Form(client="华为 科技 "))).client_id == client.id
    assert read_form(stored(Form(client="华为"))).client_id is None


def ask(company: Company, form: Form, tier: str | None = None) -> Any:
    """The form as the default policy is asked."""
    return as_request(company.policy, form, requested_at=ASKED, tier=tier)


def test_a_request_says_what_the_form_says(company: Company) -> None:
    form = full(company.person)
    request = ask(company, form)
    assert (request.kind, request.tier, request.client, request.headcount) == ("customer", "vip", "江南智造集团", 6)
    assert (request.requested_at, request.arrive, request.depart) == (ASKED, form.arrive, form.depart)
    assert [guest.name for guest in request.guests if guest.principal] == ["徐明哲"]
    assert request.meals == (
        form.meals[0],
        replace(form.meals[1], companion_posts=("general_manager", "marketing_head")),
    )
    assert (request.lodging, request.costs) == (form.lodging, form.costs)
    assert (request.services, request.wants, request.purposes) == (form.services, form.wants, form.purposes)
    assert (request.reasons, request.fields, request.documents) == (form.reasons, form.fields, form.documents)
    assert request.applicant == "project_sales_lead"
    assert request.host == ("general_manager", "deputy_general_manager")


def test_the_tier_asked_for_stands_before_the_forms(company: Company) -> None:
    assert ask(company, full(company.person), tier="routine").tier == "routine"


def test_meals_and_lodging_count_only_where_ticked(company: Company) -> None:
    request = ask(company, replace(full(company.person), dining=False, lodged=False))
    assert (request.meals, request.lodging) == ((), ())


def test_diners_are_given_by_their_highest_post(company: Company) -> None:
    person_verbs.give_post(company.session(), company.person["marketing_head"], "coordinator", ASKED.date())
    first, second = company.person["general_manager"], company.person["marketing_head"]
    meals = (
        FormMeal(date(2026, 11, 30), 6, 2, ours=(first, second)),
        FormMeal(date(2026, 11, 30), 6, 1, ours=(first,)),
    )
    request = ask(company, replace(full(company.person), meals=meals))
    assert [meal.companion_posts for meal in request.meals] == [
        ("general_manager", "marketing_head"),
        ("general_manager",),
    ]


def test_a_host_has_all_posts_held_on_the_day_highest_first(company: Company) -> None:
    driver = company.person["driver"]
    person_verbs.give_post(company.session(), driver, "deputy_general_manager", date(2026, 11, 30))
    person_verbs.give_post(company.session(), driver, "general_manager", date(2026, 12, 1))
    form = replace(full(company.person), hosts=(driver,), per_visit={"project_sales_lead": driver})
    assert ask(company, form).host == ("deputy_general_manager", "project_sales_lead", "driver")


def test_a_host_without_a_post_does_not_pass_for_nobody(company: Company) -> None:
    person = person_verbs.add_person(company.session(), "赵六")
    assert ask(company, replace(full(company.person), hosts=(person,))).host == ("赵六",)


def test_an_applicant_acts_in_the_post_that_may_apply_for_that_kind(company: Company) -> None:
    """R7: the project sales lead applies; other posts of the same person come after it."""
    head = company.person["marketing_head"]
    form = replace(full(company.person), applicant=head)
    assert ask(company, form).applicant == "marketing_head"
    assert ask(company, replace(form, per_visit={"project_sales_lead": head})).applicant == "project_sales_lead"
    assert ask(company, replace(form, applicant=None)).applicant is None


def test_what_is_missing_is_named(company: Company) -> None:
    with pytest.raises(Incomplete) as caught:
        ask(company, Form())
    assert caught.value.fields == ("client", "headcount", "arrive", "depart", "kind", "tier")
    assert words("zh").text(caught.value.phrase) == (
        "还没有填写：客户单位、来访人数、接待日期、离开时间、来宾类别、接待级别"
    )
    with pytest.raises(Incomplete) as caught:
        ask(company, replace(full(company.person), depart=None))
    assert caught.value.fields == ("depart",)


def test_a_copied_form_moves_to_its_new_day_as_a_whole(company: Company) -> None:
    form = full(company.person)
    later = moved(form, datetime(2026, 12, 7, 9))
    assert (later.arrive, later.depart) == (datetime(2026, 12, 7, 9), datetime(2026, 12, 8, 15))
    assert [meal.on for meal in later.meals] == [date(2026, 12, 7), date(2026, 12, 8)]
    assert later.lodging[0].on == later.costs[0].on == date(2026, 12, 7)
    assert later.arrival.at == datetime(2026, 12, 7, 9, 5)
    undated = replace(form, arrive=None, depart=None)
    assert [meal.on for meal in moved(undated, datetime(2027, 1, 4, 9)).meals] == [date(2027, 1, 4), date(2027, 1, 5)]
    assert moved(Form(), NOON) == Form(arrive=NOON)


# -- form rows ---------------------------------------------------------------------------------------------------------
#
# What the store keeps beside the form when the form changes.


def test_what_is_arranged_for_a_meal_or_a_room_outlives_a_change_of_the_form(company: Company) -> None:
    """A change of the form keeps the row of whatever it changes, and with it what is no field of the form."""
    session, day = company.as_("project_sales_lead"), date(2026, 11, 30)
    meals = (FormMeal(day, 6, meal="lunch"), FormMeal(day, 6, meal="dinner"))
    saved = new_draft(session, Form(meals=meals, lodging=(PlannedLodging(day, 6),)))
    with write():
        Arranged.update(place="江城饭店", checked_in=datetime(2026, 11, 30, 18)).execute()
        ArrangedMeal.update(diet="清真 2").where(ArrangedMeal.meal == "dinner").execute()
    form = Form(meals=(FormMeal(day, 9, meal="dinner"),), lodging=(PlannedLodging(day, 9, grade="four_star"),))
    save_draft(session, saved.visit, form, expected=saved.version)
    with reading():
        (room,), (meal,) = Arranged.select(), ArrangedMeal.select()
    assert (room.people, room.place, room.checked_in) == (9, "江城饭店", datetime(2026, 11, 30, 18))
    assert (meal.guests, meal.diet, meal.position) == (9, "清真 2", 0)


def test_the_days_of_a_visit_are_known(company: Company) -> None:
    """From the day of arrival to that of departure, and no day before it knows when it begins."""
    session, arrive = company.as_("project_sales_lead"), datetime(2026, 11, 30, 10)
    saved = new_draft(session, Form(arrive=arrive, depart=datetime(2026, 12, 2, 9)))
    with reading():
        assert [row.day.day for row in VisitDay.select().order_by(VisitDay.day)] == [30, 1, 2]
    saved = save_draft(session, saved.visit, Form(arrive=arrive), expected=saved.version)
    with reading():
        assert [row.day.day for row in VisitDay.select()] == [30]
    save_draft(session, saved.visit, Form(), expected=saved.version)
    with reading():
        assert not VisitDay.select().exists()
