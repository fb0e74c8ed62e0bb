"""Form fields in plain ASCII; state never shows by colour alone. Screens import them from here."""

from __future__ import annotations

from screens.kit.choices import Checks, Choice, Option, Pick
from screens.kit.field import Field, TextField
from screens.kit.typed import DayField, LongText, MoneyField, NumberField, ParsedField, TimeField

__all__ = [
    "Checks",
    "Choice",
    "DayField",
    "Field",
    "LongText",
    "MoneyField",
    "NumberField",
    "Option",
    "ParsedField",
    "Pick",
    "TextField",
    "TimeField",
]
