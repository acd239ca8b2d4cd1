"""Lists of KKP that fail in part, are blocked or take long."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kubermatic_connection import account_named, connected, connection_to, listed
from simulator_fixtures import start_simulator
from tokentui.domain.errors import Refused, Unreachable
from tokentui.domain.model import Ability, CredentialState
from tokentui.providers.kubermatic.provider import Kubermatic
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import pages_of
from traffic import Traffic


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubermatic]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def put(traffic: Traffic) -> list[object]:
    """Give what was sent by PUT."""
    return [one.call.json for one in traffic.sent if one.call.method == "PUT"]


async def test_an_expired_token_keeps_an_old_server_from_listing(
    sim: Simulator, tmp_path: Path
) -> None:
    """Before 2.21 the whole list is a 500; the token that it names can be deleted."""
    async with connected(connection_to(sim, tmp_path, server="imke-2.17")) as provider:
        account = await account_named(provider, "old-ci")
        found, (error,) = await pages_of(provider.credentials(account))
        assert "sa-token-" in error.message
        assert "an expired or invalid token blocks the list" in error.next_step
        (blocking,) = found
        assert blocking.state is CredentialState.INVALID
        await provider.revoke(blocking)
        assert await listed(provider, account) == {}


async def test_trap_8_all_tokens_that_block_a_long_list_are_given_with_their_whole_ids(
    sim: Simulator, provider: Kubermatic
) -> None:
    """The sentence is cut to length, what the server said is not."""
    account = await account_named(provider)
    ids = [f"b2h7lvx4{number}" for number in range(10, 40)]
    details = [f"unable to create token for sa-token-{one}" for one in ids]
    error = {"code": 500, "message": "failed to get some tokens", "details": details}
    body = json.dumps({"error": error})
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=500, path="/tokens$", body=body))
    found, (blocked,) = await pages_of(provider.credentials(account))
    assert [one.id for one in found] == ids
    assert "delete it" in blocked.next_step


async def test_trap_8_a_blocking_token_is_not_sent_a_name_that_nobody_gave_it(
    sim: Simulator, tmp_path: Path, traffic: Traffic
) -> None:
    """Regenerating repeats the name, which the blocked list does not tell."""
    async with connected(connection_to(sim, tmp_path, server="imke-2.17")) as provider:
        account = await account_named(provider, "old-ci")
        (blocking,), _ = await pages_of(provider.credentials(account))
        assert blocking.cannot.keys() == {Ability.RENAME, Ability.REGENERATE}
        assert all("does not tell its name" in why for why in blocking.cannot.values())
        with pytest.raises(Refused, match="does not tell its name"):
            await provider.regenerate(blocking)
        assert put(traffic) == []


async def test_a_named_token_is_regenerated_though_another_blocks_the_list(
    sim: Simulator, tmp_path: Path, traffic: Traffic
) -> None:
    async with connected(connection_to(sim, tmp_path, server="imke-2.23")) as provider:
        account = await account_named(provider)
        credential = (await listed(provider, account))["gitlab-ci"]
        assert not credential.cannot
        details = ["unable to create token for sa-token-b2h7lvx4ns"]
        body = json.dumps({"error": {"code": 500, "message": "no", "details": details}})
        blocked = Fault(kind=FaultKind.STATUS, status=500, path="/tokens$", body=body, method="GET")
        sim.faults.add(blocked)
        await provider.regenerate(credential)
        assert put(traffic) == [{"id": credential.id, "name": "gitlab-ci"}]


async def test_the_words_of_an_answer_before_are_not_taken_for_the_last_one(
    sim: Simulator, provider: Kubermatic
) -> None:
    """An old server has no such path in v2, also if it was busy just before."""
    path, body = "/api/v2/.*/clusters$", json.dumps({"error": {"code": 503, "message": "no"}})
    plain = {"content-type": "text/plain"}
    busy = Fault(kind=FaultKind.STATUS, status=503, path=path, body=body, times=1)
    missing = Fault(
        kind=FaultKind.STATUS, status=404, path=path, body="404 page not found", headers=plain
    )
    for fault in (busy, missing):
        sim.faults.add(fault)
    clusters, failed = await pages_of(provider.instances())
    assert not failed
    assert {one.name for one in clusters} == {"web", "batch", "lake"}


@pytest.mark.parametrize("path", ["/projects$", "/serviceaccounts$"])
async def test_trap_12_the_details_of_a_list_that_fails_in_part_are_shown(
    sim: Simulator, provider: Kubermatic, path: str
) -> None:
    words = {"message": "failed to get some of them", "details": ["seed fra-1 is down", "so is b"]}
    body = json.dumps({"error": {"code": 500, **words}})
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=500, path=path, body=body))
    accounts, failed = await pages_of(provider.accounts())
    assert {one.noun for one in accounts} <= {"cluster service account"}
    assert failed
    for error in failed:
        assert "failed to get some of them; seed fra-1 is down; so is b" in error.message


async def test_trap_15_the_list_of_projects_has_more_time_than_others(
    sim: Simulator, tmp_path: Path
) -> None:
    """The server counts the clusters on every seed for it."""
    async with connected(connection_to(sim, tmp_path, timeout_s=0.5)) as provider:
        sim.faults.add(Fault(kind=FaultKind.DELAY, seconds=1.0))
        assert (await provider._projects.chosen()).projects
        with pytest.raises(Unreachable, match=r"did not answer within 0\.5 s"):
            await provider._api.me()
