"""Projects and organizations, read only.

Source: STACKIT resource-manager API description v2 and stackit-resourcemanager 0.11.1, read
2026-08-21. Members see what they may read; asking for someone else's memberships is refused. What
an unknown parent and a missing token answer is not described: 403 and 401 in the form of the rest.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.bodies import instant_of
from tokentui.simulator.stackit.flat_errors import FlatError, error_handler
from tokentui.simulator.stackit.resource_tree import ResourceTree
from tokentui.simulator.stackit.world import RESOURCE_MANAGER_PREFIX

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.model import Identity, Project
    from tokentui.simulator.stackit.world import StackitWorld

_DEFAULT_LIMIT, _MAX_LIMIT = 50, 100


class ResourceManagerApi:
    """The operations that list and read, one method each."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens
        self._tree = ResourceTree(world)

    def app(self) -> Starlette:
        """Return the application to mount at the resource manager's base URL."""
        return Starlette(
            routes=[
                route("GET", "/v2/projects", self._list_projects),
                route("GET", "/v2/projects/{id}", self._get_project),
                route("GET", "/v2/organizations", self._list_organizations),
            ],
            exception_handlers={HTTPException: error_handler(self._world, RESOURCE_MANAGER_PREFIX)},
        )

    async def _list_projects(self, request: Request) -> Response:
        caller = self._caller(request)
        query = request.query_params
        if not {"containerParentId", "containerIds", "member"} & set(query):
            raise _bad_request("containerParentId, containerIds or member")
        self._refuse_others(request, caller)
        projects = list(self._world.projects.values()) if caller.may_read else []
        if "containerParentId" in query:
            parent = query["containerParentId"]
            if not self._tree.has_container(parent):
                raise _forbidden()
            projects = [p for p in projects if self._tree.is_child(p, parent)]
        if "containerIds" in query:
            wanted = set(query.getlist("containerIds"))
            projects = [p for p in projects if wanted & set(self._tree.ids_of(p))]
        since = _since(request)
        if since is not None and self._tree.created < since:
            projects = []
        return _page(request, [self._tree.project_json(project) for project in projects])

    async def _get_project(self, request: Request) -> Response:
        caller = self._caller(request)
        project = self._project(request.path_params["id"])
        if not caller.may_read:
            raise _forbidden()
        shown = self._tree.project_json(project)
        if request.query_params.get("includeParents", "false").lower() == "true":
            shown["parents"] = self._tree.parents_json(project)
        return JsonResponse(shown)

    async def _list_organizations(self, request: Request) -> Response:
        caller = self._caller(request)
        self._refuse_others(request, caller)
        wanted = set(request.query_params.getlist("containerIds"))
        since = _since(request)
        visible = (
            caller.may_read
            and (not wanted or bool(wanted & set(self._tree.organization_ids)))
            and (since is None or since <= self._tree.created)
        )
        return _page(request, [self._tree.organization_json()] if visible else [])

    def _caller(self, request: Request) -> Identity:
        caller = self._tokens.caller(request)
        if caller is None:
            raise FlatError(HTTPStatus.UNAUTHORIZED, "The request is not authorised.")
        return caller

    def _refuse_others(self, request: Request, caller: Identity) -> None:
        member = request.query_params.get("member")
        if member not in (None, caller.email, caller.email_claim):
            raise _forbidden()

    def _project(self, wanted: str) -> Project:
        for project in self._world.projects.values():
            if wanted in self._tree.ids_of(project):
                return project
        raise FlatError(HTTPStatus.NOT_FOUND, "project not found.")


def _page(request: Request, items: list[dict[str, object]]) -> Response:
    offset = _count(request, "offset", 0)
    limit = min(_count(request, "limit", _DEFAULT_LIMIT), _MAX_LIMIT)
    body = {"items": items[offset : offset + limit], "offset": offset, "limit": limit}
    return JsonResponse(body)


def _count(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        value = int(float(text))
    except (ValueError, OverflowError):
        raise _bad_request(name) from None
    if value < 0:
        raise _bad_request(name)
    return value


def _since(request: Request) -> datetime | None:
    text = request.query_params.get("creation-time-start")
    if text is None:
        return None
    since = instant_of(text)
    if since is None:
        raise _bad_request("creation-time-start")
    return since


def _bad_request(name: str) -> FlatError:
    return FlatError(HTTPStatus.BAD_REQUEST, f"Validation of {name} failed.")


def _forbidden() -> FlatError:
    return FlatError(HTTPStatus.FORBIDDEN, "Access to this resource is forbidden.")
