"""The worlds that the simulated KKP can start with, laid out around the present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubermatic.cluster_account_api import new_cluster_account
from tokentui.simulator.kubermatic.hostile import make_hostile
from tokentui.simulator.kubermatic.model import (
    Account,
    Cluster,
    Group,
    Project,
    Token,
    User,
    id_of,
    new_static_token,
)
from tokentui.simulator.kubermatic.server import (
    CLUSTERS_PREFIX,
    DOMAIN,
    KubermaticServer,
    email_of,
)
from tokentui.simulator.kubermatic.world import CURRENT, MAIN, OLDER, KubermaticWorld

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.simulator.ground import Ground

OWNER: Final = f"anna@{DOMAIN}"
MEMBER: Final = f"ben@{DOMAIN}"
ADMIN: Final = f"root@{DOMAIN}"
MANAGER_TOKEN: Final = "tokentui-manager"  # noqa: S105 - the name of a token
EDITOR_TOKEN: Final = "tokentui-editor"  # noqa: S105 - the name of a token

PARTNER: Final = "partner000"
"""The id of a cluster elsewhere whose kubeconfig runs a program."""

_PARTNER_KUBECONFIG: Final = """\
apiVersion: v1
kind: Config
current-context: partner
clusters: [{name: partner, cluster: {server: "https://partner.invalid:6443"}}]
contexts: [{name: partner, context: {cluster: partner, user: partner}}]
users:
- name: partner
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks, get-token]}
"""
_DAY = timedelta(days=1)
_LIFE_YEARS = 3
_TOKENS_PER_ACCOUNT = 20
_ROWS_PER_CLUSTER = 10
_VERSION = "1.33.4"
_SEEDS = {"fra-1": "europe", "muc-1": "south"}


def empty(ground: Ground) -> KubermaticWorld:
    """Return the installations with their projects, persons and two accounts to sign in with."""
    versions = {MAIN: CURRENT} | {f"{MAIN}-{version}": version for version in OLDER}
    servers = [KubermaticServer(ground, name, version) for name, version in versions.items()]
    for server in servers:
        _add_projects(server)
        _add_user(server, ADMIN, is_admin=True)
        manager = _add_account(server, "lab", "tokentui-manager", Group.MANAGERS, 26)
        _add_token(server, manager, MANAGER_TOKEN, timedelta(days=26))
        editor = _add_account(server, "lab", "tokentui-editor", Group.EDITORS, 26)
        _add_token(server, editor, EDITOR_TOKEN, timedelta(days=26))
    return KubermaticWorld(servers)


def monday(ground: Ground) -> KubermaticWorld:
    """Return an ordinary working day."""
    world = empty(ground)
    for server in world.servers.values():
        _add_accounts(server)
        _add_cluster(server, "shop", "web", "fra-1", 620)
        _add_cluster(server, "shop", "batch", "muc-1", 211)
        _add_cluster(server, "data", "lake", "fra-1", 455)
        _add_cluster(server, "lab", "play", "fra-1", 25)
        _add_cluster_accounts(server)
        server.uploaded[server.project_named("shop").id, PARTNER] = _PARTNER_KUBECONFIG
    return world


def rows(ground: Ground, number: int) -> KubermaticWorld:
    """Return that many tokens and a tenth as many clusters on the first installation.

    An account has up to twenty of the tokens.
    """
    world = empty(ground)
    server = world.main
    account = None
    for index in range(number):
        project = ("shop", "data")[index // _TOKENS_PER_ACCOUNT % 2]
        if account is None or index % _TOKENS_PER_ACCOUNT == 0:
            name = f"a{index // _TOKENS_PER_ACCOUNT:05d}"
            account = _add_account(server, project, name, Group.EDITORS, 800)
        _add_token(server, account, f"t{index:05d}", (index % 800) * _DAY)
        if index % _ROWS_PER_CLUSTER == 0:
            _add_cluster(server, project, f"c{index:05d}", "fra-1", index % 700)
    return world


def hostile(ground: Ground) -> KubermaticWorld:
    """Return the ordinary day with servers that write harm into every text."""
    world = monday(ground)
    for server in world.servers.values():
        make_hostile(server)
    return world


def _add_projects(server: KubermaticServer) -> None:
    owners = {OWNER: Group.OWNERS.value}
    both = {MEMBER: Group.OWNERS.value, OWNER: Group.VIEWERS.value}
    _add_user(server, OWNER)
    _add_user(server, MEMBER)
    _add_project(server, "shop", 885, owners | {MEMBER: Group.VIEWERS.value})
    _add_project(server, "data", 885, owners | {MEMBER: Group.MANAGERS.value})
    _add_project(server, "lab", 26, both)
    _add_project(server, "tools", 60, both | {OWNER: Group.EDITORS.value})


def _add_accounts(server: KubermaticServer) -> None:
    """Add the accounts and tokens; two can no longer be used, by their signature and their end."""
    deployer = _add_account(server, "shop", "deployer", Group.EDITORS, 300)
    _add_token(server, deployer, "laptop-anna", _age(server, 2, 108))
    _add_token(server, deployer, "gitlab-ci", _age(server, 2, 340))
    reader = _add_account(server, "shop", "reader", Group.VIEWERS, 90)
    _add_token(server, reader, "dashboards", _age(server, 2, 301))
    old = _add_account(server, "shop", "old-ci", Group.MANAGERS, 700)
    token = _add_token(server, old, "jenkins", 640 * _DAY)
    head, _, _ = token.secret.rpartition(".")
    token.secret = f"{head}.{id_of(token.id) * 4}bcd"
    etl = _add_account(server, "data", "etl", Group.EDITORS, 1120)
    _add_token(server, etl, "airflow", 1110 * _DAY)


def _age(server: KubermaticServer, years_left: int, days_left: int) -> timedelta:
    """Return the age of a token with that much of its three years left, and some minutes."""
    now = server.now()
    end = _years_on(now, years_left) + days_left * _DAY + timedelta(minutes=7)
    return now - _years_on(end, -_LIFE_YEARS)


def _years_on(instant: datetime, years: int) -> datetime:
    day = 28 if (instant.month, instant.day) == (2, 29) else instant.day
    return instant.replace(year=instant.year + years, day=day)


def _add_user(server: KubermaticServer, email: str, *, is_admin: bool = False) -> None:
    name, created = email.partition("@")[0], server.now() - 900 * _DAY
    server.users[email] = User(id_of(email), name, email, created, is_admin)


def _add_project(
    server: KubermaticServer, name: str, age_days: int, members: dict[str, str]
) -> None:
    project_id = id_of(f"{server.name}/{name}")
    created = server.now() - age_days * _DAY
    server.projects[project_id] = Project(project_id, name, created, members=members)


def _add_account(
    server: KubermaticServer, project: str, name: str, group: Group, age_days: int
) -> Account:
    created = server.now() - age_days * _DAY
    account = Account(
        id=id_of(f"{server.name}/{project}/account/{name}"),
        project_id=server.project_named(project).id,
        name=name,
        group=group.value,
        created=created,
        ready_at=created,
    )
    server.accounts[account.id] = account
    return account


def _add_token(server: KubermaticServer, account: Account, name: str, age: timedelta) -> Token:
    created = server.now() - age
    token_id = id_of(f"{account.id}/{name}")
    secret = server.signer.sign(email_of(account), account.project_id, token_id, created)
    token = Token(token_id, account.id, account.project_id, name, created, created, secret)
    server.add_token(token)
    return token


def _add_cluster(
    server: KubermaticServer, project: str, name: str, dc: str, age_days: int
) -> Cluster:
    cluster_id = id_of(f"{server.name}/{project}/cluster/{name}")
    cluster = Cluster(
        id=cluster_id,
        project_id=server.project_named(project).id,
        name=name,
        dc=dc,
        seed=_SEEDS[dc],
        version=_VERSION,
        created=server.now() - age_days * _DAY,
        url=f"{server.ground.tls_url}{CLUSTERS_PREFIX}/{cluster_id}",
        admin_token=new_static_token(),
        viewer_token=new_static_token(),
        labels={"stage": project},
    )
    server.clusters[cluster_id] = cluster
    return cluster


def _add_cluster_accounts(server: KubermaticServer) -> None:
    cluster = server.cluster_named("web")
    for namespace, name, managed in (("cicd", "argo", True), ("kube-system", "dns", False)):
        account = new_cluster_account(server, cluster, namespace, name, managed=managed)
        cluster.accounts[namespace, name] = account
    subject = {"kind": "ServiceAccount", "namespace": "cicd", "name": "argo"}
    cluster.bindings["", "edit"] = [subject]
