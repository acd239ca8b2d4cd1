"""What the server says of itself, of the caller and of the projects.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler and its swagger files, as of
August 2026.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.errors import ApiError
from tokentui.simulator.kubermatic.gate import token_of
from tokentui.simulator.kubermatic.wire import me_json, project_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.server import KubermaticServer

_DISPLAY_ALL_SINCE: Final = 14
# The texts that Go's strconv.ParseBool takes.
_TRUE: Final = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "false", "FALSE", "False"})


class ProjectApi:
    """Health, version, the caller and the projects."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        return [
            route("GET", "/api/v1/healthz", self._health),
            route("GET", "/api/v1/version", self._version),
            route("GET", "/api/v1/me", self._me),
            route("POST", "/api/v1/me/logout", self._logout),
            route("GET", "/api/v1/projects", self._list),
            route("GET", "/api/v1/projects/{project}", self._get),
        ]

    async def _health(self, request: Request) -> Response:
        del request
        return Response()

    async def _version(self, request: Request) -> Response:
        self._gate.caller(request)
        return JsonResponse({"api": self._server.text(f"v{self._server.version}.0")})

    async def _me(self, request: Request) -> Response:
        return JsonResponse(me_json(self._server, self._gate.caller(request)))

    async def _logout(self, request: Request) -> Response:
        self._gate.caller(request)
        self._server.logged_out.add(token_of(request))
        return JsonResponse({})

    async def _list(self, request: Request) -> Response:
        show_all = self._display_all(request)
        caller = self._gate.caller(request)
        everything = show_all and caller.is_admin
        shown = [
            project_json(self._server, project)
            for project in self._server.projects.values()
            if everything or self._server.role(caller, project) is not None
        ]
        return JsonResponse(shown)

    async def _get(self, request: Request) -> Response:
        project = self._gate.project(request, self._gate.caller(request))
        return JsonResponse(project_json(self._server, project))

    def _display_all(self, request: Request) -> bool:
        text = request.query_params.get("displayAll", "")
        if self._server.minor < _DISPLAY_ALL_SINCE or not text:
            return False
        if text not in _TRUE | _FALSE:
            message = f'wrong query parameter: strconv.ParseBool: parsing "{text}": invalid syntax'
            raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, message)
        return text in _TRUE
