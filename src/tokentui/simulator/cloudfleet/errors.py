"""The error answers of the API, in the form that the dialect says.

No description of them is published; the forms are those that a client must be ready for.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from tokentui.simulator.cloudfleet.dialect import ErrorShape
from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.cloudfleet.world import CloudfleetWorld


def refusal(status: HTTPStatus, message: str) -> HTTPException:
    """Return the refusal of a request."""
    challenge = {"www-authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return HTTPException(status, message, challenge)


def error_handler(
    world: CloudfleetWorld,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler that puts refusals into the form of the dialect."""

    async def handle(request: Request, error: Exception) -> Response:
        del request
        known = error if isinstance(error, HTTPException) else None
        status = known.status_code if known else HTTPStatus.INTERNAL_SERVER_ERROR
        message = world.text(known.detail if known else "Internal error")
        answer = _answer(world.dialect.error_shape, status, message)
        answer.headers.update((known.headers if known else None) or {})
        return answer

    return handle


def _answer(shape: ErrorShape, status: int, message: str) -> Response:
    match shape:
        case ErrorShape.TEXT:
            return PlainTextResponse(message.encode("utf-8", "replace"), status)
        case ErrorShape.ERRORS:
            return JsonResponse({"errors": [{"message": message, "code": status}]}, status)
        case _:
            return JsonResponse({shape.value: message, "status": status}, status)


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise refusal(HTTPStatus.BAD_REQUEST, "The body must be a JSON object")
    return body
