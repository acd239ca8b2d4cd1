"""What servers and lines do wrong, and what the HTTP layer must make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fault_server import close, drip, raw, reply, reset, silent
from tokentui.domain.errors import (
    BadAnswer,
    Forbidden,
    NotFound,
    NotSignedIn,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    Unreachable,
)

if TYPE_CHECKING:
    from fault_server import Behaviour


@dataclass(frozen=True)
class Case:
    """A fault; `times` is how often a read is sent, `outcome` what a request that makes learns."""

    name: str
    fault: Behaviour
    read: type[ProviderError]
    once: type[ProviderError]
    outcome: Outcome
    words: str
    times: int = 1


REFUSED, UNKNOWN = Outcome.REFUSED, Outcome.UNKNOWN
HEAD = b"HTTP/1.1 200 OK\r\n"
JSON_HEAD = HEAD + b"Content-Type: application/json\r\n"
CASES = (
    Case("no byte", close, Unreachable, OutcomeUnknown, UNKNOWN, "broke the connection off", 3),
    Case("reset", reset, Unreachable, OutcomeUnknown, UNKNOWN, "broke the connection off", 3),
    Case("cut head", raw(b"HTTP/1.1 20"), Unreachable, OutcomeUnknown, UNKNOWN, "broke", 3),
    Case("cut body", reply(length=99), Unreachable, OutcomeUnknown, UNKNOWN, "broke", 3),
    Case(
        "cut chunk",
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"),
        Unreachable,
        OutcomeUnknown,
        UNKNOWN,
        "broke",
        3,
    ),
    Case(
        "cut without length", raw(JSON_HEAD + b'\r\n{"a'), BadAnswer, BadAnswer, UNKNOWN, "not JSON"
    ),
    Case(
        "length too small",
        reply(body=b'{"a": 1}', length=4),
        BadAnswer,
        BadAnswer,
        UNKNOWN,
        "not JSON",
    ),
    Case("no HTTP", raw(b"SSH-2.0-x\r\n"), Unreachable, OutcomeUnknown, UNKNOWN, "broke", 3),
    Case("silent", silent, Unreachable, OutcomeUnknown, UNKNOWN, "did not answer within 0.5 s"),
    Case(
        "slow head",
        drip(HEAD * 99, 0.05),
        Unreachable,
        OutcomeUnknown,
        UNKNOWN,
        "did not answer within 0.5 s",
    ),
    Case(
        "slow body",
        drip(HEAD[:-2] + b"\r\nContent-Length: 900\r\n\r\n" + b" " * 900, 0.005),
        Unreachable,
        OutcomeUnknown,
        UNKNOWN,
        "did not answer within 0.5 s",
    ),
    Case("html", reply(body=b"<html>"), BadAnswer, BadAnswer, UNKNOWN, "not JSON"),
    Case("deep", reply(body=b"[" * 200_000), BadAnswer, BadAnswer, UNKNOWN, "not JSON"),
    Case("huge int", reply(body=b"1" * 9000), BadAnswer, BadAnswer, UNKNOWN, "not JSON"),
    Case("latin-1", reply(body=b'"\xe9"'), BadAnswer, BadAnswer, UNKNOWN, "not JSON"),
    Case("nan", reply(body=b'{"a": NaN}'), BadAnswer, BadAnswer, UNKNOWN, "not JSON"),
    Case("large", reply(body=b" " * 2_100_000), BadAnswer, BadAnswer, UNKNOWN, "2 MB"),
    Case(
        "compressed",
        reply(body=b"\x1f\x8b", Content_Encoding="gzip"),
        BadAnswer,
        BadAnswer,
        UNKNOWN,
        "compressed",
    ),
    Case(
        "redirect",
        reply(307, Location="https://elsewhere.example/x"),
        Unreachable,
        Unreachable,
        REFUSED,
        "sends on to elsewhere.example",
    ),
    Case(
        "redirect to nonsense",
        reply(302, Location="http://["),
        Unreachable,
        Unreachable,
        REFUSED,
        "sends on to nowhere",
    ),
    Case("see other", reply(303), Unreachable, OutcomeUnknown, UNKNOWN, ""),
    Case("400", reply(400), Refused, Refused, REFUSED, "400 Bad Request"),
    Case("401", reply(401), NotSignedIn, NotSignedIn, REFUSED, "401 Unauthorized"),
    Case("403", reply(403), Forbidden, Forbidden, REFUSED, "403 Forbidden"),
    Case("404", reply(404), NotFound, NotFound, REFUSED, "404 Not Found"),
    Case("409", reply(409), Refused, Refused, REFUSED, "409 Conflict"),
    Case("422", reply(422), Refused, Refused, REFUSED, "422 Unprocessable"),
    Case("429", reply(429, Retry_After="0"), RateLimited, RateLimited, REFUSED, "429 Too Many", 3),
    Case("500", reply(500), ProviderError, OutcomeUnknown, UNKNOWN, "500 Internal"),
    Case("502", reply(502), Unreachable, OutcomeUnknown, UNKNOWN, "502 Bad Gateway", 3),
    Case("503", reply(503), Unreachable, OutcomeUnknown, UNKNOWN, "503 Service", 3),
    Case("504", reply(504), Unreachable, OutcomeUnknown, UNKNOWN, "504 Gateway", 3),
    Case("599", reply(599), ProviderError, OutcomeUnknown, UNKNOWN, "599"),
    Case("large refusal", reply(403, b" " * 2_100_000), Forbidden, Forbidden, REFUSED, "403"),
)
