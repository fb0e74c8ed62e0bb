"""Cleaning of what people typed, pasted or imported, before it is stored, shown or printed."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_UNKNOWN = "\ufffd"
# Letters and marks that draw nothing, though Unicode does not call them format characters.
_INVISIBLE = frozenset(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
)


def clean(text: str) -> str:
    """One line of foreign text, made safe and NFC: control characters become visible marks, bidi
    controls and invisible characters vanish, tabs and line ends become one space each. Idempotent."""
    if text.isascii() and text.isprintable():
        return text
    return _safe(text).replace("\n", " ")


def clean_lines(text: str) -> str:
    """As `clean`, but line ends stay, each as one `\\n`."""
    return text if text.isascii() and text.isprintable() else _safe(text)


def _safe(text: str) -> str:
    lines = text.replace("\r\n", "\n")
    return unicodedata.normalize("NFC", "".join([_safe_char(char) for char in lines]))


@lru_cache(4096)
def _safe_char(char: str) -> str:
    code = ord(char)
    if 0x20 <= code < 0x7F or char == "\n":
        return char
    category = unicodedata.category(char)
    if category == "Cc":
        return _control_mark(code)
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return char if char == "\u3000" else " "
    if category == "Cf" or code in _INVISIBLE or 0xE0000 <= code <= 0xE0FFF:
        return ""
    if category == "Cs" or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return _UNKNOWN
    return char


def _control_mark(code: int) -> str:
    if code == 0x09:
        return " "
    if code == 0x0D:
        return "\n"
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\u2426"
