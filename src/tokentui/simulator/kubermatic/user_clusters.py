"""The Kubernetes APIs of the user clusters.

That the admin token is a cluster-admin's is KKP's documentation; the names of the users and the
viewers' group are inferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.routing import Mount

from tokentui.simulator.kubermatic.cluster_account_api import NAMESPACES
from tokentui.simulator.kubermatic.server import CLUSTERS_PREFIX
from tokentui.simulator.kubernetes_api import Cluster, KubernetesApi, KubernetesUser

if TYPE_CHECKING:
    from tokentui.simulator.kubermatic.world import KubermaticWorld

_ALL: Final = "system:authenticated"
_ADMIN: Final = KubernetesUser("admin", ("system:masters", _ALL))
_VIEWER: Final = KubernetesUser("viewer", ("viewers", _ALL))


class UserClusters:
    """Answers for every cluster of every installation to the tokens that are good now."""

    def __init__(self, world: KubermaticWorld) -> None:
        self._world = world

    def route(self) -> Mount:
        """Return the route of the TLS listener."""
        api = KubernetesApi(self._find, self._user, self._world.main.text)
        return Mount(CLUSTERS_PREFIX + "/{cluster_id}", api.app())

    def _find(self, cluster_id: str) -> Cluster | None:
        cluster = self._world.cluster(cluster_id)
        if cluster is None:
            return None
        defaults = [(namespace, "default") for namespace in NAMESPACES]
        accounts = dict.fromkeys([*defaults, *cluster.accounts])
        version = f"v{cluster.version}"
        return Cluster(cluster.created, version, NAMESPACES, tuple(accounts))

    def _user(self, cluster_id: str, token: str) -> KubernetesUser | None:
        cluster = self._world.cluster(cluster_id)
        if cluster is None:
            return None
        if token == cluster.admin_token:
            return _ADMIN
        if token == cluster.viewer_token:
            return _VIEWER
        for account in cluster.accounts.values():
            if token == account.secret:
                name = f"system:serviceaccount:{account.namespace}:{account.name}"
                groups = ("system:serviceaccounts", f"system:serviceaccounts:{account.namespace}")
                return KubernetesUser(name, (*groups, _ALL))
        return None
