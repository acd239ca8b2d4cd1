"""Service accounts and keys of the worlds that the simulated STACKIT can start with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.simulator.keys import certificate_pem
from tokentui.simulator.stackit.model import SYSTEM_MANAGED, Identity, ServiceAccountKey
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.stackit.world import StackitWorld

# One key pair stands for all whose private half nobody has: making thousands takes minutes.
_UNHELD = "stackit/unheld"
_KEYS_AN_ACCOUNT = 10


def add_signing_account(
    world: StackitWorld, name: str, project_name: str, *, may_write: bool
) -> None:
    """Add an account whose private key is known, so that its key file can be written."""
    account = _account(world, name, project_name)
    account.may_write = may_write
    private_key = world.ground.keys.get(f"stackit/{name}")
    created = world.ground.clock.now() - timedelta(days=90)
    certificate = certificate_pem(private_key, account.id, created)
    key = ServiceAccountKey(
        uuid_of(f"key/{name}"), account, certificate, created, private_key=private_key
    )
    world.accounts.keys[key.id] = key


def add_monday_accounts(world: StackitWorld, prod: str, dev: str) -> None:
    """Add the accounts of an ordinary working day."""
    _add_key(world, _account(world, "deploy", prod), timedelta(days=3, hours=4))
    _add_key(world, _account(world, "backup", prod), timedelta(days=40))
    terraform = _account(world, "terraform", dev)
    _add_key(world, terraform, timedelta(days=12))
    _add_key(world, terraform, None).active = False
    nodes = _account(world, "ske-nodes", dev)
    nodes.internal = True
    _add_key(world, nodes, None).key_type = SYSTEM_MANAGED


def add_many_keys(world: StackitWorld, project_names: Sequence[str], number: int) -> None:
    """Add that many keys, ten to an account, spread over the projects."""
    for index in range(number):
        place, rest = divmod(index, _KEYS_AN_ACCOUNT)
        if rest == 0:
            project_name = project_names[place % len(project_names)]
            account = _account(world, f"sa{place:05d}", project_name)
            certificate = _certificate(world, account)
        _add_key(world, account, timedelta(days=1 + index % 700), certificate)


def _account(world: StackitWorld, name: str, project_name: str) -> Identity:
    email = f"{name}-{uuid_of(name)[:8]}@sa.stackit.cloud"
    project_id = uuid_of(f"project/{project_name}")
    account = Identity(uuid_of(f"account/{name}"), email, email, project_id)
    world.accounts.add(account)
    return account


def _add_key(
    world: StackitWorld, account: Identity, life: timedelta | None, certificate: str | None = None
) -> ServiceAccountKey:
    now = world.ground.clock.now().replace(microsecond=0)
    number = len(world.accounts.keys)
    key = ServiceAccountKey(
        uuid_of(f"key/{account.email}/{number}"),
        account,
        certificate or _certificate(world, account),
        now - timedelta(days=50 + number % 300),
        valid_until=None if life is None else now + life,
    )
    world.accounts.keys[key.id] = key
    return key


def _certificate(world: StackitWorld, account: Identity) -> str:
    start = world.ground.clock.now() - timedelta(days=400)
    return certificate_pem(world.ground.keys.get(_UNHELD), account.id, start)
