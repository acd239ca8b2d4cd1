"""Reads an answer's body: no more than fits, in no encoding that could unpack to more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 2_000_000
"""Bytes; no list or credential of the known systems comes near it."""


class UnusableAnswer(Exception):
    """An answer that is no answer; its text says why, without anything of the body."""


async def read_body(response: httpx.Response) -> bytes:
    """Read the body as it comes over the line. Raises `UnusableAnswer`."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise UnusableAnswer("came compressed, which was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise UnusableAnswer("is larger than 2 MB")
    return bytes(body)


def parse_json(body: bytes) -> object:
    """Parse a body; None if it is empty. Raises `UnusableAnswer`."""
    if not body.strip():
        return None
    try:
        parsed: object = json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise UnusableAnswer("is not JSON") from None
    return parsed


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)
