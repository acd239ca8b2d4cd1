"""The simulated Cloudfleet as the frame sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.cloudfleet.app import CloudfleetApp
from tokentui.simulator.cloudfleet.cfke import CfkeClusters
from tokentui.simulator.cloudfleet.control import CloudfleetControl
from tokentui.simulator.cloudfleet.jwts import Jwts
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN, USER_TOKEN
from tokentui.simulator.cloudfleet.world import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.cloudfleet.world import CloudfleetWorld
    from tokentui.simulator.system import HomePaths

SECRET_FILE: Final = "cloudfleet-secret"  # noqa: S105 - the name of a file
USER_SECRET_FILE: Final = "cloudfleet-user-secret"  # noqa: S105 - the name of a file


class CloudfleetSystem:
    """The API and the token endpoint on both listeners, the clusters with TLS."""

    name = "cloudfleet"

    def __init__(self, world: CloudfleetWorld) -> None:
        self._world = world
        self.jwts = Jwts(world)
        self._mount = Mount(PREFIX, CloudfleetApp(world, self.jwts))
        self._clusters = CfkeClusters(world, self.jwts)
        self._control = CloudfleetControl(world, self.jwts)

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return API and token endpoint."""
        return [self._mount]

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the same for clients that know the authority, and the clusters."""
        return [self._mount, *self._clusters.routes()]

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that switch the wire format and show the organization."""
        return self._control.routes()

    def mints(self) -> int:
        """Return how many secrets were made, by creation or by regeneration."""
        return self._world.mint_count

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile of an administrator's token."""
        return {
            "provider": "cloudfleet",
            "url": self._world.api_url,
            "organization_id": self._world.organization.id,
            "token_url": self._world.token_url,
            "token_id": self._world.token_named(OWN_TOKEN).id,
            "ca_file": str(paths.ca_file),
            "auth": {"method": "file", "path": str(paths.secrets / SECRET_FILE)},
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return the secrets of an administrator's and of a user's token."""
        return {
            SECRET_FILE: self._world.token_named(OWN_TOKEN).secret + "\n",
            USER_SECRET_FILE: self._world.token_named(USER_TOKEN).secret + "\n",
        }
