"""The share of the control endpoint that shows and changes accounts, keys and Observability."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.account_wire import account_json, key_json
from tokentui.simulator.stackit.bodies import instant_of, object_of
from tokentui.simulator.stackit.model import Project
from tokentui.simulator.stackit.observability_wire import row_json, user_json
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.model import Identity
    from tokentui.simulator.stackit.observability_model import ObservabilityInstance
    from tokentui.simulator.stackit.workload_tokens import WorkloadTokens
    from tokentui.simulator.stackit.world import StackitWorld

_INSTANCE_FIELDS = {
    "id": "listed_id",
    "name": "name",
    "planName": "plan_name",
    "serviceName": "service_name",
    "status": "status",
    "error": "error",
    "grafanaAdminPassword": "admin_password",
}
_ACCOUNT_FIELDS = {"mayRead": "may_read", "mayWrite": "may_write", "internal": "internal"}
_KEY_FIELDS = {"active": "active", "keyType": "key_type", "validUntil": "valid_until"}
_TOKEN_LIFE_S = 3600


class CredentialControl:
    """One method a route; fields have the names of the APIs."""

    def __init__(self, world: StackitWorld, workloads: WorkloadTokens) -> None:
        self._world = world
        self._workloads = workloads

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the system's control prefix."""
        return [
            route("GET", "/observability", self._show_instances),
            route("PATCH", "/observability/{id:path}", self._change_instance),
            route("GET", "/accounts", self._show_accounts),
            route("PATCH", "/accounts/{email:path}", self._change_account),
            route("PATCH", "/keys/{id:path}", self._change_key),
            route("POST", "/workload-tokens", self._make_workload_token),
            route("POST", "/projects", self._add_project),
        ]

    async def _show_instances(self, request: Request) -> Response:
        del request
        return JsonResponse([_instance_shown(one) for one in self._world.observability.all()])

    async def _change_instance(self, request: Request) -> Response:
        instance = self._world.observability.get(request.path_params["id"])
        if instance is None:
            raise _unknown("instance")
        _set(instance, _INSTANCE_FIELDS, await _body(request))
        return JsonResponse(_instance_shown(instance))

    async def _show_accounts(self, request: Request) -> Response:
        del request
        return JsonResponse([self._account_shown(one) for one in self._world.accounts.all()])

    async def _change_account(self, request: Request) -> Response:
        account = self._world.accounts.named(request.path_params["email"])
        if account is None:
            raise _unknown("account")
        _set(account, _ACCOUNT_FIELDS, await _body(request))
        return JsonResponse(self._account_shown(account))

    async def _change_key(self, request: Request) -> Response:
        key = self._world.accounts.keys.get(request.path_params["id"])
        if key is None:
            raise _unknown("key")
        fields = await _body(request)
        if fields.get("validUntil") is not None:
            fields["validUntil"] = instant_of(fields["validUntil"])
            if fields["validUntil"] is None:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "validUntil must be RFC 3339")
        _set(key, _KEY_FIELDS, fields)
        return JsonResponse(key_json(key))

    async def _make_workload_token(self, request: Request) -> Response:
        body = await _body(request)
        account = self._world.accounts.named(str(body.get("email")))
        if account is None:
            raise _unknown("account")
        life = body.get("life_s", _TOKEN_LIFE_S)
        if isinstance(life, bool) or not isinstance(life, int | float):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "life_s must be a number")
        token = self._workloads.sign(account, timedelta(seconds=life))
        return JsonResponse({"token": token}, HTTPStatus.CREATED)

    async def _add_project(self, request: Request) -> Response:
        name = (await _body(request)).get("name")
        if not isinstance(name, str):
            raise HTTPException(HTTPStatus.BAD_REQUEST, "give name")
        project = Project(uuid_of(f"project/{name}"), name)
        self._world.projects[project.id] = project
        return JsonResponse({"id": project.id, "name": name}, HTTPStatus.CREATED)

    def _account_shown(self, account: Identity) -> dict[str, object]:
        rights = {"mayRead": account.may_read, "mayWrite": account.may_write}
        keys = [key_json(key) for key in self._world.accounts.keys_of(account)]
        return account_json(account) | rights | {"keys": keys}


def _instance_shown(instance: ObservabilityInstance) -> dict[str, object]:
    users = [user_json(user) for user in instance.users.values()]
    return row_json(instance) | {"projectId": instance.project_id, "users": users}


def _set(target: object, known: dict[str, str], fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(known)
    if unknown:
        message = f"unknown fields: {', '.join(sorted(unknown))}; known: {', '.join(known)}"
        raise HTTPException(HTTPStatus.BAD_REQUEST, message)
    for name, value in fields.items():
        setattr(target, known[name], value)


def _unknown(what: str) -> HTTPException:
    return HTTPException(HTTPStatus.NOT_FOUND, f"no such {what}")


async def _body(request: Request) -> dict[str, Any]:
    body = await object_of(request)
    if body is None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "the body must be a JSON object")
    return body
