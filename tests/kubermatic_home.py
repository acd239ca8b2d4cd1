"""Homes whose profile is signed in to the simulated KKP, and what their credentials open."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import yaml

from tokentui.simulator.home import write_home
from tools import kubectl

if TYPE_CHECKING:
    from tokentui.simulator.kubermatic.server import KubermaticServer
    from tokentui.simulator.server import Simulator

PROFILE = "imke"
PROVIDER = "kubermatic"
"""What the first line calls the profile."""
OWNED = ["shop", "data"]
"""The projects that belong to the person who is signed in."""


def kkp_home(sim: Simulator, folder: Path, **settings: str | list[str]) -> Path:
    """Write a home; `settings` replace those of its only profile."""
    home = write_home(sim, folder, (PROFILE,))
    config = home / "config.yaml"
    content = yaml.safe_load(config.read_text())
    content["profiles"][PROFILE] |= {"projects": OWNED} | settings
    config.write_text(yaml.safe_dump(content))
    return home


def signed_in_with(home: Path, secret: str) -> Path:
    """Put another secret into the file that the profile signs in with, and give that file."""
    config = yaml.safe_load((home / "config.yaml").read_text())
    path = Path(config["profiles"][PROFILE]["auth"]["path"])
    path.write_text(secret + "\n")
    return path


def me(server: KubermaticServer, token: str) -> int:
    """Ask who is signed in with a token; gives the status."""
    headers = {"authorization": f"Bearer {token}"}
    return httpx.get(f"{server.url}/api/v1/me", headers=headers, trust_env=False).status_code


def whoami(kubeconfig: Path, *words: str) -> str:
    """Ask a cluster with kubectl who is signed in; nothing if it is refused."""
    done = subprocess.run(
        [kubectl(), f"--kubeconfig={kubeconfig}", *words, "auth", "whoami", "-o", "yaml"],
        env={"HOME": str(kubeconfig.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if done.returncode:
        assert "Unauthorized" in done.stderr
        return ""
    return str(yaml.safe_load(done.stdout)["status"]["userInfo"]["username"])
