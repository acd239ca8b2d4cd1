"""The error answers of the API.

Source: StackVista/stackstate-openapi 4d7c254 spec/generic_error_handling.yaml, read 2026-08-21. It
describes 500, the 401 of /server/info and the 400 and 404 of subjects and permissions. Two answers
are assumptions: the other 401 and the 403 take the same form, and a body or path that does not fit
is refused in plain text.
"""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackstate.world import StackstateServer

_MAX_INT64: Final = 2**63 - 1


class ApiError(HTTPException):
    """A refusal in the form ErrorsResponse."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)


def api_error_handler(
    server: StackstateServer,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler that puts refusals into the API's form."""

    async def handle(request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, ApiError) else 500
        message = error.detail if isinstance(error, ApiError) else "Internal error"
        body = {
            "_type": "ErrorsResponse",
            "trackingKey": server.text(str(uuid.uuid4())),
            "serverTimestamp": server.now_ms(),
            "errors": [
                {"_type": "InternalError", "message": server.text(message), "errorCode": status}
            ],
        }
        return JsonResponse(body, status)

    return handle


def unfit(what: str) -> HTTPException:
    """Return the refusal of a request that does not fit the description, in plain text."""
    return HTTPException(HTTPStatus.BAD_REQUEST, f"Invalid value for: {what}")


def absent() -> HTTPException:
    """Return the answer of a server that does not have the endpoint, in plain text."""
    return HTTPException(HTTPStatus.NOT_FOUND, "The requested resource could not be found.")


async def json_object(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise unfit("body")
    return body


def text_field(body: dict[str, Any], name: str) -> str:
    """Return a required text of the body."""
    value = body.get(name)
    if not isinstance(value, str):
        raise unfit(f"body ({name})")
    return value


def optional_text_field(body: dict[str, Any], name: str) -> str | None:
    """Return a text of the body, None if it is not there or null."""
    return None if body.get(name) is None else text_field(body, name)


def optional_ms_field(body: dict[str, Any], name: str) -> int | None:
    """Return epoch milliseconds of the body, None if they are not there or null."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_INT64:
        raise unfit(f"body ({name})")
    return value
