"""The share of the control endpoint that shows clusters and sets their switches.

| request | meaning |
| --- | --- |
| GET /kubernetes/clusters | id, url, tokens made and switches of every cluster |
| PATCH /kubernetes/clusters/{id} | sets switches by name |

Switches: `version` (like `v1.20.2`), `max_token_seconds` (null: no maximum), `auth_cache_seconds`,
`controller_delay_seconds`, `anonymous`, `expire_continues`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.cluster import minor_of
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.kubernetes.world import KubernetesWorld


def cluster_control(world: KubernetesWorld) -> Sequence[BaseRoute]:
    """Return the routes below the system's name."""

    async def show(request: Request) -> Response:
        del request
        return JsonResponse([_shown(cluster) for cluster in world.clusters.values()])

    async def change(request: Request) -> Response:
        cluster = world.clusters.get(request.path_params["id"])
        if cluster is None:
            return JsonResponse({"error": "no such cluster"}, HTTPStatus.NOT_FOUND)
        try:
            set_switches(cluster, json.loads(await request.body()))
        except (ValueError, TypeError, AttributeError) as error:
            return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JsonResponse(_shown(cluster))

    return [route("GET", "/clusters", show), route("PATCH", "/clusters/{id}", change)]


def set_switches(cluster: KubernetesCluster, switches: Mapping[str, object]) -> None:
    """Set switches by name, all or none; raises ValueError if one is unknown or unfit."""
    unknown = set(switches) - set(_READERS)
    if unknown:
        message = f"Unknown switches: {', '.join(sorted(unknown))}; known: {', '.join(_READERS)}."
        raise ValueError(message)
    values = {name: _READERS[name](value) for name, value in switches.items()}
    for name, value in values.items():
        if name == "version":
            cluster.version = str(value)
        elif name == "controller_delay_seconds":
            cluster.controllers.delay = timedelta(seconds=float(str(value)))
        else:
            setattr(cluster.switches, name, value)


def _version(value: object) -> str:
    minor_of(str(value))
    return str(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - as for other values
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError("must be a number of seconds")
    return value


def _maximum(value: object) -> int | None:
    return None if value is None else int(_seconds(value))


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "version": _version,
    "max_token_seconds": _maximum,
    "auth_cache_seconds": _seconds,
    "controller_delay_seconds": _seconds,
    "anonymous": _flag,
    "expire_continues": _flag,
}


def _shown(cluster: KubernetesCluster) -> dict[str, object]:
    return {
        "id": cluster.id,
        "url": cluster.url,
        "mints": cluster.mints(),
        "version": cluster.version,
        "controller_delay_seconds": cluster.controllers.delay.total_seconds(),
        "max_token_seconds": cluster.switches.max_token_seconds,
        "auth_cache_seconds": cluster.switches.auth_cache_seconds,
        "anonymous": cluster.switches.anonymous,
        "expire_continues": cluster.switches.expire_continues,
    }
