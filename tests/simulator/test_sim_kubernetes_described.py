"""The simulated clusters answer as the published description says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema
import pytest

from described import DESCRIPTIONS
from kubernetes_sim import (
    ACCESS_REVIEWS,
    ACCOUNTS,
    DEPLOYER,
    SECRETS,
    SELF_REVIEWS,
    TOKEN,
    bearer_client,
    cluster_client,
    legacy_secret,
)
from tokentui.simulator.kubernetes.users import VIEWER
from tokentui.simulator.server import Simulator

FILE = DESCRIPTIONS / "kubernetes" / "kubernetes-credentials-subset.json"
described = pytest.mark.skipif(not FILE.exists(), reason="the API description is not here")
STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/build/rolebindings"
CLUSTER_BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
ROLE = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}


@cache
def description() -> dict[str, Any]:
    """Read the description; an object may hold what it names and nothing else."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    for schema in content["definitions"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return content


def without_nulls(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out nulls, which Go writes for pointers and the description does not know."""
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def validate(schema: dict[str, Any], body: object) -> None:
    whole = {"allOf": [schema], "definitions": description()["definitions"]}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(without_nulls(body))


def check(answer: httpx.Response, status: int) -> None:
    """Check an answer against its operation, a refusal against Status."""
    assert answer.status_code == status, answer.text
    if status >= 400:
        validate({"$ref": f"#/definitions/{STATUS}"}, answer.json())
        return
    path = re.sub(r"^/kubernetes/\w+", "", answer.request.url.path)
    for template, item in description()["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template.rstrip("/")))
        if re.fullmatch(pattern, path):
            operation = item[answer.request.method.lower()]
            validate(operation["responses"][str(status)]["schema"], answer.json())
            return
    raise AssertionError(f"{path} is not described")


@pytest.fixture(params=["lab", "old"])
def boss(request: pytest.FixtureRequest, sim: Simulator) -> Iterator[httpx.Client]:
    cluster = sim.world.kubernetes.clusters[request.param]
    with cluster_client(sim, cluster=cluster) as client:
        yield client


@described
def test_lists_and_objects_keep_to_the_description(boss: httpx.Client) -> None:
    for path in (
        "/version",
        "/apis/authentication.k8s.io/v1",
        "/api/v1/namespaces",
        "/api/v1/serviceaccounts",
        "/api/v1/secrets",
        ACCOUNTS,
        f"{ACCOUNTS}?limit=1",
        SECRETS,
        DEPLOYER,
        BINDINGS,
        CLUSTER_BINDINGS,
    ):
        check(boss.get(path), 200)
    [secret, *_] = boss.get(SECRETS).json()["items"]
    check(boss.get(f"{SECRETS}/{secret['metadata']['name']}"), 200)


@described
def test_what_is_made_and_deleted_keeps_to_the_description(boss: httpx.Client) -> None:
    check(boss.post("/api/v1/namespaces", json={"metadata": {"name": "new"}}), 201)
    check(boss.post(ACCOUNTS, json={"metadata": {"name": "bot"}}), 201)
    check(boss.post(SECRETS, json=legacy_secret("mine")), 201)
    check(boss.get(f"{SECRETS}/mine"), 200)
    body = {"metadata": {"name": "b"}, "roleRef": ROLE, "subjects": []}
    check(boss.post(BINDINGS, json=body), 201)
    check(boss.post(CLUSTER_BINDINGS, json=body), 201)
    patch = boss.patch(
        f"{ACCOUNTS}/bot",
        json={"metadata": {"labels": {"a": "b"}}},
        headers={"content-type": "application/merge-patch+json"},
    )
    check(patch, 200)
    check(boss.put(f"{ACCOUNTS}/bot", json=patch.json()), 200)
    gone = boss.delete(f"{ACCOUNTS}/bot")
    validate({"$ref": "#/definitions/io.k8s.api.core.v1.ServiceAccount"}, gone.json())
    check(boss.delete(f"{SECRETS}/mine"), 200)


@described
def test_tokens_and_reviews_keep_to_the_description(boss: httpx.Client) -> None:
    token = boss.post(TOKEN, json={})
    check(token, 201)
    secret = {"kind": "Secret", "apiVersion": "v1", "name": "anchor"}
    boss.post(SECRETS, json={"metadata": {"name": "anchor"}})
    check(boss.post(TOKEN, json={"spec": {"boundObjectRef": secret}}), 201)
    review = {"spec": {"token": token.json()["status"]["token"]}}
    check(boss.post("/apis/authentication.k8s.io/v1/tokenreviews", json=review), 201)
    wrong = {"spec": {"token": "wrong"}}
    check(boss.post("/apis/authentication.k8s.io/v1/tokenreviews", json=wrong), 201)
    asked = {"verb": "list", "resource": "secrets", "namespace": "build"}
    check(boss.post(ACCESS_REVIEWS, json={"spec": {"resourceAttributes": asked}}), 201)
    rules = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    check(boss.post(rules, json={"spec": {"namespace": "build"}}), 201)
    local = "/apis/authorization.k8s.io/v1/namespaces/build/localsubjectaccessreviews"
    named = {"spec": {"user": "mia", "resourceAttributes": asked}}
    check(boss.post(local, json=named), 201)


@described
def test_the_caller_is_named_as_described(sim: Simulator) -> None:
    with cluster_client(sim) as boss:
        check(boss.post(SELF_REVIEWS, json={}), 201)
        token = boss.post(TOKEN, json={}).json()["status"]["token"]
    with bearer_client(sim, token) as deployer:
        check(deployer.post(SELF_REVIEWS, json={}), 201)


@described
def test_refusals_are_described_statuses(sim: Simulator, boss: httpx.Client) -> None:
    check(boss.get(f"{ACCOUNTS}/nobody"), 404)
    check(boss.post(ACCOUNTS, json={"metadata": {"name": "deployer"}}), 409)
    check(boss.post(ACCOUNTS, json={"metadata": {"name": "Bad"}}), 422)
    check(boss.post(TOKEN, json={"spec": {"expirationSeconds": 1}}), 422)
    check(boss.post(TOKEN, content=b"{"), 400)
    check(boss.post(TOKEN, content=b"{}", headers={"content-type": "text/plain"}), 415)
    check(boss.get(TOKEN), 405)
    check(boss.get(ACCOUNTS, params={"continue": "garbage"}), 400)
    with cluster_client(sim, VIEWER) as viewer:
        check(viewer.get(SECRETS), 403)
    with bearer_client(sim, "wrong") as stranger:
        check(stranger.get(ACCOUNTS), 401)


@described
def test_a_wrong_answer_would_be_seen() -> None:
    account = {"$ref": "#/definitions/io.k8s.api.core.v1.ServiceAccount"}
    validate(account, {"metadata": {"name": "x"}})
    mistakes: tuple[object, ...] = ({"metadata": {"name": 3}}, {"secret": []})
    for wrong in (*mistakes, {"metadata": {"tags": {}}}):
        with pytest.raises(jsonschema.ValidationError):
            validate(account, wrong)
