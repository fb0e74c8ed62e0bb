"""The look-up of sshd, `jiedai-ssh-keys STORE FINGERPRINT`: prints the line of the key that the register has and nobody
switched off, or nothing. It needs only what comes with Python, as each login waits for it, and only reads the store."""

import os
import sqlite3
import sys

FOUND = (
    "SELECT k.id, k.line FROM person_key k JOIN person p ON p.id = k.person_id"
    " WHERE k.fingerprint = ? AND k.off_utc IS NULL AND p.active"
)

if __name__ == "__main__":
    store, fingerprint = sys.argv[1:3]
    place = store.translate({ord(each): f"%{ord(each):02x}" for each in "%?#"})
    found = sqlite3.connect(f"file:{place}?mode=ro", uri=True).execute(FOUND, (fingerprint,)).fetchone()
    if found:
        program = os.path.join(sys.prefix, "bin", "jiedai")
        print(f'restrict,pty,command="exec {program} --key {found[0]}" {found[1]}')
