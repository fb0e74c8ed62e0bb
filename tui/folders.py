"""Where the program's files lie: the folders that platformdirs names, worked out without importing it on Linux.

`jiedai standards` answers in a few milliseconds, and platformdirs alone would cost a tenth of the time allowed.
"""

from __future__ import annotations

import os
import sys

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
