"""The JSON forms of the Edge API.

Source: STACKIT edge API description v1beta1, schemas instance, plan and acl, read 2026-08-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.simulator.stackit.model import AclEntry, EdgeInstance, Plan


def instance_json(instance: EdgeInstance) -> dict[str, object]:
    """Return an instance as the API shows it; optional fields are absent when unset."""
    shown: dict[str, object] = {
        "id": instance.id,
        "displayName": instance.display_name,
        "planId": instance.plan_id,
        "frontendUrl": instance.frontend_url,
        "status": instance.status,
        "created": rfc3339(instance.created),
    }
    if instance.description is not None:
        shown["description"] = instance.description
    if instance.acl:
        shown["acl"] = {"ipAllowList": [_acl_entry_json(entry) for entry in instance.acl]}
    return shown


def plan_json(plan: Plan) -> dict[str, object]:
    """Return a plan as the API shows it."""
    return {
        "id": plan.id,
        "name": plan.name,
        "description": plan.description,
        "minEdgeHosts": plan.min_edge_hosts,
        "maxEdgeHosts": plan.max_edge_hosts,
    }


def rfc3339(instant: datetime) -> str:
    """Return an aware UTC instant in the form of the API, whole seconds."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _acl_entry_json(entry: AclEntry) -> dict[str, object]:
    return {"uuid": entry.uuid, "ipRange": entry.ip_range, "description": entry.description}
