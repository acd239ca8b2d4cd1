from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import jwt
import pytest

from simulator_fixtures import instances_path, named_path, project_id

if TYPE_CHECKING:
    from tokentui.simulator.server import Simulator


def names(answer: httpx.Response) -> list[str]:
    return [one["displayName"] for one in answer.json()["instances"]]


def claims(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_instances_belong_to_a_project_and_a_region(sim: Simulator, admin: httpx.Client) -> None:
    assert names(admin.get(instances_path(sim))) == ["demo", "edge-muc"]
    assert names(admin.get(instances_path(sim, region="eu02"))) == ["edge-ham"]
    assert names(admin.get(instances_path(sim, "ops-dev"))) == ["edge-old"]


def test_an_instance_is_found_by_id_and_by_name(sim: Simulator, admin: httpx.Client) -> None:
    by_name = admin.get(named_path(sim, "demo")).json()
    by_id = admin.get(f"{instances_path(sim)}/{by_name['id']}").json()
    assert by_id == by_name
    assert by_name["status"] == "active"
    assert by_name["acl"]["ipAllowList"][0]["ipRange"] == "203.0.113.0/24"
    assert len(by_name["id"]) <= 16


def test_every_answer_has_a_trace_id_of_its_own(sim: Simulator, admin: httpx.Client) -> None:
    answers = [admin.get(path) for path in (instances_path(sim), "/nowhere", named_path(sim, "x"))]
    assert len({answer.headers["x-trace-id"] for answer in answers}) == 3


def test_answers_are_dated_by_the_simulated_clock(sim: Simulator, admin: httpx.Client) -> None:
    sim.clock.set(datetime(2031, 1, 1, tzinfo=UTC))
    assert admin.get(instances_path(sim)).headers["date"].startswith("Wed, 01 Jan 2031 ")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic YTpi"])
def test_without_a_good_token_the_answer_is_401(sim: Simulator, header: str) -> None:
    url = f"{sim.base_url}/stackit/edge{instances_path(sim)}"
    answer = httpx.get(url, headers={"authorization": header}, trust_env=False)
    assert answer.status_code == 401
    assert answer.json() == {"code": "401", "message": "Authorization failed"}


def test_an_access_token_ends_by_the_simulated_clock(sim: Simulator, admin: httpx.Client) -> None:
    sim.clock.advance(timedelta(minutes=59))
    assert admin.get(instances_path(sim)).status_code == 200
    sim.clock.advance(timedelta(minutes=2))
    assert admin.get(instances_path(sim)).status_code == 401


def test_the_reader_sees_and_may_nothing_else(sim: Simulator, reader: httpx.Client) -> None:
    demo = named_path(sim, "demo")
    assert reader.get(instances_path(sim)).status_code == 200
    assert reader.get(demo).status_code == 200
    refused = [
        reader.get(f"{demo}/token"),
        reader.get(f"{demo}/kubeconfig"),
        reader.post(instances_path(sim), json={}),
        reader.put(demo, json={}),
        reader.delete(demo),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert sim.world.stackit.mints == []


def test_places_without_edge_are_refused(sim: Simulator, admin: httpx.Client) -> None:
    disabled = admin.get(instances_path(sim, "no-edge"))
    assert disabled.status_code == 403
    assert "cloud.stackit.edge-cloud" in disabled.json()["message"]
    assert admin.get(instances_path(sim, region="xx01")).status_code == 400
    assert admin.get("/v1beta1/projects/ops/regions/eu01/instances").status_code == 400


@pytest.mark.parametrize("asked", ["599", "15552001", "-600", "0", "ten", "600.0", ""])
def test_an_expiration_outside_the_limits_mints_nothing(
    sim: Simulator, admin: httpx.Client, asked: str
) -> None:
    for kind in ("token", "kubeconfig"):
        answer = admin.get(f"{named_path(sim, 'demo')}/{kind}", params={"expirationSeconds": asked})
        assert answer.status_code == 400
        assert answer.json()["code"] == "400"
    assert sim.world.stackit.mint_count() == 0


@pytest.mark.parametrize(("asked", "life"), [(None, 3600), (600, 600), (15_552_000, 15_552_000)])
def test_a_token_ends_as_asked(
    sim: Simulator, admin: httpx.Client, asked: int | None, life: int
) -> None:
    params = {} if asked is None else {"expirationSeconds": asked}
    token = admin.get(f"{named_path(sim, 'demo')}/token", params=params).json()["token"]
    found = claims(token)
    begins, ends = found["iat"], found["exp"]
    assert isinstance(begins, int)
    assert isinstance(ends, int)
    assert ends - begins == life
    assert found["nbf"] == begins
    assert found["sub"] == "system:serviceaccount:stec:edge-admin"
    header = jwt.get_unverified_header(token)
    assert header["alg"] == "RS256"
    assert header["kid"]
    assert sim.world.stackit.mints[-1].ends_at == datetime.fromtimestamp(ends, UTC)


def test_each_call_makes_another_credential(sim: Simulator, admin: httpx.Client) -> None:
    tokens = {admin.get(f"{named_path(sim, 'demo')}/token").json()["token"] for _ in range(3)}
    assert len(tokens) == 3
    assert len({claims(token)["jti"] for token in tokens}) == 3
    assert sim.world.stackit.mint_count() == 3


def test_a_kubeconfig_is_an_object_with_its_token_inside(
    sim: Simulator, admin: httpx.Client
) -> None:
    answer = admin.get(f"{named_path(sim, 'demo')}/kubeconfig").json()["kubeconfig"]
    mint = sim.world.stackit.mints[-1]
    assert mint.kind == "kubeconfig"
    assert answer["users"][0]["user"] == {"token": mint.token}
    assert answer["clusters"][0]["cluster"]["server"].startswith(sim.tls_url + "/edge/")


@pytest.mark.parametrize("status", ["reconciling", "deleting", "error"])
def test_only_an_active_instance_mints(sim: Simulator, admin: httpx.Client, status: str) -> None:
    sim.world.stackit.instance_named("demo").status = status
    answer = admin.get(f"{named_path(sim, 'demo')}/token")
    assert answer.status_code == 404
    assert "not ready" in answer.json()["message"]
    assert sim.world.stackit.mint_count() == 0


def plan_id(sim: Simulator, admin: httpx.Client) -> str:
    plans = admin.get(f"/v1beta1/projects/{project_id(sim)}/plans").json()["validPlans"]
    return str(plans[0]["id"])


def test_an_instance_is_ordered_changed_and_deleted(sim: Simulator, admin: httpx.Client) -> None:
    body = {"displayName": "labs", "planId": plan_id(sim, admin), "description": "lab"}
    made = admin.post(instances_path(sim), json=body)
    assert made.status_code == 201
    assert made.json()["status"] == "reconciling"
    path = f"{instances_path(sim)}/{made.json()['id']}"
    sim.clock.advance(timedelta(minutes=1))
    assert admin.get(path).json()["status"] == "active"
    assert admin.put(path, json={"description": "new"}).status_code == 204
    assert admin.get(path).json()["description"] == "new"
    assert admin.delete(path).status_code == 204
    assert admin.get(path).json()["status"] == "deleting"
    assert admin.delete(path).status_code == 409
    sim.clock.advance(timedelta(minutes=1))
    assert admin.get(path).status_code == 404


def test_a_name_is_free_once_in_a_project(sim: Simulator, admin: httpx.Client) -> None:
    body = {"displayName": "demo", "planId": plan_id(sim, admin)}
    assert admin.post(instances_path(sim, region="eu02"), json=body).status_code == 409
    assert admin.post(instances_path(sim, "ops-dev"), json=body).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"displayName": "abc"},
        {"displayName": "abcdefghi"},
        {"displayName": "Demo1"},
        {"displayName": "demo-"},
        {"displayName": "1demo"},
        {"displayName": None},
        {"planId": "S"},
        {"description": "x" * 257},
    ],
)
def test_a_bad_order_makes_nothing(
    sim: Simulator, admin: httpx.Client, change: dict[str, str | None]
) -> None:
    before = len(sim.world.stackit.instances())
    body = {"displayName": "labs", "planId": plan_id(sim, admin)} | change
    assert admin.post(instances_path(sim), json=body).status_code == 400
    assert len(sim.world.stackit.instances()) == before


def test_kubernetes_releases_are_public(sim: Simulator) -> None:
    url = f"{sim.base_url}/stackit/edge/v1beta1/listcompatiblekubernetesreleases"
    known = httpx.get(url, params={"talosVersion": "v1.10.7"}, trust_env=False)
    assert "v1.33.0" in known.json()["k8s_releases"]
    assert httpx.get(url, trust_env=False).status_code == 400
    unknown = httpx.get(url, params={"talosVersion": "v0.1"}, trust_env=False)
    assert unknown.status_code == 404


def test_head_mints_nothing(sim: Simulator, admin: httpx.Client) -> None:
    assert admin.head(f"{named_path(sim, 'demo')}/token").status_code == 405
    assert sim.world.stackit.mint_count() == 0
