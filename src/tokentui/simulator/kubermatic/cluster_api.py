"""The clusters of a project and the revocation of their static tokens.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler and provider/kubernetes/cluster.go,
as of August 2026.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.errors import since
from tokentui.simulator.kubermatic.model import Served, new_static_token
from tokentui.simulator.kubermatic.wire import cluster_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Project
    from tokentui.simulator.kubermatic.server import KubermaticServer

ADMIN: Final = "admin"
VIEWER: Final = "viewer"

V1_CLUSTER: Final = "/api/v1/projects/{project}/dc/{dc}/clusters/{cluster}"
V2_CLUSTERS: Final = "/api/v2/projects/{project}/clusters"
V2_CLUSTER: Final = V2_CLUSTERS + "/{cluster}"

V2_LIST_SINCE: Final = 15
V2_CREDENTIALS_SINCE: Final = 16
_OBJECT_SINCE: Final = 23
_SEED_ERROR: Final = "Failed to fetch data for one or more seeds. Please contact an administrator."


class ClusterApi:
    """Lists clusters and replaces their static tokens."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        server = self._server
        return [
            route("GET", "/api/v1/projects/{project}/clusters", self._list_v1),
            route("GET", V2_CLUSTERS, since(server, V2_LIST_SINCE, self._list_v2)),
            route("GET", V2_CLUSTER, since(server, V2_LIST_SINCE, self._get)),
            route("PUT", V1_CLUSTER + "/token", self._revoke_admin),
            route("PUT", V1_CLUSTER + "/viewertoken", self._revoke_viewer),
            route(
                "PUT",
                V2_CLUSTER + "/token",
                since(server, V2_CREDENTIALS_SINCE, self._revoke_admin),
            ),
            route(
                "PUT",
                V2_CLUSTER + "/viewertoken",
                since(server, V2_CREDENTIALS_SINCE, self._revoke_viewer),
            ),
        ]

    async def _list_v1(self, request: Request) -> Response:
        project = self._gate.project(request, self._gate.caller(request))
        return JsonResponse(self._clusters(project, with_count=False))

    async def _list_v2(self, request: Request) -> Response:
        project = self._gate.project(request, self._gate.caller(request))
        with_count = request.query_params.get("show_dm_count") == "true"
        clusters = self._clusters(project, with_count=with_count)
        if self._server.minor < _OBJECT_SINCE:
            return JsonResponse(clusters)
        shown: dict[str, object] = {"clusters": clusters}
        if self._server.dead_seed:
            shown["errorMessage"] = self._server.text(_SEED_ERROR)
        return JsonResponse(shown)

    async def _get(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        return JsonResponse(cluster_json(self._server, cluster))

    async def _revoke_admin(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        until = self._server.after(self._server.stale_seconds)
        cluster.served[ADMIN] = Served(cluster.admin_token, until)
        cluster.admin_token = new_static_token()
        return JsonResponse({})

    async def _revoke_viewer(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        until = self._server.after(self._server.stale_seconds)
        cluster.served[VIEWER] = Served(cluster.viewer_token, until)
        cluster.viewer_token = new_static_token()
        return JsonResponse({})

    def _clusters(self, project: Project, *, with_count: bool) -> list[dict[str, object]]:
        return [
            cluster_json(self._server, cluster, with_count=with_count)
            for cluster in self._server.clusters_of(project.id)
        ]
