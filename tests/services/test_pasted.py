"""What is pasted is taken for what its provider once gave."""

from __future__ import annotations

import json

import pytest

from tokentui.domain.errors import DeliveryError, UsageError
from tokentui.domain.kubeconfig_text import to_yaml
from tokentui.domain.model import Kind
from tokentui.domain.secret import Secret
from tokentui.services.parts import whole
from tokentui.services.pasted import Pasting
from world import KUBECONFIG, MONDAY, TOKEN, InventedKubeconfigs, instance, kubeconfig_document
from world_managed import KEY, USER

PASTING = Pasting(InventedKubeconfigs())
DOCUMENT = kubeconfig_document("t")


@pytest.mark.parametrize(
    ("kind", "pasted", "secret"),
    [
        (TOKEN, " abc\r\n", "abc"),
        (TOKEN, "anna:abc", "anna:abc"),
        (KEY, '{"key":\r"k",\r\n"more": 1}\n', '{"key":\n"k",\n"more": 1}'),
        (USER, "pw", "pw"),
        (USER, "anna:p:w\n", "p:w"),
        (USER, "bert:pw", "bert:pw"),
    ],
)
async def test_the_secret_is_found_in_what_was_pasted(kind: Kind, pasted: str, secret: str) -> None:
    assert (await PASTING.secret(kind, Secret(pasted), "anna")).reveal() == secret


@pytest.mark.parametrize("text", [DOCUMENT, to_yaml(json.loads(DOCUMENT))], ids=["json", "yaml"])
async def test_a_kubeconfig_is_taken_as_its_server_answers_it(text: str) -> None:
    secret = await PASTING.secret(KUBECONFIG, Secret(text))

    assert json.loads(secret.reveal()) == json.loads(DOCUMENT)


async def test_what_is_handed_over_can_be_given_back() -> None:
    target = instance()
    made = await PASTING.issued(KUBECONFIG, target, Secret(DOCUMENT), MONDAY)
    again = await PASTING.issued(KUBECONFIG, target, whole(made), MONDAY)
    user = await PASTING.issued(USER, target, Secret("anna:p:w"), MONDAY)

    assert whole(again) == whole(made)
    assert (user.name, user.secret.reveal()) == ("anna", "p:w")
    assert await PASTING.issued(USER, target, whole(user), MONDAY) == user


async def test_what_cannot_be_one_is_refused() -> None:
    with pytest.raises(UsageError, match="a user has a name, too: give it as user:password"):
        await PASTING.issued(USER, instance(), Secret("pw"), MONDAY)
    with pytest.raises(DeliveryError, match="the kubeconfig given"):
        await PASTING.secret(KUBECONFIG, Secret("[no, mapping]"))
