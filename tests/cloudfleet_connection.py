"""The Cloudfleet adapter, connected to a simulator as a profile would connect it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import Term
from tokentui.domain.model import Order, ProfileName
from tokentui.domain.profile import AuthSettings
from tokentui.providers.base import Connection
from tokentui.providers.cloudfleet import about
from tokentui.providers.cloudfleet.provider import Cloudfleet, connect
from tokentui.providers.http import Http
from tokentui.providers.http_tls import tls_context
from tokentui.simulator.cloudfleet.dialect import BASIC, GUESS, ODD, OTHER
from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tokentui.domain.about import SettingValue
    from tokentui.domain.model import Credential, FieldValue, Instance, Offer
    from tokentui.domain.secret import Secret
    from tokentui.simulator.cloudfleet.dialect import Dialect
    from tokentui.simulator.server import Simulator

RENAMING = {"update_token": "PUT /tokens/{id}"}
OTHER_WIRE = {
    "organization": "POST /organizations/describe",
    "list_tokens": "POST /access-tokens/list",
    "create_token": "PUT /access-tokens",
    "update_token": "PATCH /access-tokens/{id}",
    "regenerate_token": "PUT /access-tokens/{id}/secret",
    "delete_token": "POST /access-tokens/{id}/delete",
    "list_clusters": "POST /kubernetes-clusters/list",
    "get_cluster": "POST /kubernetes-clusters/{id}/describe",
    "token.name": "display_name",
}


async def no_secrets(name: str) -> Secret | None:
    """Look a secret up in a store that is empty."""
    return None


def settings_for(dialect: Dialect) -> dict[str, SettingValue]:
    """Give the settings with which a profile speaks a dialect of the simulator."""
    match dialect.name:
        case OTHER.name:
            return {"client_auth": about.BASIC, "wire": dict(OTHER_WIRE)}
        case BASIC.name:
            return {"auth_mode": about.BASIC, "wire": dict(RENAMING)}
        case GUESS.name | ODD.name:
            return {}
    raise AssertionError(f"no profile speaks {dialect.name}")


def connection_to(
    sim: Simulator,
    folder: Path,
    *,
    token: str = OWN_TOKEN,
    secret: str | None = None,
    auth: AuthSettings | None = None,
    timeout_s: float = 8.0,
    ca_file: Path | None = None,
    **settings: SettingValue | None,
) -> Connection:
    """Give the connection of a profile that speaks the simulator's dialect.

    It signs in with a token of that name; its secret is in a file. A setting that is None is left
    out.
    """
    world = sim.world.cloudfleet
    one = world.token_named(token)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"cloudfleet-{token}"
    path.write_text(one.secret if secret is None else secret)
    path.chmod(0o600)
    usual: dict[str, SettingValue | None] = {
        "url": world.api_url,
        "organization_id": world.organization.id,
        "token_url": world.token_url,
        "token_id": one.id,
        **settings_for(world.dialect),
    }
    given = usual | settings
    return Connection(
        profile=ProfileName("cloudfleet"),
        settings={name: value for name, value in given.items() if value is not None},
        auth=auth or AuthSettings("file", {"path": str(path)}),
        http=Http(tls=tls_context(ca_file), clock=now, timeout_s=timeout_s),
        lookup=no_secrets,
        clock=now,
    )


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Cloudfleet]:
    """Connect the adapter and close it."""
    provider = connect(connection)
    try:
        yield provider
    finally:
        await provider.aclose()


async def instances(provider: Cloudfleet) -> dict[str, Instance]:
    """Give what the tokens open by name; no part of the list may fail."""
    found: dict[str, Instance] = {}
    async for page in provider.instances():
        assert not page.failed
        found |= {one.name: one for one in page.items}
    return found


async def the_organization(provider: Cloudfleet) -> Instance:
    """Give the one organization of a profile."""
    found = (await instances(provider)).values()
    (organization,) = [one for one in found if one.noun == about.ORGANIZATION]
    return organization


async def listed(provider: Cloudfleet) -> dict[str, Credential]:
    """Give all tokens by name; no part of the list may fail."""
    (page,) = [page async for page in provider.credentials(await the_organization(provider))]
    assert not page.failed
    return {one.name: one for one in page.items}


async def offer_of(provider: Cloudfleet) -> Offer:
    """Give the one offer of the organization."""
    (offer,) = await provider.offers(await the_organization(provider))
    return offer


async def order(provider: Cloudfleet, **values: FieldValue) -> Order:
    """Give an order for a token that is named `ci` and has the role User."""
    given: dict[str, FieldValue] = {"name": "ci", "role": about.USER}
    return Order(await offer_of(provider), Term(None, None), given | values)
