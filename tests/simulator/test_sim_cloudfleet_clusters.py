"""The clusters of Cloudfleet accept the JWTs of its tokens; the real kubectl drives them."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from cloudfleet_sim import cloudfleet_client, cloudfleet_tls, jwt_of
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN, USER_TOKEN
from tokentui.simulator.server import Simulator
from tools import kubectl

Run = Callable[..., subprocess.CompletedProcess[str]]

REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
REVIEW = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}


def token_jwt(sim: Simulator, name: str) -> str:
    return jwt_of(sim, sim.world.cloudfleet.token_named(name))


def who_am_i(sim: Simulator, jwt: str, cluster: str = "shop-prod") -> httpx.Response:
    world = sim.world.cloudfleet
    cluster_id = next(one.id for one in world.clusters.values() if one.name == cluster)
    headers = {"authorization": f"Bearer {jwt}"}
    with cloudfleet_tls(sim) as client:
        return client.post(world.cluster_url(cluster_id) + REVIEWS, json=REVIEW, headers=headers)


@pytest.fixture
def run(sim: Simulator, tmp_path: Path) -> Run:
    with cloudfleet_client(sim) as client:
        clusters = {one["name"]: one for one in client.get("/clusters").json()}
    prod = clusters["shop-prod"]
    program = kubectl()

    def call(token_name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        cluster = {
            "server": prod["endpoint"],
            "certificate-authority-data": prod["certificate_authority"],
        }
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "prod",
            "clusters": [{"name": "prod", "cluster": cluster}],
            "users": [{"name": "prod", "user": {"token": token_jwt(sim, token_name)}}],
            "contexts": [{"name": "prod", "context": {"cluster": "prod", "user": "prod"}}],
        }
        file = tmp_path / "kubeconfig"
        file.write_text(json.dumps(config), encoding="utf-8")
        return subprocess.run(
            [program, "--request-timeout=10s", f"--cache-dir={tmp_path / 'cache'}", *arguments],
            env={"KUBECONFIG": str(file), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


def test_kubectl_trusts_the_authority_of_the_answer_and_reads(sim: Simulator, run: Run) -> None:
    names = run(OWN_TOKEN, "get", "namespaces", "-o", "name").stdout.split()
    assert names == ["namespace/default", "namespace/kube-system", "namespace/shop"]
    who = run(OWN_TOKEN, "auth", "whoami").stdout
    assert sim.world.cloudfleet.token_named(OWN_TOKEN).user_name in who


def test_a_user_may_only_view(run: Run) -> None:
    assert run(USER_TOKEN, "get", "namespaces", "-o", "name").returncode == 0
    made = run(USER_TOKEN, "create", "serviceaccount", "x", "-n", "shop")
    assert made.returncode != 0


def test_the_authority_in_the_answer_is_that_of_the_listener(sim: Simulator) -> None:
    with cloudfleet_client(sim) as client:
        prod = client.get("/clusters").json()[0]
    assert base64.b64decode(prod["certificate_authority"]).decode() == sim.ca_pem


@pytest.mark.parametrize(
    ("name", "group"), [(OWN_TOKEN, "system:masters"), (USER_TOKEN, "cloudfleet:users")]
)
def test_the_cluster_sees_the_token_and_its_role(sim: Simulator, name: str, group: str) -> None:
    answer = who_am_i(sim, token_jwt(sim, name))
    assert answer.status_code == 201
    user = answer.json()["status"]["userInfo"]
    assert user["username"] == sim.world.cloudfleet.token_named(name).user_name
    assert user["username"] == user["username"].lower()
    assert group in user["groups"]


def test_a_cluster_refuses_what_the_api_refuses(sim: Simulator) -> None:
    world = sim.world.cloudfleet
    kept, doomed = token_jwt(sim, OWN_TOKEN), token_jwt(sim, USER_TOKEN)
    assert who_am_i(sim, doomed).status_code == 201
    world.delete_token(world.token_named(USER_TOKEN))
    assert who_am_i(sim, doomed).status_code == 401
    assert who_am_i(sim, world.token_named(OWN_TOKEN).secret).status_code == 401
    sim.clock.advance(timedelta(seconds=301))
    assert who_am_i(sim, kept).status_code == 401


def test_a_cluster_that_does_not_run_does_not_answer(sim: Simulator) -> None:
    token = token_jwt(sim, OWN_TOKEN)
    assert who_am_i(sim, token, "shop-stage").status_code == 201
    assert who_am_i(sim, token, "shop-next").status_code == 404
    assert who_am_i(sim, token, "lab").status_code == 404
