"""The worlds of Cloudfleet: seeds, hostile texts, the home and the clusters."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import jwt

from cloudfleet_sim import (
    cloudfleet_client,
    cloudfleet_tls,
    jwt_client,
    jwt_of,
    sign_in,
)
from simulator_fixtures import start_simulator
from tokentui.simulator.clock import SimClock
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN, USER_TOKEN
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS
from tokentui.simulator.system import HomePaths

NOW = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)


def is_hostile(text: str) -> bool:
    return any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for one in text)


def test_the_monday_is_laid_out_around_its_clock() -> None:
    with start_simulator(clock=SimClock(NOW)) as sim, cloudfleet_client(sim) as client:
        listed = client.get("/tokens").json()
    ages = {
        one["name"]: (one["role"], (NOW - datetime.fromisoformat(one["date_created"])).days)
        for one in listed
    }
    assert ages == {
        "tokentui-jump1": ("Administrator", 236),
        "ci-readonly": ("User", 96),
        "ci-admin": ("Administrator", 34),
    }


def test_ids_are_the_same_in_every_run_and_secrets_are_not() -> None:
    with start_simulator() as one, start_simulator() as two:
        first, second = one.world.cloudfleet, two.world.cloudfleet
        assert [each.id for each in first.tokens()] == [each.id for each in second.tokens()]
        assert list(first.clusters) == list(second.clusters)
        assert first.organization.id == second.organization.id
        secrets = {each.secret for each in (*first.tokens(), *second.tokens())}
    assert len(secrets) == 6


def test_rows_are_that_many_tokens_beside_those_to_sign_in_with() -> None:
    with start_simulator("rows:1000") as sim, cloudfleet_client(sim) as client:
        listed = client.get("/tokens").json()
    assert len(listed) == len({one["id"] for one in listed}) == 1002
    assert sum(one["role"] == "Administrator" for one in listed) == 201


def test_the_empty_world_holds_what_signs_in_alone() -> None:
    with start_simulator("empty") as sim, cloudfleet_client(sim) as client:
        assert [one["name"] for one in client.get("/tokens").json()] == [OWN_TOKEN, USER_TOKEN]
        assert client.get("/clusters").json() == []


def test_every_hostile_text_reaches_every_field() -> None:
    with start_simulator("hostile") as sim, cloudfleet_client(sim) as client:
        answer = client.get("/tokens")
        clusters = client.get("/clusters").json()
        organization = client.get("/organization").json()
        missing = client.get("/tokens/nobody").json()["message"]
        own = sim.world.cloudfleet.token_named(OWN_TOKEN)
        wrong = sign_in(sim, own.id, "wrong").json()["error_description"]
    assert answer.content.isascii()
    tokens = answer.json()
    assert set(HOSTILE_TEXTS) <= {one["role"] for one in tokens}
    assert all(is_hostile(one["name"]) for one in (*tokens, *clusters))
    assert sum(is_hostile(one["id"]) for one in tokens) > 10
    assert sum(is_hostile(one["date_created"]) for one in tokens) > 3
    for field in ("region", "tier", "kubernetes_version", "version_channel", "release_channel"):
        assert all(is_hostile(one[field]) for one in clusters), field
    assert sum(is_hostile(one["status"]) for one in clusters) > 3
    assert sum(is_hostile(one["endpoint"] or "") for one in clusters) > 3
    quota = organization["quota"]
    texts = [*quota["regions"], *quota["cluster_tiers"], quota["versions"][0]["label"]]
    assert all(is_hostile(one) for one in (*texts, organization["display_name"], missing, wrong))


def test_the_hostile_world_still_signs_in_mints_and_deletes() -> None:
    with start_simulator("hostile") as sim:
        world = sim.world.cloudfleet
        token = jwt_of(sim, world.token_named(OWN_TOKEN))
        claims = jwt.decode(token, options={"verify_signature": False})
        assert is_hostile(claims["preferred_username"])
        with jwt_client(sim, token) as client:
            made = client.post("/tokens", json={"name": "ci", "role": "User"}).json()
            assert made["secret"] == world.token_named("ci").secret
            assert is_hostile(made["name"])
            assert client.delete(f"/tokens/{made['id']}").status_code == 204
        with jwt_client(sim, "x") as client:
            assert client.get("/tokens").status_code == 401


def test_the_hostile_clusters_answer() -> None:
    with start_simulator("hostile") as sim, cloudfleet_tls(sim) as client:
        world = sim.world.cloudfleet
        token = sim.cloudfleet.jwts.issue(world.token_named(OWN_TOKEN))
        headers = {"authorization": f"Bearer {token}"}
        answers = [
            client.get(f"{world.cluster_url(quote(one.id))}/version", headers=headers)
            for one in world.clusters.values()
            if one.is_running and not set(one.id) & {"/", "\ud83d"}  # no path can hold them
        ]
        missing = client.get(f"{world.cluster_url('x')}/version", headers=headers)
    assert len(answers) > 8
    assert {one.status_code for one in answers} == {200}
    assert all(is_hostile(one.json()["gitVersion"]) for one in answers)
    assert missing.status_code == 404


def test_the_home_points_at_the_token_of_an_administrator(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home")
    world = sim.world.cloudfleet
    profile = sim.cloudfleet.profile(HomePaths(home / "simulator-ca.pem", home / "secrets"))
    path = "/cloudfleet/realms/{organization_id}/protocol/openid-connect/token"
    assert profile == {
        "provider": "cloudfleet",
        "url": f"{sim.base_url}/cloudfleet/v1",
        "organization_id": world.organization.id,
        "token_url": f"{sim.base_url}{path}",
        "token_id": world.token_named(OWN_TOKEN).id,
        "ca_file": str(home / "simulator-ca.pem"),
        "auth": {"method": "file", "path": str(home / "secrets" / "cloudfleet-secret")},
    }
    own = (home / "secrets" / "cloudfleet-secret").read_text()
    user = (home / "secrets" / "cloudfleet-user-secret").read_text()
    assert own == world.token_named(OWN_TOKEN).secret + "\n"
    assert user == world.token_named(USER_TOKEN).secret + "\n"
