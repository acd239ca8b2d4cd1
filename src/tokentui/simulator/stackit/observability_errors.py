"""The two error forms of the Observability API.

Source: STACKIT observability API description v1, schemas PermissionDenied, Error and Message,
read 2026-08-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from http import HTTPStatus

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.world import StackitWorld


class DetailError(HTTPException):
    """A refusal for want of rights: `detail`."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(status.value, detail)


class MessageError(HTTPException):
    """Any other refusal: `message`, and `errors` by field if there are any."""

    def __init__(
        self, status: HTTPStatus, message: str, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(status.value, message)
        self.errors = tuple(errors)


def observability_error_handler(
    world: StackitWorld,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the handler that puts errors into the API's forms."""

    async def handle(request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = world.text(error.detail if isinstance(error, HTTPException) else "Internal error")
        if isinstance(error, DetailError):
            return JsonResponse({"detail": text}, status)
        body: dict[str, object] = {"message": text}
        if isinstance(error, MessageError) and error.errors:
            body["errors"] = list(error.errors)
        return JsonResponse(body, status)

    return handle
