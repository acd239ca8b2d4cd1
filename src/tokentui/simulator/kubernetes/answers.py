"""The forms of an answer that a client may ask for.

Source: kubernetes.io "API concepts", chapter on resource representations, read 2026-08-21.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from tokentui.simulator.json_response import JsonResponse
from tokentui.simulator.kubernetes.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json

_META: Final = {"apiVersion": "meta.k8s.io/v1"}
_PARTIAL: Final = "PartialObjectMetadata"
_PARTIAL_LIST: Final = "PartialObjectMetadataList"
_ANY: Final = frozenset({"application/json", "application/*", "*/*"})


def object_answer(
    request: Request, resource: Resource, one: Json, code: int = HTTPStatus.OK
) -> Response:
    """Return one object, whole or its metadata alone."""
    if _form(request, _PARTIAL) == _PARTIAL:
        return JsonResponse(_partial(one), code)
    return JsonResponse(whole(resource, one), code)


def list_answer(
    request: Request, resource: Resource, metadata: Json, items: Sequence[Json]
) -> Response:
    """Return a list, whole or of metadata alone."""
    if _form(request, _PARTIAL_LIST) == _PARTIAL_LIST:
        body = {"kind": _PARTIAL_LIST, **_META, "items": [_partial(one) for one in items]}
    else:
        body = {"kind": f"{resource.kind}List", "apiVersion": resource.api_version}
        body["items"] = list(items)
    return JsonResponse({**body, "metadata": metadata})


def whole(resource: Resource, one: Json) -> Json:
    """Return an object with its kind and version."""
    return {"kind": resource.kind, "apiVersion": resource.api_version, **one}


def _partial(one: Json) -> Json:
    return {"kind": _PARTIAL, **_META, "metadata": one["metadata"]}


def _form(request: Request, partial: str) -> str:
    """Return the first accepted form; "" is the whole object. No known form is 406."""
    accepted = request.headers.get("accept", "*/*") or "*/*"
    for entry in accepted.split(","):
        media_type, *rest = [part.strip() for part in entry.split(";")]
        parameters = dict(part.split("=", 1) for part in rest if "=" in part)
        if media_type not in _ANY:
            continue
        if "as" not in parameters:
            return ""
        if parameters["as"] == partial and parameters.get("v") == "v1":
            return partial
    message = "only the following media types are accepted: application/json"
    raise ApiError(HTTPStatus.NOT_ACCEPTABLE, "NotAcceptable", message)
