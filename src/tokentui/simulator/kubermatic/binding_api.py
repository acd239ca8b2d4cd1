"""The bindings of roles inside a cluster to persons, groups and service accounts.

Source: the functions BindUserToRoleEndpoint and BindUserToClusterRoleEndpoint of KKP's handlers,
read 2026-11-22, and the swagger file of 2.31. The names of the roles, and that unbinding who is not
bound changes nothing, are inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.cluster_account_api import CLUSTER_ACCOUNTS_SINCE, NAMESPACES
from tokentui.simulator.kubermatic.cluster_api import V2_CLUSTER, V2_CREDENTIALS_SINCE
from tokentui.simulator.kubermatic.errors import (
    bad_request,
    json_object,
    not_found,
    since,
    text_field,
)
from tokentui.simulator.kubermatic.gate import CLUSTER_WRITERS
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Cluster
    from tokentui.simulator.kubermatic.server import KubermaticServer

_Subject = dict[str, str]

CLUSTER_ROLES: Final = ("cluster-admin", "edit", "view")
ROLES: Final = ("namespace-admin", "namespace-editor", "namespace-viewer")
_RBAC: Final = "rbac.authorization.k8s.io"
_KIND: Final = "v1.ClusterRoleUser"
_IN_CLUSTER: Final = V2_CLUSTER + "/clusterroles/{role}/clusterbindings"
_IN_NAMESPACE: Final = V2_CLUSTER + "/roles/{namespace}/{role}/bindings"


class BindingApi:
    """Lists, makes and removes bindings."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        endpoints = (
            ("GET", V2_CLUSTER + "/clusterbindings", self._list_of_cluster),
            ("GET", V2_CLUSTER + "/bindings", self._list_of_namespaces),
            ("POST", _IN_CLUSTER, self._bind),
            ("DELETE", _IN_CLUSTER, self._unbind),
            ("POST", _IN_NAMESPACE, self._bind),
            ("DELETE", _IN_NAMESPACE, self._unbind),
        )
        return [
            route(method, path, since(self._server, V2_CREDENTIALS_SINCE, endpoint))
            for method, path, endpoint in endpoints
        ]

    async def _list_of_cluster(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        return JsonResponse([_shown(cluster, place) for place in cluster.bindings if not place[0]])

    async def _list_of_namespaces(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        return JsonResponse([_shown(cluster, place) for place in cluster.bindings if place[0]])

    async def _bind(self, request: Request) -> Response:
        subject, cluster, place = await self._enter(request)
        subjects = cluster.bindings.setdefault(place, [])
        if subject in subjects:
            what = "role" if place[0] else "the cluster role"
            kind = {"User": "user", "Group": "group"}.get(subject["kind"], "service account")
            raise bad_request(f"{kind} {subject['name']} already connected to {what} {place[1]}")
        subjects.append(subject)
        return JsonResponse(_shown(cluster, place))

    async def _unbind(self, request: Request) -> Response:
        subject, cluster, place = await self._enter(request)
        subjects = cluster.bindings.setdefault(place, [])
        subjects[:] = [one for one in subjects if one != subject]
        return JsonResponse(_shown(cluster, place))

    async def _enter(self, request: Request) -> tuple[_Subject, Cluster, tuple[str, str]]:
        """Return who is named, the cluster, and the namespace and role."""
        body = await json_object(request, _KIND)
        fields = {
            name: text_field(body, name, _KIND)
            for name in ("userEmail", "group", "serviceAccount", "serviceAccountNamespace")
        }
        _, _, cluster = self._gate.cluster(request, CLUSTER_WRITERS)
        place = _place(request)
        if self._server.minor < CLUSTER_ACCOUNTS_SINCE:
            fields["serviceAccount"] = ""
        return _subject(fields), cluster, place


def _place(request: Request) -> tuple[str, str]:
    namespace, role = request.path_params.get("namespace", ""), request.path_params["role"]
    if namespace and (namespace not in NAMESPACES or role not in ROLES):
        raise not_found(f"roles.{_RBAC}", role)
    if not namespace and role not in CLUSTER_ROLES:
        raise not_found(f"clusterroles.{_RBAC}", role)
    return namespace, role


def _subject(fields: dict[str, str]) -> _Subject:
    """Return the one subject that the body names."""
    email, group, account = fields["userEmail"], fields["group"], fields["serviceAccount"]
    if sum(map(bool, (email, group, account))) != 1:
        raise bad_request("exactly one of user email, group and service account must be set")
    if account:
        namespace = fields["serviceAccountNamespace"]
        if not namespace:
            raise bad_request("the namespace of the service account must be set")
        return {"kind": "ServiceAccount", "namespace": namespace, "name": account}
    return {"kind": "User" if email else "Group", "apiGroup": _RBAC, "name": email or group}


def _shown(cluster: Cluster, place: tuple[str, str]) -> dict[str, object]:
    namespace, role = place
    shown: dict[str, object] = {"roleRefName": role, "subjects": cluster.bindings[place]}
    return shown | {"namespace": namespace} if namespace else shown
