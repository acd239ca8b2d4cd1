"""Copies of kubeconfigs from before they were changed."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.delivery.atomic import PRIVATE_DIRECTORY, create_file, in_words, make_directory

if TYPE_CHECKING:
    from pathlib import Path

_NEWEST_KEPT = 9


def back_up(directory: Path, path: Path, data: bytes) -> Path:
    """Copy the content of a kubeconfig into a private folder; gives the copy's path.

    The oldest copy of each kubeconfig and the newest nine are kept: they hold secrets. Raises
    `DeliveryError`.
    """
    make_directory(directory)
    _make_private(directory)
    digest = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:12]
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    copy = directory / f"kubeconfig-{digest}-{at}"
    create_file(copy, data)
    for old in sorted(directory.glob(f"kubeconfig-{digest}-*"))[1:-_NEWEST_KEPT]:
        with suppress(OSError):
            old.unlink()
    return copy


def _make_private(directory: Path) -> None:
    try:
        directory.chmod(PRIVATE_DIRECTORY)
    except OSError as error:
        raise in_words(error, directory) from None
