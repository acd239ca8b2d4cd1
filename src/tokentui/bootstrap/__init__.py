"""The one place that builds concrete objects and wires them together."""

from tokentui.bootstrap.wiring import Wiring, known_providers

__all__ = ["Wiring", "known_providers"]
