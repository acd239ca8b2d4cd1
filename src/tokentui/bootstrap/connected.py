"""The configured profiles and their providers, each connected when it is first asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.bootstrap.own_secret import own_secret
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.services.journal import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.domain.about import About
    from tokentui.domain.model import ProfileName, ProviderKey
    from tokentui.domain.profile import Profile
    from tokentui.providers.base import Provider, ProviderPlugin
    from tokentui.providers.http_call import JournalLine
    from tokentui.providers.registry import Registry
    from tokentui.services.journal import Journal
    from tokentui.services.ports import Clock, OwnSecret, SecretStore


class Connected:
    """Keeps one provider, and so one HTTP client, for each profile."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        registry: Registry,
        secrets: SecretStore,
        journal: Journal,
        clock: Clock,
    ) -> None:
        self._profiles = {profile.name: profile for profile in profiles}
        self._registry = registry
        self._secrets = secrets
        self._journal = journal
        self._clock = clock
        self._plugins: dict[ProviderKey, ProviderPlugin] = {}
        self._providers: dict[ProfileName, Provider] = {}

    def profiles(self) -> Sequence[Profile]:
        return tuple(self._profiles.values())

    def about(self, profile: ProfileName) -> About:
        return self._plugin(self._profiles[profile]).about

    def provider(self, profile: ProfileName) -> Provider:
        if profile not in self._providers:
            self._providers[profile] = self._connect(self._profiles[profile])
        return self._providers[profile]

    def own_secret(self, profile: ProfileName) -> OwnSecret:
        return own_secret(self._profiles[profile].auth, self._secrets)

    async def aclose(self) -> None:
        """Close every connection that was made."""
        for provider in self._providers.values():
            await provider.aclose()
        self._providers.clear()

    def _plugin(self, profile: Profile) -> ProviderPlugin:
        """Load a provider once: finding a plug-in takes tens of milliseconds."""
        if profile.provider not in self._plugins:
            self._plugins[profile.provider] = self._registry.load(profile.provider)
        return self._plugins[profile.provider]

    def _connect(self, profile: Profile) -> Provider:
        return self._plugin(profile).connect(
            connection(profile, self._secrets, self._journal, self._clock)
        )


def connection(
    profile: Profile, secrets: SecretStore, journal: Journal, clock: Clock
) -> Connection:
    """Give what a provider is given for a profile. Raises `ConfigError` for its `ca_file`."""
    settings = profile.settings
    ca_file = settings.get("ca_file")
    proxy = settings.get("proxy")
    http = Http(
        tls=tls_context(
            Path(str(ca_file)) if ca_file else None, insecure=bool(settings.get("insecure"))
        ),
        clock=clock,
        timeout_s=float(str(settings.get("timeout", 8.0))),
        proxy=str(proxy) if proxy else None,
        on_call=lambda line: journal.add(_call(profile.name, line)),
    )
    return Connection(
        profile=profile.name,
        settings=settings,
        auth=profile.auth,
        http=http,
        lookup=secrets.get,
        clock=clock,
    )


def _call(profile: ProfileName, line: JournalLine) -> Call:
    return Call(
        at=line.at,
        profile=profile,
        what=line.what,
        method=line.method,
        path=line.path,
        outcome=line.result,
        took=line.took,
    )
