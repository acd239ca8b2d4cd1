"""The state of the simulated clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster

LAB: Final = "lab"
OLD: Final = "old"


class KubernetesWorld:
    """The clusters by id."""

    def __init__(self, clusters: Sequence[KubernetesCluster]) -> None:
        self.clusters = {cluster.id: cluster for cluster in clusters}

    @property
    def lab(self) -> KubernetesCluster:
        """The cluster of today."""
        return self.clusters[LAB]

    @property
    def old(self) -> KubernetesCluster:
        """The cluster of 2020."""
        return self.clusters[OLD]

    def mint_count(self) -> int:
        """Return how many tokens the clusters made."""
        return sum(cluster.mints() for cluster in self.clusters.values())
