"""An answer caught before it is sent, so that a fault can spoil it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(slots=True)
class Answer:
    """Status, headers and whole body of one HTTP answer."""

    status: int = HTTPStatus.OK
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, send: Send) -> None:
        """Send the answer in the ordinary way."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def head(self) -> bytes:
        """Return status line and headers as they go over the wire."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}".encode("ascii")]
        lines += [name + b": " + value for name, value in self.headers]
        lines.append(b"connection: close")
        return b"\r\n".join(lines) + b"\r\n\r\n"


async def catch(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """Let the application act and keep its answer."""
    answer = Answer()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    await app(scope, receive, keep)
    return answer


def text_answer(status: int, body: bytes, content_type: str) -> Answer:
    """Return an answer with its length and type in the headers."""
    headers = [
        (b"content-type", content_type.encode("ascii")),
        (b"content-length", str(len(body)).encode("ascii")),
    ]
    return Answer(status, headers, body)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
