"""Plain Kubernetes: service accounts and their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.providers.kubernetes.about import ABOUT

if TYPE_CHECKING:
    from tokentui.domain.about import About, SettingChoice
    from tokentui.providers.base import Connection, Provider, ProviderPlugin

__all__ = ["PROVIDER"]


class _Kubernetes:
    """The plug-in; what it connects is imported when it is connected."""

    @property
    def about(self) -> About:
        return ABOUT

    def connect(self, connection: Connection) -> Provider:
        from tokentui.providers.kubernetes.provider import connect

        return connect(connection)

    async def suggest(self, connection: Connection, setting: str) -> tuple[SettingChoice, ...]:
        from tokentui.providers.kubernetes.suggesting import suggest

        return await suggest(connection, setting)


PROVIDER: ProviderPlugin = _Kubernetes()
