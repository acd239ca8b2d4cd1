"""A vendor's description of an API (OpenAPI 3 or Swagger 2), asked for its operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import yaml

from described_swagger import as_openapi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DESCRIPTIONS = Path(__file__).parents[2] / "shared" / "openapi"
"""Where the vendors' descriptions lie; a checkout of the project alone has none."""

_METHODS = ("get", "put", "post", "delete", "patch")
_SHARED = ("components", "definitions")
_CHECKER = jsonschema.FormatChecker()

Json = dict[str, Any]
ByMedia = dict[str, Json]
"""Schemas by media type."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a description says of one method of one path."""

    name: str
    method: str
    template: str
    parameters: tuple[Json, ...]
    request: ByMedia
    body_required: bool
    responses: Mapping[str, ByMedia]


class Document:
    """One description."""

    def __init__(self, content: Json) -> None:
        self.content = content
        self._shared = {name: content[name] for name in _SHARED if name in content}
        self._operations = [
            (_pattern(template), self._operation(template, item, method))
            for template, item in sorted(content["paths"].items(), key=_literal_first)
            for method in _METHODS
            if method in item
        ]

    def operation(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """Find the operation of a request, and the values in its path."""
        for pattern, operation in self._operations:
            match = pattern.fullmatch(path.rstrip("/"))
            if match and operation.method == method:
                values = zip(_names(operation.template), match.groups(), strict=True)
                return operation, {name: unquote(value) for name, value in values}
        return None

    def schema(self, name: str) -> Json:
        """Give a schema by its name."""
        schemas = self._shared.get("definitions") or self._shared["components"]["schemas"]
        found: Json = schemas[name]
        return found

    def faults(self, schema: Json, value: object) -> list[str]:
        """Say where a value breaks a schema, without the value."""
        validator = jsonschema.Draft202012Validator(
            {"allOf": [schema], **self._shared}, format_checker=_CHECKER
        )
        return [
            f"{error.json_path} breaks {error.validator} {str(error.validator_value)[:120]}"
            for error in validator.iter_errors(value)
        ]

    def unknown_fields(self, schema: Json, value: object, at: str = "$") -> Iterator[str]:
        """Give the fields of a value that a schema does not name."""
        parts = list(self._parts(schema))
        if isinstance(value, list):
            for item in (part["items"] for part in parts if "items" in part):
                for number, one in enumerate(value):
                    yield from self.unknown_fields(item, one, f"{at}[{number}]")
        if isinstance(value, dict):
            known = _fields(parts)
            free = not known or any(part.get("additionalProperties") for part in parts)
            for name, one in value.items():
                if name in known:
                    yield from self.unknown_fields(known[name], one, f"{at}.{name}")
                elif not free:
                    yield f"{at}.{name}"

    def kind(self, schema: Json) -> object:
        """Give the type that a schema asks for."""
        return next((part["type"] for part in self._parts(schema) if "type" in part), None)

    def _parts(self, schema: Json) -> Iterator[Json]:
        schema = self._resolved(schema)
        yield schema
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, ()):
                yield from self._parts(part)

    def _resolved(self, node: Json) -> Json:
        while "$ref" in node:
            found: Any = self.content
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def _operation(self, template: str, item: Json, method: str) -> Operation:
        content = item[method]
        named = [*item.get("parameters", ()), *content.get("parameters", ())]
        body = self._resolved(content.get("requestBody", {}))
        return Operation(
            name=content.get("operationId", f"{method} {template}"),
            method=method.upper(),
            template=template,
            parameters=tuple(self._resolved(one) for one in named),
            request=_by_media(body),
            body_required=body.get("required", False),
            responses={
                str(status): _by_media(self._resolved(one))
                for status, one in content["responses"].items()
            },
        )


@cache
def description(name: str) -> Document:
    """Read a description by its path, as `stackit/edge.v1beta1.json`."""
    text = (DESCRIPTIONS / name).read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: Json = _with_null(yaml.load(text, loader))  # noqa: S506  # both are safe
    return Document(as_openapi(content))


def _with_null(node: Any) -> Any:  # noqa: ANN401  # raw JSON
    """Say in JSON Schema's words what OpenAPI 3.0 calls nullable."""
    if isinstance(node, list):
        return [_with_null(one) for one in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _with_null(one) for name, one in node.items()}
    if changed.get("nullable") is True and isinstance(changed.get("type"), str):
        changed["type"] = [changed["type"], "null"]
    return changed


def _fields(parts: list[Json]) -> Json:
    """Give the schemas of all fields; some descriptions require fields that they do not define."""
    required: Json = {name: {} for part in parts for name in part.get("required", ())}
    return required | {
        name: one for part in parts for name, one in part.get("properties", {}).items()
    }


def _by_media(node: Json) -> ByMedia:
    return {media: one.get("schema", {}) for media, one in node.get("content", {}).items()}


def _names(template: str) -> list[str]:
    return re.findall(r"\{(.+?)\}", template)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{.+?\\}", "([^/]+)", re.escape(template.rstrip("/"))))


def _literal_first(item: tuple[str, Json]) -> bool:
    return "{" in item[0]
