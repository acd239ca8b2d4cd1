"""The simulated StackState as the frame sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.stackstate.app import ServerApp
from tokentui.simulator.stackstate.control import server_control
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.stackstate.world import StackstateWorld
    from tokentui.simulator.system import HomePaths

ADMIN_FILE: Final = "stackstate-token"
GUEST_FILE: Final = "stackstate-guest-token"
LAB_FILE: Final = "stackstate-lab-token"


class StackstateSystem:
    """A server of today and an old one, each on both listeners."""

    name = "stackstate"

    def __init__(self, world: StackstateWorld) -> None:
        self._world = world
        self._routes = [Mount(server.path, ServerApp(server)) for server in world.servers.values()]

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return the servers."""
        return self._routes

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the same servers, for clients that know the authority."""
        return self._routes

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that show servers and set their switches."""
        return server_control(self._world)

    def mints(self) -> int:
        """Return how many service tokens and ingestion keys were made."""
        return self._world.mint_count()

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile of the admin of the server of today."""
        return {
            "provider": "stackstate",
            "url": self._world.prod.url,
            "ca_file": str(paths.ca_file),
            "auth": {"method": "file", "path": str(paths.secrets / ADMIN_FILE)},
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return the tokens of the admins of both servers and of a guest."""
        return {
            ADMIN_FILE: self._world.prod.token_named(ADMIN_TOKEN).secret + "\n",
            GUEST_FILE: self._world.prod.token_named(GUEST_TOKEN).secret + "\n",
            LAB_FILE: self._world.lab.token_named(ADMIN_TOKEN).secret + "\n",
        }
