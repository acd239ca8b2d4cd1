"""Checks a new key by exchanging an assertion that it signs for an access token."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.domain.text import clean
from tokentui.providers.stackit.exchange import Exchange
from tokentui.providers.stackit.key_file import parse_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Issued
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Connection

_SOURCE = "the new key"
_LONGEST_ID = 80


async def check(connection: Connection, issued: Issued, token_url: str | None) -> Verification:
    """Sign in with a new key; a failure is an answer, not an error."""
    document = _document(issued.secret)
    key_id = document.get("id")
    if issued.remote_id and isinstance(key_id, str) and key_id not in ("", issued.remote_id):
        wanted = clean(issued.remote_id, _LONGEST_ID)
        return Verification(False, f"this is key {clean(key_id, _LONGEST_ID)}, not {wanted}")
    if not _has_private_key(document):
        return Verification(None, "it could not be checked: its private key is yours alone")
    start = time.monotonic()
    try:
        key = parse_key(issued.secret, _SOURCE, connection.clock())
        await Exchange(connection.http, connection.clock, token_url).access_token(key, _SOURCE)
    except NotSignedIn as error:
        return Verification(False, f"it is not accepted: {error.message}")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    took = timedelta(seconds=time.monotonic() - start)
    return Verification(True, "it was exchanged for an access token, which was thrown away", took)


def _document(secret: Secret) -> Mapping[str, object]:
    """Read a key file; empty for what is none, of which `parse_key` says what is wrong."""
    try:
        document: object = json.loads(secret.reveal())
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _has_private_key(document: Mapping[str, object]) -> bool:
    credentials = document.get("credentials")
    has_one = isinstance(credentials, dict) and bool(credentials.get("privateKey"))
    return has_one or not document
