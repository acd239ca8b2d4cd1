"""Who may do what on a StackState server: roles, subjects, receivers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from stackstate_sim import POWER_TOKEN, api_client, guest_client, personal_client, service_client
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import StackstateServer

TOKENS = "/security/tokens"
NEW_TOKEN = {"name": "ci", "roles": ["stackstate-admin"]}


@pytest.fixture
def prod(sim: Simulator) -> StackstateServer:
    return sim.world.stackstate.prod


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim) as client:
        yield client


def allowed(client: httpx.Client, permission: str, **more: str) -> httpx.Response:
    return client.get("/user/authorization/for", params={"permission": permission, **more})


@pytest.mark.parametrize("name", [POWER_TOKEN, "grafana-sync", "tokentui-guest"])
def test_only_admins_manage_tokens(sim: Simulator, prod: StackstateServer, name: str) -> None:
    with service_client(sim, name) as client:
        assert client.get("/server/info").status_code == 200
        refused = [
            client.get(TOKENS),
            client.post(TOKENS, json=NEW_TOKEN),
            client.delete(f"{TOKENS}/{prod.token_named('bootstrap').id}"),
        ]
    assert {answer.status_code for answer in refused} == {403}
    assert refused[0].json()["errors"][0]["errorCode"] == 403
    assert prod.token_named("bootstrap") in prod.tokens()
    assert prod.minted == []


def test_an_unknown_role_is_accepted_and_powerless(sim: Simulator, boss: httpx.Client) -> None:
    made = boss.post(TOKENS, json={"name": "x", "roles": ["Stackstate-Admin"]})
    assert made.status_code == 200
    with api_client(sim, {"X-API-Key": made.json()["token"]}) as client:
        assert client.get("/server/info").status_code == 200
        assert client.get(TOKENS).status_code == 403


def test_rights_are_answered_by_the_status_alone(sim: Simulator, boss: httpx.Client) -> None:
    with guest_client(sim) as guest, api_client(sim) as nobody:
        answers = [
            allowed(boss, "create-service-tokens"),
            allowed(guest, "get-topology"),
            allowed(guest, "create-service-tokens"),
            allowed(boss, "manage-service-tokens"),
            boss.get("/user/authorization/for"),
            allowed(nobody, "get-topology"),
        ]
    assert [answer.status_code for answer in answers] == [204, 204, 403, 400, 400, 401]
    assert {answer.content for answer in answers} == {b""}


def test_rights_may_be_on_one_resource(sim: Simulator, boss: httpx.Client) -> None:
    boss.put("/security/subjects/agent-c", json={})
    grant = {"permission": "update-scoped-permissions", "resourceName": "cluster-c"}
    boss.post("/security/permissions/agent-c", json=grant)
    made = boss.post(TOKENS, json={"name": "agent-c", "roles": ["agent-c"]}).json()
    with api_client(sim, {"X-API-Key": made["token"]}) as agent:
        permission = "update-scoped-permissions"
        assert allowed(agent, permission, resourceName="cluster-c").status_code == 204
        assert allowed(agent, permission, resourceName="cluster-d").status_code == 403
        assert allowed(agent, permission).status_code == 403


def test_the_first_of_the_roles_is_the_name(sim: Simulator) -> None:
    with personal_client(sim, "gil") as gil, guest_client(sim) as guest:
        assert gil.get("/user/session/availableRoles").json() == {
            "roles": ["gil", "stackstate-guest"]
        }
        assert guest.get("/user/session/availableRoles").json()["roles"][1:] == ["stackstate-guest"]


def test_a_person_sees_their_profile_and_token(sim: Simulator, prod: StackstateServer) -> None:
    with personal_client(sim) as anna:
        assert anna.get("/user/profile").json()["name"] == "anna"
        (token,) = anna.get("/user/profile/tokens").json()
    assert token["token"] == prod.users["anna"].api_token
    assert (len(token["token"]), token["token"].isalnum()) == (32, True)


@pytest.mark.parametrize("path", ["/user/profile", "/user/profile/tokens"])
def test_a_service_token_has_no_profile(boss: httpx.Client, path: str) -> None:
    answer = boss.get(path)
    assert answer.status_code == 400
    assert answer.json() == {"_type": "UserNotFoundError", "name": "tokentui-admin"}


def test_subjects_come_from_several_sources(boss: httpx.Client) -> None:
    listed = boss.get("/security/subjects").json()
    assert {"handle": "agent-ham", "source": "Observability"} in listed
    admins = {one["source"] for one in listed if one["handle"] == "stackstate-admin"}
    assert admins == {"Static", "Kubernetes"}
    assert "stackstate-k8s-admin" in {one["handle"] for one in listed}


def test_a_subject_is_made_granted_described_and_removed(boss: httpx.Client) -> None:
    group = "/security/subjects/keycloakoidc_group%3A%2F%2Fops"
    assert boss.put(group, params={"createOnly": "true"}, json={}).status_code == 200
    assert boss.put(group, params={"createOnly": "true"}, json={}).status_code == 400
    assert boss.put(group, json={}).status_code == 200
    grants = "/security/permissions/keycloakoidc_group%3A%2F%2Fops"
    grant = {"permission": "get-metrics", "resourceName": "system"}
    assert boss.post(grants, json=grant).status_code == 200
    assert boss.get(grants).json() == {
        "subjectHandle": "keycloakoidc_group://ops",
        "fromSources": ["Observability"],
        "permissions": {"system": ["get-metrics"]},
    }
    assert boss.delete(group).status_code == 200
    assert boss.get(grants).status_code == 404
    assert boss.delete(group).status_code == 404


@pytest.mark.parametrize(
    ("handle", "permission", "status"),
    [
        ("agent-ham", "get-metrics", 200),
        ("agent-ham", "fly", 400),
        ("stackstate-guest", "get-metrics", 400),
        ("suse-observability-instance-admin", "get-metrics", 400),
        ("nobody", "get-metrics", 404),
    ],
)
def test_only_subjects_of_the_server_are_granted_known_permissions(
    boss: httpx.Client, handle: str, permission: str, status: int
) -> None:
    grant = {"permission": permission, "resourceName": "system"}
    answer = boss.post(f"/security/permissions/{handle}", json=grant)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["_type"] == "ErrorsResponse"


def test_a_predefined_role_cannot_be_made(boss: httpx.Client) -> None:
    assert boss.put("/security/subjects/stackstate-guest", json={}).status_code == 400


def test_permissions_are_listed(boss: httpx.Client) -> None:
    listed = boss.get("/security/permissions/list").json()["permissions"]
    assert {"get-service-tokens", "create-service-tokens", "delete-service-tokens"} <= set(listed)
    assert "manage-service-tokens" not in listed


def test_a_guest_reads_roles_and_changes_none(sim: Simulator, prod: StackstateServer) -> None:
    with guest_client(sim) as guest:
        assert guest.get("/security/subjects").status_code == 200
        assert guest.put("/security/subjects/mine", json={}).status_code == 403
        grant = {"permission": "get-metrics", "resourceName": "system"}
        assert guest.post("/security/permissions/agent-ham", json=grant).status_code == 403
        assert guest.delete("/security/subjects/agent-ham").status_code == 403
    assert prod.subjects.sources("mine") == []


def sent(prod: StackstateServer, secret: str) -> dict[str, int]:
    """Send telemetry in every form; return the status of each."""
    write = "/receiver/prometheus/api/v1/write"
    with httpx.Client(base_url=prod.url, trust_env=False) as client:
        otlp = {"Authorization": f"SUSEObservability {secret}"}
        answers = {
            signal: client.post(f"/otlp/v1/{signal}", headers=otlp)
            for signal in ("traces", "metrics", "logs")
        }
        answers["header"] = client.post(write, headers={"sts-api-key": secret})
        answers["basic"] = client.post(write, auth=("apikey", secret))
        answers["agent"] = client.post("/receiver/stsAgent/intake", params={"api_key": secret})
    return {form: answer.status_code for form, answer in answers.items()}


def test_receivers_admit_who_may_update_metrics(prod: StackstateServer) -> None:
    power = sent(prod, prod.token_named(POWER_TOKEN).secret)
    assert all(status in (200, 204) for status in power.values()), power
    assert set(sent(prod, prod.token_named("tokentui-guest").secret).values()) == {403}
    assert set(sent(prod, "svctok-wrong").values()) == {401}
    assert set(sent(prod, prod.token_named("ci-ingest").secret).values()) == {401}
    assert set(sent(prod, prod.users["anna"].api_token).values()) == {401}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/otlp/v1/metrics", {}),
        ("/otlp/v1/metrics", {"Authorization": "Bearer {secret}"}),
        ("/receiver/prometheus/api/v1/write", {"X-API-Key": "{secret}"}),
        ("/receiver/prometheus/api/v1/write", {"Authorization": "Basic !"}),
        ("/receiver/stsAgent/intake", {"sts-api-key": "{secret}"}),
    ],
)
def test_receivers_know_their_own_form_only(
    prod: StackstateServer, path: str, headers: dict[str, str]
) -> None:
    secret = prod.token_named(POWER_TOKEN).secret
    filled = {name: value.format(secret=secret) for name, value in headers.items()}
    answer = httpx.post(prod.url + path, headers=filled, trust_env=False)
    assert answer.status_code == 401


def test_another_user_of_basic_authentication_is_refused(prod: StackstateServer) -> None:
    url = f"{prod.url}/receiver/prometheus/api/v1/write"
    secret = prod.token_named(POWER_TOKEN).secret
    assert httpx.post(url, auth=("admin", secret), trust_env=False).status_code == 401


def test_the_recipe_for_an_agent_gives_a_working_token(
    prod: StackstateServer, boss: httpx.Client
) -> None:
    boss.put("/security/subjects/agent-d", params={"createOnly": "true"}, json={})
    grant = {"permission": "update-metrics", "resourceName": "system"}
    boss.post("/security/permissions/agent-d", json=grant)
    body = {"name": "agent-d", "roles": ["agent-d"], "dedicatedSubject": "agent-d"}
    secret = boss.post(TOKENS, json=body).json()["token"]
    assert max(sent(prod, secret).values()) < 300
    boss.delete(f"{TOKENS}/{boss.get(TOKENS).json()[-1]['id']}")
    assert set(sent(prod, secret).values()) == {401}
