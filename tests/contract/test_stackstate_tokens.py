"""Service tokens: minting, ends and ids."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fault_server import Behaviour, FaultServer, Received, reply
from simulator_fixtures import start_simulator
from stackstate_connection import (
    connected,
    connection_to,
    listed,
    offer_of,
    order,
    ordered_at,
)
from tokentui.domain.errors import BadAnswer, Outcome, Refused
from tokentui.domain.lifetime import parse, resolve
from tokentui.domain.model import EndSource, Issued
from tokentui.providers.stackstate.offers import LIFETIME
from tokentui.providers.stackstate.provider import Stackstate
from tokentui.simulator.server import Simulator
from traffic import Traffic

END = datetime(2027, 3, 31, tzinfo=UTC)
END_MS = 1_806_451_200_000
MADE = {"name": "ci", "token": "svctok-new", "expiration": END_MS}


def row(number: int, **fields: object) -> dict[str, object]:
    return {"id": number, "name": "ci", "roles": ["stackstate-guest"], **fields}


def json_reply(body: object) -> Behaviour:
    return reply(body=json.dumps(body).encode())


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Stackstate]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


async def issue_at(
    sim: Simulator, folder: Path, *answers: Behaviour, ends_at: datetime | None = END
) -> tuple[Issued, list[Received]]:
    """Make a token at a server that gives these answers."""
    async with connected(connection_to(sim, folder)) as provider:
        wish = await order(provider, ends_at=ends_at)
    async with (
        FaultServer(*answers) as server,
        connected(connection_to(sim, folder, url=server.url)) as provider,
    ):
        return await provider.issue(ordered_at(wish, server.url)), server.requests


async def test_a_token_is_made_used_and_ended(sim: Simulator, provider: Stackstate) -> None:
    issued = await provider.issue(await order(provider, ends_at=END, name="story"))
    credential = (await listed(provider))["story"]
    assert (credential.id, credential.ends_at) == (issued.remote_id, END)
    assert credential.roles == ("stackstate-guest",)
    assert issued.end_source is EndSource.ANSWER
    assert (await provider.verify(issued)).ok is True
    await provider.revoke(credential)
    assert (await provider.verify(issued)).ok is False
    assert "story" not in await listed(provider)
    assert sim.stackstate.mints() == 1


async def test_the_request_names_the_end_otherwise_than_the_answer(
    provider: Stackstate, traffic: Traffic
) -> None:
    issued = await provider.issue(await order(provider, ends_at=END))
    (mint,) = traffic.posted()
    assert mint.call.json == {
        "name": "ci",
        "roles": ["stackstate-guest"],
        "expiryDate": END_MS,
    }, "epoch milliseconds, and no dedicatedSubject that was not asked for"
    assert json.loads(mint.body)["expiration"] == END_MS
    assert issued.ends_at == END


async def test_a_token_without_end_asks_for_none(provider: Stackstate, traffic: Traffic) -> None:
    issued = await provider.issue(await order(provider))
    (mint,) = traffic.posted()
    assert mint.call.json == {"name": "ci", "roles": ["stackstate-guest"]}
    assert (issued.ends_at, issued.end_source) == (None, EndSource.ANSWER)
    assert (await listed(provider))["ci"].ends_at is None


def test_an_end_is_the_start_of_its_day_in_utc() -> None:
    """As the vendor's command line sends it: 2020-05-22 is 1590105600000."""
    now = datetime(2020, 1, 1, tzinfo=UTC)
    for typed in ("2020-05-22", "2020-05-22 18:00"):
        term = resolve(parse(typed, UTC), LIFETIME, now, UTC)
        assert term.ends_at == datetime.fromtimestamp(1_590_105_600, UTC)


async def test_the_day_rule_is_told(provider: Stackstate) -> None:
    for kind in ("token", "ingestion-token"):
        offer = await offer_of(provider, kind)
        assert any("dead on that day, from 00:00 UTC" in warning for warning in offer.warnings)


async def test_the_id_is_found_though_names_repeat(sim: Simulator, provider: Stackstate) -> None:
    ids = [(await provider.issue(await order(provider))).remote_id for _ in range(3)]
    assert ids == [str(token.id) for token in sim.world.stackstate.prod.minted]
    assert len(set(ids)) == 3


async def test_a_token_made_by_another_meanwhile_is_told_apart(
    sim: Simulator, tmp_path: Path
) -> None:
    old, theirs, ours = row(1), row(2), row(3, expiration=END_MS)
    lists = json_reply([old]), json_reply(MADE), json_reply([old, theirs, ours])
    issued, requests = await issue_at(sim, tmp_path, *lists)
    assert issued.remote_id == "3"
    assert [request.method for request in requests] == ["GET", "POST", "GET"]


