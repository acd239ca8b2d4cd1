from __future__ import annotations

import ssl
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from simulator_fixtures import project_id, start_simulator
from stackit_services import check, described, service_client
from tokentui.simulator.stackit.observability_model import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

FILE = "observability.v1.json"


@pytest.fixture
def obs(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "observability") as client:
        yield client


@pytest.fixture
def obs_reader(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "observability", may_write=False) as client:
        yield client


@pytest.fixture
def control(sim: Simulator) -> Iterator[httpx.Client]:
    url = f"{sim.base_url}/_control/stackit"
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client


@pytest.fixture
def gateway(sim: Simulator, tmp_path: Path) -> Iterator[httpx.Client]:
    (tmp_path / "ca.pem").write_text(sim.ca_pem)
    context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    with httpx.Client(verify=context, trust_env=False) as client:
        yield client


def place(sim: Simulator, name: str = "obs-prod") -> str:
    instance = sim.world.stackit.observability.named(name)
    return f"/v1/projects/{instance.project_id}/instances/{instance.id}"


def created(client: httpx.Client, sim: Simulator, **body: str) -> dict[str, Any]:
    answer = client.post(f"{place(sim)}/credentials", json=body or None)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()["credentials"]
    return made


def test_instances_are_listed_with_one_word_for_an_id(sim: Simulator, obs: httpx.Client) -> None:
    (prod,) = obs.get(f"/v1/projects/{project_id(sim)}/instances").json()["instances"]
    assert (prod["name"], prod["id"]) == ("obs-prod", prod["instance"])
    dev = project_id(sim, "ops-dev")
    (stage,) = obs.get(f"/v1/projects/{dev}/instances").json()["instances"]
    assert stage["id"] == "obs-stage"
    uuid.UUID(stage["instance"])
    assert "error" not in stage
    addressed = obs.get(f"/v1/projects/{dev}/instances/{stage['instance']}").json()
    assert addressed["id"] == stage["instance"]
    assert obs.get(f"/v1/projects/{dev}/instances/obs-stage").status_code == 404


def test_a_detail_has_every_address_and_one_leaks_its_admin(
    sim: Simulator, obs: httpx.Client
) -> None:
    inner = obs.get(place(sim)).json()["instance"]
    urls = {name: value for name, value in inner.items() if name.endswith("Url")}
    assert len(urls) == 17
    grpc = {name for name, value in urls.items() if "://" not in value}
    assert grpc == {"jaegerTracesUrl", "otlpGrpcTracesUrl", "otlpTracesUrl"}
    assert {urls[name] for name in grpc} == {urlsplit(sim.tls_url).netloc}
    assert all(value.startswith(sim.tls_url) for name, value in urls.items() if name not in grpc)
    assert inner["grafanaAdminUser"] == "admin"
    assert len(inner["grafanaAdminPassword"]) >= 32
    stage = obs.get(place(sim, "obs-stage")).json()["instance"]
    assert "grafanaAdminPassword" not in stage


def test_a_technical_user_is_made_read_and_deleted(sim: Simulator, obs: httpx.Client) -> None:
    made = created(obs, sim, description="otel collector")
    instance = sim.world.stackit.observability.named("obs-prod")
    assert made["username"].startswith(f"obs-prod_{instance.id}_")
    assert made["description"] == "otel collector"
    listed = obs.get(f"{place(sim)}/credentials")
    assert listed.status_code == 201
    descriptions = [one["credentialsInfo"]["description"] for one in listed.json()["credentials"]]
    assert descriptions == ["otel-push", "grafana-read", "otel collector"]
    assert made["password"] not in listed.text
    path = f"{place(sim)}/credentials/{quote(made['username'], safe='')}"
    single = obs.get(path)
    assert (single.status_code, single.json()["id"]) == (200, made["username"])
    assert made["password"] not in single.text
    assert obs.delete(path).status_code == 200
    for gone in (obs.get(path), obs.delete(path)):
        assert (gone.status_code, set(gone.json())) == (404, {"message"})


