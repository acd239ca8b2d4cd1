"""Lists of service tokens and ingestion keys, and deletion."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
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
    order,
    the_server,
)
from tokentui.domain.errors import Forbidden, NotFound, Outcome, OutcomeUnknown, Refused
from tokentui.domain.model import InstanceId
from tokentui.providers.stackstate.provider import Stackstate
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN, LAB
from traffic import Traffic


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
        assert credential.is_own is (name == ADMIN_TOKEN), "the sign-in's own name is asked for"


@pytest.mark.parametrize("why", ["a person", "not told"])
async def test_no_token_is_one_s_own_without_its_name(
    sim: Simulator, tmp_path: Path, why: str
) -> None:
    """A person may have the name of a token, and old servers do not tell the caller's."""
    async with connected(connection_to(sim, tmp_path)) as provider:
        await provider.issue(await order(provider, name="anna"))
    connection = connection_to(sim, tmp_path)
    if why == "a person":
        secret = sim.world.stackstate.prod.users["anna"].api_token
        connection = connection_to(sim, tmp_path, secret=secret, token_type="api-token")
    else:
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=404, path="/availableRoles$"))
    async with connected(connection) as provider:
        assert not any(one.is_own for one in (await listed(provider)).values())


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


@pytest.mark.parametrize("status", [204, 500])
async def test_what_the_list_names_no_more_is_gone(
    sim: Simulator, provider: Stackstate, status: int
) -> None:
    sim.world.stackstate.prod.absent_delete_status = status
    credential = (await listed(provider))["ci-ingest"]
    await provider.revoke(credential)
    await provider.revoke(credential)


async def test_what_the_server_does_not_know_is_said(sim: Simulator, provider: Stackstate) -> None:
    """A wrong path or a proxy answers 404 too: whether it is gone, the list tells."""
    credential = (await listed(provider))["ci-ingest"]
    page = Fault(kind=FaultKind.STATUS, method="DELETE", status=404, body="<html>", times=1)
    sim.faults.add(page)
    with pytest.raises(NotFound, match="404"):
        await provider.revoke(credential)
    assert "ci-ingest" in await listed(provider)
    sim.world.stackstate.prod.absent_delete_status = 404
    await provider.revoke(credential)
    with pytest.raises(NotFound, match="404"):
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
        with pytest.raises(NotFound, match="404"):
            await old.revoke(key)


async def test_servers_of_today_are_asked_for_no_keys_that_they_have_not(
    provider: Stackstate,
) -> None:
    kinds = {credential.kind for credential in (await listed(provider)).values()}
    assert kinds == {"token"}
    offers = await provider.offers(await the_server(provider))
    assert [offer.kind.key for offer in offers] == ["token", "ingestion-token"]


async def test_a_server_without_ingestion_keys_says_nothing_of_them(
    sim: Simulator, provider: Stackstate, tmp_path: Path
) -> None:
    silent = [page.silent async for page in provider.credentials(await the_server(provider))]
    assert silent == [frozenset(), {"ingestion-key"}]
    async with connected(connection_to(sim, tmp_path, server=LAB)) as old:
        pages = [page async for page in old.credentials(await the_server(old))]
    assert not any(page.silent for page in pages)


async def test_what_belongs_to_a_former_server_is_left_alone(
    sim: Simulator, provider: Stackstate, tmp_path: Path, traffic: Traffic
) -> None:
    former, theirs = await the_server(provider), await listed(provider)
    wish = await order(provider)
    issued = await provider.issue(wish)
    before = len(traffic.sent)
    async with connected(connection_to(sim, tmp_path, server=LAB)) as moved:
        for refused in (
            moved.revoke(theirs["ci-ingest"]),
            moved.offers(former),
            moved.details(former),
            moved.recipes(wish.offer.kind, former),
            moved.issue(wish),
            moved.verify(issued),
            anext(moved.credentials(former)),
        ):
            with pytest.raises(Refused, match="not the server that profile stackstate has now"):
                await refused
    assert len(traffic.sent) == before


async def test_rows_that_do_not_fit_hide_no_others(sim: Simulator, tmp_path: Path) -> None:
    rows = [row(1), {"name": "no id"}, row(True), {"id": 4, "name": 7}, row(5, name="", more=1)]
    async with FaultServer(json_reply(rows), reply(404)) as server:
        async with connected(connection_to(sim, tmp_path)) as normal:
            instance = replace(await the_server(normal), id=InstanceId(server.url))
        connection = connection_to(sim, tmp_path, url=server.url, token_type="api-token")
        async with connected(connection) as provider:
            pages = [page async for page in provider.credentials(instance)]
    assert [(one.id, one.name) for page in pages for one in page.items] == [
        ("1", "ci"),
        ("5", "number 5"),
    ]
    (error,) = [error for page in pages for error in page.failed]
    assert "3 of 5 rows that do not fit: one has no whole number in the field id" in error.message
