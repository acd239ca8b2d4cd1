"""Takes our own secrets out of what a server says: some repeat the request in their errors."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote_plus

from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tokentui.providers.http_call import Call

MASK = "[secret]"
_SHORTEST = 4
"""Characters; what is shorter is no secret, and would blacken every other word."""


def unechoed(call: Call, text: str) -> str:
    """Put a mask in the place of each secret that the call itself carries, however spelled."""
    for spelling in _spellings(call):
        text = text.replace(spelling, MASK)
    return text


def unechoed_headers(call: Call, headers: Mapping[str, str]) -> dict[str, str]:
    """Do the same to the head of an answer; the names are in lower case."""
    return {name.lower(): unechoed(call, value) for name, value in headers.items()}


def _spellings(call: Call) -> list[str]:
    """Give all ways to write the call's secrets, the longest first: one may hold another."""
    carried = (*call.headers.values(), *call.form.values())
    values = [value.reveal() for value in carried if isinstance(value, Secret)]
    parts = {part for value in values for part in _parts(value) if len(part) >= _SHORTEST}
    return sorted({way for part in parts for way in _ways(part)}, key=len, reverse=True)


def _parts(value: str) -> Iterator[str]:
    """Give a value, what stands behind its scheme, and the password of basic authentication."""
    yield value
    scheme, _, behind = value.partition(" ")
    yield behind
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(behind, validate=True).decode()
        except (binascii.Error, ValueError):
            return
        yield pair
        password = pair.partition(":")[2]
        yield password
        yield unquote_plus(password)  # a token endpoint takes it form-encoded: RFC 6749, 2.3.1


def _ways(part: str) -> Iterator[str]:
    yield part
    yield quote(part, errors="replace")
    yield quote(part, safe="", errors="replace")
    yield quote_plus(part, errors="replace")
    yield part.replace("/", "\\/")
    yield json.dumps(part)[1:-1]
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(part.encode(errors="replace")).decode().rstrip("=")
