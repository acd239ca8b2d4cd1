"""The installations of the simulated KKP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.kubermatic.model import Cluster
    from tokentui.simulator.kubermatic.server import KubermaticServer

MAIN: Final = "imke"
CURRENT: Final = "2.31"
OLDER: Final = ("2.16", "2.17", "2.21", "2.22", "2.23")


class KubermaticWorld:
    """The installations by name."""

    def __init__(self, servers: Sequence[KubermaticServer]) -> None:
        self.servers = {server.name: server for server in servers}

    @property
    def main(self) -> KubermaticServer:
        """The installation of today."""
        return self.servers[MAIN]

    def older(self, version: str) -> KubermaticServer:
        """Return the installation that started with an older version; raises KeyError."""
        return self.servers[f"{MAIN}-{version}"]

    def cluster(self, cluster_id: str) -> Cluster | None:
        """Return the cluster with that id, whichever installation it is of."""
        for server in self.servers.values():
            if cluster_id in server.clusters:
                return server.clusters[cluster_id]
        return None

    def mint_count(self) -> int:
        """Return how many tokens of service accounts were made or regenerated."""
        return sum(server.mints for server in self.servers.values())
