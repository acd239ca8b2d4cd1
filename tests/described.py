"""Checks requests and answers against the vendors' API descriptions."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema

from tokentui.providers.http import Http

if TYPE_CHECKING:
    from tokentui.providers.http_call import Answer, Call

DESCRIPTIONS = Path(__file__).parents[2] / "shared" / "openapi"


class RecordingHttp(Http):
    """Notes every call that succeeds, with its answer."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # those of `Http`
        super().__init__(**settings)
        self.seen: list[tuple[Call, Answer]] = []

    async def read(self, call: Call, *, attempts: int = 3) -> Answer:
        answer = await super().read(call, attempts=attempts)
        self.seen.append((call, answer))
        return answer

    async def once(self, call: Call) -> Answer:
        answer = await super().once(call)
        self.seen.append((call, answer))
        return answer


@cache
def description(name: str) -> dict[str, Any]:
    """Read a description by its path, as `stackit/edge.v1beta1.json`."""
    text = (DESCRIPTIONS / name).read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text, object_hook=_nullable)
    return content


def _nullable(node: dict[str, Any]) -> dict[str, Any]:
    """Say in JSON Schema's words what OpenAPI 3.0 calls nullable."""
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        return {**node, "type": [node["type"], "null"]}
    return node


def operation_of(
    document: dict[str, Any], method: str, path: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """Find the operation for a request and the values of its path parameters."""
    for template, item in document["paths"].items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        match = re.fullmatch(pattern, path)
        if match and method.lower() in item:
            shared = item.get("parameters", [])
            operation = item[method.lower()]
            named = [*shared, *operation.get("parameters", [])]
            parameters = [_resolved(document, one) for one in named]
            return {**operation, "parameters": parameters}, match.groupdict()
    raise AssertionError(f"{method} {path} is not described")


def check_parameters(document: dict[str, Any], method: str, target: str) -> dict[str, Any]:
    """Check path and query of a request; give its operation."""
    operation, in_path = operation_of(document, method, urlsplit(target).path)
    query = dict(parse_qsl(urlsplit(target).query))
    for parameter in operation["parameters"]:
        given: dict[str, Any] = in_path if parameter["in"] == "path" else query
        value = given.pop(parameter["name"], None)
        assert value is not None or not parameter.get("required"), parameter["name"]
        if value is not None:
            kind = parameter["schema"].get("type")
            validate(document, parameter["schema"], _typed(kind, value))
    assert not query, f"query parameters are not described: {sorted(query)}"
    return operation


def check_exchange(document: dict[str, Any], prefix: str, call: Call, answer: Answer) -> str:
    """Check a request of ours and what came back; give its operation's name."""
    query = "&".join(f"{name}={value}" for name, value in call.params.items())
    path = urlsplit(call.url).path.removeprefix(prefix).replace("%40", "@")
    operation = check_parameters(document, call.method, f"{path}?{query}")
    content = operation.get("requestBody", {}).get("content", {})
    if call.json is not None:
        validate(document, content["application/json"]["schema"], call.json)
    response = operation["responses"][str(answer.status)]
    body = response.get("content", {}).get("application/json")
    if body is None:
        assert answer.payload is None, "an answer without a described body has one"
    else:
        validate(document, body["schema"], answer.payload)
    return str(operation["operationId"])


def validate(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    """Check a value against a schema of a description."""
    whole = {"allOf": [schema], "components": document["components"]}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(value)


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, if it is one."""
    found: Any = document
    if "$ref" not in node:
        return node
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    result: dict[str, Any] = found
    return result


def _typed(kind: str | None, value: str) -> object:
    return float(value) if kind in {"integer", "number"} else value
