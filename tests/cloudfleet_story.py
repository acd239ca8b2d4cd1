"""Who uses Cloudfleet's API tokens: the program, a machine that signs in, and kubectl."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import yaml

from cloudfleet_connection import OTHER_WIRE
from cloudfleet_sim import jwt_client, sign_in
from command import Done, argv, environment, tokentui
from story import items
from tokentui.simulator.cloudfleet.dialect import GUESS, OTHER, Operation
from tools import kubectl

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.simulator.server import Simulator

OK = 200
PROFILE = "cloudfleet"
NOBODY: tuple[str, set[str]] = ("", set())
WHOLE_WIRE = OTHER_WIRE | {
    "token.id": "access_token_id",
    "token.role": "role",
    "token.secret": "access_token_secret",
    "token.created": "created_at",
    "token.last_used": "last_used_at",
    "cluster.id": "id",
    "cluster.name": "name",
    "cluster.region": "region",
    "cluster.tier": "tier",
    "cluster.status": "status",
    "cluster.endpoint": "endpoint",
    "cluster.kubernetes_version": "version",
    "cluster.version_channel": "version_channel",
    "cluster.created": "date_created",
    "cluster.updated": "date_updated",
    "organization.name": "name",
    "organization.created": "created_at",
    "organization.quota": "quota",
}


class Pair(NamedTuple):
    """An API token as its user holds it."""

    id: str
    secret: str


def configured(home: Path, **settings: object) -> Path:
    """Set something of the only profile."""
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"][PROFILE] |= settings
    path.write_text(yaml.safe_dump(content))
    return home


def speaking(sim: Simulator, dialect: str, home: Path) -> Path:
    """Let the simulator speak a wire format and the profile, too."""
    if dialect == GUESS.name:
        return home
    sim.world.cloudfleet.dialect = OTHER
    return configured(
        home, client_auth="basic", token_url=sim.world.cloudfleet.token_url, wire=WHOLE_WIRE
    )


def secret_file(home: Path) -> Path:
    return home / "secrets" / "cloudfleet-secret"


def names(home: Path) -> set[str]:
    return {one["name"] for one in items(home, "token", "list")}


def run(home: Path, *words: str, **extra: str) -> Done:
    done = tokentui(home, *words, **extra)
    assert done.code == 0, done.err
    return done


def verify(home: Path, name: str, secret: str) -> Done:
    """Let the program try the secret that standard input gives."""
    done = subprocess.run(
        argv("token", "verify", name, "-o", "json"),
        env=environment(home),
        input=secret,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def is_secret(text: str) -> bool:
    return len(text) == 40 and " " not in text


def pair_of(sim: Simulator, name: str, secret: str) -> Pair:
    return Pair(sim.world.cloudfleet.token_named(name).id, secret)


def jwt_for(sim: Simulator, pair: Pair) -> str:
    """Exchange a token as a machine does; empty if it is refused."""
    is_basic = sim.world.cloudfleet.dialect is OTHER
    answer = sign_in(sim, *pair, is_basic=is_basic)
    return str(answer.json()["access_token"]) if answer.status_code == OK else ""


def reads(sim: Simulator, jwt: str) -> int:
    """Read the organization with a JWT; gives the status."""
    call = sim.world.cloudfleet.dialect.calls[Operation.ORGANIZATION]
    with jwt_client(sim, jwt) as client:
        return client.request(call.method, call.path).status_code


def whoami(sim: Simulator, home: Path, jwt: str) -> tuple[str, set[str]]:
    """Ask the cluster shop-prod by kubectl whose JWT this is; nothing if it refuses it."""
    clusters = sim.world.cloudfleet.clusters.values()
    server = next(sim.world.cloudfleet.cluster_url(o.id) for o in clusters if o.name == "shop-prod")
    flags = ("--server", server, "--certificate-authority", str(home / "simulator-ca.pem"))
    limits = ("--request-timeout=10s", "--cache-dir", str(home / "kube-cache"))
    done = subprocess.run(
        [kubectl(), "auth", "whoami", "-o", "json", "--token", jwt, *flags, *limits],
        env={"HOME": str(home), "KUBECONFIG": "/dev/null"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        assert "logged in" in done.stderr or "Unauthorized" in done.stderr
        return NOBODY
    user = json.loads(done.stdout)["status"]["userInfo"]
    return user["username"], set(user["groups"])


def user_of(pair: Pair) -> str:
    return f"service-account-{pair.id.lower()}"


def states(home: Path) -> list[str]:
    """Give what the ledger alone says of everything that was made from here."""
    listed = items(home, "token", "list", "--offline", "--all")
    return [one["state"] for one in listed if one["number"] is not None]


def only_rescued(home: Path) -> Path:
    (path,) = (home / "rescued").iterdir()
    return path


def holders(home: Path, secret: str) -> set[str]:
    """Give the names of all files below the home that hold a secret."""
    files = (path for path in home.rglob("*") if path.is_file())
    return {path.name for path in files if secret.encode() in path.read_bytes()}
