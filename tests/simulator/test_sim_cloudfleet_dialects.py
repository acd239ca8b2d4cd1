"""Every part of Cloudfleet's unconfirmed wire format is a switch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from cloudfleet_sim import cloudfleet_client, jwt_client, jwt_of, sign_in
from tokentui.simulator.cloudfleet import control as control_module
from tokentui.simulator.cloudfleet.dialect import (
    BASIC,
    GUESS,
    ODD,
    OTHER,
    ClientAuth,
    ErrorShape,
    Operation,
)
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN, OWN_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.server import Simulator


@pytest.fixture
def world(sim: Simulator) -> CloudfleetWorld:
    return sim.world.cloudfleet


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with cloudfleet_client(sim) as client:
        yield client


@pytest.fixture
def control(sim: Simulator) -> Iterator[httpx.Client]:
    address = f"{sim.base_url}/_control/cloudfleet"
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


def test_the_other_dialect_differs_wherever_a_client_can_be_told() -> None:
    standard = {Operation.WORKLOAD_ISSUER}  # its method is that of OpenID Connect
    for operation in Operation:
        guess, other = GUESS.calls[operation], OTHER.calls[operation]
        assert guess.path != other.path
        assert guess.method != other.method or operation in standard
    assert GUESS.token_path != OTHER.token_path
    for kind in ("token_fields", "cluster_fields", "organization_fields"):
        guess_fields, other_fields = getattr(GUESS, kind), getattr(OTHER, kind)
        same = {name for name in guess_fields if guess_fields[name] == other_fields[name]}
        assert same <= {"role"}  # no other name of it is in sight


def test_every_operation_is_where_the_other_dialect_puts_it(
    sim: Simulator, world: CloudfleetWorld
) -> None:
    world.dialect = OTHER
    own, admin = world.token_named(OWN_TOKEN), world.token_named(ADMIN_TOKEN)
    assert sign_in(sim, own.id, own.secret).json()["error"] == "invalid_client"
    with jwt_client(sim, jwt_of(sim, own, is_basic=True)) as client:
        assert client.post("/organizations/describe").json()["name"] == "main-org"
        listed = client.post("/access-tokens/list").json()
        assert listed["total"] == len(listed["items"]) == 3
        assert set(listed["items"][0]) == {
            *("access_token_id", "display_name", "role", "created_at", "last_used_at")
        }
        assert listed["items"][0]["last_used_at"]
        made = client.put("/access-tokens", json={"display_name": "ci", "role": "User"})
        assert (made.status_code, made.json()) == (200, world.token_named("ci").secret)
        path = f"/access-tokens/{admin.id}"
        changed = client.patch(path, json={"display_name": "boss", "role": "User"})
        assert (changed.status_code, changed.content) == (204, b"")
        assert client.post(f"{path}/describe").json()["display_name"] == "boss"
        renewed = client.put(f"{path}/secret")
        assert (renewed.status_code, renewed.json()) == (201, world.token_named("boss").secret)
        deleted = client.post(f"{path}/delete")
        assert (deleted.status_code, deleted.json()) == (200, {})
        cluster = client.post("/kubernetes-clusters/list").json()["items"][0]
        assert cluster["version"] == "1.34.2"
        described = client.post(f"/kubernetes-clusters/{cluster['id']}/describe")
        assert described.json() == cluster
        missing = client.post(f"{path}/describe")
        assert missing.json() == {"errors": [{"message": "Token not found", "code": 404}]}
        assert client.get("/tokens").status_code == 404
        discovered = client.get(f"/workloads/{cluster['id']}/.well-known/openid-configuration")
        assert discovered.json()["issuer"] == f"{world.api_url}/workloads/{cluster['id']}"
        assert client.get(discovered.json()["jwks_uri"]).status_code == 200


def test_discovery_finds_the_token_endpoint_of_every_dialect(world: CloudfleetWorld) -> None:
    address = f"{world.issuer(is_tls=False)}/.well-known/openid-configuration"
    world.dialect = OTHER
    document = httpx.get(address, trust_env=False).json()
    organization = world.organization.id
    assert document["token_endpoint"].endswith(f"/cloudfleet/oauth2/{organization}/token")
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic"]
    world.dialect = BASIC
    assert "token_endpoint" not in httpx.get(address, trust_env=False).json()


def test_the_basic_dialect_takes_id_and_secret_on_each_call(
    sim: Simulator, world: CloudfleetWorld, boss: httpx.Client
) -> None:
    own = world.token_named(OWN_TOKEN)
    tokens = f"{world.api_url}/tokens"
    assert httpx.get(tokens, auth=(own.id, own.secret), trust_env=False).status_code == 401
    world.dialect = BASIC
    assert httpx.get(tokens, auth=(own.id, own.secret), trust_env=False).status_code == 200
    assert httpx.get(tokens, auth=(own.id, "wrong"), trust_env=False).status_code == 401
    assert boss.get("/tokens").status_code == 401
    assert sign_in(sim, own.id, own.secret).status_code == 404


def test_the_odd_dialect_hides_the_secret_where_no_client_looks(
    world: CloudfleetWorld, boss: httpx.Client
) -> None:
    world.dialect = ODD
    made = boss.post("/tokens", json={"name": "ci", "role": "User"})
    token = world.token_named("ci")
    assert made.json() == {"result": "ok", "credentials": {"value": token.secret}}
    renewed = boss.post(f"/tokens/{token.id}/regenerate").json()
    assert renewed["credentials"]["value"] == world.token_named("ci").secret != token.secret


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (ErrorShape.MESSAGE, {"message": "Token not found", "status": 404}),
        (ErrorShape.ERROR, {"error": "Token not found", "status": 404}),
        (ErrorShape.DETAIL, {"detail": "Token not found", "status": 404}),
        (ErrorShape.TITLE, {"title": "Token not found", "status": 404}),
        (ErrorShape.ERRORS, {"errors": [{"message": "Token not found", "code": 404}]}),
    ],
)
def test_errors_take_any_of_the_forms(
    world: CloudfleetWorld, boss: httpx.Client, shape: ErrorShape, expected: object
) -> None:
    world.dialect = replace(GUESS, error_shape=shape)
    assert boss.get("/tokens/nobody").json() == expected


def test_errors_may_be_plain_text(world: CloudfleetWorld, boss: httpx.Client) -> None:
    world.dialect = replace(GUESS, error_shape=ErrorShape.TEXT)
    refused = boss.get("/tokens/nobody")
    assert refused.headers["content-type"].startswith("text/plain")
    assert (refused.status_code, refused.text) == (404, "Token not found")


def test_dialects_are_switched_by_control(control: httpx.Client, boss: httpx.Client) -> None:
    assert set(control.get("/dialects").json()) == {"guess", "other", "odd", "basic"}
    changed = control.patch("/dialect", json={"name": "other"}).json()
    assert changed["calls"]["delete_token"] == "POST /access-tokens/{token_id}/delete"
    assert changed == control.get("/dialects").json()["other"]
    assert boss.post("/access-tokens/list").status_code == 200
    switches: dict[str, Any] = {
        "name": "guess",
        "calls": {"list_tokens": "get /credentials"},
        "token_fields": {"secret": "client_secret", "created": "creation_date"},
        "envelope": "tokens",
        "create_status": 202,
        "create_answer": "object",
        "error_shape": "detail",
        "client_auth": ["post"],
        "token_path": "/token",
    }
    control.patch("/dialect", json=switches).raise_for_status()
    made = boss.post("/tokens", json={"name": "ci", "role": "User"})
    assert made.status_code == 202
    assert set(made.json()) == {"id", "name", "role", "client_secret", "creation_date"}
    assert boss.get("/credentials").json()["total"] == 4
    assert boss.get("/tokens").json()["detail"] == "Method Not Allowed"


def test_a_client_must_name_itself_as_the_dialect_wants(
    sim: Simulator, world: CloudfleetWorld
) -> None:
    own = world.token_named(OWN_TOKEN)
    for way in ClientAuth:
        world.dialect = replace(GUESS, client_auth=frozenset({way}))
        statuses = {
            one: sign_in(sim, own.id, own.secret, is_basic=one is ClientAuth.BASIC).status_code
            for one in ClientAuth
        }
        assert statuses == {one: 200 if one is way else 401 for one in ClientAuth}


def test_a_token_path_may_do_without_the_organization(
    sim: Simulator, world: CloudfleetWorld, control: httpx.Client
) -> None:
    control.patch("/dialect", json={"token_path": "/token"}).raise_for_status()
    own = world.token_named(OWN_TOKEN)
    assert world.token_url == f"{sim.base_url}/cloudfleet/token"
    assert sign_in(sim, own.id, own.secret).status_code == 200


@pytest.mark.parametrize(
    "switches",
    [
        {"name": "nobody"},
        {"colour": "red"},
        {"calls": {"fly": "GET /x"}},
        {"calls": {"list_tokens": "/tokens"}},
        {"calls": {"list_tokens": " /tokens"}},
        {"calls": {"get_token": "GET /tokens/{id}"}},
        {"calls": []},
        {"token_path": "/{realm}/token"},
        {"token_fields": {"end": "exp"}},
        {"create_answer": "xml"},
        {"create_status": True},
        {"create_status": 99},
        {"client_auth": "post"},
        {"call_auth": ["digest"]},
        {"envelope": 1},
    ],
)
def test_unfit_switches_change_nothing(
    world: CloudfleetWorld, control: httpx.Client, switches: dict[str, Any]
) -> None:
    refused = control.patch("/dialect", json=switches | {"create_status": 200} | switches)
    assert refused.status_code == 400
    assert refused.json()["error"]
    assert world.dialect is GUESS


def test_settings_clusters_and_jwts_by_control(
    sim: Simulator, world: CloudfleetWorld, control: httpx.Client
) -> None:
    changed = control.patch("/settings", json={"jwt_life_s": 20, "user_reads_tokens": True})
    assert changed.json() == {
        "jwt_life_s": 20,
        "user_reads_tokens": True,
        "has_billing_data": True,
    }
    unfit: object
    for unfit in ({"jwt_life_s": "x"}, {"user_reads_tokens": 1}, {"x": 1}, []):
        assert control.patch("/settings", json=unfit).status_code == 400
    own = world.token_named(OWN_TOKEN)
    assert sign_in(sim, own.id, own.secret).json()["expires_in"] == 20
    made = control.post("/jwts", json={"token_id": own.id})
    with jwt_client(sim, made.json()["token"]) as client:
        listed = client.get("/tokens").json()
    assert control.get("/tokens").json() == listed
    assert control.post("/jwts", json={"token_id": "x"}).status_code == 404
    cluster_id = control.get("/clusters").json()[0]["id"]
    patched = control.patch(f"/clusters/{cluster_id}", json={"status": "disabled"})
    assert (patched.json()["status"], patched.json()["endpoint"]) == ("disabled", None)
    for unfit in ({"id": "x"}, {"status": 1}, []):
        assert control.patch(f"/clusters/{cluster_id}", json=unfit).status_code == 400
    assert control.patch("/clusters/x", json={}).status_code == 404


def test_every_control_route_is_named_in_the_description(sim: Simulator) -> None:
    text = control_module.__doc__ or ""
    for one in sim.cloudfleet.control_routes():
        path = re.sub(r"\{.*\}", "{id}", getattr(one, "path", ""))
        assert f"/cloudfleet{path} |" in text, path
