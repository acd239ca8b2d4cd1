"""What stands behind the kubeconfig and the front-end address of an Edge instance."""

from __future__ import annotations

import html
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount

from tokentui.simulator.kubernetes_api import Cluster, KubernetesApi, KubernetesUser
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.edge_mint import SUBJECT
from tokentui.simulator.stackit.model import ACTIVE
from tokentui.simulator.stackit.world import EDGE_KUBERNETES_PREFIX, EDGE_UI_PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.edge_mint import EdgeMint
    from tokentui.simulator.stackit.world import StackitWorld

_GIT_VERSION = "v1.33.4"
_GROUPS = ("system:serviceaccounts", "system:serviceaccounts:stec", "system:authenticated")
_NAMESPACES = ("default", "kube-system", "stec")
_SERVICE_ACCOUNTS = (("default", "default"), ("stec", "default"), ("stec", "edge-admin"))


class EdgeClusters:
    """The Kubernetes API and the web page of every Edge instance."""

    def __init__(self, world: StackitWorld, mint: EdgeMint) -> None:
        self._world = world
        self._mint = mint

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the TLS listener."""
        api = KubernetesApi(self._cluster, self._user, self._world.text)
        return [
            route("GET", EDGE_UI_PREFIX + "/{instance_id}", self._page),
            Mount(EDGE_KUBERNETES_PREFIX + "/{cluster_id}", api.app()),
        ]

    def _cluster(self, instance_id: str) -> Cluster | None:
        instance = self._world.instance(instance_id)
        if instance is None or instance.status != ACTIVE:
            return None
        text = self._world.text
        return Cluster(instance.created, text(_GIT_VERSION), _NAMESPACES, _SERVICE_ACCOUNTS)

    def _user(self, instance_id: str, token: str) -> KubernetesUser | None:
        if not self._mint.opens(instance_id, token):
            return None
        return KubernetesUser(self._world.text(SUBJECT), _GROUPS)

    async def _page(self, request: Request) -> Response:
        instance = self._world.instance(request.path_params["instance_id"])
        if instance is None:
            return HTMLResponse("<h1>Not found</h1>", HTTPStatus.NOT_FOUND)
        name = html.escape(instance.display_name)
        return HTMLResponse(
            f"<!DOCTYPE html><html lang=en><title>Edge {name}</title><h1>Edge {name}</h1>"
            "<form><label>Cluster Token <input type=password name=token></label></form></html>"
        )
