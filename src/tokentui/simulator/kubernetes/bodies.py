"""Request bodies, read as strictly as a real server reads them.

Source: kubernetes/apiserver pkg/endpoints/handlers/create.go and rest.go, read 2026-08-21.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from tokentui.simulator.kubernetes import protobuf
from tokentui.simulator.kubernetes.errors import ApiError, bad_request

if TYPE_CHECKING:
    from starlette.requests import Request

    from tokentui.simulator.kubernetes.store import Json

MERGE_TYPES: Final = ("application/merge-patch+json", "application/strategic-merge-patch+json")
_JSON: Final = "application/json"
_OBJECT_TYPES: Final = (_JSON, protobuf.MEDIA_TYPE)
_QUOTED_LENGTH: Final = 30


async def read_object(request: Request, kind: str, api_version: str) -> Json:
    """Return the body, an object of this kind; kind and version may be missing in it."""
    body = await _body(request, kind)
    given_kind, given_version = body.get("kind", kind), body.get("apiVersion", api_version)
    if (given_kind, given_version) != (kind, api_version):
        version = str(given_version).rpartition("/")[2]
        message = (
            f'{given_kind} in version "{version}" cannot be handled as a {kind}: '
            f'no kind "{given_kind}" is registered for version "{given_version}"'
        )
        raise bad_request(message)
    check_metadata(body, kind, api_version)
    return body


def check_metadata(body: Json, kind: str, api_version: str) -> None:
    """Refuse metadata with fields of a wrong type."""
    metadata = Fields(body, kind, api_version).mapping("metadata")
    inner = Fields(metadata, kind, api_version, "ObjectMeta.metadata.")
    for name in ("name", "namespace", "generateName", "uid", "resourceVersion"):
        inner.text(name)
    for name in ("labels", "annotations"):
        inner.texts(name)


async def read_patch(request: Request) -> Json:
    """Return a merge patch; the two kinds of it act alike here."""
    _check_type(request, MERGE_TYPES)
    return _decoded(await request.body(), "Patch")


async def read_delete_options(request: Request) -> Json:
    """Return the options of a deletion; without a body there are none."""
    raw = await request.body()
    options = await _body(request, "DeleteOptions") if raw.strip() else {}
    reader = Fields(options, "DeleteOptions", "v1")
    wanted = Fields(reader.mapping("preconditions"), "DeleteOptions", "v1", "Preconditions.")
    return {
        "dryRun": reader.text_list("dryRun"),
        "preconditions": {name: wanted.text(name) for name in ("uid", "resourceVersion")},
    }


class Fields:
    """Typed reading of a body's fields; what does not fit is 400."""

    def __init__(self, body: Json, kind: str, api_version: str, place: str = "") -> None:
        self._body = body
        self._kind = kind
        self._version = api_version.rpartition("/")[2]
        self._place = place or f"{kind}."

    def mapping(self, name: str) -> Json:
        """Return an object, an empty one if it is absent or null."""
        return self._typed(name, dict, "object") or {}

    def text(self, name: str) -> str:
        """Return a text, an empty one if it is absent or null."""
        return self._typed(name, str, "string") or ""

    def whole_number(self, name: str) -> int | None:
        """Return a whole number, None if it is absent or null."""
        number: int | None = self._typed(name, int, "int64")
        return number

    def texts(self, name: str) -> dict[str, str]:
        """Return texts by name."""
        given = self.mapping(name)
        for value in given.values():
            if not isinstance(value, str):
                raise self._unfit(name, value, "string")
        return given

    def text_list(self, name: str) -> list[str]:
        """Return a list of texts, an empty one if it is absent or null."""
        given = self._typed(name, list, "[]string") or []
        for value in given:
            if not isinstance(value, str):
                raise self._unfit(name, value, "string")
        return list(given)

    def mappings(self, name: str) -> list[Json]:
        """Return a list of objects, an empty one if it is absent or null."""
        given = self._typed(name, list, "array") or []
        for value in given:
            if not isinstance(value, dict):
                raise self._unfit(name, value, "object")
        return list(given)

    def _typed(self, name: str, wanted: type, told: str) -> Any:  # noqa: ANN401 - JSON
        value = self._body.get(name)
        if value is None or (isinstance(value, wanted) and not isinstance(value, bool)):
            return value
        raise self._unfit(name, value, told)

    def _unfit(self, name: str, value: object, told: str) -> ApiError:
        message = (
            f'{self._kind} in version "{self._version}" cannot be handled as a {self._kind}: '
            f"json: cannot unmarshal {_json_type(value)} into Go struct field "
            f"{self._place}{name} of type {told}"
        )
        return bad_request(message)


async def _body(request: Request, kind: str) -> Json:
    raw = await request.body()
    if _check_type(request, _OBJECT_TYPES) != protobuf.MEDIA_TYPE:
        return _decoded(raw, kind)
    try:
        return protobuf.decode(raw)
    except ValueError as error:
        raise _unrecognized(raw, kind, str(error)) from None


def _check_type(request: Request, accepted: tuple[str, ...]) -> str:
    """Return the content type, by default the first accepted one; another one is 415."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given in accepted or not given:
        return given or accepted[0]
    message = (
        "the body of the request was in an unknown format - "
        f"accepted media types include: {', '.join(accepted)}"
    )
    raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)


def _decoded(raw: bytes, kind: str) -> Json:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _unrecognized(raw, kind, f"json parse error: {error}") from None
    if not isinstance(body, dict):
        raise _unrecognized(raw, kind, f"json parse error: {_json_type(body)} is no object")
    return body


def _unrecognized(raw: bytes, kind: str, why: str) -> ApiError:
    shown = raw.decode("utf-8", "replace")
    if not raw:
        shown = "<empty>"
    elif len(shown) > _QUOTED_LENGTH:
        shown = shown[:_QUOTED_LENGTH] + " ..."
    message = (
        f"the object provided is unrecognized (must be of type {kind}): "
        f"couldn't get version/kind; {why} ({shown})"
    )
    return bad_request(message)


def _json_type(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "number"
        case float():
            return f"number {value}"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
