"""Subjects and their permissions.

Source: StackVista/stackstate-openapi 4d7c254 spec/subject.yaml and permissions.yaml, read
2026-08-21. That only subjects of the server itself can be edited is from the page "Permissions" of
rancher/stackstate-product-docs 5975d81.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackstate.errors import ApiError, json_object, text_field
from tokentui.simulator.stackstate.model import SubjectSource
from tokentui.simulator.stackstate.wire import subject_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.gate import Gate
    from tokentui.simulator.stackstate.world import StackstateServer

_SUBJECTS = "/security/subjects"
_PERMISSIONS = "/security/permissions"
_HANDLE = "/{handle:path}"  # the handle of a cluster's group holds slashes


class SubjectApi:
    """Lists, makes and removes subjects, and grants them permissions."""

    def __init__(self, server: StackstateServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the API's path."""
        return [
            route("GET", _SUBJECTS, self._list),
            route("PUT", _SUBJECTS + _HANDLE, self._create),
            route("DELETE", _SUBJECTS + _HANDLE, self._remove),
            route("GET", _PERMISSIONS + "/list", self._list_permissions),
            route("GET", _PERMISSIONS + _HANDLE, self._describe),
            route("POST", _PERMISSIONS + _HANDLE, self._grant),
            route("DELETE", _PERMISSIONS + _HANDLE, self._revoke),
        ]

    async def _list(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.read_permissions)
        return JsonResponse([subject_json(one) for one in self._server.subjects.all()])

    async def _create(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.update_permissions)
        await json_object(request)
        handle = request.path_params["handle"]
        sources = self._server.subjects.sources(handle)
        create_only = request.query_params.get("createOnly", "").lower() == "true"
        if sources and (create_only or SubjectSource.OBSERVABILITY not in sources):
            raise ApiError(HTTPStatus.BAD_REQUEST, f"Subject {handle} exists already")
        self._server.subjects.make(handle)
        return Response(status_code=HTTPStatus.OK)

    async def _remove(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.update_permissions)
        handle = request.path_params["handle"]
        if not self._server.subjects.remove(handle):
            raise ApiError(HTTPStatus.NOT_FOUND, f"Subject {handle} does not exist")
        return Response(status_code=HTTPStatus.OK)

    async def _list_permissions(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.read_permissions)
        names = [self._server.text(name) for name in self._server.rights.names]
        return JsonResponse({"permissions": names})

    async def _describe(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.read_permissions)
        handle = request.path_params["handle"]
        sources = self._sources(handle)
        shown: dict[str, object] = {"subjectHandle": handle}
        if not self._server.is_old:
            shown["fromSources"] = [source.value for source in sources]
        granted = self._server.subjects.grants(handle)
        shown["permissions"] = {
            resource: sorted(permissions) for resource, permissions in granted.items()
        }
        return JsonResponse(shown)

    async def _grant(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.update_permissions)
        body = await json_object(request)
        permission = text_field(body, "permission")
        resource = text_field(body, "resourceName")
        handle = request.path_params["handle"]
        if SubjectSource.OBSERVABILITY not in self._sources(handle):
            raise ApiError(HTTPStatus.BAD_REQUEST, f"Subject {handle} cannot be edited")
        if permission not in self._server.rights.names:
            raise ApiError(HTTPStatus.BAD_REQUEST, f"Permission {permission} does not exist")
        self._server.subjects.grant(handle, permission, resource)
        return Response(status_code=HTTPStatus.OK)

    async def _revoke(self, request: Request) -> Response:
        self._gate.allowed(request, self._server.rights.update_permissions)
        handle = request.path_params["handle"]
        if SubjectSource.OBSERVABILITY not in self._sources(handle):
            raise ApiError(HTTPStatus.BAD_REQUEST, f"Subject {handle} cannot be edited")
        query = request.query_params
        self._server.subjects.revoke(handle, query.get("permission"), query.get("resource"))
        return Response(status_code=HTTPStatus.OK)

    def _sources(self, handle: str) -> list[SubjectSource]:
        sources = self._server.subjects.sources(handle)
        if not sources:
            raise ApiError(HTTPStatus.NOT_FOUND, f"Subject {handle} does not exist")
        return sources
