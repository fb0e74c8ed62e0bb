"""Where the program's files lie, and which are in use, and why; nothing here opens one.

`jiedai standards` answers in a few milliseconds, so the folders that platformdirs names are worked out without
importing it on Linux: it alone would cost a tenth of the time allowed.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


# -- folders -----------------------------------------------------------------------------------------------------------


NAME = "jiedai"
SYSTEM = "/etc/xdg"
"""Where the machine's administrator lays down what is for everyone."""


def config_folder() -> str:
    """The user's own settings and policy: `~/.config/jiedai`."""
    return _folder("XDG_CONFIG_HOME", "~/.config", "user_config_dir")


def data_folder() -> str:
    """The user's store: `~/.local/share/jiedai`."""
    return _folder("XDG_DATA_HOME", "~/.local/share", "user_data_dir")


def cache_folder() -> str:
    """What can be worked out again: `~/.cache/jiedai`."""
    return _folder("XDG_CACHE_HOME", "~/.cache", "user_cache_dir")


def state_folder() -> str:
    """The log of incidents and the last acting person: `~/.local/state/jiedai`."""
    return _folder("XDG_STATE_HOME", "~/.local/state", "user_state_dir")


def system_folder() -> str:
    """What the machine's administrator laid down for everyone: `/etc/xdg/jiedai`."""
    if sys.platform != "linux":
        return _platform("site_config_dir")
    named = [path for path in os.environ.get("XDG_CONFIG_DIRS", "").split(os.pathsep) if os.path.isabs(path)]
    return os.path.join(named[0] if named else SYSTEM, NAME)


def _folder(variable: str, usual: str, property_name: str) -> str:
    home = os.environ.get("HOME")
    if sys.platform != "linux" or (home is not None and not os.path.isabs(home)):
        return _platform(property_name)
    base = os.environ.get(variable, "")
    return os.path.join(base if os.path.isabs(base) else os.path.expanduser(usual), NAME)


def _platform(property_name: str) -> str:
    from platformdirs import PlatformDirs

    return str(getattr(PlatformDirs(NAME, appauthor=False), property_name))


# -- files -------------------------------------------------------------------------------------------------------------


POLICY = "config.toml"
VERSIONS = "config"
"""The folder beside it, of as many files as there are versions; it comes first, as the newer way to have it."""
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def policy_file(option: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """The policy's file, or folder of versions, and why this one: `option` (`--config`), `environment`
    (`$JIEDAI_CONFIG`), `system`, `user` or `packaged`. The first two are taken as they are, there or not."""
    if option:
        return os.path.abspath(option), "option"
    if environment.get("JIEDAI_CONFIG"):
        return os.path.abspath(environment["JIEDAI_CONFIG"]), "environment"
    for folder, why in ((system_folder(), "system"), (config_folder(), "user")):
        for name in (VERSIONS, POLICY):
            path = os.path.join(folder, name)
            if os.path.lexists(path):  # a link that leads nowhere is an error, not another policy
                return path, why
    return packaged_policy(), "packaged"


def versions_folder(path: str, why: str) -> str:
    """Where another version of the policy in use is written: the folder that it is, else the one that will come before
    the file. Empty for a file that was named: nothing beside that is looked at."""
    if os.path.isdir(path):
        return path
    if why == "packaged":
        return os.path.join(config_folder(), VERSIONS)
    return os.path.join(os.path.dirname(path), VERSIONS) if why in ("system", "user") else ""


def packaged_policy() -> str:
    """The default policy: beside the packages in a checkout, inside `models` where the program is installed."""
    installed = os.path.join(_ROOT, "models", POLICY)
    return installed if os.path.exists(installed) else os.path.join(_ROOT, POLICY)


def settings_file() -> str:
    """Where the settings are: `settings.toml` in the user's configuration folder."""
    return os.path.join(config_folder(), "settings.toml")


def store_file(option: str, setting: str) -> tuple[str, str]:
    """The store and why this one: `option` (`--store`), `settings`, or `user` (one's own data folder)."""
    if option:
        return (option if "://" in option else os.path.abspath(os.path.expanduser(option))), "option"
    if setting:
        return (setting if "://" in setting else os.path.expanduser(setting)), "settings"
    return os.path.join(data_folder(), "jiedai.db"), "user"
