"""A server connection that a fault can write to, close and reset below HTTP."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope
    from uvicorn.config import Config
    from uvicorn.server import ServerState

_KEY = "connection"


class SimulatorProtocol(H11Protocol):
    """HTTP/1.1 on one connection, which the application finds in its scope."""

    def __init__(
        self, config: Config, server_state: ServerState, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(config, server_state, {_KEY: self}, loop)


class Connection:
    """The transport below one request.

    After any of its calls the answer is over: the application must send nothing more.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        protocol = cast("SimulatorProtocol", scope["state"][_KEY])
        self._transport = protocol.transport
        self._receive = receive

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(data)

    async def close(self) -> None:
        """Send what is buffered, close, and wait until the connection is gone."""
        self._transport.close()
        await self._gone()

    async def abort(self) -> None:
        """Close without sending what is buffered."""
        self._transport.abort()
        await self._gone()

    async def reset(self) -> None:
        """Close with a TCP reset."""
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await self.abort()

    @property
    def is_closing(self) -> bool:
        """Whether the client or a fault has ended the connection."""
        return self._transport.is_closing()

    async def _gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
