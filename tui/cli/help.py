"""The help, in the reader's language, wrapped by terminal cells."""

from __future__ import annotations

from models.words import Words, cell_len, pad
from models.words.wrapping import wrap
from tui.cli.commands import COMMANDS, OPTIONS, SCREENS, ShellCommand

INDENT = 2
LEFT = 24
"""Cells of the column with commands and options."""


def help_text(command: ShellCommand, w: Words, width: int) -> str:
    """What the command does, its words and options; for the screens (`jiedai` alone) every command too."""
    usage = " ".join(["jiedai", *_usage(command, w)])
    parts = [wrap(f"{w('cli.usage')} {usage}", width), [""], wrap(w(f"cli.command.{command.name or 'screens'}"), width)]
    if command is SCREENS:
        parts += [["", w("cli.commands")]]
        parts += [_row(_shown(each, w), w(f"cli.command.{each.name}"), width) for each in COMMANDS.values()]
    parts += [["", w("cli.options")]]
    parts += [_row(_option(name, w), w(f"cli.option.{name}"), width) for name in OPTIONS if name in command.takes]
    if command is SCREENS:
        parts += [[""], wrap(w("cli.exit_codes"), width)]
    return "\n".join(line for part in parts for line in part)


def _row(left: str, text: str, width: int) -> list[str]:
    head = " " * INDENT + left
    told = wrap(text, width - LEFT)
    if cell_len(head) >= LEFT:
        return [head, *(" " * LEFT + line for line in told)]
    return [pad(head, LEFT) + told[0], *(" " * LEFT + line for line in told[1:])]


def _usage(command: ShellCommand, w: Words) -> list[str]:
    if command is SCREENS:
        return [f"[{w('cli.word.COMMAND')}]", f"[{w('cli.word.OPTIONS')}]"]
    return [_shown(command, w), f"[{w('cli.word.OPTIONS')}]"]


def _shown(command: ShellCommand, w: Words) -> str:
    words = []
    for word in command.words:
        said = w(f"cli.word.{word.rstrip('?')}")
        words.append(f"[{said}]" if word.endswith("?") else said)
    return " ".join([command.name, *words])


def _option(name: str, w: Words) -> str:
    value = OPTIONS[name]
    if value is None:
        return f"--{name}"
    return f"--{name} {value if '|' in value else w(f'cli.word.{value}')}"
