"""Says in words why no answer came, without a word of the exception's own text."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from tokentui.domain.errors import OutcomeUnknown, Unreachable
from tokentui.domain.text import clean
from tokentui.providers.http_check import host_of
from tokentui.providers.http_errors import LOOK_FIRST, Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokentui.providers.http_call import Call

FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError)
"""All that httpx 0.28 was seen to raise for a checked address; a time-out is an `OSError`."""

_CHECK_THE_WAY = "check the network, the VPN and the proxy, then try again"


def no_answer(
    call: Call, error: BaseException, *, sent: bool, making: bool, timeout_s: float
) -> Failed:
    """Say why an attempt gave no answer, and for a request that makes, what is certain."""
    why, next_step, again = _why(host_of(call.url), error, sent=sent, timeout_s=timeout_s)
    if making and sent:
        message = f"it is unknown whether the request to {call.what} was carried out because {why}"
        return Failed(OutcomeUnknown(message, LOOK_FIRST, why=why))
    return Failed(Unreachable(f"cannot {call.what} because {why}", next_step), again=again)


def _why(host: str, error: BaseException, *, sent: bool, timeout_s: float) -> tuple[str, str, bool]:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        if sent:
            return f"{host} did not answer within {timeout_s:g} s", _CHECK_THE_WAY, True
        return f"no connection to {host} came about in time", _CHECK_THE_WAY, True
    if isinstance(error, httpx.ProxyError):
        return f"the proxy refused to connect to {host}", "check the proxy", True
    if sent:
        return f"{host} broke the connection off before its answer was complete", "try again", True
    return _why_not_connected(host, error)


def _why_not_connected(host: str, error: BaseException) -> tuple[str, str, bool]:
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                reason = clean(cause.verify_message, 120)
                return (
                    f"the certificate of {host} is not trusted ({reason})",
                    "set `ca_file` to the authority's PEM file if you trust it",
                    False,
                )
            case ssl.SSLError():
                reason = clean((cause.reason or "no reason given").replace("_", " ").lower(), 80)
                return f"no TLS with {host} came about ({reason})", _CHECK_THE_WAY, False
            case socket.gaierror() | UnicodeError():
                return f"the name of {host} is not known here", _CHECK_THE_WAY, True
            case ConnectionRefusedError():
                return f"{host} refuses connections", _CHECK_THE_WAY, True
    return f"{host} cannot be reached", _CHECK_THE_WAY, True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an exception, what it came from, and the members of groups."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _causes(member)
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _causes(cause)
