"""A small Kubernetes API server, for the clusters whose kubeconfigs the systems hand out.

It answers what `kubectl` needs for `get --raw /version`, `get namespaces`, `get serviceaccounts`
and `auth whoami`. kubectl 1.32.4 leaves a path prefix out of `get --raw`, 1.37.1 keeps it
(measured). Source: Kubernetes API reference v1.33, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from tokentui.simulator import kubernetes_wire as wire
from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class KubernetesUser:
    """Who a token belongs to."""

    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster as its API shows it; service accounts are (namespace, name)."""

    created: datetime
    git_version: str
    namespaces: tuple[str, ...]
    service_accounts: tuple[tuple[str, str], ...]


class KubernetesApi:
    """The API below a path prefix that holds the parameter `cluster_id`.

    `find` returns a cluster by its id, `authenticate` the user of a token for it; both return
    None for what they do not know. `text` touches the messages of refusals.
    """

    def __init__(
        self,
        find: Callable[[str], Cluster | None],
        authenticate: Callable[[str, str], KubernetesUser | None],
        text: Callable[[str], str],
    ) -> None:
        self._find = find
        self._authenticate = authenticate
        self._text = text

    def app(self) -> Starlette:
        """Return the application to mount at the prefix."""
        return Starlette(
            routes=list(self._routes()), exception_handlers={HTTPException: self._refuse}
        )

    def _routes(self) -> Sequence[BaseRoute]:
        return [
            route("GET", "/version", self._version),
            *(route("GET", path, self._health) for path in ("/healthz", "/livez", "/readyz")),
            route("GET", "/api", self._api_versions),
            route("GET", "/api/v1", self._core_resources),
            route("GET", "/apis", self._api_groups),
            route("GET", "/apis/authentication.k8s.io/v1", self._authentication_resources),
            route("POST", wire.SELF_SUBJECT_REVIEWS, self._self_subject_review),
            route("GET", "/api/v1/namespaces", self._namespaces),
            route("GET", "/api/v1/namespaces/{namespace}", self._namespace),
            route("GET", "/api/v1/serviceaccounts", self._service_accounts),
            route("GET", "/api/v1/namespaces/{namespace}/serviceaccounts", self._service_accounts),
        ]

    def _enter(self, request: Request) -> tuple[Cluster, KubernetesUser]:
        cluster_id = request.path_params["cluster_id"]
        cluster = self._find(cluster_id)
        if cluster is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "the server could not find the resource")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        user = self._authenticate(cluster_id, token) if scheme.lower() == "bearer" else None
        if user is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "Unauthorized")
        return cluster, user

    async def _version(self, request: Request) -> Response:
        cluster, _ = self._enter(request)
        return JsonResponse(wire.version(cluster.git_version))

    async def _health(self, request: Request) -> Response:
        self._enter(request)
        return PlainTextResponse("ok")

    async def _api_versions(self, request: Request) -> Response:
        self._enter(request)
        return JsonResponse(wire.api_versions(request.url.netloc))

    async def _core_resources(self, request: Request) -> Response:
        self._enter(request)
        return JsonResponse(wire.core_resources())

    async def _api_groups(self, request: Request) -> Response:
        self._enter(request)
        return JsonResponse(wire.api_groups())

    async def _authentication_resources(self, request: Request) -> Response:
        self._enter(request)
        return JsonResponse(wire.authentication_resources())

    async def _self_subject_review(self, request: Request) -> Response:
        _, user = self._enter(request)
        return JsonResponse(wire.self_subject_review(user.name, user.groups), HTTPStatus.CREATED)

    async def _namespaces(self, request: Request) -> Response:
        cluster, _ = self._enter(request)
        items = [wire.namespace(name, cluster.created) for name in cluster.namespaces]
        return JsonResponse(wire.object_list("NamespaceList", items))

    async def _namespace(self, request: Request) -> Response:
        cluster, _ = self._enter(request)
        name = request.path_params["namespace"]
        if name not in cluster.namespaces:
            raise HTTPException(HTTPStatus.NOT_FOUND, f'namespaces "{name}" not found')
        return JsonResponse(
            {"apiVersion": "v1", "kind": "Namespace", **wire.namespace(name, cluster.created)}
        )

    async def _service_accounts(self, request: Request) -> Response:
        cluster, _ = self._enter(request)
        wanted = request.path_params.get("namespace")
        items = [
            wire.service_account(namespace, name, cluster.created)
            for namespace, name in cluster.service_accounts
            if wanted in (None, namespace)
        ]
        return JsonResponse(wire.object_list("ServiceAccountList", items))

    async def _refuse(self, request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        message = error.detail if isinstance(error, HTTPException) else "Internal error"
        return JsonResponse(wire.status(status, self._text(message)), status)
