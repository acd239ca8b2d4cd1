"""The `Date` header, by which a client sees how far its clock and the server's differ."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tokentui.simulator.clock import SimClock


class DateHeader:
    """Dates each answer of an application by the simulated clock."""

    def __init__(self, app: ASGIApp, clock: SimClock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def dated_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = format_datetime(self._clock.now(), usegmt=True)
                MutableHeaders(scope=message)["date"] = now
            await send(message)

        await self._app(scope, receive, dated_send)
