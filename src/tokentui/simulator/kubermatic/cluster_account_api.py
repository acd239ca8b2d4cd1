"""The service accounts inside a cluster, since 2.22.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler, as of August 2026. That viewers may
only look, and read no secret, is inferred from Kubernetes' role `view`.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import jwt

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.cluster_api import V2_CLUSTER
from tokentui.simulator.kubermatic.errors import (
    ApiError,
    already_exists,
    bad_request,
    forbidden,
    json_object,
    not_found,
    since,
    text_field,
)
from tokentui.simulator.kubermatic.gate import CLUSTER_WRITERS
from tokentui.simulator.kubermatic.kubeconfig_api import kubeconfig_file
from tokentui.simulator.kubermatic.model import ClusterAccount
from tokentui.simulator.kubermatic.wire import cluster_account_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Cluster
    from tokentui.simulator.kubermatic.server import KubermaticServer

CLUSTER_ACCOUNTS_SINCE: Final = 22
NAMESPACES: Final = ("default", "kube-public", "kube-system", "cicd")
_KIND: Final = "v2.ClusterServiceAccount"
_ACCOUNTS: Final = V2_CLUSTER + "/serviceaccount"
_ACCOUNT: Final = _ACCOUNTS + "/{namespace}/{name}"
_DNS_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_SIGNING_KEY: Final = "kubermatic/clusters"
_ISSUER: Final = "kubernetes/serviceaccount"


class ClusterAccountApi:
    """Lists, makes and deletes service accounts and hands out their kubeconfigs."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        endpoints = (
            ("GET", _ACCOUNTS, self._list),
            ("POST", _ACCOUNTS, self._create),
            ("DELETE", _ACCOUNT, self._delete),
            ("GET", _ACCOUNT + "/kubeconfig", self._kubeconfig),
            ("GET", _ACCOUNT + "/permissions", self._permissions),
        )
        return [
            route(method, path, since(self._server, CLUSTER_ACCOUNTS_SINCE, endpoint))
            for method, path, endpoint in endpoints
        ]

    async def _list(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        managed = [one for one in cluster.accounts.values() if one.managed]
        return JsonResponse([cluster_account_json(one) for one in managed])

    async def _create(self, request: Request) -> Response:
        body = await json_object(request, _KIND)
        name, namespace = (text_field(body, field, _KIND) for field in ("name", "namespace"))
        _, _, cluster = self._gate.cluster(request, CLUSTER_WRITERS)
        if not name or not namespace:
            raise bad_request("the name and namespace cannot be empty")
        if namespace not in NAMESPACES:
            raise not_found("namespaces", namespace)
        if not _DNS_NAME.fullmatch(name):
            message = f'ServiceAccount "{name}" is invalid: metadata.name: Invalid value'
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, message)
        if (namespace, name) in cluster.accounts:
            raise already_exists("serviceaccounts", name)
        account = new_cluster_account(self._server, cluster, namespace, name)
        cluster.accounts[namespace, name] = account
        return JsonResponse(cluster_account_json(account), HTTPStatus.CREATED)

    async def _delete(self, request: Request) -> Response:
        """Delete an account with its secret and the bindings that name it."""
        _, _, cluster = self._gate.cluster(request, CLUSTER_WRITERS)
        account = _managed(request, cluster)
        del cluster.accounts[account.namespace, account.name]
        for subjects in cluster.bindings.values():
            subjects[:] = [one for one in subjects if not names(one, account)]
        return JsonResponse({})

    async def _kubeconfig(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request, CLUSTER_WRITERS)
        account = _known(request, cluster)
        if self._server.is_before(account.secret_at):
            raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "service account has no secret")
        kind, user = f"sa-{account.name}", {"token": account.secret}
        return kubeconfig_file(self._server, cluster, kind, kind, user)

    async def _permissions(self, request: Request) -> Response:
        _, _, cluster = self._gate.cluster(request)
        account = _managed(request, cluster)
        bound = [
            place
            for place, subjects in cluster.bindings.items()
            if any(names(one, account) for one in subjects)
        ]
        return JsonResponse([_permission(namespace, role) for namespace, role in bound])


def new_cluster_account(
    server: KubermaticServer, cluster: Cluster, namespace: str, name: str, *, managed: bool = True
) -> ClusterAccount:
    """Return a service account with a token that never ends."""
    claims = {
        "iss": _ISSUER,
        "sub": f"system:serviceaccount:{namespace}:{name}",
        f"{_ISSUER}/namespace": namespace,
        f"{_ISSUER}/service-account.name": name,
        f"{_ISSUER}/secret.name": f"sa-{name}-{len(cluster.accounts):05d}",
        f"{_ISSUER}/cluster": cluster.id,
        f"{_ISSUER}/made": server.ground.clock.now().isoformat(),
    }
    secret = jwt.encode(claims, server.ground.keys.get(_SIGNING_KEY), algorithm="RS256")
    ready = server.after(server.secret_seconds)
    return ClusterAccount(namespace, name, server.now(), secret, ready, managed)


def names(subject: dict[str, str], account: ClusterAccount) -> bool:
    """Whether a subject of a binding is this account."""
    wanted = {"kind": "ServiceAccount", "namespace": account.namespace, "name": account.name}
    return subject == wanted


def _known(request: Request, cluster: Cluster) -> ClusterAccount:
    namespace, name = request.path_params["namespace"], request.path_params["name"]
    account = cluster.accounts.get((namespace, name))
    if account is None:
        raise not_found("serviceaccounts", name)
    return account


def _managed(request: Request, cluster: Cluster) -> ClusterAccount:
    account = _known(request, cluster)
    if not account.managed:
        raise forbidden(f"{account.namespace}/{account.name} is not a cluster service account")
    return account


def _permission(namespace: str, role: str) -> dict[str, str]:
    if not namespace:
        return {"scope": "Cluster", "roleRefName": role}
    return {"scope": "Namespace", "namespace": namespace, "roleRefName": role}
