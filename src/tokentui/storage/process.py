"""Who we are among the processes of this host, and whether another one still runs."""

from __future__ import annotations

import os
import pwd
import socket
from pathlib import Path

from tokentui.domain.ledger import Owner

_PROC = Path("/proc")
_BOOT_ID = _PROC / "sys/kernel/random/boot_id"
_NAMESPACE = _PROC / "self/ns/pid"
_ENDED_STATES = frozenset({"Z", "X"})
# Positions of fields 3 and 22 of proc(5) "stat", counted behind the name in brackets.
_STATE = 0
_START_TIME = 19


def this_process() -> Owner:
    """Describe the running process."""
    stat = _stat(os.getpid())
    return Owner(
        host=socket.gethostname(),
        user=_user(),
        boot=_boot(),
        pid=os.getpid(),
        started=stat[_START_TIME] if stat else "",
    )


def is_alive(owner: Owner) -> bool:
    """Say whether a process may still run; False only where it certainly does not.

    Processes of other hosts and of other process id namespaces (containers) cannot be seen from
    here, so they count as alive.
    """
    if owner.host != socket.gethostname():
        return True
    boot, _, namespace = owner.boot.partition(" ")
    boot_now, _, namespace_now = _boot().partition(" ")
    if boot != boot_now:
        return False
    if namespace != namespace_now:
        return True
    stat = _stat(owner.pid)
    if stat is not None:
        return stat[_STATE] not in _ENDED_STATES and stat[_START_TIME] == owner.started
    return not _has_proc() and _answers_signals(owner.pid)


def _user() -> str:
    """Name the user whose rights we have; the environment may name another one under sudo."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _boot() -> str:
    """Give boot id and process id namespace; both empty where there is no /proc."""
    try:
        return f"{_BOOT_ID.read_text().strip()} {_NAMESPACE.readlink()}"
    except OSError:
        return ""


def _has_proc() -> bool:
    return (_PROC / "self/stat").exists()


def _stat(pid: int) -> list[str] | None:
    """Read a process's fields behind its name, which may itself hold blanks and brackets."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _answers_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
