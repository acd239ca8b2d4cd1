"""The calls of Cloudfleet's API, run in a shell: each way to sign in."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from recipe_shell import Shell
from tokentui.domain.recipe import Part, filled
from tokentui.domain.secret import Secret
from tokentui.providers.cloudfleet.recipes import recipes_for
from tokentui.providers.cloudfleet.settings import read_settings
from tokentui.testing.recipe_contract import ODD

if TYPE_CHECKING:
    from pathlib import Path

    from recipe_shell import ProgramCall
    from tokentui.domain.about import SettingValue

ORGANIZATION = "3f0c2f6e-7d55-4c1b-9a3e-2b8a6f0d9c11"
ID = "5tGq8ZxWbRk3NvPyLm7HcD"
TOKEN_URL = f"https://auth.example/{ORGANIZATION}/token"
CALLED = "https://api.cloudfleet.ai/v1/organization"
ANSWERS = {"curl": '{"access_token": "jwt"}', "jq": "Authorization: Bearer jwt\n"}


def calls(folder: Path, **settings: SettingValue) -> list[ProgramCall]:
    """Run the recipe of a profile and give what programs got."""
    given = {"organization_id": ORGANIZATION, "token_id": ID, **settings}
    (curl,) = (one for one in recipes_for(read_settings(given, "")) if one.key == "curl")
    text = filled(curl, {Part.ID: Secret(ID), Part.TOKEN: Secret(ODD)}).reveal()
    return Shell(folder, ANSWERS).run(text)


def test_the_pair_is_exchanged_for_a_jwt_in_a_form(tmp_path: Path) -> None:
    exchanged, read, called = calls(tmp_path, token_url=TOKEN_URL, scope="a b")

    assert exchanged.arguments[-1] == TOKEN_URL
    assert parse_qs(exchanged.given) == {
        "grant_type": ["client_credentials"],
        "scope": ["a b"],
        "client_id": [ID],
        "client_secret": [ODD],
    }
    assert (read.arguments[0], read.given) == ("jq", ANSWERS["curl"])
    assert called.arguments[-3:] == ["--header", "@-", CALLED]
    assert called.given == ANSWERS["jq"]


def test_the_pair_is_exchanged_for_a_jwt_in_a_header(tmp_path: Path) -> None:
    exchanged, _, called = calls(tmp_path, token_url=TOKEN_URL, client_auth="basic")

    assert exchanged.arguments[-5:-1] == [
        *("--config", "-", "--data", "grant_type=client_credentials")
    ]
    name, _, secret = exchanged.given.removeprefix('user = "').removesuffix('"\n').partition(":")
    assert (name, unquote(secret)) == (ID, ODD)
    assert called.given == ANSWERS["jq"]


def test_the_pair_is_the_header_of_the_call(tmp_path: Path) -> None:
    (called,) = calls(tmp_path, auth_mode="basic")

    assert called.arguments[-3:] == ["--header", "@-", CALLED]
    scheme, encoded = called.given.rsplit(" ", 1)
    assert scheme == "Authorization: Basic"
    assert base64.b64decode(encoded).decode() == f"{ID}:{ODD}"
