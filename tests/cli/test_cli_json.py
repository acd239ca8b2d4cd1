"""Every name in the JSON of the verbs stands in the document about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli_world import CliWorld, Commands
from tokentui.domain.recipe import Recipe, Syntax
from world_managed import NAME

DOCUMENT = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text()
COMMANDS = {
    "issued": ("token", "create", "--account", "ci", "--kind", "key", "--name", "k", "--stdout"),
    "changes": ("token", "rename", "deploy", "release"),
    "verification": ("token", "verify", "deploy"),
    "account": ("account", "create", "--name", "robot-a", "--group", "Viewer"),
    "instance": ("instance", "show", "demo"),
    "recipe": ("recipe", "show", "curl", "--instance", "demo", "--kind", "token"),
    "recipes": ("recipe", "list", "--account", "ci"),
}


def sections() -> dict[str, str]:
    """Give what is said of each schema, up to the next one."""
    parts = re.split(r"`tokentui/(\w+)/v1`(?=[:` (]|\n)", DOCUMENT)
    said: dict[str, str] = {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        said[name] = said.get(name, "") + text
    said["account"] += said["accounts"]
    said["instance"] += said["instances"]
    return said


@pytest.mark.parametrize("schema", COMMANDS)
def test_the_document_names_all_of_it(world: CliWorld, tokentui: Commands, schema: str) -> None:
    world.provider.fields = (NAME,)
    world.provider.ways = (Recipe("curl", "One call", Syntax.SHELL, ("call",)),)

    done = tokentui(*COMMANDS[schema], "-o", "json", stdin="secret")

    assert done.code == 0, done.err
    assert done.json["schema"] == f"tokentui/{schema}/v1"
    found = done.json["items"][0] if "items" in done.json else done.json
    names = set(found) - {"schema"}
    assert {name for name in names if f"`{name}`" not in sections()[schema]} == set()
