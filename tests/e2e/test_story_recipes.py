"""`recipe list` and `recipe show` against the simulator's five systems."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from command import LIMIT_S, Done, argv, environment, tokentui
from every_recipe import EXPECTED
from simulator_fixtures import start_simulator
from tokentui.simulator.home import write_home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = 'canary-it\'s-a-"secret"-$(id)'
SHOWN = [
    (("-p", "stackit", "curl", "--instance", "demo", "--kind", "token"), "'<token>'"),
    (("-p", "stackstate", "helm-bootstrap"), '"<token>"'),
    (("-p", "cloudfleet", "registry-login", "--kind", "api-token"), "'<token>'"),
    (("-p", "imke", "header", "--account", "etl"), "<token>"),
    (("-p", "kubernetes", "curl", "--account", "deployer", "--kind", "token"), "'<token>'"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with start_simulator() as sim:
        yield write_home(sim, tmp_path_factory.mktemp("all") / "home")


def given(home: Path, secret: str, *words: str) -> Done:
    """Run a command that reads a secret."""
    done = subprocess.run(
        argv(*words),
        env=environment(home),
        input=secret,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_the_list_has_every_recipe_of_every_system(home: Path) -> None:
    done = tokentui(home, "recipe", "list", "-o", "json")

    assert (done.code, done.err) == (0, "")
    items: list[dict[str, Any]] = done.json["items"]
    found: dict[tuple[str, str], list[str]] = {}
    for item in items:
        found.setdefault((item["provider"], item["kind"]), []).append(item["key"])
    assert found == {place: list(keys) for place, keys in EXPECTED.items() if keys}


@pytest.mark.parametrize(("words", "placeholder"), SHOWN, ids=lambda value: str(value[1]))
def test_the_secret_stands_in_it_only_if_it_is_piped(
    home: Path, words: tuple[str, ...], placeholder: str
) -> None:
    outline = tokentui(home, "recipe", "show", *words)
    assert outline.code == 0, outline.err
    assert placeholder in outline.out

    filled = given(home, SECRET, "recipe", "show", *words, "--secret-stdin")
    assert filled.code == 0, filled.err
    assert placeholder not in filled.out
    assert "canary" in filled.out
    assert "canary" not in filled.err


def test_a_binding_names_the_kubernetes_user_of_a_token(home: Path) -> None:
    tokens = tokentui(home, "token", "list", "-p", "cloudfleet", "-o", "json").json["items"]
    one = next(token for token in tokens if token["id"] != token["id"].lower())

    done = tokentui(
        home, "recipe", "show", "role-binding", "--token", one["id"], "-p", "cloudfleet"
    )

    assert done.code == 0, done.err
    (subject,) = yaml.safe_load(done.out)["subjects"]
    assert subject["name"] == f"service-account-{one['id'].lower()}"


def test_a_user_name_stands_in_what_sends_metrics(home: Path) -> None:
    made = tokentui(home, "token", "create", "--instance", "obs-prod", "--stdout", "-o", "json")
    user = made.json["user"]
    show = ("recipe", "show", "remote-write", "--token", user)

    outline = tokentui(home, *show)
    filled = given(home, made.json["secret"], *show, "--secret-stdin")

    (write,) = yaml.safe_load(outline.out)["remote_write"]
    assert write["basic_auth"] == {"username": user, "password": "<secret>"}
    (write,) = yaml.safe_load(filled.out)["remote_write"]
    assert write["basic_auth"] == {"username": user, "password": made.json["secret"]}
