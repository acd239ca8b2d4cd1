"""The clusters that the simulator can start with, laid out around the present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.kubernetes.cluster import KubernetesCluster
from tokentui.simulator.kubernetes.controllers import DEFAULT_ACCOUNT, token_secret
from tokentui.simulator.kubernetes.hostile import make_hostile
from tokentui.simulator.kubernetes.rbac_defaults import bind_role, subject
from tokentui.simulator.kubernetes.resources import (
    NAMESPACES,
    NODES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
)
from tokentui.simulator.kubernetes.store import encoded, instant
from tokentui.simulator.kubernetes.tokens import LAST_USED_LABEL
from tokentui.simulator.kubernetes.users import SHARED_NAMESPACE, add_users
from tokentui.simulator.kubernetes.world import LAB, OLD, KubernetesWorld
from tokentui.simulator.stackit.hostile_texts import HOSTILE_HEADER_SUFFIX, hostile_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tokentui.simulator.ground import Ground
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json

LAB_VERSION: Final = "v1.34.1"
OLD_VERSION: Final = "v1.20.2"

_BIRTH_DAYS: Final = 500
_ACCOUNTS: Final = (
    ("build", "deployer", 220),
    ("build", "release-bot", 90),
    ("ci", "gitlab-runner", 400),
    ("ci", "argocd", 130),
    ("monitoring", "prometheus", 480),
    ("monitoring", "grafana", 60),
)
_ROWS_A_NAMESPACE: Final = 100
_OWNED: Final = {"app.kubernetes.io/managed-by": "tokentui"}


def empty(ground: Ground) -> KubernetesWorld:
    """Return both clusters with their users and no service account but `default`."""
    return _empty(ground, str)


def monday(ground: Ground) -> KubernetesWorld:
    """Return an ordinary working day."""
    return _monday(ground, str)


def rows(ground: Ground, number: int) -> KubernetesWorld:
    """Return that many service accounts on the first cluster, beside `default`."""
    world = empty(ground)
    for index in range(number):
        namespace = f"team-{index // _ROWS_A_NAMESPACE:03d}"
        if index % _ROWS_A_NAMESPACE == 0:
            _add_namespace(world.lab, namespace)
        _add_account(world.lab, namespace, f"sa{index:05d}", index % 300)
    return world


def hostile(ground: Ground) -> KubernetesWorld:
    """Return the ordinary day with servers that write harm into every text."""
    world = _monday(ground, hostile_text)
    for cluster in world.clusters.values():
        cluster.header_suffix = HOSTILE_HEADER_SUFFIX
        make_hostile(cluster)
    return world


def _empty(ground: Ground, text: Callable[[str], str]) -> KubernetesWorld:
    clusters = [
        KubernetesCluster(ground, LAB, LAB_VERSION, text),
        KubernetesCluster(ground, OLD, OLD_VERSION, text),
    ]
    for cluster in clusters:
        for name in ("default", "kube-system", SHARED_NAMESPACE):
            _add_namespace(cluster, name)
        add_users(cluster)
    return KubernetesWorld(clusters)


def _monday(ground: Ground, text: Callable[[str], str]) -> KubernetesWorld:
    world = _empty(ground, text)
    _fill_lab(world.lab)
    _fill_old(world.old)
    return world


def _fill_lab(cluster: KubernetesCluster) -> None:
    for name in ("ci", "monitoring", "demo"):
        _add_namespace(cluster, name)
    for namespace, name, age in _ACCOUNTS:
        _add_account(cluster, namespace, name, age)
    _add_legacy(cluster, "build", "deployer-manual-q8d2x", "deployer", 219)
    runner = _add_legacy(cluster, "ci", "gitlab-runner-token", "gitlab-runner", 399)
    used = (cluster.ground.clock.now() - timedelta(days=3)).date().isoformat()
    runner["metadata"]["labels"] = {LAST_USED_LABEL: used}
    _add_legacy(cluster, "monitoring", "grafana-token", "grafana", 59)
    anchor = {"metadata": {"labels": _OWNED}, "type": "Opaque"}
    _add(cluster, SECRETS, "build", "tokentui-deployer-1", anchor, 12)
    password = {"data": {"password": encoded("correct-horse-battery")}, "type": "Opaque"}
    _add(cluster, SECRETS, "build", "registry", password, 40)
    _add(cluster, PODS, "ci", "runner-0", {"spec": {"containers": []}, "status": {}}, 2)
    _add(cluster, NODES, "", "node-1", {"spec": {}, "status": {}}, 300)
    deployer = subject("ServiceAccount", "deployer", "build")
    bind_role(cluster.store, "build", "deployer", "edit", deployer)


def _fill_old(cluster: KubernetesCluster) -> None:
    _add_namespace(cluster, "ci")
    for namespace, name, age in (("build", "deployer", 480), ("ci", "jenkins", 470)):
        _add_account(cluster, namespace, name, age)


def _add_namespace(cluster: KubernetesCluster, name: str, age: int = _BIRTH_DAYS) -> None:
    body = {
        "metadata": {"labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }
    _add(cluster, NAMESPACES, "", name, body, age)
    _add_account(cluster, name, DEFAULT_ACCOUNT, age)


def _add_account(cluster: KubernetesCluster, namespace: str, name: str, age: int) -> None:
    _add(cluster, SERVICE_ACCOUNTS, namespace, name, {}, age)
    cluster.controllers.account_made((namespace, name), is_counted=False)


def _add_legacy(
    cluster: KubernetesCluster, namespace: str, name: str, account: str, age: int
) -> Json:
    secret = _add(cluster, SECRETS, namespace, name, token_secret(account), age)
    cluster.controllers.secret_made((namespace, name), is_counted=False)
    return secret


def _add(
    cluster: KubernetesCluster,
    resource: Resource,
    namespace: str,
    name: str,
    body: dict[str, Any],
    age: int,
) -> Json:
    """Put in an object made that many days ago."""
    added = cluster.store.add(resource, namespace, name, body)
    made = cluster.ground.clock.now() - timedelta(days=age)
    added["metadata"]["creationTimestamp"] = instant(made)
    return added
