"""Tokens of service accounts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx
import jwt
import pytest

from kubermatic_sim import SERVERS, admin, bearer, message, person, server_of, tokens_path
from tokentui.simulator.kubermatic.server import KubermaticServer
from tokentui.simulator.kubermatic.signing import three_years_after
from tokentui.simulator.server import Simulator

ME = "/api/v1/me"
ZERO = "0001-01-01T00:00:00Z"


@pytest.fixture(params=SERVERS)
def server(sim: Simulator, request: pytest.FixtureRequest) -> KubermaticServer:
    return server_of(sim, request.param)


@pytest.fixture
def owner(sim: Simulator, server: KubermaticServer) -> Iterator[httpx.Client]:
    with person(sim, server=server.name) as client:
        yield client


def works(sim: Simulator, server: KubermaticServer, text: str) -> bool:
    with bearer(sim, text, server.name) as client:
        return client.get(ME).status_code == 200


def test_a_token_is_made_listed_renamed_regenerated_and_deleted(
    sim: Simulator, server: KubermaticServer, owner: httpx.Client
) -> None:
    path = tokens_path(server)
    made = owner.post(path, json={"name": "runner"})
    assert made.status_code == 201
    first = made.json()
    assert set(first) == {"id", "name", "creationTimestamp", "expiry", "token"}
    public = {name: value for name, value in first.items() if name != "token"}
    assert public in owner.get(path).json()
    assert first["token"] not in owner.get(path).text
    created, expiry = (datetime.fromisoformat(first[n]) for n in ("creationTimestamp", "expiry"))
    assert abs((three_years_after(created) - expiry).total_seconds()) <= 1
    one = f"{path}/{first['id']}"

    renamed = owner.patch(one, json={"name": "runner-eu"})
    assert (renamed.status_code, renamed.json()) == (200, public | {"name": "runner-eu"})
    assert works(sim, server, first["token"])

    second = owner.put(one, json={"id": first["id"], "name": "runner-eu"})
    assert second.status_code == 200
    assert second.json()["id"] == first["id"]
    assert second.json()["creationTimestamp"] == first["creationTimestamp"]
    assert not works(sim, server, first["token"])
    assert works(sim, server, second.json()["token"])
    claims = jwt.decode(second.json()["token"], options={"verify_signature": False})
    assert claims["token_id"] == first["id"]

    deleted = owner.delete(one)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert not works(sim, server, second.json()["token"])
    assert message(owner.delete(one), 404) == f'secrets "sa-token-{first["id"]}" not found'
    assert sim.kubermatic.mints() == 2


def test_a_revoked_token_is_named(sim: Simulator) -> None:
    server = server_of(sim)
    token, account = server.token_named("gitlab-ci"), server.account_named("deployer")
    with person(sim) as owner, bearer(sim, token.secret) as machine:
        assert machine.get(ME).status_code == 200
        owner.delete(f"{tokens_path(server)}/{token.id}")
        assert message(machine.get(ME), 401) == (
            f"access denied, invalid token: token expired: sa: the token {token.id} has been"
            f" revoked for serviceaccount-{account.id}@imke.example"
        )


def test_many_regenerations_within_a_second_leave_one_token_good(
    sim: Simulator, server: KubermaticServer, owner: httpx.Client
) -> None:
    token = server.token_named("gitlab-ci")
    one, body = f"{tokens_path(server)}/{token.id}", {"id": token.id, "name": "gitlab-ci"}
    texts = [token.secret, *(owner.put(one, json=body).json()["token"] for _ in range(4))]
    assert len(set(texts)) == 5
    assert [works(sim, server, text) for text in texts] == [False] * 4 + [True]


def test_the_tokens_go_with_their_account(sim: Simulator, server: KubermaticServer) -> None:
    secret, path = server.token_named("gitlab-ci").secret, tokens_path(server)
    with person(sim, server=server.name) as owner:
        assert owner.delete(path.removesuffix("/tokens")).status_code == 200
        assert owner.get(path).status_code == 404
    assert not works(sim, server, secret)


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("", 400, "the name, service account ID and project ID cannot be empty"),
        ("n" * 51, 400, "the name is too long, max 50 chars"),
        ("gitlab-ci", 409, 'token "gitlab-ci" already exists'),
        ("two words", 422, "a valid label must"),
        ("-ci", 422, "a valid label must"),
        ("ci.", 422, "a valid label must"),
        ("ü", 422, "a valid label must"),
    ],
)
def test_names_that_a_new_token_cannot_have(
    sim: Simulator, name: str, status: int, told: str
) -> None:
    server = server_of(sim)
    with person(sim) as owner:
        assert told in message(owner.post(tokens_path(server), json={"name": name}), status)
    assert sim.kubermatic.mints() == 0


@pytest.mark.parametrize("name", ["n" * 50, "A_b-c.9", "x"])
def test_names_that_a_new_token_can_have(sim: Simulator, name: str) -> None:
    with person(sim) as owner:
        made = owner.post(tokens_path(server_of(sim)), json={"name": name})
    assert (made.status_code, made.json()["name"]) == (201, name)


def test_the_rules_of_changes(sim: Simulator) -> None:
    server = server_of(sim)
    token = server.token_named("gitlab-ci")
    one = f"{tokens_path(server)}/{token.id}"
    with person(sim) as owner:
        empty, other = {"id": token.id, "name": ""}, {"id": "bcdfghjklm", "name": "x"}
        assert message(owner.put(one, json=empty), 400) == "new name can not be empty"
        assert message(owner.put(one, json=other), 400).startswith("token ID mismatch, ")
        assert message(owner.put(one, json={"name": "x"}), 400).startswith("token ID mismatch, ")
        assert message(owner.patch(one, json={"name": ""}), 400) == "new name can not be empty"
        taken = message(owner.patch(one, json={"name": "laptop-anna"}), 409)
        assert taken == 'token "laptop-anna" already exists'
        assert owner.patch(one, json={"name": "gitlab-ci"}).status_code == 200
        assert owner.patch(one, json={"name": "n" * 63}).status_code == 200
        assert message(owner.patch(one, json={"name": "n" * 64}), 422)
        assert message(owner.patch(one, json={"name": "no blanks"}), 422)
    assert sim.kubermatic.mints() == 0


def test_an_admins_names_are_compared_with_ids(sim: Simulator) -> None:
    server = server_of(sim)
    path, token = tokens_path(server), server.token_named("gitlab-ci")
    with admin(sim) as root:
        assert root.post(path, json={"name": "gitlab-ci"}).status_code == 201
        names = [one["name"] for one in root.get(path).json()]
        assert names.count("gitlab-ci") == 2
        assert root.post(path, json={"name": token.id}).status_code == 409


@pytest.mark.parametrize("account", ["old-ci", "etl"])
def test_a_token_that_cannot_be_verified(
    server: KubermaticServer, owner: httpx.Client, account: str
) -> None:
    path = tokens_path(server, account)
    answer = owner.get(path)
    (token,) = server.tokens_of(server.account_named(account))
    if server.version in {"2.16", "2.17"}:
        told = message(answer, 500)
        assert told.startswith("failed to get some service account tokens, ")
        (detail,) = answer.json()["error"]["details"]
        assert f"sa-token-{token.id}" in detail
        assert owner.delete(f"{path}/{token.id}").status_code == 200
        assert owner.get(path).json() == []
        return
    (shown,) = answer.json()
    assert (shown["expiry"], shown["invalidated"]) == (ZERO, True)
    made = owner.put(f"{path}/{token.id}", json={"id": token.id, "name": token.name})
    assert made.status_code == 200
    (again,) = owner.get(path).json()
    assert "invalidated" not in again
    assert again["expiry"] != ZERO


def test_another_signing_key_voids_every_token(sim: Simulator) -> None:
    server = server_of(sim)
    secret = server.token_named("gitlab-ci").secret
    server.signer.change_key()
    assert not works(sim, server, secret)
    with person(sim) as owner:
        assert all(one["invalidated"] for one in owner.get(tokens_path(server)).json())
