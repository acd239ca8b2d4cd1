"""The retired access tokens of service accounts, answered only while the world says so.

Source: STACKIT service-account API description v2 as of 2026-08-21; the operations left the public
description on 2026-08-27. What they answer since is not published: 404 here.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.account_api import ACCOUNT
from tokentui.simulator.stackit.account_gate import AccountGate, body_of
from tokentui.simulator.stackit.account_wire import legacy_token_json
from tokentui.simulator.stackit.flat_errors import FlatError
from tokentui.simulator.stackit.model import LegacyToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.model import Identity
    from tokentui.simulator.stackit.world import StackitWorld

_TOKENS = ACCOUNT + "/access-tokens"
_DEFAULT_DAYS, _MAX_DAYS = 90, 180


class LegacyTokenApi:
    """Lists, makes and revokes long-lived tokens."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens
        self._gate = AccountGate(world, tokens)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the service-account base URL."""
        return [
            route("GET", _TOKENS, self._list),
            route("POST", _TOKENS, self._create),
            route("DELETE", _TOKENS + "/{token_id}", self._revoke),
        ]

    async def _list(self, request: Request) -> Response:
        account = self._account(request, write=False)
        return JsonResponse({"items": [legacy_token_json(one) for one in self._alive(account)]})

    async def _create(self, request: Request) -> Response:
        account = self._account(request, write=True)
        self._gate.refuse_own(request, account)
        days = (await body_of(request)).get("ttlDays", _DEFAULT_DAYS)
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= _MAX_DAYS:
            raise FlatError(HTTPStatus.BAD_REQUEST, "Validation of ttlDays failed")
        now = self._world.ground.clock.now().replace(microsecond=0)
        token = LegacyToken(str(uuid.uuid4()), account, now, now + timedelta(days=days))
        self._world.accounts.legacy_tokens[token.id] = token
        self._world.made["legacy-token"] += 1
        body = legacy_token_json(token) | {"token": self._tokens.sign_legacy(token)}
        return JsonResponse(body, HTTPStatus.CREATED)

    async def _revoke(self, request: Request) -> Response:
        account = self._account(request, write=True)
        wanted = request.path_params["token_id"]
        token = next((one for one in self._alive(account) if one.id == wanted), None)
        if token is None:
            raise FlatError(HTTPStatus.NOT_FOUND, "Access token not found")
        if not token.active:
            raise FlatError(HTTPStatus.CONFLICT, "Access token is already revoked")
        token.active = False
        return Response()

    def _account(self, request: Request, *, write: bool) -> Identity:
        if not self._world.accounts.legacy_on:
            raise FlatError(HTTPStatus.NOT_FOUND, "No such path")
        return self._gate.account(request, FlatError, write=write, unknown=HTTPStatus.NOT_FOUND)

    def _alive(self, account: Identity) -> list[LegacyToken]:
        now = self._world.ground.clock.now()
        tokens = self._world.accounts.legacy_tokens_of(account)
        return [token for token in tokens if token.valid_until > now]
