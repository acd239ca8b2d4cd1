"""Objects of the simulated clusters: made, listed in pages, changed, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kubernetes_sim import (
    ACCOUNTS,
    DEPLOYER,
    LEGACY_TYPE,
    SECRETS,
    cluster_client,
    legacy_secret,
    status_of,
)
from simulator_fixtures import start_simulator
from tokentui.simulator.server import Simulator

PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
MERGE = {"content-type": "application/merge-patch+json"}


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cluster_client(sim) as client:
        yield client


def names(answer: httpx.Response) -> list[str]:
    return [one["metadata"]["name"] for one in answer.json()["items"]]


def test_an_account_is_made_read_and_deleted(boss: httpx.Client) -> None:
    labels = {"app.kubernetes.io/managed-by": "tokentui"}
    made = boss.post(ACCOUNTS, json={"metadata": {"name": "bot", "labels": labels}})
    assert made.status_code == 201
    assert made.json()["kind"] == "ServiceAccount"
    assert made.json()["metadata"]["labels"] == labels
    assert boss.get(f"{ACCOUNTS}/bot").json() == made.json()
    assert boss.delete(f"{ACCOUNTS}/bot").json() == made.json()
    assert status_of(boss.get(f"{ACCOUNTS}/bot"))[:2] == (404, "NotFound")


def test_a_taken_name_and_a_missing_namespace_are_told(boss: httpx.Client) -> None:
    body = {"metadata": {"name": "deployer"}}
    taken = boss.post(ACCOUNTS, json=body)
    told = 'serviceaccounts "deployer" already exists'
    assert status_of(taken) == (409, "AlreadyExists", told)
    assert taken.json()["details"] == {"name": "deployer", "kind": "serviceaccounts"}
    nowhere = boss.post("/api/v1/namespaces/nowhere/serviceaccounts", json=body)
    assert status_of(nowhere) == (404, "NotFound", 'namespaces "nowhere" not found')
    assert names(boss.get("/api/v1/namespaces/nowhere/serviceaccounts")) == []
    other = {"metadata": {"name": "x", "namespace": "ci"}}
    assert status_of(boss.post(ACCOUNTS, json=other))[0] == 400


@pytest.mark.parametrize("name", ["Bad", "a_b", "-a", "a" * 254, "a..b", "a\n"])
def test_a_name_that_breaks_the_rules_is_invalid(boss: httpx.Client, name: str) -> None:
    answer = boss.post(ACCOUNTS, json={"metadata": {"name": name}})
    assert status_of(answer)[:2] == (422, "Invalid")
    assert answer.json()["details"]["causes"][0]["field"] == "metadata.name"


def test_a_name_can_be_generated_and_must_come_from_somewhere(boss: httpx.Client) -> None:
    made = boss.post(ACCOUNTS, json={"metadata": {"generateName": "bot-"}})
    assert made.json()["metadata"]["name"].startswith("bot-")
    assert "Required value" in status_of(boss.post(ACCOUNTS, json={}))[2]
    assert boss.post(ACCOUNTS, json={"metadata": {"name": "a.b-c"}}).status_code == 201
    long = {"metadata": {"name": "n" * 64}}
    assert boss.post("/api/v1/namespaces", json=long).status_code == 422


def test_a_dry_run_keeps_nothing(boss: httpx.Client) -> None:
    made = boss.post(f"{ACCOUNTS}?dryRun=All", json={"metadata": {"name": "bot"}})
    assert made.status_code == 201
    assert boss.get(f"{ACCOUNTS}/bot").status_code == 404
    assert boss.delete(f"{DEPLOYER}?dryRun=All").status_code == 200
    assert boss.get(DEPLOYER).status_code == 200
    assert boss.post(f"{ACCOUNTS}?dryRun=x", json={"metadata": {"name": "b"}}).status_code == 400


def test_a_new_namespace_gets_its_account(boss: httpx.Client) -> None:
    assert boss.post("/api/v1/namespaces", json={"metadata": {"name": "new"}}).status_code == 201
    assert names(boss.get("/api/v1/namespaces/new/serviceaccounts")) == ["default"]
    gone = boss.delete("/api/v1/namespaces/new").json()
    assert gone["status"]["phase"] == "Terminating"
    assert names(boss.get("/api/v1/namespaces/new/serviceaccounts")) == []


def test_types_of_fields_are_checked(boss: httpx.Client) -> None:
    for metadata in ({"name": 3}, {"labels": ["a"]}, {"annotations": {"a": 1}}, "x"):
        code, reason, message = status_of(boss.post(ACCOUNTS, json={"metadata": metadata}))
        assert (code, reason) == (400, "BadRequest")
        assert "cannot be handled as a ServiceAccount" in message
    bad = {"metadata": {"name": "x"}, "data": {"a": "no base64!"}}
    assert "illegal base64" in status_of(boss.post(SECRETS, json=bad))[2]
    assert boss.post(ACCOUNTS, content=b"[]").status_code == 400
    assert boss.patch(DEPLOYER, json={"metadata": "x"}, headers=MERGE).status_code == 400
    for options in ({"preconditions": 1}, {"dryRun": "All"}):
        assert boss.request("DELETE", DEPLOYER, json=options).status_code == 400


def test_a_deletion_may_name_the_object_that_it_means(boss: httpx.Client) -> None:
    wrong = boss.request("DELETE", DEPLOYER, json={"preconditions": {"uid": "not-this"}})
    code, reason, message = status_of(wrong)
    assert (code, reason) == (409, "Conflict")
    assert "the UID in the precondition (not-this) does not match" in message
    uid = boss.get(DEPLOYER).json()["metadata"]["uid"]
    right = boss.request("DELETE", DEPLOYER, json={"preconditions": {"uid": uid}})
    assert right.status_code == 200


def test_objects_are_changed_by_merge_and_replacement(boss: httpx.Client) -> None:
    patch: dict[str, Any] = {"metadata": {"labels": {"a": "1", "b": "2"}}}
    assert boss.patch(DEPLOYER, json=patch, headers=MERGE).status_code == 200
    patch = {"metadata": {"labels": {"a": None}}}
    after = boss.patch(DEPLOYER, json=patch, headers=MERGE).json()
    assert after["metadata"]["labels"] == {"b": "2"}
    replaced = boss.put(DEPLOYER, json={**after, "automountServiceAccountToken": False}).json()
    assert replaced["automountServiceAccountToken"] is False
    assert replaced["metadata"]["uid"] == after["metadata"]["uid"]
    assert status_of(boss.put(DEPLOYER, json=after))[:2] == (409, "Conflict")
    assert boss.patch(DEPLOYER, json=patch).status_code == 415


def test_items_of_lists_carry_no_kind(boss: httpx.Client) -> None:
    body = boss.get(ACCOUNTS).json()
    assert (body["kind"], body["apiVersion"]) == ("ServiceAccountList", "v1")
    assert not any("kind" in one or "apiVersion" in one for one in body["items"])
    assert names(boss.get(ACCOUNTS)) == ["default", "deployer", "release-bot"]
    everywhere = boss.get("/api/v1/serviceaccounts").json()["items"]
    assert {one["metadata"]["namespace"] for one in everywhere} >= {"build", "ci", "monitoring"}


def test_pages_cover_a_list_once() -> None:
    with start_simulator("rows:250") as sim, cluster_client(sim) as boss:
        seen: list[str] = []
        query = {"limit": "60"}
        while True:
            body = boss.get("/api/v1/serviceaccounts", params=query).json()
            seen += [one["metadata"]["uid"] for one in body["items"]]
            more = body["metadata"].get("continue")
            if not more:
                break
            assert len(body["items"]) == 60
            assert body["metadata"]["remainingItemCount"] == 256 - len(seen)
            query["continue"] = more
        assert len(seen) == len(set(seen)) == 256
        of_team = boss.get("/api/v1/namespaces/team-002/serviceaccounts", params={"limit": "51"})
        assert len(of_team.json()["items"]) == 51
        assert "continue" not in of_team.json()["metadata"]


def test_a_continuation_can_be_garbage_or_too_old(sim: Simulator, boss: httpx.Client) -> None:
    garbage = boss.get(ACCOUNTS, params={"limit": "1", "continue": "garbage"})
    assert status_of(garbage)[:2] == (400, "BadRequest")
    more = boss.get(ACCOUNTS, params={"limit": "1"}).json()["metadata"]["continue"]
    query = {"limit": "1", "continue": more}
    assert boss.get(ACCOUNTS, params=query).status_code == 200
    sim.world.kubernetes.lab.switches.expire_continues = True
    assert status_of(boss.get(ACCOUNTS, params=query))[:2] == (410, "Expired")
    sim.world.kubernetes.lab.switches.expire_continues = False
    sim.clock.advance(timedelta(minutes=6))
    assert status_of(boss.get(ACCOUNTS, params=query))[:2] == (410, "Expired")
    assert status_of(boss.get(ACCOUNTS, params={"limit": "x"}))[0] == 400


def test_lists_are_chosen_from_by_fields_and_labels(boss: httpx.Client) -> None:
    boss.post(SECRETS, json=legacy_secret("mine"))
    chosen = boss.get(SECRETS, params={"fieldSelector": f"type={LEGACY_TYPE}"})
    assert names(chosen) == ["deployer-manual-q8d2x", "mine"]
    rest = boss.get(SECRETS, params={"fieldSelector": f"type!={LEGACY_TYPE}"})
    assert names(rest) == ["registry", "tokentui-deployer-1"]
    named = boss.get(ACCOUNTS, params={"fieldSelector": "metadata.name=deployer"})
    assert names(named) == ["deployer"]
    unknown = boss.get(ACCOUNTS, params={"fieldSelector": "type=x"})
    code, _, message = status_of(unknown)
    assert code == 400
    assert '"type" is not a known field selector' in message
    owned = "app.kubernetes.io/managed-by"
    for selector, count in {
        f"{owned}=tokentui": 1,
        f"{owned}!=tokentui": 3,
        f"{owned} in (tokentui, other)": 1,
        f"{owned} notin (tokentui),nothing": 0,
        f"!{owned}": 3,
        owned: 1,
    }.items():
        found = boss.get(SECRETS, params={"labelSelector": selector})
        assert len(names(found)) == count, selector
    assert boss.get(SECRETS, params={"labelSelector": "a b"}).status_code == 400


def test_metadata_alone_tells_no_secret(boss: httpx.Client) -> None:
    query = {"fieldSelector": f"type={LEGACY_TYPE}"}
    answer = boss.get("/api/v1/secrets", params=query, headers={"accept": PARTIAL_LIST})
    body = answer.json()
    assert (body["kind"], body["apiVersion"]) == ("PartialObjectMetadataList", "meta.k8s.io/v1")
    assert len(body["items"]) == 3
    assert all(set(one) == {"kind", "apiVersion", "metadata"} for one in body["items"])
    assert "eyJ" not in answer.text
    assert "ZXlK" not in answer.text
    accounts = {
        one["metadata"]["annotations"]["kubernetes.io/service-account.name"]
        for one in body["items"]
    }
    assert accounts == {"deployer", "gitlab-runner", "grafana"}
    single = PARTIAL_LIST.replace("MetadataList", "Metadata")
    one = boss.get(f"{SECRETS}/registry", headers={"accept": single}).json()
    assert (one["kind"], "data" in one) == ("PartialObjectMetadata", False)
    assert boss.get(SECRETS, headers={"accept": "text/html"}).status_code == 406


def test_what_is_unknown_or_not_offered_is_told(boss: httpx.Client) -> None:
    assert boss.get("/nothing/here").json()["paths"]
    assert boss.get("/nothing/here").status_code == 404
    for path in ("/api/v1/foos", "/apis/apps/v1/deployments", "/api/v2/secrets"):
        answer = boss.get(path)
        assert (answer.status_code, answer.text) == (404, "404 page not found\n")
    for method, path in (
        ("POST", DEPLOYER),
        ("DELETE", ACCOUNTS),
        ("PUT", ACCOUNTS),
        ("POST", "/version"),
        ("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
    ):
        assert status_of(boss.request(method, path))[:2] == (405, "MethodNotAllowed"), path
    assert boss.get("/api/v1/serviceaccounts?watch=true").status_code == 405


def test_bindings_and_roles_are_checked(boss: httpx.Client) -> None:
    path = "/apis/rbac.authorization.k8s.io/v1/namespaces/build/rolebindings"
    ref = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    subject = {"kind": "ServiceAccount", "name": "deployer", "namespace": "build"}
    body: dict[str, Any] = {"metadata": {"name": "b"}, "roleRef": ref, "subjects": [subject]}
    assert boss.post(path, json=body).json()["subjects"] == [subject]
    told = 'rolebindings.rbac.authorization.k8s.io "b" already exists'
    assert status_of(boss.post(path, json=body))[2] == told
    for broken in (
        {**body, "roleRef": {**ref, "kind": "Group"}},
        {**body, "roleRef": {**ref, "name": ""}},
        {**body, "subjects": [{"kind": "Robot", "name": "x"}]},
        {**body, "subjects": [{"kind": "ServiceAccount", "name": "x"}]},
    ):
        broken["metadata"] = {"name": "c"}
        assert status_of(boss.post(path, json=broken))[:2] == (422, "Invalid")
    moved = {"roleRef": {"name": "edit"}}
    refused = boss.patch(f"{path}/b", json=moved, headers=MERGE)
    assert "cannot change roleRef" in status_of(refused)[2]
    roles = path.replace("rolebindings", "roles")
    bare = {"metadata": {"name": "r"}, "rules": [{"resources": ["pods"], "verbs": []}]}
    fields = [one["field"] for one in boss.post(roles, json=bare).json()["details"]["causes"]]
    assert fields == ["rules[0].verbs", "rules[0].apiGroups"]
    assert boss.delete(f"{path}/b").json()["details"]["group"] == "rbac.authorization.k8s.io"
