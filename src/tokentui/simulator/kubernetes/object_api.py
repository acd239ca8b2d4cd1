"""Creating, reading, changing and deleting objects.

Source: kubernetes.io "API concepts", read 2026-08-21; answers seen on a kube-apiserver v1.20.2.
"""

from __future__ import annotations

import copy
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from tokentui.simulator.kubernetes.answers import list_answer, object_answer
from tokentui.simulator.kubernetes.bodies import check_metadata, read_object, read_patch
from tokentui.simulator.kubernetes.controllers import random_suffix
from tokentui.simulator.kubernetes.errors import (
    Cause,
    already_exists,
    bad_request,
    conflict,
    details_of,
    invalid,
    method_not_allowed,
    not_found,
)
from tokentui.simulator.kubernetes.listing import list_page
from tokentui.simulator.kubernetes.names import name_causes
from tokentui.simulator.kubernetes.object_removal import delete_object
from tokentui.simulator.kubernetes.object_rules import content_of
from tokentui.simulator.kubernetes.resources import NAMESPACES, SECRETS, SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.store import instant, stamped
from tokentui.simulator.kubernetes.tokens import TOKEN_TYPE

if TYPE_CHECKING:
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.call import Call
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json


async def answer_object(call: Call, resource: Resource) -> Response:
    """Answer a request about objects of a kind; raises ApiError."""
    verb = call.target.verb
    needs_name = verb in ("update", "patch")
    if verb not in resource.verbs or (needs_name and not call.target.name):
        raise method_not_allowed()
    match verb:
        case "list":
            namespace = call.target.namespace if resource.namespaced else ""
            query = dict(call.request.query_params)
            return list_answer(
                call.request, resource, *list_page(call.cluster, resource, namespace, query)
            )
        case "get":
            return object_answer(call.request, resource, existing(call, resource))
        case "create":
            return await _create(call, resource)
        case "delete":
            return await delete_object(call, resource, existing(call, resource))
        case _:
            return await _change(call, resource)


def existing(call: Call, resource: Resource) -> Json:
    """Return the object that the request names; raises ApiError."""
    namespace = call.target.namespace if resource.namespaced else ""
    found = call.cluster.store.get(resource, namespace, call.target.name)
    if found is None:
        raise not_found(resource, call.target.name)
    return found


async def _create(call: Call, resource: Resource) -> Response:
    if call.target.name or (resource.namespaced and not call.target.namespace):
        raise method_not_allowed()
    body = await read_object(call.request, resource.kind, resource.api_version)
    namespace = call.target.namespace if resource.namespaced else ""
    metadata = body.get("metadata") or {}
    if metadata.get("namespace", namespace) not in ("", namespace):
        raise bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    store = call.cluster.store
    if namespace and store.get(NAMESPACES, "", namespace) is None:
        raise not_found(NAMESPACES, namespace)
    name = metadata.get("name") or ""
    if not name and metadata.get("generateName"):
        name = metadata["generateName"] + random_suffix()
    content, causes = content_of(resource, body)
    causes = [*name_causes(resource, name), *causes]
    if causes:
        raise invalid(resource.group, resource.kind, name, causes)
    if store.get(resource, namespace, name) is not None:
        raise already_exists(resource, name)
    kept = {"metadata": {**metadata, "managedFields": _managed(call, resource)}, **content}
    if call.is_dry_run:
        made = stamped(kept, namespace, name, call.cluster.ground.clock.now())
    else:
        made = copy.deepcopy(store.add(resource, namespace, name, kept))
        _wake_controllers(call, resource, made)
    return object_answer(call.request, resource, made, HTTPStatus.CREATED)


def _wake_controllers(call: Call, resource: Resource, made: Json) -> None:
    controllers = call.cluster.controllers
    metadata = made["metadata"]
    key = (metadata.get("namespace", ""), metadata["name"])
    if resource is NAMESPACES:
        controllers.namespace_made(metadata["name"])
    elif resource is SERVICE_ACCOUNTS:
        controllers.account_made(key)
    elif resource is SECRETS and made["type"] == TOKEN_TYPE:
        controllers.secret_made(key)


async def _change(call: Call, resource: Resource) -> Response:
    """Replace or patch an object."""
    is_patch = call.target.verb == "patch"
    if is_patch:
        patch = await read_patch(call.request)
        before = existing(call, resource)
        body = _merged(before, patch)
        check_metadata(body, resource.kind, resource.api_version)
    else:
        body = await read_object(call.request, resource.kind, resource.api_version)
        before = existing(call, resource)
    given = body.get("metadata") or {}
    _check_head(resource, before["metadata"], given)
    content, causes = content_of(resource, body)
    if content.get("roleRef") != before.get("roleRef"):
        told = f"Invalid value: {json.dumps(content['roleRef'])}: cannot change roleRef"
        causes.append(Cause("roleRef", "Invalid", told))
    if causes:
        raise invalid(resource.group, resource.kind, call.target.name, causes)
    kept = ("name", "namespace", "uid", "creationTimestamp", "managedFields", "resourceVersion")
    metadata = {name: before["metadata"][name] for name in kept if name in before["metadata"]}
    metadata |= {name: given[name] for name in ("labels", "annotations") if given.get(name)}
    after = {"metadata": metadata, **content}
    if not call.is_dry_run:
        key = (metadata.get("namespace", ""), metadata["name"])
        after = call.cluster.store.replace(resource, key, after)
    return object_answer(call.request, resource, after)


def _check_head(resource: Resource, before: Json, given: Json) -> None:
    """Refuse a body of another name, another object or an older state."""
    name = before["name"]
    if given.get("name", name) != name:
        raise bad_request(
            f"the name of the object ({given['name']}) does not match the name on the URL ({name})"
        )
    if given.get("uid") not in (None, "", before["uid"]):
        why = (
            f"Precondition failed: UID in precondition: {given['uid']}, "
            f"UID in object meta: {before['uid']}"
        )
        raise conflict(resource.qualified, name, why, details_of(resource, name))
    if given.get("resourceVersion") not in (None, "", before["resourceVersion"]):
        why = (
            "the object has been modified; please apply your changes to the latest version "
            "and try again"
        )
        raise conflict(resource.qualified, name, why, details_of(resource, name))


def _merged(before: Json, patch: Json) -> Json:
    """Return an object after a JSON merge patch."""
    after = dict(before)
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, dict):
            inner = after.get(name)
            after[name] = _merged(inner if isinstance(inner, dict) else {}, value)
        else:
            after[name] = value
    return after


def _managed(call: Call, resource: Resource) -> list[Json]:
    agent = call.request.headers.get("user-agent", "unknown").partition("/")[0]
    return [
        {
            "manager": call.request.query_params.get("fieldManager") or agent,
            "operation": "Update",
            "apiVersion": resource.api_version,
            "time": instant(call.cluster.ground.clock.now()),
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:metadata": {}},
        }
    ]
