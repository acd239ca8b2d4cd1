"""A person who has just started the simulator: the first commands, and each system named."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command import Done, argv, environment, tokentui
from story import server_info
from terminal import wait_until
from tokentui.providers.registry import BUILT_IN

ROLE = "stackstate-guest"
INSTANCES = {
    ("stackit", "edge"),
    ("stackit", "obs"),
    ("stackstate", "sts"),
    ("cloudfleet", "organization"),
    ("cloudfleet", "CFKE cluster"),
    ("kubermatic", "KKP cluster"),
    ("kubernetes", "Kubernetes cluster"),
}
ACCOUNTS = {
    ("stackit", "service account"),
    ("kubermatic", "service account"),
    ("kubermatic", "cluster service account"),
    ("kubernetes", "service account"),
}
TOKENS = {
    ("stackit", "obs user"),
    ("stackit", "sa key"),
    ("stackstate", "service token"),
    ("cloudfleet", "API token"),
    ("kubermatic", "project token"),
    ("kubermatic", "cluster kubeconfig"),
    ("kubermatic", "account kubeconfig"),
    ("kubernetes", "k8s secret token"),
}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Run the simulator as a command of its own, which writes a home."""
    folder = tmp_path / "sim-home"
    process = subprocess.Popen(
        argv("simulator", "--write-home", str(folder)),
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until(lambda: (folder / "config.yaml").exists(), "the home is written")
        yield folder
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_the_systems_their_accounts_and_their_tokens_are_shown(home: Path) -> None:
    systems = tokentui(home, "provider", "list")
    instances, accounts, tokens = (
        tokentui(home, noun, "list", "-o", "json") for noun in ("instance", "account", "token")
    )

    assert (systems.code, instances.code, accounts.code, tokens.code) == (0, 0, 0, 0)
    assert {line.split()[0] for line in systems.out.splitlines()[1:]} == set(BUILT_IN)
    assert by_system(instances) == INSTANCES
    assert accounts.json["schema"] == "tokentui/accounts/v1"
    assert by_system(accounts) == ACCOUNTS
    assert tokens.json["schema"] == "tokentui/tokens/v1"
    assert {(one["provider"], one["noun"]) for one in tokens.json["items"]} == TOKENS


def by_system(done: Done) -> set[tuple[str, str]]:
    """Give the systems of a list and what each calls its things."""
    return {(one["provider"], one["kind"]) for one in done.json["items"]}


def test_a_service_token_is_made_without_naming_its_server(home: Path) -> None:
    end = f"{datetime.now(UTC).year + 1}-03-31"
    create = ("token", "create", "-p", "stackstate", "--name", "x", "--role", ROLE, "-e", end)

    done = tokentui(home, *create, "--stdout")

    assert done.code == 0, done.err
    assert "for sts sts-prod of profile stackstate" in done.err
    assert f"{end}T00:00:00Z" in done.err
    listed = tokentui(home, "token", "list", "-o", "json").json["items"]
    (entry,) = [one for one in listed if one["number"] is not None]
    assert (entry["name"], entry["roles"], entry["endsAt"]) == ("x", [ROLE], f"{end}T00:00:00Z")
    (server,) = tokentui(home, "instance", "list", "-p", "stackstate", "-o", "json").json["items"]
    assert server_info(server["id"], done.out.strip()) == 200
