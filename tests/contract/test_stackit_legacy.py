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
    NotFound,
    Refused,
)
from tokentui.simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tokentui.domain.model import Account
    from tokentui.providers.stackit.provider import Stackit
    from tokentui.simulator.server import Simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def silent_of(provider: Stackit, account: Account) -> set[str]:
    return {kind async for page in provider.credentials(account) for kind in page.silent}


async def test_retired_tokens_are_shown_only_where_they_are_asked_for(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        assert await silent_of(provider, deploy) == {"access-token"}
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
            assert await silent_of(provider, deploy) == {"access-token"}
        assert [one.kind.key for one in await provider.offers(deploy)] == ["key"]
        (said,) = [one for one in await provider.details(deploy) if "tokens" in one.label]
        assert "no more" in said.value
    assert sim.requests.count(path_part="/access-tokens") == 1


async def test_one_account_s_404_says_nothing_of_others(sim: Simulator, tmp_path: Path) -> None:
    sim.world.stackit.accounts.legacy_on = True
    fault = Fault(kind=FaultKind.STATUS, status=404, path="/deploy[^/]*/access-tokens$", times=1)
    sim.faults.add(fault)
    async with connected(connection_to(sim, tmp_path, legacy_tokens=True)) as provider:
        deploy, backup = [await find_account(provider, name) for name in ("deploy", "backup")]
        assert await silent_of(provider, deploy) == {"access-token"}
        assert await silent_of(provider, backup) == set()
        offered = [one.kind.key for one in await provider.offers(backup)]
    assert offered == ["key", "access-token"]


async def test_a_token_that_was_revoked_elsewhere_is_not_found(
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
        with pytest.raises(NotFound, match="409"):
            await provider.revoke(token)
        sim.world.stackit.accounts.legacy_tokens[token.id].active = True
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=409, path="/access-tokens/"))
        with pytest.raises(Refused, match="409"):
            await provider.revoke(token)
