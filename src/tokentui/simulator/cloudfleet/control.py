"""The share of the control endpoint that switches the wire format and shows the organization.

| request | meaning |
| --- | --- |
| GET /cloudfleet/dialects | the named dialects: `guess`, `other`, `odd`, `basic` |
| GET, PATCH /cloudfleet/dialect | the one that is spoken; `{"name": "other"}`, or any switches |
| GET, PATCH /cloudfleet/settings | `jwt_life_s`, `user_reads_tokens`, `has_billing_data` |
| GET /cloudfleet/tokens | the tokens without their secrets, as the API lists them |
| POST /cloudfleet/jwts | `{"token_id"}`; `{"token"}` is a JWT to paste |
| GET /cloudfleet/clusters | the clusters, as the API lists them |
| PATCH /cloudfleet/clusters/{id} | sets `name`, `region`, `tier`, `status`, `endpoint`, ... |
"""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.cloudfleet import wire
from tokentui.simulator.cloudfleet.dialect import DIALECTS
from tokentui.simulator.cloudfleet.dialect_change import changed, dialect_json
from tokentui.simulator.cloudfleet.model import CfkeCluster
from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.cloudfleet.jwts import Jwts
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

_FLAGS: Final = ("user_reads_tokens", "has_billing_data")
_CLUSTER_FIELDS: Final = frozenset(one.name for one in dataclasses.fields(CfkeCluster)) - {"id"}


class CloudfleetControl:
    """Sets what no API of the system sets."""

    def __init__(self, world: CloudfleetWorld, jwts: Jwts) -> None:
        self._world = world
        self._jwts = jwts

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the system's name."""
        return [
            route("GET", "/dialects", self._dialects),
            route("GET", "/dialect", self._dialect),
            route("PATCH", "/dialect", self._change_dialect),
            route("GET", "/settings", self._settings),
            route("PATCH", "/settings", self._change_settings),
            route("GET", "/tokens", self._tokens),
            route("POST", "/jwts", self._make_jwt),
            route("GET", "/clusters", self._clusters),
            route("PATCH", "/clusters/{cluster_id}", self._change_cluster),
        ]

    async def _dialects(self, request: Request) -> Response:
        del request
        return JsonResponse({name: dialect_json(one) for name, one in DIALECTS.items()})

    async def _dialect(self, request: Request) -> Response:
        del request
        return JsonResponse(dialect_json(self._world.dialect))

    async def _change_dialect(self, request: Request) -> Response:
        try:
            self._world.dialect = changed(self._world.dialect, await _object(request))
        except ValueError as error:
            return _bad_request(error)
        return await self._dialect(request)

    async def _settings(self, request: Request) -> Response:
        del request
        flags = {name: getattr(self._world, name) for name in _FLAGS}
        return JsonResponse({"jwt_life_s": self._world.jwt_life.total_seconds(), **flags})

    async def _change_settings(self, request: Request) -> Response:
        try:
            set_settings(self._world, await _object(request))
        except ValueError as error:
            return _bad_request(error)
        return await self._settings(request)

    async def _tokens(self, request: Request) -> Response:
        del request
        return JsonResponse([wire.token_json(self._world, one) for one in self._world.tokens()])

    async def _make_jwt(self, request: Request) -> Response:
        try:
            token = self._world.token(str((await _object(request)).get("token_id")))
        except ValueError as error:
            return _bad_request(error)
        if token is None:
            return JsonResponse({"error": "no such token"}, HTTPStatus.NOT_FOUND)
        return JsonResponse({"token": self._jwts.issue(token)}, HTTPStatus.CREATED)

    async def _clusters(self, request: Request) -> Response:
        del request
        clusters = self._world.clusters.values()
        return JsonResponse([wire.cluster_json(self._world, one) for one in clusters])

    async def _change_cluster(self, request: Request) -> Response:
        cluster = self._world.clusters.get(request.path_params["cluster_id"])
        if cluster is None:
            return JsonResponse({"error": "no such cluster"}, HTTPStatus.NOT_FOUND)
        try:
            set_cluster_fields(cluster, await _object(request))
        except ValueError as error:
            return _bad_request(error)
        return JsonResponse(wire.cluster_json(self._world, cluster))


def set_settings(world: CloudfleetWorld, settings: Mapping[str, object]) -> None:
    """Set settings by name, all or none; raises ValueError."""
    _refuse_unknown(settings, {"jwt_life_s", *_FLAGS})
    life_s = settings.get("jwt_life_s", world.jwt_life.total_seconds())
    if isinstance(life_s, bool) or not isinstance(life_s, int | float):
        raise ValueError("jwt_life_s must be a number")  # noqa: TRY004 - as for other values
    if not all(isinstance(settings.get(name, True), bool) for name in _FLAGS):
        raise ValueError(f"{' and '.join(_FLAGS)} must be true or false")
    world.jwt_life = timedelta(seconds=life_s)
    for name in settings.keys() & set(_FLAGS):
        setattr(world, name, settings[name])


def set_cluster_fields(cluster: CfkeCluster, fields: Mapping[str, object]) -> None:
    """Set fields of a cluster by their names in the model; raises ValueError."""
    _refuse_unknown(fields, _CLUSTER_FIELDS)
    if not all(isinstance(value, str) for value in fields.values()):
        raise ValueError("every field must be a text")
    for name, value in fields.items():
        setattr(cluster, name, value)


def _refuse_unknown(given: Mapping[str, object], known: set[str] | frozenset[str]) -> None:
    unknown = given.keys() - known
    if unknown:
        message = f"Unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}."
        raise ValueError(message)


async def _object(request: Request) -> dict[str, Any]:
    body = json.loads(await request.body())
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 - as for other values
    return body


def _bad_request(error: ValueError) -> Response:
    return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
