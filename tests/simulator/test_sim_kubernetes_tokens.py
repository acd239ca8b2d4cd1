"""Minting, binding and revoking tokens of service accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from kubernetes_sim import (
    ACCOUNTS,
    DEPLOYER,
    SECRETS,
    SELF_REVIEWS,
    TOKEN,
    answer_to,
    bearer_client,
    cluster_client,
    mint,
    status_of,
)
from tokentui.simulator.server import Simulator

AUDIENCE = "https://kubernetes.default.svc.cluster.local"
ANCHOR = "tokentui-deployer-1"


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


def token_in(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["status"]["token"])


def uid_of(client: httpx.Client, path: str) -> str:
    return str(client.get(path).json()["metadata"]["uid"])


def bound_to(kind: str, name: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "apiVersion": "v1", "name": name, **more}


def test_an_empty_wish_gives_an_hour_for_the_server_itself(boss: httpx.Client) -> None:
    answer = boss.post(TOKEN, json={})
    body = answer.json()
    assert body["spec"]["audiences"] == [AUDIENCE]
    assert body["spec"]["expirationSeconds"] == 3600
    assert body["metadata"]["uid"] == uid_of(boss, DEPLOYER)
    assert "warning" not in answer.headers
    claims = claims_of(token_in(answer))
    uid = uid_of(boss, DEPLOYER)
    assert claims["kubernetes.io"] == {
        "namespace": "build",
        "serviceaccount": {"name": "deployer", "uid": uid},
    }
    assert claims["sub"] == "system:serviceaccount:build:deployer"
    assert (claims["iss"], claims["aud"]) == (AUDIENCE, [AUDIENCE])
    assert claims["exp"] - claims["iat"] == 3600
    ends = datetime.fromisoformat(body["status"]["expirationTimestamp"])
    assert int(ends.timestamp()) == claims["exp"]


def test_the_signature_is_that_of_the_published_key(boss: httpx.Client) -> None:
    token = token_in(mint(boss))
    keys = jwt.PyJWKSet.from_dict(boss.get("/openid/v1/jwks").json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    assert jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE)["iss"] == AUDIENCE


def test_a_token_signs_its_account_in_until_its_end(sim: Simulator, boss: httpx.Client) -> None:
    token = token_in(mint(boss, expirationSeconds=600))
    with bearer_client(sim, token) as client:
        user = client.post(SELF_REVIEWS, json={}).json()["status"]["userInfo"]
        assert user == {
            "username": "system:serviceaccount:build:deployer",
            "uid": uid_of(boss, DEPLOYER),
            "groups": [
                "system:serviceaccounts",
                "system:serviceaccounts:build",
                "system:authenticated",
            ],
            "extra": {
                "authentication.kubernetes.io/credential-id": [f"JTI={claims_of(token)['jti']}"]
            },
        }
        sim.clock.advance(timedelta(minutes=9))
        assert client.get("/version").status_code == 200
        sim.clock.advance(timedelta(minutes=2))
        assert status_of(client.get("/version")) == (401, "Unauthorized", "Unauthorized")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (599, "may not specify a duration less than 10 minutes"),
        (-1, "may not specify a duration less than 10 minutes"),
        (2**32 + 1, "may not specify a duration larger than 2^32 seconds"),
    ],
)
def test_a_life_too_short_or_too_long_is_invalid(
    boss: httpx.Client, seconds: int, told: str
) -> None:
    answer = mint(boss, expirationSeconds=seconds)
    message = f"Invalid value: {seconds}: {told}"
    assert status_of(answer) == (
        422,
        "Invalid",
        f'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: {message}',
    )
    field = {
        "reason": "FieldValueInvalid",
        "message": message,
        "field": "spec.expirationSeconds",
    }
    assert answer.json()["details"] == {
        "group": "authentication.k8s.io",
        "kind": "TokenRequest",
        "causes": [field],
    }


@pytest.mark.parametrize("seconds", [600, 3607, 2**32])
def test_a_life_within_the_limits_is_kept(boss: httpx.Client, seconds: int) -> None:
    claims = claims_of(token_in(mint(boss, expirationSeconds=seconds)))
    assert claims["exp"] - claims["iat"] == seconds


@pytest.mark.parametrize("seconds", ["3600", 600.5, True])
def test_a_life_that_is_no_whole_number_is_bad(boss: httpx.Client, seconds: object) -> None:
    code, reason, message = status_of(mint(boss, expirationSeconds=seconds))
    assert (code, reason) == (400, "BadRequest")
    assert "expirationSeconds of type int64" in message


def test_bodies_that_are_no_token_request_are_bad_and_quoted(boss: httpx.Client) -> None:
    assert status_of(boss.post(TOKEN, content=b""))[0] == 400
    code, _, message = status_of(boss.post(TOKEN, content=b'{"secret": '))
    assert (code, '{"secret": ' in message) == (400, True)
    wrong = boss.post(TOKEN, json={"kind": "ServiceAccount", "apiVersion": "v1"})
    assert "cannot be handled as a TokenRequest" in status_of(wrong)[2]
    plain = boss.post(TOKEN, content=b"{}", headers={"content-type": "text/plain"})
    assert status_of(plain)[:2] == (415, "UnsupportedMediaType")


def test_a_maximum_of_the_server_cuts_and_a_new_server_warns(
    sim: Simulator, boss: httpx.Client, old_boss: httpx.Client
) -> None:
    for cluster in sim.world.kubernetes.clusters.values():
        cluster.switches.max_token_seconds = 86_400
    answer = mint(boss, expirationSeconds=604_800)
    told = "requested expiration of 604800 seconds shortened to 86400 seconds"
    assert answer.headers["warning"] == f'299 - "{told}"'
    assert answer.json()["spec"]["expirationSeconds"] == 86_400
    claims = claims_of(token_in(answer))
    assert claims["exp"] - claims["iat"] == 86_400
    silent = mint(old_boss, expirationSeconds=604_800)
    assert "warning" not in silent.headers
    assert silent.json()["spec"]["expirationSeconds"] == 86_400
    assert silent.json()["metadata"] == {"creationTimestamp": None}
    assert "jti" not in claims_of(token_in(silent))
    assert "warning" not in mint(boss, expirationSeconds=86_400).headers


def test_a_dry_run_mints_a_real_token(sim: Simulator, boss: httpx.Client) -> None:
    before = sim.kubernetes.mints()
    token = token_in(boss.post(f"{TOKEN}?dryRun=All", json={}))
    assert answer_to(sim, token) == 200
    assert sim.kubernetes.mints() == before + 1


def test_a_token_for_others_is_worth_nothing_here(sim: Simulator, boss: httpx.Client) -> None:
    token = token_in(mint(boss, audiences=["vault"]))
    assert claims_of(token)["aud"] == ["vault"]
    assert answer_to(sim, token) == 401
    both = token_in(mint(boss, audiences=["vault", AUDIENCE]))
    assert answer_to(sim, both) == 200
    path = "/apis/authentication.k8s.io/v1/tokenreviews"
    here = boss.post(path, json={"spec": {"token": token}}).json()["status"]
    assert "authenticated" not in here
    there = boss.post(path, json={"spec": {"token": token, "audiences": ["vault"]}}).json()
    assert there["status"]["authenticated"] is True
    assert there["status"]["user"]["username"] == "system:serviceaccount:build:deployer"


def test_objects_to_bind_to_are_checked(boss: httpx.Client) -> None:
    def answer(kind: str, name: str, **more: str) -> tuple[int, str, str]:
        return status_of(mint(boss, boundObjectRef=bound_to(kind, name, **more)))

    told = 'cannot bind token for serviceaccount "deployer" to object of type v1, Kind=ConfigMap'
    assert answer("ConfigMap", "x") == (400, "BadRequest", told)
    assert answer("Secret", "none") == (404, "NotFound", 'secrets "none" not found')
    assert answer("Pod", "none") == (404, "NotFound", 'pods "none" not found')
    code, reason, message = answer("Secret", ANCHOR, uid="not-this")
    assert (code, reason) == (409, "Conflict")
    assert "UID in the bound object reference (not-this)" in message
    uid = uid_of(boss, f"{SECRETS}/{ANCHOR}")
    made = mint(boss, boundObjectRef=bound_to("Secret", ANCHOR, uid=uid))
    assert claims_of(token_in(made))["kubernetes.io"]["secret"] == {"name": ANCHOR, "uid": uid}
    assert mint(boss, boundObjectRef=bound_to("Node", "node-1")).status_code == 201


def test_an_old_server_binds_to_no_node(old_boss: httpx.Client) -> None:
    answer = mint(old_boss, boundObjectRef=bound_to("Node", "node-1"))
    assert status_of(answer)[0] == 400


def test_deleting_the_anchor_ends_one_token(sim: Simulator, boss: httpx.Client) -> None:
    bound = token_in(mint(boss, boundObjectRef=bound_to("Secret", ANCHOR)))
    free = token_in(mint(boss))
    assert (answer_to(sim, bound), answer_to(sim, free)) == (200, 200)
    assert boss.delete(f"{SECRETS}/{ANCHOR}").json()["status"] == "Success"
    assert (answer_to(sim, bound), answer_to(sim, free)) == (401, 200)


def test_a_recreated_account_does_not_revive_its_tokens(sim: Simulator, boss: httpx.Client) -> None:
    token = token_in(mint(boss))
    gone = boss.delete(DEPLOYER)
    assert (gone.status_code, gone.json()["kind"]) == (200, "ServiceAccount")
    assert answer_to(sim, token) == 401
    legacy = f"{SECRETS}/deployer-manual-q8d2x"
    assert status_of(boss.get(legacy))[0] == 404
    assert boss.post(ACCOUNTS, json={"metadata": {"name": "deployer"}}).status_code == 201
    assert answer_to(sim, token) == 401
    assert answer_to(sim, token_in(mint(boss))) == 200


def test_revocation_bites_when_the_cache_has_run_out(sim: Simulator, boss: httpx.Client) -> None:
    sim.world.kubernetes.lab.switches.auth_cache_seconds = 10
    token = token_in(mint(boss))
    assert answer_to(sim, token) == 200
    boss.delete(DEPLOYER)
    assert answer_to(sim, token) == 200
    sim.clock.advance(timedelta(seconds=11))
    assert answer_to(sim, token) == 401


def test_tokens_are_made_and_never_listed(boss: httpx.Client) -> None:
    assert status_of(boss.get(TOKEN))[:2] == (405, "MethodNotAllowed")
    assert boss.get("/apis/authentication.k8s.io/v1/tokenrequests").status_code == 404
    missing = status_of(mint(boss, f"{ACCOUNTS}/nobody/token"))
    assert missing == (404, "NotFound", 'serviceaccounts "nobody" not found')


def test_a_name_in_the_body_must_fit_on_a_new_server(
    boss: httpx.Client, old_boss: httpx.Client
) -> None:
    body = {"metadata": {"name": "other"}}
    assert status_of(boss.post(TOKEN, json=body))[:2] == (422, "Invalid")
    assert status_of(boss.post(TOKEN, json={"metadata": {"uid": "x"}}))[:2] == (409, "Conflict")
    assert old_boss.post(TOKEN, json=body).status_code == 201
