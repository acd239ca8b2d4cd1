"""The keys of STACKIT's service accounts through our adapter."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fault_server import FaultServer, close
from simulator_fixtures import start_simulator
from stackit_connection import (
    connected,
    connection_to,
    credentials_of,
    find_account,
    offer_of,
    usual_order,
)
from stackit_keys import pem_of
from tokentui.domain.errors import (
    BadAnswer,
    Outcome,
    OutcomeUnknown,
    Refused,
)
from tokentui.domain.lifetime import Endless, Term, Until, resolve
from tokentui.domain.model import Ability, CredentialState, EndSource, Order
from tokentui.domain.profile import AuthSettings
from tokentui.domain.secret import Secret
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.keys import certificate_pem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator

OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CERTIFICATE = certificate_pem(OWN, "ours", datetime.now(UTC))


def _curve_certificate() -> str:
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


CURVE_CERTIFICATE = _curve_certificate()


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def test_the_key_is_the_vendors_file_and_signs_in(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        issued = await provider.issue(await usual_order(provider, deploy, "key"))
    document = json.loads(issued.secret.reveal())
    assert document["credentials"]["iss"] == deploy.native_id
    assert document["id"] == issued.remote_id
    assert issued.end_source is EndSource.ANSWER
    assert issued.ends_at is not None
    assert timedelta(days=89) < issued.ends_at - issued.made_at <= timedelta(days=90)
    path = tmp_path / "new-key.json"
    path.write_text(issued.secret.reveal())
    path.chmod(0o600)
    auth = AuthSettings("service-account-key", {"path": str(path)})
    async with connected(connection_to(sim, tmp_path, auth=auth)) as provider:
        assert (await provider.identity()).name == deploy.native_id


async def test_a_key_may_never_end_and_its_end_can_be_moved(sim: Simulator, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        offer = await offer_of(provider, deploy, "key")
        order = Order(offer, resolve(Endless(), offer.lifetime, now, UTC))
        issued = await provider.issue(order)
        assert issued.ends_at is None
        (key,) = [
            one for one in await credentials_of(provider, deploy) if one.id == issued.remote_id
        ]
        assert key.ends_at is None
        end = (now + timedelta(days=5)).replace(microsecond=0)
        term = resolve(Until(end), provider.new_ends(key), now, UTC)
        await provider.move_end(key, term)
        real = sim.world.stackit.accounts.keys[key.id]
        assert real.valid_until == end
        await provider.move_end(key, Term(None, None))
        assert real.valid_until is None


async def test_the_key_of_another_is_no_match(sim: Simulator, tmp_path: Path) -> None:
    """It signs in all the same, so only its id tells that it is not the one that is meant."""
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        one = await provider.issue(await usual_order(provider, deploy, "key"))
        other = await provider.issue(await usual_order(provider, deploy, "key"))
        swapped = replace(one, secret=other.secret)
        checked = await provider.verify(swapped)
        assert checked.ok is False
        assert checked.sentence == f"this is key {other.remote_id}, not {one.remote_id}"
        assert (await provider.verify(replace(swapped, remote_id=""))).ok is True
        assert (await provider.verify(one)).ok is True


@pytest.mark.parametrize("end", [None, "9999-01-01T01:01:01Z", "absent"])
async def test_no_end_has_three_spellings(sim: Simulator, tmp_path: Path, end: str | None) -> None:
    row = {
        "id": "d4e5f607-1829-4a3b-8c4d-5e6f70819203",
        "createdAt": "2026-03-01T09:00:00Z",
        "active": True,
        "keyType": "USER_MANAGED",
        "keyOrigin": "GENERATED",
        "keyAlgorithm": "RSA_2048",
    } | ({} if end == "absent" else {"validUntil": end})
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        body = json.dumps({"items": [row]})
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/keys$", body=body))
        (key,) = await credentials_of(provider, deploy)
    assert key.ends_at is None
    assert key.state is CredentialState.ACTIVE
    assert key.made_at == datetime(2026, 3, 1, 9, tzinfo=UTC)


async def test_a_pair_of_ones_own_has_no_private_key(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        wish = await usual_order(provider, deploy, "key", public_key=CERTIFICATE)
        issued = await provider.issue(wish)
        checked = await provider.verify(issued)
        assert checked.ok is None
        assert "yours alone" in checked.sentence
        assert "yours alone" in dict(issued.facts)["private key"]
        document = json.loads(issued.secret.reveal())
        assert "privateKey" not in document["credentials"]
        document["credentials"]["privateKey"] = pem_of(OWN)
        whole = replace(issued, secret=Secret(json.dumps(document)))
        assert (await provider.verify(whole)).ok is True


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (pem_of(OWN), "holds a private key"),
        (CERTIFICATE + pem_of(OWN), "holds a private key"),
        ("nonsense", "is no X.509 certificate in PEM"),
        ("ssh-rsa AAAA", "is no X.509 certificate in PEM"),
        (CERTIFICATE.splitlines()[0], "is no X.509 certificate in PEM"),
        (CERTIFICATE[:200] + CERTIFICATE[300:], "is no X.509 certificate in PEM"),
        (CERTIFICATE * 2, "is no X.509 certificate in PEM"),
        ("Z\xfcrich\n" + CERTIFICATE, "is no X.509 certificate in PEM"),
        (CURVE_CERTIFICATE, "is not the certificate of an RSA key"),
    ],
)
async def test_what_is_no_certificate_is_not_sent(
    sim: Simulator, tmp_path: Path, text: str, why: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        with pytest.raises(Refused, match="was not sent") as caught:
            await provider.issue(await usual_order(provider, deploy, "key", public_key=text))
    assert why in caught.value.message
    assert sim.requests.count("POST", "/keys") == 0
    told = [line for line in text.splitlines() if "-----" not in line]
    assert not any(line in caught.value.sentence for line in told)


@pytest.mark.parametrize("algorithm", ["RSA_2048", "RSA_4096"])
async def test_the_algorithm_is_the_one_that_was_chosen(
    sim: Simulator, tmp_path: Path, algorithm: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        issued = await provider.issue(
            await usual_order(provider, deploy, "key", algorithm=algorithm)
        )
    assert json.loads(issued.secret.reveal())["keyAlgorithm"] == algorithm


async def test_ten_keys_are_said_beforehand(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, timeout_s=30.0)) as provider:
        deploy = await find_account(provider, "deploy")
        account = sim.world.stackit.accounts.named(deploy.native_id)
        assert account is not None
        (first,) = sim.world.stackit.accounts.keys_of(account)
        for count in range(2, 11):
            extra = replace(first, id=f"00000000-0000-4000-8000-{count:012d}")
            sim.world.stackit.accounts.keys[extra.id] = extra
            offer = await offer_of(provider, deploy, "key")
            assert bool(offer.warnings) == (count >= 8)
            assert bool(offer.impossible) == (count >= 10)
        assert "deploy has 10 keys" in offer.impossible


async def test_what_the_system_manages_is_left_alone(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        accounts = [one async for page in provider.accounts() for one in page.items]
        (nodes,) = [one for one in accounts if one.state_text == "internal"]
        (key,) = await credentials_of(provider, nodes)
    assert set(key.cannot) == {Ability.REVOKE, Ability.SWITCH, Ability.MOVE_END}


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
async def test_a_lost_answer_to_a_change_is_said_and_not_repeated(
    sim: Simulator, tmp_path: Path, method: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        (key,) = await credentials_of(provider, deploy)
        endpoints = connection_to(sim, tmp_path).settings["endpoints"]
    assert isinstance(endpoints, dict)
    async with FaultServer(close) as server:
        changed = {**endpoints, "service_account": server.url}
        async with connected(connection_to(sim, tmp_path, endpoints=changed)) as provider:
            with pytest.raises(OutcomeUnknown, match="it is unknown whether"):
                await (
                    provider.revoke(key) if method == "DELETE" else provider.set_active(key, False)
                )
        assert [request.method for request in server.requests] == [method]


@pytest.mark.parametrize("missing", ["id", "credentials", "kid", "privateKey"])
async def test_a_new_key_that_cannot_be_read_keeps_the_answer(
    sim: Simulator, tmp_path: Path, missing: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        issued = await provider.issue(await usual_order(provider, deploy, "key"))
        document = json.loads(issued.secret.reveal())
        document.pop(missing, None)
        document.get("credentials", {}).pop(missing, None)
        body = json.dumps(document)
        rule = Fault(kind=FaultKind.STATUS, status=201, path="/keys$", method="POST", body=body)
        sim.faults.add(rule)
        with pytest.raises(BadAnswer, match=missing) as caught:
            await provider.issue(await usual_order(provider, deploy, "key"))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw == Secret(body)
    assert "PRIVATE" not in str(caught.value)
