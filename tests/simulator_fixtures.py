"""Simulators and clients for tests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from tokentui.simulator.clock import SimClock
from tokentui.simulator.home import write_home
from tokentui.simulator.keys import KeySource
from tokentui.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_KEYS = KeySource()


def start_simulator(seed: str = "monday", clock: SimClock | None = None) -> Simulator:
    """Return a simulator to enter; all of one test run share their RSA keys."""
    return Simulator(seed, clock or SimClock(), keys=_KEYS)


def small_home(sim: Simulator, folder: Path) -> Path:
    """Write a home with the two systems that tests drive which are about none in particular."""
    return write_home(sim, folder, ("stackit", "stackstate"))


def project_id(sim: Simulator, name: str = "ops-prod") -> str:
    """Return the UUID of a project."""
    return next(p.id for p in sim.world.stackit.projects.values() if p.name == name)


def instances_path(sim: Simulator, project: str = "ops-prod", region: str = "eu01") -> str:
    """Return the path of a project's instances below the Edge base URL."""
    return f"/v1beta1/projects/{project_id(sim, project)}/regions/{region}/instances"


def named_path(sim: Simulator, display_name: str, project: str = "ops-prod") -> str:
    """Return the path of an instance of region eu01 by its display name."""
    return f"{instances_path(sim, project)}byname/{display_name}"


def access_token(sim: Simulator, *, may_write: bool = True) -> str:
    """Return a new access token of the admin or of the reader."""
    identity = sim.world.stackit.key_of(may_write=may_write).identity
    return sim.stackit.tokens.issue(identity).access_token


def edge_client(sim: Simulator, *, may_write: bool = True) -> httpx.Client:
    """Return a client of the Edge API, signed in as the admin or as the reader."""
    return httpx.Client(
        base_url=f"{sim.base_url}/stackit/edge",
        headers={"authorization": f"Bearer {access_token(sim, may_write=may_write)}"},
        trust_env=False,
        timeout=30,
    )


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return as soon as the condition holds; fail the test if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(0.005)
