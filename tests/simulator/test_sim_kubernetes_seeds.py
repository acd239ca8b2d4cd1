"""The worlds of the simulated clusters, their switches and their share of a home."""

from __future__ import annotations

import base64
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml

from kubernetes_sim import (
    ACCESS_REVIEWS,
    ACCOUNTS,
    SECRETS,
    SELF_REVIEWS,
    TOKEN,
    cluster_client,
    mint,
    status_of,
)
from simulator_fixtures import start_simulator
from tokentui.simulator.clock import SimClock
from tokentui.simulator.home import write_home
from tokentui.simulator.kubernetes.users import MINTER, token_of
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS
from tokentui.simulator.system import HomePaths

CONTEXTS = ["lab", "lab-viewer", "lab-exec", "lab-cert", "old", "old-viewer"]


def names(answer: httpx.Response) -> list[str]:
    return [one["metadata"]["name"] for one in answer.json()["items"]]


def is_hostile(text: str) -> bool:
    return any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for one in text)


def test_the_monday_is_laid_out_around_its_clock() -> None:
    now = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
    with start_simulator(clock=SimClock(now)) as sim, cluster_client(sim) as boss:
        items = boss.get("/api/v1/serviceaccounts").json()["items"]
        assert sim.kubernetes.mints() == 0
    made = {
        f"{one['metadata']['namespace']}/{one['metadata']['name']}": one["metadata"][
            "creationTimestamp"
        ]
        for one in items
    }
    assert made["build/deployer"] == "2026-02-27T12:22:00Z"
    assert {name for name in made if not name.endswith("/default")} == {
        "build/deployer",
        "build/release-bot",
        "ci/gitlab-runner",
        "ci/argocd",
        "monitoring/prometheus",
        "monitoring/grafana",
    }


def test_the_old_cluster_is_of_2020(sim: Simulator) -> None:
    old = sim.world.kubernetes.old
    with cluster_client(sim, cluster=old) as boss:
        assert boss.get("/version").json()["gitVersion"] == "v1.20.2"
        for one in boss.get("/api/v1/serviceaccounts").json()["items"]:
            assert len(one["secrets"]) == 1
        discovery = boss.get("/apis/authentication.k8s.io/v1").json()["resources"]
        assert [one["name"] for one in discovery] == ["tokenreviews"]
        assert sim.kubernetes.mints() == 0


def test_the_empty_world_has_no_accounts_of_its_own() -> None:
    with start_simulator("empty") as sim, cluster_client(sim) as boss:
        assert set(names(boss.get("/api/v1/serviceaccounts"))) == {"default"}
        assert names(boss.get("/api/v1/secrets")) == []


def test_rows_are_that_many_accounts_over_namespaces() -> None:
    with start_simulator("rows:1000") as sim, cluster_client(sim) as boss:
        items = boss.get("/api/v1/serviceaccounts").json()["items"]
    own = [one["metadata"] for one in items if one["metadata"]["name"] != "default"]
    assert len(own) == 1000
    assert len({one["namespace"] for one in own}) == 10


@pytest.fixture
def hostile() -> Iterator[Simulator]:
    with start_simulator("hostile") as simulator:
        yield simulator


def test_hostile_texts_reach_every_field(hostile: Simulator) -> None:
    with cluster_client(hostile) as boss:
        answer = boss.get("/api/v1/serviceaccounts")
        assert answer.content.isascii()
        metadata = [one["metadata"] for one in answer.json()["items"]]
        for field in ("name", "namespace"):
            assert set(HOSTILE_TEXTS) <= {one.get(field, "") for one in metadata}, field
        assert set(HOSTILE_TEXTS) <= set(names(boss.get("/api/v1/namespaces")))
        assert set(HOSTILE_TEXTS) <= set(names(boss.get(SECRETS)))
        secrets = [one["metadata"]["annotations"] for one in boss.get(SECRETS).json()["items"]]
        accounts = {one.get("kubernetes.io/service-account.name") for one in secrets}
        assert set(HOSTILE_TEXTS) <= accounts
        labels = {value for one in metadata for value in one.get("labels", {}).values()}
        assert set(HOSTILE_TEXTS) <= labels
        asked = {"verb": "list", "resource": "secrets"}
        verdict = boss.post(ACCESS_REVIEWS, json={"spec": {"resourceAttributes": asked}})
        texts = [
            boss.get("/version").json()["gitVersion"],
            boss.post(SELF_REVIEWS, json={}).json()["status"]["userInfo"]["username"],
            status_of(boss.get(f"{ACCOUNTS}/nobody"))[2],
            verdict.json()["status"]["reason"],
        ]
    assert all(is_hostile(text) for text in texts)


