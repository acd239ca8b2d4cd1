"""Clients of the simulated Cloudfleet."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx

from tokentui.simulator.cloudfleet.seeds import OWN_TOKEN, USER_TOKEN

if TYPE_CHECKING:
    from tokentui.simulator.cloudfleet.model import ApiToken
    from tokentui.simulator.server import Simulator


def cloudfleet_client(sim: Simulator, name: str = OWN_TOKEN) -> httpx.Client:
    """Return a client of the API, signed in with a JWT of the token of that name."""
    return jwt_client(sim, sim.cloudfleet.jwts.issue(sim.world.cloudfleet.token_named(name)))


def cloudfleet_user_client(sim: Simulator) -> httpx.Client:
    """Return a client of the API, signed in with a JWT of a token of the role User."""
    return cloudfleet_client(sim, USER_TOKEN)


def jwt_client(sim: Simulator, token: str) -> httpx.Client:
    """Return a client of the API that sends this JWT."""
    headers = {"authorization": f"Bearer {token}"}
    return httpx.Client(
        base_url=sim.world.cloudfleet.api_url, headers=headers, trust_env=False, timeout=30
    )


def sign_in(
    sim: Simulator, token_id: str, secret: str, *, is_basic: bool = False
) -> httpx.Response:
    """Exchange id and secret for a JWT at the token endpoint that the profile names."""
    world = sim.world.cloudfleet
    form = {"grant_type": "client_credentials"}
    if not is_basic:
        form |= {"client_id": token_id, "client_secret": secret}
    return httpx.post(
        world.token_url.format(organization_id=world.organization.id),
        data=form,
        auth=(token_id, secret) if is_basic else None,
        trust_env=False,
        timeout=30,
    )


def jwt_of(sim: Simulator, token: ApiToken, *, is_basic: bool = False) -> str:
    """Return a JWT that the token endpoint made for a token."""
    text: str = sign_in(sim, token.id, token.secret, is_basic=is_basic).json()["access_token"]
    return text


def cloudfleet_tls(sim: Simulator) -> httpx.Client:
    """Return a client without sign-in that trusts the simulator's authority."""
    context = ssl.create_default_context(cadata=sim.ca_pem)
    return httpx.Client(verify=context, trust_env=False, timeout=30)
