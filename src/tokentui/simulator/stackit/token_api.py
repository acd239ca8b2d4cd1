"""The token endpoint of the service-account API.

Source: STACKIT service-account API description v2, operation CreateShortLivedAccessToken, read
2026-08-21. Which of its two error forms answers a refused assertion is not published; here 400
with the flat form.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.assertions import AssertionRefusedError, Assertions
from tokentui.simulator.stackit.edge_wire import rfc3339
from tokentui.simulator.stackit.world import SERVICE_ACCOUNT_PREFIX

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.access_tokens import AccessTokens, TokenPair
    from tokentui.simulator.stackit.world import StackitWorld

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant
_FORM = "application/x-www-form-urlencoded"


class TokenApi:
    """Exchanges assertions and refresh tokens for access tokens."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens
        self._assertions = Assertions(world)

    def app(self) -> Starlette:
        """Return the application to mount at the service-account base URL."""
        return Starlette(
            routes=[route("POST", "/token", self._create)],
            exception_handlers={HTTPException: self._refuse},
        )

    async def _create(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith(_FORM):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Body is not a form")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        grant = form.get("grant_type")
        if grant == JWT_BEARER:
            return self._by_assertion(form.get("assertion", ""))
        if grant == REFRESH_TOKEN:
            return self._by_refresh_token(form.get("refresh_token", ""))
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Grant type is not supported")

    def _by_assertion(self, assertion: str) -> Response:
        try:
            identity = self._assertions.check(assertion)
        except AssertionRefusedError as refusal:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(refusal)) from None
        return _token_response(self._tokens.issue(identity))

    def _by_refresh_token(self, refresh_token: str) -> Response:
        pair = self._tokens.redeem(refresh_token)
        if pair is None:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Refresh token is not valid")
        return _token_response(pair)

    async def _refuse(self, request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 500
        message = error.detail if isinstance(error, HTTPException) else "Internal error"
        body = {
            "timeStamp": rfc3339(self._world.ground.clock.now()),
            "path": request.url.path.removeprefix(SERVICE_ACCOUNT_PREFIX),
            "status": code,
            "error": self._world.text(HTTPStatus(code).phrase),
            "message": self._world.text(message),
        }
        return JsonResponse(body, code)


def _token_response(pair: TokenPair) -> Response:
    body = {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expires_in": int(pair.expires_in.total_seconds()),
        "scope": "",
        "token_type": "Bearer",
    }
    return JsonResponse(body)
