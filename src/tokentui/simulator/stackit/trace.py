"""The support id that the vendor puts on every answer.

Source: stackit-sdk-go 2b9d1c4 core/runtime/runtime.go.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-trace-id"


class TraceIds:
    """Adds a new trace id to each answer of an application."""

    def __init__(self, app: ASGIApp, suffix: Callable[[], str]) -> None:
        self._app = app
        self._suffix = suffix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def traced_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = uuid.uuid4().hex + self._suffix()
            await send(message)

        await self._app(scope, receive, traced_send)
