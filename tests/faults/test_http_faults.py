"""Every way in which a server or the line can fail, and what the HTTP layer makes of it."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme

from fault_server import FaultServer, reply
from http_cases import CASES, REFUSED, Case
from tokentui.domain.errors import (
    BadAnswer,
    NotSignedIn,
    ProviderError,
    Unreachable,
)
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_call import Call, JournalLine
from tokentui.providers.http_tls import tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CANARY = "canary-bearer-0123456789abcdef"
QUERY_CANARY = "canary-query-0123456789abcdef"


@pytest.fixture
async def http(request: pytest.FixtureRequest) -> AsyncIterator[Http]:
    """Give a client that is patient enough to repeat, except where the fault is slowness."""
    case = request.node.callspec.params.get("case") if hasattr(request.node, "callspec") else None
    slow = case is None or case.words.endswith(" 0.5 s")
    http = Http(
        tls=tls_context(),
        clock=lambda: datetime.now(UTC),
        timeout_s=0.5 if slow else 5.0,
        sleep=at_once,
    )
    yield http
    await http.aclose()


async def at_once(seconds: float) -> None:
    """Wait for nothing."""


def call(url: str, method: str = "GET") -> Call:
    return Call(
        method,
        f"{url}/v1/things?secret={QUERY_CANARY}",
        "list things of ops-prod",
        headers={"Authorization": Secret(f"Bearer {CANARY}")},
    )


def assert_no_canary(error: BaseException) -> None:
    told = "".join(traceback.format_exception(error, chain=True)) + repr(error) + str(error)
    told += repr(vars(error))
    assert CANARY not in told
    assert QUERY_CANARY not in told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_read_is_repeated_only_where_that_can_help(case: Case, http: Http) -> None:
    async with FaultServer(case.fault) as server:
        with pytest.raises(ProviderError) as caught:
            await http.read(call(server.url))
    assert type(caught.value) is case.read
    assert case.words in caught.value.message
    assert "list things of ops-prod" in caught.value.message
    assert caught.value.next_step
    assert caught.value.outcome is REFUSED
    assert len(server.requests) == case.times


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_makes_something_is_sent_once_and_its_outcome_is_true(
    case: Case, http: Http
) -> None:
    async with FaultServer(case.fault) as server:
        with pytest.raises(ProviderError) as caught:
            await http.once(call(server.url, "POST"))
    assert type(caught.value) is case.once
    assert caught.value.outcome is case.outcome
    assert case.words in caught.value.message
    assert caught.value.next_step
    assert len(server.requests) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_no_fault_tells_the_secret(
    case: Case, http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with FaultServer(case.fault) as server:
        for send in (http.read, http.once):
            with pytest.raises(ProviderError) as caught:
                await send(call(server.url))
            assert_no_canary(caught.value)
    assert CANARY not in caplog.text
    assert QUERY_CANARY not in caplog.text


async def test_an_unusable_answer_to_what_makes_something_is_kept(http: Http) -> None:
    async with FaultServer(reply(200, b'{"token": "abc"')) as server:
        with pytest.raises(BadAnswer) as caught:
            await http.once(call(server.url))
        with pytest.raises(BadAnswer) as of_read:
            await http.read(call(server.url))
    assert caught.value.raw == Secret('{"token": "abc"')
    assert of_read.value.raw is None


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_refused_connection_made_nothing(http: Http) -> None:
    with pytest.raises(Unreachable, match="refuses connections") as caught:
        await http.once(call(f"http://127.0.0.1:{closed_port()}"))
    assert caught.value.outcome is REFUSED
    assert_no_canary(caught.value)


async def test_a_full_backlog_is_a_time_out_that_made_nothing(http: Http) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        try:
            with pytest.raises(Unreachable, match="no connection to .* came about") as caught:
                await http.once(call(f"http://127.0.0.1:{server.getsockname()[1]}"))
        finally:
            for filler in fillers:
                filler.close()
    assert caught.value.outcome is REFUSED


async def test_an_unknown_name_is_said(http: Http) -> None:
    with pytest.raises(Unreachable, match="name of nowhere.invalid") as caught:
        await http.once(call("https://nowhere.invalid"))
    assert caught.value.outcome is REFUSED


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".invalid"])
async def test_a_name_that_no_resolver_takes_is_said(host: str, http: Http) -> None:
    with pytest.raises(ProviderError) as caught:
        await http.once(call(f"https://{host}"))
    assert caught.value.outcome is REFUSED
    assert_no_canary(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1:x",
        "http://127.0.0.1/\r\nX: y",
        "http://[::1",
        "ftp://127.0.0.1",
        "https://user:word@127.0.0.1",
        "https:///path",
        "https://exämple.invalid",
    ],
)
async def test_a_useless_address_is_refused_before_anything_leaves(url: str, http: Http) -> None:
    with pytest.raises(ProviderError, match=r"because the address .* endpoints") as caught:
        await http.once(Call("GET", url, "list things", headers={"X": Secret(CANARY)}))
    assert caught.value.outcome is REFUSED
    assert_no_canary(caught.value)


@pytest.mark.parametrize("end", ["\n", "\0", "\r\nX-Other: 1", "é", "\x1b", "\udcff"])
async def test_a_secret_that_fits_no_header_is_refused_without_a_word_of_it(
    end: str, http: Http
) -> None:
    async with FaultServer(reply()) as server:
        bad = Call("GET", server.url, "list things", headers={"X-Key": Secret(CANARY + end)})
        with pytest.raises(NotSignedIn, match="header X-Key") as caught:
            await http.read(bad)
        assert not server.requests
    assert_no_canary(caught.value)


def tls_server(names: str = "127.0.0.1") -> tuple[trustme.CA, ssl.SSLContext]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(names).configure_cert(context)
    return authority, context


async def test_an_unknown_authority_is_said_and_made_nothing(http: Http) -> None:
    _, context = tls_server()
    async with FaultServer(reply(), tls=context) as server:
        with pytest.raises(Unreachable, match="is not trusted") as caught:
            await http.once(call(server.url))
    assert caught.value.outcome is REFUSED
    assert "ca_file" in caught.value.next_step
    assert not server.requests


async def test_a_certificate_of_another_host_is_refused_by_a_trusting_client(http: Http) -> None:
    authority, context = tls_server("localhost")
    async with FaultServer(reply(), tls=context) as server:
        other = http.trusting(authority.cert_pem.bytes().decode())
        with pytest.raises(Unreachable, match="is not trusted"):
            await other.read(call(server.url))
        await other.aclose()


async def test_a_server_that_speaks_no_tls_is_said(http: Http) -> None:
    async with FaultServer(reply()) as server:
        with pytest.raises(Unreachable) as caught:
            await http.once(call(server.url.replace("http:", "https:")))
    assert caught.value.outcome is REFUSED


async def test_a_trusting_client_talks_to_its_own_authority(http: Http) -> None:
    authority, context = tls_server()
    async with FaultServer(reply(), tls=context) as server:
        other = http.trusting(authority.cert_pem.bytes().decode())
        assert (await other.read(call(server.url))).payload == {}
        await other.aclose()


async def test_a_proxy_that_refuses_is_no_lost_answer() -> None:
    async with FaultServer(reply(403)) as proxy:
        http = Http(tls=tls_context(), clock=lambda: datetime.now(UTC), proxy=proxy.url)
        with pytest.raises(Unreachable, match="proxy") as caught:
            await http.once(call("https://edge.example"))
        await http.aclose()
    assert caught.value.outcome is REFUSED
    assert proxy.requests[0].method == "CONNECT"
    assert CANARY not in repr(proxy.requests)


async def test_loopback_needs_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    lines: list[JournalLine] = []
    http = Http(tls=tls_context(), clock=lambda: datetime.now(UTC), on_call=lines.append)
    async with FaultServer(reply()) as server:
        assert (await http.read(call(server.url))).status == 200
    await http.aclose()
    assert [line.result for line in lines] == ["200"]
