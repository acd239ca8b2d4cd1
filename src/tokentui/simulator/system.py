"""What a simulated system offers to the frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class HomePaths:
    """Where a home keeps the simulator's authority and the systems' secret files."""

    ca_file: Path
    secrets: Path


class System(Protocol):
    """One vendor's APIs: their routes, their share of the control endpoint and of a home."""

    @property
    def name(self) -> str:
        """Key of the system in a home's profiles and below `/_control/`."""

    def plain_routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the plain listener; the first path segment names the system."""

    def tls_routes(self) -> Sequence[BaseRoute]:
        """Return the routes of the TLS listener."""

    def control_routes(self) -> Sequence[BaseRoute]:
        """Return the routes below `/_control/<name>`."""

    def mints(self) -> int:
        """Return how many credentials were made so far."""

    def profile(self, paths: HomePaths) -> Mapping[str, object]:
        """Return the profile that a home holds for this system."""

    def secret_files(self) -> Mapping[str, str]:
        """Return name and text of the files that belong below the home's `secrets`."""
