"""Every request of our adapter and every answer of the simulator keep to the description."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from simulator_fixtures import start_simulator
from stackstate_connection import Recorded, connected, connection_to, listed, order, the_server
from tokentui.domain.errors import NotFound, ProviderError
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN, LAB, PROD

if TYPE_CHECKING:
    from stackstate_connection import Exchange
    from tokentui.simulator.server import Simulator

DESCRIPTIONS = Path(__file__).parents[3] / "shared" / "openapi" / "stackstate"
TODAY = "openapi-bundled.yaml"
KEYS = "legacy-ingestion-api-keys-subset.yaml"
pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)
NOT_DESCRIBED = {
    ("GET", "/security/tokens", 403),
    ("DELETE", "/security/tokens/{serviceTokenId}", 404),
    ("POST", "/security/tokens", 403),
    ("GET", "/security/ingestion/api_keys", 403),
    ("GET", "/security/ingestion/api_keys", 404),
    ("DELETE", "/security/ingestion/api_keys/{ingestionApiKeyId}", 404),
    ("GET", "/user/authorization/for", 404),
    ("GET", "/user/session/availableRoles", 404),
    ("GET", "/security/subjects", 403),
}
"""Statuses that the description does not name for these operations."""

SINCE_2026 = {"applicationDomains": ["Observability"]}
"""What every server tells of itself now, and older ones do not."""


@cache
def description(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DESCRIPTIONS / name).read_text(encoding="utf-8"))
    return content


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        target: Any = document
        for key in part["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        part = target
    return part


def operation_of(exchange: Exchange) -> tuple[dict[str, Any], str, dict[str, Any], dict[str, str]]:
    """Find the description, the path's template, the operation, and the path's values."""
    path = exchange.call.url.partition("/api")[2]
    for document in (description(TODAY), description(KEYS)):
        for template, item in sorted(document["paths"].items(), key=lambda one: "{" in one[0]):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            match = re.fullmatch(pattern, path)
            operation = item.get(exchange.call.method.lower())
            if match and operation:
                return document, template, operation, match.groupdict()
    raise AssertionError(f"{exchange.call.method} {path} is not described")


def validate(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    whole = {"allOf": [schema], "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def check(exchange: Exchange) -> str:
    """Check parameters, body and answer of an exchange; give its operation's name."""
    document, template, operation, values = operation_of(exchange)
    query = {name: str(value) for name, value in exchange.call.params.items()}
    for parameter in (resolved(document, one) for one in operation.get("parameters", [])):
        given = values if parameter["in"] == "path" else query
        text = given.pop(parameter["name"], None)
        assert text is not None or not parameter.get("required"), parameter["name"]
        if text is not None:
            validate(document, parameter["schema"], typed(document, parameter["schema"], text))
    assert not query, "a query parameter is not described"
    body = resolved(document, operation.get("requestBody", {}))
    assert (exchange.call.json is not None) == bool(body)
    if body:
        schema = body["content"]["application/json"]["schema"]
        validate(document, schema, exchange.call.json)
        undescribed = set(exchange.call.json) - set(resolved(document, schema)["properties"])  # type: ignore[call-overload]  # JSON
        assert not undescribed
    check_answer(document, operation, (exchange.call.method, template, exchange.status), exchange)
    return str(operation["operationId"])


def typed(document: dict[str, Any], schema: dict[str, Any], text: str) -> object:
    kind = resolved(document, schema).get("type")
    return json.loads(text) if kind in ("integer", "boolean") else text


def check_answer(
    document: dict[str, Any],
    operation: dict[str, Any],
    answer: tuple[str, str, int],
    exchange: Exchange,
) -> None:
    described = operation["responses"].get(str(exchange.status))
    if described is None:
        assert answer in NOT_DESCRIBED, f"{answer} is not described"
        return
    content = resolved(document, described).get("content")
    if content is None:
        assert exchange.body == b""
    elif exchange.body:
        body = json.loads(exchange.body)
        if operation["operationId"] == "serverInfo" and exchange.status == 200:
            body = SINCE_2026 | body
        validate(document, content["application/json"]["schema"], body)


async def use_everything(sim: Simulator, folder: Path, server: str) -> Recorded:
    """Use every call of the adapter, also in vain."""
    recorded = Recorded()
    for token in (ADMIN_TOKEN, GUEST_TOKEN):
        connection = connection_to(sim, folder, server=server, token=token, recorded=recorded)
        async with connected(connection) as provider:
            await provider.identity()
            instance = await the_server(provider)
            await provider.details(instance)
            await provider.offers(instance)
            _ = [page async for page in provider.credentials(instance)]
    connection = connection_to(sim, folder, server=server, recorded=recorded)
    async with connected(connection) as provider:
        wish = await order(provider, "ingestion-token", name="edge-7", scoped=server == PROD)
        refusal = Fault(
            kind=FaultKind.STATUS, method="POST", path="/tokens$", status=403, times=1, body="{}"
        )
        sim.faults.add(refusal)
        with pytest.raises(ProviderError):
            await provider.issue(wish)
        await provider.issue(wish)
        await provider.issue(await order(provider, roles=("x", "y"), dedicated_subject="own"))
        for credential in (await listed(provider)).values():
            if credential.name != ADMIN_TOKEN:
                await provider.revoke(credential)
                with suppress(NotFound):  # the servers answer in three ways
                    await provider.revoke(credential)
    return recorded


OPERATIONS = {
    "serverInfo",
    "getUserAuthorizationFor",
    "getUserSessionAvailableRoles",
    "getServiceTokens",
    "createNewServiceToken",
    "deleteServiceToken",
    "listSubjects",
    "createSubject",
    "deleteSubject",
    "grantPermissions",
    "revokePermissions",
    "getIngestionApiKeys",
}


@pytest.mark.parametrize(
    ("server", "age"),
    [(PROD, ServerAge.CURRENT), (LAB, ServerAge.OLD), (LAB, ServerAge.VERY_OLD)],
)
async def test_everything_is_described(tmp_path: Path, server: str, age: ServerAge) -> None:
    with start_simulator() as sim:
        sim.world.stackstate.servers[server].age = age
        recorded = await use_everything(sim, tmp_path, server)
    names = {check(exchange) for exchange in recorded.exchanges}
    assert names >= OPERATIONS
    of_old = {"deleteIngestionApiKey"} if server == LAB else set()
    of_old |= {"getCurrentUserProfile"} if age is ServerAge.VERY_OLD else set()
    assert names - OPERATIONS == of_old


async def test_a_wrong_request_would_be_seen(tmp_path: Path) -> None:
    recorded = Recorded()
    with start_simulator() as sim:
        async with connected(connection_to(sim, tmp_path, recorded=recorded)) as provider:
            await provider._api._once(
                "POST", "x", "security", "tokens", json={"name": "ci", "expiration": 1, "roles": []}
            )
    with pytest.raises(AssertionError):
        check(recorded.exchanges[0])
