"""The JSON forms of the API; what is unset is absent, except times.

Source: kubermatic/dashboard c996f110 modules/api/pkg/api/v1 and the swagger files of the release
branches 2.12 to 2.31, as of August 2026.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubermatic.server import email_of
from tokentui.simulator.kubermatic.signing import end_of

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.simulator.kubermatic.model import (
        Account,
        Caller,
        Cluster,
        ClusterAccount,
        Project,
        Token,
    )
    from tokentui.simulator.kubermatic.server import KubermaticServer

ZERO_TIME: Final = "0001-01-01T00:00:00Z"
ACTIVE: Final = "Active"
INACTIVE: Final = "Inactive"

_Json = dict[str, object]

_COUNT_SINCE = 14
# The fields that the description of 2.21 has and that of 2.17 has not.
_LATER_FIELDS_SINCE = 21
_SPEC_SINCE = 26


def rfc3339(instant: datetime) -> str:
    """Return an aware instant as the API writes it."""
    whole = instant.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return whole.isoformat() + "Z"


def me_json(server: KubermaticServer, caller: Caller) -> _Json:
    """Return what the server says of the caller; groups are without suffix."""
    roles = [(one, server.role(caller, one)) for one in server.projects.values()]
    projects = [{"id": project.id, "group": role} for project, role in roles if role]
    if caller.account is not None:
        account = caller.account
        shown = _object(email_of(account).partition("@")[0], account.name, account.created)
    else:
        user = server.user(caller.email)
        shown = _object(user.id, user.name, user.created)
    shown |= {"email": caller.email, "projects": projects}
    if caller.is_admin:
        shown["isAdmin"] = True
    if server.minor >= _LATER_FIELDS_SINCE:
        shown["lastSeen"] = rfc3339(server.now())
    return shown


def project_json(server: KubermaticServer, project: Project) -> _Json:
    """Return a project; the number of its clusters is absent when zero."""
    owners = [mail for mail, group in project.members.items() if group == "owners"]
    shown = _object(project.id, project.name, project.created) | {"status": project.status}
    if owners:
        shown["owners"] = [
            {"name": server.user(mail).name, "creationTimestamp": ZERO_TIME, "email": mail}
            for mail in owners
        ]
    if project.labels:
        shown["labels"] = project.labels
    number = len(server.clusters_of(project.id))
    if number and server.minor >= _COUNT_SINCE:
        shown["clustersNumber"] = number
    if server.minor >= _SPEC_SINCE:
        shown["spec"] = {}
    return shown


def account_json(account: Account, status: str) -> _Json:
    """Return a service account; its group bears the project as suffix."""
    shown = _object(account.id, account.name, account.created)
    return shown | {"status": status, "group": f"{account.group}-{account.project_id}"}


def token_json(server: KubermaticServer, token: Token) -> _Json:
    """Return a token without its secret; an expired or unverifiable one has no end."""
    shown = _object(token.id, token.name, token.created)
    claims = server.signer.claims(token.secret)
    if claims is None:
        return shown | {"expiry": ZERO_TIME, "invalidated": True}
    return shown | {"expiry": rfc3339(end_of(claims))}


def cluster_account_json(account: ClusterAccount) -> _Json:
    """Return a service account of a cluster."""
    shown = _object(account.name, account.name, account.created)
    return shown | {"namespace": account.namespace}


def cluster_json(server: KubermaticServer, cluster: Cluster, *, with_count: bool = False) -> _Json:
    """Return a cluster; machine deployments are counted only on demand."""
    status: _Json = {"version": cluster.version, "url": cluster.url}
    cloud: _Json = {"dc": cluster.dc, "bringyourown": {}}
    if server.minor >= _LATER_FIELDS_SINCE:
        status["externalCCMMigration"] = "NotNeeded"
        cloud["providerName"] = "bringyourown"
    shown = _object(cluster.id, cluster.name, cluster.created) | {
        "type": "" if server.minor >= _LATER_FIELDS_SINCE else "kubernetes",
        "spec": {"cloud": cloud, "version": cluster.version},
        "status": status,
    }
    if cluster.labels:
        shown["labels"] = cluster.labels
    if with_count and server.minor >= _LATER_FIELDS_SINCE:
        shown["machineDeploymentCount"] = 1
    return shown


def _object(object_id: str, name: str, created: datetime) -> _Json:
    return {"id": object_id, "name": name, "creationTimestamp": rfc3339(created)}
