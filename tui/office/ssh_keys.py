#!/usr/bin/python3 -I
"""What sshd asks for at each login (`AuthorizedKeysCommand`, with store and fingerprint): the line of the key that the
register has and nobody switched off, or nothing. Only what comes with Python: a login waits for it."""

import os
import sqlite3
import sys

FOUND = (
    "SELECT k.id, k.line FROM person_key k JOIN person p ON p.id = k.person_id"
    " WHERE k.fingerprint = ? AND k.off_utc IS NULL AND p.active"
)

store, fingerprint = sys.argv[1:3]
place = store.translate({ord(each): f"%{ord(each):02x}" for each in "%?#"})
found = sqlite3.connect(f"file:{place}?mode=ro", uri=True).execute(FOUND, (fingerprint,)).fetchone()
if found:
    program = os.path.join(os.path.dirname(os.path.realpath(__file__)), "jiedai")
    print(f'restrict,pty,command="exec {program} --key {found[0]}" {found[1]}')
