"""Who asks, and whether they may.

Source: cloudfleet.ai/docs/organization/api-tokens, read 2026-08-21: Administrator has full access,
User reads. That User is refused with 403 wherever tokens are meant is an assumption.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING

from tokentui.simulator.cloudfleet.dialect import CallAuth
from tokentui.simulator.cloudfleet.errors import refusal

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.cloudfleet.jwts import Jwts
    from tokentui.simulator.cloudfleet.model import ApiToken
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld


class Gate:
    """Reads the caller of a request and refuses who may not."""

    def __init__(self, world: CloudfleetWorld, jwts: Jwts) -> None:
        self._world = world
        self._jwts = jwts

    def caller(self, request: Request) -> ApiToken:
        """Return the token that calls, in a way that the dialect has."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        ways = self._world.dialect.call_auth
        token = None
        if scheme.lower() == "bearer" and CallAuth.BEARER in ways:
            token = self._jwts.token_of(value.strip())
        elif scheme.lower() == "basic" and CallAuth.BASIC in ways:
            token = self._world.token_of(*basic_pair(value))
        if token is None:
            raise refusal(HTTPStatus.UNAUTHORIZED, "Authentication is required")
        return token

    def administrator(self, request: Request) -> ApiToken:
        """Return the calling token if it has full access."""
        token = self.caller(request)
        if not token.is_administrator:
            raise refusal(HTTPStatus.FORBIDDEN, "The role Administrator is required")
        return token

    def token_reader(self, request: Request) -> ApiToken:
        """Return the calling token if it may see tokens."""
        if self._world.user_reads_tokens:
            return self.caller(request)
        return self.administrator(request)


def basic_pair(value: str) -> tuple[str, str]:
    """Return user name and password of a Basic header's value, two empty texts if unfit."""
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except ValueError:
        return "", ""
    name, _, password = text.partition(":")
    return name, password
