"""Clients of the simulated Kubernetes clusters."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tokentui.simulator.kubernetes.users import ADMIN, token_of

if TYPE_CHECKING:
    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.server import Simulator

ACCOUNTS = "/api/v1/namespaces/build/serviceaccounts"
SECRETS = "/api/v1/namespaces/build/secrets"
DEPLOYER = f"{ACCOUNTS}/deployer"
TOKEN = f"{DEPLOYER}/token"
SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
LEGACY_TYPE = "kubernetes.io/service-account-token"


def cluster_client(
    sim: Simulator, user: str = ADMIN, cluster: KubernetesCluster | None = None
) -> httpx.Client:
    """Return a client of a cluster, by default of the one of today, signed in as a user."""
    cluster = cluster or sim.world.kubernetes.lab
    return bearer_client(sim, token_of(cluster, user), cluster)


def bearer_client(
    sim: Simulator, token: str | None, cluster: KubernetesCluster | None = None
) -> httpx.Client:
    """Return a client of a cluster with this token, None: with none."""
    return httpx.Client(
        base_url=(cluster or sim.world.kubernetes.lab).url,
        headers={"authorization": f"Bearer {token}"} if token else {},
        verify=ssl.create_default_context(cadata=sim.ca_pem),
        trust_env=False,
        timeout=30,
    )


def answer_to(sim: Simulator, token: str, cluster: KubernetesCluster | None = None) -> int:
    """Return the status with which the server greets a token."""
    with bearer_client(sim, token, cluster) as client:
        return client.get("/version").status_code


def mint(client: httpx.Client, path: str = TOKEN, **spec: Any) -> httpx.Response:  # noqa: ANN401
    """Ask for a token of a service account."""
    return client.post(path, json={"spec": spec})


def legacy_secret(name: str, account: str = "deployer") -> dict[str, object]:
    """Return the body of a Secret that asks for a token."""
    annotations = {"kubernetes.io/service-account.name": account}
    return {"metadata": {"name": name, "annotations": annotations}, "type": LEGACY_TYPE}


def status_of(answer: httpx.Response) -> tuple[int, str, str]:
    """Return code, reason and message of a refusal; it must be a Status."""
    body = answer.json()
    assert (body["kind"], body["status"], body["code"]) == ("Status", "Failure", answer.status_code)
    return body["code"], body["reason"], body["message"]


def write_kubeconfig(sim: Simulator, folder: Path) -> Path:
    """Write the kubeconfig of a home."""
    file = folder / "kubeconfig"
    file.write_text(sim.kubernetes.secret_files()["kubernetes-kubeconfig"], encoding="utf-8")
    file.chmod(0o600)
    return file
