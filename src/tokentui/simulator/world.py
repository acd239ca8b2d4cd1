"""The worlds that the simulator can start with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet import seeds as cloudfleet_seeds
from tokentui.simulator.errors import UnknownSeedError
from tokentui.simulator.kubermatic import seeds as kubermatic_seeds
from tokentui.simulator.kubernetes import seeds as kubernetes_seeds
from tokentui.simulator.stackit import seeds as stackit_seeds
from tokentui.simulator.stackstate import seeds as stackstate_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.simulator.cloudfleet.world import CloudfleetWorld
    from tokentui.simulator.ground import Ground
    from tokentui.simulator.kubermatic.world import KubermaticWorld
    from tokentui.simulator.kubernetes.world import KubernetesWorld
    from tokentui.simulator.stackit.world import StackitWorld
    from tokentui.simulator.stackstate.world import StackstateWorld

SEEDS: Final = ("monday", "hostile", "empty", "rows:N")
MAX_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class World:
    """The state of every simulated system."""

    stackit: StackitWorld
    stackstate: StackstateWorld
    cloudfleet: CloudfleetWorld
    kubermatic: KubermaticWorld
    kubernetes: KubernetesWorld


_WORLDS: Final[Mapping[str, Callable[[Ground], World]]] = {
    "monday": lambda ground: World(
        stackit=stackit_seeds.monday(ground),
        stackstate=stackstate_seeds.monday(ground),
        cloudfleet=cloudfleet_seeds.monday(ground),
        kubermatic=kubermatic_seeds.monday(ground),
        kubernetes=kubernetes_seeds.monday(ground),
    ),
    "hostile": lambda ground: World(
        stackit=stackit_seeds.hostile(ground),
        stackstate=stackstate_seeds.hostile(ground),
        cloudfleet=cloudfleet_seeds.hostile(ground),
        kubermatic=kubermatic_seeds.hostile(ground),
        kubernetes=kubernetes_seeds.hostile(ground),
    ),
    "empty": lambda ground: World(
        stackit=stackit_seeds.empty(ground),
        stackstate=stackstate_seeds.empty(ground),
        cloudfleet=cloudfleet_seeds.empty(ground),
        kubermatic=kubermatic_seeds.empty(ground),
        kubernetes=kubernetes_seeds.empty(ground),
    ),
}


def build_world(seed: str, ground: Ground) -> World:
    """Return a new world; raises UnknownSeedError."""
    if seed in _WORLDS:
        return _WORLDS[seed](ground)
    numbered = re.fullmatch(r"rows:([0-9]{1,6})", seed)
    if numbered is None or int(numbered[1]) > MAX_ROWS:
        message = f"No seed {seed!r}; use one of {', '.join(SEEDS)}, with N up to {MAX_ROWS}."
        raise UnknownSeedError(message)
    number = int(numbered[1])
    return World(
        stackit=stackit_seeds.rows(ground, number),
        stackstate=stackstate_seeds.rows(ground, number),
        cloudfleet=cloudfleet_seeds.rows(ground, number),
        kubermatic=kubermatic_seeds.rows(ground, number),
        kubernetes=kubernetes_seeds.rows(ground, number),
    )
