"""Swagger 2.0 in the words of OpenAPI 3."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "patch")
_OF_A_SCHEMA = ("type", "format", "enum", "items", "minimum", "maximum", "pattern")


def as_openapi(content: Json) -> Json:
    """Give the description with bodies, parameters and answers where OpenAPI 3 has them."""
    if content.get("swagger") != "2.0":
        return content
    base = content.get("basePath", "").rstrip("/")
    paths = {f"{base}{path}": _item(content, item) for path, item in content["paths"].items()}
    return {**content, "paths": paths}


def _item(content: Json, item: Json) -> Json:
    shared = item.get("parameters", [])
    return {
        method: _operation(content, item[method], shared) for method in _METHODS if method in item
    }


def _operation(content: Json, operation: Json, shared: list[Json]) -> Json:
    named = [_resolved(content, one) for one in [*shared, *operation.get("parameters", [])]]
    takes = operation.get("consumes") or content.get("consumes", ["application/json"])
    gives = operation.get("produces") or content.get("produces", ["application/json"])
    changed = {
        **operation,
        "parameters": [_parameter(one) for one in named if one["in"] not in ("body", "formData")],
        "responses": {
            status: _response(_resolved(content, one), gives)
            for status, one in operation["responses"].items()
        },
    }
    for body in (one for one in named if one["in"] == "body"):
        changed["requestBody"] = {
            "required": body.get("required", False),
            "content": {media: {"schema": body["schema"]} for media in takes},
        }
    return changed


def _parameter(parameter: Json) -> Json:
    schema = {word: parameter[word] for word in _OF_A_SCHEMA if word in parameter}
    return {**parameter, "schema": schema}


def _response(response: Json, gives: list[str]) -> Json:
    if "schema" not in response:
        return {}
    return {"content": {media: {"schema": response["schema"]} for media in gives}}


def _resolved(content: Json, node: Json) -> Json:
    while "$ref" in node:
        found: Any = content
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node
