"""An installation that writes harm into every text, and dates that no calendar expects."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubermatic.model import Account, ClusterAccount, Project, Token
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number

if TYPE_CHECKING:
    from tokentui.simulator.kubermatic.model import Cluster
    from tokentui.simulator.kubermatic.server import KubermaticServer

_DATES: Final = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
_COMMAND: Final = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "command": "/bin/sh",
    "args": ["-c", "touch /tmp/simulator-was-here"],
    "interactiveMode": "Never",
}


def make_hostile(server: KubermaticServer) -> None:
    """Put harm into every text of the installation that is no secret.

    The objects there keep ids that can be asked for, so that signing in and minting stay possible;
    one more project, account, token and cluster per hostile text carries it in every field.
    """
    server.text = hostile_text
    for user in server.users.values():
        server.users[user.email] = dataclasses.replace(user, name=hostile_text(user.name))
    template = server.cluster_named("web")
    shop, deployer = server.project_named("shop"), server.account_named("deployer")
    _taint_what_is_there(server)
    for number, text in enumerate(HOSTILE_TEXTS):
        owners = {mail: "owners" for mail, group in shop.members.items() if group == "owners"}
        _add_project(server, number, text, owners)
        _add_account(server, shop, number, text)
        _add_token(server, deployer, number, text)
        cluster = _hostile_cluster(template, number, text)
        server.clusters[cluster.id] = cluster
        account = ClusterAccount(text, text_number(number + 1), template.created, "", shop.created)
        template.accounts[account.namespace, account.name] = account
    armed = dataclasses.replace(template, id="exec000000", name="exec")
    armed.kubeconfig_user = {"exec": _COMMAND}
    server.clusters[armed.id] = armed


def _taint_what_is_there(server: KubermaticServer) -> None:
    for number, cluster in enumerate(server.clusters.values()):
        cluster.labels = {text_number(number): text_number(number + 1)}
    for number, project in enumerate(server.projects.values()):
        project.labels = {text_number(number): text_number(number + 1)}


def _add_project(server: KubermaticServer, number: int, text: str, members: dict[str, str]) -> None:
    project_id = text or "empty-id"
    server.projects[project_id] = Project(
        id=project_id,
        name=text,
        created=_DATES[number % len(_DATES)],
        status=text_number(number + 1),
        members=members,
        labels={text_number(number + 2): text_number(number + 3)},
    )


def _add_account(server: KubermaticServer, project: Project, number: int, text: str) -> None:
    account_id = text_number(number + 1) or "empty-id"
    server.accounts[account_id] = Account(
        id=account_id,
        project_id=project.id,
        name=text,
        group=text_number(number + 2),
        created=_DATES[number % len(_DATES)],
        ready_at=project.created,
    )


def _add_token(server: KubermaticServer, account: Account, number: int, text: str) -> None:
    made = _DATES[number % len(_DATES)]
    token = Token(
        id=text_number(number + 1) or "empty-id",
        account_id=account.id,
        project_id=account.project_id,
        name=text,
        created=made,
        ready_at=account.created,
        secret=f"hostile-{number}",
    )
    server.add_token(token)


def _hostile_cluster(template: Cluster, number: int, text: str) -> Cluster:
    return dataclasses.replace(
        template,
        id=f"hostile{number:03d}",
        name=text,
        dc=text_number(number + 1),
        version=text_number(number + 2),
        url=text_number(number + 3),
        created=_DATES[number % len(_DATES)],
        labels={text: text_number(number + 4)},
        accounts={},
        bindings={},
        served={},
    )
