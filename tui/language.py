"""Which language the program speaks."""

from __future__ import annotations

from models.words.catalogue import LANGUAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = "zh"
"""Where nobody says anything: the language the packaged policy was written in."""


def choose(asked: str, setting: str, environment: Mapping[str, str]) -> str:
    """`--lang`, else the `language` of the settings, else what the environment says if it is zh or en, else zh."""
    if asked in LANGUAGES:
        return asked
    if setting in LANGUAGES:
        return setting
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        said = environment.get(variable, "")[:2].lower()
        if said in LANGUAGES:
            return said
    return DEFAULT
