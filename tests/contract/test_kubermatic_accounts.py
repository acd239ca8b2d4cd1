"""Service accounts of KKP's projects, and who is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kubermatic_connection import (
    account_named,
    connected,
    connection_to,
    make,
)
from simulator_fixtures import start_simulator
from tokentui.domain.errors import (
    Forbidden,
    NotSignedIn,
    Refused,
)
from tokentui.domain.model import Account
from tokentui.providers.kubermatic.patience import Patience
from tokentui.providers.kubermatic.provider import Kubermatic
from tokentui.providers.kubermatic.tokens import TOO_NEW
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, MANAGER_TOKEN
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


async def new_account(provider: Kubermatic, name: str = "robot", group: str = "Editor") -> Account:
    """Make a service account in the project shop."""
    offer = next(o for o in await provider.account_offers() if o.scope == "shop")
    return await provider.create_account(offer, {"name": name, "group": group})


def bodies(traffic: Traffic, method: str) -> list[object]:
    """Give what was sent by a method."""
    return [one.call.json for one in traffic.sent if one.call.method == method]


async def test_groups_are_bare_in_requests_and_suffixed_in_answers(
    provider: Kubermatic, traffic: Traffic
) -> None:
    account = await new_account(provider)
    assert bodies(traffic, "POST") == [{"name": "robot", "group": "editors"}]
    assert (account.group, account.state_text) == ("Editor", "Inactive")
    assert account.groups == ("Viewer", "Editor", "Project Manager")
    await provider.regroup_account(account, "Project Manager")
    assert bodies(traffic, "PUT")[-1] == {
        "id": account.native_id,
        "name": "robot",
        "group": "projectmanagers",
    }
    await provider.rename_account(account, "robot 2")
    assert bodies(traffic, "PUT")[-1] == {
        "id": account.native_id,
        "name": "robot 2",
        "group": "projectmanagers",
    }
    assert (await account_named(provider, "robot 2")).group == "Project Manager"


async def test_a_group_that_does_not_exist_is_not_sent(
    provider: Kubermatic, traffic: Traffic
) -> None:
    with pytest.raises(Refused, match="cannot be in owners"):
        await new_account(provider, group="owners")
    assert bodies(traffic, "POST") == []


async def test_a_new_account_is_waited_for(sim: Simulator, tmp_path: Path) -> None:
    """A 403 right after the making is normal, and asked again for what this session made."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        sim.clock.advance(timedelta(seconds=seconds))

    async with connected(connection_to(sim, tmp_path)) as provider:
        give_patience(provider, Patience(sleep))
        sim.world.kubermatic.main.settle_seconds = 5
        account = await new_account(provider)
        issued = await make(provider, account, name="early")
        assert (await provider.verify(issued)).ok is True
        assert waits
        assert set(waits) == {1.0}
        assert sim.world.kubermatic.main.mints == 1
        await provider.regroup_account(account, "Viewer")
        await provider.rename_account(account, "robot 2")


async def test_waiting_ends(sim: Simulator, tmp_path: Path) -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    async with connected(connection_to(sim, tmp_path)) as provider:
        give_patience(provider, Patience(sleep, lambda: now[0]))
        sim.world.kubermatic.main.settle_seconds = 3600
        account = await new_account(provider)
        with pytest.raises(Forbidden):
            await make(provider, account, name="early")
        assert 170 <= now[0] <= 180


async def test_trap_6_what_is_older_is_not_waited_for(sim: Simulator, provider: Kubermatic) -> None:
    """The age counts by the server's clock, which is not ours."""
    await new_account(provider)
    sim.world.kubermatic.main.account_named("robot").ready_at = sim.clock.now() + timedelta(days=1)
    sim.clock.advance(timedelta(minutes=4))
    give_patience(provider, Patience(never))
    account = await account_named(provider, "robot")
    with pytest.raises(Forbidden, match="cannot create resource") as caught:
        await make(provider, account, name="early")
    assert caught.value.next_step != TOO_NEW


