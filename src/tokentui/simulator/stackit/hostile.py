"""The world of a server that attacks with every text it sends."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.hostile_credentials import (
    make_accounts_hostile,
    make_observability_hostile,
)
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number
from tokentui.simulator.stackit.model import ACTIVE, AclEntry, EdgeInstance, Plan
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.stackit.world import StackitWorld


def make_hostile(world: StackitWorld) -> None:
    """Put harm into every text of the world that is not an id, an address or a date.

    The instances there keep ids that can be asked for, so that minting stays possible; one more
    per hostile text carries it in id and status too.
    """
    for number, instance in enumerate(world.instances()):
        instance.description = hostile_text(instance.description or "")
        instance.frontend_url += text_number(number)
        instance.acl = (
            AclEntry(text_number(number), text_number(number + 1), text_number(number + 2)),
        )
    template = world.instance_named("demo")
    for number, text in enumerate(HOSTILE_TEXTS):
        world.add_instance(_hostile_instance(template, number, text))
    world.add_instance(_exec_instance(template))
    world.plans = {
        plan.id: dataclasses.replace(
            plan,
            name=hostile_text(plan.name),
            description=hostile_text(plan.description),
        )
        for plan in world.plans.values()
    }
    _add_hostile_plans(world)
    make_accounts_hostile(world)
    make_observability_hostile(world)


def _hostile_instance(template: EdgeInstance, number: int, text: str) -> EdgeInstance:
    return dataclasses.replace(
        template,
        id=text or "empty-name",
        display_name=text,
        status=text_number(number + 3) if number % 2 else ACTIVE,
        plan_id=text_number(number + 4),
        description=text_number(number + 1),
        frontend_url=text_number(number + 2),
        created=template.created - timedelta(days=number),
    )


def _exec_instance(template: EdgeInstance) -> EdgeInstance:
    command = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "/bin/sh",
        "args": ["-c", "touch /tmp/simulator-was-here"],
        "interactiveMode": "Never",
    }
    return dataclasses.replace(
        template, id="exec-0000000", display_name="exec", kubeconfig_user={"exec": command}
    )


def _add_hostile_plans(world: StackitWorld) -> None:
    for number, text in enumerate(HOSTILE_TEXTS):
        plan = Plan(uuid_of(f"hostile/{number}"), text, text_number(number + 1), 1, 10)
        world.plans[plan.id] = plan
