"""The worlds that the simulated StackState can start with, laid out around the present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import jwt

from tokentui.simulator.stackstate.hostile import make_hostile
from tokentui.simulator.stackstate.model import (
    IngestionKey,
    ServerAge,
    ServiceAccount,
    ServiceToken,
    User,
    new_ingestion_secret,
    new_personal_secret,
    new_service_secret,
)
from tokentui.simulator.stackstate.rights import ADMIN, GUEST, POWER_USER, TROUBLESHOOTER
from tokentui.simulator.stackstate.world import (
    ADMIN_TOKEN,
    GUEST_TOKEN,
    LAB,
    PROD,
    StackstateServer,
    StackstateWorld,
    epoch_ms,
)

if TYPE_CHECKING:
    from tokentui.simulator.ground import Ground

ADMIN_USER: Final = "anna"
GUEST_USER: Final = "gil"

_DAY = timedelta(days=1)
_MADE = timedelta(days=20)
# From 12:22 UTC, an ordinary start of the clock, to the midnight at which ends are set by day.
_TO_MIDNIGHT = timedelta(hours=11, minutes=38)
_CLUSTER_ACCOUNT = "system:serviceaccount:suse-observability:automation"
_CLUSTER_ACCOUNT_LIFE = timedelta(days=365)


def empty(ground: Ground) -> StackstateWorld:
    """Return both servers with the credentials of an admin and of a guest, and no other token."""
    servers = [StackstateServer(ground, PROD), StackstateServer(ground, LAB, ServerAge.OLD)]
    for server in servers:
        _add(server, ADMIN_TOKEN, ADMIN)
        _add(server, GUEST_TOKEN, GUEST)
        _add_user(server, ADMIN_USER, "Anna Admin", ADMIN)
        _add_user(server, GUEST_USER, "Gil Guest", GUEST)
        _add_cluster_account(server)
        server.subjects.add_from_kubernetes("suse-observability-instance-admin", "get-topology")
        server.subjects.add_from_kubernetes(ADMIN)
    return StackstateWorld(servers)


def monday(ground: Ground) -> StackstateWorld:
    """Return an ordinary working day."""
    world = empty(ground)
    _add_tokens_of_prod(world.prod)
    _add(world.lab, "lab-collector", POWER_USER)
    _add(world.lab, "lab-dashboards", TROUBLESHOOTER, 12 * _DAY)
    _add_ingestion_key(world.lab, "lab-agent")
    return world


def rows(ground: Ground, number: int) -> StackstateWorld:
    """Return that many tokens on the first server, beside those to sign in with."""
    world = empty(ground)
    roles = (ADMIN, POWER_USER, TROUBLESHOOTER, GUEST)
    for index in range(number):
        left = None if index % 10 == 9 else (index % 700) * _DAY
        _add(world.prod, f"t{index:05d}", roles[index % len(roles)], left)
    return world


def hostile(ground: Ground) -> StackstateWorld:
    """Return the ordinary day with servers that write harm into every text."""
    world = monday(ground)
    for server in world.servers.values():
        make_hostile(server)
    return world


def _add_tokens_of_prod(server: StackstateServer) -> None:
    _add(server, "ci-ingest", TROUBLESHOOTER, -3 * _DAY)
    _add(server, "nightly-report", POWER_USER, 6 * _DAY)
    _add(server, "grafana-sync", TROUBLESHOOTER, 12 * _DAY)
    _add(server, "admin-anna", ADMIN, 25 * _DAY)
    _add(server, "agent-muc", GUEST, 26 * _DAY)
    _add(server, "agent-ham", GUEST, 86 * _DAY, dedicated_subject="agent-ham")
    _add(server, "bootstrap", POWER_USER, description="Made at installation")
    _add(server, "legacy-agent", GUEST)
    _add(server, "topo-sync", POWER_USER)
    server.subjects.make("agent-ham")
    server.subjects.grant("agent-ham", "update-metrics", "system")


def _add(
    server: StackstateServer,
    name: str,
    role: str,
    left: timedelta | None = None,
    *,
    description: str | None = None,
    dedicated_subject: str | None = None,
) -> None:
    now = server.ground.clock.now().replace(second=0, microsecond=0)
    server.add_token(
        ServiceToken(
            id=server.new_id(),
            name=name,
            roles=(role,),
            secret=new_service_secret(),
            updated_ms=epoch_ms(now - _MADE),
            expires_ms=None if left is None else epoch_ms(now + left + _TO_MIDNIGHT),
            description=description,
            dedicated_subject=dedicated_subject,
        )
    )


def _add_ingestion_key(server: StackstateServer, name: str) -> None:
    key_id = server.new_id()
    server.ingestion_keys[key_id] = IngestionKey(
        id=key_id,
        name=name,
        secret=new_ingestion_secret(),
        updated_ms=epoch_ms(server.ground.clock.now() - _MADE),
        description=f"made for {name}",
    )


def _add_user(server: StackstateServer, name: str, display_name: str, role: str) -> None:
    server.users[name] = User(
        id=server.new_id(),
        name=name,
        display_name=display_name,
        roles=(role,),
        api_token=new_personal_secret(),
        updated_ms=epoch_ms(server.ground.clock.now() - _MADE),
    )


def _add_cluster_account(server: StackstateServer) -> None:
    """Add an account of the cluster; the server asks the cluster, so any signature will do."""
    ends_at = server.ground.clock.now() + _CLUSTER_ACCOUNT_LIFE
    token = jwt.encode(
        {
            "iss": "https://kubernetes.default.svc",
            "sub": _CLUSTER_ACCOUNT,
            "jti": server.name,
            "exp": int(ends_at.timestamp()),
        },
        server.ground.keys.get("stackstate/cluster"),
        algorithm="RS256",
    )
    server.service_accounts[token] = ServiceAccount(
        _CLUSTER_ACCOUNT, (ADMIN,), token, epoch_ms(ends_at)
    )
