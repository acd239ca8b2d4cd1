from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from stackit_services import (
    all_path,
    bearer_client,
    exchange,
    keys_of,
    new_key,
    path_of,
    service_client,
)
from tokentui.simulator.keys import certificate_pem, private_pem
from tokentui.simulator.stackit.key_file import key_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.simulator.server import Simulator

FLAT = {"timeStamp", "path", "status", "error", "message"}
NESTED = {"error"}
NO_END = "9999-01-01T01:01:01Z"


@pytest.fixture
def accounts(sim: Simulator) -> Iterator[httpx.Client]:
    with service_client(sim, "service-account") as client:
        yield client


def test_the_keys_of_monday(sim: Simulator, accounts: httpx.Client) -> None:
    (deploy,) = keys_of(sim, accounts, "deploy")
    end = datetime.fromisoformat(deploy["validUntil"])
    assert abs(end - sim.clock.now() - timedelta(days=3, hours=4)) < timedelta(minutes=1)
    assert set(deploy) == {
        "id",
        "createdAt",
        "validUntil",
        "active",
        "keyType",
        "keyOrigin",
        "keyAlgorithm",
    }
    first, second = keys_of(sim, accounts, "terraform")
    assert (first["active"], second["active"]) == (True, False)
    assert "validUntil" not in second
    assert [key["keyType"] for key in keys_of(sim, accounts, "ske-nodes")] == ["SYSTEM_MANAGED"]


def test_a_new_key_signs_in(sim: Simulator, accounts: httpx.Client) -> None:
    key = new_key(sim, accounts, "deploy", validUntil="2099-01-31T00:00:00Z")
    assert key["credentials"]["privateKey"].startswith("-----BEGIN PRIVATE KEY-----")
    assert (key["keyOrigin"], key["keyAlgorithm"]) == ("GENERATED", "RSA_2048")
    assert key["validUntil"] == "2099-01-31T00:00:00Z"
    token = exchange(sim, key).json()["access_token"]
    with bearer_client(sim, "service-account", token) as client:
        assert client.get(all_path(sim)).status_code == 200
    assert sim.stackit.mints() == 1


def test_the_private_key_is_told_once(sim: Simulator, accounts: httpx.Client) -> None:
    key = new_key(sim, accounts, "deploy")
    path = f"{path_of(sim, 'deploy')}/keys/{key['id']}"
    single = accounts.get(path, params={"format": "X509_PEM"}).json()
    assert single["publicKey"] == key["publicKey"]
    assert set(single["credentials"]) == {"kid", "iss", "sub", "aud"}
    assert accounts.get(path, params={"format": "DER"}).status_code == 400


def test_a_key_of_ones_own_works_and_stays_ones_own(sim: Simulator, accounts: httpx.Client) -> None:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = certificate_pem(own, "mine", datetime.now(UTC))
    key = new_key(sim, accounts, "deploy", publicKey=certificate, algorithm="RSA_4096")
    assert (key["keyOrigin"], key["keyAlgorithm"]) == ("USER_PROVIDED", "RSA_2048")
    assert "privateKey" not in key["credentials"]
    key["credentials"]["privateKey"] = private_pem(own)
    assert exchange(sim, key).status_code == 200


