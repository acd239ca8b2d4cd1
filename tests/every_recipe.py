"""All recipes of all systems, as the adapters give them for what the simulator has."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NamedTuple

import cloudfleet_connection
import kubermatic_connection
import kubernetes_connection
import stackit_connection
import stackstate_connection
from tokentui.domain.model import ProviderKey
from tokentui.providers.registry import Registry
from tokentui.testing.checks import pages_of

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.model import Kind, Target
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Provider
    from tokentui.simulator.server import Simulator


class Case(NamedTuple):
    """Which recipe: its system, its kind of credential and its key."""

    system: str
    kind: str
    key: str


class Found(NamedTuple):
    """A recipe, and what it is for."""

    kind: Kind
    target: Target
    recipe: Recipe


_INGESTION = ("agent", "receiver", "otlp", "remote-write", "remote-write-basic")
_RIGHTS = ("role-binding", "cluster-role-binding")
_KUBERNETES_TOKEN = ("curl", "kubectl", "argocd", "github", "gitlab", *_RIGHTS)
EXPECTED = {
    ("stackit", "token"): ("edge-ui", "argocd", "curl", "kubectl"),
    ("stackit", "kubeconfig"): ("argocd", "curl", "kubectl"),
    ("stackit", "user"): (
        *("remote-write", "loki-push", "otel-collector", "grafana-datasource", "curl"),
    ),
    ("stackit", "key"): ("environment", "stackit-cli", "terraform", "tokentui"),
    ("stackit", "access-token"): ("environment", "curl"),
    ("stackstate", "token"): (
        *("curl", "curl-authorization", "sts-config", "sts-save", "helm-bootstrap", "mcp"),
        *_INGESTION,
    ),
    ("stackstate", "ingestion-token"): _INGESTION,
    ("stackstate", "ingestion-key"): (),
    ("cloudfleet", "api-token"): (
        *("cli-profile", "curl", "kubernetes-user", "role-binding", "cluster-role-binding"),
        "registry-login",
    ),
    ("kubermatic", "token"): ("curl", "header", "cluster-role-binding"),
    ("kubermatic", "kubeconfig"): ("kubectl", "cluster-role-binding"),
    ("kubermatic", "service-account-kubeconfig"): ("kubectl", "role-binding"),
    ("kubernetes", "token"): _KUBERNETES_TOKEN,
    ("kubernetes", "revocable-token"): _KUBERNETES_TOKEN,
    ("kubernetes", "secret-token"): _RIGHTS,
    ("kubernetes", "kubeconfig"): ("kubeconfig", *_RIGHTS),
}
"""The keys by system and kind."""

CASES = tuple(Case(*place, key) for place, keys in EXPECTED.items() for key in keys)


async def every_recipe(sim: Simulator, folder: Path) -> dict[Case, Found]:
    """Ask each system for the recipes of each kind, for the first target that it fits."""
    sim.world.stackit.accounts.legacy_on = True
    found: dict[Case, Found] = {}
    async with AsyncExitStack() as stack:
        stackit = stackit_connection.connection_to(sim, folder, legacy_tokens=True)
        stackstate = stackstate_connection.connection_to(sim, folder / "tokens")
        cloudfleet = cloudfleet_connection.connection_to(sim, folder / "fleet")
        kubermatic = kubermatic_connection.connection_to(sim, folder / "imke")
        kubernetes = kubernetes_connection.connection_to(sim, folder / "kube")
        providers: dict[str, Provider] = {
            "stackit": await stack.enter_async_context(stackit_connection.connected(stackit)),
            "stackstate": await stack.enter_async_context(
                stackstate_connection.connected(stackstate)
            ),
            "cloudfleet": await stack.enter_async_context(
                cloudfleet_connection.connected(cloudfleet)
            ),
            "kubermatic": await stack.enter_async_context(
                kubermatic_connection.connected(kubermatic)
            ),
            "kubernetes": await stack.enter_async_context(
                kubernetes_connection.connected(kubernetes)
            ),
        }
        for system, provider in providers.items():
            found |= await _recipes_of(system, provider)
    return found


async def _recipes_of(system: str, provider: Provider) -> dict[Case, Found]:
    instances, _ = await pages_of(provider.instances())
    accounts, _ = await pages_of(provider.accounts())
    targets: tuple[Target, ...] = (*instances, *accounts)
    found: dict[Case, Found] = {}
    for kind in Registry().load(ProviderKey(system)).about.kinds:
        target = next(one for one in targets if kind.fits(one))
        for recipe in await provider.recipes(kind, target):
            case = Case(system, kind.key, recipe.key)
            found[case] = Found(kind, target, recipe)
    return found
