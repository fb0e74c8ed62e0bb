"""Who may do what: the one place of rights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from models.schema.store import reading
from models.services.request_verbs import new_draft, submit
from models.services.rights import CHANGING, EVERY, refusal_code, refusal_codes
from models.services.session import Actor
from models.services.task_verbs import assign
from models.services.visits import Done
from models.words import words
from models.words.catalogue import LANGUAGES
from tests.unit.life import POSTS, Company, approved, company, form, refuses, said, submitted, tasks, visit


def allowed(who: Company, name: str, done: Done) -> set[str]:
    """The verbs that somebody may do to a visit now."""
    return {verb for verb, code in refusal_codes(who.session(name), done.visit).items() if code is None}


def test_a_submitted_request(who: Company) -> None:
    """R7, R10: the applicant waits, urges and books, Marketing's head decides and its people record, others look on."""
    done = submitted(who, form(who))
    anyone = {"read", "copy", "note"}
    assert allowed(who, "陈志远", done) == anyone
    assert allowed(who, "刘晓燕", done) == anyone | {"withdraw", "urge", "cancel", "book", "phones"}
    runs = {"withdraw", "urge", "cancel", "record", "hand_over", "book", "phones"}
    assert allowed(who, "林小雨", done) == anyone | runs
    assert allowed(who, "王海峰", done) - allowed(who, "林小雨", done) == {"decide", "delegate"}


def test_an_approved_visit(who: Company) -> None:
    """R17: the coordinator and the owner department run it; who has a part in it says how it goes."""
    done = approved(who, form(who))
    assert {"amend", "cancel", "met", "track", "stage", "no_show", "hand_over", "settle"} <= allowed(
        who, "林小雨", done
    )
    part = allowed(who, "周建国", done)
    assert {"met", "track", "stage"} <= part
    assert not {"amend", "cancel", "no_show", "settle"} & part
    assert not {"met", "stage"} & allowed(who, "方晓静", done)
    assert "decide" not in allowed(who, "周建国", done)


def test_who_has_a_task_on_it_may_arrange_and_book(who: Company) -> None:
    """R52, R54, R57, R58, R59: cars, plates, gifts, lodging and tickets are the Office's; its plan stays others'."""
    done = submitted(who, form(who))
    wanted = {"arrange", "arranged", "book"}
    assert not wanted & allowed(who, "方晓静", done)
    done = said(who, "周建国", said(who, "王海峰", done))
    assert wanted <= allowed(who, "方晓静", done)
    assert not {"amend", "cancel", "met", "stage", "settle"} & allowed(who, "方晓静", done)
    assert not wanted & allowed(who, "何志明", done)
    assert not wanted & allowed(who, "张德胜", done), "nothing is given to this one of the department"
    car = tasks(done)["R52"]
    assign(who.session("方晓静"), car.id, who.ids["张德胜"], expected=car.version)
    assert wanted <= allowed(who, "张德胜", done)


def test_a_draft_is_its_applicants_and_the_owner_departments(who: Company) -> None:
    """R99: nobody else edits it, also while the kind of visitor is not chosen yet."""
    saved = new_draft(who.session("刘晓燕"), replace(form(who), kind=None))
    assert refusal_code(who.session("刘晓燕"), "edit", saved.visit) is None
    assert refusal_code(who.session("周建国"), "edit", saved.visit) == "not_yours"


def test_of_two_who_hold_the_post_the_other_decides(tmp_path: Path) -> None:
    """A34: with two heads of Marketing the one who applies does not decide."""
    posts = {**POSTS, "孙丽": ["marketing_head"]}
    with company(tmp_path, posts=posts) as who:
        made = form(who, "routine", host="孙丽", applicant=who.ids["王海峰"])
        session = who.session("王海峰")
        saved = new_draft(session, made)
        done = submit(session, saved.visit, expected=saved.version)
        assert done.next == ("marketing_head",)
        assert refusal_code(session, "decide", done.visit) == "own_request"
        with refuses("own_request"):
            said(who, "王海峰", done)
        assert said(who, "孙丽", done).state == "approved"


def test_somebody_must_be_acting(who: Company) -> None:
    """Before anybody is chosen only reading and setting up are possible."""
    session = replace(who.session("林小雨"), actor=Actor(None, "", "fang"))
    done = submitted(who, form(who))
    assert refusal_code(session, "read", done.visit) is None
    assert refusal_code(session, "people") is None
    assert refusal_code(session, "new") == "nobody_acts"
    assert refusal_code(session, "cancel", done.visit) == "nobody_acts"


def test_every_reason_can_be_said_without_facts(who: Company) -> None:
    """A greyed key answers with one line: the sentence of the code that `refusal_code` gave."""
    codes = {f"state.{state}" for state in EVERY - CHANGING}
    for done in (submitted(who, form(who)), approved(who, form(who))):
        for name in who.ids:
            codes |= {code for code in refusal_codes(who.session(name), done.visit).values() if code}
    assert {"not_yours", "not_coordinator", "not_approver", "no_part"} <= codes
    for language in LANGUAGES:
        assert all(words(language)(f"refused.{code}") for code in codes)


def test_a_row_in_hand_is_as_good_as_its_id(who: Company) -> None:
    """Queries that hold the row ask with it."""
    done = submitted(who, form(who))
    row = visit(done)
    with reading():
        assert (
            refusal_code(who.session("王海峰"), "decide", row)
            is refusal_code(who.session("王海峰"), "decide", done.visit)
            is None
        )
