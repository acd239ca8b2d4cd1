"""Recognises a secret later without keeping it."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.storage.private_files import locked, reason, shown, tighten, write_new

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.secret import Secret

KEY_BYTES = 32
FINGERPRINT_BYTES = 16


class Fingerprints:
    """Makes HMAC-SHA256 fingerprints, cut to 16 bytes; without the key they tell nothing."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __call__(self, secret: Secret) -> str:
        """Give the fingerprint of a secret, as hexadecimal text."""
        digest = hmac.digest(self._key, secret.reveal().encode(errors="surrogatepass"), sha256)
        return digest[:FINGERPRINT_BYTES].hex()


def load_key(path: Path) -> bytes:
    """Read the key of this installation, or make it if there is none.

    Processes that start together agree on one key. Raises `StorageError` if the file is not
    32 bytes long or cannot be read or made.
    """
    if not path.exists():
        with locked(path):
            if not path.exists():
                write_new(path, secrets.token_bytes(KEY_BYTES))
    tighten(path)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise StorageError(
            f"the fingerprint key {shown(path)} cannot be read: {reason(error)}",
            "check its owner and its mode",
        ) from None
    if len(key) != KEY_BYTES:
        raise StorageError(
            f"the fingerprint key {shown(path)} holds {len(key)} bytes instead of {KEY_BYTES}",
            "restore it from a backup, or move it away: a new key is then made, which does not "
            "recognise earlier secrets",
        )
    return key
