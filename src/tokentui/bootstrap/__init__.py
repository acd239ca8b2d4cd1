"""The one place that builds concrete objects and wires them together."""

from tokentui.bootstrap.wiring import Wiring, about_provider, known_providers

__all__ = ["Wiring", "about_provider", "known_providers"]
