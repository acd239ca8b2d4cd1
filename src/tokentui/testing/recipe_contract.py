"""The part of the contract suite for recipes and details."""

from __future__ import annotations

import base64
import json
import shlex
import tomllib
from typing import TYPE_CHECKING
from urllib.parse import quote

import yaml

from tokentui.domain.model import Form
from tokentui.domain.recipe import Part, Slot, Syntax, filled, outline
from tokentui.domain.secret import Secret
from tokentui.providers.base import Describes
from tokentui.testing.checks import assert_clean, texts_in
from tokentui.testing.driving import Driving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.model import Kind
    from tokentui.domain.recipe import Recipe
    from tokentui.providers.base import Provider

ODD = "odd\"one'two$three\\four#five: {six}"
"""A secret that breaks a text in which it is not encoded; without blanks at its ends."""

_LINES = '{"odd": "one",\n "two": "\'$x"}\n'


class RecipeContract(Driving):
    """Checks that recipes hold no secret and are right texts with any secret."""

    async def test_recipes_are_right_texts_with_any_secret(self, provider: Provider) -> None:
        for target in await self._targets(provider):
            for offer in await provider.offers(target):
                recipes = await provider.recipes(offer.kind, target)
                keys = [recipe.key for recipe in recipes]
                assert len(set(keys)) == len(keys), f"two recipes have the same key: {keys}"
                for recipe in recipes:
                    _assert_presentable(recipe)
                    _parsed(recipe, outline(recipe))
                    _assert_holds(recipe, parts_of(offer.kind))

    async def test_details_are_presentable(self, provider: Provider) -> None:
        if isinstance(provider, Describes):
            for target in await self._targets(provider):
                details = await provider.details(target)
                assert_clean(details)
                for detail in details:
                    assert detail.label, "a detail has no label"
                    assert detail.value, f"the detail {detail.label} has no value"


def parts_of(kind: Kind) -> Mapping[Part, Secret]:
    """Give odd parts of a credential of this kind."""
    value = Secret(_LINES if kind.form is Form.KEY_FILE else ODD)
    return {
        Part.SECRET: value,
        Part.NAME: Secret("odd-name"),
        Part.ID: Secret("odd-ID"),
        Part.BASIC: Secret(f"odd-name:{ODD}"),
        Part.SERVER: Secret("https://odd.example:6443"),
        Part.AUTHORITY: Secret("odd authority"),
        Part.TOKEN: Secret(ODD),
    }


def parse(syntax: Syntax, text: str) -> object:
    """Read a text in its language. Raises what the language's parser raises."""
    match syntax:
        case Syntax.YAML:
            return tuple(yaml.safe_load_all(text))
        case Syntax.JSON:
            parsed: object = json.loads(text)
            return parsed
        case Syntax.TOML:
            return tomllib.loads(text)
        case Syntax.SHELL:
            return tuple(shlex.split(text, comments=True))
        case Syntax.TEXT:
            return text


def _parsed(recipe: Recipe, text: str) -> object:
    try:
        return parse(recipe.syntax, text)
    except (ValueError, yaml.YAMLError):
        raise AssertionError(f"the recipe {recipe.key} is no {recipe.syntax}:\n{text}") from None


def _assert_presentable(recipe: Recipe) -> None:
    assert recipe.key, "a recipe has no key"
    assert recipe.title, f"the recipe {recipe.key} has no title"
    assert_clean(recipe.key, recipe.title, recipe.note)
    for piece in recipe.pieces:
        if isinstance(piece, str):
            assert_clean(*piece.split("\n"))


def _assert_holds(recipe: Recipe, parts: Mapping[Part, Secret]) -> None:
    """Check that every part that the recipe asks for arrives as it is in the parsed text."""
    texts = list(texts_in(_parsed(recipe, filled(recipe, parts).reveal())))
    for part in {piece.part for piece in recipe.pieces if isinstance(piece, Slot)}:
        value = parts[part].reveal()
        forms = (
            value,
            value.lower(),
            json.dumps(value),
            base64.b64encode(value.encode()).decode(),
            quote(value, safe=""),
        )
        assert any(form in text for form in forms for text in texts), (
            f"the {part} of the recipe {recipe.key} does not arrive as it is"
        )
