"""The kubeconfigs of clusters.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler and its release branches;
kubermatic/kubermatic 2974df5b pkg/resources/kubeconfig.go; both as of August 2026.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import yaml
from starlette.responses import Response

from tokentui.simulator.kubermatic.cluster_api import (
    ADMIN,
    V1_CLUSTER,
    V2_CLUSTER,
    V2_CREDENTIALS_SINCE,
    VIEWER,
)
from tokentui.simulator.kubermatic.errors import as_page, forbidden, not_found, since
from tokentui.simulator.kubermatic.gate import CLUSTER_WRITERS, refused
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Cluster
    from tokentui.simulator.kubermatic.server import KubermaticServer

_DISABLE_SINCE: Final = 22
_NAMED_CONTEXT_SINCE: Final = 23
_DEFAULT: Final = "default"
_EXTERNAL: Final = "/api/v2/projects/{project}/kubernetes/clusters/{cluster}/kubeconfig"
# The description of 2.21 has external clusters and that of 2.17 has not.
_EXTERNAL_SINCE: Final = 21


class KubeconfigApi:
    """Hands out kubeconfigs with static tokens, by the caller's role, and the stub for OIDC."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        server = self._server
        download = since(server, V2_CREDENTIALS_SINCE, as_page(server, self._download))
        stub = since(server, V2_CREDENTIALS_SINCE, self._stub)
        return [
            route("GET", V1_CLUSTER + "/kubeconfig", self._download),
            route("GET", V2_CLUSTER + "/kubeconfig", download),
            route("GET", V1_CLUSTER + "/oidckubeconfig", self._stub),
            route("GET", V2_CLUSTER + "/oidckubeconfig", stub),
            route("GET", _EXTERNAL, since(server, _EXTERNAL_SINCE, self._uploaded)),
        ]

    async def _download(self, request: Request) -> Response:
        caller, project, cluster = self._gate.cluster(request)
        if self._server.kubeconfig_disabled and self._server.minor >= _DISABLE_SINCE:
            raise forbidden("Admin Kubeconfig feature is disabled by the global settings")
        role = ADMIN if self._gate.has(caller, project, CLUSTER_WRITERS) else VIEWER
        user = cluster.kubeconfig_user or {"token": self._token(cluster, role)}
        return kubeconfig_file(self._server, cluster, role, _DEFAULT, user)

    async def _stub(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        config = {
            "idp-issuer-url": f"{self._server.url}/dex",
            "client-id": cluster.id,
            "client-secret": "invented",
        }
        user = {"auth-provider": {"name": "oidc", "config": config}}
        return kubeconfig_file(self._server, cluster, "oidc", _DEFAULT, user)

    async def _uploaded(self, request: Request) -> Response:
        """Return, unread, what somebody uploaded for a cluster elsewhere."""
        caller = self._gate.caller(request)
        project = self._gate.project(request, caller)
        cluster_id = request.path_params["cluster"]
        if not self._gate.has(caller, project, CLUSTER_WRITERS):
            raise refused(caller, "get", "externalclusters.kubermatic.k8c.io", cluster_id)
        text = self._server.uploaded.get((project.id, cluster_id))
        if text is None:
            raise not_found("externalclusters.kubermatic.k8c.io", cluster_id)
        return _download(text, "external-cluster", cluster_id)

    def _token(self, cluster: Cluster, role: str) -> str:
        served = cluster.served.get(role)
        if served is not None and self._server.is_before(served.until):
            return served.secret
        return cluster.admin_token if role == ADMIN else cluster.viewer_token


def kubeconfig_file(
    server: KubermaticServer,
    cluster: Cluster,
    kind: str,
    user_name: str,
    user: Mapping[str, object],
) -> Response:
    """Return a kubeconfig as a download; `kind` is a part of its file name."""
    server.downloads += 1
    by_id = server.minor >= _NAMED_CONTEXT_SINCE or user_name != _DEFAULT
    context = cluster.id if by_id else _DEFAULT
    authority = base64.b64encode(server.ground.ca_pem.encode("ascii")).decode("ascii")
    endpoint = {"certificate-authority-data": authority, "server": cluster.url}
    content = {
        "apiVersion": "v1",
        "clusters": [{"cluster": endpoint, "name": cluster.id}],
        "contexts": [{"context": {"cluster": cluster.id, "user": user_name}, "name": context}],
        "current-context": context,
        "kind": "Config",
        "preferences": {},
        "users": [{"name": user_name, "user": dict(user)}],
    }
    return _download(yaml.safe_dump(content, width=1_000_000), kind, cluster.id)


def _download(text: str, kind: str, cluster_id: str) -> Response:
    file_name = f"kubeconfig-{quote(kind)}-{quote(cluster_id)}"
    return Response(
        text.encode("ascii"),
        headers={"content-disposition": f"attachment; filename={file_name}"},
        media_type="application/octet-stream",
    )
