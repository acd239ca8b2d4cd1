from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from simulator_fixtures import project_id
from stackit_services import (
    account_named,
    all_path,
    bearer_client,
    check,
    described,
    exchange,
    keys_of,
    new_key,
    path_of,
    service_client,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator

FILE = "service-account.v2.json"
FLAT = {"timeStamp", "path", "status", "error", "message"}
NESTED = {"error"}


@pytest.fixture
def accounts(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "service-account") as client:
        yield client


@pytest.fixture
def reader_accounts(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "service-account", may_write=False) as client:
        yield client


@pytest.fixture
def control(sim: Simulator) -> Iterator[httpx.Client]:
    url = f"{sim.base_url}/_control/stackit"
    with httpx.Client(base_url=url, trust_env=False) as client:
        yield client


def test_accounts_live_in_projects(sim: Simulator, accounts: httpx.Client) -> None:
    found = {
        project: [
            (one["email"].rpartition("-")[0], one["internal"])
            for one in accounts.get(all_path(sim, project)).json()["items"]
        ]
        for project in ("ops-prod", "ops-dev")
    }
    assert found == {
        "ops-prod": [("edge-admin", False), ("deploy", False), ("backup", False)],
        "ops-dev": [("terraform", False), ("ske-nodes", True)],
    }


def test_an_account_is_made_and_deleted(sim: Simulator, accounts: httpx.Client) -> None:
    made = accounts.post(all_path(sim), json={"name": "ci-bot"})
    assert made.status_code == 201
    assert re.fullmatch(r"ci-bot-[a-z0-9]{8}@sa\.stackit\.cloud", made.json()["email"])
    again = accounts.post(all_path(sim), json={"name": "ci-bot"})
    assert (again.status_code, set(again.json())) == (409, FLAT)
    gone = accounts.delete(path_of(sim, "ci-bot"))
    assert (gone.status_code, gone.content) == (200, b"")
    email = quote(made.json()["email"], safe="")
    unknown = accounts.delete(f"{all_path(sim)}/{email}")
    assert (unknown.status_code, set(unknown.json())) == (404, FLAT)


@pytest.mark.parametrize("name", ["", "Ci", "1a", "a-", "a--b", "a_b", "a" * 21, None, 7])
def test_a_bad_name_is_refused(sim: Simulator, accounts: httpx.Client, name: object) -> None:
    answer = accounts.post(all_path(sim), json={"name": name})
    assert (answer.status_code, set(answer.json())) == (400, FLAT)


def test_an_account_takes_its_keys_and_tokens_with_it(
    sim: Simulator, accounts: httpx.Client
) -> None:
    key = new_key(sim, accounts, "deploy")
    pair = exchange(sim, key).json()
    accounts.delete(path_of(sim, "deploy"))
    with bearer_client(sim, "service-account", pair["access_token"]) as client:
        refused = client.get(all_path(sim))
    assert (refused.status_code, set(refused.json())) == (401, NESTED)
    assert "was not found" in exchange(sim, key).json()["message"]
    form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    token_url = key["credentials"]["tokenEndpoint"]
    assert httpx.post(token_url, data=form, trust_env=False).status_code == 400


def test_a_reader_lists_and_no_more(sim: Simulator, reader_accounts: httpx.Client) -> None:
    path = path_of(sim, "deploy")
    (key,) = keys_of(sim, reader_accounts, "deploy")
    assert reader_accounts.get(f"{path}/keys/{key['id']}").status_code == 200
    refused = {
        "account": (reader_accounts.post(all_path(sim), json={"name": "x"}), FLAT),
        "gone": (reader_accounts.delete(path), FLAT),
        "key": (reader_accounts.post(f"{path}/keys", json={}), FLAT),
        "change": (reader_accounts.patch(f"{path}/keys/{key['id']}", json={}), FLAT),
        "no key": (reader_accounts.delete(f"{path}/keys/{key['id']}"), NESTED),
    }
    for name, (answer, shape) in refused.items():
        assert (answer.status_code, set(answer.json())) == (403, shape), name
        assert answer.headers["x-trace-id"]


def test_an_account_of_another_project_is_refused(sim: Simulator, accounts: httpx.Client) -> None:
    foreign = path_of(sim, "deploy").replace(project_id(sim), project_id(sim, "ops-dev"))
    listed = accounts.get(f"{foreign}/keys")
    assert (listed.status_code, set(listed.json())) == (403, NESTED)
    deleted = accounts.delete(foreign)
    assert (deleted.status_code, set(deleted.json())) == (403, FLAT)
    nobody = accounts.get(f"{all_path(sim)}/nobody%40sa.stackit.cloud/keys")
    assert (nobody.status_code, set(nobody.json())) == (403, NESTED)


def test_a_new_account_has_no_rights(sim: Simulator, accounts: httpx.Client) -> None:
    accounts.post(all_path(sim), json={"name": "ci-bot"})
    token = exchange(sim, new_key(sim, accounts, "ci-bot")).json()["access_token"]
    with bearer_client(sim, "service-account", token) as client:
        assert client.get(all_path(sim)).status_code == 403
    with bearer_client(sim, "edge", token) as client:
        path = f"/v1beta1/projects/{project_id(sim)}/regions/eu01/instances"
        assert client.get(path).status_code == 403


def test_retired_tokens_are_gone_by_default(sim: Simulator, accounts: httpx.Client) -> None:
    path = f"{path_of(sim, 'deploy')}/access-tokens"
    for answer in (accounts.get(path), accounts.post(path, json={"ttlDays": 1})):
        assert (answer.status_code, set(answer.json())) == (404, FLAT)


def test_retired_tokens_work_where_they_are_switched_on(
    sim: Simulator, accounts: httpx.Client, control: httpx.Client
) -> None:
    control.post("/settings", json={"legacy_tokens": True})
    path = f"{path_of(sim, 'deploy')}/access-tokens"
    made = accounts.post(path, json={"ttlDays": 90})
    assert made.status_code == 201
    assert sim.stackit.mints() == 1
    with bearer_client(sim, "service-account", made.json()["token"]) as client:
        assert client.get(all_path(sim)).status_code == 200
        assert accounts.delete(f"{path}/{made.json()['id']}").status_code == 200
        assert client.get(all_path(sim)).status_code == 401
    (row,) = accounts.get(path).json()["items"]
    assert (row["active"], "token" in row) == (False, False)
    again = accounts.delete(f"{path}/{made.json()['id']}")
    assert (again.status_code, set(again.json())) == (409, FLAT)
    for days in (0, 181, "9", True):
        assert accounts.post(path, json={"ttlDays": days}).status_code == 400
    own = accounts.post(f"{path_of(sim, 'edge-admin')}/access-tokens", json={"ttlDays": 1})
    assert own.status_code == 403
    sim.clock.advance(timedelta(days=91))
    with service_client(sim, "service-account") as later:
        assert later.get(path).json()["items"] == []


def federated(sim: Simulator, email: str, assertion: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": email,
        "client_assertion_type": "urn:schwarz:params:oauth:client-assertion-type:workload-jwt",
        "client_assertion": assertion,
        **changes,
    }
    url = f"{sim.base_url}/stackit/idp/oauth/v2/token"
    return httpx.post(url, data=form, trust_env=False)


def test_a_workload_signs_in(sim: Simulator, control: httpx.Client) -> None:
    deploy, backup = (account_named(sim, name).email for name in ("deploy", "backup"))
    token = control.post("/workload-tokens", json={"email": deploy, "life_s": 60}).json()["token"]
    answer = federated(sim, deploy, token)
    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
    with bearer_client(sim, "service-account", answer.json()["access_token"]) as client:
        assert client.get(all_path(sim)).status_code == 200
    other = federated(sim, backup, token)
    assert (other.status_code, other.json()["error"]) == (401, "invalid_client")
    assert federated(sim, deploy, "x.y.z").status_code == 401
    assert federated(sim, deploy, token, client_assertion_type="jwt").status_code == 401
    wrong = federated(sim, deploy, token, grant_type="password")
    assert (wrong.status_code, wrong.json()["error"]) == (400, "unsupported_grant_type")
    sim.clock.advance(timedelta(minutes=2))
    assert federated(sim, deploy, token).status_code == 401


def test_the_file_of_the_home_signs_the_admin_in(sim: Simulator) -> None:
    token = sim.stackit.secret_files()["stackit-workload-token.jwt"]
    assert federated(sim, account_named(sim, "edge-admin").email, token).status_code == 200


def test_control_shows_and_changes_accounts_and_keys(
    sim: Simulator, accounts: httpx.Client, control: httpx.Client
) -> None:
    shown = {one["email"]: one for one in control.get("/accounts").json()}
    deploy = account_named(sim, "deploy").email
    assert len(shown[deploy]["keys"]) == 1
    assert control.patch(f"/accounts/{deploy}", json={"mayWrite": True}).json()["mayWrite"]
    key = new_key(sim, accounts, "deploy")
    past = {"validUntil": "2020-01-01T00:00:00Z"}
    assert control.patch(f"/keys/{key['id']}", json=past).status_code == 200
    assert exchange(sim, key).status_code == 400
    for path, body in (
        ("/accounts/nobody", {}),
        ("/keys/nothing", {}),
        (f"/keys/{key['id']}", {"colour": 1}),
        (f"/keys/{key['id']}", {"validUntil": "soon"}),
    ):
        assert control.patch(path, json=body).status_code in (400, 404)


@described
def test_every_answer_is_as_described(
    sim: Simulator, accounts: httpx.Client, control: httpx.Client
) -> None:
    for project in ("ops-prod", "ops-dev"):
        check(FILE, "ListServiceAccountsResponse", accounts.get(all_path(sim, project)).json())
    check(FILE, "ServiceAccount", accounts.post(all_path(sim), json={"name": "ci-bot"}).json())
    for name in ("terraform", "deploy", "ske-nodes"):
        listed = accounts.get(f"{path_of(sim, name)}/keys").json()
        check(FILE, "ListServiceAccountKeysResponse", listed)
    key = new_key(sim, accounts, "deploy")
    check(FILE, "CreateServiceAccountKeyResponse", key)
    path = f"{path_of(sim, 'deploy')}/keys/{key['id']}"
    check(FILE, "GetServiceAccountKeyResponse", accounts.get(path).json())
    changed = accounts.patch(path, json={"active": False}).json()
    check(FILE, "PartialUpdateServiceAccountKeyResponse", changed)
    control.post("/settings", json={"legacy_tokens": True})
    tokens = f"{path_of(sim, 'deploy')}/access-tokens"
    check(FILE, "AccessToken", accounts.post(tokens, json={"ttlDays": 90}).json())
    check(FILE, "ListAccessTokensResponse", accounts.get(tokens).json())


@described
def test_refusals_are_as_described(sim: Simulator, reader_accounts: httpx.Client) -> None:
    path = path_of(sim, "deploy")
    (key,) = keys_of(sim, reader_accounts, "deploy")
    check(FILE, "Error", reader_accounts.post(f"{path}/keys", json={}).json())
    check(FILE, "AuthError", reader_accounts.delete(f"{path}/keys/{key['id']}").json())
