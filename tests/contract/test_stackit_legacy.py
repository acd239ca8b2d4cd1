"""STACKIT's retired access tokens through our adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator_fixtures import start_simulator
from stackit_connection import (
    connected,
    connection_to,
    credentials_of,
    find_account,
    usual_order,
)
from tokentui.domain.errors import (
    Refused,
)
from tokentui.simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.simulator.server import Simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def test_retired_tokens_are_shown_only_where_they_are_asked_for(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        await credentials_of(provider, deploy)
        assert [one.kind.key for one in await provider.offers(deploy)] == ["key"]
        assert not any("tokens" in one.label for one in await provider.details(deploy))
    assert sim.requests.count(path_part="/access-tokens") == 0


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_retired_tokens_hide_themselves(sim: Simulator, tmp_path: Path, status: int) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=status, path="/access-tokens$"))
    async with connected(connection_to(sim, tmp_path, legacy_tokens=True)) as provider:
        deploy = await find_account(provider, "deploy")
        for _ in range(2):
            assert {one.kind for one in await credentials_of(provider, deploy)} == {"key"}
        assert [one.kind.key for one in await provider.offers(deploy)] == ["key"]
        (said,) = [one for one in await provider.details(deploy) if "tokens" in one.label]
        assert "no more" in said.value
    assert sim.requests.count(path_part="/access-tokens") == 1


async def test_a_token_that_was_revoked_elsewhere_is_no_error(
    sim: Simulator, tmp_path: Path
) -> None:
    sim.world.stackit.accounts.legacy_on = True
    async with connected(connection_to(sim, tmp_path, legacy_tokens=True)) as provider:
        deploy = await find_account(provider, "deploy")
        await credentials_of(provider, deploy)
        issued = await provider.issue(await usual_order(provider, deploy, "access-token"))
        (token,) = [
            one for one in await credentials_of(provider, deploy) if one.kind == "access-token"
        ]
        assert token.ends_at == issued.ends_at
        sim.world.stackit.accounts.legacy_tokens[token.id].active = False
        await provider.revoke(token)
        sim.world.stackit.accounts.legacy_tokens[token.id].active = True
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=409, path="/access-tokens/"))
        with pytest.raises(Refused, match="409"):
            await provider.revoke(token)
