"""The way to a server: safe reads are repeated with care, what makes something is sent once.

Nothing that this raises holds a header, a query, a body or an exception of the HTTP library.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

import tokentui
from tokentui.domain.errors import ConfigError, RateLimited
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.http_body import UnusableAnswer, parse_json, read_body
from tokentui.providers.http_call import KEPT_HEADERS, Answer, Call, JournalLine
from tokentui.providers.http_check import check, is_proxy_url
from tokentui.providers.http_echo import unechoed, unechoed_headers
from tokentui.providers.http_errors import Failed, Status, bad_answer, http_date, status_failure
from tokentui.providers.http_failures import FAILURES, no_answer
from tokentui.providers.http_tls import context_trusting

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from tokentui.providers.http_call import HeaderValue

LONGEST_WAIT_S = 20.0
"""The longest wish to wait that a read follows by itself."""

_CONNECTIONS = 20
_BACK_OFF_S = (0.3, 1.0)
_LOOPBACK_WITHOUT_PROXY = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
_QUIET_LOGGERS = ("httpx", "httpcore", "h11", "hpack")


@dataclass(slots=True)
class _Progress:
    """Whether any part of the request may have reached the server."""

    sent: bool = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take httpcore's word; asking a proxy for a tunnel does not count."""
        if event == "http11.send_request_headers.started":
            self.sent = self.sent or info["request"].method != b"CONNECT"


@dataclass(frozen=True, slots=True)
class _Received:
    code: int
    headers: httpx.Headers
    body: bytes


