"""Form fields in plain ASCII; state never shows by colour alone. Screens import them from here."""

from __future__ import annotations

from screens.kit.choices import Checks, Choice, Option
from screens.kit.field import Field, TextField
from screens.kit.long import LongText
from screens.kit.pick import Pick
from screens.kit.typed import DayField, MoneyField, NumberField, ParsedField, TimeField

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
