"""The projects that the set-up of a STACKIT profile offers, and signing in as a workload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from fault_server import FaultServer, reply
from simulator_fixtures import access_token, project_id, start_simulator
from stackit_connection import connected, connection_to, find
from tokentui.domain.errors import ConfigError, Forbidden, Refused
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Suggests
from tokentui.providers.stackit import PROVIDER
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.testing.checks import assert_clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.domain.about import SettingChoice
    from tokentui.providers.base import Connection
    from tokentui.simulator.server import Simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def suggested(connection: Connection, setting: str) -> tuple[SettingChoice, ...]:
    assert isinstance(PROVIDER, Suggests)
    try:
        return await PROVIDER.suggest(connection, setting)
    finally:
        await connection.http.aclose()


@pytest.mark.parametrize("setting", ["project_id", "projects"])
async def test_projects_are_offered_by_name_with_their_uuid(
    sim: Simulator, tmp_path: Path, setting: str
) -> None:
    found = await suggested(connection_to(sim, tmp_path), setting)
    by_name = {one.label.partition(" (")[0]: one.value for one in found}
    assert by_name == {name: project_id(sim, name) for name in ("ops-prod", "ops-dev", "no-edge")}
    assert all(one.label.endswith(")") and "(" in one.label for one in found)


async def test_another_setting_has_no_suggestions(sim: Simulator, tmp_path: Path) -> None:
    assert await suggested(connection_to(sim, tmp_path), "region") == ()
    assert sim.requests.all() == ()


def row(number: int, state: str = "ACTIVE") -> dict[str, str]:
    return {
        "projectId": f"00000000-0000-4000-8000-{number:012d}",
        "containerId": f"c-{number}",
        "name": f"project {number}",
        "lifecycleState": state,
    }


async def test_pages_are_read_until_a_short_one(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [
        [row(n) for n in range(100)],
        [row(n) for n in range(100, 200)],
        [row(200, "DELETING")],
    ]
    answers = [reply(body=json.dumps({"items": page}).encode()) for page in pages]
    monkeypatch.setenv("STACKIT_TEST_TOKEN", access_token(sim))
    auth = AuthSettings("env", {"variable": "STACKIT_TEST_TOKEN"})
    async with FaultServer(*answers) as server:
        endpoints = {"resource_manager": server.url}
        connection = connection_to(sim, tmp_path, auth=auth, endpoints=endpoints)
        found = await suggested(connection, "project_id")
    assert len(found) == 200, "one that is being deleted is left out"
    sent = [parse_qs(urlsplit(request.path).query) for request in server.requests]
    assert [one["offset"] for one in sent] == [["0"], ["100"], ["200"]]
    own = sim.world.stackit.key_of(may_write=True).identity.email
    assert all(one["member"] == [own] and one["limit"] == ["100"] for one in sent)


async def test_a_refusal_names_the_right(sim: Simulator, tmp_path: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=403, path="/v2/projects"))
    with pytest.raises(Forbidden, match="list the projects") as caught:
        await suggested(connection_to(sim, tmp_path), "project_id")
    assert "resource-manager" in caught.value.next_step


async def test_a_token_that_says_nothing_of_its_owner_is_said(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STACKIT_OPAQUE_TOKEN", "opaque")
    auth = AuthSettings("env", {"variable": "STACKIT_OPAQUE_TOKEN"})
    with pytest.raises(Refused, match="does not say whose") as caught:
        await suggested(connection_to(sim, tmp_path, auth=auth), "project_id")
    assert "portal" in caught.value.next_step


async def test_hostile_names_are_cleaned(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STACKIT_HOSTILE_TOKEN", access_token(sim))
    auth = AuthSettings("env", {"variable": "STACKIT_HOSTILE_TOKEN"})
    bad = row(1) | {"name": "a\x1b]0;x\x07", "containerId": "c\u202e"}
    worse = row(2) | {"projectId": "../x"}
    body = json.dumps({"items": [bad, worse, row(3)]}).encode()
    async with FaultServer(reply(body=body)) as server:
        endpoints = {"resource_manager": server.url}
        connection = connection_to(sim, tmp_path, auth=auth, endpoints=endpoints)
        found = await suggested(connection, "projects")
    assert_clean(found)
    assert [one.value[-1] for one in found] == ["1", "3"]


async def test_a_workload_signs_in(sim: Simulator, tmp_path: Path) -> None:
    home = tmp_path / "home"
    connection_to(sim, home)
    admin = sim.world.stackit.key_of(may_write=True).identity
    settings = {"path": str(home / "secrets" / "stackit-workload-token.jwt"), "email": admin.email}
    auth = AuthSettings("workload-identity", dict(settings))
    async with connected(connection_to(sim, tmp_path, auth=auth)) as provider:
        assert (await provider.identity()).name == admin.email
        assert (await find(provider, "obs-prod")).scope == "ops-prod"


@pytest.mark.parametrize("email", ["", "nobody", "a\x1b@b"])
async def test_a_workload_needs_an_account(sim: Simulator, tmp_path: Path, email: str) -> None:
    auth = AuthSettings("workload-identity", {"path": "/x", "email": email})
    with pytest.raises(ConfigError, match="email"):
        await suggested(connection_to(sim, tmp_path, auth=auth), "project_id")
