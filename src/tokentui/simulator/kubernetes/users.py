"""The people who use the clusters and what they may do.

| user | signs in with | may |
| --- | --- | --- |
| admin | token | everything |
| viewer | token | look into `build`, see no Secrets, mint nothing |
| mia | an exec plugin's token | see and mint service accounts of `build` |
| carol | client certificate | everything inside any namespace, as a member of `platform` |
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.identity import AUTHENTICATED, MASTERS, Identity
from tokentui.simulator.kubernetes.rbac_defaults import (
    READ,
    bind_cluster_role,
    bind_role,
    rule,
    subject,
)
from tokentui.simulator.kubernetes.resources import ROLES

if TYPE_CHECKING:
    from tokentui.simulator.kubernetes.cluster import KubernetesCluster

ADMIN: Final = "admin"
VIEWER: Final = "viewer"
MINTER: Final = "mia"
CERTIFIED: Final = "carol"
PLATFORM_GROUP: Final = "platform"
SHARED_NAMESPACE: Final = "build"


def add_users(cluster: KubernetesCluster) -> None:
    """Give a cluster its users with new tokens, and their roles."""
    groups = {ADMIN: (MASTERS, AUTHENTICATED)}
    for name in (ADMIN, VIEWER, MINTER):
        user = Identity(cluster.text(name), groups.get(name, (AUTHENTICATED,)))
        cluster.users[secrets.token_hex(16)] = user
    store = cluster.store
    rules = [
        rule(READ, "serviceaccounts"),
        rule(("create",), "serviceaccounts/token"),
    ]
    store.add(ROLES, SHARED_NAMESPACE, "minter", {"rules": rules})
    mia = subject("User", cluster.text(MINTER))
    bind_role(store, SHARED_NAMESPACE, "minters", "minter", mia)
    bind_role(store, SHARED_NAMESPACE, "viewers", "view", subject("User", cluster.text(VIEWER)))
    bind_cluster_role(store, "platform", "admin", subject("Group", PLATFORM_GROUP))


def token_of(cluster: KubernetesCluster, name: str) -> str:
    """Return the token of a user; raises StopIteration if there is none."""
    wanted = cluster.text(name)
    return next(token for token, user in cluster.users.items() if user.name == wanted)
