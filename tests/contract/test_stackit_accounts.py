"""STACKIT service accounts and their keys through our adapter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fault_server import FaultServer, reply
from simulator_fixtures import start_simulator
from stackit_connection import (
    READER_KEY,
    connected,
    connection_to,
    credentials_of,
    find_account,
    offer_of,
    usual_order,
)
from tokentui.domain.errors import (
    Forbidden,
    NotFound,
    NotSignedIn,
    Outcome,
    OutcomeUnknown,
    Refused,
)
from tokentui.domain.lifetime import Term
from tokentui.domain.model import Ability, AccountId
from tokentui.simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from tokentui.domain.account import AccountOffer
    from tokentui.providers.stackit.provider import Stackit
    from tokentui.simulator.server import Simulator


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def test_accounts_are_listed_with_their_place(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        accounts = [one async for page in provider.accounts() for one in page.items]
    shown = {one.name: (one.scope, one.is_own, one.state_text) for one in accounts}
    assert shown["deploy"] == ("ops-prod", False, "")
    assert shown["terraform"] == ("ops-dev", False, "")
    assert shown["edge-admin"] == ("ops-prod", True, "")
    internal = [one for one in accounts if one.state_text == "internal"]
    assert len(internal) == 1
    assert all(one.native_id.endswith("@sa.stackit.cloud") for one in accounts)


async def place(provider: Stackit) -> AccountOffer:
    return next(one for one in await provider.account_offers() if one.scope == "ops-dev")


@pytest.mark.parametrize("name", ["", "Ci", "1ci", "ci--bot", "ci-", "x" * 21, "ci_bot"])
async def test_a_name_that_does_not_fit_is_refused(
    sim: Simulator, tmp_path: Path, name: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        offer = await place(provider)
        (field,) = offer.fields
        assert field.required
        with pytest.raises(Refused, match="service account"):
            await provider.create_account(offer, {"name": name})


async def test_a_name_is_free_once(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        offer = await place(provider)
        await provider.create_account(offer, {"name": "ci-bot"})
        with pytest.raises(Refused, match="409") as caught:
            await provider.create_account(offer, {"name": "ci-bot"})
        assert caught.value.trace_id


async def test_a_deleted_account_takes_its_keys_along(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        account = await provider.create_account(await place(provider), {"name": "ci-bot"})
        issued = await provider.issue(await usual_order(provider, account, "key"))
        assert account.also_ends
        await provider.delete_account(account)
        with pytest.raises(NotFound, match="404"):
            await provider.delete_account(account)
        assert (await provider.verify(issued)).ok is False


async def test_a_lost_answer_leaves_an_account_unknown(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        offer = await place(provider)
        rule = Fault(kind=FaultKind.CUT, method="POST", path="/service-accounts$", acts=True)
        sim.faults.add(rule)
        with pytest.raises(OutcomeUnknown, match="make the service account ci-bot"):
            await provider.create_account(offer, {"name": "ci-bot"})
        sim.faults.clear()
        assert (await find_account(provider, "ci-bot")).scope == "ops-dev"


async def test_an_account_cannot_serve_itself(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        own = await find_account(provider, "edge-admin")
        offer = await offer_of(provider, own, "key")
        assert "another identity" in offer.impossible
        (key,) = await credentials_of(provider, own)
        assert key.is_own
        assert "another identity" in key.cannot[Ability.SWITCH]
        assert "another identity" in key.cannot[Ability.MOVE_END]
        assert Ability.REVOKE not in key.cannot
        with pytest.raises(Forbidden, match="own"):
            await provider.set_active(key, False)


@pytest.mark.parametrize("verb", ["issue", "revoke", "switch", "move", "create", "delete"])
async def test_a_reader_is_told_which_right_is_missing(
    sim: Simulator, tmp_path: Path, verb: str
) -> None:
    async with connected(connection_to(sim, tmp_path, key_file=READER_KEY)) as provider:
        deploy = await find_account(provider, "deploy")
        (key,) = await credentials_of(provider, deploy)
        wish = await usual_order(provider, deploy, "key")
        offer = await place(provider)
        calls: dict[str, Callable[[], Awaitable[object]]] = {
            "issue": lambda: provider.issue(wish),
            "revoke": lambda: provider.revoke(key),
            "switch": lambda: provider.set_active(key, False),
            "move": lambda: provider.move_end(key, Term(None, None)),
            "create": lambda: provider.create_account(offer, {"name": "ci-bot"}),
            "delete": lambda: provider.delete_account(deploy),
        }
        with pytest.raises(Forbidden, match="403") as caught:
            await calls[verb]()
    assert "iam.service-account" in caught.value.next_step
    assert caught.value.outcome is Outcome.REFUSED
    assert caught.value.trace_id


async def test_a_login_that_is_over_is_no_missing_right(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        wish = await usual_order(provider, deploy, "key")
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=401, path="/keys$", method="POST"))
        with pytest.raises(NotSignedIn):
            await provider.issue(wish)
    assert sim.requests.count("POST", "/keys") == 1


async def test_addresses_of_accounts_are_encoded(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        deploy = await find_account(provider, "deploy")
        endpoints = connection_to(sim, tmp_path).settings["endpoints"]
    assert isinstance(endpoints, dict)
    project_id = deploy.id.partition("/")[0]
    odd = replace(deploy, id=AccountId(f"{project_id}/a/b@sa.stackit.cloud"))
    async with FaultServer(reply(body=b'{"items": []}')) as server:
        changed = {**endpoints, "service_account": server.url}
        async with connected(connection_to(sim, tmp_path, endpoints=changed)) as provider:
            await credentials_of(provider, odd)
            await provider.delete_account(odd)
    paths = [request.path for request in server.requests]
    assert paths[0].endswith("/service-accounts/a%2Fb%40sa.stackit.cloud/keys")
    assert paths[1].endswith("/service-accounts/a%2Fb%40sa.stackit.cloud")
