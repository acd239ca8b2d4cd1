"""The accounts of the service-account API.

Source: STACKIT service-account API description v2, read 2026-08-21. A new account has no rights.
"""

from __future__ import annotations

import re
import secrets
import string
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.routing import route
from tokentui.simulator.stackit.account_gate import AccountGate, body_of
from tokentui.simulator.stackit.account_wire import account_json
from tokentui.simulator.stackit.flat_errors import AuthError, FlatError
from tokentui.simulator.stackit.model import Identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.world import StackitWorld

ACCOUNTS = "/v2/projects/{project_id}/service-accounts"
ACCOUNT = ACCOUNTS + "/{email:path}"
_NAME = re.compile(r"[a-z](?:-?[a-z0-9]+)*")
_MAX_NAME = 20
_RANDOM = string.ascii_lowercase + string.digits


class AccountApi:
    """Lists, makes and ends service accounts."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._gate = AccountGate(world, tokens)

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the service-account base URL; to come after longer ones."""
        return [
            route("GET", ACCOUNTS, self._list),
            route("POST", ACCOUNTS, self._create),
            route("DELETE", ACCOUNT, self._delete),
        ]

    async def _list(self, request: Request) -> Response:
        project = self._gate.project(request, AuthError, write=False)
        accounts = [one for one in self._world.accounts.all() if one.project_id == project.id]
        return JsonResponse({"items": [account_json(one) for one in accounts]})

    async def _create(self, request: Request) -> Response:
        project = self._gate.project(request, FlatError, write=True)
        name = (await body_of(request)).get("name")
        if not isinstance(name, str) or len(name) > _MAX_NAME or not _NAME.fullmatch(name):
            raise FlatError(HTTPStatus.BAD_REQUEST, "Validation of name failed")
        if any(
            one.project_id == project.id and _name_of(one) == name
            for one in self._world.accounts.all()
        ):
            raise FlatError(HTTPStatus.CONFLICT, "Name is not unique")
        random = "".join(secrets.choice(_RANDOM) for _ in range(8))
        email = f"{name}-{random}@sa.stackit.cloud"
        account = Identity(str(uuid.uuid4()), email, email, project.id, may_read=False)
        self._world.accounts.add(account)
        return JsonResponse(account_json(account), HTTPStatus.CREATED)

    async def _delete(self, request: Request) -> Response:
        account = self._gate.account(request, FlatError, write=True, unknown=HTTPStatus.NOT_FOUND)
        self._world.accounts.delete(account)
        return Response()


def _name_of(account: Identity) -> str:
    return account.email.partition("@")[0].rpartition("-")[0]
