"""Who asks, and whether they may.

Source: StackVista/stackstate-openapi 4d7c254 security schemes, StackVista/stackstate-cli e31157a
and StackVista/rancher-extension-stackstate for the two forms of `Authorization`; all read
2026-08-21. That two credentials at once are refused with 401 is an assumption: clients call them a
wrong configuration.
"""

from __future__ import annotations

from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackstate.errors import ApiError
from tokentui.simulator.stackstate.model import Caller, has_ended

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from tokentui.simulator.stackstate.world import StackstateServer


class _Kind(Enum):
    SERVICE = auto()
    PERSONAL = auto()
    CLUSTER = auto()


_HEADERS: Final[Mapping[str, _Kind]] = {
    "x-api-key": _Kind.SERVICE,
    "x-api-token": _Kind.PERSONAL,
    "x-api-servicebearer": _Kind.CLUSTER,
}
_SCHEMES: Final[Mapping[str, _Kind]] = {"apikey": _Kind.SERVICE, "apitoken": _Kind.PERSONAL}


class Gate:
    """Reads the caller of a request and refuses who may not."""

    def __init__(self, server: StackstateServer) -> None:
        self._server = server

    def identify(self, request: Request) -> Caller | None:
        """Return the caller, None unless exactly one good credential is given."""
        credentials = _credentials(request)
        if len(credentials) != 1:
            return None
        kind, secret = credentials[0]
        match kind:
            case _Kind.SERVICE:
                return self.service(secret)
            case _Kind.PERSONAL:
                return self._person(secret)
            case _Kind.CLUSTER:
                return self._cluster_account(secret)

    def service(self, secret: str) -> Caller | None:
        """Return the caller that a service token stands for, None if it is not valid now."""
        token = self._server.token_of(secret)
        if token is None or has_ended(token.expires_ms, self._server.now_ms()):
            return None
        return Caller(token.name, token.roles)

    def caller(self, request: Request) -> Caller:
        """Return the caller."""
        caller = self.identify(request)
        if caller is None:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "The supplied authentication is not valid")
        return caller

    def allowed(self, request: Request, permission: str) -> Caller:
        """Return the caller if they have the permission on the whole server."""
        caller = self.caller(request)
        if not self._server.may(caller.roles, permission):
            message = f"{caller.name} lacks the permission {permission}"
            raise ApiError(HTTPStatus.FORBIDDEN, message)
        return caller

    def _person(self, secret: str) -> Caller | None:
        for user in self._server.users.values():
            if user.api_token == secret:
                return Caller(user.name, user.roles, user)
        return None

    def _cluster_account(self, secret: str) -> Caller | None:
        account = self._server.service_accounts.get(secret)
        if account is None or has_ended(account.expires_ms, self._server.now_ms()):
            return None
        return Caller(account.name, account.roles)


def _credentials(request: Request) -> list[tuple[_Kind, str]]:
    found = [
        (kind, value) for name, kind in _HEADERS.items() for value in request.headers.getlist(name)
    ]
    for value in request.headers.getlist("authorization"):
        scheme, _, secret = value.partition(" ")
        if scheme.lower() in _SCHEMES:
            found.append((_SCHEMES[scheme.lower()], secret.strip()))
    return found
