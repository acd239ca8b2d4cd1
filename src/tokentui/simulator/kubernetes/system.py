"""The simulated clusters as the frame sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.kubernetes.app import ClustersApp
from tokentui.simulator.kubernetes.cluster import PREFIX
from tokentui.simulator.kubernetes.control import cluster_control
from tokentui.simulator.kubernetes.kubeconfig import kubeconfig
from tokentui.simulator.kubernetes.world import LAB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.certificates import TlsIdentity
    from tokentui.simulator.kubernetes.world import KubernetesWorld
    from tokentui.simulator.system import HomePaths

KUBECONFIG_FILE: Final = "kubernetes-kubeconfig"


class KubernetesSystem:
    """A cluster of today and an old one, on the TLS listener alone."""

    name = "kubernetes"

    def __init__(self, world: KubernetesWorld, authority: TlsIdentity) -> None:
        self._world = world
        self._authority = authority

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return nothing: clients send no credentials without TLS."""
        return []

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the API servers."""
        return [Mount(f"{PREFIX}/{{cluster_id}}", ClustersApp(self._world.clusters))]

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes that show clusters and set their switches."""
        return cluster_control(self._world)

    def mints(self) -> int:
        """Return how many tokens were requested or put into Secrets."""
        return self._world.mint_count()

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile of the admin of the cluster of today."""
        return {
            "provider": "kubernetes",
            "kubeconfig": str(paths.secrets / KUBECONFIG_FILE),
            "context": LAB,
            "auth": {"method": "kubeconfig"},
        }

    def secret_files(self) -> Mapping[str, str]:
        """Return the kubeconfig with every context."""
        return {KUBECONFIG_FILE: kubeconfig(self._world, self._authority)}
