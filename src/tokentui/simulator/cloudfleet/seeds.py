"""The worlds that the simulated Cloudfleet can start with, laid out around the present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet.hostile import make_hostile
from tokentui.simulator.cloudfleet.model import (
    ApiToken,
    CfkeCluster,
    ClusterStatus,
    Organization,
    Role,
    new_secret,
    timestamp,
    token_id_of,
    uuid_of,
)
from tokentui.simulator.cloudfleet.world import CloudfleetWorld

if TYPE_CHECKING:
    from tokentui.simulator.ground import Ground

ORGANIZATION: Final = "main-org"
OWN_TOKEN: Final = "tokentui-jump1"  # noqa: S105 - the name of a token
USER_TOKEN: Final = "ci-readonly"  # noqa: S105 - the name of a token
ADMIN_TOKEN: Final = "ci-admin"  # noqa: S105 - the name of a token

_DAY: Final = timedelta(days=1)
# The organization and the first token were made at once, before everything else.
_BEGINNING: Final = 236 * _DAY
_USER_AGE: Final = 96 * _DAY + timedelta(hours=3, minutes=12)
_ADMIN_AGE: Final = 34 * _DAY + timedelta(hours=5, minutes=42)
_REGIONS: Final = ("europe-central-1a", "northamerica-central-1")


def empty(ground: Ground) -> CloudfleetWorld:
    """Return an organization with the tokens that sign in, one of each role, and no cluster."""
    organization = Organization(
        id=str(uuid_of(f"organization/{ORGANIZATION}")),
        name=ORGANIZATION,
        created=timestamp(ground.clock.now() - _BEGINNING),
        regions=_REGIONS,
        versions=(("1.x.x-cfke.x", "Latest"), ("1.34.x-cfke.x", "1.34")),
        tiers=("basic", "pro", "enterprise"),
    )
    world = CloudfleetWorld(ground, organization)
    _add_token(world, OWN_TOKEN, Role.ADMINISTRATOR, _BEGINNING)
    _add_token(world, USER_TOKEN, Role.USER, _USER_AGE)
    return world


def monday(ground: Ground) -> CloudfleetWorld:
    """Return an ordinary working day."""
    world = empty(ground)
    _add_token(world, ADMIN_TOKEN, Role.ADMINISTRATOR, _ADMIN_AGE)
    _add_cluster(world, "shop-prod", "pro", ClusterStatus.DEPLOYED, 200 * _DAY)
    _add_cluster(world, "shop-stage", "basic", ClusterStatus.UPDATING, 190 * _DAY)
    _add_cluster(world, "shop-next", "basic", ClusterStatus.CREATING, timedelta(minutes=4))
    _add_cluster(world, "lab", "basic", ClusterStatus.DISABLED, 120 * _DAY)
    return world


def rows(ground: Ground, number: int) -> CloudfleetWorld:
    """Return that many tokens beside those to sign in with, and one cluster."""
    world = empty(ground)
    _add_cluster(world, "shop-prod", "pro", ClusterStatus.DEPLOYED, 200 * _DAY)
    for index in range(number):
        role = Role.ADMINISTRATOR if index % 5 == 0 else Role.USER
        _add_token(world, f"t{index:05d}", role, (index % 700) * _DAY)
    return world


def hostile(ground: Ground) -> CloudfleetWorld:
    """Return the ordinary day with a server that writes harm into every text."""
    world = monday(ground)
    make_hostile(world)
    return world


def _add_token(world: CloudfleetWorld, name: str, role: Role, age: timedelta) -> None:
    created = timestamp(world.ground.clock.now() - age)
    world.add_token(ApiToken(token_id_of(name), name, role, new_secret(), created))


def _add_cluster(
    world: CloudfleetWorld, name: str, tier: str, status: ClusterStatus, age: timedelta
) -> None:
    now = world.ground.clock.now()
    cluster_id = str(uuid_of(f"cluster/{name}"))
    world.clusters[cluster_id] = CfkeCluster(
        id=cluster_id,
        name=name,
        region=_REGIONS[0],
        tier=tier,
        status=status,
        endpoint=world.cluster_url(cluster_id),
        kubernetes_version="1.34.2",
        created=timestamp(now - age),
        updated=timestamp(now - min(age, 2 * _DAY)),
    )
