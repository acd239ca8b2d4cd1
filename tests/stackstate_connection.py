"""The StackState adapter, connected to a simulator as a profile would connect it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import Endless, Until, resolve
from tokentui.domain.model import Instance, InstanceId, Order, ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.stackstate.provider import Stackstate, connect
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, PROD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Credential, FieldValue, Offer
    from tokentui.domain.secret import Secret
    from tokentui.simulator.server import Simulator


async def no_secrets(name: str) -> Secret | None:
    """Look a secret up in a store that is empty."""
    return None


def connection_to(
    sim: Simulator,
    folder: Path,
    *,
    server: str = PROD,
    token: str = ADMIN_TOKEN,
    secret: str | None = None,
    token_type: str | None = None,
    timeout_s: float = 8.0,
    ca_file: Path | None = None,
    **settings: SettingValue,
) -> Connection:
    """Give the connection of a profile that signs in with a token of the server from a file."""
    one = sim.world.stackstate.servers[server]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{server}-{token}"
    path.write_text(one.token_named(token).secret if secret is None else secret)
    path.chmod(0o600)
    http = Http(tls=tls_context(ca_file), clock=lambda: datetime.now(UTC), timeout_s=timeout_s)
    options: dict[str, SettingValue] = {"path": str(path)}
    if token_type is not None:
        options["type"] = token_type
    return Connection(
        profile=ProfileName("stackstate"),
        settings={"url": one.url} | settings,
        auth=AuthSettings("file", options),
        http=http,
        lookup=no_secrets,
        clock=lambda: datetime.now(UTC),
    )


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Stackstate]:
    """Connect the adapter and close it."""
    provider = connect(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


async def the_server(provider: Stackstate) -> Instance:
    """Give the one server of a profile."""
    (page,) = [page async for page in provider.instances()]
    (instance,) = page.items
    return instance


async def listed(provider: Stackstate) -> dict[str, Credential]:
    """Give all credentials by name; no part of the list may fail."""
    found: dict[str, Credential] = {}
    async for page in provider.credentials(await the_server(provider)):
        assert not page.failed
        found |= {one.name: one for one in page.items}
    return found


async def offer_of(provider: Stackstate, kind: str = "token") -> Offer:
    """Give the offer of a kind."""
    offers = await provider.offers(await the_server(provider))
    return next(offer for offer in offers if offer.kind.key == kind)


def ordered_at(order: Order, url: str) -> Order:
    """Give the same order for the server at another address."""
    target = order.offer.target
    assert isinstance(target, Instance)
    moved = replace(target, id=InstanceId(url))
    return replace(order, offer=replace(order.offer, target=moved))


async def order(
    provider: Stackstate,
    kind: str = "token",
    ends_at: datetime | None = None,
    **values: FieldValue,
) -> Order:
    """Give an order; without an end it never ends."""
    offer = await offer_of(provider, kind)
    lifetime = Endless() if ends_at is None else Until(ends_at)
    given: dict[str, FieldValue] = {"name": "ci"}
    if kind == "token":
        given["roles"] = ("stackstate-guest",)
    term = resolve(lifetime, offer.lifetime, datetime.now(UTC), UTC)
    return Order(offer, term, given | values)
