"""What a server says about itself: version, health, groups, resources and its issuer.

Source: Kubernetes API reference v1.34 and kubernetes.io "Service account token issuer
discovery", read 2026-08-21.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse

from tokentui.simulator import kubernetes_wire as wire
from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.errors import method_not_allowed
from tokentui.simulator.kubernetes.resources import (
    AUTHENTICATION,
    GROUPS,
    RESOURCES,
    SERVICE_ACCOUNTS,
    VERSION,
)
from tokentui.simulator.kubernetes.tokens import ALGORITHM, ISSUER

if TYPE_CHECKING:
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.call import Call
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json

_HEALTH: Final = ("/healthz", "/livez", "/readyz")
_OPENID: Final = "/.well-known/openid-configuration"
_KEYS: Final = "/openid/v1/jwks"


def answer_path(call: Call) -> Response:
    """Answer a request for a path that is no resource; raises ApiError."""
    path = call.target.path.rstrip("/") or "/"
    if path in _HEALTH and call.target.verb == "get":
        return PlainTextResponse("ok")
    body = _body(call, path)
    if body is None:
        return JsonResponse({"paths": _paths()}, HTTPStatus.NOT_FOUND)
    if call.target.verb != "get":
        raise method_not_allowed()
    return JsonResponse(body)


def _body(call: Call, path: str) -> Json | None:
    minor = call.cluster.minor
    if path == "/version":
        return wire.version(call.cluster.text(call.cluster.version))
    if path == "/api":
        return wire.api_versions(call.request.url.netloc)
    if path == "/apis":
        groups = [_group(name) for name in GROUPS]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    if path == "/api/v1":
        return _resource_list("", minor)
    if path == _OPENID:
        return _openid(call)
    if path == _KEYS:
        return call.cluster.tokens.key_set()
    for name in GROUPS:
        if path == f"/apis/{name}":
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(name)}
        if path == f"/apis/{name}/{VERSION}":
            return _resource_list(name, minor)
    return {"paths": _paths()} if path == "/" else None


def _paths() -> list[str]:
    groups = [place for name in GROUPS for place in (f"/apis/{name}", f"/apis/{name}/{VERSION}")]
    return [_OPENID, "/api", "/api/v1", "/apis", *groups, *_HEALTH, _KEYS, "/version"]


def _group(name: str) -> Json:
    served = {"groupVersion": f"{name}/{VERSION}", "version": VERSION}
    return {"name": name, "versions": [served], "preferredVersion": served}


def _resource_list(group: str, minor: int) -> Json:
    shown = []
    for one in RESOURCES:
        if one.group == group and one.since_minor <= minor:
            shown.append(_resource(one))
            if one is SERVICE_ACCOUNTS:
                shown.append(_TOKEN_SUBRESOURCE)
    version = f"{group}/{VERSION}" if group else VERSION
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": version,
        "resources": shown,
    }


def _resource(one: Resource) -> Json:
    return {
        "name": one.plural,
        "singularName": one.singular,
        "namespaced": one.namespaced,
        "kind": one.kind,
        "verbs": list(one.verbs),
        **({"shortNames": list(one.short_names)} if one.short_names else {}),
    }


_TOKEN_SUBRESOURCE: Final = {
    "name": f"{SERVICE_ACCOUNTS.plural}/token",
    "singularName": "",
    "namespaced": True,
    "group": AUTHENTICATION,
    "version": VERSION,
    "kind": "TokenRequest",
    "verbs": ["create"],
}


def _openid(call: Call) -> Json:
    return {
        "issuer": ISSUER,
        "jwks_uri": f"{call.cluster.url}{_KEYS}",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
    }
