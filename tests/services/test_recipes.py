from __future__ import annotations

import base64
import json

import pytest

from tokentui.domain.errors import DeliveryError, Unreachable, UsageError
from tokentui.domain.model import EndSource, Issued, Kind, Target
from tokentui.domain.recipe import Part, Recipe, Slot, Syntax
from tokentui.domain.secret import Secret
from tokentui.services.parts import parts_of
from tokentui.services.recipes import Recipes
from world import (
    KUBECONFIG,
    MONDAY,
    TOKEN,
    Clock,
    InventedConnections,
    InventedProvider,
    instance,
    kubeconfig_document,
)
from world_managed import KEY, USER

CURL = Recipe("curl", "Call with curl", Syntax.SHELL, ("curl -u ", Slot(Part.BASIC)))
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def issued(kind: Kind, secret: str, name: str = "") -> Issued:
    return Issued(kind, instance(), Secret(secret), None, EndSource.ANSWER, MONDAY, name=name)


def revealed(one: Issued) -> dict[Part, str]:
    return {part: secret.reveal() for part, secret in parts_of(one).items()}


async def test_recipes_come_from_the_provider_of_the_target() -> None:
    provider = InventedProvider(Clock(), ways=(CURL,))
    recipes = Recipes(InventedConnections(provider))

    assert await recipes.of(USER, instance()) == (CURL,)
    assert await recipes.recipe(USER, instance(), "curl") == CURL
    with pytest.raises(UsageError, match="no recipe 'helm' for user: choose one of: curl"):
        await recipes.recipe(USER, instance(), "helm")


async def test_a_provider_that_does_not_answer_says_so() -> None:
    class Silent(InventedProvider):
        async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
            raise Unreachable("no answer")

    with pytest.raises(Unreachable):
        await Recipes(InventedConnections(Silent(Clock()))).of(USER, instance())


def test_a_token_is_its_own_part() -> None:
    assert revealed(issued(TOKEN, "t")) == {Part.SECRET: "t", Part.TOKEN: "t"}


def test_a_password_comes_alone_and_behind_its_user_name() -> None:
    assert revealed(issued(USER, "p:w", "anna")) == {
        Part.SECRET: "p:w",
        Part.NAME: "anna",
        Part.BASIC: "anna:p:w",
    }


def test_a_key_file_is_one_document() -> None:
    assert revealed(issued(KEY, '{"key": "k"}')) == {Part.SECRET: '{"key": "k"}'}


def test_a_kubeconfig_is_taken_apart() -> None:
    document = json.loads(kubeconfig_document("t"))
    cluster = document["clusters"][0]["cluster"]
    cluster["certificate-authority-data"] = base64.b64encode(PEM.encode()).decode()

    parts = revealed(issued(KUBECONFIG, json.dumps(document)))

    assert parts.keys() == {Part.SECRET, Part.SERVER, Part.AUTHORITY, Part.TOKEN}
    assert (parts[Part.SERVER], parts[Part.TOKEN]) == ("https://demo.edge.example:6443", "t")
    assert parts[Part.AUTHORITY] == PEM
    assert "certificate-authority-data" in parts[Part.SECRET]


def test_a_kubeconfig_that_is_not_taken_has_no_parts() -> None:
    document = json.loads(kubeconfig_document("t"))
    document["users"][0]["user"] = {"exec": {"command": "sh"}}

    with pytest.raises(DeliveryError, match="exec"):
        parts_of(issued(KUBECONFIG, json.dumps(document)))
