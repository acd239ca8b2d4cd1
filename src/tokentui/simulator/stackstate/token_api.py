"""Service tokens, and on old servers the ingestion keys.

Source: StackVista/stackstate-openapi 4d7c254 spec/service_token.yaml and, for ingestion keys, the
description that StackVista/stackstate-cli carried before its commit dd86ba6; both read 2026-08-21.
What makes an expiry invalid is not published: here one that does not lie in the future.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackstate.errors import (
    ApiError,
    absent,
    json_object,
    optional_ms_field,
    optional_text_field,
    text_field,
    unfit,
)
from tokentui.simulator.stackstate.model import has_ended
from tokentui.simulator.stackstate.wire import created_token_json, key_json, token_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.gate import Gate
    from tokentui.simulator.stackstate.world import StackstateServer

_TOKENS = "/security/tokens"
_KEYS = "/security/ingestion/api_keys"


class TokenApi:
    """Lists, makes and deletes what machines sign in with."""

    def __init__(self, server: StackstateServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the API's path."""
        return [
            route("GET", _TOKENS, self._list),
            route("POST", _TOKENS, self._create),
            route("DELETE", _TOKENS + "/{id}", self._delete),
            route("GET", _KEYS, self._list_keys),
            route("POST", _KEYS, self._create_key),
            route("DELETE", _KEYS + "/{id}", self._delete_key),
        ]

    async def _list(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.list_tokens)
        return JsonResponse([token_json(token) for token in self._server.tokens()])

    async def _create(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.create_tokens)
        body = await json_object(request)
        name = text_field(body, "name")
        roles = body.get("roles")
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise unfit("body (roles)")
        expires_ms = optional_ms_field(body, "expiryDate")
        subject = optional_text_field(body, "dedicatedSubject") or None
        if has_ended(expires_ms, self._server.now_ms()):
            return self._invalid_expiry("ServiceTokenInvalidExpiryError")
        dedicated = None if self._server.is_old else subject
        token = self._server.create_token(name, roles, expires_ms, dedicated)
        return JsonResponse(created_token_json(self._server, token))

    async def _delete(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.delete_tokens)
        if self._server.delete_token(_id(request)):
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return self._nothing_to_delete()

    async def _list_keys(self, request: Request) -> Response:
        self._allow_keys(request)
        return JsonResponse([key_json(key) for key in self._server.ingestion_keys.values()])

    async def _create_key(self, request: Request) -> Response:
        self._allow_keys(request)
        body = await json_object(request)
        name = text_field(body, "name")
        description = optional_text_field(body, "description")
        expires_ms = optional_ms_field(body, "expiration")
        if has_ended(expires_ms, self._server.now_ms()):
            return self._invalid_expiry("IngestionApiKeyInvalidExpiryError")
        key = self._server.create_ingestion_key(name, description, expires_ms)
        return JsonResponse(key_json(key) | {"apiKey": key.secret})

    async def _delete_key(self, request: Request) -> Response:
        self._allow_keys(request)
        if self._server.ingestion_keys.pop(_id(request), None) is None:
            return self._nothing_to_delete()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _allow_keys(self, request: Request) -> None:
        if not self._server.is_old:
            raise absent()
        self._gate.allowed(request, self._server.rights.ingestion_keys)

    def _nothing_to_delete(self) -> Response:
        status = self._server.absent_delete_status
        if status == HTTPStatus.NO_CONTENT:
            return Response(status_code=status)
        raise ApiError(status, "Nothing has that identifier")

    def _invalid_expiry(self, kind: str) -> Response:
        message = self._server.text("The expiry date lies in the past")
        return JsonResponse({"_type": kind, "message": message}, HTTPStatus.BAD_REQUEST)


def _id(request: Request) -> int:
    try:
        return int(request.path_params["id"])
    except ValueError:
        raise unfit("path parameter id") from None
