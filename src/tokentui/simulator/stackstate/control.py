"""The share of the control endpoint that shows servers and sets their switches.

| request | meaning |
| --- | --- |
| GET /stackstate/servers | name, url and switches of every server |
| PATCH /stackstate/servers/{name} | sets `age`, `sso_proxy`, `api_path`, `absent_delete_status` |
| GET /stackstate/servers/{name}/tokens | its service tokens as the API lists them |

`age` is `current`, `old` or `very-old`; the answer to a deletion of nothing is 204, 404 or 500.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.wire import token_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.world import StackstateServer, StackstateWorld

_DELETE_STATUSES: Final = (
    HTTPStatus.NO_CONTENT,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.INTERNAL_SERVER_ERROR,
)


def server_control(world: StackstateWorld) -> Sequence[BaseRoute]:
    """Return the routes below the system's name."""

    async def show(request: Request) -> Response:
        del request
        return JsonResponse([_shown(server) for server in world.servers.values()])

    async def change(request: Request) -> Response:
        server = world.servers.get(request.path_params["name"])
        if server is None:
            return _no_such_server()
        try:
            set_switches(server, json.loads(await request.body()))
        except (ValueError, TypeError, AttributeError) as error:
            return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return JsonResponse(_shown(server))

    async def tokens(request: Request) -> Response:
        server = world.servers.get(request.path_params["name"])
        if server is None:
            return _no_such_server()
        return JsonResponse([token_json(token) for token in server.tokens()])

    return [
        route("GET", "/servers", show),
        route("PATCH", "/servers/{name}", change),
        route("GET", "/servers/{name}/tokens", tokens),
    ]


def set_switches(server: StackstateServer, switches: Mapping[str, object]) -> None:
    """Set switches by name, all or none; raises ValueError if one is unknown or unfit."""
    unknown = set(switches) - set(_READERS)
    if unknown:
        message = f"Unknown switches: {', '.join(sorted(unknown))}; known: {', '.join(_READERS)}."
        raise ValueError(message)
    values = {name: _READERS[name](value) for name, value in switches.items()}
    for name, value in values.items():
        setattr(server, name, value)


def _age(value: object) -> ServerAge:
    return ServerAge(str(value))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("sso_proxy must be true or false")  # noqa: TRY004 - as for other values
    return value


def _path(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("/") or value.endswith("/"):
        raise ValueError("api_path must begin and not end with a slash")
    return value


def _delete_status(value: object) -> int:
    if not isinstance(value, int) or value not in _DELETE_STATUSES:
        raise ValueError("absent_delete_status must be 204, 404 or 500")
    return value


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "age": _age,
    "sso_proxy": _flag,
    "api_path": _path,
    "absent_delete_status": _delete_status,
}


def _shown(server: StackstateServer) -> dict[str, object]:
    switches = {name: getattr(server, name) for name in _READERS}
    return {"name": server.name, "url": server.url, **switches}


def _no_such_server() -> Response:
    return JsonResponse({"error": "no such server"}, HTTPStatus.NOT_FOUND)
