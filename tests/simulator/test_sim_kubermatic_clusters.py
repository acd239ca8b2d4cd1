"""Clusters, their kubeconfigs, and the Kubernetes APIs behind."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kubermatic_sim import (
    SERVERS,
    admin,
    cluster_path,
    clusters_path,
    kubeconfig,
    machine,
    message,
    opens,
    person,
    server_of,
    token_in,
)
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, PARTNER
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.server import Simulator
from tools import kubectl

BEN = "ben@imke.example"


@pytest.fixture(params=SERVERS)
def server(sim: Simulator, request: pytest.FixtureRequest) -> KubermaticServer:
    return server_of(sim, request.param)


@pytest.fixture
def owner(sim: Simulator, server: KubermaticServer) -> Iterator[httpx.Client]:
    with person(sim, server=server.name) as client:
        yield client


def test_the_lists_have_the_shape_of_their_version(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    v2 = owner.get(clusters_path(server)).json()
    v1 = owner.get(clusters_path(server).replace("v2", "v1")).json()
    assert v2 == ({"clusters": v1} if server.minor >= 23 else v1)
    assert [one["name"] for one in v1] == ["web", "batch"]
    cluster = server.cluster_named("web")
    assert (
        v1[0]["status"]["url"]
        == cluster.url
        == f"{server.ground.tls_url}/imke-clusters/{cluster.id}"
    )
    assert owner.get(cluster_path(server)).json() == v1[0]


def test_a_dead_seed_makes_the_list_shorter(server: KubermaticServer, owner: httpx.Client) -> None:
    server.dead_seed = "south"
    v2 = owner.get(clusters_path(server)).json()
    clusters = v2["clusters"] if server.minor >= 23 else v2
    assert [one["name"] for one in clusters] == ["web"]
    if server.minor >= 23:
        assert v2["errorMessage"].startswith("Failed to fetch data for one or more seeds.")
    batch = server.cluster_named("batch").id
    told = message(owner.get(cluster_path(server, "batch")), 404)
    assert told == f'cluster-provider "{batch}" not found'


def test_machine_deployments_are_counted_on_demand(sim: Simulator) -> None:
    with person(sim) as owner:
        path = clusters_path(server_of(sim))
        plain, counted = (owner.get(path + query).json() for query in ("", "?show_dm_count=true"))
    assert "machineDeploymentCount" not in plain["clusters"][0]
    assert counted["clusters"][0]["machineDeploymentCount"] == 1


@pytest.mark.parametrize("v1", [False, True])
def test_an_owner_downloads_an_admins_kubeconfig(
    sim: Simulator, server: KubermaticServer, owner: httpx.Client, *, v1: bool
) -> None:
    cluster = server.cluster_named("web")
    answer = owner.get(f"{cluster_path(server, v1=v1)}/kubeconfig")
    assert answer.headers["content-type"] == "application/octet-stream"
    name = f"attachment; filename=kubeconfig-admin-{cluster.id}"
    assert answer.headers["content-disposition"] == name
    content = kubeconfig(answer)
    context = cluster.id if server.minor >= 23 else "default"
    assert content["current-context"] == context
    (shown,) = content["contexts"]
    assert shown == {"name": context, "context": {"cluster": cluster.id, "user": "default"}}
    (behind,) = content["clusters"]
    assert (behind["name"], behind["cluster"]["server"]) == (cluster.id, cluster.url)
    authority = base64.b64decode(behind["cluster"]["certificate-authority-data"])
    assert authority.decode() == sim.ca_pem
    token = token_in(answer)
    assert [len(part) for part in token.split(".")] == [6, 16]
    assert opens(sim, server, token)
    assert not opens(sim, server, token, "batch")


def test_a_viewer_downloads_a_viewers_kubeconfig(sim: Simulator, server: KubermaticServer) -> None:
    cluster = server.cluster_named("web")
    with person(sim, BEN, server.name) as viewer:
        answer = viewer.get(f"{cluster_path(server)}/kubeconfig")
    assert answer.headers["content-disposition"].endswith(f"=kubeconfig-viewer-{cluster.id}")
    assert token_in(answer) == cluster.viewer_token
    assert opens(sim, server, cluster.viewer_token)


def test_a_project_manager_sees_the_list_and_no_cluster(
    sim: Simulator, server: KubermaticServer
) -> None:
    path = cluster_path(server, "lake")
    with person(sim, BEN, server.name) as manager:
        assert manager.get(clusters_path(server, "data")).status_code == 200
        assert manager.get(path).status_code == 403
        assert manager.get(f"{path}/kubeconfig").status_code == 403
        assert manager.put(f"{path}/token").status_code == 403


def test_an_editors_token_downloads(sim: Simulator, server: KubermaticServer) -> None:
    with machine(sim, EDITOR_TOKEN, server.name) as editor:
        answer = editor.get(f"{cluster_path(server, 'play')}/kubeconfig")
        assert "filename=kubeconfig-admin-" in answer.headers["content-disposition"]
        assert editor.get(f"{cluster_path(server)}/kubeconfig").status_code == 403


def test_refusals_of_the_download_are_a_page_since_2_31(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    path = cluster_path(server).replace(server.cluster_named("web").id, "nothing")
    answer = owner.get(f"{path}/kubeconfig")
    if server.version == "2.31":
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert "cluster-provider &quot;nothing&quot; not found" in answer.text
        assert message(owner.get(f"{path}/oidckubeconfig"), 404)
    else:
        assert message(answer, 404) == 'cluster-provider "nothing" not found'
    v1 = cluster_path(server, v1=True)
    assert message(owner.get(f"{v1.replace('fra-1', 'ham-9')}/kubeconfig"), 404)


def test_the_download_can_be_switched_off(server: KubermaticServer, owner: httpx.Client) -> None:
    server.kubeconfig_disabled = True
    v1 = owner.get(f"{cluster_path(server, v1=True)}/kubeconfig")
    v2 = owner.get(f"{cluster_path(server)}/kubeconfig")
    if server.minor < 22:
        assert (v1.status_code, v2.status_code) == (200, 200)
        return
    told = "Admin Kubeconfig feature is disabled by the global settings"
    assert message(v1, 403) == told
    assert (v2.status_code, told in v2.text) == (403, True)
    assert owner.put(f"{cluster_path(server)}/token").status_code == 200


@pytest.mark.parametrize(("what", "email"), [("token", "anna@imke.example"), ("viewertoken", BEN)])
@pytest.mark.parametrize("v1", [False, True])
def test_a_revoked_token_is_refused_at_once(
    sim: Simulator, what: str, email: str, *, v1: bool
) -> None:
    server = server_of(sim)
    path = cluster_path(server, v1=v1)
    with person(sim, email) as client:
        old = token_in(client.get(f"{path}/kubeconfig"))
        revoked = client.put(f"{path}/{what}")
        assert (revoked.status_code, revoked.json()) == (200, {})
        new = token_in(client.get(f"{path}/kubeconfig"))
    assert [opens(sim, server, token) for token in (old, new)] == [False, True]


def test_the_download_may_serve_the_old_token_for_a_while(sim: Simulator) -> None:
    server = server_of(sim)
    server.stale_seconds = 120
    path = cluster_path(server)
    with person(sim) as owner:
        old = token_in(owner.get(f"{path}/kubeconfig"))
        owner.put(f"{path}/token")
        assert token_in(owner.get(f"{path}/kubeconfig")) == old
        assert not opens(sim, server, old)
        sim.clock.advance(timedelta(seconds=121))
        assert opens(sim, server, token_in(owner.get(f"{path}/kubeconfig")))


def test_the_stub_for_oidc_has_no_token(server: KubermaticServer, owner: httpx.Client) -> None:
    answer = owner.get(f"{cluster_path(server)}/oidckubeconfig")
    assert "filename=kubeconfig-oidc-" in answer.headers["content-disposition"]
    (user,) = kubeconfig(answer)["users"]
    assert user["name"] == "default"
    assert user["user"]["auth-provider"]["name"] == "oidc"
    assert "token" not in user["user"]


def test_an_uploaded_kubeconfig_comes_back_unread(
    sim: Simulator, server: KubermaticServer, owner: httpx.Client
) -> None:
    shop = clusters_path(server).removesuffix("/clusters")
    path = f"{shop}/kubernetes/clusters/{PARTNER}/kubeconfig"
    answer = owner.get(path)
    if server.minor < 21:
        assert answer.status_code == 404
        return
    assert "exec" in kubeconfig(answer)["users"][0]["user"]
    name = f"attachment; filename=kubeconfig-external-cluster-{PARTNER}"
    assert answer.headers["content-disposition"] == name
    assert message(owner.get(path.replace(PARTNER, "nothing")), 404)
    with person(sim, BEN, server.name) as viewer:
        assert message(viewer.get(path), 403)


def test_versions_before_v2_lists_and_downloads(sim: Simulator) -> None:
    server = server_of(sim)
    with admin(sim) as root:
        server.version = "2.14"
        assert root.get(clusters_path(server)).status_code == 404
        assert root.get(f"{cluster_path(server)}/kubeconfig").status_code == 404
        assert root.get(f"{cluster_path(server, v1=True)}/kubeconfig").status_code == 200
        server.version = "2.15"
        assert isinstance(root.get(clusters_path(server)).json(), list)


def test_kubectl_works_with_a_download(sim: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    with person(sim) as owner:
        file.write_bytes(owner.get(f"{cluster_path(server_of(sim))}/kubeconfig").content)
    done = subprocess.run(
        [kubectl(), f"--kubeconfig={file}", f"--cache-dir={tmp_path}", "get", "ns", "-o", "name"],
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "namespace/cicd" in done.stdout.split(), done.stderr
