"""The service accounts of a project.

Source: kubermatic/dashboard 1c22243 modules/api/pkg/handler/v1/serviceaccount/sa.go, read
2026-11-22. That a new account or group is listed as inactive at least once is a rule of this
simulator; the real one needs seconds.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubermatic.errors import (
    already_exists,
    bad_request,
    forbidden,
    json_object,
    text_field,
)
from tokentui.simulator.kubermatic.gate import MANAGERS_SINCE
from tokentui.simulator.kubermatic.model import Group
from tokentui.simulator.kubermatic.server import email_of
from tokentui.simulator.kubermatic.wire import ACTIVE, INACTIVE, account_json
from tokentui.simulator.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from tokentui.simulator.kubermatic.gate import Gate
    from tokentui.simulator.kubermatic.model import Account, Project
    from tokentui.simulator.kubermatic.server import KubermaticServer

_KIND: Final = "v1.ServiceAccount"
_ACCOUNTS: Final = "/api/v1/projects/{project}/serviceaccounts"
_ACCOUNT: Final = _ACCOUNTS + "/{account}"


class AccountApi:
    """Lists, makes, changes and deletes service accounts."""

    def __init__(self, server: KubermaticServer, gate: Gate) -> None:
        self._server = server
        self._gate = gate

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes below the installation's path."""
        return [
            route("GET", _ACCOUNTS, self._list),
            route("POST", _ACCOUNTS, self._create),
            route("PUT", _ACCOUNT, self._change),
            route("DELETE", _ACCOUNT, self._delete),
        ]

    async def _list(self, request: Request) -> Response:
        """List the accounts; where there is none, every member may see so."""
        caller = self._gate.caller(request)
        project = self._gate.project(request, caller)
        accounts = self._server.accounts_of(project.id)
        if accounts:
            self._gate.require_accounts(caller, project, "list")
        return JsonResponse([account_json(one, self._listed_status(one)) for one in accounts])

    async def _create(self, request: Request) -> Response:
        body = await json_object(request, _KIND)
        name, group = text_field(body, "name", _KIND), text_field(body, "group", _KIND)
        caller = self._gate.caller(request)
        self._validate(name, group)
        project = self._gate.project(request, caller)
        if self._server.accounts_of(project.id):
            self._gate.require_accounts(caller, project, "list")
        self._require_free(project, name)
        self._gate.require_accounts(caller, project, "create")
        account = self._server.create_account(project.id, name, group)
        return JsonResponse(account_json(account, INACTIVE), HTTPStatus.CREATED)

    async def _change(self, request: Request) -> Response:
        """Set name and group; refused while the rights of the last change are not there."""
        body = await json_object(request, _KIND)
        name, group = text_field(body, "name", _KIND), text_field(body, "group", _KIND)
        caller = self._gate.caller(request)
        self._validate(name, group)
        _require_same_id(request.path_params["account"], body)
        project = self._gate.project(request, caller)
        account = self._gate.account(request, caller, project)
        if name != account.name:
            self._require_free(project, name)
        if self._server.is_before(account.ready_at):
            message = f'there is no user binding for "{email_of(account)}" in {project.id}'
            raise forbidden(message)
        account.name = name
        status = self._listed_status(account)
        if group != account.group:
            account.group, status = group, INACTIVE
            account.ready_at = self._server.after(self._server.settle_seconds)
            account.inactive_answers = 1
        return JsonResponse(account_json(account, status))

    async def _delete(self, request: Request) -> Response:
        caller = self._gate.caller(request)
        account = self._gate.account(request, caller, self._gate.project(request, caller))
        self._server.delete_account(account)
        return JsonResponse({})

    def _listed_status(self, account: Account) -> str:
        still_due = account.inactive_answers > 0
        account.inactive_answers = max(0, account.inactive_answers - 1)
        return INACTIVE if still_due or self._server.is_before(account.ready_at) else ACTIVE

    def _validate(self, name: str, group: str) -> None:
        if not name or not group:
            raise bad_request("the name, project ID and group cannot be empty")
        allowed = {Group.EDITORS, Group.VIEWERS}
        if self._server.minor >= MANAGERS_SINCE:
            allowed.add(Group.MANAGERS)
        if group not in allowed:
            raise bad_request(f"invalid group name {group}")

    def _require_free(self, project: Project, name: str) -> None:
        if any(one.name == name for one in self._server.accounts_of(project.id)):
            raise already_exists("service account", name)


def _require_same_id(path_id: str, body: dict[str, Any]) -> None:
    body_id = text_field(body, "id", _KIND)
    if path_id != body_id:
        raise bad_request(
            f'service account ID mismatch, you requested to update ServiceAccount "{path_id}"'
            f' but body contains ServiceAccount "{body_id}"'
        )
