"""Cloudfleet: API tokens of an organization, and its CFKE clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.providers.cloudfleet.about import ABOUT

if TYPE_CHECKING:
    from tokentui.domain.about import About
    from tokentui.providers.base import Connection, Provider, ProviderPlugin

__all__ = ["PROVIDER"]


class _Cloudfleet:
    """The plug-in; what it connects is imported when it is connected."""

    @property
    def about(self) -> About:
        return ABOUT

    def connect(self, connection: Connection) -> Provider:
        from tokentui.providers.cloudfleet.provider import connect

        return connect(connection)


PROVIDER: ProviderPlugin = _Cloudfleet()
