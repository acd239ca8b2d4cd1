"""Minting tokens of service accounts.

Source: kubernetes/kubernetes 0411cc70 pkg/registry/core/serviceaccount/storage/token.go and
pkg/apis/authentication/validation, read 2026-08-21; v1.20.2 where it differs.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.bodies import Fields, read_object
from tokentui.simulator.kubernetes.errors import (
    Cause,
    bad_request,
    conflict,
    invalid,
    method_not_allowed,
    not_found,
)
from tokentui.simulator.kubernetes.object_api import existing
from tokentui.simulator.kubernetes.resources import AUTHENTICATION, NODES, SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.store import instant
from tokentui.simulator.kubernetes.tokens import BINDABLE, ISSUER

if TYPE_CHECKING:
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.call import Call
    from tokentui.simulator.kubernetes.store import Json

KIND: Final = "TokenRequest"
API_VERSION: Final = f"{AUTHENTICATION}/v1"
_DEFAULT_SECONDS: Final = 3600
_SHORTEST: Final = 600
_LONGEST: Final = 2**32
_NODE_BINDING_SINCE: Final = 31
_SPEC: Final = "TokenRequestSpec.spec."


async def request_token(call: Call) -> Response:
    """Answer a TokenRequest; `dryRun` makes no difference. Raises ApiError."""
    if call.target.verb != "create":
        raise method_not_allowed()
    body = await read_object(call.request, KIND, API_VERSION)
    if call.cluster.says_more:
        _check_head(call, body.get("metadata") or {})
    account = existing(call, SERVICE_ACCOUNTS)
    spec = Fields(Fields(body, KIND, API_VERSION).mapping("spec"), KIND, API_VERSION, _SPEC)
    audiences = spec.text_list("audiences") or [ISSUER]
    wanted = spec.whole_number("expirationSeconds")
    wanted = _DEFAULT_SECONDS if wanted is None else wanted
    given = spec.mapping("boundObjectRef")
    _check_seconds(wanted)
    bound = _bound(call, given) if given else None
    seconds = min(wanted, call.cluster.switches.max_token_seconds or wanted)
    ends = call.cluster.ground.clock.now() + timedelta(seconds=seconds)
    token = call.cluster.tokens.sign_bound(account, audiences, ends, bound)
    call.cluster.requested += 1
    answer = {
        "kind": KIND,
        "apiVersion": API_VERSION,
        "metadata": _metadata(call, account),
        "spec": {
            "audiences": audiences,
            "expirationSeconds": seconds,
            "boundObjectRef": given or None,
        },
        "status": {"token": token, "expirationTimestamp": instant(ends)},
    }
    response = JsonResponse(answer, HTTPStatus.CREATED)
    if seconds < wanted and call.cluster.says_more:
        told = f"requested expiration of {wanted} seconds shortened to {seconds} seconds"
        response.headers["warning"] = f'299 - "{told}{call.cluster.header_suffix}"'
    return response


def _check_head(call: Call, metadata: Json) -> None:
    place = (("name", call.target.name, "name"), ("namespace", call.target.namespace, "namespace"))
    for field, wanted, told in place:
        if metadata.get(field) not in (None, "", wanted):
            message = (
                f'Invalid value: "{metadata[field]}": '
                f"must match the service account {told} if specified"
            )
            cause = Cause(f"metadata.{field}", "Invalid", message)
            raise invalid(AUTHENTICATION, KIND, call.target.name, [cause])
    uid = existing(call, SERVICE_ACCOUNTS)["metadata"]["uid"]
    if metadata.get("uid") not in (None, "", uid):
        why = (
            f"the UID in the token request ({metadata['uid']}) does not match the UID of the "
            f"service account ({uid})"
        )
        details = {"name": call.target.name, "group": AUTHENTICATION, "kind": KIND}
        raise conflict(f"{KIND}.{AUTHENTICATION}", call.target.name, why, details)


def _check_seconds(wanted: int) -> None:
    told = ""
    if wanted < _SHORTEST:
        told = "may not specify a duration less than 10 minutes"
    elif wanted > _LONGEST:
        told = "may not specify a duration larger than 2^32 seconds"
    if told:
        message = f"Invalid value: {wanted}: {told}"
        cause = Cause("spec.expirationSeconds", "Invalid", message)
        raise invalid(AUTHENTICATION, KIND, "", [cause])


def _bound(call: Call, given: Json) -> Json:
    """Return kind, name and uid of the object to bind to."""
    ref = Fields(given, KIND, API_VERSION, "BoundObjectReference.spec.boundObjectRef.")
    kind, version, name, uid = (ref.text(field) for field in ("kind", "apiVersion", "name", "uid"))
    resource = BINDABLE.get(kind)
    too_old = resource is NODES and call.cluster.minor < _NODE_BINDING_SINCE
    if resource is None or too_old or version != resource.api_version:
        told = f"{version}, Kind={kind}"
        raise bad_request(
            f'cannot bind token for serviceaccount "{call.target.name}" to object of type {told}'
        )
    namespace = call.target.namespace if resource.namespaced else ""
    found = call.cluster.store.get(resource, namespace, name)
    if found is None:
        raise not_found(resource, name)
    if uid not in ("", found["metadata"]["uid"]):
        why = (
            f"the UID in the bound object reference ({uid}) does not match the UID in record. "
            "The object might have been deleted and then recreated"
        )
        raise conflict(kind, name, why, {"name": name, "kind": kind})
    return {"kind": kind, "name": name, "uid": found["metadata"]["uid"]}


def _metadata(call: Call, account: Json) -> Json:
    if not call.cluster.says_more:
        return {"creationTimestamp": None}
    shown = {name: account["metadata"][name] for name in ("name", "namespace", "uid")}
    return {**shown, "creationTimestamp": instant(call.cluster.ground.clock.now())}
