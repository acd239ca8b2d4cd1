from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import jwt
import pytest

from simulator_fixtures import (
    access_token,
    edge_client,
    instances_path,
    named_path,
    project_id,
    start_simulator,
)
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator

CONTROLS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


@pytest.fixture
def hostile() -> Iterator[Simulator]:
    with start_simulator("hostile") as simulator:
        yield simulator


def is_hostile(text: str) -> bool:
    return any(unicodedata.category(character) in CONTROLS for character in text)


def test_rows_are_spread_over_projects_and_regions() -> None:
    with start_simulator("rows:1000") as sim, edge_client(sim) as client:
        counts = [
            len(client.get(instances_path(sim, project, region)).json()["instances"])
            for project in ("ops-prod", "ops-dev")
            for region in ("eu01", "eu02")
        ]
        instances = sim.world.stackit.instances()
    assert counts == [250, 250, 250, 250]
    assert len({one.display_name for one in instances}) == 1000
    assert len({one.id for one in instances}) == 1000
    assert {one.status for one in instances} == {"active", "reconciling"}


def test_every_hostile_text_reaches_every_free_field(hostile: Simulator) -> None:
    with edge_client(hostile) as client:
        listed = client.get(instances_path(hostile)).json()["instances"]
    for field in ("displayName", "description", "frontendUrl", "planId"):
        assert set(HOSTILE_TEXTS) <= {one.get(field) for one in listed}, field
    assert sum(is_hostile(one["id"]) for one in listed) > 10
    assert sum(is_hostile(one["status"]) for one in listed) > 5
    assert all(is_hostile(one["description"]) for one in listed if one["displayName"] == "demo")


def test_hostile_messages_and_headers(hostile: Simulator) -> None:
    with edge_client(hostile) as client:
        refused = client.get(f"{named_path(hostile, 'demo')}/token?expirationSeconds=1")
    assert refused.status_code == 400
    assert is_hostile(refused.json()["message"])
    assert "\x9b" in refused.headers["x-trace-id"]


def test_hostile_plans_claims_and_kubeconfigs(hostile: Simulator) -> None:
    with edge_client(hostile) as client:
        plans = client.get(f"/v1beta1/projects/{project_id(hostile)}/plans").json()["validPlans"]
        mints = client.get(f"{named_path(hostile, 'demo')}/kubeconfig").json()["kubeconfig"]
        executes = client.get(f"{named_path(hostile, 'exec')}/kubeconfig").json()["kubeconfig"]
    assert set(HOSTILE_TEXTS) <= {plan["name"] for plan in plans}
    claims = jwt.decode(access_token(hostile), options={"verify_signature": False})
    assert is_hostile(claims["email"])
    assert is_hostile(mints["current-context"])
    assert mints["users"][0]["user"]["token"] == hostile.world.stackit.mints[0].token
    assert executes["users"][0]["user"]["exec"]["command"] == "/bin/sh"


def test_the_hostile_world_still_mints(hostile: Simulator) -> None:
    with edge_client(hostile) as client:
        assert client.get(f"{named_path(hostile, 'demo')}/token").status_code == 200


def test_answers_are_pure_ascii_json(hostile: Simulator) -> None:
    with edge_client(hostile) as client:
        body = client.get(instances_path(hostile)).content
    assert body.isascii()
    assert any("\ud83d" in one["displayName"] for one in json.loads(body)["instances"])