@pytest.mark.parametrize("change", ["token", "group"])
async def test_trap_6_what_another_session_made_just_now_is_waited_for(
    sim: Simulator, tmp_path: Path, change: str
) -> None:
    """As `account create` and then `token create` are two sessions."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        sim.clock.advance(timedelta(seconds=seconds))

    sim.clock.advance(timedelta(hours=1))
    sim.world.kubermatic.main.settle_seconds = 20
    async with connected(connection_to(sim, tmp_path)) as other:
        await new_account(other)
    async with connected(connection_to(sim, tmp_path)) as provider:
        give_patience(provider, Patience(sleep))
        account = await account_named(provider, "robot")
        if change == "token":
            await make(provider, account, name="early")
        else:
            await provider.regroup_account(account, "Viewer")
    assert 19 <= len(waits) <= 21


async def test_rights_that_do_not_come_are_said_to_come_late(
    sim: Simulator, tmp_path: Path
) -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    sim.world.kubermatic.main.settle_seconds = 3600
    async with connected(connection_to(sim, tmp_path)) as other:
        await new_account(other)
    async with connected(connection_to(sim, tmp_path)) as provider:
        give_patience(provider, Patience(sleep, lambda: now[0]))
        with pytest.raises(Forbidden) as caught:
            await make(provider, await account_named(provider, "robot"), name="early")
    assert caught.value.next_step == TOO_NEW
    assert now[0] <= 180


async def never(seconds: float) -> None:
    raise AssertionError("nothing is waited for")


def give_patience(provider: Kubermatic, patience: Patience) -> None:
    """Let an adapter wait otherwise."""
    for part in (provider._tokens, provider._accounts, provider._cluster_accounts):
        part._patience = patience


async def test_an_editor_hears_of_the_role_that_is_missing(sim: Simulator, tmp_path: Path) -> None:
    """Offers stay open, since KKP's documents and code disagree on who may: the server decides."""
    async with connected(connection_to(sim, tmp_path, token=EDITOR_TOKEN)) as provider:
        _, failed = await pages_of(provider.accounts())
        assert [type(error) for error in failed] == [Forbidden]
        assert "the sign-in itself is fine" in failed[0].next_step
        offer = next(o for o in await provider.account_offers() if o.noun == "service account")
        assert not offer.impossible
        with pytest.raises(Forbidden):
            await provider.create_account(offer, {"name": "robot", "group": "Viewer"})


async def test_a_manager_may_make_accounts_and_tokens(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token=MANAGER_TOKEN)) as provider:
        (offer, *_) = await provider.account_offers()
        account = await provider.create_account(offer, {"name": "robot", "group": "Viewer"})
        assert (await provider.verify(await make(provider, account, name="ci"))).ok is True


async def test_a_revoked_sign_in_is_told_in_the_servers_words(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path, token=MANAGER_TOKEN)) as provider:
        sim.world.kubermatic.main.drop_token(sim.world.kubermatic.main.token_named(MANAGER_TOKEN))
        with pytest.raises(NotSignedIn, match="has been revoked for serviceaccount-"):
            await provider.identity()
        _, failed = await pages_of(provider.accounts())
        assert [type(error) for error in failed] == [NotSignedIn]


async def test_who_is_signed_in(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token=MANAGER_TOKEN)) as provider:
        await pages_of(provider.instances())
        identity = await provider.identity()
    assert (identity.name, identity.may_issue) == ("tokentui-manager", True)
    assert ("in lab", "Project Manager") in identity.facts
    assert ("KKP", "v2.31.0") in identity.facts


@pytest.mark.parametrize(
    ("token", "may"),
    [(None, True), (MANAGER_TOKEN, True), (EDITOR_TOKEN, None), ("dashboards", None)],
)
async def test_owners_and_project_managers_may_make_tokens(
    sim: Simulator, tmp_path: Path, token: str | None, may: bool | None
) -> None:
    """Others can still download kubeconfigs, so that only trying tells."""
    async with connected(connection_to(sim, tmp_path, token=token)) as provider:
        assert (await provider.identity()).may_issue is may


async def test_projects_are_chosen_by_name_or_id(sim: Simulator, tmp_path: Path) -> None:
    data = sim.world.kubermatic.main.project_named("data").id
    settings = connection_to(sim, tmp_path, projects=(data, "nowhere"))
    async with connected(settings) as provider:
        clusters, (error,) = await pages_of(provider.instances())
    assert {one.scope for one in clusters} == {"data"}
    assert "lists no project nowhere" in error.message
