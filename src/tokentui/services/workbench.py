"""All use-cases over one configuration: what both faces are given."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError
from tokentui.services.listing import EVERYTHING, Listing, What
from tokentui.services.overview import Overview, overview

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import tzinfo

    from tokentui.domain.about import About
    from tokentui.domain.model import ProfileName
    from tokentui.domain.profile import Config
    from tokentui.services.accounts import Accounts
    from tokentui.services.deliver import Delivering
    from tokentui.services.inventory import Inventory
    from tokentui.services.issue import Issuing
    from tokentui.services.journal import Journal
    from tokentui.services.managing import Managing
    from tokentui.services.pasted import Pasting
    from tokentui.services.ports import Clock, Connections, Ledger
    from tokentui.services.recipes import Recipes
    from tokentui.services.reconcile import Reconciling


@dataclass(frozen=True, slots=True)
class Workbench:
    """Everything that a face can do; lives on the engine's loop.

    `abouts` are the providers of the profiles that can be used.
    """

    config: Config
    abouts: tuple[About, ...]
    connections: Connections
    ledger: Ledger
    inventory: Inventory
    issuing: Issuing
    delivering: Delivering
    managing: Managing
    accounts: Accounts
    recipes: Recipes
    pasting: Pasting
    reconciling: Reconciling
    journal: Journal
    clock: Clock
    zone: tzinfo

    async def listings(
        self, profiles: Sequence[ProfileName], what: frozenset[What] = EVERYTHING
    ) -> AsyncIterator[Listing]:
        """Ask profiles side by side; the ledger learns from what came whole."""
        async for listing in self.inventory.refresh(profiles, what):
            with suppress(StorageError):  # a full disk is no reason to hide the list
                await self.reconciling.settle(listing)
            yield listing

    async def overview(self) -> Overview:
        """Read the ledger anew."""
        return overview(self.ledger, self.clock())
