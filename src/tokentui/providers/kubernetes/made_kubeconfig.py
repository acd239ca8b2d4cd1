"""The kubeconfig of a service account: the cluster of the context, and a token."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from tokentui.domain.secret import Secret
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.providers.kubernetes.access import Cluster
    from tokentui.providers.kubernetes.ids import AccountRef


def kubeconfig(cluster: Cluster, ref: AccountRef, token: Secret) -> Secret:
    """Give the document as JSON. A proxy and a missing check of certificates are not handed on.

    The names tell clusters and accounts apart: kubectl takes the first of two that are the same.
    """
    cluster_name = clean(cluster.name, 80)
    user = f"{ref.namespace}-{ref.name}-{cluster_name}"
    where: dict[str, object] = {"server": cluster.server}
    if cluster.authorities:
        authority = base64.b64encode(cluster.authorities.encode()).decode()
        where["certificate-authority-data"] = authority
    if cluster.server_name:
        where["tls-server-name"] = cluster.server_name
    context = {"cluster": cluster_name, "user": user, "namespace": ref.namespace}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster_name, "cluster": where}],
        "users": [{"name": user, "user": {"token": token.reveal()}}],
        "contexts": [{"name": user, "context": context}],
        "current-context": user,
    }
    return Secret(json.dumps(document))
