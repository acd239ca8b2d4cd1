"""What Cloudfleet lists and says: the organization, clusters, odd lists, words of errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloudfleet_connection import connected, connection_to, instances, listed, the_organization
from simulator_fixtures import start_simulator
from tokentui.domain.errors import BadAnswer, NotFound, ProviderError, RateLimited
from tokentui.domain.model import Credential, InstanceState, Page
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.provider import Cloudfleet
from tokentui.providers.cloudfleet.wire import error_text
from tokentui.simulator.cloudfleet.dialect import OTHER, ErrorShape
from tokentui.simulator.cloudfleet.dialect_change import changed
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import assert_clean, pages_of

LIST = "/v1/tokens$"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
def world(sim: Simulator) -> CloudfleetWorld:
    return sim.world.cloudfleet


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Cloudfleet]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def answers(sim: Simulator, path: str, body: object) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=path, status=200, body=json.dumps(body)))


async def tokens_of(sim: Simulator, provider: Cloudfleet, body: object) -> Page[Credential]:
    organization = await the_organization(provider)
    answers(sim, LIST, body)
    (page,) = [page async for page in provider.credentials(organization)]
    return page


@pytest.mark.parametrize("dialect", [None, OTHER], ids=["guess", "other"])
async def test_the_organization_and_its_clusters_are_shown(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path, dialect: object
) -> None:
    if dialect is OTHER:
        world.dialect = OTHER
    async with connected(connection_to(sim, tmp_path)) as provider:
        found = await instances(provider)
    organization = found.pop(world.organization.name)
    assert organization.noun == about.ORGANIZATION == about.ABOUT.instance_noun
    assert organization.native_id == world.organization.id
    assert organization.created_at is not None
    assert {one.noun for one in found.values()} == {"CFKE cluster"}
    assert {name: (one.state, one.state_text) for name, one in found.items()} == {
        "shop-prod": (InstanceState.ACTIVE, "deployed"),
        "shop-stage": (InstanceState.BUSY, "updating"),
        "shop-next": (InstanceState.BUSY, "creating"),
        "lab": (InstanceState.OTHER, "disabled"),
    }
    prod = found["shop-prod"]
    assert (prod.region, prod.plan) == ("europe-central-1a", "pro")
    assert prod.id == f"{organization.id}/clusters/{prod.native_id}"


async def test_tokens_are_made_for_the_organization_alone(provider: Cloudfleet) -> None:
    cluster = (await instances(provider))["shop-prod"]
    assert await provider.offers(cluster) == ()
    assert [page async for page in provider.credentials(cluster)] == []
    assert await provider.recipes(about.API_TOKEN, cluster) == ()
    assert (await pages_of(provider.accounts()))[0] == []
    assert "roles of their own" in about.ABOUT.without_accounts


async def test_details_tell_what_the_lists_do_not(
    world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    found = await instances(provider)
    told = {
        (one.group, one.label): one.value
        for one in await provider.details(found[world.organization.name])
    }
    assert told["Can be ordered", "regions"] == "europe-central-1a, northamerica-central-1"
    assert told["Can be ordered", "versions"] == "1.x.x-cfke.x, 1.34.x-cfke.x"
    assert told["Registry", "apac"] == f"{world.organization.id}.apac.registry.cloudfleet.dev"
    prod = found["shop-prod"]
    of_prod = {one.label: one.value for one in await provider.details(prod)}
    assert of_prod["API server"] == world.cluster_url(prod.native_id)
    assert (of_prod["version"], of_prod["channel"]) == ("1.34.2", "1.x.x-cfke.x")


async def test_trap_13_no_billing_data_is_no_missing_right(
    world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    world.has_billing_data = False
    assert (await provider.identity()).may_issue is True
    organization = await the_organization(provider)
    (offer,) = await provider.offers(organization)
    assert offer.impossible == ""
    told = {one.label: one.value for one in await provider.details(organization)}
    assert "no billing data" in told["now"]
    assert "regions" not in told


async def test_one_list_that_fails_leaves_the_other(sim: Simulator, provider: Cloudfleet) -> None:
    for path in ("/v1/clusters$", "/v1/organization$"):
        number = sim.faults.add(Fault(kind=FaultKind.STATUS, path=path, status=404, body="{}"))
        found, failed = await pages_of(provider.instances())
        assert found
        (error,) = failed
        assert isinstance(error, NotFound)
        assert "not confirmed by the vendor's documentation" in error.next_step
        sim.faults.remove(number)


@pytest.mark.parametrize("envelope", ["", "items", "tokens"])
async def test_a_list_may_be_bare_or_in_an_object(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet, envelope: str
) -> None:
    world.dialect = changed(world.dialect, {"envelope": envelope})
    assert OWN_TOKEN in await listed(provider)


@pytest.mark.parametrize("body", [None, 7, "x", {}, {"a": [], "b": []}, {"a": 1}])
async def test_what_is_no_list_is_a_bad_answer(
    sim: Simulator, provider: Cloudfleet, body: object
) -> None:
    page = await tokens_of(sim, provider, body)
    (error,) = page.failed
    assert isinstance(error, BadAnswer)
    assert "is no list and no object that holds one list" in error.message
    assert "wire" in error.next_step


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (7, "is no object"),
        ({"name": "x"}, "has no id or token_id or access_token_id"),
        ({"id": 7}, "has no text in the field id"),
        ({"id": "a/b"}, "which is no id"),
        ({"id": ".."}, "which is no id"),
        ({"id": "a\x1bb"}, "which is no id"),
        ({"id": "x", "role": ["User"]}, "has no text in the field role"),
        ({"id": "x", "display_name": 7}, "has no text in the field display_name"),
        ({"id": "x", "created_at": 1700000000}, "has no text in the field created_at"),
    ],
)
async def test_a_row_that_does_not_fit_is_one_failure_beside_the_others(
    sim: Simulator, provider: Cloudfleet, row: object, why: str
) -> None:
    page = await tokens_of(sim, provider, [row, {"id": "good", "unknown": {"x": 1}}])
    assert [one.name for one in page.items] == ["good"]
    (error,) = page.failed
    assert "has 1 of 2 rows that do not fit: one" in error.message
    assert why in error.message
    assert_clean(error)


ODD_KEYS = {"uuid": "s3cret-value", "credentials": [], "5tGq8ZxWbRk3NvPyLm7HcD": 1, "\x1b": 1}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (7, "it is a number"),
        (True, "it is a truth value"),
        ("s3cret-value", "it is a text"),
        (None, "it is null"),
        ({}, "it is an empty object"),
        (ODD_KEYS | {"items": []}, "it is an object with uuid, credentials, items, 2 more"),
        ([ODD_KEYS], "it is an object with uuid, credentials, 2 more"),
        ([[1, 2]], "it is a list of 2"),
        ([dict.fromkeys("abcdefghijklmn")], "with a, b, c, d, e, f, g, h, i, j, k, l, 2 more"),
    ],
)
async def test_trap_1_what_does_not_fit_tells_its_shape_and_no_value(
    sim: Simulator, provider: Cloudfleet, body: object, told: str
) -> None:
    """Who sets the names of the profile's `wire` needs to know those of the answer."""
    (error,) = (await tokens_of(sim, provider, body)).failed
    assert told in error.message
    assert "s3cret" not in error.sentence
    assert "5tGq8" not in error.sentence
    assert_clean(error)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-02T09:15:30Z", datetime(2026, 11, 2, 9, 15, 30, tzinfo=UTC)),
        ("2026-11-02T10:15:30.5+01:00", datetime(2026, 11, 2, 9, 15, 30, 500_000, tzinfo=UTC)),
        ("2026-11-02T09:15:30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
    ],
)
async def test_a_date_in_an_unknown_form_costs_no_row(
    sim: Simulator, provider: Cloudfleet, text: str, instant: datetime | None
) -> None:
    (one,) = (await tokens_of(sim, provider, [{"id": "x", "date_created": text}])).items
    assert one.made_at == instant


