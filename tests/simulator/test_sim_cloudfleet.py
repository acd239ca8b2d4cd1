"""Tokens of Cloudfleet, signing in with them, and what their roles may do."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import timedelta

import httpx
import jwt
import pytest

from cloudfleet_sim import (
    cloudfleet_client,
    cloudfleet_tls,
    cloudfleet_user_client,
    jwt_client,
    jwt_of,
    sign_in,
)
from simulator_fixtures import start_simulator
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN, OWN_TOKEN, USER_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.server import Simulator


@pytest.fixture
def world(sim: Simulator) -> CloudfleetWorld:
    return sim.world.cloudfleet


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cloudfleet_client(sim) as client:
        yield client


@pytest.mark.parametrize("is_basic", [False, True])
def test_id_and_secret_become_a_jwt_that_opens_the_api(
    sim: Simulator, world: CloudfleetWorld, *, is_basic: bool
) -> None:
    own = world.token_named(OWN_TOKEN)
    answer = sign_in(sim, own.id, own.secret, is_basic=is_basic)
    assert answer.status_code == 200
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (300, "Bearer")
    with jwt_client(sim, answer.json()["access_token"]) as client:
        assert client.get("/organization").json()["id"] == world.organization.id


def test_the_jwt_holds_the_claims_of_a_service_account(
    sim: Simulator, world: CloudfleetWorld
) -> None:
    own = world.token_named(OWN_TOKEN)
    issuer = f"{sim.base_url}/cloudfleet/realms/{world.organization.id}"
    document = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()
    assert document["issuer"] == issuer
    assert document["token_endpoint"] == f"{issuer}/protocol/openid-connect/token"
    (key,) = jwt.PyJWKSet.from_dict(httpx.get(document["jwks_uri"], trust_env=False).json()).keys
    claims = jwt.decode(jwt_of(sim, own), key, algorithms=["RS256"], audience="account")
    assert claims["iss"] == issuer
    assert claims["azp"] == claims["client_id"] == own.id
    assert claims["preferred_username"] == f"service-account-{own.id.lower()}"
    assert claims["exp"] - claims["iat"] == 300


def test_a_jwt_ends_by_the_simulated_clock(sim: Simulator, world: CloudfleetWorld) -> None:
    with jwt_client(sim, jwt_of(sim, world.token_named(OWN_TOKEN))) as client:
        sim.clock.advance(timedelta(seconds=290))
        assert client.get("/organization").status_code == 200
        sim.clock.advance(timedelta(seconds=11))
        refused = client.get("/organization")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert set(refused.json()) == {"message", "status"}


def test_the_token_endpoint_refuses_in_the_forms_of_oauth(
    sim: Simulator, world: CloudfleetWorld
) -> None:
    own = world.token_named(OWN_TOKEN)
    url = world.token_url.format(organization_id=world.organization.id)
    wrong = sign_in(sim, own.id, "wrong")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert sign_in(sim, own.id.swapcase(), own.secret).status_code == 401
    assert sign_in(sim, own.id, "", is_basic=True).status_code == 401
    for form, error in (
        ({"client_id": own.id}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ):
        refused = httpx.post(url, data=form, trust_env=False)
        assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert httpx.post(url, json={}, trust_env=False).status_code == 415
    elsewhere = world.token_url.format(organization_id="nobody")
    assert httpx.post(elsewhere, data={}, trust_env=False).status_code == 404
    header = {"authorization": "Basic \xe4==", "content-type": "application/x-www-form-urlencoded"}
    raw = {name.encode(): value.encode("latin-1") for name, value in header.items()}
    odd = httpx.post(url, content="grant_type=client_credentials", headers=raw, trust_env=False)
    assert odd.status_code == 401


def test_a_token_is_created_listed_used_and_deleted(
    sim: Simulator, world: CloudfleetWorld, boss: httpx.Client
) -> None:
    made = boss.post("/tokens", json={"name": "ci-deploy", "role": "Administrator"})
    assert made.status_code == 201
    body = made.json()
    assert set(body) == {"id", "name", "role", "secret", "date_created"}
    assert len(body["id"]) == 22
    assert set(body["id"]) <= set(string.ascii_letters + string.digits) - set("0OIl")
    listed = boss.get("/tokens")
    assert body["secret"] not in listed.text
    assert [one["name"] for one in listed.json()][-1] == "ci-deploy"
    assert boss.get(f"/tokens/{body['id']}").json() == listed.json()[-1]
    made_token = world.token_named("ci-deploy")
    with jwt_client(sim, jwt_of(sim, made_token)) as client:
        assert client.get("/tokens").status_code == 200
        deleted = boss.delete(f"/tokens/{body['id']}")
        assert (deleted.status_code, deleted.content) == (204, b"")
        assert client.get("/tokens").status_code == 401
    assert sign_in(sim, body["id"], body["secret"]).status_code == 401
    assert boss.get(f"/tokens/{body['id']}").status_code == 404
    assert boss.delete(f"/tokens/{body['id']}").status_code == 404
    assert sim.cloudfleet.mints() == 1


def test_regeneration_keeps_the_id_and_ends_the_old_secret_at_once(
    sim: Simulator, world: CloudfleetWorld, boss: httpx.Client
) -> None:
    before = world.token_named(ADMIN_TOKEN)
    with jwt_client(sim, jwt_of(sim, before)) as client:
        answer = boss.post(f"/tokens/{before.id}/regenerate")
        assert answer.status_code == 200
        made = answer.json()
        assert (made["id"], made["name"], made["role"]) == (before.id, ADMIN_TOKEN, before.role)
        assert made["secret"] != before.secret
        assert sign_in(sim, before.id, before.secret).status_code == 401
        assert sign_in(sim, before.id, made["secret"]).status_code == 200
        assert client.get("/tokens").status_code == 200
    assert sim.cloudfleet.mints() == 1


def test_an_update_replaces_the_whole_token(world: CloudfleetWorld, boss: httpx.Client) -> None:
    path = f"/tokens/{world.token_named(ADMIN_TOKEN).id}"
    changed = boss.put(path, json={"name": "ci-boss", "role": "Administrator"})
    assert (changed.status_code, changed.json()["name"]) == (200, "ci-boss")
    assert "secret" not in changed.json()
    assert boss.put(path, json={"name": "ci-boss"}).json()["role"] == "User"
    read_only = boss.put(path, json={"id": "x", "name": "ci", "role": "User"})
    assert (read_only.status_code, read_only.json()["message"]) == (400, "id is read-only")
    assert boss.put(path, json={"role": "User"}).status_code == 400
    assert boss.put("/tokens/nobody", json={"name": "ci"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"name": "ci"}',
        b'{"name": "", "role": "User"}',
        b'{"name": 1, "role": "User"}',
        b'{"name": "ci", "role": "administrator"}',
        b'{"name": "ci", "role": []}',
        b"[" * 100_000,
    ],
)
def test_unfit_bodies_make_no_token(sim: Simulator, boss: httpx.Client, body: bytes) -> None:
    refused = boss.post("/tokens", content=body)
    assert refused.status_code == 400
    assert refused.json()["message"]
    assert sim.cloudfleet.mints() == 0


def test_a_user_reads_and_manages_no_tokens(sim: Simulator, world: CloudfleetWorld) -> None:
    path = f"/tokens/{world.token_named(ADMIN_TOKEN).id}"
    with cloudfleet_user_client(sim) as user:
        assert user.get("/organization").status_code == 200
        assert user.get("/clusters").status_code == 200
        refused = [
            user.get("/tokens"),
            user.get(path),
            user.post("/tokens", json={"name": "ci", "role": "User"}),
            user.put(path, json={"name": "ci", "role": "User"}),
            user.post(f"{path}/regenerate"),
            user.delete(path),
        ]
        assert {one.status_code for one in refused} == {403}
        world.user_reads_tokens = True
        assert user.get("/tokens").status_code == 200
        assert user.delete(path).status_code == 403
    assert sim.cloudfleet.mints() == 0


def test_a_change_of_role_acts_on_jwts_already_made(
    sim: Simulator, world: CloudfleetWorld, boss: httpx.Client
) -> None:
    with cloudfleet_user_client(sim) as user:
        body = {"name": USER_TOKEN, "role": "Administrator"}
        boss.put(f"/tokens/{world.token_named(USER_TOKEN).id}", json=body)
        assert user.get("/tokens").status_code == 200


def test_nobody_and_a_forged_jwt_are_refused(sim: Simulator, world: CloudfleetWorld) -> None:
    with start_simulator() as another:
        foreign = jwt_of(another, another.world.cloudfleet.token_named(OWN_TOKEN))
    unsigned = jwt.encode({"azp": world.token_named(OWN_TOKEN).id}, "", algorithm="none")
    for token in (foreign, unsigned, "x"):
        with jwt_client(sim, token) as client:
            assert client.get("/organization").status_code == 401
    assert httpx.get(f"{world.api_url}/tokens", trust_env=False).status_code == 401


def test_paths_and_methods_that_are_not_there_answer_in_the_same_form(boss: httpx.Client) -> None:
    missing, refused = boss.get("/nothing"), boss.delete("/tokens")
    assert (missing.status_code, missing.json()["message"]) == (404, "Not Found")
    assert (refused.status_code, refused.json()["message"]) == (405, "Method Not Allowed")


def test_organization_and_clusters_show_what_can_be_opened(
    world: CloudfleetWorld, boss: httpx.Client
) -> None:
    organization = boss.get("/organization").json()
    assert organization["display_name"] == "main-org"
    assert organization["quota"]["versions"][0] == {"id": "1.x.x-cfke.x", "label": "Latest"}
    clusters = {one["name"]: one for one in boss.get("/clusters").json()}
    assert {name: one["status"] for name, one in clusters.items()} == {
        "shop-prod": "deployed",
        "shop-stage": "updating",
        "shop-next": "creating",
        "lab": "disabled",
    }
    prod = clusters["shop-prod"]
    assert prod["endpoint"] == world.cluster_url(prod["id"])
    assert clusters["shop-next"]["endpoint"] is None
    assert boss.get(f"/clusters/{prod['id']}").json() == prod
    assert boss.get("/clusters/nobody").status_code == 404
    world.has_billing_data = False
    quota = boss.get("/organization").json()["quota"]
    assert quota == {"regions": [], "versions": [], "cluster_tiers": []}


def test_anyone_discovers_the_issuer_of_workloads(sim: Simulator, world: CloudfleetWorld) -> None:
    cluster_id = next(iter(world.clusters))
    issuer = f"{world.api_url}/clusters/{cluster_id}"
    document = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()
    assert document["issuer"] == issuer
    (key,) = httpx.get(document["jwks_uri"], trust_env=False).json()["keys"]
    assert (key["kty"], key["alg"]) == ("RSA", "RS256")
    with cloudfleet_tls(sim) as client:
        path = f"{sim.tls_url}/cloudfleet/v1/clusters"
        secure = client.get(f"{path}/{cluster_id}/.well-known/openid-configuration")
        assert secure.json()["issuer"] == f"{path}/{cluster_id}"
        assert client.get(f"{path}/x/.well-known/openid-configuration").status_code == 404


def test_the_same_is_served_with_tls(sim: Simulator, world: CloudfleetWorld) -> None:
    own = world.token_named(OWN_TOKEN)
    issuer = f"{sim.tls_url}/cloudfleet/realms/{world.organization.id}"
    form = {"grant_type": "client_credentials", "client_id": own.id, "client_secret": own.secret}
    with cloudfleet_tls(sim) as client:
        document = client.get(f"{issuer}/.well-known/openid-configuration").json()
        token = client.post(document["token_endpoint"], data=form).json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        answer = client.get(f"{sim.tls_url}/cloudfleet/v1/tokens", headers=headers)
    assert answer.status_code == 200
    assert jwt.decode(token, options={"verify_signature": False})["iss"] == issuer
