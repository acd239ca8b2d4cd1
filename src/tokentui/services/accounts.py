"""Accounts: where they can be made, and everything that is done with them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import (
    GuardRail,
    NotFound,
    Refused,
    TokentuiError,
    UsageError,
)
from tokentui.domain.ledger import Deed, EntryState, EventType
from tokentui.domain.text import unprintable
from tokentui.providers.base import (
    CreatesAccounts,
    DeletesAccounts,
    RegroupsAccounts,
    RenamesAccounts,
)
from tokentui.services.fields import filled_in
from tokentui.services.gone import surely_gone
from tokentui.services.limits import read_only
from tokentui.services.outcomes import recorded, told
from tokentui.services.verbs import PROTECTED, SIGNED_OUT, Obstacle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from tokentui.domain.account import AccountOffer
    from tokentui.domain.model import Account, FieldValue, ProfileName
    from tokentui.domain.profile import Profile
    from tokentui.providers.base import Provider
    from tokentui.services.ports import Clock, Connections, Documents, Ledger

_DONE = {
    AccountAbility.CREATE: "created",
    AccountAbility.RENAME: "renamed",
    AccountAbility.REGROUP: "regrouped",
    AccountAbility.DELETE: "deleted",
}
_MAY_LIVE = frozenset({EntryState.ISSUED, EntryState.LOST, EntryState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Places:
    """Where accounts can be made, and why some profiles did not say."""

    offers: tuple[AccountOffer, ...] = ()
    failed: Mapping[ProfileName, TokentuiError] = field(default_factory=dict)


class Accounts:
    """The use-cases behind the verbs of accounts.

    Each verb raises `GuardRail`, `Refused` or `UsageError` before anything is sent, a
    `ProviderError` if it was not done or nobody knows, and `StorageError` if it was done and
    not recorded.
    """

    def __init__(
        self, connections: Connections, ledger: Ledger, documents: Documents, clock: Clock
    ) -> None:
        self._connections = connections
        self._ledger = ledger
        self._documents = documents
        self._clock = clock

    async def offers(self, profiles: Sequence[ProfileName]) -> Places:
        """Ask all profiles side by side; one that fails delays no other."""
        failed: dict[ProfileName, TokentuiError] = {}

        async def ask(name: ProfileName) -> tuple[AccountOffer, ...]:
            try:
                profile, provider = self._profile(name), self._connections.provider(name)
                if not isinstance(provider, CreatesAccounts):
                    return ()
                offers = await provider.account_offers()
            except TokentuiError as error:
                failed[name] = error
                return ()
            if not profile.guard.read_only:
                return offers
            return tuple(replace(offer, impossible=read_only(profile)) for offer in offers)

        found = await asyncio.gather(*map(ask, profiles))
        return Places(tuple(offer for offers in found for offer in offers), failed)

    def objection(self, account: Account, ability: AccountAbility) -> str:
        """Give the reason why it cannot be done; empty: nothing stands in the way."""
        obstacle = self._obstacle(account, ability)
        return obstacle.reason if obstacle else ""

    def consequence(self, account: Account) -> tuple[str, ...]:
        """Say what deleting it would do, in sentences: the object and its place first."""
        place = f" of {account.scope}" if account.scope else ""
        said = [
            f"Delete {_title(account)}{place} in profile {account.profile}.",
            "Whoever uses its credentials is refused from then on, and it cannot be brought back.",
        ]
        if account.also_ends:
            said.append(f"With it ends: {account.also_ends}.")
        if account.is_own:
            said.append(f"Profile {account.profile} signs in as it and will be signed out.")
        return tuple(said)

    def must_type(self, account: Account) -> str:
        """Give what a person must type before it is deleted; empty: nothing."""
        return (account.name or account.native_id) if self.why_type(account) else ""

    def why_type(self, account: Account) -> str:
        """Say of its profile why something must be typed: "is protected"; empty: nothing must."""
        if account.is_own:
            return SIGNED_OUT
        profile = self._find(account.profile)
        return PROTECTED if profile and profile.guard.protected else ""

    async def create(self, offer: AccountOffer, values: Mapping[str, FieldValue]) -> Account:
        """Make one with one request, which is never repeated."""
        profile = self._profile(offer.profile)
        if profile.guard.read_only:
            raise GuardRail(read_only(profile))
        if offer.impossible:
            raise Refused(offer.impossible)
        values = await filled_in(offer.noun, offer.fields, values, self._documents)
        provider = self._connections.provider(offer.profile)
        if not isinstance(provider, CreatesAccounts):
            raise _unable(offer.noun, AccountAbility.CREATE)
        name = str(values.get("name", ""))
        account = await told(
            f"{offer.noun} {name} was created",
            provider.create_account(offer, values),
            partial(self._note_lost, offer.profile, offer.noun, name),
        )
        self._record(account, AccountAbility.CREATE, f"created in {offer.scope}")
        return account

    async def rename(self, account: Account, name: str) -> None:
        """Give it another name."""
        provider = self._allowed(account, AccountAbility.RENAME)
        if not isinstance(provider, RenamesAccounts):
            raise _unable(account.noun, AccountAbility.RENAME)
        name = name.strip()
        if not name or unprintable(name) or name == account.name:
            raise UsageError(f"{_title(account)} cannot be called {name!r}", "type another name")
        await self._send(account, AccountAbility.RENAME, provider.rename_account(account, name))
        self._record(account, AccountAbility.RENAME, f"renamed to {name}")

    async def regroup(self, account: Account, group: str) -> None:
        """Give it other rights."""
        provider = self._allowed(account, AccountAbility.REGROUP)
        if not isinstance(provider, RegroupsAccounts):
            raise _unable(account.noun, AccountAbility.REGROUP)
        if group == account.group:
            raise UsageError(f"{_title(account)} is in {group} already", "choose another one")
        if group not in account.groups:
            known = ", ".join(account.groups) or "nothing"
            raise UsageError(f"{_title(account)} cannot be in {group!r}", f"choose from: {known}")
        await self._send(account, AccountAbility.REGROUP, provider.regroup_account(account, group))
        self._record(account, AccountAbility.REGROUP, f"moved from {account.group} to {group}")

    async def delete(self, account: Account, typed: str = "") -> str:
        """Delete it with all that it owns and say how: "deleted", or that it was gone already.

        What the server does not know is deleted only if it is not listed either.
        """
        provider = self._allowed(account, AccountAbility.DELETE)
        if not isinstance(provider, DeletesAccounts):
            raise _unable(account.noun, AccountAbility.DELETE)
        wanted = self.must_type(account)
        if wanted and typed != wanted:
            raise GuardRail(
                f"profile {account.profile} {self.why_type(account)}, "
                f"and {typed!r} was typed for {wanted!r}",
                f"type {wanted} to delete it",
            )
        how = "deleted"
        try:
            await self._send(account, AccountAbility.DELETE, provider.delete_account(account))
        except NotFound as error:
            how = await surely_gone(error, provider.accounts(), lambda one: one.id == account.id)
        self._end_all_of(account)
        self._record(account, AccountAbility.DELETE, how)
        return how

    def _obstacle(self, account: Account, ability: AccountAbility) -> Obstacle | None:
        profile = self._find(account.profile)
        if profile is None:
            return Obstacle(_not_configured(account.profile), UsageError)
        kinds = self._connections.about(account.profile).account_kinds
        kind = next((kind for kind in kinds if kind.noun == account.noun), None)
        if kind is None or ability not in kind.abilities:
            reason = kind.cannot.get(ability) if kind else None
            return Obstacle(reason or f"no {account.noun} can be {_DONE[ability]}")
        if ability in account.cannot:
            return Obstacle(account.cannot[ability])
        return Obstacle(read_only(profile), GuardRail) if profile.guard.read_only else None

    def _allowed(self, account: Account, ability: AccountAbility) -> Provider:
        """Give the provider to ask; raises the error of whatever stands in the way."""
        obstacle = self._obstacle(account, ability)
        if obstacle is not None:
            raise obstacle.error(f"{_title(account)} cannot be {_DONE[ability]}: {obstacle.reason}")
        return self._connections.provider(account.profile)

    def _find(self, name: ProfileName) -> Profile | None:
        return next((p for p in self._connections.profiles() if p.name == name), None)

    def _profile(self, name: ProfileName) -> Profile:
        profile = self._find(name)
        if profile is None:
            raise UsageError(_not_configured(name), "look at the configuration")
        return profile

    async def _send(self, account: Account, ability: AccountAbility, call: Awaitable[None]) -> None:
        note_lost = partial(self._note_lost, account.profile, account.noun, account.name)
        await told(f"{_title(account)} was {_DONE[ability]}", call, note_lost)

    def _note_lost(self, profile: ProfileName, noun: str, name: str, detail: str) -> None:
        self._ledger.did(Deed(profile, EventType.UNKNOWN, noun, name, detail), self._clock())

    def _record(self, account: Account, ability: AccountAbility, detail: str) -> None:
        deed = Deed(account.profile, EventType.ACCOUNT, account.noun, account.name, detail)
        recorded(
            f"{_title(account)} was {_DONE[ability]}",
            lambda: self._ledger.did(deed, self._clock()),
        )

    def _end_all_of(self, account: Account) -> None:
        """Record that what the account owned ended with it."""
        now = self._clock()

        def write() -> None:
            for entry in self._ledger.live(now):
                owned = (entry.plan.profile, entry.plan.target_id) == (account.profile, account.id)
                if owned and entry.state in _MAY_LIVE:
                    self._ledger.ended(entry.number, f"deleted with {_title(account)}", now)

        recorded(f"{_title(account)} was deleted", write)


def _title(account: Account) -> str:
    return f"{account.noun} {account.name}"


def _not_configured(name: ProfileName) -> str:
    return f"profile {name} is not configured"


def _unable(noun: str, ability: AccountAbility) -> Refused:
    """A kind promises an ability that its adapter has not."""
    return Refused(f"the provider of {noun} has no way to {ability} one", "update its plug-in")
