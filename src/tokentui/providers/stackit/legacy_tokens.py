"""Access tokens of service accounts, which STACKIT has retired.

Source: service-account API description v2, read 2026-08-21; the operations have left the public
description of 2026-08-27. They are managed only where a profile asks for it, and an account's are
hidden from the moment on that the server knows them no more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotFound, NotSignedIn, ProviderError, Refused
from tokentui.domain.jwt import end_of
from tokentui.domain.lifetime import Chosen
from tokentui.domain.model import Detail, EndSource, Issued, Offer, Page, Verification
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Call
from tokentui.providers.http_check import host_of
from tokentui.providers.stackit import wire_accounts as wire
from tokentui.providers.stackit.key_recipes import access_token_recipes
from tokentui.providers.stackit.kinds import ACCESS_TOKEN

if TYPE_CHECKING:
    from tokentui.domain.model import Account, AccountId, Credential, Order
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Connection
    from tokentui.providers.stackit.api import Api
    from tokentui.providers.stackit.settings import StackitSettings

DAY = timedelta(days=1)
LIFETIME = Chosen(DAY, 180 * DAY, 90 * DAY, unit=DAY)
RETIRED = "STACKIT has retired access tokens: use a key wherever it can be used"
HIDDEN = "the server knows them no more, so they are not shown"
ANOTHER_MUST = "a service account cannot make its own access tokens: sign in as another identity"
_RIGHT = "iam.service-account-token."
_SILENT: Page[Credential] = Page(silent=frozenset({ACCESS_TOKEN.key}))


class LegacyTokens:
    """Lists, makes and revokes access tokens while the server still has them."""

    def __init__(self, connection: Connection, api: Api, settings: StackitSettings) -> None:
        self._http = connection.http
        self._clock = connection.clock
        self._api = api
        self._are_shown = settings.legacy_tokens
        self._gone_of: set[AccountId] = set()

    async def list(self, of: Account) -> Page[Credential]:
        """List an account's tokens; a page that says nothing of them where they are hidden."""
        if self._are_hidden(of):
            return _SILENT
        call = self._call("GET", f"list the access tokens of {of.name}", of.id)
        try:
            answer = await self._api.read(call, f"{_RIGHT}list")
        except NotFound:
            self._gone_of.add(of.id)
            return _SILENT
        except ProviderError as error:
            return Page(failed=(error,))
        return wire.access_tokens(call, answer, of)

    def offers(self, of: Account) -> tuple[Offer, ...]:
        """Offer a token if the profile asks for them and the server has them."""
        if self._are_hidden(of):
            return ()
        reason = f"{of.name} is signed in here: {ANOTHER_MUST}" if of.is_own else ""
        return (Offer(ACCESS_TOKEN, of, LIFETIME, warnings=(RETIRED,), impossible=reason),)

    async def issue(self, order: Order) -> Issued:
        """Make one token with one request."""
        target, duration = order.offer.target, order.term.duration
        if duration is None or not self._are_shown:
            raise Refused(f"STACKIT makes no access token for {target.name}", "make a key instead")
        what = f"make an access token for the service account {target.name}"
        call = self._call("POST", what, target.id, json={"ttlDays": duration // DAY})
        made_at = self._clock()
        token_id, token, approximate = wire.new_access_token(
            call, await self._api.once(call, f"{_RIGHT}create")
        )
        exact = end_of(token.reveal())
        return Issued(
            kind=ACCESS_TOKEN,
            target=target,
            secret=token,
            ends_at=exact or approximate,
            end_source=EndSource.ANSWER if exact is None else EndSource.CREDENTIAL,
            made_at=made_at,
            remote_id=token_id,
            name=wire.short_name(target.name, token_id),
        )

    async def verify(self, issued: Issued) -> Verification:
        """List the project's accounts with the token; 403 says that the token is accepted."""
        project_id, _ = wire.project_and_email(issued.target.id)
        call = Call(
            "GET",
            self._api.url("v2", "projects", project_id, "service-accounts"),
            "check the access token",
            headers={"Authorization": Secret(f"Bearer {issued.secret.reveal()}")},
        )
        host = host_of(call.url)
        try:
            answer = await self._http.read(call, attempts=1)
        except NotSignedIn:
            return Verification(False, f"{host} does not accept it (401)")
        except Forbidden:
            return Verification(True, f"{host} accepts it, but its account may not list (403)")
        except ProviderError as error:
            return Verification(None, f"it could not be checked: {error.sentence}")
        return Verification(True, f"{host} accepts it", answer.took, answer.clock_off)

    async def revoke(self, credential: Credential) -> None:
        """Revoke a token. Raises `NotFound` for one that is gone or revoked already, a 409."""
        what = f"revoke the access token {credential.name} of {credential.scope}"
        call = self._call("DELETE", what, credential.target_id, credential.id)
        try:
            await self._api.once(call, f"{_RIGHT}delete")
        except Refused as error:
            if await self._is_listed(credential):
                raise
            raise NotFound(error.message, error.next_step, trace_id=error.trace_id) from None

    def details(self, of: Account) -> tuple[Detail, ...]:
        """Say what became of access tokens, where a profile asks for them."""
        if not self._are_shown:
            return ()
        said = HIDDEN if of.id in self._gone_of else RETIRED
        return (Detail("account", "access tokens", said),)

    def recipes(self, of: Account) -> tuple[Recipe, ...]:
        """Give texts for using a token."""
        project_id, _ = wire.project_and_email(of.id)
        return access_token_recipes(self._api.url("v2", "projects", project_id, "service-accounts"))

    def _are_hidden(self, of: Account) -> bool:
        return not self._are_shown or of.id in self._gone_of

    async def _is_listed(self, credential: Credential) -> bool:
        call = self._call("GET", f"look for {credential.name}", credential.target_id)
        answer = await self._api.read(call, f"{_RIGHT}list")
        return credential.id in wire.living_tokens(call, answer)

    def _call(
        self, method: str, what: str, account_id: str, *rest: str, json: object = None
    ) -> Call:
        project_id, email = wire.project_and_email(account_id)
        parts = ("v2", "projects", project_id, "service-accounts", email, "access-tokens", *rest)
        return self._api.call(method, what, *parts, json=json)
