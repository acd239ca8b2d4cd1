from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import httpx
import pytest

from simulator_fixtures import project_id, start_simulator
from stackit_services import account_named, check, described, service_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator

FILE = "resource-manager.v0.json"
FLAT = {"timeStamp", "path", "status", "error", "message"}


@pytest.fixture
def manager(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "resource-manager") as client:
        yield client


def own_email(sim: Simulator) -> str:
    return sim.world.stackit.key_of(may_write=True).identity.email


def test_a_member_sees_its_projects(sim: Simulator, manager: httpx.Client) -> None:
    body = manager.get("/v2/projects", params={"member": own_email(sim)}).json()
    assert set(body) == {"items", "offset", "limit"}
    assert [one["name"] for one in body["items"]] == ["ops-prod", "ops-dev", "no-edge"]
    assert [one["parent"]["type"] for one in body["items"]] == [
        "ORGANIZATION",
        "FOLDER",
        "ORGANIZATION",
    ]


def test_projects_come_in_pages_without_a_total(sim: Simulator, manager: httpx.Client) -> None:
    for number in range(110):
        name = {"name": f"p{number:03d}"}
        httpx.post(f"{sim.base_url}/_control/stackit/projects", json=name, trust_env=False)
    member = own_email(sim)
    found: list[str] = []
    while True:
        query: dict[str, str | int] = {"member": member, "limit": 50, "offset": len(found)}
        page = manager.get("/v2/projects", params=query).json()
        found += [one["projectId"] for one in page["items"]]
        if len(page["items"]) < page["limit"]:
            break
    assert len(found) == len(set(found)) == 113
    most = manager.get("/v2/projects", params={"member": member, "limit": 500}).json()
    assert (most["limit"], len(most["items"])) == (100, 100)


def test_containers_filter(sim: Simulator, manager: httpx.Client) -> None:
    (organization,) = manager.get("/v2/organizations").json()["items"]
    for parent in (organization["organizationId"], organization["containerId"]):
        below = manager.get("/v2/projects", params={"containerParentId": parent}).json()["items"]
        assert [one["name"] for one in below] == ["ops-prod", "no-edge"]
    ids = [project_id(sim), project_id(sim, "ops-dev")]
    both = manager.get("/v2/projects", params={"containerIds": ids}).json()["items"]
    assert [one["projectId"] for one in both] == ids
    unknown = manager.get("/v2/projects", params={"containerParentId": "nowhere"})
    assert unknown.status_code == 403


def test_a_project_is_read_by_either_id(sim: Simulator, manager: httpx.Client) -> None:
    dev = project_id(sim, "ops-dev")
    by_uuid = manager.get(f"/v2/projects/{dev}").json()
    assert manager.get(f"/v2/projects/{by_uuid['containerId']}").json() == by_uuid
    assert "parents" not in by_uuid
    parents = manager.get(f"/v2/projects/{dev}", params={"includeParents": "true"}).json()
    assert [one["type"] for one in parents["parents"]] == ["FOLDER", "ORGANIZATION"]
    assert manager.get(f"/v2/projects/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "limit=5", "member=x&limit=-1", "member=x&offset=a", "containerIds=&limit=1e999"]
)
def test_a_bad_query_is_refused(sim: Simulator, manager: httpx.Client, query: str) -> None:
    query = query.replace("member=x", f"member={own_email(sim)}")
    answer = manager.get(f"/v2/projects?{query}")
    assert (answer.status_code, set(answer.json())) == (400, FLAT)
    assert answer.json()["path"] == "/v2/projects"
    assert answer.headers["x-trace-id"]


def test_other_peoples_memberships_are_refused(sim: Simulator, manager: httpx.Client) -> None:
    for path in ("/v2/projects", "/v2/organizations"):
        answer = manager.get(path, params={"member": account_named(sim, "deploy").email})
        assert (answer.status_code, set(answer.json())) == (403, FLAT)


def test_without_a_token_the_answer_is_401(sim: Simulator, manager: httpx.Client) -> None:
    answer = httpx.get(f"{manager.base_url}v2/organizations", trust_env=False)
    assert (answer.status_code, set(answer.json())) == (401, FLAT)


def test_an_account_without_roles_sees_nothing(sim: Simulator, manager: httpx.Client) -> None:
    sim.world.stackit.key_of(may_write=True).identity.may_read = False
    listed = manager.get("/v2/projects", params={"member": own_email(sim)})
    assert (listed.status_code, listed.json()["items"]) == (200, [])
    assert manager.get("/v2/organizations").json()["items"] == []
    assert manager.get(f"/v2/projects/{project_id(sim)}").status_code == 403


def test_hostile_names_reach_the_lists() -> None:
    with start_simulator("hostile") as sim, service_client(sim, "resource-manager") as client:
        claimed = sim.world.stackit.key_of(may_write=True).identity.email_claim
        items = client.get("/v2/projects", params={"member": claimed}).json()["items"]
    assert len(items) == 3
    assert all("\x1b" in one["name"] for one in items)


@described
def test_every_answer_is_as_described(sim: Simulator, manager: httpx.Client) -> None:
    member = {"member": own_email(sim)}
    check(FILE, "ListProjectsResponse", manager.get("/v2/projects", params=member).json())
    check(FILE, "ListOrganizationsResponse", manager.get("/v2/organizations").json())
    parents = {"includeParents": "true"}
    for name in ("ops-prod", "ops-dev"):
        one = manager.get(f"/v2/projects/{project_id(sim, name)}", params=parents).json()
        check(FILE, "GetProjectResponse", one)
    for refused in (manager.get("/v2/projects"), manager.get("/v2/projects/nothing")):
        check(FILE, "ErrorResponse", refused.json())
