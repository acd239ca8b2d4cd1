"""The token endpoint of the service-account API.

Source: STACKIT service-account API description v2, operation CreateShortLivedAccessToken, read
2026-08-21. Which of its two error forms answers a refused assertion is not published; here 400
with the flat form.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.assertions import AssertionRefusedError, Assertions
from tokentui.simulator.stackit.flat_errors import FlatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens, TokenPair
    from tokentui.simulator.stackit.world import StackitWorld

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant
FORM = "application/x-www-form-urlencoded"


class TokenApi:
    """Exchanges assertions and refresh tokens for access tokens."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens
        self._assertions = Assertions(world)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the route below the service-account base URL."""
        return [route("POST", "/token", self._create)]

    async def _create(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith(FORM):
            raise FlatError(HTTPStatus.BAD_REQUEST, "Body is not a form")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        grant = form.get("grant_type")
        if grant == JWT_BEARER:
            return self._by_assertion(form.get("assertion", ""))
        if grant == REFRESH_TOKEN:
            return self._by_refresh_token(form.get("refresh_token", ""))
        raise FlatError(HTTPStatus.BAD_REQUEST, "Grant type is not supported")

    def _by_assertion(self, assertion: str) -> Response:
        try:
            identity = self._assertions.check(assertion)
        except AssertionRefusedError as refusal:
            raise FlatError(HTTPStatus.BAD_REQUEST, str(refusal)) from None
        return _token_response(self._tokens.issue(identity))

    def _by_refresh_token(self, refresh_token: str) -> Response:
        pair = self._tokens.redeem(refresh_token)
        if pair is None:
            raise FlatError(HTTPStatus.BAD_REQUEST, "Refresh token is not valid")
        return _token_response(pair)


def _token_response(pair: TokenPair) -> Response:
    body = {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expires_in": int(pair.expires_in.total_seconds()),
        "scope": "",
        "token_type": "Bearer",
    }
    return JsonResponse(body)
