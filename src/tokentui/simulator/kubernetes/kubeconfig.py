"""The kubeconfig of those who use the clusters.

Source: client-go 32ce75a tools/clientcmd/api/v1 and pkg/apis/clientauthentication/v1, read
2026-08-21.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import yaml

from tokentui.simulator.kubernetes.store import encoded
from tokentui.simulator.kubernetes.users import (
    ADMIN,
    CERTIFIED,
    MINTER,
    PLATFORM_GROUP,
    SHARED_NAMESPACE,
    VIEWER,
    token_of,
)

if TYPE_CHECKING:
    from tokentui.simulator.certificates import TlsIdentity
    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.kubernetes.store import Json
    from tokentui.simulator.kubernetes.world import KubernetesWorld

EXEC_VERSION: Final = "client.authentication.k8s.io/v1"


def kubeconfig(world: KubernetesWorld, authority: TlsIdentity) -> str:
    """Return the file with one context for each way to sign in."""
    lab, old = world.lab, world.old
    users = {
        "lab": {"token": token_of(lab, ADMIN)},
        "lab-viewer": {"token": token_of(lab, VIEWER)},
        "lab-exec": {"exec": _exec(token_of(lab, MINTER))},
        "lab-cert": _certificate(authority),
        "old": {"token": token_of(old, ADMIN)},
        "old-viewer": {"token": token_of(old, VIEWER)},
    }
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [_cluster(one) for one in (lab, old)],
        "users": [{"name": name, "user": user} for name, user in users.items()],
        "contexts": [_context(name) for name in users],
        "current-context": "lab",
    }
    return yaml.safe_dump(content, sort_keys=False)


def _cluster(cluster: KubernetesCluster) -> Json:
    authority = encoded(cluster.ground.ca_pem)
    return {
        "name": cluster.id,
        "cluster": {"server": cluster.url, "certificate-authority-data": authority},
    }


def _context(name: str) -> Json:
    cluster, _, restricted = name.partition("-")
    where = {"namespace": SHARED_NAMESPACE} if restricted else {}
    return {"name": name, "context": {"cluster": cluster, "user": name, **where}}


def _exec(token: str) -> Json:
    """Return a plugin that needs no file: `echo` prints its answer."""
    answer = {"apiVersion": EXEC_VERSION, "kind": "ExecCredential", "status": {"token": token}}
    return {
        "apiVersion": EXEC_VERSION,
        "command": "echo",
        "args": [json.dumps(answer)],
        "interactiveMode": "Never",
    }


def _certificate(authority: TlsIdentity) -> Json:
    pair = authority.client(CERTIFIED, PLATFORM_GROUP)
    return {
        "client-certificate-data": encoded(pair.certificate_pem),
        "client-key-data": encoded(pair.key_pem),
    }
