"""Clients of the simulated StackState servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN, PROD

if TYPE_CHECKING:
    from tokentui.simulator.server import Simulator

POWER_TOKEN = "topo-sync"  # of the Monday's world, never expires


def service_client(sim: Simulator, name: str = ADMIN_TOKEN, server: str = PROD) -> httpx.Client:
    """Return a client of a server's API, signed in with the service token of that name."""
    secret = sim.world.stackstate.servers[server].token_named(name).secret
    return api_client(sim, {"X-API-Key": secret}, server)


def guest_client(sim: Simulator, server: str = PROD) -> httpx.Client:
    """Return a client of a server's API, signed in as the guest."""
    return service_client(sim, GUEST_TOKEN, server)


def personal_client(sim: Simulator, user: str = "anna", server: str = PROD) -> httpx.Client:
    """Return a client of a server's API, signed in with the API token of a person."""
    token = sim.world.stackstate.servers[server].users[user].api_token
    return api_client(sim, {"X-API-Token": token}, server)


def api_client(
    sim: Simulator, headers: dict[str, str] | None = None, server: str = PROD
) -> httpx.Client:
    """Return a client of a server's API with these headers."""
    one = sim.world.stackstate.servers[server]
    return httpx.Client(
        base_url=one.url + one.api_path, headers=headers or {}, trust_env=False, timeout=30
    )
