"""Secrets that come once: bare, in unknown shapes, lost, refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from cloudfleet_connection import (
    RENAMING,
    connected,
    connection_to,
    listed,
    order,
    the_organization,
)
from fault_server import Behaviour, FaultServer, Received, reply
from simulator_fixtures import start_simulator
from tokentui.domain.errors import BadAnswer, NotFound, Outcome, ProviderError
from tokentui.domain.model import Instance, InstanceId, Issued
from tokentui.providers.cloudfleet.provider import Cloudfleet
from tokentui.simulator.cloudfleet.dialect import ODD, OTHER
from tokentui.simulator.cloudfleet.seeds import ADMIN_TOKEN
from tokentui.simulator.cloudfleet.world import CloudfleetWorld
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

SECRET = "EXAMPLE-secret-not-real-0123456789"
NEW_ID = "8hKw2JfYpQs6TdUcVn4XeB"
MAY_BE_ID = ("secret", "may be the token's id: it came as a bare text, and no list tells")


def row(token_id: str, **fields: object) -> dict[str, object]:
    return {"id": token_id, "name": "ci", "role": "User", **fields}


def json_reply(body: object, status: int = 200) -> Behaviour:
    return reply(status, json.dumps(body).encode())


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


async def issue_at(
    sim: Simulator, folder: Path, *answers: Behaviour
) -> tuple[Issued, list[Received]]:
    """Make a token at a server that gives these answers."""
    async with connected(connection_to(sim, folder)) as provider:
        wish = await order(provider)
    async with FaultServer(*answers) as server:
        url = f"{server.url}/cloudfleet"
        connection = connection_to(sim, folder, url=url, auth_mode="basic")
        place = InstanceId(f"{url}/organizations/{connection.settings['organization_id']}")
        target = wish.offer.target
        assert isinstance(target, Instance)
        async with connected(connection) as provider:
            moved = replace(wish, offer=replace(wish.offer, target=replace(target, id=place)))
            return await provider.issue(moved), server.requests


async def test_a_bare_secret_is_followed_by_a_list_that_tells_its_id(
    sim: Simulator, world: CloudfleetWorld, tmp_path: Path
) -> None:
    """Trap 9: an answer may be a bare string; names may repeat."""
    world.dialect = OTHER
    async with connected(connection_to(sim, tmp_path)) as provider:
        made = [await provider.issue(await order(provider)) for _ in range(3)]
        assert len({one.remote_id for one in made}) == 3
        for one in made:
            token = world.token(one.remote_id)
            assert token is not None
            assert token.secret == one.secret.reveal()


async def test_trap_2_an_answer_in_an_unknown_shape_is_kept(
    sim: Simulator, world: CloudfleetWorld, provider: Cloudfleet
) -> None:
    world.dialect = ODD
    with pytest.raises(BadAnswer, match="has no secret or token_secret") as caught:
        await provider.issue(await order(provider, name="odd"))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert world.token_named("odd").secret in caught.value.raw.reveal()
    assert world.token_named("odd").secret not in caught.value.sentence
    credential = (await listed(provider))["odd"]
    with pytest.raises(BadAnswer) as caught:
        await provider.regenerate(credential)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert world.token_named("odd").secret in caught.value.raw.reveal()
    assert sim.cloudfleet.mints() == 2


@pytest.mark.parametrize(
    "body", [None, {}, [], 7, "", "a b", {"secret": 7}, {"secret": ""}, {"secret": "a\nb"}]
)
async def test_an_answer_without_a_secret_is_kept(
    sim: Simulator, tmp_path: Path, body: object
) -> None:
    with pytest.raises(BadAnswer) as caught:
        await issue_at(sim, tmp_path, json_reply([]), json_reply(body), json_reply([]))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert json.loads(caught.value.raw.reveal()) == body


async def test_a_bare_id_is_not_taken_for_a_secret(sim: Simulator, tmp_path: Path) -> None:
    """So the vendor answers when it makes a cluster (cloudfleet-plugin-claude 94912b0)."""
    answers = json_reply([]), json_reply(NEW_ID), json_reply([row(NEW_ID)])
    with pytest.raises(BadAnswer, match="the token's id where its secret should be") as caught:
        await issue_at(sim, tmp_path, *answers)
    assert caught.value.raw is not None


@pytest.mark.parametrize("after", [reply(500), reply(403), reply(body=b"<html>"), reply(body=b"7")])
async def test_the_secret_arrives_though_the_list_afterwards_fails(
    sim: Simulator, tmp_path: Path, after: Behaviour
) -> None:
    issued, _ = await issue_at(sim, tmp_path, json_reply([]), json_reply(SECRET), after)
    assert (issued.secret.reveal(), issued.remote_id) == (SECRET, "")
    assert MAY_BE_ID in issued.facts


async def test_trap_9_a_bare_id_that_no_list_tells_is_doubted_and_kept(
    sim: Simulator, tmp_path: Path
) -> None:
    for after in (reply(500), json_reply([]), json_reply([row("another", name="other")])):
        issued, _ = await issue_at(sim, tmp_path, json_reply([]), json_reply(NEW_ID), after)
        assert (issued.secret.reveal(), issued.remote_id) == (NEW_ID, "")
        assert MAY_BE_ID in issued.facts


async def test_trap_9_a_bare_id_is_known_though_the_row_reads_otherwise(
    sim: Simulator, tmp_path: Path
) -> None:
    answers = json_reply([]), json_reply(NEW_ID), json_reply([row(NEW_ID, role="user")])
    with pytest.raises(BadAnswer, match="the token's id where its secret should be"):
        await issue_at(sim, tmp_path, *answers)


async def test_an_id_that_cannot_be_told_stays_unknown(sim: Simulator, tmp_path: Path) -> None:
    twins = [row("one"), row("two")]
    issued, _ = await issue_at(sim, tmp_path, json_reply([]), json_reply(SECRET), json_reply(twins))
    assert issued.remote_id == ""
    assert MAY_BE_ID not in issued.facts, "it is none of those that were listed"
    async with connected(connection_to(sim, tmp_path)) as provider:
        own = replace(issued, target=await the_organization(provider))
        assert (await provider.verify(own)).ok is None


async def test_an_answer_that_names_the_id_needs_no_second_list(
    sim: Simulator, tmp_path: Path
) -> None:
    made = row(NEW_ID, token_secret=SECRET)
    issued, requests = await issue_at(sim, tmp_path, json_reply([]), json_reply(made))
    assert (issued.remote_id, issued.secret.reveal()) == (NEW_ID, SECRET)
    assert [request.method for request in requests] == ["GET", "POST"]


async def test_nothing_is_made_if_the_list_before_fails(sim: Simulator, tmp_path: Path) -> None:
    with pytest.raises(BadAnswer) as caught:
        await issue_at(sim, tmp_path, reply(body=b"<html>"))
    assert caught.value.outcome is Outcome.REFUSED
    assert "wire" in caught.value.next_step


@dataclass(frozen=True, slots=True)
class Verb:
    """What changes something at the server, and the request that it is."""

    call: Callable[[], Awaitable[object]]
    method: str
    path: str


async def verbs(provider: Cloudfleet) -> list[Verb]:
    wish, credential = await order(provider), (await listed(provider))[ADMIN_TOKEN]
    one = "/v1/tokens/[^/]+"
    return [
        Verb(partial(provider.issue, wish), "POST", "/v1/tokens$"),
        Verb(partial(provider.regenerate, credential), "POST", f"{one}/regenerate$"),
        Verb(partial(provider.rename, credential, "boss"), "PUT", f"{one}$"),
        Verb(partial(provider.revoke, credential), "DELETE", f"{one}$"),
    ]


async def failure(sim: Simulator, verb: Verb, fault: Fault) -> ProviderError:
    """Let one request fail; it is sent once."""
    number = sim.faults.add(replace(fault, method=verb.method, path=verb.path))
    requests = sim.requests.count(verb.method, "/v1/tokens")
    with pytest.raises(ProviderError) as caught:
        await verb.call()
    assert sim.requests.count(verb.method, "/v1/tokens") == requests + 1
    sim.faults.remove(number)
    assert caught.value.next_step
    return caught.value


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429])
async def test_a_refusal_changed_nothing(sim: Simulator, tmp_path: Path, status: int) -> None:
    async with connected(connection_to(sim, tmp_path, wire=RENAMING)) as provider:
        before = await listed(provider)
        for verb in await verbs(provider):
            error = await failure(sim, verb, Fault(kind=FaultKind.STATUS, status=status, body="{}"))
            assert error.outcome is Outcome.REFUSED
            assert not isinstance(error, NotFound) or "wire." in error.next_step
        assert set(await listed(provider)) == set(before)
    assert sim.cloudfleet.mints() == 0


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.STATUS, status=500, acts=True),
        Fault(kind=FaultKind.STATUS, status=503),
        Fault(kind=FaultKind.CUT, acts=True),
        Fault(kind=FaultKind.RESET, acts=True),
        Fault(kind=FaultKind.GARBAGE, acts=True),
        Fault(kind=FaultKind.HOLD),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_a_lost_answer_leaves_the_outcome_open(
    sim: Simulator, tmp_path: Path, fault: Fault
) -> None:
    connection = connection_to(sim, tmp_path, timeout_s=1.0, wire=RENAMING)
    async with connected(connection) as provider:
        for verb in await verbs(provider):
            assert (await failure(sim, verb, fault)).outcome is Outcome.UNKNOWN


async def test_half_an_answer_holds_no_secret(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, wire=RENAMING)) as provider:
        for verb in (await verbs(provider))[:2]:
            error = await failure(sim, verb, Fault(kind=FaultKind.HALF))
            assert error.outcome is Outcome.UNKNOWN
