"""Who may do what with which service account.

Source: STACKIT service-account API description v2 (x-stackit-authorization and the schema of each
403), read 2026-08-21; that the key operations answer 403 for an unknown account is what
terraform-provider-stackit 49f5457 expects. What an unknown project answers is not published: 403.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.bodies import object_of
from tokentui.simulator.stackit.flat_errors import AuthError, FlatError

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from tokentui.simulator.stackit.access_tokens import AccessTokens
    from tokentui.simulator.stackit.model import Identity, Project
    from tokentui.simulator.stackit.world import StackitWorld

Refusal = type[FlatError] | type[AuthError]
"""The form in which an operation answers 403."""


class AccountGate:
    """Reads caller, project and account from a request, or refuses it."""

    def __init__(self, world: StackitWorld, tokens: AccessTokens) -> None:
        self._world = world
        self._tokens = tokens

    def project(self, request: Request, refusal: Refusal, *, write: bool) -> Project:
        """Return the project of the path if the caller has rights there."""
        self._caller(request, refusal, write=write)
        project = self._world.projects.get(request.path_params["project_id"])
        if project is None:
            raise refusal(HTTPStatus.FORBIDDEN, "No access to the project")
        return project

    def account(
        self,
        request: Request,
        refusal: Refusal,
        *,
        write: bool,
        unknown: HTTPStatus = HTTPStatus.FORBIDDEN,
    ) -> Identity:
        """Return the account of the path; `unknown` is the answer if there is none."""
        project = self.project(request, refusal, write=write)
        account = self._world.accounts.named(request.path_params["email"])
        if account is None and unknown is HTTPStatus.NOT_FOUND:
            raise FlatError(unknown, "Service account not found")
        if account is None or account.project_id != project.id:
            raise refusal(HTTPStatus.FORBIDDEN, "Service account does not belong to the project")
        return account

    def refuse_own(self, request: Request, account: Identity) -> None:
        """Refuse an account that would give itself new or longer credentials."""
        if self._tokens.caller(request) is account:
            raise FlatError(
                HTTPStatus.FORBIDDEN, "A service account cannot do this with a token of its own"
            )

    def _caller(self, request: Request, refusal: Refusal, *, write: bool) -> Identity:
        caller = self._tokens.caller(request)
        if caller is None:
            raise AuthError(HTTPStatus.UNAUTHORIZED, "The request is not authorised")
        if not (caller.may_write if write else caller.may_read):
            raise refusal(HTTPStatus.FORBIDDEN, "Missing permission on the resource")
        return caller


async def body_of(request: Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object or nothing."""
    body = await object_of(request)
    if body is None:
        raise FlatError(HTTPStatus.BAD_REQUEST, "Body is not a JSON object")
    return body
