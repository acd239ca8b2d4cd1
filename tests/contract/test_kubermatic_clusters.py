"""Clusters of KKP, their shared kubeconfigs, and the service accounts inside them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kubermatic_connection import (
    account_named,
    cluster_named,
    connected,
    connection_to,
    listed,
    make,
)
from simulator_fixtures import start_simulator
from tokentui.domain.errors import (
    BadAnswer,
    Forbidden,
    Outcome,
    ProviderError,
    Refused,
    Unreachable,
)
from tokentui.domain.lifetime import Never
from tokentui.domain.model import Account, Issued
from tokentui.providers.kubermatic.clusters import OLD_ONE, SHUT_OUT, SWITCHED_OFF
from tokentui.providers.kubermatic.patience import Patience
from tokentui.providers.kubermatic.provider import Kubermatic
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubermatic.seeds import EDITOR_TOKEN, MANAGER_TOKEN, MEMBER
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import pages_of

SERVERS = ("imke-2.16", "imke-2.17", "imke-2.21", "imke-2.22", "imke-2.23", "imke")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubermatic]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def user_of(issued: Issued) -> tuple[str, str]:
    """Give the name of the kubeconfig's context and of its only user."""
    document = json.loads(issued.secret.reveal())
    (user,) = document["users"]
    return document["current-context"], user["name"]


@pytest.mark.parametrize("server", SERVERS)
async def test_described_versions_list_download_and_revoke(
    sim: Simulator, tmp_path: Path, server: str
) -> None:
    async with connected(connection_to(sim, tmp_path, server=server)) as provider:
        await list_download_and_revoke(provider, by_id=server in ("imke-2.23", "imke"))


@pytest.mark.usefixtures("of_no_description")
@pytest.mark.parametrize("version", ["2.12", "2.15", "2.16", "2.22"])
async def test_other_versions_list_download_and_revoke(
    sim: Simulator, provider: Kubermatic, version: str
) -> None:
    """Below 2.15 lists are in v1, below 2.16 the rest is, too, with the datacenter."""
    sim.world.kubermatic.main.version = version
    await list_download_and_revoke(provider, by_id=False)


async def list_download_and_revoke(provider: Kubermatic, *, by_id: bool) -> None:
    """Lists are arrays before 2.23, and contexts have no name of their own."""
    cluster = await cluster_named(provider)
    assert (cluster.scope, cluster.region, cluster.plan) == ("shop", "fra-1", "1.33.4")
    old = await make(provider, cluster)
    assert old.remote_id == "admin"
    assert user_of(old) == (cluster.native_id if by_id else "default", "default")
    assert (await provider.verify(old)).ok is True
    await provider.revoke((await listed(provider, cluster))["admin"])
    assert (await provider.verify(old)).ok is False
    assert (await provider.verify(await make(provider, cluster))).ok is True


@pytest.fixture
def of_no_description() -> None:
    """Mark tests of versions whose description is not at hand."""


async def test_a_cluster_has_two_standing_kubeconfigs(provider: Kubermatic) -> None:
    found = await listed(provider, await cluster_named(provider))
    assert set(found) == {"admin", "viewer"}
    assert found["admin"].roles == ("cluster-admin",)
    assert "cluster-admin without an end" in found["admin"].description
    assert [one.ends_at for one in found.values()] == [None, None]
    assert all("every copy" in one.also_ends for one in found.values())


async def test_the_offer_warns_of_full_rights_without_an_end(provider: Kubermatic) -> None:
    (offer,) = await provider.offers(await cluster_named(provider))
    assert offer.lifetime == Never()
    assert "cluster-admin's" in offer.warnings[0]
    assert "never ends" in offer.warnings[1]