async def test_a_token_that_is_listed_twice_is_one(sim: Simulator, provider: Cloudfleet) -> None:
    page = await tokens_of(sim, provider, [{"id": "x"}, {"id": "x"}])
    assert [one.id for one in page.items] == ["x"]


@pytest.mark.parametrize("shape", list(ErrorShape))
async def test_the_server_s_words_are_found_in_every_shape(
    world: CloudfleetWorld, provider: Cloudfleet, shape: ErrorShape
) -> None:
    cluster = (await instances(provider))["shop-prod"]
    world.dialect = changed(world.dialect, {"error_shape": shape})
    del world.clusters[cluster.native_id]
    with pytest.raises(NotFound, match="Cluster not found"):
        await provider.details(cluster)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"title": "t", "detail": "d", "error": "e", "message": "m"}, "m"),
        ({"title": "t", "detail": "d", "error": "e"}, "e"),
        ({"title": "t", "detail": "d", "errors": ["x"]}, "d"),
        ({"title": "t"}, "t"),
        ({"errors": ["x", {"detail": "y"}, 7]}, "x; y"),
        ({"error": {"code": 7, "message": "inner"}}, "inner"),
        ({"message": 7, "error": ["x"]}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_words_of_an_error_have_an_order(body: object, words: str) -> None:
    assert error_text(body) == words


async def test_a_wish_to_wait_is_told(sim: Simulator, provider: Cloudfleet) -> None:
    organization = await the_organization(provider)
    headers = {"retry-after": "90"}
    sim.faults.add(Fault(kind=FaultKind.STATUS, path=LIST, status=429, body="{}", headers=headers))
    (page,) = [page async for page in provider.credentials(organization)]
    (error,) = page.failed
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 90


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.STATUS, status=401, body="{}"),
        Fault(kind=FaultKind.STATUS, status=403, body="{}"),
        Fault(kind=FaultKind.STATUS, status=404, body="{}"),
        Fault(kind=FaultKind.STATUS, status=500, body="{}"),
        Fault(kind=FaultKind.GARBAGE),
        Fault(kind=FaultKind.HALF),
        Fault(kind=FaultKind.CUT),
        Fault(kind=FaultKind.HOLD),
        Fault(kind=FaultKind.HUGE, size=3_000_000),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_a_read_that_fails_says_what_to_do(
    sim: Simulator, tmp_path: Path, fault: Fault
) -> None:
    async with connected(connection_to(sim, tmp_path, timeout_s=0.8)) as provider:
        found = await instances(provider)
        cluster = found["shop-prod"]
        sim.faults.add(fault)
        for read in (provider.identity, lambda: provider.details(cluster)):
            with pytest.raises(ProviderError) as caught:
                await read()
            assert caught.value.next_step
            assert_clean(caught.value)
