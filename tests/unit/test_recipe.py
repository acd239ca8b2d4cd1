from __future__ import annotations

import base64
import json
import shlex
from string import ascii_letters, digits
from urllib.parse import unquote

import pytest

from tokentui.domain.recipe import (
    Encoding,
    Part,
    Recipe,
    Slot,
    Syntax,
    filled,
    holds_secret,
    outline,
    with_known,
)
from tokentui.domain.secret import Secret

NASTY = """it's a "token" $(id) `id` \\ : # {x} ä"""


def recipe(*pieces: str | Slot) -> Recipe:
    return Recipe("curl", "Call with curl", Syntax.SHELL, pieces)


def test_the_outline_shows_where_a_part_goes() -> None:
    made = recipe(
        "curl -H 'Authorization: Bearer ",
        Slot(Part.SECRET),
        "' -u ",
        Slot(Part.BASIC, Encoding.SHELL),
        " token: ",
        Slot(Part.TOKEN, Encoding.QUOTED),
        " data: ",
        Slot(Part.AUTHORITY, Encoding.BASE64),
        " at: ?key=",
        Slot(Part.TOKEN, Encoding.URL),
    )

    assert outline(made) == (
        "curl -H 'Authorization: Bearer <secret>' -u '<user name and password>'"
        ' token: "<token>" data: <base64 of certificate authority> at: ?key=<token>'
    )


@pytest.mark.parametrize("value", ["plain", NASTY, "two\nlines", "", "-n"])
def test_a_part_stays_one_value_in_what_surrounds_it(value: str) -> None:
    parts = {Part.SECRET: Secret(value)}

    def with_encoding(encoding: Encoding) -> str:
        return filled(recipe("use ", Slot(Part.SECRET, encoding)), parts).reveal()

    assert with_encoding(Encoding.PLAIN) == f"use {value}"
    assert shlex.split(with_encoding(Encoding.SHELL)) == ["use", value]
    assert json.loads(with_encoding(Encoding.QUOTED)[4:]) == value
    assert base64.b64decode(with_encoding(Encoding.BASE64)[4:]).decode() == value
    assert json.loads(f'"{with_encoding(Encoding.LOWER)[4:]}"') == value.lower()
    in_url = with_encoding(Encoding.URL)[4:]
    assert unquote(in_url) == value
    assert set(in_url) <= set(f"{ascii_letters}{digits}-._~%")


def test_a_placeholder_says_that_base64_goes_there() -> None:
    made = recipe("Basic ", Slot(Part.BASIC, Encoding.BASE64))

    assert outline(made) == "Basic <base64 of user name and password>"
    assert filled(made, {}).reveal() == outline(made)


def test_a_part_that_is_unknown_stays_a_placeholder() -> None:
    made = recipe(Slot(Part.NAME), ":", Slot(Part.SECRET), " ", Slot(Part.SERVER, Encoding.SHELL))

    text = filled(made, {Part.SECRET: Secret("s")}).reveal()

    assert text == "<name>:s '<server>'"


def test_a_filled_recipe_is_a_secret() -> None:
    text = filled(recipe("x ", Slot(Part.SECRET)), {Part.SECRET: Secret("canary")})

    assert "canary" not in f"{text} {text!r}"
    assert "canary" not in outline(recipe("x ", Slot(Part.SECRET)))


def test_what_is_known_and_no_secret_stands_in_the_outline() -> None:
    made = recipe(
        Slot(Part.NAME, Encoding.SHELL),
        " sa-",
        Slot(Part.ID, Encoding.LOWER),
        " ",
        Slot(Part.TOKEN, Encoding.SHELL),
    )
    known = with_known(made, {Part.NAME: "it's ci", Part.ID: "K1b", Part.TOKEN: "canary"})

    assert outline(known) == "'it'\"'\"'s ci' sa-k1b '<token>'"
    assert filled(known, {Part.TOKEN: Secret("t")}).reveal() == "'it'\"'\"'s ci' sa-k1b t"
    assert with_known(made, {}) == made


@pytest.mark.parametrize("part", Part)
def test_only_name_and_id_are_no_secrets(part: Part) -> None:
    made = recipe("use ", Slot(part))

    assert holds_secret(made) == (part not in {Part.NAME, Part.ID})
    assert not holds_secret(recipe("use nothing"))
