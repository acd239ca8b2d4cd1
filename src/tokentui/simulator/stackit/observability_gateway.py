"""What stands behind the addresses of an Observability instance: ingest, query and front ends.

Sources: Prometheus HTTP API and remote-write 1.0, Loki HTTP API, OTLP/HTTP, Zipkin API v2, all as
documented 2026-08; basic authentication with a technical user as in STACKIT's page on
Observability authentication, read 2026-08-21. What is sent is not kept.
"""

from __future__ import annotations

import base64
import binascii
import html
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.observability_urls import OBSERVABILITY_TLS_PREFIX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.observability_model import ObservabilityInstance
    from tokentui.simulator.stackit.world import StackitWorld

    Handler = Callable[[Request], Awaitable[Response]]

_ID: Final = "/{instance_id}"
_INGEST: Final = {
    f"/push{_ID}/api/v1/receive": HTTPStatus.OK,
    f"/logs{_ID}/loki/api/v1/push": HTTPStatus.NO_CONTENT,
    f"/logs{_ID}/otlp/v1/logs": HTTPStatus.NO_CONTENT,
    f"/otlp-http{_ID}/v1/traces": HTTPStatus.OK,
    f"/jaeger-http{_ID}/api/traces": HTTPStatus.ACCEPTED,
    f"/zipkin{_ID}/api/v2/spans": HTTPStatus.ACCEPTED,
}
_QUERIES: Final = {
    f"/storage{_ID}/api/v1/query": {"resultType": "vector", "result": []},
    f"/logs{_ID}/loki/api/v1/query": {"resultType": "vector", "result": []},
}
_PAGES: Final = {"alerting": "Alertmanager", "targets": "Targets", "jaeger-ui": "Jaeger"}


class ObservabilityGateway:
    """Lets living technical users in and everyone else not."""

    def __init__(self, world: StackitWorld) -> None:
        self._world = world

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the TLS listener."""
        routes = [
            route("GET", f"/ui{_ID}", self._grafana),
            route("GET", f"/metrics-endpoint{_ID}/metrics", self._guarded(_metrics)),
        ]
        for path, status in _INGEST.items():
            routes.append(route("POST", path, self._guarded(_taking(status))))
        for path, data in _QUERIES.items():
            routes.append(route("GET", path, self._guarded(_answering(data))))
        for path, title in _PAGES.items():
            routes.append(route("GET", f"/{path}{_ID}", self._guarded(_showing(title))))
        return [Mount(OBSERVABILITY_TLS_PREFIX, routes=routes)]

    async def _grafana(self, request: Request) -> Response:
        instance = self._instance(request)
        if instance is None:
            return HTMLResponse("<h1>Not found</h1>", HTTPStatus.NOT_FOUND)
        return _page(f"Grafana {instance.name}", "<a href=login>Sign in</a>")

    def _guarded(self, handler: Handler) -> Handler:
        async def guard(request: Request) -> Response:
            instance = self._instance(request)
            name, password = _basic(request)
            if instance is None or not instance.admits(name, password):
                return PlainTextResponse(
                    self._world.text("Unauthorized").encode("utf-8", "replace"),
                    HTTPStatus.UNAUTHORIZED,
                    {"www-authenticate": 'Basic realm="observability"'},
                )
            return await handler(request)

        return guard

    def _instance(self, request: Request) -> ObservabilityInstance | None:
        return self._world.observability.get(request.path_params["instance_id"])


def _taking(status: HTTPStatus) -> Handler:
    async def take(request: Request) -> Response:
        if not await request.body():
            return PlainTextResponse("empty body\n", HTTPStatus.BAD_REQUEST)
        return Response(status_code=status)

    return take


def _answering(data: Mapping[str, object]) -> Handler:
    async def answer(request: Request) -> Response:
        if not request.query_params.get("query"):
            body = {"status": "error", "errorType": "bad_data", "error": "no expression found"}
            return JsonResponse(body, HTTPStatus.BAD_REQUEST)
        return JsonResponse({"status": "success", "data": data})

    return answer


def _showing(title: str) -> Handler:
    async def show(request: Request) -> Response:
        del request
        return _page(title, "")

    return show


async def _metrics(request: Request) -> Response:
    del request
    return PlainTextResponse("# TYPE up gauge\nup 1\n")


def _page(title: str, content: str) -> Response:
    # HTML has no lone surrogates; they become question marks.
    name = html.escape(title.encode("utf-8", "replace").decode())
    return HTMLResponse(
        f"<!DOCTYPE html><html lang=en><title>{name}</title><h1>{name}</h1>{content}</html>"
    )


def _basic(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        decoded = base64.b64decode(encoded, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return "", ""
    name, _, password = decoded.partition(":")
    return name, password
