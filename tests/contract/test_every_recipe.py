"""Each recipe of each system is a right text that hands its secret to nobody else."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
import yaml

from described import DESCRIPTIONS, description
from every_recipe import CASES, EXPECTED, Case, Found, every_recipe
from recipe_shell import Shell
from simulator_fixtures import start_simulator
from tokentui.domain.recipe import (
    NO_SECRETS,
    Part,
    Syntax,
    filled,
    holds_secret,
    outline,
    with_known,
)
from tokentui.domain.secret import Secret
from tokentui.providers.registry import BUILT_IN, Registry
from tokentui.testing.recipe_contract import ODD, parse, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Recipes = dict[Case, Found]

RBAC = "rbac.authorization.k8s.io/v1"
SCHEMAS = {
    ("v1", "Secret"): "io.k8s.api.core.v1.Secret",
    (RBAC, "RoleBinding"): "io.k8s.api.rbac.v1.RoleBinding",
    (RBAC, "ClusterRoleBinding"): "io.k8s.api.rbac.v1.ClusterRoleBinding",
}
COLLECTOR = {"extensions", "exporters", "service"}
OTHER_DOCUMENTS = {
    ("stackit", "remote-write"): {"remote_write"},
    ("stackit", "loki-push"): {"clients"},
    ("stackit", "otel-collector"): COLLECTOR,
    ("stackit", "grafana-datasource"): {"apiVersion", "datasources"},
    ("stackit", "tokentui"): {"profiles"},
    ("stackstate", "sts-config"): {"current-context", "contexts"},
    ("stackstate", "helm-bootstrap"): {"stackstate"},
    ("stackstate", "mcp"): {"mcpServers"},
    ("stackstate", "agent"): {"stackstate"},
    ("stackstate", "otlp"): COLLECTOR,
    ("stackstate", "remote-write"): {"remote_write"},
    ("stackstate", "remote-write-basic"): {"remote_write"},
}
"""What is no manifest of Kubernetes, by system and key: the fields at the top."""

OF_A_CHART = {
    "helm-bootstrap": ("stackstate", "authentication", "serviceToken", "bootstrap", "token"),
    "agent": ("stackstate", "apiKey"),
}
"""Where a chart reads the secret."""

SEEN_BY_OTHERS = {
    Case("stackit", "token", "kubectl"): "others on this host see",
    Case("kubernetes", "token", "kubectl"): "others on this host see",
    Case("kubernetes", "revocable-token", "kubectl"): "others on this host see",
    Case("cloudfleet", "api-token", "cli-profile"): "in the process list",
}
"""The recipes that give the secret as an argument, and how they say so."""

OBJECT_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
REAL = {Part.NAME: "ci-deploy", Part.ID: "5tGq8ZxWbRk3NvPyLm7HcD"}
each_case = pytest.mark.parametrize("case", CASES, ids="-".join)


@pytest.fixture(scope="module")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recipes]:
    with start_simulator() as sim:
        yield asyncio.run(every_recipe(sim, tmp_path_factory.mktemp("systems")))


def real_parts(found: Found) -> Mapping[Part, Secret]:
    """Give the parts of a credential with a name and an id as its system has them."""
    return {**parts_of(found.kind), **{part: Secret(text) for part, text in REAL.items()}}


def documents(found: Found) -> list[Any]:
    """Give the documents of a recipe filled in, none of a text that is no document."""
    syntax = found.recipe.syntax
    if syntax not in {Syntax.YAML, Syntax.JSON}:
        return []
    parsed: Any = parse(syntax, filled(found.recipe, real_parts(found)).reveal())
    return list(parsed) if syntax is Syntax.YAML else [parsed]


def forms(secret: str) -> set[str]:
    """Give the ways in which a secret can stand in a text."""
    return {
        secret,
        quote(secret, safe=""),
        shlex.quote(secret),
        json.dumps(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
    }


def secrets_of(found: Found) -> set[str]:
    """Give the secret parts that a recipe of this kind may hold, in all their forms."""
    parts = parts_of(found.kind).items()
    secrets = {secret.reveal() for part, secret in parts if part not in NO_SECRETS}
    hosts = {parts_of(found.kind)[part].reveal() for part in (Part.SERVER, Part.AUTHORITY)}
    return {form for secret in secrets - hosts for form in forms(secret)}


def test_every_recipe_of_every_kind_is_here(recipes: Recipes) -> None:
    kinds = {(key, kind.key) for key in BUILT_IN for kind in Registry().load(key).about.kinds}
    assert set(EXPECTED) == kinds
    assert tuple(recipes) == CASES


@each_case
def test_it_is_a_right_text_with_and_without_a_credential(recipes: Recipes, case: Case) -> None:
    found = recipes[case]
    recipe = found.recipe
    parse(recipe.syntax, outline(recipe))
    parse(recipe.syntax, outline(with_known(recipe, REAL)))
    parse(recipe.syntax, filled(recipe, parts_of(found.kind)).reveal())


@each_case
def test_the_outline_has_placeholders_and_no_secret(recipes: Recipes, case: Case) -> None:
    found = recipes[case]
    known = {part: secret.reveal() for part, secret in parts_of(found.kind).items()}
    shown = outline(with_known(found.recipe, known))
    assert not [form for form in secrets_of(found) if form in shown]
    text = filled(found.recipe, parts_of(found.kind)).reveal()
    assert (shown != text) == holds_secret(found.recipe)
    assert any(form in text for form in secrets_of(found)) == holds_secret(found.recipe)


@each_case
def test_a_manifest_is_one_that_kubernetes_describes(recipes: Recipes, case: Case) -> None:
    for document in documents(recipes[case]):
        if "kind" not in document:
            assert set(document) == OTHER_DOCUMENTS[case.system, case.key]
            continue
        name = SCHEMAS[document["apiVersion"], document["kind"]]
        assert OBJECT_NAME.fullmatch(document["metadata"]["name"])
        if document["kind"] in {"RoleBinding", "Secret"}:
            assert document["metadata"]["namespace"]
        if DESCRIPTIONS.is_dir():
            described = description("kubernetes/kubernetes-credentials-subset.json")
            schema = described.schema(name)
            assert described.faults(schema, document) == []
            assert list(described.unknown_fields(schema, document)) == []


def test_no_other_document_is_told_that_there_is_not(recipes: Recipes) -> None:
    others = {
        (case.system, case.key)
        for case, found in recipes.items()
        for document in documents(found)
        if "kind" not in document
    }
    assert others == set(OTHER_DOCUMENTS)


@pytest.mark.parametrize("case", [one for one in CASES if one.key == "argocd"], ids="-".join)
def test_argo_cd_reads_its_configuration_as_json(recipes: Recipes, case: Case) -> None:
    (secret,) = documents(recipes[case])
    assert secret["metadata"]["labels"] == {"argocd.argoproj.io/secret-type": "cluster"}
    assert set(secret["stringData"]) == {"name", "server", "config"}
    config = json.loads(secret["stringData"]["config"])
    assert config["bearerToken"] == ODD
    assert config["tlsClientConfig"]["insecure"] is False
    assert urlsplit(secret["stringData"]["server"]).scheme == "https"


@pytest.mark.parametrize("case", [one for one in CASES if one.key in OF_A_CHART], ids="-".join)
def test_a_chart_finds_the_secret_under_its_key(recipes: Recipes, case: Case) -> None:
    (values,) = documents(recipes[case])
    for word in OF_A_CHART[case.key]:
        values = values[word]
    assert values == ODD


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if "binding" in one.key and one.system != "kubermatic"],
    ids="-".join,
)
def test_a_binding_is_ready_for_a_known_credential(recipes: Recipes, case: Case) -> None:
    recipe = with_known(recipes[case].recipe, REAL)
    assert not holds_secret(recipe)
    binding = yaml.safe_load(outline(recipe))
    (subject,) = binding["subjects"]
    if case.system == "cloudfleet":
        user = f"service-account-{REAL[Part.ID].lower()}"
        group = "rbac.authorization.k8s.io"
        assert subject == {"apiGroup": group, "kind": "User", "name": user}
    else:
        account = recipes[case].target
        assert subject["kind"] == "ServiceAccount"
        assert (subject["namespace"], subject["name"]) == (account.scope, account.name)


@each_case
def test_a_shell_shows_the_secret_to_nobody_else(
    recipes: Recipes, case: Case, tmp_path: Path
) -> None:
    found = recipes[case]
    if found.recipe.syntax is not Syntax.SHELL:
        assert case not in SEEN_BY_OTHERS
        return
    shell = Shell(tmp_path)
    text = filled(found.recipe, parts_of(found.kind)).reveal()
    calls = shell.run(f"{text}\nsts --last\n")
    secrets = secrets_of(found)
    arguments = [word for call in calls for word in call.arguments]
    is_seen = any(form in word for form in secrets for word in arguments)
    assert is_seen == (case in SEEN_BY_OTHERS)
    assert SEEN_BY_OTHERS.get(case, "") in found.recipe.note
    told = [*arguments, *(call.given for call in calls)]
    told += [value for call in calls for value in call.variables.values()]
    told += [path.read_text() for path in shell.folder.iterdir()]
    assert any(form in one for form in secrets for one in told), "no program gets the secret"


@each_case
def test_an_outline_is_right_for_a_shell(recipes: Recipes, case: Case, tmp_path: Path) -> None:
    recipe = recipes[case].recipe
    if recipe.syntax is Syntax.SHELL:
        placeholders = {Part.AUTHORITY: Secret("authority")}
        Shell(tmp_path).run(filled(recipe, placeholders).reveal())


def test_kkp_describes_the_binding_that_is_asked_for(recipes: Recipes, tmp_path: Path) -> None:
    recipe = recipes[Case("kubermatic", "token", "cluster-role-binding")].recipe
    (call,) = Shell(tmp_path).run(filled(recipe, {Part.TOKEN: Secret(ODD)}).reveal())
    words = call.arguments
    assert call.given == f"Authorization: Bearer {ODD}\n"
    body = json.loads(words[words.index("--json") + 1])
    assert body == {"serviceAccount": "<name>", "serviceAccountNamespace": "<namespace>"}
    path = urlsplit(words[-1]).path
    below = path[path.index("/api/v2/") :]
    if DESCRIPTIONS.is_dir():
        described = description("kubermatic/kkp-v2.31-swagger-full.json")
        found = described.operation("POST", below)
        assert found is not None
        schema = described.schema("ClusterRoleUser")
        assert list(described.unknown_fields(schema, body)) == []
