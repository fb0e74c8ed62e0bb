"""What is typed ahead of the screen goes where it would have gone had one waited."""

from __future__ import annotations

from pathlib import Path

from textual.events import Key

from tests.ui.filing import Filing, filing, office


async def ahead(at: Filing, *keys: str) -> None:
    """All these keys at once, as a slow line brings them."""
    for key in keys:
        character = " " if key == "space" else key if len(key) == 1 else None
        at.app.post_message(Key(key, character))
    await at.rest()


async def test_keys_typed_ahead_wait_for_a_table_that_a_box_opens(tmp_path: Path) -> None:
    with office(tmp_path) as who:
        async with filing(who, headcount=6) as at:
            await at.page(3)
            await ahead(at, "space", *["tab"] * 4, "space", *["tab"] * 5, "7", "enter", "4", "enter", "3", "f4", "tab",
                        "tab", "space", "tab", "tab", "5", "f4", "tab", "3", "tab", "tab", "tab", "9")  # fmt: skip
            await at.pilot.pause(0.2)
            meals = at.wizard.form.meals
    assert [(each.meal, each.venue, each.companions, each.bottles, each.packs) for each in meals] == [
        ("lunch", "in_house", 7, 4, 3),
        ("dinner", "outside", 5, 0, 0),
        ("dinner", "outside", 9, 0, 0),
    ]
