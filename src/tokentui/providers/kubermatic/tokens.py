"""The tokens of a project's service account.

Source: kubermatic/dashboard c996f110 handler/v1/serviceaccount/token.go and serviceaccount/jwt.go,
as of August 2026: PUT regenerates and PATCH renames, names are no keys, and the end is three
calendar years after the making whatever is asked.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from tokentui.domain.errors import Forbidden, NotSignedIn, ProviderError, Refused
from tokentui.domain.lifetime import Fixed, Months
from tokentui.domain.local_time import add_months
from tokentui.domain.model import (
    Ability,
    Credential,
    CredentialId,
    CredentialState,
    EndSource,
    FieldType,
    Issued,
    Offer,
    OfferField,
    Page,
    Verification,
)
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_call import Call
from tokentui.providers.kubermatic import wire
from tokentui.providers.kubermatic.about import ACCOUNT_NOUN, KEY, TOKEN
from tokentui.providers.kubermatic.api import BlockedList, account_path
from tokentui.providers.kubermatic.fields import Reply, label
from tokentui.providers.kubermatic.patience import NEW_FOR

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tokentui.domain.model import Account, FieldValue, Order
    from tokentui.providers.http import Http
    from tokentui.providers.kubermatic.api import Api
    from tokentui.providers.kubermatic.own import Own
    from tokentui.providers.kubermatic.patience import Patience
    from tokentui.providers.kubermatic.places import Place, Places
    from tokentui.providers.kubermatic.settings import KubermaticSettings
    from tokentui.providers.kubermatic.wire import NewToken, TokenRow

LIFETIME_MONTHS = 36
LIFETIME = Fixed(Months(LIFETIME_MONTHS))
NAME = OfferField(
    "name",
    "Name",
    FieldType.TEXT,
    "1 to 50 letters, digits, dots, dashes and underscores, a letter or digit at both ends",
    required=True,
    pattern="[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?",
    longest=50,
)
INVALID = "expired, or the server's signing key changed; regenerate it"
BLOCKING = "it keeps this old server from listing the others; delete it"
TOO_NEW = "the rights of a new account can take some minutes: try again"
NAMELESS = "the server does not tell its name: delete it and make another one"
_UNKNOWN_NAME = "name unknown"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_PROPOSED = 33


class Tokens:
    """Lists, makes, renames, regenerates and deletes tokens."""

    def __init__(
        self, api: Api, places: Places, patience: Patience, clock: Callable[[], datetime]
    ) -> None:
        self._api = api
        self._places = places
        self._patience = patience
        self._clock = clock

    async def list(self, account: Account, own: Own) -> Page[Credential]:
        """List the tokens of an account.

        Before 2.21 one that is not valid any more turns the whole answer into a 500 that names it;
        those that it names are given, so that they can be deleted. Raises `ProviderError`.
        """
        place = self._places.place_of(account.id, account.name)
        what = f"list the tokens of {account.name} in {account.scope}"
        try:
            listed = wire.tokens(await self._api.read(what, *account_path(place), "tokens"))
        except BlockedList as error:
            rows = tuple(wire.TokenRow(one, "", None, None) for one in error.tokens)
            return Page(self._credentials(rows, account, place, own), (error,))
        return Page(self._credentials(listed.items, account, place, own), listed.failed)

    def offer(self, account: Account) -> Offer:
        """Offer a token; who may make one is the server's to say."""
        name = replace(NAME, default=_proposed(account.name, self._clock()))
        return Offer(TOKEN, account, LIFETIME, (name,))

    async def issue(self, order: Order, account: Account) -> Issued:
        """Make one; only a 403 for an account that is new is asked again."""
        name = order.values.get(NAME.key, _default_name(order.offer))
        if not isinstance(name, str) or not name:
            raise Refused("a token needs a name", "give it one")
        place = self._places.place_of(account.id, account.name)
        what = f"make the token {clean(name, 60)} for {account.name} in {account.scope}"
        made_at, age = self._clock(), self._api.age(account.created_at)
        try:
            reply = await self._patience.ask(
                (account.id,),
                lambda: self._api.once(
                    "POST", what, *account_path(place), "tokens", json={"name": name}
                ),
                Forbidden,
                age,
            )
        except Forbidden as error:
            if age is not None and age < NEW_FOR:
                error.next_step = TOO_NEW
            raise
        new = wire.new_token(reply)
        self._patience.made(_key(account.id, new.id))
        end, source = _end(new, order.term.ends_at)
        return _issued(account, new, made_at, end, source, label(name))

    async def rename(self, credential: Credential, name: str) -> None:
        """Give another name, by PATCH, which leaves the secret alone."""
        place = self._places.place_of(credential.target_id, credential.target_name)
        what = f"rename the token {credential.name} of {credential.target_name}"
        path = (*account_path(place), "tokens", credential.id)
        await self._patience.ask(
            _new_ids(credential),
            lambda: self._api.once("PATCH", what, *path, json={"name": name}),
            Forbidden,
            self._api.age(credential.made_at),
        )

    async def regenerate(self, credential: Credential, account: Account) -> Issued:
        """Replace the secret; the old one dies at once.

        The request repeats the name, so it is read just before: another one would rename it.
        """
        place = self._places.place_of(credential.target_id, credential.target_name)
        what = f"regenerate the token {credential.name} of {credential.target_name}"
        path = (*account_path(place), "tokens", credential.id)
        body = {"id": str(credential.id), "name": await self._name(credential, place)}
        made_at = self._clock()
        reply = await self._patience.ask(
            _new_ids(credential),
            lambda: self._api.once("PUT", what, *path, json=body),
            Forbidden,
            self._api.age(credential.made_at),
        )
        new = wire.new_token(reply)
        end, source = _end(new, add_months(made_at, LIFETIME_MONTHS, UTC))
        return _issued(account, new, made_at, end, source, credential.name, credential.id)

    async def revoke(self, credential: Credential) -> None:
        """Delete one. Raises `NotFound` for one that is gone."""
        place = self._places.place_of(credential.target_id, credential.target_name)
        what = f"delete the token {credential.name} of {credential.target_name}"
        path = (*account_path(place), "tokens", credential.id)
        await self._patience.ask(
            _new_ids(credential),
            lambda: self._api.once("DELETE", what, *path),
            Forbidden,
            self._api.age(credential.made_at),
        )

    async def _name(self, credential: Credential, place: Place) -> str:
        what = f"look at the token {credential.name} of {credential.target_name}"
        try:
            listed = wire.tokens(await self._api.read(what, *account_path(place), "tokens"))
        except BlockedList as error:
            if Ability.REGENERATE in credential.cannot:
                raise Refused(f"cannot regenerate {credential.name}", NAMELESS) from error
            return credential.name
        names = [one.name for one in listed.items if one.id == credential.id]
        return names[0] if names else credential.name

    def _credentials(
        self, rows: tuple[TokenRow, ...], account: Account, place: Place, own: Own
    ) -> tuple[Credential, ...]:
        unique = {one.id: one for one in rows}
        return tuple(_credential(one, account, place, own) for one in unique.values())


