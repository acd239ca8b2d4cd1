"""The middleware that notes every request and plays the faults that meet it."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

from tokentui.simulator.answer import Answer, catch, text_answer
from tokentui.simulator.connection import Connection
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.garbage import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tokentui.simulator.clock import SimClock
    from tokentui.simulator.faults import Faults
    from tokentui.simulator.request_log import RequestLog

    _Player = Callable[[Fault, Answer, Connection], Awaitable[None]]

CONTROL_PREFIX = "/_control"


class Patience:
    """Waits of the simulator's loop, all of which end when it stops."""

    def __init__(self) -> None:
        self._stopping = asyncio.Event()
        self._released = asyncio.Event()
        self.held = 0

    async def pause(self, seconds: float) -> None:
        """Wait that long at most; no time, no wait."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def hold(self) -> None:
        """Wait until the next release."""
        if self._stopping.is_set():
            return
        self.held += 1
        released = self._released
        try:
            await released.wait()
        finally:
            self.held -= 1

    def release(self) -> None:
        """Let every request go that is held now."""
        self._released.set()
        self._released = asyncio.Event()

    def stop(self) -> None:
        """End all waits."""
        self._stopping.set()
        self.release()


class FaultyApp:
    """An application behind a misbehaving network."""

    def __init__(
        self,
        app: ASGIApp,
        clock: SimClock,
        faults: Faults,
        requests: RequestLog,
        patience: Patience,
    ) -> None:
        self._app = app
        self._clock = clock
        self._faults = faults
        self._requests = requests
        self._patience = patience
        self._players: Mapping[FaultKind, _Player] = {
            FaultKind.CUT: _cut,
            FaultKind.RESET: _reset,
            FaultKind.HALF: _half,
            FaultKind.SLOW: self._slow,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with the latency and the fault that are in force."""
        if scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        names = tuple(QueryParams(scope["query_string"]).keys())
        request = self._requests.begin(self._clock.now(), scope["method"], scope["path"], names)

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._requests.answered(request, message["status"])
            await send(message)

        try:
            await self._patience.pause(self._faults.latency_s)
            fault = self._faults.take(scope["method"], scope["path"])
            if fault is None:
                await self._app(scope, receive, noting_send)
            else:
                await self._play(fault, scope, receive, noting_send)
        finally:
            self._requests.end(request)

    async def _play(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Answer | None = None
        if not fault.acts:
            await self._wait(fault)
        if fault.acts or fault.sends_the_real_answer:
            answer = await catch(self._app, scope, receive)
        if fault.acts:
            await self._wait(fault)
        if answer is None or not fault.sends_the_real_answer:
            answer = _spoilt_answer(fault)
        player = self._players.get(fault.kind)
        if player is None:
            await answer.send(send)
        else:
            await player(fault, answer, Connection(scope, receive))

    async def _wait(self, fault: Fault) -> None:
        if fault.kind is FaultKind.DELAY:
            await self._patience.pause(fault.seconds)
        elif fault.kind is FaultKind.HOLD:
            await self._patience.hold()

    async def _slow(self, fault: Fault, answer: Answer, connection: Connection) -> None:
        for byte in answer.head() + answer.body:
            if connection.is_closing:
                break
            connection.write(bytes([byte]))
            await self._patience.pause(fault.seconds)
        await connection.close()


async def _cut(fault: Fault, answer: Answer, connection: Connection) -> None:
    del fault, answer
    await connection.abort()


async def _reset(fault: Fault, answer: Answer, connection: Connection) -> None:
    del fault, answer
    await connection.reset()


async def _half(fault: Fault, answer: Answer, connection: Connection) -> None:
    del fault
    connection.write(answer.head() + answer.body[: len(answer.body) // 2])
    await connection.close()


def _spoilt_answer(fault: Fault) -> Answer:
    match fault.kind:
        case FaultKind.GARBAGE:
            body, content_type = GARBAGE[fault.variant]
            answer = text_answer(fault.status or HTTPStatus.OK, body, content_type)
        case FaultKind.HUGE:
            padding = b"x" * max(0, fault.size - len(b'{"padding": ""}'))
            body = b'{"padding": "' + padding + b'"}'
            answer = text_answer(HTTPStatus.OK, body, "application/json")
        case FaultKind.REDIRECT:
            status = fault.status or HTTPStatus.TEMPORARY_REDIRECT
            answer = text_answer(status, b"", "text/plain")
            answer.headers.append((b"location", fault.location.encode("latin-1")))
        case _:
            status = fault.status or HTTPStatus.INTERNAL_SERVER_ERROR
            answer = text_answer(status, fault.body.encode(), "application/json")
    answer.headers += [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in fault.headers.items()
    ]
    return answer
