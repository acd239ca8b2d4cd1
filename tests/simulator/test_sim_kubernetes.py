"""The real kubectl works with the kubeconfigs that the simulator hands out."""

from __future__ import annotations

import json
import ssl
import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from simulator_fixtures import named_path
from tools import kubectl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokentui.simulator.server import Simulator

    Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(sim: Simulator, admin: httpx.Client, tmp_path: Path) -> Run:
    answer = admin.get(f"{named_path(sim, 'demo')}/kubeconfig?expirationSeconds=600")
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(answer.json()["kubeconfig"]), encoding="utf-8")
    program = kubectl()

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, "--request-timeout=10s", f"--cache-dir={tmp_path / 'cache'}", *arguments],
            env={"KUBECONFIG": str(file), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


def tls_client(sim: Simulator) -> httpx.Client:
    context = ssl.create_default_context(cadata=sim.ca_pem)
    return httpx.Client(verify=context, trust_env=False)


def test_kubectl_reads_version_namespaces_and_identity(run: Run) -> None:
    assert json.loads(run("get", "--raw", "/version").stdout)["gitVersion"] == "v1.33.4"
    names = run("get", "namespaces", "-o", "name").stdout.split()
    assert names == ["namespace/default", "namespace/kube-system", "namespace/stec"]
    assert "system:serviceaccount:stec:edge-admin" in run("auth", "whoami").stdout
    accounts = run("get", "serviceaccounts", "-n", "stec", "-o", "name").stdout.split()
    assert accounts == ["serviceaccount/default", "serviceaccount/edge-admin"]


def test_kubectl_is_refused_once_the_token_has_ended(sim: Simulator, run: Run) -> None:
    assert run("get", "namespaces").returncode == 0
    sim.clock.advance(timedelta(minutes=11))
    refused = run("get", "namespaces")
    assert refused.returncode == 1
    assert "logged in" in refused.stderr or "Unauthorized" in refused.stderr


def test_a_token_opens_its_own_instance_alone(sim: Simulator, admin: httpx.Client) -> None:
    token = admin.get(f"{named_path(sim, 'demo')}/token").json()["token"]
    world = sim.world.stackit
    with tls_client(sim) as client:
        headers = {"authorization": f"Bearer {token}"}
        own = world.cluster_url(world.instance_named("demo").id)
        other = world.cluster_url(world.instance_named("edge-muc").id)
        assert client.get(f"{own}/readyz", headers=headers).text == "ok"
        refused = client.get(f"{other}/readyz", headers=headers)
        assert refused.status_code == 401
        body = refused.json()
        assert (body["kind"], body["reason"], body["code"]) == ("Status", "Unauthorized", 401)
        assert client.get(f"{own}/version").status_code == 401
        missing = client.get(f"{sim.tls_url}/edge/nobody/version", headers=headers)
        assert missing.json()["reason"] == "NotFound"


def test_the_front_end_asks_for_a_cluster_token(sim: Simulator) -> None:
    with tls_client(sim) as client:
        page = client.get(sim.world.stackit.instance_named("demo").frontend_url)
    assert page.headers["content-type"].startswith("text/html")
    assert "Cluster Token" in page.text


def test_the_certificate_is_good_for_localhost_and_for_its_authority_alone(
    sim: Simulator,
) -> None:
    with tls_client(sim) as client:
        port = httpx.URL(sim.tls_url).port
        assert client.get(f"https://localhost:{port}/edge-ui/nobody").status_code == 404
    with (
        httpx.Client(verify=ssl.create_default_context(cadata=None), trust_env=False) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get(sim.tls_url)