async def check_token(http: Http, issued: Issued, settings: KubermaticSettings) -> Verification:
    """Ask who is signed in with a new token; a failed call is an answer, not an error."""
    call = Call(
        "GET",
        f"{settings.url}/api/v1/me",
        f"check the token at {settings.name}",
        headers={"Authorization": Secret(f"Bearer {issued.secret.reveal()}")},
        error_text=wire.error_text,
    )
    try:
        answer = await http.read(call, attempts=1)
        me = wire.me(Reply(call, answer))
    except NotSignedIn:
        return Verification(False, f"{settings.name} does not accept it (401)")
    except ProviderError as error:
        return Verification(None, f"it could not be checked from here: {error.sentence}")
    return Verification(
        True, f"{settings.name} accepts it, as {me.name or me.email}", answer.took, answer.clock_off
    )


def _credential(row: TokenRow, account: Account, place: Place, own: Own) -> Credential:
    is_named = bool(row.name)
    gone_off = "" if row.ends_at else (INVALID if is_named else BLOCKING)
    cannot = {} if is_named else dict.fromkeys((Ability.RENAME, Ability.REGENERATE), NAMELESS)
    return Credential(
        profile=account.profile,
        provider=KEY,
        kind=TOKEN.key,
        id=CredentialId(row.id),
        name=label(row.name) or f"{row.id} ({_UNKNOWN_NAME})",
        state=CredentialState.INVALID if gone_off else CredentialState.ACTIVE,
        made_at=row.created_at,
        ends_at=row.ends_at,
        roles=(account.group,) if account.group else (),
        target_id=account.id,
        target_name=account.name,
        target_noun=ACCOUNT_NOUN,
        scope=account.scope,
        state_text=gone_off,
        is_own=own.is_token(place, row.id),
        cannot=cannot,
    )


def _issued(
    account: Account,
    new: NewToken,
    made_at: datetime,
    ends_at: datetime | None,
    source: EndSource,
    name: str,
    known_id: str = "",
) -> Issued:
    return Issued(
        kind=TOKEN,
        target=account,
        secret=new.secret,
        ends_at=ends_at,
        end_source=source,
        made_at=made_at,
        remote_id=known_id or new.id,
        facts=(("group", account.group),) if account.group else (),
        name=label(new.name) or name,
    )


def _end(new: NewToken, computed: datetime | None) -> tuple[datetime | None, EndSource]:
    if new.ends_at is None:
        return computed, EndSource.COMPUTED
    return new.ends_at, EndSource.CREDENTIAL if new.end_is_in_it else EndSource.ANSWER


def _proposed(account: str, now: datetime) -> str:
    """Give a name that an account's next token can have, with the minute to tell it apart."""
    word = _NOT_IN_A_NAME.sub("-", account)[:_LONGEST_PROPOSED].strip("-") or "token"
    return f"{word}-{now.astimezone(UTC):%Y%m%d-%H%M}"


def _default_name(offer: Offer) -> FieldValue:
    return next((item.default for item in offer.fields if item.key == NAME.key), "")


def _new_ids(credential: Credential) -> tuple[str, ...]:
    return credential.target_id, _key(credential.target_id, credential.id)


def _key(account_id: str, token_id: str) -> str:
    return f"{account_id}/{token_id}"
