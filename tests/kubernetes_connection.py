"""The Kubernetes adapter, connected to a simulated cluster as a profile would connect it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import yaml

from kubernetes_sim import write_kubeconfig
from tokentui.domain.lifetime import Span, resolve
from tokentui.domain.model import Account, Order, ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.kubernetes.provider import Kubernetes, connect
from tokentui.testing.checks import pages_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Credential, FieldValue, Offer
    from tokentui.domain.secret import Secret
    from tokentui.simulator.server import Simulator


async def no_secrets(name: str) -> Secret | None:
    """Look a secret up in a store that is empty."""
    return None


def connection_of(timeout_s: float = 8.0, **settings: SettingValue) -> Connection:
    """Give the connection of a profile with these settings."""
    return Connection(
        profile=ProfileName("kubernetes"),
        settings=settings,
        auth=AuthSettings("kubeconfig", {}),
        http=Http(tls=tls_context(), clock=lambda: datetime.now(UTC), timeout_s=timeout_s),
        lookup=no_secrets,
        clock=lambda: datetime.now(UTC),
    )


def connection_to(
    sim: Simulator,
    folder: Path,
    context: str = "lab",
    *,
    timeout_s: float = 8.0,
    **settings: SettingValue,
) -> Connection:
    """Give the connection of a profile with a context of the simulator's kubeconfig."""
    folder.mkdir(parents=True, exist_ok=True)
    path = str(write_kubeconfig(sim, folder))
    given: dict[str, SettingValue] = {"kubeconfig": path, "context": context}
    return connection_of(timeout_s, **(given | settings))


def changed_kubeconfig(
    sim: Simulator, folder: Path, change: Callable[[dict[str, object], dict[str, object]], None]
) -> Path:
    """Write the simulator's kubeconfig after a change to the cluster and the user of `lab`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = write_kubeconfig(sim, folder)
    document = yaml.safe_load(path.read_text())
    cluster = next(one for one in document["clusters"] if one["name"] == "lab")["cluster"]
    user = next(one for one in document["users"] if one["name"] == "lab")["user"]
    change(cluster, user)
    path.write_text(yaml.safe_dump(document))
    return path


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Kubernetes]:
    """Connect the adapter and close it."""
    provider = connect(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


async def account_named(provider: Kubernetes, name: str = "deployer") -> Account:
    """Give the account of that name in the namespace `build`, or by `namespace/name`."""
    namespace, _, short = name.rpartition("/")
    accounts, failed = await pages_of(provider.accounts())
    assert not failed
    wanted = (namespace or "build", short)
    return next(one for one in accounts if (one.scope, one.name) == wanted)


async def offer_of(provider: Kubernetes, kind: str = "token", account: str = "deployer") -> Offer:
    """Give the offer of a kind."""
    offers = await provider.offers(await account_named(provider, account))
    return next(offer for offer in offers if offer.kind.key == kind)


async def order(
    provider: Kubernetes,
    kind: str = "token",
    account: str = "deployer",
    life: timedelta = timedelta(hours=1),
    **values: FieldValue,
) -> Order:
    """Give an order."""
    offer = await offer_of(provider, kind, account)
    term = resolve(Span(life), offer.lifetime, datetime.now(UTC), UTC)
    return Order(offer, term, values)


async def listed(provider: Kubernetes, account: str = "deployer") -> dict[str, Credential]:
    """Give all listed credentials of an account by name; no part of the list may fail."""
    found, failed = await pages_of(provider.credentials(await account_named(provider, account)))
    assert not failed
    return {one.name: one for one in found}
