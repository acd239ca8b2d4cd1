"""What STACKIT's recipes say, filled with odd secrets."""

from __future__ import annotations

import base64
import json
import shlex
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from recipe_shell import Shell
from simulator_fixtures import start_simulator
from stackit_connection import connected, connection_to, find, find_account, usual_order
from tokentui.domain.model import Form
from tokentui.domain.recipe import Part, Syntax, filled, outline
from tokentui.domain.secret import Secret
from tokentui.services.parts import parts_of
from tokentui.testing.recipe_contract import ODD, parse
from tokentui.testing.recipe_contract import parts_of as odd_parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tokentui.domain.model import Issued, Target
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.stackit.provider import Stackit
    from tokentui.simulator.server import Simulator

KINDS = ["token", "kubeconfig", "user", "key", "access-token"]
EXPECTED = {
    "token": ["edge-ui", "argocd", "curl", "kubectl"],
    "kubeconfig": ["argocd", "curl", "kubectl"],
    "user": ["remote-write", "loki-push", "otel-collector", "grafana-datasource", "curl"],
    "key": ["environment", "stackit-cli", "terraform", "tokentui"],
    "access-token": ["environment", "curl"],
}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        sim.world.stackit.accounts.legacy_on = True
        yield sim


async def target_of(provider: Stackit, kind: str) -> Target:
    if kind in {"key", "access-token"}:
        return await find_account(provider, "deploy")
    return await find(provider, "obs-prod" if kind == "user" else "demo")


async def made(
    sim: Simulator, folder: Path, kind: str
) -> tuple[Issued, dict[str, Recipe], Mapping[Part, Secret]]:
    async with connected(connection_to(sim, folder, legacy_tokens=True)) as provider:
        order = await usual_order(provider, await target_of(provider, kind), kind)
        issued = await provider.issue(order)
        recipes = await provider.recipes(issued.kind, issued.target)
    return issued, {one.key: one for one in recipes}, parts_of(issued)


@pytest.mark.parametrize("kind", KINDS)
async def test_the_recipes_fill_with_the_real_credential(
    sim: Simulator, tmp_path: Path, kind: str
) -> None:
    issued, recipes, parts = await made(sim, tmp_path, kind)
    assert list(recipes) == EXPECTED[kind]
    for recipe in recipes.values():
        text = filled(recipe, parts).reveal()
        assert issued.secret.reveal() not in outline(recipe)
        for part in Part:
            assert f"<{part}>" not in text, f"{recipe.key} lacks the {part}"
        parse(recipe.syntax, text)
    if issued.kind.form is Form.KEY_FILE:
        (saving, *_) = recipes.values()
        words = shlex.split(filled(saving, parts).reveal())
        assert issued.secret.reveal() in words


RUN = [
    ("token", "curl"),
    ("token", "kubectl"),
    ("kubeconfig", "curl"),
    ("kubeconfig", "kubectl"),
    ("user", "curl"),
    ("key", "environment"),
    ("key", "stackit-cli"),
    ("access-token", "environment"),
    ("access-token", "curl"),
]
"""Each recipe for a shell."""


@pytest.mark.parametrize(("kind", "key"), RUN)
async def test_a_shell_gives_programs_what_is_meant(
    sim: Simulator, tmp_path: Path, kind: str, key: str
) -> None:
    issued, recipes, _ = await made(sim, tmp_path, kind)
    assert {(kind, one.key) for one in recipes.values() if one.syntax is Syntax.SHELL} <= set(RUN)
    parts = odd_parts_of(issued.kind)
    shell = Shell(tmp_path)
    calls = shell.run(filled(recipes[key], parts).reveal() + "sts --last\n")
    seen = [*(one.given for one in calls), *(word for one in calls for word in one.arguments)]
    seen += [value for one in calls for value in one.variables.values()]
    seen += [path.read_text() for path in shell.folder.iterdir()]
    basic = base64.b64encode(parts[Part.BASIC].reveal().encode()).decode()
    wanted = {
        "user": f"Authorization: Basic {basic}\n",
        "key": f"{parts[Part.SECRET].reveal()}\n",
        "access-token": ODD if key == "environment" else f"Authorization: Bearer {ODD}\n",
        "token": f"--token={ODD}" if key == "kubectl" else f"Authorization: Bearer {ODD}\n",
        "kubeconfig": f"{ODD}\n" if key == "kubectl" else f"Authorization: Bearer {ODD}\n",
    }[kind]
    assert wanted in seen


