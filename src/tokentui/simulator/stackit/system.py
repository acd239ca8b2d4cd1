"""The simulated STACKIT as the frame sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount

from tokentui.simulator.stackit.access_tokens import AccessTokens
from tokentui.simulator.stackit.control import instance_control
from tokentui.simulator.stackit.edge_api import EdgeApi
from tokentui.simulator.stackit.edge_cluster import EdgeClusters
from tokentui.simulator.stackit.edge_mint import EdgeMint
from tokentui.simulator.stackit.hostile import HOSTILE_HEADER_SUFFIX, hostile_text
from tokentui.simulator.stackit.key_file import key_file, token_endpoint
from tokentui.simulator.stackit.model import REGIONS
from tokentui.simulator.stackit.seeds import NO_EDGE
from tokentui.simulator.stackit.token_api import TokenApi
from tokentui.simulator.stackit.trace import TraceIds
from tokentui.simulator.stackit.world import (
    EDGE_KUBERNETES_PREFIX,
    EDGE_PREFIX,
    SERVICE_ACCOUNT_PREFIX,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.world import StackitWorld
    from tokentui.simulator.system import HomePaths

ADMIN_KEY_FILE = "stackit-key.json"
READER_KEY_FILE = "stackit-reader-key.json"


class StackitSystem:
    """Edge Cloud, the token endpoint and the clusters of the instances."""

    name = "stackit"

    def __init__(self, world: StackitWorld) -> None:
        self._world = world
        self.tokens = AccessTokens(world)
        self._mint = EdgeMint(world)

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return the Edge API and the token endpoint."""
        edge = EdgeApi(self._world, self.tokens, self._mint).app()
        accounts = TokenApi(self._world, self.tokens).app()
        return [
            Mount(EDGE_PREFIX, TraceIds(edge, self._trace_suffix)),
            Mount(SERVICE_ACCOUNT_PREFIX, TraceIds(accounts, self._trace_suffix)),
        ]

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the clusters and their web pages."""
        return EdgeClusters(self._world, self._mint).routes()

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that show and change instances."""
        return instance_control(self._world)

    def mints(self) -> int:
        """Return how many Edge credentials were made."""
        return self._world.mint_count()

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile of the admin."""
        ground = self._world.ground
        projects = {p.name: p.id for p in self._world.projects.values() if p.name != NO_EDGE}
        return {
            "provider": "stackit",
            "projects": projects,
            "regions": list(REGIONS),
            "endpoints": {
                "edge": ground.base_url + EDGE_PREFIX,
                "token": token_endpoint(self._world),
                "edge_kubernetes": f"{ground.tls_url}{EDGE_KUBERNETES_PREFIX}/{{id}}",
            },
            "ca_file": str(paths.ca_file),
            "auth": {
                "method": "service-account-key",
                "path": str(paths.secrets / ADMIN_KEY_FILE),
            },
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return the key files of the admin and of the reader."""
        return {
            ADMIN_KEY_FILE: key_file(self._world, self._world.key_of(may_write=True)),
            READER_KEY_FILE: key_file(self._world, self._world.key_of(may_write=False)),
        }

    def _trace_suffix(self) -> str:
        return HOSTILE_HEADER_SUFFIX if self._world.text is hostile_text else ""
