"""The keys of service accounts. Source: service-account API description v2, read 2026-08-21."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import DateChosen
from tokentui.domain.model import (
    Ability,
    Account,
    FieldType,
    Issued,
    Offer,
    OfferField,
    Page,
)
from tokentui.providers.stackit import wire_accounts as wire
from tokentui.providers.stackit.certificate import checked_certificate
from tokentui.providers.stackit.key_check import check
from tokentui.providers.stackit.key_recipes import key_recipes
from tokentui.providers.stackit.kinds import SERVICE_ACCOUNT_KEY
from tokentui.providers.stackit.wire_keys import new_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tokentui.domain.lifetime import Term
    from tokentui.domain.model import Credential, FieldValue, Order, Verification
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Connection
    from tokentui.providers.http_call import Call
    from tokentui.providers.stackit.api import Api
    from tokentui.providers.stackit.own import Own
    from tokentui.providers.stackit.settings import StackitSettings

MOST_KEYS = 10
_NEARLY = 8
USUAL = timedelta(days=90)
LIFETIME = DateChosen(USUAL, timedelta(seconds=1), None, None, may_never_end=True)
ALGORITHM = OfferField(
    "algorithm",
    "Algorithm",
    FieldType.CHOICE,
    "counts only if STACKIT makes the pair",
    default="RSA_2048",
    choices=("RSA_2048", "RSA_4096"),
)
PUBLIC_KEY = OfferField(
    "public_key",
    "Own certificate",
    FieldType.FILE,
    "path of the PEM file, for a pair of your own",
    longest=16_000,
)
ANOTHER_MUST = "a service account cannot make or change its own keys: sign in as another identity"
_SYSTEMS = "STACKIT manages this key itself"
_RIGHT = "iam.service-account-key."


class Keys:
    """Lists, makes, changes and deletes keys; finds out whether a new one works."""

    def __init__(
        self, connection: Connection, api: Api, own: Own, settings: StackitSettings
    ) -> None:
        self._connection = connection
        self._api = api
        self._own = own
        self._settings = settings

    async def list(self, of: Account) -> Page[Credential]:
        """List an account's keys; the one that is signed in with is marked."""
        call = self._call("GET", f"list the keys of {of.name}", of.id)
        page = wire.keys(call, await self._api.read(call, f"{_RIGHT}list"), of)
        own_key = await self._own.key_id()
        return Page(
            tuple(
                replace(one, is_own=one.id == own_key, cannot=_cannot(one, of))
                for one in page.items
            ),
            page.failed,
        )

    async def offer(self, of: Account) -> Offer:
        """Offer a key, and say beforehand how many of the ten there are."""
        fields = (ALGORITHM, PUBLIC_KEY)
        if of.is_own:
            reason = f"{of.name} is signed in here: {ANOTHER_MUST}"
            return Offer(SERVICE_ACCOUNT_KEY, of, LIFETIME, fields, impossible=reason)
        listed = await self.list(of)
        count = sum(not _is_systems(one) for one in listed.items)
        reason = f"{of.name} has {count} keys, and {MOST_KEYS} is the most: delete one first"
        return Offer(
            SERVICE_ACCOUNT_KEY,
            of,
            LIFETIME,
            fields,
            warnings=_warnings(of, count),
            impossible=reason if count >= MOST_KEYS else "",
        )

    async def issue(self, order: Order) -> Issued:
        """Make one key with one request; the private key comes once."""
        target = order.offer.target
        what = f"make a key for the service account {target.name}"
        call = self._call("POST", what, target.id, json=_wish(order.values, order.term))
        made_at = self._connection.clock()
        answer = await self._api.once(
            call, f"{_RIGHT}create, or free the quota of {MOST_KEYS} keys an account"
        )
        made = new_key(call, answer, has_own_pair="publicKey" in _wish(order.values, order.term))
        return Issued(
            kind=SERVICE_ACCOUNT_KEY,
            target=target,
            secret=made.document,
            ends_at=made.ends_at,
            end_source=made.end_source,
            made_at=made_at,
            remote_id=made.id,
            facts=made.facts,
            name=wire.short_name(target.name, made.id),
        )

    async def verify(self, issued: Issued) -> Verification:
        """Exchange an assertion signed with the new key for an access token."""
        return await check(self._connection, issued, self._settings.endpoints.token)

    async def revoke(self, credential: Credential) -> None:
        """Delete a key. Raises `NotFound` for one that the server does not know."""
        await self._api.once(self._key_call("DELETE", "delete", credential), f"{_RIGHT}delete")

    async def set_active(self, credential: Credential, active: bool) -> None:
        """Switch a key off or on."""
        word = "switch on" if active else "switch off"
        await self._change(word, credential, {"active": active})

    def new_ends(self, credential: Credential) -> DateChosen:
        """Say which ends a key can be given."""
        return LIFETIME

    async def move_end(self, credential: Credential, term: Term) -> None:
        """Give a key another end, or none."""
        ends_at = wire.NO_END if term.ends_at is None else term.ends_at
        await self._change("move the end of", credential, {"validUntil": _spelled(ends_at)})

    def recipes(self, of: Account) -> tuple[Recipe, ...]:
        """Give texts for using a key."""
        project_id, email = wire.project_and_email(of.id)
        return key_recipes(project_id, email)

    async def _change(
        self, word: str, credential: Credential, change: Mapping[str, object]
    ) -> None:
        call = self._key_call("PATCH", word, credential, json=change)
        await self._api.once(call, f"{_RIGHT}edit")

    def _key_call(
        self, method: str, word: str, credential: Credential, json: object = None
    ) -> Call:
        what = f"{word} the key {credential.name} of {credential.scope}"
        return self._call(method, what, credential.target_id, credential.id, json=json)

    def _call(
        self, method: str, what: str, account_id: str, *rest: str, json: object = None
    ) -> Call:
        project_id, email = wire.project_and_email(account_id)
        parts = ("v2", "projects", project_id, "service-accounts", email, "keys", *rest)
        return self._api.call(method, what, *parts, json=json)


def _wish(values: Mapping[str, FieldValue], term: Term) -> Mapping[str, object]:
    """Give the body of the request. Raises `Refused` for what is no RSA key's certificate."""
    wish: dict[str, object] = {}
    if term.ends_at is not None:
        wish["validUntil"] = _spelled(term.ends_at)
    public_key = values.get(PUBLIC_KEY.key)
    if isinstance(public_key, str) and public_key.strip():
        wish["publicKey"] = checked_certificate(public_key)
    elif values.get(ALGORITHM.key):
        wish["algorithm"] = values[ALGORITHM.key]
    return wish


def _spelled(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _warnings(of: Account, count: int) -> tuple[str, ...]:
    if count < _NEARLY:
        return ()
    return (f"{of.name} has {count} keys already, and {MOST_KEYS} is the most",)


def _is_systems(credential: Credential) -> bool:
    return ("managed", wire.SYSTEM_MANAGED) in credential.facts


def _cannot(credential: Credential, of: Account) -> Mapping[Ability, str]:
    if _is_systems(credential):
        return dict.fromkeys((Ability.REVOKE, Ability.SWITCH, Ability.MOVE_END), _SYSTEMS)
    if of.is_own:
        return dict.fromkeys((Ability.SWITCH, Ability.MOVE_END), ANOTHER_MUST)
    return {}
