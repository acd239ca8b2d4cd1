"""The adapter uses these operations of the vendor's descriptions, and asks by these parameters."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from described import DESCRIPTIONS, description
from described_check import used
from described_stackit import STACKIT
from fault_server import FaultServer, reply
from simulator_fixtures import start_simulator
from stackit_connection import (
    connected,
    connection_to,
    credentials_of,
    find,
    find_account,
    order,
    usual_order,
)
from tokentui.domain.errors import NotFound
from tokentui.domain.lifetime import Term
from tokentui.providers.base import Suggests
from tokentui.providers.stackit import PROVIDER

if TYPE_CHECKING:
    from pathlib import Path

    from described import Operation
    from fault_server import Received
    from tokentui.domain.model import Account
    from tokentui.providers.stackit.provider import Stackit
    from traffic import Traffic

EDGE = "stackit/edge.v1beta1.json"
pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)
USED = {
    "/stackit/edge": {
        "ListInstances",
        "get-token-by-instance-id",
        "get-kubeconfig-by-instance-id",
    },
    "/stackit/observability": {
        "ListInstances",
        "GetInstance",
        "ListCredentials",
        "CreateCredentials",
        "DeleteCredentials",
    },
    "/stackit/service-account": {
        "ListServiceAccounts",
        "CreateServiceAccount",
        "DeleteServiceAccount",
        "ListServiceAccountKeys",
        "CreateServiceAccountKey",
        "PartialUpdateServiceAccountKey",
        "DeleteServiceAccountKey",
        "ListAccessTokens",
        "CreateAccessToken",
        "DeleteAccessToken",
        "CreateShortLivedAccessToken",
    },
    "/stackit/resource-manager": {"ListProjects"},
}


async def use_everything(provider: Stackit) -> None:
    """Use every verb of the adapter once."""
    await provider.identity()
    demo, prod = await find(provider, "demo"), await find(provider, "obs-prod")
    for target, kind in ((demo, "token"), (demo, "kubeconfig"), (prod, "user")):
        issued = await provider.issue(await usual_order(provider, target, kind))
        await provider.verify(issued)
        await provider.details(target)
        await provider.recipes(issued.kind, target)
    await provider.issue(await usual_order(provider, prod, "user", description="otel"))
    for user in await credentials_of(provider, prod):
        await provider.revoke(user)
    offer = (await provider.account_offers())[0]
    account = await provider.create_account(offer, {"name": "ci-bot"})
    await use_keys(provider, account)
    await provider.delete_account(await find_account(provider, "ci-bot"))


async def use_keys(provider: Stackit, account: Account) -> None:
    for kind in ("key", "access-token"):
        await credentials_of(provider, account)
        issued = await provider.issue(await usual_order(provider, account, kind))
        await provider.verify(issued)
        await provider.details(account)
        for one in await credentials_of(provider, account):
            if kind == "key":
                await provider.set_active(one, False)
                await provider.move_end(one, Term(None, None))
            await provider.revoke(one)


async def test_every_verb_uses_what_is_described(tmp_path: Path, traffic: Traffic) -> None:
    with start_simulator() as sim:
        sim.world.stackit.accounts.legacy_on = True
        connection = connection_to(sim, tmp_path, legacy_tokens=True)
        assert isinstance(PROVIDER, Suggests)
        await PROVIDER.suggest(connection, "project_id")
        async with connected(connection) as provider:
            await use_everything(provider)
    assert used(STACKIT, traffic) == USED


ANSWER = {
    "access_token": "a.b.c",
    "expires_in": 3600,
    "instances": [],
    "token": "a.b.c",
    "kubeconfig": {"kind": "Config"},
    "status": "reconciling",
}


async def requests_of_everything(folder: Path, lifetime: timedelta) -> list[Received]:
    """Use every call of the adapter against a server that records them."""
    fine = reply(body=json.dumps(ANSWER).encode())
    mints_that_work = [fine] * 4
    async with FaultServer(*mints_that_work, reply(404), fine) as server:
        with start_simulator() as sim:
            async with connected(connection_to(sim, folder)) as provider:
                token = await order(provider, "demo", "token", lifetime)
                kubeconfig = await order(provider, "demo", "kubeconfig", lifetime)
            endpoints = {"edge": server.url, "token": f"{server.url}/token"}
            recorded = connection_to(sim, folder, endpoints=endpoints, services=("edge",))
        async with connected(recorded) as provider:
            await provider.identity()
            await provider.issue(token)
            await provider.issue(kubeconfig)
            with pytest.raises(NotFound, match="reconciling"):
                await provider.issue(token)
    return server.requests


def operation_of(file: str, request: Received) -> Operation:
    """Find the operation of a request in a description."""
    found = description(file).operation(request.method, urlsplit(request.path).path)
    assert found is not None, f"{request.method} {request.path} is not described"
    return found[0]


@pytest.mark.parametrize("seconds", [600, 3600, 15_552_000])
async def test_every_request_is_described(tmp_path: Path, seconds: int) -> None:
    requests = await requests_of_everything(tmp_path, timedelta(seconds=seconds))
    signing_in, *edge = requests
    assert [operation_of(EDGE, request).name for request in edge] == [
        "ListInstances",
        "get-token-by-instance-id",
        "get-kubeconfig-by-instance-id",
        "get-token-by-instance-id",
        "get-instance",
    ]
    sent = [parse_qs(urlsplit(request.path).query) for request in edge]
    assert sent[1:3] == [{"expirationSeconds": [str(seconds)]}] * 2, "never left to a default"
    assert all(request.headers["authorization"] == "Bearer a.b.c" for request in edge)
    assert "authorization" not in signing_in.headers


async def test_signing_in_is_described(tmp_path: Path) -> None:
    requests = await requests_of_everything(tmp_path, timedelta(minutes=10))
    operation = operation_of("stackit/service-account.v2.json", requests[0])
    assert [requests[0].headers["content-type"]] == list(operation.request)
    assert {name for name, _ in parse_qsl(requests[0].body.decode())} == {"grant_type", "assertion"}
