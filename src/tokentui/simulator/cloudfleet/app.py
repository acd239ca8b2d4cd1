"""The API and the token endpoint, at the paths of the dialect that is spoken now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Router

from tokentui.simulator.cloudfleet.cluster_api import WORKLOAD_KEYS, ClusterApi
from tokentui.simulator.cloudfleet.dialect import DISCOVERY, Operation
from tokentui.simulator.cloudfleet.errors import error_handler
from tokentui.simulator.cloudfleet.gate import Gate
from tokentui.simulator.cloudfleet.login_api import LoginApi
from tokentui.simulator.cloudfleet.token_api import TokenApi
from tokentui.simulator.cloudfleet.world import API_PREFIX
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from tokentui.simulator.cloudfleet.dialect import Dialect
    from tokentui.simulator.cloudfleet.jwts import Jwts
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

    Endpoint = Callable[[Request], Awaitable[Response]]


class CloudfleetApp:
    """Answers in the dialect of the world at the time of the request."""

    def __init__(self, world: CloudfleetWorld, jwts: Jwts) -> None:
        self._world = world
        gate = Gate(world, jwts)
        self._login = LoginApi(world, jwts)
        self._clusters = ClusterApi(world, gate)
        self._endpoints = _endpoints(TokenApi(world, gate), self._clusters)
        self._spoken: Dialect | None = None
        self._router = Router()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._spoken is not self._world.dialect:
            self._spoken = self._world.dialect
            self._router = self._routed(self._spoken)
        await self._router(scope, receive, send)

    def _routed(self, dialect: Dialect) -> Router:
        calls = dialect.calls
        routes = [
            route(calls[operation].method, calls[operation].path, endpoint)
            for operation, endpoint in self._endpoints.items()
        ]
        keys = calls[Operation.WORKLOAD_ISSUER].path.removesuffix(DISCOVERY) + WORKLOAD_KEYS
        routes.append(route("GET", keys, self._clusters.workload_keys))
        handler = error_handler(self._world)
        api = Starlette(routes=routes, exception_handlers={HTTPException: handler})
        return Router([*self._login.routes(), Mount(API_PREFIX, api)])


def _endpoints(tokens: TokenApi, clusters: ClusterApi) -> Mapping[Operation, Endpoint]:
    return {
        Operation.ORGANIZATION: clusters.organization,
        Operation.LIST_TOKENS: tokens.list,
        Operation.GET_TOKEN: tokens.get,
        Operation.CREATE_TOKEN: tokens.create,
        Operation.UPDATE_TOKEN: tokens.update,
        Operation.REGENERATE_TOKEN: tokens.regenerate,
        Operation.DELETE_TOKEN: tokens.delete,
        Operation.LIST_CLUSTERS: clusters.list,
        Operation.GET_CLUSTER: clusters.get,
        Operation.WORKLOAD_ISSUER: clusters.workload_issuer,
    }
