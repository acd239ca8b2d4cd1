"""What the sources list, for commands that wait for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.cli.output import note
from tokentui.domain.errors import ExitCode
from tokentui.services.listing import EVERYTHING, What

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tokentui.domain.model import Account, Instance, ProfileName
    from tokentui.services.listing import Listing, Source
    from tokentui.services.workbench import Workbench


async def last_listings(
    workbench: Workbench, names: Sequence[ProfileName], what: frozenset[What] = EVERYTHING
) -> tuple[Listing, ...]:
    """Ask all profiles side by side and wait for them; gives each one's last state.

    The ledger learns from them what was ended or made elsewhere.
    """
    final = {}
    async for listing in workbench.listings(names, what):
        final[listing.source.profile] = listing
    return tuple(final.values())


async def listed_instances(
    workbench: Workbench, names: Sequence[ProfileName]
) -> tuple[tuple[Instance, ...], tuple[Source, ...]]:
    """Ask for instances alone; what did not answer is left out."""
    listings = await last_listings(workbench, names, frozenset({What.INSTANCES}))
    instances = tuple(
        instance
        for listing in listings
        for instance in listing.instances
        if instance.id in listing.answered
    )
    return instances, tuple(listing.source for listing in listings)


async def listed_accounts(
    workbench: Workbench, names: Sequence[ProfileName]
) -> tuple[tuple[Account, ...], tuple[Source, ...]]:
    """Ask for accounts alone; what did not answer is left out."""
    listings = await last_listings(workbench, names, frozenset({What.ACCOUNTS}))
    accounts = tuple(
        account
        for listing in listings
        for account in listing.accounts
        if account.id in listing.answered_accounts
    )
    return accounts, tuple(listing.source for listing in listings)


def tell_errors(sources: Iterable[Source]) -> ExitCode:
    """Say which source failed; gives the exit code of the first error."""
    errors = [(source.profile, error) for source in sources for error in source.errors]
    for profile, error in errors:
        note(f"tokentui: {profile}: {error.sentence}")
    return errors[0][1].exit_code if errors else ExitCode.DONE
