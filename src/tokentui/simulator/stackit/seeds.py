"""The worlds that the simulated STACKIT can start with, laid out around the present."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackit.hostile import make_hostile
from tokentui.simulator.stackit.hostile_texts import hostile_text
from tokentui.simulator.stackit.model import (
    ACTIVE,
    DELETING,
    RECONCILING,
    REGIONS,
    AclEntry,
    EdgeInstance,
    Plan,
    Project,
)
from tokentui.simulator.stackit.seeds_accounts import (
    add_many_keys,
    add_monday_accounts,
    add_signing_account,
)
from tokentui.simulator.stackit.seeds_observability import (
    add_many_users,
    add_monday_observability,
)
from tokentui.simulator.stackit.world import StackitWorld, instance_id_of, uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.ground import Ground

OPS_PROD: Final = "ops-prod"
OPS_DEV: Final = "ops-dev"
NO_EDGE: Final = "no-edge"
SANDBOX: Final = "sandbox"

_SMALL = Plan(uuid_of("plan/S"), "S", "small", 1, 10)
_MEDIUM = Plan(uuid_of("plan/M"), "M", "medium", 1, 100)
_OFFICE = AclEntry(uuid_of("acl/office"), "203.0.113.0/24", "office")


def empty(ground: Ground) -> StackitWorld:
    """Return the projects and identities without any instance."""
    world = StackitWorld(ground)
    for name in (OPS_PROD, OPS_DEV, NO_EDGE):
        folder = SANDBOX if name == OPS_DEV else None
        project = Project(uuid_of(f"project/{name}"), name, name != NO_EDGE, folder)
        world.projects[project.id] = project
    world.plans = {plan.id: plan for plan in (_SMALL, _MEDIUM)}
    add_signing_account(world, "edge-admin", OPS_PROD, may_write=True)
    add_signing_account(world, "edge-reader", NO_EDGE, may_write=False)
    return world


def monday(ground: Ground) -> StackitWorld:
    """Return an ordinary working day."""
    world = empty(ground)
    _add(world, "demo", OPS_PROD, "eu01", ACTIVE, 154, "demo instance", _SMALL, (_OFFICE,))
    _add(world, "edge-muc", OPS_PROD, "eu01", ACTIVE, 186, "Munich plant", _MEDIUM)
    _add(world, "edge-ham", OPS_PROD, "eu02", RECONCILING, 4, "Hamburg port")
    _add(world, "edge-old", OPS_DEV, "eu01", DELETING, 642)
    add_monday_accounts(world, OPS_PROD, OPS_DEV)
    add_monday_observability(world, OPS_PROD, OPS_DEV)
    return world


def rows(ground: Ground, number: int) -> StackitWorld:
    """Return that many instances, spread over the projects and regions, and as many credentials.

    A tenth of the credentials are keys, the rest technical users; keys to sign in with are extra.
    """
    world = empty(ground)
    places = [(project, region) for project in (OPS_PROD, OPS_DEV) for region in REGIONS]
    for index in range(number):
        project, region = places[index % len(places)]
        status = RECONCILING if index % 10 == 9 else ACTIVE
        _add(world, f"e{index:05d}", project, region, status, index % 700, f"site {index}")
    keys = number // 10
    add_many_keys(world, (OPS_PROD, OPS_DEV), keys)
    add_many_users(world, (OPS_PROD, OPS_DEV), number - keys)
    return world


def hostile(ground: Ground) -> StackitWorld:
    """Return the ordinary day with a server that writes harm into every text."""
    world = monday(ground)
    make_hostile(world)
    world.text = hostile_text
    return world


def _add(
    world: StackitWorld,
    name: str,
    project_name: str,
    region: str,
    status: str,
    age_days: int,
    description: str | None = None,
    plan: Plan = _SMALL,
    acl: tuple[AclEntry, ...] = (),
) -> None:
    project_id = uuid_of(f"project/{project_name}")
    instance_id = instance_id_of(name, project_id)
    created = world.ground.clock.now() - timedelta(days=age_days, hours=3, minutes=7)
    world.add_instance(
        EdgeInstance(
            id=instance_id,
            display_name=name,
            project_id=project_id,
            region=region,
            plan_id=plan.id,
            status=status,
            frontend_url=world.frontend_url(instance_id),
            created=created,
            description=description,
            acl=acl,
        )
    )
