#!/bin/sh
# What sshd asks for at each login (`AuthorizedKeysCommand`, with store and fingerprint): see ssh_keys.py.
exec "${0%/*}/python" -I -m tui.office.ssh_keys "$@"
