"""What a token is in the end: for which account, how long, for whom, bound to what."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kubernetes_connection import account_named, connected, connection_to, listed, order
from simulator_fixtures import start_simulator
from tokentui.domain.errors import NotFound, Outcome
from tokentui.domain.jwt import claims
from tokentui.domain.model import Order
from tokentui.providers.kubernetes import wire
from tokentui.providers.kubernetes.provider import Kubernetes
from tokentui.simulator.clock import SimClock
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubernetes.resources import SECRETS
from tokentui.simulator.kubernetes.tokens import ISSUER
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import failure_of
from traffic import Traffic

ACCOUNT = "/serviceaccounts/deployer$"
MINT = "/serviceaccounts/[^/]+/token$"
HOUR_S = 3600


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubernetes]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


async def make_anew(provider: Kubernetes) -> None:
    await provider.delete_account(await account_named(provider))
    (offer,) = await provider.account_offers()
    await provider.create_account(offer, {"name": "deployer", "namespace": "build"})


def hide_account(sim: Simulator) -> None:
    """Let nobody look at the account, though tokens may be made for it."""
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=403, method="GET", path=ACCOUNT))


@pytest.mark.parametrize("kind", ["token", "revocable-token", "kubeconfig"])
async def test_trap_12_no_token_for_an_account_that_only_has_the_name(
    sim: Simulator, provider: Kubernetes, kind: str
) -> None:
    wish = await order(provider, kind)
    before = len(list(sim.world.kubernetes.lab.store.all(SECRETS)))
    await make_anew(provider)
    error = await failure_of(provider.issue(wish))
    assert isinstance(error, NotFound)
    assert error.outcome is Outcome.REFUSED
    assert "was deleted and made anew since it was listed" in error.message
    assert sim.kubernetes.mints() == 0
    assert len(list(sim.world.kubernetes.lab.store.all(SECRETS))) <= before, "no anchor is left"


async def test_an_account_that_is_gone_gets_no_token(provider: Kubernetes) -> None:
    wish = await order(provider)
    await provider.delete_account(await account_named(provider))
    error = await failure_of(provider.issue(wish))
    assert isinstance(error, NotFound)
    assert error.outcome is Outcome.REFUSED


@pytest.mark.parametrize("context", ["lab", "old"])
async def test_trap_12_a_token_of_a_new_account_is_kept_and_told(
    sim: Simulator, tmp_path: Path, context: str
) -> None:
    """Who may not look at the account sees it by the answer, or by the token of an old server."""
    async with connected(connection_to(sim, tmp_path, context)) as provider:
        wish = await order(provider)
        await make_anew(provider)
        hide_account(sim)
        issued = await provider.issue(wish)
        (note,) = issued.notes
        checked = await provider.verify(issued)
    about = (claims(issued.secret.reveal()) or {})["kubernetes.io"]
    assert isinstance(about, dict)
    assert about["serviceaccount"]["uid"] in note
    assert "it is for a new account of this name: build/deployer" in note
    assert checked.ok is False
    assert "a new account of that name" in checked.sentence


async def test_who_may_not_look_at_the_account_gets_its_token(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider)
    hide_account(sim)
    issued = await provider.issue(wish)
    assert issued.notes == ()
    assert (await provider.verify(issued)).ok is True


@pytest.mark.parametrize(
    ("granted_s", "notes"),
    [
        (HOUR_S, ()),
        (HOUR_S - 1, ("its life was shortened: asked for 1h, granted 59m 59s",)),
        (int(HOUR_S * 0.95), ("its life was shortened: asked for 1h, granted 57m",)),
        (2 * HOUR_S, ()),
    ],
)
@pytest.mark.parametrize("context", ["lab", "old"])
async def test_trap_1_a_shortened_life_is_told_to_the_second(
    sim: Simulator, tmp_path: Path, context: str, granted_s: int, notes: tuple[str, ...]
) -> None:
    for cluster in (sim.world.kubernetes.lab, sim.world.kubernetes.old):
        cluster.switches.max_token_seconds = granted_s
    async with connected(connection_to(sim, tmp_path, context)) as provider:
        issued = await provider.issue(await order(provider))
    assert issued.notes == notes


@pytest.mark.parametrize("off", [timedelta(minutes=-20), timedelta(minutes=20)])
async def test_trap_14_a_clock_that_is_off_shortens_nothing(tmp_path: Path, off: timedelta) -> None:
    with start_simulator(clock=SimClock(datetime.now(UTC) + off)) as sim:
        async with connected(connection_to(sim, tmp_path)) as provider:
            issued = await provider.issue(await order(provider))
    assert issued.notes == ()
    assert "clocks" in dict(issued.facts)


async def test_trap_10_a_token_for_the_server_and_others_is_tried(provider: Kubernetes) -> None:
    issued = await provider.issue(await order(provider, audiences=("vault", ISSUER)))
    checked = await provider.verify(issued)
    assert checked.ok is True
    assert "accepts it as system:serviceaccount:build:deployer" in checked.sentence


async def test_trap_10_what_was_not_asked_is_not_claimed(
    provider: Kubernetes, traffic: Traffic
) -> None:
    issued = await provider.issue(await order(provider, audiences=("vault", "kubernetes-vault")))
    before = len(traffic.sent)
    checked = await provider.verify(issued)
    assert checked.ok is None
    assert "refuses" not in checked.sentence
    assert len(traffic.sent) == before


@pytest.mark.parametrize("name", ["a" * 199 + "." + "b" * 40, "a" * 199 + "-" + "b" * 40])
async def test_a_long_name_of_an_account_gives_its_anchor_a_name(
    provider: Kubernetes, name: str
) -> None:
    (offer,) = await provider.account_offers()
    await provider.create_account(offer, {"name": name, "namespace": "build"})
    issued = await provider.issue(await order(provider, "revocable-token", f"build/{name}"))
    assert re.fullmatch(wire.SUBDOMAIN, issued.name)
    assert issued.name in await listed(provider, f"build/{name}")


async def test_trap_8_a_refusal_that_quotes_the_request_is_shown_and_not_logged(
    sim: Simulator, provider: Kubernetes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wish: Order = await order(provider, description="for acme's nightly build")
    message = 'json: cannot unmarshal "acme\\u001b[31m" into Go struct field'
    body = json.dumps({"kind": "Status", "reason": "BadRequest", "message": message, "code": 400})
    sim.faults.add(
        Fault(kind=FaultKind.STATUS, status=400, method="POST", path=MINT, body=body, times=1)
    )
    error = await failure_of(provider.issue(wish))
    assert "cannot unmarshal" in error.message
    assert "\x1b" not in error.sentence
    assert "acme" not in caplog.text
