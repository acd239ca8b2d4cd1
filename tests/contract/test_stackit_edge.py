"""What the STACKIT adapter says when things are not as they should be."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from fault_server import FaultServer, reply
from simulator_fixtures import start_simulator
from stackit_connection import READER_KEY, connected, connection_to, find, order
from tokentui.domain.errors import (
    BadAnswer,
    ConfigError,
    Forbidden,
    NotFound,
    NotSignedIn,
    Outcome,
    OutcomeUnknown,
    Refused,
)
from tokentui.domain.lifetime import Term
from tokentui.domain.model import EndSource, Instance
from tokentui.domain.profile import AuthSettings
from tokentui.domain.secret import Secret
from tokentui.providers.stackit.provider import SIDE_BY_SIDE, connect
from tokentui.simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from tokentui.domain.model import Issued, Page, Verification
    from tokentui.simulator.server import Simulator

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


async def test_a_reader_lists_but_lacks_the_role_to_mint(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, key_file=READER_KEY)) as provider:
        wish = await order(provider, "demo", "token", TEN_MINUTES)
        with pytest.raises(
            Forbidden, match=r"edge\.admin is missing in project ops-prod"
        ) as caught:
            await provider.issue(wish)
    assert caught.value.outcome is Outcome.REFUSED
    assert "the sign-in itself is fine" in caught.value.next_step
    assert caught.value.trace_id


async def test_a_404_of_a_mint_is_explained_by_a_look(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        busy = await order(provider, "edge-ham", "kubeconfig", TEN_MINUTES)
        with pytest.raises(NotFound, match="its status is reconciling") as caught:
            await provider.issue(busy)
        assert "wait" in caught.value.next_step
        gone = replace(busy.offer.target, native_id="gone-39e2108")
        with pytest.raises(NotFound, match="does not exist any more"):
            await provider.issue(replace(busy, offer=replace(busy.offer, target=gone)))
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=500, path="edge-ham-[^/]*$"))
        with pytest.raises(NotFound, match="was not found or is not ready"):
            await provider.issue(busy)
    assert sim.stackit.mints() == 0


async def test_a_dead_service_costs_the_mint_its_certainty(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        wish = await order(provider, "demo", "token", TEN_MINUTES)
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=503, path="/token$", times=1))
        with pytest.raises(OutcomeUnknown, match="503"):
            await provider.issue(wish)


@pytest.mark.parametrize("kind", ["token", "kubeconfig"])
async def test_the_end_is_read_from_the_credential(
    sim: Simulator, tmp_path: Path, kind: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        issued = await provider.issue(await order(provider, "demo", kind, TEN_MINUTES))
    assert issued.end_source is EndSource.CREDENTIAL
    mint = sim.world.stackit.mints[-1]
    assert mint.token in issued.secret.reveal()
    assert issued.ends_at is not None
    assert abs(issued.ends_at - issued.made_at - TEN_MINUTES) < timedelta(seconds=5)
    assert issued.remote_id
    assert issued.facts[0][0] == "subject"


async def opaque(
    sim: Simulator, folder: Path, kind: str, body: object
) -> tuple[Issued, Verification]:
    """Make a credential at a server that answers with a given body."""
    normal = connection_to(sim, folder)
    async with connected(normal) as provider:
        wish = await order(provider, "demo", kind, TEN_MINUTES)
    async with FaultServer(reply(body=json.dumps(body).encode())) as server:
        endpoints = normal.settings["endpoints"]
        assert isinstance(endpoints, dict)
        endpoints = {**endpoints, "edge": server.url}
        async with connected(connection_to(sim, folder, endpoints=endpoints)) as provider:
            issued = await provider.issue(wish)
            return issued, await provider.verify(issued)


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("token", {"token": "opaque-token"}, "does not accept it"),
        ("kubeconfig", {"kubeconfig": {"kind": "Config"}}, "signs in without a token"),
    ],
)
async def test_an_end_that_is_not_to_be_read_is_computed(
    sim: Simulator, tmp_path: Path, kind: str, body: object, words: str
) -> None:
    before = datetime.now(UTC)
    issued, checked = await opaque(sim, tmp_path, kind, body)
    assert issued.end_source is EndSource.COMPUTED
    assert issued.ends_at is not None
    assert before + TEN_MINUTES <= issued.ends_at <= datetime.now(UTC) + TEN_MINUTES
    assert words in checked.sentence


async def test_a_kubeconfig_as_text_is_kept_for_the_user(sim: Simulator, tmp_path: Path) -> None:
    with pytest.raises(BadAnswer, match="no object where kubeconfig") as caught:
        await opaque(sim, tmp_path, "kubeconfig", {"kubeconfig": "apiVersion: v1"})
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw == Secret('{"kubeconfig": "apiVersion: v1"}')


async def test_a_lifetime_without_a_duration_is_refused_before_anything_is_sent(
    sim: Simulator, tmp_path: Path
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        wish = await order(provider, "demo", "token", TEN_MINUTES)
        with pytest.raises(Refused):
            await provider.issue(replace(wish, term=Term(None, None)))
    assert sim.requests.count(path_part="/token") == 1, "only the sign-in"


async def all_of(pages: AsyncIterator[Page[Instance]]) -> tuple[list[Instance], list[str]]:
    items: list[Instance] = []
    failed: list[str] = []
    async for page in pages:
        items += page.items
        failed += [error.sentence for error in page.failed]
    return items, failed


async def test_one_dead_place_is_one_failure_that_names_it(sim: Simulator, tmp_path: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=500, path="/regions/eu02/instances$"))
    async with connected(connection_to(sim, tmp_path)) as provider:
        items, failed = await all_of(provider.instances())
    edges = {item.name for item in items if item.noun == "edge"}
    assert edges == {"demo", "edge-muc", "edge-old"}
    assert len(failed) == 2
    assert sorted("ops-prod in eu02" in one for one in failed) == [False, True]
    assert sorted("ops-dev in eu02" in one for one in failed) == [False, True]


async def test_a_project_without_the_service_says_so_in_the_servers_words(
    sim: Simulator, tmp_path: Path
) -> None:
    other = next(p for p in sim.world.stackit.projects.values() if not p.edge_enabled)
    only = connection_to(sim, tmp_path, projects={other.name: other.id})
    async with connected(only) as provider:
        items, failed = await all_of(provider.instances())
    assert not items
    assert all(other.name in one and "(" in one for one in failed)


async def test_a_sign_in_that_fails_is_one_failure(sim: Simulator, tmp_path: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=403, path="/service-account/token$"))
    async with connected(connection_to(sim, tmp_path)) as provider:
        items, failed = await all_of(provider.instances())
        assert not items
        assert len(failed) == 1
        assert "cannot sign in as edge-admin" in failed[0]
        with pytest.raises(NotSignedIn):
            await provider.identity()


async def test_lists_run_side_by_side_within_the_limit(tmp_path: Path) -> None:
    with start_simulator("rows:100") as sim:
        regions = tuple(f"eu{number:02}" for number in range(1, 21))
        sim.faults.latency_s = 0.05
        async with connected(connection_to(sim, tmp_path, regions=regions)) as provider:
            items, _ = await all_of(provider.instances())
    assert sum(item.noun == "edge" for item in items) == 100
    assert len({item.id for item in items}) == len(items)
    assert 1 < sim.requests.most_in_flight()["stackit"] <= SIDE_BY_SIDE


async def test_a_refused_access_token_is_renewed_for_a_list(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        await provider.identity()
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=401, path="/instances$", times=1))
        await provider.identity()
    assert sim.requests.count(path_part="/service-account/token") == 2


async def test_other_ways_to_sign_in_work_too(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = sim.world.stackit.key_of(may_write=True).identity
    monkeypatch.setenv("STACKIT_TEST_TOKEN", sim.stackit.tokens.issue(identity).access_token)
    auth = AuthSettings("env", {"variable": "STACKIT_TEST_TOKEN"})
    async with connected(connection_to(sim, tmp_path, auth=auth)) as provider:
        assert (await provider.identity()).name == identity.email
        assert (await find(provider, "demo")).name == "demo"


async def test_a_token_is_not_sent_where_no_api_server_is_known(
    sim: Simulator, tmp_path: Path
) -> None:
    normal = connection_to(sim, tmp_path)
    endpoints = normal.settings["endpoints"]
    assert isinstance(endpoints, dict)
    template = {**endpoints, "edge_kubernetes": "https://{host}:6443"}
    async with connected(connection_to(sim, tmp_path, endpoints=template)) as provider:
        issued = await provider.issue(await order(provider, "demo", "token", TEN_MINUTES))
        assert isinstance(issued.target, Instance)
        hidden = replace(issued, target=replace(issued.target, ui_url=""))
        checked = await provider.verify(hidden)
    assert checked.ok is None
    assert "not known" in checked.sentence


def test_a_profile_that_cannot_work_is_refused_when_it_is_connected(
    sim: Simulator, tmp_path: Path
) -> None:
    for auth in (
        AuthSettings("service-account-key", {}),
        AuthSettings("service-account-key", {"path": "x", "token_url": "http://far.example"}),
        AuthSettings("magic", {}),
    ):
        with pytest.raises(ConfigError):
            connect(connection_to(sim, tmp_path, auth=auth))


async def test_many_orders_make_many_credentials(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        wish = await order(provider, "demo", "token", TEN_MINUTES)
        made = await asyncio.gather(*(provider.issue(wish) for _ in range(10)))
    assert len({issued.remote_id for issued in made}) == 10
    assert sim.stackit.mints() == 10
