"""Secrets in files of their own."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING

from tokentui.delivery.atomic import create_file, in_words, replace_file, shown
from tokentui.domain.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.secret import Secret

_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_HASH_DIGITS = 8


def write_secret(path: Path, secret: Secret, *, overwrite: bool = False) -> Path:
    """Write a secret, and a line feed if it has none, to a file that only its owner can read.

    The folder must exist. What is there stays unless `overwrite`; a symbolic link, a folder or a
    device is never written to. Gives the path. Raises `DeliveryError`; then nothing has changed.
    """
    exists = _is_there(path)
    if exists and not overwrite:
        raise DeliveryError(
            f"{shown(path)} exists already", "choose another name, or say that it may be replaced"
        )
    write = replace_file if exists else create_file
    write(path, _with_line_end(secret))
    return path


def check_replaceable(path: Path) -> None:
    """Raise `DeliveryError` if there is no file here, or another could not take its place."""
    if not _is_there(path):
        raise DeliveryError(f"{shown(path)} does not exist", "correct its path")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise DeliveryError(f"the folder of {shown(path)} cannot be written to", "check its rights")


def file_name(name: str) -> str:
    """Make a file name of at most 80 plain characters; different names give different files."""
    plain = _FOREIGN.sub("-", unicodedata.normalize("NFKC", name)).lstrip(".-")[:_LONGEST_NAME]
    if plain and plain == name:
        return plain
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:_HASH_DIGITS]
    kept = plain[: _LONGEST_NAME - len(digest) - 1]
    return f"{kept}-{digest}" if kept else digest


def _is_there(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise in_words(error, path) from None
    if stat.S_ISREG(mode):
        return True
    kind = (
        "a folder"
        if stat.S_ISDIR(mode)
        else "a symbolic link"
        if stat.S_ISLNK(mode)
        else "not an ordinary file"
    )
    raise DeliveryError(f"{shown(path)} is {kind}", "name the file itself")


def _with_line_end(secret: Secret) -> bytes:
    return (secret.reveal().removesuffix("\n") + "\n").encode()
