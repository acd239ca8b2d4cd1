"""Lists of service tokens and ingestion keys, and deletion."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fault_server import Behaviour, FaultServer, reply
from simulator_fixtures import start_simulator
from stackstate_connection import (
    connected,
    connection_to,
    listed,
    offer_of,
    the_server,
)
from tokentui.domain.errors import Forbidden, Outcome, OutcomeUnknown
from tokentui.providers.stackstate.provider import Stackstate
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import GUEST_TOKEN, LAB


def row(number: int, **fields: object) -> dict[str, object]:
    return {"id": number, "name": "ci", "roles": ["stackstate-guest"], **fields}


def json_reply(body: object) -> Behaviour:
    return reply(body=json.dumps(body).encode())


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Stackstate]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


async def test_the_monday_is_listed_as_it_is(sim: Simulator, provider: Stackstate) -> None:
    tokens = {token.name: token for token in sim.world.stackstate.prod.tokens()}
    found = await listed(provider)
    assert set(found) == set(tokens)
    for name, credential in found.items():
        token = tokens[name]
        ends = None if token.expires_ms is None else token.expires_ms / 1000
        assert credential.id == str(token.id)
        assert credential.roles == token.roles
        assert credential.ends_at == (ends and datetime.fromtimestamp(ends, UTC))
        assert credential.made_at is None, "the server tells only of the last change"
        assert credential.facts[0][0] == "changed"
        assert not credential.is_own, "no list tells which token is one's own"


async def test_deleting_a_dedicated_subject_is_told(sim: Simulator, provider: Stackstate) -> None:
    found = await listed(provider)
    assert found["agent-ham"].also_ends == "the role agent-ham with all its permissions"
    assert found["agent-muc"].also_ends == ""
    await provider.revoke(found["agent-ham"])
    handles = [subject.handle for subject in sim.world.stackstate.prod.subjects.all()]
    assert "agent-ham" not in handles


async def test_a_403_means_the_permission_and_not_the_token(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token=GUEST_TOKEN)) as guest:
        assert (await guest.identity()).name == GUEST_TOKEN
        pages = [page async for page in guest.credentials(await the_server(guest))]
        (error,) = [error for page in pages for error in page.failed]
    assert isinstance(error, Forbidden)
    assert "lacks the permission get-service-tokens" in error.message, "the server's own words"
    assert error.next_step.startswith("the sign-in itself is fine")
    assert len(error.trace_id) == 36, "the tracking key"


async def test_a_guest_may_not_delete(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as admin:
        credential = (await listed(admin))["ci-ingest"]
    async with connected(connection_to(sim, tmp_path, token=GUEST_TOKEN)) as guest:
        with pytest.raises(Forbidden, match="delete-service-tokens") as caught:
            await guest.revoke(credential)
    assert caught.value.outcome is Outcome.REFUSED


@pytest.mark.parametrize("status", [204, 404, 500])
async def test_what_is_gone_already_is_no_error(
    sim: Simulator, provider: Stackstate, status: int
) -> None:
    sim.world.stackstate.prod.absent_delete_status = status
    credential = (await listed(provider))["ci-ingest"]
    await provider.revoke(credential)
    await provider.revoke(credential)


async def test_an_error_that_ends_nothing_is_an_unknown_outcome(
    sim: Simulator, provider: Stackstate
) -> None:
    credential = (await listed(provider))["ci-ingest"]
    body = json.dumps({"_type": "ErrorsResponse", "trackingKey": "k-1", "errors": []})
    sim.faults.add(Fault(kind=FaultKind.STATUS, method="DELETE", status=500, body=body))
    with pytest.raises(OutcomeUnknown, match=r"\(trace id k-1\)"):
        await provider.revoke(credential)
    assert "ci-ingest" in await listed(provider)


async def test_old_servers_list_and_delete_ingestion_keys(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, server=LAB)) as old:
        key = (await listed(old))["lab-agent"]
        assert key.kind == "ingestion-key"
        offer = await offer_of(old, "ingestion-key")
        assert "deprecated" in offer.impossible
        await old.revoke(key)
        assert "lab-agent" not in await listed(old)
        await old.revoke(key)


async def test_servers_of_today_are_asked_for_no_keys_that_they_have_not(
    provider: Stackstate,
) -> None:
    kinds = {credential.kind for credential in (await listed(provider)).values()}
    assert kinds == {"token"}
    offers = await provider.offers(await the_server(provider))
    assert [offer.kind.key for offer in offers] == ["token", "ingestion-token"]


async def test_rows_that_do_not_fit_hide_no_others(sim: Simulator, tmp_path: Path) -> None:
    rows = [row(1), {"name": "no id"}, row(True), {"id": 4, "name": 7}, row(5, name="", more=1)]
    async with FaultServer(json_reply(rows), reply(404)) as server:
        async with connected(connection_to(sim, tmp_path)) as normal:
            instance = await the_server(normal)
        async with connected(connection_to(sim, tmp_path, url=server.url)) as provider:
            pages = [page async for page in provider.credentials(instance)]
    assert [(one.id, one.name) for page in pages for one in page.items] == [
        ("1", "ci"),
        ("5", "number 5"),
    ]
    (error,) = [error for page in pages for error in page.failed]
    assert "3 of 5 rows that do not fit: one has no whole number in the field id" in error.message
