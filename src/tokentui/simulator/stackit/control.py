"""The share of the control endpoint that shows and changes Edge instances and settings."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.edge_wire import instance_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.model import EdgeInstance
    from tokentui.simulator.stackit.world import StackitWorld

_FIELDS = {
    "status": "status",
    "displayName": "display_name",
    "description": "description",
    "frontendUrl": "frontend_url",
    "planId": "plan_id",
}

_SETTINGS = frozenset({"access_token_life_s", "legacy_tokens"})


def instance_control(world: StackitWorld) -> Sequence[BaseRoute]:
    """Return the routes for instances, with the field names of the API, and for settings."""

    async def show(request: Request) -> Response:
        del request
        return JsonResponse([_shown(one) for one in world.instances()])

    async def change(request: Request) -> Response:
        instance = world.instance(request.path_params["instance_id"])
        if instance is None:
            return JsonResponse({"error": "no such instance"}, HTTPStatus.NOT_FOUND)
        try:
            set_instance_fields(instance, json.loads(await request.body()))
        except (ValueError, TypeError, AttributeError) as error:
            return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JsonResponse(_shown(instance))

    async def change_settings(request: Request) -> Response:
        try:
            changed = set_settings(world, json.loads(await request.body()))
        except (ValueError, TypeError, AttributeError) as error:
            return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JsonResponse(changed)

    return [
        route("POST", "/settings", change_settings),
        route("GET", "/instances", show),
        route("PATCH", "/instances/{instance_id}", change),
    ]


def set_instance_fields(instance: EdgeInstance, fields: dict[str, str]) -> None:
    """Set fields by their names in the API; a set status no longer changes by itself."""
    unknown = set(fields) - set(_FIELDS)
    if unknown:
        message = f"Unknown fields: {', '.join(sorted(unknown))}; known: {', '.join(_FIELDS)}."
        raise ValueError(message)
    for name, value in fields.items():
        setattr(instance, _FIELDS[name], value)
    if "status" in fields:
        instance.ready_at = instance.gone_at = None


def set_settings(world: StackitWorld, settings: dict[str, object]) -> dict[str, object]:
    """Set what is named and return it; raises ValueError and TypeError."""
    unknown = set(settings) - _SETTINGS
    if unknown or not settings:
        message = f"Give some of {', '.join(sorted(_SETTINGS))}."
        raise ValueError(message)
    if "access_token_life_s" in settings:
        world.access_token_life = timedelta(seconds=float(str(settings["access_token_life_s"])))
    if "legacy_tokens" in settings:
        world.accounts.legacy_on = settings["legacy_tokens"] is True
    return dict(settings)


def _shown(instance: EdgeInstance) -> dict[str, object]:
    place = {"projectId": instance.project_id, "region": instance.region}
    return instance_json(instance) | place
