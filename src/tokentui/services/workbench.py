"""All use-cases over one configuration: what both faces are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.services.overview import Overview, overview

if TYPE_CHECKING:
    from datetime import tzinfo

    from tokentui.domain.about import About
    from tokentui.domain.profile import Config
    from tokentui.services.deliver import Delivering
    from tokentui.services.inventory import Inventory
    from tokentui.services.issue import Issuing
    from tokentui.services.journal import Journal
    from tokentui.services.ports import Clock, Connections, Ledger


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
    journal: Journal
    clock: Clock
    zone: tzinfo

    async def overview(self) -> Overview:
        """Read the ledger anew."""
        return overview(self.ledger, self.clock())
