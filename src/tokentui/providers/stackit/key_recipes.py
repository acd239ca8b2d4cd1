"""How service-account keys and access tokens are used.

Sources: STACKIT's CLI 0.71.0 (AUTHENTICATION.md), Python SDK (stackit-core 0.4.0) and Terraform
provider, all read 2026-08-21.
"""

from __future__ import annotations

import json
import shlex

from tokentui.domain.recipe import Encoding, Part, Recipe, Slot, Syntax

_FILE = "stackit-key.json"
_SAVE = (
    "(umask 077; set -C\nprintf '%s\\n' ",
    Slot(Part.SECRET, Encoding.SHELL),
    f" > {_FILE}) &&\n",
)
"""A file that exists keeps its mode, so none is written into: `set -C` refuses."""


def key_recipes(project_id: str, email: str) -> tuple[Recipe, ...]:
    """Give the recipes of a key of one account."""
    return (
        Recipe(
            "environment",
            "SDKs, by an environment variable",
            Syntax.SHELL,
            (*_SAVE, f'export STACKIT_SERVICE_ACCOUNT_KEY_PATH="$PWD/{_FILE}"\n'),
            "STACKIT's SDKs and Terraform provider read the variable",
        ),
        Recipe(
            "stackit-cli",
            "The command stackit",
            Syntax.SHELL,
            (
                *_SAVE,
                f"stackit auth activate-service-account --service-account-key-path {_FILE}\n",
            ),
            "the command keeps the key; delete the file afterwards",
        ),
        Recipe(
            "terraform",
            "Terraform provider",
            Syntax.TEXT,
            (
                'provider "stackit" {\n'
                '  default_region           = "eu01"\n'
                f'  service_account_key_path = "{_FILE}"\n'
                "}\n",
            ),
            "save the key first; never put it into a .tf file",
        ),
        Recipe(
            "tokentui",
            "A profile of tokentui",
            Syntax.YAML,
            (
                f"profiles:\n  {_profile(email)}:\n    provider: stackit\n"
                f"    project_id: {json.dumps(project_id)}\n"
                "    auth:\n      method: service-account-key\n"
                f"      path: ~/.stackit/{_FILE}\n",
            ),
            "save the key there with mode 0600",
        ),
    )


def access_token_recipes(url: str) -> tuple[Recipe, ...]:
    """Give the recipes of an access token; `url` is an address that it opens."""
    token = Slot(Part.TOKEN, Encoding.SHELL)
    return (
        Recipe(
            "environment",
            "SDKs, by an environment variable",
            Syntax.SHELL,
            ("export STACKIT_SERVICE_ACCOUNT_TOKEN=", token, "\n"),
        ),
        Recipe(
            "curl",
            "One call with curl",
            Syntax.SHELL,
            (
                "printf 'Authorization: Bearer %s\\n' ",
                token,
                f" |\n  curl --fail --header @- {shlex.quote(url)}\n",
            ),
        ),
    )


def _profile(email: str) -> str:
    """Name the profile after the account, in characters that YAML takes as they are."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in email)
    return f"stackit-{kept.partition('-sa-stackit-cloud')[0][:40].strip('-')}"
