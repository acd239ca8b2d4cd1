"""Setting up profiles: the real configuration file and the real systems behind the use-case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.bootstrap.connected import connection
from tokentui.providers.base import Suggests
from tokentui.providers.registry import Registry
from tokentui.services.profiles import Profiles
from tokentui.storage.config_edit import ConfigEditor
from tokentui.storage.paths import Paths
from tokentui.storage.secrets_memory import MemorySecrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.about import About, SettingChoice
    from tokentui.domain.model import ProviderKey
    from tokentui.domain.profile import Profile
    from tokentui.providers.base import Connection, Provider
    from tokentui.services.journal import Journal
    from tokentui.services.ports import Clock, SecretStore
    from tokentui.services.workbench import Workbench


class KnownSystems:
    """The providers that can be used, for profiles that are not configured."""

    def __init__(
        self, registry: Registry, secrets: SecretStore, journal: Journal, clock: Clock
    ) -> None:
        self._registry = registry
        self._secrets = secrets
        self._journal = journal
        self._clock = clock

    def about(self, provider: ProviderKey) -> About:
        return self._registry.load(provider).about

    def connect(self, profile: Profile) -> Provider:
        return self._registry.load(profile.provider).connect(self._connection(profile))

    async def suggest(self, profile: Profile, setting: str) -> tuple[SettingChoice, ...]:
        plugin = self._registry.load(profile.provider)
        if not isinstance(plugin, Suggests):
            return ()
        made = self._connection(profile)
        try:
            return await plugin.suggest(made, setting)
        finally:
            await made.http.aclose()

    def _connection(self, profile: Profile) -> Connection:
        return connection(profile, self._secrets, self._journal, self._clock)


def profiles_for(environ: Mapping[str, str], workbench: Workbench) -> Profiles:
    """Give the use-case over the configuration that the workbench was opened with."""
    paths = Paths.find(environ)
    systems = KnownSystems(Registry(), MemorySecrets(), workbench.journal, workbench.clock)
    return Profiles(ConfigEditor(paths.config_file, paths.state_folder), systems)
