"""The service-account API as one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from tokentui.simulator.stackit.account_api import AccountApi
from tokentui.simulator.stackit.flat_errors import error_handler
from tokentui.simulator.stackit.key_api import KeyApi
from tokentui.simulator.stackit.legacy_token_api import LegacyTokenApi
from tokentui.simulator.stackit.token_api import TokenApi
from tokentui.simulator.stackit.world import SERVICE_ACCOUNT_PREFIX

if TYPE_CHECKING:
    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.world import StackitWorld


def service_account_app(world: StackitWorld, tokens: AccessTokens) -> Starlette:
    """Return the application to mount at the service-account base URL."""
    apis = (
        TokenApi(world, tokens),
        KeyApi(world, tokens),
        LegacyTokenApi(world, tokens),
        AccountApi(world, tokens),  # last: an email may hold what the others have as a path
    )
    return Starlette(
        routes=[route for api in apis for route in api.routes()],
        exception_handlers={HTTPException: error_handler(world, SERVICE_ACCOUNT_PREFIX)},
    )
