"""The public half of an SSH key, read from a line as OpenSSH writes it (`id_ed25519.pub`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct

from models.errors import Refused
from models.frozen import record
from models.words import clean

PARTS = {
    "ssh-ed25519": 2,
    "ecdsa-sha2-nistp256": 3,
    "ecdsa-sha2-nistp384": 3,
    "ecdsa-sha2-nistp521": 3,
    "sk-ssh-ed25519@openssh.com": 3,
    "sk-ecdsa-sha2-nistp256@openssh.com": 4,
    "ssh-rsa": 3,
}
"""The types of keys that are taken, and of how many parts one is made."""
LONGEST = 4_000
"""Characters of a line: one of 16384 bits has fewer."""
RSA_BITS = 2048


@record
class PublicKey:
    """`line` is type and base64 without a comment, `fingerprint` as `ssh-keygen -l` says it (`SHA256:…`)."""

    line: str
    fingerprint: str
    comment: str


def read_key(text: str) -> PublicKey:
    """The key of one line. Refused for a private key (`key_private`), options before the key (`key_options`), another
    type (`key_type`), an RSA key that is too short (`key_short`), and whatever is no key (`key_unreadable`)."""
    if "PRIVATE KEY" in text:
        raise Refused("key_private")
    lines = text.strip().splitlines()
    if len(lines) != 1 or len(lines[0]) > LONGEST:
        raise Refused("key_unreadable")
    kind, _, rest = lines[0].strip().partition(" ")
    if kind not in PARTS:
        if any(f"{known} " in rest for known in PARTS):
            raise Refused("key_options")
        raise Refused("key_type" if rest else "key_unreadable", kind=clean(kind), allowed=", ".join(PARTS))
    encoded, _, comment = rest.strip().partition(" ")
    blob = _decoded(encoded)
    _insist_whole(kind, blob)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(f"{kind} {encoded}", f"SHA256:{digest}", clean(comment).strip())


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Refused("key_unreadable") from None


def _insist_whole(kind: str, blob: bytes) -> None:
    """The key is of that type, with all of its parts and nothing behind them."""
    parts: list[bytes] = []
    while blob:
        if len(blob) < 4 or len(blob) - 4 < (length := struct.unpack(">I", blob[:4])[0]):
            raise Refused("key_unreadable")
        parts.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    if len(parts) != PARTS[kind] or parts[0] != kind.encode() or not all(parts):
        raise Refused("key_unreadable")
    bits = int.from_bytes(parts[2], "big").bit_length() if kind == "ssh-rsa" else RSA_BITS
    if bits < RSA_BITS:
        raise Refused("key_short", bits=bits, least=RSA_BITS)