async def test_an_id_that_cannot_be_told_stays_unknown(sim: Simulator, tmp_path: Path) -> None:
    twins = [row(2, expiration=END_MS), row(3, expiration=END_MS)]
    lists = json_reply([]), json_reply(MADE), json_reply(twins)
    issued, _ = await issue_at(sim, tmp_path, *lists)
    assert issued.remote_id == ""
    assert issued.secret.reveal() == "svctok-new"


@pytest.mark.parametrize("after", [reply(500), reply(403), reply(body=b"<html>"), reply(body=b"7")])
async def test_the_secret_arrives_though_the_list_afterwards_fails(
    sim: Simulator, tmp_path: Path, after: Behaviour
) -> None:
    issued, _ = await issue_at(sim, tmp_path, json_reply([]), json_reply(MADE), after)
    assert issued.secret.reveal() == "svctok-new"
    assert (issued.remote_id, issued.ends_at) == ("", END)


async def test_who_may_not_list_may_still_make(sim: Simulator, tmp_path: Path) -> None:
    issued, requests = await issue_at(sim, tmp_path, reply(403), json_reply(MADE))
    assert issued.secret.reveal() == "svctok-new"
    assert [request.method for request in requests] == ["GET", "POST"]


async def test_nothing_is_made_if_the_list_before_fails(sim: Simulator, tmp_path: Path) -> None:
    with pytest.raises(BadAnswer) as caught:
        await issue_at(sim, tmp_path, reply(body=b"<html>"))
    assert caught.value.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("expiration", "list_says", "end", "source"),
    [
        (None, END_MS, END, EndSource.ANSWER),
        ("soon", END_MS, END, EndSource.ANSWER),
        (None, None, None, EndSource.ANSWER),
        (True, "failed", END, EndSource.COMPUTED),
    ],
)
async def test_the_end_is_the_server_s_word(
    sim: Simulator,
    tmp_path: Path,
    expiration: object,
    list_says: object,
    end: datetime | None,
    source: EndSource,
) -> None:
    after = reply(403) if list_says == "failed" else json_reply([row(1, expiration=list_says)])
    made = {**MADE, "expiration": expiration}
    issued, _ = await issue_at(sim, tmp_path, json_reply([]), json_reply(made), after)
    assert (issued.ends_at, issued.end_source) == (end, source)


@pytest.mark.parametrize("body", [{}, {"token": 7}, {"token": "a b"}, [], {"token": ""}])
async def test_an_answer_without_a_token_is_kept(
    sim: Simulator, tmp_path: Path, body: object
) -> None:
    with pytest.raises(BadAnswer) as caught:
        await issue_at(sim, tmp_path, json_reply([]), json_reply(body))
    assert caught.value.outcome is Outcome.UNKNOWN
    assert caught.value.raw is not None
    assert json.loads(caught.value.raw.reveal()) == body


async def test_an_end_that_is_over_is_refused_in_the_server_s_words(
    sim: Simulator, provider: Stackstate
) -> None:
    wish = await order(provider, ends_at=END)
    sim.clock.set(datetime(2027, 4, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="The expiry date lies in the past"):
        await provider.issue(wish)
    assert sim.stackstate.mints() == 0


async def test_a_token_that_looks_like_an_ingestion_token_is_not_made(
    sim: Simulator, provider: Stackstate
) -> None:
    """The list could not tell the two apart, so the ledger would lose it."""
    for subject in ("", "edge-7"):
        wish = await order(provider, name="edge-7", roles=("edge-7",), dedicated_subject=subject)
        with pytest.raises(Refused, match="is an ingestion token"):
            await provider.issue(wish)
    assert sim.stackstate.mints() == 0
    other = await order(provider, name="stackstate-guest", roles=("stackstate-guest",))
    await provider.issue(other)


async def test_a_dedicated_subject_is_sent_if_it_is_asked_for(
    sim: Simulator, provider: Stackstate
) -> None:
    await provider.issue(await order(provider, roles=("own", "x"), dedicated_subject=" own "))
    assert sim.world.stackstate.prod.token_named("ci").dedicated_subject == "own"


async def test_no_roles_is_refused_before_anything_is_sent(
    sim: Simulator, provider: Stackstate
) -> None:
    with pytest.raises(Refused, match="at least one role"):
        await provider.issue(await order(provider, roles=(" ",)))
    assert sim.requests.count("POST") == 0
