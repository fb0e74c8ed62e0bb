"""The registry of commands and the names of keys."""

from __future__ import annotations

import subprocess
import sys

import pytest

from models.words import words
from screens.kit.commands import BY_SCREEN, by_key, commands_of, key_label, plain_key

ALL = [command for commands in BY_SCREEN.values() for command in commands]


def test_reading_the_registry_imports_no_textual() -> None:
    code = "import sys, screens.kit.commands, screens.kit.commands; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_has_its_words(language: str) -> None:
    w = words(language)
    for command in ALL:
        assert w(f"commands.{command.id}.name")
        assert w(f"commands.{command.id}.help")
        assert all(key_label(key, w) for key in command.keys)


def test_no_key_means_two_things_on_one_screen() -> None:
    for screen, commands in BY_SCREEN.items():
        for part in {part for command in commands for part in command.parts} or {""}:
            here = [command for command in commands if not command.parts or part in command.parts]
            keys = [key for command in here for key in command.keys]
            assert len(keys) == len(set(keys)), (screen, part)


def test_ids_are_unique_and_belong_to_their_screen() -> None:
    assert len({command.id for command in ALL}) == len(ALL)
    for screen, commands in BY_SCREEN.items():
        assert {command.where for command in commands} <= {screen}


def test_no_command_needs_a_key_that_terminals_swallow() -> None:
    swallowed = {f"ctrl+{letter}" for letter in "himjsqba"}
    for command in ALL:
        assert not command.keys or not set(command.keys) <= swallowed
        assert not any(key.startswith(("alt+", "ctrl+shift+")) for key in command.keys)


def test_a_screens_own_key_wins_over_one_of_every_screen() -> None:
    assert by_key("today")["f1"].id == "app.help"
    assert commands_of("today")[-1].where == "app"


@pytest.mark.parametrize(
    ("key", "character", "plain"),
    [
        ("ideographic_comma", "、", "/"),
        ("fullwidth_colon", "：", ":"),
        ("ideographic_full_stop", "。", "."),
        ("３", "３", "3"),
        ("fullwidth_question_mark", "？", "?"),
        ("slash", "/", "/"),
        ("space", " ", "space"),
        ("ideographic_space", "\u3000", "space"),
        ("f2", None, "f2"),
        ("enter", "\r", "enter"),
        ("A", "A", "A"),
    ],
)
def test_an_input_method_sends_other_characters_for_the_same_key(key: str, character: str | None, plain: str) -> None:
    assert plain_key(key, character) == plain


def test_keys_are_spoken_of_in_the_readers_language() -> None:
    assert key_label("space", words("zh")) == "空格"
    assert key_label("pagedown", words("en")) == "PgDn"
    assert key_label("ctrl+l", words("en")) == "Ctrl+L"
    assert key_label("f10", words("zh")) == "F10"
