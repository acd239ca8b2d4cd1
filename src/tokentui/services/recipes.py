"""How to use a credential: texts with slots, and what fills them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.services.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Issued, Kind, Target
    from tokentui.domain.recipe import Part, Recipe
    from tokentui.domain.secret import Secret
    from tokentui.services.ports import Connections


class Recipes:
    """The use-case behind How to use."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def of(self, kind: Kind, target: Target) -> tuple[Recipe, ...]:
        """Give the recipes for a kind of credential of this target. Raises a `ProviderError`."""
        return await self._connections.provider(target.profile).recipes(kind, target)

    async def recipe(self, kind: Kind, target: Target, key: str) -> Recipe:
        """Give one recipe by its key; raises `UsageError` where there is none of that key."""
        recipes = await self.of(kind, target)
        for recipe in recipes:
            if recipe.key == key:
                return recipe
        known = ", ".join(recipe.key for recipe in recipes) or "nothing"
        raise UsageError(f"there is no recipe {key!r} for {kind.noun}", f"choose one of: {known}")

    def parts(self, issued: Issued) -> Mapping[Part, Secret]:
        """Give what fills the slots of a recipe for a credential just made."""
        return parts_of(issued)