def test_a_body_may_be_missing(sim: Simulator, obs: httpx.Client) -> None:
    assert set(created(obs, sim)) == {"username", "password"}
    assert sim.stackit.mints() == 1


@pytest.mark.parametrize("body", [b'{"description":""}', b'{"description":7}', b"[]", b"{"])
def test_a_bad_description_is_refused(sim: Simulator, obs: httpx.Client, body: bytes) -> None:
    answer = obs.post(f"{place(sim)}/credentials", content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert sim.stackit.mints() == 0


def test_a_description_has_a_thousand_characters_at_most(sim: Simulator, obs: httpx.Client) -> None:
    assert len(created(obs, sim, description="x" * 1000)["description"]) == 1000
    refused = obs.post(f"{place(sim)}/credentials", json={"description": "x" * 1001})
    assert refused.status_code == 400
    assert list(refused.json()["errors"][0]) == ["description"]


def test_a_reader_lists_and_no_more(sim: Simulator, obs_reader: httpx.Client) -> None:
    assert obs_reader.get(f"{place(sim)}/credentials").status_code == 201
    username = next(iter(sim.world.stackit.observability.named("obs-prod").users))
    for answer in (
        obs_reader.post(f"{place(sim)}/credentials"),
        obs_reader.delete(f"{place(sim)}/credentials/{username}"),
    ):
        assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        assert answer.headers["x-trace-id"]


def test_strangers_and_foreign_projects_are_refused(sim: Simulator, obs: httpx.Client) -> None:
    anonymous = httpx.get(f"{obs.base_url}{place(sim)[1:]}", trust_env=False)
    assert (anonymous.status_code, set(anonymous.json())) == (401, {"detail"})
    foreign = obs.get(f"/v1/projects/{uuid.uuid4()}/instances")
    assert (foreign.status_code, set(foreign.json())) == (403, {"detail"})
    elsewhere = place(sim).replace(project_id(sim), project_id(sim, "ops-dev"))
    assert obs.get(elsewhere).status_code == 404


INGEST = (
    ("pushMetricsUrl", ""),
    ("logsPushUrl", ""),
    ("otlpHttpLogsUrl", ""),
    ("otlpHttpTracesUrl", "/v1/traces"),
    ("zipkinSpansUrl", "/api/v2/spans"),
    ("jaegerHttpUrl", "/api/traces"),
)
QUERIES = (
    ("metricsUrl", "/api/v1/query?query=up"),
    ("logsUrl", "/loki/api/v1/query?query=%7Ba%3D%22b%22%7D"),
    ("metricsEndpointUrl", ""),
    ("targetsUrl", ""),
    ("alertingUrl", ""),
    ("jaegerUiUrl", ""),
)


def test_a_living_user_may_write_and_query_and_a_deleted_one_not(
    sim: Simulator, obs: httpx.Client, gateway: httpx.Client
) -> None:
    made = created(obs, sim)
    basic = (made["username"], made["password"])
    urls = obs.get(place(sim)).json()["instance"]

    def statuses(auth: tuple[str, str]) -> set[int]:
        written = [gateway.post(urls[n] + path, content=b"x", auth=auth) for n, path in INGEST]
        read = [gateway.get(urls[n] + path, auth=auth) for n, path in QUERIES]
        return {answer.status_code for answer in written + read}

    assert statuses(basic) == {200, 202, 204}
    assert statuses((basic[0], "wrong")) == {401}
    obs.delete(f"{place(sim)}/credentials/{made['username']}")
    assert statuses(basic) == {401}


def test_a_user_opens_its_own_instance_alone(
    sim: Simulator, obs: httpx.Client, gateway: httpx.Client
) -> None:
    made = created(obs, sim)
    other = obs.get(place(sim, "obs-stage")).json()["instance"]["pushMetricsUrl"]
    answer = gateway.post(other, content=b"x", auth=(made["username"], made["password"]))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_queries_answer_as_prometheus_does(
    sim: Simulator, obs: httpx.Client, gateway: httpx.Client
) -> None:
    made = created(obs, sim)
    url = obs.get(place(sim)).json()["instance"]["metricsUrl"] + "/api/v1/query"
    auth = (made["username"], made["password"])
    good = gateway.get(url, params={"query": "up"}, auth=auth).json()
    assert (good["status"], good["data"]["resultType"]) == ("success", "vector")
    bad = gateway.get(url, auth=auth)
    assert (bad.status_code, bad.json()["errorType"]) == (400, "bad_data")


def test_grafana_has_a_page(sim: Simulator, obs: httpx.Client, gateway: httpx.Client) -> None:
    url = obs.get(place(sim)).json()["instance"]["grafanaUrl"]
    assert "Grafana obs-prod" in gateway.get(url).text


def test_the_status_is_set_by_control(
    sim: Simulator, obs: httpx.Client, control: httpx.Client
) -> None:
    instance = sim.world.stackit.observability.named("obs-prod")
    changed = control.patch(f"/observability/{instance.id}", json={"status": "UPDATING"})
    assert changed.json()["status"] == "UPDATING"
    assert obs.get(place(sim)).json()["status"] == "UPDATING"
    assert len(control.get("/observability").json()) == 2
    assert control.patch("/observability/nobody", json={}).status_code == 404
    unknown = control.patch(f"/observability/{instance.id}", json={"colour": "red"})
    assert unknown.status_code == 400


def test_the_rows_world_has_that_many_credentials() -> None:
    with start_simulator("rows:200") as sim:
        world = sim.world.stackit
        users = sum(len(one.users) for one in world.observability.all())
        keys = sum(1 for key in world.accounts.keys.values() if key.private_key is None)
        assert (users, keys) == (180, 20)
        assert len({one.project_id for one in world.observability.all()}) == 2
        assert sim.stackit.mints() == 0


def test_the_hostile_world_has_unknown_statuses_and_reachable_users() -> None:
    with start_simulator("hostile") as sim, service_client(sim, "observability") as client:
        listed = client.get(f"/v1/projects/{project_id(sim)}/instances").json()["instances"]
        statuses = {one["status"] for one in listed}
        assert "HIBERNATED" in statuses
        assert statuses - set(STATUSES)
        users = f"/v1/projects/{project_id(sim)}/instances/{listed[0]['instance']}/credentials"
        names = [one["name"] for one in client.get(users).json()["credentials"]]
        for name in ("../../etc/passwd", "svc [/x]", "\x1b]0;title\x1b\\t"):
            assert name in names
            assert client.delete(f"{users}/{quote(name, safe='')}").status_code == 200


@described
def test_every_answer_is_as_described(sim: Simulator, obs: httpx.Client) -> None:
    for name in ("obs-prod", "obs-stage"):
        path = place(sim, name)
        check(FILE, "ListInstancesResponse", obs.get(path.rpartition("/")[0]).json())
        check(FILE, "GetInstanceResponse", obs.get(path).json())
        check(FILE, "ListCredentialsResponse", obs.get(f"{path}/credentials").json())
    made = obs.post(f"{place(sim)}/credentials", json={"description": "x"}).json()
    check(FILE, "CreateCredentialsResponse", made)
    user = f"{place(sim)}/credentials/{made['credentials']['username']}"
    check(FILE, "GetCredentialsResponse", obs.get(user).json())
    check(FILE, "Message", obs.delete(user).json())
    check(FILE, "Message", obs.delete(user).json())
    bad = obs.post(f"{place(sim)}/credentials", json={"description": ""})
    check(FILE, "Error", bad.json())


@described
def test_a_refusal_is_as_described(sim: Simulator, obs_reader: httpx.Client) -> None:
    check(FILE, "PermissionDenied", obs_reader.post(f"{place(sim)}/credentials").json())
