"""The keys of the service-account API.

Source: STACKIT service-account API description v2, read 2026-08-21. Which status the eleventh key
gets is not named; 403 is described as an exceeded quota. An unknown key is not described: 404.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.account_api import ACCOUNT
from tokentui.simulator.stackit.account_gate import AccountGate, body_of
from tokentui.simulator.stackit.account_wire import created_key_json, key_details_json, key_json
from tokentui.simulator.stackit.bodies import instant_of
from tokentui.simulator.stackit.flat_errors import AuthError, FlatError
from tokentui.simulator.stackit.key_making import KeyRefusedError, make_key
from tokentui.simulator.stackit.model import SYSTEM_MANAGED, USER_MANAGED, ServiceAccountKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.account_gate import Refusal
    from tokentui.simulator.stackit.model import Identity
    from tokentui.simulator.stackit.world import StackitWorld

MAX_KEYS = 10
NO_END = datetime(9999, 1, 1, 1, 1, 1, tzinfo=UTC)
_KEYS = ACCOUNT + "/keys"
_KEY = _KEYS + "/{key_id}"


class KeyApi:
    """Lists, makes, changes and ends the keys of service accounts."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._gate = AccountGate(world, tokens)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the service-account base URL."""
        return [
            route("GET", _KEYS, self._list),
            route("POST", _KEYS, self._create),
            route("GET", _KEY, self._get),
            route("PATCH", _KEY, self._change),
            route("DELETE", _KEY, self._delete),
        ]

    async def _list(self, request: Request) -> Response:
        account = self._gate.account(request, AuthError, write=False)
        keys = self._world.accounts.keys_of(account)
        return JsonResponse({"items": [key_json(key) for key in keys]})

    async def _get(self, request: Request) -> Response:
        account = self._gate.account(request, AuthError, write=False)
        if request.query_params.get("format", "X509_PEM") != "X509_PEM":
            raise FlatError(HTTPStatus.BAD_REQUEST, "Validation of format failed")
        return JsonResponse(key_details_json(self._world, self._key(request, account)))

    async def _create(self, request: Request) -> Response:
        account = self._gate.account(request, FlatError, write=True)
        self._gate.refuse_own(request, account)
        body = await body_of(request)
        end = self._end_of(body.get("validUntil"))
        own = [k for k in self._world.accounts.keys_of(account) if k.key_type == USER_MANAGED]
        if len(own) >= MAX_KEYS:
            raise FlatError(HTTPStatus.FORBIDDEN, f"Quota of {MAX_KEYS} keys is exceeded")
        try:
            made = await make_key(
                account.id,
                self._world.ground.clock.now(),
                body.get("publicKey"),
                body.get("algorithm"),
            )
        except KeyRefusedError as refusal:
            raise FlatError(HTTPStatus.BAD_REQUEST, str(refusal)) from None
        key = ServiceAccountKey(
            str(uuid.uuid4()),
            account,
            made.certificate,
            self._world.ground.clock.now(),
            valid_until=end,
            origin=made.origin,
            algorithm=made.algorithm,
        )
        self._world.accounts.keys[key.id] = key
        self._world.made["service-account-key"] += 1
        return JsonResponse(
            created_key_json(self._world, key, made.private_key), HTTPStatus.CREATED
        )

    async def _change(self, request: Request) -> Response:
        account = self._gate.account(request, FlatError, write=True)
        self._gate.refuse_own(request, account)
        key = self._changeable(request, account, FlatError)
        body = await body_of(request)
        active = body.get("active", key.active)
        if not isinstance(active, bool):
            raise FlatError(HTTPStatus.BAD_REQUEST, "Validation of active failed")
        if body.get("validUntil") is not None:
            key.valid_until = self._end_of(body["validUntil"])
        key.active = active
        return JsonResponse(key_json(key), HTTPStatus.CREATED)

    async def _delete(self, request: Request) -> Response:
        account = self._gate.account(request, AuthError, write=True)
        key = self._changeable(request, account, AuthError)
        del self._world.accounts.keys[key.id]
        return Response()

    def _key(self, request: Request, account: Identity) -> ServiceAccountKey:
        key = self._world.accounts.keys.get(request.path_params["key_id"])
        if key is None or key.identity is not account:
            raise FlatError(HTTPStatus.NOT_FOUND, "Key not found")
        return key

    def _changeable(
        self, request: Request, account: Identity, refusal: Refusal
    ) -> ServiceAccountKey:
        key = self._key(request, account)
        if key.key_type == SYSTEM_MANAGED:
            raise refusal(HTTPStatus.FORBIDDEN, "Key is managed by the system")
        return key

    def _end_of(self, value: object) -> datetime | None:
        if value is None:
            return None
        end = instant_of(value)
        if end is None:
            raise FlatError(HTTPStatus.BAD_REQUEST, "Validation of validUntil failed")
        if end == NO_END:
            return None
        if end <= self._world.ground.clock.now():
            raise FlatError(HTTPStatus.BAD_REQUEST, "validUntil must be in the future")
        return end.replace(microsecond=0)
