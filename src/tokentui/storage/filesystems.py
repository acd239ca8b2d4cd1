"""What kind of file system a path is on."""

from __future__ import annotations

from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_WITHOUT_SHARED_MEMORY = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "glusterfs", "lustre")
_ESCAPES = {r"\040": " ", r"\011": "\t", r"\012": "\n", r"\134": "\\"}


def is_remote(path: Path) -> bool:
    """Say whether other hosts may use the same files, so that shared memory cannot be relied on.

    FUSE counts as remote because it often is (sshfs). Where there is no /proc, nothing does.
    """
    try:
        mounts = _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return False
    return type_of(path.resolve(), mounts).startswith(_WITHOUT_SHARED_MEMORY)


def type_of(path: Path, mounts: str) -> str:
    """Give the type of the mount that holds a path; of equal mount points the last one counts."""
    deepest, found = -1, ""
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        mounted = Path(_unescape(point))
        depth = len(mounted.parts)
        if depth >= deepest and path.is_relative_to(mounted):
            deepest, found = depth, kind
    return found


def _unescape(point: str) -> str:
    for escape, char in _ESCAPES.items():
        point = point.replace(escape, char)
    return point
