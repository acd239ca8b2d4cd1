"""Ready texts that show how to use a credential where it goes."""

from __future__ import annotations

import base64
import json
import shlex
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote

from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping


class Part(StrEnum):
    """The parts of a credential that a recipe can hold; all but name and id are secret."""

    SECRET = "secret"  # noqa: S105  # a word, not a value
    NAME = "name"
    ID = "id"
    BASIC = "user name and password"
    SERVER = "server"
    AUTHORITY = "certificate authority"
    TOKEN = "token"  # noqa: S105  # a word, not a value


class Encoding(StrEnum):
    """How a part stands in a text: as it is, or safe inside what surrounds it."""

    PLAIN = "plain"
    BASE64 = "base64"
    QUOTED = "double quotes, as in JSON and YAML"
    SHELL = "single quotes of a POSIX shell"
    URL = "percent-encoding, as in the query of an address"
    LOWER = "lower case, between double quotes that are there already"


class Syntax(StrEnum):
    """The language of a recipe."""

    SHELL = "shell"
    YAML = "yaml"
    JSON = "json"
    TOML = "toml"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a recipe that a part of the credential fills."""

    part: Part
    encoding: Encoding = Encoding.PLAIN


NO_SECRETS = frozenset({Part.NAME, Part.ID})
"""The parts that may be shown."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to use a credential: `pieces` in their order are the text.

    `key` is its stable word on the command line, `note` what to know before using it.
    """

    key: str
    title: str
    syntax: Syntax
    pieces: tuple[str | Slot, ...]
    note: str = ""


def outline(recipe: Recipe) -> str:
    """Give the text with a placeholder for each part."""
    return "".join(
        piece if isinstance(piece, str) else _placeholder(piece) for piece in recipe.pieces
    )


def filled(recipe: Recipe, parts: Mapping[Part, Secret]) -> Secret:
    """Give the text with the credential in it; a part that is unknown stays a placeholder."""
    return Secret("".join(_filled(piece, parts) for piece in recipe.pieces))


def holds_secret(recipe: Recipe) -> bool:
    """Whether a slot of the recipe is for a secret."""
    slots = (piece for piece in recipe.pieces if isinstance(piece, Slot))
    return any(slot.part not in NO_SECRETS for slot in slots)


def with_known(recipe: Recipe, known: Mapping[Part, str]) -> Recipe:
    """Give the recipe with what is known in its slots; a part that is a secret keeps its slot."""
    shown = {part: text for part, text in known.items() if part in NO_SECRETS}
    return replace(recipe, pieces=tuple(_with_known(piece, shown) for piece in recipe.pieces))


def _with_known(piece: str | Slot, known: Mapping[Part, str]) -> str | Slot:
    if isinstance(piece, str) or piece.part not in known:
        return piece
    return _encoded(known[piece.part], piece.encoding)


def _filled(piece: str | Slot, parts: Mapping[Part, Secret]) -> str:
    if isinstance(piece, str):
        return piece
    part = parts.get(piece.part)
    if part is None:
        return _placeholder(piece)
    return _encoded(part.reveal(), piece.encoding)


def _placeholder(slot: Slot) -> str:
    """Name what goes there, and say so where that is not the part as it is."""
    match slot.encoding:
        case Encoding.BASE64:
            return f"<base64 of {slot.part}>"
        case Encoding.URL:
            return f"<{slot.part}>"
        case Encoding.LOWER:
            return f"<{slot.part} in lower case>"
        case _:
            return _encoded(f"<{slot.part}>", slot.encoding)


def _encoded(text: str, encoding: Encoding) -> str:
    match encoding:
        case Encoding.PLAIN:
            return text
        case Encoding.BASE64:
            return base64.b64encode(text.encode()).decode()
        case Encoding.QUOTED:
            return json.dumps(text)
        case Encoding.SHELL:
            return shlex.quote(text)
        case Encoding.URL:
            return quote(text, safe="")
        case Encoding.LOWER:
            return json.dumps(text.lower())[1:-1]
