"""An empty request by keyboard: fields that must be filled in are marked, nothing is judged without them, and from the
review Enter leads to each."""

from __future__ import annotations

from pathlib import Path

from tests.ui.filing import filing, office
from tests.ui.look import IN_BOTH_LANGUAGES

WORDS = {
    "zh": ("客户单位*", "填好到达", "还没有填写：到达", ("按时", "迟了", "没有拦住")),
    "en": ("Client*", "waits for Arrive", "Not filled in yet: Arrive", ("in time", "late", "Nothing stops")),
}


@IN_BOTH_LANGUAGES
async def test_an_empty_form_is_not_judged_and_enter_goes_to_what_is_missing(tmp_path: Path, language: str) -> None:
    marked, waits, missing, judged = WORDS[language]
    with office(tmp_path) as who:
        async with filing(who, language=language) as at:
            assert marked in await at.rest()
            await at.press("pagedown", "pagedown", "pagedown", "pagedown")
            review = await at.rest()
            flat = " ".join(review.split())
            assert waits in flat
            assert missing in flat
            assert not any(text in flat for text in judged)
            fields = at.wizard.facts.verdict.missing
            for _ in range(len(fields) - fields.index("arrive")):
                await at.press("up")
            await at.press("enter")
            await at.rest()
            assert at.wizard.page == 2
            assert at.wizard.focused is not None
            assert at.wizard.focused.parent is not None
            assert at.wizard.focused.parent.id == "arrive"
