"""Reads what a JSON Web Token says of itself; its signature is not checked.

Source: RFC 7519, sections 3 and 4.1.4.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = 3
_LONGEST = 100_000


def claims(text: str) -> Mapping[str, object] | None:
    """Give the claims of a token; None if the text is no token with readable claims."""
    parts = text.split(".")
    if len(parts) != _PARTS or len(text) > _LONGEST:
        return None
    try:
        found: object = json.loads(_decode(parts[1]))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def end_of(text: str) -> datetime | None:
    """Give the instant in the claim `exp`, aware UTC; None if there is none to be read."""
    end = (claims(text) or {}).get("exp")
    if isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end):
        return None
    try:
        return datetime.fromtimestamp(end, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _decode(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
