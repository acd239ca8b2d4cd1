"""Cloudfleet's calls, as the profile's wire format writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import BadAnswer, Forbidden, NotFound, ProviderError
from tokentui.providers.cloudfleet import wire
from tokentui.providers.cloudfleet.fields import label
from tokentui.providers.cloudfleet.wire import Reply
from tokentui.providers.cloudfleet.wire_format import NOT_CONFIRMED, Field, Operation
from tokentui.providers.http_call import Call
from tokentui.providers.signed import SignedHttp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.auth import SignIn
    from tokentui.providers.cloudfleet.settings import CloudfleetSettings
    from tokentui.providers.cloudfleet.wire import Token
    from tokentui.providers.http import Http

_NO_API = "check `url`, the proxy and `wire` of the profile"
_NEEDS_ADMINISTRATOR = (
    "the sign-in itself is fine: managing tokens needs an API token with the role Administrator"
)


class Api:
    """The part of the API that keeps tokens and shows what they open."""

    def __init__(self, http: Http, own_sign_in: SignIn, settings: CloudfleetSettings) -> None:
        self._signed = SignedHttp(http, own_sign_in)
        self._settings = settings

    async def organization(self) -> Reply:
        """Read the organization that the sign-in belongs to."""
        return await self._read(organization_call(self._settings))

    async def tokens(self) -> Reply:
        """List the tokens, without their secrets."""
        return await self._read(self._call(Operation.LIST_TOKENS, "list the API tokens"))

    async def clusters(self) -> Reply:
        """List the clusters."""
        return await self._read(self._call(Operation.LIST_CLUSTERS, "list the CFKE clusters"))

    async def cluster(self, cluster_id: str, name: str) -> Reply:
        """Read one cluster."""
        what = f"read the CFKE cluster {name}"
        return await self._read(self._call(Operation.GET_CLUSTER, what, cluster_id))

    async def create_token(self, name: str, role: str) -> Reply:
        """Make a token, once."""
        what = f"make the API token {label(name)}"
        names = self._settings.wire.names
        body = {names[Field.TOKEN_NAME][0]: name, names[Field.TOKEN_ROLE][0]: role}
        return await self._once(Operation.CREATE_TOKEN, what, json=body)

    async def rename_token(self, what: str, token: Token, name: str) -> Reply:
        """Replace all that can be changed of a token by what it is, under another name."""
        body = wire.renamed(token, name, self._settings.wire)
        return await self._once(Operation.UPDATE_TOKEN, what, token.id, json=body)

    async def regenerate_token(self, what: str, token_id: str) -> Reply:
        """Give a token another secret, once; the old one dies at once."""
        return await self._once(Operation.REGENERATE_TOKEN, what, token_id)

    async def delete_token(self, what: str, token_id: str) -> Reply:
        """Delete a token."""
        return await self._once(Operation.DELETE_TOKEN, what, token_id)

    async def aclose(self) -> None:
        """Stop the sign-in and close the connections."""
        await self._signed.aclose()

    async def _read(self, call: Call) -> Reply:
        try:
            return Reply(call, await self._signed.read(call), self._settings.wire)
        except (BadAnswer, NotFound) as error:
            error.next_step = f"{_NO_API}: its requests are {NOT_CONFIRMED}"
            raise
        except Forbidden as error:
            raise _lacking(error) from None

    async def _once(
        self,
        operation: Operation,
        what: str,
        token_id: str = "",
        json: Mapping[str, object] | None = None,
    ) -> Reply:
        call = self._call(operation, what, token_id, json)
        try:
            return Reply(call, await self._signed.once(call), self._settings.wire)
        except NotFound as error:
            look = f"{error.next_step}; if it is there, " if token_id else ""
            error.next_step = f"{look}set wire.{operation} in the profile: it is {NOT_CONFIRMED}"
            raise
        except Forbidden as error:
            raise _lacking(error) from None

    def _call(
        self,
        operation: Operation,
        what: str,
        object_id: str = "",
        json: Mapping[str, object] | None = None,
    ) -> Call:
        return call_for(self._settings, operation, what, object_id, json)


def organization_call(settings: CloudfleetSettings) -> Call:
    """Give the one harmless call that every token may make."""
    return call_for(settings, Operation.ORGANIZATION, "read the organization")


def call_for(
    settings: CloudfleetSettings,
    operation: Operation,
    what: str,
    object_id: str = "",
    json: Mapping[str, object] | None = None,
) -> Call:
    """Give the call of an operation that the wire format has."""
    template = settings.wire.templates[operation]
    url = settings.url + template.filled(settings.organization_id, object_id)
    return Call(template.method, url, what, json=json, error_text=wire.error_text)


def _lacking(error: ProviderError) -> Forbidden:
    return Forbidden(error.message, _NEEDS_ADMINISTRATOR, trace_id=error.trace_id)
