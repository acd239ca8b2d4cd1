"""The worlds of StackState: descriptions kept to, seeds, hostile texts, the home."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
import yaml

from simulator_fixtures import start_simulator
from stackstate_sim import api_client, guest_client, personal_client, service_client
from tokentui.simulator.clock import SimClock
from tokentui.simulator.home import write_home
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS
from tokentui.simulator.stackstate.world import LAB

DESCRIPTIONS = Path(__file__).parents[2].parent / "shared" / "openapi" / "stackstate"
TOKENS = "/security/tokens"
KEYS = "/security/ingestion/api_keys"

described = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)


def check(schema: str, body: Any, file: str = "tokens-subset.yaml") -> None:  # noqa: ANN401 - JSON
    description = yaml.safe_load((DESCRIPTIONS / file).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(
        {
            "$ref": f"#/components/schemas/{schema}",
            "components": description["components"],
        }
    ).validate(body)


@pytest.fixture
def boss(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim) as client:
        yield client


@described
def test_answers_keep_to_the_description(sim: Simulator, boss: httpx.Client) -> None:
    check("ServerInfo", boss.get("/server/info").json())
    check("SubscriptionState", boss.get("/subscription").json())
    check("Roles", boss.get("/user/session/availableRoles").json())
    check("SubjectList", boss.get("/security/subjects").json())
    check("Permissions", boss.get("/security/permissions/list").json())
    check("PermissionDescription", boss.get("/security/permissions/agent-ham").json())
    made = boss.post(TOKENS, json={"name": "ci", "roles": [], "expiryDate": 1_900_000_000_000})
    check("ServiceTokenCreatedResponse", made.json())
    for token in boss.get(TOKENS).json():
        check("ServiceToken", token)
    with personal_client(sim) as anna:
        check("UserProfile", anna.get("/user/profile").json())
        check("ApiToken", anna.get("/user/profile/tokens").json()[0])


@described
def test_errors_keep_to_the_description(sim: Simulator, boss: httpx.Client) -> None:
    past = boss.post(TOKENS, json={"name": "ci", "roles": [], "expiryDate": 1})
    check("ServiceTokenCreateError", past.json())
    check("UserNotFoundError", boss.get("/user/profile").json())
    check("GenericErrorsResponse", boss.get("/security/permissions/nobody").json())
    with guest_client(sim) as guest:
        check("GenericErrorsResponse", guest.get(TOKENS).json())
    anonymous = httpx.get(f"{boss.base_url}server/info", trust_env=False)
    check("GenericErrorsResponse", anonymous.json())


@described
def test_ingestion_keys_keep_to_their_description(sim: Simulator) -> None:
    file = "legacy-ingestion-api-keys-subset.yaml"
    with service_client(sim, server=LAB) as client:
        made = client.post(KEYS, json={"name": "agent", "expiration": 1_900_000_000_000})
        check("GeneratedIngestionApiKeyResponse", made.json(), file)
        for key in client.get(KEYS).json():
            check("IngestionApiKey", key, file)
        past = client.post(KEYS, json={"name": "agent", "expiration": 1})
        check("IngestionApiKeyCreateError", past.json(), file)


@described
def test_a_wrong_answer_would_be_seen() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check("ServiceToken", {"name": "x", "roles": "guest"})


def test_the_monday_is_laid_out_around_its_clock() -> None:
    now = datetime(2026, 10, 5, 12, 22, tzinfo=UTC)
    with start_simulator(clock=SimClock(now)) as sim, service_client(sim) as client:
        listed = {one["name"]: one for one in client.get(TOKENS).json()}
    ends = {
        name: datetime.fromtimestamp(one["expiration"] / 1000, UTC).isoformat()
        for name, one in listed.items()
        if "expiration" in one
    }
    assert ends == {
        "ci-ingest": "2026-10-03T00:00:00+00:00",
        "nightly-report": "2026-10-12T00:00:00+00:00",
        "grafana-sync": "2026-10-18T00:00:00+00:00",
        "admin-anna": "2026-10-31T00:00:00+00:00",
        "agent-muc": "2026-11-01T00:00:00+00:00",
        "agent-ham": "2026-12-31T00:00:00+00:00",
    }
    never = {"bootstrap", "legacy-agent", "topo-sync", "tokentui-admin", "tokentui-guest"}
    assert set(listed) - set(ends) == never


def test_rows_are_that_many_tokens_beside_those_to_sign_in_with() -> None:
    with start_simulator("rows:1000") as sim, service_client(sim) as client:
        listed = client.get(TOKENS).json()
    assert len(listed) == 1002
    assert len({one["id"] for one in listed}) == 1002
    assert sum("expiration" not in one for one in listed) == 102


def test_the_empty_world_holds_what_signs_in_alone() -> None:
    with start_simulator("empty") as sim, service_client(sim) as client:
        assert [one["name"] for one in client.get(TOKENS).json()] == [
            "tokentui-admin",
            "tokentui-guest",
        ]


@pytest.fixture
def hostile() -> Iterator[Simulator]:
    with start_simulator("hostile") as simulator:
        yield simulator


def is_hostile(text: str) -> bool:
    return any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for one in text)


def test_every_hostile_text_reaches_every_field_of_tokens(hostile: Simulator) -> None:
    with service_client(hostile) as client:
        answer = client.get(TOKENS)
    listed = answer.json()
    assert answer.content.isascii()
    for field in ("name", "description", "dedicatedSubject"):
        assert set(HOSTILE_TEXTS) <= {one.get(field) for one in listed}, field
    assert set(HOSTILE_TEXTS) <= {role for one in listed for role in one["roles"]}
    ends = [one["expiration"] for one in listed if "expiration" in one]
    assert (min(ends), max(ends)) == (-(2**63), 2**63 - 1)
    assert {0, -1, 2**63 - 1} <= {one["id"] for one in listed}


def test_hostile_servers_harm_in_every_other_answer(hostile: Simulator) -> None:
    with service_client(hostile) as client:
        info = client.get("/server/info").json()
        handles = {one["handle"] for one in client.get("/security/subjects").json()}
        texts = [
            info["platformVersion"],
            info["deploymentMode"],
            info["version"]["commit"],
            *info["applicationDomains"],
            *client.get("/security/permissions/list").json()["permissions"],
            client.get("/user/session/availableRoles").json()["roles"][0],
            client.get("/user/profile").json()["name"],
            client.get("/security/permissions/nobody").json()["errors"][0]["message"],
            client.get("/security/permissions/nobody").json()["trackingKey"],
            client.post(TOKENS, json={"name": "a", "roles": [], "expiryDate": 1}).json()["message"],
            client.get("/subscription").json()["subscription"]["tenant"],
        ]
    assert all(is_hostile(text) for text in texts)
    assert set(HOSTILE_TEXTS) <= handles
    with personal_client(hostile) as anna:
        assert is_hostile(anna.get("/user/profile").json()["displayName"])


def test_the_hostile_world_still_mints_and_deletes(hostile: Simulator) -> None:
    with service_client(hostile) as client:
        made = client.post(TOKENS, json={"name": "ci", "roles": ["stackstate-guest"]}).json()
        assert made["token"].startswith("svctok-")
        assert is_hostile(made["name"])
        ids = [one["id"] for one in client.get(TOKENS).json()]
        assert {client.delete(f"{TOKENS}/{one}").status_code for one in (-1, 0, ids[-1])} == {204}


def test_the_hostile_world_admits_no_wrong_token(hostile: Simulator) -> None:
    with api_client(hostile, {"X-API-Key": "svctok-wrong"}) as client:
        assert client.get("/server/info").status_code == 401


def test_the_home_points_at_the_server_of_today(sim: Simulator, tmp_path: Path) -> None:
    home = write_home(sim, tmp_path / "home")
    world = sim.world.stackstate
    profile = yaml.safe_load((home / "config.yaml").read_text())["profiles"]["stackstate"]
    assert profile == {
        "provider": "stackstate",
        "url": f"{sim.base_url}/stackstate/sts-prod",
        "ca_file": str(home / "simulator-ca.pem"),
        "auth": {"method": "file", "path": str(home / "secrets" / "stackstate-token")},
    }
    secrets = {
        "stackstate-token": world.prod.token_named("tokentui-admin").secret,
        "stackstate-guest-token": world.prod.token_named("tokentui-guest").secret,
        "stackstate-lab-token": world.lab.token_named("tokentui-admin").secret,
    }
    for name, secret in secrets.items():
        assert (home / "secrets" / name).read_text() == f"{secret}\n"


def test_a_token_ends_while_the_clock_runs_on(sim: Simulator) -> None:
    with service_client(sim, "admin-anna") as anna:
        assert anna.get(TOKENS).status_code == 200
        sim.clock.advance(timedelta(days=26))
        assert anna.get(TOKENS).status_code == 401
