"""Tokens without an end that Secrets hold."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from kubernetes_sim import (
    ACCOUNTS,
    DEPLOYER,
    SECRETS,
    answer_to,
    cluster_client,
    legacy_secret,
    status_of,
)
from tokentui.simulator.server import Simulator


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim) as client:
        yield client


@pytest.fixture
def old_boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim, cluster=sim.world.kubernetes.old) as client:
        yield client


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def uid_of(client: httpx.Client, path: str) -> str:
    return str(client.get(path).json()["metadata"]["uid"])


def test_a_secret_of_the_token_type_is_filled_after_the_answer(
    sim: Simulator, boss: httpx.Client
) -> None:
    before = sim.kubernetes.mints()
    made = boss.post(SECRETS, json=legacy_secret("mine"))
    assert made.status_code == 201
    assert "data" not in made.json()
    filled = boss.get(f"{SECRETS}/mine").json()
    assert set(filled["data"]) == {"token", "ca.crt", "namespace"}
    annotations = filled["metadata"]["annotations"]
    assert annotations["kubernetes.io/service-account.uid"] == uid_of(boss, DEPLOYER)
    token = base64.b64decode(filled["data"]["token"]).decode()
    assert claims_of(token) == {
        "iss": "kubernetes/serviceaccount",
        "kubernetes.io/serviceaccount/namespace": "build",
        "kubernetes.io/serviceaccount/secret.name": "mine",
        "kubernetes.io/serviceaccount/service-account.name": "deployer",
        "kubernetes.io/serviceaccount/service-account.uid": uid_of(boss, DEPLOYER),
        "sub": "system:serviceaccount:build:deployer",
    }
    sim.clock.advance(timedelta(days=5000))
    assert answer_to(sim, token) == 200
    labels = boss.get(f"{SECRETS}/mine").json()["metadata"]["labels"]
    assert labels["kubernetes.io/legacy-token-last-used"] == sim.clock.now().date().isoformat()
    assert sim.kubernetes.mints() == before + 1
    boss.delete(f"{SECRETS}/mine")
    assert answer_to(sim, token) == 401


def test_a_slow_controller_fills_later(sim: Simulator, boss: httpx.Client) -> None:
    sim.world.kubernetes.lab.controllers.delay = timedelta(seconds=60)
    boss.post(SECRETS, json=legacy_secret("mine"))
    assert "data" not in boss.get(f"{SECRETS}/mine").json()
    sim.clock.advance(timedelta(seconds=61))
    assert "token" in boss.get(f"{SECRETS}/mine").json()["data"]


def test_a_secret_for_a_missing_account_vanishes(sim: Simulator, boss: httpx.Client) -> None:
    before = sim.kubernetes.mints()
    assert boss.post(SECRETS, json=legacy_secret("lost", "nobody")).status_code == 201
    assert boss.get(f"{SECRETS}/lost").status_code == 404
    assert sim.kubernetes.mints() == before
    body = {"metadata": {"name": "bare"}, "type": "kubernetes.io/service-account-token"}
    code, reason, message = status_of(boss.post(SECRETS, json=body))
    assert (code, reason) == (422, "Invalid")
    assert "metadata.annotations[kubernetes.io/service-account.name]" in message


def test_an_old_server_gives_every_account_a_token(sim: Simulator, old_boss: httpx.Client) -> None:
    before = sim.kubernetes.mints()
    assert old_boss.post(ACCOUNTS, json={"metadata": {"name": "ci"}}).status_code == 201
    [ref] = old_boss.get(f"{ACCOUNTS}/ci").json()["secrets"]
    assert ref["name"].startswith("ci-token-")
    secret = old_boss.get(f"{SECRETS}/{ref['name']}").json()
    token = base64.b64decode(secret["data"]["token"]).decode()
    assert answer_to(sim, token, sim.world.kubernetes.old) == 200
    assert answer_to(sim, token) == 401
    assert sim.kubernetes.mints() == before + 1


def test_a_new_server_gives_no_account_a_token(boss: httpx.Client) -> None:
    boss.post(ACCOUNTS, json={"metadata": {"name": "ci"}})
    assert "secrets" not in boss.get(f"{ACCOUNTS}/ci").json()
