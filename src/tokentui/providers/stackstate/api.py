"""StackState's calls.

Source: StackVista/stackstate-openapi 4d7c254, read 2026-08-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.errors import BadAnswer, Forbidden, ProviderError
from tokentui.providers.http_call import Call
from tokentui.providers.signed import SignedHttp
from tokentui.providers.stackstate import wire
from tokentui.providers.stackstate.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.auth import SignIn
    from tokentui.providers.http import Http
    from tokentui.providers.stackstate.settings import StackstateSettings

SYSTEM = "system"
"""The resource of permissions that hold for the whole server."""

_NO_API = "look whether a proxy asks for a login there, and whether url and api_path are right"


class Api:
    """The part of the API that tells who one is and keeps service tokens and their subjects."""

    def __init__(self, http: Http, own_sign_in: SignIn, settings: StackstateSettings) -> None:
        self._signed = SignedHttp(http, own_sign_in)
        self._api_url = settings.api_url
        self.name = settings.name

    async def server_info(self) -> Reply:
        """Ask the server what it is; every valid token may."""
        return await self._read(f"ask {self.name} for its version", "server", "info")

    async def may(self, permission: str) -> bool:
        """Ask whether the caller has a permission on the whole server.

        Raises `Refused` for one that the server does not know, `NotFound` if it is too old to say.
        """
        what = f"ask {self.name} for one's own rights"
        params = {"permission": permission}
        try:
            reply = await self._read(what, "user", "authorization", "for", params=params)
        except Forbidden:
            return False
        if reply.answer.payload is not None:
            raise BadAnswer(f"cannot {what} because it answers with more than yes", _NO_API)
        return True

    async def own_roles(self) -> Reply:
        """Ask for the caller's name and roles."""
        what = f"ask {self.name} for one's own roles"
        return await self._read(what, "user", "session", "availableRoles")

    async def own_profile(self) -> Reply:
        """Ask for the profile of a person; a token that is none's has none."""
        return await self._read(f"ask {self.name} for one's own profile", "user", "profile")

    async def subjects(self) -> Reply:
        """List all subjects, which are the roles that a token can be given."""
        return await self._read(f"list the roles of {self.name}", "security", "subjects")

    async def tokens(self) -> Reply:
        """List the service tokens."""
        what = f"list the service tokens of {self.name}"
        try:
            return await self._read(what, "security", "tokens")
        except Forbidden as error:
            raise _lacking(error, "get-service-tokens") from None

    async def ingestion_keys(self) -> Reply:
        """List the ingestion keys; raises `NotFound` on servers that have none any more."""
        what = f"list the ingestion keys of {self.name}"
        return await self._read(what, "security", "ingestion", "api_keys")

    async def create_token(self, name: str, body: Mapping[str, object]) -> Reply:
        """Make a service token, once."""
        what = f"make the service token {name} on {self.name}"
        try:
            return await self._once("POST", what, "security", "tokens", json=body)
        except Forbidden as error:
            raise _lacking(error, "create-service-tokens") from None

    async def delete_token(self, what: str, token_id: str) -> None:
        """Delete a service token."""
        try:
            await self._once("DELETE", what, "security", "tokens", token_id)
        except Forbidden as error:
            raise _lacking(error, "delete-service-tokens") from None

    async def delete_ingestion_key(self, what: str, key_id: str) -> None:
        """Delete an ingestion key."""
        await self._once("DELETE", what, "security", "ingestion", "api_keys", key_id)

    async def create_subject(self, subject: str) -> None:
        """Make a subject; refused if it exists."""
        what = f"make the role {wire.label(subject)} on {self.name}"
        path = ("security", "subjects", subject)
        await self._once("PUT", what, *path, params={"createOnly": "true"}, json={})

    async def delete_subject(self, subject: str) -> None:
        """Delete a subject."""
        what = f"delete the role {wire.label(subject)} on {self.name}"
        await self._once("DELETE", what, "security", "subjects", subject)

    async def grant(self, subject: str, permission: str, resource: str) -> None:
        """Give a subject a permission on a resource."""
        what = f"grant {permission} on {wire.label(resource)} to the role {wire.label(subject)}"
        body = {"permission": permission, "resourceName": resource}
        await self._once("POST", what, "security", "permissions", subject, json=body)

    async def withdraw(self, subject: str, permission: str, resource: str) -> None:
        """Take a permission on a resource from a subject."""
        shown = wire.label(subject)
        what = f"withdraw {permission} on {wire.label(resource)} from the role {shown}"
        params = {"resource": resource, "permission": permission}
        await self._once("DELETE", what, "security", "permissions", subject, params=params)

    async def aclose(self) -> None:
        """Stop the sign-in and close the connections."""
        await self._signed.aclose()

    async def _read(
        self, what: str, *path: str, params: Mapping[str, str | int] | None = None
    ) -> Reply:
        words = Words()
        call = self._call("GET", what, path, params, None, words)
        try:
            return Reply(call, await self._signed.read(call))
        except ProviderError as error:
            words.add_to(error)
            if isinstance(error, BadAnswer):
                error.next_step = _NO_API
            raise

    async def _once(
        self,
        method: str,
        what: str,
        *path: str,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
    ) -> Reply:
        words = Words()
        call = self._call(method, what, path, params, json, words)
        try:
            return Reply(call, await self._signed.once(call))
        except ProviderError as error:
            words.add_to(error)
            raise

    def _call(
        self,
        method: str,
        what: str,
        path: tuple[str, ...],
        params: Mapping[str, str | int] | None,
        json: object,
        words: Words,
    ) -> Call:
        below = "/".join(quote(part, safe="") for part in path)
        url = f"{self._api_url}/{below}"
        return Call(method, url, what, params=params or {}, json=json, error_text=words)


class Words:
    """Reads the server's own words out of an error, and its tracking key beside them."""

    def __init__(self) -> None:
        self._tracking_key = ""

    def __call__(self, payload: object) -> str:
        self._tracking_key = wire.tracking_key(payload)
        return wire.error_text(payload)

    def add_to(self, error: ProviderError) -> None:
        """Give the error the tracking key."""
        error.trace_id = error.trace_id or self._tracking_key


def _lacking(error: Forbidden, permission: str) -> Forbidden:
    """Say that the sign-in is fine and which permission it lacks.

    Who may not see service tokens can still ask for the version, so a 403 means the role alone.
    """
    return Forbidden(
        error.message,
        f"the sign-in itself is fine: ask for a role with {permission}, as stackstate-admin has it",
        trace_id=error.trace_id,
    )
