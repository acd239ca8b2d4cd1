"""The tokens of service accounts.

Source: kubermatic/dashboard 8fd2d3f modules/api/pkg/handler/v1/serviceaccount/token.go, read
2026-11-22. The path's account is checked, but a token is found by its own id alone. On the path of
a global admin the name of a token is compared with ids, so that names can repeat.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.errors import (
    ApiError,
    already_exists,
    bad_request,
    decoded,
    json_object,
    not_found,
    text_field,
)
from tokentui.simulator.kubermatic.gate import refused
from tokentui.simulator.kubermatic.model import TOKEN_PREFIX
from tokentui.simulator.kubermatic.server import bare_id
from tokentui.simulator.kubermatic.wire import token_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Account, Caller, Project, Token
    from tokentui.simulator.kubermatic.server import KubermaticServer

_TOKENS: Final = "/api/v1/projects/{project}/serviceaccounts/{account}/tokens"
_TOKEN: Final = _TOKENS + "/{token}"
_KIND: Final = "v1.ServiceAccountToken"
_PUBLIC_KIND: Final = "v1.PublicServiceAccountToken"

_MAX_NAME: Final = 50
_MAX_LABEL: Final = 63
_LABEL: Final = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_LABEL_RULE: Final = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character"
)

_INVALIDATED_SINCE: Final = 21


class TokenApi:
    """Lists, makes, renames, regenerates and deletes tokens."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        return [
            route("GET", _TOKENS, self._list),
            route("POST", _TOKENS, self._create),
            route("PUT", _TOKEN, self._regenerate),
            route("PATCH", _TOKEN, self._rename),
            route("DELETE", _TOKEN, self._delete),
        ]

    async def _list(self, request: Request) -> Response:
        _, _, account = self._account(request)
        tokens = self._server.tokens_of(account)
        self._require_readable(
            tokens,
            "failed to get some service account tokens, please examine details field for more info",
        )
        return JsonResponse([token_json(self._server, token) for token in tokens])

    async def _create(self, request: Request) -> Response:
        body = await json_object(request, _KIND)
        name = text_field(body, "name", _KIND)
        self._gate.caller(request)
        if not name:
            raise bad_request("the name, service account ID and project ID cannot be empty")
        if len(name) > _MAX_NAME:
            raise bad_request(f"the name is too long, max {_MAX_NAME} chars")
        caller, _, account = self._account(request)
        self._require_free(caller, account, name)
        if not caller.is_admin and self._server.is_before(account.ready_at):
            raise refused(caller, "create", "secrets")
        _require_label(name)
        token = self._server.create_token(account, name)
        return JsonResponse(self._private(token), HTTPStatus.CREATED)

    async def _regenerate(self, request: Request) -> Response:
        body = await json_object(request, _PUBLIC_KIND)
        name = text_field(body, "name", _PUBLIC_KIND)
        body_id = text_field(body, "id", _PUBLIC_KIND)
        self._gate.caller(request)
        path_id = request.path_params["token"]
        if not name:
            raise bad_request("new name can not be empty")
        if path_id != body_id:
            raise bad_request(
                f'token ID mismatch, you requested to update token "{path_id}"'
                f' but body contains token "{body_id}"'
            )
        account, token = self._rename_to(request, name)
        self._server.regenerate(account, token)
        return JsonResponse(self._private(token))

    async def _rename(self, request: Request) -> Response:
        raw = await request.body()
        self._gate.caller(request)
        if not raw:
            raise bad_request("body can not be empty")
        body = decoded(raw, _PUBLIC_KIND, HTTPStatus.BAD_REQUEST)
        name = body.get("name") or ""
        if not isinstance(name, str):
            raise bad_request("json: cannot unmarshal into Go struct field .name of type string")
        if not name:
            raise bad_request("new name can not be empty")
        _, token = self._rename_to(request, name)
        self._require_readable([token], "the token cannot be read")
        return JsonResponse(token_json(self._server, token))

    async def _delete(self, request: Request) -> Response:
        caller, project, _ = self._account(request)
        self._server.drop_token(self._token(request, caller, project, "delete"))
        return JsonResponse({})

    def _rename_to(self, request: Request, name: str) -> tuple[Account, Token]:
        caller, project, account = self._account(request)
        token = self._token(request, caller, project, "update")
        if name != token.name:
            self._require_free(caller, account, name)
            _require_label(name)
            token.name = name
        return account, token

    def _account(self, request: Request) -> tuple[Caller, Project, Account]:
        caller = self._gate.caller(request)
        project = self._gate.project(request, caller)
        return caller, project, self._gate.account(request, caller, project)

    def _token(self, request: Request, caller: Caller, project: Project, verb: str) -> Token:
        token_id = bare_id(request.path_params["token"])
        token = self._server.tokens.get(token_id)
        if token is None or token.project_id != project.id:
            raise not_found("secrets", TOKEN_PREFIX + token_id)
        if not caller.is_admin and self._server.is_before(token.ready_at):
            raise refused(caller, verb, "secrets", TOKEN_PREFIX + token_id)
        return token

    def _require_free(self, caller: Caller, account: Account, name: str) -> None:
        taken = (
            one.id == name if caller.is_admin else one.name == name
            for one in self._server.tokens_of(account)
        )
        if any(taken):
            raise already_exists("token", name)

    def _require_readable(self, tokens: Sequence[Token], message: str) -> None:
        """Before 2.21 one expired or unverifiable token spoils the whole answer."""
        if self._server.minor >= _INVALIDATED_SINCE:
            return
        unreadable = [one.id for one in tokens if self._server.signer.claims(one.secret) is None]
        if unreadable:
            details = [f"unable to create token for {TOKEN_PREFIX}{one}" for one in unreadable]
            raise ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, message, details)

    def _private(self, token: Token) -> dict[str, object]:
        return token_json(self._server, token) | {"token": token.secret}


def _require_label(name: str) -> None:
    problem = ""
    if len(name) > _MAX_LABEL:
        problem = f"must be no more than {_MAX_LABEL} characters"
    elif not _LABEL.fullmatch(name):
        problem = _LABEL_RULE
    if problem:
        message = f'Secret is invalid: metadata.labels: Invalid value: "{name}": {problem}'
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, message)
