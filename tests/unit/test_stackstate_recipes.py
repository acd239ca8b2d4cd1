"""The recipes for StackState's tokens are what the programs read that take them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from recipe_shell import Shell
from tokentui.domain.recipe import Part, Recipe, Syntax, filled, outline
from tokentui.domain.secret import Secret
from tokentui.providers.stackstate.about import INGESTION_KEY, INGESTION_TOKEN, TOKEN
from tokentui.providers.stackstate.recipes import recipes_for
from tokentui.providers.stackstate.settings import read_settings
from tokentui.testing.recipe_contract import ODD

URL = "https://observability.example.test"
VALUE = "svctok-EXAMPLE1z9y8x7w6v5u4t3s2r1q0p9o-"
RECIPES = {
    recipe.key: recipe for recipe in recipes_for(TOKEN, read_settings({"url": URL}, {}, "p"))
}


def text_of(key: str, value: str = VALUE) -> str:
    return filled(RECIPES[key], {Part.TOKEN: Secret(value)}).reveal()


def yaml_of(key: str) -> Any:  # noqa: ANN401  # YAML
    assert RECIPES[key].syntax is Syntax.YAML
    return yaml.safe_load(text_of(key))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.mark.parametrize(
    ("key", "header"),
    [("curl", "X-API-Key: "), ("curl-authorization", "Authorization: ApiKey ")],
)
def test_curl_reads_the_header_where_nobody_else_sees_it(
    shell: Shell, key: str, header: str
) -> None:
    (call,) = shell.run(text_of(key, ODD))
    assert call.arguments == ["curl", "--fail", "--header", "@-", f"{URL}/api/server/info"]
    assert call.given == f"{header}{ODD}\n"


@pytest.mark.parametrize("value", [VALUE, ODD, "~root", "a&b=c%20d+e"])
def test_curl_reads_the_address_with_the_key_where_nobody_else_sees_it(
    shell: Shell, value: str
) -> None:
    (call,) = shell.run(text_of("receiver", value))
    assert call.arguments == ["curl", "--fail", "--config", "-", "--json", "@payload.json"]
    told = re.fullmatch(r'url = "([^"\\]*)"\n', call.given)
    assert told, "curl reads no quote and no backslash of the token as its own"
    address = urlsplit(told[1])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{URL}/receiver/stsAgent/intake"
    assert parse_qs(address.query, strict_parsing=True) == {"api_key": [value]}
    assert "logs" in RECIPES["receiver"].note


def test_the_context_is_the_one_of_sts() -> None:
    assert yaml_of("sts-config") == {
        "current-context": "observability",
        "contexts": [
            {
                "name": "observability",
                "context": {"url": URL, "service-token": VALUE, "api-path": "/api"},
            }
        ],
    }


def test_sts_save_names_address_and_token_together() -> None:
    words = shlex.split(text_of("sts-save"))
    assert words == [
        "export", f"STS_CLI_URL={URL}", "export", f"STS_CLI_SERVICE_TOKEN={VALUE}",
        "sts", "context", "save", "--name", "observability",
    ]  # fmt: skip


def test_sts_gets_the_token_in_its_environment(shell: Shell) -> None:
    (call,) = shell.run(text_of("sts-save", ODD))
    assert call.arguments == ["sts", "context", "save", "--name", "observability"]
    assert call.variables == {"STS_CLI_URL": URL, "STS_CLI_SERVICE_TOKEN": ODD}


def test_every_recipe_for_a_shell_is_run_here() -> None:
    of_shell = {key for key, recipe in RECIPES.items() if recipe.syntax is Syntax.SHELL}
    assert of_shell == {"curl", "curl-authorization", "receiver", "sts-save"}


def test_the_bootstrap_values_are_those_of_the_chart() -> None:
    assert yaml_of("helm-bootstrap") == {
        "stackstate": {
            "authentication": {
                "serviceToken": {
                    "bootstrap": {"token": VALUE, "roles": ["stackstate-admin"], "ttl": "24h"}
                }
            }
        }
    }
    hocon = r"\d+(\.\d+)? ?(ns|us|ms|s|m|h|d)"
    text = text_of("helm-bootstrap")
    assert re.search(rf'ttl: "{hocon}"\n', text)
    assert "servicetoken" not in text
    assert "power-user" not in text


def test_the_mcp_server() -> None:
    (server,) = json.loads(text_of("mcp"))["mcpServers"].values()
    assert server == {"type": "http", "url": f"{URL}/mcp", "headers": {"X-API-Key": VALUE}}


def test_the_agent() -> None:
    assert yaml_of("agent")["stackstate"] == {
        "url": f"{URL}/receiver/stsAgent",
        "cluster": {"name": "<cluster>"},
        "apiKey": VALUE,
    }


def test_the_collector_sends_its_own_scheme() -> None:
    document = yaml_of("otlp")
    assert document["extensions"]["bearertokenauth"] == {
        "scheme": "SUSEObservability",
        "token": VALUE,
    }
    (exporter,) = document["exporters"].values()
    assert exporter["auth"]["authenticator"] in document["service"]["extensions"]


@pytest.mark.parametrize(
    ("key", "sign_in"),
    [
        ("remote-write", {"headers": {"sts-api-key": VALUE}}),
        ("remote-write-basic", {"basic_auth": {"username": "apikey", "password": VALUE}}),
    ],
)
def test_remote_write(key: str, sign_in: dict[str, object]) -> None:
    write = {"url": f"{URL}/receiver/prometheus/api/v1/write", **sign_in}
    assert yaml_of(key) == {"remote_write": [write]}


def recipes(kind: Any) -> tuple[Recipe, ...]:  # noqa: ANN401  # any kind
    return recipes_for(kind, read_settings({"url": URL}, {}, "p"))


def test_each_kind_has_the_recipes_that_it_is_good_for() -> None:
    ingestion = {"agent", "receiver", "otlp", "remote-write", "remote-write-basic"}
    assert {recipe.key for recipe in recipes(INGESTION_TOKEN)} == ingestion
    assert ingestion < set(RECIPES)
    assert all("update-metrics" in RECIPES[key].note for key in ingestion)
    assert recipes(INGESTION_KEY) == ()


def test_without_a_credential_a_placeholder_shows_where_it_goes() -> None:
    assert all("<token>" in outline(recipe) for recipe in RECIPES.values())
