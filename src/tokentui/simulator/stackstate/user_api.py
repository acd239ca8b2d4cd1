"""What the server says of itself and of the caller.

Source: StackVista/stackstate-openapi 4d7c254 spec/server_info.yaml, user_authorization.yaml,
user_session.yaml, user_profile.yaml and subscription.yaml, read 2026-08-21. That a caller who is
no person has no profile is inferred from the error named there.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackstate.errors import absent
from tokentui.simulator.stackstate.model import SYSTEM, ServerAge
from tokentui.simulator.stackstate.wire import (
    api_token_json,
    profile_json,
    server_info_json,
    subscription_json,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.gate import Gate
    from tokentui.simulator.stackstate.model import Caller
    from tokentui.simulator.stackstate.world import StackstateServer


class UserApi:
    """The endpoints that every valid credential may ask."""

    def __init__(self, server: StackstateServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the API's path."""
        return [
            route("GET", "/server/info", self._info),
            route("GET", "/subscription", self._subscription),
            route("GET", "/user/authorization/for", self._authorization),
            route("GET", "/user/session/availableRoles", self._roles),
            route("GET", "/user/profile", self._profile),
            route("GET", "/user/profile/tokens", self._profile_tokens),
        ]

    async def _info(self, request: Request) -> Response:
        self._gate.caller(request)
        return JsonResponse(server_info_json(self._server))

    async def _subscription(self, request: Request) -> Response:
        self._gate.caller(request)
        return JsonResponse(subscription_json(self._server))

    async def _authorization(self, request: Request) -> Response:
        """Answer by the status alone, also to the unknown caller."""
        if self._server.is_old:
            raise absent()
        return Response(status_code=self._verdict(request))

    def _verdict(self, request: Request) -> HTTPStatus:
        caller = self._gate.identify(request)
        if caller is None:
            return HTTPStatus.UNAUTHORIZED
        permission = request.query_params.get("permission")
        if permission not in self._server.rights.names:
            return HTTPStatus.BAD_REQUEST
        resource = request.query_params.get("resourceName", SYSTEM)
        if self._server.may(caller.roles, permission, resource):
            return HTTPStatus.NO_CONTENT
        return HTTPStatus.FORBIDDEN

    async def _roles(self, request: Request) -> Response:
        if self._server.age is ServerAge.VERY_OLD:
            raise absent()
        caller = self._gate.caller(request)
        return JsonResponse({"roles": [self._server.text(caller.name), *caller.roles]})

    async def _profile(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        if caller.user is None:
            return self._user_not_found(caller)
        return JsonResponse(profile_json(caller.user))

    async def _profile_tokens(self, request: Request) -> Response:
        caller = self._gate.allowed(request, self._server.rights.own_tokens)
        if caller.user is None:
            return self._user_not_found(caller)
        return JsonResponse([api_token_json(caller.user)])

    def _user_not_found(self, caller: Caller) -> Response:
        body = {"_type": "UserNotFoundError", "name": self._server.text(caller.name)}
        return JsonResponse(body, HTTPStatus.BAD_REQUEST)
