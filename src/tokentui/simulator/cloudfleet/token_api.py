"""The operations on tokens.

Source: the verbs of cloudfleet.ai/docs/organization/api-tokens, read 2026-08-21. A regeneration
keeps the id and ends the old secret at once. Assumptions: names may repeat and must not be empty;
an update replaces the whole token as updates of clusters do, so that a role left out falls back to
User and a read-only field in the body is refused.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.cloudfleet import wire
from tokentui.simulator.cloudfleet.errors import json_object, refusal
from tokentui.simulator.cloudfleet.model import Role

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.cloudfleet.gate import Gate
    from tokentui.simulator.cloudfleet.model import ApiToken
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

_READ_ONLY: Final = ("id", "secret", "created", "last_used")


class TokenApi:
    """Lists, makes, changes and ends tokens."""

    def __init__(self, world: CloudfleetWorld, gate: Gate) -> None:
        self._world = world
        self._gate = gate

    async def list(self, request: Request) -> Response:
        """Return every token without its secret."""
        self._gate.token_reader(request)
        items = [wire.token_json(self._world, one) for one in self._world.tokens()]
        return wire.list_answer(self._world, items)

    async def get(self, request: Request) -> Response:
        """Return one token without its secret."""
        self._gate.token_reader(request)
        body = wire.token_json(self._world, self._named(request))
        return wire.change_answer(body, HTTPStatus.OK)

    async def create(self, request: Request) -> Response:
        """Make a token and return its secret."""
        self._gate.administrator(request)
        body = await json_object(request)
        token = self._world.create_token(self._name(body), self._role(body))
        dialect = self._world.dialect
        return wire.secret_answer(self._world, token, dialect.create_answer, dialect.create_status)

    async def update(self, request: Request) -> Response:
        """Replace name and role of a token."""
        self._gate.administrator(request)
        token = self._named(request)
        body = await json_object(request)
        fields = self._world.dialect.token_fields
        refused = [fields[one] for one in _READ_ONLY if fields[one] and fields[one] in body]
        if refused:
            raise refusal(HTTPStatus.BAD_REQUEST, f"{refused[0]} is read-only")
        made = self._world.change_token(token, self._name(body), self._role(body, Role.USER))
        answer = wire.token_json(self._world, made)
        return wire.change_answer(answer, self._world.dialect.update_status)

    async def regenerate(self, request: Request) -> Response:
        """Give a token a new secret and return it."""
        self._gate.administrator(request)
        token = self._world.regenerate_token(self._named(request))
        dialect = self._world.dialect
        return wire.secret_answer(
            self._world, token, dialect.regenerate_answer, dialect.regenerate_status
        )

    async def delete(self, request: Request) -> Response:
        """End a token, the calling one too."""
        self._gate.administrator(request)
        self._world.delete_token(self._named(request))
        return wire.change_answer({}, self._world.dialect.delete_status)

    def _named(self, request: Request) -> ApiToken:
        token = self._world.token(request.path_params["token_id"])
        if token is None:
            raise refusal(HTTPStatus.NOT_FOUND, "Token not found")
        return token

    def _name(self, body: dict[str, Any]) -> str:
        field = self._world.dialect.token_fields["name"]
        name = body.get(field)
        if not isinstance(name, str) or not name:
            raise refusal(HTTPStatus.BAD_REQUEST, f"{field} is required")
        return name

    def _role(self, body: dict[str, Any], default: str = "") -> Role:
        field = self._world.dialect.token_fields["role"]
        try:
            return Role(body.get(field, default))
        except ValueError:
            known = " or ".join(Role)
            raise refusal(HTTPStatus.BAD_REQUEST, f"{field} must be {known}") from None