@pytest.mark.parametrize(("kind", "key"), [("key", "environment"), ("kubeconfig", "kubectl")])
async def test_a_secret_is_saved_for_its_owner_alone(
    sim: Simulator, tmp_path: Path, kind: str, key: str
) -> None:
    """A file that exists keeps its mode, so nothing is written into it."""
    _, recipes, parts = await made(sim, tmp_path, kind)
    shell = Shell(tmp_path)
    text = filled(recipes[key], parts).reveal()
    shell.run(f"umask 022\n{text}")
    (path,) = shell.folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("older")
    path.chmod(0o644)
    with pytest.raises(subprocess.CalledProcessError):
        shell.run(text)
    assert path.read_text() == "older"


async def test_argo_cd_gets_server_token_and_authority(sim: Simulator, tmp_path: Path) -> None:
    issued, recipes, parts = await made(sim, tmp_path, "kubeconfig")
    document = json.loads(issued.secret.reveal())
    secret = yaml.safe_load(filled(recipes["argocd"], parts).reveal())
    assert secret["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "cluster"}
    cluster = document["clusters"][0]["cluster"]
    assert secret["stringData"]["server"] == cluster["server"]
    config = json.loads(secret["stringData"]["config"])
    assert config["bearerToken"] == document["users"][0]["user"]["token"]
    assert config["tlsClientConfig"]["caData"] == cluster["certificate-authority-data"]


async def test_curl_is_given_the_authority_of_the_kubeconfig(
    sim: Simulator, tmp_path: Path
) -> None:
    issued, recipes, parts = await made(sim, tmp_path, "kubeconfig")
    cluster = json.loads(issued.secret.reveal())["clusters"][0]["cluster"]
    shell = Shell(tmp_path)
    (call,) = shell.run(filled(recipes["curl"], parts).reveal())
    assert call.arguments[-3:] == ["--cacert", "ca.pem", f"{cluster['server']}/version"]
    pem = base64.b64decode(cluster["certificate-authority-data"])
    assert (shell.folder / "ca.pem").read_bytes() == pem


async def test_each_address_stands_where_it_is_for(sim: Simulator, tmp_path: Path) -> None:
    urls = sim.world.stackit.observability.named("obs-prod").urls
    _, recipes, _ = await made(sim, tmp_path, "user")
    parts = {
        Part.NAME: Secret("odd: name"),
        Part.SECRET: Secret(ODD),
        Part.BASIC: Secret(f"odd: name:{ODD}"),
    }
    texts: dict[str, Any] = {
        key: yaml.safe_load(filled(recipe, parts).reveal())
        for key, recipe in recipes.items()
        if recipe.syntax is Syntax.YAML
    }
    basic = {"username": "odd: name", "password": ODD}
    (write,) = texts["remote-write"]["remote_write"]
    assert write == {"url": urls["pushMetricsUrl"], "basic_auth": basic}
    (push,) = texts["loki-push"]["clients"]
    assert push == {"url": urls["logsPushUrl"], "basic_auth": basic}
    collector = texts["otel-collector"]
    assert collector["extensions"]["basicauth/stackit"]["client_auth"] == basic
    assert collector["exporters"]["otlphttp/logs"]["logs_endpoint"] == urls["otlpHttpLogsUrl"]
    assert collector["exporters"]["otlphttp/traces"]["endpoint"] == urls["otlpHttpTracesUrl"]
    sources = texts["grafana-datasource"]["datasources"]
    assert [one["url"] for one in sources] == [urls["metricsUrl"], urls["logsUrl"]]
    assert all(one["secureJsonData"] == {"basicAuthPassword": ODD} for one in sources)
    assert "ingest" in recipes["remote-write"].note
    assert "query" in recipes["grafana-datasource"].note


async def test_a_profile_block_is_one_that_can_be_read(sim: Simulator, tmp_path: Path) -> None:
    issued, recipes, _ = await made(sim, tmp_path, "key")
    (profile,) = yaml.safe_load(outline(recipes["tokentui"]))["profiles"].values()
    assert profile["provider"] == "stackit"
    assert profile["auth"]["method"] == "service-account-key"
    assert profile["project_id"] == issued.target.id.partition("/")[0]
