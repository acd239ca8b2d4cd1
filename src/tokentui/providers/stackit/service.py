"""The shape that STACKIT's services share towards the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import ProviderError, Refused
from tokentui.domain.model import Page, Verification
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from tokentui.domain.model import (
        Account,
        Credential,
        Detail,
        Instance,
        Issued,
        Kind,
        Offer,
        Order,
        Target,
    )
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.http_call import Answer

T = TypeVar("T")


class Service:
    """A service that has nothing; each of STACKIT's overrides what it has.

    `target_noun` is the noun of what its credentials are made for, `kinds` what it makes.
    """

    target_noun: str
    kinds: tuple[Kind, ...]

    async def probe(self) -> Answer:
        """Make one harmless call that needs the sign-in."""
        raise NotImplementedError

    def instance_lists(self) -> Sequence[Callable[[], Awaitable[Page[Instance]]]]:
        """Give one call for each list of instances."""
        return ()

    def account_lists(self) -> Sequence[Callable[[], Awaitable[Page[Account]]]]:
        """Give one call for each list of accounts."""
        return ()

    async def credentials(self, of: Target) -> Page[Credential]:
        """List the credentials of one target."""
        return Page()

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        """Say what can be made for one target."""
        return ()

    async def issue(self, order: Order) -> Issued:
        """Make one credential with one request."""
        raise _impossible(f"make an {order.offer.kind.noun}")

    async def verify(self, issued: Issued) -> Verification:
        """Make one harmless call with a new credential."""
        return Verification(None, "it could not be checked")

    async def revoke(self, credential: Credential) -> None:
        """End one credential with one request; one that is gone is no error."""
        raise _impossible(f"end {clean(credential.name, 80)}")

    async def details(self, of: Target) -> tuple[Detail, ...]:
        """Say more of one target than its list does."""
        return ()

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        """Give texts for using a credential of one target."""
        return ()


async def page_of(page: Awaitable[Page[T]]) -> Page[T]:
    """Give a page that holds the error if its call fails."""
    try:
        return await page
    except ProviderError as error:
        return Page(failed=(error,))


def _impossible(what: str) -> Refused:
    return Refused(f"STACKIT cannot {what}", "refresh the list")