class Http:
    """The connections of one profile. `timeout_s` is the longest wait for one answer."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext,
        clock: Callable[[], datetime],
        timeout_s: float = 8.0,
        proxy: str | None = None,
        on_call: Callable[[JournalLine], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        server_name: str = "",
    ) -> None:
        """Build the client; connects nothing. Raises `ConfigError` for an unusable proxy.

        `server_name` is what the certificate has to name instead of the address.
        """
        self._clock = clock
        self._timeout_s = timeout_s
        self._proxy = proxy
        self._on_call = on_call
        self._sleep = sleep
        self._server_name = server_name
        self._client = _client(tls, proxy)

    def trusting(self, ca_pem: str) -> Http:
        """Give a second `Http` that trusts the authorities in PEM text alone; close it.

        Raises `ValueError` if the text holds no certificate.
        """
        return self.through(context_trusting(ca_pem))

    def through(
        self, tls: ssl.SSLContext, *, proxy: str | None = None, server_name: str = ""
    ) -> Http:
        """Give a second `Http` with another way to its server, by default our proxy; close it.

        Raises `ConfigError` for an unusable proxy.
        """
        return type(self)(
            tls=tls,
            clock=self._clock,
            timeout_s=self._timeout_s,
            proxy=proxy or self._proxy,
            on_call=self._on_call,
            sleep=self._sleep,
            server_name=server_name,
        )

    async def read(self, call: Call, *, attempts: int = 3) -> Answer:
        """Send a call that changes nothing, again if the way or the server is at fault.

        No attempt begins later than the time limit of one answer after the first; a server's
        wish to wait is followed up to `LONGEST_WAIT_S`. Raises `ProviderError`.
        """
        last_start = time.monotonic() + self._timeout_s * call.patience
        attempt = 0
        while True:
            attempt += 1
            result = await self._attempt(call, making=False)
            if isinstance(result, Answer):
                return result
            wait_s = _wait_s(result, attempt)
            if isinstance(result.error, RateLimited):
                last_start += wait_s
            too_late = time.monotonic() + wait_s > last_start
            if attempt >= attempts or not result.again or wait_s > LONGEST_WAIT_S or too_late:
                raise result.error
            await self._sleep(wait_s)

    async def once(self, call: Call) -> Answer:
        """Send a call that makes or changes something, exactly once.

        Raises `ProviderError`; its `outcome` is `REFUSED` only if certainly nothing was done.
        """
        result = await self._attempt(call, making=True)
        if isinstance(result, Failed):
            raise result.error
        return result

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _attempt(self, call: Call, *, making: bool) -> Answer | Failed:
        check(call)
        at, start, progress = self._clock(), time.monotonic(), _Progress()
        word, timeout_s = "cancelled", self._timeout_s * call.patience
        try:
            async with asyncio.timeout(timeout_s):
                received = await self._exchange(call, progress)
            word = str(received.code)
            took = timedelta(seconds=time.monotonic() - start)
            return self._judge(call, received, took, making=making)
        except UnusableAnswer as error:
            word = "unusable answer"
            return Failed(bad_answer(call, str(error), making=making))
        except FAILURES as error:
            word = "no answer" if progress.sent else "no connection"
            return no_answer(call, error, sent=progress.sent, making=making, timeout_s=timeout_s)
        finally:
            self._note(call, at, word, timedelta(seconds=time.monotonic() - start))

    async def _exchange(self, call: Call, progress: _Progress) -> _Received:
        extensions: dict[str, Any] = {"trace": progress.trace}
        if self._server_name:
            extensions["sni_hostname"] = self._server_name
        async with self._client.stream(
            call.method,
            call.url,
            params=dict(call.params) or None,
            json=call.json,
            data=_revealed(call.form) or None,
            headers=_header_lines(call.headers),
            timeout=httpx.Timeout(self._timeout_s * call.patience, connect=self._timeout_s / 2),
            extensions=extensions,
        ) as response:
            try:
                body = await read_body(response)
            except UnusableAnswer:
                if response.is_success:
                    raise
                body = b""  # the status alone says enough
        return _Received(response.status_code, response.headers, body)

    def _judge(
        self, call: Call, received: _Received, took: timedelta, *, making: bool
    ) -> Answer | Failed:
        now = self._clock()
        if not 200 <= received.code < 300:
            headers = unechoed_headers(call, received.headers)
            status = Status(received.code, headers, _words(call, received))
            return status_failure(call, status, now, making=making)
        headers = unechoed_headers(call, received.headers)
        trace_id = Status(received.code, headers, "").trace_id
        body = Secret(received.body.decode(errors="backslashreplace"))
        try:
            payload = None if call.is_text else parse_json(received.body)
        except UnusableAnswer as error:
            return Failed(bad_answer(call, str(error), trace_id=trace_id, making=making, raw=body))
        date = http_date(received.headers.get("date", ""))
        kept = {name: clean(headers[name]) for name in KEPT_HEADERS if name in headers}
        return Answer(received.code, payload, body, trace_id, now, date, took, kept)

    def _note(self, call: Call, at: datetime, result: str, took: timedelta) -> None:
        if self._on_call is not None:
            path = clean(urlsplit(call.url).path, 200)
            self._on_call(JournalLine(at, call.method, path, result, took, clean(call.what)))


def _client(tls: ssl.SSLContext, proxy: str | None) -> httpx.AsyncClient:
    """Build the client: no redirects, no cookies, no compression, bounded everywhere."""
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    if proxy is not None and not is_proxy_url(proxy):
        raise _useless_proxy()
    try:
        return httpx.AsyncClient(
            verify=tls,
            proxy=proxy,
            mounts=None if proxy else _LOOPBACK_WITHOUT_PROXY,
            limits=httpx.Limits(max_connections=_CONNECTIONS),
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            headers={
                "User-Agent": f"tokentui/{tokentui.__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )
    except ImportError:
        raise ConfigError(
            "the proxy is a SOCKS proxy, which is not supported",
            "set `proxy` to an http:// or https:// address, or unset ALL_PROXY",
        ) from None
    except (ValueError, httpx.InvalidURL):
        raise _useless_proxy() from None


def _useless_proxy() -> ConfigError:
    return ConfigError(
        "the address of the proxy is not valid",
        "set `proxy`, or HTTPS_PROXY, to an http:// or https:// address",
    )


def _revealed(values: Mapping[str, str | Secret]) -> dict[str, str]:
    return {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in values.items()
    }


def _header_lines(headers: Mapping[str, HeaderValue]) -> list[tuple[str, str]]:
    return [
        (name, value.reveal() if isinstance(value, Secret) else value)
        for name, given in headers.items()
        for value in (given if isinstance(given, tuple) else (given,))
    ]


def _words(call: Call, received: _Received) -> str:
    """Read the server's own words: its JSON as the provider knows it, or plain text.

    Our secrets are taken out before the words are cut to length, and where JSON spelled them oddly.
    """
    body = unechoed(call, received.body.decode(errors="replace"))
    payload, plain = None, ""
    try:
        payload = parse_json(body.encode())
    except UnusableAnswer:
        is_plain = received.headers.get("content-type", "").startswith("text/plain")
        plain = body[:1000] if is_plain else ""
    return unechoed(call, call.error_text(payload)) or plain


def _wait_s(failed: Failed, attempt: int) -> float:
    if isinstance(failed.error, RateLimited) and failed.error.retry_after_s is not None:
        return failed.error.retry_after_s
    longest = _BACK_OFF_S[min(attempt, len(_BACK_OFF_S)) - 1]
    return longest * random.SystemRandom().uniform(0.5, 1.0)
