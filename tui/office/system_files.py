"""The files that make a machine an office: what its administrator puts where, printed by `jiedai office`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from tui.settings import Settings

ACCOUNT = "jiedai"
STORE = "/var/lib/jiedai/store/jiedai.db"
BACKUPS = "/var/backups/jiedai"
"""Where the timer puts the backups, one a day."""


def usual() -> Settings:
    """What the settings of a new office say."""
    return Settings(account=ACCOUNT, store=STORE)


def program() -> str:
    """The whole path of this program, as it is installed."""
    return os.path.join(sys.prefix, "bin", "jiedai")


def settings_file(settings: Settings) -> str:
    """For `/etc/xdg/jiedai/settings.toml`."""
    return f"""\
account = "{settings.account}"     # who owns the store; nobody else can open it
store = "{settings.store}"
idle_minutes = {settings.idle_minutes}       # a session ends after so long without a key
sessions = {settings.sessions}           # at once
sessions_each = {settings.sessions_each}       # at once, of one person
# zone = "Asia/Shanghai"  # where it is not the machine's
# language = "zh"         # for whom nothing else says one
"""


def sshd(settings: Settings) -> str:
    """For `/etc/ssh/sshd_config.d/50-jiedai.conf`: who logs in as the account gets the program and nothing else."""
    account = settings.account
    return f"""\
Match User {account}
    AuthenticationMethods publickey
    AuthorizedKeysFile none
    AuthorizedKeysCommand {program()}-ssh-keys {settings.store} %f
    AuthorizedKeysCommandUser {account}
    DisableForwarding yes
    PermitUserRC no
    PermitTTY yes
    AcceptEnv NONE
    SetEnv LANG=C.UTF-8
    MaxSessions 2
    ClientAliveInterval 20
    ClientAliveCountMax 3
    ChannelTimeout session:*={settings.idle_minutes + 5}m
    UnusedConnectionTimeout 1m
    LogLevel VERBOSE
"""


def sudoers(settings: Settings) -> str:
    """For `/etc/sudoers.d/jiedai`: whoever has a shell on the machine may run the program as the account, with no words
    of their own; whom the register does not know the program refuses."""
    return f"""\
Defaults!{program()} env_reset, use_pty, env_keep += "JIEDAI_COMMAND"
ALL ALL=({settings.account}) NOPASSWD: {program()} ""
"""


def service(settings: Settings) -> str:
    """For `/etc/systemd/system/jiedai-backup.service`."""
    return f"""\
[Unit]
Description=Backup of the reception desk

[Service]
Type=oneshot
User={settings.account}
UMask=0077
ExecStart={program()} backup {BACKUPS}
ExecStartPost=/usr/bin/find {BACKUPS} -name jiedai-*.backup -mtime +60 -delete
ProtectSystem=strict
ProtectHome=yes
PrivateNetwork=yes
NoNewPrivileges=yes
ReadWritePaths={BACKUPS} {os.path.dirname(settings.store)} -/var/lib/{settings.account}
"""


def timer(_: Settings) -> str:
    """For `/etc/systemd/system/jiedai-backup.timer`."""
    return """\
[Unit]
Description=Daily backup of the reception desk

[Timer]
OnCalendar=*-*-* 02:30
Persistent=true

[Install]
WantedBy=timers.target
"""


FILES: dict[str, Callable[[Settings], str]] = {
    "settings": settings_file,
    "sshd": sshd,
    "sudoers": sudoers,
    "service": service,
    "timer": timer,
}
"""What can be printed."""
