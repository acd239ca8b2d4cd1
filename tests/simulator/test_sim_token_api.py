from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import jwt
import pytest

from simulator_fixtures import instances_path
from tokentui.simulator.stackit.key_file import key_file

if TYPE_CHECKING:
    from tokentui.simulator.server import Simulator

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def token_url(sim: Simulator) -> str:
    return f"{sim.base_url}/stackit/service-account/token"


def post(sim: Simulator, form: dict[str, str]) -> httpx.Response:
    return httpx.post(token_url(sim), data=form, trust_env=False)


def exchange(sim: Simulator, assertion: str) -> httpx.Response:
    return post(sim, {"grant_type": JWT_BEARER, "assertion": assertion})


def sign(
    sim: Simulator,
    *,
    algorithm: str = "RS512",
    key_id: str | None = None,
    without: str = "",
    **changes: object,
) -> str:
    world = sim.world.stackit
    credentials = json.loads(key_file(world, world.key_of(may_write=True)))["credentials"]
    now = sim.clock.now()
    claims: dict[str, object] = {
        "iss": credentials["iss"],
        "sub": credentials["sub"],
        "aud": credentials["aud"],
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + timedelta(minutes=10),
        **changes,
    }
    claims.pop(without, None)
    return jwt.encode(
        claims,
        credentials["privateKey"],
        algorithm=algorithm,
        headers={"kid": key_id or credentials["kid"]},
    )


def test_an_assertion_buys_an_access_token(sim: Simulator) -> None:
    answer = exchange(sim, sign(sim))
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "")
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert claims["email"] == sim.world.stackit.key_of(may_write=True).identity.email
    listed = httpx.get(
        f"{sim.base_url}/stackit/edge{instances_path(sim)}",
        headers={"authorization": f"Bearer {body['access_token']}"},
        trust_env=False,
    )
    assert listed.status_code == 200


def test_a_refresh_token_is_no_access_token(sim: Simulator) -> None:
    refresh_token = exchange(sim, sign(sim)).json()["refresh_token"]
    listed = httpx.get(
        f"{sim.base_url}/stackit/edge{instances_path(sim)}",
        headers={"authorization": f"Bearer {refresh_token}"},
        trust_env=False,
    )
    assert listed.status_code == 401


def test_a_refresh_token_works_once(sim: Simulator) -> None:
    first = exchange(sim, sign(sim)).json()
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = post(sim, form)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert post(sim, form).status_code == 400


def test_an_assertion_works_once(sim: Simulator) -> None:
    assertion = sign(sim)
    assert exchange(sim, assertion).status_code == 200
    again = exchange(sim, assertion)
    assert again.status_code == 400
    assert "used before" in again.json()["message"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"algorithm": "RS256"}, "Signature"),
        ({"key_id": "unknown"}, "Key with kid unknown was not found"),
        ({"iss": "someone@sa.stackit.cloud"}, "Issuer or subject"),
        ({"sub": "someone"}, "Issuer or subject"),
        ({"aud": "https://elsewhere.example"}, "Audience"),
        ({"without": "jti"}, "jti"),
        ({"without": "exp"}, "expired"),
    ],
)
def test_a_wrong_assertion_is_refused(sim: Simulator, changes: dict[str, str], reason: str) -> None:
    answer = exchange(sim, sign(sim, **changes))
    assert answer.status_code == 400
    body = answer.json()
    assert reason in body["message"]
    assert (body["status"], body["error"], body["path"]) == (400, "Bad Request", "/token")
    datetime.fromisoformat(body["timeStamp"])


def test_an_assertion_ends_by_the_simulated_clock(sim: Simulator) -> None:
    assertion = sign(sim)
    sim.clock.advance(timedelta(minutes=11))
    assert "expired" in exchange(sim, assertion).json()["message"]


def test_an_assertion_lives_an_hour_at_most(sim: Simulator) -> None:
    now = sim.clock.now()
    assert exchange(sim, sign(sim, exp=now + timedelta(hours=1))).status_code == 200
    too_long = exchange(sim, sign(sim, exp=now + timedelta(hours=1, seconds=5)))
    assert "longer than one hour" in too_long.json()["message"]


def test_other_grants_and_bodies_are_refused(sim: Simulator) -> None:
    assert post(sim, {"grant_type": "password"}).status_code == 400
    as_json = httpx.post(
        token_url(sim), json={"grant_type": JWT_BEARER, "assertion": sign(sim)}, trust_env=False
    )
    assert as_json.status_code == 400
    assert exchange(sim, "not a token").status_code == 400
    assert httpx.get(token_url(sim), trust_env=False).status_code == 405


def test_the_life_of_access_tokens_can_be_set(sim: Simulator) -> None:
    sim.world.stackit.access_token_life = timedelta(seconds=90)
    body = exchange(sim, sign(sim)).json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert body["expires_in"] == 90
    assert claims["exp"] - claims["iat"] == 90
