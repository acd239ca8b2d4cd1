"""Every request of our adapter keeps to the vendor's published description."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jsonschema
import pytest

from fault_server import FaultServer, reply
from simulator_fixtures import start_simulator
from stackit_connection import connected, connection_to, order
from tokentui.domain.errors import NotFound

if TYPE_CHECKING:
    from fault_server import Received

DESCRIPTIONS = Path(__file__).parents[3] / "shared" / "openapi" / "stackit"
pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)


def description(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DESCRIPTIONS / name).read_text(encoding="utf-8"))
    return content


def operation_of(document: dict[str, Any], request: Received) -> tuple[dict[str, Any], Any]:
    """Find the operation for a request and the values of its path parameters."""
    path = urlsplit(request.path).path
    for template, item in document["paths"].items():
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        match = re.fullmatch(pattern, path)
        if match and request.method.lower() in item:
            shared = item.get("parameters", [])
            operation = item[request.method.lower()]
            return {**operation, "parameters": [*shared, *operation.get("parameters", [])]}, match
    raise AssertionError(f"{request.method} {path} is not described")


def check(document: dict[str, Any], request: Received) -> str:
    """Check parameters and body of a request; give its operation's name."""
    operation, match = operation_of(document, request)
    query = dict(parse_qsl(urlsplit(request.path).query))
    for parameter in operation["parameters"]:
        given = match.groupdict() if parameter["in"] == "path" else query
        value: Any = given.pop(parameter["name"], None)
        assert value is not None or not parameter.get("required"), parameter["name"]
        if value is not None:
            if parameter["schema"].get("type") == "integer":
                value = int(value)
            validate(document, parameter["schema"], value)
    assert not query, "a query parameter is not described"
    return str(operation["operationId"])


def validate(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    whole = {"allOf": [schema], "components": document["components"]}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(value)


ANSWER = {
    "access_token": "a.b.c",
    "expires_in": 3600,
    "instances": [],
    "token": "a.b.c",
    "kubeconfig": {"kind": "Config"},
    "status": "reconciling",
}


async def requests_of_everything(folder: Path, lifetime: timedelta) -> list[Received]:
    """Use every call of the adapter against a server that records them."""
    fine = reply(body=json.dumps(ANSWER).encode())
    mints_that_work = [fine] * 4
    async with FaultServer(*mints_that_work, reply(404), fine) as server:
        with start_simulator() as sim:
            async with connected(connection_to(sim, folder)) as provider:
                token = await order(provider, "demo", "token", lifetime)
                kubeconfig = await order(provider, "demo", "kubeconfig", lifetime)
            endpoints = {"edge": server.url, "token": f"{server.url}/token"}
            recorded = connection_to(sim, folder, endpoints=endpoints)
        async with connected(recorded) as provider:
            await provider.identity()
            await provider.issue(token)
            await provider.issue(kubeconfig)
            with pytest.raises(NotFound, match="reconciling"):
                await provider.issue(token)
    return server.requests


@pytest.mark.parametrize("seconds", [600, 3600, 15_552_000])
async def test_every_request_is_described(tmp_path: Path, seconds: int) -> None:
    requests = await requests_of_everything(tmp_path, timedelta(seconds=seconds))
    signing_in, *edge = requests
    document = description("edge.v1beta1.json")
    assert [check(document, request) for request in edge] == [
        "ListInstances",
        "get-token-by-instance-id",
        "get-kubeconfig-by-instance-id",
        "get-token-by-instance-id",
        "get-instance",
    ]
    sent = [parse_qs(urlsplit(request.path).query) for request in edge]
    assert sent[1:3] == [{"expirationSeconds": [str(seconds)]}] * 2, "never left to a default"
    assert all(request.headers["authorization"] == "Bearer a.b.c" for request in edge)
    assert "authorization" not in signing_in.headers


async def test_signing_in_is_described(tmp_path: Path) -> None:
    requests = await requests_of_everything(tmp_path, timedelta(minutes=10))
    document = description("service-account.v2.json")
    operation, _ = operation_of(document, requests[0])
    (content_type,) = operation["requestBody"]["content"]
    assert requests[0].headers["content-type"] == content_type
    form = dict(parse_qsl(requests[0].body.decode()))
    validate(document, operation["requestBody"]["content"][content_type]["schema"], form)
    assert set(form) == {"grant_type", "assertion"}
