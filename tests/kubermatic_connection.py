"""The KKP adapter, connected to a simulator as a profile would connect it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import default_lifetime, resolve
from tokentui.domain.model import Order, ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.kubermatic.provider import Kubermatic, connect
from tokentui.simulator.kubermatic.seeds import OWNER
from tokentui.simulator.kubermatic.world import MAIN
from tokentui.testing.checks import pages_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Account, Credential, FieldValue, Instance, Issued, Target
    from tokentui.domain.secret import Secret
    from tokentui.simulator.server import Simulator

OWN_PROJECTS = ("shop", "data")
"""The projects whose owner `OWNER` is."""


async def no_secrets(name: str) -> Secret | None:
    """Look a secret up in a store that is empty."""
    return None


def connection_to(
    sim: Simulator,
    folder: Path,
    *,
    server: str = MAIN,
    person: str = OWNER,
    token: str | None = None,
    secret: str | None = None,
    timeout_s: float = 8.0,
    **settings: SettingValue,
) -> Connection:
    """Give the connection of a profile that signs in as a person or with a token by its name."""
    one = sim.world.kubermatic.servers[server]
    text = secret or (one.id_token(person) if token is None else one.token_named(token).secret)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{server}-{token or person}"
    path.write_text(text)
    path.chmod(0o600)
    chosen: dict[str, SettingValue] = {"url": one.url, "projects": OWN_PROJECTS}
    if token is not None:
        del chosen["projects"]
    return Connection(
        profile=ProfileName("imke"),
        settings=chosen | settings,
        auth=AuthSettings("file", {"path": str(path)}),
        http=Http(tls=tls_context(), clock=lambda: datetime.now(UTC), timeout_s=timeout_s),
        lookup=no_secrets,
        clock=lambda: datetime.now(UTC),
    )


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Kubermatic]:
    """Connect the adapter and close it."""
    provider = connect(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


async def cluster_named(provider: Kubermatic, name: str = "web") -> Instance:
    """Give a cluster by its name; no list may fail."""
    clusters, failed = await pages_of(provider.instances())
    assert not failed
    return next(one for one in clusters if one.name == name)


async def account_named(provider: Kubermatic, name: str = "deployer") -> Account:
    """Give an account of either kind by its name."""
    accounts, _ = await pages_of(provider.accounts())
    return next(one for one in accounts if one.name == name)


async def listed(provider: Kubermatic, target: Target) -> dict[str, Credential]:
    """Give the credentials of a target by name; no part of the list may fail."""
    found, failed = await pages_of(provider.credentials(target))
    assert not failed
    return {one.name: one for one in found}


async def make(provider: Kubermatic, target: Target, **values: FieldValue) -> Issued:
    """Make the one thing that a target offers."""
    (offer,) = await provider.offers(target)
    term = resolve(default_lifetime(offer.lifetime), offer.lifetime, datetime.now(UTC), UTC)
    return await provider.issue(Order(offer, term, values))
