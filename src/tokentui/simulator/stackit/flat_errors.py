"""The two error forms of the service-account API; the resource manager has the first alone.

Source: STACKIT service-account API description v2 (schemas Error and AuthError) and
resource-manager API description v2 (ErrorResponse), read 2026-08-21.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.stackit.edge_wire import rfc3339

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.world import StackitWorld


class FlatError(HTTPException):
    """A refusal in the flat form, as every other error of the service."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(status.value, message)


class AuthError(HTTPException):
    """A refusal in the nested form, where the description names AuthError."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(status.value, message)


def error_handler(
    world: StackitWorld, prefix: str
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler that puts errors into a form; `prefix` is where the API is mounted."""

    async def handle(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else 500
        message = error.detail if isinstance(error, HTTPException) else "Internal error"
        phrase = world.text(HTTPStatus(code).phrase)
        if isinstance(error, AuthError):
            body = {"error": {"code": code, "status": phrase, "message": world.text(message)}}
            return JsonResponse(body, code)
        flat = {
            "timeStamp": rfc3339(world.ground.clock.now()),
            "path": request.url.path.removeprefix(prefix),
            "status": code,
            "error": phrase,
            "message": world.text(message),
        }
        return JsonResponse(flat, code)

    return handle
