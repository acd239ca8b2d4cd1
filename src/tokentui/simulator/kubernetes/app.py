"""The API server of every cluster: who asks, may they, then what they ask for.

Rights come first, as on a real server: an object or a resource that does not exist is 403 to a
user who may not ask for it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.call import Call
from tokentui.simulator.kubernetes.discovery import answer_path
from tokentui.simulator.kubernetes.errors import ApiError, status_body, unknown_path
from tokentui.simulator.kubernetes.gate import authorize, caller_of
from tokentui.simulator.kubernetes.object_api import answer_object
from tokentui.simulator.kubernetes.resources import SERVICE_ACCOUNTS, VERSION, find_resource
from tokentui.simulator.kubernetes.review_api import answer_review
from tokentui.simulator.kubernetes.target import read_target
from tokentui.simulator.kubernetes.token_request_api import request_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster


class ClustersApp:
    """Answers below a prefix whose last segment is the parameter `cluster_id`."""

    def __init__(self, clusters: Mapping[str, KubernetesCluster]) -> None:
        self._clusters = clusters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        cluster = self._clusters.get(request.path_params["cluster_id"])
        if cluster is None:
            response: Response = PlainTextResponse("404 page not found\n", HTTPStatus.NOT_FOUND)
        else:
            response = await _answer(cluster, request)
        await response(scope, receive, send)


async def _answer(cluster: KubernetesCluster, request: Request) -> Response:
    try:
        cluster.controllers.run()
        return await _admitted(cluster, request)
    except ApiError as error:
        message = cluster.text(error.message)
        if not error.reason:
            return PlainTextResponse(message, error.code)
        return JsonResponse(status_body(error, message), error.code)


async def _admitted(cluster: KubernetesCluster, request: Request) -> Response:
    path = request.scope["path"].removeprefix(request.scope["root_path"])
    watch = request.query_params.get("watch") in ("1", "true")
    target = read_target(request.method, path, watch=watch)
    user = caller_of(cluster, request)
    authorize(cluster, user, target)
    call = Call(cluster, request, target, user)
    if not target.resource:
        return answer_path(call)
    resource = find_resource(target.group, target.resource, cluster.minor)
    if resource is None or target.version != VERSION:
        raise unknown_path()
    if target.namespace and not resource.namespaced and target.name != target.namespace:
        raise unknown_path()
    if target.subresource:
        if resource is SERVICE_ACCOUNTS and target.subresource == "token":
            return await request_token(call)
        raise unknown_path()
    if resource.is_review:
        return await answer_review(call, resource)
    return await answer_object(call, resource)
