"""The Edge Cloud API.

Source: STACKIT edge API description v1beta1, read 2026-08-21; the form of names follows
stackit-cli v0.70.0.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.edge_errors import EdgeError, edge_error_handler
from tokentui.simulator.stackit.edge_gate import EdgeGate, json_object
from tokentui.simulator.stackit.edge_mint import EdgeMint, expiration_of
from tokentui.simulator.stackit.edge_wire import instance_json, plan_json
from tokentui.simulator.stackit.model import ACTIVE, DELETING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.model import EdgeInstance, Mint, MintKind
    from tokentui.simulator.stackit.world import StackitWorld

_PROJECT = "/v1beta1/projects/{project_id}"
_INSTANCES = _PROJECT + "/regions/{region_id}/instances"
_ADDRESSES = (
    _INSTANCES + "/{instance_id}",
    _PROJECT + "/regions/{region_id}/instancesbyname/{display_name}",
)
_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_MIN_NAME, _MAX_NAME, _MAX_DESCRIPTION = 4, 8, 256

_KUBERNETES_RELEASES = {
    "v1.10.7": ["v1.32.0", "v1.32.8", "v1.33.0", "v1.33.4"],
    "v1.11.0": ["v1.33.0", "v1.33.4", "v1.34.0"],
}


class EdgeApi:
    """The operations of the description, one method each."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens, mint: EdgeMint) -> None:
        self._world = world
        self._gate = EdgeGate(world, tokens)
        self._mint = mint

    def app(self) -> Starlette:
        """Return the application to mount at the Edge base URL."""
        return Starlette(
            routes=list(self._routes()),
            exception_handlers={HTTPException: edge_error_handler(self._world)},
        )

    def _routes(self) -> Sequence[BaseRoute]:
        routes = [
            route("GET", "/v1beta1/listcompatiblekubernetesreleases", self._releases),
            route("GET", _PROJECT + "/plans", self._plans),
            route("GET", _INSTANCES, self._list),
            route("POST", _INSTANCES, self._create),
        ]
        for address in _ADDRESSES:
            routes += [
                route("GET", address, self._get),
                route("PUT", address, self._update),
                route("DELETE", address, self._delete),
                route("GET", address + "/token", self._token),
                route("GET", address + "/kubeconfig", self._kubeconfig),
            ]
        return routes

    async def _releases(self, request: Request) -> Response:
        talos = request.query_params.get("talosVersion")
        if not talos:
            raise EdgeError(HTTPStatus.BAD_REQUEST, "talosVersion is required")
        releases = _KUBERNETES_RELEASES.get("v" + talos.removeprefix("v"))
        if releases is None:
            raise EdgeError(HTTPStatus.NOT_FOUND, "Talos release not found")
        return JsonResponse({"k8s_releases": [self._world.text(one) for one in releases]})

    async def _plans(self, request: Request) -> Response:
        self._gate.identity(request)
        self._gate.project(request)
        return JsonResponse({"validPlans": [plan_json(p) for p in self._world.plans.values()]})

    async def _list(self, request: Request) -> Response:
        self._gate.reader(request)
        project, region = self._gate.place(request)
        instances = self._world.instances(project.id, region)
        return JsonResponse({"instances": [instance_json(one) for one in instances]})

    async def _get(self, request: Request) -> Response:
        self._gate.reader(request)
        return JsonResponse(instance_json(self._gate.instance(request)))

    async def _create(self, request: Request) -> Response:
        self._gate.writer(request)
        project, region = self._gate.place(request)
        body = await json_object(request)
        name = body.get("displayName")
        if not isinstance(name, str) or not _is_name(name):
            raise EdgeError(
                HTTPStatus.BAD_REQUEST, "displayName must be a host name of 4 to 8 characters"
            )
        plan_id = self._plan_id(body.get("planId"))
        description = _description(body.get("description"))
        if any(one.display_name == name for one in self._world.instances(project.id)):
            raise EdgeError(HTTPStatus.CONFLICT, "An instance of that name exists")
        made = self._world.create_instance(project.id, region, name, plan_id, description)
        return JsonResponse(instance_json(made), HTTPStatus.CREATED)

    async def _update(self, request: Request) -> Response:
        self._gate.writer(request)
        instance = self._changeable(request)
        body = await json_object(request)
        if "planId" in body:
            instance.plan_id = self._plan_id(body["planId"])
        if "description" in body:
            instance.description = _description(body["description"])
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _delete(self, request: Request) -> Response:
        self._gate.writer(request)
        self._world.delete_instance(self._changeable(request))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _token(self, request: Request) -> Response:
        _, mint = self._minted(request, "token")
        return JsonResponse({"token": mint.token})

    async def _kubeconfig(self, request: Request) -> Response:
        instance, mint = self._minted(request, "kubeconfig")
        return JsonResponse({"kubeconfig": self._mint.kubeconfig(instance, mint)})

    def _minted(self, request: Request, kind: MintKind) -> tuple[EdgeInstance, Mint]:
        identity = self._gate.writer(request)
        life = expiration_of(request)
        instance = self._gate.instance(request)
        if instance.status != ACTIVE:
            raise EdgeError(HTTPStatus.NOT_FOUND, "Instance not found or not ready")
        return instance, self._mint.make(instance, identity, life, kind)

    def _changeable(self, request: Request) -> EdgeInstance:
        instance = self._gate.instance(request)
        if instance.status == DELETING:
            raise EdgeError(HTTPStatus.CONFLICT, "Instance is being deleted")
        return instance

    def _plan_id(self, value: object) -> str:
        if not isinstance(value, str) or value not in self._world.plans:
            raise EdgeError(HTTPStatus.BAD_REQUEST, "planId is not a valid plan")
        return value


def _is_name(text: str) -> bool:
    return _MIN_NAME <= len(text) <= _MAX_NAME and _NAME.fullmatch(text) is not None


def _description(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _MAX_DESCRIPTION:
        raise EdgeError(
            HTTPStatus.BAD_REQUEST, "description must be a text of at most 256 characters"
        )
    return value
