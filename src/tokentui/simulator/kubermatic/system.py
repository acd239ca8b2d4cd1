"""The simulated KKP as the frame sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.kubermatic.app import server_app
from tokentui.simulator.kubermatic.control import installation_control
from tokentui.simulator.kubermatic.seeds import ADMIN, EDITOR_TOKEN, MANAGER_TOKEN, OWNER
from tokentui.simulator.kubermatic.user_clusters import UserClusters
from tokentui.simulator.kubermatic.world import MAIN, OLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.world import KubermaticWorld
    from tokentui.simulator.system import HomePaths

OWNER_FILE: Final = "imke-token"
ADMIN_FILE: Final = "imke-admin-token"
MANAGER_FILE: Final = "imke-manager-token"
EDITOR_FILE: Final = "imke-editor-token"


class KubermaticSystem:
    """An installation of today and older ones, each on both listeners, and their clusters."""

    name = MAIN

    def __init__(self, world: KubermaticWorld) -> None:
        self._world = world
        self._routes = [Mount(server.path, server_app(server)) for server in world.servers.values()]

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return the installations."""
        return self._routes

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the same installations, and the Kubernetes APIs of their clusters."""
        return [*self._routes, UserClusters(self._world).route()]

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that show installations and set their switches."""
        return installation_control(self._world)

    def mints(self) -> int:
        """Return how many tokens of service accounts were made or regenerated."""
        return self._world.mint_count()

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile of a project's owner on the installation of today."""
        return {
            "provider": "kubermatic",
            "url": self._world.main.url,
            "projects": ["shop", "data", "tools"],  # in lab the person may not list accounts
            "ca_file": str(paths.ca_file),
            "auth": {"method": "file", "path": str(paths.secrets / OWNER_FILE)},
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return ID tokens of the owner, per installation, and tokens of other roles."""
        main = self._world.main
        older = {
            f"{MAIN}-{version}-token": self._world.older(version).id_token(OWNER)
            for version in OLDER
        }
        files = {
            OWNER_FILE: main.id_token(OWNER),
            ADMIN_FILE: main.id_token(ADMIN),
            MANAGER_FILE: main.token_named(MANAGER_TOKEN).secret,
            EDITOR_FILE: main.token_named(EDITOR_TOKEN).secret,
        }
        return {name: text + "\n" for name, text in (files | older).items()}
