"""Deleting an object with what hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.answers import object_answer
from tokentui.simulator.kubernetes.bodies import read_delete_options
from tokentui.simulator.kubernetes.errors import conflict, details_of
from tokentui.simulator.kubernetes.resources import (
    NAMESPACES,
    RESOURCES,
    SERVICE_ACCOUNTS,
)
from tokentui.simulator.kubernetes.store import instant

if TYPE_CHECKING:
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.call import Call
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json


async def delete_object(call: Call, resource: Resource, found: Json) -> Response:
    """Delete an object; service accounts and namespaces are answered whole, others as Status."""
    options = await read_delete_options(call.request)
    _check_preconditions(resource, found, options["preconditions"])
    if not call.is_dry_run and "All" not in options["dryRun"]:
        _remove(call, resource, found)
    if resource is NAMESPACES:
        now = instant(call.cluster.ground.clock.now())
        metadata = {**found["metadata"], "deletionTimestamp": now}
        found = {**found, "metadata": metadata, "status": {"phase": "Terminating"}}
    if resource in (NAMESPACES, SERVICE_ACCOUNTS):
        return object_answer(call.request, resource, found)
    metadata = found["metadata"]
    details = {**details_of(resource, metadata["name"]), "uid": metadata["uid"]}
    head = {"kind": "Status", "apiVersion": "v1", "metadata": {}}
    return JsonResponse({**head, "status": "Success", "details": details})


def _remove(call: Call, resource: Resource, found: Json) -> None:
    metadata = found["metadata"]
    namespace = metadata.get("namespace", "")
    store = call.cluster.store
    store.remove(resource, (namespace, metadata["name"]))
    if resource is SERVICE_ACCOUNTS:
        call.cluster.controllers.account_gone(namespace, metadata["uid"])
    if resource is NAMESPACES:
        for kind in RESOURCES:
            for key in [key for key in store.keys(kind) if key[0] == metadata["name"]]:
                store.remove(kind, key)


def _check_preconditions(resource: Resource, found: Json, wanted: Json) -> None:
    metadata = found["metadata"]
    for field, told in (("uid", "UID"), ("resourceVersion", "resourceVersion")):
        if wanted[field] not in ("", metadata[field]):
            why = (
                f"the {told} in the precondition ({wanted[field]}) does not match the {told} in "
                f"record ({metadata[field]}). The object might have been deleted and then recreated"
            )
            name = metadata["name"]
            raise conflict(resource.qualified, name, why, details_of(resource, name))
