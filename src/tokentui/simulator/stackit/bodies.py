"""Reads request bodies and timestamps."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request


async def object_of(request: Request) -> dict[str, Any] | None:
    """Return the body as a JSON object, an empty one for no body, None if it is neither."""
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def instant_of(value: object) -> datetime | None:
    """Return an RFC 3339 timestamp as an aware UTC instant, None if it is none."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return None if instant.tzinfo is None else instant.astimezone(UTC)
