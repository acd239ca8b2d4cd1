"""The STACKIT adapter, connected to a simulator as a profile would connect it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tokentui.domain.lifetime import Span, default_lifetime, resolve
from tokentui.domain.model import InstanceState, Order, ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Connection
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.providers.stackit.provider import Stackit, connect
from tokentui.simulator.home import write_home

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import timedelta

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Account, Credential, FieldValue, Instance, Offer, Target
    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import JournalLine
    from tokentui.simulator.server import Simulator

READER_KEY = "stackit-reader-key.json"


async def no_secrets(name: str) -> Secret | None:
    """Look a secret up in a store that is empty."""
    return None


def connection_to(
    sim: Simulator,
    folder: Path,
    *,
    key_file: str = "stackit-key.json",
    auth: AuthSettings | None = None,
    on_call: Callable[[JournalLine], None] | None = None,
    timeout_s: float = 8.0,
    **settings: SettingValue,
) -> Connection:
    """Give the connection of the profile that the simulator writes, with changes."""
    home = write_home(sim, folder, ("stackit",))
    profile = yaml.safe_load((home / "config.yaml").read_text())["profiles"]["stackit"]
    key_flow = AuthSettings("service-account-key", {"path": str(home / "secrets" / key_file)})
    http = Http(
        tls=tls_context(Path(profile["ca_file"])),
        clock=lambda: datetime.now(UTC),
        timeout_s=timeout_s,
        on_call=on_call,
    )
    return Connection(
        profile=ProfileName("stackit"),
        settings={name: profile[name] for name in ("projects", "regions", "endpoints")} | settings,
        auth=auth or key_flow,
        http=http,
        lookup=no_secrets,
        clock=lambda: datetime.now(UTC),
    )


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Stackit]:
    """Connect the adapter and close it."""
    provider = connect(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


async def find(provider: Stackit, name: str) -> Instance:
    """Give one instance by its name."""
    pages = [page async for page in provider.instances()]
    found = [one for page in pages for one in page.items if one.name == name]
    assert len(found) == 1, f"there are {len(found)} instances {name}"
    return found[0]


async def find_account(provider: Stackit, name: str) -> Account:
    """Give one service account by its name."""
    pages = [page async for page in provider.accounts()]
    found = [one for page in pages for one in page.items if one.name == name]
    assert len(found) == 1, f"there are {len(found)} accounts {name}"
    return found[0]


async def credentials_of(provider: Stackit, target: Target) -> list[Credential]:
    """Give what the provider lists for a target."""
    pages = [page async for page in provider.credentials(target)]
    assert not any(page.failed for page in pages)
    return [one for page in pages for one in page.items]


def active(instance: Instance) -> Instance:
    """Give the instance as a list would have shown it while it was active."""
    return replace(instance, state=InstanceState.ACTIVE, state_text="active")


async def order(provider: Stackit, name: str, kind: str, lifetime: timedelta) -> Order:
    """Give an order for an instance, whatever its state."""
    offer = await offer_of(provider, active(await find(provider, name)), kind)
    return Order(offer, resolve(Span(lifetime), offer.lifetime, datetime.now(UTC), UTC))


async def offer_of(provider: Stackit, target: Target, kind: str) -> Offer:
    """Give the offer of a kind."""
    return next(o for o in await provider.offers(target) if o.kind.key == kind)


async def usual_order(provider: Stackit, target: Target, kind: str, **values: FieldValue) -> Order:
    """Give an order with the usual lifetime and the fields as given."""
    offer = await offer_of(provider, target, kind)
    term = resolve(default_lifetime(offer.lifetime), offer.lifetime, datetime.now(UTC), UTC)
    return Order(offer, term, values)
