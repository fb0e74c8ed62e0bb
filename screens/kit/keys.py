"""Keys by name, the same for a Chinese input method and a bare keyboard; imports no Textual.

A key is written as the character itself (`1`, `a`, `/`) or by name (`enter`, `space`, `f2`, `pagedown`, `ctrl+p`).
"""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from models.words import Words

# What an input method that is switched on sends in place of the key that was pressed.
_SAME = {"、": "/", "。": ".", "￥": "$", "【": "[", "】": "]", "《": "<", "》": ">", "·": "`"}


def plain_key(key: str, character: str | None) -> str:
    """The key's one name: full-width and input-method characters are taken as the plain ones.

    `key` is the terminal layer's name of it, `character` what it types, if anything.
    """
    if character is None or len(character) != 1 or not character.isprintable() or character.isspace():
        return "space" if character in (" ", "\u3000") else key
    return _SAME.get(character) or unicodedata.normalize("NFKC", character)


def key_label(key: str, w: Words) -> str:
    """How the key is spoken of to a person: `Enter`, `F2`, `空格`, `Ctrl+P`."""
    if len(key) == 1:
        return key
    if key.startswith("ctrl+") or (key.startswith("f") and key[1:].isdecimal()):
        return "+".join(part.capitalize() for part in key.split("+"))
    return w(f"kit.key.{key.replace('+', '_')}")
