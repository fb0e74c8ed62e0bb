"""The department of a request, where the regulation asks for it: the applicant's, or another that is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.filing import filing, office
from tests.unit.life import Company, company
from tests.unit.test_owner_department import TEXT


@pytest.fixture
def who(tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, TEXT) as made:
        yield made


@pytest.mark.parametrize(
    ("language", "size", "usual"),
    [("zh", (80, 24), "申请人所在部门"), ("en", (60, 20), "the applicant's department")],
)
async def test_another_department_is_chosen(who: Company, language: str, size: tuple[int, int], usual: str) -> None:
    supply = {"zh": "供应部", "en": "Supply"}[language]
    async with filing(who, size=size, language=language) as at:
        assert usual in await at.rest()
        await at.to("department")
        await at.type(supply)
        assert supply in await at.rest()
        assert at.wizard.form.department == "supply"
        await at.press("shift+tab")
        await at.type(usual)
        await at.rest()
        assert at.wizard.form.department is None


async def test_no_regulation_without_a_use_for_it_asks(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        async with filing(made) as at:
            await at.rest()
            assert not at.wizard.query("#department")
