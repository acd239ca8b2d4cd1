"""The receivers of telemetry, which take a service token in forms of their own.

Source: rancher/stackstate-product-docs 5975d81 (pages on the OpenTelemetry collector, Prometheus
remote_write and health data), read 2026-08-21. A real server takes OTLP at a host name of its own;
here it is the path `/otlp`. What the receivers answer is not published: 401 to a wrong token and
to none and 403 to one without the permission, in plain text.
"""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackstate.model import has_ended
from tokentui.simulator.stackstate.rights import UPDATE_METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.gate import Gate
    from tokentui.simulator.stackstate.world import StackstateServer

_BASIC_USER = "apikey"


class Receivers:
    """Take telemetry from who may update metrics, and throw it away."""

    def __init__(self, server: StackstateServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the server's own path."""
        return [
            *(
                route("POST", f"/otlp/v1/{signal}", self._otlp)
                for signal in ("traces", "metrics", "logs")
            ),
            route("POST", "/receiver/prometheus/api/v1/write", self._remote_write),
            route("POST", "/receiver/stsAgent/intake", self._agent),
        ]

    async def _otlp(self, request: Request) -> Response:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        self._admit(secret.strip() if scheme.lower() == "suseobservability" else None)
        return JsonResponse({})

    async def _remote_write(self, request: Request) -> Response:
        secret = request.headers.get("sts-api-key")
        self._admit(_basic_password(request) if secret is None else secret)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _agent(self, request: Request) -> Response:
        self._admit(request.query_params.get("api_key"))
        return Response(status_code=HTTPStatus.OK)

    def _admit(self, secret: str | None) -> None:
        if secret is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "API key missing")
        if self._is_ingestion_key(secret):
            return
        caller = self._gate.service(secret)
        if caller is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "API key invalid")
        if not self._server.may(caller.roles, UPDATE_METRICS):
            raise HTTPException(HTTPStatus.FORBIDDEN, "API key not authorized")

    def _is_ingestion_key(self, secret: str) -> bool:
        now_ms = self._server.now_ms()
        return self._server.is_old and any(
            key.secret == secret and not has_ended(key.expires_ms, now_ms)
            for key in self._server.ingestion_keys.values()
        )


def _basic_password(request: Request) -> str | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return password if user == _BASIC_USER else None
