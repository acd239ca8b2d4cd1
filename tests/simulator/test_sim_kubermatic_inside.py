"""What KKP does inside a cluster: service accounts and bindings of roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from kubermatic_sim import (
    SERVERS,
    cluster_path,
    kubeconfig,
    message,
    opens,
    person,
    server_of,
    token_in,
)
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.server import Simulator

BEN = "ben@imke.example"


@pytest.fixture(params=SERVERS)
def server(sim: Simulator, request: pytest.FixtureRequest) -> KubermaticServer:
    return server_of(sim, request.param)


@pytest.fixture
def owner(sim: Simulator, server: KubermaticServer) -> Iterator[httpx.Client]:
    with person(sim, server=server.name) as client:
        yield client


def test_accounts_of_clusters_exist_since_2_22(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    answer = owner.get(f"{cluster_path(server)}/serviceaccount")
    if server.minor < 22:
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/plain")
    else:
        assert [one["name"] for one in answer.json()] == ["argo"]


@pytest.mark.parametrize("name", ["imke-2.23", "imke"])
def test_an_account_of_a_cluster_is_made_bound_used_and_deleted(sim: Simulator, name: str) -> None:
    server = server_of(sim, name)
    cluster, path = server.cluster_named("web"), f"{cluster_path(server)}/serviceaccount"
    with person(sim, server=name) as owner:
        body = {"name": "ci", "namespace": "cicd"}
        made = owner.post(path, json=body)
        assert made.status_code == 201
        assert made.json() == body | {
            "id": "ci",
            "creationTimestamp": made.json()["creationTimestamp"],
        }
        assert message(owner.post(path, json=body), 409) == 'serviceaccounts "ci" already exists'
        one = f"{path}/cicd/ci"
        assert owner.get(f"{one}/permissions").json() == []
        bind = {"serviceAccount": "ci", "serviceAccountNamespace": "cicd"}
        owner.post(f"{cluster_path(server)}/clusterroles/view/clusterbindings", json=bind)
        owner.post(f"{cluster_path(server)}/roles/cicd/namespace-admin/bindings", json=bind)
        assert owner.get(f"{one}/permissions").json() == [
            {"scope": "Cluster", "roleRefName": "view"},
            {"scope": "Namespace", "namespace": "cicd", "roleRefName": "namespace-admin"},
        ]
        answer = owner.get(f"{one}/kubeconfig")
        assert answer.headers["content-disposition"].endswith(f"=kubeconfig-sa-ci-{cluster.id}")
        content = kubeconfig(answer)
        assert content["users"][0]["name"] == "sa-ci"
        assert content["current-context"] == cluster.id
        token = token_in(answer)
        assert opens(sim, server, token)
        assert owner.delete(one).json() == {}
        assert not opens(sim, server, token)
        assert owner.get(f"{one}/permissions").status_code == 404
        owner.post(path, json=body)
        assert owner.get(f"{one}/permissions").json() == []


def test_rules_of_accounts_of_clusters(sim: Simulator) -> None:
    server = server_of(sim)
    server.secret_seconds = 5
    path = f"{cluster_path(server)}/serviceaccount"
    with person(sim) as owner, person(sim, BEN) as viewer:
        assert owner.post(path, json={"name": "ci"}).status_code == 400
        assert owner.post(path, json={"name": "C I", "namespace": "cicd"}).status_code == 422
        assert owner.post(path, json={"name": "ci", "namespace": "no"}).status_code == 404
        assert owner.delete(f"{path}/kube-system/dns").status_code == 403
        assert owner.get(f"{path}/kube-system/dns/permissions").status_code == 403
        assert viewer.get(path).status_code == 200
        body = {"name": "late", "namespace": "cicd"}
        assert viewer.post(path, json=body).status_code == 403
        assert owner.post(path, json=body).status_code == 201
        answer = owner.get(f"{path}/cicd/late/kubeconfig")
        assert message(answer, 500) == "service account has no secret"
        sim.clock.advance(timedelta(seconds=6))
        assert owner.get(f"{path}/cicd/late/kubeconfig").status_code == 200


def test_bindings_name_one_subject_once(server: KubermaticServer, owner: httpx.Client) -> None:
    path = f"{cluster_path(server)}/clusterroles/cluster-admin/clusterbindings"
    made = owner.post(path, json={"userEmail": BEN})
    subject = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": BEN}
    assert made.status_code == 200
    assert made.json() == {"roleRefName": "cluster-admin", "subjects": [subject]}
    told = message(owner.post(path, json={"userEmail": BEN}), 400)
    assert told == f"user {BEN} already connected to the cluster role cluster-admin"
    assert made.json() in owner.get(f"{cluster_path(server)}/clusterbindings").json()
    removed = owner.request("DELETE", path, json={"userEmail": BEN})
    assert removed.json() == {"roleRefName": "cluster-admin", "subjects": []}
    assert message(owner.post(path, json={}), 400)
    assert message(owner.post(path, json={"userEmail": BEN, "group": "ops"}), 400)
    assert message(owner.post(path.replace("cluster-admin", "no"), json={"group": "x"}), 404)
    spaced = f"{cluster_path(server)}/roles/cicd/namespace-viewer/bindings"
    bound = owner.post(spaced, json={"group": "ops"}).json()
    assert (bound["namespace"], bound["subjects"][0]["kind"]) == ("cicd", "Group")
    assert owner.get(f"{cluster_path(server)}/bindings").json() == [bound]
    service = {"serviceAccount": "argo", "serviceAccountNamespace": "cicd"}
    assert owner.post(path, json=service).status_code == (200 if server.minor >= 22 else 400)
