"""The control endpoint below `/_control/` on the plain listener; JSON in and out.

| request | meaning |
| --- | --- |
| GET /clock | `{"now"}` |
| POST /clock | `{"advance_s": 60}` or `{"set": "2026-10-05T12:22:00Z"}` |
| GET, POST /latency | `{"seconds": 0.2}`: every answer is that late |
| GET /faults | the rules in force: `{"<number>": {...}}` |
| POST /faults | one rule with the fields of `tokentui.simulator.faults.Fault`; `{"number"}` |
| DELETE /faults, /faults/{number} | all rules, or one, out of force |
| POST /release | lets held requests go; `{"released": 2}` |
| GET /requests | every request: number, at, system, method, path, query names, status |
| DELETE /requests | forgets them |
| GET /counts | `requests`, `mints`, `held`; by system: `in_flight`, `most_in_flight` |
| GET /stackit/instances | the Edge instances of all projects |
| PATCH /stackit/instances/{id} | sets `status`, `displayName`, `description`, ... |
| POST /stackit/settings | `{"access_token_life_s": 300}` for access tokens made from now on |
| POST /stackit/settings | `{"legacy_tokens": true}` opens the retired access tokens |
| GET /stackit/observability | the Observability instances with their technical users |
| PATCH /stackit/observability/{id} | sets `status`, `name`, `id` (the one of the list), ... |
| GET /stackit/accounts | the service accounts with their rights and keys |
| PATCH /stackit/accounts/{email} | sets `mayRead`, `mayWrite`, `internal` |
| PATCH /stackit/keys/{id} | sets `active`, `keyType`, `validUntil` |
| POST /stackit/workload-tokens | `{"email", "life_s"}`; `{"token"}` for federated sign-in |
| POST /stackit/projects | `{"name"}` adds a project |

The first path segment of a request names its system, so all APIs of STACKIT count together as
`stackit`, the clusters of Edge instances as `edge`, ingest and query as `observability`. Requests
to the control endpoint are not counted, and no fault meets them.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount

from tokentui.simulator.faults import Fault
from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.clock import SimClock
    from tokentui.simulator.faults import Faults
    from tokentui.simulator.play import Patience
    from tokentui.simulator.request_log import LoggedRequest, RequestLog
    from tokentui.simulator.system import System

_FAULT_FIELDS = frozenset(field.name for field in dataclasses.fields(Fault))


class Control:
    """Shows and changes what no system's API shows: time, faults and the request log."""

    def __init__(
        self,
        clock: SimClock,
        faults: Faults,
        requests: RequestLog,
        patience: Patience,
        systems: Sequence[System],
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._requests = requests
        self._patience = patience
        self._systems = systems

    def app(self) -> Starlette:
        """Return the application to mount at the control prefix."""
        routes = [
            route("GET", "/clock", self._get_clock),
            route("POST", "/clock", self._set_clock),
            route("GET", "/latency", self._get_latency),
            route("POST", "/latency", self._set_latency),
            route("GET", "/faults", self._list_faults),
            route("POST", "/faults", self._add_fault),
            route("DELETE", "/faults", self._clear_faults),
            route("DELETE", "/faults/{number:int}", self._remove_fault),
            route("POST", "/release", self._release),
            route("GET", "/requests", self._list_requests),
            route("DELETE", "/requests", self._clear_requests),
            route("GET", "/counts", self._counts),
        ]
        mounts = [Mount(f"/{one.name}", routes=list(one.control_routes())) for one in self._systems]
        return Starlette(
            routes=[*routes, *mounts], exception_handlers={HTTPException: _error_response}
        )

    async def _get_clock(self, request: Request) -> Response:
        del request
        return JsonResponse({"now": self._clock.now().isoformat()})

    async def _set_clock(self, request: Request) -> Response:
        body = await _json_object(request)
        if "set" in body:
            self._clock.set(_instant(body["set"]))
        elif "advance_s" in body:
            self._clock.advance(timedelta(seconds=_number(body["advance_s"])))
        else:
            raise _bad_request("give advance_s or set")
        return await self._get_clock(request)

    async def _get_latency(self, request: Request) -> Response:
        del request
        return JsonResponse({"seconds": self._faults.latency_s})

    async def _set_latency(self, request: Request) -> Response:
        body = await _json_object(request)
        self._faults.latency_s = _number(body.get("seconds"))
        return await self._get_latency(request)

    async def _list_faults(self, request: Request) -> Response:
        del request
        rules = self._faults.rules().items()
        return JsonResponse({str(number): dataclasses.asdict(rule) for number, rule in rules})

    async def _add_fault(self, request: Request) -> Response:
        number = self._faults.add(_fault(await _json_object(request)))
        return JsonResponse({"number": number}, HTTPStatus.CREATED)

    async def _clear_faults(self, request: Request) -> Response:
        self._faults.clear()
        return await self._list_faults(request)

    async def _remove_fault(self, request: Request) -> Response:
        self._faults.remove(request.path_params["number"])
        return await self._list_faults(request)

    async def _release(self, request: Request) -> Response:
        del request
        released = self._patience.held
        self._patience.release()
        return JsonResponse({"released": released})

    async def _list_requests(self, request: Request) -> Response:
        del request
        return JsonResponse([_request_json(one) for one in self._requests.all()])

    async def _clear_requests(self, request: Request) -> Response:
        self._requests.clear()
        return await self._list_requests(request)

    async def _counts(self, request: Request) -> Response:
        del request
        counts = {
            "requests": self._requests.count(),
            "mints": sum(system.mints() for system in self._systems),
            "held": self._patience.held,
            "in_flight": self._requests.in_flight(),
            "most_in_flight": self._requests.most_in_flight(),
        }
        return JsonResponse(counts)


def _request_json(request: LoggedRequest) -> dict[str, object]:
    return dataclasses.asdict(request) | {"at": request.at.isoformat()}


def _fault(body: dict[str, Any]) -> Fault:
    unknown = set(body) - _FAULT_FIELDS
    if unknown:
        raise _bad_request(f"unknown fields: {', '.join(sorted(unknown))}")
    try:
        return Fault(**body)
    except (TypeError, ValueError) as error:
        raise _bad_request(str(error)) from None


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise _bad_request("set must be an ISO 8601 instant") from None
    if instant.tzinfo is None:
        raise _bad_request("set must name its time zone")
    return instant


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad_request("seconds must be a number")
    return float(value)


def _bad_request(message: str) -> HTTPException:
    return HTTPException(HTTPStatus.BAD_REQUEST, message)


async def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _bad_request("the body must be a JSON object")
    return body


async def _error_response(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = error.detail if isinstance(error, HTTPException) else "Internal error"
    return JsonResponse({"error": message}, status)
