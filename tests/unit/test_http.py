"""What the HTTP layer sends, reads and repeats when nothing is broken."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trustme

from fault_server import FaultServer, close, reply, silent
from tokentui.domain.errors import (
    ConfigError,
    NotSignedIn,
    OutcomeUnknown,
    RateLimited,
    Refused,
    Unreachable,
)
from tokentui.domain.secret import Secret
from tokentui.providers.http import Http
from tokentui.providers.http_call import Call, JournalLine
from tokentui.providers.http_errors import http_date, retry_after_s
from tokentui.providers.http_tls import context_trusting, tls_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOW = datetime(2026, 10, 5, 12, 22, 0, tzinfo=UTC)


class Waits:
    """Takes the waits of a client and does not wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def lines() -> list[JournalLine]:
    return []


@pytest.fixture
async def http(waits: Waits, lines: list[JournalLine]) -> AsyncIterator[Http]:
    http = Http(tls=tls_context(), clock=lambda: NOW, sleep=waits, on_call=lines.append)
    yield http
    await http.aclose()


def get(server: FaultServer, **more: object) -> Call:
    return Call("GET", f"{server.url}/things", "list things", **more)  # type: ignore[arg-type]


async def test_an_answer_is_read_whole(http: Http) -> None:
    date = "Mon, 05 Oct 2026 12:23:00 GMT"
    behaviour = reply(body=b'{"a": [1, "\xc3\xa4"]}', Date=date, x_trace_id="abc\x7f")
    async with FaultServer(behaviour) as server:
        answer = await http.read(get(server))
    assert answer.payload == {"a": [1, "ä"]}
    assert answer.body == Secret('{"a": [1, "ä"]}')
    assert answer.trace_id == "abc\N{REPLACEMENT CHARACTER}"
    assert answer.clock_off == timedelta(minutes=1)
    assert answer.took > timedelta()
    assert "ä" not in repr(answer)


@pytest.mark.parametrize(("status", "body"), [(204, b""), (200, b""), (201, b" \n")])
async def test_an_empty_success_has_no_payload(http: Http, status: int, body: bytes) -> None:
    async with FaultServer(reply(status, body)) as server:
        assert (await http.once(get(server))).payload is None


async def test_a_header_with_several_values_is_sent_with_each(http: Http) -> None:
    async with FaultServer(reply()) as server:
        await http.read(get(server, headers={"X-Group": ("dev", "ops")}))
        with pytest.raises(NotSignedIn):
            await http.read(get(server, headers={"X-Group": ("dev", "two\nlines")}))
    (request,) = server.requests
    assert request.headers["x-group"] == "dev, ops"


async def test_query_form_and_headers_arrive(http: Http) -> None:
    async with FaultServer(reply()) as server:
        await http.read(get(server, params={"n": 600}, headers={"X-Key": Secret("s")}))
        await http.read(get(server, form={"assertion": Secret("a&b"), "x": "y"}))
        await http.read(get(server, json={"k": 1}))
    plain, form, body = server.requests
    assert plain.path == "/things?n=600"
    assert plain.headers["x-key"] == "s"
    assert plain.headers["accept-encoding"] == "identity"
    assert plain.headers["user-agent"].startswith("tokentui/")
    assert form.body == b"assertion=a%26b&x=y"
    assert body.body == b'{"k":1}'


async def test_cookies_are_not_kept(http: Http) -> None:
    async with FaultServer(reply(Set_Cookie="session=1; Path=/")) as server:
        await http.read(get(server))
        await http.read(get(server))
    assert "cookie" not in server.requests[1].headers


async def test_a_read_gets_through_after_two_failures(http: Http, waits: Waits) -> None:
    async with FaultServer(reply(503), close, reply()) as server:
        assert (await http.read(get(server))).status == 200
    first, second = waits.seconds
    assert 0 < first <= 0.3
    assert first < 1
    assert 0 < second <= 1.0


async def test_a_short_wish_to_wait_is_followed(http: Http, waits: Waits) -> None:
    async with FaultServer(reply(429, Retry_After="20"), reply()) as server:
        assert (await http.read(get(server))).status == 200
    assert waits.seconds == [20.0]


@pytest.mark.parametrize(
    ("wish", "wait"), [("21", 21.0), ("9" * 400, 366 * 86_400.0), ("junk", None)]
)
async def test_a_wish_that_is_too_long_is_told(
    http: Http, waits: Waits, wish: str, wait: float | None
) -> None:
    async with FaultServer(reply(429, Retry_After=wish)) as server:
        with pytest.raises(RateLimited) as caught:
            await http.read(get(server))
    assert caught.value.retry_after_s == wait
    if wait is not None:
        assert waits.seconds == []
        assert f"{wait:.0f} s" in caught.value.next_step


