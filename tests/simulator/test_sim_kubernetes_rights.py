"""Who may do what on the simulated clusters, and who is who."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from kubernetes_sim import (
    ACCESS_REVIEWS,
    ACCOUNTS,
    DEPLOYER,
    SECRETS,
    SELF_REVIEWS,
    TOKEN,
    bearer_client,
    cluster_client,
    mint,
    status_of,
)
from tokentui.simulator.kubernetes.users import MINTER, VIEWER, token_of
from tokentui.simulator.server import Simulator

RULES = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/build/rolebindings"


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim) as client:
        yield client


@pytest.fixture
def viewer(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim, VIEWER) as client:
        yield client


@pytest.fixture
def mia(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim, MINTER) as client:
        yield client


@pytest.fixture
def nobody(sim: Simulator) -> Iterator[httpx.Client]:
    with bearer_client(sim, None) as client:
        yield client


def may(client: httpx.Client, verb: str, resource: str, **more: str) -> dict[str, object]:
    asked = {"namespace": "build", "verb": verb, "resource": resource, **more}
    answer = client.post(ACCESS_REVIEWS, json={"spec": {"resourceAttributes": asked}})
    assert answer.status_code == 201
    status: dict[str, object] = answer.json()["status"]
    return status


def test_a_refusal_names_user_verb_and_place(viewer: httpx.Client) -> None:
    answer = viewer.post(TOKEN, json={})
    assert status_of(answer) == (
        403,
        "Forbidden",
        'serviceaccounts "deployer" is forbidden: User "viewer" cannot create resource '
        '"serviceaccounts/token" in API group "" in the namespace "build"',
    )
    assert answer.json()["details"] == {"name": "deployer", "kind": "serviceaccounts"}
    told = 'User "viewer" cannot list resource "secrets" in API group "" at the cluster scope'
    assert status_of(viewer.get("/api/v1/secrets"))[2] == f"secrets is forbidden: {told}"
    assert viewer.get(ACCOUNTS).status_code == 200
    assert viewer.get(SECRETS).status_code == 403


def test_rights_come_before_existence(viewer: httpx.Client) -> None:
    for path in (f"{SECRETS}/none", "/api/v1/foos", "/apis/apps/v1/deployments"):
        assert viewer.get(path).status_code == 403, path
    assert viewer.get(f"{ACCOUNTS}/none").status_code == 404
    assert status_of(viewer.get("/nothing"))[2] == (
        'forbidden: User "viewer" cannot get path "/nothing"'
    )


def test_without_credentials_one_is_anonymous(sim: Simulator, nobody: httpx.Client) -> None:
    assert nobody.get("/version").status_code == 200
    assert 'User "system:anonymous" cannot list' in status_of(nobody.get(ACCOUNTS))[2]
    strange = nobody.get(ACCOUNTS, headers={"authorization": "Token x"})
    assert strange.status_code == 403
    assert nobody.get("/api").status_code == 403
    assert nobody.post(SELF_REVIEWS, json={}).status_code == 403
    wrong = nobody.get("/version", headers={"authorization": "Bearer wrong"})
    assert status_of(wrong) == (401, "Unauthorized", "Unauthorized")
    sim.world.kubernetes.lab.switches.anonymous = False
    assert nobody.get("/version").status_code == 401


def test_questions_about_rights_are_answered_with_the_reason(
    mia: httpx.Client, viewer: httpx.Client
) -> None:
    assert may(mia, "create", "serviceaccounts", subresource="token") == {
        "allowed": True,
        "reason": 'RBAC: allowed by RoleBinding "minters/build" of Role "minter" to User "mia"',
    }
    assert may(viewer, "create", "serviceaccounts", subresource="token") == {"allowed": False}
    assert may(mia, "create", "serviceaccounts") == {"allowed": False}
    assert may(mia, "list", "serviceaccounts", namespace="ci") == {"allowed": False}
    assert mint(mia).status_code == 201
    path = {"spec": {"nonResourceAttributes": {"path": "/version", "verb": "get"}}}
    assert mia.post(ACCESS_REVIEWS, json=path).json()["status"]["allowed"] is True
    assert status_of(mia.post(ACCESS_REVIEWS, json={"spec": {}}))[:2] == (422, "Invalid")


def test_a_binding_gives_and_takes_rights_at_once(
    sim: Simulator, boss: httpx.Client, viewer: httpx.Client
) -> None:
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"}
    body: dict[str, Any] = {
        "metadata": {"name": "editors"},
        "roleRef": ref,
        "subjects": [{"kind": "User", "name": "viewer"}],
    }
    assert viewer.post(BINDINGS, json=body).status_code == 403
    assert boss.post(BINDINGS, json=body).status_code == 201
    assert viewer.get(SECRETS).status_code == 200
    assert mint(viewer).status_code == 201
    boss.delete(f"{BINDINGS}/editors")
    assert viewer.get(SECRETS).status_code == 403
    lost = {**body, "roleRef": {**ref, "name": "lost"}}
    assert boss.post(BINDINGS, json=lost).status_code == 201
    told = may(viewer, "list", "secrets")
    assert told["allowed"] is False
    assert 'clusterrole.rbac.authorization.k8s.io "lost" not found' in str(told["evaluationError"])


def test_service_accounts_have_the_rights_bound_to_them(sim: Simulator, boss: httpx.Client) -> None:
    token = mint(boss).json()["status"]["token"]
    with bearer_client(sim, token) as deployer:
        assert deployer.get(SECRETS).status_code == 200
        assert deployer.get("/api/v1/namespaces/ci/secrets").status_code == 403
        told = may(deployer, "list", "secrets")["reason"]
        assert told == (
            'RBAC: allowed by RoleBinding "deployer/build" of ClusterRole "edit" to '
            'ServiceAccount "deployer/build"'
        )
        assert deployer.get("/.well-known/openid-configuration").status_code == 200


def test_a_right_on_one_name_is_for_that_name(boss: httpx.Client, viewer: httpx.Client) -> None:
    rule = {
        "verbs": ["create"],
        "apiGroups": [""],
        "resources": ["serviceaccounts/token"],
        "resourceNames": ["release-bot"],
    }
    roles = BINDINGS.replace("rolebindings", "roles")
    boss.post(roles, json={"metadata": {"name": "one"}, "rules": [rule]})
    ref = {"kind": "Role", "name": "one"}
    subjects = [{"kind": "User", "name": "viewer"}]
    body = {"metadata": {"name": "one"}, "roleRef": ref, "subjects": subjects}
    assert boss.post(BINDINGS, json=body).status_code == 201
    assert mint(viewer, f"{ACCOUNTS}/release-bot/token").status_code == 201
    assert mint(viewer).status_code == 403


def test_rules_of_a_namespace_are_listed(mia: httpx.Client) -> None:
    status = mia.post(RULES, json={"spec": {"namespace": "build"}}).json()["status"]
    assert status["incomplete"] is False
    assert {
        "verbs": ["create"],
        "apiGroups": [""],
        "resources": ["serviceaccounts/token"],
    } in status["resourceRules"]
    assert any("/version" in rule["nonResourceURLs"] for rule in status["nonResourceRules"])
    assert mia.post(RULES, json={"spec": {}}).status_code == 400


def test_an_old_server_knows_no_self_subject_review(sim: Simulator) -> None:
    old = sim.world.kubernetes.old
    with cluster_client(sim, cluster=old) as boss, cluster_client(sim, VIEWER, old) as viewer:
        assert boss.post(SELF_REVIEWS, json={}).status_code == 404
        assert status_of(viewer.post(SELF_REVIEWS, json={}))[:2] == (403, "Forbidden")
        assert may(viewer, "list", "serviceaccounts")["allowed"] is True
        old.version = "v1.28.0"
        assert viewer.post(SELF_REVIEWS, json={}).status_code == 201


def test_tokens_are_reviewed_for_admins(
    sim: Simulator, boss: httpx.Client, mia: httpx.Client
) -> None:
    path = "/apis/authentication.k8s.io/v1/tokenreviews"
    body = {"spec": {"token": token_of(sim.world.kubernetes.lab, MINTER)}}
    status = boss.post(path, json=body).json()["status"]
    assert status["user"] == {"username": "mia", "groups": ["system:authenticated"]}
    wrong = boss.post(path, json={"spec": {"token": "wrong"}}).json()["status"]
    assert wrong == {"user": {}, "error": "invalid bearer token"}
    assert boss.post(path, json={"spec": {}}).status_code == 400
    lone = boss.post(path, content=rb'{"spec": {"token": "\ud83d"}}')
    assert lone.json()["status"]["user"] == {}
    assert mia.post(path, json=body).status_code == 403


def test_others_rights_are_reviewed_for_admins(boss: httpx.Client, mia: httpx.Client) -> None:
    path = "/apis/authorization.k8s.io/v1/namespaces/build/localsubjectaccessreviews"
    asked = {"namespace": "build", "verb": "list", "resource": "secrets"}
    body = {"spec": {"user": "mia", "resourceAttributes": asked}}
    assert boss.post(path, json=body).json()["status"] == {"allowed": False}
    masters = {"spec": {"groups": ["system:masters"], "resourceAttributes": asked}}
    assert boss.post(path, json=masters).json()["status"]["allowed"] is True
    elsewhere = {"spec": {"user": "mia", "resourceAttributes": {**asked, "namespace": "ci"}}}
    assert boss.post(path, json=elsewhere).status_code == 422
    assert mia.post(path, json=body).status_code == 403


def test_impersonation_needs_the_right_to_it(boss: httpx.Client, viewer: httpx.Client) -> None:
    acting = {"impersonate-user": "mia", "impersonate-group": "auditors"}
    user = boss.post(SELF_REVIEWS, json={}, headers=acting).json()["status"]["userInfo"]
    assert user == {"username": "mia", "groups": ["auditors", "system:authenticated"]}
    robot = {"impersonate-user": "system:serviceaccount:build:deployer"}
    user = boss.post(SELF_REVIEWS, json={}, headers=robot).json()["status"]["userInfo"]
    assert "system:serviceaccounts:build" in user["groups"]
    refused = viewer.get(DEPLOYER, headers=acting)
    assert 'cannot impersonate resource "users"' in status_of(refused)[2]


def test_a_client_certificate_names_its_user(sim: Simulator, tmp_path: Path) -> None:
    config = yaml.safe_load(sim.kubernetes.secret_files()["kubernetes-kubeconfig"])
    [user] = [one["user"] for one in config["users"] if one["name"] == "lab-cert"]
    context = ssl.create_default_context(cadata=sim.ca_pem)
    for name in ("client-certificate-data", "client-key-data"):
        (tmp_path / name).write_bytes(base64.b64decode(user[name]))
    context.load_cert_chain(tmp_path / "client-certificate-data", tmp_path / "client-key-data")
    url = sim.world.kubernetes.lab.url
    with httpx.Client(base_url=url, verify=context, trust_env=False) as client:
        me = client.post(SELF_REVIEWS, json={}).json()["status"]["userInfo"]
        assert me == {"username": "carol", "groups": ["platform", "system:authenticated"]}
        assert client.get("/api/v1/secrets").status_code == 200
        assert client.get("/api/v1/nodes").status_code == 403
        both = {"authorization": f"Bearer {token_of(sim.world.kubernetes.lab, VIEWER)}"}
        again = client.post(SELF_REVIEWS, json={}, headers=both).json()["status"]["userInfo"]
        assert again["username"] == "carol"
