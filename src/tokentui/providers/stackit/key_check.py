"""Checks a new key by exchanging an assertion that it signs for an access token."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import NotSignedIn, ProviderError
from tokentui.domain.model import Verification
from tokentui.providers.stackit.exchange import Exchange
from tokentui.providers.stackit.key_file import parse_key

if TYPE_CHECKING:
    from tokentui.domain.model import Issued
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Connection

_SOURCE = "the new key"


async def check(connection: Connection, issued: Issued, token_url: str | None) -> Verification:
    """Sign in with a new key; a failure is an answer, not an error."""
    if not _has_private_key(issued.secret):
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


def _has_private_key(document: Secret) -> bool:
    """Whether a document holds one; what is no JSON at all is left to `parse_key`."""
    try:
        parsed: object = json.loads(document.reveal())
    except (ValueError, RecursionError):
        return True
    credentials = parsed.get("credentials") if isinstance(parsed, dict) else None
    return isinstance(credentials, dict) and bool(credentials.get("privateKey"))
