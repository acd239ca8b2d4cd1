"""The error answers of the Edge API.

Source: STACKIT edge API description v1beta1, read 2026-08-21: `code` is a string. It gives no
schema for 404, 409 and 500 and does not name 403; all take the same form here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from http import HTTPStatus

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.world import StackitWorld


class EdgeError(HTTPException):
    """A refusal with its status and message."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(status.value, message)


def edge_error_handler(
    world: StackitWorld,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler that puts errors into the API's form."""

    async def handle(request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        message = error.detail if isinstance(error, HTTPException) else "Internal error"
        body = {"code": str(status), "message": world.text(message)}
        return JsonResponse(body, status)

    return handle