async def test_revoking_one_role_leaves_the_other(sim: Simulator, tmp_path: Path) -> None:
    """A viewer gets the viewers' kubeconfig, which the file's name tells."""
    async with (
        connected(connection_to(sim, tmp_path)) as owner,
        connected(connection_to(sim, tmp_path, person=MEMBER, projects=("shop",))) as viewer,
    ):
        admin = await make(owner, await cluster_named(owner))
        view = await make(viewer, await cluster_named(viewer))
        assert (admin.remote_id, view.remote_id) == ("admin", "viewer")
        await owner.revoke((await listed(owner, await cluster_named(owner)))["viewer"])
        assert (await owner.verify(admin)).ok is True
        assert (await viewer.verify(view)).ok is False


async def test_a_download_after_revoking_may_be_the_old_one(
    sim: Simulator, provider: Kubermatic
) -> None:
    """A controller writes the new one seconds to minutes later."""
    sim.world.kubermatic.main.stale_seconds = 60
    cluster = await cluster_named(provider)
    await provider.revoke((await listed(provider, cluster))["admin"])
    (offer,) = await provider.offers(cluster)
    assert OLD_ONE in offer.warnings
    assert (await provider.verify(await make(provider, cluster))).ok is False
    sim.clock.advance(timedelta(minutes=2))
    assert (await provider.verify(await make(provider, cluster))).ok is True


async def test_project_managers_are_shut_out_of_clusters(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token=MANAGER_TOKEN)) as provider:
        cluster = await cluster_named(provider, "play")
        (offer,) = await provider.offers(cluster)
        assert offer.impossible == SHUT_OUT
        _, failed = await pages_of(provider.accounts())
        assert [type(error) for error in failed] == [Forbidden]
        assert "cluster service accounts of lab" in failed[0].message
        offers = await provider.account_offers()
        told = {one.noun: bool(one.impossible) for one in offers}
        assert told == {"service account": False, "cluster service account": True}


async def test_an_editors_token_downloads(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, token=EDITOR_TOKEN)) as provider:
        issued = await make(provider, await cluster_named(provider, "play"))
        assert (await provider.verify(issued)).ok is True


@pytest.mark.parametrize("server", ["imke-2.23", "imke"])
async def test_a_download_that_is_switched_off_is_told(
    sim: Simulator, tmp_path: Path, server: str
) -> None:
    """Since 2.31 the refusal is a page, and revoking still works."""
    sim.world.kubermatic.servers[server].kubeconfig_disabled = True
    async with connected(connection_to(sim, tmp_path, server=server)) as provider:
        cluster = await cluster_named(provider)
        with pytest.raises(Forbidden, match="switched the download of kubeconfigs off") as caught:
            await make(provider, cluster)
        assert caught.value.outcome is Outcome.REFUSED
        assert "<" not in caught.value.sentence
        (offer,) = await provider.offers(cluster)
        assert offer.impossible == SWITCHED_OFF
        with pytest.raises(Refused):
            await make(provider, cluster)
        await provider.revoke((await listed(provider, cluster))["admin"])


async def test_a_dead_seed_is_told_and_no_cluster_is_said_to_be_gone(
    sim: Simulator, provider: Kubermatic
) -> None:
    sim.world.kubermatic.main.dead_seed = "south"
    clusters, failed = await pages_of(provider.instances())
    assert {one.name for one in clusters} == {"web", "lake"}
    assert {type(error) for error in failed} == {Unreachable}
    assert "Failed to fetch data for one or more seeds" in failed[0].message


async def test_a_cluster_that_is_gone_is_not_found(sim: Simulator, provider: Kubermatic) -> None:
    cluster = await cluster_named(provider)
    del sim.world.kubermatic.main.clusters[cluster.native_id]
    with pytest.raises(ProviderError, match="404"):
        await provider.revoke((await listed(provider, cluster))["admin"])
    with pytest.raises(ProviderError, match="404"):
        await provider.offers(cluster)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "[1]", "kind: Pod", "a: [", ""])
async def test_a_file_that_is_no_kubeconfig_is_kept(
    sim: Simulator, provider: Kubermatic, body: str
) -> None:
    cluster = await cluster_named(provider)
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/kubeconfig$", body=body))
    if not body:
        issued = await make(provider, cluster)
        assert (await provider.verify(issued)).ok is None
        return
    with pytest.raises(BadAnswer) as caught:
        await make(provider, cluster)
    assert caught.value.raw is not None
    assert "a download makes nothing" in caught.value.next_step


