"""Signing in to STACKIT with a service-account key."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fault_server import FaultServer, close, reply
from stackit_keys import CREDENTIALS, KEY, pem_of, write_key
from tokentui.domain.errors import BadAnswer, NotSignedIn, Unreachable
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.stackit.exchange import GRANT, own_endpoint
from tokentui.providers.stackit.key_file import read_key_file
from tokentui.providers.stackit.key_flow import KeyFlow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fault_server import Behaviour

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def http(clock: Clock) -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=clock)
    yield http
    await http.aclose()


def token(text: str = "access-token-1", life: object = 3600) -> Behaviour:
    return reply(body=json.dumps({"access_token": text, "expires_in": life}).encode())


def lasting(seconds: int) -> str:
    end = int((NOW + timedelta(seconds=seconds)).timestamp())
    return jwt.encode({"exp": end, "email": "ci@example"}, "k" * 32, "HS256")


async def test_the_assertion_is_as_described(http: Http, clock: Clock, tmp_path: Path) -> None:
    async with FaultServer(token()) as server:
        flow = KeyFlow(write_key(tmp_path), http, clock, token_url=f"{server.url}/token")
        assert await flow.header() == ("Authorization", Secret("Bearer access-token-1"))
    form = parse_qs(server.requests[0].body.decode())
    assert form["grant_type"] == [GRANT]
    (assertion,) = form["assertion"]
    assert jwt.get_unverified_header(assertion) == {
        "alg": "RS512",
        "typ": "JWT",
        "kid": CREDENTIALS["kid"],
    }
    claims: dict[str, Any] = jwt.decode(
        assertion,
        KEY.public_key(),
        ["RS512"],
        audience=str(CREDENTIALS["aud"]),
        options={"verify_exp": False, "verify_iat": False},
    )
    assert {name: claims[name] for name in ("iss", "sub", "aud")} == {
        name: CREDENTIALS[name] for name in ("iss", "sub", "aud")
    }
    assert claims["iat"] == NOW.timestamp()
    assert claims["exp"] - claims["iat"] == 600
    assert len(claims["jti"]) == 36


@pytest.mark.parametrize(
    ("text", "life", "used"),
    [
        (lasting(3600), 60, 3300),
        (lasting(600), 3600, 480),
        ("opaque", 3600, 3300),
        ("opaque", 100, 80),
    ],
)
async def test_a_token_is_used_until_shortly_before_its_end(
    http: Http, clock: Clock, tmp_path: Path, text: str, life: int, used: int
) -> None:
    async with FaultServer(token(text, life)) as server:
        flow = KeyFlow(write_key(tmp_path), http, clock, token_url=server.url)
        await flow.header()
        clock.now = NOW + timedelta(seconds=used - 1)
        await flow.header()
        assert len(server.requests) == 1
        clock.now = NOW + timedelta(seconds=used)
        await flow.header()
        assert len(server.requests) == 2


async def test_many_callers_share_one_sign_in_and_its_failure(
    http: Http, clock: Clock, tmp_path: Path
) -> None:
    async with FaultServer(reply(403), token()) as server:
        flow = KeyFlow(write_key(tmp_path), http, clock, token_url=server.url)
        calls = [flow.header() for _ in range(10)]
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(result, NotSignedIn) for result in results)
        assert len(server.requests) == 1
        await asyncio.gather(*(flow.header() for _ in range(10)))
        assert len(server.requests) == 2


async def test_a_refused_token_is_not_used_again(http: Http, clock: Clock, tmp_path: Path) -> None:
    async with FaultServer(token("one"), token("two")) as server:
        flow = KeyFlow(write_key(tmp_path), http, clock, token_url=server.url)
        _, first = await flow.header()
        flow.forget(first)
        assert (await flow.header())[1] == Secret("Bearer two")
        flow.forget(first)
        assert (await flow.header())[1] == Secret("Bearer two")


async def test_a_lost_answer_is_asked_for_with_a_new_assertion(
    http: Http, clock: Clock, tmp_path: Path
) -> None:
    async with FaultServer(close, token()) as server:
        await KeyFlow(write_key(tmp_path), http, clock, token_url=server.url).header()
    assert server.requests[0].body != server.requests[1].body
    async with FaultServer(close) as server:
        with pytest.raises(Unreachable, match="cannot sign in as ci-bot"):
            await KeyFlow(write_key(tmp_path), http, clock, token_url=server.url).header()
    assert len(server.requests) == 2


async def test_a_refused_endpoint_of_the_file_gives_way_to_the_default(
    http: Http, clock: Clock, tmp_path: Path
) -> None:
    async with FaultServer(reply(404)) as own, FaultServer(token()) as default:
        path = write_key(tmp_path, {**CREDENTIALS, "tokenEndpoint": own.url})
        flow = KeyFlow(path, http, clock, default_url=default.url)
        await flow.header()
        assert (len(own.requests), len(default.requests)) == (1, 1)


async def test_a_chosen_endpoint_is_the_only_one(http: Http, clock: Clock, tmp_path: Path) -> None:
    async with FaultServer(reply(400)) as chosen, FaultServer(token()) as other:
        path = write_key(tmp_path, {**CREDENTIALS, "tokenEndpoint": other.url})
        flow = KeyFlow(path, http, clock, token_url=chosen.url, default_url=other.url)
        with pytest.raises(NotSignedIn, match="400") as caught:
            await flow.header()
        assert not other.requests
    assert "check that the key exists" in caught.value.next_step


async def test_an_endpoint_that_is_down_does_not_give_way(
    http: Http, clock: Clock, tmp_path: Path
) -> None:
    async with FaultServer(reply(503)) as own, FaultServer(token()) as default:
        path = write_key(tmp_path, {**CREDENTIALS, "tokenEndpoint": own.url})
        with pytest.raises(Unreachable):
            await KeyFlow(path, http, clock, default_url=default.url).header()
        assert not default.requests


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://service-account.api.stackit.cloud/token", True),
        ("http://127.0.0.1:1/token", True),
        ("", True),
        ("http://service-account.api.stackit.cloud/token", False),
        ("https://stackit.cloud.example/token", False),
        ("https://evilstackit.cloud/token", False),
        ("https://a.stackit.cloud@evil.example/", False),
        ("nonsense", False),
    ],
)
def test_a_file_cannot_send_an_assertion_anywhere(tmp_path: Path, url: str, fine: bool) -> None:
    path = write_key(tmp_path, {**CREDENTIALS, "tokenEndpoint": url})
    key = read_key_file(path, NOW)
    if fine:
        assert own_endpoint(key, "the key") == url
    else:
        with pytest.raises(NotSignedIn, match=r"endpoints\.token"):
            own_endpoint(key, "the key")


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"{}", b'{"access_token": 1}', b'{"access_token": "a\\nb"}', b"<html>"],
)
async def test_an_answer_without_a_token_is_said(
    http: Http, clock: Clock, tmp_path: Path, answer: bytes
) -> None:
    async with FaultServer(reply(body=answer)) as server:
        with pytest.raises(BadAnswer, match="cannot sign in as ci-bot"):
            await KeyFlow(write_key(tmp_path), http, clock, token_url=server.url).header()


async def test_a_key_that_cannot_sign_is_said_without_a_word_of_it(
    http: Http, clock: Clock, tmp_path: Path
) -> None:
    curve = pem_of(ec.generate_private_key(ec.SECP256R1()))
    for useless in ("-----BEGIN PRIVATE KEY-----\ncanary\n", "canary", curve):
        path = write_key(tmp_path, {**CREDENTIALS, "privateKey": useless})
        with pytest.raises(NotSignedIn, match="no RSA key in PEM form") as caught:
            await KeyFlow(path, http, clock, token_url="http://127.0.0.1:9").header()
        assert "canary" not in str(caught.value)