def test_only_certificates_of_rsa_keys_are_taken(sim: Simulator, accounts: httpx.Client) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, curve.public_key(), 1, now, now)
    wrong = builder.sign(curve, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    for text in (wrong.decode(), "no certificate", "", 7):
        answer = accounts.post(f"{path_of(sim, 'deploy')}/keys", json={"publicKey": text})
        assert (answer.status_code, set(answer.json())) == (400, FLAT)


@pytest.mark.parametrize(
    "body",
    [{"algorithm": "RSA_1024"}, {"validUntil": "soon"}, {"validUntil": "2020-01-01T00:00:00Z"}],
)
def test_a_bad_order_is_refused(
    sim: Simulator, accounts: httpx.Client, body: dict[str, str]
) -> None:
    answer = accounts.post(f"{path_of(sim, 'deploy')}/keys", json=body)
    assert (answer.status_code, set(answer.json())) == (400, FLAT)
    assert sim.stackit.mints() == 0


def test_an_account_has_ten_keys_at_most(sim: Simulator, accounts: httpx.Client) -> None:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = certificate_pem(own, "mine", datetime.now(UTC))
    for _ in range(9):
        new_key(sim, accounts, "deploy", publicKey=certificate)
    refused = accounts.post(f"{path_of(sim, 'deploy')}/keys", json={"publicKey": certificate})
    assert (refused.status_code, set(refused.json())) == (403, FLAT)
    assert len(keys_of(sim, accounts, "deploy")) == 10


def test_a_key_is_switched_off_and_on(sim: Simulator, accounts: httpx.Client) -> None:
    key = new_key(sim, accounts, "deploy")
    path = f"{path_of(sim, 'deploy')}/keys/{key['id']}"
    off = accounts.patch(path, json={"active": False})
    assert (off.status_code, off.json()["active"]) == (201, False)
    refused = exchange(sim, key)
    assert (refused.status_code, set(refused.json())) == (400, FLAT)
    accounts.patch(path, json={"active": True})
    assert exchange(sim, key).status_code == 200


def test_the_end_of_a_key_is_moved_and_removed(sim: Simulator, accounts: httpx.Client) -> None:
    key = new_key(sim, accounts, "deploy")
    path = f"{path_of(sim, 'deploy')}/keys/{key['id']}"
    end = (sim.clock.now() + timedelta(days=1)).isoformat()
    assert "validUntil" in accounts.patch(path, json={"validUntil": end}).json()
    sim.clock.advance(timedelta(days=1, minutes=1))
    assert exchange(sim, key).status_code == 400
    with service_client(sim, "service-account") as again:
        assert "validUntil" not in again.patch(path, json={"validUntil": NO_END}).json()
    assert exchange(sim, key).status_code == 200


def test_a_deleted_key_is_not_found(sim: Simulator, accounts: httpx.Client) -> None:
    key = new_key(sim, accounts, "deploy")
    path = f"{path_of(sim, 'deploy')}/keys/{key['id']}"
    gone = accounts.delete(path)
    assert (gone.status_code, gone.content) == (200, b"")
    assert exchange(sim, key).json()["message"] == f"Key with kid {key['id']} was not found"
    again = accounts.delete(path)
    assert (again.status_code, set(again.json())) == (404, FLAT)


def test_an_account_gives_itself_no_keys(sim: Simulator, accounts: httpx.Client) -> None:
    path = path_of(sim, "edge-admin")
    (key,) = keys_of(sim, accounts, "edge-admin")
    for answer in (
        accounts.post(f"{path}/keys", json={}),
        accounts.patch(f"{path}/keys/{key['id']}", json={"active": False}),
    ):
        assert (answer.status_code, set(answer.json())) == (403, FLAT)
    assert sim.stackit.mints() == 0


def test_a_key_of_the_system_stays_as_it_is(sim: Simulator, accounts: httpx.Client) -> None:
    (key,) = keys_of(sim, accounts, "ske-nodes")
    path = f"{path_of(sim, 'ske-nodes')}/keys/{key['id']}"
    changed = accounts.patch(path, json={"active": False})
    assert (changed.status_code, set(changed.json())) == (403, FLAT)
    deleted = accounts.delete(path)
    assert (deleted.status_code, set(deleted.json())) == (403, NESTED)
    assert keys_of(sim, accounts, "ske-nodes") == [key]


def test_the_key_file_of_the_home_is_a_key_of_its_account(
    sim: Simulator, accounts: httpx.Client
) -> None:
    world = sim.world.stackit
    file = json.loads(key_file(world, world.key_of(may_write=True)))
    (key,) = keys_of(sim, accounts, "edge-admin")
    assert key["id"] == file["id"]
    assert exchange(sim, file).status_code == 200
