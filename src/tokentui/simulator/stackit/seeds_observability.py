"""Observability instances and users of the worlds that the simulated STACKIT can start with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.stackit.observability_model import ObservabilityInstance, new_password
from tokentui.simulator.stackit.observability_urls import urls_of
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokentui.simulator.stackit.world import StackitWorld

_MANY_STATUSES = ("CREATE_SUCCEEDED", "UPDATE_SUCCEEDED", "UPDATING", "DELETE_FAILED")


def add_monday_observability(world: StackitWorld, prod: str, dev: str) -> None:
    """Add the instances and users of an ordinary working day.

    One instance shows its Grafana admin; the other has a word as `id` in the list.
    """
    main = add_observability(world, "obs-prod", prod)
    main.admin_password = new_password()
    main.add_user("otel-push")
    main.add_user("grafana-read")
    stage = add_observability(world, "obs-stage", dev)
    stage.listed_id = stage.name
    stage.status = "UPDATE_SUCCEEDED"
    stage.add_user("loki-push")


def add_many_users(world: StackitWorld, project_names: Sequence[str], number: int) -> None:
    """Add that many technical users, spread over an instance of each of some states."""
    instances = []
    for place, status in enumerate(_MANY_STATUSES):
        project_name = project_names[place % len(project_names)]
        instance = add_observability(world, f"obs-{place}", project_name)
        instance.status = status
        if status.endswith("FAILED"):
            instance.error = "the last operation failed"
        instances.append(instance)
    for index in range(number):
        instances[index % len(instances)].add_user(f"job {index}")


def add_observability(world: StackitWorld, name: str, project_name: str) -> ObservabilityInstance:
    """Add an instance."""
    instance_id = uuid_of(f"observability/{name}")
    instance = ObservabilityInstance(
        id=instance_id,
        listed_id=instance_id,
        name=name,
        project_id=uuid_of(f"project/{project_name}"),
        urls=urls_of(world.ground.tls_url, instance_id),
    )
    world.observability.add(instance)
    return instance
