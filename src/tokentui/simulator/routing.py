"""Routes as the described APIs have them: one method each, no implied HEAD, no redirects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response


def route(method: str, path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    """Return a route for exactly one method."""
    made = Route(path, endpoint, methods=[method])
    made.methods = {method}
    return made
