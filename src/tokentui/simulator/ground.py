"""What the frame gives to every simulated system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.simulator.clock import SimClock
    from tokentui.simulator.keys import KeySource


@dataclass(frozen=True, slots=True)
class Ground:
    """Time, addresses (without a final slash), keys and the authority of the TLS listener."""

    clock: SimClock
    base_url: str
    tls_url: str
    ca_pem: str
    keys: KeySource
