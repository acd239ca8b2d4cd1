"""One loopback socket and the connections that it accepts."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import TYPE_CHECKING

from uvicorn.config import Config
from uvicorn.server import ServerState

from tokentui.simulator.connection import SimulatorProtocol

if TYPE_CHECKING:
    import ssl

    from starlette.types import ASGIApp

HOST = "127.0.0.1"
_BACKLOG = 512
_STOP_LIMIT_S = 5.0

# Without a handler of its own a warning would be printed over a terminal interface.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())


def bind(port: int) -> socket.socket:
    """Return a socket that listens on a loopback port, 0 for any free one; raises OSError."""
    # The protocol is named because asyncio sets TCP_NODELAY only where it stands.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.listen(_BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def port_of(bound: socket.socket) -> int:
    """Return the port a socket is bound to."""
    return int(bound.getsockname()[1])


class Listener:
    """Serves one application on one bound socket; start and stop run on the same loop."""

    def __init__(
        self, app: ASGIApp, bound: socket.socket, context: ssl.SSLContext | None = None
    ) -> None:
        self._config = Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        self._socket = bound
        self._context = context
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to accept connections."""
        self._config.load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SimulatorProtocol(self._config, self._state, loop),
            sock=self._socket,
            ssl=self._context,
            backlog=_BACKLOG,
        )

    async def stop(self) -> None:
        """Close the socket and every connection, and wait until both are gone."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        async with asyncio.timeout(_STOP_LIMIT_S):
            while self._state.tasks or self._state.connections:
                await asyncio.gather(*self._state.tasks, return_exceptions=True)
                await asyncio.sleep(0)
        await self._server.wait_closed()
