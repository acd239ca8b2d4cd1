"""What adapters send and what simulators answer while a test runs, whoever made them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.providers.http import Http
from tokentui.simulator.answer import Answer, catch
from tokentui.simulator.date_header import DateHeader

if TYPE_CHECKING:
    import pytest
    from starlette.types import Receive, Scope, Send

    from tokentui.providers.http import _Progress, _Received
    from tokentui.providers.http_call import Call


@dataclass(slots=True)
class Exchange:
    """A request of an adapter; `status` is None where no answer came."""

    call: Call
    status: int | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of a simulator before any fault spoils it; the path is as it was sent."""

    method: str
    path: str
    answer: Answer

    @property
    def media(self) -> str:
        """The type of the body, without its parameters."""
        values = [v for name, v in self.answer.headers if name.lower() == b"content-type"]
        return values[0].decode("latin-1").partition(";")[0].strip() if values else ""


@dataclass(slots=True)
class Traffic:
    """All that went over the line, in order."""

    sent: list[Exchange] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)

    def posted(self) -> list[Exchange]:
        """Give what was sent by POST, signing in aside."""
        return [one for one in self.sent if one.call.method == "POST" and not one.call.form]


def record(patch: pytest.MonkeyPatch) -> Traffic:
    """Note every request of every `Http` and every answer of every simulator from now on."""
    traffic = Traffic()
    send, serve = Http._exchange, DateHeader.__call__

    async def exchange(self: Http, call: Call, progress: _Progress) -> _Received:
        noted = Exchange(call)
        traffic.sent.append(noted)
        received = await send(self, call, progress)
        noted.status, noted.body = received.code, received.body
        return received

    async def answer(self: DateHeader, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(scope: Scope, receive: Receive, send: Send) -> None:
            await serve(self, scope, receive, send)

        caught = await catch(dated, scope, receive)
        path = scope.get("raw_path") or scope["path"].encode()
        method = scope["method"]
        traffic.answered.append(Answered(method, path.decode("latin-1"), caught))
        await caught.send(send)

    patch.setattr(Http, "_exchange", exchange)
    patch.setattr(DateHeader, "__call__", answer)
    return traffic
