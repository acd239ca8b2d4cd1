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

    from tokentui.domain.about import About, SettingValue
    from tokentui.domain.lifetime import Term
    from tokentui.domain.model import (
        Account,
        Credential,
        Identity,
        Instance,
        Issued,
        Offer,
        Order,
        Page,
        ProfileName,
        Target,
        Verification,
    )
    from tokentui.domain.profile import AuthSettings
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

        Raises a `ProviderError` whose `outcome` says whether the credential may exist.
        """

    async def verify(self, issued: Issued) -> Verification:
        """Make one harmless call with the new secret; a failed call is an answer, not an error."""

    async def aclose(self) -> None:
        """Give back connections."""


@runtime_checkable
class Revokes(Protocol):
    """The ability to end a credential."""

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
