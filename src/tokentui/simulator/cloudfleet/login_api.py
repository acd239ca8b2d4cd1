"""The token endpoint and what leads a client to it.

An inference: the user name that clusters see is the one that Keycloak gives to the service account
of a client (Keycloak ServiceAccountConstants, read 2026-08-21), so paths, answers and errors are
those of a Keycloak realm, and the grant is that of RFC 6749 section 4.4.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote_plus

from tokentui.simulator.cloudfleet.dialect import DISCOVERY, ClientAuth
from tokentui.simulator.cloudfleet.gate import basic_pair
from tokentui.simulator.cloudfleet.jwts import KEY_ID, SCOPE
from tokentui.simulator.cloudfleet.openid import discovery_json, key_set_json
from tokentui.simulator.cloudfleet.world import REALMS_PREFIX
from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.cloudfleet.jwts import Jwts
    from tokentui.simulator.cloudfleet.model import ApiToken
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

CLIENT_CREDENTIALS: Final = "client_credentials"
FORM: Final = "application/x-www-form-urlencoded"
_REALM: Final = REALMS_PREFIX + "/{organization_id}"
_KEYS: Final = "/protocol/openid-connect/certs"
_METHODS: Final[Mapping[ClientAuth, str]] = {
    ClientAuth.POST: "client_secret_post",
    ClientAuth.BASIC: "client_secret_basic",
}


class LoginApi:
    """Exchanges id and secret of a token for a JWT."""

    def __init__(self, world: CloudfleetWorld, jwts: Jwts) -> None:
        self._world = world
        self._jwts = jwts

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the dialect that is spoken now."""
        routes: list[BaseRoute] = [
            route("GET", _REALM + DISCOVERY, self._discover),
            route("GET", _REALM + _KEYS, self._keys),
        ]
        if self._world.dialect.client_auth:
            routes.append(route("POST", self._world.dialect.token_path, self._sign_in))
        return routes

    async def _discover(self, request: Request) -> Response:
        if not self._is_known(request):
            return _no_realm()
        is_tls = request.url.scheme == "https"
        issuer = self._world.issuer(is_tls=is_tls)
        body = discovery_json(issuer, issuer + _KEYS)
        dialect = self._world.dialect
        if dialect.client_auth:
            path = dialect.token_path.replace("{organization_id}", self._world.organization.id)
            body |= {
                "token_endpoint": self._world.origin(is_tls=is_tls) + path,
                "grant_types_supported": [CLIENT_CREDENTIALS],
                "token_endpoint_auth_methods_supported": [
                    _METHODS[one] for one in sorted(dialect.client_auth)
                ],
            }
        return JsonResponse(body)

    async def _keys(self, request: Request) -> Response:
        if not self._is_known(request):
            return _no_realm()
        return JsonResponse(key_set_json(self._jwts.public_key(), KEY_ID))

    async def _sign_in(self, request: Request) -> Response:
        if not self._is_known(request):
            return _no_realm()
        if not request.headers.get("content-type", "").startswith(FORM):
            status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
            return JsonResponse({"error": "HTTP 415 Unsupported Media Type"}, status)
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        grant = form.get("grant_type")
        if grant is None:
            return self._refuse("invalid_request", "Missing form parameter: grant_type")
        if grant != CLIENT_CREDENTIALS:
            return self._refuse("unsupported_grant_type", "Unsupported grant_type")
        token = self._client(request, form)
        if token is None:
            message = "Invalid client or Invalid client credentials"
            return self._refuse("invalid_client", message, self._world.dialect.login_refusal_status)
        return self._granted(token, is_tls=request.url.scheme == "https")

    def _client(self, request: Request, form: Mapping[str, str]) -> ApiToken | None:
        """Return the token that signs in, by the header if there is one, as in Keycloak."""
        ways = self._world.dialect.client_auth
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            # RFC 6749 section 2.3.1: both are form-encoded before they go into the header.
            token_id, secret = (unquote_plus(one) for one in basic_pair(value))
            return self._world.token_of(token_id, secret) if ClientAuth.BASIC in ways else None
        if ClientAuth.POST not in ways:
            return None
        return self._world.token_of(form.get("client_id", ""), form.get("client_secret", ""))

    def _granted(self, token: ApiToken, *, is_tls: bool) -> Response:
        body = {
            "access_token": self._jwts.issue(token, is_tls=is_tls),
            "expires_in": int(self._world.jwt_life.total_seconds()),
            "refresh_expires_in": 0,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": self._world.text(SCOPE),
        }
        return JsonResponse(body, headers={"cache-control": "no-store"})

    def _refuse(
        self, error: str, description: str, status: int = HTTPStatus.BAD_REQUEST
    ) -> Response:
        body = {"error": error, "error_description": self._world.text(description)}
        return JsonResponse(body, status)

    def _is_known(self, request: Request) -> bool:
        # A dialect may leave the organization out of the path.
        own = self._world.organization.id
        return bool(request.path_params.get("organization_id", own) == own)


def _no_realm() -> Response:
    return JsonResponse({"error": "Realm does not exist"}, HTTPStatus.NOT_FOUND)
