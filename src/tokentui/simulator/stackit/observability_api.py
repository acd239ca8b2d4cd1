"""The management of Observability instances and their technical users.

Source: STACKIT observability API description v1, read 2026-08-21. 401 and the answer for an
unknown instance are not described: 401 has the form of 403 here, an unknown instance gets 404.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.bodies import object_of
from tokentui.simulator.stackit.observability_errors import (
    DetailError,
    MessageError,
    observability_error_handler,
)
from tokentui.simulator.stackit.observability_wire import (
    created_user_json,
    detail_json,
    row_json,
    user_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.observability_model import ObservabilityInstance, TechnicalUser
    from tokentui.simulator.stackit.world import StackitWorld

_INSTANCES = "/v1/projects/{project_id}/instances"
_INSTANCE = _INSTANCES + "/{instance_id}"
_USERS = _INSTANCE + "/credentials"
_USER = _USERS + "/{username:path}"
_MAX_DESCRIPTION = 1000


class ObservabilityApi:
    """The operations on instances and credentials, one method each."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens

    def app(self) -> Starlette:
        """Return the application to mount at the Observability base URL."""
        return Starlette(
            routes=list(self._routes()),
            exception_handlers={HTTPException: observability_error_handler(self._world)},
        )

    def _routes(self) -> Sequence[BaseRoute]:
        return [
            route("GET", _INSTANCES, self._list),
            route("GET", _INSTANCE, self._get),
            route("GET", _USERS, self._list_users),
            route("POST", _USERS, self._create_user),
            route("GET", _USER, self._get_user),
            route("DELETE", _USER, self._delete_user),
        ]

    async def _list(self, request: Request) -> Response:
        project_id = self._project_id(request, write=False)
        rows = [row_json(one) for one in self._world.observability.of_project(project_id)]
        return self._answer("instances read", {"instances": rows})

    async def _get(self, request: Request) -> Response:
        instance = self._instance(request, write=False)
        return JsonResponse(detail_json(instance, self._world.text("instance read")))

    async def _list_users(self, request: Request) -> Response:
        instance = self._instance(request, write=False)
        users = [user_json(user) for user in instance.users.values()]
        return self._answer("technical users read", {"credentials": users}, HTTPStatus.CREATED)

    async def _create_user(self, request: Request) -> Response:
        instance = self._instance(request, write=True)
        user = instance.add_user(await _description_of(request))
        self._world.made["technical-user"] += 1
        made = {"credentials": created_user_json(user)}
        return self._answer("technical user created", made, HTTPStatus.CREATED)

    async def _get_user(self, request: Request) -> Response:
        _, user = self._user(request, write=False)
        return self._answer("technical user read", user_json(user))

    async def _delete_user(self, request: Request) -> Response:
        instance, user = self._user(request, write=True)
        del instance.users[user.username]
        return self._answer("technical user deleted", {})

    def _project_id(self, request: Request, *, write: bool) -> str:
        caller = self._tokens.caller(request)
        if caller is None:
            raise DetailError(HTTPStatus.UNAUTHORIZED, "Credentials are missing or wrong.")
        project_id: str = request.path_params["project_id"]
        allowed = caller.may_write if write else caller.may_read
        if not allowed or project_id not in self._world.projects:
            raise DetailError(HTTPStatus.FORBIDDEN, "No permission for this action.")
        return project_id

    def _instance(self, request: Request, *, write: bool) -> ObservabilityInstance:
        project_id = self._project_id(request, write=write)
        instance = self._world.observability.get(request.path_params["instance_id"])
        if instance is None or instance.project_id != project_id:
            raise MessageError(HTTPStatus.NOT_FOUND, "Instance not found")
        return instance

    def _user(
        self, request: Request, *, write: bool
    ) -> tuple[ObservabilityInstance, TechnicalUser]:
        instance = self._instance(request, write=write)
        user = instance.users.get(request.path_params["username"])
        if user is None:
            raise MessageError(HTTPStatus.NOT_FOUND, "Technical user not found")
        return instance, user

    def _answer(
        self, message: str, body: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        return JsonResponse({"message": self._world.text(message), **body}, status)


async def _description_of(request: Request) -> str | None:
    body = await object_of(request)
    if body is None:
        raise MessageError(HTTPStatus.BAD_REQUEST, "Body is not a JSON object")
    if "description" not in body:
        return None
    description = body["description"]
    if not isinstance(description, str):
        reason = "must be a text"
    elif not 1 <= len(description) <= _MAX_DESCRIPTION:
        reason = f"must have 1 to {_MAX_DESCRIPTION} characters"
    else:
        return description
    raise MessageError(HTTPStatus.BAD_REQUEST, f"Description {reason}.", ({"description": reason},))
