"""The simulated STACKIT as the frame sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Mount

from tokentui.simulator.stackit.access_tokens import AccessTokens
from tokentui.simulator.stackit.account_wire import token_endpoint
from tokentui.simulator.stackit.control import instance_control
from tokentui.simulator.stackit.control_credentials import CredentialControl
from tokentui.simulator.stackit.edge_api import EdgeApi
from tokentui.simulator.stackit.edge_cluster import EdgeClusters
from tokentui.simulator.stackit.edge_mint import EdgeMint
from tokentui.simulator.stackit.hostile_texts import HOSTILE_HEADER_SUFFIX, hostile_text
from tokentui.simulator.stackit.identity_provider_api import (
    IdentityProviderApi,
    identity_provider_endpoint,
)
from tokentui.simulator.stackit.key_file import key_file
from tokentui.simulator.stackit.model import REGIONS
from tokentui.simulator.stackit.observability_api import ObservabilityApi
from tokentui.simulator.stackit.observability_gateway import ObservabilityGateway
from tokentui.simulator.stackit.resource_manager_api import ResourceManagerApi
from tokentui.simulator.stackit.seeds import NO_EDGE
from tokentui.simulator.stackit.service_account_app import service_account_app
from tokentui.simulator.stackit.trace import TraceIds
from tokentui.simulator.stackit.workload_tokens import WorkloadTokens
from tokentui.simulator.stackit.world import (
    EDGE_KUBERNETES_PREFIX,
    EDGE_PREFIX,
    IDENTITY_PROVIDER_PREFIX,
    OBSERVABILITY_PREFIX,
    RESOURCE_MANAGER_PREFIX,
    SERVICE_ACCOUNT_PREFIX,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.world import StackitWorld
    from tokentui.simulator.system import HomePaths

ADMIN_KEY_FILE = "stackit-key.json"
READER_KEY_FILE = "stackit-reader-key.json"
WORKLOAD_TOKEN_FILE = "stackit-workload-token.jwt"  # noqa: S105 - the name of a file
_WORKLOAD_TOKEN_LIFE = timedelta(days=30)


class StackitSystem:
    """Edge Cloud with its clusters, Observability, service accounts and the resource manager."""

    name = "stackit"

    def __init__(self, world: StackitWorld) -> None:
        self._world = world
        self.tokens = AccessTokens(world)
        self._mint = EdgeMint(world)
        self._workloads = WorkloadTokens(world)

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return every API, each with trace ids."""
        apps = {
            EDGE_PREFIX: EdgeApi(self._world, self.tokens, self._mint).app(),
            SERVICE_ACCOUNT_PREFIX: service_account_app(self._world, self.tokens),
            OBSERVABILITY_PREFIX: ObservabilityApi(self._world, self.tokens).app(),
            RESOURCE_MANAGER_PREFIX: ResourceManagerApi(self._world, self.tokens).app(),
            IDENTITY_PROVIDER_PREFIX: IdentityProviderApi(
                self._world, self.tokens, self._workloads
            ).app(),
        }
        return [Mount(at, TraceIds(app, self._trace_suffix)) for at, app in apps.items()]

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return what stands behind the addresses of Edge and Observability instances."""
        clusters = EdgeClusters(self._world, self._mint).routes()
        return [*clusters, *ObservabilityGateway(self._world).routes()]

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that show and change what exists."""
        credentials = CredentialControl(self._world, self._workloads).routes()
        return [*instance_control(self._world), *credentials]

    def mints(self) -> int:
        """Return how many credentials of any kind were made."""
        return self._world.mint_count() + self._world.made.total()

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
                "observability": ground.base_url + OBSERVABILITY_PREFIX,
                "service_account": ground.base_url + SERVICE_ACCOUNT_PREFIX,
                "resource_manager": ground.base_url + RESOURCE_MANAGER_PREFIX,
                "identity_provider": identity_provider_endpoint(self._world),
            },
            "ca_file": str(paths.ca_file),
            "auth": {
                "method": "service-account-key",
                "path": str(paths.secrets / ADMIN_KEY_FILE),
            },
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return the key files of the admin and of the reader, and the admin's workload token."""
        admin_key = self._world.key_of(may_write=True)
        return {
            WORKLOAD_TOKEN_FILE: self._workloads.sign(admin_key.identity, _WORKLOAD_TOKEN_LIFE),
            ADMIN_KEY_FILE: key_file(self._world, admin_key),
            READER_KEY_FILE: key_file(self._world, self._world.key_of(may_write=False)),
        }

    def _trace_suffix(self) -> str:
        return HOSTILE_HEADER_SUFFIX if self._world.text is hostile_text else ""
