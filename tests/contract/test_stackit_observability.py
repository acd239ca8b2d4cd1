"""STACKIT Observability through our adapter: instances, technical users, addresses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from fault_server import FaultServer, close, reply
from simulator_fixtures import start_simulator
from stackit_connection import (
    READER_KEY,
    connected,
    connection_to,
    credentials_of,
    find,
    offer_of,
    usual_order,
)
from tokentui.domain.errors import BadAnswer, Forbidden, Outcome, OutcomeUnknown
from tokentui.domain.model import CredentialId, InstanceState, Issued
from tokentui.domain.secret import Secret
from tokentui.simulator.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.simulator.server import Simulator

GRAFANA_PASSWORD = "grafana-admin-password-canary-01234567"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


def endpoints_with(sim: Simulator, folder: Path, **changes: str) -> dict[str, str]:
    normal = connection_to(sim, folder).settings["endpoints"]
    assert isinstance(normal, dict)
    return {**normal, **changes}


async def test_a_uuid_is_taken_from_whichever_field_has_it(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        stage = await find(provider, "obs-stage")
        real = sim.world.stackit.observability.named("obs-stage")
        assert real.listed_id == "obs-stage"
        assert stage.native_id == real.id
        assert len(await credentials_of(provider, stage)) == len(real.users)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("CREATING", InstanceState.BUSY),
        ("CREATE_SUCCEEDED", InstanceState.ACTIVE),
        ("CREATE_FAILED", InstanceState.FAILED),
        ("UPDATING", InstanceState.BUSY),
        ("UPDATE_SUCCEEDED", InstanceState.ACTIVE),
        ("UPDATE_FAILED", InstanceState.FAILED),
        ("DELETING", InstanceState.ENDING),
        ("DELETE_FAILED", InstanceState.FAILED),
        ("HIBERNATED", InstanceState.OTHER),
    ],
)
async def test_every_state_is_shown_and_an_unknown_one_verbatim(
    sim: Simulator, tmp_path: Path, status: str, state: InstanceState
) -> None:
    sim.world.stackit.observability.named("obs-prod").status = status
    async with connected(connection_to(sim, tmp_path)) as provider:
        instance = await find(provider, "obs-prod")
        assert (instance.state, instance.state_text) == (state, status)
        offer = await offer_of(provider, instance, "user")
        assert bool(offer.impossible) == (status in {"CREATING", "CREATE_FAILED", "DELETING"})


async def test_what_is_deleted_is_left_out(sim: Simulator, tmp_path: Path) -> None:
    sim.world.stackit.observability.named("obs-prod").status = "DELETE_SUCCEEDED"
    async with connected(connection_to(sim, tmp_path)) as provider:
        names = [one.name async for page in provider.instances() for one in page.items]
    assert "obs-prod" not in names
    assert "obs-stage" in names


async def test_users_are_listed_though_the_answer_is_a_201(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        users = await credentials_of(provider, await find(provider, "obs-prod"))
    assert [one.description for one in users] == ["otel-push", "grafana-read"]
    assert all(one.ends_at is None and one.made_at is None for one in users)


@pytest.mark.parametrize("description", ["", "otel collector", "x" * 1000])
async def test_an_empty_description_is_left_out(
    sim: Simulator, tmp_path: Path, description: str
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        prod = await find(provider, "obs-prod")
        wish = await usual_order(provider, prod, "user", description=description)
        issued = await provider.issue(wish)
        listed = {str(one.id): one for one in await credentials_of(provider, prod)}
    assert listed[issued.remote_id].description == description
    assert issued.name == issued.remote_id
    assert issued.ends_at is None


async def test_a_new_user_may_push_and_query_until_it_is_deleted(
    sim: Simulator, tmp_path: Path
) -> None:
    connection = connection_to(sim, tmp_path)
    real = sim.world.stackit.observability.named("obs-prod")
    async with connected(connection) as provider:
        prod = await find(provider, "obs-prod")
        issued = await provider.issue(await usual_order(provider, prod, "user"))
        pair = (issued.name, issued.secret.reveal())
        push = real.urls["pushMetricsUrl"]
        async with httpx.AsyncClient(verify=False, trust_env=False, auth=pair) as client:  # noqa: S501  # the simulator's own authority
            assert (await client.post(push, content=b"x")).is_success
            (user,) = [one for one in await credentials_of(provider, prod) if one.id == pair[0]]
            await provider.revoke(user)
            assert (await client.post(push, content=b"x")).status_code == 401


async def test_addresses_are_told_apart_by_what_they_are_for(
    sim: Simulator, tmp_path: Path
) -> None:
    real = sim.world.stackit.observability.named("obs-prod")
    async with connected(connection_to(sim, tmp_path)) as provider:
        details = await provider.details(await find(provider, "obs-prod"))
    group_of = {one.value: one.group for one in details}
    assert group_of[real.urls["pushMetricsUrl"]] == "ingest"
    assert group_of[real.urls["logsPushUrl"]] == "ingest"
    assert group_of[real.urls["metricsUrl"]] == "query"
    assert group_of[real.urls["grafanaUrl"]] == "front ends"
    assert any(one.group == "management" for one in details)
    assert set(real.urls.values()) <= set(group_of)
    grpc = real.urls["otlpGrpcTracesUrl"]
    assert "://" not in grpc
    assert grpc in group_of, "host and port of gRPC stay as they are"


async def test_the_password_of_the_grafana_admin_goes_nowhere(
    sim: Simulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sim.world.stackit.observability.named("obs-prod").admin_password = GRAFANA_PASSWORD
    caplog.set_level(0)
    async with connected(connection_to(sim, tmp_path)) as provider:
        prod = await find(provider, "obs-prod")
        details = await provider.details(prod)
        (offer,) = await provider.offers(prod)
        recipes = await provider.recipes(offer.kind, prod)
    assert GRAFANA_PASSWORD not in f"{details!r}{recipes!r}{caplog.text}"
    (admin,) = [one for one in details if one.label == "Grafana admin"]
    assert "masked" in admin.value


async def made(sim: Simulator, folder: Path) -> Issued:
    async with connected(connection_to(sim, folder)) as provider:
        prod = await find(provider, "obs-prod")
        return await provider.issue(await usual_order(provider, prod, "user"))


@pytest.mark.parametrize("url", ["http://far.example/x", "javascript:x", "host:443", "", None])
async def test_a_password_is_sent_to_a_safe_address_only(
    sim: Simulator, tmp_path: Path, url: str | None
) -> None:
    issued = await made(sim, tmp_path)
    answer = {"instance": {} if url is None else {"metricsUrl": url}}
    async with FaultServer(reply(body=json.dumps(answer).encode())) as server:
        endpoints = endpoints_with(sim, tmp_path, observability=server.url)
        async with connected(connection_to(sim, tmp_path, endpoints=endpoints)) as provider:
            checked = await provider.verify(issued)
        assert len(server.requests) == 1
    assert checked.ok is None
    assert "could not be checked" in checked.sentence


async def test_a_look_that_fails_is_no_verdict(sim: Simulator, tmp_path: Path) -> None:
    issued = await made(sim, tmp_path)
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=403, path="/observability/v1/.*/instances/"))
    async with connected(connection_to(sim, tmp_path)) as provider:
        checked = await provider.verify(issued)
    assert checked.ok is None


async def test_a_reader_is_told_which_right_is_missing(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, key_file=READER_KEY)) as provider:
        prod = await find(provider, "obs-prod")
        (first, *_) = await credentials_of(provider, prod)
        wish = await usual_order(provider, prod, "user")
        for call in (provider.issue(wish), provider.revoke(first)):
            with pytest.raises(Forbidden, match="technical user") as caught:
                await call
            assert "argus.instance.update" in caught.value.next_step
            assert "sign-in itself is fine" in caught.value.next_step
            assert caught.value.trace_id


async def test_names_are_encoded_in_paths(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        prod = await find(provider, "obs-prod")
        user = replace(
            (await credentials_of(provider, prod))[0], id=CredentialId("a/b@c%2e?d#e"), name="odd"
        )
    async with FaultServer(reply()) as server:
        endpoints = endpoints_with(sim, tmp_path, observability=server.url)
        async with connected(connection_to(sim, tmp_path, endpoints=endpoints)) as provider:
            await provider.revoke(user)
    (request,) = server.requests
    assert request.path.endswith("/credentials/a%2Fb%40c%252e%3Fd%23e")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credentials": []},
        {"credentials": {"username": "x"}},
        {"credentials": {"username": "x", "password": ""}},
        {"credentials": {"username": "a:b", "password": "canary-password"}},
        {"credentials": {"username": "a\x1b", "password": "canary-password"}},
    ],
)
async def test_a_new_user_that_cannot_be_read_keeps_the_answer(
    sim: Simulator, tmp_path: Path, body: Mapping[str, SettingValue]
) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        wish = await usual_order(provider, await find(provider, "obs-prod"), "user")
    text = json.dumps(body)
    async with FaultServer(reply(201, text.encode())) as server:
        endpoints = endpoints_with(sim, tmp_path, observability=server.url)
        async with connected(connection_to(sim, tmp_path, endpoints=endpoints)) as provider:
            with pytest.raises(BadAnswer) as caught:
                await provider.issue(wish)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw == Secret(text)
    assert "canary" not in str(caught.value)


async def test_a_lost_answer_to_a_deletion_is_said(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path)) as provider:
        (user, *_) = await credentials_of(provider, await find(provider, "obs-prod"))
    async with FaultServer(close) as server:
        endpoints = endpoints_with(sim, tmp_path, observability=server.url)
        async with connected(connection_to(sim, tmp_path, endpoints=endpoints)) as provider:
            with pytest.raises(OutcomeUnknown, match="delete the technical user"):
                await provider.revoke(user)
        assert len(server.requests) == 1


async def test_a_service_that_is_not_enabled_is_one_failure(sim: Simulator, tmp_path: Path) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=404, path="/edge/.*/instances$"))
    async with connected(connection_to(sim, tmp_path)) as provider:
        assert (await provider.identity()).name
        pages = [page async for page in provider.instances()]
    assert "obs-prod" in [one.name for page in pages for one in page.items]
    assert all("Edge" in error.message for page in pages for error in page.failed)


@pytest.mark.parametrize(
    ("services", "nouns"),
    [
        (("observability",), {"obs"}),
        (("edge",), {"edge"}),
        (("service-accounts",), set()),
    ],
)
async def test_a_profile_shows_the_services_that_it_names(
    sim: Simulator, tmp_path: Path, services: tuple[str, ...], nouns: set[str]
) -> None:
    async with connected(connection_to(sim, tmp_path, services=services)) as provider:
        assert (await provider.identity()).name
        pages = [page async for page in provider.instances()]
        accounts = [one async for page in provider.accounts() for one in page.items]
        offers = await provider.account_offers()
    assert {one.noun for page in pages for one in page.items} == nouns
    assert bool(accounts) == bool(offers) == ("service-accounts" in services)
