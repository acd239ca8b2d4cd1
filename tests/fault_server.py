"""A raw HTTP server on loopback that answers as a test says, also with what no server should."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came over the line."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class FaultServer:
    """Does `behaviour` for each request; the last of `queue` stays in force."""

    def __init__(self, *queue: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._queue = list(queue)
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Received] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        scheme = "https" if self._tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # the client or the test has gone
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            request = await read_request(reader)
            if request is None:
                return
            self.requests.append(request)
            behaviour = self._queue.pop(0) if len(self._queue) > 1 else self._queue[0]
            await behaviour(writer)
            await writer.drain()


async def read_request(reader: asyncio.StreamReader) -> Received | None:
    """Read one request; None if the client closed the connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers: dict[str, str] = {}
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        given = headers.get(name.lower())
        headers[name.lower()] = value.strip() if given is None else f"{given}, {value.strip()}"
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, body)


def reply(
    status: int = 200, body: bytes = b"{}", length: int | None = None, **headers: str
) -> Behaviour:
    """Answer and keep the connection; `length` lies about the body's length."""

    async def behaviour(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {length or len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        if length is not None:
            await writer.drain()
            writer.close()

    return behaviour


def raw(content: bytes) -> Behaviour:
    """Send bytes as they are and close."""

    async def behaviour(writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()
        writer.close()

    return behaviour


def drip(content: bytes, every_s: float) -> Behaviour:
    """Send one byte at a time."""

    async def behaviour(writer: asyncio.StreamWriter) -> None:
        for byte in content:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(every_s)

    return behaviour


async def silent(writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


async def close(writer: asyncio.StreamWriter) -> None:
    """Close without a byte."""
    writer.close()


async def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection by a TCP reset."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
