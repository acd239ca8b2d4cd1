"""Service accounts of projects, and who may handle them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from kubermatic_sim import (
    SERVERS,
    WITHOUT_MANAGERS,
    accounts_path,
    admin,
    machine,
    message,
    person,
    server_of,
    tokens_path,
)
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, MANAGER_TOKEN
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.server import Simulator

BEN = "ben@imke.example"


@pytest.fixture(params=SERVERS)
def server(sim: Simulator, request: pytest.FixtureRequest) -> KubermaticServer:
    return server_of(sim, request.param)


@pytest.fixture
def owner(sim: Simulator, server: KubermaticServer) -> Iterator[httpx.Client]:
    with person(sim, server=server.name) as client:
        yield client


def by_name(client: httpx.Client, path: str) -> dict[str, dict[str, str]]:
    return {one["name"]: one for one in client.get(path).json()}


def test_an_account_is_made_listed_changed_and_deleted(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    path, project = accounts_path(server), server.project_named("shop").id
    made = owner.post(path, json={"name": "nightly", "group": "editors"})
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "name": "nightly",
        "creationTimestamp": made.json()["creationTimestamp"],
        "status": "Inactive",
        "group": f"editors-{project}",
    }
    one = f"{path}/{made.json()['id']}"
    assert by_name(owner, path)["nightly"]["status"] == "Inactive"
    assert by_name(owner, path)["nightly"]["status"] == "Active"
    body = {"id": made.json()["id"], "name": "daily", "group": "viewers"}
    changed = owner.put(one, json=body)
    assert changed.status_code == 200
    assert changed.json() == made.json() | {"name": "daily", "group": f"viewers-{project}"}
    assert by_name(owner, path)["daily"]["status"] == "Inactive"
    renamed = owner.put(one, json=body | {"name": "weekly"})
    assert renamed.json()["status"] == "Active"
    deleted = owner.delete(one)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert "weekly" not in by_name(owner, path)
    gone = message(owner.delete(one), 404)
    assert gone == f'users.kubermatic.k8c.io "serviceaccount-{body["id"]}" not found'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "the name, project ID and group cannot be empty"),
        ({"name": "ci"}, "the name, project ID and group cannot be empty"),
        ({"name": "", "group": "editors"}, "the name, project ID and group cannot be empty"),
        ({"name": "ci", "group": "owners"}, "invalid group name owners"),
        ({"name": "ci", "group": "editors-x7k2n5vbdq"}, "invalid group name editors-x7k2n5vbdq"),
    ],
)
def test_what_an_account_must_have(sim: Simulator, body: dict[str, str], told: str) -> None:
    server = server_of(sim)
    with person(sim) as owner:
        assert message(owner.post(accounts_path(server), json=body), 400) == told


def test_names_are_unique_in_a_project_and_case_matters(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    path = accounts_path(server)
    body = {"name": "deployer", "group": "viewers"}
    assert message(owner.post(path, json=body), 409) == 'service account "deployer" already exists'
    assert owner.post(path, json=body | {"name": "Deployer"}).status_code == 201
    assert owner.post(accounts_path(server, "data"), json=body).status_code == 201
    reader = server.account_named("reader").id
    taken = owner.put(f"{path}/{reader}", json=body | {"id": reader})
    assert message(taken, 409) == 'service account "deployer" already exists'


def test_the_id_of_path_and_body_must_be_the_same(
    server: KubermaticServer, owner: httpx.Client
) -> None:
    reader = server.account_named("reader").id
    body = {"id": "bcdfghjklm", "name": "reader", "group": "viewers"}
    told = message(owner.put(f"{accounts_path(server)}/{reader}", json=body), 400)
    assert told.startswith("service account ID mismatch, ")


def test_the_prefixed_id_is_taken_too(server: KubermaticServer, owner: httpx.Client) -> None:
    one = f"{accounts_path(server)}/serviceaccount-{server.account_named('reader').id}"
    assert len(owner.get(f"{one}/tokens").json()) == 1


def test_a_new_account_has_no_rights_until_it_has_settled(
    sim: Simulator, server: KubermaticServer, owner: httpx.Client
) -> None:
    server.settle_seconds = 60
    path = accounts_path(server)
    made = owner.post(path, json={"name": "late", "group": "editors"}).json()
    one, body = f"{path}/{made['id']}", {"id": made["id"], "name": "late", "group": "viewers"}
    for _ in range(3):
        assert by_name(owner, path)["late"]["status"] == "Inactive"
    assert "there is no user binding" in message(owner.put(one, json=body), 403)
    told = message(owner.post(f"{one}/tokens", json={"name": "first"}), 403)
    assert 'cannot create resource "secrets"' in told
    sim.clock.advance(timedelta(seconds=61))
    assert by_name(owner, path)["late"]["status"] == "Active"
    token = owner.post(f"{one}/tokens", json={"name": "first"})
    assert token.status_code == 201
    token_path = f"{one}/tokens/{token.json()['id']}"
    assert owner.patch(token_path, json={"name": "second"}).status_code == 403
    assert owner.delete(token_path).status_code == 403
    sim.clock.advance(timedelta(seconds=61))
    assert owner.patch(token_path, json={"name": "second"}).status_code == 200
    assert owner.put(one, json=body).json()["status"] == "Inactive"
    assert owner.put(one, json=body).status_code == 403


def test_a_global_admin_does_not_wait_for_rights(sim: Simulator, server: KubermaticServer) -> None:
    server.settle_seconds = 60
    with admin(sim, server.name) as root:
        made = root.post(accounts_path(server), json={"name": "late", "group": "editors"}).json()
        tokens = f"{accounts_path(server)}/{made['id']}/tokens"
        token = root.post(tokens, json={"name": "first"})
        assert token.status_code == 201
        assert root.delete(f"{tokens}/{token.json()['id']}").status_code == 200


@pytest.mark.parametrize(
    ("project", "email", "may"),
    [
        ("shop", "anna@imke.example", True),  # owner
        ("data", BEN, True),  # project manager
        ("tools", "anna@imke.example", False),  # editor
        ("shop", BEN, False),  # viewer
        ("lab", "root@imke.example", True),  # global admin, no member
    ],
)
def test_who_may_handle_accounts(
    sim: Simulator, server: KubermaticServer, project: str, email: str, *, may: bool
) -> None:
    path = accounts_path(server, project)
    is_manager = (project, email) == ("data", BEN)
    may = may and not (is_manager and server.version == WITHOUT_MANAGERS)
    with person(sim, email, server.name) as client:
        made = client.post(path, json={"name": "new", "group": "viewers"})
        assert made.status_code == (201 if may else 403)
        if not may:
            assert " is forbidden: User " in message(made, 403)
            return
        one = f"{path}/{made.json()['id']}"
        token = client.post(f"{one}/tokens", json={"name": "t"})
        assert token.status_code == 201
        assert client.get(f"{one}/tokens").status_code == 200
        assert client.delete(one).status_code == 200


def test_a_list_of_none_is_shown_to_every_member(sim: Simulator, server: KubermaticServer) -> None:
    with person(sim, server=server.name) as editor_of_tools:
        assert editor_of_tools.get(accounts_path(server, "tools")).json() == []
        server.create_account(server.project_named("tools").id, "first", "viewers")
        assert editor_of_tools.get(accounts_path(server, "tools")).status_code == 403
    with person(sim, BEN, server.name) as viewer_of_shop:
        assert viewer_of_shop.get(accounts_path(server)).status_code == 403
        assert viewer_of_shop.get(tokens_path(server)).status_code == 403


def test_the_token_of_a_manager_handles_accounts_and_that_of_an_editor_does_not(
    sim: Simulator, server: KubermaticServer
) -> None:
    path = accounts_path(server, "lab")
    with machine(sim, MANAGER_TOKEN, server.name) as manager:
        if server.version == WITHOUT_MANAGERS:
            assert manager.get(path).status_code == 403
        else:
            assert set(by_name(manager, path)) == {"tokentui-manager", "tokentui-editor"}
        assert manager.get(accounts_path(server)).status_code == 403
    with machine(sim, EDITOR_TOKEN, server.name) as editor:
        assert editor.get(path).status_code == 403


def test_project_managers_exist_since_2_17(sim: Simulator) -> None:
    server = server_of(sim)
    server.version = WITHOUT_MANAGERS
    with person(sim) as owner, person(sim, BEN) as manager:
        body = {"name": "new", "group": "projectmanagers"}
        told = message(owner.post(accounts_path(server), json=body), 400)
        assert told == "invalid group name projectmanagers"
        assert manager.get(accounts_path(server, "data")).status_code == 403
