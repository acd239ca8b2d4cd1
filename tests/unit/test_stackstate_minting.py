"""What a stop or a slow list does to a token while it is made."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from tokentui.domain.errors import Unreachable
from tokentui.domain.model import Instance, InstanceId, InstanceState, Issued, Offer, ProfileName
from tokentui.domain.secret import Secret
from tokentui.providers.http_call import Answer, Call
from tokentui.providers.stackstate import about, bundle, minting
from tokentui.providers.stackstate.api import Api
from tokentui.providers.stackstate.bundle import Bundle
from tokentui.providers.stackstate.minting import Minting, Wish
from tokentui.providers.stackstate.offers import LIFETIME
from tokentui.providers.stackstate.wire import Reply

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
LONGEST_S = 10.0


class FakeApi:
    """A server whose call named `holds` waits, after it has begun, until it is let go."""

    name = "sts-prod"

    def __init__(self, holds: str = "", fails: str = "") -> None:
        self.holds = holds
        self.fails = fails
        self.began = asyncio.Event()
        self.let_go = asyncio.Event()
        self.calls: list[str] = []
        self.rows: list[object] = []

    async def tokens(self) -> Reply:
        await self._do("look up" if self.rows else "list")
        return _reply(self.rows)

    async def create_token(self, name: str, body: object) -> Reply:
        await self._do("token")
        self.rows = [{"id": 7, "name": name, "roles": ["r"]}]
        return _reply({"name": name, "token": "svctok-new"})

    async def subjects(self) -> Reply:
        return _reply([])

    async def create_subject(self, subject: str) -> None:
        await self._do("subject")

    async def delete_subject(self, subject: str) -> None:
        await self._do("no subject")

    async def grant(self, subject: str, permission: str, resource: str) -> None:
        await self._do("grant")

    async def withdraw(self, subject: str, permission: str, resource: str) -> None:
        await self._do("no grant")

    async def _do(self, what: str) -> None:
        self.calls.append(what)
        if what == self.fails:
            raise Unreachable("no answer")
        if what == self.holds:
            self.began.set()
            await self.let_go.wait()


def _reply(payload: object) -> Reply:
    call = Call("GET", "https://sts.example/api", "ask")
    body = Secret(json.dumps(payload))
    return Reply(call, Answer(200, payload, body, "", NOW, None, timedelta()))


def making(api: FakeApi, *, with_role: bool = False) -> asyncio.Task[Issued]:
    """Begin to make a token."""
    mint = Minting(cast("Api", api), lambda: NOW)
    wish = Wish("r", ("r",), None)
    target = Instance(
        ProfileName("p"), about.KEY, InstanceId("s"), "s", "s", "server", InstanceState.ACTIVE, ""
    )
    if with_role:
        offer = Offer(about.INGESTION_TOKEN, target, LIFETIME)
        return asyncio.ensure_future(Bundle(cast("Api", api), mint).mint(offer, wish, "edge"))
    offer = Offer(about.TOKEN, target, LIFETIME)
    return asyncio.ensure_future(mint.mint(offer, wish, frozenset()))


async def stopped(task: asyncio.Task[Issued]) -> list[str]:
    """Give the notes of what stopped it."""
    with pytest.raises(asyncio.CancelledError) as caught:
        await asyncio.wait_for(task, LONGEST_S)
    return getattr(caught.value, "__notes__", [])


async def test_a_list_that_hangs_afterwards_does_not_hold_the_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(minting, "LOOK_UP_S", 0.01)
    issued = await asyncio.wait_for(making(FakeApi(holds="look up")), LONGEST_S)
    assert issued.secret == Secret("svctok-new")
    assert issued.remote_id == ""


async def test_a_stop_during_the_look_up_does_not_lose_the_secret() -> None:
    api = FakeApi(holds="look up")
    task = making(api)
    await api.began.wait()
    task.cancel()
    await asyncio.sleep(0)
    api.let_go.set()
    issued = await asyncio.wait_for(task, LONGEST_S)
    assert (issued.secret, issued.remote_id) == (Secret("svctok-new"), "7")
    assert task.cancelling() == 0


async def test_a_stop_waits_no_longer_than_the_look_up_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(minting, "LOOK_UP_S", 0.05)
    api = FakeApi(holds="look up")
    task = making(api)
    await api.began.wait()
    task.cancel()
    issued = await asyncio.wait_for(task, LONGEST_S)
    assert (issued.secret, issued.remote_id) == (Secret("svctok-new"), "")


async def test_a_second_stop_during_the_look_up_stops() -> None:
    api = FakeApi(holds="look up")
    task = making(api)
    await api.began.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await stopped(task)


@pytest.mark.parametrize(
    ("holds", "calls", "note"),
    [
        ("list", ["list"], None),
        ("subject", ["list", "subject"], "there may still be the role r"),
        (
            "grant",
            ["list", "subject", "grant", "no subject"],
            "there may still be its permission update-metrics on system",
        ),
        (
            "token",
            ["list", "subject", "grant", "grant", "token"],
            "the role r with its permissions exists",
        ),
    ],
)
async def test_a_stop_takes_back_what_was_made_unless_the_token_was_asked_for(
    holds: str, calls: list[str], note: str | None
) -> None:
    api = FakeApi(holds)
    task = making(api, with_role=True)
    await api.began.wait()
    task.cancel()
    assert await stopped(task) == ([] if note is None else [note])
    assert api.calls == calls


async def test_a_stop_names_what_could_not_be_taken_back() -> None:
    api = FakeApi("grant", fails="no subject")
    task = making(api, with_role=True)
    await api.began.wait()
    task.cancel()
    (note,) = await stopped(task)
    assert note.endswith("its permission update-metrics on system and the role r")


async def test_taking_back_after_a_stop_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "UNDO_S", 0.01)
    api = FakeApi("grant")
    task = making(api, with_role=True)
    await api.began.wait()
    api.holds = "no subject"
    task.cancel()
    (note,) = await stopped(task)
    assert note.endswith("and the role r")
    assert api.calls[-1] == "no subject"
