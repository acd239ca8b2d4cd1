"""The organization, its clusters, and the issuer of their workloads' tokens.

Source: cloudfleetai/cloudfleet-plugin-claude 94912b0 for the verbs, the customer repository
christiaan78/cloudfleet for the issuer; read 2026-08-21.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet import wire
from tokentui.simulator.cloudfleet.dialect import DISCOVERY
from tokentui.simulator.cloudfleet.errors import refusal
from tokentui.simulator.cloudfleet.openid import discovery_json, key_set_json
from tokentui.simulator.cloudfleet.world import PREFIX
from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.cloudfleet.gate import Gate
    from tokentui.simulator.cloudfleet.model import CfkeCluster
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

WORKLOAD_KEYS: Final = "/openid/v1/jwks"
_KEY_NAME: Final = "cloudfleet/workloads"
_KEY_ID: Final = "simulator-workloads"


class ClusterApi:
    """Shows what tokens open."""

    def __init__(self, world: CloudfleetWorld, gate: Gate) -> None:
        self._world = world
        self._gate = gate

    async def organization(self, request: Request) -> Response:
        """Return the organization that the calling token belongs to."""
        self._gate.caller(request)
        return JsonResponse(wire.organization_json(self._world))

    async def list(self, request: Request) -> Response:
        """Return every cluster."""
        self._gate.caller(request)
        items = [wire.cluster_json(self._world, one) for one in self._world.clusters.values()]
        return wire.list_answer(self._world, items)

    async def get(self, request: Request) -> Response:
        """Return one cluster."""
        self._gate.caller(request)
        return JsonResponse(wire.cluster_json(self._world, self._named(request)))

    async def workload_issuer(self, request: Request) -> Response:
        """Return the discovery document of a cluster's workloads, to anyone."""
        self._named(request)
        path = request.url.path.removeprefix(PREFIX).removesuffix(DISCOVERY)
        issuer = self._world.origin(is_tls=request.url.scheme == "https") + path
        return JsonResponse(discovery_json(issuer, issuer + WORKLOAD_KEYS))

    async def workload_keys(self, request: Request) -> Response:
        """Return the public key of the workloads' tokens, to anyone."""
        self._named(request)
        key = self._world.ground.keys.get(_KEY_NAME).public_key()
        return JsonResponse(key_set_json(key, _KEY_ID))

    def _named(self, request: Request) -> CfkeCluster:
        cluster = self._world.clusters.get(request.path_params["cluster_id"])
        if cluster is None:
            raise refusal(HTTPStatus.NOT_FOUND, "Cluster not found")
        return cluster
