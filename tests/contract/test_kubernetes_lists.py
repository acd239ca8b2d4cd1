"""Lists of a cluster: how many requests they take, and what rights leave of them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from kubernetes_connection import account_named, connected, connection_to, listed, offer_of, order
from kubernetes_sim import cluster_client
from simulator_fixtures import start_simulator
from tokentui.domain.account import AccountAbility
from tokentui.domain.errors import Forbidden
from tokentui.domain.model import Ability
from tokentui.providers.kubernetes.provider import Kubernetes
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubernetes.rbac_defaults import bind_role, rule, subject
from tokentui.simulator.kubernetes.resources import ROLES, SERVICE_ACCOUNTS
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import pages_of
from traffic import Traffic

THOUSANDS = 2300


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubernetes]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def lists(traffic: Traffic) -> Counter[str]:
    """Count the lists that were asked for, by the end of their paths."""
    gets = [one.call.url for one in traffic.sent if one.call.method == "GET"]
    return Counter(url.rpartition("/")[2] for url in gets)


def grant(sim: Simulator, user: str, namespace: str, *rules: dict[str, Any]) -> None:
    """Give a user rights in a namespace."""
    store = sim.world.kubernetes.lab.store
    store.add(ROLES, namespace, f"of-{user}", {"rules": list(rules)})
    bind_role(store, namespace, f"of-{user}", f"of-{user}", subject("User", user))


async def test_thousands_of_accounts_are_not_thousands_of_requests(
    tmp_path: Path, traffic: Traffic
) -> None:
    with start_simulator(f"rows:{THOUSANDS}") as sim:
        async with connected(connection_to(sim, tmp_path)) as provider:
            accounts, failed = await pages_of(provider.accounts())
            assert len(accounts) > THOUSANDS
            assert len({one.id for one in accounts}) == len(accounts)
            pages = await asyncio.gather(*(pages_of(provider.credentials(one)) for one in accounts))
    namespaces = len({one.scope for one in accounts})
    assert not failed
    assert not any(failed for _, failed in pages)
    assert lists(traffic) == {
        "serviceaccounts": -(-len(accounts) // 500),
        "secrets": 2 * namespaces,
    }
    posts = Counter(one.call.url.rpartition("/")[2] for one in traffic.posted())
    assert posts == {"selfsubjectreviews": 1, "selfsubjectaccessreviews": 1}


async def test_a_change_makes_the_kept_lists_old(
    sim: Simulator, provider: Kubernetes, traffic: Traffic
) -> None:
    account = await account_named(provider)
    for _ in range(3):
        await pages_of(provider.credentials(account))
    assert lists(traffic)["secrets"] == 2
    issued = await provider.issue(await order(provider, "revocable-token"))
    assert issued.name in await listed(provider)
    await provider.revoke((await listed(provider))[issued.name])
    assert issued.name not in await listed(provider)


async def test_a_list_that_grew_too_old_is_begun_again(tmp_path: Path, traffic: Traffic) -> None:
    with start_simulator("rows:1200") as sim:
        async with connected(connection_to(sim, tmp_path)) as provider:
            pages = provider.accounts()
            first = await anext(pages)
            sim.world.kubernetes.lab.switches.expire_continues = True
            second = asyncio.ensure_future(anext(pages))
            page = await second
            assert not page.items, "the same page once more has nothing new"
            sim.world.kubernetes.lab.switches.expire_continues = False
            rest = [one async for page in pages for one in page.items]
    ids = [one.id for one in (*first.items, *rest)]
    assert len(set(ids)) == len(ids) > 1200


async def test_a_list_that_is_always_too_old_is_a_failure(tmp_path: Path) -> None:
    with start_simulator("rows:600") as sim:
        sim.world.kubernetes.lab.switches.expire_continues = True
        async with connected(connection_to(sim, tmp_path)) as provider:
            accounts, failed = await pages_of(provider.accounts())
    assert len(accounts) == 500
    assert "410" in failed[0].message


async def test_all_namespaces_or_those_of_the_profile(
    sim: Simulator, provider: Kubernetes, tmp_path: Path
) -> None:
    accounts, _ = await pages_of(provider.accounts())
    assert {one.scope for one in accounts} >= {"build", "ci", "monitoring", "kube-system"}
    chosen = connection_to(sim, tmp_path, namespaces=("ci", "no-such-one"))
    async with connected(chosen) as other:
        accounts, failed = await pages_of(other.accounts())
    assert {one.scope for one in accounts} == {"ci"}
    assert not failed, "a namespace that is not there has no accounts"


async def test_what_may_not_be_listed_everywhere_is_listed_where_it_may(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        accounts, failed = await pages_of(provider.accounts())
        assert {one.scope for one in accounts} == {"build"}, "the context's"
        assert not failed
    named = connection_to(sim, tmp_path, "lab-viewer", namespaces=("build", "ci"))
    async with connected(named) as provider:
        accounts, failed = await pages_of(provider.accounts())
    assert {one.scope for one in accounts} == {"build"}
    (error,) = failed
    assert isinstance(error, Forbidden)
    assert "service accounts of ci may not be listed" in error.message


async def test_rights_are_told_before_a_verb_is_tried(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        account = await account_named(provider)
        assert "may not delete serviceaccounts" in account.cannot[AccountAbility.DELETE]
        offer = await offer_of(provider)
        assert "may not create serviceaccounts/token in the namespace build" in offer.impossible
        (making,) = await provider.account_offers()
        assert "may not create serviceaccounts" in making.impossible
        page = [page async for page in provider.credentials(account)]
        assert page[0].silent == {"secret-token", "revocable-token"}, "Secrets may not be seen"
        assert not page[0].failed
        assert (await provider.identity()).may_issue is None


async def test_rights_for_some_names_alone_are_seen(sim: Simulator, tmp_path: Path) -> None:
    mint = rule(("create",), "serviceaccounts/token") | {"resourceNames": ["deployer"]}
    grant(sim, "viewer", "build", mint)
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        assert not (await offer_of(provider)).impossible
        assert (await offer_of(provider, account="release-bot")).impossible
        await provider.issue(await order(provider))


async def test_without_a_right_to_secrets_no_token_is_revocable(
    sim: Simulator, tmp_path: Path
) -> None:
    grant(sim, "viewer", "build", rule(("create",), "serviceaccounts/token"))
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        assert not (await offer_of(provider, "token")).impossible
        revocable = await offer_of(provider, "revocable-token")
        assert "may not create secrets" in revocable.impossible


async def test_who_sees_secrets_may_still_not_end_them(sim: Simulator, tmp_path: Path) -> None:
    grant(sim, "viewer", "build", rule(("list",), "secrets"))
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        credential = (await listed(provider))["deployer-manual-q8d2x"]
    assert "may not delete secrets" in credential.cannot[Ability.REVOKE]


async def test_a_right_is_asked_for_once(provider: Kubernetes, traffic: Traffic) -> None:
    account = await account_named(provider)
    for _ in range(3):
        await provider.offers(account)
    asked = [one.call.json for one in traffic.posted() if "accessreviews" in one.call.url]
    assert len(asked) == len({str(one) for one in asked}) == 4


async def test_a_server_that_does_not_tell_rights_is_tried(
    sim: Simulator, provider: Kubernetes
) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=404, path="accessreviews$", body="{}"))
    assert not (await offer_of(provider)).impossible


async def test_many_namespaces_are_typed(sim: Simulator, provider: Kubernetes) -> None:
    (few,) = await provider.account_offers()
    assert {field.key: field.choices for field in few.fields}["namespace"]
    with cluster_client(sim) as boss:
        for number in range(12):
            boss.post("/api/v1/namespaces", json={"metadata": {"name": f"more-{number}"}})
    (many,) = await provider.account_offers()
    (field,) = [one for one in many.fields if one.key == "namespace"]
    assert field.choices == ()
    assert field.default == "default"


async def test_a_whole_secret_is_no_list_of_heads(sim: Simulator, provider: Kubernetes) -> None:
    account = await account_named(provider)
    body = '{"kind": "SecretList", "items": [{"metadata": {}, "data": {"token": "c2VjcmV0"}}]}'
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/secrets$", body=body))
    _, failed = await pages_of(provider.credentials(account))
    assert "PartialObjectMetadataList" in failed[0].message
    assert "c2VjcmV0" not in failed[0].sentence


async def test_rows_that_do_not_fit_are_told_beside_the_others(
    sim: Simulator, provider: Kubernetes
) -> None:
    row = '{"metadata": {"name": "%s", "namespace": "build", "uid": "%s"}}'
    rows = ", ".join((row % ("good", "u-1"), row % ("Bad\\u001b", "u-2"), row % ("other", "")))
    body = f'{{"kind": "ServiceAccountList", "metadata": {{}}, "items": [{rows}]}}'
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/serviceaccounts$", body=body))
    accounts, failed = await pages_of(provider.accounts())
    assert [one.name for one in accounts] == ["good"]
    assert "2 of 3 rows" in failed[0].message


async def test_without_a_right_to_all_the_namespaces_are_asked_side_by_side(
    sim: Simulator, tmp_path: Path
) -> None:
    """The held answers let the others through; eight are under way at once."""
    names = tuple(f"space-{number}" for number in range(12))
    sim.faults.add(Fault(kind=FaultKind.HOLD, method="GET", path="/serviceaccounts$"))
    async with connected(connection_to(sim, tmp_path, namespaces=names)) as provider:
        listing = asyncio.create_task(pages_of(provider.accounts()))
        async with asyncio.timeout(10):
            while sim.held < 8:
                await asyncio.sleep(0.01)
        assert not listing.done()
        listing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listing


async def test_namespaces_that_may_not_be_seen_are_told_in_their_order(
    sim: Simulator, tmp_path: Path
) -> None:
    named = connection_to(sim, tmp_path, "lab-viewer", namespaces=("ci", "build", "monitoring"))
    async with connected(named) as provider:
        accounts, (error,) = await pages_of(provider.accounts())
    assert {one.scope for one in accounts} == {"build"}
    assert "service accounts of ci, monitoring may not be listed" in error.message


async def test_trap_13_of_accounts_and_namespaces_the_heads_alone_are_asked_for(
    sim: Simulator, provider: Kubernetes, traffic: Traffic
) -> None:
    for one in sim.world.kubernetes.lab.store.all(SERVICE_ACCOUNTS):
        one["metadata"]["managedFields"] = [{"manager": "kubectl", "fieldsV1": {"f:x": {}}}]
    accounts, failed = await pages_of(provider.accounts())
    await provider.account_offers()
    assert accounts
    assert not failed
    gets = [one for one in traffic.sent if one.call.method == "GET"]
    ends = {one.call.url.rpartition("/")[2] for one in gets}
    assert ends == {"serviceaccounts", "namespaces"}
    kinds = {json.loads(one.body)["kind"] for one in gets}
    assert kinds == {"PartialObjectMetadataList"}
    rows = [rows async for rows in provider._api.accounts("build")]
    assert "managedFields" not in str(rows), "what blows a list up is not kept"


async def test_a_server_that_has_no_heads_alone_gives_whole_accounts(
    sim: Simulator, provider: Kubernetes
) -> None:
    row = '{"metadata": {"name": "good", "namespace": "build", "uid": "u-1"}, "secrets": []}'
    body = f'{{"kind": "ServiceAccountList", "metadata": {{}}, "items": [{row}]}}'
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/serviceaccounts$", body=body))
    accounts, failed = await pages_of(provider.accounts())
    assert [one.name for one in accounts] == ["good"]
    assert not failed


async def test_trap_9_a_version_is_a_text(sim: Simulator, provider: Kubernetes) -> None:
    body = '{"major": "1", "minor": "33+", "gitVersion": "v1.33.4-gke.1"}'
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=200, path="/version$", body=body))
    (instances, _) = await pages_of(provider.instances())
    assert instances[0].plan == "v1.33.4-gke.1"
