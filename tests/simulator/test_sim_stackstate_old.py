"""Old StackState servers, proxies in front, and the switches for both."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from stackstate_sim import api_client, guest_client, service_client
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.world import LAB, StackstateServer

TOKENS = "/security/tokens"
KEYS = "/security/ingestion/api_keys"


@pytest.fixture
def lab(sim: Simulator) -> StackstateServer:
    return sim.world.stackstate.lab


@pytest.fixture
def old(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, server=LAB) as client:
        yield client


@pytest.fixture
def control(sim: Simulator) -> Iterator[httpx.Client]:
    url = f"{sim.base_url}/_control/stackstate"
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def test_an_old_server_says_little_of_itself(sim: Simulator, old: httpx.Client) -> None:
    info = old.get("/server/info").json()
    assert set(info) == {"version", "deploymentMode"}
    assert info["version"]["major"] == 5
    with service_client(sim) as current:
        assert set(current.get("/server/info").json()) == {
            "version",
            "deploymentMode",
            "platformVersion",
            "applicationDomains",
        }


def test_an_old_server_ignores_dedicated_subjects(old: httpx.Client) -> None:
    body = {"name": "x", "roles": ["stackstate-guest"], "dedicatedSubject": "x"}
    assert old.post(TOKENS, json=body).status_code == 200
    assert "dedicatedSubject" not in old.get(TOKENS).json()[-1]


def test_an_old_server_has_one_permission_for_tokens(sim: Simulator, old: httpx.Client) -> None:
    listed = old.get("/security/permissions/list").json()["permissions"]
    assert "manage-service-tokens" in listed
    assert "get-service-tokens" not in listed
    with guest_client(sim, LAB) as guest:
        assert guest.get(TOKENS).status_code == 403
        assert guest.get("/server/info").status_code == 200


def test_an_old_server_lacks_the_rights_check_and_a_role(old: httpx.Client) -> None:
    answer = old.get("/user/authorization/for", params={"permission": "manage-service-tokens"})
    assert answer.status_code == 404
    handles = {one["handle"] for one in old.get("/security/subjects").json()}
    assert "stackstate-admin" in handles
    assert "stackstate-k8s-admin" not in handles
    assert old.get("/user/session/availableRoles").status_code == 200


def test_a_very_old_server_lacks_the_roles_of_the_caller(
    lab: StackstateServer, old: httpx.Client
) -> None:
    lab.age = ServerAge.VERY_OLD
    assert old.get("/user/session/availableRoles").status_code == 404
    assert old.get("/user/authorization/for").status_code == 404
    assert old.get(TOKENS).status_code == 200


def test_ingestion_keys_exist_on_old_servers_only(
    sim: Simulator, lab: StackstateServer, old: httpx.Client
) -> None:
    made = old.post(KEYS, json={"name": "agent", "description": "of the lab"})
    assert made.status_code == 200
    key = made.json()
    assert key["apiKey"].startswith("iapikeyok-")
    listed = old.get(KEYS).json()
    assert listed[-1] == {name: key[name] for name in key if name != "apiKey"}
    intake = f"{lab.url}/receiver/stsAgent/intake"
    query = {"api_key": key["apiKey"]}
    assert httpx.post(intake, params=query, trust_env=False).status_code == 200
    assert old.delete(f"{KEYS}/{key['id']}").status_code == 204
    assert httpx.post(intake, params=query, trust_env=False).status_code == 401
    assert old.delete(f"{KEYS}/{key['id']}").status_code == 404
    assert sim.stackstate.mints() == 1
    with service_client(sim) as current:
        assert current.get(KEYS).status_code == 404


def test_ingestion_keys_need_their_permission_and_a_future_end(
    sim: Simulator, old: httpx.Client
) -> None:
    refused = old.post(KEYS, json={"name": "agent", "expiration": 1})
    assert refused.status_code == 400
    assert refused.json()["_type"] == "IngestionApiKeyInvalidExpiryError"
    with guest_client(sim, LAB) as guest:
        assert guest.get(KEYS).status_code == 403


def test_a_proxy_answers_everything_with_its_login_page(sim: Simulator) -> None:
    sim.world.stackstate.prod.sso_proxy = True
    with service_client(sim) as client, service_client(sim, server=LAB) as other:
        for path in ("/server/info", TOKENS, "/nowhere"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/html")
        assert other.get(TOKENS).headers["content-type"] == "application/json"


def test_the_path_of_the_api_is_a_setting(sim: Simulator) -> None:
    prod = sim.world.stackstate.prod
    with service_client(sim) as before:
        prod.api_path = "/observability/v1"
        assert before.get("/server/info").status_code == 404
    with service_client(sim) as after:
        assert after.get("/server/info").status_code == 200


def test_what_is_not_there_is_refused_in_plain_text(sim: Simulator) -> None:
    with service_client(sim) as client:
        answers = [client.get("/server/status"), client.patch(TOKENS), client.get(f"{TOKENS}/1")]
    assert [answer.status_code for answer in answers] == [404, 405, 405]
    assert all(one.headers["content-type"].startswith("text/plain") for one in answers)


def test_the_control_endpoint_shows_and_sets_switches(
    sim: Simulator, control: httpx.Client
) -> None:
    first, second = control.get("/servers").json()
    assert first == {
        "name": "sts-prod",
        "url": sim.world.stackstate.prod.url,
        "age": "current",
        "sso_proxy": False,
        "api_path": "/api",
        "absent_delete_status": 404,
    }
    assert (second["name"], second["age"]) == ("sts-lab", "old")
    switches = {"age": "very-old", "sso_proxy": True, "api_path": "/x", "absent_delete_status": 500}
    assert control.patch("/servers/sts-prod", json=switches).json() == first | switches
    prod = sim.world.stackstate.prod
    assert (prod.age, prod.sso_proxy, prod.api_path) == (ServerAge.VERY_OLD, True, "/x")
    assert prod.absent_delete_status == 500


@pytest.mark.parametrize(
    "switches",
    [
        {"colour": "red"},
        {"age": "new"},
        {"sso_proxy": 1},
        {"api_path": "api"},
        {"api_path": "/api/"},
        {"api_path": "/x", "absent_delete_status": 200},
        {"absent_delete_status": "404"},
        [],
        [1],
    ],
)
def test_switches_that_do_not_fit_change_nothing(control: httpx.Client, switches: object) -> None:
    before = control.get("/servers").json()
    answer = control.patch("/servers/sts-prod", json=switches)
    assert answer.status_code == 400
    assert control.get("/servers").json() == before


def test_the_control_endpoint_lists_tokens_without_secrets(
    sim: Simulator, control: httpx.Client
) -> None:
    shown = control.get("/servers/sts-lab/tokens")
    with service_client(sim, server=LAB) as client:
        assert shown.json() == client.get(TOKENS).json()
    assert "svctok-" not in shown.text
    assert control.get("/servers/nobody/tokens").status_code == 404
    assert control.patch("/servers/nobody", json={}).status_code == 404


def test_secrets_in_queries_are_not_logged(sim: Simulator, lab: StackstateServer) -> None:
    secret = lab.token_named("lab-collector").secret
    httpx.post(f"{lab.url}/receiver/stsAgent/intake", params={"api_key": secret}, trust_env=False)
    logged = sim.requests.all()[-1]
    assert (logged.system, logged.query, logged.status) == ("stackstate", ("api_key",), 200)
    assert secret not in repr(logged)


def test_servers_do_not_share_tokens(sim: Simulator, lab: StackstateServer) -> None:
    with api_client(sim, {"X-API-Key": lab.token_named("tokentui-admin").secret}) as client:
        assert client.get("/server/info").status_code == 401
