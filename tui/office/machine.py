"""What the machine is like: on what a file lies."""

from __future__ import annotations

import os

NETWORK = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre", "beegfs", "gpfs"]
    + [f"fuse.{kind}" for kind in ("sshfs", "glusterfs", "ceph", "s3fs", "rclone", "davfs", "smbnetfs")]
)  # fmt: skip
"""File systems of other machines, on which the locks of SQLite do not hold, or only between some."""
_MOUNTS = "/proc/self/mountinfo"


def network_file_system(path: str) -> str:
    """The kind of the network file system on which a file lies or will lie; empty where it lies on this machine."""
    kind = file_system(path)
    return kind if kind in NETWORK else ""


def file_system(path: str, mounts: str = _MOUNTS) -> str:
    """The kind of file system at a path, empty where the machine does not say."""
    wanted = os.path.realpath(path)
    best, kind = "", ""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                fields, _, about = line.partition(" - ")
                place = fields.split()[4].encode("latin-1", "surrogateescape").decode("unicode_escape")
                inside = wanted == place or wanted.startswith(place.rstrip("/") + "/")
                if inside and len(place) >= len(best):
                    best, kind = place, about.split()[0]
    except (OSError, IndexError, ValueError):
        return ""
    return kind
