from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from simulator_fixtures import instances_path, named_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator


@pytest.fixture
def control(sim: Simulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{sim.base_url}/_control", trust_env=False) as client:
        yield client


def shown_time(answer: httpx.Response) -> datetime:
    return datetime.fromisoformat(answer.json()["now"])


def test_the_clock_is_shown_advanced_and_set(control: httpx.Client) -> None:
    before = shown_time(control.get("/clock"))
    assert before.tzinfo == UTC
    later = shown_time(control.post("/clock", json={"advance_s": 3600}))
    assert (later - before).total_seconds() >= 3600
    there = control.post("/clock", json={"set": "2026-10-05T14:22:00+02:00"})
    assert shown_time(there).strftime("%Y-%m-%d %H:%M") == "2026-10-05 12:22"


def test_latency_is_shown_and_set(sim: Simulator, control: httpx.Client) -> None:
    assert control.post("/latency", json={"seconds": 0.01}).json() == {"seconds": 0.01}
    assert sim.faults.latency_s == 0.01


def test_faults_are_added_listed_and_cleared(
    sim: Simulator, control: httpx.Client, admin: httpx.Client
) -> None:
    rule = {"kind": "status", "status": 503, "path": "/instances$"}
    number = control.post("/faults", json=rule).json()["number"]
    listed = control.get("/faults").json()
    assert listed[str(number)]["status"] == 503
    assert admin.get(instances_path(sim)).status_code == 503
    assert control.delete(f"/faults/{number}").json() == {}
    assert admin.get(instances_path(sim)).status_code == 200
    control.post("/faults", json=rule)
    assert control.delete("/faults").json() == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/faults", {"kind": "unknown"}),
        ("/faults", {"status": 500}),
        ("/faults", {"kind": "status", "colour": "red"}),
        ("/faults", {"kind": "status", "path": "("}),
        ("/faults", {"kind": "garbage", "variant": "unknown"}),
        ("/clock", {}),
        ("/clock", {"set": "tomorrow"}),
        ("/clock", {"set": "2026-10-05T12:22:00"}),
        ("/latency", {"seconds": "1"}),
        ("/latency", []),
    ],
)
def test_nonsense_is_refused_with_a_reason(control: httpx.Client, path: str, body: object) -> None:
    answer = control.post(path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_requests_are_logged_without_query_values(
    sim: Simulator, control: httpx.Client, admin: httpx.Client
) -> None:
    admin.get(f"{named_path(sim, 'demo')}/token", params={"expirationSeconds": 600, "key": "s3cr"})
    admin.get("/nowhere")
    logged = control.get("/requests")
    first, second = logged.json()
    assert first["query"] == ["expirationSeconds", "key"]
    assert (first["method"], first["status"], first["system"]) == ("GET", 200, "stackit")
    assert first["path"].endswith("/instancesbyname/demo/token")
    assert second["status"] == 404
    assert "s3cr" not in logged.text
    assert sim.world.stackit.mints[0].token not in logged.text
    assert control.delete("/requests").json() == []


def test_counts_tell_requests_mints_and_load(
    sim: Simulator, control: httpx.Client, admin: httpx.Client
) -> None:
    admin.get(f"{named_path(sim, 'demo')}/token")
    admin.get(f"{named_path(sim, 'demo')}/kubeconfig")
    admin.get(instances_path(sim))
    assert control.get("/counts").json() == {
        "requests": 3,
        "mints": 2,
        "held": 0,
        "in_flight": {},
        "most_in_flight": {"stackit": 1},
    }


def test_an_instance_is_changed(sim: Simulator, control: httpx.Client, admin: httpx.Client) -> None:
    ham = next(
        one for one in control.get("/stackit/instances").json() if one["displayName"] == "edge-ham"
    )
    assert (ham["status"], ham["region"]) == ("reconciling", "eu02")
    changed = control.patch(f"/stackit/instances/{ham['id']}", json={"status": "active"})
    assert changed.json()["status"] == "active"
    path = f"{instances_path(sim, region='eu02')}/{ham['id']}/token"
    assert admin.get(path).status_code == 200
    assert control.patch("/stackit/instances/nobody", json={}).status_code == 404
    unknown = control.patch(f"/stackit/instances/{ham['id']}", json={"colour": "red"})
    assert unknown.status_code == 400


def test_the_life_of_access_tokens_is_set(sim: Simulator, control: httpx.Client) -> None:
    assert control.post("/stackit/settings", json={"access_token_life_s": 60}).status_code == 200
    assert sim.world.stackit.access_token_life.total_seconds() == 60
    assert control.post("/stackit/settings", json={}).status_code == 400


def test_held_requests_are_released(sim: Simulator, control: httpx.Client) -> None:
    assert control.post("/release").json() == {"released": 0}
