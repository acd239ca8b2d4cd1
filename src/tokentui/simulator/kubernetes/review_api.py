"""Questions about users, tokens and rights.

Source: kubernetes/api 10b39a39 authentication/v1 and authorization/v1, read 2026-08-21.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.bodies import Fields, read_object
from tokentui.simulator.kubernetes.errors import Cause, bad_request, invalid, method_not_allowed
from tokentui.simulator.kubernetes.identity import Identity
from tokentui.simulator.kubernetes.resources import (
    LOCAL_ACCESS_REVIEWS,
    SELF_ACCESS_REVIEWS,
    SELF_REVIEWS,
    SELF_RULES_REVIEWS,
    TOKEN_REVIEWS,
)
from tokentui.simulator.kubernetes.store import instant
from tokentui.simulator.kubernetes.target import Target
from tokentui.simulator.kubernetes.tokens import ISSUER

if TYPE_CHECKING:
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.call import Call
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json


async def answer_review(call: Call, resource: Resource) -> Response:
    """Answer a review; raises ApiError."""
    if call.target.verb != "create" or call.target.name:
        raise method_not_allowed()
    body = await read_object(call.request, resource.kind, resource.api_version)
    spec = Fields(body, resource.kind, resource.api_version).mapping("spec")
    if resource is SELF_REVIEWS:
        status: Json = {"userInfo": call.user.user_info()}
    elif resource is TOKEN_REVIEWS:
        status = _token_status(call, resource, spec)
    elif resource is SELF_RULES_REVIEWS:
        status = _rules_status(call, resource, spec)
    else:
        status = _access_status(call, resource, spec)
    made = instant(call.cluster.ground.clock.now()) if resource is SELF_REVIEWS else None
    answer: Json = {
        "kind": resource.kind,
        "apiVersion": resource.api_version,
        "metadata": {"creationTimestamp": made},
        **({} if resource is SELF_REVIEWS else {"spec": spec}),
        "status": status,
    }
    return JsonResponse(answer, HTTPStatus.CREATED)


def _token_status(call: Call, resource: Resource, spec: Json) -> Json:
    fields = Fields(spec, resource.kind, resource.api_version, "TokenReviewSpec.spec.")
    token = fields.text("token")
    if not token:
        raise bad_request("token is required for TokenReview in authentication")
    audiences = fields.text_list("audiences") or [ISSUER]
    user = call.cluster.review(token, audiences)
    if user is None:
        return {"user": {}, "error": call.cluster.text("invalid bearer token")}
    return {"authenticated": True, "user": user.user_info(), "audiences": audiences}


def _rules_status(call: Call, resource: Resource, spec: Json) -> Json:
    fields = Fields(spec, resource.kind, resource.api_version, "SelfSubjectRulesReviewSpec.spec.")
    namespace = fields.text("namespace")
    if not namespace:
        raise bad_request("no namespace on request")
    rules = call.cluster.rbac.rules(call.user, namespace)
    shown = ("verbs", "apiGroups", "resources", "resourceNames")
    return {
        "resourceRules": [
            {name: rule[name] for name in shown if name in rule}
            for rule in rules
            if rule.get("resources")
        ],
        "nonResourceRules": [
            {name: rule[name] for name in ("verbs", "nonResourceURLs")}
            for rule in rules
            if rule.get("nonResourceURLs")
        ],
        "incomplete": False,
    }


def _access_status(call: Call, resource: Resource, spec: Json) -> Json:
    fields = Fields(spec, resource.kind, resource.api_version, f"{resource.kind}Spec.spec.")
    asked, path = fields.mapping("resourceAttributes"), fields.mapping("nonResourceAttributes")
    if bool(asked) == bool(path):
        told = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
        cause = Cause("spec.resourceAttributes", "Invalid", f"Invalid value: null: {told}")
        raise invalid(resource.group, resource.kind, "", [cause])
    if resource is LOCAL_ACCESS_REVIEWS and asked.get("namespace") != call.target.namespace:
        told = "must match metadata.namespace"
        cause = Cause("spec.resourceAttributes.namespace", "Invalid", f"Invalid value: {told}")
        raise invalid(resource.group, resource.kind, "", [cause])
    user = call.user if resource is SELF_ACCESS_REVIEWS else _named_user(resource, fields)
    verdict = call.cluster.rbac.decide(user, _asked(resource, asked, path))
    text = call.cluster.text
    return {
        "allowed": verdict.allowed,
        **({"reason": text(verdict.reason)} if verdict.reason else {}),
        **({"evaluationError": text(verdict.error)} if verdict.error else {}),
    }


def _named_user(resource: Resource, fields: Fields) -> Identity:
    user, groups = fields.text("user"), fields.text_list("groups")
    if not user and not groups:
        told = "Invalid value: null: at least one of user or group must be specified"
        raise invalid(resource.group, resource.kind, "", [Cause("spec.user", "Invalid", told)])
    return Identity(user, tuple(groups))


def _asked(resource: Resource, asked: Json, path: Json) -> Target:
    place = "ResourceAttributes.spec.resourceAttributes."
    fields = Fields(asked or path, resource.kind, resource.api_version, place)
    if path:
        return Target(fields.text("verb"), fields.text("path"))
    return Target(
        verb=fields.text("verb"),
        group=fields.text("group"),
        version=fields.text("version"),
        resource=fields.text("resource"),
        subresource=fields.text("subresource"),
        namespace=fields.text("namespace"),
        name=fields.text("name"),
    )
