"""Who asks, and what their group may do.

Source: kubermatic/dashboard c996f110 modules/api/pkg/handler/auth and handler/middleware;
kubermatic/kubermatic 2974df5b pkg/controller/master-controller-manager/rbac/mapper.go, both as
of August 2026. The header's first seven characters are cut without a look at the scheme.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubermatic.errors import ApiError, forbidden, not_found
from tokentui.simulator.kubermatic.model import ACCOUNT_PREFIX, Caller, Group
from tokentui.simulator.kubermatic.server import bare_id, email_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.kubermatic.model import Account, Cluster, Project
    from tokentui.simulator.kubermatic.server import KubermaticServer

_BEARER_LENGTH: Final = len("Bearer ")
_GROUP_OF_API: Final = "kubermatic.k8c.io"

ACCOUNT_MANAGERS: Final = frozenset({Group.OWNERS, Group.MANAGERS})
CLUSTER_READERS: Final = frozenset({Group.OWNERS, Group.EDITORS, Group.VIEWERS})
CLUSTER_WRITERS: Final = frozenset({Group.OWNERS, Group.EDITORS})

MANAGERS_SINCE: Final = 17


class Gate:
    """Reads the caller and the objects that a path names, and refuses who may not."""

    def __init__(self, server: KubermaticServer) -> None:
        self._server = server

    def caller(self, request: Request) -> Caller:
        """Return the caller; the ID token of a person is tried first."""
        text = token_of(request)
        if not text:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "not authorized", ["no token was given"])
        if text in self._server.logged_out:
            raise _invalid("token has been logged out")
        email = self._server.persons.email_of(text)
        if email is not None:
            return Caller(email, user=self._server.user(email))
        claims = self._server.signer.claims(text)
        if claims is None:
            raise _invalid("the signature does not fit or the token has expired")
        token = self._server.tokens.get(claims["token_id"])
        account = self._account_of(claims["email"])
        if token is None or account is None or token.secret != text:
            raise _invalid(
                f"token expired: sa: the token {claims['token_id']}"
                f" has been revoked for {claims['email']}"
            )
        return Caller(claims["email"], account=account)

    def project(self, request: Request, caller: Caller) -> Project:
        """Return the project of the path to a member or global admin."""
        project_id = request.path_params["project"]
        project = self._server.projects.get(project_id)
        if project is None:
            raise not_found(f"projects.{_GROUP_OF_API}", project_id)
        if not caller.is_admin and self._server.role(caller, project) is None:
            message = f'forbidden: "{caller.email}" doesn\'t belong to project {project_id}'
            raise forbidden(message)
        return project

    def has(self, caller: Caller, project: Project, groups: frozenset[Group]) -> bool:
        """Whether a caller is in one of the groups, as global admins are in all."""
        if caller.is_admin:
            return True
        if self._server.minor < MANAGERS_SINCE:
            groups = groups - {Group.MANAGERS}
        return self._server.role(caller, project) in groups

    def require_accounts(self, caller: Caller, project: Project, verb: str, name: str = "") -> None:
        """Refuse who may not do this with service accounts."""
        if not self.has(caller, project, ACCOUNT_MANAGERS):
            raise refused(caller, verb, f"users.{_GROUP_OF_API}", name)

    def account(self, request: Request, caller: Caller, project: Project) -> Account:
        """Return the service account of the path to who may see it."""
        account_id = bare_id(request.path_params["account"])
        self.require_accounts(caller, project, "get", ACCOUNT_PREFIX + account_id)
        account = self._server.accounts.get(account_id)
        if account is None or account.project_id != project.id:
            raise not_found(f"users.{_GROUP_OF_API}", ACCOUNT_PREFIX + account_id)
        return account

    def cluster(
        self, request: Request, groups: frozenset[Group] = CLUSTER_READERS
    ) -> tuple[Caller, Project, Cluster]:
        """Return the cluster of the path to a caller in one of the groups."""
        caller = self.caller(request)
        project = self.project(request, caller)
        cluster_id = request.path_params["cluster"]
        cluster = self._server.clusters.get(cluster_id)
        dc = request.path_params.get("dc")
        if (
            cluster is None
            or cluster.project_id != project.id
            or not self._server.reaches(cluster)
            or dc not in (None, cluster.dc)
        ):
            raise not_found("cluster-provider", cluster_id)
        if not self.has(caller, project, groups):
            raise refused(caller, "get", f"clusters.{_GROUP_OF_API}", cluster_id)
        return caller, project, cluster

    def _account_of(self, email: str) -> Account | None:
        account = self._server.accounts.get(bare_id(email.partition("@")[0]))
        return account if account is not None and email_of(account) == email else None


def token_of(request: Request) -> str:
    """Return the token of a request: of the header, else the cookie, else the query."""
    header = request.headers.get("authorization", "")[_BEARER_LENGTH:]
    return header or request.cookies.get("token", "") or request.query_params.get("token", "")


def refused(caller: Caller, verb: str, resource: str, name: str = "") -> ApiError:
    """Return Kubernetes' refusal of an action on objects or, with a name, one object."""
    plural, _, group = resource.partition(".")
    subject = f'{resource} "{name}"' if name else resource
    return forbidden(
        f'{subject} is forbidden: User "{caller.email}" cannot {verb} resource "{plural}"'
        f' in API group "{group}" at the cluster scope'
    )


def _invalid(reason: str) -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, f"access denied, invalid token: {reason}")