def test_the_hostile_world_still_mints_and_warns_in_its_way(hostile: Simulator) -> None:
    hostile.world.kubernetes.lab.switches.max_token_seconds = 600
    with cluster_client(hostile) as boss, cluster_client(hostile, MINTER) as mia:
        made = mint(boss)
        assert made.status_code == 201
        assert is_hostile(made.headers["warning"])
        assert mint(mia).status_code == 201
        seen: set[tuple[str, str]] = set()
        query = {"limit": "7"}
        while True:
            body = boss.get("/api/v1/serviceaccounts", params=query).json()
            page = {
                (one["metadata"].get("namespace", ""), one["metadata"]["name"])
                for one in body["items"]
            }
            assert not page & seen
            seen |= page
            if "continue" not in body["metadata"]:
                break
            query["continue"] = body["metadata"]["continue"]
        assert len(seen) == len(boss.get("/api/v1/serviceaccounts").json()["items"])


def test_the_home_holds_one_kubeconfig_with_every_way_to_sign_in(
    sim: Simulator, tmp_path: Path
) -> None:
    home = write_home(sim, tmp_path / "home")
    file = home / "secrets" / "kubernetes-kubeconfig"
    profile = sim.kubernetes.profile(HomePaths(home / "simulator-ca.pem", home / "secrets"))
    assert profile == {
        "provider": "kubernetes",
        "kubeconfig": str(file),
        "context": "lab",
        "auth": {"method": "kubeconfig"},
    }
    assert file.stat().st_mode & 0o777 == 0o600
    config = yaml.safe_load(file.read_text())
    assert [one["name"] for one in config["contexts"]] == CONTEXTS
    for one in config["clusters"]:
        cluster = one["cluster"]
        assert cluster["server"] == f"{sim.tls_url}/kubernetes/{one['name']}"
        assert base64.b64decode(cluster["certificate-authority-data"]).decode() == sim.ca_pem


def test_the_plugin_of_the_home_prints_a_credential(sim: Simulator) -> None:
    config = yaml.safe_load(sim.kubernetes.secret_files()["kubernetes-kubeconfig"])
    [user] = [one["user"]["exec"] for one in config["users"] if one["name"] == "lab-exec"]
    argv = [user["command"], *user["args"]]
    said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    answer = yaml.safe_load(said)
    assert answer["apiVersion"] == user["apiVersion"]
    assert answer["status"]["token"] == token_of(sim.world.kubernetes.lab, MINTER)


def test_switches_are_set_through_the_control_endpoint(sim: Simulator) -> None:
    with httpx.Client(base_url=f"{sim.base_url}/_control/kubernetes", trust_env=False) as control:
        assert [one["id"] for one in control.get("/clusters").json()] == ["lab", "old"]
        switches = {
            "version": "v1.27.9",
            "max_token_seconds": 3600,
            "auth_cache_seconds": 10,
            "controller_delay_seconds": 0.5,
            "anonymous": False,
            "expire_continues": True,
        }
        shown = control.patch("/clusters/lab", json=switches).json()
        assert {name: shown[name] for name in switches} == switches
        mistakes: tuple[object, ...] = (
            {"colour": 1},
            {"version": "1.2"},
            {"anonymous": "no"},
            {"max_token_seconds": -1},
            [],
        )
        for wrong in mistakes:
            assert control.patch("/clusters/lab", json=wrong).status_code == 400
        assert control.patch("/clusters/lab", json={"max_token_seconds": None}).is_success
        assert control.patch("/clusters/none", json={}).status_code == 404
    with cluster_client(sim) as boss:
        assert boss.post(SELF_REVIEWS, json={}).status_code == 404
        assert mint(boss, expirationSeconds=7200).json()["spec"]["expirationSeconds"] == 7200


def test_requests_and_mints_are_counted(sim: Simulator) -> None:
    with cluster_client(sim) as boss:
        assert mint(boss).status_code == 201
    counts = httpx.get(f"{sim.base_url}/_control/counts", trust_env=False).json()
    assert counts["mints"] == 1
    logged = httpx.get(f"{sim.base_url}/_control/requests", trust_env=False).json()
    assert {"system": "kubernetes", "path": f"/kubernetes/lab{TOKEN}"}.items() <= logged[-1].items()
