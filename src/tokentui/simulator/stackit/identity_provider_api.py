"""The token endpoint of the identity provider, for workload identity federation.

Source: stackit-sdk-go core/clients/workload_identity_flow.go, read 2026-08-21. Its errors are not
published; they follow RFC 6749 section 5.2.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.token_api import FORM
from tokentui.simulator.stackit.world import IDENTITY_PROVIDER_PREFIX

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.workload_tokens import WorkloadTokens
    from tokentui.simulator.stackit.world import StackitWorld

CLIENT_CREDENTIALS = "client_credentials"
ASSERTION_TYPE = "urn:schwarz:params:oauth:client-assertion-type:workload-jwt"
_PATH = "/oauth/v2/token"


class IdentityProviderApi:
    """Exchanges the token of a workload for an access token of a service account."""

    def __init__(
        self, world: StackitWorld, tokens: AccessTokens, workloads: WorkloadTokens
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._workloads = workloads

    def app(self) -> Starlette:
        """Return the application to mount at the identity provider's prefix."""
        return Starlette(routes=[route("POST", _PATH, self._create)])

    async def _create(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith(FORM):
            return self._refuse(HTTPStatus.BAD_REQUEST, "invalid_request", "Body is not a form")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        if form.get("grant_type") != CLIENT_CREDENTIALS:
            return self._refuse(
                HTTPStatus.BAD_REQUEST, "unsupported_grant_type", "Grant type is not supported"
            )
        account = self._world.accounts.named(form.get("client_id", ""))
        known_type = form.get("client_assertion_type") == ASSERTION_TYPE
        assertion = form.get("client_assertion", "")
        if account is None or not known_type or not self._workloads.stands_for(assertion, account):
            return self._refuse(
                HTTPStatus.UNAUTHORIZED, "invalid_client", "Client authentication failed"
            )
        pair = self._tokens.issue(account)
        body = {
            "access_token": pair.access_token,
            "expires_in": int(pair.expires_in.total_seconds()),
            "token_type": "Bearer",
        }
        return JsonResponse(body)

    def _refuse(self, status: HTTPStatus, error: str, description: str) -> Response:
        text = self._world.text
        return JsonResponse({"error": error, "error_description": text(description)}, status)


def identity_provider_endpoint(world: StackitWorld) -> str:
    """Return the full address of the identity provider's token endpoint."""
    return f"{world.ground.base_url}{IDENTITY_PROVIDER_PREFIX}{_PATH}"
