"""What the simulator refuses to do."""

from __future__ import annotations


class SimulatorError(Exception):
    """The simulator cannot start, or cannot write what it was asked to write."""


class UnknownSeedError(SimulatorError):
    """No world is known by that name."""


class ForeignHomeError(SimulatorError):
    """The folder holds a configuration that the simulator did not write."""