async def test_a_download_that_breaks_off_says_that_it_makes_nothing(
    sim: Simulator, provider: Kubermatic
) -> None:
    cluster = await cluster_named(provider)
    sim.faults.add(Fault(kind=FaultKind.HALF, path="/kubeconfig$"))
    with pytest.raises(ProviderError) as caught:
        await make(provider, cluster)
    assert "a download makes nothing" in caught.value.next_step


async def test_a_program_in_a_kubeconfig_is_not_run(tmp_path: Path) -> None:
    with start_simulator("hostile") as sim:
        async with connected(connection_to(sim, tmp_path, projects=("shop",))) as provider:
            clusters, _ = await pages_of(provider.instances())
            issued = await make(provider, next(one for one in clusters if one.name == "exec"))
            assert (await provider.verify(issued)).ok is None


async def new_inside(provider: Kubermatic, name: str = "robot") -> Account:
    """Make a service account in the cluster web."""
    offer = next(o for o in await provider.account_offers() if o.scope == "shop/web")
    assert any("may do nothing until a role is bound" in one for one in offer.warnings)
    return await provider.create_account(offer, {"name": name, "namespace": "cicd"})


async def test_a_cluster_account_is_made_used_and_deleted(provider: Kubermatic) -> None:
    account = await new_inside(provider)
    assert (account.native_id, account.scope) == ("cicd/robot", "shop/web")
    assert await account_named(provider, "robot") == account
    issued = await make(provider, account)
    assert user_of(issued)[1] == "sa-robot"
    assert (issued.ends_at, issued.name) == (None, "robot")
    assert (await provider.verify(issued)).ok is True
    (credential,) = (await listed(provider, account)).values()
    assert credential.id == issued.remote_id
    with pytest.raises(Refused, match="cannot revoke"):
        await provider.revoke(credential)
    await provider.delete_account(account)
    assert (await provider.verify(issued)).ok is False


async def test_the_secret_of_a_new_cluster_account_is_waited_for(
    sim: Simulator, provider: Kubermatic
) -> None:
    """For about a second the server answers 500 that it has none."""
    sim.world.kubermatic.main.secret_seconds = 3

    async def sleep(seconds: float) -> None:
        sim.clock.advance(timedelta(seconds=seconds))

    provider._cluster_accounts._patience = Patience(sleep)
    account = await new_inside(provider)
    assert (await provider.verify(await make(provider, account))).ok is True


async def test_a_missing_secret_of_an_older_account_is_final(
    sim: Simulator, provider: Kubermatic
) -> None:
    account = await new_inside(provider)
    web = sim.world.kubermatic.main.cluster_named("web")
    web.accounts["cicd", "robot"].secret_at = sim.clock.now() + timedelta(days=1)
    provider._cluster_accounts._patience = Patience()
    with pytest.raises(ProviderError, match="service account has no secret") as caught:
        await make(provider, account)
    assert caught.value.outcome is Outcome.REFUSED


async def test_only_labelled_accounts_are_listed_with_their_roles(provider: Kubermatic) -> None:
    accounts, _ = await pages_of(provider.accounts())
    inside = [one for one in accounts if one.noun == "cluster service account"]
    assert [one.native_id for one in inside] == ["cicd/argo"]
    details = await provider.details(inside[0])
    assert ("in the whole cluster", "edit") in [(one.label, one.value) for one in details]


async def test_an_old_server_has_no_cluster_accounts(sim: Simulator, tmp_path: Path) -> None:
    """They are there since 2.22: a 404 in plain text says that they are not."""
    async with connected(connection_to(sim, tmp_path, server="imke-2.21")) as provider:
        accounts, failed = await pages_of(provider.accounts())
        assert not failed
        assert {one.noun for one in accounts} == {"service account"}
        assert {one.noun for one in await provider.account_offers()} == {"service account"}
