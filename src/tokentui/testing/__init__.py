"""Contract suites for the authors of plug-ins."""

from tokentui.testing.provider_contract import ProviderContract
from tokentui.testing.world import World

__all__ = ["ProviderContract", "World"]
