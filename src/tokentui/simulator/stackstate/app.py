"""A whole server: the API at its configurable path, the receivers, and a proxy in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Router

from tokentui.simulator.stackstate.errors import ApiError, api_error_handler
from tokentui.simulator.stackstate.gate import Gate
from tokentui.simulator.stackstate.receivers import Receivers
from tokentui.simulator.stackstate.subject_api import SubjectApi
from tokentui.simulator.stackstate.token_api import TokenApi
from tokentui.simulator.stackstate.user_api import UserApi

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tokentui.simulator.stackstate.world import StackstateServer

_LOGIN_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head>"
    '<body><form method="post" action="/sso/login"><h1>Sign in</h1></form></body></html>'
)


class ServerApp:
    """Answers for one server, with the switches that are set at the time of the request."""

    def __init__(self, server: StackstateServer) -> None:
        self._server = server
        gate = Gate(server)
        self._api = Starlette(
            routes=[
                *UserApi(server, gate).routes(),
                *TokenApi(server, gate).routes(),
                *SubjectApi(server, gate).routes(),
            ],
            exception_handlers={ApiError: api_error_handler(server)},
        )
        self._receivers = Receivers(server, gate).routes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._server.sso_proxy:
            await HTMLResponse(_LOGIN_PAGE)(scope, receive, send)
            return
        api = Mount(self._server.api_path, self._api)
        await Router([*self._receivers, api])(scope, receive, send)
