"""The share of the control endpoint that shows installations and sets their switches.

| request | meaning |
| --- | --- |
| GET /imke/installations | name, url and switches of every installation |
| PATCH /imke/installations/{name} | sets switches |
| GET /imke/installations/{name}/tokens | its tokens of service accounts as the API lists them |
| POST /imke/installations/{name}/signing-key | takes another key: all those tokens are void |
| POST /imke/installations/{name}/id-tokens | `{email, seconds}` gives an ID token as `token` |

The switches are the plain attributes of `KubermaticServer`: `version`, `settle_seconds`,
`stale_seconds`, `secret_seconds`, `dead_seed`, `kubeconfig_disabled`.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.wire import token_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.server import KubermaticServer
    from tokentui.simulator.kubermatic.world import KubermaticWorld

    Endpoint = Callable[[Request], Awaitable[Response]]
    ServerEndpoint = Callable[[Request, KubermaticServer], Awaitable[Response]]

_LIFE_S: Final = 3600
_VERSION: Final = re.compile(r"2\.(1[2-9]|2[0-9]|3[01])")


def installation_control(world: KubermaticWorld) -> Sequence[BaseRoute]:
    """Return the routes below the system's name."""

    async def show(request: Request) -> Response:
        del request
        return JsonResponse([_shown(server) for server in world.servers.values()])

    def on_server(endpoint: ServerEndpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            server = world.servers.get(request.path_params["name"])
            if server is None:
                return JsonResponse({"error": "no such installation"}, HTTPStatus.NOT_FOUND)
            try:
                return await endpoint(request, server)
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                return JsonResponse({"error": str(error)}, HTTPStatus.BAD_REQUEST)

        return answer

    one = "/installations/{name}"
    return [
        route("GET", "/installations", show),
        route("PATCH", one, on_server(_change)),
        route("GET", one + "/tokens", on_server(_tokens)),
        route("POST", one + "/signing-key", on_server(_change_key)),
        route("POST", one + "/id-tokens", on_server(_sign_in)),
    ]


def set_switches(server: KubermaticServer, switches: Mapping[str, object]) -> None:
    """Set switches by name, all or none; raises ValueError if one is unknown or unfit."""
    unknown = set(switches) - set(_READERS)
    if unknown:
        message = f"Unknown switches: {', '.join(sorted(unknown))}; known: {', '.join(_READERS)}."
        raise ValueError(message)
    values = {name: _READERS[name](name, value) for name, value in switches.items()}
    for name, value in values.items():
        setattr(server, name, value)


async def _change(request: Request, server: KubermaticServer) -> Response:
    set_switches(server, json.loads(await request.body()))
    return JsonResponse(_shown(server))


async def _tokens(request: Request, server: KubermaticServer) -> Response:
    del request
    return JsonResponse(
        [
            token_json(server, token) | {"projectId": token.project_id, "account": token.account_id}
            for token in server.tokens.values()
        ]
    )


async def _change_key(request: Request, server: KubermaticServer) -> Response:
    del request
    server.signer.change_key()
    return JsonResponse({})


async def _sign_in(request: Request, server: KubermaticServer) -> Response:
    body = json.loads(await request.body())
    life = timedelta(seconds=_seconds("seconds", body.get("seconds", _LIFE_S)))
    return JsonResponse({"token": server.id_token(str(body["email"]), life)}, HTTPStatus.CREATED)


def _version(name: str, value: object) -> str:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        raise ValueError(f"{name} must be a text from 2.12 to 2.31")
    return value


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} must be a number of at least 0")
    return float(value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")  # noqa: TRY004 - as for other values
    return value


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")  # noqa: TRY004 - as for other values
    return value


_READERS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "version": _version,
    "settle_seconds": _seconds,
    "stale_seconds": _seconds,
    "secret_seconds": _seconds,
    "dead_seed": _text,
    "kubeconfig_disabled": _flag,
}


def _shown(server: KubermaticServer) -> dict[str, object]:
    switches = {name: getattr(server, name) for name in _READERS}
    return {"name": server.name, "url": server.url, **switches}