async def test_a_request_that_makes_does_not_wait(http: Http, waits: Waits) -> None:
    async with FaultServer(reply(429, Retry_After="1"), reply()) as server:
        with pytest.raises(RateLimited):
            await http.once(get(server))
    assert waits.seconds == []


async def test_no_attempt_begins_after_the_time_limit_of_one_answer(waits: Waits) -> None:
    http = Http(tls=tls_context(), clock=lambda: NOW, timeout_s=0.2, sleep=waits)
    async with FaultServer(silent) as server:
        with pytest.raises(Unreachable):
            await http.read(get(server))
        assert len(server.requests) == 1
    await http.aclose()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("٣", None),
        ("Mon, 05 Oct 2026 12:22:30 GMT", 30.0),
        ("Mon, 05 Oct 2026 12:21:30 GMT", 0.0),
        ("Mon, 99 Oct 2026 12:21:30 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after_s(text, NOW) == seconds


def test_a_date_without_a_zone_is_utc() -> None:
    assert http_date("Mon, 05 Oct 2026 12:22:00 -0000") == NOW
    assert http_date("Fri, 31 Dec 9999 23:59:59 -1400") is None


async def test_the_servers_own_words_are_told_cleaned(http: Http) -> None:
    def words(payload: object) -> str:
        assert isinstance(payload, dict)
        return str(payload["message"])

    body = b'{"message": "name \\u001b[31min use"}'
    async with FaultServer(reply(409, body, x_trace_id="t-1")) as server:
        with pytest.raises(Refused) as caught:
            await http.once(get(server, error_text=words))
    assert "409 Conflict (name \N{REPLACEMENT CHARACTER}[31min use)" in caught.value.message
    assert caught.value.trace_id == "t-1"


@pytest.mark.parametrize(
    ("kind", "told"), [("text/plain; charset=utf-8", True), ("text/html", False)]
)
async def test_plain_words_are_told_and_pages_are_not(http: Http, kind: str, told: bool) -> None:
    async with FaultServer(reply(403, b"no way", Content_Type=kind)) as server:
        with pytest.raises(Exception, match="403") as caught:
            await http.read(get(server))
    assert ("no way" in str(caught.value)) is told


async def test_the_journal_has_every_attempt_and_no_query(
    http: Http, lines: list[JournalLine]
) -> None:
    async with FaultServer(reply(503), close, reply()) as server:
        await http.read(get(server, params={"token": "canary"}))
    assert [line.result for line in lines] == ["503", "no answer", "200"]
    assert {(line.method, line.path, line.what) for line in lines} == {
        ("GET", "/things", "list things")
    }
    assert "canary" not in repr(lines)


async def test_a_cancelled_call_is_noted_and_gives_its_connection_back(
    http: Http, lines: list[JournalLine]
) -> None:
    async with FaultServer(silent, reply()) as server:
        task = asyncio.create_task(http.once(get(server)))
        while not server.requests:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await http.read(get(server))).status == 200
    assert [line.result for line in lines] == ["cancelled", "200"]


async def test_many_calls_wait_for_each_other(http: Http) -> None:
    async with FaultServer(reply()) as server:
        answers = await asyncio.gather(*(http.read(get(server)) for _ in range(60)))
    assert [answer.status for answer in answers] == [200] * 60


def test_the_librarys_loggers_are_quiet() -> None:
    logging.getLogger("httpcore").setLevel(logging.DEBUG)
    Http(tls=tls_context(), clock=lambda: NOW)
    assert logging.getLogger("httpcore").level == logging.WARNING
    assert logging.getLogger("httpx").level == logging.WARNING


def test_one_context_for_one_choice(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca_file))
    assert tls_context() is tls_context()
    assert tls_context(ca_file) is tls_context(ca_file)
    assert tls_context(ca_file) is not tls_context()
    assert tls_context(insecure=True).check_hostname is False


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_an_unusable_authority_is_said(tmp_path: Path, content: str | None) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        tls_context(ca_file)
    with pytest.raises(ValueError, match="certificate"):
        context_trusting(content or "x")


def test_a_certificate_file_of_the_environment_that_is_gone_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ConfigError, match=r"SSL_CERT_FILE.*/nowhere/ca\.pem"):
        tls_context.__wrapped__()


@pytest.mark.parametrize(
    ("proxy", "words"),
    [("socks5://127.0.0.1:1", "SOCKS"), ("gopher://x", "not valid"), ("http://[", "not valid")],
)
def test_an_unusable_proxy_is_said(proxy: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Http(tls=tls_context(), clock=lambda: NOW, proxy=proxy)


async def test_a_401_is_a_matter_of_signing_in_and_a_lost_answer_is_not(http: Http) -> None:
    async with FaultServer(reply(401), close) as server:
        with pytest.raises(NotSignedIn):
            await http.once(get(server))
        with pytest.raises(OutcomeUnknown, match="broke the connection off"):
            await http.once(get(server))
