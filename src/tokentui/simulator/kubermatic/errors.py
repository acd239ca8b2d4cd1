"""The error answers of the API and the reading of bodies.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler/handler.go, as of August 2026: what
no handler knows is a plain error and becomes 500, a body that is not JSON too. That the router
answers unknown paths in plain text is its default.
"""

from __future__ import annotations

import html
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from tokentui.simulator.json_response import JsonResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.requests import Request

    from tokentui.simulator.kubermatic.server import KubermaticServer

    Handler = Callable[[Request, Exception], Awaitable[Response]]
    Endpoint = Callable[[Request], Awaitable[Response]]

_HTML_ERRORS_SINCE: Final = 31
_KINDS: Final = {bool: "bool", int: "number", float: "number", list: "array", dict: "object"}


class ApiError(HTTPException):
    """A refusal in the API's form."""

    def __init__(self, status: int, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(status, message)
        self.details = tuple(details)


def api_error_handler(server: KubermaticServer) -> Handler:
    """Return the handler that puts refusals into the API's form."""

    async def handle(request: Request, error: Exception) -> Response:
        del request
        if not isinstance(error, ApiError):
            return PlainTextResponse("Internal error", HTTPStatus.INTERNAL_SERVER_ERROR)
        shown: dict[str, object] = {"code": error.status_code, "message": server.text(error.detail)}
        if error.details:
            shown["details"] = [server.text(detail) for detail in error.details]
        return JsonResponse({"error": shown}, error.status_code)

    return handle


async def router_error(request: Request, error: Exception) -> Response:
    """Answer a path or method that the router does not know."""
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = "404 page not found\n" if status == HTTPStatus.NOT_FOUND else ""
    return PlainTextResponse(text, status)


def since(server: KubermaticServer, minor: int, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint of a server that may be too old to have it."""

    async def answer(request: Request) -> Response:
        if server.minor < minor:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await endpoint(request)

    return answer


def as_page(server: KubermaticServer, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with refusals as HTML pages where the version sends such."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            if server.minor < _HTML_ERRORS_SINCE:
                raise
            return _page(error.status_code, server.text(error.detail))

    return answer


async def json_object(request: Request, kind: str) -> dict[str, Any]:
    """Return the body, which must be a JSON object; `kind` is its name in the server's code."""
    raw = await request.body()
    if not raw.strip():
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "EOF")
    return decoded(raw, kind, HTTPStatus.INTERNAL_SERVER_ERROR)


def decoded(raw: bytes, kind: str, status: HTTPStatus) -> dict[str, Any]:
    """Return a JSON object with texts alone; `status` is of the refusal of another."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ApiError(status, "invalid character looking for beginning of value") from None
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise ApiError(status, f"json: cannot unmarshal {_kind(body)} into Go value of type {kind}")
    return body


def text_field(body: dict[str, Any], name: str, kind: str) -> str:
    """Return a text of the body, empty if it is not there or null."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"json: cannot unmarshal {_kind(value)} into Go struct field {kind}.{name}"
        raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, f"{message} of type string")
    return value


def forbidden(message: str) -> ApiError:
    """Return the refusal of what the caller may not do."""
    return ApiError(HTTPStatus.FORBIDDEN, message)


def bad_request(message: str) -> ApiError:
    """Return the refusal of a request that breaks a rule."""
    return ApiError(HTTPStatus.BAD_REQUEST, message)


def not_found(what: str, name: str) -> ApiError:
    """Return Kubernetes' answer for a name that it does not know."""
    return ApiError(HTTPStatus.NOT_FOUND, f'{what} "{name}" not found')


def already_exists(what: str, name: str) -> ApiError:
    """Return the refusal of a name that is taken."""
    return ApiError(HTTPStatus.CONFLICT, f'{what} "{name}" already exists')


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "string")


def _page(status: int, message: str) -> Response:
    text = (
        f"<!DOCTYPE html><html><head><title>{status}</title></head><body>"
        f"<h1>{status} {html.escape(HTTPStatus(status).phrase)}</h1>"
        f"<p>{html.escape(message)}</p></body></html>"
    )
    return Response(text.encode("utf-8", "replace"), status, media_type="text/html")
