"""The provider contract: what an adapter answers, and nothing else.

An adapter translates and does not decide: it knows no interface, no ledger and no clipboard.
Every string that comes from its server is cleaned in its `wire.py`. Unknown fields are ignored,
missing optional ones are None, and a wrong type is a `BadAnswer` that names the field.
`tokentui.testing.ProviderContract` is the suite that every adapter passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from datetime import datetime

    from tokentui.domain.about import About, SettingChoice, SettingValue
    from tokentui.domain.account import AccountOffer
    from tokentui.domain.lifetime import LifetimePolicy, Term
    from tokentui.domain.model import (
        Account,
        Credential,
        Detail,
        FieldValue,
        Identity,
        Instance,
        Issued,
        Kind,
        Offer,
        Order,
        Page,
        ProfileName,
        Target,
        Verification,
    )
    from tokentui.domain.profile import AuthSettings
    from tokentui.domain.recipe import Recipe
    from tokentui.domain.secret import Secret
    from tokentui.providers.http import Http


class Provider(Protocol):
    """One profile's connection to its system. All instants are aware UTC.

    Every method may raise a `ProviderError`; none retries what makes something.
    """

    async def identity(self) -> Identity:
        """Make one harmless call: reachable, who am I, may I issue, whose clock is off."""

    def instances(self) -> AsyncIterator[Page[Instance]]:
        """Give what credentials open, page by page as answers arrive."""

    def accounts(self) -> AsyncIterator[Page[Account]]:
        """Give the accounts that own credentials; nothing where there are none."""

    def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        """Give what the system lists for a target; nothing where it lists nothing."""

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        """Say what can be made for a target now; an impossible offer carries its reason."""

    async def issue(self, order: Order) -> Issued:
        """Send the one request that makes a credential; never repeat it.

        Raises a `ProviderError` whose `outcome` says whether the credential may exist. A lost
        answer is `REFUSED` only where what may exist was ended for certain.
        """

    async def verify(self, issued: Issued) -> Verification:
        """Make one harmless call with the new secret; a failed call is an answer, not an error."""

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        """Give texts that show how to use a credential of this kind; nothing where there are none.

        They hold slots instead of secrets, so they can be asked for at any time.
        """

    async def aclose(self) -> None:
        """Give back connections."""


@runtime_checkable
class Describes(Protocol):
    """The ability to say more of a target than its list does."""

    async def details(self, of: Target) -> tuple[Detail, ...]: ...


@runtime_checkable
class CreatesAccounts(Protocol):
    """The ability to make accounts."""

    async def account_offers(self) -> tuple[AccountOffer, ...]:
        """Say where accounts can be made and what is asked for; may ask the system."""

    async def create_account(
        self, offer: AccountOffer, values: Mapping[str, FieldValue]
    ) -> Account:
        """Make one with one request, which is never repeated."""


@runtime_checkable
class RenamesAccounts(Protocol):
    """The ability to give an account another name."""

    async def rename_account(self, account: Account, name: str) -> None: ...


@runtime_checkable
class RegroupsAccounts(Protocol):
    """The ability to give an account other rights."""

    async def regroup_account(self, account: Account, group: str) -> None: ...


@runtime_checkable
class DeletesAccounts(Protocol):
    """The ability to delete an account with all that it owns.

    Raises `NotFound` for one that the server does not know: the services look whether it is gone.
    """

    async def delete_account(self, account: Account) -> None: ...


@runtime_checkable
class Revokes(Protocol):
    """The ability to end a credential.

    Raises `NotFound` for one that the server does not know: the services look whether it is gone.
    """

    async def revoke(self, credential: Credential) -> None: ...


@runtime_checkable
class Regenerates(Protocol):
    """The ability to replace a credential's secret in place; the old one dies at once."""

    async def regenerate(self, credential: Credential) -> Issued: ...


@runtime_checkable
class Renames(Protocol):
    """The ability to give a credential another name."""

    async def rename(self, credential: Credential, name: str) -> None: ...


@runtime_checkable
class Switches(Protocol):
    """The ability to switch a credential off and on again."""

    async def set_active(self, credential: Credential, active: bool) -> None: ...


@runtime_checkable
class MovesEnds(Protocol):
    """The ability to move the end of a credential that exists."""

    def new_ends(self, credential: Credential) -> LifetimePolicy:
        """Say which ends it can be given."""

    async def move_end(self, credential: Credential, term: Term) -> None: ...


@dataclass(frozen=True, slots=True)
class Connection:
    """What a provider is given for one profile.

    `lookup` finds a secret that was stored under a name; `clock` gives the time now, aware UTC.
    """

    profile: ProfileName
    settings: Mapping[str, SettingValue]
    auth: AuthSettings
    http: Http
    lookup: Callable[[str], Awaitable[Secret | None]]
    clock: Callable[[], datetime]


class ProviderPlugin(Protocol):
    """What an entry point of the group `tokentui.providers` names."""

    @property
    def about(self) -> About: ...

    def connect(self, connection: Connection) -> Provider:
        """Build the adapter; does no I/O. Raises `ConfigError` for settings that cannot work."""


@runtime_checkable
class Suggests(Protocol):
    """What a plug-in has that finds values for a setting before a profile is complete."""

    async def suggest(self, connection: Connection, setting: str) -> tuple[SettingChoice, ...]:
        """Ask the system what the setting could be; nothing for settings that it knows not."""
