"""StackState, now SUSE Observability: service tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.providers.stackstate.about import ABOUT

if TYPE_CHECKING:
    from tokentui.domain.about import About
    from tokentui.providers.base import Connection, Provider, ProviderPlugin

__all__ = ["PROVIDER"]


class _Stackstate:
    """The plug-in; what it connects is imported when it is connected."""

    @property
    def about(self) -> About:
        return ABOUT

    def connect(self, connection: Connection) -> Provider:
        from tokentui.providers.stackstate.provider import connect

        return connect(connection)


PROVIDER: ProviderPlugin = _Stackstate()
