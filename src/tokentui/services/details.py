"""What a provider tells of a target beyond its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.providers.base import Describes

if TYPE_CHECKING:
    from tokentui.domain.model import Detail, Target
    from tokentui.services.ports import Connections


async def details(connections: Connections, target: Target) -> tuple[Detail, ...] | None:
    """Ask once for the details of a target; None: its provider knows no more than it lists.

    Raises a `ProviderError`.
    """
    provider = connections.provider(target.profile)
    return await provider.details(target) if isinstance(provider, Describes) else None
