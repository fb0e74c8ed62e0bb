"""What an item that every plan has is called: as the file says, else as we say, however its list is written."""

from __future__ import annotations

import pytest

from models.policy.load import load_text
from models.policy.model import item_name
from models.policy.request_file import read_request
from models.policy.table_text import text_rows
from models.words import words
from tests.unit.policy_texts import changed

LIST = 'item = ["meal", "lodging", "gift"]'


@pytest.mark.parametrize(
    ("written", "meal"),
    [
        (LIST, "用餐"),
        ('item = [{ id = "meal" }, "lodging", "gift"]', "用餐"),
        ('item = [{ id = "meal", name = "工作餐" }, "lodging", "gift"]', "工作餐"),
        ('item = ["lodging", "gift"]', "用餐"),
    ],
)
def test_an_item_without_a_name_keeps_ours(written: str, meal: str) -> None:
    policy = load_text(changed(LIST, written))
    assert item_name(policy, "meal").say("zh") == meal
    assert policy.name_of("lodging").say("zh") == "住宿"
    assert item_name(policy, "gift").say("zh") == "gift"
    assert any(meal in line.what for line in text_rows(policy, "cap", words("zh")))


@pytest.mark.parametrize("said", ["住宿", "Lodging", "lodging"])
def test_a_request_may_say_that_name(said: str) -> None:
    policy = load_text(changed(LIST, 'item = ["gift"]'))
    request, _ = read_request(
        policy,
        f"""
client = "Acme"
tier = "low"
headcount = 4
requested_at = 2026-11-23T09:00:00
arrive = 2026-12-23T09:00:00
depart = 2026-12-23T19:00:00
costs = [{{ item = "{said}", price = 5 }}]
""",
    )
    assert [cost.item for cost in request.costs] == ["lodging"]
