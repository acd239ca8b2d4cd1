"""The lock that kubectl takes before it writes a kubeconfig."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.delivery.atomic import in_words, shown
from tokentui.domain.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST_PAUSE_MS = 10
_JITTER_MS = 40


@contextmanager
def locked(path: Path, wait_s: float) -> Iterator[None]:
    """Hold the locks of a kubeconfig: of the path as given and of the file it leads to.

    kubectl creates `PATH.lock` exclusively, beside a symbolic link and not beside its target,
    never waits and looks at no age (client-go 32ce75a, tools/clientcmd/loader.go). Waits up to
    `wait_s` seconds. Raises `DeliveryError`, which names the lock and its age.
    """
    deadline = time.monotonic() + wait_s
    names = {f"{os.path.abspath(path)}.lock", f"{os.path.realpath(path)}.lock"}
    with ExitStack() as held:
        for name in sorted(names):
            held.enter_context(_one(Path(name), deadline))
        yield


@contextmanager
def _one(lock: Path, deadline: float) -> Iterator[None]:
    while not _created(lock):
        if time.monotonic() >= deadline:
            raise _held(lock)
        time.sleep((_SHORTEST_PAUSE_MS + secrets.randbelow(_JITTER_MS)) / 1000)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            lock.unlink()


def _created(lock: Path) -> bool:
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0))
    except FileExistsError:
        return False
    except OSError as error:
        raise in_words(error, lock) from None
    return True


def _held(lock: Path) -> DeliveryError:
    try:
        age = timedelta(seconds=max(0, int(time.time() - lock.stat().st_mtime)))
        since = f" for {age} (h:mm:ss)"
    except OSError:
        since = ""
    return DeliveryError(
        f"The kubeconfig is locked by {shown(lock)}{since}",
        "try again; if no other program is writing it, remove that file first",
    )
