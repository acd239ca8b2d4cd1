"""The Kubernetes API of every CFKE cluster.

Source: cloudfleet.ai/docs/organization/api-tokens, read 2026-08-21: a cluster sees the user of the
token, an Administrator may do what `cluster-admin` may and a User what `view` may. The groups are
not published; assumption: that of Kubernetes' masters and one for those who view.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.cloudfleet.world import CLUSTERS_PREFIX
from tokentui.simulator.kubernetes_api import Cluster, KubernetesApi, KubernetesUser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute

    from tokentui.simulator.cloudfleet.jwts import Jwts
    from tokentui.simulator.cloudfleet.model import CfkeCluster
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

ADMINISTRATOR_GROUPS: Final = ("system:masters", "system:authenticated")
USER_GROUPS: Final = ("cloudfleet:users", "system:authenticated")
_NAMESPACES: Final = ("default", "kube-system", "shop")
_SERVICE_ACCOUNTS: Final = (("default", "default"), ("shop", "default"), ("shop", "deployer"))


class CfkeClusters:
    """Lets JWTs into the clusters of the organization."""

    def __init__(self, world: CloudfleetWorld, jwts: Jwts) -> None:
        self._world = world
        self._jwts = jwts

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the TLS listener."""
        api = KubernetesApi(self._cluster, self._user, self._world.text)
        return [Mount(CLUSTERS_PREFIX + "/{cluster_id}", api.app())]

    def _cluster(self, cluster_id: str) -> Cluster | None:
        cluster = self._world.clusters.get(cluster_id)
        if cluster is None or not cluster.is_running:
            return None
        version = self._world.text(f"v{cluster.kubernetes_version}")
        return Cluster(self._created(cluster), version, _NAMESPACES, _SERVICE_ACCOUNTS)

    def _created(self, cluster: CfkeCluster) -> datetime:
        try:
            return datetime.fromisoformat(cluster.created)
        except ValueError:
            return self._world.ground.clock.now()

    def _user(self, cluster_id: str, text: str) -> KubernetesUser | None:
        del cluster_id  # A token opens every cluster of its organization.
        token = self._jwts.token_of(text)
        if token is None:
            return None
        groups = ADMINISTRATOR_GROUPS if token.is_administrator else USER_GROUPS
        return KubernetesUser(self._world.text(token.user_name), groups)
