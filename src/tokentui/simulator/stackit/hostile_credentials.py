"""Hostile texts in accounts, keys, Observability instances and technical users."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number
from tokentui.simulator.stackit.model import Identity
from tokentui.simulator.stackit.observability_model import STATUSES, TechnicalUser, new_password
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.stackit.observability_model import ObservabilityInstance
    from tokentui.simulator.stackit.world import StackitWorld

UNKNOWN_STATUS = "HIBERNATED"


def make_accounts_hostile(world: StackitWorld) -> None:
    """Put harm into every claim, and add an account and a key for each hostile text."""
    for account in world.accounts.all():
        account.email_claim = hostile_text(account.email_claim)
    pattern = world.key_of(may_write=True)
    for number, text in enumerate(HOSTILE_TEXTS):
        email = text or "nameless"
        account = Identity(
            uuid_of(f"hostile-account/{number}"), email, email, pattern.identity.project_id
        )
        world.accounts.add(account)
        key = dataclasses.replace(
            pattern,
            id=email if number % 2 else uuid_of(f"hostile-key/{number}"),
            identity=account,
            certificate=text_number(number + 1),
            key_type=text_number(number + 2),
            origin=text_number(number + 3),
            algorithm=text_number(number + 4),
            private_key=None,
        )
        world.accounts.keys[key.id] = key


def make_observability_hostile(world: StackitWorld) -> None:
    """Put harm into every text of instances and users, and add an instance for each."""
    pattern = world.observability.named("obs-prod")
    for number, text in enumerate(HOSTILE_TEXTS):
        world.observability.add(_hostile_instance(pattern, number, text))
        _add_hostile_user(pattern, number, text)
    for instance in world.observability.all():
        instance.name = hostile_text(instance.name)
        instance.plan_name = hostile_text(instance.plan_name)
        instance.service_name = hostile_text(instance.service_name)
        instance.users = {
            name: dataclasses.replace(user, description=hostile_text(user.description or ""))
            for name, user in instance.users.items()
        }


def _hostile_instance(
    pattern: ObservabilityInstance, number: int, text: str
) -> ObservabilityInstance:
    known = STATUSES[number % len(STATUSES)]
    return dataclasses.replace(
        pattern,
        id=uuid_of(f"hostile-observability/{number}") if number % 2 else text or "nameless",
        listed_id=text,
        name=text,
        plan_name=text_number(number + 1),
        service_name=text_number(number + 2),
        status=(UNKNOWN_STATUS, known, text_number(number + 3))[number % 3],
        error=text_number(number + 4),
        admin_password=text_number(number + 5),
        urls={field: text_number(number + at) for at, field in enumerate(pattern.urls)},
        users={},
    )


def _add_hostile_user(instance: ObservabilityInstance, number: int, text: str) -> None:
    user = TechnicalUser(text or "nameless", new_password(), text_number(number + 1))
    instance.users[user.username] = user
